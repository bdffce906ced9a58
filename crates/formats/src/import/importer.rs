//! What is known of a tool's reports: its names, how they are recognised, its words for severities, and what reads them.

use bartizan_core::Severity;

use super::{
    Input,
    error::ImportError,
    flat::Flat,
    node::Node,
    shape::{Kind, Shape},
    sink::Sink,
};

/// A tool whose reports can be read.
#[derive(Debug)]
pub struct Importer {
    /// Its name on the command line: lower-case words joined by `_`.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Other names that it is known by, those of DefectDojo's parsers among them.
    pub aliases: &'static [&'static str],
    /// What its reports look like: one of these.
    pub marks: &'static [Mark],
    /// Whether it writes one result a line, and an empty file where there is none.
    pub writes_lines: bool,
    /// Its words for severities, where they are not the usual ones; in lower case.
    pub scale: &'static [(&'static str, Severity)],
    /// What reads its reports.
    pub(super) read: Reading,
}

/// What a report looks like.
///
/// Facts of JSON and XML are paths of names joined by `.`, through lists as if they were not there; `*` is any name, `@` starts
/// that of an attribute. `path=value` and `path~part` ask for a value as well.
#[derive(Debug, Clone, Copy)]
pub enum Mark {
    /// JSON in which all of these are.
    Json(&'static [&'static str]),
    /// JSON whose root is a list, whose items have all of these.
    JsonList(&'static [&'static str]),
    /// XML in which all of these are, the root element's name first.
    Xml(&'static [&'static str]),
    /// A table with all of these columns.
    Csv(&'static [&'static str]),
    /// A text with all of these near its start.
    Text(&'static [&'static str]),
    /// A web page with all of these near its start.
    Page(&'static [&'static str]),
}

/// What reads a report.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reading {
    /// Piece by piece.
    Stream(fn(&dyn Input, &mut Sink<'_>) -> Result<(), ImportError>),
    /// As a tree: JSON, XML or a table.
    Tree(fn(&Node, &mut Sink<'_>)),
    /// As a tree that is a list of things, of one of these shapes.
    Flat(&'static [Flat]),
    /// As text.
    Text(fn(&str, &mut Sink<'_>) -> Result<(), ImportError>),
}

impl Importer {
    /// What others are made from.
    pub(super) const BASE: Self =
        Self { id: "", title: "", aliases: &[], marks: &[], writes_lines: false, scale: &[], read: Reading::Text(|_, _| Ok(())) };

    /// How much of a report looks like one of this tool; nothing if it does not.
    pub(super) fn score(&self, shape: &Shape) -> Option<usize> {
        self.marks.iter().filter_map(|mark| mark.score(shape)).max()
    }
}

impl Mark {
    fn score(&self, shape: &Shape) -> Option<usize> {
        let (kind, wanted) = match *self {
            Self::Json(wanted) | Self::JsonList(wanted) => (Kind::Json, wanted),
            Self::Xml(wanted) => (Kind::Xml, wanted),
            Self::Csv(wanted) | Self::Text(wanted) => (Kind::Text, wanted),
            Self::Page(wanted) => (Kind::Page, wanted),
        };
        let has = |fact: &&str| match self {
            Self::Csv(_) => shape.has_column(fact),
            Self::Text(_) | Self::Page(_) => shape.has_text(fact),
            Self::Json(_) | Self::JsonList(_) | Self::Xml(_) => shape.has(fact),
        };
        let is_list = !matches!(self, Self::JsonList(_)) || shape.is_list;
        // What is asked for a value counts twice.
        let weight = |fact: &&str| 1 + usize::from(fact.contains(['=', '~'])) + fact.matches('.').count().min(1);
        (shape.kind == kind && is_list && wanted.iter().all(has)).then(|| wanted.iter().map(weight).sum())
    }
}
