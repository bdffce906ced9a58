//! From what was found file by file to findings of the report: suppressed, compared, merged, owned, sorted.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use bartizan_core::{
    ArtifactPath, BaselineState, Confidence, Diagnostic, DiagnosticKind, Finding, Fingerprint, Level, Location, Owner, RuleId, Severity,
    Strength, Suppression, SuppressionKind,
};
use bartizan_source::Changes;

use crate::{
    Baseline, Date,
    config::{ConfiguredSuppression, Origin, Settings, Source},
    project::{Owners, Project},
    remarks,
    suppress::{Mark, MarkKind},
    visit::Found,
};

/// What decides about findings, beside the findings themselves.
pub(crate) struct Context<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) project: &'a Project,
    pub(crate) owners: &'a Owners<'a>,
    pub(crate) baseline: Option<&'a Baseline>,
    pub(crate) changes: Option<&'a Changes>,
    pub(crate) today: Date,
}

/// The findings of a report, and what is to be said about how they came about.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) findings: Vec<Finding>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The identities of everything that was found, whatever the settings say about it.
    pub(crate) all: BTreeSet<Fingerprint>,
    /// Which configured suppressions spoke of a finding, by their index in the settings.
    pub(crate) used: BTreeSet<usize>,
}

/// Decides about every finding, and makes one of those with the same identity.
pub(crate) fn merge(found: Vec<Found>, context: &Context<'_>) -> Merged {
    let mut merger = Merger { context, merged: Merged::default(), left_out: BTreeMap::new() };
    let mut groups: BTreeMap<(Fingerprint, Option<Decision>), Vec<Occurrence>> = BTreeMap::new();
    for found in found {
        merger.merged.all.insert(found.finding.fingerprint);
        if let Some(origin) = context.settings.disabled_rules.get(&found.finding.rule) {
            merger.leave_out(format!("leaves out findings of the rule `{}`", found.finding.rule), origin);
            continue;
        }
        let (decision, mark) = merger.decide(&found).unzip();
        let mark = mark.flatten();
        groups.entry((found.finding.fingerprint, decision)).or_default().push(Occurrence { finding: found.finding, mark });
    }
    let mut owners = OwnersByPath { owners: context.owners, known: HashMap::new() };
    for ((fingerprint, decision), group) in groups {
        let Some(Occurrence { mut finding, mark }) = one(group) else { continue };
        if merger.is_below_floor(&finding) {
            continue;
        }
        finding.suppression =
            decision.map(|Decision { kind, reason, is_added_by_change }| Suppression { kind, reason, location: mark, is_added_by_change });
        merger.compare(&mut finding, &fingerprint);
        finding.owners = owners.of(&finding.occurrences);
        merger.merged.findings.push(finding);
    }
    merger.merged.findings.sort_by_cached_key(order);
    merger.report_left_out();
    merger.merged
}

/// A decision not to act on a finding. Occurrences with the same one stay together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Decision {
    kind: SuppressionKind,
    reason: String,
    is_added_by_change: bool,
}

/// What was found in one place, and where the decision about it is written.
struct Occurrence {
    finding: Finding,
    mark: Option<Location>,
}

struct Merger<'a> {
    context: &'a Context<'a>,
    merged: Merged,
    /// What settings leave out, and how often.
    left_out: BTreeMap<(String, Origin), u64>,
}

