//! Code in a rule's file that the rule must report, or must not: its tests and its documentation.

use serde::{Deserialize, Serialize};

use super::{LanguageName, RuleText, Span};

/// A piece of code with what the rule must make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What the rule must make of it.
    pub verdict: Verdict,
    /// The code.
    pub code: RuleText,
    /// The code after the rule's fix.
    pub fixed: Option<RuleText>,
    /// The name of the file that the code stands in; made from the language if not given.
    pub path: Option<String>,
    /// The language; the rule's first one if not given.
    pub language: Option<LanguageName>,
    /// The entry.
    pub span: Span,
}

/// What a rule must make of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// `bad`: it reports at least once.
    Bad,
    /// `good`: it doesn't report.
    Good,
}
