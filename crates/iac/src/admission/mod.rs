//! Admission: whether an object may come into a cluster, by the rules that judge files.
//!
//! This is the logic alone: bytes of an `AdmissionReview` (version v1 of `admission.k8s.io`) become a decision, with the answer that
//! the API server expects and an event for whoever keeps a record. Sockets, certificates and clocks are the caller's.
//!
//! An object is judged like a file that holds it and nothing else: the same documents, graph and rules. Rules that fail for want of
//! other resources are left out, because those may well be in the cluster. What an object of a cluster contains can't make it pass:
//! it is never taken for a template, and what can't be read is no decision but an error.

mod changes;
pub mod manifests;
mod object;
pub mod policies;
mod review;
mod settings;
mod yaml;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use bartizan_core::{Finding, Fingerprint};
use base64::Engine as _;
use serde::Serialize;
use serde_json::{Value as Json, json};

use self::{
    object::{Judge, Unjudged},
    settings::Treatment,
};
pub use self::{
    review::{Operation, Review, ReviewError},
    settings::{Mode, Settings, SettingsError},
};
use crate::rule::IacRule;

/// So many warnings are given; the API server drops what is longer than 4,096 characters in all.
const MAX_WARNINGS: usize = 10;
/// So many characters a warning has. Source: documentation of `AdmissionResponse.warnings`.
const MAX_WARNING_CHARACTERS: usize = 240;
/// So many findings are named in a refusal.
const MAX_REASONS: usize = 8;

/// Decides about objects.
#[derive(Debug)]
pub struct Admission {
    settings: Settings,
    judge: Judge,
}

/// What was decided about an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The answer: an `AdmissionReview` with a response.
    pub answer: Json,
    /// What is written down about it.
    pub event: Event,
}

/// What is written down about a decision. Nothing of the object but names is in it, and what rules say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The request's identifier, as the API server's own log has it.
    pub uid: String,
    /// Who asked for it.
    pub user: String,
    /// What they wanted to do.
    pub operation: String,
    /// The kind of the object, with its group: `apps/v1/Deployment`.
    pub kind: String,
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name; empty where the cluster chooses it.
    pub name: String,
    /// Whether nothing comes of it anyway.
    pub is_dry_run: bool,
    /// What was decided.
    pub outcome: Outcome,
    /// How strict the namespace is.
    pub mode: Mode,
    /// What is wrong with it.
    pub findings: Vec<EventFinding>,
    /// What was changed, as paths; or why it could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What is wrong with an object, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFinding {
    /// The rule.
    pub rule: String,
    /// How bad it is.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Whether the object was refused for it.
    pub refuses: bool,
    /// Whether the object had it before it was changed.
    pub was_there: bool,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It comes in.
    Allowed,
    /// It does not.
    Refused,
    /// It would not, if the namespace were strict.
    WouldRefuse,
    /// Nobody looked: its namespace, or what is done to it, is left out.
    NotJudged,
    /// It comes in, changed.
    Changed,
    /// It could not be judged, and so it was refused.
    FailedClosed,
    /// It could not be judged, and came in nonetheless.
    FailedOpen,
}

/// Findings of an object, sorted by what they lead to.
#[derive(Default)]
struct Weighed {
    refusing: Vec<Finding>,
    warning: Vec<Finding>,
    silent: Vec<Finding>,
}

