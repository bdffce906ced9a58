//! Reads the packages that `cargo auditable` leaves in a program: JSON, packed with zlib, in the section `.dep-v0`.
//!
//! The format: <https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>.

use std::io::Read as _;

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{JsonDialect, Node, parse_json};

use super::object::Object;
use crate::{Ecosystem, Origin, Package, PackageIndex, Parsed};

const SECTION: &[u8] = b".dep-v0";
/// The largest list, unpacked, in bytes. The format's own suggestion is 8 MiB.
const MAX_LIST_BYTES: u64 = 8 << 20;

pub(super) fn read(object: &Object<'_>, parsed: &mut Parsed) {
    let Some(packed) = object.section(SECTION) else { return };
    let place = ByteRange::new(0, 0);
    let mut text = String::new();
    let unpacked = flate2::read::ZlibDecoder::new(packed).take(MAX_LIST_BYTES + 1).read_to_string(&mut text);
    if unpacked.is_err() || MAX_LIST_BYTES < u64::try_from(text.len()).unwrap_or(u64::MAX) {
        parsed.unreadable(place, "the list of packages that `cargo auditable` left can't be unpacked, or is too large");
        return;
    }
    let document = parse_json(&text, JsonDialect::Strict);
    let Some(root) = document.root.filter(Node::is_map) else {
        parsed.unreadable(place, "the list of packages that `cargo auditable` left is no JSON");
        return;
    };
    let entries = root.get("packages").map(Node::items).unwrap_or_default();
    let mut packages: Vec<Option<PackageIndex>> = Vec::new();
    for entry in entries {
        let Some((name, version)) = entry.text_of("name").zip(entry.text_of("version")) else {
            parsed.unreadable(place, "a package without a name or a version");
            packages.push(None);
            continue;
        };
        let origin = match entry.text_of("source") {
            Some("local") => Origin::Path(String::new()),
            _ => Origin::Registry(None),
        };
        let package = Package { origin, ..Package::dependency(Ecosystem::Cargo, name, Some(version), place) };
        packages.push(Some(parsed.inventory.add(package)));
    }
    for (entry, dependent) in entries.iter().zip(&packages) {
        for index in entry.get("dependencies").map(Node::items).unwrap_or_default() {
            let index = index.scalar().and_then(|index| index.parse::<usize>().ok());
            let Some(dependency) = index.and_then(|index| packages.get(index).copied().flatten()) else { continue };
            let Some(dependent) = dependent.filter(|dependent| *dependent != dependency) else { continue };
            let kind = entries.get(index.unwrap_or_default()).and_then(|entry| entry.text_of("kind"));
            parsed.inventory.depends(dependent, dependency, if kind == Some("build") { Scope::Build } else { Scope::Runtime });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::{fixture::show, installed::program::object::Section};

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let mut parsed = Parsed::default();
        let section = Section { name: SECTION, bytes };
        read(&Object { sections: vec![section], segments: Vec::new() }, &mut parsed);
        assert_eq!(show(&parsed, "").trim(), expected.trim());
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packages_and_what_they_need_are_read() {
        check(
            &packed(
                r#"{"packages":[{"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
                {"name":"app","version":"0.1.0","source":"local","dependencies":[0,2,1,9],"root":true},
                {"name":"itoa","version":"1.0.9","source":"crates.io"},{"name":"x"}]}"#,
            ),
            "
cargo cc 1.0.0 @1
cargo app 0.1.0 @1
  -> cc 1.0.0 build
  -> itoa 1.0.9 runtime
cargo itoa 1.0.9 @1
1: unreadable: a package without a name or a version",
        );
    }

    #[test]
    fn what_is_broken_or_a_bomb_is_said() {
        check(b"nonsense", "1: unreadable: the list of packages that `cargo auditable` left can't be unpacked, or is too large");
        check(
            &packed(&" ".repeat(9 << 20)),
            "1: unreadable: the list of packages that `cargo auditable` left can't be unpacked, or is too large",
        );
        check(&packed("[]"), "1: unreadable: the list of packages that `cargo auditable` left is no JSON");
    }
}