impl Merger<'_> {
    fn decide(&mut self, found: &Found) -> Option<(Decision, Option<Location>)> {
        let finding = &found.finding;
        for mark in &found.marks {
            if let Some((decision, mark)) = self.by_mark(mark, &finding.rule) {
                return Some((decision, Some(mark)));
            }
        }
        let path = self.context.project.path_in_repository(&finding.location.artifact);
        let settings = self.context.settings;
        let mut decision = None;
        for (index, entry) in settings.suppressions.iter().enumerate() {
            if !entry.fits(&finding.rule, &finding.fingerprint, &path) || !self.may(entry, &finding.rule) {
                continue;
            }
            self.merged.used.insert(index);
            if !entry.is_expired(self.context.today) && decision.is_none() {
                decision = Some(self.by_entry(entry));
            }
        }
        decision.map(|(decision, mark)| (decision, Some(mark))).or_else(|| self.by_engine(finding))
    }

    /// What the engine itself says: the ignore file of a foreign tool names the finding, or a VEX document. What the repository's
    /// own documents say counts as far as its marks do.
    fn by_engine(&mut self, finding: &Finding) -> Option<(Decision, Option<Location>)> {
        let Suppression { kind, reason, location, is_added_by_change } = finding.suppression.clone()?;
        if kind != SuppressionKind::Vex {
            let location = location.unwrap_or_else(|| finding.location.clone());
            return Some((Decision { kind, reason, is_added_by_change }, Some(location)));
        }
        let Some(document) = location else { return Some((Decision { kind, reason, is_added_by_change }, None)) };
        if !self.context.settings.honors_foreign.0 {
            return None;
        }
        if !self.context.settings.suppressible.contains(finding.rule.as_str()) {
            let reason = format!("the policy does not let the repository suppress findings of `{}`", finding.rule);
            let help = "remove the statement, or ask who keeps the policy";
            self.merged.diagnostics.push(Diagnostic::new(DiagnosticKind::Policy, reason).at(document).with_help(help));
            return None;
        }
        Some((Decision { kind, reason, is_added_by_change: self.is_changed(&document) }, Some(document)))
    }

    fn by_mark(&mut self, mark: &Mark, rule: &RuleId) -> Option<(Decision, Location)> {
        let settings = self.context.settings;
        let note = |kind, reason: String, help: &str| {
            Diagnostic { level: Level::Note, ..Diagnostic::new(kind, reason) }.at(mark.location.clone()).with_help(help)
        };
        match mark.kind {
            MarkKind::Own | MarkKind::Unusable if !settings.honors_inline.0 => return None,
            MarkKind::Foreign if !settings.honors_foreign.0 => return None,
            MarkKind::Own | MarkKind::Unusable | MarkKind::Foreign => {}
        }
        if mark.kind == MarkKind::Unusable {
            let reason = format!("`{}` names no rule and is not honored", mark.text);
            self.merged.diagnostics.push(note(
                DiagnosticKind::Suppression,
                reason,
                &format!("write `{}[{rule}]` and the reason", mark.text),
            ));
            return None;
        }
        if !settings.suppressible.contains(rule.as_str()) {
            let reason = format!("the policy does not let the repository suppress findings of `{rule}`");
            self.merged.diagnostics.push(note(DiagnosticKind::Policy, reason, "remove the mark, or ask who keeps the policy"));
            return None;
        }
        if let Some(expires) = mark.expires.filter(|last| *last < self.context.today) {
            let reason = format!("`{}` has ended on {expires} and is not honored", mark.text);
            self.merged.diagnostics.push(note(DiagnosticKind::Suppression, reason, "act on the finding, or decide again"));
            return None;
        }
        if mark.kind == MarkKind::Own && mark.reason.is_empty() {
            let help = "say after the bracket why no action is needed, for those who read it later";
            if !settings.honors_inline_without_reason.0 {
                let reason = format!("`{}` gives no reason and is not honored", mark.text);
                self.merged.diagnostics.push(note(DiagnosticKind::Suppression, reason, help));
                return None;
            }
            self.merged.diagnostics.push(note(DiagnosticKind::Suppression, format!("`{}` gives no reason", mark.text), help));
        }
        let kind = SuppressionKind::Inline(mark.text.clone());
        let decision = Decision { kind, reason: mark.reason.clone(), is_added_by_change: self.is_changed(&mark.location) };
        Some((decision, mark.location.clone()))
    }

    /// Whether an entry of the repository's file may speak of a rule that it does not name.
    fn may(&self, entry: &ConfiguredSuppression, rule: &RuleId) -> bool {
        entry.source == Source::Policy || self.context.settings.suppressible.contains(rule.as_str())
    }

    fn by_entry(&self, entry: &ConfiguredSuppression) -> (Decision, Location) {
        let is_added_by_change = entry.source == Source::Repository && self.is_changed(&entry.location);
        let decision = Decision { kind: SuppressionKind::Configuration, reason: entry.reason.clone(), is_added_by_change };
        (decision, entry.location.clone())
    }

    fn is_changed(&self, location: &Location) -> bool {
        remarks::is_changed(self.context.changes, location)
    }

    /// Compares a finding with the baseline, and with what the change under scan touches.
    fn compare(&self, finding: &mut Finding, fingerprint: &Fingerprint) {
        let is_known = self.context.baseline.map(|baseline| baseline.contains(fingerprint));
        let is_touched = self.context.changes.map(|_| finding.occurrences.iter().any(|occurrence| self.is_changed(occurrence)));
        finding.baseline = match (is_known, is_touched) {
            (None, None) => None,
            (Some(true), _) | (_, Some(false)) => Some(BaselineState::Unchanged),
            (Some(false) | None, Some(true)) | (Some(false), None) => Some(BaselineState::New),
        };
        if is_known == Some(true) && finding.suppression.is_none() {
            finding.suppression =
                Some(Suppression { kind: SuppressionKind::Baseline, reason: String::new(), location: None, is_added_by_change: false });
        }
    }

    fn is_below_floor(&mut self, finding: &Finding) -> bool {
        let settings = self.context.settings;
        if let Some((floor, origin)) = settings.min_severity.as_ref().filter(|(floor, _)| finding.severity < *floor) {
            self.leave_out(format!("leaves out findings below `min-severity: {floor}`"), origin);
            return true;
        }
        if let Some((floor, origin)) = settings.min_confidence.as_ref().filter(|(floor, _)| finding.confidence < *floor) {
            self.leave_out(format!("leaves out findings below `min-confidence: {floor}`"), origin);
            return true;
        }
        false
    }

    fn leave_out(&mut self, what: String, origin: &Origin) {
        *self.left_out.entry((what, origin.clone())).or_default() += 1;
    }

    fn report_left_out(&mut self) {
        for ((what, origin), n) in std::mem::take(&mut self.left_out) {
            self.merged.diagnostics.extend(remarks::narrowed(&format!("{what}: {n}"), &origin, self.context.changes));
        }
    }
}

