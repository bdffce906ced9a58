//! Reads `Manifest.toml` of Julia, formats 1 and 2.
//!
//! The format: <https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml>. A package is known by its UUID as well as by its name.
//! What comes with Julia itself has no version, and is left out.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node, Value, parse_toml};

use crate::{Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText};

/// `Manifest.toml`.
pub(crate) static READER: Reader = Reader { name: "Manifest.toml", claims: &[Claim::Like(is_manifest)], read: Read::Text(read) };

/// `Manifest.toml`, `JuliaManifest.toml`, or for one version of Julia `Manifest-v1.11.toml`.
fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_prefix("Julia").unwrap_or(name);
    name == "Manifest.toml" || name.starts_with("Manifest-v") && name.ends_with(".toml")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    // Format 1 has the packages at the top.
    let packages = match root.get("manifest_format") {
        Some(_) => root.get("deps").map(Node::members).unwrap_or_default(),
        None => root.members(),
    };
    let mut by_name: HashMap<&str, PackageIndex> = HashMap::new();
    let mut locked: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for member in packages {
        for entry in member.node.items() {
            let Some(package) = package(member, entry, &mut parsed) else { continue };
            let index = parsed.inventory.add(package);
            by_name.insert(&member.name, index);
            locked.push((index, entry));
        }
    }
    for (dependent, entry) in locked {
        for name in names(entry.get("deps")) {
            // What is not there comes with Julia itself.
            if let Some(&dependency) = by_name.get(name) {
                parsed.inventory.depends(dependent, dependency, Scope::Runtime);
            }
        }
    }
    parsed
}

/// What a package depends on: a list of names; a map of names to UUIDs where one name is used twice.
fn names<'n>(deps: Option<&'n Node<'_>>) -> Vec<&'n str> {
    match deps.map(|deps| &deps.value) {
        Some(Value::List(items)) => items.iter().filter_map(Node::text).collect(),
        Some(Value::Map(members)) => members.iter().map(|member| member.name.as_ref()).collect(),
        Some(Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_)) | None => Vec::new(),
    }
}

fn package(member: &Member<'_>, entry: &Node<'_>, parsed: &mut Parsed) -> Option<Package> {
    let range = entry.get("uuid").map_or(member.name_range, |uuid| uuid.range);
    let Some(uuid) = entry.text_of("uuid") else {
        parsed.unreadable(range, format!("the package `{}` has no UUID", member.name));
        return None;
    };
    let origin = match (entry.text_of("path"), entry.text_of("repo-url")) {
        (Some(path), _) => Origin::Path(path.to_owned()),
        // `git-tree-sha1` names a tree, not a commit.
        (None, Some(url)) => Origin::Git { url: url.to_owned(), commit: None },
        (None, None) => Origin::Registry(None),
    };
    let version = entry.text_of("version");
    if version.is_none() && !matches!(origin, Origin::Path(_)) {
        return None;
    }
    let qualifiers = vec![("uuid".to_owned(), uuid.to_owned())];
    Some(Package { origin, qualifiers, ..Package::dependency(Ecosystem::Julia, member.name.as_ref(), version, range) })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn packages_of_format_two() {
        check(
            &super::READER,
            "Manifest.toml",
            r#"julia_version = "1.10.0"
manifest_format = "2.0"
[[deps.Dates]]
uuid = "ade2ca70"
[[deps.JSON]]
deps = ["Dates", "Parsers"]
uuid = "682c06a0"
version = "0.21.4"
[[deps.Parsers]]
uuid = "69de0a69"
version = "2.8.1"
repo-url = "https://github.com/JuliaData/Parsers.jl"
[[deps.Bad]]
version = "1"
"#,
            "
julia JSON 0.21.4 @7 uuid=682c06a0
  -> Parsers 2.8.1 runtime
julia Parsers 2.8.1 @10 git https://github.com/JuliaData/Parsers.jl ? uuid=69de0a69
13: unreadable: the package `Bad` has no UUID
",
        );
    }

    #[test]
    fn packages_of_format_one() {
        check(
            &super::READER,
            "env/Manifest-v1.6.toml",
            "[[JSON]]\nuuid = \"682c06a0\"\nversion = \"0.20.0\"\n[[\n",
            "
julia JSON 0.20.0 @2 uuid=682c06a0
4: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
4: unreadable: the package `` has no UUID
",
        );
    }
}
