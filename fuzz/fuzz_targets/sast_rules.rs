//! Rules of the static analysis: a file that is refused has a reason, one that isn't can be described and compiled.

#![no_main]

use std::sync::Arc;

use bartizan_core::RuleOrigin;
use bartizan_sast::{Plan, models, rule::read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = read(text);
    for problem in &parsed.problems {
        assert!(!problem.message.contains('\n') && 1 <= problem.span.line, "a problem without a place");
    }
    for rule in &parsed.rules {
        drop(rule.describe(RuleOrigin::BuiltIn));
    }
    // Their patterns and expressions are compiled, or there is a reason.
    drop(Plan::compile(parsed.rules.into_iter().map(Arc::new), models()));
});
