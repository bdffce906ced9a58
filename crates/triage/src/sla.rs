//! Until when a finding is to be dealt with.
//!
//! A [`Policy`] is data: the first of its rules that fits says how many days there are; what an SSVC table's outcome says and what
//! is known to be exploited can only make it sooner. Days are counted in UTC. Nothing is due in a state that asks nothing of anybody.

mod policy;

use bartizan_core::Severity;
use serde::{Deserialize, Serialize};

pub use self::policy::{Condition, MAX_DAYS, MAX_RULES, OutcomeRule, Policy, PolicyError, Rule, Start};
use crate::{asset::Exposure, risk::Priority, state::StateKind, time::Time};

/// What a due date depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The finding's state.
    pub state: StateKind,
    /// How bad it is.
    pub severity: Severity,
    /// How urgent it is.
    pub priority: Priority,
    /// How much its repository matters, 1 the most; none if nobody said.
    pub tier: Option<u8>,
    /// Who reaches it.
    pub exposure: Option<Exposure>,
    /// Since when it is known to be exploited, if it is.
    pub exploited: Option<Time>,
    /// The outcome of an SSVC table that sets times, such as that of BOD 26-04.
    pub outcome: Option<String>,
    /// When it was first seen.
    pub first_seen: Time,
    /// When somebody confirmed it.
    pub confirmed: Option<Time>,
    /// When it last came back.
    pub reopened: Option<Time>,
}

/// Until when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The end of the time that there is; none if nothing sets one.
    pub due: Option<Time>,
    /// When it counts as overdue: with the days of grace.
    pub overdue: Option<Time>,
    /// Where the time counts from.
    pub start: Time,
    /// What set it.
    pub why: Why,
    /// Whether somebody has to look for traces of an attack.
    pub needs_forensics: bool,
    /// The version of the policy.
    pub policy: u32,
}

/// What set a due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why {
    /// A rule of the policy.
    Rule {
        /// Its name.
        name: String,
        /// Days that it gives.
        days: u32,
    },
    /// It is known to be exploited.
    Exploited {
        /// Days that the policy gives then.
        days: u32,
    },
    /// An outcome of a table.
    Outcome {
        /// The outcome.
        outcome: String,
        /// Days that the policy gives then.
        days: u32,
    },
    /// No rule fits, or the one that does sets no time.
    NoRule,
    /// Its state asks nothing of anybody.
    Idle,
}

/// Until when a finding is to be dealt with.
///
/// ```
/// use bartizan_core::Severity;
/// use bartizan_triage::{risk::Priority, sla::{Facts, Policy, due}, state::StateKind, time::{DAY, Time}};
/// let facts = Facts { state: StateKind::Open, severity: Severity::High, priority: Priority::P2, tier: None, exposure: None,
///     exploited: None, outcome: None, first_seen: Time(0), confirmed: None, reopened: None };
/// assert_eq!(due(&facts, &Policy::default()).due, Some(Time(30 * DAY)));
/// ```
#[must_use]
pub fn due(facts: &Facts, policy: &Policy) -> Due {
    let start = start(facts, policy);
    if !facts.state.is_active() {
        return Due { due: None, overdue: None, start, why: Why::Idle, needs_forensics: false, policy: policy.version };
    }
    let outcome = facts.outcome.as_ref().and_then(|outcome| Some((outcome, policy.outcome(outcome)?)));
    let by_rule = policy.rule(facts).and_then(|rule| {
        let days = rule.days?;
        Some((policy.after(start, days), Why::Rule { name: rule.name.clone(), days }))
    });
    let by_outcome = outcome.and_then(|(outcome, rule)| {
        let days = rule.days?;
        Some((policy.after(start, days), Why::Outcome { outcome: outcome.clone(), days }))
    });
    // Nobody could know of the attack before it was known.
    let by_attack = facts.exploited.zip(policy.exploited_days);
    let by_attack = by_attack.map(|(known, days)| (policy.after(start.max(known), days), Why::Exploited { days }));
    // Of equal dates the weightiest reason is given.
    let earliest = [by_attack, by_outcome, by_rule].into_iter().flatten().min_by_key(|(due, _)| *due);
    let (due, why) = earliest.map_or((None, Why::NoRule), |(due, why)| (Some(due), why));
    Due {
        due,
        overdue: due.map(|due| due.plus_days(i64::from(policy.grace_days))),
        start,
        why,
        needs_forensics: outcome.is_some_and(|(_, rule)| rule.forensics),
        policy: policy.version,
    }
}

fn start(facts: &Facts, policy: &Policy) -> Time {
    let first = match policy.start {
        Start::FirstSeen => facts.first_seen,
        Start::Confirmed => facts.confirmed.unwrap_or(facts.first_seen),
    };
    match facts.reopened {
        Some(reopened) if policy.restart_on_reopen => first.max(reopened),
        Some(_) | None => first,
    }
}

/// Whether a date has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing is due.
    None,
    /// There is time.
    InTime,
    /// The date has passed, and the days of grace have not.
    InGrace,
    /// It is too late.
    Overdue,
}

impl Due {
    /// How a finding stands at a moment.
    #[must_use]
    pub fn standing(&self, now: Time) -> Standing {
        match (self.due, self.overdue) {
            (Some(due), _) if now < due => Standing::InTime,
            (Some(_), Some(overdue)) if now < overdue => Standing::InGrace,
            (Some(_), _) => Standing::Overdue,
            (None, _) => Standing::None,
        }
    }
}

/// What a new policy does to one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The finding's id.
    pub id: String,
    /// Before.
    pub before: Due,
    /// After.
    pub after: Due,
    /// How it stands now.
    pub stands: Standing,
    /// How it would stand.
    pub would_stand: Standing,
}

/// Says whose date a new policy moves; those that become overdue first, then by the new date and id.
#[must_use]
pub fn dry_run(old: &Policy, new: &Policy, findings: &[(String, Facts)], now: Time) -> Vec<Move> {
    let both = findings.iter().map(|(id, facts)| {
        let (before, after) = (due(facts, old), due(facts, new));
        let (stands, would_stand) = (before.standing(now), after.standing(now));
        Move { id: id.clone(), before, after, stands, would_stand }
    });
    let is_move = |step: &Move| (step.before.due, step.before.overdue) != (step.after.due, step.after.overdue);
    let mut moves: Vec<Move> = both.filter(is_move).collect();
    moves.sort_by(|a, b| {
        let is_in_time = |step: &Move| step.would_stand != Standing::Overdue || step.stands == Standing::Overdue;
        let date = |step: &Move| step.after.due.map_or(i64::MAX, |due| due.0);
        (is_in_time(a), date(a), &a.id).cmp(&(is_in_time(b), date(b), &b.id))
    });
    moves
}

#[cfg(test)]
mod tests;
