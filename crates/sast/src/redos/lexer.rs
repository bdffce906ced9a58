//! Cuts regular expressions as the reference does, which is mostly as PCRE does.

use super::{Facts, Quantifier};

/// A token of a regular expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// What a quantifier may follow, but for groups.
    Item(Facts),
    Quantifier(Quantifier),
    /// `(?i)`.
    Options,
    Bar,
    Open,
    /// `(?(1)`: what follows are the branches.
    OpenConditional,
    /// `(?(?=`: what follows is an assertion, then the branches.
    OpenAssertion,
    Close,
    End,
}

/// Verbs that are skipped, with the text between `(*` and the name that they may carry.
const VERBS: [&str; 20] = [
    "NO_AUTO_POSSESS",
    "NO_START_OPT",
    "UTF8",
    "UTF16",
    "UTF32",
    "UTF",
    "UCP",
    "CR",
    "LF",
    "CRLF",
    "ANYCRLF",
    "ANY",
    "BSR_ANYCRLF",
    "BSR_UNICODE",
    "ACCEPT",
    "FAIL",
    "COMMIT",
    "PRUNE",
    "SKIP",
    "THEN",
];

/// Verbs with a name.
const VERBS_WITH_NAME: [&str; 4] = ["MARK:", "PRUNE:", "SKIP:", "THEN:"];

#[derive(Debug)]
pub(super) struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(pattern: &'t str) -> Self {
        Self { rest: pattern }
    }

    pub(super) fn next_token(&mut self) -> Token {
        loop {
            if let Some(length) = verb(self.rest).or_else(|| comment(self.rest)) {
                self.skip(length);
                continue;
            }
            return self.token();
        }
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn take(&mut self, prefix: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(prefix) else { return false };
        self.rest = rest;
        true
    }

    fn token(&mut self) -> Token {
        if self.take("\\Q") {
            return Token::Item(self.quoted());
        }
        if let Some((facts, length)) = reference(self.rest) {
            self.skip(length);
            return Token::Item(facts);
        }
        if let Some((quantifier, length)) = quantifier(self.rest) {
            self.skip(length);
            return Token::Quantifier(quantifier);
        }
        if let Some(length) = wrapped(self.rest, "(?", options, ")") {
            self.skip(length);
            return Token::Options;
        }
        if let Some(length) = wrapped(self.rest, "(?-", options, ")") {
            self.skip(length);
            return Token::Item(Facts::NOTHING);
        }
        if self.take("(?") {
            return self.group();
        }
        let Some(character) = self.rest.chars().next() else { return Token::End };
        self.skip(character.len_utf8());
        match character {
            '(' => Token::Open,
            ')' => Token::Close,
            '|' => Token::Bar,
            '[' => {
                self.class();
                Token::Item(Facts::CHARACTER)
            }
            '\\' => {
                self.skip(escape(self.rest));
                Token::Item(Facts::CHARACTER)
            }
            _ => Token::Item(Facts::CHARACTER),
        }
    }

    /// The rest of `\Q…\E`.
    fn quoted(&mut self) -> Facts {
        let end = self.rest.find("\\E").unwrap_or(self.rest.len());
        self.skip(end);
        self.take("\\E");
        if end == 0 { Facts::NOTHING } else { Facts::CHARACTER }
    }

    /// The rest of the beginning of a group.
    fn group(&mut self) -> Token {
        if self.rest.is_empty() {
            return Token::End;
        }
        let names: [(&str, Name, &str); 10] = [
            ("(", digits, ")"),
            ("(+", digits, ")"),
            ("(-", digits, ")"),
            ("(R", digits, ")"),
            ("(R&", name, ")"),
            ("(<", name, ">)"),
            ("('", name, "')"),
            ("(", name, ")"),
            ("<", name, ">"),
            ("'", name, "'"),
        ];
        for (before, name, after) in names {
            if let Some(length) = wrapped(self.rest, before, name, after) {
                self.skip(length);
                return if before.starts_with('(') { Token::OpenConditional } else { Token::Open };
            }
        }
        if ["(=", "(!", "(<="].iter().any(|prefix| self.take(prefix)) {
            return Token::OpenAssertion;
        }
        let n_options = options(self.rest);
        if self.rest.get(n_options..).is_some_and(|rest| rest.starts_with(':')) {
            self.skip(n_options + 1);
        } else if !(self.take("<=") || self.take("<!")) {
            // Of what isn't known one character belongs to the beginning of the group.
            self.skip(self.rest.chars().next().map_or(0, char::len_utf8));
        }
        Token::Open
    }

    /// The rest of `[…]`.
    fn class(&mut self) {
        self.take("^");
        loop {
            let mut characters = self.rest.chars();
            let Some(first) = characters.next() else { return };
            // A range goes before everything else, the end of the class included: `]-x` is one.
            if characters.next() == Some('-')
                && let Some(last) = characters.next().filter(|&last| last != ']')
            {
                self.skip(first.len_utf8() + 1 + last.len_utf8());
                continue;
            }
            if self.take("[:") {
                let n_hat = usize::from(self.rest.starts_with('^'));
                let n_name = self.rest.get(n_hat..).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_lowercase).count());
                let is_closed = self.rest.get(n_hat + n_name..).is_some_and(|rest| rest.starts_with(":]"));
                let length = if n_name != 0 && is_closed { n_hat + n_name + 2 } else { self.rest.chars().next().map_or(0, char::len_utf8) };
                self.skip(length);
                continue;
            }
            self.skip(first.len_utf8());
            match first {
                // The reference ends a class at a blank or a number sign as well.
                ']' | '#' | '\t'..='\r' | ' ' => return,
                '\\' => self.skip(escape(self.rest)),
                _ => {}
            }
        }
    }
}

