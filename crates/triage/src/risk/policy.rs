//! How many points things give: data that a caller reads from its configuration.

use std::collections::BTreeMap;

use bartizan_core::{Reachability, Severity};
use serde::{Deserialize, Serialize};

use super::{Factor, Inputs, Priority, Reason, facts};
use crate::{
    asset::{DataClass, Exposure},
    time::Time,
};

/// A policy of risk.
///
/// Valid if [`Policy::check`] says so: bands lie further apart than all weights together reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Grows with each change; it is stored with each result.
    pub version: u32,
    /// What people call it.
    pub name: String,
    /// From outcomes of the SSVC table to bands.
    pub bands: Vec<Band>,
    /// Values of decision points that nobody knows of: `System Exposure: controlled`.
    pub assume: BTreeMap<String, String>,
    /// Points within a band.
    pub weights: Weights,
}

/// What an outcome means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Outcomes of tables, in lower case.
    pub outcomes: Vec<String>,
    /// The lowest score of the band.
    pub score: u32,
    /// What it is worth.
    pub priority: Priority,
}

/// The most points of each factor. What is not known gives half of them, rounded down, where not knowing is no comfort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// For a CVSS score of 10; others in proportion.
    pub severity: u32,
    /// For the highest percentile; others in proportion.
    pub epss: u32,
    /// For what is known to be exploited.
    pub kev: u32,
    /// For what is called; what is imported gives half, what is not imported nothing.
    pub reachability: u32,
    /// For what anybody reaches; for partners half.
    pub exposure: u32,
    /// For restricted data; others in thirds.
    pub data_class: u32,
    /// After `age_days`; before in proportion.
    pub age: u32,
    /// After how many days age gives all its points.
    pub age_days: u32,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No band at all.
    #[error("a policy needs at least one band")]
    NoBand,
    /// Points could lift a finding into the next band.
    #[error("the weights reach {reach} points, and bands lie {width} apart: lower the weights")]
    Reach {
        /// All weights together.
        reach: u32,
        /// The smallest distance of two bands, or of the last one to 1000.
        width: u32,
    },
    /// An outcome in two bands.
    #[error("the outcome `{outcome}` is in two bands")]
    TwoBands {
        /// The outcome.
        outcome: String,
    },
    /// A more urgent priority with a lower score.
    #[error("a band of higher score has a lower priority")]
    Order,
}

/// One more than the highest score there is.
const END: u32 = 1_000;

impl Default for Policy {
    /// Ours: the outcomes of the deployers' and suppliers' tables, and of CISA's coordinators.
    fn default() -> Self {
        let band =
            |score, priority, outcomes: &[&str]| Band { outcomes: outcomes.iter().map(|&name| name.to_owned()).collect(), score, priority };
        let assume = [
            ("exploitation", "none"),
            ("system exposure", "controlled"),
            ("automatable", "no"),
            ("human impact", "medium"),
            ("technical impact", "partial"),
            ("mission and well-being impact", "medium"),
        ];
        Self {
            version: 1,
            name: "built-in".to_owned(),
            bands: vec![
                band(750, Priority::P1, &["immediate", "act"]),
                band(500, Priority::P2, &["out-of-cycle", "attend"]),
                band(250, Priority::P3, &["scheduled", "track*"]),
                band(0, Priority::P4, &["defer", "track"]),
            ],
            assume: assume.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            weights: Weights { severity: 100, epss: 50, kev: 30, reachability: 30, exposure: 15, data_class: 15, age: 9, age_days: 180 },
        }
    }
}

impl Policy {
    /// Checks that the outcome of the table comes first, whatever else is known.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.bands.is_empty() {
            return Err(PolicyError::NoBand);
        }
        let mut outcomes: Vec<&String> = self.bands.iter().flat_map(|band| &band.outcomes).collect();
        outcomes.sort();
        if let Some([first, _]) = outcomes.array_windows().find(|[first, second]| first == second) {
            return Err(PolicyError::TwoBands { outcome: (*first).clone() });
        }
        let mut bands: Vec<(u32, Priority)> = self.bands.iter().map(|band| (band.score, band.priority)).collect();
        bands.sort_unstable();
        if bands.array_windows().any(|[low, high]| low.1 < high.1) {
            return Err(PolicyError::Order);
        }
        let (reach, width) = (self.weights.reach(), self.width());
        if width <= reach { Err(PolicyError::Reach { reach, width }) } else { Ok(()) }
    }

    pub(super) fn band(&self, outcome: &str) -> Band {
        let found = self.bands.iter().find(|band| band.outcomes.iter().any(|name| name.eq_ignore_ascii_case(outcome)));
        // An outcome that the policy does not know is not harmless.
        found.cloned().unwrap_or_else(|| self.worst())
    }

    /// Where no table decides, the severity stands for the outcome.
    pub(super) fn band_of_severity(&self, severity: Severity) -> Band {
        let wanted = match severity {
            Severity::Critical => Priority::P1,
            Severity::High => Priority::P2,
            Severity::Medium => Priority::P3,
            Severity::Low | Severity::Info => Priority::P4,
        };
        self.bands.iter().find(|band| band.priority == wanted).cloned().unwrap_or_else(|| self.worst())
    }

    pub(super) fn assumption(&self, decision_point: &str) -> Option<&str> {
        self.assume.iter().find(|(name, _)| name.eq_ignore_ascii_case(decision_point)).map(|(_, value)| value.as_str())
    }

    pub(super) fn highest_band(&self) -> u32 {
        self.bands.iter().map(|band| band.score).max().unwrap_or_default()
    }

    /// The smallest distance of two bands.
    pub(super) fn width(&self) -> u32 {
        let mut scores: Vec<u32> = self.bands.iter().map(|band| band.score).chain([END]).collect();
        scores.sort_unstable();
        scores.array_windows().map(|[low, high]| high - low).min().unwrap_or_default()
    }

    fn worst(&self) -> Band {
        let worst = self.bands.iter().max_by_key(|band| band.score).cloned();
        worst.unwrap_or(Band { outcomes: Vec::new(), score: 0, priority: Priority::P1 })
    }
}

