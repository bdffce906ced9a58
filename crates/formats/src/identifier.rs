//! Identifiers that are derived from a finding's fingerprint.

use std::{collections::BTreeMap, fmt::Write as _};

use bartizan_core::{ArtifactPath, Finding, Fingerprint, IdentityKey, Location};

/// The places of a finding, each with an identity: stable while the file keeps its name and the place its rank among the
/// finding's places in that file.
pub(crate) fn of_occurrences(finding: &Finding) -> Vec<(&Location, Fingerprint)> {
    let places = if finding.occurrences.is_empty() { std::slice::from_ref(&finding.location) } else { &finding.occurrences };
    let mut n_in_file: BTreeMap<&ArtifactPath, usize> = BTreeMap::new();
    let mut identified = Vec::with_capacity(places.len());
    for place in places {
        let rank = n_in_file.entry(&place.artifact).or_default();
        identified.push((place, of_occurrence(finding.fingerprint, place, *rank)));
        *rank += 1;
    }
    identified
}

fn of_occurrence(finding: Fingerprint, place: &Location, n_before_in_file: usize) -> Fingerprint {
    // Keys keep others from guessing what is hashed; a fingerprint and a path are no secrets, so that a fixed key will do.
    let key = IdentityKey::new([0; 32]);
    let rank = u64::try_from(n_before_in_file).unwrap_or(u64::MAX).to_be_bytes();
    key.fingerprint(&[b"occurrence", &finding.0, place.artifact.as_bytes(), &rank])
}

/// A fingerprint in the form of a UUID of version 8 (RFC 9562, section 5.8).
pub(crate) fn uuid(fingerprint: Fingerprint) -> String {
    let number = u128::from_be_bytes(fingerprint.0);
    let number = number & !(0xf << 76) | 0x8 << 76;
    let number = number & !(0b11 << 62) | 0b10 << 62;
    let mut text = String::with_capacity(36);
    for (index, byte) in number.to_be_bytes().into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_says_its_version_and_variant() {
        assert_eq!(uuid(Fingerprint([0; 16])), "00000000-0000-8000-8000-000000000000");
        assert_eq!(uuid(Fingerprint([0xff; 16])), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    }

    #[test]
    fn places_are_told_apart_by_file_and_rank() {
        let place = |path: &str| Location::whole(path.into());
        let id = |path, rank| of_occurrence(Fingerprint([1; 16]), &place(path), rank);
        assert_eq!(id("a", 0), id("a", 0));
        assert_ne!(id("a", 0), id("b", 0));
        assert_ne!(id("a", 0), id("a", 1));
    }
}
