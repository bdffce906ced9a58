//! Readers of bytes: databases of packages and programs, with beginnings that make them look like every kind. Edges end at packages.

#![no_main]

use bartizan_deps::{READERS, Read, Target};
use libfuzzer_sys::fuzz_target;

/// SQLite, NDB, Berkeley DB, ELF (32 and 64 bits), PE, Mach-O and Mach-O for several machines.
const BEGINNINGS: [&[u8]; 9] = [
    b"",
    b"SQLite format 3\0\x02\0",
    b"RpmP",
    b"\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0\0\0\0\0\0\x02\0\0",
    b"\x7fELF\x01\x01",
    b"\x7fELF\x02\x01",
    b"MZ",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let bytes = [BEGINNINGS[usize::from(*choice) % BEGINNINGS.len()], bytes].concat();
    for reader in READERS.iter().filter(|reader| matches!(reader.read, Read::Bytes(_))) {
        let Some(parsed) = reader.read_bytes("x", &bytes) else { continue };
        for edge in &parsed.inventory.edges {
            assert!(parsed.inventory.package(edge.dependent).is_some(), "{} gives an edge from nowhere", reader.name);
            if let Target::Package(index) = edge.target {
                assert!(parsed.inventory.package(index).is_some(), "{} gives an edge to nowhere", reader.name);
            }
        }
    }
});
