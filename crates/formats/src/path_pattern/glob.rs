//! Wildcards within one segment of a path: `*` takes any characters, `?` takes one, and in fnmatch's dialect `[…]` one of several.

/// A segment with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Glob {
    // Never two `Any` in a row.
    tokens: Box<[Token]>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Token {
    Byte(u8),
    One,
    Any,
    Class(Class),
}

/// One of several characters, or with `[!…]` any other one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Class {
    is_negated: bool,
    ranges: Box<[(char, char)]>,
}

impl Glob {
    /// Reads a segment, square brackets as they are; nothing if it ends in a backslash that escapes nothing.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        Self::read(text, false)
    }

    /// Reads a segment as fnmatch does; nothing if a backslash escapes nothing or a bracket is not closed.
    pub(super) fn parse_fnmatch(text: &[u8]) -> Option<Self> {
        Self::read(text, true)
    }

    fn read(text: &[u8], has_classes: bool) -> Option<Self> {
        let mut tokens = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            tokens.push(match byte {
                b'\\' => {
                    let (&escaped, after) = rest.split_first()?;
                    rest = after;
                    Token::Byte(escaped)
                }
                b'?' => Token::One,
                b'*' if tokens.last() == Some(&Token::Any) => continue,
                b'*' => Token::Any,
                b'[' if has_classes => {
                    let (class, after) = Class::parse(rest)?;
                    rest = after;
                    Token::Class(class)
                }
                _ => Token::Byte(byte),
            });
        }
        Some(Self { tokens: tokens.into() })
    }

    /// The name that it stands for, if it has no wildcards.
    pub(super) fn literal(&self) -> Option<Vec<u8>> {
        self.tokens.iter().map(Token::byte).collect()
    }

    /// The extension, if this has the form `*.extension`.
    pub(super) fn extension(&self) -> Option<Vec<u8>> {
        let rest = self.tokens.strip_prefix(&[Token::Any, Token::Byte(b'.')])?;
        let extension: Option<Vec<u8>> = rest.iter().map(Token::byte).collect();
        extension.filter(|extension| !extension.contains(&b'.'))
    }

    /// Whether it matches the whole name. Takes at most time in proportion to both lengths multiplied: it goes back to the
    /// last `*` alone, because a longer take of an earlier one can't help.
    pub(super) fn is_match(&self, name: &[u8]) -> bool {
        let (mut token, mut at) = (0, 0);
        let mut last_any = None;
        loop {
            let step = match (self.tokens.get(token), name.get(at)) {
                (None, None) => return true,
                (Some(Token::Any), _) => {
                    last_any = Some((token + 1, at));
                    token += 1;
                    continue;
                }
                (Some(Token::Byte(expected)), Some(byte)) if expected == byte => 1,
                (Some(Token::One), Some(_)) => character_len(name, at),
                (Some(Token::Class(class)), Some(_)) if class.has(character(name, at)) => character_len(name, at),
                (_, _) => 0,
            };
            if step != 0 {
                token += 1;
                at += step;
                continue;
            }
            match last_any {
                Some((after, start)) if start < name.len() => {
                    last_any = Some((after, start + 1));
                    (token, at) = (after, start + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Token {
    const fn byte(&self) -> Option<u8> {
        match self {
            Self::Byte(byte) => Some(*byte),
            Self::One | Self::Any | Self::Class(_) => None,
        }
    }
}

impl Class {
    /// Reads what follows `[`, and says what follows `]`. Like Ruby's fnmatch: `!` and `^` negate, a backslash escapes, and a `]`
    /// closes wherever it stands.
    fn parse(text: &[u8]) -> Option<(Self, &[u8])> {
        let end = closing(text)?;
        let (inner, after) = (text.get(..end)?, text.get(end + 1..)?);
        let (is_negated, inner) = match inner.split_first() {
            Some((b'!' | b'^', rest)) => (true, rest),
            _ => (false, inner),
        };
        let mut characters = std::str::from_utf8(inner).ok()?.chars().peekable();
        let mut ranges = Vec::new();
        while let Some(first) = characters.next() {
            let first = if first == '\\' { characters.next()? } else { first };
            let mut ahead = characters.clone();
            let last = match (ahead.next(), ahead.next()) {
                (Some('-'), Some('\\')) => {
                    characters.nth(1);
                    characters.next()?
                }
                (Some('-'), Some(last)) => {
                    characters.nth(1);
                    last
                }
                _ => first,
            };
            ranges.push((first, last));
        }
        Some((Self { is_negated, ranges: ranges.into() }, after))
    }

    fn has(&self, character: Option<char>) -> bool {
        let is_listed = character.is_some_and(|c| self.ranges.iter().any(|&(first, last)| first <= c && c <= last));
        is_listed != self.is_negated
    }
}

/// Where the bracket is closed that was opened before the text.
fn closing(text: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    text.iter().position(|&byte| {
        let is_end = byte == b']' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

/// How many bytes the character at an offset has; a byte that is not UTF-8 counts as one.
fn character_len(name: &[u8], at: usize) -> usize {
    let rest = name.get(at + 1..).unwrap_or_default();
    1 + rest.iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count()
}

fn character(name: &[u8], at: usize) -> Option<char> {
    let bytes = name.get(at..at + character_len(name, at))?;
    std::str::from_utf8(bytes).ok()?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_whole_names() {
        let cases = [
            ("a*", "a", true),
            ("a*", "ab", true),
            ("a*", "ba", false),
            ("*a*b", "xxaybzb", true),
            ("*a*b", "ab", true),
            ("*a*b", "ba", false),
            ("?", "é", true),
            ("??", "é", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*.?s", "a.ts", true),
            ("", "", true),
            ("", "a", false),
            ("[ab]", "a", false),
            ("[ab]", "[ab]", true),
        ];
        for (glob, name, expected) in cases {
            assert_eq!(Glob::parse(glob.as_bytes()).unwrap().is_match(name.as_bytes()), expected, "{glob} {name}");
        }
    }

    #[test]
    fn fnmatch_knows_classes() {
        let cases = [
            ("[ab]*", "bcd", true),
            ("[ab]*", "cab", false),
            ("[!ab]", "c", true),
            ("[^ab]", "a", false),
            ("[a-cx-z]", "y", true),
            ("[a-c]", "d", false),
            ("[é-ü]", "ö", true),
            ("[a\\]]", "]", true),
            ("[a-]", "-", true),
            ("[]", "a", false),
            ("x[0-9]", "x", false),
            ("\\[a]", "[a]", true),
        ];
        for (glob, name, expected) in cases {
            assert_eq!(Glob::parse_fnmatch(glob.as_bytes()).unwrap().is_match(name.as_bytes()), expected, "{glob} {name}");
        }
        assert_eq!(Glob::parse_fnmatch(b"[ab"), None);
        assert_eq!(Glob::parse_fnmatch(b"[a\\"), None);
    }
}
