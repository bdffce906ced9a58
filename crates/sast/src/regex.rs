//! Regular expressions of rules: PCRE's dialect, matched in linear time wherever that is possible.
//!
//! An expression is translated to the dialect of the linear engine. What that engine can't do (look-around, back-references,
//! atomic groups …) goes to a backtracking engine with a limit of steps. Reaching the limit is a value of its own
//! ([`Outcome::LimitReached`]): it is not "no match".
//!
//! As in PCRE without its property mode, `\w`, `\d`, `\s` and `\b` know ASCII only, while `.` and `[^…]` match whole code points.
//!
//! ```
//! use bartizan_sast::regex::{Flags, Outcome, Regex};
//!
//! let regex = Regex::new(r"(?<KEY>\w+)=(?!secret)(\w+)", Flags::PATTERN).unwrap();
//! let Outcome::Done(Some(found)) = regex.captures("a=secret b=open", 0) else { panic!("no match") };
//! assert_eq!(found.range(), 9..15);
//! assert_eq!(found.get(2), Some(11..15));
//! assert_eq!(found.named("KEY"), Some(9..10));
//! ```

mod literal;
mod translate;

use std::{ops::Range, sync::OnceLock};

use self::translate::{Engine, Translation, translate};

/// How an expression is read and applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// Whether `^` and `$` match at every line.
    pub multi_line: bool,
    /// Whether a match starts where the text does.
    pub anchored: bool,
    /// Whether letters match in any case.
    pub case_insensitive: bool,
}

impl Flags {
    /// `pattern-regex` and `pattern-not-regex`: anywhere, line by line.
    pub const PATTERN: Self = Self { multi_line: true, anchored: false, case_insensitive: false };
    /// `metavariable-regex` and `re.match`: from the start of the text.
    pub const METAVARIABLE: Self = Self { multi_line: false, anchored: true, case_insensitive: false };
    /// `"=~/…/"` in patterns without a letter behind it: anywhere.
    pub const STRING: Self = Self { multi_line: false, anchored: false, case_insensitive: false };
}

/// The backtracking engine gives up after so many steps. It is the limit that Semgrep gives to PCRE.
pub const MAX_REGEX_STEPS: usize = 1_000_000;
/// Longer expressions are refused.
pub const MAX_REGEX_BYTES: usize = 64 << 10;
/// Expressions that need more memory when compiled are refused.
const MAX_COMPILED_BYTES: usize = 64 << 20;

/// The result of a search that may have been given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The search ended.
    Done(T),
    /// It was given up after [`MAX_REGEX_STEPS`]: whether there is a match is not known.
    LimitReached,
}

impl<T> Outcome<T> {
    /// The same about something else.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(value) => Outcome::Done(f(value)),
            Self::LimitReached => Outcome::LimitReached,
        }
    }
}

/// Why a text is no regular expression, or none that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RegexError {
    /// The byte at which it goes wrong.
    pub offset: usize,
    /// What is wrong, in one line.
    pub message: String,
}

/// A compiled expression.
#[derive(Debug)]
pub struct Regex {
    source: Box<str>,
    flags: Flags,
    engine: Compiled,
    /// The names of its groups; the first is the whole match and has none.
    names: Vec<Option<Box<str>>>,
    /// Where the text ends in a line end, only the backtracking engine knows what `$` and `\Z` mean.
    exact_end: Option<OnceLock<Option<fancy_regex::Regex>>>,
}

