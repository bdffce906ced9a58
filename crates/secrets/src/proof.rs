//! Offline proofs: checks that a random value of the right shape would fail.

mod aws;
mod bech32;
mod checksum;
mod der;
mod json;
mod jwk;
mod macaroon;
mod nkey;
mod private_key;

use std::fmt;

use crate::rule::example::Random;

/// A check that needs nothing but the value itself.
pub(crate) trait Proof: Sync + fmt::Debug {
    /// The name that rules call it by.
    fn name(&self) -> &'static str;

    /// Checks a value.
    fn check(&self, value: &str) -> Verdict;

    /// A whole value that starts with `prefix` and passes, for the examples of rules.
    fn example(&self, prefix: &str, random: &mut Random) -> Option<String>;
}

/// What a proof says of a value; the texts are for people and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It passes a check that a random value would fail.
    Proven(String),
    /// It agrees with what is known, but so would many random values.
    Consistent(String),
    /// It can't be what it looks like, or it was altered.
    Failed(String),
}

/// All proofs.
pub(crate) static PROOFS: &[&dyn Proof] = &[
    &aws::AccessKeyId,
    &bech32::AgeSecretKey,
    &checksum::GitHub,
    &checksum::Npm,
    &checksum::Grafana,
    &json::DockerAuth,
    &json::GcpServiceAccount,
    &json::Jwt,
    &jwk::Jwk,
    &macaroon::Pypi,
    &nkey::NatsSeed,
    &private_key::OpenSsh,
    &private_key::Pem,
];

/// The proof of a name.
pub(crate) fn by_name(name: &str) -> Option<&'static dyn Proof> {
    PROOFS.iter().find(|proof| proof.name() == name).copied()
}

/// All names, for messages.
pub(crate) fn names() -> String {
    PROOFS.iter().map(|proof| proof.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proof_accepts_its_own_examples_and_refuses_altered_ones() {
        for (name, prefix) in [
            ("github-checksum", "ghp_"),
            ("npm-checksum", "npm_"),
            ("grafana-checksum", "glsa_"),
            ("age-secret-key", "AGE-SECRET-KEY-1"),
            ("nats-seed", "SU"),
            ("jwt", "eyJ"),
            ("pypi-macaroon", "pypi-"),
            ("pem-private-key", "-----BEGIN RSA PRIVATE KEY-----"),
            ("pem-private-key", "-----BEGIN PRIVATE KEY-----"),
            ("pem-private-key", "-----BEGIN EC PRIVATE KEY-----"),
            ("openssh-private-key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        ] {
            let proof = by_name(name).unwrap();
            let example = proof.example(prefix, &mut Random::new(name)).unwrap();
            assert!(example.starts_with(prefix), "{name}: {example}");
            assert!(matches!(proof.check(&example), Verdict::Proven(_)), "{name}: {example} {:?}", proof.check(&example));
            let middle = prefix.len() + 6;
            let altered: String = example
                .chars()
                .enumerate()
                .map(|(index, character)| match character {
                    _ if index != middle => character,
                    'A' => 'B',
                    _ => 'A',
                })
                .collect();
            assert!(!matches!(proof.check(&altered), Verdict::Proven(_)), "{name} accepts an altered value: {altered}");
        }
    }

    #[test]
    fn hostile_values_are_refused_without_a_panic() {
        let long = "A".repeat(100_000);
        for proof in PROOFS {
            for value in ["", "-", "ghp_", "é", "eyJ.eyJ.", "-----BEGIN RSA PRIVATE KEY-----", "AGE-SECRET-KEY-1", "pypi-AgE", "{", &long]
            {
                assert!(!matches!(proof.check(value), Verdict::Proven(_)), "{}: {value}", proof.name());
            }
        }
    }
}
