//! Code-owners files, in all dialects, and paths that are asked about.

#![no_main]

use bartizan_formats::codeowners::{CodeOwners, Dialect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The last line is the path.
    let split = data.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
    let (file, path) = data.split_at(split);
    for dialect in Dialect::ALL {
        let (owners, _) = CodeOwners::parse(file, &"CODEOWNERS".into(), dialect);
        let _ = owners.owners_of(path);
    }
});
