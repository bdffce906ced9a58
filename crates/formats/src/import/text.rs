//! Bytes as text: UTF-8, UTF-16 with or without a mark, and what older programs write.

use std::io::{self, Cursor, Read};

use super::{Input, MAX_TREE_BYTES, error::ImportError};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A report as a whole.
pub(super) fn whole(input: &dyn Input) -> Result<String, ImportError> {
    let mut bytes = Vec::new();
    input.open()?.take(MAX_TREE_BYTES + 1).read_to_end(&mut bytes)?;
    if MAX_TREE_BYTES < u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
        return Err(ImportError::TooLarge { limit_bytes: MAX_TREE_BYTES });
    }
    Ok(decode(bytes))
}

/// A report piece by piece, as UTF-8 without a mark.
pub(super) fn reader(input: &dyn Input) -> Result<Box<dyn Read + '_>, ImportError> {
    let mut reader = input.open()?;
    let mut head = [0; 4];
    let mut n_read = 0;
    while let Some(rest) = head.get_mut(n_read..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(n) => n_read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let head = head.get(..n_read).unwrap_or_default().to_vec();
    if is_utf16(&head).is_some() {
        return Ok(Box::new(Cursor::new(whole(input)?.into_bytes())));
    }
    let head = head.strip_prefix(MARK).unwrap_or(&head).to_vec();
    Ok(Box::new(Cursor::new(head).chain(reader)))
}

/// Decodes bytes; none is lost.
pub(super) fn decode(bytes: Vec<u8>) -> String {
    if let Some(is_little) = is_utf16(&bytes) {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
        let units = units.map(|pair: [u8; 2]| if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
        let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        return text.trim_start_matches('\u{feff}').to_owned();
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.starts_with('\u{feff}') => text.trim_start_matches('\u{feff}').to_owned(),
        Ok(text) => text,
        Err(error) if is_utf8_with_errors(error.as_bytes()) => {
            String::from_utf8_lossy(error.as_bytes()).trim_start_matches('\u{feff}').to_owned()
        }
        Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
    }
}

/// Whether bytes are rather UTF-8 that was cut or joined than an older encoding: few wrong bytes among many right ones.
fn is_utf8_with_errors(bytes: &[u8]) -> bool {
    const MIN_RIGHT_FOR_A_WRONG: usize = 8;
    let (mut n_right, mut n_wrong) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        n_right += chunk.valid().bytes().filter(|&byte| 0xc0 <= byte).count();
        n_wrong += usize::from(!chunk.invalid().is_empty());
    }
    bytes.starts_with(MARK) || n_wrong * MIN_RIGHT_FOR_A_WRONG <= n_right
}

/// Whether bytes are UTF-16, and the lower byte comes first.
fn is_utf16(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] => Some(true),
        [0xfe, 0xff, ..] => Some(false),
        [b'{' | b'[' | b'<' | b'"', 0, _, 0, ..] => Some(true),
        [0, b'{' | b'[' | b'<' | b'"', 0, _, ..] => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        for bytes in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0}\0", b"\xef\xbb\xbf{}", b"{}"] {
            assert_eq!(decode(bytes.to_vec()), "{}");
            let mut text = String::new();
            reader(&bytes).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "{}");
        }
        assert_eq!(decode(b"caf\xe9".to_vec()), "caf\u{e9}");
    }
}
