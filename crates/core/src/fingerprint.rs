//! Stable identities of findings.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// The identity of a finding, 128 bits, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u128::from_str_radix(text, 16).ok().filter(|_| is_hex).ok_or(InvalidFingerprint)?;
        Ok(Self(value.to_be_bytes()))
    }
}

/// A text that is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 32 hexadecimal digits")]
pub struct InvalidFingerprint;

/// The key under which identities are computed; wiped when dropped, never printed.
///
/// Identities made under one key can be compared with each other and with no others.
#[derive(Clone)]
pub struct IdentityKey([u8; 32]);

impl IdentityKey {
    /// Takes 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Derives a key from a passphrase or file of any length.
    #[must_use]
    pub fn derive(material: &[u8]) -> Self {
        Self(blake3::derive_key("bartizan 2026 identity key", material))
    }

    /// The key itself, for storing it.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The identity of a sequence of parts; `["ab", "c"]` differs from `["a", "bc"]`. BLAKE3 in its keyed mode.
    #[must_use]
    pub fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
        let mut identity = [0; 16];
        hasher.finalize_xof().fill(&mut identity);
        Fingerprint(identity)
    }
}

impl Drop for IdentityKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let key = IdentityKey::new([7; 32]);
        assert_ne!(key.fingerprint(&[b"ab", b"c"]), key.fingerprint(&[b"a", b"bc"]));
        assert_ne!(key.fingerprint(&[b"ab"]), IdentityKey::new([8; 32]).fingerprint(&[b"ab"]));
    }

    #[test]
    fn a_fingerprint_survives_being_written() {
        let fingerprint = IdentityKey::derive(b"x").fingerprint(&[b"y"]);
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        assert_eq!("+".repeat(32).parse::<Fingerprint>(), Err(InvalidFingerprint));
    }
}
