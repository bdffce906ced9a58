//! One line of a code-owners file.

use bartizan_core::Owner;

use super::{Dialect, Refusal};

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing: it is empty or a comment.
    Empty,
    /// A section of GitLab's dialect begins; who owns its paths unless a line says otherwise.
    Section { owners: Vec<Owner> },
    /// Who owns what.
    Rule {
        /// Escapes are still in it.
        pattern: Vec<u8>,
        owners: Vec<Owner>,
    },
}

impl Line {
    /// Reads a line without its line feed.
    pub(super) fn parse(text: &[u8], dialect: Dialect) -> Result<Self, Refusal> {
        let text = text.trim_ascii();
        if dialect == Dialect::GitLab
            && let Some(rest) = after_headline(text)
        {
            return Ok(Self::Section { owners: owners(words(rest), dialect)? });
        }
        let mut words = words(text);
        let Some(pattern) = words.next() else { return Ok(Self::Empty) };
        Ok(Self::Rule { pattern: pattern.to_vec(), owners: owners(words, dialect)? })
    }
}

/// What follows `[Name]`, `^[Name]` or `[Name][2]`.
fn after_headline(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"^").unwrap_or(text).strip_prefix(b"[")?;
    let end = memchr::memchr(b']', rest).filter(|&end| 0 < end)?;
    let rest = rest.get(end + 1..)?;
    let after_count = || {
        let (count, rest) = rest.strip_prefix(b"[").and_then(|rest| rest.split_at_checked(memchr::memchr(b']', rest)?))?;
        count.iter().all(u8::is_ascii_digit).then_some(rest.get(1..)?)
    };
    let rest = after_count().unwrap_or(rest);
    rest.first().is_none_or(u8::is_ascii_whitespace).then_some(rest)
}

/// Words between white space that is not escaped, up to a word that starts a comment.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() || rest.starts_with(b"#") {
            return None;
        }
        let mut is_escaped = false;
        let is_end = |&byte: &u8| {
            let is_end = byte.is_ascii_whitespace() && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        };
        let end = rest.iter().position(is_end).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

fn owners<'a>(words: impl Iterator<Item = &'a [u8]>, dialect: Dialect) -> Result<Vec<Owner>, Refusal> {
    words.map(|word| owner(word, dialect).ok_or_else(|| Refusal::Line(refusal(word)))).collect()
}

fn refusal(word: &[u8]) -> String {
    let shown = bartizan_core::ArtifactPath::from_bytes(word);
    format!("`{shown}` is no owner: expected `@user`, `@organization/team` or an e-mail address")
}

fn owner(word: &[u8], dialect: Dialect) -> Option<Owner> {
    const MAX_OWNER_BYTES: usize = 320;
    let text = std::str::from_utf8(word).ok().filter(|text| text.len() <= MAX_OWNER_BYTES)?;
    let is_owner = match text.strip_prefix('@') {
        Some(name) => is_name(name, dialect),
        None => is_address(text),
    };
    is_owner.then(|| Owner(text.to_owned()))
}

fn is_name(name: &str, dialect: Dialect) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let n_parts = name.split('/').count();
    match dialect {
        Dialect::GitHub => n_parts <= 2 && name.split('/').all(is_part),
        // `@group/sub-group/team`, and roles: `@@maintainer`.
        Dialect::GitLab => name.strip_prefix('@').unwrap_or(name).split('/').all(is_part),
    }
}

fn is_address(text: &str) -> bool {
    let is_plain = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '@');
    text.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host) && host.contains('.'))
}
