//! Semantic Versioning 2.0.0 (<https://semver.org/spec/v2.0.0.html>), read leniently.
//!
//! A leading `v` or `=` is ignored, numbers may be missing (they are zero) or more than three, and what follows the numbers without
//! a hyphen is a pre-release, too: `1.21rc2`. Builds have no order.

use super::key::{Key, is_number, is_zero, take_digits};

const END: u8 = 0;
const NUMBER: u8 = 1;
const WORD: u8 = 2;
const PRE_RELEASE: u8 = 1;
const RELEASE: u8 = 2;

/// A version of numbers and the rest.
pub(super) struct Parts<'a> {
    pub(super) numbers: Vec<&'a str>,
    /// Without the hyphen before it.
    pub(super) pre_release: &'a str,
    /// Without the plus sign before it.
    pub(super) build: &'a str,
}

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let parts = parse(text);
    encode_numbers(&parts.numbers, key);
    encode_pre_release(parts.pre_release, key);
}

/// Takes a version apart.
pub(super) fn parse(text: &str) -> Parts<'_> {
    let text = text.trim_start_matches(['=', ' ']);
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (version, build) = text.split_once('+').unwrap_or((text, ""));
    let mut numbers = Vec::new();
    let mut rest = version;
    loop {
        let (number, after) = take_digits(rest);
        if number.is_empty() {
            break;
        }
        numbers.push(number);
        rest = after;
        let Some(after) = rest.strip_prefix('.') else { break };
        rest = after;
    }
    Parts { numbers, pre_release: rest.strip_prefix('-').unwrap_or(rest), build }
}

/// Numbers, of which those that are missing are zero.
pub(super) fn encode_numbers(numbers: &[&str], key: &mut Key) {
    let n_significant = numbers.iter().rposition(|number| !is_zero(number)).map_or(0, |position| position + 1);
    for number in numbers.iter().take(n_significant) {
        key.mark(NUMBER);
        key.number(number);
    }
    key.mark(END);
}

/// A pre-release, which comes before the release.
pub(super) fn encode_pre_release(pre_release: &str, key: &mut Key) {
    if pre_release.is_empty() {
        return key.mark(RELEASE);
    }
    key.mark(PRE_RELEASE);
    encode_identifiers(pre_release.split('.'), key);
}

/// Identifiers: numbers before words, fewer before more.
pub(super) fn encode_identifiers<'a>(identifiers: impl Iterator<Item = &'a str>, key: &mut Key) {
    for identifier in identifiers {
        if is_number(identifier) {
            key.mark(NUMBER);
            key.number(identifier);
        } else {
            key.mark(WORD);
            key.text(identifier);
        }
    }
    key.mark(END);
}
