//! Secret values: wiped from memory, never printed.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::{Fingerprint, IdentityKey};

/// A secret value. `Debug` and `Display` print `[redacted]`; dropped values are wiped; there is no `Serialize`.
///
/// ```
/// use bartizan_core::SecretText;
/// let secret = SecretText::new(String::from("hunter2"));
/// assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct SecretText(String);

impl SecretText {
    /// Takes the value over.
    #[must_use]
    pub const fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A form for people: the first characters of a long value, so that it can be recognized but not used.
    ///
    /// `visible_prefix` is the part that all values of the kind share (`ghp_`). The last four characters are shown only
    /// where at least twenty others stay hidden.
    #[must_use]
    pub fn mask(&self, visible_prefix: &str) -> String {
        const N_SHOWN_AT_END: usize = 4;
        const MIN_HIDDEN: usize = 20;
        let (shown, hidden) = match self.0.strip_prefix(visible_prefix) {
            Some(rest) => (visible_prefix, rest),
            None => ("", self.0.as_str()),
        };
        let n_hidden = hidden.chars().count();
        let is_printable = hidden.chars().all(|character| character.is_ascii_graphic());
        if n_hidden < MIN_HIDDEN + N_SHOWN_AT_END || !is_printable {
            return format!("{shown}****");
        }
        let tail: String = hidden.chars().skip(n_hidden - N_SHOWN_AT_END).collect();
        format!("{shown}****{tail}")
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Compares without revealing by its duration where two values of equal length differ.
impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.0.as_bytes());
        let difference = ours.iter().zip(theirs).fold(0, |difference, (a, b)| difference | (a ^ b));
        ours.len() == theirs.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for SecretText {}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The identity of a secret: a keyed hash of its value. The same secret has the same id wherever it is found.
///
/// Without the key an id can't be joined with another installation's, nor tested against guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SecretId(pub Fingerprint);

impl SecretId {
    /// The id of a value.
    #[must_use]
    pub fn of(key: &IdentityKey, value: &str) -> Self {
        Self(key.fingerprint(&[b"secret", value.as_bytes()]))
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a report may say about a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecretSummary {
    /// Its identity.
    pub id: SecretId,
    /// Enough to recognize it by, too little to use it.
    pub mask: String,
    /// The value, only where the caller asked for it; never written to the cache.
    #[serde(skip)]
    pub value: Option<SecretText>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_shows_the_end_of_long_values_alone() {
        let mask = |value: &str, prefix| SecretText::new(value.to_owned()).mask(prefix);
        assert_eq!(mask("hunter2", ""), "****");
        assert_eq!(mask("ghp_0123456789abcdefghijABCD", "ghp_"), "ghp_****ABCD");
        assert_eq!(mask("ghp_0123456789abcdefghABCD", "ghp_"), "ghp_****");
        assert_eq!(mask("0123456789abcdefghij\nAB\u{1b}", ""), "****");
    }

    #[test]
    fn equality_compares_values() {
        let secret = |value: &str| SecretText::new(value.to_owned());
        assert_eq!(secret("a"), secret("a"));
        assert_ne!(secret("a"), secret("b"));
        assert_ne!(secret("a"), secret("ab"));
    }
}
