//! From PCRE's dialect to those of the two engines.
//!
//! Every construct is read and written again, so that nothing depends on what the engines make of signs that PCRE reads
//! differently. Lines (`m`), comments (`x`) and the names of groups are dealt with here; the engines never see them.
//!
//! For the linear engine, what it can't do is written as something that matches at least as much, and `needs_backtracking` says
//! so: such a text is not searched with, but the literals that it requires are required by the expression, too.

mod class;
mod escape;
mod group;

use regex_syntax::hir::Hir;

use super::{Flags, MAX_REGEX_BYTES, RegexError, shown};

/// Groups nested more deeply are refused.
const MAX_GROUP_DEPTH: usize = 100;

/// Which engine a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Linear,
    Backtracking,
}

/// An expression in an engine's dialect.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) text: String,
    /// Whether the linear engine can't do it.
    pub(super) needs_backtracking: bool,
    /// Whether it asks for the end of the text, or the line end before it.
    pub(super) asks_for_end: bool,
    pub(super) names: Vec<Option<Box<str>>>,
    /// Pairs of places in `text` and in the source, rising.
    places: Vec<(usize, usize)>,
}

impl Translation {
    /// The structure of a text for the linear engine.
    pub(super) fn parse(&self, flags: Flags) -> Result<Hir, RegexError> {
        let mut parser = regex_syntax::ParserBuilder::new().case_insensitive(flags.case_insensitive).build();
        parser.parse(&self.text).map_err(|error| {
            let (offset, message) = match &error {
                regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
                regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
                _ => (0, shown(&error.to_string())),
            };
            RegexError { offset: self.source_offset(offset), message }
        })
    }

    /// Checks the syntax of a text for the linear engine; [`Translation::parse`] finds what classes hold besides.
    pub(super) fn check_syntax(&self) -> Result<(), RegexError> {
        let parsed = regex_syntax::ast::parse::Parser::new().parse(&self.text);
        parsed
            .map(|_| ())
            .map_err(|error| RegexError { offset: self.source_offset(error.span().start.offset), message: error.kind().to_string() })
    }

    /// Where the source says what stands at a place of the text.
    pub(super) fn source_offset(&self, offset: usize) -> usize {
        let index = self.places.partition_point(|&(place, _)| place <= offset);
        index.checked_sub(1).and_then(|index| self.places.get(index)).map_or(0, |&(_, source)| source)
    }
}

/// Translates an expression.
pub(super) fn translate(source: &str, flags: Flags, engine: Engine) -> Result<Translation, RegexError> {
    if MAX_REGEX_BYTES < source.len() {
        return Err(RegexError { offset: 0, message: format!("longer than {MAX_REGEX_BYTES} bytes (max-regex-bytes)") });
    }
    let mut translator = Translator {
        source,
        offset: 0,
        engine,
        modes: Modes { multi_line: flags.multi_line, extended: false },
        out: String::with_capacity(source.len() + 16),
        places: Vec::new(),
        groups: Vec::new(),
        names: vec![None],
        n_groups_total: None,
        last_reference: None,
        atom: None,
        needs_backtracking: false,
        asks_for_end: false,
    };
    if flags.anchored {
        translator.out.push_str(r"\A(?:");
    }
    translator.run()?;
    if flags.anchored {
        translator.out.push(')');
    }
    Ok(Translation {
        text: translator.out,
        needs_backtracking: translator.needs_backtracking,
        asks_for_end: translator.asks_for_end,
        names: translator.names,
        places: translator.places,
    })
}

/// What flags within the expression change, as far as it is dealt with here.
#[derive(Debug, Clone, Copy)]
struct Modes {
    multi_line: bool,
    extended: bool,
}

struct Translator<'s> {
    source: &'s str,
    offset: usize,
    engine: Engine,
    modes: Modes,
    out: String,
    places: Vec<(usize, usize)>,
    groups: Vec<Group>,
    names: Vec<Option<Box<str>>>,
    /// How many groups the whole expression has, once somebody needed to know.
    n_groups_total: Option<usize>,
    /// The highest number of a group that is referred to, and where.
    last_reference: Option<(usize, usize)>,
    /// The last atom, if it can be repeated.
    atom: Option<Atom>,
    needs_backtracking: bool,
    asks_for_end: bool,
}

/// What a quantifier is about.
#[derive(Debug, Clone, Copy)]
struct Atom {
    /// Where it starts in `out`.
    start: usize,
    /// Whether it takes no text.
    is_assertion: bool,
}

/// A group that is open.
#[derive(Debug)]
struct Group {
    /// Where it starts in the source.
    source: usize,
    /// Where it starts in `out`.
    start: usize,
    /// What it is replaced with when it closes, where the engine can't do it.
    instead: Option<&'static str>,
    /// The modes outside.
    modes: Modes,
    /// Whether it takes no text.
    is_assertion: bool,
}

/// Anything: what stands for a construct that matches some text that is not known.
const ANYTHING: &str = "(?s:.)*";

impl<'s> Translator<'s> {
    fn run(&mut self) -> Result<(), RegexError> {
        self.verbs()?;
        while let Some(character) = self.peek() {
            self.places.push((self.out.len(), self.offset));
            self.one(character)?;
        }
        if let Some(group) = self.groups.last() {
            return Err(RegexError { offset: group.source, message: "this group isn't closed".to_owned() });
        }
        // The engine relies on it.
        if let Some((number, offset)) = self.last_reference.filter(|&(number, _)| self.names.len() <= number) {
            return Err(RegexError { offset, message: format!("there is no group {number}") });
        }
        Ok(())
    }

