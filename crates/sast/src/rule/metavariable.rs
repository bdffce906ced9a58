//! Names of holes in patterns.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A metavariable's name as it is written: `$X`, `$...ARGS`, `$_`, `$1`.
///
/// A name that no pattern can bind (`X`, `$x`) is kept: it has a warning, and a condition on it never holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Metavariable(Arc<str>);

impl Metavariable {
    /// The name that is written so.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The name with its dollar sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which kind of name it is; nothing if no pattern can bind it.
    #[must_use]
    pub fn kind(&self) -> Option<MetavariableKind> {
        let name = self.0.strip_prefix('$')?;
        if name == "_" {
            return Some(MetavariableKind::Anonymous);
        }
        let is_name = |name: &str| {
            name.starts_with(|first: char| first == '_' || first.is_ascii_uppercase())
                && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        if let Some(name) = name.strip_prefix("...") {
            return is_name(name).then_some(MetavariableKind::Sequence);
        }
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(MetavariableKind::Capture);
        }
        let is_superglobal = matches!(name, "_SERVER" | "_GET" | "_POST" | "_FILES" | "_COOKIE" | "_SESSION" | "_REQUEST" | "_ENV");
        (is_name(name) && !is_superglobal).then_some(MetavariableKind::Single)
    }
}

impl fmt::Display for Metavariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The kinds of metavariable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetavariableKind {
    /// `$X`: one expression, name, statement …
    Single,
    /// `$...X`: any number of them.
    Sequence,
    /// `$_`: one of them, each time another one.
    Anonymous,
    /// `$1`: a group of a regular expression.
    Capture,
}
