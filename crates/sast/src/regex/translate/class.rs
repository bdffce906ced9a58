//! `[…]`

use std::fmt::Write;

use super::{RegexError, Translator, escape::Escaped};

/// One item of a class.
enum Item {
    Char(char),
    /// The inside of a class.
    Set(String),
}

/// The names that may stand as `[:name:]`.
const POSIX: [&str; 14] =
    ["alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit"];

impl Translator<'_> {
    /// Writes a class.
    pub(super) fn class(&mut self) -> Result<(), RegexError> {
        let start = self.offset;
        let unclosed = || RegexError { offset: start, message: "the class has no closing `]`".to_owned() };
        self.bump();
        let mut class = String::from(if self.eat("^") { "[^" } else { "[" });
        let mut is_first = true;
        loop {
            let place = self.offset;
            if self.eat(r"\E") {
                continue;
            }
            if self.eat(r"\Q") {
                while !self.eat(r"\E") {
                    push_class_char(self.bump().ok_or_else(unclosed)?, &mut class);
                }
                is_first = false;
                continue;
            }
            match self.peek() {
                None => return Err(unclosed()),
                Some(']') if !is_first => break,
                Some(_) => is_first = false,
            }
            let item = self.class_item()?;
            // A hyphen between two characters makes a range; everywhere else it is a hyphen.
            let is_range = self.rest().starts_with('-') && !self.rest().starts_with("-]");
            match item {
                Item::Set(set) => class.push_str(&set),
                Item::Char(low) if is_range => {
                    self.bump();
                    if self.peek().is_none() {
                        return Err(unclosed());
                    }
                    push_class_char(low, &mut class);
                    match self.class_item()? {
                        Item::Char(high) if low <= high => {
                            class.push('-');
                            push_class_char(high, &mut class);
                        }
                        Item::Char(_) => return Err(RegexError { offset: place, message: "the range is out of order".to_owned() }),
                        Item::Set(set) => {
                            push_class_char('-', &mut class);
                            class.push_str(&set);
                        }
                    }
                }
                Item::Char(character) => push_class_char(character, &mut class),
            }
        }
        self.bump();
        class.push(']');
        self.push_atom(&class);
        Ok(())
    }

    fn class_item(&mut self) -> Result<Item, RegexError> {
        if let Some(item) = self.posix()? {
            return Ok(item);
        }
        if self.peek() != Some('\\') {
            return self.bump().map(Item::Char).ok_or_else(|| self.error("the class has no closing `]`"));
        }
        Ok(match self.escaped(true)? {
            Escaped::Char(character) => Item::Char(character),
            Escaped::Set(set) => Item::Set(set.to_owned()),
            Escaped::NotSet(set) => Item::Set(format!("[^{set}]")),
            Escaped::Property(text) => Item::Set(text),
            Escaped::Other(letter) => return Err(self.error(format!(r"`\{letter}` is not supported in a class"))),
        })
    }

    /// `[:alpha:]`; nothing if it only looks like it.
    fn posix(&mut self) -> Result<Option<Item>, RegexError> {
        let inside = self.rest().strip_prefix("[:").and_then(|rest| rest.split_once(":]"));
        let Some((inside, _)) = inside else { return Ok(None) };
        let name = inside.strip_prefix('^').unwrap_or(inside);
        if !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(None);
        }
        if !POSIX.contains(&name) {
            return Err(self.error(format!("there is no class `[:{name}:]`")));
        }
        self.offset += inside.len() + 4;
        Ok(Some(Item::Set(format!("[:{inside}:]"))))
    }
}

/// Writes a character of a class so that neither engine takes it for a sign.
fn push_class_char(character: char, class: &mut String) {
    if character.is_alphanumeric() || character == '_' {
        class.push(character);
    } else {
        let _ = write!(class, r"\x{{{:x}}}", u32::from(character));
    }
}
