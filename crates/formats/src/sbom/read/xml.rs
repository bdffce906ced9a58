//! CycloneDX as XML: each component becomes the value that JSON has for it, when its element ends.
//!
//! Nothing that a document defines or refers to is loaded: entities are the five of XML 1.0, section 4.6, and characters.

use std::io::BufRead;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};
use serde_json::{Map, Value, json};

use super::{cyclonedx, draft::Draft};

/// How deeply elements may be nested in each other.
const MAX_DEPTH: usize = 128;

/// Reads a document.
pub(super) fn read(input: &mut dyn BufRead, draft: &mut Draft) {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().allow_dangling_amp = true;
    let mut tree = Tree { draft, open: Vec::new() };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => {
                let at = reader.error_position();
                tree.draft.loss(format!("the document can't be read further: {error} at byte {at}"));
                return;
            }
        };
        match &event {
            Event::Start(start) => tree.begin(start),
            Event::Empty(start) => {
                tree.begin(start);
                tree.end();
            }
            Event::End(_) => tree.end(),
            Event::Text(text) => tree.text(&text.xml10_content()),
            Event::CData(text) => tree.text(&text.xml10_content()),
            Event::GeneralRef(reference) => tree.text(&replaced(reference)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        if MAX_DEPTH < tree.open.len() {
            tree.draft.loss(format!("elements are nested more than {MAX_DEPTH} deep"));
            return;
        }
    }
    if !tree.open.is_empty() {
        tree.draft.loss("the document ends within an element");
    }
}

/// What a reference stands for; what is not known stays as it is.
fn replaced(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), ToOwned::to_owned)
}

struct Tree<'d> {
    draft: &'d mut Draft,
    /// The elements that are not complete yet.
    open: Vec<Element>,
}

/// An element that is not complete.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Map<String, Value>,
    children: Vec<(String, Value)>,
    text: String,
}

impl Tree<'_> {
    fn begin(&mut self, start: &BytesStart<'_>) {
        let mut attributes = Map::new();
        for attribute in start.attributes().with_checks(false).flatten() {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| attribute.value.clone());
            attributes.insert(attribute.key.as_ref().to_owned(), value.into_owned().into());
        }
        let name = start.local_name().as_ref().to_owned();
        if self.open.is_empty() {
            let is_namespace = |value: &Value| value.as_str().is_some_and(|uri| uri.contains("cyclonedx.org/schema/bom"));
            self.draft.is_bill |= name == "bom" && attributes.values().any(is_namespace);
        }
        self.open.push(Element { name, attributes, ..Element::default() });
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let path: Vec<&str> = self.open.iter().map(|element| element.name.as_str()).collect();
        match (path.as_slice(), element.name.as_str()) {
            (["bom", "components"], "component") => cyclonedx::component(self.draft, &element.into_value()),
            (["bom", "dependencies"], "dependency") => cyclonedx::dependency(self.draft, &element.into_value()),
            (["bom"], "metadata") => cyclonedx::metadata(self.draft, &element.into_value()),
            // What nobody asks for is not kept.
            (["bom"], _) | (["bom", "components" | "dependencies"], _) | ([], _) => {}
            (["bom", "metadata" | "components" | "dependencies", ..], _) => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push((element.name.clone(), element.into_value()));
                }
            }
            _ => {}
        }
    }
}

impl Element {
    /// The value that JSON has for such an element.
    fn into_value(mut self) -> Value {
        let text = self.text.trim().to_owned();
        match self.name.as_str() {
            "components" | "hashes" | "properties" | "occurrences" => self.into_list(),
            "tools" if self.children.iter().all(|(name, _)| name == "tool") => self.into_list(),
            "licenses" => {
                let choice = |(name, value): (String, Value)| json!({ name: value });
                Value::Array(self.children.into_iter().map(choice).collect())
            }
            "hash" => {
                self.attributes.insert("content".to_owned(), text.into());
                Value::Object(self.attributes)
            }
            "property" => {
                self.attributes.insert("value".to_owned(), text.into());
                Value::Object(self.attributes)
            }
            "dependency" => {
                let on = self.children.iter().filter_map(|(_, dependency)| dependency.get("ref").cloned());
                let on: Vec<Value> = on.collect();
                self.attributes.insert("dependsOn".to_owned(), on.into());
                Value::Object(self.attributes)
            }
            _ if self.attributes.is_empty() && self.children.is_empty() => text.into(),
            _ => {
                self.attributes.extend(self.children);
                Value::Object(self.attributes)
            }
        }
    }

    fn into_list(self) -> Value {
        Value::Array(self.children.into_iter().map(|(_, value)| value).collect())
    }
}
