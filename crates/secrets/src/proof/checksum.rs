//! Tokens that end in a CRC-32 of themselves.

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// GitHub's tokens: prefix, `_`, 30 characters, their CRC-32 in six digits of base 62.
///
/// Source: GitHub's engineering blog, "Behind GitHub's new authentication token formats" (2021).
#[derive(Debug)]
pub(super) struct GitHub;

/// npm's tokens, which follow the same scheme. Source: GitHub's changelog, "npm has a new access token format" (2021).
#[derive(Debug)]
pub(super) struct Npm;

/// Grafana's service-account tokens: `glsa_`, 32 characters, `_`, the CRC-32 of all before, little-endian hexadecimal.
#[derive(Debug)]
pub(super) struct Grafana;

const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn crc32(text: &str) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    crc.sum()
}

fn base62(mut number: u32, n_digits: usize) -> String {
    let mut digits = Vec::new();
    while digits.len() < n_digits {
        let digit = usize::try_from(number % 62).unwrap_or(0);
        digits.push(ALNUM.as_bytes().get(digit).copied().unwrap_or(b'0'));
        number /= 62;
    }
    digits.reverse();
    String::from_utf8(digits).unwrap_or_default()
}

fn check_base62(value: &str) -> Verdict {
    let body = value.split_once('_').map(|(_, body)| body);
    let Some((random, checksum)) = body.and_then(|body| body.split_at_checked(body.len().checked_sub(6)?)) else {
        return Verdict::Failed("too short to hold a checksum".to_owned());
    };
    if base62(crc32(random), 6) == checksum {
        Verdict::Proven("its checksum is right".to_owned())
    } else {
        Verdict::Failed("its checksum is wrong: altered, invented, or of an older form".to_owned())
    }
}

fn example_base62(prefix: &str, random: &mut Random) -> String {
    let body = random.text(ALNUM, 30);
    format!("{prefix}{body}{}", base62(crc32(&body), 6))
}

impl Proof for GitHub {
    fn name(&self) -> &'static str {
        "github-checksum"
    }

    fn check(&self, value: &str) -> Verdict {
        check_base62(value)
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        Some(example_base62(prefix, random))
    }
}

impl Proof for Npm {
    fn name(&self) -> &'static str {
        "npm-checksum"
    }

    fn check(&self, value: &str) -> Verdict {
        check_base62(value)
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        Some(example_base62(prefix, random))
    }
}

impl Proof for Grafana {
    fn name(&self) -> &'static str {
        "grafana-checksum"
    }

    fn check(&self, value: &str) -> Verdict {
        match value.rsplit_once('_') {
            Some((body, checksum)) if hex_crc32(body) == checksum => Verdict::Proven("its checksum is right".to_owned()),
            Some(_) | None => Verdict::Failed("its checksum is wrong: altered or invented".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let body = format!("{prefix}{}", random.text(ALNUM, 32));
        let checksum = hex_crc32(&body);
        Some(format!("{body}_{checksum}"))
    }
}

fn hex_crc32(text: &str) -> String {
    crc32(text).to_le_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_pass() {
        // The sample of Grafana's own unit test of its key format.
        let sample = ["glsa_yscW25imSKJIuav8zF37RZmnbiDvB05G", "fcaaf58a"].join("_");
        assert!(matches!(Grafana.check(&sample), Verdict::Proven(_)));
        assert_eq!(base62(0, 6), "000000");
        assert_eq!(base62(u32::MAX, 6), "4gfFC3");
    }
}
