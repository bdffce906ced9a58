//! What an engine found.

use serde::{Deserialize, Serialize};

use crate::{
    ArtifactPath, Confidence, Cwe, Evidence, Excerpt, Fingerprint, Fix, Location, Owner, Reachability, RuleId, SecretSummary, Severity,
    StandardId, Suppression,
};

/// A weakness that was found, once, however often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// What is wrong here, in one or two sentences; holds no secret.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it is; of several occurrences the first in order of path and offset.
    pub location: Location,
    /// Every place, `location` included, in order; one finding may stand in many.
    pub occurrences: Vec<Location>,
    /// The lines at `location`, with all secrets masked.
    pub excerpt: Excerpt,
    /// Why it is believed, the strongest first.
    pub evidence: Vec<Evidence>,
    /// Its identity from scan to scan.
    pub fingerprint: Fingerprint,
    /// Other places that help to understand it.
    pub related: Vec<RelatedLocation>,
    /// How data flows from source to sink, in order; empty if that is not how it was found.
    pub flow: Vec<FlowStep>,
    /// Changes that would close it, the best first.
    pub fixes: Vec<Fix>,
    /// Weaknesses by number.
    pub cwe: Vec<Cwe>,
    /// Requirements of standards that it breaks.
    pub standards: Vec<StandardId>,
    /// What it is about, where that is more than a place.
    pub subject: Option<Subject>,
    /// Who is asked about it; empty if nobody owns the place.
    pub owners: Vec<Owner>,
    /// The decision not to act on it, if there is one.
    pub suppression: Option<Suppression>,
    /// How it compares with the baseline, if there is one.
    pub baseline: Option<BaselineState>,
}

impl Finding {
    /// The path of every place that the finding speaks of.
    pub fn artifacts_mut(&mut self) -> impl Iterator<Item = &mut ArtifactPath> {
        let of_related = self.related.iter_mut().map(|related| &mut related.location);
        let of_flow = self.flow.iter_mut().map(|step| &mut step.location);
        let of_suppression = self.suppression.iter_mut().filter_map(|suppression| suppression.location.as_mut());
        let locations =
            std::iter::once(&mut self.location).chain(&mut self.occurrences).chain(of_related).chain(of_flow).chain(of_suppression);
        let of_edits = self.fixes.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.artifact);
        locations.map(|location| &mut location.artifact).chain(of_edits)
    }
}

/// What a finding is about, where that is more than a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Subject {
    /// A credential.
    Secret(SecretSummary),
    /// A component.
    Component(ComponentSubject),
}

/// The component that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComponentSubject {
    /// Its package URL.
    pub purl: String,
    /// All names of the advisory that it is found by, the best known first; empty where it is found otherwise.
    pub advisories: Vec<String>,
    /// The lowest later version that the advisory does not affect, where one is known.
    pub fixed_version: Option<String>,
    /// How far the project reaches what is wrong with it; nothing where that was not asked.
    pub reachability: Option<Reachability>,
}

/// How a finding compares with an earlier state. SARIF 2.1.0, section 3.27.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BaselineState {
    /// It was not there before.
    New,
    /// It was there before.
    Unchanged,
}

/// Another place, and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedLocation {
    /// The place.
    pub location: Location,
    /// What it has to do with the finding.
    pub message: String,
}

/// One step of data on its way from source to sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStep {
    /// The place.
    pub location: Location,
    /// What happens there.
    pub message: String,
}
