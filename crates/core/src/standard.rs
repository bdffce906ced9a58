//! References to weakness lists and standards.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A weakness of MITRE's Common Weakness Enumeration, written `CWE-798`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cwe(pub u32);

impl fmt::Display for Cwe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CWE-{}", self.0)
    }
}

impl FromStr for Cwe {
    type Err = InvalidStandardId;

    fn from_str(text: &str) -> Result<Self, InvalidStandardId> {
        let digits = text.strip_prefix("CWE-").or_else(|| text.strip_prefix("cwe-"));
        digits.and_then(|digits| digits.parse().ok()).map(Self).ok_or_else(|| InvalidStandardId(text.to_owned()))
    }
}

/// An id in a standard, with the standard's edition: `OWASP-TOP10-2025-A07`, `ASVS-5.0.0-13.3.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StandardId(Box<str>);

impl StandardId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StandardId {
    type Err = InvalidStandardId;

    fn from_str(text: &str) -> Result<Self, InvalidStandardId> {
        let is_valid =
            !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._@".contains(&byte));
        if is_valid { Ok(Self(text.into())) } else { Err(InvalidStandardId(text.to_owned())) }
    }
}

impl fmt::Display for StandardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that is no id of a weakness or a standard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id of a standard; expected the like of CWE-798 or ASVS-5.0.0-13.3.1")]
pub struct InvalidStandardId(String);
