//! Expressions in PCRE's dialect, and texts that they are run on.

#![no_main]

use bartizan_sast::regex::{Flags, Outcome, Regex};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&str, &str)| {
    let (pattern, text) = data;
    let Ok(regex) = Regex::new(pattern, Flags::PATTERN) else { return };
    let required = regex.required_literals();
    for found in regex.find_iter(text) {
        let Outcome::Done(range) = found else { return };
        let Some(found) = text.get(range) else { panic!("a match cuts a character in two") };
        // `\K` cuts what was matched before it.
        let holds = |list: &Vec<String>| list.iter().any(|literal| found.contains(literal) || text.contains(literal));
        assert!(required.iter().all(holds), "a match without what it requires");
    }
});
