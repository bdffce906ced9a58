//! Who acts, and what they may do.

use serde::{Deserialize, Serialize};

/// What somebody may do in the place that is asked about: an organization, a team or a repository. Each role may do all that
/// the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works on findings, and asks for exceptions.
    Developer,
    /// Decides about findings, and approves exceptions.
    Triager,
    /// Changes policies, and decides what others have decided.
    Admin,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Developer, Self::Triager, Self::Admin];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Triager => "triager",
            Self::Admin => "admin",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's id, which never changes and is never given to somebody else.
    pub user: String,
    /// The role there where they act.
    pub role: Role,
}
