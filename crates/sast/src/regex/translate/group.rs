//! `(…)` of every kind.

use super::{ANYTHING, Atom, Engine, Group, MAX_GROUP_DEPTH, Modes, RegexError, Translator};

impl Translator<'_> {
    /// Opens a group, or reads what only looks like one.
    pub(super) fn open_group(&mut self) -> Result<(), RegexError> {
        let start = self.offset;
        let wrong = |message: &str| Err(RegexError { offset: start, message: message.to_owned() });
        if MAX_GROUP_DEPTH <= self.groups.len() {
            return Err(self.error(format!("groups are nested more than {MAX_GROUP_DEPTH} deep (max-group-depth)")));
        }
        self.bump();
        if self.rest().starts_with('*') {
            return wrong("verbs such as this are not supported");
        }
        if !self.eat("?") {
            return self.capture(None, start);
        }
        if self.eat("#") {
            return if self.until(')').is_some() { Ok(()) } else { wrong("the comment isn't closed") };
        }
        for (sign, open) in [("=", "(?="), ("!", "(?!"), ("<=", "(?<="), ("<!", "(?<!")] {
            if self.eat(sign) {
                self.hard_group(open, Some("(?:)"), start);
                if let Some(group) = self.groups.last_mut() {
                    group.is_assertion = true;
                }
                return Ok(());
            }
        }
        if self.eat(">") {
            self.hard_group("(?>", None, start);
            return Ok(());
        }
        if self.eat(":") {
            self.push_group("(?:", None, start);
            return Ok(());
        }
        if self.eat("|") {
            return wrong("groups that share their numbers, `(?|`, are not supported");
        }
        if self.eat("(") {
            return self.conditional(start);
        }
        if self.eat("P=") {
            let name = self.until(')').unwrap_or_default();
            return self.reference(name, start);
        }
        if self.eat("P>") || self.eat("&") {
            let name = self.until(')').unwrap_or_default();
            return self.call(name, start);
        }
        for (open, close) in [("P<", '>'), ("<", '>'), ("'", '\'')] {
            if self.eat(open) {
                let name = self.until(close).unwrap_or_default();
                return self.capture(Some(name), start);
            }
        }
        if self.eat("R)") {
            return self.call("0", start);
        }
        let n_bytes = self.rest().bytes().take_while(|byte| byte.is_ascii_digit() || b"+-".contains(byte)).count();
        let number = self.rest().get(..n_bytes).unwrap_or_default();
        if number.ends_with(|last: char| last.is_ascii_digit()) {
            self.offset += n_bytes;
            return if self.eat(")") { self.call(number, start) } else { wrong("the call isn't closed") };
        }
        self.flags(start)
    }

    fn capture(&mut self, name: Option<&str>, start: usize) -> Result<(), RegexError> {
        if let Some(name) = name {
            let starts_well = name.starts_with(|first: char| first == '_' || first.is_alphabetic());
            if !starts_well || !name.chars().all(|character| character == '_' || character.is_alphanumeric()) {
                return Err(RegexError { offset: start, message: "the name of a group is made of letters, digits and `_`".to_owned() });
            }
            if self.names.iter().flatten().any(|known| &**known == name) {
                return Err(RegexError { offset: start, message: format!("two groups are named `{name}`") });
            }
        }
        self.names.push(name.map(Into::into));
        // The engines see numbers only.
        self.push_group("(", None, start);
        Ok(())
    }

    /// Opens a group that only the backtracking engine knows; the linear one sees `instead` of it, or a plain group.
    fn hard_group(&mut self, open: &str, instead: Option<&'static str>, start: usize) {
        self.needs_backtracking = true;
        match self.engine {
            Engine::Linear => self.push_group("(?:", instead, start),
            Engine::Backtracking => self.push_group(open, None, start),
        }
    }

    fn push_group(&mut self, open: &str, instead: Option<&'static str>, start: usize) {
        self.groups.push(Group { source: start, start: self.out.len(), instead, modes: self.modes, is_assertion: false });
        self.out.push_str(open);
        self.atom = None;
    }

    /// `(?(1)yes|no)`, `(?(<name>)yes|no)`.
    fn conditional(&mut self, start: usize) -> Result<(), RegexError> {
        if self.rest().starts_with('?') {
            return Err(RegexError { offset: start, message: "conditions that look around are not supported".to_owned() });
        }
        let condition = self.until(')').unwrap_or_default();
        let number = self.number_of(condition.trim_matches(['<', '>', '\'']), start)?;
        self.hard_group(&format!("(?({number})"), Some(ANYTHING), start);
        Ok(())
    }

    pub(super) fn close_group(&mut self) -> Result<(), RegexError> {
        let Some(group) = self.groups.pop() else { return Err(self.error("there is no group to close")) };
        self.bump();
        self.modes = group.modes;
        if let Some(instead) = group.instead {
            self.out.truncate(group.start);
            while self.places.last().is_some_and(|&(place, _)| group.start < place) {
                self.places.pop();
            }
            self.out.push_str("(?:");
            self.out.push_str(instead);
        }
        self.out.push(')');
        self.atom = Some(Atom { start: group.start, is_assertion: group.is_assertion });
        Ok(())
    }

    /// `(?i)`, `(?s-i:…)`.
    fn flags(&mut self, start: usize) -> Result<(), RegexError> {
        let wrong = |message: &str| RegexError { offset: start, message: message.to_owned() };
        let mut modes = self.modes;
        let mut is_on = true;
        let (mut on, mut off) = (String::new(), String::new());
        if self.eat("^") {
            modes = Modes { multi_line: false, extended: false };
            off.push_str("isU");
        }
        let is_group = loop {
            match self.bump() {
                Some(')') => break false,
                Some(':') => break true,
                Some('-') if is_on => is_on = false,
                Some('m') => modes.multi_line = is_on,
                // `xx` is `x` for us: white space in classes is rare.
                Some('x') => modes.extended = is_on,
                Some(flag @ ('i' | 's' | 'U')) if is_on => {
                    off.retain(|other| other != flag);
                    on.push(flag);
                }
                Some(flag @ ('i' | 's' | 'U')) => off.push(flag),
                Some(_) => return Err(wrong("unknown kind of group")),
                None => return Err(wrong("this group isn't closed")),
            }
        };
        let mut flags = on;
        if !off.is_empty() {
            flags.push('-');
            flags.push_str(&off);
        }
        if is_group {
            self.push_group(&format!("(?{flags}:"), None, start);
        } else if !flags.is_empty() {
            self.out.push_str("(?");
            self.out.push_str(&flags);
            self.out.push(')');
            self.atom = None;
        }
        self.modes = modes;
        Ok(())
    }
}
