//! Reads `uv.lock`.
//!
//! The format: `uv/crates/uv-resolver/src/lock/mod.rs` as published. Members of the workspace are packages like others, whose
//! source is a folder: `virtual` or `editable`.

use bartizan_core::{Hash, Scope};
use bartizan_source::document::{Node, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText,
    python::{self, Locked, Wanted, hash, scope_of_extra, scope_of_group},
};

/// `uv.lock`.
pub(crate) static READER: Reader = Reader { name: "uv.lock", claims: &[Claim::Name("uv.lock")], read: Read::Text(read) };

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
        let Some(package) = package(name, entry) else {
            parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
            continue;
        };
        let index = parsed.inventory.add(package);
        locked.add(name, entry.text_of("version").unwrap_or_default(), index);
        entries.push((index, entry));
    }
    for (dependent, entry) in entries {
        let plain = entry.get("dependencies").into_iter().map(|list| (list, Scope::Runtime));
        let extras = entry.get("optional-dependencies").map(Node::members).unwrap_or_default().iter();
        let groups = entry.get("dev-dependencies").map(Node::members).unwrap_or_default().iter();
        let extras = extras.map(|member| (&member.node, scope_of_extra(&member.name)));
        let groups = groups.map(|member| (&member.node, scope_of_group(&member.name).max(Scope::Test)));
        for (list, scope) in plain.chain(extras).chain(groups) {
            for wanted in list.items() {
                let Some(name) = wanted.text_of("name") else { continue };
                // The version is there where the name alone is not enough.
                let requirement = wanted.text_of("version").unwrap_or_default();
                locked.depend(&Wanted { dependent, name, requirement, scope, range: wanted.range }, &mut parsed);
            }
        }
    }
    parsed
}

fn package(name: &str, entry: &Node<'_>) -> Option<Package> {
    let range = entry.get("name").map_or(entry.range, |name| name.range);
    let version = entry.text_of("version");
    let source = entry.get("source");
    let field = |name| source.and_then(|source| source.text_of(name));
    if let Some(folder) = field("virtual").or_else(|| field("editable")) {
        let folder = if folder == "." { "" } else { folder };
        return Some(Package { origin: Origin::Path(folder.to_owned()), ..Package::root(Ecosystem::PyPi, name, version, range) });
    }
    let origin = if let Some(git) = field("git") {
        let (address, commit) = git.split_once('#').map_or((git, None), |(address, commit)| (address, Some(commit.to_owned())));
        Origin::Git { url: address.split('?').next().unwrap_or(address).to_owned(), commit }
    } else if let Some(path) = field("directory").or_else(|| field("path")) {
        Origin::Path(path.to_owned())
    } else if let Some(url) = field("url") {
        Origin::Url(url.to_owned())
    } else {
        let is_usual = |url: &&str| url.trim_end_matches('/') == "https://pypi.org/simple";
        Origin::Registry(field("registry").filter(|url| !is_usual(url)).map(str::to_owned))
    };
    if version.is_none() && matches!(origin, Origin::Registry(_)) {
        return None;
    }
    let files: Vec<&Node<'_>> = entry.get("sdist").into_iter().chain(entry.get("wheels").map(Node::items).unwrap_or_default()).collect();
    let hashes: Vec<Hash> = files.iter().filter_map(|file| hash(file.text_of("hash")?)).collect();
    let remarks = python::remarks(&origin, &files, !hashes.is_empty());
    Some(Package { origin, hashes, remarks, ..Package::dependency(Ecosystem::PyPi, name, version, range) })
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn members_of_the_workspace_are_roots() {
        check(
            &READER,
            "uv.lock",
            r#"
version = 1

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "numpy", version = "1.26.0", source = { registry = "https://pypi.org/simple" }, marker = "python_version < '3.9'" },
    { name = "lib", extra = ["x"] },
]

[package.optional-dependencies]
fast = [{ name = "ruff" }]

[package.dev-dependencies]
dev = [{ name = "missing" }]
test = [{ name = "numpy", version = "2.0.0" }]

[[package]]
name = "lib"
source = { editable = "packages/lib" }

[[package]]
name = "numpy"
version = "1.26.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://x/numpy.tar.gz", hash = "sha256:0a" }
wheels = [{ url = "https://x/numpy.whl", hash = "sha256:0b" }]

[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://pypi.example.com/simple" }

[[package]]
name = "ruff"
version = "0.8.1"
source = { git = "https://github.com/o/ruff?tag=0.8.1#8474" }
"#,
            "
root pypi app 0.1.0 @5
  -> numpy 1.26.0 runtime 1.26.0
  -> lib ? runtime
  -> ruff 0.8.1 optional
  -> numpy 2.0.0 test 2.0.0
root pypi lib ? @21 path packages/lib
pypi numpy 1.26.0 @25 sha256:0a sha256:0b
pypi numpy 2.0.0 @32 registry https://pypi.example.com/simple
pypi ruff 0.8.1 @37 git https://github.com/o/ruff 8474
17: unresolved: `missing` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "uv.lock",
            "[[package]]\nname = \"a\"\n[[package]]\nname = \"b\"\nversion = \"1\"\n[[package]]\nversion = \"1\"\n= 1\n",
            "
pypi b 1 @4
1: unreadable: the package `a` has no version
6: unreadable: a package without a name
8: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
",
        );
    }
}
