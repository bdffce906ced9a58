//! Lower case as Go's `strings.ToLower` has it: code point by code point, whatever stands around.

use std::borrow::Cow;

/// The text in lower case.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Owned(text.chars().map(lower_char).collect())
}

fn lower_char(character: char) -> char {
    // The only code point whose lower case is longer than one; Go has the simple mapping.
    if character == '\u{130}' { 'i' } else { character.to_lowercase().next().unwrap_or(character) }
}

/// Code points outside of ASCII whose lower case is ASCII, in UTF-8: `İ` and the Kelvin sign.
pub(super) const LOWER_TO_ASCII: [&str; 2] = ["\u{130}", "\u{212a}"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_point_is_lowered_alone() {
        for (text, expected) in [("aB1", "ab1"), ("ΣΑΣ", "σασ"), ("\u{130}\u{212a}É", "iké"), ("ab", "ab")] {
            assert_eq!(lower(text), expected);
        }
    }

    #[test]
    fn no_other_code_point_becomes_ascii() {
        let found: Vec<char> = ('\u{80}'..=char::MAX).filter(|&c| lower_char(c).is_ascii()).collect();
        assert_eq!(found, LOWER_TO_ASCII.concat().chars().collect::<Vec<_>>());
    }
}
