//! Changes that close a finding.

use serde::{Deserialize, Serialize};

use crate::{ArtifactPath, ByteRange};

/// A change that makes the finding go away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, in one sentence.
    pub description: String,
    /// Whether it may be applied without a person's look.
    pub safety: FixSafety,
    /// The edits, which don't overlap, in order of artifact and offset.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied without a person's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FixSafety {
    /// Same behavior for correct inputs, and the rule is silent afterwards.
    Safe,
    /// A person decides.
    NeedsReview,
}

/// Replaces a range of an artifact's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file.
    pub artifact: ArtifactPath,
    /// What is replaced; an empty range inserts.
    pub range: ByteRange,
    /// What stands there afterwards.
    pub replacement: String,
}
