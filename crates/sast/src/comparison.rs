//! The expressions of `metavariable-comparison`: a small part of Python, without its side effects.
//!
//! Understood are metavariables, numbers, `True` and `False`, strings (adjacent ones are joined; `f"…"` with plain expressions),
//! lists, `+ - * / % ** & | ^ ~ << >>`, comparisons and chains of them, `in` and `not in`, `and`, `or`, `not`, and the functions
//! `int`, `float`, `str`, `len`, `re.match`, `today`, `strptime` (of `YYYY-MM-DD`) and `parse_promql_duration`.
//!
//! Values are those of Semgrep, not of Python: integers have 64 bits and are divided towards zero; `1` doesn't equal `True`;
//! escapes in strings stay as they are written, in the rule as well as in the target. Every operand is evaluated, those behind a
//! true `or` too, and what can't be evaluated makes the whole comparison fail: `$X > 1 or $Y > 1` needs both metavariables.
//! Three things go beyond Semgrep, for which they are never true: chains of comparisons, `float` and `len`. One differs:
//! Semgrep takes the dates of `strptime` for a month later than they are.

mod date;
mod evaluate;
mod lexer;
mod parser;
mod value;

use self::parser::Expression;
pub(crate) use self::{evaluate::EvaluationError, value::Value};

/// How a rule wants a comparison to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct ComparisonOptions {
    /// `strip: true`: metavariables are numbers in strings.
    pub(crate) is_stripped: bool,
    /// `base`: how numbers in strings are written that don't say so themselves, by `0x`, `0o` or `0b`. Semgrep ignores it.
    pub(crate) base: Option<u32>,
}

/// Why a text is no comparison. Offsets are bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ComparisonError {
    /// Something else has to stand here.
    #[error("expected {expected}, found {found}: byte {at}")]
    Unexpected {
        /// Where.
        at: usize,
        /// What has to stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A string without end.
    #[error("a string doesn't end: byte {at}")]
    UnclosedString {
        /// Where it begins.
        at: usize,
    },
    /// An integer of more than 64 bits, or no number at all.
    #[error("not a number of at most 64 bits: `{number}` at byte {at}")]
    InvalidNumber {
        /// Where it begins.
        at: usize,
        /// As it is written.
        number: String,
    },
    /// A name that means nothing here.
    #[error("unknown name: `{name}` at byte {at}; known are True, False, {}", parser::FUNCTIONS)]
    UnknownName {
        /// Where it begins.
        at: usize,
        /// The name.
        name: String,
    },
    /// Python that a comparison can't use.
    #[error("not supported in a comparison: {what} at byte {at}")]
    Unsupported {
        /// Where it begins.
        at: usize,
        /// What it is.
        what: &'static str,
    },
    /// The first argument of `re.match` is no regular expression.
    #[error("not a regular expression at byte {at}: {message}")]
    InvalidRegex {
        /// Where the string begins.
        at: usize,
        /// What is wrong with it.
        message: String,
    },
    /// More than anybody writes.
    #[error("nested too deeply, or too long: byte {at}")]
    TooLarge {
        /// Where reading stopped.
        at: usize,
    },
}

/// What a metavariable stands for; names come with their dollar.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// A comparison.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    root: Expression,
    options: ComparisonOptions,
}

impl Comparison {
    /// Reads a comparison.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the text, and where.
    pub(crate) fn parse(text: &str, options: ComparisonOptions) -> Result<Self, ComparisonError> {
        Ok(Self { root: parser::parse(text)?, options })
    }

    /// Whether the comparison can be evaluated and is true. `now_s` is what `today()` returns: seconds since 1970, in UTC.
    pub(crate) fn holds(&self, lookup: Lookup<'_>, now_s: i64) -> bool {
        matches!(self.evaluate(lookup, now_s), Ok(Value::Bool(true)))
    }

    /// The value of the comparison; see [`holds`](Self::holds).
    ///
    /// # Errors
    ///
    /// Returns why there is none.
    pub(crate) fn evaluate(&self, lookup: Lookup<'_>, now_s: i64) -> Result<Value, EvaluationError> {
        evaluate::Evaluator { lookup, options: self.options, now_s }.evaluate(&self.root)
    }
}

#[cfg(test)]
mod tests;
