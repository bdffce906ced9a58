//! The severities of Semgrep's format.

use bartizan_core::Severity;
use serde::{Deserialize, Serialize};

/// A rule's severity as it is written: the older and the newer scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    /// `ERROR`, of the older scale.
    Error,
    /// `WARNING`, of the older scale.
    Warning,
    /// `INFO`, of the older scale.
    Info,
    /// `INVENTORY`: nothing is wrong, the finding only says what there is.
    Inventory,
    /// `EXPERIMENT`: the rule is being tried.
    Experiment,
    /// `CRITICAL`
    Critical,
    /// `HIGH`
    High,
    /// `MEDIUM`
    Medium,
    /// `LOW`
    Low,
}

impl Level {
    /// All of them, as they are most used.
    pub const ALL: [Self; 9] =
        [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Error, Self::Warning, Self::Info, Self::Inventory, Self::Experiment];

    /// The word, in upper case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warning => "WARNING",
            Self::Info => "INFO",
            Self::Inventory => "INVENTORY",
            Self::Experiment => "EXPERIMENT",
            Self::Critical => "CRITICAL",
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
        }
    }

    /// The severity of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// The same on our scale. Semgrep's manual sets `ERROR`, `WARNING` and `INFO` equal to `HIGH`, `MEDIUM` and `LOW`.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High | Self::Error => Severity::High,
            Self::Medium | Self::Warning => Severity::Medium,
            Self::Low | Self::Info => Severity::Low,
            Self::Inventory | Self::Experiment => Severity::Info,
        }
    }
}
