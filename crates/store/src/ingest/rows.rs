//! The rows that a new finding makes.

use bartizan_core::Severity;
use bartizan_formats::import::Verdict;
use bartizan_triage::{
    assessment::Assessment,
    exception::MAX_DAYS,
    identity::Match,
    intake::Seen,
    state::{FalsePositive, Lifecycle, State, StateKind, VerdictScope, code::CodeShape},
    time::Time,
};

use super::Scan;
use crate::{
    Id, StoreError, Value, lifecycle,
    spool::encoded,
    sql::{Kind, Table},
};

pub(super) const FINDING: Table = Table {
    name: "finding",
    columns: &[
        ("id", Kind::Bytes),
        ("organization", Kind::Bytes),
        ("repository", Kind::Bytes),
        ("tool", Kind::Text),
        ("rule", Kind::Text),
        ("title", Kind::Text),
        ("severity", Kind::Integer),
        ("state", Kind::Text),
        ("is_open", Kind::Integer),
        ("lifecycle", Kind::Text),
        ("risk", Kind::Integer),
        ("owner", Kind::Text),
        ("owner_reason", Kind::Text),
        ("due_us", Kind::Integer),
        ("path", Kind::Text),
        ("line", Kind::Integer),
        ("opened_us", Kind::Integer),
        ("changed_us", Kind::Integer),
        ("first_scan", Kind::Bytes),
        ("version", Kind::Integer),
    ],
};

pub(super) const OCCURRENCE: Table = Table {
    name: "occurrence",
    columns: &[
        ("id", Kind::Bytes),
        ("organization", Kind::Bytes),
        ("finding", Kind::Bytes),
        ("repository", Kind::Bytes),
        ("branch", Kind::Text),
        ("tool", Kind::Text),
        ("rule", Kind::Text),
        ("path", Kind::Text),
        ("start_line", Kind::Integer),
        ("end_line", Kind::Integer),
        ("keys", Kind::Bytes),
        ("also_called", Kind::Text),
        ("detail", Kind::Text),
        ("first_scan", Kind::Bytes),
    ],
};

/// What all rows of a scan share.
pub(super) struct Context<'a> {
    pub(super) organization: Id,
    pub(super) scan: &'a Scan,
    pub(super) scan_id: Id,
    pub(super) at_us: i64,
}

/// A finding that nobody knew.
pub(super) struct NewFinding<'a> {
    pub(super) id: Id,
    pub(super) seen: &'a Seen,
    pub(super) assessment: Assessment,
}

impl Context<'_> {
    pub(super) fn finding(&self, new: &NewFinding<'_>) -> Result<Vec<Value>, StoreError> {
        let NewFinding { id, seen, assessment } = new;
        let lifecycle = beginning(seen, &self.scan.tool, Time(self.at_us));
        let state = lifecycle.state.kind();
        let written = if state == StateKind::New { None } else { Some(lifecycle::written(&lifecycle)?) };
        Ok(vec![
            (*id).into(),
            self.organization.into(),
            self.scan.repository.into(),
            self.scan.tool.as_str().into(),
            seen.rule.as_str().into(),
            seen.title.as_str().into(),
            severity_number(seen.severity).into(),
            state.as_str().into(),
            state.is_active().into(),
            Value::maybe(written),
            i64::from(assessment.risk).into(),
            Value::maybe(assessment.owner.as_deref()),
            Value::maybe(assessment.owner_reason.as_deref()),
            Value::maybe(assessment.due.map(|due| due.0)),
            Value::maybe(seen.path.as_deref()),
            Value::maybe(seen.lines.map(|lines| i64::from(lines.0))),
            self.at_us.into(),
            self.at_us.into(),
            self.scan_id.into(),
            1_i64.into(),
        ])
    }

    pub(super) fn occurrence(&self, id: Id, finding: Id, seen: &Seen) -> Result<Vec<Value>, StoreError> {
        Ok(vec![
            id.into(),
            self.organization.into(),
            finding.into(),
            self.scan.repository.into(),
            self.scan.branch.as_str().into(),
            self.scan.tool.as_str().into(),
            seen.rule.as_str().into(),
            Value::maybe(seen.path.as_deref()),
            Value::maybe(seen.lines.map(|lines| i64::from(lines.0))),
            Value::maybe(seen.lines.map(|lines| i64::from(lines.1))),
            encoded(&seen.sighting)?.as_slice().into(),
            Value::maybe((!seen.also_called.is_empty()).then(|| seen.also_called.join("\n"))),
            seen.detail.as_str().into(),
            self.scan_id.into(),
        ])
    }
}

/// Where a finding begins: new, or what its tool knows of decisions about it.
///
/// What a tool accepted or was told to ignore is accepted here for as long as risks are: then somebody is asked again.
pub(super) fn beginning(seen: &Seen, tool: &str, at: Time) -> Lifecycle {
    let mut lifecycle = Lifecycle::begin(at);
    let code = CodeShape::of(snippet(seen).unwrap_or_default());
    let no_weakness = |reason: String| State::FalsePositive(FalsePositive { reason, scope: VerdictScope::Finding, code: code.clone() });
    lifecycle.state = match seen.verdict {
        Verdict::Open | Verdict::Fixed => State::New,
        Verdict::FalsePositive => no_weakness(format!("{tool} was told that it is none")),
        Verdict::NotAffected => no_weakness(format!("{tool} was told that it does no harm here")),
        Verdict::Accepted | Verdict::Suppressed => {
            State::Accepted { exception: format!("{tool} was told to accept it"), until: at.plus_days(MAX_DAYS) }
        }
    };
    lifecycle
}

/// The code that a tool shows of what it saw.
pub(super) fn snippet(seen: &Seen) -> Option<&str> {
    (!seen.snippet.is_empty()).then_some(seen.snippet.as_str())
}

pub(crate) fn severity_number(severity: Option<Severity>) -> i64 {
    severity.map_or(-1, |severity| match severity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    })
}

pub(crate) const fn severity_of(number: i64) -> Option<Severity> {
    Some(match number {
        0 => Severity::Info,
        1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        4 => Severity::Critical,
        _ => return None,
    })
}

/// By what an occurrence was known again, in the matcher's words.
pub(super) fn tier_of(found: &Match) -> String {
    serde_json::to_value(found.tier).ok().and_then(|tier| Some(tier.as_str()?.to_owned())).unwrap_or_default()
}

/// How much it is like what it was, in thousandths.
pub(super) fn score_of(found: &Match) -> i64 {
    i64::from(found.likeness.0)
}