impl Admission {
    /// Makes rules ready.
    ///
    /// # Errors
    /// If the settings name a rule that does not exist.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let judge = Judge::new(settings.rules()?);
        Ok(Self { settings, judge })
    }

    /// The rules that objects are judged by.
    pub fn rules(&self) -> impl Iterator<Item = &IacRule> {
        self.judge.rules.iter().copied()
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Decides whether an object may come in. `namespace` is the object of its namespace, if the caller knows it: its labels may ask
    /// for more than the settings do.
    #[must_use]
    pub fn validate(&self, review: &Review, namespace: Option<&Json>) -> Decision {
        let treatment = self.settings.treatment(review.namespace(), namespace);
        if !self.is_judged(review, treatment.mode) {
            return Decision::of(review, &treatment, Outcome::NotJudged, &Weighed::default(), &BTreeSet::new());
        }
        let (found, known) = match self.find(review, namespace) {
            Ok(found) => found,
            Err(Unjudged(why)) => return self.failed(review, &why),
        };
        let weighed = weigh(found, &known, &treatment);
        let outcome = match (weighed.refusing.is_empty(), treatment.mode) {
            (true, _) => Outcome::Allowed,
            (false, Mode::Enforce) => Outcome::Refused,
            (false, Mode::Warn | Mode::Audit | Mode::Off) => Outcome::WouldRefuse,
        };
        Decision::of(review, &treatment, outcome, &weighed, &known)
    }

    /// Adds safe values where an object says nothing. What it says is never changed.
    #[must_use]
    pub fn mutate(&self, review: &Review, namespace: Option<&Json>) -> Decision {
        let treatment = self.settings.treatment(review.namespace(), namespace);
        let is_new = review.operation() == Operation::Create && self.is_judged(review, treatment.mode);
        let patch = review.object().filter(|_| is_new).map(|object| changes::of(object, &review.api_version(), review.kind()));
        let patch = patch.unwrap_or_default();
        let outcome = if patch.is_empty() { Outcome::Allowed } else { Outcome::Changed };
        let mut decision = Decision::of(review, &treatment, outcome, &Weighed::default(), &BTreeSet::new());
        if !patch.is_empty() {
            let text = Json::from(patch.clone()).to_string();
            decision.respond("patchType", json!("JSONPatch"));
            decision.respond("patch", json!(base64::engine::general_purpose::STANDARD.encode(text)));
        }
        decision.event.notes = patch.iter().filter_map(|change| change.get("path")?.as_str().map(str::to_owned)).collect();
        decision
    }

    /// The decision about an object that could not be judged: as the settings say.
    #[must_use]
    pub fn failed(&self, review: &Review, why: &str) -> Decision {
        let treatment = self.settings.treatment(review.namespace(), None);
        let is_lax = treatment.mode != Mode::Enforce || self.settings.is_left_out(review.namespace());
        let is_open = is_lax || self.settings.fails_open();
        let outcome = if is_open { Outcome::FailedOpen } else { Outcome::FailedClosed };
        let mut decision = Decision::of(review, &treatment, outcome, &Weighed::default(), &BTreeSet::new());
        decision.event.notes.push(why.to_owned());
        let message = format!("bartizan could not judge the object: {why}");
        if is_open {
            decision.respond("warnings", json!([shortened(&message)]));
        } else {
            decision.respond("status", json!({ "code": 500, "reason": "InternalError", "message": message }));
        }
        decision
    }

    /// Whether somebody wants to know. What goes away is let go: an object with a finding must still lose its finalizers.
    fn is_judged(&self, review: &Review, mode: Mode) -> bool {
        // The old object is what the cluster says; the new one, what somebody sends.
        let time = review.old_object().and_then(|object| object.pointer("/metadata/deletionTimestamp"));
        let is_going = time.is_some_and(|time| !time.is_null());
        let is_written = matches!(review.operation(), Operation::Create | Operation::Update);
        let is_whole = matches!(review.sub_resource(), "" | "ephemeralcontainers" | "resize");
        is_written && is_whole && !is_going && mode != Mode::Off && !self.settings.is_left_out(review.namespace())
    }

    /// What is wrong with an object, and what of it was wrong before.
    fn find(&self, review: &Review, namespace: Option<&Json>) -> Result<(Vec<Finding>, BTreeSet<Fingerprint>), Unjudged> {
        let Some(object) = review.object() else { return Err(Unjudged("the request has no object".to_owned())) };
        let found = self.judge.findings(object, review, namespace)?;
        let before = match review.old_object().filter(|_| review.operation() == Operation::Update && !found.is_empty()) {
            Some(old) => self.judge.findings(old, review, namespace)?,
            None => Vec::new(),
        };
        Ok((found, before.into_iter().map(|finding| finding.fingerprint).collect()))
    }
}

