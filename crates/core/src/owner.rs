//! Who is asked about a finding.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Somebody who answers for code: `@user`, `@organization/team` or an e-mail address, as code-owners files write them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Owner(pub String);

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