    /// Verbs at the start: `(*UTF)` is what we do anyway.
    fn verbs(&mut self) -> Result<(), RegexError> {
        while self.rest().starts_with("(*") {
            match ["(*UTF8)", "(*UTF)"].into_iter().find(|verb| self.rest().starts_with(verb)) {
                Some(verb) => self.offset += verb.len(),
                None => return Err(self.error("verbs such as this are not supported")),
            }
        }
        Ok(())
    }

    fn one(&mut self, character: char) -> Result<(), RegexError> {
        match character {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.open_group(),
            ')' => self.close_group(),
            '|' => {
                self.bump();
                self.out.push('|');
                self.atom = None;
                Ok(())
            }
            '*' | '+' | '?' => self.quantifier(self.offset + 1),
            '{' => match self.counted() {
                Some(end) => self.quantifier(end),
                None => {
                    self.literal(character);
                    Ok(())
                }
            },
            '^' => {
                let text = if self.modes.multi_line { "(?m:^)" } else { r"\A" };
                self.bump();
                self.push_assertion(text);
                Ok(())
            }
            '$' => {
                self.bump();
                if self.modes.multi_line {
                    self.push_assertion("(?m:$)");
                } else {
                    self.end();
                }
                Ok(())
            }
            '.' => {
                self.bump();
                self.push_atom(".");
                Ok(())
            }
            '#' if self.modes.extended => {
                let n_bytes = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                self.offset += n_bytes;
                Ok(())
            }
            _ if self.modes.extended && character.is_ascii_whitespace() => {
                self.bump();
                Ok(())
            }
            _ => {
                self.literal(character);
                Ok(())
            }
        }
    }

    /// The end of the text, or the line end before it.
    fn end(&mut self) {
        self.asks_for_end = true;
        match self.engine {
            Engine::Linear => self.push_assertion(r"\z"),
            Engine::Backtracking => self.push_assertion(r"(?=\n?\z)"),
        }
    }

    fn literal(&mut self, character: char) {
        self.bump();
        self.push_char(character);
    }

    /// Writes a character that stands for itself.
    fn push_char(&mut self, character: char) {
        self.atom = Some(Atom { start: self.out.len(), is_assertion: false });
        if regex_syntax::is_meta_character(character) {
            self.out.push('\\');
        }
        self.out.push(character);
    }

    fn push_atom(&mut self, text: &str) {
        self.atom = Some(Atom { start: self.out.len(), is_assertion: false });
        self.out.push_str(text);
    }

    fn push_assertion(&mut self, text: &str) {
        self.atom = Some(Atom { start: self.out.len(), is_assertion: true });
        self.out.push_str(text);
    }

    /// Writes what only the backtracking engine knows.
    fn push_hard(&mut self, text: &str, relaxed: &str) {
        self.needs_backtracking = true;
        self.push_atom(match self.engine {
            Engine::Linear => relaxed,
            Engine::Backtracking => text,
        });
    }

    /// The end of `{2,3}` here; nothing if it is only a brace.
    fn counted(&self) -> Option<usize> {
        let (inside, _) = self.rest().get(1..)?.split_once('}')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_counted = match inside.split_once(',') {
            None => is_number(inside),
            Some((min, max)) => is_number(min) && (max.is_empty() || is_number(max)),
        };
        is_counted.then(|| self.offset + inside.len() + 2)
    }

    /// Writes a quantifier that ends at a byte of the source, with the sign that makes it lazy or possessive.
    fn quantifier(&mut self, end: usize) -> Result<(), RegexError> {
        let Some(atom) = self.atom.take() else { return Err(self.error("there is nothing to repeat here")) };
        let text = self.source.get(self.offset..end).unwrap_or_default();
        let may_be_missing = text.starts_with(['*', '?']) || text.trim_start_matches(['{', '0']).starts_with([',', '}']);
        self.offset = end;
        let is_lazy = self.eat("?");
        let is_possessive = !is_lazy && self.eat("+");
        if self.engine == Engine::Backtracking && atom.is_assertion {
            // As in PCRE, what takes no text is asked for once, or may be missing.
            if may_be_missing {
                self.out.insert_str(atom.start, "(?:");
                self.out.push_str("|)");
            }
            return Ok(());
        }
        self.out.push_str(text);
        if is_lazy {
            self.out.push('?');
        }
        self.needs_backtracking |= is_possessive;
        if is_possessive && self.engine == Engine::Backtracking {
            self.out.insert_str(atom.start, "(?>");
            self.out.push(')');
        }
        Ok(())
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.offset += character.len_utf8();
        Some(character)
    }

    fn eat(&mut self, text: &str) -> bool {
        let is_here = self.rest().starts_with(text);
        if is_here {
            self.offset += text.len();
        }
        is_here
    }

    /// Takes the text up to a sign, and the sign.
    fn until(&mut self, end: char) -> Option<&'s str> {
        let (text, _) = self.rest().split_once(end)?;
        self.offset += text.len() + end.len_utf8();
        Some(text)
    }

    fn error(&self, message: impl Into<String>) -> RegexError {
        RegexError { offset: self.offset, message: message.into() }
    }
}
