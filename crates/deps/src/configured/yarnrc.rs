//! Reads `.yarnrc.yml`: <https://yarnpkg.com/configuration/yarnrc>.

use bartizan_source::document::{Node, parse_yaml};

use crate::{Claim, Ecosystem, Parsed, Read, Reader, Serves, SourceText};

/// `.yarnrc.yml`.
pub(crate) static READER: Reader = Reader { name: ".yarnrc.yml", claims: &[Claim::Name(".yarnrc.yml")], read: Read::Text(read) };

const KEY: &str = "npmRegistryServer";

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_yaml(source.text)) else { return parsed };
    if let Some(url) = root.get(KEY) {
        parsed.inventory.asks(Ecosystem::Npm, url.text().unwrap_or_default(), Serves::All, url.range);
    }
    for scope in root.get("npmScopes").map(Node::members).unwrap_or_default() {
        if let Some(url) = scope.node.get(KEY) {
            let serves = Serves::Scope(format!("@{}", scope.name.trim_start_matches('@')));
            parsed.inventory.asks(Ecosystem::Npm, url.text().unwrap_or_default(), serves, url.range);
        }
    }
    parsed
}
