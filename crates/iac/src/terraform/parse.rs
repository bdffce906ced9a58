//! Reads HCL's native syntax. HCL native syntax specification, version 2.
//!
//! A file is never lost: what can't be understood is skipped up to the next line that may start something, and said.

mod expression;

use std::sync::Arc;

use super::{
    syntax::{Attribute, Block, Body, Expression, Span},
    template,
};

/// How deeply expressions and blocks may be nested in each other.
pub(super) const MAX_DEPTH: usize = 120;
/// So many problems of a file are noted.
const MAX_PROBLEMS: usize = 20;

/// What was understood of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) problems: Vec<SyntaxProblem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxProblem {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Reads a file.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text, 0);
    let body = parser.body(false);
    Parsed { body, problems: parser.problems }
}

/// Reads a text that is all expression.
pub(crate) fn expression(text: &str) -> Result<Expression> {
    let mut parser = Parser::new(text, 0);
    let expression = parser.expression(true)?;
    parser.space(true);
    if parser.at < text.len() { Err(parser.problem("expected the end of the expression")) } else { Ok(expression) }
}

pub(super) type Result<T> = std::result::Result<T, SyntaxProblem>;

/// A reader at a place of a text.
pub(super) struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// What is added to offsets: the text may be a part of a file.
    base: usize,
    at: usize,
    depth: usize,
    problems: Vec<SyntaxProblem>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, base: usize) -> Self {
        Self { text, bytes: text.as_bytes(), base, at: 0, depth: 0, problems: Vec::new() }
    }

    /// An expression, and where the text goes on behind it.
    pub(super) fn interpolated(text: &'t str, base: usize, at: usize, depth: usize) -> (Result<Expression>, usize) {
        let mut parser = Self { at, depth, ..Self::new(text, base) };
        let expression = parser.expression(true);
        parser.space(true);
        (expression, parser.at)
    }

    fn span(&self, start: usize) -> Span {
        let offset = |at: usize| u32::try_from(self.base.saturating_add(at)).unwrap_or(u32::MAX);
        Span { start: offset(start), end: offset(self.at) }
    }

    fn problem(&self, message: &str) -> SyntaxProblem {
        let offset = u32::try_from(self.base.saturating_add(self.at)).unwrap_or(u32::MAX);
        SyntaxProblem { span: Span { start: offset, end: offset }, message: message.to_owned() }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
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
    fn space(&mut self, over_lines: bool) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if over_lines => self.at += 1,
                b'#' => self.line_comment(),
                b'/' if self.starts("//") => self.line_comment(),
                b'/' if self.starts("/*") => {
                    let end = self.rest().find("*/").map_or(self.text.len(), |end| self.at + end + 2);
                    self.at = end;
                }
                0xef if self.starts("\u{feff}") => self.at += 3,
                _ => return,
            }
        }
    }

    fn line_comment(&mut self) {
        self.at = memchr::memchr(b'\n', self.bytes.get(self.at..).unwrap_or_default()).map_or(self.text.len(), |end| self.at + end);
    }

    fn word(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mut characters = self.rest().char_indices();
        let first = characters.next().map(|(_, first)| first)?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let len = characters.find(|(_, c)| !is_inner(*c)).map_or(self.rest().len(), |(at, _)| at);
        self.at += len;
        self.text.get(start..self.at)
    }

    /// What stands in a file, or up to the closing brace.
    fn body(&mut self, is_closed: bool) -> Body {
        let mut body = Body::default();
        loop {
            self.space(true);
            if self.bytes.len() <= self.at || (is_closed && self.peek() == b'}') {
                return body;
            }
            let start = self.at;
            if let Err(problem) = self.item(&mut body) {
                self.note(problem);
                self.recover(start);
            }
        }
    }

    fn note(&mut self, problem: SyntaxProblem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Goes on at the next line that is no deeper than where the item started.
    fn recover(&mut self, start: usize) {
        let mut depth = 0_usize;
        self.at = self.at.max(start);
        // Brackets that were opened since then are closed first.
        for &byte in self.bytes.get(start..self.at).unwrap_or_default() {
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        while self.at < self.bytes.len() {
            match self.peek() {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 0 => {
                    if self.depth == 0 || self.peek() != b'}' {
                        self.at += 1;
                    }
                    return;
                }
                b'}' | b']' | b')' => depth -= 1,
                b'\n' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// An attribute or a block.
    fn item(&mut self, body: &mut Body) -> Result<()> {
        let start = self.at;
        let quoted = if self.peek() == b'"' { self.quoted_name() } else { None };
        let name: Arc<str> = match quoted.or_else(|| self.word().map(Into::into)) {
            Some(name) => name,
            None => return Err(self.problem("expected the name of an attribute or of a block")),
        };
        let name_span = self.span(start);
        self.space(false);
        if self.peek() == b'=' && !self.starts("==") {
            self.at += 1;
            self.space(false);
            let value = self.expression(false)?;
            body.attributes.push(Attribute { name, name_span, value });
            return self.end_of_item();
        }
        let mut labels = Vec::new();
        let mut end = self.at;
        while self.peek() != b'{' {
            let label = if self.peek() == b'"' { self.quoted_name() } else { self.word().map(Into::into) };
            labels.push(label.ok_or_else(|| self.problem("expected `=`, a label or `{`"))?);
            end = self.at;
            self.space(false);
        }
        let header = Span { end: u32::try_from(self.base + end.max(start)).unwrap_or(u32::MAX), ..name_span };
        let header = if labels.is_empty() { name_span } else { header };
        self.at += 1;
        self.deeper()?;
        let inner = self.body(true);
        self.depth -= 1;
        let is_closed = self.take("}");
        let span = self.span(start);
        body.blocks.push(Block { kind: name, labels, header, span, body: inner });
        if is_closed {
            self.end_of_item()
        } else {
            let problem = SyntaxProblem { span: header, message: "this block is not closed".to_owned() };
            self.note(problem);
            Ok(())
        }
    }

    fn end_of_item(&mut self) -> Result<()> {
        self.space(false);
        match self.peek() {
            b'\n' | b'}' | 0 => Ok(()),
            // Old files separate attributes by commas.
            b',' => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.problem("expected a line break")),
        }
    }

    fn deeper(&mut self) -> Result<()> {
        if MAX_DEPTH <= self.depth {
            return Err(self.problem("this is nested too deeply (max-depth)"));
        }
        self.depth += 1;
        Ok(())
    }

    /// A name in quotes, in which nothing is evaluated.
    fn quoted_name(&mut self) -> Option<Arc<str>> {
        let start = self.at;
        let end = self.end_of_quoted(start)?;
        self.at = end;
        let inner = self.text.get(start + 1..end - 1)?;
        Some(template::unescape(inner).into())
    }

    /// Where a text in quotes ends, whose first quote stands at `start`.
    fn end_of_quoted(&self, start: usize) -> Option<usize> {
        let mut at = start + 1;
        loop {
            match self.bytes.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                b'\n' => return None,
                b'$' | b'%' if self.bytes.get(at + 1) == Some(&b'{') => {
                    // `$${` is no interpolation.
                    if self.bytes.get(at.wrapping_sub(1)) == self.bytes.get(at) && start + 1 < at {
                        at += 2;
                    } else {
                        at = end_of_interpolation(self.bytes, at + 2, 0)?;
                    }
                }
                _ => at += 1,
            }
        }
    }
}

/// Where an interpolation ends whose content starts at `at`: behind its closing brace. Texts within are gone over.
pub(super) fn end_of_interpolation(bytes: &[u8], mut at: usize, nested: usize) -> Option<usize> {
    if MAX_DEPTH < nested {
        return None;
    }
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at + 1),
            b'}' => depth -= 1,
            b'"' => {
                at += 1;
                loop {
                    match bytes.get(at)? {
                        b'"' => break,
                        b'\\' => at += 2,
                        b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => at = end_of_interpolation(bytes, at + 2, nested + 1)?,
                        _ => at += 1,
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
}
