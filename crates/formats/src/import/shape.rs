//! What a report looks like: one pass over its names, which all recognizers consult.

use std::{collections::BTreeMap, fmt, io::Read};

use quick_xml::{Reader, events::Event};
use serde::de::{Deserialize as _, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{csv, error::ImportError, text};

/// How deep names are looked at.
const MAX_DEPTH: usize = 7;
/// How many items of a list are looked at.
const MAX_ITEMS: usize = 3;
/// How many names are kept.
const MAX_FACTS: usize = 4096;
/// How many elements of XML are looked at.
const MAX_ELEMENTS: usize = 4096;
/// How much of a value is kept, in characters.
const MAX_VALUE_CHARACTERS: usize = 256;
/// How much of a text is kept to look into, in characters.
const MAX_TEXT_CHARACTERS: usize = 16 << 10;

/// What a report is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Empty,
    /// JSON, one or several documents.
    Json,
    /// XML.
    Xml,
    /// HTML.
    Page,
    /// A table, or any other text.
    Text,
}

/// What a report looks like.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// Whether the root of JSON is a list.
    pub(super) is_list: bool,
    /// Whether there is a value that is no list and no object.
    has_values: bool,
    /// Paths of names, with the value of those that have a short one.
    facts: BTreeMap<String, String>,
    columns: Vec<String>,
    text: String,
}

impl Shape {
    /// The shape of a report that starts so.
    pub(super) fn of(head: &[u8]) -> Self {
        // The head may end within a character.
        let whole =
            std::str::from_utf8(head).err().filter(|error| error.error_len().is_none()).map_or(head.len(), |error| error.valid_up_to());
        let head = text::decode(head.get(..whole).unwrap_or(head).to_vec());
        let start = head.trim_start();
        let mut shape =
            Self { kind: Kind::Text, is_list: false, has_values: false, facts: BTreeMap::new(), columns: Vec::new(), text: String::new() };
        let is_page = |start: &str| {
            let start: String = start.chars().take(64).collect::<String>().to_ascii_lowercase();
            start.starts_with("<!doctype html") || start.starts_with("<html")
        };
        match start.bytes().next() {
            None => shape.kind = Kind::Empty,
            Some(b'<') if is_page(start) => shape.kind = Kind::Page,
            Some(b'<') => {
                shape.kind = Kind::Xml;
                shape.walk_xml(start);
            }
            Some(b'{' | b'[') => shape = Self::of_json(start.as_bytes()),
            Some(_) if start.trim_end() == "null" => shape.kind = Kind::Json,
            Some(_) => {}
        }
        // Lists of brackets are in many texts.
        if shape.kind == Kind::Json && shape.facts.is_empty() && start.starts_with('[') && !is_json_list(start) {
            shape.kind = Kind::Text;
        }
        if shape.kind == Kind::Text {
            shape.columns = csv::header(&head);
        }
        if matches!(shape.kind, Kind::Text | Kind::Page) {
            shape.text = head.chars().take(MAX_TEXT_CHARACTERS).collect();
        }
        shape
    }

    /// The shape of JSON, as far as it can be read.
    pub(super) fn of_json(reader: impl Read) -> Self {
        let mut shape =
            Self { kind: Kind::Json, is_list: false, has_values: false, facts: BTreeMap::new(), columns: Vec::new(), text: String::new() };
        let mut deserializer = serde_json::Deserializer::from_reader(std::io::BufReader::new(reader));
        for index in 0..MAX_ITEMS {
            let mut is_list = false;
            let walk = Walk { facts: &mut shape.facts, path: "", depth: 0, is_list: Some(&mut is_list) };
            let is_read = walk.deserialize(&mut deserializer).is_ok();
            shape.is_list |= is_list && index == 0;
            if !is_read {
                break;
            }
        }
        shape.has_values = shape.facts.values().any(|value| !value.is_empty());
        shape
    }

