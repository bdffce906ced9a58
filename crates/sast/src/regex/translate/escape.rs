//! What stands behind a backslash.

use super::{ANYTHING, Engine, RegexError, Translator};

/// What an escape means.
pub(super) enum Escaped {
    /// This character.
    Char(char),
    /// One of these; the inside of a class.
    Set(&'static str),
    /// None of these.
    NotSet(&'static str),
    /// A property of Unicode, as it is written for the engines.
    Property(String),
    /// Something else, named by its letter.
    Other(char),
}

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\x{9}-\x{d} ";
const HORIZONTAL: &str = r"\x{9} \x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}";
const VERTICAL: &str = r"\x{a}-\x{d}\x{85}\x{2028}\x{2029}";

impl Translator<'_> {
    /// Writes an escape outside of a class.
    pub(super) fn escape(&mut self) -> Result<(), RegexError> {
        let start = self.offset;
        if self.eat(r"\Q") {
            self.quoted();
            return Ok(());
        }
        if self.eat(r"\E") {
            return Ok(());
        }
        match self.escaped(false)? {
            Escaped::Char(character) => self.push_char(character),
            Escaped::Set(set) => self.push_atom(&format!("[{set}]")),
            Escaped::NotSet(set) => self.push_atom(&format!("[^{set}]")),
            Escaped::Property(text) => self.push_atom(&text),
            Escaped::Other(letter) => return self.assertion(letter, start),
        }
        Ok(())
    }

    /// Writes the rest of `\Q…\E`.
    fn quoted(&mut self) {
        while !self.eat(r"\E") {
            let Some(character) = self.bump() else { break };
            self.push_char(character);
        }
    }

    fn assertion(&mut self, letter: char, start: usize) -> Result<(), RegexError> {
        match letter {
            // The engines differ in how they write a boundary that knows ASCII only.
            'b' if self.engine == Engine::Linear => self.push_assertion(r"(?-u:\b)"),
            'b' => self.push_assertion(&format!("(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))")),
            'B' => {
                let text = format!("(?:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))");
                self.push_hard(&text, "(?:)");
            }
            'A' => self.push_assertion(r"\A"),
            'z' => self.push_assertion(r"\z"),
            'Z' => self.end(),
            'G' => self.push_hard(r"\G", "(?:)"),
            'K' => self.push_hard(r"\K", "(?:)"),
            'N' => self.push_atom(r"[^\n]"),
            'R' => self.push_atom(&format!(r"(?:\r\n|[{VERTICAL}])")),
            'g' => return self.group_reference(start),
            'k' => return self.named_reference(start),
            digit if digit.is_ascii_digit() => return self.numbered_reference(start),
            _ => return Err(RegexError { offset: start, message: format!(r"`\{letter}` is not supported") }),
        }
        Ok(())
    }

    /// Reads an escape; the place is at the backslash.
    pub(super) fn escaped(&mut self, in_class: bool) -> Result<Escaped, RegexError> {
        let start = self.offset;
        self.bump();
        let Some(character) = self.bump() else {
            return Err(RegexError { offset: start, message: "nothing stands behind the backslash".to_owned() });
        };
        Ok(match character {
            'a' => Escaped::Char('\u{7}'),
            'e' => Escaped::Char('\u{1b}'),
            'f' => Escaped::Char('\u{c}'),
            'n' => Escaped::Char('\n'),
            'r' => Escaped::Char('\r'),
            't' => Escaped::Char('\t'),
            'b' if in_class => Escaped::Char('\u{8}'),
            'd' => Escaped::Set(DIGIT),
            'D' => Escaped::NotSet(DIGIT),
            'w' => Escaped::Set(WORD),
            'W' => Escaped::NotSet(WORD),
            's' => Escaped::Set(SPACE),
            'S' => Escaped::NotSet(SPACE),
            'h' => Escaped::Set(HORIZONTAL),
            'H' => Escaped::NotSet(HORIZONTAL),
            'v' => Escaped::Set(VERTICAL),
            'V' => Escaped::NotSet(VERTICAL),
            'c' => Escaped::Char(self.control(start)?),
            'x' => Escaped::Char(self.hexadecimal(start)?),
            'o' => {
                let digits = if self.eat("{") { self.until('}') } else { None };
                Escaped::Char(code_point(digits.unwrap_or_default(), 8, start)?)
            }
            'p' | 'P' => Escaped::Property(self.property(character == 'P', start)?),
            'N' if self.eat("{U+") => Escaped::Char(code_point(self.until('}').unwrap_or_default(), 16, start)?),
            '1'..='9' if !in_class && self.is_reference(start) => Escaped::Other(character),
            '0'..='9' => Escaped::Char(self.octal(start)?),
            'A' | 'B' | 'G' | 'K' | 'N' | 'R' | 'Z' | 'b' | 'g' | 'k' | 'z' if !in_class => Escaped::Other(character),
            _ if character.is_ascii_alphabetic() => {
                let place = if in_class { " in a class" } else { "" };
                return Err(RegexError { offset: start, message: format!(r"`\{character}` is not supported{place}") });
            }
            _ => Escaped::Char(character),
        })
    }

    /// Whether this is `\1` to `\9`, or more where there are so many groups.
    fn is_reference(&mut self, start: usize) -> bool {
        let number = self.digits_behind(start).parse::<usize>();
        number.is_ok_and(|number| number < 10 || number <= self.n_groups_total())
    }

    fn digits_behind(&self, backslash: usize) -> &str {
        let rest = self.source.get(backslash + 1..).unwrap_or_default();
        rest.get(..rest.bytes().take_while(u8::is_ascii_digit).count()).unwrap_or_default()
    }

    /// Up to three octal digits.
    fn octal(&mut self, start: usize) -> Result<char, RegexError> {
        let digits: String = self.digits_behind(start).chars().take(3).take_while(|digit| *digit < '8').collect();
        self.offset = start + 1 + digits.len();
        if digits.is_empty() {
            return Err(RegexError { offset: start, message: "no group has this number".to_owned() });
        }
        code_point(&digits, 8, start)
    }

    fn control(&mut self, start: usize) -> Result<char, RegexError> {
        let letter = self.bump().filter(char::is_ascii_graphic);
        let byte = letter.and_then(|letter| u8::try_from(letter.to_ascii_uppercase()).ok());
        byte.map(|byte| char::from(byte ^ 0x40)).ok_or_else(|| RegexError { offset: start, message: r"`\c` needs a letter".to_owned() })
    }

    fn hexadecimal(&mut self, start: usize) -> Result<char, RegexError> {
        if self.eat("{") {
            return code_point(self.until('}').unwrap_or_default(), 16, start);
        }
        let n_digits = self.rest().bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
        let digits = self.rest().get(..n_digits).filter(|digits| !digits.is_empty()).unwrap_or("0");
        self.offset += n_digits;
        code_point(digits, 16, start)
    }

    /// `\pL`, `\p{Greek}`, `\P{^L}`.
    fn property(&mut self, is_negated: bool, start: usize) -> Result<String, RegexError> {
        let name = if self.eat("{") {
            self.until('}').unwrap_or_default().trim()
        } else {
            let length = self.peek().map_or(0, char::len_utf8);
            let name = self.rest().get(..length).unwrap_or_default();
            self.offset += length;
            name
        };
        let (name, is_negated) = name.strip_prefix('^').map_or((name, is_negated), |name| (name, !is_negated));
        if name.is_empty() || !name.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '&' | ' ' | '=')) {
            return Err(RegexError { offset: start, message: "this is no property".to_owned() });
        }
        let caret = if is_negated { "^" } else { "" };
        Ok(match name {
            "L&" => format!(r"[{caret}\p{{Ll}}\p{{Lu}}\p{{Lt}}]"),
            "Any" => format!(r"[{caret}\x{{0}}-\x{{10ffff}}]"),
            "Xan" => format!(r"[{caret}\p{{L}}\p{{N}}]"),
            "Xwd" => format!(r"[{caret}\p{{L}}\p{{N}}_]"),
            "Xsp" | "Xps" => format!(r"[{caret}\p{{Z}}{SPACE}]"),
            _ if is_negated => format!(r"\P{{{name}}}"),
            _ => format!(r"\p{{{name}}}"),
        })
    }

    /// A back-reference by number.
    fn numbered_reference(&mut self, start: usize) -> Result<(), RegexError> {
        let digits = self.digits_behind(start).to_owned();
        self.offset = start + 1 + digits.len();
        self.reference(&digits, start)
    }

    /// `\g1`, `\g{-1}`, `\g{name}`, and the calls `\g<name>` and `\g'1'`.
    fn group_reference(&mut self, start: usize) -> Result<(), RegexError> {
        for (open, close) in [("<", '>'), ("'", '\'')] {
            if self.eat(open) {
                let name = self.until(close).unwrap_or_default();
                return self.call(name, start);
            }
        }
        let name = if self.eat("{") {
            self.until('}').unwrap_or_default()
        } else {
            let n_bytes = self.rest().bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
            let name = self.rest().get(..n_bytes).unwrap_or_default();
            self.offset += n_bytes;
            name
        };
        self.reference(name, start)
    }

    /// `\k<name>`, `\k'name'`, `\k{name}`.
    fn named_reference(&mut self, start: usize) -> Result<(), RegexError> {
        for (open, close) in [("<", '>'), ("'", '\''), ("{", '}')] {
            if self.eat(open) {
                let name = self.until(close).unwrap_or_default();
                return self.reference(name, start);
            }
        }
        Err(RegexError { offset: start, message: r"`\k` needs a name".to_owned() })
    }

    /// Writes a back-reference to a group, by its number, its distance, or its name.
    pub(super) fn reference(&mut self, name: &str, start: usize) -> Result<(), RegexError> {
        let number = self.number_of(name, start)?;
        if number == 0 {
            return Err(RegexError { offset: start, message: "there is no group 0".to_owned() });
        }
        self.push_hard(&format!(r"(?:\{number})"), &format!("(?:{ANYTHING})"));
        Ok(())
    }

    /// Writes a call of a group: its expression once more.
    pub(super) fn call(&mut self, name: &str, start: usize) -> Result<(), RegexError> {
        let number = self.number_of(name, start)?;
        self.push_hard(&format!(r"\g<{number}>"), &format!("(?:{ANYTHING})"));
        Ok(())
    }

    /// The number of a group.
    pub(super) fn number_of(&mut self, name: &str, start: usize) -> Result<usize, RegexError> {
        // The group that opened last has this number.
        let n_open = self.names.len().saturating_sub(1);
        let number = if let Some(distance) = name.strip_prefix('-') {
            distance.parse().ok().and_then(|distance: usize| (n_open + 1).checked_sub(distance))
        } else if let Some(distance) = name.strip_prefix('+') {
            distance.parse().ok().and_then(|distance: usize| n_open.checked_add(distance))
        } else if let Ok(number) = name.parse() {
            Some(number)
        } else {
            self.names.iter().position(|known| known.as_deref() == Some(name))
        };
        let n_groups = self.n_groups_total();
        let number = number
            .filter(|&number| number <= n_groups)
            .ok_or_else(|| RegexError { offset: start, message: format!("there is no group `{}`", super::shown(name)) })?;
        if self.last_reference.is_none_or(|(last, _)| last < number) {
            self.last_reference = Some((number, start));
        }
        Ok(number)
    }

    /// How many groups the whole expression has.
    fn n_groups_total(&mut self) -> usize {
        *self.n_groups_total.get_or_insert_with(|| count_groups(self.source))
    }
}

