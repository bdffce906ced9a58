//! Which lines of a file are new, compared with an earlier state of it.

use std::ops::RangeInclusive;

use bartizan_core::LineIndex;
use imara_diff::{Algorithm, Diff, InternedInput};

use crate::decode;

/// The largest file whose lines are compared; a larger one is new as a whole.
const MAX_COMPARED_BYTES: usize = 8 << 20;

/// All lines there can be.
pub(crate) const ALL: RangeInclusive<u32> = 1..=u32::MAX;

/// The lines of `after` that are not in `before`, counted as [`LineIndex`] counts them, in order. Line breaks don't matter.
///
/// All lines, if one of them is no text or too large to compare.
pub(crate) fn added_lines(before: &[u8], after: &[u8]) -> Vec<RangeInclusive<u32>> {
    if MAX_COMPARED_BYTES < before.len().max(after.len()) {
        return vec![ALL];
    }
    let (Some(before), Some(after)) = (decode::decode(before), decode::decode(after)) else { return vec![ALL] };
    let mut input = InternedInput::default();
    input.update_before(lines(&before.text).into_iter());
    input.update_after(lines(&after.text).into_iter());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let hunks = diff.hunks().filter(|hunk| !hunk.after.is_empty());
    hunks.map(|hunk| hunk.after.start.saturating_add(1)..=hunk.after.end).collect()
}

/// The lines of a text, without their breaks.
fn lines(text: &str) -> Vec<&str> {
    let index = LineIndex::new(text);
    let n_lines = u32::try_from(index.n_lines()).unwrap_or(u32::MAX);
    let line = |number| {
        let range = index.line_range(text, number);
        text.get(range.start()..range.end()).unwrap_or_default()
    };
    (1..=n_lines).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &[RangeInclusive<u32>]) {
        assert_eq!(added_lines(before.as_bytes(), after.as_bytes()), expected, "{before:?} -> {after:?}");
    }

    #[test]
    fn added_and_changed_lines_are_new() {
        check("a\nb\nc\n", "a\nX\nb\nc\nY\n", &[2..=2, 5..=5]);
        check("a\nb\nc\n", "a\nB\nc\n", &[2..=2]);
        check("a\nb\nc\n", "a\nc\n", &[]);
        check("", "a\nb", &[1..=2]);
    }

    #[test]
    fn other_line_breaks_are_no_change() {
        check("a\nb\n", "a\r\nb\r\n", &[]);
        check("a\nb", "a\nb\n", &[3..=3]);
    }

    #[test]
    fn what_is_no_text_is_new() {
        check("a\n", "a\0\0\0", &[ALL]);
    }

    #[test]
    fn the_encoding_does_not_matter() {
        let wide: Vec<u8> = "a\nkey\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = [b"\xff\xfe".as_slice(), &wide].concat();
        assert_eq!(added_lines(b"a\n", &wide), [2..=2]);
    }
}
