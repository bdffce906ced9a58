//! Reads `Pipfile.lock`.
//!
//! The format: `pipenv/docs/pipfile.md` as published. It has no edges: every package stands in each category that needs it.

use bartizan_core::{Hash, Scope};
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{
    Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, Scopes, SourceText,
    python::{hash, scope_of_group},
    requirement::pinned,
};

/// `Pipfile.lock`.
pub(crate) static READER: Reader = Reader { name: "Pipfile.lock", claims: &[Claim::Name("Pipfile.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    if source.text.trim().is_empty() {
        return parsed;
    }
    let document = parse_json(source.text, JsonDialect::Strict);
    parsed.document(document.problems);
    let Some(root) = document.root else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of pipenv is a map");
    }
    for category in root.members().iter().filter(|category| category.name != "_meta") {
        let scope = scope_of_group(&category.name);
        for member in category.node.members() {
            let entry = &member.node;
            let origin = origin(entry);
            let version = entry.text_of("version").and_then(|version| pinned(Ecosystem::PyPi, version));
            if version.is_none() && matches!(origin, Origin::Registry(_)) {
                parsed.unresolved(member.name_range, format!("the version of `{}` is not pinned", member.name));
            }
            let hashes: Vec<Hash> =
                entry.get("hashes").map(Node::items).unwrap_or_default().iter().filter_map(|item| hash(item.text()?)).collect();
            let package = Package::dependency(Ecosystem::PyPi, member.name.as_ref(), version, member.name_range);
            parsed.inventory.add(Package { scopes: Scopes::of(scope.max(optional(entry))), origin, hashes, ..package });
        }
    }
    parsed
}

/// A folder of the project may be marked so.
fn optional(entry: &Node<'_>) -> Scope {
    if entry.is_true("optional") { Scope::Optional } else { Scope::Runtime }
}

fn origin(entry: &Node<'_>) -> Origin {
    if let Some(url) = entry.text_of("git") {
        return Origin::Git { url: url.to_owned(), commit: entry.text_of("ref").map(str::to_owned) };
    }
    match (entry.text_of("path"), entry.text_of("file").or_else(|| entry.text_of("url"))) {
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
    fn categories_give_scopes() {
        check(
            &READER,
            "Pipfile.lock",
            r#"{
"_meta": {"hash": {"sha256": "0a"}},
"default": {
  "a": {"version": "==1.0", "hashes": ["sha256:0a", "sha256:0b"]},
  "g": {"git": "https://github.com/o/g", "ref": "b360"},
  "x": {"version": "*"}
},
"develop": {"a": {"version": "==1.1"}, "p": {"path": "./p", "editable": true}},
"tests": {"t": {"version": "==2"}}
}"#,
            "
pypi a 1.0 @4 [runtime] sha256:0a sha256:0b
pypi g ? @5 [runtime] git https://github.com/o/g b360
pypi x ? @6 [runtime]
pypi a 1.1 @8 [development]
pypi p ? @8 [development] path ./p
pypi t 2 @9 [test]
6: unresolved: the version of `x` is not pinned
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "Pipfile.lock",
            "{\"default\": {\"a\": {\"version\": \"==1.0\"},\n\"b\": ",
            "
pypi a 1.0 @1 [runtime]
2: unreadable: the document ends where a value is expected
",
        );
    }
}
