//! Findings as results.

use bartizan_core::{BaselineState, Excerpt, Finding, Report, Subject, SuppressionKind};

use super::{
    fixes,
    log::{
        CodeFlow, Evidence, Fingerprints, Location, Message, ResultProperties, SarifResult, Secret, Suppression, SuppressionProperties,
        ThreadFlow, ThreadFlowLocation,
    },
    message,
    places::Artifacts,
    rules::{self, Weaknesses},
};
use crate::{Context, Occurrences, identifier, place, summary::n_places};

/// GitHub refuses a result with more than 1,000 locations. One of them is its own.
const MAX_RELATED_LOCATIONS: usize = 999;

/// The places that a message names before it only counts.
const MAX_LINKS: usize = 10;

/// GitHub refuses a result with more than 10,000 steps.
const MAX_FLOW_STEPS: usize = 10_000;

/// The results of a report, in its order.
pub(super) fn of<'a>(report: &'a Report, context: &Context, artifacts: &Artifacts<'_>, weaknesses: &Weaknesses) -> Vec<SarifResult<'a>> {
    let writer = Writer { report, artifacts, weaknesses };
    match context.occurrences {
        Occurrences::Related => report.findings.iter().map(|finding| writer.of_finding(finding)).collect(),
        Occurrences::Separate => report.findings.iter().flat_map(|finding| writer.of_occurrences(finding)).collect(),
    }
}

struct Writer<'a, 'w> {
    report: &'a Report,
    artifacts: &'w Artifacts<'w>,
    weaknesses: &'w Weaknesses,
}

