//! What is wrong with a rule file, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Span;

/// Something wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The rule that is being read.
    pub(super) rule: Option<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) n_errors: usize,
}

impl Notes {
    /// Something that makes the rule unusable.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.n_errors += 1;
        self.add(span, ProblemLevel::Error, message.into(), help.into());
    }

    /// Something that has no effect.
    pub(super) fn warning(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.add(span, ProblemLevel::Warning, message.into(), help.into());
    }

    /// Something that is as it is meant.
    pub(super) fn note(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.add(span, ProblemLevel::Note, message.into(), help.into());
    }

    fn add(&mut self, span: Span, level: ProblemLevel, message: String, help: String) {
        self.problems.push(Problem { span, level, rule: self.rule.clone(), message, help });
    }
}

/// Text of somebody else's, fit for a message of one line.
pub(super) fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 60;
    let mut shown: String =
        text.chars().take(MAX_CHARACTERS).map(|character| if character.is_control() { ' ' } else { character }).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// What a misspelt name was probably meant to be, as advice.
pub(super) fn did_you_mean(name: &str, known: &[&str]) -> Option<String> {
    let folded = fold(name);
    let max_distance = if folded.chars().count() <= 4 { 1 } else { 2 };
    let distance = |known: &&&str| strsim::osa_distance(&folded, &fold(known));
    let n_shared = |known: &str| folded.chars().zip(fold(known).chars()).take_while(|(left, right)| left == right).count();
    let nearness = |known: &&&str| (distance(known), std::cmp::Reverse(n_shared(known)));
    let nearest = known.iter().min_by_key(nearness).filter(|known| distance(known) <= max_distance)?;
    Some(format!("did you mean `{nearest}`?"))
}

/// A name without what is most often confused; of a long one only the start.
fn fold(name: &str) -> String {
    const MAX_CHARACTERS: usize = 64;
    name.chars().take(MAX_CHARACTERS).map(|character| if character == '_' { '-' } else { character.to_ascii_lowercase() }).collect()
}
