//! Windows-1252: Latin-1 with typographic characters where that has controls.

/// The characters of the bytes 0x80 to 0x9f, as the WHATWG Encoding Standard has them: a character for every byte.
const UPPER_CONTROLS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}', '\u{160}',
    '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}',
    '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// Decodes; every byte is a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for &byte in bytes {
        let special = byte.checked_sub(0x80).and_then(|index| UPPER_CONTROLS.get(usize::from(index)));
        text.push(special.copied().unwrap_or(char::from(byte)));
    }
    text
}
