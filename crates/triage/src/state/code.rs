//! How much a piece of code has changed, without keeping the code.

use serde::{Deserialize, Serialize};

/// The most tokens of a piece of code that are compared.
pub const MAX_TOKENS: usize = 2_000;

/// The tokens of a piece of code, as numbers from which nobody gets the code back. White space does not count.
///
/// ```
/// use bartizan_triage::state::code::CodeShape;
/// let before = CodeShape::of("query(user.name)");
/// assert_eq!(before.percent_changed(&CodeShape::of("query( user.name )")), 0);
/// assert_eq!(before.percent_changed(&CodeShape::of("escape(name)")), 40);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeShape(Vec<u32>);

impl CodeShape {
    /// The shape of a text: names and numbers are a token each, and so is every other character.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            if MAX_TOKENS <= tokens.len() {
                break;
            }
            let end = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
            let (token, after) = rest.split_at(end);
            tokens.push(hash(token));
            rest = after.trim_start();
        }
        Self(tokens)
    }

    /// How many percent of the tokens of both are not in the longest sequence that they share; rounded down.
    ///
    /// Nothing is known of code without tokens, so nothing has changed.
    #[must_use]
    pub fn percent_changed(&self, after: &Self) -> u8 {
        if self.0.is_empty() || after.0.is_empty() {
            return 0;
        }
        let all = self.0.len() + after.0.len();
        let changed = all - 2 * shared(&self.0, &after.0);
        u8::try_from(100 * changed / all).unwrap_or(100)
    }
}

/// FNV-1a, of 32 bits.
fn hash(token: &str) -> u32 {
    token.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The length of the longest common subsequence; at most `MAX_TOKENS` squared steps.
fn shared(left: &[u32], right: &[u32]) -> usize {
    let mut lengths = vec![0; right.len() + 1];
    for token in left {
        // The lengths of the row above, one to the left.
        let mut diagonal = 0;
        let mut before = 0;
        for (length, other) in lengths.iter_mut().skip(1).zip(right) {
            let above = *length;
            *length = if token == other { diagonal + 1 } else { above.max(before) };
            diagonal = above;
            before = *length;
        }
    }
    lengths.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_in_tokens() {
        let cases = [
            ("a b c d", "a b c d", 0),
            ("a b c d", "a\n\tb  c d", 0),
            ("a b c d", "a b c e", 25),
            ("a b c d", "d c b a", 75),
            ("a", "b", 100),
            ("", "b", 0),
            ("a b", "a b c", 20),
            ("ünï", "ünï", 0),
        ];
        for (before, after, expected) in cases {
            assert_eq!(CodeShape::of(before).percent_changed(&CodeShape::of(after)), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn long_code_is_cut() {
        let long = CodeShape::of(&"x ".repeat(MAX_TOKENS + 10));
        assert_eq!(long.0.len(), MAX_TOKENS);
        assert_eq!(long.percent_changed(&long), 0);
    }
}
