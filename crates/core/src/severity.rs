//! How bad a finding is, and how sure: two scales that are never mixed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How bad a weakness is if it is real; says nothing about how sure the finding is.
///
/// ```
/// use bartizan_core::Severity;
/// assert!(Severity::Low < Severity::Critical);
/// assert_eq!("HIGH".parse(), Ok(Severity::High));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// A weakness with little harm, or one that needs unlikely circumstances.
    Low,
    /// A weakness that helps an attacker together with another one.
    Medium,
    /// A weakness that lets an attacker do harm.
    High,
    /// A weakness that gives an attacker the system or its data.
    Critical,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The lower-case name, as reports and the command line use it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure a finding is; says nothing about how bad it would be.
///
/// The secrets engine explains its confidence further with the [`Strength`](crate::Strength) of its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// A hint: more often wrong than right.
    Low,
    /// More often right than wrong.
    Medium,
    /// Rarely wrong.
    High,
}

impl Confidence {
    /// All confidences, the surest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The lower-case name, as reports and the command line use it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A word that names no severity or confidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {scale} `{name}`; expected one of: {expected}")]
pub struct UnknownName {
    scale: &'static str,
    name: String,
    expected: &'static str,
}

impl FromStr for Severity {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|severity| severity.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| UnknownName {
            scale: "severity",
            name: text.to_owned(),
            expected: "critical, high, medium, low, info",
        })
    }
}

impl FromStr for Confidence {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|confidence| confidence.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| UnknownName {
            scale: "confidence",
            name: text.to_owned(),
            expected: "high, medium, low",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
