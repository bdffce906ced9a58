//! Text that cannot pretend: characters that steer a terminal, a browser or a parser are shown instead of obeyed.

use std::borrow::Cow;

/// The text with every character that has an effect instead of a shape written as `\u{202e}`; line breaks and tabs stay.
///
/// These are control characters, marks that change the direction of writing, characters without width, and what XML 1.0
/// forbids. Scanned files choose the texts of a report: without this, a file name could rewrite the line that it stands in.
///
/// ```
/// use bartizan_formats::visible;
/// assert_eq!(visible("a\tb\n"), "a\tb\n");
/// assert_eq!(visible("\u{1b}[2J\u{202e}gpj.exe"), "\\u{1b}[2J\\u{202e}gpj.exe");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |character| !matches!(character, '\n' | '\t') && has_no_shape(character))
}

/// The same on one line: line breaks and tabs are written as `\n`, `\r`, `\t`.
pub(crate) fn visible_line(text: &str) -> Cow<'_, str> {
    escape(text, has_no_shape)
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_escaped(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

const fn has_no_shape(character: char) -> bool {
    matches!(
        character,
        // Controls; line and paragraph separators.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{2029}'
        // Direction: marks, embeddings, overrides, isolates. Unicode Standard Annex 9.
        | '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // No width. Joiners are part of emoji and of several scripts, and stay.
        | '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        // No characters at all; XML 1.0, production 2, has no place for the first two.
        | '\u{fffe}'..='\u{ffff}' | '\u{fdd0}'..='\u{fdef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(visible("Grüße 👩‍💻 عربى"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(visible_line("a\r\nb\u{85}c\u{2028}d\te"), "a\\r\\nb\\u{85}c\\u{2028}d\\te");
    }

    #[test]
    fn what_xml_forbids_is_shown() {
        assert_eq!(visible("\0\u{b}\u{fffe}"), "\\u{0}\\u{b}\\u{fffe}");
    }
}
