//! Filters of findings, as people type them: `severity:high,critical state:open owner:@team repo:x age:>30d due:<7d text`.
//!
//! A term is a key, a colon, and values with commas between: one of them must fit. All terms must fit; a `-` before a term turns it
//! round. Words without a key are looked for in title, message, rule and path. What has spaces or commas stands in quotes. Keys are
//! in [`KEYS`]. The result is a tree that a store translates to its language, and that [`Query::is_match`] asks of one finding.

mod condition;
mod lexer;
mod matching;
mod parse;

use std::ops::Range;

pub use self::{
    condition::{Comparison, Condition, Flag, KEYS, Key, Operator, OwnerIs, Wildcard},
    matching::Finding,
};

/// The longest filter, in bytes.
pub const MAX_BYTES: usize = 4_096;

/// The most terms of a filter.
pub const MAX_TERMS: usize = 64;

/// The most values of a term.
pub const MAX_VALUES: usize = 100;

/// A filter, understood.
///
/// ```
/// use bartizan_triage::query::Query;
/// let query = Query::parse("state:open,new -owner:@acme/web age:>30d \"sql injection\"")?;
/// assert_eq!(query.terms.len(), 4);
/// assert_eq!(query.to_string(), "state:open,new -owner:@acme/web age:>30d \"sql injection\"");
/// let error = Query::parse("severty:high").unwrap_err();
/// assert_eq!(error.to_string(), "unknown key `severty`; did you mean `severity`?");
/// # Ok::<(), bartizan_triage::query::QueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All must fit; without any, everything does.
    pub terms: Vec<Term>,
}

/// A part of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether it must not fit.
    pub is_negated: bool,
    /// What is asked.
    pub condition: Condition,
}

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct QueryError {
    /// What.
    pub kind: QueryErrorKind,
    /// The bytes of the text that it is about.
    pub at: Range<usize>,
}

/// What is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// Longer than [`MAX_BYTES`].
    #[error("the filter is too long: at most {MAX_BYTES} bytes")]
    TooLong,
    /// More than [`MAX_TERMS`].
    #[error("the filter has too many terms: at most {MAX_TERMS}")]
    ManyTerms,
    /// More than [`MAX_VALUES`].
    #[error("the term has too many values: at most {MAX_VALUES}")]
    ManyValues,
    /// A quote that nobody closes.
    #[error("a quote is not closed")]
    OpenQuote,
    /// A key that there is not.
    #[error("unknown key `{key}`{}", hint(*.guess))]
    UnknownKey {
        /// As it was written.
        key: String,
        /// One that looks like it.
        guess: Option<&'static str>,
    },
    /// A key without a value.
    #[error("`{key}:` needs a value, such as `{key}:{example}`")]
    NoValue {
        /// The key.
        key: &'static str,
        /// A value that it takes.
        example: &'static str,
    },
    /// A value that the key does not take.
    #[error("`{value}` is no value of `{key}`{}; expected {expected}", hint(*.guess))]
    BadValue {
        /// The key.
        key: &'static str,
        /// As it was written.
        value: String,
        /// What it takes.
        expected: &'static str,
        /// One that looks like it.
        guess: Option<&'static str>,
    },
}

fn hint(guess: Option<&'static str>) -> String {
    guess.map(|guess| format!("; did you mean `{guess}`?")).unwrap_or_default()
}

impl Query {
    /// Reads a filter; an empty one fits everything.
    ///
    /// # Errors
    /// With the first thing that is wrong, and its place.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::parse(text)
    }
}

/// The filter as it would be typed; it is read to the same filter again.
impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let sign = if term.is_negated { "-" } else { "" };
            write!(f, "{space}{sign}{}", term.condition)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