/// Makes one finding of several with the same identity: it says what the strongest says, and shows the first place.
fn one(mut group: Vec<Occurrence>) -> Option<Occurrence> {
    group.sort_by(|Occurrence { finding: a, .. }, Occurrence { finding: b, .. }| {
        a.location.cmp(&b.location).then_with(|| strength(b).cmp(&strength(a))).then_with(|| a.rule.cmp(&b.rule))
    });
    let places = |finding: &Finding| [&finding.location].into_iter().chain(&finding.occurrences).cloned().collect::<Vec<_>>();
    let occurrences: BTreeSet<Location> = group.iter().flat_map(|occurrence| places(&occurrence.finding)).collect();
    let first = group.first()?;
    let (location, excerpt, mark) = (first.finding.location.clone(), first.finding.excerpt.clone(), first.mark.clone());
    // Of equally strong ones the first place's.
    let best = group.into_iter().enumerate().max_by_key(|(index, occurrence)| (strength(&occurrence.finding), Reverse(*index)))?.1;
    let finding = Finding { location, excerpt, occurrences: occurrences.into_iter().collect(), ..best.finding };
    Some(Occurrence { finding, mark })
}

fn strength(finding: &Finding) -> (Option<Strength>, Confidence, Severity) {
    (finding.evidence.iter().map(|evidence| evidence.strength).max(), finding.confidence, finding.severity)
}

/// A total order: the worst first, then by rule and place; of one finding what is open before what is suppressed.
fn order(finding: &Finding) -> impl Ord + use<> {
    let suppression = finding.suppression.as_ref().map(|suppression| (suppression.kind.clone(), suppression.reason.clone()));
    (Reverse(finding.severity), finding.rule.clone(), finding.location.clone(), suppression, finding.fingerprint)
}

/// Owners, asked once for each path.
struct OwnersByPath<'a> {
    owners: &'a Owners<'a>,
    known: HashMap<ArtifactPath, Vec<Owner>>,
}

impl OwnersByPath<'_> {
    fn of(&mut self, occurrences: &[Location]) -> Vec<Owner> {
        let mut all: Vec<Owner> = Vec::new();
        let mut previous: Option<&ArtifactPath> = None;
        for occurrence in occurrences {
            let path = &occurrence.artifact;
            if previous.replace(path) == Some(path) {
                continue;
            }
            let owners = self.known.entry(path.clone()).or_insert_with(|| self.owners.of(path));
            for owner in owners.iter() {
                if !all.contains(owner) {
                    all.push(owner.clone());
                }
            }
        }
        all
    }
}
