//! Reads the modules that a program of Go was built from: `debug/buildinfo` of Go's library, in the format of Go 1.18 (in place) and
//! the one before (by pointers).

use bartizan_core::{ByteRange, Scope};

use super::object::{Numbers, Object};
use crate::{Ecosystem, Package, PackageIndex, Parsed, golang};

const MAGIC: &[u8] = b"\xff Go buildinf:";
const HEADER_BYTES: usize = 32;
/// Go looks at every sixteenth byte.
const ALIGNMENT: usize = 16;
const IS_BIG_ENDIAN: u8 = 1;
const IS_IN_PLACE: u8 = 2;
/// The list of modules stands between two marks of this length.
const MARK_BYTES: usize = 16;
/// The longest list, in bytes.
const MAX_LIST_BYTES: u64 = 16 << 20;
/// So many places that may hold the list are looked at.
const MAX_CANDIDATES: usize = 64;

pub(super) fn read(object: &Object<'_>, parsed: &mut Parsed) {
    let Some((version, modules)) = find(object) else { return };
    let place = ByteRange::new(0, 0);
    let main = add_modules(&modules, parsed);
    let module = main.and_then(|main| parsed.inventory.packages.get_mut(usize::try_from(main.0).ok()?));
    if let Some(module) = module.filter(|module| module.version.is_none()) {
        module.version = linked_version(&modules, &module.name);
    }
    let number = version.split(' ').next().unwrap_or_default().strip_prefix("go").filter(|number| !number.is_empty());
    let library = parsed.inventory.add(Package::dependency(Ecosystem::Golang, "stdlib", number, place));
    if let Some(main) = main {
        parsed.inventory.depends(main, library, Scope::Runtime);
    }
    if number.is_none() {
        parsed.unresolved(place, format!("the program was built with Go `{version}`, which is no release"));
    }
}

/// The version of Go, and the list.
fn find(object: &Object<'_>) -> Option<(String, String)> {
    let named = [b".go.buildinfo".as_slice(), b"__go_buildinfo"].into_iter().find_map(|name| object.section(name));
    let writable = object.segments.iter().filter(|segment| segment.is_writable).map(|segment| segment.bytes);
    named.into_iter().chain(writable).find_map(|bytes| {
        let places = memchr::memmem::find_iter(bytes, MAGIC).filter(|at| at.is_multiple_of(ALIGNMENT));
        places.take(MAX_CANDIDATES).find_map(|at| at_place(object, bytes.get(at..)?))
    })
}

fn at_place(object: &Object<'_>, bytes: &[u8]) -> Option<(String, String)> {
    let (pointer_bytes, flags) = (*bytes.get(14)?, *bytes.get(15)?);
    let (version, list) = if flags & IS_IN_PLACE != 0 {
        let (version, rest) = sized(bytes.get(HEADER_BYTES..)?)?;
        (version, sized(rest).map_or(&[][..], |(list, _)| list))
    } else {
        let is_wide = match pointer_bytes {
            4 => false,
            8 => true,
            _ => return None,
        };
        let numbers = Numbers { bytes, is_big_endian: flags & IS_BIG_ENDIAN != 0 };
        let text = |at: usize| {
            let header = object.memory(numbers.word(at, is_wide)?)?;
            let header = Numbers { bytes: header, ..numbers };
            let (address, length) = (header.word(0, is_wide)?, header.word(usize::from(pointer_bytes), is_wide)?);
            object.memory(address)?.get(..usize::try_from(length).ok().filter(|_| length <= MAX_LIST_BYTES)?)
        };
        (text(16)?, text(16 + usize::from(pointer_bytes)).unwrap_or_default())
    };
    let version = std::str::from_utf8(version).ok().filter(|version| !version.is_empty() && !version.contains(char::is_control))?;
    let list = list.get(MARK_BYTES..).and_then(|list| list.get(..list.len().checked_sub(MARK_BYTES)?)).unwrap_or_default();
    Some((version.to_owned(), String::from_utf8_lossy(list).into_owned()))
}

/// A text with its length before it, seven bits a byte, the least first.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_u64;
    for (index, &byte) in bytes.iter().take(9).enumerate() {
        length |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let length = usize::try_from(length).ok().filter(|_| length <= MAX_LIST_BYTES)?;
            return bytes.get(index + 1..)?.split_at_checked(length);
        }
    }
    None
}

/// Adds the modules of a list; gives the one that the program is of.
///
/// ```text
/// mod     example.com/app  (devel)
/// dep     example.com/a    v1.0.0   h1:…
/// =>      example.com/b    v1.1.0   h1:…
/// ```
fn add_modules(list: &str, parsed: &mut Parsed) -> Option<PackageIndex> {
    let place = ByteRange::new(0, 0);
    let mut modules: Vec<(bool, &str, Package)> = Vec::new();
    for line in list.lines() {
        let mut words = line.split('\t');
        let (word, path, version) = (words.next().unwrap_or_default(), words.next(), words.next());
        let Some(path) = path.filter(|path| !path.is_empty()) else { continue };
        let version = version.filter(|version| *version != "(devel)" && !version.is_empty());
        match word {
            "mod" | "dep" => modules.push((word == "mod", path, Package::dependency(Ecosystem::Golang, path, version, place))),
            "=>" => {
                if let Some((_, replaced, module)) = modules.last_mut() {
                    *module = golang::replacement(path, version, replaced, place);
                }
            }
            _ => {}
        }
    }
    let added: Vec<(bool, PackageIndex)> =
        modules.into_iter().map(|(is_main, _, module)| (is_main, parsed.inventory.add(module))).collect();
    let main = added.iter().find(|(is_main, _)| *is_main).map(|(_, index)| *index)?;
    for (_, module) in added.iter().filter(|(is_main, _)| !is_main) {
        parsed.inventory.depends(main, *module, Scope::Runtime);
    }
    Some(main)
}

