//! Reads `pdm.lock`.
//!
//! The format: `pdm/src/pdm/project/lockfile/pdmlock.py` as published. Since version 4.4 a package says the groups that need it.

use bartizan_core::{Hash, Scope};
use bartizan_source::document::{Node, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText,
    python::{Locked, Wanted, hash, requirement, scopes_of_groups},
};

/// `pdm.lock`.
pub(crate) static READER: Reader = Reader { name: "pdm.lock", claims: &[Claim::Name("pdm.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let mut locked = Locked::default();
    let mut entries: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for entry in root.get("package").map(Node::items).unwrap_or_default() {
        let Some(name) = entry.text_of("name") else {
            parsed.unreadable(entry.range, "a package without a name");
            continue;
        };
        let origin = origin(entry);
        let version = entry.text_of("version");
        if version.is_none() && matches!(origin, Origin::Registry(_)) {
            parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
            continue;
        }
        let scopes = scopes_of_groups(entry.get("groups").map(Node::items).unwrap_or_default().iter().filter_map(Node::text));
        let files = entry.get("files").map(Node::items).unwrap_or_default();
        let hashes: Vec<Hash> = files.iter().filter_map(|file| hash(file.text_of("hash")?)).collect();
        let range = entry.get("name").map_or(entry.range, |name| name.range);
        let package = Package { scopes, origin, hashes, ..Package::dependency(Ecosystem::PyPi, name, version, range) };
        let index = parsed.inventory.add(package);
        locked.add(name, version.unwrap_or_default(), index);
        entries.push((index, entry));
    }
    for (dependent, entry) in entries {
        for wanted in entry.get("dependencies").map(Node::items).unwrap_or_default() {
            let Some(found) = wanted.text().and_then(requirement) else {
                parsed.unresolved(wanted.range, "this is no requirement of a package");
                continue;
            };
            // `a` with an extra is an entry of its own, that depends on `a`.
            let is_itself = entry.text_of("name") == Some(found.name);
            if !is_itself {
                let (name, requirement, scope) = (found.name, found.specifier, found.scope(Scope::Runtime));
                locked.depend(&Wanted { dependent, name, requirement, scope, range: wanted.range }, &mut parsed);
            }
        }
    }
    parsed
}

fn origin(entry: &Node<'_>) -> Origin {
    if let Some(url) = entry.text_of("git") {
        let commit = entry.text_of("revision").or_else(|| entry.text_of("ref"));
        return Origin::Git { url: url.to_owned(), commit: commit.map(str::to_owned) };
    }
    match (entry.text_of("path"), entry.text_of("url")) {
        (Some(path), _) => Origin::Path(path.to_owned()),
        (None, Some(url)) => Origin::Url(url.to_owned()),
        (None, None) => Origin::Registry(None),
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn dependencies_are_requirements() {
        check(
            &READER,
            "pdm.lock",
            r#"
[[package]]
name = "a"
version = "1.0"
groups = ["default", "dev"]
dependencies = ["B_b<2; sys_platform == 'win32'", "missing", "%"]
files = [{file = "a.whl", hash = "sha256:0a"}]

[[package]]
name = "b-b"
version = "1.1"
git = "https://github.com/o/b.git"
revision = "65ba"
groups = ["test"]
"#,
            "
pypi a 1.0 @3 [runtime,development] sha256:0a
  -> b-b 1.1 runtime <2
pypi b-b 1.1 @10 [test] git https://github.com/o/b.git 65ba
6: unresolved: `missing` is not in this lock file
6: unresolved: this is no requirement of a package
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "pdm.lock",
            "[[package]]\nname = \"a\"\n[[package]]\nname = \"b\"\nversion = \"1\"\n= 1\n",
            "
pypi b 1 @4
1: unreadable: the package `a` has no version
6: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
",
        );
    }
}
