//! Patterns in the language that the first byte chooses: a tree, or a reason why there is none.

#![no_main]

use bartizan_sast::probe;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&language, text)) = data.split_first() else { return };
    assert_eq!(probe::pattern(language.into(), &String::from_utf8_lossy(text)), Ok(()));
});
