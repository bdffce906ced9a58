//! How hashes are spelled.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Lower-case hexadecimal of what is written in base64; nothing if it isn't.
pub(crate) fn hex_of_base64(text: &str) -> Option<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = STANDARD.decode(text).ok()?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| DIGITS.get(usize::from(digit)).copied().map(char::from)).collect()
}
