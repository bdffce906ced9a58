//! Versions of Semgrep that a rule is written for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A version of Semgrep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// Changed for what breaks rules.
    pub major: u32,
    /// Changed for what is new.
    pub minor: u32,
    /// Changed for what is repaired.
    pub patch: u32,
}

impl Version {
    /// The version whose rules are understood: `min-version` and `max-version` are compared with it.
    pub const COMPATIBLE: Self = Self { major: 1, minor: 182, patch: 0 };
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let mut parts = text.split('.').map(|part| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit())));
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(major)), Some(Some(minor)), Some(Some(patch)), None) => Ok(Self { major, minor, patch }),
            _ => Err(InvalidVersion),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A text that is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is three numbers joined by dots")]
pub struct InvalidVersion;
