//! What is wrong with a rule file, and where.

use std::fmt;

use super::Span;

/// Something wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What it means for the rule.
    pub level: ProblemLevel,
    /// The rule, if its id is known.
    pub rule: Option<String>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do; empty if the message says it.
    pub help: String,
}

/// What a problem means for the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemLevel {
    /// The rule, or the whole file, can't be used.
    Error,
    /// The rule is used, but something in it has no effect.
    Warning,
    /// The rule asks not to be used, being for another version.
    Note,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.span.line, self.span.column)?;
        if let Some(rule) = &self.rule {
            write!(f, "rule `{rule}`: ")?;
        }
        f.write_str(&self.message)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}
