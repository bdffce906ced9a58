//! What a rule looks for: patterns joined by `and`, `or`, `not` and `inside`.
//!
//! Both spellings of Semgrep's format (`patterns:`, `pattern-either:` … and `all:`, `any:` …) become the same tree.

use serde::{Deserialize, Serialize};

use super::{Condition, Metavariable, RuleText, Span};

/// A pattern, or patterns joined.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Formula {
    /// What is joined, and how.
    pub kind: FormulaKind,
    /// What the bindings of a match must fulfil (`metavariable-regex` …, `where`), in the file's order.
    pub conditions: Vec<Condition>,
    /// What is reported of a match: of each entry one of its metavariables, of all entries the common part.
    pub focus: Vec<Focus>,
    /// The name to which the whole match is bound (`as`).
    pub binds: Option<Metavariable>,
    /// The replacement for this part alone; it wins over the rule's (`fix` within `match`).
    pub fix: Option<RuleText>,
    /// The key that it stands behind: `patterns`, `all`, `pattern-not` …; the text itself for a bare pattern.
    pub span: Span,
}

/// How a formula's parts are joined.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FormulaKind {
    /// Code in the language of the rule, or of the `metavariable-pattern` around it; a regular expression where that
    /// language is `regex`.
    Pattern(RuleText),
    /// A regular expression over the text.
    Regex(RuleText),
    /// All of them; there is one that is no [`FormulaKind::Not`], except below `metavariable-pattern`.
    All(Vec<Formula>),
    /// Any of them.
    Any(Vec<Formula>),
    /// What is taken away from the rest of the [`FormulaKind::All`] around it.
    ///
    /// `pattern-not-inside` is a `Not` of an [`FormulaKind::Inside`].
    Not(Box<Formula>),
    /// What a match must lie in.
    Inside(Box<Formula>),
    /// What must occur somewhere in the file, with the same bindings.
    Anywhere(Box<Formula>),
}

/// One `focus-metavariable`, or one `focus` of `where`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Focus {
    /// Any of these is reported.
    pub metavariables: Vec<Metavariable>,
    /// The key.
    pub span: Span,
}

impl Formula {
    /// A formula without conditions.
    #[must_use]
    pub const fn new(kind: FormulaKind, span: Span) -> Self {
        Self { kind, conditions: Vec::new(), focus: Vec::new(), binds: None, fix: None, span }
    }

    /// Whether it says which part of a match is reported.
    #[must_use]
    pub fn has_focus(&self) -> bool {
        !self.focus.is_empty()
    }

    /// Whether it only takes away.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        matches!(self.kind, FormulaKind::Not(_))
    }

    /// The parts directly below.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match &self.kind {
            FormulaKind::Pattern(_) | FormulaKind::Regex(_) => &[],
            FormulaKind::All(children) | FormulaKind::Any(children) => children,
            FormulaKind::Not(child) | FormulaKind::Inside(child) | FormulaKind::Anywhere(child) => std::slice::from_ref(child),
        }
    }
}
