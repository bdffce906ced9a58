//! What a rule with `mode: taint` follows: from sources to sinks, unless it is sanitized.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Formula, Label, Metavariable, Requires, Span};

/// Where data comes from, where it must not go, what makes it harmless, and what passes it on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaintSpec {
    /// Where tainted data comes from; at least one.
    pub sources: Vec<Entry<Source>>,
    /// Where it must not go; at least one.
    pub sinks: Vec<Entry<Sink>>,
    /// What makes it harmless.
    pub sanitizers: Vec<Entry<Sanitizer>>,
    /// What passes it on, beside what the engine knows.
    pub propagators: Vec<Entry<Propagator>>,
    /// The key `taint`, or `pattern-sources`.
    pub span: Span,
}

/// An entry of one of the lists: the rule's own, or those of a set of framework models.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Entry<T> {
    /// It stands in the rule.
    Own(T),
    /// `model: http-input`, an extension of ours: all entries of the named set that belong into this list.
    Model(ModelReference),
}

impl<T> Entry<T> {
    /// The entry that stands in the rule; nothing for a reference to models.
    #[must_use]
    pub const fn own(&self) -> Option<&T> {
        match self {
            Self::Own(own) => Some(own),
            Self::Model(_) => None,
        }
    }
}

impl TaintSpec {
    /// The formulas that stand in the rule: of sources, sinks, sanitizers and propagators.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let sources = self.sources.iter().filter_map(Entry::own).map(|source| &source.formula);
        let sinks = self.sinks.iter().filter_map(Entry::own).map(|sink| &sink.formula);
        let sanitizers = self.sanitizers.iter().filter_map(Entry::own).map(|sanitizer| &sanitizer.formula);
        let propagators = self.propagators.iter().filter_map(Entry::own).map(|propagator| &propagator.formula);
        sources.chain(sinks).chain(sanitizers).chain(propagators)
    }
}

/// A reference to a named set of framework models.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelReference {
    /// The set's name.
    pub name: ModelName,
    /// The label that its entries give, instead of their own.
    pub label: Option<Label>,
    /// What its entries ask for in addition.
    pub requires: Option<Requires>,
    /// The name.
    pub span: Span,
}

/// The name of a set of framework models: lower-case words joined by hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModelName(Arc<str>);

impl ModelName {
    /// A name; nothing if it isn't made of lower-case words joined by hyphens.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        text.split('-').all(is_word).then(|| Self(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Where tainted data comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// What it looks like.
    pub formula: Formula,
    /// Whether only the whole match is tainted, not the expressions within it.
    pub is_exact: bool,
    /// Whether what matched stays tainted behind the match.
    pub by_side_effect: BySideEffect,
    /// Whether running it, rather than data, is what is followed.
    pub is_control: bool,
    /// The label that its data carries; [`Label::default`] if none is given.
    pub label: Label,
    /// What the data must carry already.
    pub requires: Option<Requires>,
    /// The entry.
    pub span: Span,
}

/// Where tainted data must not go.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sink {
    /// What it looks like.
    pub formula: Formula,
    /// Whether only the whole match is the sink, not the expressions within it; yes if not given.
    pub is_exact: bool,
    /// Whether it is a sink only where the function ends.
    pub at_exit: bool,
    /// What the data must carry.
    pub requires: SinkRequires,
    /// The entry.
    pub span: Span,
}

/// What the data that reaches a sink must carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SinkRequires {
    /// Nothing was given: the label of sources without a label.
    Default,
    /// The match as a whole.
    Whole(Requires),
    /// What is bound to each of these metavariables.
    Each(Vec<(Metavariable, Requires)>),
}

/// What makes data harmless.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sanitizer {
    /// What it looks like.
    pub formula: Formula,
    /// Whether only the whole match is clean, not the expressions within it.
    pub is_exact: bool,
    /// Whether what matched stays clean behind the match.
    pub by_side_effect: BySideEffect,
    /// Whether it is no sanitizer where it matches exactly what a source or a sink matches.
    pub not_conflicting: bool,
    /// The entry.
    pub span: Span,
}

/// What passes data on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Propagator {
    /// What it looks like.
    pub formula: Formula,
    /// Where the data comes from.
    pub from: Metavariable,
    /// Where it goes.
    pub to: Metavariable,
    /// Whether the target stays tainted behind the match; yes if not given.
    pub by_side_effect: bool,
    /// The label that the data carries from now on.
    pub label: Option<Label>,
    /// What the data must carry.
    pub requires: Option<Requires>,
    /// Which labels the new one replaces; all if not given.
    pub replace_labels: Option<Vec<Label>>,
    /// The entry.
    pub span: Span,
}

/// Whether what matched stays tainted, or clean, behind the match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum BySideEffect {
    /// No: only the value of the match is.
    #[default]
    No,
    /// Yes, as well as the value of the match.
    Yes,
    /// Yes, but the value of the match is not.
    Only,
}
