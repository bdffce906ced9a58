//! Shannon's entropy as gitleaks computes it.

use std::collections::BTreeMap;

/// The entropy of a text in bits: characters are counted, but their frequency is that among `n_bytes` bytes.
pub(super) fn shannon(text: &str, n_bytes: usize) -> f64 {
    let (mut ascii, mut others) = ([0_u32; 128], BTreeMap::<char, u32>::new());
    for character in text.chars() {
        match ascii.get_mut(usize::try_from(u32::from(character)).unwrap_or(usize::MAX)) {
            Some(count) => *count += 1,
            None => *others.entry(character).or_default() += 1,
        }
    }
    let per_byte = 1.0 / f64::from(u32::try_from(n_bytes).unwrap_or(u32::MAX));
    let counts = ascii.iter().copied().filter(|&count| 0 < count).chain(others.into_values());
    // Positive zero: a text of one character has none.
    0.0 - counts.map(|count| f64::from(count) * per_byte).map(|frequency| frequency * frequency.log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_counts_characters_among_bytes() {
        for (text, expected) in [("", 0.0), ("aaaa", 0.0), ("abcd", 2.0), ("aab", 0.918_295_834), ("éé", 0.5)] {
            assert!((shannon(text, text.len()) - expected).abs() < 1e-8, "{text}");
        }
    }
}
