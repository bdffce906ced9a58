//! Reads `gradle.lockfile` and `buildscript-gradle.lockfile`.
//!
//! The format: <https://docs.gradle.org/current/userguide/dependency_locking.html>. One line a module:
//! `group:artifact:version=configuration,configuration`; what depends on what is not in it. Until Gradle 6 there was one file a
//! configuration, `gradle/dependency-locks/NAME.lockfile`, without the configurations.

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText, line};

/// `gradle.lockfile`.
pub(crate) static READER: Reader = Reader {
    name: "gradle.lockfile",
    claims: &[Claim::Name("gradle.lockfile"), Claim::Name("buildscript-gradle.lockfile"), Claim::Like(is_of_one_configuration)],
    read: Read::Text(read),
};

/// What builds the build itself.
const OF_BUILD: &str = "buildscript-gradle.lockfile";

fn is_of_one_configuration(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    path.ends_with(".lockfile") && (folder == "gradle/dependency-locks" || folder.ends_with("/gradle/dependency-locks"))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let of_file = name.strip_suffix(".lockfile").filter(|_| is_of_one_configuration(source.path));
    for (range, text) in line::of(source.text) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (module, configurations) = text.split_once('=').unwrap_or((text, of_file.unwrap_or_default()));
        if module == "empty" {
            // The configurations that have no module at all.
            continue;
        }
        let Some((group, artifact, version)) = parts(module) else {
            parsed.unreadable(range, "a line is `group:artifact:version=configurations`");
            continue;
        };
        let range = ByteRange::new(range.start(), range.start() + module.len());
        let scopes = if name == OF_BUILD { Scopes::of(Scope::Build) } else { scopes(configurations) };
        let package = Package::dependency(Ecosystem::Maven, format!("{group}:{artifact}"), Some(version), range);
        parsed.inventory.add(Package { scopes, ..package });
    }
    parsed
}

/// A group, an artifact and a version, none of them empty.
pub(super) fn parts(module: &str) -> Option<(&str, &str, &str)> {
    let mut parts = module.split(':');
    let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = parts.next().is_none() && [group, artifact, version].iter().all(|part| is_coordinate(part));
    is_whole.then_some((group, artifact, version))
}

fn is_coordinate(part: &str) -> bool {
    !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '<' | '>' | '='))
}

/// What the configurations are for, by their usual names: `testRuntimeClasspath`, `debugUnitTestCompileClasspath`, `kapt`.
fn scopes(configurations: &str) -> Scopes {
    let configurations = configurations.split(',').map(str::trim).filter(|name| !name.is_empty());
    configurations.map(|name| Scopes::of(scope(name))).fold(Scopes::default(), Scopes::and)
}

fn scope(configuration: &str) -> Scope {
    const OF_BUILDS: [&str; 11] =
        ["annotationProcessor", "kapt", "ksp", "classpath", "compileOnly", "checkstyle", "pmd", "spotbugs", "jacoco", "lint", "detekt"];
    let starts_with = |start: &str| configuration.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if starts_with("test") || configuration.contains("Test") {
        return Scope::Test;
    }
    if starts_with("developmentOnly") {
        return Scope::Development;
    }
    let is_of_build = OF_BUILDS.iter().any(|start| starts_with(start)) || configuration.ends_with("AnnotationProcessor");
    if is_of_build { Scope::Build } else { Scope::Runtime }
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn configurations_are_scopes() {
        check(
            &super::READER,
            "app/gradle.lockfile",
            "# This is a Gradle generated file\r
com.google.guava:guava:33.0.0-jre=compileClasspath,runtimeClasspath,testRuntimeClasspath\r
junit:junit:4.13.2=testCompileClasspath,debugUnitTestRuntimeClasspath\r
com.google.dagger:dagger-compiler:2.51=annotationProcessor
org.springframework.boot:spring-boot-devtools:3.2.0=developmentOnly
empty=signatures
",
            "
maven com.google.guava:guava 33.0.0-jre @2 [runtime,test]
maven junit:junit 4.13.2 @3 [test]
maven com.google.dagger:dagger-compiler 2.51 @4 [build]
maven org.springframework.boot:spring-boot-devtools 3.2.0 @5 [development]
",
        );
    }

    #[test]
    fn what_builds_the_build_is_for_building() {
        check(&super::READER, "buildscript-gradle.lockfile", "org.ow2.asm:asm:9.6=classpath\n", "maven org.ow2.asm:asm 9.6 @1 [build]");
    }

    #[test]
    fn older_files_are_of_one_configuration() {
        check(
            &super::READER,
            "gradle/dependency-locks/testRuntimeClasspath.lockfile",
            "org.ow2.asm:asm:9.6\n",
            "maven org.ow2.asm:asm 9.6 @1 [test]",
        );
    }

    #[test]
    fn a_bad_line_hides_no_other() {
        check(
            &super::READER,
            "gradle.lockfile",
            "a:b:1=runtimeClasspath\n>>>\na::1=x\n  c:d:2=runtimeClasspath\n",
            "
maven a:b 1 @1 [runtime]
maven c:d 2 @4 [runtime]
2: unreadable: a line is `group:artifact:version=configurations`
3: unreadable: a line is `group:artifact:version=configurations`
",
        );
    }
}
