//! Names as numbers: what is compared only for being equal is kept as 64 bits of its hash.

use serde::{Deserialize, Serialize};

/// The first 64 bits of a BLAKE3 hash: a name that is compared and never shown.
///
/// The same in every version and on every machine, so that it can be stored. Equal by chance for two of a million names with a
/// probability of 3 in 10⁸; whoever makes two names equal on purpose (2³² hashes) gains that his own findings are mixed up.
///
/// ```
/// use bartizan_triage::identity::Digest;
///
/// assert_eq!(Digest::of("src/a.py"), Digest::of("src/a.py"));
/// assert_ne!(Digest::of_parts(&["ab", "c"]), Digest::of_parts(&["a", "bc"]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub u64);

impl Digest {
    /// The digest of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::finish(blake3::Hasher::new().update(name.as_bytes()))
    }

    /// The digest of a name of several parts; where one ends and the next begins counts.
    #[must_use]
    pub fn of_parts(parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self::finish(&hasher)
    }

    pub(super) fn finish(hasher: &blake3::Hasher) -> Self {
        let mut bytes = [0; 8];
        hasher.finalize_xof().fill(&mut bytes);
        Self(u64::from_le_bytes(bytes))
    }
}
