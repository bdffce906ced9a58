//! Reads what dpkg knows of installed packages: `var/lib/dpkg/status`, and the files of `var/lib/dpkg/status.d` that images without
//! dpkg have.
//!
//! The format: <https://man7.org/linux/man-pages/man5/deb822.5.html>, and "Binary package control files" of Debian's policy, 5.3.

pub(crate) mod files;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use super::below_root;
use crate::{Claim, Ecosystem, Package, PackageIndex, Parsed, Read, Reader, Role, SourceText};

/// `var/lib/dpkg/status`.
pub(crate) static READER: Reader =
    Reader { name: "dpkg", claims: &[Claim::Root("var/lib/dpkg/status"), Claim::Like(is_part)], read: Read::Text(read) };

/// Images without dpkg have a file for each package.
const FOLDER_OF_PARTS: &str = "var/lib/dpkg/status.d/";

fn is_part(path: &str) -> bool {
    let name = below_root(path).and_then(|path| path.strip_prefix(FOLDER_OF_PARTS));
    name.is_some_and(|name| !name.ends_with(".md5sums") && !name.ends_with(".list"))
}

/// The fields of a package that are of interest.
#[derive(Default)]
struct Stanza<'t> {
    range: Option<ByteRange>,
    fields: HashMap<&'t str, String>,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let mut wanted: Vec<(PackageIndex, String)> = Vec::new();
    let mut by_name: HashMap<String, PackageIndex> = HashMap::new();
    for stanza in stanzas(source.text, &mut parsed) {
        let Some(range) = stanza.range else { continue };
        let field = |name: &str| stanza.fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
        // A part has no state: it is there. What is unpacked or half configured is, too.
        let state = field("Status").and_then(|status| status.split_ascii_whitespace().last());
        if matches!(state, Some("not-installed" | "config-files")) {
            continue;
        }
        let Some(name) = field("Package") else {
            parsed.unreadable(range, "a package without a name");
            continue;
        };
        let Some(version) = field("Version") else {
            parsed.unreadable(range, format!("the package `{name}` has no version"));
            continue;
        };
        let mut qualifiers = Vec::new();
        qualifiers.extend(field("Architecture").map(|arch| ("arch".to_owned(), arch.to_owned())));
        qualifiers.extend(field("Source").and_then(|source| upstream(source, name, version)).map(|source| ("upstream".to_owned(), source)));
        let package = Package { qualifiers, ..Package::dependency(Ecosystem::Deb, name, Some(version), range) };
        let index = parsed.inventory.add(package);
        by_name.entry(name.to_owned()).or_insert(index);
        for provided in field("Provides").into_iter().flat_map(|provided| provided.split(',')) {
            by_name.entry(name_of(provided).to_owned()).or_insert(index);
        }
        for needed in ["Pre-Depends", "Depends"].into_iter().filter_map(field) {
            wanted.extend(needed.split(',').map(|alternatives| (index, alternatives.to_owned())));
        }
    }
    for (dependent, alternatives) in wanted {
        // Of several that would do, the first that is there.
        let target = alternatives.split('|').find_map(|alternative| by_name.get(name_of(alternative)));
        if let Some(&target) = target.filter(|target| **target != dependent) {
            parsed.inventory.depends(dependent, target, Scope::Runtime);
        }
    }
    parsed
}

/// The package that others are built from: `Source: NAME (VERSION)`; nothing if it is this one.
fn upstream(source: &str, name: &str, version: &str) -> Option<String> {
    let (of_name, of_version) = source.split_once(' ').unwrap_or((source, ""));
    let of_version = of_version.trim().trim_start_matches('(').trim_end_matches(')');
    match (of_name == name, of_version.is_empty() || of_version == version) {
        (true, true) => None,
        (_, true) => Some(of_name.to_owned()),
        (_, false) => Some(format!("{of_name}@{of_version}")),
    }
}

/// The name in `NAME:ARCH (>= VERSION)`.
fn name_of(relation: &str) -> &str {
    relation.trim().split([' ', '(', ':', '[', '<']).next().unwrap_or_default()
}

/// Paragraphs of `Name: value` lines, with blank lines between them; what begins with a blank goes on with the line before.
fn stanzas<'t>(text: &'t str, parsed: &mut Parsed) -> Vec<Stanza<'t>> {
    const FIELDS: [&str; 8] = ["Package", "Status", "Version", "Architecture", "Source", "Depends", "Pre-Depends", "Provides"];
    let mut stanzas = vec![Stanza::default()];
    let mut last: Option<&str> = None;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let range = ByteRange::new(start, start + raw.trim_end().len());
        start += raw.len();
        let line = raw.trim_end();
        if line.is_empty() {
            last = None;
            stanzas.push(Stanza::default());
            continue;
        }
        let Some(stanza) = stanzas.last_mut() else { break };
        if raw.starts_with([' ', '\t']) {
            if let Some(value) = last.and_then(|name| stanza.fields.get_mut(name)) {
                value.push_str(line);
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            parsed.unreadable(range, "a field is `Name: value`");
            last = None;
            continue;
        };
        last = FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
        if let Some(name) = last {
            if stanza.range.is_none() || name == "Package" {
                stanza.range = Some(range);
            }
            stanza.fields.insert(name, value.trim().to_owned());
        }
    }
    stanzas
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn packages_that_are_installed_have_their_source_and_what_they_need() {
        check(
            &READER,
            "var/lib/dpkg/status",
            "Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl (3.0.1-1)
Version: 3.0.1-1+b2
Depends: libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0

Package: debconf
Status: install ok installed
Version: 1.5
Architecture: all
Provides: debconf-2.0
Description: asks
 questions

Package: gone
Status: deinstall ok config-files
Version: 1

Package: libc6
Source: glibc
Status: hold ok installed
Architecture: amd64
Version: 1:2.36
",
            "
deb libssl3 3.0.1-1+b2 @1 arch=amd64 upstream=openssl@3.0.1-1
  -> libc6 1:2.36 runtime
  -> debconf 1.5 runtime
deb debconf 1.5 @8 arch=all
deb libc6 1:2.36 @20 arch=amd64 upstream=glibc
",
        );
    }

    #[test]
    fn images_without_dpkg_have_a_file_for_each_package() {
        check(&READER, "var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a\n", "deb tzdata 2024a @1");
        assert!(crate::reader::of("var/lib/dpkg/status.d/tzdata.md5sums").is_some_and(|reader| reader.name != READER.name));
    }

    #[test]
    fn what_lacks_something_is_said() {
        check(
            &READER,
            "var/lib/dpkg/status",
            "Version: 1\nStatus: install ok installed\n\nPackage: a\n\nnonsense\n",
            "1: unreadable: a package without a name\n4: unreadable: the package `a` has no version\n6: unreadable: a field is `Name: value`",
        );
    }
}
