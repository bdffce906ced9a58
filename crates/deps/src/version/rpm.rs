//! RPM: `[epoch:]version[-release]`, each compared as rpmvercmp does (<https://rpm-software-management.github.io/rpm/manual/dependencies.html>).
//!
//! A version without a release comes before those with one; when dependencies are resolved it would equal all of them.

use super::key::{Key, is_number, take_digits, take_while};

/// In their order: a tilde is older than the end, a caret newer than it but older than everything else.
const TILDE: u8 = 1;
const END: u8 = 2;
const CARET: u8 = 3;
const LETTERS: u8 = 4;
const NUMBER: u8 = 5;

/// Before everything, there is nothing at all: an empty text, or no release.
const ABSENT: u8 = 0;
const PRESENT: u8 = 1;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        Some(("", rest)) => ("0", rest),
        _ => ("0", text),
    };
    let (version, release) = rest.split_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
    key.number(epoch);
    encode_part(Some(version).filter(|version| !version.is_empty()), key);
    encode_part(release, key);
}

fn encode_part(text: Option<&str>, key: &mut Key) {
    let Some(text) = text else { return key.mark(ABSENT) };
    key.mark(PRESENT);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|character: char| !character.is_ascii_alphanumeric() && character != '~' && character != '^');
        let (number, after_number) = take_digits(rest);
        let (letters, after_letters) = take_while(rest, |character| character.is_ascii_alphabetic());
        if let Some(after) = rest.strip_prefix('~') {
            key.mark(TILDE);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('^') {
            key.mark(CARET);
            rest = after;
        } else if !number.is_empty() {
            key.mark(NUMBER);
            key.number(number);
            rest = after_number;
        } else if !letters.is_empty() {
            key.mark(LETTERS);
            key.text(letters);
            rest = after_letters;
        } else {
            break;
        }
    }
    key.mark(END);
}
