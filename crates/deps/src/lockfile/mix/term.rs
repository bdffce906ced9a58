//! Literal terms of Elixir: atoms, texts, numbers, tuples, lists, and lists with keys.

use std::borrow::Cow;

use bartizan_core::ByteRange;

/// How deeply terms may be nested in each other.
const MAX_DEPTH: usize = 32;

/// A term and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term<'t> {
    pub(super) range: ByteRange,
    pub(super) kind: Kind<'t>,
}

/// What a term is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// `:name`, `true`, or a number, as it is written.
    Atom(&'t str),
    /// `"text"`.
    Text(Cow<'t, str>),
    /// `{…}` or `[…]`.
    Items(Vec<Term<'t>>),
    /// `key: value` in a list.
    Pair(&'t str, Box<Term<'t>>),
}

impl<'t> Term<'t> {
    /// The name of the atom that this is.
    pub(super) const fn atom(&self) -> Option<&'t str> {
        match self.kind {
            Kind::Atom(name) => Some(name),
            Kind::Text(_) | Kind::Items(_) | Kind::Pair(..) => None,
        }
    }

    /// The text that this is.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Atom(_) | Kind::Items(_) | Kind::Pair(..) => None,
        }
    }

    /// The terms of the tuple or list that this is.
    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::Items(items) => items,
            Kind::Atom(_) | Kind::Text(_) | Kind::Pair(..) => &[],
        }
    }
}

/// The key that a line begins with, `"name":` or `"name" =>`, and where what follows begins in the line.
pub(super) fn key(line: &str) -> Option<(&str, usize)> {
    let (name, rest) = line.strip_prefix('"')?.split_once('"')?;
    let rest = rest.trim_start();
    let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix("=>"))?.trim_start();
    Some((name, line.len() - value.len()))
}

/// Reads the term at a place, and says where it ends.
pub(super) fn read(text: &str, at: usize) -> Result<(Term<'_>, usize), String> {
    read_within(text, at, 0)
}

fn read_within(text: &str, at: usize, depth: usize) -> Result<(Term<'_>, usize), String> {
    if MAX_DEPTH < depth {
        return Err(format!("terms are nested more than {MAX_DEPTH} deep"));
    }
    let at = skip_blank(text, at);
    let rest = text.get(at..).unwrap_or_default();
    let term = |kind, end| (Term { range: ByteRange::new(at, end), kind }, end);
    match rest.chars().next() {
        Some('{') => read_items(text, at, '}', depth),
        Some('[') => read_items(text, at, ']', depth),
        Some('"') => {
            let (content, end) = read_text(text, at)?;
            Ok(term(Kind::Text(content), end))
        }
        Some(first) if first == ':' || is_word(first) => {
            let word = rest.strip_prefix(':').unwrap_or(rest);
            if word.starts_with('"') {
                // `:"an atom"`.
                let (_, end) = read_text(text, at + 1)?;
                let name = text.get(at + 2..end.saturating_sub(1)).unwrap_or_default();
                return Ok(term(Kind::Atom(name), end));
            }
            let start = at + rest.len() - word.len();
            let end = start + word.find(|c| !is_word(c)).unwrap_or(word.len());
            let name = text.get(start..end).unwrap_or_default();
            let is_key = start == at && text.get(end..).is_some_and(|rest| rest.starts_with(':'));
            if !is_key {
                return Ok(term(Kind::Atom(name), end));
            }
            let (value, end) = read_within(text, end + 1, depth + 1)?;
            Ok(term(Kind::Pair(name, Box::new(value)), end))
        }
        Some(other) => Err(format!("`{other}` begins no term")),
        None => Err("the file ends in it".to_owned()),
    }
}

fn read_items(text: &str, start: usize, closing: char, depth: usize) -> Result<(Term<'_>, usize), String> {
    let (mut items, mut at) = (Vec::new(), start + 1);
    loop {
        at = skip_blank(text, at);
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(closing) {
            let end = at + closing.len_utf8();
            return Ok((Term { range: ByteRange::new(start, end), kind: Kind::Items(items) }, end));
        }
        if rest.starts_with(',') {
            at += 1;
            continue;
        }
        let (item, end) = read_within(text, at, depth + 1)?;
        items.push(item);
        at = end;
    }
}

/// A text in quotes, and where it ends.
fn read_text(text: &str, start: usize) -> Result<(Cow<'_, str>, usize), String> {
    let content = text.get(start + 1..).unwrap_or_default();
    let mut is_escaped = false;
    for (offset, character) in content.char_indices() {
        if !is_escaped && character == '"' {
            let plain = content.get(..offset).unwrap_or_default();
            let own =
                if plain.contains('\\') { Cow::Owned(plain.replace("\\\"", "\"").replace("\\\\", "\\")) } else { Cow::Borrowed(plain) };
            return Ok((own, start + offset + 2));
        }
        is_escaped = !is_escaped && character == '\\';
    }
    Err("a text has no end".to_owned())
}

fn skip_blank(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}

/// What atoms and numbers are made of.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '?' | '!' | '.' | '-' | '+')
}
