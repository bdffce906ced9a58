//! Tokens of a program in Python: texts, names and signs. Comments and blanks are left out.

use bartizan_core::ByteRange;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text without anything to evaluate in it; its quotes are left out.
    Text,
    /// A text that has to be evaluated: with escapes, formatted, of bytes.
    Computed,
    Name,
    /// Any other character.
    Sign,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) range: ByteRange,
}

/// The tokens of a program. A text without an end is no token, and the last thing that is looked at.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let Some((inner, length)) = quoted(rest, first) else { break };
                // Letters right before it say how it is read: `f"…"`, `r'…'`.
                let prefix = tokens.last().filter(|token| token.kind == Kind::Name && token.range.end() == at && token.text.len() <= 2);
                let is_raw = prefix.is_some_and(|prefix| matches!(prefix.text, "r" | "R" | "u" | "U"));
                let is_computed = !is_raw && (prefix.is_some() || inner.contains('\\'));
                if prefix.is_some() {
                    tokens.pop();
                }
                let kind = if is_computed { Kind::Computed } else { Kind::Text };
                tokens.push(Token { kind, text: inner, range: ByteRange::new(at, at + length) });
                length
            }
            c if is_of_name(c) => {
                let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default();
                tokens.push(Token { kind: Kind::Name, text: name, range: ByteRange::new(at, at + length) });
                length
            }
            c => {
                if !c.is_whitespace() {
                    let sign = rest.get(..c.len_utf8()).unwrap_or_default();
                    tokens.push(Token { kind: Kind::Sign, text: sign, range: ByteRange::new(at, at + c.len_utf8()) });
                }
                c.len_utf8()
            }
        };
        at += length;
    }
    tokens
}

/// What stands in quotes, and how long it is with them.
fn quoted(rest: &str, quote: char) -> Option<(&str, usize)> {
    let mark = if rest.starts_with("\"\"\"") || rest.starts_with("'''") { rest.get(..3)? } else { rest.get(..1)? };
    let inner = rest.get(mark.len()..)?;
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        let ends = !is_escaped && c == quote && inner.get(at..).is_some_and(|rest| rest.starts_with(mark));
        if ends {
            return Some((inner.get(..at)?, mark.len() + at + mark.len()));
        }
        if c == '\n' && mark.len() == 1 && !is_escaped {
            return None;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}