#[derive(Debug)]
enum Compiled {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// Checks an expression without compiling it, which takes far longer.
///
/// # Errors
///
/// It is no expression.
pub fn check(source: &str) -> Result<(), RegexError> {
    let translation = translate(source, Flags::PATTERN, Engine::Linear)?;
    // Only the names of properties are not known to the syntax, and large classes take their time.
    if source.contains(r"\p") || source.contains(r"\P") {
        translation.parse(Flags::PATTERN)?;
    } else {
        translation.check_syntax()?;
    }
    // Rare enough, and only the engine itself knows what it can't do.
    if translation.needs_backtracking { backtracking(source, Flags::PATTERN).map(|_| ()) } else { Ok(()) }
}

fn linear(translation: &Translation, flags: Flags) -> Result<regex::Regex, RegexError> {
    regex::RegexBuilder::new(&translation.text).case_insensitive(flags.case_insensitive).size_limit(MAX_COMPILED_BYTES).build().map_err(
        |error| match translation.parse(flags) {
            Err(error) => error,
            Ok(_) => RegexError { offset: 0, message: shown(&error.to_string()) },
        },
    )
}

fn backtracking(source: &str, flags: Flags) -> Result<fancy_regex::Regex, RegexError> {
    let translation = translate(source, flags, Engine::Backtracking)?;
    fancy_regex::RegexBuilder::new(&translation.text)
        .case_insensitive(flags.case_insensitive)
        .backtrack_limit(MAX_REGEX_STEPS)
        .delegate_size_limit(MAX_COMPILED_BYTES)
        .build()
        .map_err(|error| {
            let offset = if let fancy_regex::Error::ParseError(offset, _) = &error { translation.source_offset(*offset) } else { 0 };
            RegexError { offset, message: shown(&error.to_string()) }
        })
}

/// An engine's message in one line.
fn shown(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// It is no expression, it is too large, or it needs something that PCRE has and neither of the engines.
    pub fn new(source: &str, flags: Flags) -> Result<Self, RegexError> {
        let translation = translate(source, flags, Engine::Linear)?;
        let engine = if translation.needs_backtracking {
            translation.parse(flags)?;
            Compiled::Backtracking(Box::new(backtracking(source, flags)?))
        } else {
            Compiled::Linear(linear(&translation, flags)?)
        };
        let is_linear = matches!(engine, Compiled::Linear(_));
        let exact_end = (is_linear && translation.asks_for_end).then(OnceLock::new);
        Ok(Self { source: source.into(), flags, engine, names: translation.names, exact_end })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it is matched in linear time.
    #[must_use]
    pub const fn is_linear(&self) -> bool {
        matches!(self.engine, Compiled::Linear(_))
    }

    /// The names of its groups, in order; the first one is the whole match and has none.
    #[must_use]
    pub fn group_names(&self) -> &[Option<Box<str>>] {
        &self.names
    }

    /// Whether it matches somewhere in the text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> Outcome<bool> {
        match self.engine_for(text) {
            EngineRef::Linear(regex) => Outcome::Done(regex.is_match(text)),
            EngineRef::Backtracking(regex) => regex.is_match(text).map_or(Outcome::LimitReached, Outcome::Done),
        }
    }

    /// The first match that starts at a byte or behind it.
    #[must_use]
    pub fn find(&self, text: &str, start: usize) -> Outcome<Option<Range<usize>>> {
        if !text.is_char_boundary(start) {
            return Outcome::Done(None);
        }
        match self.engine_for(text) {
            EngineRef::Linear(regex) => Outcome::Done(regex.find_at(text, start).map(|found| found.range())),
            EngineRef::Backtracking(regex) => match regex.find_from_pos(text, start) {
                Ok(found) => Outcome::Done(found.map(|found| found.range())),
                Err(_) => Outcome::LimitReached,
            },
        }
    }

    /// The same, with its groups.
    #[must_use]
    pub fn captures(&self, text: &str, start: usize) -> Outcome<Option<Captures<'_>>> {
        if !text.is_char_boundary(start) {
            return Outcome::Done(None);
        }
        let groups = match self.engine_for(text) {
            EngineRef::Linear(regex) => {
                let found = regex.captures_at(text, start);
                found.map(|groups| groups.iter().map(|group| group.map(|group| group.range())).collect())
            }
            EngineRef::Backtracking(regex) => match regex.captures_from_pos(text, start) {
                Ok(found) => found.map(|groups| groups.iter().map(|group| group.map(|group| group.range())).collect()),
                Err(_) => return Outcome::LimitReached,
            },
        };
        Outcome::Done(groups.map(|groups| Captures { groups, names: &self.names }))
    }

