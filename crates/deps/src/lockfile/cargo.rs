//! Reads `Cargo.lock`, versions 1 to 4.
//!
//! The format: <https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html> and `cargo/src/cargo/core/resolver/encode.rs`
//! as published. It does not say what a dependency is needed for: `Cargo.toml` does.

use std::collections::HashMap;

use bartizan_core::{Hash, HashAlgorithm, Scope};
use bartizan_source::document::{Node, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Remark, SourceText,
    remark::{is_plain_http, without_secrets},
};

/// `Cargo.lock`.
pub(crate) static READER: Reader = Reader { name: "Cargo.lock", claims: &[Claim::Name("Cargo.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    // Version 1 keeps the checksums apart: "checksum NAME VERSION (SOURCE)" = "HEX".
    let checksums = root.get("metadata").map(Node::members).unwrap_or_default();
    let checksums: HashMap<&str, &str> =
        checksums.iter().filter_map(|member| Some((member.name.strip_prefix("checksum ")?, member.node.text()?))).collect();
    // Until 2018 the package of the lock file itself stood apart.
    let entries = root.get("root").into_iter().chain(root.get("package").map(Node::items).unwrap_or_default());
    let mut locked: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for entry in entries {
        let Some(name) = entry.text_of("name") else {
            parsed.unreadable(entry.range, "a package without a name");
            continue;
        };
        let Some(version) = entry.text_of("version") else {
            parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
            continue;
        };
        let range = entry.get("name").map_or(entry.range, |name| name.range);
        let package = match entry.text_of("source") {
            None => Package { origin: Origin::Path(String::new()), ..Package::root(Ecosystem::Cargo, name, Some(version), range) },
            Some(source) => {
                let key = format!("{name} {version} ({source})");
                let checksum = entry.text_of("checksum").or_else(|| checksums.get(key.as_str()).copied());
                let hashes = checksum.filter(|checksum| *checksum != "<none>");
                let hashes: Vec<Hash> =
                    hashes.map(|value| Hash { algorithm: HashAlgorithm::Sha256, value: value.to_owned() }).into_iter().collect();
                let is_of_registry = source.contains("registry+") || source.starts_with("sparse+");
                let mut remarks = Vec::new();
                if is_of_registry && hashes.is_empty() {
                    remarks.push(Remark::Unhashed);
                }
                let address = source.split_once('+').map_or(source, |(_, address)| address);
                remarks.extend(is_plain_http(address).then(|| Remark::PlainHttp(without_secrets(address))));
                Package { origin: origin(source), hashes, remarks, ..Package::dependency(Ecosystem::Cargo, name, Some(version), range) }
            }
        };
        locked.push((parsed.inventory.add(package), entry));
    }
    add_edges(&locked, &mut parsed);
    parsed
}

/// What a source is: `registry+URL`, `sparse+URL`, `git+URL?rev=…#COMMIT`.
fn origin(source: &str) -> Origin {
    let Some(git) = source.strip_prefix("git+") else {
        let url = source.strip_prefix("registry+").unwrap_or(source);
        let is_usual = matches!(url, "https://github.com/rust-lang/crates.io-index" | "sparse+https://index.crates.io/");
        return Origin::Registry((!is_usual).then(|| url.to_owned()));
    };
    let (address, commit) = git.split_once('#').map_or((git, None), |(address, commit)| (address, Some(commit.to_owned())));
    Origin::Git { url: address.split('?').next().unwrap_or(address).to_owned(), commit }
}

/// A dependency is named with as much as tells it from others: `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)`.
fn add_edges(locked: &[(PackageIndex, &Node<'_>)], parsed: &mut Parsed) {
    let mut by_name: HashMap<&str, Vec<(PackageIndex, &Node<'_>)>> = HashMap::new();
    for (index, entry) in locked {
        by_name.entry(entry.text_of("name").unwrap_or_default()).or_default().push((*index, entry));
    }
    for (dependent, entry) in locked {
        for dependency in entry.get("dependencies").map(Node::items).unwrap_or_default() {
            let Some(text) = dependency.text() else { continue };
            let mut words = text.splitn(3, ' ');
            let (name, version, source) = (words.next().unwrap_or_default(), words.next(), words.next());
            let source = source.map(|source| source.trim_start_matches('(').trim_end_matches(')'));
            let is_meant = |entry: &Node<'_>| {
                version.is_none_or(|version| entry.text_of("version") == Some(version))
                    && source.is_none_or(|source| entry.text_of("source") == Some(source))
            };
            let target = by_name.get(name).and_then(|all| all.iter().find(|(_, entry)| is_meant(entry)));
            match target {
                Some((target, _)) => parsed.inventory.depends(*dependent, *target, Scope::Runtime),
                None => parsed.unresolved(dependency.range, format!("`{text}` is no package of this lock file")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn edges_follow_names_versions_and_sources() {
        check(
            &super::READER,
            "Cargo.lock",
            r#"
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["rand 0.8.5", "serde"]

[[package]]
name = "rand"
version = "0.7.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "6a6b"

[[package]]
name = "rand"
version = "0.8.5"
source = "git+https://github.com/rust-random/rand?tag=0.8.5#937320cb"

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["missing"]
"#,
            "
root cargo app 0.1.0 @5
  -> rand 0.8.5 runtime
  -> serde 1.0.0 runtime
cargo rand 0.7.3 @10 sha256:6a6b
cargo rand 0.8.5 @16 git https://github.com/rust-random/rand 937320cb
cargo serde 1.0.0 @21
24: unresolved: `missing` is no package of this lock file
",
        );
    }

    #[test]
    fn a_lock_file_of_version_one_keeps_checksums_apart() {
        check(
            &super::READER,
            "Cargo.lock",
            r#"
[root]
name = "app"
version = "0.1.0"
dependencies = ["log 0.4.0 (registry+https://github.com/rust-lang/crates.io-index)"]

[[package]]
name = "log"
version = "0.4.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[metadata]
"checksum log 0.4.0 (registry+https://github.com/rust-lang/crates.io-index)" = "89f0"
"#,
            "
root cargo app 0.1.0 @3
  -> log 0.4.0 runtime
cargo log 0.4.0 @8 sha256:89f0
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &super::READER,
            "Cargo.lock",
            "[[package]]\nname = \"log\"\nversion = \"0.4.0\"\nsource = \"registry+x\"\n[[package]]\nname = \"a\"\n[[package\n",
            "
cargo log 0.4.0 @2 registry x
5: unreadable: the package `a` has no version
7: unreadable: a package without a name
7: unreadable: unclosed array table, expected `]]`
",
        );
    }
}
