//! Reads `.cargo/config.toml`: <https://doc.rust-lang.org/cargo/reference/config.html>.

use bartizan_source::document::{Node, parse_toml};

use crate::{Claim, Ecosystem, Parsed, Read, Reader, Serves, SourceText};

/// `.cargo/config.toml`.
pub(crate) static READER: Reader = Reader {
    name: ".cargo/config.toml",
    claims: &[Claim::Path(".cargo/config.toml"), Claim::Path(".cargo/config")],
    read: Read::Text(read),
};

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let replaces = root.at(&["source", "crates-io", "replace-with"]).and_then(Node::text);
    for (table, key) in [("registries", "index"), ("source", "registry")] {
        for member in root.get(table).map(Node::members).unwrap_or_default() {
            let Some(url) = member.node.get(key) else { continue };
            let serves = if table == "source" && replaces == Some(member.name.as_ref()) { Serves::All } else { Serves::Named };
            parsed.inventory.asks(Ecosystem::Cargo, url.text().unwrap_or_default(), serves, url.range);
        }
    }
    parsed
}
