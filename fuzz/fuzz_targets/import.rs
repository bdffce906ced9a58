//! Reports of every tool: by what they look like, and by each tool's name.

#![no_main]

use bartizan_formats::import::{IMPORTERS, import, write_observation};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, report)) = data.split_first() else { return };
    let named = IMPORTERS[usize::from(*first) % IMPORTERS.len()].id;
    for tool in [None, Some(named)] {
        let mut written = Vec::new();
        let _ = import(&report, tool, &mut |observation| {
            write_observation(&observation, written.is_empty(), &mut written).expect("memory takes every byte");
        });
    }
});