    /// All matches that don't overlap, from the left. After [`Outcome::LimitReached`] there are no more.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Outcome<Range<usize>>> + use<'_, 't> {
        let find = move |start| self.find(text, start);
        Search { text, next: Some(0), last_end: None, find, range: Range::clone }
    }

    /// The same, with their groups.
    pub fn captures_iter<'r, 't>(&'r self, text: &'t str) -> impl Iterator<Item = Outcome<Captures<'r>>> + use<'r, 't> {
        let find = move |start| self.captures(text, start);
        Search { text, next: Some(0), last_end: None, find, range: Captures::range }
    }

    /// Texts without which there is no match: of each list at least one occurs in every text that matches, byte for byte.
    ///
    /// Every text has at least three bytes. There may be no list at all.
    #[must_use]
    pub fn required_literals(&self) -> Vec<Vec<String>> {
        let hir = translate(&self.source, self.flags, Engine::Linear).and_then(|translation| translation.parse(self.flags));
        hir.map(|hir| literal::required(&hir)).unwrap_or_default()
    }

    fn engine_for(&self, text: &str) -> EngineRef<'_> {
        let exact = self.exact_end.as_ref().filter(|_| text.ends_with('\n'));
        let exact = exact.and_then(|exact| exact.get_or_init(|| backtracking(&self.source, self.flags).ok()).as_ref());
        if let Some(regex) = exact {
            return EngineRef::Backtracking(regex);
        }
        match &self.engine {
            Compiled::Linear(regex) => EngineRef::Linear(regex),
            Compiled::Backtracking(regex) => EngineRef::Backtracking(regex),
        }
    }
}

/// The engine that a text is searched with.
enum EngineRef<'r> {
    Linear(&'r regex::Regex),
    Backtracking(&'r fancy_regex::Regex),
}

/// A match with its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captures<'r> {
    groups: Vec<Option<Range<usize>>>,
    names: &'r [Option<Box<str>>],
}

impl<'r> Captures<'r> {
    /// The whole match.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.get(0).unwrap_or_default()
    }

    /// A group by its number; nothing if it took no part.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<Range<usize>> {
        self.groups.get(number).cloned().flatten()
    }

    /// A group by its name; nothing if it took no part.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Range<usize>> {
        self.iter().find(|(_, known, _)| *known == Some(name)).map(|(_, _, range)| range)
    }

    /// The groups that took part: number, name, range. The whole match is not among them.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Option<&'r str>, Range<usize>)> {
        let named = self.groups.iter().zip(self.names).enumerate().skip(1);
        named.filter_map(|(number, (range, name))| Some((number, name.as_deref(), range.clone()?)))
    }
}

/// Matches one after another.
struct Search<'t, F, R> {
    text: &'t str,
    /// Where the next one may start; nothing at the end.
    next: Option<usize>,
    last_end: Option<usize>,
    find: F,
    range: R,
}

impl<T, F, R> Iterator for Search<'_, F, R>
where
    F: Fn(usize) -> Outcome<Option<T>>,
    R: Fn(&T) -> Range<usize>,
{
    type Item = Outcome<T>;

    fn next(&mut self) -> Option<Outcome<T>> {
        loop {
            let start = self.next?;
            let found = match (self.find)(start) {
                Outcome::Done(Some(found)) => found,
                Outcome::Done(None) => {
                    self.next = None;
                    return None;
                }
                Outcome::LimitReached => {
                    self.next = None;
                    return Some(Outcome::LimitReached);
                }
            };
            let range = (self.range)(&found);
            let is_empty = range.end <= range.start;
            let behind = self.text.get(range.end..).and_then(|rest| rest.chars().next());
            self.next = if is_empty { behind.map(|character| range.end + character.len_utf8()) } else { Some(range.end) };
            // Nothing right behind a match is part of it.
            if is_empty && self.last_end == Some(range.end) {
                continue;
            }
            self.last_end = Some(range.end);
            return Some(Outcome::Done(found));
        }
    }
}

#[cfg(test)]
mod tests;
