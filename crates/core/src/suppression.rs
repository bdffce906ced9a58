//! Findings that somebody decided not to act on; they stay in machine-readable reports.

use serde::{Deserialize, Serialize};

use crate::Location;

/// The decision that a finding needs no action, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Where the decision is written.
    pub kind: SuppressionKind,
    /// Why, in the words of who decided; empty if nobody said.
    pub reason: String,
    /// The mark itself, if it is in a file.
    pub location: Option<Location>,
    /// Whether the change under scan added it (`--since`).
    pub is_added_by_change: bool,
}

/// Where a suppression is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SuppressionKind {
    /// A comment at the finding: `bartizan:ignore[rule]`, or the mark of another tool, whose text this is.
    Inline(String),
    /// An entry of a configuration or ignore file.
    Configuration,
    /// The finding was there when the baseline was written.
    Baseline,
    /// A VEX document says that the flaw does no harm here, or is fixed.
    Vex,
}
