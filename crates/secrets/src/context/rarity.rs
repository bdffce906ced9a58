//! How surprising a text is to somebody who knows words and code.

/// Costs of trigrams in sixteenths of a bit, made from words and identifiers of public code by `cargo xtask train rarity`.
static COSTS: &[u8] = include_bytes!("../../data/rarity.bin");

/// The number of symbols that characters are folded to.
pub const N_SYMBOLS: usize = 39;

/// The symbol of a byte: letters without case, digits, `_ - . space`, anything else; 38 is the edge of the text.
#[must_use]
pub const fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'A'..=b'Z' => (byte - b'A') as usize,
        b'0'..=b'9' => 26 + (byte - b'0') as usize,
        b'_' | b'-' | b'.' | b' ' | b'/' => 36,
        _ => 37,
    }
}

/// The mean cost of a character in bits: about 2 to 3 for words and names, 5 and more for random text.
pub(crate) fn bits_per_character(text: &str) -> f32 {
    const EDGE: usize = 38;
    let (mut first, mut second) = (EDGE, EDGE);
    let (mut sum, mut n_characters) = (0_u32, 0_u16);
    for &byte in text.as_bytes().iter().take(usize::from(u16::MAX)) {
        let third = symbol(byte);
        let cost = COSTS.get((first * N_SYMBOLS + second) * N_SYMBOLS + third).copied().unwrap_or(u8::MAX);
        sum += u32::from(cost);
        n_characters += 1;
        (first, second) = (second, third);
    }
    if n_characters == 0 {
        return 0.0;
    }
    let sixteenths = f64::from(sum) / f64::from(n_characters);
    #[expect(clippy::cast_possible_truncation, reason = "at most 16 bits a character")]
    let bits = (sixteenths / 16.0) as f32;
    bits
}

/// Shannon's entropy of a text's bytes, in bits per byte.
pub(crate) fn shannon_entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).max(1.0);
    counts.iter().filter(|&&count| 0 < count).map(|&count| f64::from(count) / total).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cost_less_than_random_text() {
        for word in ["configuration", "getUserName", "production", "administrator"] {
            assert!(bits_per_character(word) < 3.6, "{word}: {}", bits_per_character(word));
        }
        for random in ["q7Zx0vKp2LwJ", "9f86d081884c", "xkqzvjwpbfgh"] {
            assert!(4.4 < bits_per_character(random), "{random}: {}", bits_per_character(random));
        }
    }

    #[test]
    fn entropy_is_in_bits_per_byte() {
        assert!((shannon_entropy(b"abab") - 1.0).abs() < 1e-9);
        assert!(shannon_entropy(b"aaaa").abs() < 1e-9);
        assert!(shannon_entropy(b"").abs() < 1e-9);
    }
}
