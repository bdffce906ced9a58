//! One line of a code-owners file.

use bartizan_core::Owner;

use super::{
    Dialect, Refusal,
    owner::{CodeOwner, owners},
};

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing: it is empty, a comment, or about approvals and not about owners.
    Empty,
    /// A section of GitLab's dialect begins.
    Section { headline: Headline, ignored: Vec<String> },
    /// Who is in a group, of Bitbucket's dialect.
    Group { name: String, members: Vec<Owner> },
    /// Who owns what.
    Rule(RuleLine),
}

/// `^[Name][2] @owner`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headline {
    pub(super) name: Box<str>,
    pub(super) is_optional: bool,
    pub(super) n_approvals: u32,
    /// Who owns the paths of lines that name nobody.
    pub(super) owners: Vec<CodeOwner>,
}

/// A pattern and owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RuleLine {
    /// Without the `!`. In all dialects but Gitea's escapes are still in it.
    pub(super) pattern: Vec<u8>,
    /// Whether it starts with `!`.
    pub(super) is_exclusion: bool,
    /// Whether no owner stands there, so that those of the section hold.
    pub(super) inherits: bool,
    pub(super) owners: Vec<CodeOwner>,
    /// Why some words are no owners.
    pub(super) ignored: Vec<String>,
}

impl Line {
    /// Reads a line without its line feed.
    pub(super) fn parse(text: &[u8], dialect: Dialect) -> Result<Self, Refusal> {
        let text = text.trim_ascii();
        match dialect {
            Dialect::GitHub => github(text),
            Dialect::GitLab => gitlab(text),
            Dialect::Bitbucket => bitbucket(text),
            Dialect::Gitea => gitea(text),
        }
    }
}

/// One wrong word spoils the line.
fn github(text: &[u8]) -> Result<Line, Refusal> {
    let mut words = words(text);
    let Some(pattern) = words.next() else { return Ok(Line::Empty) };
    let (owners, refused) = owners(words.map(<[u8]>::to_vec), Dialect::GitHub);
    match refused.into_iter().next() {
        Some(reason) => Err(Refusal::Line(reason)),
        None => Ok(Line::Rule(RuleLine { pattern: pattern.to_vec(), is_exclusion: false, inherits: false, owners, ignored: Vec::new() })),
    }
}

/// Wrong words are left out, and the line holds.
fn gitlab(text: &[u8]) -> Result<Line, Refusal> {
    if let Some((mut headline, rest)) = headline(text) {
        let (owners, ignored) = owners(words(rest).map(<[u8]>::to_vec), Dialect::GitLab);
        headline.owners = owners;
        return Ok(Line::Section { headline, ignored });
    }
    let mut words = words(text).peekable();
    let Some(pattern) = words.next() else { return Ok(Line::Empty) };
    let inherits = words.peek().is_none();
    let (owners, ignored) = owners(words.map(<[u8]>::to_vec), Dialect::GitLab);
    Ok(Line::Rule(match pattern.strip_prefix(b"!") {
        Some(pattern) => RuleLine { pattern: pattern.to_vec(), is_exclusion: true, inherits: false, owners: Vec::new(), ignored },
        None => RuleLine { pattern: pattern.to_vec(), is_exclusion: false, inherits, owners, ignored },
    }))
}

/// What lines of the add-on begin with that say who must approve, and how reviewers are chosen.
const SETTINGS: [&[u8]; 3] = [b"CODEOWNERS.", b"Check(", b"OverallCheck("];

/// Whether a line is written in Bitbucket's dialect and in no other one.
pub(super) fn is_of_bitbucket(line: &[u8]) -> bool {
    let has_selection = || {
        let mut words = bitbucket_words(line);
        words.drain(..words.len().min(1));
        words.iter().any(|word| word.starts_with(b"@") && [&b":random"[..], b":least_busy"].iter().any(|how| contains(word, how)))
    };
    line.starts_with(b"@@@") || SETTINGS.iter().any(|setting| line.starts_with(setting)) || has_selection()
}

