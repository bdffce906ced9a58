//! One line of code as it fits into a terminal, with the columns that are underlined.

use std::ops::Range;

use crate::text::{char_width, stand_in};

/// A line of code, laid out: tabs expanded, harmless, cut to the columns that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodeLine {
    /// What is printed.
    pub(crate) text: String,
    /// The columns to underline, from 0.
    pub(crate) marked: Option<Range<usize>>,
}

struct Cell {
    shown: char,
    start: usize,
    end: usize,
}

impl CodeLine {
    const TAB_COLUMNS: usize = 4;

    /// Lays a line out in `columns`. `highlight` counts characters of `text`; where the line is cut, it stays in sight.
    pub(crate) fn new(text: &str, highlight: Option<Range<usize>>, columns: usize) -> Self {
        let mut cells = Vec::new();
        let mut column = 0;
        let mut marked: Option<Range<usize>> = None;
        let mut n_characters = 0;
        for (index, character) in text.chars().enumerate() {
            let start = column;
            let (shown, n_cells) = if character == '\t' { (' ', Self::TAB_COLUMNS) } else { (stand_in(character), 1) };
            for _ in 0..n_cells {
                let end = column + char_width(shown);
                cells.push(Cell { shown, start: column, end });
                column = end;
            }
            if highlight.as_ref().is_some_and(|range| range.contains(&index)) {
                marked = Some(marked.map_or(start, |range| range.start)..column);
            }
            n_characters = index + 1;
        }
        // An empty highlight points at a place: between two characters, or behind the last one.
        if marked.is_none() && highlight.as_ref().is_some_and(|range| n_characters <= range.start || range.is_empty()) {
            let at = highlight.map_or(column, |range| text.chars().take(range.start).map(Self::columns_of).sum());
            marked = Some(at..at + 1);
        }
        Self::window(&cells, marked, columns.max(8))
    }

    fn columns_of(character: char) -> usize {
        if character == '\t' { Self::TAB_COLUMNS } else { char_width(stand_in(character)) }
    }

    /// The part of the line round the marked columns that fits.
    fn window(cells: &[Cell], marked: Option<Range<usize>>, columns: usize) -> Self {
        let total = cells.last().map_or(0, |cell| cell.end);
        if total <= columns {
            return Self { text: cells.iter().map(|cell| cell.shown).collect::<String>().trim_end().to_owned(), marked };
        }
        let first = marked.as_ref().map_or(0, |range| {
            // From the start of the line if that shows the whole mark, else with some of what stands before it.
            let fits_from_start = range.end < columns;
            let before = columns.saturating_sub(range.len() + 2).min(columns / 3);
            if fits_from_start { 0 } else { range.start.saturating_sub(before) }
        });
        let mut text = String::new();
        let mut used = 0;
        if 0 < first {
            text.push('…');
            used = 1;
        }
        let mut shift = None;
        for cell in cells.iter().skip_while(|cell| cell.start < first) {
            // The shift turns columns of the line into columns of what is shown.
            let offset = *shift.get_or_insert(cell.start - used.min(cell.start));
            let is_last = cell.end == total;
            let room = if is_last { columns } else { columns - 1 };
            let wide = cell.end - cell.start;
            if room < used + wide {
                text.push('…');
                used += 1;
                let marked = marked.map(|range| Self::clamp(&range, offset, used));
                return Self { text, marked };
            }
            text.push(cell.shown);
            used += wide;
        }
        let offset = shift.unwrap_or(0);
        Self { text, marked: marked.map(|range| Self::clamp(&range, offset, used + 1)) }
    }

    fn clamp(range: &Range<usize>, offset: usize, end: usize) -> Range<usize> {
        let start = range.start.saturating_sub(offset).min(end.saturating_sub(1));
        start..range.end.saturating_sub(offset).clamp(start + 1, end.max(start + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, highlight: Option<Range<usize>>, columns: usize, expected: &str, underline: &str) {
        let line = CodeLine::new(text, highlight, columns);
        assert_eq!(line.text, expected, "{text:?} in {columns}");
        let marks = line.marked.map_or(String::new(), |range| format!("{}{}", " ".repeat(range.start), "^".repeat(range.len())));
        assert_eq!(marks, underline, "{text:?} in {columns}");
        assert!(crate::text::width(expected) <= columns);
    }

    #[test]
    fn marks_stand_below_what_they_mark() {
        check("key = value", Some(6..11), 20, "key = value", "      ^^^^^");
        check("\tk = v", Some(5..6), 20, "    k = v", "        ^");
        check("漢 = 字字", Some(4..6), 20, "漢 = 字字", "     ^^^^");
        check("a\x1b[2Jb", Some(5..6), 20, "a␛[2Jb", "     ^");
    }

    #[test]
    fn an_empty_mark_is_one_column() {
        check("abc", Some(1..1), 20, "abc", " ^");
        check("abc", Some(3..3), 20, "abc", "   ^");
        check("", Some(0..0), 20, "", "^");
    }

    #[test]
    fn a_long_line_is_cut_round_its_mark() {
        check("0123456789abcdef", Some(2..4), 10, "012345678…", "  ^^");
        check("0123456789abcdef", Some(12..14), 10, "…9abcdef", "    ^^");
        check("0123456789abcdefghijklmnop", Some(12..14), 10, "…9abcdefg…", "    ^^");
        check("0123456789abcdefghijklmnop", Some(2..24), 10, "…23456789…", " ^^^^^^^^^");
    }
}
