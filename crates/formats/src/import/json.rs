//! JSON as trees: one document, one a line, or several one after the other.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{error::ImportError, node::Node};

/// Reads a text; several documents become a list of them.
pub(super) fn parse(text: &str) -> Result<Node, ImportError> {
    let text = text.trim_matches(['\u{feff}', '\0']);
    match documents(text) {
        // The modulus of a key as a number: no number of 64 bits, and no reason to read nothing.
        Err(error) if error.to_string().starts_with("number out of range") => documents(&quoted(text)),
        result => result,
    }
    .map_err(|error| ImportError::json(&error))
}

fn documents(text: &str) -> Result<Node, serde_json::Error> {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Node>();
    let mut nodes = Vec::new();
    for document in &mut documents {
        nodes.push(document?);
    }
    Ok(if nodes.len() == 1 { nodes.pop().unwrap_or_default() } else { Node::List(nodes) })
}

/// The same with numbers that are too long as texts.
fn quoted(text: &str) -> String {
    const MAX_DIGITS: usize = 300;
    let (mut out, mut is_text, mut is_escaped, mut rest) = (String::new(), false, false, text);
    while let Some(first) = rest.chars().next() {
        let n_digits = if is_text { 0 } else { rest.bytes().take_while(u8::is_ascii_digit).count() };
        let (part, behind) = rest.split_at_checked(n_digits.max(first.len_utf8())).unwrap_or((rest, ""));
        if MAX_DIGITS < n_digits {
            out.push('"');
            out.push_str(part);
            out.push('"');
        } else {
            out.push_str(part);
        }
        (is_text, is_escaped) = match first {
            _ if is_escaped => (is_text, false),
            '\\' => (is_text, is_text),
            '"' => (!is_text, false),
            _ => (is_text, false),
        };
        rest = behind;
    }
    out
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Text(if value { "true" } else { "false" }.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string().into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string().into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some((name, node)) = members.next_entry::<Box<str>, Node>()? {
            nodes.push((name, node));
        }
        Ok(Node::Map(nodes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_stand_alone_on_lines_or_one_after_the_other() {
        for text in ["[{\"a\":1},{\"a\":2}]", "{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}{\"a\":2}", "\u{feff}{\"a\":1}\n\n{\"a\":2}"] {
            assert_eq!(parse(text).unwrap().texts("a"), ["1", "2"], "{text}");
        }
    }

    #[test]
    fn a_cut_document_is_refused_with_its_place() {
        let error = parse("{\n\"a\": [1, ").unwrap_err().to_string();
        assert_eq!(error, "2:9: this is no JSON: EOF while parsing a value");
    }

    #[test]
    fn long_numbers_are_kept() {
        let digits = "9".repeat(600);
        let node = parse(&format!(r#"{{"a": {digits}, "b": "\"{digits}", "c": 1.5}}"#)).unwrap();
        assert_eq!((node.str("a"), node.str("b").len(), node.str("c")), (digits.as_str(), 601, "1.5"));
    }

    #[test]
    fn depth_has_a_limit() {
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
