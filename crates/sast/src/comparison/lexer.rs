//! Cuts comparisons into tokens.

use super::{ComparisonError, Value};

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) at: usize,
    pub(super) what: What<'t>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What<'t> {
    Int(i64),
    Float(f64),
    /// The content between the quotes, where it begins, and whether it is an `f"…"`.
    Text {
        content: &'t str,
        content_at: usize,
        is_formatted: bool,
    },
    /// `$X` or `$...X`.
    Metavariable(&'t str),
    /// A name or a word like `and`.
    Name(&'t str),
    Operator(&'static str),
    End,
}

impl What<'_> {
    /// How the token is shown in messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Int(value) => format!("`{value}`"),
            Self::Float(value) => format!("`{value}`"),
            Self::Text { .. } => "a string".to_owned(),
            Self::Metavariable(name) | Self::Name(name) => format!("`{name}`"),
            Self::Operator(operator) => format!("`{operator}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longer ones first.
const OPERATORS: [&str; 29] = [
    "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "<>", ":=", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%", "&", "|", "^", "~",
    "<", ">", ":", "@",
];

/// The tokens of a text that begins at an offset of the comparison; the last one is [`What::End`].
pub(super) fn tokens(text: &str, offset: usize) -> Result<Vec<Token<'_>>, ComparisonError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += blanks(text.get(at..).unwrap_or_default());
        let tail = text.get(at..).unwrap_or_default();
        let (what, length) = token(tail, at + offset)?;
        tokens.push(Token { at: at + offset, what });
        if length == 0 {
            return Ok(tokens);
        }
        at += length;
    }
}

/// The length of blanks and comments.
fn blanks(text: &str) -> usize {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    text.len() - rest.len()
}

fn token(tail: &str, at: usize) -> Result<(What<'_>, usize), ComparisonError> {
    let Some(first) = tail.chars().next() else { return Ok((What::End, 0)) };
    if let Some(name) = metavariable(tail) {
        return Ok((What::Metavariable(name), name.len()));
    }
    let is_decimal = first == '.' && tail.get(1..).is_some_and(|rest| rest.starts_with(|second: char| second.is_ascii_digit()));
    if first.is_ascii_digit() || is_decimal {
        return number(tail, at);
    }
    if let Some(text) = string(tail, at)? {
        return Ok(text);
    }
    let n_name = tail.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(tail.len());
    if let Some(name) = tail.get(..n_name).filter(|name| !name.is_empty()) {
        return Ok((What::Name(name), n_name));
    }
    match OPERATORS.into_iter().find(|operator| tail.starts_with(operator)) {
        Some(operator) => Ok((What::Operator(operator), operator.len())),
        None => Err(ComparisonError::Unexpected { at, expected: "an expression or an operator", found: format!("`{first}`") }),
    }
}

/// `$X`, `$_X`, `$1` or `$...X` at the beginning of a text.
fn metavariable(tail: &str) -> Option<&str> {
    let sign = if tail.starts_with("$...") { "$..." } else { "$" };
    let name = tail.strip_prefix(sign)?;
    let is_name = |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
    let length = name.find(|character| !is_name(character)).unwrap_or(name.len());
    if length == 0 { None } else { tail.get(..sign.len() + length) }
}

fn number(tail: &str, at: usize) -> Result<(What<'_>, usize), ComparisonError> {
    let mut length = 0;
    for character in tail.chars() {
        let before = tail.get(..length).unwrap_or_default();
        let is_exponent = matches!(character, '+' | '-') && before.ends_with(['e', 'E']) && !before.starts_with("0x");
        if !(character.is_ascii_alphanumeric() || matches!(character, '_' | '.') || is_exponent) {
            break;
        }
        length += character.len_utf8();
    }
    let number = tail.get(..length).unwrap_or_default();
    if let Some(value) = Value::integer(number, None) {
        return Ok((What::Int(value), length));
    }
    let is_float = number.contains(['.', 'e', 'E']) && !number.starts_with("0x");
    match number.replace('_', "").parse() {
        Ok(value) if is_float => Ok((What::Float(value), length)),
        _ => Err(ComparisonError::InvalidNumber { at, number: number.to_owned() }),
    }
}

/// A string at the beginning of a text. Escapes stay as they are written, so that a raw string is a string like others.
fn string(tail: &str, at: usize) -> Result<Option<(What<'_>, usize)>, ComparisonError> {
    let n_prefix = tail.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    if !tail.get(n_prefix..).is_some_and(|quoted| quoted.starts_with(['"', '\''])) {
        return Ok(None);
    }
    let prefix = tail.get(..n_prefix).unwrap_or_default();
    let is_formatted = match prefix {
        "" | "r" | "R" | "u" | "U" => false,
        "f" | "F" | "fr" | "fR" | "Fr" | "FR" | "rf" | "rF" | "Rf" | "RF" => true,
        _ => return Ok(None),
    };
    let quoted = tail.get(n_prefix..).unwrap_or_default();
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| quoted.starts_with(quote)).unwrap_or("\"");
    let begin = n_prefix + quote.len();
    let mut end = begin;
    loop {
        let rest = tail.get(end..).unwrap_or_default();
        if rest.starts_with(quote) {
            let content = tail.get(begin..end).unwrap_or_default();
            let what = What::Text { content, content_at: at + begin, is_formatted };
            return Ok(Some((what, end + quote.len())));
        }
        let mut characters = rest.chars();
        match characters.next() {
            None => return Err(ComparisonError::UnclosedString { at }),
            Some('\n') if quote.len() == 1 => return Err(ComparisonError::UnclosedString { at }),
            Some('\\') => end += 1 + characters.next().map_or(0, char::len_utf8),
            Some(character) => end += character.len_utf8(),
        }
    }
}
