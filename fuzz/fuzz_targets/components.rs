//! Readers of manifests and lock files: any text, for every reader. Places lie in the text, and edges end at packages.

#![no_main]

use bartizan_deps::{READERS, SourceText, Target};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let reader = READERS[usize::from(*choice) % READERS.len()];
    let Ok(text) = std::str::from_utf8(bytes) else {
        drop(reader.read_bytes("x", bytes));
        return;
    };
    let Some(parsed) = reader.read_text(&SourceText { path: "x", text }) else { return };
    let inventory = &parsed.inventory;
    let ranges = inventory.packages.iter().map(|package| package.byte_range());
    let ranges = ranges.chain(inventory.edges.iter().filter_map(|edge| edge.byte_range()));
    for range in ranges.chain(parsed.problems.iter().map(|problem| problem.range)) {
        assert!(range.end() <= text.len(), "{} gives a place behind the end", reader.name);
    }
    for edge in &inventory.edges {
        assert!(inventory.package(edge.dependent).is_some(), "{} gives an edge from nowhere", reader.name);
        if let Target::Package(index) = edge.target {
            assert!(inventory.package(index).is_some(), "{} gives an edge to nowhere", reader.name);
        }
    }
});
