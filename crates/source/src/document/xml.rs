//! XML 1.0, by the events of the crate `quick-xml`.
//!
//! Names are without the prefix of their namespace. Entities that a document defines itself are not followed, and nothing that
//! it refers to is loaded: only the five of section 4.6 and references to characters are replaced. Comments and processing
//! instructions are left out.

mod element;
mod reference;
mod tag;

use std::borrow::Cow;

use bartizan_core::ByteRange;
use quick_xml::{Reader, events::Event};

pub use self::element::{Attribute, Element};
use super::{DocumentProblem, MAX_DEPTH, MAX_VALUES};

/// What was understood of a document of XML, and what was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlDocument<'t> {
    /// The outermost element; nothing where none begins.
    pub root: Option<Element<'t>>,
    /// What is wrong, in order of place.
    pub problems: Vec<DocumentProblem>,
}

/// Reads a document.
///
/// ```
/// use bartizan_source::document::parse_xml;
///
/// let document = parse_xml("<project><version>1.0</version></project>");
/// assert_eq!(document.root.unwrap().text_of("version"), Some("1.0"));
/// ```
#[must_use]
pub fn parse(text: &str) -> XmlDocument<'_> {
    let mut tree = Tree { text, open: Vec::new(), root: None, problems: Vec::new(), n_elements: 0 };
    tree.read();
    tree.problems.sort_by_key(|problem| problem.range.start());
    XmlDocument { root: tree.root, problems: tree.problems }
}

struct Tree<'t> {
    text: &'t str,
    /// The elements that are not complete yet: no recursion, so that depth costs no stack.
    open: Vec<Element<'t>>,
    root: Option<Element<'t>>,
    problems: Vec<DocumentProblem>,
    n_elements: usize,
}

impl<'t> Tree<'t> {
    fn read(&mut self) {
        let n_mark = self.text.len() - self.text.trim_start_matches('\u{feff}').len();
        let mut reader = Reader::from_str(self.text.get(n_mark..).unwrap_or_default());
        let config = reader.config_mut();
        // Tags that don't match are found here, so that what stands around them is kept.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let offset_of = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).saturating_add(n_mark);
        loop {
            let start = offset_of(reader.buffer_position());
            let event = reader.read_event();
            let range = ByteRange::new(start, offset_of(reader.buffer_position()).max(start));
            let is_done = match event {
                Ok(Event::Eof) => true,
                Ok(event) => !self.take(&event, range),
                Err(error) => {
                    self.cut(ByteRange::new(offset_of(reader.error_position()), range.end()), error.to_string());
                    true
                }
            };
            if is_done {
                break;
            }
        }
        self.end_of_text();
    }

