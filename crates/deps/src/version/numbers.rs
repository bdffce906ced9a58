//! Lists of numbers, where more come after fewer: R (<https://rdrr.io/r/base/numeric_version.html>) and Haskell
//! (<https://hackage.haskell.org/package/base/docs/Data-Version.html>).
//!
//! Dots and hyphens are the same, and what is no number comes before all numbers.

use super::key::{Key, is_number};

const END: u8 = 0;
const WORD: u8 = 1;
const NUMBER: u8 = 2;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    for part in text.split(['.', '-']).filter(|_| !text.is_empty()) {
        if is_number(part) {
            key.mark(NUMBER);
            key.number(part);
        } else {
            key.mark(WORD);
            key.text(part);
        }
    }
    key.mark(END);
}
