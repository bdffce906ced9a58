//! Where engines put what they find.

use bartizan_core::{ArtifactPath, Component, Dependency, Diagnostic, DiagnosticKind, Finding, FlowStep, Limit, Location};

/// Collects what one analyzer reports of one file, within limits.
#[derive(Debug, Default)]
pub struct Reporter {
    findings: Vec<Finding>,
    diagnostics: Vec<Diagnostic>,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
    is_full: bool,
    notes: Notes,
    confirmed: Vec<Confirmed>,
    spans: Vec<(usize, Location)>,
    is_of_project: bool,
}

/// What an analyzer keeps of one file until all files were visited.
#[derive(Debug, Default)]
pub struct Notes {
    /// Facts, in an encoding of the analyzer's own; empty if there are none.
    pub facts: Vec<u8>,
    /// Findings that hold only if facts across files say so.
    pub pending: Vec<Finding>,
    /// Whether its text is kept, too: findings of [`Analyzer::finish`](crate::Analyzer::finish) in it show their lines.
    pub keeps_text: bool,
}

/// A pending finding that holds.
#[derive(Debug)]
pub struct Confirmed {
    /// The file, by its index in [`ProjectView::facts`](crate::ProjectView::facts).
    pub file: usize,
    /// The finding, by the number that [`Reporter::pending`] gave.
    pub number: u32,
    /// The way that data takes to it, through all files.
    pub flow: Vec<FlowStep>,
}

impl Reporter {
    /// The most findings that one analyzer may report of one file.
    pub const MAX_FINDINGS_PER_FILE: usize = 10_000;

    /// The most findings that one analyzer may report of all files together, at the end.
    pub const MAX_FINDINGS_OF_PROJECT: usize = 1_000_000;

    /// Collects what is reported of all files together, at the end.
    #[must_use]
    pub fn of_project() -> Self {
        Self { is_of_project: true, ..Self::default() }
    }

    /// Reports a finding. At the limit a diagnostic is reported instead, once.
    pub fn finding(&mut self, finding: Finding) {
        let max_findings = if self.is_of_project { Self::MAX_FINDINGS_OF_PROJECT } else { Self::MAX_FINDINGS_PER_FILE };
        if self.findings.len() < max_findings {
            self.findings.push(finding);
        } else {
            self.full(finding.location.artifact);
        }
    }

    fn full(&mut self, artifact: ArtifactPath) {
        if self.is_full {
            return;
        }
        self.is_full = true;
        let (name, value, message) = if self.is_of_project {
            ("max-findings-of-project", Self::MAX_FINDINGS_OF_PROJECT, "more findings across files than are kept")
        } else {
            ("max-findings-per-file", Self::MAX_FINDINGS_PER_FILE, "more findings in this file than are kept")
        };
        let limit = Limit { name: name.to_owned(), value: value.try_into().unwrap_or(u64::MAX) };
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, message)
            .at(Location::whole(artifact))
            .because_of(limit)
            .with_help("exclude the file if it is generated, or turn the noisy rule off");
        self.diagnostics.push(diagnostic);
    }

    /// Reports a finding about something that is larger than its place: marks in comments anywhere in `span` speak of it.
    pub fn finding_within(&mut self, finding: Finding, span: Location) {
        self.spans.push((self.findings.len(), span));
        self.finding(finding);
    }

    /// What findings are about, by their number, where that is larger than their place.
    pub fn take_spans(&mut self) -> Vec<(usize, Location)> {
        std::mem::take(&mut self.spans)
    }

    /// Reports what could not be analyzed.
    pub fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a component.
    pub fn component(&mut self, component: Component) {
        self.components.push(component);
    }

    /// Reports an edge between components.
    pub fn dependency(&mut self, dependency: Dependency) {
        self.dependencies.push(dependency);
    }

    /// Notes facts about the file for [`Analyzer::finish`](crate::Analyzer::finish). Like findings they depend on the file alone.
    pub fn facts(&mut self, facts: Vec<u8>) {
        self.notes.facts = facts;
    }

    /// Keeps the text of the file beside its facts, with its secrets masked: [`Analyzer::finish`](crate::Analyzer::finish) sees it,
    /// and what is found in it then is shown with its lines and obeys the marks beside them.
    pub fn keep_text(&mut self) {
        self.notes.keeps_text = true;
    }

    /// Reports a finding that holds only if facts across files say so, and gives its number; at the limit nothing, and a diagnostic instead.
    pub fn pending(&mut self, finding: Finding) -> Option<u32> {
        let number = self.notes.pending.len();
        if Self::MAX_FINDINGS_PER_FILE <= number {
            self.full(finding.location.artifact);
            return None;
        }
        self.notes.pending.push(finding);
        u32::try_from(number).ok()
    }

    /// Says that a pending finding holds; for [`Analyzer::finish`](crate::Analyzer::finish).
    pub fn confirm(&mut self, confirmed: Confirmed) {
        self.confirmed.push(confirmed);
    }

    /// What was noted of a file.
    pub fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// The pending findings that hold.
    pub fn take_confirmed(&mut self) -> Vec<Confirmed> {
        std::mem::take(&mut self.confirmed)
    }

    /// What was reported.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, Vec<Diagnostic>, Vec<Component>, Vec<Dependency>) {
        (self.findings, self.diagnostics, self.components, self.dependencies)
    }
}
