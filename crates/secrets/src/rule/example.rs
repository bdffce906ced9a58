//! Fills the placeholders of examples with reproducible random characters, so that no file of the repository holds
//! anything that looks like a live credential.

use std::fmt::Write;

use crate::proof::Proof;

/// A placeholder that is unknown, or that the rule's proof can't fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidPlaceholder(pub(crate) String);

/// Replaces every `<<kind:argument>>`; the same seed gives the same text.
pub(crate) fn expand(example: &str, proof: Option<&'static dyn Proof>, seed: &str) -> Result<String, InvalidPlaceholder> {
    let mut random = Random::new(seed);
    let mut text = String::new();
    let mut rest = example;
    while let Some((before, after)) = rest.split_once("<<") {
        text.push_str(before);
        let Some((placeholder, tail)) = after.split_once(">>") else {
            text.push_str("<<");
            rest = after;
            continue;
        };
        let value = fill(placeholder, proof, &mut random).ok_or_else(|| InvalidPlaceholder(placeholder.to_owned()))?;
        text.push_str(&value);
        rest = tail;
    }
    text.push_str(rest);
    Ok(text)
}

fn fill(placeholder: &str, proof: Option<&'static dyn Proof>, random: &mut Random) -> Option<String> {
    const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
    const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const DIGITS: &str = "0123456789";
    const MAX_LENGTH: usize = 8192;
    if placeholder == "uuid" {
        let groups = [8, 4, 4, 4, 12].map(|length| random.text("0123456789abcdef", length));
        return Some(groups.join("-"));
    }
    let (kind, argument) = placeholder.split_once(':')?;
    if kind == "proof" {
        return proof?.example(argument, random);
    }
    let alphabet = match kind {
        "alnum" => [LOWER, UPPER, DIGITS].concat(),
        "lower" => LOWER.to_owned(),
        "upper" => UPPER.to_owned(),
        "digit" => DIGITS.to_owned(),
        "loweralnum" => [LOWER, DIGITS].concat(),
        "upperalnum" => [UPPER, DIGITS].concat(),
        "hex" => "0123456789abcdef".to_owned(),
        "HEX" => "0123456789ABCDEF".to_owned(),
        "base64" => [LOWER, UPPER, DIGITS, "+/"].concat(),
        "base64url" => [LOWER, UPPER, DIGITS, "-_"].concat(),
        "base32" => [UPPER, "234567"].concat(),
        _ => return None,
    };
    let length = argument.parse().ok().filter(|&length| length <= MAX_LENGTH)?;
    // An example must not start or end in what its syntax gives a meaning to.
    let inner = random.text(&alphabet, length);
    let plain: String = alphabet.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut value = String::with_capacity(length);
    for (index, character) in inner.chars().enumerate() {
        let is_edge = index == 0 || index + 1 == length;
        if is_edge && !character.is_ascii_alphanumeric() { value.push_str(&random.text(&plain, 1)) } else { value.push(character) }
    }
    Some(value)
}

/// A small generator for examples (SplitMix64); never used for anything secret.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: &str) -> Self {
        // FNV-1a.
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let characters: Vec<char> = alphabet.chars().collect();
        let n_characters = u64::try_from(characters.len()).unwrap_or(1).max(1);
        let mut text = String::with_capacity(length);
        for _ in 0..length {
            let index = usize::try_from(self.next() % n_characters).unwrap_or(0);
            text.push(characters.get(index).copied().unwrap_or('x'));
        }
        text
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        let mut text = String::new();
        while text.len() < length {
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(length);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_give_what_they_say() {
        let text = expand("a<<hex:8>>b<<digit:3>>", None, "seed").unwrap();
        assert_eq!(text.len(), 13);
        assert!(text[1..9].bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(text[10..].bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(expand("a<<hex:8>>b<<digit:3>>", None, "seed").unwrap(), text);
        assert_ne!(expand("a<<hex:8>>b<<digit:3>>", None, "other").unwrap(), text);
    }

    #[test]
    fn unknown_placeholders_are_refused() {
        for placeholder in ["alnum", "alnum:x", "alnum:99999", "nothing:4", "proof:ghp_"] {
            assert_eq!(expand(&format!("<<{placeholder}>>"), None, ""), Err(InvalidPlaceholder(placeholder.to_owned())));
        }
        assert_eq!(expand("1 << 2", None, "").unwrap(), "1 << 2");
    }
}
