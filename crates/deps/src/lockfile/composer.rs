//! Reads `composer.lock`: <https://getcomposer.org/doc/01-basic-usage.md#installing-from-composer-lock>, and
//! `composer/src/Composer/Package/Locker.php` as published. What the project asks for is in `composer.json`.

use std::collections::HashMap;

use bartizan_core::{Hash, HashAlgorithm, Scope};
use bartizan_source::document::{JsonDialect, Node, Value, parse_json};

use crate::{
    Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, Remark, Scopes, SourceText, Target,
    composer::is_platform,
    remark::{is_plain_http, without_secrets},
};

/// `composer.lock`.
pub(crate) static READER: Reader = Reader { name: "composer.lock", claims: &[Claim::Name("composer.lock")], read: Read::Text(read) };

pub(crate) fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of Composer is a map");
    }
    let mut by_name: HashMap<String, PackageIndex> = HashMap::new();
    let mut entries: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for (field, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
        for entry in root.get(field).map(Node::items).unwrap_or_default() {
            let Some(name) = entry.text_of("name") else {
                parsed.unreadable(entry.range, "a package without a name");
                continue;
            };
            let Some(version) = entry.text_of("version") else {
                parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
                continue;
            };
            let range = entry.get("name").map_or(entry.range, |name| name.range);
            let package = Package::dependency(Ecosystem::Composer, name, Some(version), range);
            let index = parsed.inventory.add(Package {
                scopes: Scopes::of(scope),
                origin: origin(entry),
                hashes: hashes(entry),
                remarks: remarks(entry),
                licences: licences(entry.get("license")),
                ..package
            });
            note_namespaces(name, entry, &mut parsed);
            by_name.entry(name.to_lowercase()).or_insert(index);
            entries.push((index, entry));
        }
    }
    // A package may stand for others, which nobody installs then.
    for (index, entry) in &entries {
        for field in ["provide", "replace"] {
            for other in entry.get(field).map(Node::members).unwrap_or_default() {
                by_name.entry(other.name.to_lowercase()).or_insert(*index);
            }
        }
    }
    for (dependent, entry) in entries {
        let wanted = entry.get("require").map(Node::members).unwrap_or_default().iter().filter(|wanted| !is_platform(&wanted.name));
        for wanted in wanted {
            let requirement = wanted.node.text().unwrap_or_default().to_owned();
            match by_name.get(&wanted.name.to_lowercase()) {
                Some(&target) if target == dependent => {}
                Some(&target) => {
                    let target = Target::Package(target);
                    parsed.inventory.edges.push(Edge { dependent, target, scope: Scope::Runtime, requirement, range: None });
                }
                None => parsed.unresolved(wanted.name_range, format!("`{}` is not in this lock file", wanted.name)),
            }
        }
    }
    parsed
}

/// The namespaces of its classes. Files that are always loaded, and providers that frameworks find, need no name.
fn note_namespaces(package: &str, entry: &Node<'_>, parsed: &mut Parsed) {
    let is_loaded_anyway = entry.at(&["autoload", "files"]).is_some()
        || entry
            .get("extra")
            .is_some_and(|extra| extra.get("laravel").is_some() || extra.get("symfony").is_some() || extra.get("class").is_some());
    if is_loaded_anyway {
        return;
    }
    for standard in ["psr-4", "psr-0"] {
        for namespace in entry.at(&["autoload", standard]).map(Node::members).unwrap_or_default() {
            let name = namespace.name.trim_end_matches(['\\', '_']);
            if !name.is_empty() {
                parsed.inventory.imported_as(Ecosystem::Composer, package, name);
            }
        }
    }
}

/// `abandoned` is `true`, or what to use instead.
fn remarks(entry: &Node<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match entry.get("abandoned") {
        Some(Node { value: Value::Text(instead), .. }) => remarks.push(Remark::Deprecated(format!("use {instead} instead"))),
        Some(Node { value: Value::Boolean(true), .. }) => remarks.push(Remark::Deprecated(String::new())),
        Some(_) | None => {}
    }
    let addresses = ["dist", "source"].iter().filter_map(|table| entry.at(&[table, "url"])?.text());
    remarks.extend(addresses.filter(|url| is_plain_http(url)).take(1).map(|url| Remark::PlainHttp(without_secrets(url))));
    remarks.extend(entry.text_of("time").map(|time| Remark::Published(time.to_owned())));
    remarks
}

/// A package of the registry has both a repository and an archive of it.
fn origin(entry: &Node<'_>) -> Origin {
    let field = |table: &str, name: &str| entry.at(&[table, name]).and_then(Node::text);
    match (field("dist", "type"), field("dist", "url"), field("source", "url")) {
        (Some("path"), Some(path), _) => Origin::Path(path.to_owned()),
        (None, _, Some(url)) => Origin::Git { url: url.to_owned(), commit: field("source", "reference").map(str::to_owned) },
        _ => Origin::Registry(None),
    }
}

fn hashes(entry: &Node<'_>) -> Vec<Hash> {
    let shasum = entry.at(&["dist", "shasum"]).and_then(Node::text).filter(|shasum| !shasum.is_empty());
    shasum.map(|value| Hash { algorithm: HashAlgorithm::Sha1, value: value.to_ascii_lowercase() }).into_iter().collect()
}

/// One licence, or a list to choose from.
pub(crate) fn licences(node: Option<&Node<'_>>) -> Vec<String> {
    match node {
        Some(Node { value: Value::List(items), .. }) => items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
        Some(node) => node.text().map(str::to_owned).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn packages_may_stand_for_others() {
        check(
            &READER,
            "composer.lock",
            r#"{
"packages": [
  {"name": "o/a", "version": "v1.0.0", "license": ["MIT", "GPL-2.0"],
   "dist": {"type": "zip", "url": "https://x", "shasum": "0A"}, "source": {"type": "git", "url": "https://y", "reference": "1"},
   "require": {"php": ">=8", "ext-json": "*", "psr/log-implementation": "1", "O/B": "^2", "o/missing": "*"}}
],
"packages-dev": [
  {"name": "o/b", "version": "2.0.0", "provide": {"psr/log-implementation": "1"},
   "source": {"type": "git", "url": "https://host/b.git", "reference": "52"}},
  {"name": "o/p", "version": "dev-main", "dist": {"type": "path", "url": "../p"}}
]}"#,
            "
composer o/a v1.0.0 @3 [runtime] sha1:0a (MIT) (GPL-2.0)
  -> o/b 2.0.0 runtime 1
  -> o/b 2.0.0 runtime ^2
composer o/b 2.0.0 @8 [development] git https://host/b.git 52
composer o/p dev-main @10 [development] path ../p
5: unresolved: `o/missing` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "composer.lock",
            "{\"packages\": [\n{\"name\": \"o/a\"},\n{\"version\": \"1\"},\n{\"name\": \"o/b\", \"version\": \"1\"},\n{",
            "
composer o/b 1 @4 [runtime]
2: unreadable: the package `o/a` has no version
3: unreadable: a package without a name
5: unreadable: a package without a name
5: unreadable: the document ends where a name in double quotes is expected
",
        );
        check(&READER, "composer.lock", "null", "1: unreadable: a lock file of Composer is a map");
    }
}