    /// Whether it has a name, and a value there if that is asked for.
    pub(super) fn has(&self, fact: &str) -> bool {
        let (path, wanted) = match fact.find(['=', '~']).and_then(|index| fact.split_at_checked(index)) {
            Some((path, wanted)) => (path, wanted),
            None => (fact, ""),
        };
        let is_value = |value: &str| match wanted.split_at_checked(1) {
            Some(("=", wanted)) => value.eq_ignore_ascii_case(wanted),
            Some((_, wanted)) => value.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase()),
            None => true,
        };
        if !path.contains('*') {
            return self.facts.get(path).is_some_and(|value| is_value(value));
        }
        self.facts.iter().any(|(name, value)| is_like(name, path) && is_value(value))
    }

    /// Whether a table has this column.
    pub(super) fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.eq_ignore_ascii_case(name))
    }

    /// Whether a text has this in it.
    pub(super) fn has_text(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// Whether there is nothing in it that somebody could have reported.
    pub(super) fn is_void(&self) -> bool {
        self.kind == Kind::Json && !self.has_values
    }

    /// Why no tool was recognised.
    pub(super) fn unrecognized(&self) -> ImportError {
        let names = |names: Vec<&str>| names.into_iter().take(5).collect::<Vec<_>>().join(", ");
        let top = || names(self.facts.keys().map(String::as_str).filter(|path| !path.contains('.')).collect());
        let description = match self.kind {
            Kind::Empty => return ImportError::Empty,
            Kind::Page => return ImportError::WebPage,
            Kind::Json if self.facts.is_empty() => "JSON without members".to_owned(),
            Kind::Json => format!("JSON with {}", top()),
            Kind::Xml => format!("XML with the root {}", top()),
            Kind::Text if 1 < self.columns.len() => format!("a table of {}", names(self.columns.iter().map(String::as_str).collect())),
            Kind::Text => "text".to_owned(),
        };
        ImportError::Unrecognized { description: description.chars().filter(|character| !character.is_control()).take(200).collect() }
    }

    fn walk_xml(&mut self, text: &str) {
        let mut reader = Reader::from_str(text);
        let (mut path, mut n_elements) = (Vec::<String>::new(), 0);
        while let Ok(event) = reader.read_event() {
            let (start, is_open) = match &event {
                Event::Start(start) => (start, true),
                Event::Empty(start) => (start, false),
                Event::End(_) => {
                    path.pop();
                    continue;
                }
                Event::Eof => return,
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_) => continue,
            };
            n_elements += 1;
            path.push(start.local_name().into_inner().to_owned());
            if path.len() <= MAX_DEPTH {
                let here = path.join(".");
                for attribute in start.attributes().with_checks(false).flatten() {
                    let name: &str = attribute.key.local_name().into_inner();
                    note(&mut self.facts, format!("{here}.@{name}"), &attribute.value);
                }
                note(&mut self.facts, here, "");
            }
            if !is_open {
                path.pop();
            }
            if MAX_ELEMENTS < n_elements {
                return;
            }
        }
    }
}

/// Whether text that starts with a bracket is JSON.
fn is_json_list(text: &str) -> bool {
    let first = text.trim_start_matches('[').trim_start().bytes().next();
    matches!(first, None | Some(b'{' | b'[' | b']' | b'"' | b'0'..=b'9' | b'-')) || text.starts_with("[null")
}

/// Whether a path is like a pattern, in which `*` is any name.
fn is_like(path: &str, pattern: &str) -> bool {
    let (mut names, mut wanted) = (path.split('.'), pattern.split('.'));
    loop {
        match (names.next(), wanted.next()) {
            (None, None) => return true,
            (Some(_), Some("*")) => {}
            (Some(name), Some(wanted)) if name == wanted => {}
            _ => return false,
        }
    }
}

fn note(facts: &mut BTreeMap<String, String>, path: String, value: &str) {
    if facts.len() < MAX_FACTS {
        let value: String = value.chars().take(MAX_VALUE_CHARACTERS).collect();
        let known = facts.entry(path).or_default();
        if known.is_empty() {
            *known = value;
        }
    }
}

/// Notes the names in a value.
struct Walk<'w> {
    facts: &'w mut BTreeMap<String, String>,
    path: &'w str,
    depth: usize,
    /// Where the root says that it is a list.
    is_list: Option<&'w mut bool>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.value(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if let Some(is_list) = self.is_list {
            *is_list = true;
        }
        for _ in 0..MAX_ITEMS {
            let walk = Walk { facts: &mut *self.facts, path: self.path, depth: self.depth, is_list: None };
            if items.next_element_seed(walk)?.is_none() {
                return Ok(());
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(Name)? {
            // A dot in a name would look like a path.
            let name = name.replace('.', "_");
            let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
            note(self.facts, path.clone(), "");
            if MAX_DEPTH <= self.depth + 1 {
                members.next_value::<IgnoredAny>()?;
            } else {
                members.next_value_seed(Walk { facts: &mut *self.facts, path: &path, depth: self.depth + 1, is_list: None })?;
            }
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn value(self, value: &str) {
        if !self.path.is_empty() {
            note(self.facts, self.path.to_owned(), value);
        }
    }
}

/// A member's name.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_cut_document_are_known() {
        let shape = Shape::of(br#"{"runs": [{"tool": {"driver": {"name": "X"}}, "results": [{"ruleId": "a"#);
        assert!(shape.has("runs.tool.driver.name=x") && shape.has("runs.results") && shape.has("*.tool"));
        assert!(!shape.has("runs.tool.driver.name=y") && !shape.is_list);
    }

    #[test]
    fn kinds_follow_from_content() {
        for (text, kind) in [
            ("", Kind::Empty),
            ("  \n", Kind::Empty),
            ("null", Kind::Json),
            ("[]", Kind::Json),
            ("[+] found", Kind::Text),
            ("[INFO] x", Kind::Text),
            ("<!DOCTYPE html><html>", Kind::Page),
            ("<?xml version='1.0'?><a/>", Kind::Xml),
            ("a,b\n", Kind::Text),
        ] {
            assert_eq!(Shape::of(text.as_bytes()).kind, kind, "{text}");
        }
        assert!(Shape::of(b"\xff\xfe<\0a\0/\0>\0").has("a"));
        assert!(Shape::of(b"\xef\xbb\xbf\"A b\";C\n1;2").has_column("a B"));
    }
}