impl Decision {
    /// A decision, with the answer and the event that follow from it.
    fn of(review: &Review, treatment: &Treatment, outcome: Outcome, weighed: &Weighed, known: &BTreeSet<Fingerprint>) -> Self {
        let is_refused = matches!(outcome, Outcome::Refused | Outcome::FailedClosed);
        let findings = weighed.event(outcome, known);
        let mut decision = Self {
            answer: json!({
                "apiVersion": review::API_VERSION,
                "kind": review::KIND,
                "response": { "uid": review.uid(), "allowed": !is_refused },
            }),
            event: Event {
                uid: review.uid().to_owned(),
                user: review.user().to_owned(),
                operation: review.operation().as_str().to_owned(),
                kind: format!("{}/{}", review.api_version(), review.kind()),
                namespace: review.namespace().to_owned(),
                name: review.name().to_owned(),
                is_dry_run: review.is_dry_run(),
                outcome,
                mode: treatment.mode,
                findings,
                notes: Vec::new(),
            },
        };
        if outcome == Outcome::Refused {
            decision.respond("status", json!({ "code": 403, "reason": "Forbidden", "message": refusal(&weighed.refusing) }));
        }
        let mut warned: Vec<&Finding> = if outcome == Outcome::Refused { Vec::new() } else { weighed.refusing.iter().collect() };
        warned.extend(&weighed.warning);
        if matches!(treatment.mode, Mode::Enforce | Mode::Warn) && !warned.is_empty() {
            decision.respond("warnings", Json::from(warnings(&warned)));
        }
        let mut rules: Vec<&str> = decision.event.findings.iter().map(|finding| finding.rule.as_str()).collect();
        rules.dedup();
        if !rules.is_empty() {
            let annotations = json!({ "mode": treatment.mode.as_str(), "findings": rules.join(",") });
            decision.respond("auditAnnotations", annotations);
        }
        decision
    }

    /// Says one more thing in the answer.
    fn respond(&mut self, name: &str, value: Json) {
        if let Some(Json::Object(response)) = self.answer.get_mut("response") {
            response.insert(name.to_owned(), value);
        }
    }
}

impl Weighed {
    fn event(&self, outcome: Outcome, known: &BTreeSet<Fingerprint>) -> Vec<EventFinding> {
        let of = |finding: &Finding, refuses: bool| EventFinding {
            rule: finding.rule.to_string(),
            severity: finding.severity.to_string(),
            message: finding.message.clone(),
            refuses,
            was_there: known.contains(&finding.fingerprint),
        };
        let refusing = self.refusing.iter().map(|finding| of(finding, outcome == Outcome::Refused));
        let others = self.warning.iter().chain(&self.silent).map(|finding| of(finding, false));
        let mut findings: Vec<EventFinding> = refusing.chain(others).collect();
        findings.sort();
        findings
    }
}

/// What findings lead to. What was there before a change does not keep the change out: somebody may be about to repair the rest.
fn weigh(found: Vec<Finding>, known: &BTreeSet<Fingerprint>, treatment: &Treatment) -> Weighed {
    let mut weighed = Weighed::default();
    for finding in found {
        if treatment.refuse <= finding.severity && !known.contains(&finding.fingerprint) {
            weighed.refusing.push(finding);
        } else if treatment.warn <= finding.severity {
            weighed.warning.push(finding);
        } else {
            weighed.silent.push(finding);
        }
    }
    weighed
}

/// What whoever wanted the object reads.
fn refusal(refusing: &[Finding]) -> String {
    let reasons: Vec<String> = refusing.iter().take(MAX_REASONS).map(told).collect();
    let n_more = refusing.len().saturating_sub(MAX_REASONS);
    let more = if n_more == 0 { String::new() } else { format!("; and {n_more} more") };
    format!("bartizan refuses it: {}{more}", reasons.join("; "))
}

fn warnings(findings: &[&Finding]) -> Vec<String> {
    let mut warnings: Vec<String> =
        findings.iter().take(MAX_WARNINGS).map(|finding| shortened(&format!("bartizan: {}", told(finding)))).collect();
    let n_more = findings.len().saturating_sub(MAX_WARNINGS);
    warnings.extend((0 < n_more).then(|| format!("bartizan: {n_more} more findings")));
    warnings
}

/// A finding in one line.
fn told(finding: &Finding) -> String {
    format!("{} ({}, {})", finding.message, finding.severity, finding.rule)
}

/// A line of a length that the API server keeps, without line breaks.
fn shortened(line: &str) -> String {
    let line: String = line.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    match line.char_indices().nth(MAX_WARNING_CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
