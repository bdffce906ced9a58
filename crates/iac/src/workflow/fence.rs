//! Finds `${{ … }}` in the values of a document, and says where what is in it stands in the file.

use std::ops::Range;

use bartizan_core::ByteRange;
use bartizan_source::document::{Node, Value};

use super::expression::{self, Expression, Unreadable};

/// `${{ … }}` in a value.
#[derive(Debug, Clone)]
pub(crate) struct Fenced<'d> {
    /// What stands between the fences.
    pub(crate) inner: &'d str,
    /// The bytes in the file, fences included.
    pub(crate) place: ByteRange,
    /// The file's text, up to the end of the value.
    source: &'d str,
}

impl<'d> Fenced<'d> {
    /// The expression between the fences.
    pub(crate) fn expression(&self) -> Result<Expression<'d>, Unreadable> {
        expression::parse(self.inner)
    }

    /// The text of a part of the expression, without blanks around it.
    pub(crate) fn text_of(&self, part: &Expression<'_>) -> &'d str {
        self.inner.get(part.range.clone()).unwrap_or_default().trim()
    }

    /// Where a part of the expression stands in the file: exactly where the value is written as it is read, else at the first
    /// place behind the fence that looks the same, else at the fence.
    pub(crate) fn place_of(&self, part: &Expression<'_>) -> ByteRange {
        let text = self.text_of(part);
        let start = self.place.start();
        let exact = start + 3 + part.range.start;
        let found = if self.source.get(exact..).is_some_and(|rest| rest.starts_with(text)) {
            Some(exact)
        } else {
            self.source.get(start..).and_then(|rest| rest.find(text)).map(|at| start + at)
        };
        // Of several lines only the first is written as it is read.
        let first = text.lines().next().unwrap_or_default().trim_end();
        let on_first =
            || self.source.get(start..).and_then(|rest| rest.find(first)).map(|at| ByteRange::new(start + at, start + at + first.len()));
        found.map(|at| ByteRange::new(at, at + text.len())).or_else(on_first).unwrap_or(self.place)
    }
}

/// All of a value that is a text.
pub(crate) fn of_node<'d>(node: &'d Node<'d>, source: &'d str) -> Vec<Fenced<'d>> {
    let Some(text) = node.text() else { return Vec::new() };
    if !text.contains("${{") {
        return Vec::new();
    }
    let source = source.get(..node.range.end()).unwrap_or(source);
    let raw = source.get(node.range.start()..).unwrap_or_default();
    let starts: Vec<usize> = raw.match_indices("${{").map(|(at, _)| node.range.start() + at).collect();
    // Fences that are never closed count in the file but not in the value: they are told apart by their number.
    let openings: Vec<usize> = text.match_indices("${{").map(|(at, _)| at).collect();
    in_text(text)
        .into_iter()
        .map(|(inner, range)| {
            let number = openings.iter().position(|at| *at == range.start);
            let start = number.and_then(|number| starts.get(number)).copied().unwrap_or(node.range.start());
            let place = ByteRange::new(start, end_of(source, start, range.len()));
            Fenced { inner, place, source }
        })
        .collect()
}

/// The fences of a text: what is between them, and the bytes with them.
pub(crate) fn in_text(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("${{")).map(|offset| at + offset) {
        let Some(n_bytes) = closing(text.get(start + 3..).unwrap_or_default()) else { break };
        let end = start + 3 + n_bytes;
        found.push((text.get(start + 3..end).unwrap_or_default(), start..end + 2));
        at = end + 2;
    }
    found
}

/// What is between the fences, if a text is nothing but one expression. Blanks around the fences are not nothing.
pub(crate) fn whole(text: &str) -> Option<&str> {
    text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"))
}

/// The expression of a condition, which needs no fences.
pub(crate) fn condition(text: &str) -> &str {
    in_text(text).first().map_or(text, |(inner, _)| inner)
}

/// Whether a text has an expression in it.
pub(crate) fn has_expression(text: &str) -> bool {
    !in_text(text).is_empty()
}

/// All texts in a value, in order, each place once: an alias repeats what it names.
pub(crate) fn texts<'d>(node: &'d Node<'d>) -> Vec<&'d Node<'d>> {
    fn collect<'d>(node: &'d Node<'d>, into: &mut Vec<&'d Node<'d>>) {
        match &node.value {
            Value::Text(_) => into.push(node),
            Value::List(items) => items.iter().for_each(|item| collect(item, into)),
            Value::Map(members) => members.iter().for_each(|member| collect(&member.node, into)),
            Value::Null | Value::Boolean(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    collect(node, &mut found);
    let mut seen = std::collections::HashSet::new();
    found.retain(|node| seen.insert(node.range.start()));
    found
}

/// Where a part of a value that is a text stands in the file, up to the end of its first line. The same words may stand there
/// several times: they are told apart by their number.
pub(crate) fn place_in(node: &Node<'_>, source: &str, part: Range<usize>) -> ByteRange {
    let text = node.text().unwrap_or_default();
    let line = text.get(part.clone()).unwrap_or_default().lines().next().unwrap_or_default().trim_end();
    if line.is_empty() {
        return node.range;
    }
    let number = text.match_indices(line).take_while(|(at, _)| *at < part.start).count();
    let raw = source.get(node.range.start()..node.range.end()).unwrap_or_default();
    let start = raw.match_indices(line).nth(number).map(|(at, _)| node.range.start() + at);
    start.map_or(node.range, |start| ByteRange::new(start, start + line.len()))
}

/// The offset of `}}` in what follows `${{`, outside of texts in quotes.
fn closing(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut is_quoted = false;
    for (at, pair) in bytes.windows(2).enumerate() {
        match pair {
            [b'\'', _] => is_quoted = !is_quoted,
            b"}}" if !is_quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn end_of(source: &str, start: usize, n_bytes: usize) -> usize {
    let written = source.get(start + 3..).and_then(closing).map(|at| start + 3 + at + 2);
    written.unwrap_or(start + n_bytes).min(source.len())
}

#[cfg(test)]
mod tests {
    use bartizan_source::document::parse_yaml;

    use super::*;

    #[track_caller]
    fn check(yaml: &str, expected: &[(&str, &str)]) {
        let root = parse_yaml(yaml).root.unwrap();
        let mut found = Vec::new();
        for node in texts(&root) {
            for fenced in of_node(node, yaml) {
                let expression = fenced.expression().unwrap();
                let part = *expression.contexts().last().unwrap();
                let of = |range: ByteRange| String::from_utf8_lossy(range.of(yaml.as_bytes())).into_owned();
                found.push((of(fenced.place), of(fenced.place_of(part))));
            }
        }
        let found: Vec<(&str, &str)> = found.iter().map(|(fence, part)| (fence.as_str(), part.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn places_are_those_of_the_file() {
        check("a: x ${{ b }} ${{ c.d }}\n", &[("${{ b }}", "b"), ("${{ c.d }}", "c.d")]);
        check("a: |\n  x\n  ${{ b }}\n  ${{\n    c &&\n    d }}\n", &[("${{ b }}", "b"), ("${{\n    c &&\n    d }}", "d")]);
        check("a: '${{ b == ''x'' && c }}'\n", &[("${{ b == ''x'' && c }}", "c")]);
        check("a: \"${{ contains('}}', b) }} y\"\n", &[("${{ contains('}}', b) }}", "b")]);
        check("a: ${{ never\nb: ${{ c }}\n", &[("${{ c }}", "c")]);
    }
}
