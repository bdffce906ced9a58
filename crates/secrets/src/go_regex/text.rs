//! Text as Go's matcher sees it.

use std::borrow::Cow;

/// Bytes, seen as code points: each byte that is no UTF-8 counts as U+FFFD.
///
/// Matching happens on [`Text::as_str`]; [`Text::original`] leads back to the bytes.
///
/// ```
/// use bartizan_secrets::go_regex::Text;
/// let text = Text::new(b"caf\xe9!");
/// assert_eq!(text.as_str(), "caf\u{fffd}!");
/// assert_eq!(text.original(6), 4);
/// ```
#[derive(Debug, Clone)]
pub struct Text<'a> {
    text: Cow<'a, str>,
    /// Offsets in `text` of replaced bytes.
    replaced: Vec<usize>,
    is_ascii: bool,
}

/// How much longer U+FFFD is than the byte that it stands for.
const GROWTH: usize = '\u{fffd}'.len_utf8() - 1;

impl<'a> Text<'a> {
    /// Looks at bytes; they are copied only if some are no UTF-8.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Cow::Borrowed(text), replaced: Vec::new(), is_ascii: text.is_ascii() };
        }
        let (mut text, mut replaced) = (String::with_capacity(bytes.len()), Vec::new());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            for _ in chunk.invalid() {
                replaced.push(text.len());
                text.push('\u{fffd}');
            }
        }
        Self { text: Cow::Owned(text), replaced, is_ascii: false }
    }

    /// The text that is matched.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether all of it is ASCII.
    #[must_use]
    pub const fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// The offset in the text that stands for one in the bytes.
    #[must_use]
    pub fn from_original(&self, offset: usize) -> usize {
        let n_before = self.replaced.iter().enumerate().take_while(|&(index, &place)| place - GROWTH * index < offset).count();
        offset + GROWTH * n_before
    }

    /// The next offset between two characters, or this one.
    pub(super) fn boundary_at_or_after(&self, offset: usize) -> usize {
        (offset..self.text.len()).find(|&offset| self.text.is_char_boundary(offset)).unwrap_or(self.text.len())
    }

    /// The offset in the bytes that an offset in the text stands for.
    #[must_use]
    pub fn original(&self, offset: usize) -> usize {
        if self.replaced.is_empty() {
            return offset;
        }
        offset - GROWTH * self.replaced.partition_point(|&place| place < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_that_is_no_utf8_counts_once() {
        // A truncated sequence of three bytes is two characters to Go, not one.
        let text = Text::new(b"a\xe2\x82b\xff");
        assert_eq!(text.as_str(), "a\u{fffd}\u{fffd}b\u{fffd}");
        for (offset, original) in [(0, 0), (1, 1), (4, 2), (7, 3), (8, 4), (11, 5)] {
            assert_eq!((text.original(offset), text.from_original(original)), (original, offset));
        }
    }
}
