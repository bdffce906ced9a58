//! Texts: in quotes with interpolations, and over several lines.

use std::sync::Arc;

use super::{Lines, Parser, Result};
use crate::bicep::syntax::{Expression, ExpressionKind};

/// The parts of a text while it is read.
#[derive(Default)]
struct Parts {
    parts: Vec<Expression>,
    text: String,
    start: usize,
}

impl Parser<'_> {
    /// A text in single quotes.
    pub(super) fn quoted(&mut self) -> Result<Expression> {
        let start = self.at;
        self.expect("'")?;
        let mut parts = Parts { start: self.at, ..Parts::default() };
        loop {
            let rest = self.rest();
            let Some(character) = rest.chars().next().filter(|c| *c != '\n') else {
                return Err(self.problem("expected `'` at the end of this text"));
            };
            match character {
                '\'' => {
                    self.end_of_part(&mut parts);
                    self.at += 1;
                    return Ok(Expression { span: self.span(start), kind: of_parts(parts.parts) });
                }
                '\\' => self.escape(&mut parts.text)?,
                '$' if rest.starts_with("${") => self.interpolation(&mut parts, 2)?,
                character => {
                    parts.text.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    fn end_of_part(&self, parts: &mut Parts) {
        if !parts.text.is_empty() {
            let text = std::mem::take(&mut parts.text);
            parts.parts.push(Expression { span: self.span(parts.start), kind: ExpressionKind::Text(text.into()) });
        }
    }

    /// `${…}`, whose mark has this many bytes.
    fn interpolation(&mut self, parts: &mut Parts, mark: usize) -> Result<()> {
        self.end_of_part(parts);
        self.at += mark;
        self.space(Lines::Ignored);
        let inner = self.expression(Lines::Ignored)?;
        self.space(Lines::Ignored);
        self.expect("}")?;
        parts.parts.push(inner);
        parts.start = self.at;
        Ok(())
    }

    fn escape(&mut self, text: &mut String) -> Result<()> {
        let escaped = self.bytes.get(self.at + 1).copied().unwrap_or(0);
        self.at += 2;
        text.push(match escaped {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'\\' => '\\',
            b'\'' => '\'',
            b'$' => '$',
            b'u' if self.take("{") => {
                let digits = self.rest().split('}').next().unwrap_or_default();
                let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                let character = character.ok_or_else(|| self.problem("expected the number of a character"))?;
                self.at += digits.len() + 1;
                character
            }
            _ => {
                self.at -= 1;
                return Err(self.problem("this escape is not known"));
            }
        });
        Ok(())
    }

    /// `'''…'''`; the first line break is not part of it. With `$` before it, as many of them before `{` start an interpolation.
    pub(super) fn multi_line(&mut self) -> Result<Expression> {
        let start = self.at;
        let mut n_marks = 0_usize;
        while self.take("$") {
            n_marks += 1;
        }
        self.expect("'''")?;
        if !self.take("\r\n") {
            self.take("\n");
        }
        let mark = format!("{}{{", "$".repeat(n_marks));
        let mut parts = Parts { start: self.at, ..Parts::default() };
        loop {
            let rest = self.rest();
            if rest.starts_with("'''") {
                // More quotes than three belong to the text.
                let n_quotes = rest.bytes().take_while(|byte| *byte == b'\'').count();
                parts.text.push_str(&"'".repeat(n_quotes - 3));
                self.end_of_part(&mut parts);
                self.at += n_quotes;
                return Ok(Expression { span: self.span(start), kind: of_parts(parts.parts) });
            }
            if 0 < n_marks && rest.starts_with(&mark) {
                self.interpolation(&mut parts, mark.len())?;
                continue;
            }
            let Some(character) = rest.chars().next() else { return Err(self.problem("expected `'''` at the end of this text")) };
            parts.text.push(character);
            self.at += character.len_utf8();
        }
    }
}

fn of_parts(mut parts: Vec<Expression>) -> ExpressionKind {
    match parts.as_mut_slice() {
        [] => ExpressionKind::Text("".into()),
        [Expression { kind: ExpressionKind::Text(text), .. }] => ExpressionKind::Text(Arc::clone(text)),
        _ => ExpressionKind::Template(parts),
    }
}
