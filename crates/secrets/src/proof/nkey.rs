//! NATS NKEY seeds.

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// A seed: two prefix bytes, 32 bytes and a CRC-16 (XMODEM, little-endian), all in base 32 without padding.
///
/// Source: NATS, "NKeys" design notes.
#[derive(Debug)]
pub(super) struct NatsSeed;

const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SEED_PREFIX: u8 = 18 << 3;

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut n_bits) = (Vec::new(), 0_u32, 0);
    for character in text.chars() {
        bits = ((bits << 5) | u32::try_from(BASE32.find(character)?).ok()?) & 0xffff;
        n_bits += 5;
        if 8 <= n_bits {
            n_bits -= 8;
            bytes.push(u8::try_from((bits >> n_bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn encode(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut n_bits) = (String::new(), 0_u32, 0);
    let mut push = |digit: u32| text.extend(BASE32.chars().nth(usize::try_from(digit & 31).unwrap_or(0)));
    for &byte in bytes {
        bits = ((bits << 8) | u32::from(byte)) & 0xffff;
        n_bits += 8;
        while 5 <= n_bits {
            n_bits -= 5;
            push(bits >> n_bits);
        }
    }
    if 0 < n_bits {
        push(bits << (5 - n_bits));
    }
    text
}

impl Proof for NatsSeed {
    fn name(&self) -> &'static str {
        "nats-seed"
    }

    fn check(&self, value: &str) -> Verdict {
        let bytes = decode(value).unwrap_or_default();
        match bytes.split_last_chunk::<2>() {
            Some((body, checksum)) if body.len() == 34 && crc16(body).to_le_bytes() == *checksum => {
                Verdict::Proven("its checksum is right".to_owned())
            }
            Some(_) | None => Verdict::Failed("its checksum is wrong: altered or invented".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        // The second letter is the kind of key: its number is spread over both prefix bytes.
        let kind = u8::try_from(BASE32.find(prefix.chars().nth(1)?)?).ok()? << 3;
        let mut bytes = vec![SEED_PREFIX | (kind >> 5), (kind & 31) << 3];
        bytes.extend(random.bytes(32));
        let checksum = crc16(&bytes).to_le_bytes();
        bytes.extend(checksum);
        Some(encode(&bytes))
    }
}
