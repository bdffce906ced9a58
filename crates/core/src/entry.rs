//! The top-level entries of a YAML text, told by its lines alone.
//!
//! A reader stops at the first value of a wrong type. Without the entry that holds it the rest can be read, so that all that is
//! wrong with a file is said at once. This module knows no more of YAML than where an entry of a map ends.

use crate::LineIndex;

/// The text with blanks in the place of the entry that a line, from 1, is part of; the places of everything else stay what they
/// are. Nothing if there is no entry at this line.
///
/// The entry's key comes along, as it stands there.
///
/// ```
/// use bartizan_core::without_entry;
///
/// let text = "one: [1]\ntwo:\n- x\n# three\nfour: 4\n";
/// let (key, rest) = without_entry(text, 3).unwrap();
/// assert_eq!((key, rest.as_str()), ("two", "one: [1]\n    \n   \n       \nfour: 4\n"));
/// assert!(without_entry("# no entry\n", 1).is_none());
/// ```
#[must_use]
pub fn without_entry(text: &str, line: u32) -> Option<(&str, String)> {
    let lines = LineIndex::new(text);
    let n_lines = u32::try_from(lines.n_lines()).unwrap_or(u32::MAX);
    let of_line = |number: u32| {
        let range = lines.line_range(text, number);
        text.get(range.start()..range.end()).unwrap_or_default()
    };
    let starts = |number: &u32| of_line(*number).starts_with(|first: char| !first.is_whitespace() && first != '-' && first != '#');
    let first = (1..=line.min(n_lines)).rev().find(starts)?;
    let start = lines.line_range(text, first).start();
    let end = (first.saturating_add(1)..=n_lines).find(starts).map_or(text.len(), |end| lines.line_range(text, end).start());
    let (before, entry, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let blank = entry.chars().flat_map(|character| {
        let is_break = matches!(character, '\n' | '\r');
        std::iter::repeat_n(if is_break { character } else { ' ' }, if is_break { 1 } else { character.len_utf8() })
    });
    let mut rest = String::with_capacity(text.len());
    rest.push_str(before);
    rest.extend(blank);
    rest.push_str(after);
    let key = entry.split(':').next().unwrap_or_default().trim();
    Some((key, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_ends_where_the_next_one_starts() {
        let text = "# w\na: é\nb:\n  c: 1\n\n- d\n# x\ne: |\n  text\n";
        let without_b = "# w\na: é\n  \n      \n\n   \n   \ne: |\n  text\n";
        for (line, expected) in [
            (1, None),
            (2, Some(("a", "# w\n     \nb:\n  c: 1\n\n- d\n# x\ne: |\n  text\n"))),
            (3, Some(("b", without_b))),
            (7, Some(("b", without_b))),
            (9, Some(("e", "# w\na: é\nb:\n  c: 1\n\n- d\n# x\n    \n      \n"))),
            (99, Some(("e", "# w\na: é\nb:\n  c: 1\n\n- d\n# x\n    \n      \n"))),
        ] {
            let found = without_entry(text, line);
            assert_eq!(found.as_ref().map(|(key, rest)| (*key, rest.as_str())), expected, "{line}");
            assert!(found.is_none_or(|(_, rest)| rest.len() == text.len()));
        }
        assert_eq!(without_entry("", 1), None);
        assert_eq!(without_entry("  a", 1), None);
        assert_eq!(without_entry("{a: 1}", 1), Some(("{a", "      ".to_owned())));
    }
}
