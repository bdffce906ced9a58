//! Macaroons, version 2: PyPI's tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// `pypi-` and a macaroon in URL-safe base 64: version 2, location `pypi.org`, identifier, caveats, signature.
///
/// Source: libmacaroons, "Macaroon serialization, version 2".
#[derive(Debug)]
pub(super) struct Pypi;

const LOCATIONS: [&[u8]; 2] = [b"pypi.org", b"test.pypi.org"];

/// Reads one field `type, length, data`; lengths are single bytes or LEB128.
fn field(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, mut rest) = bytes.split_first()?;
    if kind == 0 {
        return Some((0, &[], rest));
    }
    let mut length = 0_usize;
    for shift in [0, 7, 14] {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let (data, after) = rest.split_at_checked(length)?;
            return Some((kind, data, after));
        }
    }
    None
}

fn is_macaroon(bytes: &[u8]) -> bool {
    const SIGNATURE: u8 = 6;
    let Some((1, location, mut rest)) = bytes.strip_prefix(&[2]).and_then(field) else { return false };
    if !LOCATIONS.contains(&location) {
        return false;
    }
    while let Some((kind, data, after)) = field(rest) {
        if kind == SIGNATURE {
            return data.len() == 32 && after.is_empty();
        }
        rest = after;
    }
    false
}

impl Proof for Pypi {
    fn name(&self) -> &'static str {
        "pypi-macaroon"
    }

    fn check(&self, value: &str) -> Verdict {
        let body = value.strip_prefix("pypi-").unwrap_or(value).trim_end_matches('=');
        match URL_SAFE_NO_PAD.decode(body) {
            Ok(bytes) if is_macaroon(&bytes) => Verdict::Proven("holds a whole macaroon with its signature".to_owned()),
            Ok(_) | Err(_) => Verdict::Failed("holds no whole macaroon: cut, altered or invented".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let is_test = prefix.contains("dGVzdC5weXBp");
        let location: &[u8] = if is_test { b"test.pypi.org" } else { b"pypi.org" };
        let mut bytes = vec![2, 1, u8::try_from(location.len()).ok()?];
        bytes.extend(location);
        bytes.extend([2, 36]);
        bytes.extend(random.hex(36).bytes());
        bytes.extend([0, 2, 31]);
        bytes.extend(random.hex(31).bytes());
        bytes.extend([0, 0, 6, 32]);
        bytes.extend(random.bytes(32));
        Some(format!("{}{}", prefix.get(..5)?, URL_SAFE_NO_PAD.encode(bytes)))
    }
}
