//! Cuts a filter into terms.

use std::ops::Range;

use super::{MAX_TERMS, MAX_VALUES, QueryError, QueryErrorKind};

/// A term, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) is_negated: bool,
    /// What stands before the colon; none for words.
    pub(super) key: Option<(String, Range<usize>)>,
    pub(super) values: Vec<Value>,
    pub(super) at: Range<usize>,
}

/// A value, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) is_quoted: bool,
    pub(super) at: Range<usize>,
}

pub(super) fn terms(text: &str) -> Result<Vec<Raw>, QueryError> {
    let mut terms = Vec::new();
    let mut cursor = Cursor { text, at: 0 };
    loop {
        cursor.skip_while(char::is_whitespace);
        if cursor.peek().is_none() {
            return Ok(terms);
        }
        if MAX_TERMS <= terms.len() {
            return Err(QueryError { kind: QueryErrorKind::ManyTerms, at: cursor.at..text.len() });
        }
        terms.push(cursor.term()?);
    }
}

struct Cursor<'a> {
    text: &'a str,
    /// Always between two characters.
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip_while(&mut self, is_skipped: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&is_skipped) {
            self.next();
        }
    }

    fn term(&mut self) -> Result<Raw, QueryError> {
        let start = self.at;
        // A dash alone is a word.
        let is_negated = self.rest().strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
        if is_negated {
            self.next();
        }
        let key = self.key();
        let mut values = Vec::new();
        loop {
            if MAX_VALUES <= values.len() {
                return Err(QueryError { kind: QueryErrorKind::ManyValues, at: start..self.at });
            }
            values.push(self.value(key.is_some())?);
            if key.is_none() || self.peek() != Some(',') {
                break;
            }
            self.next();
        }
        Ok(Raw { is_negated, key, values, at: start..self.at })
    }

    /// Letters and hyphens before a colon.
    fn key(&mut self) -> Option<(String, Range<usize>)> {
        let start = self.at;
        let length = self.rest().find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(0);
        let key = self.rest().get(..length).filter(|key| !key.is_empty()).map(str::to_owned)?;
        if !self.rest().get(length..).is_some_and(|rest| rest.starts_with(':')) {
            return None;
        }
        self.at += length + 1;
        Some((key.to_lowercase(), start..start + length))
    }

    fn value(&mut self, has_key: bool) -> Result<Value, QueryError> {
        let start = self.at;
        let mut text = String::new();
        if self.peek() != Some('"') {
            let is_end = |c: char| c.is_whitespace() || (has_key && c == ',');
            while let Some(c) = self.peek().filter(|&c| !is_end(c)) {
                text.push(c);
                self.next();
            }
            return Ok(Value { text, is_quoted: false, at: start..self.at });
        }
        self.next();
        loop {
            match self.next() {
                Some('"') if self.peek() == Some('"') => {
                    self.next();
                    text.push('"');
                }
                Some('"') => return Ok(Value { text, is_quoted: true, at: start..self.at }),
                Some(c) => text.push(c),
                None => return Err(QueryError { kind: QueryErrorKind::OpenQuote, at: start..self.at }),
            }
        }
    }
}
