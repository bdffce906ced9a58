//! Composer: PHP's `version_compare` (<https://www.php.net/manual/function.version-compare.php>), without a leading `v`.
//!
//! Branches (`dev-main`) come before all numbers.

use std::cmp::Ordering;

use super::key::{Key, is_number};

/// In their order; a word that PHP does not know comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unknown,
    Dev,
    Alpha,
    Beta,
    Candidate,
    /// A number, or the end; a `#` in a version equals both.
    Number,
    Patch,
}

/// Marks of a key; numbers come after the end.
const UNKNOWN: u8 = 1;
const DEV: u8 = 2;
const ALPHA: u8 = 3;
const BETA: u8 = 4;
const CANDIDATE: u8 = 5;
const END: u8 = 6;
const NUMBER: u8 = 7;
const PATCH: u8 = 8;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    for part in parts(text) {
        match rank(&part) {
            Rank::Unknown => key.mark(UNKNOWN),
            Rank::Dev => key.mark(DEV),
            Rank::Alpha => key.mark(ALPHA),
            Rank::Beta => key.mark(BETA),
            Rank::Candidate => key.mark(CANDIDATE),
            Rank::Number => {
                key.mark(NUMBER);
                key.number(&part);
            }
            Rank::Patch => key.mark(PATCH),
        }
    }
    key.mark(END);
}

/// Compares versions in which there may be a `#`.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (parts(one), parts(other));
    for pair in one.iter().zip(&other) {
        let order = match pair {
            (left, right) if is_number(left) && is_number(right) => compare_numbers(left, right),
            (left, right) => rank(left).cmp(&rank(right)),
        };
        if order.is_ne() {
            return order;
        }
    }
    let rest = |longer: &[String], shorter: &[String]| {
        let next = longer.iter().skip(shorter.len()).find(|part| *part != "#");
        match next {
            Some(part) if is_number(part) => Ordering::Greater,
            Some(part) => rank(part).cmp(&Rank::Number),
            None => Ordering::Equal,
        }
    };
    if one.len() < other.len() { rest(&other, &one).reverse() } else { rest(&one, &other) }
}

fn compare_numbers(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Numbers and words, between dots, `-`, `_`, `+`, and wherever one follows the other.
fn parts(text: &str) -> Vec<String> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let mut parts = vec![String::new()];
    let mut last: Option<char> = None;
    for character in text.chars() {
        let is_separator = matches!(character, '.' | '-' | '_' | '+');
        let turns = last.is_some_and(|last| last.is_ascii_digit() != character.is_ascii_digit());
        if is_separator || turns {
            parts.push(String::new());
        }
        if !is_separator && let Some(part) = parts.last_mut() {
            part.push(character);
        }
        last = (!is_separator).then_some(character);
    }
    parts
}

fn rank(part: &str) -> Rank {
    if is_number(part) || part.starts_with('#') {
        return Rank::Number;
    }
    // The beginnings of `dev`, `alpha`, `beta`, `RC`, `rc` and `pl` count, as in PHP.
    const WORDS: &[(&str, Rank)] =
        &[("dev", Rank::Dev), ("a", Rank::Alpha), ("b", Rank::Beta), ("RC", Rank::Candidate), ("rc", Rank::Candidate), ("p", Rank::Patch)];
    WORDS.iter().find(|(word, _)| part.starts_with(word)).map_or(Rank::Unknown, |(_, rank)| *rank)
}
