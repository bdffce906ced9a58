//! Tables: RFC 4180, with the separators that spreadsheets write in other countries.

use super::{error::ImportError, node::Node};

/// How long the first line of a table is at most, in bytes.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// How many rows are looked at for that with the names: some programs write about the report first.
const MAX_ROWS_ABOVE: usize = 12;

/// Reads a table: a list of maps, one a row, by the names in the first row that is as wide as others.
pub(super) fn parse(text: &str) -> Result<Node, ImportError> {
    let mut rows = Rows::new(text);
    let names: Vec<Box<str>> = rows.header().into_iter().map(|name| name.trim().into()).collect();
    let mut nodes = Vec::new();
    for row in &mut rows {
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let members = names.iter().cloned().zip(row.into_iter().map(|field| Node::Text(field.into())));
        nodes.push(Node::Map(members.collect()));
    }
    if rows.is_cut {
        let line = text.lines().count().max(1);
        return Err(ImportError::Syntax { format: "table", line, column: 1, reason: "the last field has no closing quote".to_owned() });
    }
    Ok(Node::List(nodes))
}

/// The names of the columns of a table.
pub(super) fn header(text: &str) -> Vec<String> {
    Rows::new(text).header().into_iter().map(|name| name.trim().to_owned()).collect()
}

/// The rows of a table.
#[derive(Clone)]
struct Rows<'t> {
    rest: &'t str,
    separator: u8,
    /// Whether the text ended within a quoted field.
    is_cut: bool,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str) -> Self {
        let mut rest = text.trim_start_matches('\u{feff}').trim_start_matches(['\r', '\n']);
        // What Excel writes for itself.
        let mut separator = None;
        if let Some(after) = rest.strip_prefix("sep=") {
            separator = after.bytes().next();
            rest = after.split_once('\n').map_or("", |(_, rest)| rest);
        }
        let separator = separator.unwrap_or_else(|| likely_separator(rest));
        Self { rest, separator, is_cut: false }
    }

    /// Takes rows up to that with the names, which it returns.
    fn header(&mut self) -> Vec<String> {
        let widths: Vec<usize> = self.clone().take(MAX_ROWS_ABOVE).map(|row| row.len()).collect();
        let widest = widths.iter().copied().max().unwrap_or_default();
        let above = widths.iter().position(|width| widest * 3 <= width * 5).unwrap_or_default();
        self.nth(above).unwrap_or_default()
    }
}

/// The separator that is most often in the first lines, outside of quotes.
fn likely_separator(text: &str) -> u8 {
    let (mut is_quoted, mut n_lines) = (false, 0);
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.bytes().take(MAX_HEADER_BYTES) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => n_lines += 1,
            _ if MAX_ROWS_ABOVE < n_lines => break,
            _ if is_quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let (field, ending) = self.field();
            fields.push(field);
            if ending != Ending::Field {
                return Some(fields);
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum Ending {
    Field,
    Row,
}

impl Rows<'_> {
    fn field(&mut self) -> (String, Ending) {
        let mut field = String::new();
        let blank = self.rest.len() - self.rest.trim_start_matches(' ').len();
        if self.rest.get(blank..).is_some_and(|rest| rest.starts_with('"')) {
            self.rest = self.rest.get(blank + 1..).unwrap_or_default();
            loop {
                let Some((content, rest)) = self.rest.split_once('"') else {
                    self.is_cut = true;
                    field.push_str(self.rest);
                    self.rest = "";
                    return (field, Ending::Row);
                };
                field.push_str(content);
                self.rest = rest;
                let Some(rest) = self.rest.strip_prefix('"') else { break };
                field.push('"');
                self.rest = rest;
            }
        }
        let end = self.rest.bytes().position(|byte| byte == self.separator || byte == b'\n').unwrap_or(self.rest.len());
        let (content, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let ending = if rest.as_bytes().first() == Some(&self.separator) { Ending::Field } else { Ending::Row };
        field.push_str(content.trim_end_matches('\r'));
        self.rest = rest.get(1..).unwrap_or_default();
        (field, ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_separators_lines_and_quotes() {
        let node = parse("\u{feff}Name;Text\r\nx;\"a;\"\"b\"\"\nc\"\r\n\r\ny;\r\n").unwrap();
        assert_eq!((node.texts("Name"), node.str("Text")), (vec!["x".to_owned(), "y".to_owned()], "a;\"b\"\nc"));
    }

    #[test]
    fn what_is_said_above_the_names_is_skipped() {
        let node = parse("\"Report of\",\"2026\"\n\nid,a,b,c\n1,2,3,4\n").unwrap();
        assert_eq!((node.str("id"), node.str("c")), ("1", "4"));
    }

    #[test]
    fn a_cut_field_is_refused() {
        assert!(parse("a,b\n1,\"two").is_err());
        assert_eq!(parse("a,b\n1,\"two\"").unwrap().str("b"), "two");
    }
}
