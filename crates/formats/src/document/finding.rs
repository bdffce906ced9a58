//! Findings.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    location::{Artifact, ByteRange, ExcerptLine, Location},
    scale::{BaselineState, Confidence, FixSafety, Reachability, Severity, Strength},
};

/// A weakness that was found, once, however often it occurs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Finding<'a> {
    /// The rule that found it.
    rule: &'a str,
    /// What is wrong here; holds no secret.
    message: &'a str,
    /// How bad it is.
    severity: Severity,
    /// How sure it is.
    confidence: Confidence,
    /// Its identity from scan to scan: 32 hexadecimal digits.
    fingerprint: String,
    /// Whether it asks for action.
    status: Status,
    /// The decision not to act on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<Suppression<'a>>,
    /// How it compares with the baseline, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineState>,
    /// Who is asked about it: `@user`, `@organization/team` or an e-mail address; empty if nobody owns the place.
    owners: Vec<&'a str>,
    /// Where it is; of several places the first.
    location: Location,
    /// Every place, the first included, in order.
    occurrences: Vec<Location>,
    /// The lines at the first place.
    excerpt: Vec<ExcerptLine<'a>>,
    /// What it is about, where that is more than a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject<'a>>,
    /// Why it is believed, the strongest first.
    evidence: Vec<Evidence<'a>>,
    /// Other places that help to understand it.
    related: Vec<Remark<'a>>,
    /// How data flows from source to sink, in order; empty if that is not how it was found.
    flow: Vec<Remark<'a>>,
    /// Changes that would close it, the best first.
    fixes: Vec<Fix<'a>>,
    /// Weaknesses of the Common Weakness Enumeration: `CWE-798`.
    cwe: Vec<String>,
    /// Requirements of standards that it breaks.
    standards: Vec<&'a str>,
}

/// Whether a finding asks for action.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Status {
    /// It does.
    Open,
    /// Somebody decided that it does not.
    Suppressed,
}

/// The decision that a finding needs no action, and why.
#[derive(Debug, Serialize, JsonSchema)]
struct Suppression<'a> {
    /// Where the decision is written.
    kind: SuppressionKind,
    /// The mark in the comment: Bartizan's own, or another tool's.
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'a str>,
    /// Why, in the words of who decided; empty if nobody said.
    reason: &'a str,
    /// Where the decision is written, if that is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    /// Whether the change under scan added it.
    is_added_by_change: bool,
}

/// Where a suppression is written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum SuppressionKind {
    /// In a comment at the finding.
    Inline,
    /// In a configuration or ignore file.
    Configuration,
    /// The finding was there when the baseline was written.
    Baseline,
    /// A VEX document says that the flaw does no harm here, or is fixed.
    Vex,
}

/// What a finding is about, where that is more than a place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Subject<'a> {
    /// A credential.
    Secret {
        /// Its identity, the same wherever it is found: a keyed hash of its value.
        id: String,
        /// Enough to recognize it by, too little to use it.
        mask: &'a str,
        /// The value, only where the caller of the scan asked for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<&'a str>,
    },
    /// A component.
    Component {
        /// Its package URL.
        purl: &'a str,
        /// All names of the advisory that it is found by, the best known first.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        advisories: &'a [String],
        /// The lowest later version that the advisory does not affect.
        #[serde(skip_serializing_if = "Option::is_none")]
        fixed_version: Option<&'a str>,
        /// How far the code of the project reaches what is wrong with it.
        #[serde(skip_serializing_if = "Option::is_none")]
        reachability: Option<Reachability>,
    },
}

/// One reason to believe a finding, or to doubt it.
#[derive(Debug, Serialize, JsonSchema)]
struct Evidence<'a> {
    /// What kind of reason this is.
    strength: Strength,
    /// The reason in a few words; never holds a secret.
    text: &'a str,
    /// How much contextual evidence adds (positive) or takes away (negative), in log-odds.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f32>,
}

/// A place, and what is to be said about it.
#[derive(Debug, Serialize, JsonSchema)]
struct Remark<'a> {
    #[serde(flatten)]
    location: Location,
    /// What is to be said.
    message: &'a str,
}