/// The version that was set when the program was linked, as its makers usually do: `-X main.version=1.2.3`.
///
/// Of several variables one of the program itself counts most, then one of its module.
fn linked_version(list: &str, module: &str) -> Option<String> {
    let flags = list.lines().find_map(|line| line.strip_prefix("build\t-ldflags="))?;
    let settings = flags.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).filter_map(|word| word.split_once('='));
    let worth = |name: &str| {
        let (package, variable) = name.rsplit_once('.')?;
        let is_version = variable.eq_ignore_ascii_case("version") || variable.eq_ignore_ascii_case("ver");
        let worth = if package == "main" { 2 } else { i32::from(package.starts_with(module)) };
        (is_version && 0 < worth).then_some(worth)
    };
    let versions = settings.filter_map(|(name, value)| Some((worth(name.trim_start_matches("-X"))?, with_v(value)?)));
    // Of equals the first.
    versions.fold(None, |best: Option<(i32, String)>, next| best.filter(|best| next.0 <= best.0).or(Some(next))).map(|(_, version)| version)
}

/// A version as modules have it: `v1.2.3`.
fn with_v(value: &str) -> Option<String> {
    let version = format!("v{}", value.strip_prefix('v').unwrap_or(value));
    golang::is_version(&version).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::show,
        installed::program::object::{Section, Segment},
    };

    fn list() -> Vec<u8> {
        let lines = "path\tx/cmd\nmod\tx\t(devel)\t\ndep\ta\tv1.0.0\th1:=\n=>\tb\tv1.1.0\th1:=\nbuild\t-compiler=gc\n";
        [&[b'<'; 16], lines.as_bytes(), &[b'>'; 16]].concat()
    }

    #[track_caller]
    fn check(object: &Object<'_>, expected: &str) {
        let mut parsed = Parsed::default();
        read(object, &mut parsed);
        assert_eq!(show(&parsed, "").trim(), expected.trim());
    }

    const EXPECTED: &str = "
golang x ? @1
  -> b v1.1.0 runtime
  -> stdlib 1.21.3 runtime
golang b v1.1.0 @1
golang stdlib 1.21.3 @1";

    #[test]
    fn a_list_in_place_is_read() {
        let list = list();
        let length = u8::try_from(list.len()).unwrap();
        let header = [MAGIC, &[8, 2], &[0; 16], &[8], b"go1.21.3", &[length | 0x80, length >> 7], &list].concat();
        let section = Section { name: b".go.buildinfo", bytes: &header };
        check(&Object { sections: vec![section], segments: Vec::new() }, EXPECTED);
        for end in 0..header.len() {
            let section = Section { name: b".go.buildinfo", bytes: &header[..end] };
            let mut parsed = Parsed::default();
            read(&Object { sections: vec![section], segments: Vec::new() }, &mut parsed);
        }
    }

    #[test]
    fn a_list_behind_pointers_is_read() {
        let list = list();
        let base = 0x1000_u32;
        let mut memory = [MAGIC, &[4, 1], &(base + 32).to_be_bytes(), &(base + 40).to_be_bytes(), &[0; 8]].concat();
        memory.extend((base + 48).to_be_bytes().into_iter().chain(19_u32.to_be_bytes()));
        memory.extend((base + 67).to_be_bytes().into_iter().chain(u32::try_from(list.len()).unwrap().to_be_bytes()));
        memory.extend_from_slice(b"go1.21.3 X:strictly");
        memory.extend_from_slice(&list);
        let segment = Segment { address: base.into(), bytes: &memory, is_writable: true };
        check(&Object { sections: Vec::new(), segments: vec![segment] }, EXPECTED);
    }

    #[test]
    fn a_program_may_know_its_version_from_its_linker() {
        let version = |flags: &str| linked_version(&format!("mod\tx\nbuild\t-ldflags={flags}\n"), "example.com/x");
        assert_eq!(version(r#""-s -w -X main.version=1.2.3 -X main.commit=0a""#).as_deref(), Some("v1.2.3"));
        assert_eq!(version(r#""-X 'example.com/x/ver.Version=v2.0.0-rc.1' -X other.Version=9.9.9""#).as_deref(), Some("v2.0.0-rc.1"));
        assert_eq!(version(r#""-X example.com/x.Version=1.0.0 -X=main.Version=3.0.0""#).as_deref(), Some("v1.0.0"));
        assert_eq!(version("-X main.version=dev"), None);
    }

    #[test]
    fn a_program_without_a_list_has_a_version_at_least() {
        let header = [MAGIC, &[8, 2], &[0; 16], &[20], b"devel go1.23-0123456", &[0]].concat();
        let section = Section { name: b"__go_buildinfo", bytes: &header };
        check(
            &Object { sections: vec![section], segments: Vec::new() },
            "golang stdlib ? @1\n1: unresolved: the program was built with Go `devel go1.23-0123456`, which is no release",
        );
    }
}
