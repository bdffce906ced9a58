//! Reads `META-INF/maven/GROUP/NAME/pom.properties` of an archive of Java:
//! <https://maven.apache.org/shared/maven-archiver/#pom-properties-content>.

use bartizan_core::ByteRange;

use crate::{Claim, Ecosystem, JavaArchive, Package, Parsed, Read, Reader, Role, SourceText, line};

/// `pom.properties`.
pub(crate) static READER: Reader = Reader { name: "pom.properties", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

fn is_for(path: &str) -> bool {
    path.ends_with("/pom.properties") && path.contains("!/")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let (mut group, mut name, mut version, mut place) = ("", "", "", ByteRange::new(0, 0));
    for (range, line) in line::of(source.text) {
        match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some(("groupId", value)) => group = value,
            Some(("artifactId", value)) => (name, place) = (value, range),
            Some(("version", value)) => version = value,
            _ => {}
        }
    }
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Embedded;
    parsed.inventory.archive = Some(Box::new(JavaArchive::Packages));
    let is_said = |value: &str| !value.is_empty() && !value.contains(['$', ' ']);
    if is_said(group) && is_said(name) && is_said(version) {
        let name = format!("{group}:{name}");
        let _ = parsed.inventory.add(Package::dependency(Ecosystem::Maven, name, Some(version), place));
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_package_is_named_as_maven_names_it() {
        let path = "a.jar!/META-INF/maven/org.x/y/pom.properties";
        check(&READER, path, "#Created\nversion=1.2\ngroupId=org.x\nartifactId=y\n", "maven org.x:y 1.2 @4");
        check(&READER, path, "version=${v}\ngroupId=org.x\nartifactId=y\n", "");
    }
}
