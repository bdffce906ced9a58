//! What advisories are made of: records, lists of what is exploited, and the files that are kept of them.

#![no_main]

use bartizan_deps::{
    advisory::{Inventory, Segment, pack, read_record, unpack},
    exploited::{ListKind, Table, read_epss, read_kev},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for name in ["a.json", "a.yaml", "a.md"] {
        if let Some(Ok(record)) = read_record(name, data) {
            assert_eq!(unpack(&pack([&record])).expect("what was packed can be read").len(), 1);
        }
    }
    for list in [read_kev(data), read_epss(data)].into_iter().flatten().flatten() {
        assert!(Table::open(list.kind, list.to_bytes()).is_some_and(|table| table.is_unchanged()));
    }
    for kind in ListKind::ALL {
        let _ = Table::open(kind, data.to_vec());
    }
    let _ = unpack(data);
    let _ = Inventory::from_bytes(data);
    let _ = Segment::open(data.to_vec());
});
