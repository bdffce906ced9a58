//! Whether what is wrong with a component can do harm in a project.

use serde::{Deserialize, Serialize};

/// How far the code of a project reaches a component, or the part of it that an advisory is about.
///
/// It says what the code says. What it does not say, such as what is loaded by a name made at run time, is
/// [`Reachability::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reachability {
    /// The project calls what the advisory names.
    Called,
    /// The project imports it.
    Imported,
    /// It can't be told.
    Unknown,
    /// Nothing in the project imports it, and nothing that does so depends on it.
    NotImported,
}

impl Reachability {
    /// The lower-case name, as reports use it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Called => "called",
            Self::Imported => "imported",
            Self::Unknown => "unknown",
            Self::NotImported => "not-imported",
        }
    }
}