/// The length of a name, or of what stands for one, at the beginning of a text; zero when there is none.
type Name = fn(&str) -> usize;

/// The length of a name between two texts.
fn wrapped(text: &str, before: &str, name: Name, after: &str) -> Option<usize> {
    let rest = text.strip_prefix(before)?;
    let length = name(rest);
    (length != 0 && rest.get(length..)?.starts_with(after)).then_some(before.len() + length + after.len())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn signed_digits(text: &str) -> usize {
    let n_sign = usize::from(text.starts_with('-'));
    match text.get(n_sign..).map_or(0, digits) {
        0 => 0,
        n_digits => n_sign + n_digits,
    }
}

fn name(text: &str) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if text.starts_with(|first: char| first.is_ascii_digit()) { 0 } else { text.bytes().take_while(is_name).count() }
}

fn options(text: &str) -> usize {
    text.bytes().take_while(|byte| b"iJmsUx".contains(byte)).count()
}

fn verb(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("(*")?;
    let is_verb = |verb: &str| rest.strip_prefix(verb).is_some_and(|rest| rest.starts_with(')'));
    if let Some(verb) = VERBS.into_iter().find(|verb| is_verb(verb)) {
        return Some("(*".len() + verb.len() + 1);
    }
    for limit in ["(*LIMIT_MATCH=", "(*LIMIT_RECURSION="] {
        if let Some(length) = wrapped(text, limit, digits, ")") {
            return Some(length);
        }
    }
    let verb = VERBS_WITH_NAME.into_iter().find(|verb| rest.starts_with(verb))?;
    let n_name = rest.get(verb.len()..)?.find(')')?;
    Some("(*".len() + verb.len() + n_name + 1)
}

/// A comment, of which the reference knows those of one character.
fn comment(text: &str) -> Option<usize> {
    match text.strip_prefix("(?#")?.as_bytes() {
        [character, b')', ..] if *character != b')' => Some("(?#".len() + 2),
        _ => None,
    }
}

