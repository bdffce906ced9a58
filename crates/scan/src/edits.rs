//! Edits of one text: those that go together, and what they make of it.

use bartizan_core::ByteRange;

/// Replaces a range of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextEdit {
    /// What is replaced; an empty range inserts.
    pub range: ByteRange,
    /// What stands there afterwards.
    pub replacement: String,
}

impl TextEdit {
    /// Whether it puts in whole lines.
    fn is_of_lines(&self) -> bool {
        self.range.is_empty() && self.replacement.ends_with('\n')
    }
}

/// Chooses edits that don't overlap, the first in the text first, and says which are left out; by index. Of edits that do the
/// same, one is enough for all.
#[must_use]
pub fn choose(edits: &[TextEdit]) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..edits.len()).collect();
    // Of those for one place the one that was told first.
    order.sort_by_key(|index| edits.get(*index).map(|edit| edit.range));
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    let mut last: Option<&TextEdit> = None;
    for index in order {
        let Some(edit) = edits.get(index) else { continue };
        // Lines that are put in at one place follow each other.
        let is_beside = |last: &TextEdit| edit.range == last.range && !(edit.is_of_lines() && last.is_of_lines());
        let touches = last.is_some_and(|last| edit.range.start() < last.range.end() || is_beside(last));
        if touches && last != Some(edit) {
            left_out.push(index);
            continue;
        }
        chosen.push(index);
        last = Some(edit);
    }
    left_out.sort_unstable();
    (chosen, left_out)
}

/// Applies edits that don't overlap, in any order; equal ones are applied once.
#[must_use]
pub fn apply(text: &str, edits: &[&TextEdit]) -> String {
    let mut sorted = edits.to_vec();
    sorted.sort();
    sorted.dedup();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        out.push_str(text.get(from..edit.range.start()).unwrap_or_default());
        out.push_str(&edit.replacement);
        from = edit.range.end();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: std::ops::Range<usize>, replacement: &str) -> TextEdit {
        TextEdit { range: range.into(), replacement: replacement.to_owned() }
    }

    #[track_caller]
    fn check(edits: &[TextEdit], expected: &str, left_out: &[usize]) {
        let (chosen, others) = choose(edits);
        let chosen: Vec<_> = chosen.iter().map(|&index| &edits[index]).collect();
        assert_eq!(apply("abcdef", &chosen), expected);
        assert_eq!(others, left_out);
    }

    #[test]
    fn edits_that_overlap_are_left_out() {
        check(&[edit(4..6, "X"), edit(0..2, "Y")], "YcdX", &[]);
        check(&[edit(0..3, "X"), edit(2..4, "Y"), edit(3..4, "Z")], "XZef", &[1]);
        check(&[edit(0..6, "X"), edit(2..4, "Y")], "X", &[1]);
    }

    #[test]
    fn equal_edits_are_applied_once() {
        check(&[edit(1..2, "X"), edit(1..2, "X"), edit(1..2, "Y")], "aXcdef", &[2]);
        check(&[edit(3..3, "X"), edit(3..3, "Y")], "abcXdef", &[1]);
        check(&[edit(3..3, "X\n"), edit(3..3, "Y\n"), edit(3..3, "X\n")], "abcX\nY\ndef", &[]);
        // The first of several is that which was told first.
        check(&[edit(1..2, "Y"), edit(1..2, "X"), edit(1..2, "Y")], "aYcdef", &[1]);
    }
}
