//! Bytes to text: which encoding, or none.
//!
//! A byte-order mark decides; else NUL bytes tell UTF-16 and binary files; else valid UTF-8 is UTF-8. What remains is
//! text in some older encoding if it has few control characters, and is read as Windows-1252, which has a character for
//! every byte: names and credentials are ASCII in all of them.

mod binary;
mod wide;
mod windows_1252;

use std::borrow::Cow;

use crate::{Content, ContentKind, Encoding};

/// How many bytes decide what a file is.
const HEAD_BYTES: usize = 8 << 10;

/// A text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    /// Whether some bytes stand for no character of the encoding and are U+FFFD in the text.
    pub(crate) is_lossy: bool,
}

/// Decodes a file; gives its content, and whether something in it was not decodable.
pub(crate) fn content(bytes: &[u8]) -> (Content<'_>, bool) {
    match decode(bytes) {
        None => (Content { bytes, text: None, kind: ContentKind::Binary }, false),
        Some(Decoded { text, encoding, is_lossy }) => (Content { bytes, text: Some(text), kind: ContentKind::Text(encoding) }, is_lossy),
    }
}

/// Decodes a file; nothing if it is binary.
pub(crate) fn decode(bytes: &[u8]) -> Option<Decoded<'_>> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    if let Some((encoding, rest)) = byte_order_mark(bytes) {
        return match encoding {
            Encoding::Utf8 => utf8_or_older(rest, rest.get(..HEAD_BYTES).unwrap_or(rest)),
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Utf32Le | Encoding::Utf32Be => wide::decode(rest, encoding),
            Encoding::Windows1252 => None,
        };
    }
    if memchr::memchr(0, head).is_some() {
        let encoding = wide::guess_utf16(head)?;
        return wide::decode(bytes, encoding);
    }
    if binary::has_magic(head) {
        return None;
    }
    utf8_or_older(bytes, head)
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Encoding, &[u8])> {
    // The mark of UTF-32LE starts with that of UTF-16LE.
    const MARKS: &[(&[u8], Encoding)] = &[
        (b"\xef\xbb\xbf", Encoding::Utf8),
        (b"\xff\xfe\0\0", Encoding::Utf32Le),
        (b"\0\0\xfe\xff", Encoding::Utf32Be),
        (b"\xff\xfe", Encoding::Utf16Le),
        (b"\xfe\xff", Encoding::Utf16Be),
    ];
    MARKS.iter().find_map(|&(mark, encoding)| Some((encoding, bytes.strip_prefix(mark)?)))
}

fn utf8_or_older<'a>(bytes: &'a [u8], head: &[u8]) -> Option<Decoded<'a>> {
    /// Valid UTF-8 is hardly ever something else; this only keeps out short binary files.
    const MAX_CONTROL_PERCENT_OF_UTF8: usize = 30;
    /// Compressed and encrypted data has 10 %.
    const MAX_CONTROL_PERCENT: usize = 4;
    /// A file in UTF-8 that was cut or joined has few wrong bytes among many right ones.
    const MIN_RIGHT_FOR_A_WRONG: usize = 8;

    if let Ok(text) = std::str::from_utf8(bytes) {
        let is_text = !binary::has_control_percent_over(head, MAX_CONTROL_PERCENT_OF_UTF8);
        return is_text.then_some(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8, is_lossy: false });
    }
    if binary::has_control_percent_over(head, MAX_CONTROL_PERCENT) {
        return None;
    }
    let (mut n_right, mut n_wrong) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        n_right += chunk.valid().bytes().filter(|&byte| 0xc0 <= byte).count();
        n_wrong += usize::from(!chunk.invalid().is_empty());
    }
    if n_wrong * MIN_RIGHT_FOR_A_WRONG <= n_right {
        return Some(Decoded { text: String::from_utf8_lossy(bytes), encoding: Encoding::Utf8, is_lossy: true });
    }
    Some(Decoded { text: Cow::Owned(windows_1252::decode(bytes)), encoding: Encoding::Windows1252, is_lossy: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<(&str, Encoding)>) {
        let decoded = decode(bytes);
        let actual = decoded.as_ref().map(|decoded| (decoded.text.as_ref(), decoded.encoding));
        assert_eq!(actual, expected, "{}", bytes.escape_ascii());
    }

    #[test]
    fn byte_order_marks_decide_and_are_no_part_of_the_text() {
        check(b"\xef\xbb\xbfkey", Some(("key", Encoding::Utf8)));
        check(b"\xff\xfek\0e\0\xac\x20", Some(("ke\u{20ac}", Encoding::Utf16Le)));
        check(b"\xfe\xff\0k\0e\x20\xac", Some(("ke\u{20ac}", Encoding::Utf16Be)));
        check(b"\xff\xfe\0\0k\0\0\0", Some(("k", Encoding::Utf32Le)));
        check(b"\0\0\xfe\xff\0\0\0k", Some(("k", Encoding::Utf32Be)));
        check(b"\xff\xfe=\xd8\x00\xde", Some(("\u{1f600}", Encoding::Utf16Le)));
    }

    #[test]
    fn utf16_without_a_mark_is_recognized() {
        check(b"p\0a\0s\0s\0 \0=\0 \0x\0", Some(("pass = x", Encoding::Utf16Le)));
        check(b"\0p\0a\0s\0s\0 \0=\0 \0x", Some(("pass = x", Encoding::Utf16Be)));
    }

    #[test]
    fn older_encodings_keep_every_byte() {
        check(b"caf\xe9 = \"\x80\x99\"", Some(("caf\u{e9} = \"\u{20ac}\u{2122}\"", Encoding::Windows1252)));
    }

    #[test]
    fn a_broken_character_among_many_right_ones_stays_utf8() {
        let text = "\u{e9}\u{e8}\u{e0}".repeat(20);
        let bytes = [text.as_bytes(), b"\xc3 end"].concat();
        let decoded = decode(&bytes).unwrap();
        assert_eq!((decoded.encoding, decoded.is_lossy), (Encoding::Utf8, true));
        assert_eq!(decoded.text, format!("{text}\u{fffd} end"));
    }

    #[test]
    fn binary_files_have_no_text() {
        let noise: Vec<u8> = (0_u32..4096).map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0].max(1)).collect();
        check(b"\x7fELF\x02\x01\x01\0\0\0", None);
        check(b"%PDF-1.7\n%abc\n", None);
        check(&noise, None);
        check(b"\0\0\0\0", None);
        check(b"\xff\xfe\x01\0\x02\0\x03\0\x04\0\x05\0", None);
    }

    #[test]
    fn empty_and_colorful_files_are_text() {
        check(b"", Some(("", Encoding::Utf8)));
        check(b"\x1b[31mred\x1b[0m\r\n\x0c", Some(("\x1b[31mred\x1b[0m\r\n\x0c", Encoding::Utf8)));
        check(b"\xef\xbb\xbf", Some(("", Encoding::Utf8)));
    }

    #[test]
    fn half_a_code_unit_is_marked() {
        let decoded = decode(b"\xff\xfeo\0k\0!").unwrap();
        assert_eq!((decoded.text.as_ref(), decoded.is_lossy), ("ok\u{fffd}", true));
    }
}
