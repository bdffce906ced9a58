//! Decoding and archives: any bytes, under names that make them look like every kind of archive.

#![no_main]

use bartizan_source::{Input, Interest, Limits, Options, discover};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = ["a", "a.zip", "a.tar", "a.tar.gz", "a.zst", "a.xz", "a.bz2", "a.txt"];

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    // Small limits, so that they are reached.
    let limits =
        Limits { max_file_bytes: 1 << 20, max_archive_bytes: 4 << 20, max_archive_entries: 64, max_archive_depth: 4, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let input = Input::Stdin { name: name.to_owned(), bytes: bytes.to_vec() };
    let Ok(discovery) = discover(&input, &options, &|_| ()) else { return };
    let mut problems = Vec::new();
    for file in &discovery.files {
        file.open(&options, &mut problems, &mut |_| Interest::Bytes, &mut |info, content| {
            assert!(content.bytes.len() <= 4 << 20, "{} is larger than the limit", info.path);
        });
    }
});
