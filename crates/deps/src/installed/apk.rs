//! Reads what apk knows of installed packages: `lib/apk/db/installed`.
//!
//! The format: <https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2>. A paragraph is a package; each line begins with a
//! letter.

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Ecosystem, Package, PackageIndex, Parsed, Read, Reader, Role, SourceText, System, installed, line};

/// `lib/apk/db/installed`.
pub(crate) static READER: Reader =
    Reader { name: "apk", claims: &[Claim::Root("lib/apk/db/installed"), Claim::Root("usr/lib/apk/db/installed")], read: Read::Text(read) };

#[derive(Default)]
struct Entry<'t> {
    range: Option<ByteRange>,
    name: &'t str,
    version: &'t str,
    architecture: &'t str,
    licence: &'t str,
    origin: &'t str,
    needs: &'t str,
    provides: &'t str,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let mut system = System::default();
    let mut by_name: HashMap<&str, PackageIndex> = HashMap::new();
    let mut wanted: Vec<(PackageIndex, &str)> = Vec::new();
    let mut entry = Entry::default();
    let mut folder = "";
    let end = ByteRange::new(source.text.len(), source.text.len());
    for (range, line) in line::of(source.text).chain([(end, "")]) {
        if line.is_empty() {
            if let Some(range) = entry.range {
                finish(&std::mem::take(&mut entry), range, &mut by_name, &mut wanted, &mut parsed);
            }
            continue;
        }
        let Some((letter, value)) = line.split_once(':').filter(|(letter, _)| letter.len() == 1) else {
            parsed.unreadable(range, "a line is a letter, a colon and a value");
            continue;
        };
        entry.range = entry.range.or(Some(range));
        match letter {
            "P" => (entry.name, entry.range) = (value, Some(range)),
            "V" => entry.version = value,
            "A" => entry.architecture = value,
            "L" => entry.licence = value,
            "o" => entry.origin = value,
            "D" => entry.needs = value,
            "p" => entry.provides = value,
            "F" => folder = value,
            "R" => installed::own(&mut system.owned, &format!("{folder}/{value}")),
            _ => {}
        }
    }
    for (dependent, need) in wanted {
        if let Some(&target) = by_name.get(name_of(need)).filter(|target| **target != dependent) {
            parsed.inventory.depends(dependent, target, Scope::Runtime);
        }
    }
    parsed.inventory.edges.dedup();
    parsed.inventory.system = (!system.owned.is_empty()).then(|| Box::new(system));
    parsed
}

fn finish<'t>(
    entry: &Entry<'t>,
    range: ByteRange,
    by_name: &mut HashMap<&'t str, PackageIndex>,
    wanted: &mut Vec<(PackageIndex, &'t str)>,
    parsed: &mut Parsed,
) {
    if entry.name.is_empty() {
        return parsed.unreadable(range, "a package without a name");
    }
    if entry.version.is_empty() {
        return parsed.unreadable(range, format!("the package `{}` has no version", entry.name));
    }
    let mut qualifiers = Vec::new();
    if !entry.architecture.is_empty() {
        qualifiers.push(("arch".to_owned(), entry.architecture.to_owned()));
    }
    if !entry.origin.is_empty() && entry.origin != entry.name {
        qualifiers.push(("upstream".to_owned(), entry.origin.to_owned()));
    }
    let licences = Some(entry.licence).filter(|licence| !licence.is_empty()).map(str::to_owned).into_iter().collect();
    let package = Package { qualifiers, licences, ..Package::dependency(Ecosystem::Apk, entry.name, Some(entry.version), range) };
    let index = parsed.inventory.add(package);
    by_name.insert(entry.name, index);
    for provided in entry.provides.split_ascii_whitespace() {
        by_name.entry(name_of(provided)).or_insert(index);
    }
    wanted.extend(entry.needs.split_ascii_whitespace().filter(|need| !need.starts_with('!')).map(|need| (index, need)));
}

/// The name in `so:libc.musl-x86_64.so.1=1` or `busybox>=1.36`.
fn name_of(relation: &str) -> &str {
    relation.split(['=', '<', '>', '~']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::{SourceText, fixture::check};

    const DATABASE: &str = "C:Q1x=
P:musl
V:1.2.4-r2
A:x86_64
L:MIT
o:musl
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1

P:busybox-binsh
V:1.36.1-r5
A:x86_64
L:GPL-2.0-only
o:busybox
D:so:libc.musl-x86_64.so.1 busybox=1.36.1-r5 !gone
F:usr/lib/python3.11/site-packages/six-1.16.0-py3.11.egg-info
R:PKG-INFO
";

    #[test]
    fn packages_have_their_origin_and_what_they_need() {
        check(
            &READER,
            "lib/apk/db/installed",
            DATABASE,
            "
apk musl 1.2.4-r2 @2 arch=x86_64 (MIT)
apk busybox-binsh 1.36.1-r5 @11 arch=x86_64 upstream=busybox (GPL-2.0-only)
  -> musl 1.2.4-r2 runtime
",
        );
        let parsed = READER.read_text(&SourceText { path: "lib/apk/db/installed", text: DATABASE }).unwrap();
        assert_eq!(parsed.inventory.system.unwrap().owned, ["lib/python3.11/site-packages/six-1.16.0-py3.11.egg-info/PKG-INFO"]);
    }

    #[test]
    fn what_lacks_something_is_said() {
        check(
            &READER,
            "lib/apk/db/installed",
            "P:a\n\nV:1\n\nnonsense\n",
            "1: unreadable: the package `a` has no version\n3: unreadable: a package without a name\n5: unreadable: a line is a letter, a colon and a value",
        );
    }
}
