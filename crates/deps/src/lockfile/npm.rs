//! Reads `package-lock.json`, versions 1 to 3, and `npm-shrinkwrap.json`.
//!
//! The format: <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>. Version 2 says everything twice: what older
//! programs read (`dependencies`) is not looked at where `packages` is there.

mod nested;
mod tree;

use bartizan_core::Hash;
use bartizan_source::document::{JsonDialect, Node, Value, parse_json};

use crate::{Claim, Parsed, Read, Reader, Remark, SourceText, npm};

/// `package-lock.json`.
pub(crate) static READER: Reader = Reader {
    name: "package-lock.json",
    claims: &[Claim::Name("package-lock.json"), Claim::Name("npm-shrinkwrap.json"), Claim::Path("node_modules/.package-lock.json")],
    read: Read::Text(read),
};

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of npm is a map");
    } else if let Some(packages) = root.get("packages") {
        tree::read(&root, packages, &mut parsed);
    } else {
        nested::read(&root, &mut parsed);
    }
    parsed
}

/// What an entry says about how the package gets there.
fn remarks(name: &str, version: Option<&str>, entry: &Node<'_>, hashes: &[Hash]) -> Vec<Remark> {
    // What comes within another package needs no hash of its own.
    let is_bundled = entry.is_true("inBundle") || entry.is_true("bundled");
    let resolved = entry.text_of("resolved").filter(|_| !is_bundled);
    let mut remarks = npm::remarks(name, version, resolved, hashes);
    if entry.is_true("hasInstallScript") {
        remarks.push(Remark::InstallScript);
    }
    match entry.get("deprecated") {
        Some(Node { value: Value::Text(why), .. }) => remarks.push(Remark::Deprecated(why.trim().to_owned())),
        Some(Node { value: Value::Boolean(true), .. }) => remarks.push(Remark::Deprecated(String::new())),
        Some(_) | None => {}
    }
    remarks
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