impl Weights {
    fn reach(&self) -> u32 {
        let all = [self.severity, self.epss, self.kev, self.reachability, self.exposure, self.data_class, self.age];
        all.into_iter().fold(0, u32::saturating_add)
    }

    pub(super) fn reasons(&self, inputs: &Inputs, now: Time) -> Vec<Reason> {
        vec![
            self.of_severity(inputs),
            self.of_epss(inputs),
            self.of_kev(inputs),
            self.of_reachability(inputs),
            self.of_exposure(inputs),
            self.of_data(inputs),
            self.of_age(inputs, now),
        ]
    }

    fn of_severity(&self, inputs: &Inputs) -> Reason {
        let (tenths, value) = match facts::leading(&inputs.cvss) {
            Some((_, cvss)) => {
                let tenths = facts::tenths(&cvss);
                (tenths, format!("{}.{} (CVSS {})", tenths / 10, tenths % 10, facts::version(cvss.version())))
            }
            None => (of_word(inputs.severity), format!("{} (no CVSS vector)", inputs.severity)),
        };
        reason(Factor::Severity, value, part(self.severity, tenths, 100), self.severity)
    }

    fn of_epss(&self, inputs: &Inputs) -> Reason {
        match inputs.epss {
            Some(epss) => {
                let value = format!("percentile {}.{:03} %", epss.value / 1_000, epss.value % 1_000);
                let points = part(self.epss, epss.value, 100_000);
                Reason { feed: Some(epss.feed), ..reason(Factor::Epss, value, points, self.epss) }
            }
            None => reason(Factor::Epss, "not scored".to_owned(), 0, self.epss),
        }
    }

    fn of_kev(&self, inputs: &Inputs) -> Reason {
        match inputs.kev {
            Some(kev) => {
                let (value, points) = if kev.value { ("known to be exploited", self.kev) } else { ("not known to be exploited", 0) };
                Reason { feed: Some(kev.feed), ..reason(Factor::Kev, value.to_owned(), points, self.kev) }
            }
            None => reason(Factor::Kev, "not looked up".to_owned(), 0, self.kev),
        }
    }

    fn of_reachability(&self, inputs: &Inputs) -> Reason {
        let max = self.reachability;
        match inputs.reachability {
            Some(reachability) => {
                let points = match reachability {
                    Reachability::Called => max,
                    Reachability::Imported | Reachability::Unknown => max / 2,
                    Reachability::NotImported => 0,
                };
                reason(Factor::Reachability, reachability.as_str().to_owned(), points, max)
            }
            None => unknown(Factor::Reachability, max),
        }
    }

    fn of_exposure(&self, inputs: &Inputs) -> Reason {
        let max = self.exposure;
        match inputs.exposure {
            Some(exposure) => {
                let points = match exposure {
                    Exposure::Internal => 0,
                    Exposure::Partner => max / 2,
                    Exposure::Public => max,
                };
                reason(Factor::Exposure, exposure.as_str().to_owned(), points, max)
            }
            None => unknown(Factor::Exposure, max),
        }
    }

    fn of_data(&self, inputs: &Inputs) -> Reason {
        let max = self.data_class;
        match inputs.data_class {
            Some(class) => {
                let points = match class {
                    DataClass::Public => 0,
                    DataClass::Internal => max / 3,
                    DataClass::Confidential => part(max, 2, 3),
                    DataClass::Restricted => max,
                };
                reason(Factor::DataClass, class.as_str().to_owned(), points, max)
            }
            None => unknown(Factor::DataClass, max),
        }
    }

    fn of_age(&self, inputs: &Inputs, now: Time) -> Reason {
        let days = u32::try_from(now.days_since(inputs.first_seen).max(0)).unwrap_or(u32::MAX);
        let points = part(self.age, days.min(self.age_days), self.age_days.max(1));
        reason(Factor::Age, format!("{days} days"), points, self.age)
    }
}

/// The score that a word stands for, in tenths: the middle of CVSS's ranges.
const fn of_word(severity: Severity) -> u32 {
    match severity {
        Severity::Critical => 95,
        Severity::High => 80,
        Severity::Medium => 55,
        Severity::Low => 20,
        Severity::Info => 0,
    }
}

const fn reason(factor: Factor, value: String, points: u32, of: u32) -> Reason {
    Reason { factor, value, points, of, feed: None, is_assumed: false }
}

fn unknown(factor: Factor, max: u32) -> Reason {
    Reason { is_assumed: true, ..reason(factor, "not known".to_owned(), max / 2, max) }
}

/// So many of all, of a whole; rounded down.
fn part(all: u32, some: u32, whole: u32) -> u32 {
    let points = u64::from(all) * u64::from(some) / u64::from(whole.max(1));
    u32::try_from(points).unwrap_or(all).min(all)
}
