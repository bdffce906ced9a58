//! From what a check says to a finding.

use bartizan_core::{Confidence, Evidence, Excerpt, Finding, Fix, IdentityKey, Location, RelatedLocation, RuleId, Severity, Strength};

use crate::rule::{self, IacRule};

/// What a rule says about a place, before it is a finding.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The rule's id.
    pub rule: &'static str,
    /// What is wrong here, in a sentence without a full stop; empty where the rule's title says it.
    pub message: String,
    /// Where.
    pub location: Location,
    /// All that it is about, where that is more than the place: marks in it count.
    pub span: Option<Location>,
    /// How bad it is, where that is not what most of its rule are.
    pub severity: Option<Severity>,
    /// How sure it is, where that is not what most of its rule are.
    pub confidence: Option<Confidence>,
    /// Whether it is shown only to those who ask for more, although its rule is not.
    pub is_strict: bool,
    /// What tells it from others of its rule in the same file.
    pub identity: Vec<String>,
    /// Other places, and what they have to do with it.
    pub related: Vec<RelatedLocation>,
    /// Changes that would close it.
    pub fixes: Vec<Fix>,
    /// Why it is believed, in a few words.
    pub reason: String,
}

impl Draft {
    /// What a rule says about a place.
    #[must_use]
    pub fn new(rule: &'static str, message: impl Into<String>, location: Location) -> Self {
        Self {
            rule,
            message: message.into(),
            location,
            span: None,
            severity: None,
            confidence: None,
            is_strict: false,
            identity: Vec::new(),
            related: Vec::new(),
            fixes: Vec::new(),
            reason: String::new(),
        }
    }

    /// What tells it from others of its rule in the same file.
    #[must_use]
    pub fn known_by<const N: usize>(mut self, identity: [&str; N]) -> Self {
        self.identity = identity.iter().map(|&part| part.to_owned()).collect();
        self
    }

    /// The finding; nothing if there is no such rule.
    #[must_use]
    pub fn finding(self, identity: &IdentityKey) -> Option<Finding> {
        let rule = rule::find(self.rule)?;
        Some(self.finding_of(rule, identity))
    }

    /// The finding of this rule.
    #[must_use]
    pub fn finding_of(self, rule: &IacRule, identity: &IdentityKey) -> Finding {
        let path = self.location.artifact.to_string();
        let parts = [rule.id.as_str(), path.as_str()].into_iter().chain(self.identity.iter().map(String::as_str));
        let parts: Vec<&[u8]> = parts.map(str::as_bytes).collect();
        let message = if self.message.is_empty() { rule.title.clone() } else { self.message };
        let reason = if self.reason.is_empty() { rule.title.clone() } else { self.reason };
        Finding {
            rule: RuleId::clone(&rule.id),
            message,
            severity: self.severity.unwrap_or(rule.severity),
            confidence: self.confidence.unwrap_or(rule.confidence),
            occurrences: vec![self.location.clone()],
            location: self.location,
            excerpt: Excerpt { lines: Vec::new() },
            evidence: vec![Evidence { strength: Strength::Structural, text: reason, weight: None }],
            fingerprint: identity.fingerprint(&parts),
            related: self.related,
            flow: Vec::new(),
            fixes: self.fixes,
            cwe: rule.cwe.clone(),
            standards: rule.standards(),
            subject: None,
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        }
    }
}
