//! Reads Bicep: files of code and files of parameters.
//!
//! A file is never lost: what can't be understood is skipped up to the next line that may start something, and said.

mod expression;
mod statement;
mod text;

use super::syntax::{Span, Statement};

/// How deeply expressions may be nested in each other.
const MAX_DEPTH: usize = 100;
/// So many problems of a file are noted.
const MAX_PROBLEMS: usize = 20;

/// What was understood of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Parsed {
    pub(super) statements: Vec<Statement>,
    pub(super) problems: Vec<SyntaxProblem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxProblem {
    pub(super) span: Span,
    pub(super) message: String,
}

/// Reads a file.
pub(super) fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text);
    let statements = parser.file();
    Parsed { statements, problems: parser.problems }
}

type Result<T> = std::result::Result<T, SyntaxProblem>;

/// Whether line breaks mean nothing, as within parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    Count,
    Ignored,
}

/// A reader at a place of a text.
struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    problems: Vec<SyntaxProblem>,
    /// Resources within the resources that are being read, the innermost last.
    nested: Vec<Vec<Statement>>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, depth: 0, problems: Vec::new(), nested: Vec::new() }
    }

    fn span(&self, start: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: offset(start), end: offset(self.at.max(start)) }
    }

    fn problem(&self, message: &str) -> SyntaxProblem {
        SyntaxProblem { span: self.span(self.at), message: message.to_owned() }
    }

    fn note(&mut self, problem: SyntaxProblem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn is_at_end(&self) -> bool {
        self.bytes.len() <= self.at
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn starts(&self, token: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(token.as_bytes()))
    }

    fn take(&mut self, token: &str) -> bool {
        let is_there = self.starts(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.problem(&format!("expected `{token}`"))) }
    }

    /// Goes over blanks and comments, and over line breaks if they mean nothing here.
    fn space(&mut self, lines: Lines) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if lines == Lines::Ignored => self.at += 1,
                b'/' if self.starts("//") => self.line(),
                b'/' if self.starts("/*") => self.at = self.rest().find("*/").map_or(self.text.len(), |end| self.at + end + 2),
                // `#disable-next-line`: what tools are told.
                b'#' => self.line(),
                0xef if self.starts("\u{feff}") => self.at += 3,
                _ => return,
            }
        }
    }

    /// Goes to the end of the line.
    fn line(&mut self) {
        self.at = memchr::memchr(b'\n', self.bytes.get(self.at..).unwrap_or_default()).map_or(self.text.len(), |end| self.at + end);
    }

    fn word(&mut self) -> Option<&'t str> {
        let word = self.peek_word()?;
        self.at += word.len();
        Some(word)
    }

    fn peek_word(&self) -> Option<&'t str> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        rest.get(..len)
    }

    /// Takes a word if it is this one.
    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.peek_word() == Some(word);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    fn deeper(&mut self) -> Result<()> {
        if MAX_DEPTH <= self.depth {
            return Err(self.problem("this is nested too deeply (max-depth)"));
        }
        self.depth += 1;
        Ok(())
    }

    /// Goes on at the next line that is no deeper than where the item started, or before the bracket that closes what it is in.
    fn recover(&mut self, start: usize) {
        let mut depth = 0_usize;
        self.at = self.at.max(start);
        for &byte in self.bytes.get(start..self.at).unwrap_or_default() {
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        while !self.is_at_end() {
            match self.peek() {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 0 => return,
                b'}' | b']' | b')' => depth -= 1,
                b'\n' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}
