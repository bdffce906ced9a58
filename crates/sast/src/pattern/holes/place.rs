//! Where the holes of a pattern stand, as far as brackets tell: it decides how they are most likely written.

use crate::lower::Place;

/// The brackets of a pattern.
pub(super) struct Brackets {
    /// Pairs of offsets, by the first.
    pairs: Vec<(usize, usize)>,
}

impl Brackets {
    /// Brackets in strings of one line do not count; those that are left open end with the text.
    pub(super) fn of(text: &str) -> Self {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut quote: Option<u8> = None;
        let mut is_escaped = false;
        for (at, byte) in text.bytes().enumerate() {
            if let Some(mark) = quote {
                if byte == b'\n' || (byte == mark && !is_escaped) {
                    quote = None;
                }
                is_escaped = byte == b'\\' && !is_escaped;
                continue;
            }
            match byte {
                b'"' | b'`' => quote = Some(byte),
                b'(' | b'[' | b'{' => {
                    open.push(pairs.len());
                    pairs.push((at, text.len()));
                }
                b')' | b']' | b'}' => {
                    if let Some(pair) = open.pop().and_then(|index| pairs.get_mut(index)) {
                        pair.1 = at;
                    }
                }
                _ => {}
            }
        }
        Self { pairs }
    }

    /// The innermost pair around an offset.
    fn around(&self, at: usize) -> Option<(usize, usize)> {
        self.pairs.iter().rev().find(|(open, close)| *open < at && at < *close).copied()
    }

    /// Where the hole stands that spans `at..end`.
    pub(super) fn place(&self, text: &str, at: usize, end: usize) -> Place {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(end..).unwrap_or_default();
        let is_open = before.trim_end_matches([' ', '\t']).ends_with(['\n', '{', '}', ';']) || before.trim().is_empty();
        let rest = after.trim_start_matches([' ', '\t', ';']);
        // Another statement may follow in the same line.
        let starts_statement = rest.len() < after.len() && rest.starts_with(|c: char| c.is_alphabetic() || "_$".contains(c));
        let is_closed = rest.starts_with(['\n', '}']) || rest.trim().is_empty() || starts_statement;
        let around = self.around(at);
        let is_in = |bracket: &str| around.is_some_and(|(open, _)| text.get(open..).is_some_and(|rest| rest.starts_with(bracket)));
        // Alone between lines or braces it stands for statements, but not in the braces of a value.
        let is_value = around.is_some_and(|(open, _)| is_in("{") && is_value(text.get(..open).unwrap_or_default()));
        if is_open && is_closed && !is_value && !is_in("(") && !is_in("[") {
            return Place::Statement;
        }
        let Some((open, close)) = around else { return Place::Other };
        let is_first = before.trim_end().ends_with([',', '{', '(', '[']);
        match text.as_bytes().get(open) {
            Some(b'{') if is_first => Place::Entry,
            Some(b'[') if is_first => Place::Element,
            Some(b'(') if is_first => {
                let is_alone = before.trim_end().len() == open + 1 && after.trim_start().starts_with(')');
                let word = word_before(text, open);
                if word == "for" && is_alone {
                    Place::Header
                } else if after.trim_start().starts_with([',', ')']) && has_parameters(text, word, close) {
                    Place::Parameter
                } else {
                    Place::Other
                }
            }
            _ => Place::Other,
        }
    }
}

/// Whether braces are a value, by what stands before them: `= {`, `f({`, `new T {`, `new T[] {`.
fn is_value(before: &str) -> bool {
    let before = before.trim_end();
    let last = before.rsplit(['\n', ';', '{', '}', '(', '=']).next().unwrap_or_default().trim_start();
    before.ends_with(['=', ',', '(', '[', ':']) || (last.starts_with("new ") && !before.ends_with(')'))
}

/// The word that ends before an offset.
fn word_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default().trim_end();
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + before.get(at..).map_or(1, first_length));
    before.get(start..).unwrap_or_default()
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// Words before parentheses that hold no parameters, whatever follows them.
const NO_FUNCTIONS: [&str; 16] = [
    "if",
    "for",
    "foreach",
    "while",
    "switch",
    "catch",
    "with",
    "using",
    "lock",
    "synchronized",
    "match",
    "when",
    "elseif",
    "elif",
    "unless",
    "try",
];

/// Whether parentheses hold the parameters of a function: a body follows, or what stands before a body.
fn has_parameters(text: &str, word: &str, close: usize) -> bool {
    if NO_FUNCTIONS.contains(&word) {
        return false;
    }
    if ["function", "func", "def", "fun", "fn", "constructor"].contains(&word) {
        return true;
    }
    let after = text.get(close + 1..).unwrap_or_default().trim_start();
    if after.starts_with(['{', ':']) || after.starts_with("=>") || after.starts_with("->") {
        return true;
    }
    // A definition is named after its first word: `function f(…) external`, `def f(…) = …`.
    let line = text.get(..close).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let is_definition = |word: &str| ["function", "func", "def", "fun", "fn", "modifier", "sub"].contains(&word);
    line.split(|c: char| c == '(' || c.is_whitespace()).any(is_definition) || after.starts_with("throws ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<Place> {
        let brackets = Brackets::of(text);
        text.match_indices("...").map(|(at, _)| brackets.place(text, at, at + 3)).collect()
    }

    #[test]
    fn brackets_tell_what_dots_stand_for() {
        use Place::{Element, Entry, Header, Other, Parameter, Statement};
        assert_eq!(places("void $F(..., $X) { ... }"), [Parameter, Statement]);
        assert_eq!(places("$F(...)\n...\nf(..., 1)"), [Other, Statement, Other]);
        assert_eq!(places("for (...) { ...\n f(); }"), [Header, Statement]);
        assert_eq!(places("{..., a: [..., 1]}"), [Entry, Element]);
        assert_eq!(places("function f(...) external;"), [Parameter]);
        assert_eq!(places("if (...) { ... }"), [Other, Statement]);
        assert_eq!(places("$X = ...;"), [Other]);
        assert_eq!(places("f() {\n... g();\n... + 1; }"), [Statement, Other]);
        assert_eq!(places("byte[] $X = {\n...\n};\nf(new T {...});"), [Entry, Entry]);
        assert_eq!(places("new T() { ... }\n() => { ... }"), [Statement, Statement]);
    }
}
