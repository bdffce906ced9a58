//! Reads `bunfig.toml`: <https://bun.com/docs/runtime/bunfig>.

use bartizan_source::document::{Node, parse_toml};

use crate::{Claim, Ecosystem, Parsed, Read, Reader, Serves, SourceText};

/// `bunfig.toml`.
pub(crate) static READER: Reader = Reader { name: "bunfig.toml", claims: &[Claim::Name("bunfig.toml")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let mut add = |node: &Node<'_>, serves: Serves| {
        let url = node.text().or_else(|| node.text_of("url")).unwrap_or_default();
        parsed.inventory.asks(Ecosystem::Npm, url, serves, node.range);
    };
    if let Some(registry) = root.at(&["install", "registry"]) {
        add(registry, Serves::All);
    }
    for scope in root.at(&["install", "scopes"]).map(Node::members).unwrap_or_default() {
        add(&scope.node, Serves::Scope(format!("@{}", scope.name.trim_start_matches('@'))));
    }
    parsed
}