/// A reference to a group, a call of one, or an assertion.
fn reference(text: &str) -> Option<(Facts, usize)> {
    for anchor in ["^", "$", "\\A", "\\Z", "\\z", "\\b", "\\B", "\\G", "(?C)", "(?R)"] {
        if text.starts_with(anchor) {
            return Some((Facts::CHARACTER, anchor.len()));
        }
    }
    if text.starts_with("\\K") {
        return Some((Facts::NOTHING, 2));
    }
    if let Some(rest) = text.strip_prefix('\\') {
        let length = signed_digits(rest);
        if rest.trim_start_matches('-').starts_with(|first: char| ('1'..='9').contains(&first)) && length != 0 {
            return Some((Facts::CHARACTER, 1 + length));
        }
    }
    let references: [(&str, Name, &str); 22] = [
        ("\\g{", signed_digits, "}"),
        ("\\g{", name, "}"),
        ("\\g", signed_digits, ""),
        ("\\k{", name, "}"),
        ("\\k<", name, ">"),
        ("\\k'", name, "'"),
        ("(?P=", name, ")"),
        ("(?C", digits, ")"),
        ("(?R", digits, ")"),
        ("(?", digits, ")"),
        ("(?+", digits, ")"),
        ("(?-", digits, ")"),
        ("(?&", name, ")"),
        ("(?P>", name, ")"),
        ("\\g<", digits, ">"),
        ("\\g'", digits, "'"),
        ("\\g<+", digits, ">"),
        ("\\g'+", digits, "'"),
        ("\\g<-", digits, ">"),
        ("\\g'-", digits, "'"),
        ("\\g<", name, ">"),
        ("\\g'", name, "'"),
    ];
    references.iter().find_map(|(before, name, after)| Some((Facts::CHARACTER, wrapped(text, before, *name, after)?)))
}

/// A quantifier, and its length.
fn quantifier(text: &str) -> Option<(Quantifier, usize)> {
    let (min, max, length) = match text.as_bytes().first()? {
        b'?' => (0, Some(1), 1),
        b'*' => (0, None, 1),
        b'+' => (1, None, 1),
        b'{' => braces(text)?,
        _ => return None,
    };
    let mode = text.as_bytes().get(length).filter(|mode| matches!(mode, b'?' | b'+'));
    let quantifier = Quantifier { min, max, is_possessive: mode == Some(&b'+') };
    Some((quantifier, length + usize::from(mode.is_some())))
}

/// `{1}`, `{1,2}`, `{,2}` or `{1,}`: the bounds, and the length.
fn braces(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let length = text.get(1..)?.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
    let (bounds, rest) = text.get(1..)?.split_at_checked(length)?;
    if !rest.starts_with('}') {
        return None;
    }
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (min, max) = match bounds.split_once(',') {
        None => {
            let count = number(bounds)?;
            (count, Some(count))
        }
        Some(("", max)) => (0, Some(number(max)?)),
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    Some((min, max, length + 2))
}

/// The length of what follows a backslash.
fn escape(rest: &str) -> usize {
    fn hex(text: &str) -> usize {
        text.bytes().take_while(u8::is_ascii_hexdigit).count()
    }
    fn property(text: &str) -> usize {
        let n_hat = usize::from(text.starts_with('^'));
        let name = text.get(n_hat..).unwrap_or_default();
        if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
            return 0;
        }
        n_hat + name.bytes().take_while(u8::is_ascii_alphanumeric).count()
    }
    let Some(first) = rest.chars().next() else { return 0 };
    let next = rest.as_bytes().get(1).copied().unwrap_or_default();
    let longer = match first {
        '0'..='9' => Some(digits(rest)),
        'c' if next.is_ascii() && next != 0 => Some(2),
        'o' => wrapped(rest, "o{", digits, "}"),
        'x' => wrapped(rest, "x", hex, "").or_else(|| wrapped(rest, "x{", hex, "}")),
        'u' => wrapped(rest, "u", hex, ""),
        'p' | 'P' if next.is_ascii_alphabetic() || next == b'_' => Some(2),
        'p' => wrapped(rest, "p{", property, "}"),
        'P' => wrapped(rest, "P{", property, "}"),
        _ => None,
    };
    longer.unwrap_or(first.len_utf8())
}
