//! How many days there are: data that a caller reads from its configuration.

use std::collections::BTreeMap;

use bartizan_core::Severity;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::{asset::Exposure, risk::Priority, time::Time, word};

/// The most days that anything may give: ten years.
pub const MAX_DAYS: u32 = 3_650;

/// The most rules of a policy.
pub const MAX_RULES: usize = 1_000;

/// A policy of due dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Grows with each change; it is stored with each date.
    pub version: u32,
    /// What people call it.
    pub name: String,
    /// The first one that fits decides.
    pub rules: Vec<Rule>,
    /// Days for what is known to be exploited, from when that is known.
    #[serde(default)]
    pub exploited_days: Option<u32>,
    /// By the outcome of an SSVC table, in lower case.
    #[serde(default)]
    pub outcomes: BTreeMap<String, OutcomeRule>,
    /// After the date, before anything counts as overdue.
    #[serde(default)]
    pub grace_days: u32,
    /// Whether Saturdays and Sundays do not count.
    #[serde(default)]
    pub business_days: bool,
    /// Where time counts from.
    #[serde(default)]
    pub start: Start,
    /// Whether it counts anew when a finding comes back.
    #[serde(default = "yes")]
    pub restart_on_reopen: bool,
}

const fn yes() -> bool {
    true
}

/// Where time counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// The first scan that saw it.
    #[default]
    FirstSeen,
    /// When somebody confirmed it; what nobody confirms counts from the first scan, so that waiting gains nothing.
    Confirmed,
}

/// So many days for some findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What people call it.
    pub name: String,
    /// For which findings.
    #[serde(default)]
    pub when: Condition,
    /// None: no date.
    #[serde(default)]
    pub days: Option<u32>,
}

/// Which findings: each list that is not empty must have the finding's value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// `P1`.
    pub priority: Vec<Priority>,
    /// `critical`.
    #[serde(with = "word::severities")]
    pub severity: Vec<Severity>,
    /// `1`.
    pub tier: Vec<u8>,
    /// `public`.
    pub exposure: Vec<Exposure>,
}

/// What an outcome asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRule {
    /// None: no date.
    #[serde(default)]
    pub days: Option<u32>,
    /// Whether somebody has to look for traces of an attack.
    #[serde(default)]
    pub forensics: bool,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// More than [`MAX_RULES`].
    #[error("a policy has at most {MAX_RULES} rules")]
    ManyRules,
    /// Days beyond [`MAX_DAYS`].
    #[error("`{place}` gives {days} days: at most {MAX_DAYS}")]
    ManyDays {
        /// The rule's name, or what else gives them.
        place: String,
        /// How many.
        days: u32,
    },
    /// A rule behind one that always fits.
    #[error("the rule `{name}` is never asked: `{before}` above it fits everything")]
    Unreachable {
        /// The rule.
        name: String,
        /// The one above.
        before: String,
    },
}

impl Default for Policy {
    /// Ours: a week, a month, a quarter, by priority; a week for what is exploited, and what CISA's directive says.
    fn default() -> Self {
        let rule = |name: &str, priority, days| Rule {
            name: name.to_owned(),
            when: Condition { priority: vec![priority], ..Condition::default() },
            days,
        };
        Self {
            version: 1,
            name: "built-in".to_owned(),
            rules: vec![
                rule("at once", Priority::P1, Some(7)),
                rule("before what is planned", Priority::P2, Some(30)),
                rule("with what is planned", Priority::P3, Some(90)),
                rule("when there is time", Priority::P4, None),
            ],
            exploited_days: Some(7),
            outcomes: Self::bod_26_04(),
            grace_days: 0,
            business_days: false,
            start: Start::FirstSeen,
            restart_on_reopen: true,
        }
    }
}

impl Policy {
    /// What the outcomes of CISA's table for the Binding Operational Directive 26-04 mean in days.
    #[must_use]
    pub fn bod_26_04() -> BTreeMap<String, OutcomeRule> {
        let outcomes = [
            ("3 days & forensic investigation", Some(3), true),
            ("3 days", Some(3), false),
            ("14 days", Some(14), false),
            ("60 days", Some(60), false),
            ("fix on system upgrade", None, false),
        ];
        outcomes.into_iter().map(|(name, days, forensics)| (name.to_owned(), OutcomeRule { days, forensics })).collect()
    }

    /// Checks what types can't.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        if MAX_RULES < self.rules.len() {
            return Err(PolicyError::ManyRules);
        }
        let of_rules = self.rules.iter().map(|rule| (rule.name.as_str(), rule.days));
        let of_outcomes = self.outcomes.iter().map(|(name, rule)| (name.as_str(), rule.days));
        let others = [("exploited_days", self.exploited_days), ("grace_days", Some(self.grace_days))];
        for (place, days) in of_rules.chain(of_outcomes).chain(others) {
            if let Some(days) = days.filter(|&days| MAX_DAYS < days) {
                return Err(PolicyError::ManyDays { place: place.to_owned(), days });
            }
        }
        let last = self.rules.iter().position(|rule| rule.when == Condition::default());
        match last.and_then(|last| Some((self.rules.get(last)?, self.rules.get(last + 1)?))) {
            Some((before, rule)) => Err(PolicyError::Unreachable { name: rule.name.clone(), before: before.name.clone() }),
            None => Ok(()),
        }
    }

    pub(super) fn rule(&self, facts: &Facts) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.when.fits(facts))
    }

    pub(super) fn outcome(&self, outcome: &str) -> Option<OutcomeRule> {
        self.outcomes.iter().find(|(name, _)| name.eq_ignore_ascii_case(outcome)).map(|(_, rule)| *rule)
    }

    /// So many days later, of the kind that counts.
    pub(super) fn after(&self, start: Time, days: u32) -> Time {
        let days = i64::from(days.min(MAX_DAYS));
        if !self.business_days {
            return start.plus_days(days);
        }
        // What begins on a weekend begins on Monday.
        let mut at = start;
        while at.is_weekend() {
            at = at.start_of_day().plus_days(1);
        }
        let mut left = days;
        while 0 < left {
            at = at.plus_days(1);
            left -= i64::from(!at.is_weekend());
        }
        at
    }
}

impl Condition {
    fn fits(&self, facts: &Facts) -> bool {
        let has = |tier: Option<u8>| tier.is_some_and(|tier| self.tier.contains(&tier));
        let is_exposed = |exposure: Option<Exposure>| exposure.is_some_and(|exposure| self.exposure.contains(&exposure));
        (self.priority.is_empty() || self.priority.contains(&facts.priority))
            && (self.severity.is_empty() || self.severity.contains(&facts.severity))
            && (self.tier.is_empty() || has(facts.tier))
            && (self.exposure.is_empty() || is_exposed(facts.exposure))
    }
}
