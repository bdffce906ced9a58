//! UTF-16 and UTF-32.

use std::borrow::Cow;

use super::Decoded;
use crate::Encoding;

/// Decodes code units of two or four bytes; nothing if the result is no text.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Decoded<'static>> {
    let decoded = match encoding {
        Encoding::Utf16Le => utf16(bytes, encoding, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(bytes, encoding, u16::from_be_bytes),
        Encoding::Utf32Le => utf32(bytes, encoding, u32::from_le_bytes),
        Encoding::Utf32Be => utf32(bytes, encoding, u32::from_be_bytes),
        Encoding::Utf8 | Encoding::Windows1252 => return None,
    };
    is_text(&decoded.text).then_some(decoded)
}

/// Guesses UTF-16 without a byte-order mark: most texts have characters under U+0100, whose high byte is NUL.
pub(super) fn guess_utf16(head: &[u8]) -> Option<Encoding> {
    const MIN_NUL_PERCENT: usize = 60;
    const MAX_OTHER_NUL_PERCENT: usize = 2;
    let (units, _) = head.as_chunks::<2>();
    let n_first = units.iter().filter(|[first, _]| *first == 0).count();
    let n_second = units.iter().filter(|[_, second]| *second == 0).count();
    let is_mostly = |n: usize| units.len() * MIN_NUL_PERCENT <= n * 100;
    let is_hardly = |n: usize| n * 100 <= units.len() * MAX_OTHER_NUL_PERCENT;
    if units.len() < 2 {
        None
    } else if is_mostly(n_second) && is_hardly(n_first) {
        Some(Encoding::Utf16Le)
    } else if is_mostly(n_first) && is_hardly(n_second) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

fn utf16(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Decoded<'static> {
    let (units, rest) = bytes.as_chunks::<2>();
    let mut is_lossy = !rest.is_empty();
    let mut text = String::with_capacity(units.len());
    for character in char::decode_utf16(units.iter().copied().map(unit)) {
        is_lossy |= character.is_err();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    finish(text, rest, encoding, is_lossy)
}

fn utf32(bytes: &[u8], encoding: Encoding, unit: fn([u8; 4]) -> u32) -> Decoded<'static> {
    let (units, rest) = bytes.as_chunks::<4>();
    let mut is_lossy = !rest.is_empty();
    let mut text = String::with_capacity(units.len());
    for character in units.iter().copied().map(unit).map(char::from_u32) {
        is_lossy |= character.is_none();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    finish(text, rest, encoding, is_lossy)
}

fn finish(mut text: String, rest: &[u8], encoding: Encoding, is_lossy: bool) -> Decoded<'static> {
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Decoded { text: Cow::Owned(text), encoding, is_lossy }
}

/// Whether the start of a decoded text has few characters that texts don't have.
fn is_text(text: &str) -> bool {
    const SAMPLE_CHARACTERS: usize = 4096;
    const MAX_STRANGE_PERCENT: usize = 10;
    let is_strange = |character: &char| {
        let is_layout = matches!(character, '\t' | '\n' | '\r' | '\x0c' | '\x08' | '\x1b');
        *character == char::REPLACEMENT_CHARACTER || (character.is_control() && !is_layout)
    };
    let n_strange = text.chars().take(SAMPLE_CHARACTERS).filter(is_strange).count();
    let n_sampled = text.chars().take(SAMPLE_CHARACTERS).count();
    // One strange character at the end of a short text is a cut, not a sign.
    n_strange <= 1 || n_strange * 100 <= n_sampled * MAX_STRANGE_PERCENT
}
