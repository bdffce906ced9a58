//! What tells one bill from another: a number that is derived from all that it says.

use bartizan_core::{IdentityKey, Tool};
use serde::{Serialize, Serializer};

use super::Bom;
use crate::{Timestamp, identifier};

/// A UUID that is the same for the same bill.
pub(super) fn uuid(bom: &Bom) -> String {
    // Part by part, because a bill as a whole may be large.
    let mut parts = part(&bom.metadata).to_vec();
    for component in &bom.components {
        parts.extend(part(component));
    }
    // What stands between keeps a dependency from being taken for a component.
    parts.extend(part(&bom.components.len()));
    for dependency in &bom.dependencies {
        parts.extend(part(dependency));
    }
    identifier::uuid(key().fingerprint(&[b"sbom", &parts]))
}

fn part<T: Serialize>(part: &T) -> [u8; 16] {
    // What can't be written as JSON does not exist in a bill.
    key().fingerprint(&[b"part", &serde_json::to_vec(part).unwrap_or_default()]).0
}

/// A bill is no secret, so that a fixed key will do.
const fn key() -> IdentityKey {
    IdentityKey::new([0; 32])
}

pub(super) fn timestamp<S: Serializer>(timestamp: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    timestamp.map(|timestamp| timestamp.to_string()).serialize(serializer)
}

pub(super) fn tools<S: Serializer>(tools: &[Tool], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tools.iter().map(|tool| (&tool.name, &tool.version)))
}