    /// Takes an event; says whether to go on.
    fn take(&mut self, event: &Event<'_>, range: ByteRange) -> bool {
        match event {
            Event::Start(_) | Event::Empty(_) if self.is_full(range) => return false,
            Event::Start(_) => self.begin(range),
            Event::Empty(_) => {
                self.begin(range);
                self.complete(range.end());
            }
            Event::End(end) => self.end(end.name().as_ref(), range),
            Event::Text(_) => self.add_text(Cow::Borrowed(self.text_at(range)), range),
            Event::CData(_) => {
                let content = self.text_at(range);
                let content = content.strip_prefix("<![CDATA[").and_then(|content| content.strip_suffix("]]>"));
                self.add_text(Cow::Borrowed(content.unwrap_or_default()), range);
            }
            Event::GeneralRef(_) => {
                let written = self.text_at(range);
                let text = self.replaced(written, range);
                self.add_text(text, range);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        true
    }

    fn is_full(&mut self, range: ByteRange) -> bool {
        self.n_elements += 1;
        if MAX_DEPTH <= self.open.len() {
            self.cut(range, format!("elements are nested more than {MAX_DEPTH} deep (max-document-depth)"));
            return true;
        }
        if MAX_VALUES < self.n_elements {
            self.cut(range, format!("the document has more than {MAX_VALUES} elements (max-document-values)"));
            return true;
        }
        false
    }

    fn begin(&mut self, range: ByteRange) {
        let mut element = tag::read(self.text, range);
        if !tag::is_name(&element.name) {
            self.cut(range, format!("`{}` is no name of an element", element.name));
        }
        for attribute in &mut element.attributes {
            attribute.value = match std::mem::take(&mut attribute.value) {
                Cow::Borrowed(written) if written.contains('&') => self.replaced(written, attribute.range),
                value => value,
            };
        }
        if self.open.is_empty() && self.root.is_some() {
            self.cut(range, "there is a second element at the top");
        }
        self.open.push(element);
    }

    /// Ends the innermost element of a name, and those within that have no end of their own.
    fn end(&mut self, name: &str, range: ByteRange) {
        let name = tag::local(name.trim());
        let Some(depth) = self.open.iter().rposition(|element| element.name == name) else {
            self.cut(range, format!("`</{name}>` ends nothing"));
            return;
        };
        while depth + 1 < self.open.len() {
            self.complain_of_no_end();
            self.complete(range.start());
        }
        self.complete(range.end());
    }

    fn complain_of_no_end(&mut self) {
        let Some(element) = self.open.last() else { return };
        let (range, message) = (element.tag_range, format!("`<{}>` has no end", element.name));
        self.cut(range, message);
    }

    /// The innermost element is complete.
    fn complete(&mut self, end: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.range = ByteRange::new(element.range.start(), end);
        let is_kept = tag::is_name(&element.name);
        match self.open.last_mut() {
            Some(parent) if is_kept => parent.children.push(element),
            None if is_kept && self.root.is_none() => self.root = Some(element),
            Some(_) | None => {}
        }
    }

    fn end_of_text(&mut self) {
        let is_cut = self.problems.iter().any(|problem| problem.is_cut);
        if !is_cut && !self.open.is_empty() {
            self.complain_of_no_end();
        }
        while !self.open.is_empty() {
            self.complete(self.text.len());
        }
        if self.root.is_none() && self.problems.is_empty() {
            self.problems.push(DocumentProblem::cut(self.text.len(), "the document ends where an element is expected"));
        }
    }

    fn add_text(&mut self, text: Cow<'t, str>, range: ByteRange) {
        let is_blank = text.trim().is_empty();
        match self.open.last_mut() {
            Some(element) => element.add_text(text, range),
            None if is_blank => {}
            None => {
                let n_blank = text.len() - text.trim_start().len();
                let range = ByteRange::new(range.start() + n_blank, range.end());
                // Said once: what is no XML at all has more of it.
                if self.problems.is_empty() {
                    self.cut(range, "there is text outside of any element");
                }
            }
        }
    }

    /// A text with its references replaced; those to unknown entities stay as they are written.
    fn replaced(&mut self, written: &'t str, range: ByteRange) -> Cow<'t, str> {
        let (text, unknown) = reference::replace(written);
        if let Some(name) = unknown {
            let message = format!("the entity `{name}` is not known: entities that a document defines are not followed");
            self.problems.push(DocumentProblem { range, message, is_cut: false });
        }
        text
    }

    fn text_at(&self, range: ByteRange) -> &'t str {
        self.text.get(range.start()..range.end()).unwrap_or_default()
    }

    fn cut(&mut self, range: ByteRange, message: impl Into<String>) {
        self.problems.push(DocumentProblem { range, message: message.into(), is_cut: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let document = parse(text);
        let problems: Vec<String> =
            document.problems.iter().map(|problem| format!("{}: {}", problem.range.start(), problem.message)).collect();
        let root = document.root.as_ref().map(show).unwrap_or_default();
        assert_eq!([root, problems.join("; ")].join(" | "), expected, "{text:?}");
    }

    fn show(element: &Element<'_>) -> String {
        let attributes: Vec<String> =
            element.attributes.iter().map(|attribute| format!(" {}={:?}", attribute.name, attribute.value)).collect();
        let children: Vec<String> = element.children.iter().map(show).collect();
        let text = element.text().map(|text| format!("{text:?}")).unwrap_or_default();
        format!("{}{}({}{})", element.name, attributes.concat(), text, children.join(","))
    }

    #[test]
    fn elements_have_attributes_text_and_children() {
        check(
            "<?xml version='1.0'?>\n<!-- x --><a b='1' n:c = \"x &amp; y\"> one<![CDATA[ <two>]]>&#33;<d/><n:e>3</n:e></a>\n",
            "a b=\"1\" c=\"x & y\"(\"one <two>!\"d(),e(\"3\")) | ",
        );
    }

    #[test]
    fn tags_that_do_not_match_lose_only_themselves() {
        check("<a><b>1<c>2</c></a>", "a(b(\"1\"c(\"2\"))) | 3: `<b>` has no end");
        check("<a></x><b>1</b></a>", "a(b(\"1\")) | 3: `</x>` ends nothing");
        check("<a><b>1</b>", "a(b(\"1\")) | 0: `<a>` has no end");
        check("<a><${x}>1</${x}><b>1</b></a>", "a(b(\"1\")) | 3: `${x}` is no name of an element");
    }

    #[test]
    fn what_is_no_xml_is_said() {
        check("", " | 0: the document ends where an element is expected");
        check("  no xml & more\n", " | 2: there is text outside of any element");
        check("<a/>x", "a() | 4: there is text outside of any element");
        check("<a/><b/>", "a() | 4: there is a second element at the top");
        check("<a b='1", " | 0: syntax error: attribute value not closed: `'` not found before end of input");
    }

    #[test]
    fn entities_of_a_document_are_not_followed() {
        check(
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a b='&x;'>&x;</a>",
            "a b=\"&x;\"(\"&x;\") | 60: the entity `x` is not known: entities that a document defines are not followed; \
             65: the entity `x` is not known: entities that a document defines are not followed",
        );
    }

    #[test]
    fn depth_has_a_limit_and_takes_no_stack() {
        let text = "<a>".repeat(100_000);
        let document = parse(&text);
        assert!(document.problems.iter().any(|problem| problem.message.contains("max-document-depth")));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "\u{feff}<a é='ü'>\n <b>wert</b>\n</a>";
        let root = parse(text).root.unwrap();
        let at = |range: ByteRange| text.get(range.start()..range.end()).unwrap();
        assert_eq!(at(root.attributes[0].range), "ü");
        assert_eq!(at(root.tag_range), "<a é='ü'>");
        let child = root.child("b").unwrap();
        assert_eq!(at(child.range), "<b>wert</b>");
        assert_eq!(at(child.text_range()), "wert");
    }

    #[test]
    fn no_cut_text_panics() {
        let text = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'é'>]><a é=\"&#x20AC;\" c='1'><![CDATA[ü]]><!-- é --><b/>&amp;</a>";
        for (end, _) in text.char_indices() {
            let _ = parse(text.get(..end).unwrap());
        }
    }
}