impl<'a> Writer<'a, '_> {
    /// One result with all places.
    fn of_finding(&self, finding: &'a Finding) -> SarifResult<'a> {
        let others = finding.occurrences.get(1..).unwrap_or_default();
        let (message, related, omitted) = self.message_and_related(finding, others);
        SarifResult {
            occurrence_count: Some(n_places(finding)),
            ..self.result(finding, &finding.location, Some(&finding.excerpt), message, related, omitted)
        }
    }

    /// One result a place.
    fn of_occurrences(&self, finding: &'a Finding) -> Vec<SarifResult<'a>> {
        let mut results = Vec::new();
        for (place, id) in identifier::of_occurrences(finding) {
            let is_first = *place == finding.location;
            let (message, related, omitted) = self.message_and_related(finding, &[]);
            let excerpt = is_first.then_some(&finding.excerpt);
            let mut result = self.result(finding, place, excerpt, message, related, omitted);
            result.partial_fingerprints.occurrence = Some(id.to_string());
            if !is_first {
                result.code_flows.clear();
                result.fixes.clear();
            }
            results.push(result);
        }
        results
    }

    fn result(
        &self,
        finding: &'a Finding,
        place: &bartizan_core::Location,
        excerpt: Option<&Excerpt>,
        message: Message,
        related_locations: Vec<Location>,
        n_omitted: usize,
    ) -> SarifResult<'a> {
        let (fixes, unplaced_fixes) = fixes::of(finding, self.artifacts);
        SarifResult {
            rule_id: finding.rule.as_str(),
            rule_index: self.report.rules.binary_search_by(|rule| rule.id.cmp(&finding.rule)).ok(),
            level: rules::level(finding.severity),
            message,
            locations: [self.artifacts.primary_location(place, excerpt)],
            related_locations,
            code_flows: self.code_flow(finding).into_iter().collect(),
            partial_fingerprints: Fingerprints { finding: finding.fingerprint.to_string(), occurrence: None },
            occurrence_count: None,
            suppressions: finding.suppression.iter().map(|suppression| self.suppression(suppression)).collect(),
            baseline_state: finding.baseline.map(|state| match state {
                BaselineState::New => "new",
                BaselineState::Unchanged => "unchanged",
            }),
            rank: rules::rank(finding.confidence),
            fixes,
            taxa: self.weaknesses.references(&finding.cwe).collect(),
            properties: ResultProperties {
                severity: finding.severity.as_str(),
                confidence: finding.confidence.as_str(),
                owners: finding.owners.iter().map(|owner| owner.0.as_str()).collect(),
                evidence: finding.evidence.iter().map(evidence).collect(),
                secret: match &finding.subject {
                    Some(Subject::Secret(secret)) => Some(Secret { id: secret.id.to_string(), mask: &secret.mask }),
                    Some(Subject::Component(_)) | None => None,
                },
                component: match &finding.subject {
                    Some(Subject::Component(component)) => Some(&component.purl),
                    Some(Subject::Secret(_)) | None => None,
                },
                reachability: match &finding.subject {
                    Some(Subject::Component(component)) => component.reachability.map(bartizan_core::Reachability::as_str),
                    Some(Subject::Secret(_)) | None => None,
                },
                standards: finding.standards.iter().map(bartizan_core::StandardId::as_str).collect(),
                unplaced_fixes,
                omitted_locations: (0 < n_omitted).then_some(n_omitted),
            },
        }
    }

    /// The message with links to related locations, these locations, and how many of them were left out.
    fn message_and_related(&self, finding: &Finding, others: &[bartizan_core::Location]) -> (Message, Vec<Location>, usize) {
        let n_related = others.len() + finding.related.len();
        let mut text = message::Writer::default();
        text.say(&finding.message);
        let mut related = Vec::new();

        // Remarks first: they are few, and each says something of its own.
        for remark in finding.related.iter().take(MAX_RELATED_LOCATIONS) {
            let id = related.len() + 1;
            related.push(Location { id: Some(id), ..self.artifacts.remark(&remark.location, &remark.message) });
            if id <= MAX_LINKS {
                text.say(if id == 1 { " See " } else { ", " });
                text.link(if remark.message.is_empty() { "here" } else { &remark.message }, id);
            }
        }
        if !related.is_empty() {
            text.say(".");
        }

        for (rank, place) in others.iter().take(MAX_RELATED_LOCATIONS - related.len()).enumerate() {
            let id = related.len() + 1;
            related.push(Location { id: Some(id), ..self.artifacts.remark(place, "The same, here.") });
            if rank < MAX_LINKS {
                text.say(if rank == 0 { " Also in " } else { ", " });
                text.link(&place::short(place), id);
            }
        }
        match others.len() {
            0 => {}
            n_others if n_others <= MAX_LINKS => text.say("."),
            n_others => text.say(&format!(" and {} more places.", n_others - MAX_LINKS)),
        }
        let n_omitted = n_related - related.len();
        (text.finish(), related, n_omitted)
    }

    fn code_flow(&self, finding: &Finding) -> Option<CodeFlow> {
        let steps = finding.flow.iter().take(MAX_FLOW_STEPS);
        let locations: Vec<_> =
            steps.map(|step| ThreadFlowLocation { location: self.artifacts.remark(&step.location, &step.message) }).collect();
        (!locations.is_empty()).then_some(CodeFlow { thread_flows: [ThreadFlow { locations }] })
    }

    fn suppression(&self, suppression: &bartizan_core::Suppression) -> Suppression {
        let (kind, usual_reason) = match &suppression.kind {
            SuppressionKind::Inline(_) => ("inSource", ""),
            SuppressionKind::Configuration => ("external", ""),
            SuppressionKind::Baseline => ("external", "in the baseline"),
            SuppressionKind::Vex => ("external", "a VEX document says that it does no harm"),
        };
        let reason = if suppression.reason.is_empty() { usual_reason } else { &suppression.reason };
        Suppression {
            kind,
            status: "accepted",
            justification: crate::visible(reason).into_owned(),
            location: suppression.location.as_ref().map(|place| self.artifacts.location(place)),
            properties: SuppressionProperties { is_added_by_change: suppression.is_added_by_change },
        }
    }
}

fn evidence(evidence: &bartizan_core::Evidence) -> Evidence<'_> {
    let weight = evidence.weight.filter(|weight| weight.is_finite());
    Evidence { strength: evidence.strength.as_str(), text: &evidence.text, weight }
}
