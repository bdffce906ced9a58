//! Bech32 (BIP 173): age's secret keys.

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// `AGE-SECRET-KEY-1…`: 32 bytes in Bech32, with its checksum of six characters.
#[derive(Debug)]
pub(super) struct AgeSecretKey;

const CHARSET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// BIP 173's generator polynomial.
fn polymod(values: impl Iterator<Item = u32>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01ff_ffff) << 5) ^ value;
        GENERATOR.iter().enumerate().fold(shifted, |sum, (bit, term)| if (top >> bit) & 1 == 1 { sum ^ term } else { sum })
    })
}

fn expand(human: &str) -> impl Iterator<Item = u32> {
    let low = human.bytes().map(|byte| u32::from(byte & 31));
    human.bytes().map(|byte| u32::from(byte >> 5)).chain([0]).chain(low)
}

impl Proof for AgeSecretKey {
    fn name(&self) -> &'static str {
        "age-secret-key"
    }

    fn check(&self, value: &str) -> Verdict {
        let lower = value.to_ascii_lowercase();
        let Some((human, data)) = lower.rsplit_once('1') else { return Verdict::Failed("not in Bech32".to_owned()) };
        let digits: Option<Vec<u32>> = data.chars().map(|c| CHARSET.find(c).and_then(|digit| u32::try_from(digit).ok())).collect();
        match digits {
            Some(digits) if data.len() == 58 && polymod(expand(human).chain(digits.iter().copied())) == 1 => {
                Verdict::Proven("its checksum is right".to_owned())
            }
            Some(_) | None => Verdict::Failed("its checksum is wrong: altered or invented".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let human = prefix.strip_suffix('1')?.to_ascii_lowercase();
        // 32 bytes are 256 bits: 51 digits of five bits, and one with four bits of padding.
        let mut digits: Vec<u32> = (0..52).map(|_| u32::try_from(random.next() % 32).unwrap_or(0)).collect();
        if let Some(last) = digits.last_mut() {
            *last &= 0b10000;
        }
        let sum = polymod(expand(&human).chain(digits.iter().copied()).chain([0; 6])) ^ 1;
        digits.extend((0..6).map(|index| (sum >> (5 * (5 - index))) & 31));
        let text = digits.iter().map(|&digit| CHARSET.chars().nth(usize::try_from(digit).unwrap_or(0)).unwrap_or('q'));
        Some(format!("{prefix}{}", text.collect::<String>().to_ascii_uppercase()))
    }
}
