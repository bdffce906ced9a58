//! Writes resources as YAML, with a map of where each line comes from.

use std::fmt::Write as _;

use super::tree::{Data, Tree};
use crate::rendered::{Document, SourceMap, Span};

/// A resource as a document.
pub(super) fn document(tree: &Tree) -> Document {
    let mut writer = Writer::default();
    writer.value(tree, 0, Place::Start);
    if !writer.text.ends_with('\n') {
        writer.text.push('\n');
    }
    let path = tree.place.as_ref().map_or_else(|| "kustomization.yaml".into(), |place| place.path.clone());
    Document { path, text: writer.text, map: SourceMap::new(writer.spans) }
}

#[derive(Default)]
struct Writer {
    text: String,
    spans: Vec<Span>,
}

/// What stands before a value on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Name,
    Dash,
}

impl Writer {
    fn mark(&mut self, tree: &Tree) {
        let range = tree.place.as_ref().map(|place| (place.path.clone(), place.range));
        let of_cause = || tree.cause.as_ref().map(|cause| (cause.path.clone(), cause.range));
        if let Some((path, range)) = range.or_else(of_cause) {
            self.spans.push(Span { at: self.text.len(), path, range, is_copy: false, cause: tree.cause.clone() });
        }
    }

    fn line(&mut self, indent: usize, is_first: bool) {
        if !is_first {
            self.text.push_str(&" ".repeat(indent));
        }
    }

    fn value(&mut self, tree: &Tree, indent: usize, place: Place) {
        match &tree.value {
            Data::Map(members) if !members.is_empty() => {
                if place == Place::Name {
                    self.text.push('\n');
                }
                for (index, (name, item)) in members.iter().enumerate() {
                    self.line(indent, index == 0 && place == Place::Dash);
                    self.mark(item);
                    self.text.push_str(&quoted(name));
                    self.text.push(':');
                    let deeper = if matches!(item.value, Data::List(_)) { indent } else { indent + 2 };
                    self.value(item, deeper, Place::Name);
                }
            }
            Data::List(items) if !items.is_empty() => {
                if place == Place::Name {
                    self.text.push('\n');
                }
                for (index, item) in items.iter().enumerate() {
                    self.line(indent, index == 0 && place == Place::Dash);
                    self.mark(item);
                    self.text.push('-');
                    if matches!(&item.value, Data::Map(members) if !members.is_empty()) || !item.items().is_empty() {
                        self.text.push(' ');
                    }
                    self.value(item, indent + 2, Place::Dash);
                }
            }
            other => {
                let text = match other {
                    Data::Null => "null".to_owned(),
                    Data::Bool(is) => is.to_string(),
                    Data::Number(number) => number.clone(),
                    Data::Text(text) => quoted(text),
                    Data::List(_) => "[]".to_owned(),
                    Data::Map(_) => "{}".to_owned(),
                };
                if place != Place::Start {
                    self.text.push(' ');
                }
                self.text.push_str(&text);
                self.text.push('\n');
            }
        }
    }
}

/// A text, in double quotes unless it is a plain word.
fn quoted(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let is_special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_word && !is_special {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
