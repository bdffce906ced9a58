//! Lines and columns as gitleaks counts them.
//!
//! Lines end in `\n` alone. Columns count bytes; on every line but a fragment's first the start column is one too high,
//! because it is counted from the line break. What stands on a last line without a line break has all of the fragment
//! before it for its line. Baselines and ignore files hold these numbers, so they are kept as they are.

use std::ops::Range;

/// A place in a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    /// From 0, within the fragment.
    pub(super) start_line: usize,
    pub(super) end_line: usize,
    pub(super) start_column: usize,
    pub(super) end_column: usize,
    /// The bytes that count as its line.
    pub(super) line: Range<usize>,
}

/// The place of a range of bytes; `line_feeds` are the offsets of all line breaks of the fragment.
pub(super) fn position(line_feeds: &[usize], fragment: &[u8], range: Range<usize>) -> Position {
    // Without any line break there is one at the end.
    let at_end = [fragment.len()];
    let line_feeds = if line_feeds.is_empty() { &at_end } else { line_feeds };
    let start_of = |line: usize| line.checked_sub(1).and_then(|before| line_feeds.get(before)).copied().unwrap_or(0);
    let start_line = line_feeds.partition_point(|&line_feed| line_feed <= range.start);
    let Some(&line_end) = line_feeds.get(start_line) else {
        let last = start_of(start_line);
        let end = fragment.get(range.end..).unwrap_or_default().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let line = 0..end.map_or(fragment.len(), |length| range.end + length);
        return Position {
            start_line,
            end_line: start_line,
            start_column: range.start - last + 1,
            end_column: range.end.saturating_sub(last),
            line,
        };
    };
    let start_column = range.start - start_of(start_line) + 1;
    let mut position = Position { start_line, end_line: start_line, start_column, end_column: 0, line: start_of(start_line)..line_end };
    let end_line = line_feeds.partition_point(|&line_feed| line_feed < range.end);
    if let Some(&line_end) = line_feeds.get(end_line).filter(|_| start_of(end_line) < range.end) {
        position.end_column = range.end - start_of(end_line);
        if start_line <= end_line {
            position.end_line = end_line;
            position.line.end = line_end;
        }
    }
    position.line.end = position.line.end.max(range.end);
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks lines and columns (start, end), and the line's text. The expectations are what gitleaks 8.30.1 computes.
    #[track_caller]
    fn check(fragment: &str, range: Range<usize>, lines: (usize, usize), columns: (usize, usize), line: &str) {
        let line_feeds: Vec<usize> = fragment.match_indices('\n').map(|(offset, _)| offset).collect();
        let found = position(&line_feeds, fragment.as_bytes(), range);
        let text = &fragment[found.line.clone()];
        assert_eq!(
            ((found.start_line, found.end_line), (found.start_column, found.end_column), text),
            (lines, columns, line),
            "{fragment:?}"
        );
    }

    #[test]
    fn columns_are_counted_from_the_line_break() {
        check("abc def\nx", 4..7, (0, 0), (5, 7), "abc def");
        check("abc\ndef ghi\n", 4..7, (1, 1), (2, 4), "\ndef ghi");
        check("abc\ndef\nghi\n", 1..9, (0, 2), (2, 2), "abc\ndef\nghi");
    }

    #[test]
    fn a_single_line_needs_no_line_break() {
        check("abc def", 4..7, (0, 0), (5, 7), "abc def");
    }

    #[test]
    fn the_last_line_without_a_break_has_all_before_it_for_its_line() {
        check("abc\ndef ghi", 4..7, (1, 1), (2, 4), "abc\ndef ghi");
        check("abc\ndef\r", 4..7, (1, 1), (2, 4), "abc\ndef");
    }

    #[test]
    fn what_ends_on_the_last_line_without_a_break_has_no_end_column() {
        check("abc\ndef", 1..6, (0, 0), (2, 0), "abc\nde");
    }
}
