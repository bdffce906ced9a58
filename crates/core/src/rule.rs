//! What is known about a rule, whichever engine runs it.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{ArtifactPath, Confidence, Cwe, Severity, StandardId};

/// A rule's identifier. Our own are lower-case words joined by hyphens; foreign ones keep their form.
///
/// ```
/// use bartizan_core::RuleId;
/// assert!("jwt-algorithm-not-pinned".parse::<RuleId>().is_ok());
/// assert!("two words".parse::<RuleId>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// The longest id, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RuleId {
    type Err = InvalidRuleId;

    fn from_str(text: &str) -> Result<Self, InvalidRuleId> {
        let is_valid = !text.is_empty() && text.len() <= Self::MAX_BYTES && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_valid { Ok(Self(text.into())) } else { Err(InvalidRuleId(text.to_owned())) }
    }
}

/// The id of a rule that has no usable one of its own: `unnamed`.
impl Default for RuleId {
    fn default() -> Self {
        Self("unnamed".into())
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that can't be a rule's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} can't be the id of a rule: expected 1 to 256 bytes without white space")]
pub struct InvalidRuleId(String);

/// The engine that a rule belongs to, by its short name: `secrets`, `sast`, `deps`, `iac` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineId(pub &'static str);

impl fmt::Display for EngineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleOrigin {
    /// It is part of Bartizan.
    BuiltIn,
    /// It was read from this file.
    File(ArtifactPath),
}

/// What is known about a rule: all that reports and `bartizan explain` show of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its identifier.
    pub id: RuleId,
    /// The engine that runs it.
    pub engine: EngineId,
    /// What is wrong, in one line without a full stop.
    pub title: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// How sure a finding is, where the engine has no better word for the single finding.
    pub confidence: Confidence,
    /// Why it matters, in sentences.
    pub why: String,
    /// How to fix it, in sentences.
    pub how_to_fix: String,
    /// Weaknesses that it finds.
    pub cwe: Vec<Cwe>,
    /// Requirements of standards that a finding breaks.
    pub standards: Vec<StandardId>,
    /// Free words to select by.
    pub tags: Vec<String>,
    /// Pages to read on, `https` only.
    pub references: Vec<String>,
    /// Where it comes from.
    pub origin: RuleOrigin,
    /// What other tools call the same: `CKV_AWS_20`. Their marks in comments speak of the rule by these names.
    pub aliases: Vec<String>,
    /// What it is about, in one word that rules of several engines and tools share: `public-access`.
    pub topic: Option<String>,
}
