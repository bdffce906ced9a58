//! What tells one bill from another: a number that is derived from all that it says.

use bartizan_core::{IdentityKey, Tool};
use serde::{Serialize as _, Serializer};

use super::Bom;
use crate::{Timestamp, identifier};

/// A UUID that is the same for the same bill.
pub(super) fn uuid(bom: &Bom) -> String {
    // A bill is no secret, so that a fixed key will do. What can't be written as JSON does not exist in a bill.
    let content = serde_json::to_vec(bom).unwrap_or_default();
    identifier::uuid(IdentityKey::new([0; 32]).fingerprint(&[b"sbom", &content]))
}

pub(super) fn timestamp<S: Serializer>(timestamp: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    timestamp.map(|timestamp| timestamp.to_string()).serialize(serializer)
}

pub(super) fn tools<S: Serializer>(tools: &[Tool], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tools.iter().map(|tool| (&tool.name, &tool.version)))
}
