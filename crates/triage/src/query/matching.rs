//! Asks a filter of one finding.

use bartizan_core::{Owner, Severity};

use super::{Condition, Flag, OwnerIs, Query, Wildcard};
use crate::{
    asset::{DataClass, Exposure},
    risk::Priority,
    state::StateKind,
    time::Time,
};

/// What filters ask about.
#[derive(Debug, Clone, Copy)]
pub struct Finding<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// How soon it is to be done.
    pub priority: Priority,
    /// The risk, 0 to 999.
    pub score: u32,
    /// Where it stands.
    pub state: StateKind,
    /// Who is asked about it.
    pub owners: &'a [Owner],
    /// The repository.
    pub repository: &'a str,
    /// The rule's canonical id first, then its other names.
    pub rules: &'a [&'a str],
    /// The tools that saw it.
    pub tools: &'a [&'a str],
    /// The file.
    pub path: Option<&'a str>,
    /// The component's package URL.
    pub component: Option<&'a str>,
    /// Numbers of CWE.
    pub cwes: &'a [u32],
    /// Who reaches the thing.
    pub exposure: Option<Exposure>,
    /// What the thing holds.
    pub data_class: Option<DataClass>,
    /// How much the repository matters.
    pub tier: Option<u8>,
    /// The EPSS percentile in parts of 100,000.
    pub epss: Option<u32>,
    /// Whether it is known to be exploited.
    pub is_exploited: bool,
    /// How often it came back.
    pub n_reopened: u32,
    /// When it was first seen.
    pub first_seen: Time,
    /// Its date.
    pub due: Option<Time>,
    /// When it counts as overdue.
    pub overdue: Option<Time>,
    /// One line.
    pub title: &'a str,
    /// More of them.
    pub message: &'a str,
}

impl Query {
    /// Whether a finding fits at a moment.
    #[must_use]
    pub fn is_match(&self, finding: &Finding<'_>, now: Time) -> bool {
        self.terms.iter().all(|term| term.condition.is_match(finding, now) != term.is_negated)
    }
}

impl Condition {
    /// Whether a finding fits at a moment. What is not known fits no value, no number and no comparison.
    #[must_use]
    pub fn is_match(&self, finding: &Finding<'_>, now: Time) -> bool {
        match self {
            Self::Severity(all) => all.contains(&finding.severity),
            Self::Priority(all) => all.contains(&finding.priority),
            Self::State(all) => all.contains(&finding.state),
            Self::Owner(all) => all.iter().any(|owner| owner.is_match(finding.owners)),
            Self::Repository(all) => any(all, &[finding.repository]),
            Self::Rule(all) => any(all, finding.rules),
            Self::Tool(all) => any(all, finding.tools),
            Self::Path(all) => any(all, finding.path.as_slice()),
            Self::Component(all) => any(all, finding.component.as_slice()),
            Self::Cwe(all) => all.iter().any(|cwe| finding.cwes.contains(cwe)),
            Self::Exposure(all) => finding.exposure.is_some_and(|exposure| all.contains(&exposure)),
            Self::DataClass(all) => finding.data_class.is_some_and(|class| all.contains(&class)),
            Self::Tier(comparison) => finding.tier.is_some_and(|tier| comparison.holds(i64::from(tier))),
            Self::Score(comparison) => comparison.holds(i64::from(finding.score)),
            Self::Epss(comparison) => finding.epss.is_some_and(|epss| comparison.holds(i64::from(epss / 1_000))),
            Self::Age(comparison) => comparison.holds(now.0.saturating_sub(finding.first_seen.0)),
            Self::Due(comparison) => finding.due.is_some_and(|due| comparison.holds(due.0.saturating_sub(now.0))),
            Self::NotDue => finding.due.is_none(),
            Self::Is(all) => all.iter().any(|flag| flag.is_match(finding, now)),
            Self::Text(word) => {
                let places = [finding.title, finding.message, finding.path.unwrap_or_default()];
                places.iter().chain(finding.rules).any(|place| place.to_lowercase().contains(word))
            }
        }
    }
}

impl Flag {
    fn is_match(self, finding: &Finding<'_>, now: Time) -> bool {
        match self {
            Self::Active => finding.state.is_active(),
            Self::Overdue => finding.overdue.is_some_and(|overdue| overdue <= now),
            Self::Owned => !finding.owners.is_empty(),
            Self::Unowned => finding.owners.is_empty(),
            Self::Exploited => finding.is_exploited,
            Self::Regression => 0 < finding.n_reopened,
        }
    }
}

impl OwnerIs {
    fn is_match(&self, owners: &[Owner]) -> bool {
        match self {
            Self::Nobody => owners.is_empty(),
            Self::Named(name) => owners.iter().any(|owner| name.is_match(&owner.0)),
        }
    }
}

fn any(wildcards: &[Wildcard], texts: &[&str]) -> bool {
    texts.iter().any(|text| wildcards.iter().any(|wildcard| wildcard.is_match(text)))
}
