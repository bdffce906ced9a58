//! VEX documents of every format, and what is written from them.

#![no_main]

use bartizan_core::Tool;
use bartizan_formats::{
    Timestamp,
    vex::{self, Format},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(parsed) = vex::read(data) else { return };
    for format in [Format::OpenVex, Format::CycloneDx] {
        let mut written = Vec::new();
        vex::write(&parsed.value, format, &Tool::default(), Timestamp::MIN, &mut written).expect("memory takes every byte");
        vex::read(&written).expect("what was written can be read");
    }
});
