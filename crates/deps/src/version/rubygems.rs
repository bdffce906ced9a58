//! Ruby: `Gem::Version` (<https://docs.ruby-lang.org/en/master/Gem/Version.html>).
//!
//! Words come before numbers, and what is missing is zero. A platform that follows the version is no part of it.

use super::key::{Key, is_number, is_zero, take_digits, take_while};

/// In their order, seen from the end, which stands for zeros without end.
const WORD: u8 = 1;
const ZERO_BEFORE_WORD: u8 = 2;
const END: u8 = 3;
const ZERO_BEFORE_NUMBER: u8 = 4;
const NUMBER: u8 = 5;

/// What a platform's name starts with: <https://docs.ruby-lang.org/en/master/Gem/Platform.html>.
const PLATFORMS: &[&str] = &[
    "java",
    "jruby",
    "x86",
    "x64",
    "i386",
    "i686",
    "arm",
    "aarch64",
    "universal",
    "mswin",
    "mingw",
    "ruby",
    "ppc",
    "powerpc",
    "s390x",
    "riscv64",
];

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let text = without_platform(text);
    let segments = segments(text);
    let n_numbers = segments.iter().take_while(|segment| is_number(segment)).count();
    let (numbers, rest) = segments.split_at_checked(n_numbers).unwrap_or((&segments, &[]));
    let mut rest = without_zeros(numbers).iter().chain(without_zeros(rest)).peekable();
    while rest.peek().is_some() {
        let n_zeros = std::iter::from_fn(|| rest.next_if(|segment| is_zero(segment))).count();
        let next = rest.next();
        // The place of zeros depends on where what follows them is.
        let zero = if next.is_some_and(|next| is_number(next)) { ZERO_BEFORE_NUMBER } else { ZERO_BEFORE_WORD };
        (0..n_zeros).for_each(|_| key.mark(zero));
        match next {
            Some(number) if is_number(number) => {
                key.mark(NUMBER);
                key.number(number);
            }
            Some(word) => {
                key.mark(WORD);
                key.text(word);
            }
            None => {}
        }
    }
    key.mark(END);
}

fn without_platform(text: &str) -> &str {
    match text.split_once('-') {
        Some((version, platform)) if PLATFORMS.iter().any(|name| platform.starts_with(name)) => version,
        _ => text,
    }
}

/// Numbers and words; a hyphen stands for `.pre.`.
fn segments(text: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for (position, part) in text.split('-').enumerate() {
        if position != 0 {
            segments.push("pre");
        }
        let mut rest = part;
        while !rest.is_empty() {
            rest = rest.trim_start_matches('.');
            let (number, after) = take_digits(rest);
            let (word, after) = if number.is_empty() {
                take_while(rest, |character| !character.is_ascii_digit() && character != '.')
            } else {
                (number, after)
            };
            if !word.is_empty() {
                segments.push(word);
            }
            rest = after;
        }
    }
    segments
}

fn without_zeros<'a, 'b>(segments: &'b [&'a str]) -> &'b [&'a str] {
    let n_kept = segments.iter().rposition(|segment| !is_zero(segment)).map_or(0, |position| position + 1);
    segments.get(..n_kept).unwrap_or(segments)
}
