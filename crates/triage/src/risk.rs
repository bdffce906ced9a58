//! How urgent a finding is, and why.
//!
//! The outcome of an SSVC table comes first: it chooses a band, and nothing else lifts a finding out of its band. Within the band
//! points are added: for the CVSS score (of version 4, or else of the newest one there is; versions are never averaged), the EPSS
//! percentile, known exploitation, reachability, exposure, data and age. Which points, a [`Policy`] says, which is data and has a
//! version. Every result carries its inputs as reasons, with the dates of the feeds that they are from.

mod facts;
mod policy;

use bartizan_core::{Reachability, Severity};
use serde::{Deserialize, Serialize};

pub use self::policy::{Band, Policy, PolicyError, Weights};
use crate::{
    asset::{DataClass, Exposure},
    ssvc::{Decision, Table},
    time::Time,
};

/// How soon something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// At once.
    P1,
    /// Before what is planned.
    P2,
    /// With what is planned.
    P3,
    /// When there is time.
    P4,
}

/// A value from a feed, and the day of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// When the feed was made.
    pub feed: Time,
}

/// What is known of a finding and of the thing that it is in. It is stored with the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// What the tool or its rule says.
    pub severity: Severity,
    /// CVSS vectors of any versions.
    pub cvss: Vec<String>,
    /// The EPSS percentile in parts of 100,000: the feed has five decimals.
    pub epss: Option<Dated<u32>>,
    /// Whether it is in a list of flaws that are known to be exploited.
    pub kev: Option<Dated<bool>>,
    /// Whether an exploit is public.
    pub public_exploit: Option<bool>,
    /// How far the code reaches a component's flaw.
    pub reachability: Option<Reachability>,
    /// Who can reach the thing.
    pub exposure: Option<Exposure>,
    /// What it holds.
    pub data_class: Option<DataClass>,
    /// When it was first seen.
    pub first_seen: Time,
}

/// How urgent it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// 0 to 999; the hundreds and more come from the band.
    pub score: u32,
    /// The band's.
    pub priority: Priority,
    /// What the SSVC table says; none if it could not, or if the flaw is in nobody's list: then the severity stands for the outcome.
    pub decision: Option<Decision>,
    /// What added points or chose the band, in a fixed order.
    pub reasons: Vec<Reason>,
    /// The version of the policy.
    pub policy: u32,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What was looked at.
    pub factor: Factor,
    /// What it is, in words: `9.3 (CVSS 4.0)`.
    pub value: String,
    /// Points that it gave.
    pub points: u32,
    /// Points that it could have given.
    pub of: u32,
    /// The day of the feed, if it is from one.
    pub feed: Option<Time>,
    /// Whether nothing was known, and the policy assumed it.
    pub is_assumed: bool,
}

/// What gives points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// The outcome of the SSVC table.
    Decision,
    /// An input of that table.
    DecisionPoint,
    /// The CVSS score, or the severity where there is no vector.
    Severity,
    /// The EPSS percentile.
    Epss,
    /// Known exploitation.
    Kev,
    /// How far the code reaches the flaw.
    Reachability,
    /// Who can reach the thing.
    Exposure,
    /// What it holds.
    DataClass,
    /// How long it has been known.
    Age,
}

/// Assesses a finding.
///
/// ```
/// use bartizan_core::Severity;
/// use bartizan_triage::{risk::{Inputs, Policy, Priority, assess}, ssvc::Table, time::Time};
/// let mut inputs = Inputs { severity: Severity::High, cvss: Vec::new(), epss: None, kev: None, public_exploit: None,
///     reachability: None, exposure: None, data_class: None, first_seen: Time(0) };
/// let in_own_code = assess(&inputs, &Table::built_in(), &Policy::default(), Time(0));
/// assert_eq!((in_own_code.priority, in_own_code.decision), (Priority::P2, None));
/// inputs.public_exploit = Some(false);
/// let known_flaw = assess(&inputs, &Table::built_in(), &Policy::default(), Time(0));
/// assert_eq!(known_flaw.priority, Priority::P4);
/// assert_eq!(known_flaw.decision.unwrap().outcome, "defer");
/// ```
#[must_use]
pub fn assess(inputs: &Inputs, table: &Table, policy: &Policy, now: Time) -> Risk {
    let facts = facts::of(inputs);
    let assumed = facts::with_assumptions(&facts, table, policy);
    // The tables are about flaws that the world knows of: of a weakness in one's own code the severity is what is known.
    let is_known_flaw = !inputs.cvss.is_empty() || inputs.epss.is_some() || inputs.kev.is_some() || inputs.public_exploit.is_some();
    let decision = if is_known_flaw { table.decide(&assumed).ok() } else { None };
    let band = match &decision {
        Some(decision) => policy.band(&decision.outcome),
        None => policy.band_of_severity(inputs.severity),
    };
    let mut reasons = vec![Reason {
        factor: Factor::Decision,
        value: decision.as_ref().map_or_else(|| format!("none; severity {}", inputs.severity), |decision| decision.outcome.clone()),
        points: band.score,
        of: policy.highest_band(),
        feed: None,
        is_assumed: decision.is_none(),
    }];
    for (name, value) in decision.iter().flat_map(|decision| &decision.inputs) {
        let is_assumed = facts.get(name).is_none();
        let value = format!("{name}: {value}");
        reasons.push(Reason { factor: Factor::DecisionPoint, value, points: 0, of: 0, feed: None, is_assumed });
    }
    reasons.extend(policy.weights.reasons(inputs, now));
    let points: u32 = reasons.iter().filter(|reason| reason.factor != Factor::Decision).map(|reason| reason.points).sum();
    // A policy that was not checked can't lift anything out of its band either.
    let score = band.score + points.min(policy.width().saturating_sub(1));
    Risk { score, priority: band.priority, decision, reasons, policy: policy.version }
}

/// What a change of tables or policies does to one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The finding's id.
    pub id: String,
    /// Before.
    pub before: Risk,
    /// After.
    pub after: Risk,
}

/// Says whose risk changes; ordered by how much, the largest change first, and then by id.
#[must_use]
pub fn dry_run(old: (&Table, &Policy), new: (&Table, &Policy), findings: &[(String, Inputs)], now: Time) -> Vec<Move> {
    let both = findings.iter().map(|(id, inputs)| Move {
        id: id.clone(),
        before: assess(inputs, old.0, old.1, now),
        after: assess(inputs, new.0, new.1, now),
    });
    let is_move = |step: &Move| (step.before.score, step.before.priority) != (step.after.score, step.after.priority);
    let mut moves: Vec<Move> = both.filter(is_move).collect();
    moves.sort_by(|a, b| {
        let size = |step: &Move| step.before.score.abs_diff(step.after.score);
        (size(b), &a.id).cmp(&(size(a), &b.id))
    });
    moves
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::P3 => "p3",
            Self::P4 => "p4",
        }
    }
}

#[cfg(test)]
mod tests;
