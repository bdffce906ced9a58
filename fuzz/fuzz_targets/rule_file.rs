//! Rule files, and the examples in them.

#![no_main]

use bartizan_secrets::rule::{check_examples, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse(text, "rule.yaml".into()) {
        Ok(rule) => drop(check_examples(rule)),
        Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
    }
});
