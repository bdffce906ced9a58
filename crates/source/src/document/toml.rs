//! TOML 1.0, by the crate `toml`.

use std::borrow::Cow;

use bartizan_core::ByteRange;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, DocumentProblem, MAX_VALUES, Member, Node, Value};

/// Reads a document. Tables keep the order in which they stand.
///
/// ```
/// use bartizan_source::document::parse_toml;
///
/// let document = parse_toml("[package]\nname = \"serde\"\n");
/// assert_eq!(document.root.unwrap().at(&["package", "name"]).unwrap().text(), Some("serde"));
/// ```
#[must_use]
pub fn parse(text: &str) -> Document<'_> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<DocumentProblem> = errors
        .into_iter()
        .map(|error| {
            let range = error.span().unwrap_or_default();
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            DocumentProblem { range: ByteRange::new(range.start, range.end), message, is_cut: true }
        })
        .collect();
    // The parser says everything that follows from the first mistake, too.
    problems.truncate(1);
    let range = ByteRange::new(table.span().start, table.span().end);
    let mut n_values = 0;
    let root = node_of_table(table.into_inner(), range, &mut n_values);
    if MAX_VALUES < n_values {
        problems.push(DocumentProblem::cut(0, format!("the document has more than {MAX_VALUES} values (max-document-values)")));
    }
    Document { root: Some(root), problems }
}

fn node_of_table<'t>(table: DeTable<'t>, range: ByteRange, n_values: &mut usize) -> Node<'t> {
    let mut members: Vec<Member<'t>> = Vec::with_capacity(table.len());
    for (name, value) in table {
        let name_range = range_of(&name);
        members.push(Member { name: name.into_inner(), name_range, node: node_of(value, n_values) });
    }
    members.sort_by_key(|member| member.name_range.start());
    Node { range, value: Value::Map(members) }
}

fn node_of<'t>(value: Spanned<DeValue<'t>>, n_values: &mut usize) -> Node<'t> {
    *n_values += 1;
    let range = range_of(&value);
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(number) => Value::Number(Cow::Owned(number.as_str().to_owned())),
        DeValue::Float(number) => Value::Number(Cow::Owned(number.as_str().to_owned())),
        DeValue::Boolean(is) => Value::Boolean(is),
        DeValue::Datetime(date) => Value::Number(Cow::Owned(date.to_string())),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node_of(item, n_values)).collect()),
        DeValue::Table(table) => return node_of_table(table, range, n_values),
    };
    Node { range, value }
}

fn range_of<T>(spanned: &Spanned<T>) -> ByteRange {
    ByteRange::new(spanned.span().start, spanned.span().end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_read_is_kept_beside_the_problem() {
        let document = parse("a = 1\nb = \n[c]\nd = \"x\"\n");
        assert_eq!(document.problems.len(), 1);
        assert_eq!(document.problems.first().map(|problem| problem.range.start()), Some(10));
        let root = document.root.unwrap();
        assert_eq!(root.at(&["c", "d"]).and_then(Node::text), Some("x"));
    }

    #[test]
    fn deep_nesting_is_refused_by_the_parser() {
        let text = format!("a = {}", "[".repeat(100_000));
        let document = parse(&text);
        assert!(!document.problems.is_empty());
    }
}
