//! Elements of XML.

use std::borrow::Cow;

use bartizan_core::ByteRange;

/// An element and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Element<'t> {
    /// Its name, without the prefix of its namespace.
    pub name: Cow<'t, str>,
    /// Its place, from its first tag to its last.
    pub range: ByteRange,
    /// The place of its first tag.
    pub tag_range: ByteRange,
    /// Its attributes, in the order of the document.
    pub attributes: Vec<Attribute<'t>>,
    /// The elements within, in the order of the document.
    pub children: Vec<Self>,
    /// The text directly within, blanks around it included.
    text: Cow<'t, str>,
    /// Where that text stands.
    text_range: Option<ByteRange>,
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// Its name, without the prefix of its namespace.
    pub name: Cow<'t, str>,
    /// Its value, with references replaced.
    pub value: Cow<'t, str>,
    /// Where the value stands, quotes excluded.
    pub range: ByteRange,
}

impl<'t> Element<'t> {
    /// An element of which only the first tag is known.
    pub(super) fn begin(name: &'t str, tag_range: ByteRange, attributes: Vec<Attribute<'t>>) -> Self {
        let name = Cow::Borrowed(name);
        Self { name, range: tag_range, tag_range, attributes, children: Vec::new(), text: Cow::Borrowed(""), text_range: None }
    }

    /// Adds a piece of text; blank ones count only between others.
    pub(super) fn add_text(&mut self, piece: Cow<'t, str>, range: ByteRange) {
        if self.text_range.is_none() && piece.trim().is_empty() {
            return;
        }
        let start = self.text_range.map_or(range.start() + piece.len() - piece.trim_start().len(), ByteRange::start);
        let n_blank = piece.len() - piece.trim_end().len();
        let end = range.end().saturating_sub(n_blank).max(start);
        self.text_range = Some(ByteRange::new(start, end.min(range.end())));
        if self.text.is_empty() {
            self.text = piece;
        } else {
            self.text.to_mut().push_str(&piece);
        }
    }

    /// The text directly within, without blanks around it; nothing if there is none.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// Where that text stands; the whole element where there is none.
    #[must_use]
    pub fn text_range(&self) -> ByteRange {
        self.text_range.unwrap_or(self.range)
    }

    /// The first element within that has a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements within that have a name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at the end of a way of names.
    #[must_use]
    pub fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text of the first element within that has a name.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(Self::text)
    }

    /// An attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The value of an attribute, without blanks around it; nothing if it is empty.
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&str> {
        self.attribute(name).map(|attribute| attribute.value.trim()).filter(|value| !value.is_empty())
    }
}