fn bitbucket(text: &[u8]) -> Result<Line, Refusal> {
    if SETTINGS.iter().any(|setting| text.starts_with(setting)) {
        return Ok(Line::Empty);
    }
    let mut words = bitbucket_words(text).into_iter();
    let Some(first) = words.next() else { return Ok(Line::Empty) };
    let (owners, refused) = owners(words.map(|word| without_escapes(&word)), Dialect::Bitbucket);
    if let Some(name) = first.strip_prefix(b"@@@") {
        let name = String::from_utf8_lossy(&without_escapes(name)).into_owned();
        return Ok(Line::Group { name: format!("@@{name}"), members: owners.into_iter().map(|owner| owner.owner).collect() });
    }
    let (is_exclusion, pattern) = first.strip_prefix(b"!").map_or((false, &*first), |pattern| (true, pattern));
    let owners = if is_exclusion { Vec::new() } else { owners };
    Ok(Line::Rule(RuleLine { pattern: pattern.to_vec(), is_exclusion, inherits: false, owners, ignored: refused }))
}

/// Whether a line's pattern is a regular expression, and could be nothing else.
pub(super) fn is_of_gitea(line: &[u8]) -> bool {
    let Some(pattern) = words(line).next() else { return false };
    let is_group = || contains(pattern, b"(") && contains(pattern, b"|") && contains(pattern, b")");
    contains(pattern, br"\\.") || contains(pattern, b".+") || contains(pattern, b"[^") || pattern.ends_with(b"$") || is_group()
}

/// A line needs somebody; `\` takes the meaning from the next character, a `#` ends the line wherever it stands.
fn gitea(text: &[u8]) -> Result<Line, Refusal> {
    let mut words = gitea_words(text).into_iter();
    let Some(pattern) = words.next() else { return Ok(Line::Empty) };
    let (owners, ignored) = owners(words, Dialect::Gitea);
    if owners.is_empty() {
        let reason = ignored.into_iter().next().unwrap_or_else(|| "a line needs an expression and at least one owner".to_owned());
        return Err(Refusal::Line(reason));
    }
    let (is_exclusion, pattern) = pattern.strip_prefix(b"!").map_or((false, &*pattern), |pattern| (true, pattern));
    Ok(Line::Rule(RuleLine { pattern: pattern.to_vec(), is_exclusion, inherits: false, owners, ignored }))
}

/// Reads `[Name]`, `^[Name]` or `[Name][2]`; and what follows.
fn headline(text: &[u8]) -> Option<(Headline, &[u8])> {
    let (is_optional, rest) = text.strip_prefix(b"^").map_or((false, text), |rest| (true, rest));
    let rest = rest.strip_prefix(b"[")?;
    let end = memchr::memchr(b']', rest).filter(|&end| 0 < end)?;
    let (name, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
    let count = || {
        let (count, rest) = rest.strip_prefix(b"[").and_then(|rest| rest.split_at_checked(memchr::memchr(b']', rest)?))?;
        let digits = std::str::from_utf8(count).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((digits.parse().unwrap_or(0), rest.get(1..)?))
    };
    let (n_approvals, rest) = count().unwrap_or((0, rest));
    let name = String::from_utf8_lossy(name).trim().into();
    let is_end = rest.first().is_none_or(u8::is_ascii_whitespace);
    is_end.then_some((Headline { name, is_optional, n_approvals, owners: Vec::new() }, rest))
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

/// As above; but quotes hold words together, and one or two backslashes before a space do (Data Center 9 writes two).
fn bitbucket_words(text: &[u8]) -> Vec<Vec<u8>> {
    let (mut words, mut word): (Vec<Vec<u8>>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut is_quoted = false;
    for &byte in text {
        let is_escaped = word.last() == Some(&b'\\');
        if byte == b'#' && word.is_empty() {
            break;
        }
        if !byte.is_ascii_whitespace() || is_quoted {
            is_quoted ^= byte == b'"';
            word.push(byte);
        } else if is_escaped {
            while word.last() == Some(&b'\\') {
                word.pop();
            }
            word.extend([b'\\', byte]);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

fn without_escapes(word: &[u8]) -> Vec<u8> {
    word.iter().copied().filter(|byte| !matches!(byte, b'\\' | b'"')).collect()
}

fn gitea_words(text: &[u8]) -> Vec<Vec<u8>> {
    let (mut words, mut word): (Vec<Vec<u8>>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut is_escaped = false;
    for &byte in text {
        match byte {
            _ if is_escaped => {
                word.push(byte);
                is_escaped = false;
            }
            b'\\' => is_escaped = true,
            b'#' => break,
            b' ' | b'\t' => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(byte),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}
