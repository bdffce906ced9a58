//! AWS access key ids hold their account's number.

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// Access key ids: four letters of kind, then 16 characters of base 32 whose first 48 bits hold the account.
///
/// Source: Tal Be'ery, "A short note on AWS KEY ID" (2023): `(first six bytes & 0x7fff_ffff_ff80) >> 7`.
#[derive(Debug)]
pub(super) struct AccessKeyId;

const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MAX_ACCOUNT: u64 = 999_999_999_999;

impl Proof for AccessKeyId {
    fn name(&self) -> &'static str {
        "aws-access-key-id"
    }

    fn check(&self, value: &str) -> Verdict {
        let Some(body) = value.get(4..).filter(|body| body.len() == 16) else {
            return Verdict::Failed("not 20 characters long".to_owned());
        };
        let mut bits: u64 = 0;
        for (index, character) in body.chars().enumerate() {
            let Some(digit) = BASE32.find(character) else {
                return Verdict::Failed("holds characters that AWS never uses".to_owned());
            };
            // The first ten digits hold 50 bits.
            if index < 10 {
                bits = (bits << 5) | u64::try_from(digit).unwrap_or(0);
            }
        }
        let account = ((bits >> 2) & 0x7fff_ffff_ff80) >> 7;
        if MAX_ACCOUNT < account {
            return Verdict::Consistent("an id of the older form, without an account number".to_owned());
        }
        Verdict::Consistent(format!("belongs to AWS account {account:012}, unless it is of the older form"))
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        Some(format!("{prefix}{}", random.text(BASE32, 20_usize.checked_sub(prefix.len())?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_read_from_the_id() {
        // Value and account as published with the derivation.
        let verdict = AccessKeyId.check(&["ASIAQ", "NZGKIQY56JQ7WML"].concat());
        assert_eq!(verdict, Verdict::Consistent("belongs to AWS account 029608264753, unless it is of the older form".to_owned()));
        assert!(matches!(AccessKeyId.check("AKIA0000000000000001"), Verdict::Failed(_)));
    }
}
