//! Reads `package-lock.json`, versions 1 to 3, and `npm-shrinkwrap.json`.
//!
//! The format: <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>. Version 2 says everything twice: what older
//! programs read (`dependencies`) is not looked at where `packages` is there.

mod nested;
mod tree;

use bartizan_core::{Hash, HashAlgorithm};
use bartizan_source::document::{JsonDialect, Node, Value, parse_json};

use crate::{Claim, Origin, Parsed, Read, Reader, SourceText};

/// `package-lock.json`.
pub(crate) static READER: Reader = Reader {
    name: "package-lock.json",
    claims: &[Claim::Name("package-lock.json"), Claim::Name("npm-shrinkwrap.json"), Claim::Path("node_modules/.package-lock.json")],
    read: Read::Text(read),
};

fn read(source: &SourceText<'_>) -> Parsed {
    let document = parse_json(source.text, JsonDialect::Strict);
    let mut parsed = Parsed::default();
    parsed.document(document.problems);
    let Some(root) = document.root else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of npm is a map");
    } else if let Some(packages) = root.get("packages") {
        tree::read(&root, packages, &mut parsed);
    } else {
        nested::read(&root, &mut parsed);
    }
    parsed
}

/// Where a package comes from, by the address that npm resolved.
fn origin(resolved: Option<&str>) -> Origin {
    let Some(url) = resolved else { return Origin::Registry(None) };
    if let Some(path) = url.strip_prefix("file:") {
        return Origin::Path(path.to_owned());
    }
    let is_git = url.starts_with("git+") || url.starts_with("git:") || url.starts_with("github:");
    if is_git {
        let (address, commit) = url.split_once('#').map_or((url, None), |(address, commit)| (address, Some(commit.to_owned())));
        return Origin::Git { url: address.trim_start_matches("git+").to_owned(), commit };
    }
    // The registry's tarballs stand at `/NAME/-/NAME-VERSION.tgz`, whoever hosts it.
    if !url.contains("/-/") {
        return Origin::Url(url.to_owned());
    }
    let is_usual = url.starts_with("https://registry.npmjs.org/");
    Origin::Registry((!is_usual).then(|| url.to_owned()))
}

/// The hashes of `integrity`: Subresource Integrity, section 3.5.
pub(super) fn hashes(integrity: Option<&str>) -> Vec<Hash> {
    let words = integrity.unwrap_or_default().split_ascii_whitespace();
    words.filter_map(hash).collect()
}

fn hash(word: &str) -> Option<Hash> {
    let (algorithm, value) = word.split_once('-')?;
    let algorithm = match algorithm {
        "sha1" => HashAlgorithm::Sha1,
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        _ => return None,
    };
    let value = value.split('?').next().unwrap_or(value);
    Some(Hash { algorithm, value: crate::encoding::hex_of_base64(value)? })
}

/// The licences of a package: a text, or the older forms with `type`.
fn licences(entry: &Node<'_>) -> Vec<String> {
    let one = |node: &Node<'_>| node.text().or_else(|| node.text_of("type")).map(str::to_owned);
    match entry.get("license").or_else(|| entry.get("licenses")) {
        Some(Node { value: Value::List(items), .. }) => items.iter().filter_map(one).collect(),
        Some(node) => one(node).into_iter().collect(),
        None => Vec::new(),
    }
}
