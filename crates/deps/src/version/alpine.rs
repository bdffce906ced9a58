//! Alpine: `1.2.3a_rc1_p2~hash-r4`, as apk orders it (<https://gitlab.alpinelinux.org/alpine/apk-tools>, `doc/apk-package.5.scd`).
//!
//! What can't be read to its end comes before what can, and is ordered by what is left.

use super::key::{Key, take_digits, take_while};

const END: u8 = 0;
/// Of the numbers after the first, those that start with a zero are compared as texts, and come first.
const WITH_ZERO: u8 = 1;
const NUMBER: u8 = 2;

/// What a suffix comes after; without one a version is in the middle.
const NO_SUFFIX: u8 = 5;
const SUFFIXES: &[(&str, u8)] =
    &[("alpha", 1), ("beta", 2), ("pre", 3), ("rc", 4), ("cvs", 6), ("svn", 7), ("git", 8), ("hg", 9), ("p", 10)];

const CUT: u8 = 0;
const WHOLE: u8 = 1;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let (numbers, after_numbers) = numbers(text);
    encode_numbers(&numbers, key);
    let rest = if numbers.is_empty() { after_numbers } else { after_numbers.strip_prefix('.').unwrap_or(after_numbers) };

    let (letter, rest) = match rest.chars().next() {
        Some(letter) if letter.is_ascii_lowercase() => rest.split_at_checked(1).unwrap_or(("", rest)),
        _ => ("", rest),
    };
    key.text(letter);

    let mut rest = rest;
    while let Some((rank, number, after)) = suffix(rest) {
        key.mark(rank);
        key.number(number);
        rest = after;
    }
    key.mark(NO_SUFFIX);

    // What a commit is called says nothing about its age.
    if let Some(hash) = rest.strip_prefix('~') {
        rest = take_while(hash, |character| matches!(character, '0'..='9' | 'a'..='f')).1;
    }
    let before_build = rest;
    let (build, rest) = rest.strip_prefix("-r").map_or(("", rest), take_digits);
    key.number(build);

    if rest.is_empty() {
        return key.mark(WHOLE);
    }
    key.mark(CUT);
    // apk does not look at what follows a build or another hyphen; else all after the numbers counts, a last dot included.
    let is_ignored = rest.starts_with('-') || rest.len() < before_build.len();
    key.text(if is_ignored { "" } else { after_numbers });
}

/// The numbers between dots, and the rest.
fn numbers(text: &str) -> (Vec<&str>, &str) {
    let mut numbers = Vec::new();
    let mut rest = text;
    let mut next = text;
    loop {
        let (number, after) = take_digits(next);
        if number.is_empty() {
            return (numbers, rest);
        }
        numbers.push(number);
        rest = after;
        let Some(after) = rest.strip_prefix('.') else { return (numbers, rest) };
        next = after;
    }
}

fn encode_numbers(numbers: &[&str], key: &mut Key) {
    let n_significant = numbers.iter().rposition(|number| *number != "0").map_or(0, |position| position + 1);
    for (position, number) in numbers.iter().take(n_significant.max(1)).enumerate() {
        if position != 0 && number.starts_with('0') {
            key.mark(WITH_ZERO);
            key.text(number);
        } else {
            key.mark(NUMBER);
            key.number(number);
        }
    }
    if numbers.is_empty() {
        key.mark(NUMBER);
        key.number("0");
    }
    key.mark(END);
}

fn suffix(text: &str) -> Option<(u8, &str, &str)> {
    let rest = text.strip_prefix('_')?;
    let (name, rest) = take_while(rest, |character| character.is_ascii_lowercase());
    let (_, rank) = SUFFIXES.iter().find(|(suffix, _)| *suffix == name)?;
    let (number, rest) = take_digits(rest);
    Some((*rank, number, rest))
}
