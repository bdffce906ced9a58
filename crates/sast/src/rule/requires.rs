//! Boolean expressions over labels of taint.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::problem::shortened;

/// A label of taint: a name as Python knows them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label(Arc<str>);

impl Label {
    /// The label of sources that name none, and what sinks ask for that name none.
    pub const DEFAULT: &'static str = "__SOURCE__";

    /// The label that is written so.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The label of sources that name none.
impl Default for Label {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A boolean expression over labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Requires {
    /// The data carries the label.
    Label(Label),
    /// `True` or `False`.
    Constant(bool),
    /// All of them.
    And(Vec<Requires>),
    /// Any of them.
    Or(Vec<Requires>),
    /// Not this.
    Not(Box<Requires>),
}

impl Requires {
    /// Whether it is fulfilled by data that carries the labels of which this says so.
    pub(crate) fn holds(&self, carries: &dyn Fn(&Label) -> bool) -> bool {
        match self {
            Self::Label(wanted) => carries(wanted),
            Self::Constant(truth) => *truth,
            Self::And(parts) => parts.iter().all(|part| part.holds(carries)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(carries)),
            Self::Not(part) => !part.holds(carries),
        }
    }
}

/// Why a text is no boolean expression over labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidRequires {
    /// The byte at which it goes wrong.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

/// Expressions nested more deeply are refused.
const MAX_DEPTH: u32 = 50;

impl FromStr for Requires {
    type Err = InvalidRequires;

    /// Reads Python's syntax: `INPUT and not (CLEAN or TRUSTED)`.
    fn from_str(text: &str) -> Result<Self, InvalidRequires> {
        let mut reader = Reader { text, offset: 0, depth: 0 };
        let expression = reader.disjunction()?;
        match reader.word() {
            "" => Ok(expression),
            word => Err(reader.error(format!("expected `and`, `or` or the end, found `{}`", shortened(word)))),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    offset: usize,
    depth: u32,
}

impl<'t> Reader<'t> {
    /// The next word or sign, without taking it; empty at the end.
    fn word(&mut self) -> &'t str {
        let rest = self.text.get(self.offset..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.offset += rest.len() - trimmed.len();
        let is_name = |character: char| character == '_' || character.is_alphanumeric();
        let n_name = trimmed.find(|character| !is_name(character)).unwrap_or(trimmed.len());
        let n_bytes = if n_name == 0 { trimmed.chars().next().map_or(0, char::len_utf8) } else { n_name };
        trimmed.get(..n_bytes).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.word() == word;
        if is_next {
            self.offset += word.len();
        }
        is_next
    }

    fn error(&self, message: String) -> InvalidRequires {
        InvalidRequires { offset: self.offset, message }
    }

    fn disjunction(&mut self) -> Result<Requires, InvalidRequires> {
        let mut parts = vec![self.conjunction()?];
        while self.take("or") {
            parts.push(self.conjunction()?);
        }
        Ok(if 1 < parts.len() { Requires::Or(parts) } else { parts.swap_remove(0) })
    }

    fn conjunction(&mut self) -> Result<Requires, InvalidRequires> {
        let mut parts = vec![self.negation()?];
        while self.take("and") {
            parts.push(self.negation()?);
        }
        Ok(if 1 < parts.len() { Requires::And(parts) } else { parts.swap_remove(0) })
    }

    fn negation(&mut self) -> Result<Requires, InvalidRequires> {
        self.depth += 1;
        if MAX_DEPTH < self.depth {
            return Err(self.error(format!("nested more than {MAX_DEPTH} deep (max-requires-depth)")));
        }
        let expression = if self.take("not") { self.negation().map(|inner| Requires::Not(Box::new(inner))) } else { self.atom() };
        self.depth -= 1;
        expression
    }

    fn atom(&mut self) -> Result<Requires, InvalidRequires> {
        let word = self.word();
        if self.take("(") {
            let expression = self.disjunction()?;
            return if self.take(")") { Ok(expression) } else { Err(self.error("expected `)`".to_owned())) };
        }
        let starts_name = word.starts_with(|first: char| first == '_' || first.is_alphabetic());
        let message = match word {
            "True" => Ok(Requires::Constant(true)),
            "False" => Ok(Requires::Constant(false)),
            "" => Err("expected a label, found the end".to_owned()),
            "and" | "or" => Err(format!("expected a label, found `{word}`")),
            "$" => Err("a metavariable can't be a label".to_owned()),
            _ if starts_name => Ok(Requires::Label(Label(word.into()))),
            _ => Err(format!("expected a label, found `{}`", shortened(word))),
        };
        let expression = message.map_err(|message| self.error(message))?;
        self.offset += word.len();
        Ok(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(requires: &Requires) -> String {
        let joined = |parts: &[Requires], with: &str| format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(with));
        match requires {
            Requires::Label(label) => label.to_string(),
            Requires::Constant(value) => value.to_string(),
            Requires::And(parts) => joined(parts, " & "),
            Requires::Or(parts) => joined(parts, " | "),
            Requires::Not(inner) => format!("!{}", show(inner)),
        }
    }

    #[test]
    fn expressions_bind_as_in_python() {
        for (text, expected) in [
            ("A", "A"),
            ("A and B or not C and D", "((A & B) | (!C & D))"),
            ("A and (B or C)", "(A & (B | C))"),
            ("not not A", "!!A"),
            (" ( True )\n", "true"),
            ("notA and andB", "(notA & andB)"),
            ("A_1 or Ä", "(A_1 | Ä)"),
        ] {
            assert_eq!(show(&text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_at_its_place() {
        for (text, offset, message) in [
            ("", 0, "expected a label, found the end"),
            ("A and", 5, "expected a label, found the end"),
            ("A B", 2, "expected `and`, `or` or the end, found `B`"),
            ("A and or B", 6, "expected a label, found `or`"),
            ("(A or B", 7, "expected `)`"),
            ("$X", 0, "a metavariable can't be a label"),
            ("1", 0, "expected a label, found `1`"),
            ("A & B", 2, "expected `and`, `or` or the end, found `&`"),
            ("f(A)", 1, "expected `and`, `or` or the end, found `(`"),
        ] {
            let error = text.parse::<Requires>().unwrap_err();
            assert_eq!((error.offset, error.message.as_str()), (offset, message), "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        for text in ["(".repeat(100_000), "not ".repeat(100_000)] {
            assert!(text.parse::<Requires>().unwrap_err().message.contains("max-requires-depth"));
        }
    }
}
