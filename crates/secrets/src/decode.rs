//! Texts that are encoded in a text: base 64, hexadecimal, percent, `\u` escapes, gzip in base 64.

use std::io::Read;

use bartizan_core::ByteRange;
use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::scan::Layer;

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// How deeply layers are decoded.
pub(crate) const MAX_DECODE_DEPTH: usize = 5;
/// The shortest run of digits that is decoded: sixteen bytes of text at least.
const MIN_RUN: usize = 24;
/// The longest text that a layer may give, in bytes.
const MAX_DECODED_BYTES: usize = 4 << 20;

/// Calls `visit` for every text that is encoded in `text`, at any depth.
pub(crate) fn layers(text: &str, visit: &mut dyn FnMut(&Layer<'_>)) {
    inner(text, None, 1, visit);
}

fn inner(text: &str, outer: Option<ByteRange>, depth: usize, visit: &mut dyn FnMut(&Layer<'_>)) {
    if MAX_DECODE_DEPTH < depth {
        return;
    }
    let mut found = |range: ByteRange, decoded: &str, encoding: &'static str| {
        let place = outer.unwrap_or(range);
        visit(&Layer { text: decoded, encoded: Some((place, encoding)) });
        inner(decoded, Some(place), depth + 1, visit);
    };
    runs(text.as_bytes(), &mut |range| {
        let Some(run) = text.get(range.start()..range.end()) else { return };
        if let Some((decoded, encoding)) = decode_run(run) {
            found(range, &decoded, encoding);
        }
    });
    for (mark, encoding) in [("%", "percent"), ("\\u", "escapes")] {
        escapes(text, mark, &mut |range, decoded| found(range, decoded, encoding));
    }
}

/// A byte of base 64, of either alphabet, or of hexadecimal.
const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Calls `visit` for every run of at least [`MIN_RUN`] digits. Looks at one byte in [`MIN_RUN`] where there are none.
fn runs(bytes: &[u8], visit: &mut dyn FnMut(ByteRange)) {
    let mut place = 0;
    while let Some(&probe) = bytes.get(place + MIN_RUN - 1) {
        if !is_digit(probe) {
            place += MIN_RUN;
            continue;
        }
        let head = bytes.get(place..place + MIN_RUN).unwrap_or_default();
        let n_tail = head.iter().rev().take_while(|&&byte| is_digit(byte)).count();
        let start = place + MIN_RUN - n_tail;
        if n_tail < MIN_RUN {
            place = start;
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|&&byte| is_digit(byte)).count();
        let n_padding = rest.get(length..).unwrap_or_default().iter().take(2).take_while(|&&byte| byte == b'=').count();
        visit(ByteRange::new(start, start + length + n_padding));
        place = start + length + n_padding;
    }
}

fn decode_run(run: &str) -> Option<(String, &'static str)> {
    let digits = run.trim_end_matches('=');
    if digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let bytes: Option<Vec<u8>> =
            digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        return text_of(bytes?).map(|text| (text, "hex"));
    }
    // Words and names are runs, too; what is encoded mixes its characters.
    let has = |is_member: fn(&u8) -> bool| digits.as_bytes().iter().any(is_member);
    if !has(u8::is_ascii_uppercase) || !has(u8::is_ascii_lowercase) || digits.len() % 4 == 1 {
        return None;
    }
    let is_url_safe = digits.contains(['-', '_']);
    // The first bytes tell text from noise, so that long runs of noise cost little.
    let probe = digits.get(..16)?;
    let decode = |text: &str| if is_url_safe { URL.decode(text).ok() } else { PLAIN.decode(text).ok() };
    let head = decode(probe)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        return gunzip(&decode(digits)?).map(|text| (text, "gzip in base64"));
    }
    if !head.iter().all(|&byte| is_text_byte(byte)) {
        return None;
    }
    text_of(decode(digits)?).map(|text| (text, "base64"))
}

fn gunzip(bytes: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    let limit = u64::try_from(MAX_DECODED_BYTES).unwrap_or(u64::MAX);
    flate2::read::GzDecoder::new(bytes).take(limit).read_to_end(&mut text).ok()?;
    text_of(text)
}

const fn is_text_byte(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e) || 0x80 <= byte
}

/// The bytes as text, if they are text that people write.
fn text_of(bytes: Vec<u8>) -> Option<String> {
    if !bytes.iter().all(|&byte| is_text_byte(byte)) || MAX_DECODED_BYTES < bytes.len() {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// Calls `visit` for every run of text around escapes, with the escapes replaced; a run is not longer than its line.
fn escapes(text: &str, mark: &str, visit: &mut dyn FnMut(ByteRange, &str)) {
    const MIN_ESCAPES: usize = 2;
    let finder = memchr::memmem::Finder::new(mark.as_bytes());
    let bytes = text.as_bytes();
    let mut place = 0;
    while let Some(offset) = finder.find(bytes.get(place..).unwrap_or_default()) {
        let hit = place + offset;
        let is_run = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>');
        let n_before = bytes.get(place..hit).unwrap_or_default().iter().rev().take_while(|byte| is_run(byte)).count();
        let n_after = bytes.get(hit..).unwrap_or_default().iter().take_while(|byte| is_run(byte)).count();
        let range = ByteRange::new(hit - n_before, hit + n_after.max(1));
        place = range.end();
        let Some(run) = text.get(range.start()..range.end()) else { continue };
        let (decoded, n_escapes) = unescape(run, mark);
        if MIN_ESCAPES <= n_escapes && decoded.len() <= MAX_DECODED_BYTES {
            visit(range, &decoded);
        }
    }
}

fn unescape(run: &str, mark: &str) -> (String, usize) {
    let n_digits = if mark == "%" { 2 } else { 4 };
    let mut decoded = String::with_capacity(run.len());
    let mut n_escapes = 0;
    let mut rest = run;
    while let Some((before, after)) = rest.split_once(mark) {
        decoded.push_str(before);
        let digits = after.get(..n_digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character =
            digits.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?)).filter(|character| !character.is_control());
        if let Some(character) = character {
            decoded.push(character);
            n_escapes += 1;
            rest = after.get(n_digits..).unwrap_or_default();
        } else {
            decoded.push_str(mark);
            rest = after;
        }
    }
    decoded.push_str(rest);
    (decoded, n_escapes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        layers(text, &mut |layer| found.push(layer.text.to_owned()));
        found
    }

    #[test]
    fn encoded_texts_are_found_at_any_depth() {
        let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        let once = encode("password = hunter2 and so on");
        assert_eq!(decoded(&format!("data: {once}\n")), ["password = hunter2 and so on"]);
        assert_eq!(decoded(&encode(&once)), [once.clone(), "password = hunter2 and so on".to_owned()]);
        let hex: String = "token=abcdef and more".bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(decoded(&hex), ["token=abcdef and more"]);
        assert_eq!(decoded("x=%70%61ssword%3Dhunter2"), ["x=password=hunter2"]);
        assert_eq!(decoded("\"\\u0070\\u0061ss\""), ["pass"]);
    }

    #[test]
    fn names_and_noise_are_not_decoded() {
        for text in ["a_very_long_name_that_is_just_a_name", "AVeryLongNameThatIsJustAName", "9f86d081884c7d659a2feaa0c55ad015", "100%25"] {
            assert_eq!(decoded(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn gzip_in_base64_is_unpacked() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"secret: value of some length").unwrap();
        let text = base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap());
        assert_eq!(decoded(&text), ["secret: value of some length"]);
    }
}
