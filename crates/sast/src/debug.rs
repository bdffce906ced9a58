//! What the engine sees in files, for those who write rules, lowerings or the engine itself: `bartizan debug`.
//!
//! Nothing here takes part in a scan, and nothing here is stable but what the command prints as JSON.

mod ast;
mod ir;

use serde::Serialize;

pub use self::{
    ast::{AstNode, ast},
    ir::{IrNode, ir},
};
use crate::lower::{self, Language};
pub use crate::project::{CallGraph, FlowEnd, FlowSummary, FunctionCall, FunctionNode, FunctionSummary, Summaries, callgraph, summaries};

/// A file to look at.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// Its path, with slashes; says its language, and what other files call it.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// A place in a text: lines and columns in characters, from 1; the end is behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column behind the end.
    pub end_column: u32,
}

/// Why there is nothing to see in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unseen {
    /// It is of no language that is analyzed as code.
    #[error("the file is of no language that is analyzed as code")]
    NoLanguage,
    /// There is no grammar for the language: it is read without one.
    #[error("`{0}` is read without a grammar: there is no syntax tree")]
    NoGrammar(&'static str),
    /// The parser gave up.
    #[error("the file can't be parsed: {0}")]
    Unparsed(String),
}

impl SourceText {
    fn language(&self) -> Result<&'static Language, Unseen> {
        lower::language_of_text(&self.path, &self.text).ok_or(Unseen::NoLanguage)
    }

    /// The name of its language, as rules spell it; nothing if it is of none that is analyzed as code.
    #[must_use]
    pub fn language_name(&self) -> Option<&'static str> {
        Some(self.language().ok()?.name)
    }

    /// Whether it says what modules are called: `tsconfig.json`, `go.mod`.
    #[must_use]
    pub fn names_modules(&self) -> bool {
        crate::project::configured(self.path.rsplit('/').next().unwrap_or_default(), &self.text).is_some()
    }
}

/// Finds lines and columns.
pub(crate) struct Places<'t> {
    text: &'t str,
    lines: bartizan_core::LineIndex,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, lines: bartizan_core::LineIndex::new(text) }
    }

    pub(crate) fn of(&self, (start, end): (u32, u32)) -> Place {
        let region = self.lines.region(self.text, bartizan_core::ByteRange::new(start as usize, end as usize));
        Place { line: region.start.line, column: region.start.column, end_line: region.end.line, end_column: region.end.column }
    }
}

/// Code in one line, cut where nobody reads on.
pub(crate) fn shortened(code: &str) -> String {
    const MAX_CHARACTERS: usize = 80;
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_CHARACTERS { line } else { line.chars().take(MAX_CHARACTERS).chain(['…']).collect() }
}
