//! The result of a scan: what every export format writes.

use serde::{Deserialize, Serialize};

use crate::{Component, Dependency, Diagnostic, Finding, Level, Rule};

/// The result of a scan, sorted, so that the same input gives the same report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Who made it.
    pub tool: Tool,
    /// What was scanned, as the caller named it.
    pub target: String,
    /// Findings, suppressed ones included: by severity (worst first), rule, location.
    pub findings: Vec<Finding>,
    /// The rules of these findings, by id.
    pub rules: Vec<Rule>,
    /// What could not be analyzed, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Components, by package URL.
    pub components: Vec<Component>,
    /// Edges between them, in order.
    pub dependencies: Vec<Dependency>,
    /// How much was looked at.
    pub coverage: Coverage,
}

impl Report {
    /// Whether something was not analyzed.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| Level::Note < diagnostic.level)
    }

    /// The findings that ask for action: those that nobody suppressed.
    pub fn open_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppression.is_none())
    }

    /// The rule of a finding.
    #[must_use]
    pub fn rule_of(&self, finding: &Finding) -> Option<&Rule> {
        let index = self.rules.binary_search_by(|rule| rule.id.cmp(&finding.rule)).ok()?;
        self.rules.get(index)
    }
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version, semantic.
    pub version: String,
}

/// How much was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Files and archive entries that at least one engine analyzed.
    pub n_files: u64,
    /// Their size in bytes.
    pub n_bytes: u64,
    /// Files that no engine looked into, by reason; sorted, without zeros.
    pub skipped: Vec<(SkipReason, u64)>,
}

/// Why a file was not looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SkipReason {
    /// It is binary, and no engine reads its kind.
    Binary,
    /// It is empty.
    Empty,
    /// No engine is interested in it.
    NotInteresting,
    /// A diagnostic says why.
    Problem,
}

impl SkipReason {
    /// The stable name, in kebab-case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Empty => "empty",
            Self::NotInteresting => "not-interesting",
            Self::Problem => "problem",
        }
    }
}
