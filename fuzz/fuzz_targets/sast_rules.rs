//! Rules of the static analysis: a file that is refused has a reason, one that isn't can be described.

#![no_main]

use bartizan_core::RuleOrigin;
use bartizan_sast::rule::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = read(text);
    for problem in &parsed.problems {
        assert!(!problem.message.contains('\n') && 1 <= problem.span.line, "a problem without a place");
    }
    for rule in &parsed.rules {
        drop(rule.describe(RuleOrigin::BuiltIn));
    }
});
