//! Text as a terminal shows it: its width, its wrapping, and nothing in it that a terminal would obey.

use std::{borrow::Cow, path::Path};

use bartizan_core::ArtifactPath;
use unicode_width::UnicodeWidthChar;

/// The columns that a text takes; each character counts for itself, so that no terminal needs more.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The columns that a character takes.
pub(crate) fn char_width(character: char) -> usize {
    character.width().unwrap_or(1)
}

/// The same text, with a visible stand-in for every character that a terminal would obey or hide.
///
/// ```text
/// ESC [ 2 J  becomes  ␛[2J
/// ```
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| stand_in(character) == character) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(stand_in).collect())
}

/// What is shown for a character: itself, unless a terminal would obey or hide it.
pub(crate) fn stand_in(character: char) -> char {
    const CONTROL_PICTURES: u32 = 0x2400;
    match character {
        '\0'..='\x1f' => char::from_u32(CONTROL_PICTURES + u32::from(character)).unwrap_or('�'),
        '\x7f' => '␡',
        '\u{80}'..='\u{9f}' => '�',
        // What is not seen, or turns the reading direction: a line must not look like another one.
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '�',
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => '�',
        _ => character,
    }
}

/// A path of this machine for people, harmless and on one line.
pub(crate) fn path(path: &Path) -> String {
    let shown = ArtifactPath::from_bytes(path.as_os_str().as_encoded_bytes()).to_string();
    harmless(&shown).into_owned()
}

/// Wraps text at white space into lines of at most `columns`; longer words are broken. Line breaks in the text are kept.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    for paragraph in text.trim().lines() {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_whitespace() {
            for piece in pieces(&harmless(word), columns) {
                let wide = width(piece.text);
                let gap = usize::from(0 < used && piece.starts_word);
                if columns < used + gap + wide {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                } else if gap == 1 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(piece.text);
                used += wide;
            }
        }
        lines.push(line);
    }
    lines
}

/// Breaks a text that is no prose, such as a path, into lines of at most `columns`; every character is kept.
pub(crate) fn fold(text: &str, columns: usize) -> Vec<String> {
    pieces(&harmless(text), columns.max(8)).iter().map(|piece| piece.text.to_owned()).collect()
}

struct Piece<'a> {
    text: &'a str,
    starts_word: bool,
}

/// A word in pieces of at most `columns`, broken after `/`, `-` or `_` if there is one, else anywhere.
fn pieces(word: &str, columns: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while columns < width(rest) {
        let mut used = 0;
        let mut end = 0;
        let mut good_end = 0;
        for (offset, character) in rest.char_indices() {
            used += char_width(character);
            if columns < used {
                break;
            }
            end = offset + character.len_utf8();
            if matches!(character, '/' | '-' | '_' | ',' | ';' | ':') {
                good_end = end;
            }
        }
        let cut = if end / 3 < good_end { good_end } else { end };
        let Some((piece, tail)) = rest.split_at_checked(cut).filter(|(piece, _)| !piece.is_empty()) else { break };
        pieces.push(Piece { text: piece, starts_word: pieces.is_empty() });
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece { text: rest, starts_word: pieces.is_empty() });
    }
    pieces
}

/// The text, cut to the given columns; `…` stands for what was cut.
pub(crate) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let mut kept = String::new();
    for character in text.chars() {
        used += char_width(character);
        if columns < used {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// The first sentence of a text: what ends in `.`, `!` or `?` before white space.
pub(crate) fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let ends_here = matches!(character, '.' | '!' | '?') && characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        // `e.g. this` does not end a sentence, and neither does `S. Miller`.
        let next_is_lower = text.get(offset + 1..).and_then(|rest| rest.trim_start().chars().next()).is_some_and(char::is_lowercase);
        if ends_here && !next_is_lower {
            return text.get(..=offset).unwrap_or(text);
        }
    }
    text
}

/// A number with its noun: `1 file`, `2 files`.
pub(crate) fn count(n: u64, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {}", grouped(n), if n == 1 { noun } else { &plural })
}

/// A number with its digits in groups of three: `12,345`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if 0 < index && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A number of bytes for people: `512 B`, `1.5 KiB`.
pub(crate) fn bytes(n: u64) -> String {
    const STEP: u128 = 1024;
    let mut unit = 1;
    let mut name = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if u128::from(n) < unit * STEP {
            break;
        }
        unit *= STEP;
        name = next;
    }
    if unit == 1 {
        return format!("{n} B");
    }
    let tenths = u64::try_from(u128::from(n) * 10 / unit).unwrap_or(u64::MAX);
    format!("{}.{} {name}", grouped(tenths / 10), tenths % 10)
}

/// A length as a number of the width that never changes.
pub(crate) fn to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_replaced() {
        for (text, shown) in [("plain ünïcode", "plain ünïcode"), ("\x1b[2J\r\n", "␛[2J␍␊"), ("a\u{9b}b\u{202e}c\u{200b}", "a�b�c�")]
        {
            assert_eq!(harmless(text), shown);
        }
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        for (text, columns, lines) in [
            ("a bc def", 4, vec!["a bc def"]),
            ("one two three four", 9, vec!["one two", "three", "four"]),
            ("漢字漢字漢字", 8, vec!["漢字漢字", "漢字"]),
            ("x aaaa/bbbb/cccc", 10, vec!["x", "aaaa/bbbb/", "cccc"]),
            ("first\nsecond", 20, vec!["first", "second"]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text}");
        }
    }

    #[test]
    fn a_sentence_ends_before_white_space() {
        assert_eq!(first_sentence("Use v1.2, e.g. here. Then rest. "), "Use v1.2, e.g. here.");
        assert_eq!(first_sentence("no end"), "no end");
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(count(1, "entry"), "1 entry");
        assert_eq!(count(1_234_567, "entry"), "1,234,567 entries");
        assert_eq!(count(0, "file"), "0 files");
        for (n, shown) in [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1 << 30, "1.0 GiB"), (u64::MAX, "16,777,215.9 TiB")] {
            assert_eq!(bytes(n), shown);
        }
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("漢字漢", 5), "漢字…");
    }
}
