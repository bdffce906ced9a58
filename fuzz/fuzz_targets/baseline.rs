//! Baseline files.

#![no_main]

use bartizan_scan::Baseline;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(baseline) = Baseline::read(data) else { return };
    let written = baseline.to_json();
    let again = Baseline::read(written.as_bytes()).expect("what was written can be read");
    assert_eq!(again.to_json(), written);
});
