//! What is wrong with a configuration, and where.

use std::{fmt, ops::Range, sync::Arc};

use bartizan_core::LineIndex;

/// A place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the caller or `[extend]` named it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What gitleaks does about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It refuses to run.
    Error,
    /// It ignores what is written there.
    Warning,
}

/// Something wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What gitleaks does about it.
    pub level: Level,
    /// The rule that it belongs to.
    pub rule: Option<String>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do; empty if the message says it.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
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

/// A file that is being read, and what was found wrong with it.
pub(super) struct Notes<'d> {
    file: Arc<str>,
    text: &'d str,
    lines: LineIndex,
    /// The rule that is being read.
    pub(super) rule: Option<String>,
    pub(super) problems: Vec<Problem>,
}

impl<'d> Notes<'d> {
    pub(super) fn new(name: &str, text: &'d str) -> Self {
        Self { file: name.into(), text, lines: LineIndex::new(text), rule: None, problems: Vec::new() }
    }

    pub(super) const fn text(&self) -> &'d str {
        self.text
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        let position = self.lines.position(self.text, offset);
        Place { file: self.file.clone(), line: position.line, column: position.column }
    }

    pub(super) fn error(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(Level::Error, range, message.into(), help.into());
    }

    pub(super) fn warning(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(Level::Warning, range, message.into(), help.into());
    }

    fn note(&mut self, level: Level, range: Range<usize>, message: String, help: String) {
        let place = self.place(range.start);
        self.problems.push(Problem { place, level, rule: self.rule.clone(), message, help });
    }
}
