//! What is known of the thing that a finding is in: who can reach it, what it holds, how much it matters.

use serde::{Deserialize, Serialize};

/// Who can reach a service or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// People in the house.
    Internal,
    /// Partners too, or whoever is in some network.
    Partner,
    /// Anybody.
    Public,
}

/// What harm it does when somebody reads or changes the data there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataClass {
    /// None: it is published.
    Public,
    /// Little.
    Internal,
    /// Much: people's data, money.
    Confidential,
    /// The most: health, keys, lives.
    Restricted,
}

impl Exposure {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Internal, Self::Partner, Self::Public];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Partner => "partner",
            Self::Public => "public",
        }
    }
}

impl DataClass {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Confidential, Self::Restricted];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }
}
