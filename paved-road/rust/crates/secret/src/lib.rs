//! Texts that must not get into logs.
//!
//! A [`Secret`] prints as `[redacted]`, is wiped when it is dropped, compares in constant time, and can't be serialized:
//!
//! ```compile_fail
//! let secret = bartizan_paved_secret::Secret::new("hunter2".into());
//! serde_json::to_string(&secret).unwrap();
//! ```
//!
//! Comparing it with `==` is not there either, for that takes as long as the beginnings are equal:
//!
//! ```compile_fail
//! use bartizan_paved_secret::Secret;
//! assert!(Secret::new("a".into()) == Secret::new("a".into()));
//! ```

use bartizan_paved_spec::{Reason, Refused, is_equal, refuse_with};
use zeroize::Zeroizing;

/// A secret text. Reading it takes [`expose`](Self::expose).
///
/// ```
/// use bartizan_paved_secret::Secret;
///
/// let secret = Secret::new("hunter2".into());
/// assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
/// assert!(secret.equals(&Secret::new("hunter2".into())));
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text. Copies of it that were made before are not wiped.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads an environment variable, which must be there.
    ///
    /// # Errors
    /// `configuration-invalid` if it is not set, empty, or no UTF-8.
    pub fn from_env(name: &str) -> Result<Self, Refused> {
        match std::env::var(name) {
            Ok(text) if !text.is_empty() => Ok(Self::new(text)),
            _ => refuse_with(Reason::ConfigurationInvalid, format!("environment variable {name} is not set")),
        }
    }

    /// The text itself. Every call is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time. Lengths are no secret.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        is_equal(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("[redacted]")
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("[redacted]")
    }
}
