//! Wildcards within one segment of a path: `*` takes any characters, `?` takes one.

/// A segment with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Glob {
    // Never two `Any` in a row.
    tokens: Box<[Token]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Token {
    Byte(u8),
    One,
    Any,
}

impl Glob {
    /// Reads a segment; nothing if it ends in a backslash that escapes nothing.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut tokens = Vec::with_capacity(text.len());
        let mut bytes = text.iter();
        while let Some(&byte) = bytes.next() {
            tokens.push(match byte {
                b'\\' => Token::Byte(*bytes.next()?),
                b'?' => Token::One,
                b'*' if tokens.last() == Some(&Token::Any) => continue,
                b'*' => Token::Any,
                _ => Token::Byte(byte),
            });
        }
        Some(Self { tokens: tokens.into() })
    }

    /// The name that it stands for, if it has no wildcards.
    pub(super) fn literal(&self) -> Option<Vec<u8>> {
        self.tokens.iter().map(|token| token.byte()).collect()
    }

    /// The extension, if this has the form `*.extension`.
    pub(super) fn extension(&self) -> Option<Vec<u8>> {
        let rest = self.tokens.strip_prefix(&[Token::Any, Token::Byte(b'.')])?;
        let extension: Option<Vec<u8>> = rest.iter().map(|token| token.byte()).collect();
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
    const fn byte(self) -> Option<u8> {
        match self {
            Self::Byte(byte) => Some(byte),
            Self::One | Self::Any => None,
        }
    }
}

/// How many bytes the character at an offset has; a byte that is not UTF-8 counts as one.
fn character_len(name: &[u8], at: usize) -> usize {
    let rest = name.get(at + 1..).unwrap_or_default();
    1 + rest.iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count()
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
        ];
        for (glob, name, expected) in cases {
            assert_eq!(Glob::parse(glob.as_bytes()).unwrap().is_match(name.as_bytes()), expected, "{glob} {name}");
        }
    }
}
