//! Where something is: an artifact, a byte range in it, and the lines and columns that people see.

use serde::{Deserialize, Serialize};

use crate::ArtifactPath;

/// Half-open range of bytes in an artifact's decoded text: `start <= end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ByteRange {
    start: usize,
    end: usize,
}

impl ByteRange {
    /// A range; an `end` before `start` gives an empty range at `start`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The first byte's offset.
    #[must_use]
    pub const fn start(self) -> usize {
        self.start
    }

    /// The offset after the last byte.
    #[must_use]
    pub const fn end(self) -> usize {
        self.end
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` is in this range.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the ranges share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The bytes of `data` in this range; those that exist.
    #[must_use]
    pub fn of(self, data: &[u8]) -> &[u8] {
        let end = self.end.min(data.len());
        data.get(self.start.min(end)..end).unwrap_or_default()
    }
}

impl From<std::ops::Range<usize>> for ByteRange {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A line and a column, both counted from 1; columns count Unicode code points (SARIF's `unicodeCodePoints`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// From the first character to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region {
    /// The first character.
    pub start: Position,
    /// The character after the last one.
    pub end: Position,
}

/// An artifact, or a place in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file, or the archive's entry.
    pub artifact: ArtifactPath,
    /// The place; nothing where the artifact as a whole is meant.
    pub place: Option<(ByteRange, Region)>,
}

impl Location {
    /// The artifact as a whole.
    #[must_use]
    pub const fn whole(artifact: ArtifactPath) -> Self {
        Self { artifact, place: None }
    }

    /// A place in the artifact, resolved with the index of its text.
    #[must_use]
    pub fn within(artifact: ArtifactPath, range: ByteRange, text: &str, lines: &LineIndex) -> Self {
        Self { artifact, place: Some((range, lines.region(text, range))) }
    }

    /// The byte range, if this is a place.
    #[must_use]
    pub fn range(&self) -> Option<ByteRange> {
        self.place.map(|(range, _)| range)
    }

    /// Lines and columns, if this is a place.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.place.map(|(_, region)| region)
    }
}

/// The offsets at which the lines of a text start; made once a text.
///
/// A line ends in `\n`, `\r\n` or a lone `\r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// How many characters start before each block of [`BLOCK_BYTES`]; empty if the text is ASCII. Makes columns of long lines cheap.
    characters_before_block: Vec<usize>,
}

/// The size of the blocks whose characters are counted once.
const BLOCK_BYTES: usize = 4096;

/// The number of characters that start in these bytes: every byte of UTF-8 that is no continuation byte starts one.
fn n_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

impl LineIndex {
    /// Finds the lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (offset, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n')) {
                starts.push(offset + 1);
            }
        }
        let mut characters_before_block = Vec::new();
        if !text.is_ascii() {
            let mut n_before = 0;
            for block in bytes.chunks(BLOCK_BYTES) {
                characters_before_block.push(n_before);
                n_before += n_characters(block);
            }
        }
        Self { starts, characters_before_block }
    }

    /// The number of lines; an empty text has one.
    #[must_use]
    pub fn n_lines(&self) -> usize {
        self.starts.len()
    }

    /// The line of an offset, from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// The bytes of a line, from 1, without its line break; empty if there is no such line.
    #[must_use]
    pub fn line_range(&self, text: &str, line: u32) -> ByteRange {
        let index = usize::try_from(line).unwrap_or(usize::MAX).wrapping_sub(1);
        let Some(&start) = self.starts.get(index) else { return ByteRange::new(text.len(), text.len()) };
        let end = self.starts.get(index.saturating_add(1)).copied().unwrap_or(text.len());
        let content = text.get(start..end).unwrap_or_default();
        ByteRange::new(start, start + content.trim_end_matches(['\n', '\r']).len())
    }

    /// The line and column of an offset.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line(offset);
        let start = self.starts.get(usize::try_from(line).unwrap_or(1).saturating_sub(1)).copied().unwrap_or(0);
        let offset = offset.min(text.len()).max(start);
        let n_characters = self.characters_before(text, offset) - self.characters_before(text, start);
        Position { line, column: u32::try_from(n_characters + 1).unwrap_or(u32::MAX) }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK_BYTES;
        let Some(n_before) = self.characters_before_block.get(block) else {
            let n_last = self.characters_before_block.last().copied();
            // The text is ASCII, or the offset is the end of a last, full block.
            return n_last.map_or(offset, |_| n_characters(text.as_bytes().get(..offset).unwrap_or_default()));
        };
        n_before + n_characters(text.as_bytes().get(block * BLOCK_BYTES..offset).unwrap_or_default())
    }

    /// The lines and columns of a range.
    #[must_use]
    pub fn region(&self, text: &str, range: ByteRange) -> Region {
        Region { start: self.position(text, range.start()), end: self.position(text, range.end()) }
    }
}

/// The lines around a finding, as they may be shown: secrets in them are masked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Excerpt {
    /// Consecutive lines; long ones are cut round the highlighted part.
    pub lines: Vec<ExcerptLine>,
}

/// One line of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptLine {
    /// Line number, from 1.
    pub number: u32,
    /// The text without its line break; cut parts are replaced by `…`.
    pub text: String,
    /// The characters (code points of `text`, from 0, half-open) that the finding is about.
    pub highlight: Option<(u32, u32)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_code_points_and_all_line_breaks() {
        let text = "a\r\nbé\rc\n\nd";
        let lines = LineIndex::new(text);
        assert_eq!(lines.n_lines(), 5);
        for (offset, line, column) in [(0, 1, 1), (3, 2, 1), (6, 2, 3), (7, 3, 1), (9, 4, 1), (10, 5, 1), (11, 5, 2), (99, 5, 2)] {
            assert_eq!(lines.position(text, offset), Position { line, column }, "offset {offset}");
        }
    }

    #[test]
    fn columns_of_long_lines_are_right() {
        let text = "é".repeat(10_000);
        let lines = LineIndex::new(&text);
        for n_before in [0, 1, 2_047, 2_048, 2_049, 9_999, 10_000] {
            assert_eq!(lines.position(&text, n_before * 2).column, u32::try_from(n_before + 1).unwrap(), "{n_before}");
        }
        let full = "é".repeat(2_048);
        assert_eq!(LineIndex::new(&full).position(&full, 4_096).column, 2_049);
    }

    #[test]
    fn a_line_is_given_without_its_break() {
        let text = "one\r\ntwo";
        let lines = LineIndex::new(text);
        let line = |number| lines.line_range(text, number).of(text.as_bytes());
        assert_eq!((line(1), line(2), line(3), line(0)), (&b"one"[..], &b"two"[..], &b""[..], &b""[..]));
    }

    #[test]
    fn a_reversed_range_is_empty() {
        let range = ByteRange::new(5, 2);
        assert!(range.is_empty());
        assert_eq!(range.of(b"0123456789"), b"");
        assert_eq!(ByteRange::new(8, 99).of(b"0123456789"), b"89");
    }
}
