//! Bytes and texts: base64url in its one canonical form, queries read strictly, comparison in constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::{Reason, Refused, limits, refuse};

/// Decodes base64url without padding; `None` unless it is the one text that encodes those bytes.
///
/// ```
/// assert_eq!(bartizan_paved_spec::decode_base64url("_w"), Some(vec![0xff]));
/// assert_eq!(bartizan_paved_spec::decode_base64url("_x"), None, "bits are left over");
/// ```
#[must_use]
pub fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Encodes as base64url without padding.
#[must_use]
pub fn encode_base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Compares in constant time. Lengths are no secret.
#[must_use]
pub fn is_equal(left: impl AsRef<[u8]>, right: impl AsRef<[u8]>) -> bool {
    left.as_ref().ct_eq(right.as_ref()).into()
}

/// Whether a text has more characters than `limit`: Unicode's, which are the same in every language.
#[must_use]
pub fn is_longer(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().count() > limit
}

/// Random bytes of the system.
///
/// # Errors
/// `configuration-invalid` where the system has no randomness: then nothing can be done securely.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], Refused> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => crate::refuse_with(Reason::ConfigurationInvalid, "the system has no randomness"),
    }
}

/// Random text of `N` bytes: 16 are 128 bits, 32 are 256.
///
/// # Errors
/// As `random_bytes`.
pub fn random_text<const N: usize>() -> Result<String, Refused> {
    Ok(encode_base64url(random_bytes::<N>()?))
}

/// Reads a query or form into pairs (RFC 6749, appendix B).
///
/// # Errors
/// `query-too-long`; `query-malformed` for characters that are not printable ASCII, broken escapes, and escapes that are no UTF-8.
pub fn decode_form(text: &str) -> Result<Vec<(String, String)>, Refused> {
    if text.len() > limits::QUERY_BYTES {
        return refuse(Reason::QueryTooLong);
    }
    let query = text.strip_prefix('?').unwrap_or(text);
    if !query.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse(Reason::QueryMalformed);
    }
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok((decode_escapes(name)?, decode_escapes(value)?))
        })
        .collect()
}

fn decode_escapes(text: &str) -> Result<String, Refused> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => rest
                .next()
                .and_then(hex_value)
                .zip(rest.next().and_then(hex_value))
                .map(|(high, low)| high << 4 | low)
                .ok_or(Reason::QueryMalformed)?,
            _ => byte,
        });
    }
    String::from_utf8(bytes).or_else(|_| refuse(Reason::QueryMalformed))
}

const fn hex_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Writes pairs as application/x-www-form-urlencoded.
#[must_use]
pub fn encode_form<N: AsRef<str>, V: AsRef<str>>(fields: impl IntoIterator<Item = (N, V)>) -> String {
    let pairs =
        fields.into_iter().map(|(name, value)| format!("{}={}", encode_form_value(name.as_ref()), encode_form_value(value.as_ref())));
    pairs.collect::<Vec<_>>().join("&")
}

/// One value as application/x-www-form-urlencoded.
#[must_use]
pub fn encode_form_value(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            b' ' => text.push('+'),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
