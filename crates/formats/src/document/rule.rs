//! Rules.

use schemars::JsonSchema;
use serde::Serialize;

use super::scale::{Confidence, Severity};

/// What is known about a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Rule<'a> {
    /// Its identifier.
    id: &'a str,
    /// The engine that runs it: `secrets`, `sast` …
    engine: &'a str,
    /// What is wrong, in one line.
    title: &'a str,
    /// How bad a finding is.
    severity: Severity,
    /// How sure a finding usually is.
    confidence: Confidence,
    /// Why it matters.
    why: &'a str,
    /// How to fix it.
    how_to_fix: &'a str,
    /// Weaknesses of the Common Weakness Enumeration that it finds: `CWE-798`.
    cwe: Vec<String>,
    /// Requirements of standards that a finding breaks.
    standards: Vec<&'a str>,
    /// Free words to select by.
    tags: &'a [String],
    /// Pages to read on.
    references: &'a [String],
    /// The file that it was read from; absent where it is part of Bartizan.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

impl<'a> From<&'a bartizan_core::Rule> for Rule<'a> {
    fn from(rule: &'a bartizan_core::Rule) -> Self {
        Self {
            id: rule.id.as_str(),
            engine: rule.engine.0,
            title: &rule.title,
            severity: rule.severity.into(),
            confidence: rule.confidence.into(),
            why: &rule.why,
            how_to_fix: &rule.how_to_fix,
            cwe: rule.cwe.iter().map(ToString::to_string).collect(),
            standards: rule.standards.iter().map(bartizan_core::StandardId::as_str).collect(),
            tags: &rule.tags,
            references: &rule.references,
            file: match &rule.origin {
                bartizan_core::RuleOrigin::BuiltIn => None,
                bartizan_core::RuleOrigin::File(path) => Some(path.to_string()),
            },
        }
    }
}
