use bartizan_paved_spec::{Reason, Refused, algorithms, refuse_with};
use ring::digest;

/// A signature algorithm. There is no `none` and no `HS256`: what can't be named can't be allowed.
///
/// ```compile_fail
/// let alg = bartizan_paved_auth::Algorithm::None;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384.
    Es384,
    /// ECDSA on P-521.
    Es512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// Ed25519 under its old name (RFC 8037).
    EdDsa,
    /// Ed25519 under its own name (RFC 9864).
    Ed25519,
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// RSA of 2048 to 8192 bits.
    Rsa,
    /// An elliptic curve.
    P256,
    /// An elliptic curve.
    P384,
    /// An elliptic curve.
    P521,
    /// A twisted Edwards curve.
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, with its name.
    pub const ALL: &[(Self, &str)] = &[
        (Self::Es256, "ES256"),
        (Self::Es384, "ES384"),
        (Self::Es512, "ES512"),
        (Self::Ps256, "PS256"),
        (Self::Ps384, "PS384"),
        (Self::Ps512, "PS512"),
        (Self::Rs256, "RS256"),
        (Self::Rs384, "RS384"),
        (Self::Rs512, "RS512"),
        (Self::EdDsa, "EdDSA"),
        (Self::Ed25519, "Ed25519"),
    ];

    /// The algorithm of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(alg, _)| *alg)
    }

    /// Its name in a header.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(alg, _)| *alg == self).map_or("", |(_, name)| name)
    }

    /// What it needs of a key.
    #[must_use]
    pub const fn key_type(self) -> KeyType {
        match self {
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::Es512 => KeyType::P521,
            Self::Ps256 | Self::Ps384 | Self::Ps512 | Self::Rs256 | Self::Rs384 | Self::Rs512 => KeyType::Rsa,
            Self::EdDsa | Self::Ed25519 => KeyType::Ed25519,
        }
    }

    /// Its hash; of Ed25519 it is SHA-512 (RFC 8032, section 5.1).
    pub(crate) fn hash(self) -> &'static digest::Algorithm {
        match self {
            Self::Es256 | Self::Ps256 | Self::Rs256 => &digest::SHA256,
            Self::Es384 | Self::Ps384 | Self::Rs384 => &digest::SHA384,
            Self::Es512 | Self::Ps512 | Self::Rs512 | Self::EdDsa | Self::Ed25519 => &digest::SHA512,
        }
    }

    /// Whether it goes with the algorithm that a key is announced for: the same family, and for RSA a hash that is not shorter. Of an
    /// elliptic curve the algorithm follows from the curve.
    pub(crate) fn goes_with(self, announced: Option<&str>) -> bool {
        let name = self.name();
        let Some(announced) = announced.filter(|announced| *announced != name) else { return true };
        let (Some((family, bits)), Some((other, least))) = (name.split_at_checked(2), announced.split_at_checked(2)) else { return false };
        let is_long_enough = matches!((bits.parse::<u32>(), least.parse::<u32>()), (Ok(bits), Ok(least)) if bits >= least);
        family != "Ed" && family == other && (family == "ES" || is_long_enough)
    }
}

/// Algorithms that are pinned at configuration: a list that is not empty (RFC 8725, section 3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned(Vec<Algorithm>);

impl Default for Pinned {
    fn default() -> Self {
        Self(algorithms::DEFAULT.iter().filter_map(|name| Algorithm::from_name(name)).collect())
    }
}

impl Pinned {
    /// Pins algorithms by name.
    ///
    /// # Errors
    /// `configuration-invalid` for none, or one that is not supported.
    pub fn names<N: AsRef<str>>(names: &[N]) -> Result<Self, Refused> {
        let mut pinned = Vec::with_capacity(names.len());
        for name in names {
            match Algorithm::from_name(name.as_ref()) {
                Some(alg) => pinned.push(alg),
                None => return refuse_with(Reason::ConfigurationInvalid, "an algorithm is not supported"),
            }
        }
        Self::some(pinned).map_or_else(|| refuse_with(Reason::ConfigurationInvalid, "no algorithm is pinned"), Ok)
    }

    /// Pins algorithms; `None` if there are none.
    pub(crate) fn some(pinned: Vec<Algorithm>) -> Option<Self> {
        (!pinned.is_empty()).then_some(Self(pinned))
    }

    /// The algorithms, in the order in which they were pinned.
    #[must_use]
    pub fn as_slice(&self) -> &[Algorithm] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_are_those_of_the_specification() {
        let ours: Vec<_> = Algorithm::ALL.iter().map(|(_, name)| *name).collect();
        assert_eq!(ours, algorithms::SUPPORTED);
        assert_eq!(Pinned::default().as_slice().len(), algorithms::DEFAULT.len());
    }
}
