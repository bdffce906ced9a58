//! The text of a file, asked for what sightings in it look like.

use std::iter;

use super::{Digest, Neighbours, Place, Scope, Sighting, Tokens, scope::Scopes};

/// The most lines of a snippet that are read.
const MAX_LINES: usize = 200;
/// How far a line with code is looked for beside a snippet, in lines.
const MAX_DISTANCE: usize = 60;
/// A line that is longer, in bytes, was made by a program: only what is round the column is read.
const MAX_LINE_BYTES: usize = 2_000;
/// Of such a line, this many characters before the column and after it.
const WINDOW: (usize, usize) = (100, 400);

/// The lines of a text, and what they are in. Made once a file; costs about as much as reading it.
#[derive(Debug)]
pub struct SourceLines<'t> {
    lines: Vec<&'t str>,
    scopes: Scopes,
}

impl<'t> SourceLines<'t> {
    /// Reads a text. Lines end in `\n` or `\r\n`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let scopes = Scopes::new(&lines);
        Self { lines, scopes }
    }

    /// The code at a place; nothing if there is none.
    #[must_use]
    pub fn snippet(&self, place: Place) -> Option<Tokens> {
        let start = index(place.start_line)?;
        let n_lines = place.end_line.saturating_sub(place.start_line).saturating_add(1);
        let n_lines = usize::try_from(n_lines).unwrap_or(MAX_LINES).min(MAX_LINES);
        let lines = self.lines.get(start..)?.iter().take(n_lines).enumerate();
        let tokens = Tokens::of_lines(lines.map(|(offset, line)| around(line, if offset == 0 { place.column } else { 0 })));
        (!tokens.is_empty()).then_some(tokens)
    }

    /// The code beside a place.
    #[must_use]
    pub fn neighbours(&self, place: Place) -> Option<Neighbours> {
        let start = index(place.start_line)?;
        let end = index(place.end_line.max(place.start_line))?.min(self.lines.len());
        let before = self.lines.get(..start)?.iter().rev().take(MAX_DISTANCE).find(|line| is_code(line));
        let after = self.lines.get(end.saturating_add(1)..).unwrap_or_default().iter().take(MAX_DISTANCE).find(|line| is_code(line));
        let digest = |line: Option<&&str>| line.map_or(Digest(0), |line| Tokens::of_lines(iter::once(around(line, 0))).digest());
        Some(Neighbours { before: digest(before), after: digest(after) })
    }

    /// The scope of a line.
    #[must_use]
    pub fn scope(&self, line: u32) -> Option<Scope> {
        self.lines.get(index(line)?)?;
        Some(Scope::of(&self.scopes.names(line)))
    }

    /// Names of the scope, as people would say it.
    #[must_use]
    pub fn scope_names(&self, line: u32) -> Vec<&str> {
        self.scopes.names(line)
    }
}

impl Sighting {
    /// Takes what the text of its file says about its place; leaves alone what is there already.
    pub fn read(&mut self, lines: &SourceLines<'_>) {
        let Some(place) = self.place else { return };
        self.snippet = self.snippet.take().or_else(|| lines.snippet(place));
        self.neighbours = self.neighbours.or_else(|| lines.neighbours(place));
        self.scope = self.scope.or_else(|| lines.scope(place.start_line));
    }
}

fn index(line: u32) -> Option<usize> {
    usize::try_from(line).ok()?.checked_sub(1)
}

/// Not empty, and not a comment alone.
fn is_code(line: &str) -> bool {
    let content = line.trim_start();
    !content.is_empty() && !content.starts_with("# ") && !content.starts_with("// ")
}

/// The line, or the part of a long one round a column.
fn around(line: &str, column: u32) -> &str {
    if line.len() <= MAX_LINE_BYTES {
        return line;
    }
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let offset = |n_characters: usize| line.char_indices().nth(n_characters).map_or(line.len(), |(offset, _)| offset);
    line.get(offset(column.saturating_sub(WINDOW.0))..offset(column.saturating_add(WINDOW.1))).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn lines(start_line: u32, end_line: u32) -> Place {
        Place { start_line, end_line, column: 0 }
    }

    #[test]
    fn neighbours_are_the_nearest_lines_with_code() {
        let text = SourceLines::new("a()\n\n# why\n  b()\n\n\nc()\n");
        let line = |code: &str| Tokens::of(code).digest();
        assert_eq!(text.neighbours(lines(4, 4)), Some(Neighbours { before: line("a()"), after: line("c()") }));
        assert_eq!(text.neighbours(lines(1, 4)), Some(Neighbours { before: Digest(0), after: line("c()") }));
    }

    #[test]
    fn there_is_nothing_where_there_is_no_text() {
        let text = SourceLines::new("a\n\n");
        for place in [lines(0, 0), lines(2, 2), lines(9, 9), lines(u32::MAX, 1)] {
            assert_eq!(text.snippet(place), None, "{place:?}");
        }
        assert_eq!(text.scope(9), None);
        assert!(text.snippet(lines(1, u32::MAX)).is_some());
    }

    #[test]
    fn of_a_line_that_a_program_made_the_part_round_the_column_counts() {
        let text = format!("{}eval(a);{}", "f();".repeat(2_000), "g();".repeat(2_000));
        let shifted = format!("h(1, 2);{text}");
        let snippet = |text: &str, column| SourceLines::new(text).snippet(Place { start_line: 1, end_line: 1, column });
        assert_eq!(snippet(&text, 8_001), snippet(&shifted, 8_009));
        assert_ne!(snippet(&text, 8_001), snippet(&text, 8_101));
    }
}
