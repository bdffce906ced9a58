//! Where engines put what they find.

use bartizan_core::{Component, Dependency, Diagnostic, DiagnosticKind, Finding, Limit, Location};

/// Collects what one analyzer reports of one file, within limits.
#[derive(Debug, Default)]
pub struct Reporter {
    findings: Vec<Finding>,
    diagnostics: Vec<Diagnostic>,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
    is_full: bool,
}

impl Reporter {
    /// The most findings that one analyzer may report of one file.
    pub const MAX_FINDINGS_PER_FILE: usize = 10_000;

    /// Reports a finding. At the limit a diagnostic is reported instead, once.
    pub fn finding(&mut self, finding: Finding) {
        if self.findings.len() < Self::MAX_FINDINGS_PER_FILE {
            self.findings.push(finding);
            return;
        }
        if self.is_full {
            return;
        }
        self.is_full = true;
        let limit = Limit { name: "max-findings-per-file".to_owned(), value: Self::MAX_FINDINGS_PER_FILE.try_into().unwrap_or(u64::MAX) };
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "more findings in this file than are kept")
            .at(Location::whole(finding.location.artifact))
            .because_of(limit)
            .with_help("exclude the file if it is generated, or turn the noisy rule off");
        self.diagnostics.push(diagnostic);
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

    /// What was reported.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, Vec<Diagnostic>, Vec<Component>, Vec<Dependency>) {
        (self.findings, self.diagnostics, self.components, self.dependencies)
    }
}
