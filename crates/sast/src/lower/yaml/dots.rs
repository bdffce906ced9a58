//! How `...` is written in patterns of YAML: an entry, an element or a value, as what stands beside it.

use super::super::context::reserved;

/// How `...` is written to begin with: an entry of a mapping, of an alias and what it stands for. An alias ends where it ends; a
/// plain scalar would take the lines below it along.
pub(super) const ENTRY: &str = "*DOTS__ : *DOTS__";

/// How it is written as an element of a sequence, and as a value; as long as an entry.
const ELEMENT: &str = "- *DOTS__        ";
const VALUE: &str = "*DOTS__          ";

/// Writes each `...` of a pattern as what it is, without moving anything.
pub(super) fn spelled(text: &str) -> String {
    let lines: Vec<Line<'_>> = text.split_inclusive('\n').map(Line::new).collect();
    let mut out = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        match line.content.trim_end() {
            ENTRY => {
                let (start, _) = line.text.split_at(line.column.min(line.text.len()));
                out.push_str(start);
                out.push_str(if line.n_dashes == 0 { alone(&lines, at) } else { in_item(&lines, at) });
                out.push_str(line.content.get(ENTRY.len()..).unwrap_or_default());
            }
            _ => inline(line.text, &mut out),
        }
    }
    out
}

/// A line, cut in indentation, dashes of elements, and content.
struct Line<'a> {
    text: &'a str,
    /// Where its dashes begin, or its content.
    indent: usize,
    n_dashes: usize,
    /// Where its content begins.
    column: usize,
    content: &'a str,
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        let indent = text.len() - text.trim_start_matches(' ').len();
        let mut column = indent;
        let mut n_dashes = 0;
        while let Some(rest) = text.get(column..).and_then(|rest| rest.strip_prefix("- ")) {
            n_dashes += 1;
            column = text.len() - rest.trim_start_matches(' ').len();
        }
        Self { text, indent, n_dashes, column, content: text.get(column..).unwrap_or_default() }
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_dots(&self) -> bool {
        self.content.trim_end() == ENTRY
    }

    fn is_element(&self) -> bool {
        0 < self.n_dashes || self.content.trim_end() == "-"
    }
}

/// Dots on a line of their own are what their neighbors are.
fn alone(lines: &[Line<'_>], at: usize) -> &'static str {
    let Some(line) = lines.get(at) else { return VALUE };
    let below = lines.iter().skip(at + 1).filter(|other| !other.is_blank()).take_while(|other| line.indent <= other.indent);
    let above = lines.iter().take(at).rev().filter(|other| !other.is_blank());
    for other in below.filter(|other| other.indent == line.indent) {
        if other.is_element() {
            return ELEMENT;
        }
        if !other.is_dots() {
            return ENTRY;
        }
    }
    for other in above {
        if other.indent == line.indent {
            if other.is_element() {
                return ELEMENT;
            }
            if !other.is_dots() {
                return ENTRY;
            }
        } else if other.indent < line.indent {
            // The first entry of an element stands behind its dash.
            return if other.is_element() && other.column == line.indent { ENTRY } else { VALUE };
        }
    }
    VALUE
}

/// Dots behind a dash are an element, or the first entry of one.
fn in_item(lines: &[Line<'_>], at: usize) -> &'static str {
    let Some(line) = lines.get(at) else { return VALUE };
    let next = lines.iter().skip(at + 1).find(|other| !other.is_blank());
    if next.is_some_and(|next| next.indent == line.column) { ENTRY } else { VALUE }
}

/// Dots in a line: behind a colon they are a value.
fn inline(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ENTRY) {
        out.push_str(before);
        out.push_str(if before.trim_end().ends_with(':') { VALUE } else { ENTRY });
        rest = after;
    }
    out.push_str(rest);
}

/// The text of a string of a pattern, with `...` as in any other language.
pub(super) fn in_string(text: &str) -> String {
    text.replace(ENTRY, reserved::DOTS).replace("*DOTS__", reserved::DOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &str) {
        let text = pattern.replace("...", ENTRY);
        let spelled = spelled(&text);
        assert_eq!(spelled.len(), text.len());
        let short = spelled.replace(ENTRY, "E:").replace(VALUE, "V").replace(ELEMENT, "- V");
        assert_eq!(short, expected, "{pattern}");
    }

    #[test]
    fn dots_are_what_stands_beside_them() {
        check("a:\n  ...\n  b: ...\n  ...\n", "a:\n  E:\n  b: V\n  E:\n");
        check("a:\n  ...\n", "a:\n  V\n");
        check("a:\n  ...\n  - b\n  ...\n...\n", "a:\n  - V\n  - b\n  - V\nE:\n");
        check("...\n- a: b\n  ...\n...\n", "- V\n- a: b\n  E:\n- V\n");
        check("- ...\n  a: b\n- ...\n", "- E:\n  a: b\n- V\n");
        check("a:\n- ...\n- b\n", "a:\n- V\n- b\n");
        check("a: [..., b]\n{c: ..., ...}\n", "a: [E:, b]\n{c: V, E:}\n");
    }
}