fn code_point(digits: &str, radix: u32, start: usize) -> Result<char, RegexError> {
    let character = u32::from_str_radix(digits.trim(), radix).ok().and_then(char::from_u32);
    character.ok_or_else(|| RegexError { offset: start, message: "this is no code point".to_owned() })
}

/// Counts the groups that capture; classes, quoted and escaped signs are left out. Comments of `(?x)` are not, so that there
/// may be fewer.
fn count_groups(source: &str) -> usize {
    let mut n_groups = 0;
    let mut rest = source;
    while let Some(start) = rest.find(['\\', '[', '(']) {
        rest = rest.get(start..).unwrap_or_default();
        if let Some(behind) = rest.strip_prefix(r"\Q") {
            rest = behind.split_once(r"\E").map_or("", |(_, behind)| behind);
        } else if rest.starts_with('\\') {
            rest = behind_escape(rest);
        } else if let Some(inside) = rest.strip_prefix('[') {
            rest = behind_class(inside);
        } else {
            let inside = rest.get(1..).unwrap_or_default();
            let looks_behind = inside.starts_with("?<=") || inside.starts_with("?<!");
            if inside.starts_with("?(") || inside.starts_with("?#") {
                rest = inside.split_once(')').map_or("", |(_, behind)| behind);
                continue;
            }
            let is_named = !looks_behind && ["?P<", "?<", "?'"].iter().any(|open| inside.starts_with(open));
            if is_named || !inside.starts_with(['?', '*']) {
                n_groups += 1;
            }
            rest = inside;
        }
    }
    n_groups
}

fn behind_escape(text: &str) -> &str {
    let mut characters = text.chars();
    characters.nth(1);
    characters.as_str()
}

/// What stands behind a class that was opened.
fn behind_class(inside: &str) -> &str {
    let inside = inside.strip_prefix('^').unwrap_or(inside);
    let mut rest = inside.strip_prefix(']').unwrap_or(inside);
    while let Some(start) = rest.find(['\\', '[', ']']) {
        rest = rest.get(start..).unwrap_or_default();
        if let Some(behind) = rest.strip_prefix(']') {
            return behind;
        }
        if let Some(inside) = rest.strip_prefix("[:") {
            rest = inside.split_once(":]").map_or(inside, |(_, behind)| behind);
        } else if rest.starts_with('\\') {
            rest = behind_escape(rest);
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    ""
}
