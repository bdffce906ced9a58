//! The little of DER (X.690) that tells a private key from noise.

/// Reads one element: its tag, its content, and what follows.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (octets.iter().fold(0, |length, &octet| (length << 8) | usize::from(octet)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Whether the bytes are a sequence of whole elements, `depth` levels down.
pub(super) fn is_well_formed(bytes: &[u8], depth: usize) -> bool {
    const CONSTRUCTED: u8 = 0x20;
    let mut rest = bytes;
    while !rest.is_empty() {
        let Some((tag, content, after)) = element(rest) else { return false };
        if tag & CONSTRUCTED != 0 && 0 < depth && !is_well_formed(content, depth - 1) {
            return false;
        }
        rest = after;
    }
    true
}

/// Writes one element.
pub(super) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    let octets = length.to_be_bytes();
    let octets: Vec<u8> = octets.into_iter().skip_while(|&octet| octet == 0).collect();
    if length <= 0x7f {
        bytes.push(u8::try_from(length).unwrap_or(0));
    } else {
        bytes.push(0x80 | u8::try_from(octets.len()).unwrap_or(0));
        bytes.extend(octets);
    }
    bytes.extend(content);
    bytes
}
