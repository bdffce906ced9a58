//! Suppressions of a configuration file.

use bartizan_core::{Fingerprint, Location, RuleId};
use bartizan_formats::path_pattern::PatternSet;

use crate::Date;

/// A decision not to act on findings: those that every given key fits.
#[derive(Debug, Clone)]
pub(crate) struct ConfiguredSuppression {
    pub(crate) rule: Option<RuleId>,
    pub(crate) path: Option<PatternSet>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) reason: String,
    pub(crate) expires: Option<Date>,
    pub(crate) location: Location,
    pub(crate) source: Source,
}

/// Whose file something stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The organization's.
    Policy,
    /// The repository's.
    Repository,
}

impl ConfiguredSuppression {
    /// Whether it speaks of a finding; `path` is below the repository's root.
    pub(crate) fn fits(&self, rule: &RuleId, fingerprint: &Fingerprint, path: &[u8]) -> bool {
        self.rule.as_ref().is_none_or(|known| known == rule)
            && self.fingerprint.as_ref().is_none_or(|known| known == fingerprint)
            && self.path.as_ref().is_none_or(|pattern| pattern.is_match(path))
    }

    /// Whether its last day is over.
    pub(crate) fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}
