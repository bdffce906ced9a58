//! The result of a scan: what every export format writes.

use serde::{Deserialize, Serialize};

use crate::{ArtifactPath, Component, Dependency, Diagnostic, Finding, Level, Rule};

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

    /// Puts every path below a folder, so that the report of `scan crates/core` names files as `crates/core/src/lib.rs`.
    ///
    /// The order of a report does not change: all paths get the same start.
    pub fn put_below(&mut self, folder: &str) {
        let folder = folder.trim_end_matches('/');
        if folder.is_empty() {
            return;
        }
        let below = |path: &mut ArtifactPath| *path = join(folder.as_bytes(), path.as_bytes());
        for finding in &mut self.findings {
            finding.artifacts_mut().for_each(below);
        }
        let of_diagnostics = self.diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.location.as_mut());
        let of_components = self.components.iter_mut().flat_map(|component| &mut component.locations);
        of_diagnostics.chain(of_components).for_each(|location| below(&mut location.artifact));
    }

    /// The rule of a finding.
    #[must_use]
    pub fn rule_of(&self, finding: &Finding) -> Option<&Rule> {
        let index = self.rules.binary_search_by(|rule| rule.id.cmp(&finding.rule)).ok()?;
        self.rules.get(index)
    }
}

/// A path below a folder; each `../` at its start leads one folder up.
fn join(folder: &[u8], path: &[u8]) -> ArtifactPath {
    let (mut folder, mut rest) = (folder, path);
    while let (Some(after), false) = (rest.strip_prefix(b"../"), folder.is_empty()) {
        let parent = folder.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        (folder, rest) = (folder.get(..parent).unwrap_or_default(), after);
    }
    let separator: &[u8] = if folder.is_empty() { b"" } else { b"/" };
    ArtifactPath::from_bytes(&[folder, separator, rest].concat())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DiagnosticKind, Location};

    #[test]
    fn a_report_is_put_below_the_scanned_folder() {
        let diagnostic = Diagnostic::new(DiagnosticKind::Unreadable, "").at(Location::whole("a/b".into()));
        let mut report = Report { diagnostics: vec![diagnostic], ..Report::default() };
        report.put_below("");
        report.put_below("x/y/");
        let paths: Vec<_> = report
            .diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.location.as_ref())
            .map(|location| location.artifact.to_string())
            .collect();
        assert_eq!(paths, ["x/y/a/b"]);
    }

    #[test]
    fn paths_that_lead_upwards_are_shortened() {
        for (path, expected) in [("../a", "x/a"), ("../../a", "a"), ("../../../a", "../a"), ("a/../b", "x/y/a/../b")] {
            assert_eq!(join(b"x/y", path.as_bytes()).to_string(), expected);
        }
    }
}