/// A change that makes the finding go away.
#[derive(Debug, Serialize, JsonSchema)]
struct Fix<'a> {
    /// What it does, in one sentence.
    description: &'a str,
    /// Whether it may be applied without a person's look.
    safety: FixSafety,
    /// The edits, which don't overlap, in order of file and offset.
    edits: Vec<Edit<'a>>,
}

/// Replaces a range of a file's text.
#[derive(Debug, Serialize, JsonSchema)]
struct Edit<'a> {
    #[serde(flatten)]
    artifact: Artifact,
    /// What is replaced; an empty range inserts.
    bytes: ByteRange,
    /// What stands there afterwards.
    replacement: &'a str,
}

impl<'a> From<&'a bartizan_core::Finding> for Finding<'a> {
    fn from(finding: &'a bartizan_core::Finding) -> Self {
        Self {
            rule: finding.rule.as_str(),
            message: &finding.message,
            severity: finding.severity.into(),
            confidence: finding.confidence.into(),
            fingerprint: finding.fingerprint.to_string(),
            status: if finding.suppression.is_some() { Status::Suppressed } else { Status::Open },
            suppression: finding.suppression.as_ref().map(Suppression::from),
            baseline: finding.baseline.map(BaselineState::from),
            owners: finding.owners.iter().map(|owner| owner.0.as_str()).collect(),
            location: (&finding.location).into(),
            occurrences: finding.occurrences.iter().map(Location::from).collect(),
            excerpt: finding.excerpt.lines.iter().map(ExcerptLine::from).collect(),
            subject: finding.subject.as_ref().map(Subject::from),
            evidence: finding.evidence.iter().map(Evidence::from).collect(),
            related: finding.related.iter().map(|related| Remark::new(&related.location, &related.message)).collect(),
            flow: finding.flow.iter().map(|step| Remark::new(&step.location, &step.message)).collect(),
            fixes: finding.fixes.iter().map(Fix::from).collect(),
            cwe: finding.cwe.iter().map(ToString::to_string).collect(),
            standards: finding.standards.iter().map(bartizan_core::StandardId::as_str).collect(),
        }
    }
}

impl<'a> From<&'a bartizan_core::Suppression> for Suppression<'a> {
    fn from(suppression: &'a bartizan_core::Suppression) -> Self {
        use bartizan_core::SuppressionKind as Core;
        let (kind, mark) = match &suppression.kind {
            Core::Inline(mark) => (SuppressionKind::Inline, Some(mark.as_str())),
            Core::Configuration => (SuppressionKind::Configuration, None),
            Core::Baseline => (SuppressionKind::Baseline, None),
            Core::Vex => (SuppressionKind::Vex, None),
        };
        Self {
            kind,
            mark,
            reason: &suppression.reason,
            location: suppression.location.as_ref().map(Location::from),
            is_added_by_change: suppression.is_added_by_change,
        }
    }
}

impl<'a> From<&'a bartizan_core::Subject> for Subject<'a> {
    fn from(subject: &'a bartizan_core::Subject) -> Self {
        match subject {
            bartizan_core::Subject::Secret(secret) => Self::Secret {
                id: secret.id.to_string(),
                mask: &secret.mask,
                value: secret.value.as_ref().map(bartizan_core::SecretText::expose),
            },
            bartizan_core::Subject::Component(component) => Self::Component {
                purl: &component.purl,
                advisories: &component.advisories,
                fixed_version: component.fixed_version.as_deref(),
                reachability: component.reachability.map(Reachability::from),
            },
        }
    }
}

impl<'a> From<&'a bartizan_core::Evidence> for Evidence<'a> {
    fn from(evidence: &'a bartizan_core::Evidence) -> Self {
        let weight = evidence.weight.filter(|weight| weight.is_finite());
        Self { strength: evidence.strength.into(), text: &evidence.text, weight }
    }
}

impl<'a> Remark<'a> {
    fn new(location: &bartizan_core::Location, message: &'a str) -> Self {
        Self { location: location.into(), message }
    }
}

impl<'a> From<&'a bartizan_core::Fix> for Fix<'a> {
    fn from(fix: &'a bartizan_core::Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| Edit {
            artifact: (&edit.artifact).into(),
            bytes: edit.range.into(),
            replacement: &edit.replacement,
        });
        Self { description: &fix.description, safety: fix.safety.into(), edits: edits.collect() }
    }
}
