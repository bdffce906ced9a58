//! Why a finding is believed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One reason to believe a finding, or to doubt it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What kind of reason this is.
    pub strength: Strength,
    /// The reason in a few words, for people; never holds a secret.
    pub text: String,
    /// For contextual evidence: how much it adds (positive) or takes away (negative), in log-odds.
    pub weight: Option<f32>,
}

/// The ladder of evidence: `proven` beats `structural` beats `contextual`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Strength {
    /// What stands around the value suggests it.
    Contextual,
    /// The value has the shape that its issuer documents.
    Structural,
    /// A check that a random value would fail has passed: a checksum, a parse, a signature.
    Proven,
}

impl Strength {
    /// The lower-case name, as reports use it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contextual => "contextual",
            Self::Structural => "structural",
            Self::Proven => "proven",
        }
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
