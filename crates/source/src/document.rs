//! Documents of data with a place for everything: JSON, TOML, YAML, XML.
//!
//! A reader of some file asks for values by name and says where they stand. Whatever is wrong with a document becomes a
//! [`DocumentProblem`] beside what could be understood of it; no document makes a reader fail, take more than its limits, or
//! overflow the stack. Nothing in here knows what a document is for.

mod json;
mod node;
mod toml;
mod xml;
mod yaml;

use bartizan_core::ByteRange;

pub use self::{
    json::{Dialect as JsonDialect, parse as parse_json},
    node::{Member, Node, Value},
    toml::parse as parse_toml,
    xml::{Attribute as XmlAttribute, Element as XmlElement, XmlDocument, parse as parse_xml},
    yaml::{MAX_ALIASED_VALUES, Stream as YamlStream, parse as parse_yaml, parse_stream as parse_yaml_stream},
};

/// How deeply values may be nested in each other.
pub const MAX_DEPTH: usize = 256;

/// How many values a document may have, aliases of YAML followed.
pub const MAX_VALUES: usize = 20_000_000;

/// What was understood of a document, and what was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'t> {
    /// The value as a whole; nothing where no value begins at all.
    pub root: Option<Node<'t>>,
    /// What is wrong, in order of place. The first that cuts the document is the last.
    pub problems: Vec<DocumentProblem>,
}

/// Something wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// Where.
    pub range: ByteRange,
    /// What, in lower case, without a full stop.
    pub message: String,
    /// Whether what stands behind it is lost.
    pub is_cut: bool,
}

impl DocumentProblem {
    fn cut(at: usize, message: impl Into<String>) -> Self {
        Self { range: ByteRange::new(at, at), message: message.into(), is_cut: true }
    }
}
