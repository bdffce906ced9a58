//! Reads `go.mod`: <https://go.dev/ref/mod#go-mod-file>.
//!
//! It is manifest and lock file at once: since Go 1.17 it has every module that the build needs, with its version. Before, those
//! that are only needed by others are in `go.sum`.

use std::collections::HashMap;

use bartizan_core::Scope;

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Role, SourceText,
    golang::{Directive, directives, is_version_of, replacement, standard_library},
};

/// `go.mod`.
pub(crate) static READER: Reader = Reader { name: "go.mod", claims: &[Claim::Name("go.mod")], read: Read::Text(read) };

/// Directives that say nothing about what is there.
const OTHERS: [&str; 5] = ["exclude", "retract", "godebug", "ignore", "tool"];

/// A module that is asked for.
struct Required<'d, 't> {
    directive: &'d Directive<'t>,
    path: &'d str,
    version: &'d str,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let directives = directives(source.text, &mut parsed);
    let mut required: Vec<Required<'_, '_>> = Vec::new();
    let mut replaced: HashMap<(&str, Option<&str>), &Directive<'_>> = HashMap::new();
    let mut tools: Vec<&str> = Vec::new();
    let mut project: Option<PackageIndex> = None;
    for directive in &directives {
        let words: Vec<&str> = directive.words.iter().map(AsRef::as_ref).collect();
        match (directive.verb, words.as_slice()) {
            ("module", [path]) => {
                let root = Package::root(Ecosystem::Golang, *path, None, directive.range);
                project = Some(parsed.inventory.add(Package { origin: Origin::Path(String::new()), ..root }));
            }
            ("go" | "toolchain", [_]) => {}
            ("require", [path, version]) if is_version_of(path, version) => required.push(Required { directive, path, version }),
            ("require", [path, ..]) => parsed.unreadable(directive.range, format!("the module `{path}` has no version")),
            ("replace", [path, "=>", _] | [path, "=>", _, _]) => {
                replaced.insert((path, None), directive);
            }
            ("replace", [path, version, "=>", _] | [path, version, "=>", _, _]) => {
                replaced.insert((path, Some(version)), directive);
            }
            ("tool", [path]) => tools.push(path),
            (verb, _) if OTHERS.contains(&verb) => {}
            (verb, _) => parsed.unreadable(directive.range, format!("`{verb}` is no directive of go.mod as it stands")),
        }
    }
    let library = standard_library(&directives);
    // Before 1.17, and where no version is asked for, modules that others need are not here.
    let minor = directives
        .iter()
        .find(|directive| directive.verb == "go")
        .and_then(|directive| directive.words.first()?.split('.').nth(1)?.parse().ok());
    let is_whole = minor.is_some_and(|minor: u32| 17 <= minor);
    parsed.inventory.role = if is_whole { Role::Whole } else { Role::Partial };
    if let Some(library) = library {
        let library = parsed.inventory.add(library);
        project.into_iter().for_each(|project| parsed.inventory.depends(project, library, Scope::Runtime));
    }
    for Required { directive, path, version } in required {
        let replacing = replaced.get(&(path, Some(version))).or_else(|| replaced.get(&(path, None)));
        let package = match replacing {
            None => Package::dependency(Ecosystem::Golang, path, Some(version), directive.range),
            Some(replacing) => {
                let mut words = replacing.words.iter().skip_while(|word| *word != "=>").skip(1);
                let (by, version) = (words.next().map_or("", AsRef::as_ref), words.next().map(AsRef::as_ref));
                replacement(by, version, path, replacing.range)
            }
        };
        let module = parsed.inventory.add(package);
        let is_tool = tools.iter().any(|tool| tool.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        let scope = if is_tool { Some(Scope::Development) } else { None };
        // What others need (`// indirect`) is not asked for by the project, unless as a tool.
        let is_indirect = directive.comment.split(';').any(|comment| comment.trim() == "indirect");
        if let Some((project, scope)) = project.zip(scope.or((!is_indirect).then_some(Scope::Runtime))) {
            parsed.inventory.depends(project, module, scope);
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn what_is_required_may_be_replaced() {
        check(
            &READER,
            "go.mod",
            "module example.com/app // the app

go 1.24.1
toolchain go1.24.6-x

require \"example.com/a\" v1.0.0
require (
\texample.com/b v0.5.6
\texample.com/b v1.2.3 // indirect
\texample.com/c v1.0.0
\texample.com/d/v2 v2.0.0-20210630005230-0f9fa26af87c
\texample.com/tools v0.1.0 // indirect
)
exclude example.com/x v1.0.0
tool example.com/tools/cmd/x

replace (
\texample.com/b v1.2.3 => example.com/fork/b v1.4.5
\texample.com/c => ./c
)
",
            "
root golang example.com/app ? @1
  -> stdlib 1.24.6 runtime
  -> example.com/a v1.0.0 runtime
  -> example.com/b v0.5.6 runtime
  -> example.com/c ? runtime
  -> example.com/d/v2 v2.0.0-20210630005230-0f9fa26af87c runtime
  -> example.com/tools v0.1.0 development
golang stdlib 1.24.6 @4
golang example.com/a v1.0.0 @6
golang example.com/b v0.5.6 @8
golang example.com/fork/b v1.4.5 @18
golang example.com/c ? @19 path ./c
golang example.com/d/v2 v2.0.0-20210630005230-0f9fa26af87c @11
golang example.com/tools v0.1.0 @12
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "go.mod",
            "this is no go.mod\nrequire example.com/a\nrequire (\nexample.com/b/v2 v1.0.0\nexample.com/c v1.0.0\nexample.com/\"d v1\n\"x\n",
            "
golang example.com/c v1.0.0 @5
1: unreadable: `this` is no directive of go.mod as it stands
2: unreadable: the module `example.com/a` has no version
3: unreadable: the block of `require` has no end
4: unreadable: the module `example.com/b/v2` has no version
6: unreadable: the module `example.com/\"d` has no version
7: unreadable: a text in quotes has no end
",
        );
    }
}
