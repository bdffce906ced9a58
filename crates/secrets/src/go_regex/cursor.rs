//! A place in the text of an expression.

use super::error::{Error, ErrorKind};

/// Reads an expression from left to right. The position is always at a character's boundary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) const fn position(&self) -> usize {
        self.position
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.position += character.len_utf8();
        Some(character)
    }

    /// Goes past `prefix`, if it comes next.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let is_next = self.rest().starts_with(prefix);
        if is_next {
            self.position += prefix.len();
        }
        is_next
    }

    /// Gives what comes before `end`, and goes past `end`; nothing if `end` doesn't come.
    pub(super) fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let (before, _) = self.rest().split_once(end)?;
        self.position += before.len() + end.len();
        Some(before)
    }

    /// Goes to the end and gives what was left.
    pub(super) fn take_rest(&mut self) -> &'a str {
        let rest = self.rest();
        self.position = self.text.len();
        rest
    }

    /// An error from `start` up to here.
    pub(super) fn error(&self, kind: ErrorKind, start: usize) -> Error {
        Error::new(kind, start, self.position)
    }

    /// An error from `start` to the end of the expression.
    pub(super) fn error_to_end(&self, kind: ErrorKind, start: usize) -> Error {
        Error::new(kind, start, self.text.len())
    }

    /// Reads an escaped single character; the cursor stands at the backslash.
    pub(super) fn escape(&mut self) -> Result<u32, Error> {
        let start = self.position;
        self.eat("\\");
        let Some(character) = self.next() else { return Err(self.error(ErrorKind::TrailingBackslash, start)) };
        match character {
            '0' => Ok(self.octal(0)),
            '1'..='7' if self.peek().is_some_and(|next| next.is_digit(8)) => Ok(self.octal(character.to_digit(8).unwrap_or(0))),
            '1'..='9' => Err(self.error(ErrorKind::BackReference, start)),
            'x' => self.hexadecimal().ok_or_else(|| self.error(ErrorKind::InvalidHex, start)),
            'a' => Ok(0x07),
            'f' => Ok(0x0c),
            'n' => Ok(0x0a),
            'r' => Ok(0x0d),
            't' => Ok(0x09),
            'v' => Ok(0x0b),
            _ if character.is_ascii() && !character.is_ascii_alphanumeric() => Ok(u32::from(character)),
            _ => Err(self.error(ErrorKind::UnknownEscape, start)),
        }
    }

    /// Up to two more octal digits.
    fn octal(&mut self, first: u32) -> u32 {
        let mut value = first;
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|character| character.to_digit(8)) else { break };
            self.next();
            value = value * 8 + digit;
        }
        value
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        const MAX_CODE_POINT: u32 = 0x10_ffff;
        if !self.eat("{") {
            let high = self.next()?.to_digit(16)?;
            let low = self.next()?.to_digit(16)?;
            return Some(high * 16 + low);
        }
        let (mut value, mut n_digits) = (0_u32, 0_u32);
        loop {
            let character = self.next()?;
            if character == '}' {
                return (0 < n_digits).then_some(value);
            }
            value = value * 16 + character.to_digit(16)?;
            if MAX_CODE_POINT < value {
                return None;
            }
            n_digits += 1;
        }
    }
}
