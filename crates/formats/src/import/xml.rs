//! XML as trees, without definitions and without anything from elsewhere.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use super::{error::ImportError, node::Node};

/// How deeply elements may be nested in each other.
const MAX_DEPTH: usize = 128;

/// An element's members, as far as they are known.
type Members = Vec<(Box<str>, Node)>;

/// Reads a document: a map with the root element alone.
pub(super) fn parse(text: &str) -> Result<Node, ImportError> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<(Box<str>, Members, String)> = vec![("".into(), Members::new(), String::new())];
    let fails = |reason: &str, at: u64| syntax(text, usize::try_from(at).unwrap_or(usize::MAX), reason);
    loop {
        let event = reader.read_event().map_err(|error| fails(&error.to_string(), reader.error_position()))?;
        match &event {
            Event::Start(start) => begin(&mut open, start),
            Event::Empty(start) => {
                begin(&mut open, start);
                end(&mut open);
            }
            Event::End(_) => end(&mut open),
            Event::Text(content) => add(&mut open, &content.xml10_content()),
            Event::CData(content) => add(&mut open, &content.xml10_content()),
            Event::GeneralRef(reference) => add(&mut open, &replaced(reference)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
        if MAX_DEPTH < open.len() {
            return Err(fails(&format!("elements are nested more than {MAX_DEPTH} deep"), reader.buffer_position()));
        }
    }
    match (open.len(), open.pop()) {
        (1, Some((_, members, _))) if !members.is_empty() => Ok(Node::Map(members)),
        (1, _) => Err(fails("there is no element", reader.buffer_position())),
        _ => Err(fails("the document ends within an element", reader.buffer_position())),
    }
}

fn begin(open: &mut Vec<(Box<str>, Members, String)>, start: &BytesStart<'_>) {
    let mut members = Members::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        let name: &str = attribute.key.local_name().into_inner();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| attribute.value.clone());
        members.push((format!("@{name}").into(), Node::Text(value.as_ref().into())));
    }
    open.push((start.local_name().into_inner().into(), members, String::new()));
}

fn end(open: &mut Vec<(Box<str>, Members, String)>) {
    let Some((name, mut members, text)) = open.pop() else { return };
    let node = match (members.is_empty(), text.trim().is_empty()) {
        (true, true) => Node::Text("".into()),
        (true, false) => Node::Text(text.into()),
        (false, true) => Node::Map(members),
        (false, false) => {
            members.push(("#text".into(), Node::Text(text.into())));
            Node::Map(members)
        }
    };
    if let Some((_, parent, _)) = open.last_mut() {
        parent.push((name, node));
    }
}

fn add(open: &mut [(Box<str>, Members, String)], content: &str) {
    if let Some((_, _, text)) = open.last_mut() {
        text.push_str(content);
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

fn syntax(text: &str, at: usize, reason: &str) -> ImportError {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    let reason = reason.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    ImportError::Syntax { format: "XML", line, column, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_texts_are_members() {
        let node = parse("<?xml version='1.0'?><a:r v='1'><i n='x'>one &lt; two</i><i>&#65;<![CDATA[<b>]]></i><e/></a:r>").unwrap();
        assert_eq!((node.str("r.@v"), node.str("r.i"), node.str("r.i.@n")), ("1", "one < two", "x"));
        assert_eq!(node.texts("r.i"), ["one < two", "A<b>"]);
        assert!(node.has("r.e"));
    }

    #[test]
    fn entities_of_a_document_are_not_replaced() {
        let node = parse("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>").unwrap();
        assert_eq!(node.str("r"), "&e;");
    }

    #[test]
    fn broken_documents_are_refused() {
        for text in ["<a><b></a>", "<a><b>", "<a", "<?xml version='1.0'?>", &"<a>".repeat(1000)] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
