//! What the bindings of a match must fulfil.

use serde::{Deserialize, Serialize};

use super::{Formula, LanguageName, Metavariable, RuleText, Span};

/// One condition on the bindings of a match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// What must hold.
    pub kind: ConditionKind,
    /// The key: `metavariable-regex`, or `metavariable` below `where`.
    pub span: Span,
}

/// The kinds of condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConditionKind {
    /// `metavariable-regex`: the text that is bound matches from its start.
    Regex {
        /// The binding.
        metavariable: Metavariable,
        /// The expression; anchored at the left.
        regex: RuleText,
        /// Whether the constant value is taken where one is known. Without the key: no for `metavariable-regex`, yes in `where`.
        constant_propagation: bool,
    },
    /// `metavariable-pattern`: the formula matches within what is bound.
    Pattern {
        /// The binding.
        metavariable: Metavariable,
        /// What the bound text is read as; the rule's own language if it isn't given.
        language: Option<LanguageName>,
        /// The formula.
        formula: Box<Formula>,
    },
    /// `metavariable-comparison`: the expression is true.
    Comparison {
        /// The binding that `strip` and `base` are about; needed with `strip` only.
        metavariable: Option<Metavariable>,
        /// An expression in Python's syntax over metavariables.
        comparison: RuleText,
        /// The base of bound numbers without a prefix.
        base: Option<u32>,
        /// Whether bound texts are read as numbers: every `$X` counts as `int($X)`.
        strip: bool,
    },
    /// `metavariable-analysis`: an analysis finds something in the text that is bound.
    Analysis {
        /// The binding.
        metavariable: Metavariable,
        /// The analysis.
        analyzer: Analyzer,
    },
    /// `metavariable-type`: what is bound has one of the types.
    Type {
        /// The binding.
        metavariable: Metavariable,
        /// The language that the types are written in; the rule's own if it isn't given.
        language: Option<LanguageName>,
        /// The types.
        types: Vec<RuleText>,
    },
    /// `metavariable-name`: what is bound comes from one of the modules.
    Name {
        /// The binding.
        metavariable: Metavariable,
        /// What it must be the name of.
        kind: Option<NameKind>,
        /// Names of modules as a program imports them; no condition if there are none.
        modules: Vec<RuleText>,
    },
}

/// The analyses of `metavariable-analysis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Analyzer {
    /// The text looks random.
    Entropy,
    /// The text looks random, by a newer measure of given strictness.
    EntropyV2(EntropyMode),
    /// The text is a regular expression that can take exponential time.
    Redos,
}

/// How strict the newer measure of randomness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum EntropyMode {
    /// More is taken for random.
    Lax,
    /// As usual.
    #[default]
    Default,
    /// Less is taken for random.
    Strict,
}

/// What `metavariable-name` can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NameKind {
    /// The name of a view of Django.
    DjangoView,
}
