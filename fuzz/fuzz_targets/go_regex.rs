//! Expressions in Go's dialect, and texts that they are run on.

#![no_main]

use bartizan_secrets::go_regex::{Pattern, Regex};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&str, &str)| {
    let (pattern, text) = data;
    let Ok(pattern) = Pattern::parse(pattern) else { return };
    let regex = Regex::new(pattern);
    for found in regex.find_all(text) {
        assert!(text.get(found.range()).is_some(), "a match cuts a character in two");
    }
});
