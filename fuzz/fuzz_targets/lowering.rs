//! Source text in the language that the first byte chooses: a tree whose nodes lie within each other and within the text.

#![no_main]

use bartizan_sast::probe;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&language, text)) = data.split_first() else { return };
    assert_eq!(probe::lower(language.into(), &String::from_utf8_lossy(text)), Ok(()));
});
