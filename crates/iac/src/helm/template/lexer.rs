//! Cuts a text into tokens.

use super::{ParseError, Range};

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Text,
    Open,
    Close,
    Space,
    Assign,
    Declare,
    Comma,
    Pipe,
    LeftParen,
    RightParen,
    /// In double quotes.
    Quoted,
    /// In back-quotes.
    Raw,
    /// In single quotes.
    Character,
    Number,
    Dot,
    /// `.name`.
    Field,
    /// `$name`, or `$` alone.
    Variable,
    Word,
    End,
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Cuts a text into tokens; the last one is [`TokenKind::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer { text, at: 0, parens: 0, tokens: Vec::new() };
    lexer.run()?;
    lexer.push(TokenKind::End, lexer.at);
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    parens: usize,
    tokens: Vec<Token>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            let Some(found) = memchr::memmem::find(rest.as_bytes(), OPEN.as_bytes()) else {
                let start = self.at;
                self.at = self.text.len();
                self.push_text(start, self.at);
                return Ok(());
            };
            let start = self.at;
            let open = start + found;
            let is_trimmed = is_left_trim(self.text.get(open + OPEN.len()..).unwrap_or_default());
            let before = self.text.get(start..open).unwrap_or_default();
            let kept = if is_trimmed { before.trim_end_matches(is_space).len() } else { before.len() };
            self.push_text(start, start + kept);
            self.at = open + OPEN.len();
            let marker = if is_trimmed { 2 } else { 0 };
            if self.text.get(self.at + marker..).is_some_and(|rest| rest.starts_with("/*")) {
                self.at += marker;
                self.comment()?;
                continue;
            }
            self.push(TokenKind::Open, open);
            self.at += marker;
            self.action()?;
        }
    }

    fn comment(&mut self) -> Result<(), ParseError> {
        let Some(end) = self.rest().find("*/") else { return self.fail("unclosed comment") };
        self.at += end + 2;
        let Some(is_trimmed) = self.at_close() else { return self.fail("comment ends before closing delimiter") };
        self.close(is_trimmed);
        Ok(())
    }

    /// Skips the closing braces, and space behind them if they ask for it.
    fn close(&mut self, is_trimmed: bool) {
        self.at += if is_trimmed { 2 } else { 0 } + CLOSE.len();
        if is_trimmed {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches(is_space).len();
        }
    }

    fn action(&mut self) -> Result<(), ParseError> {
        self.parens = 0;
        loop {
            if let Some(is_trimmed) = self.at_close() {
                if self.parens != 0 {
                    return self.fail("unclosed left paren");
                }
                let start = self.at;
                let end = start + if is_trimmed { 2 } else { 0 } + CLOSE.len();
                self.push_range(TokenKind::Close, start, end);
                self.close(is_trimmed);
                return Ok(());
            }
            self.token()?;
        }
    }

    fn token(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let Some(next) = self.bump() else { return self.fail("unclosed action") };
        let kind = match next {
            ' ' | '\t' | '\r' | '\n' => return self.space(start),
            '=' => TokenKind::Assign,
            ':' if self.bump() == Some('=') => TokenKind::Declare,
            ':' => return self.fail("expected :="),
            ',' => TokenKind::Comma,
            '|' => TokenKind::Pipe,
            '"' => self.quoted('"', "unterminated quoted string")?,
            '\'' => self.quoted('\'', "unterminated character constant")?,
            '`' => {
                let Some(end) = self.rest().find('`') else { return self.fail("unterminated raw quoted string") };
                self.at += end + 1;
                TokenKind::Raw
            }
            '$' => self.name(TokenKind::Variable, TokenKind::Variable)?,
            '.' if !self.rest().starts_with(|c: char| c.is_ascii_digit()) => self.name(TokenKind::Dot, TokenKind::Field)?,
            '.' | '+' | '-' | '0'..='9' => {
                self.at = start;
                self.number()?
            }
            '(' => {
                self.parens += 1;
                TokenKind::LeftParen
            }
            ')' => {
                let Some(parens) = self.parens.checked_sub(1) else { return self.fail("unexpected right paren") };
                self.parens = parens;
                TokenKind::RightParen
            }
            c if is_word(c) => self.name(TokenKind::Word, TokenKind::Word)?,
            c => return self.fail(format!("unexpected {c:?} in action")),
        };
        self.push(kind, start);
        Ok(())
    }

    /// A run of space; but the one before `-}}` belongs to that.
    fn space(&mut self, start: usize) -> Result<(), ParseError> {
        let rest = self.text.get(start..).unwrap_or_default();
        let run = rest.len() - rest.trim_start_matches(is_space).len();
        let is_before_trim = rest.get(run..).is_some_and(|rest| rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(CLOSE)));
        self.at = start + run - usize::from(is_before_trim);
        if self.at != start {
            self.push(TokenKind::Space, start);
        }
        Ok(())
    }

    fn quoted(&mut self, quote: char, message: &str) -> Result<TokenKind, ParseError> {
        loop {
            match self.bump() {
                Some('\\') if self.rest().starts_with(|c| c != '\n') => {
                    self.bump();
                }
                None | Some('\n' | '\\') => return self.fail(message),
                Some(c) if c == quote => {
                    return Ok(if quote == '"' { TokenKind::Quoted } else { TokenKind::Character });
                }
                Some(_) => {}
            }
        }
    }

    /// A word, which may be none.
    fn name(&mut self, empty: TokenKind, named: TokenKind) -> Result<TokenKind, ParseError> {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(is_word).len();
        self.at += length;
        if !self.at_terminator() {
            return self.fail(format!("bad character {:?}", self.rest().chars().next().unwrap_or(' ')));
        }
        Ok(if length == 0 { empty } else { named })
    }

    fn number(&mut self) -> Result<TokenKind, ParseError> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut length = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        while let Some(byte) = bytes.get(length) {
            let before = length.checked_sub(1).and_then(|index| bytes.get(index));
            let is_sign = matches!(byte, b'+' | b'-') && matches!(before, Some(b'e' | b'E' | b'p' | b'P'));
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || is_sign) {
                break;
            }
            length += 1;
        }
        self.at += length;
        if self.rest().starts_with(is_word) {
            return self.fail(format!("bad number syntax: {rest:.20}"));
        }
        Ok(TokenKind::Number)
    }

    fn at_terminator(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with(|c| is_space(c) || ".,|:)(".contains(c)) || rest.starts_with(CLOSE)
    }

    /// Whether the action ends here, and if so, whether with `-}}`.
    fn at_close(&self) -> Option<bool> {
        let rest = self.rest();
        if rest.starts_with(CLOSE) {
            return Some(false);
        }
        let rest = rest.strip_prefix(is_space)?.strip_prefix('-')?;
        rest.starts_with(CLOSE).then_some(true)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn push_text(&mut self, start: usize, end: usize) {
        if start < end {
            self.push_range(TokenKind::Text, start, end);
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.push_range(kind, start, self.at);
    }

    fn push_range(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.tokens.push(Token { kind, range: Range { start: narrow(start), end: narrow(end) } });
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError { at: narrow(self.at.min(self.text.len())), message: message.into() })
    }
}

/// Files are far below 4 GiB: the caller sees to that.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_left_trim(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_space))
}
