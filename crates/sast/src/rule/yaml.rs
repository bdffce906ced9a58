//! YAML as a tree of nodes that know their places.
//!
//! The parser gives events; this builds the tree from them. An alias is the node that it names, not a copy, so that a bomb of
//! aliases costs nothing to read; what walking it would cost is counted while the tree is built, and limited.

mod build;
mod keys;
mod scalar;

use std::borrow::Cow;

pub(super) use self::{
    build::parse,
    keys::{Field, Keys},
};
use super::{RuleText, Span, span::Layout};

/// The largest rule file, in bytes.
pub const MAX_RULE_FILE_BYTES: usize = 4 << 20;
/// Values nested more deeply, aliases followed, are an error.
pub(super) const MAX_YAML_DEPTH: u32 = 128;
/// A file may have so many values, each counted as often as aliases repeat it. All rules of the public corpus have 170,000.
pub(super) const MAX_YAML_VALUES: u64 = 500_000;

/// The documents of a file.
#[derive(Debug, Default)]
pub(super) struct File<'t> {
    nodes: Vec<Node<'t>>,
    /// The root of each document that is not empty.
    pub(super) roots: Vec<NodeId>,
    /// What is wrong with the file as YAML, in the order in which it was found.
    pub(super) problems: Vec<YamlProblem>,
    /// Whether the text ends in the middle: what was complete before the error is in `roots`.
    pub(super) is_cut: bool,
}

/// Something that is wrong with a file as YAML.
#[derive(Debug)]
pub(super) struct YamlProblem {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: String,
}

/// The index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(u32);

#[derive(Debug)]
struct Node<'t> {
    content: Content<'t>,
    span: Span,
    /// Nodes below it and itself, each counted as often as aliases repeat it.
    n_values: u64,
    /// The longest way down.
    height: u32,
}

#[derive(Debug)]
enum Content<'t> {
    Scalar { text: Cow<'t, str>, style: Style, layout: Layout },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
}

/// How a scalar is written, as far as it changes what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Without quotes: `true` is a boolean, `1` a number.
    Plain,
    /// In quotes, as a block, or tagged as a text: always a text.
    Text,
}

/// A value in its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yaml<'f> {
    file: &'f File<'f>,
    id: NodeId,
}

impl<'f> File<'f> {
    /// The value of a node.
    pub(super) const fn value(&'f self, id: NodeId) -> Yaml<'f> {
        Yaml { file: self, id }
    }

    fn node(&self, id: NodeId) -> &Node<'f> {
        static NOTHING: Node<'static> =
            Node { content: Content::Sequence(Vec::new()), span: Span { start: 0, end: 0, line: 1, column: 1 }, n_values: 1, height: 0 };
        self.nodes.get(id.0 as usize).unwrap_or(&NOTHING)
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Nothing,
    Scalar,
    List,
    Map,
}

impl Shape {
    /// The shape in words, for messages.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Scalar => "a single value",
            Self::List => "a list",
            Self::Map => "keys with values",
        }
    }
}

impl<'f> Yaml<'f> {
    fn node(self) -> &'f Node<'f> {
        self.file.node(self.id)
    }

    /// Where it stands.
    pub(super) fn span(self) -> Span {
        self.node().span
    }

    /// What it is.
    pub(super) fn shape(self) -> Shape {
        match &self.node().content {
            Content::Scalar { text, style: Style::Plain, .. } if scalar::is_null(text) => Shape::Nothing,
            Content::Scalar { .. } => Shape::Scalar,
            Content::Sequence(_) => Shape::List,
            Content::Mapping(_) => Shape::Map,
        }
    }

    /// The text of a single value, be it written as a number or a boolean; nothing for `null` without quotes.
    pub(super) fn text(self) -> Option<&'f str> {
        match &self.node().content {
            Content::Scalar { text, .. } if self.shape() == Shape::Scalar => Some(text),
            Content::Scalar { .. } | Content::Sequence(_) | Content::Mapping(_) => None,
        }
    }

    /// The same, with its place.
    pub(super) fn rule_text(self) -> Option<RuleText> {
        let text = self.text()?;
        let Content::Scalar { layout, .. } = self.node().content else { return None };
        Some(RuleText { text: text.into(), span: self.span(), layout })
    }

    /// The items of a list.
    pub(super) fn items(self) -> Option<impl ExactSizeIterator<Item = Self>> {
        match &self.node().content {
            Content::Sequence(items) => Some(items.iter().map(move |&id| self.file.value(id))),
            Content::Scalar { .. } | Content::Mapping(_) => None,
        }
    }

    /// The keys with values of a map.
    pub(super) fn entries(self) -> Option<impl ExactSizeIterator<Item = (Self, Self)>> {
        match &self.node().content {
            Content::Mapping(entries) => Some(entries.iter().map(move |&(key, value)| (self.file.value(key), self.file.value(value)))),
            Content::Scalar { .. } | Content::Sequence(_) => None,
        }
    }
}
