//! What a check says, before it is a finding.

use bartizan_core::{
    ComponentSubject, Confidence, Cwe, Evidence, Excerpt, Finding, IdentityKey, Location, Rule, RuleId, RuleOrigin, Severity, Strength,
    Subject,
};

use crate::ID;

/// A rule of hygiene.
#[derive(Debug)]
pub(super) struct About {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// The severity of most of its findings.
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) why: &'static str,
    pub(super) how_to_fix: &'static str,
    pub(super) cwe: u32,
    pub(super) references: &'static [&'static str],
}

/// What a check says.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) about: &'static About,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// Why it is believed, in a few words.
    pub(super) reason: String,
    pub(super) locations: Vec<Location>,
    /// What tells it from others of its rule: what is said again about the same in another place is one finding.
    pub(super) identity: Vec<String>,
    /// The package URL of what it is about, if that is one component.
    pub(super) purl: Option<String>,
}

impl About {
    /// The rule, as reports show it.
    pub(super) fn rule(&self) -> Rule {
        Rule {
            id: self.id.parse().unwrap_or_default(),
            engine: ID,
            title: self.title.to_owned(),
            severity: self.severity,
            confidence: self.confidence,
            why: self.why.to_owned(),
            how_to_fix: self.how_to_fix.to_owned(),
            cwe: vec![Cwe(self.cwe)],
            standards: Vec::new(),
            tags: vec!["dependencies".to_owned(), "hygiene".to_owned(), "supply-chain".to_owned()],
            references: self.references.iter().map(|&page| page.to_owned()).collect(),
            origin: RuleOrigin::BuiltIn,
            aliases: Vec::new(),
            topic: None,
        }
    }
}

impl Draft {
    /// What a rule says about places.
    pub(super) fn new(about: &'static About, message: String, locations: Vec<Location>) -> Self {
        let (reason, identity) = (String::new(), Vec::new());
        Self { about, severity: about.severity, message, reason, locations, identity, purl: None }
    }

    /// What tells it from others of its rule.
    pub(super) fn known_by<const N: usize>(mut self, identity: [&str; N]) -> Self {
        self.identity = identity.iter().map(|&part| part.to_owned()).collect();
        self
    }

    /// Why it is believed.
    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// How bad it is, where that is not what most of its rule are.
    pub(super) fn rated(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The component that it is about.
    pub(super) fn about(mut self, purl: &str) -> Self {
        self.purl = Some(purl.to_owned());
        self
    }

    /// The finding; nothing without a place.
    pub(super) fn finding(mut self, identity: &IdentityKey) -> Option<Finding> {
        self.locations.sort();
        self.locations.dedup();
        let location = self.locations.first()?.clone();
        let parts = std::iter::once(self.about.id).chain(self.identity.iter().map(String::as_str));
        let parts: Vec<&[u8]> = parts.map(str::as_bytes).collect();
        let reason = if self.reason.is_empty() { self.about.title.to_owned() } else { self.reason };
        // What tests and examples have is not what is deployed.
        let is_example = self.locations.iter().all(|location| location.artifact.as_str().is_some_and(is_example));
        Some(Finding {
            rule: self.about.id.parse::<RuleId>().unwrap_or_default(),
            message: self.message,
            severity: self.severity,
            confidence: if is_example { Confidence::Low } else { self.about.confidence },
            location,
            occurrences: self.locations,
            excerpt: Excerpt { lines: Vec::new() },
            evidence: vec![Evidence { strength: Strength::Structural, text: reason, weight: None }],
            fingerprint: identity.fingerprint(&parts),
            related: Vec::new(),
            flow: Vec::new(),
            fixes: Vec::new(),
            cwe: vec![Cwe(self.about.cwe)],
            standards: Vec::new(),
            subject: self.purl.map(|purl| Subject::Component(ComponentSubject { purl, ..ComponentSubject::default() })),
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        })
    }
}

/// Whether a path is that of a test's or an example's file.
fn is_example(path: &str) -> bool {
    const FOLDERS: [&str; 14] = [
        "test",
        "tests",
        "__tests__",
        "testing",
        "testdata",
        "test-data",
        "fixtures",
        "__fixtures__",
        "spec",
        "example",
        "examples",
        "e2e",
        "demo",
        "samples",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| FOLDERS.contains(&folder.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_example;

    #[test]
    fn files_of_tests_are_told_by_their_folders() {
        assert!(is_example("a/__fixtures__/package-lock.json") && is_example("examples/x/Cargo.lock"));
        assert!(!is_example("package-lock.json") && !is_example("src/testament/yarn.lock") && !is_example("tests.txt"));
    }
}
