//! Makes a pattern into text that a grammar understands.

mod place;

use std::ops::Range;

use bartizan_syntax::tree_sitter::{Node, Tree};

use self::place::Brackets;
use super::PatternError;
use crate::{
    ir::Interner,
    lower::{self, Feature, Frame, Language, Lowering, Place, reserved},
};

/// A pattern in a frame, ready to be lowered.
#[derive(Debug)]
pub(super) struct Framed {
    pub(super) text: String,
    /// The byte range of the pattern in it.
    pub(super) inner: (u32, u32),
    pub(super) frame: Frame,
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// `$X`, without the dollar, with where it stands.
    Metavariable(&'a str, Place),
    /// `$...X`, without its dollar and dots, with where it stands.
    Many(&'a str, Place),
    /// `...`, with where it stands.
    Ellipsis(Place),
    /// A metavariable with a type: as a name, or as it is written.
    Typed { name: &'a str, written: &'a str },
    /// Text that is always written in one way.
    Fixed(String),
}

/// How often a pattern is parsed at most in one frame, to find out how its holes are written.
const MAX_ATTEMPTS: usize = 120;

/// Writes the holes of a pattern so that the grammar understands it, and takes the first way that `accept` can use.
pub(super) fn frame<T>(text: &str, language: &Language, mut accept: impl FnMut(Framed) -> Option<T>) -> Result<T, PatternError> {
    let pieces = pieces(text, language);
    // The usual spelling in each frame first: a frame that fits without help is what was meant.
    let usual = usual(&pieces, language);
    let closed = closed(&pieces, &usual, language);
    let mut close: Vec<(usize, &Frame)> = Vec::new();
    let mut nearest: Option<Attempt> = None;
    'frames: for frame in language.patterns.frames {
        let mut n_errors = usize::MAX;
        for choice in closed.iter().chain([&usual]) {
            let attempt = attempt(&pieces, choice, frame, language);
            if attempt.n_errors == 0 {
                if let Some(accepted) = accept(Framed { text: attempt.text, inner: attempt.inner, frame: *frame }) {
                    return Ok(accepted);
                }
                continue 'frames;
            }
            n_errors = n_errors.min(attempt.n_errors);
            if nearest.as_ref().is_none_or(|known| attempt.n_errors < known.n_errors) {
                nearest = Some(attempt);
            }
        }
        close.push((n_errors, frame));
    }
    // Then other spellings, where the usual one was nearly understood.
    close.sort_by_key(|(n_errors, _)| *n_errors);
    let mut n_bytes = 0;
    for (_, frame) in close {
        if MAX_BYTES < n_bytes {
            break;
        }
        n_bytes += text.len() * MAX_ATTEMPTS;
        let best = Spelling { pieces: &pieces, frame, language, n_attempts: 0, budget: MAX_ATTEMPTS / 4 }.best();
        if best.n_errors == 0 {
            if let Some(accepted) = accept(Framed { text: best.text, inner: best.inner, frame: *frame }) {
                return Ok(accepted);
            }
        } else if nearest.as_ref().is_none_or(|known| best.n_errors < known.n_errors) {
            nearest = Some(best);
        }
    }
    let near = nearest.map(|attempt| attempt.near).unwrap_or_default();
    Err(PatternError::Syntax { language: language.name, near: shown(&near) })
}

/// The usual spelling, but with dots that stand for statements closed, if statements follow them: without, `...` and the one
/// in the line below could be read as one declaration, of a variable of the type `...`.
fn closed(pieces: &[Piece<'_>], usual: &[usize], language: &Language) -> Option<Vec<usize>> {
    let is_closing = |spelling: &&str| spelling.ends_with(';');
    let closing = language.patterns.ellipsis.iter().position(&is_closing)?;
    let is_statement = |piece: &Piece<'_>| *piece == Piece::Ellipsis(Place::Statement);
    let is_followed = |row: &[Piece<'_>]| match row {
        [first, Piece::Text(text), rest @ ..] => {
            let text = text.trim_start();
            is_statement(first) && !text.starts_with('}') && !(text.is_empty() && rest.is_empty())
        }
        [first, _, ..] => is_statement(first),
        _ => false,
    };
    let row = || pieces.iter().zip(usual).map(|(piece, usual)| if is_statement(piece) { closing } else { *usual }).collect();
    let is_usual = language.patterns.usual.iter().any(|(place, spelling)| *place == Place::Statement && is_closing(spelling));
    (!is_usual && (0..pieces.len()).any(|at| pieces.get(at..).is_some_and(is_followed))).then(row)
}

/// How holes are written most likely, by where they stand.
fn usual(pieces: &[Piece<'_>], language: &Language) -> Vec<usize> {
    let syntax = &language.patterns;
    let usual_in = |place: Place, ways: &[&str]| {
        let written = syntax.usual.iter().filter(|(known, _)| *known == place);
        written.filter_map(|(_, spelling)| ways.iter().position(|way| way == spelling)).next().unwrap_or(0)
    };
    let of = |piece: &Piece<'_>| match piece {
        Piece::Metavariable(_, place) | Piece::Many(_, place) => usual_in(*place, syntax.metavariable),
        Piece::Ellipsis(place) => usual_in(*place, syntax.ellipsis),
        Piece::Text(_) | Piece::Fixed(_) | Piece::Typed { .. } => 0,
    };
    let mut row: Vec<usize> = pieces.iter().map(of).collect();
    // Several statements under one name end as others do.
    let ending = syntax.metavariable.iter().position(|spelling| *spelling == "{};").unwrap_or(0);
    for (at, slot) in row.iter_mut().enumerate() {
        let is_ended = |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.trim_start_matches([' ', '\t']).starts_with(';'));
        if matches!(pieces.get(at), Some(Piece::Many(_, Place::Statement))) && !pieces.get(at + 1).is_some_and(is_ended) {
            *slot = ending;
        }
    }
    row
}

/// How many bytes may be parsed to find a frame for other spellings than the usual one: all frames, but for long patterns.
const MAX_BYTES: usize = 4 << 20;

/// Looks for the spelling of the holes that a frame understands.
struct Spelling<'a> {
    pieces: &'a [Piece<'a>],
    frame: &'a Frame,
    language: &'a Language,
    n_attempts: usize,
    /// How many attempts there may be for now.
    budget: usize,
}

impl Spelling<'_> {
    /// The best spelling: dots that stand for statements in one way, all others in another, then one hole at a time.
    fn best(&mut self) -> Attempt {
        let usual = usual(self.pieces, self.language);
        let first = self.attempt(&usual);
        let first = self.improved(first, usual);
        self.budget = MAX_ATTEMPTS;
        if first.n_errors == 0 {
            return first;
        }
        let n_ellipses = self.language.patterns.ellipsis.len() + 1;
        let n_metavariables = self.language.patterns.metavariable.len();
        let ways = |group: Group| {
            let is_in = |piece: &Piece<'_>| matches!(piece, Piece::Ellipsis(place) if Group::of(*place) == group);
            if self.pieces.iter().any(is_in) { n_ellipses } else { 1 }
        };
        let (of_statements, of_entries, of_others) = (ways(Group::Statements), ways(Group::Entries), ways(Group::Others));
        let mut starts: Vec<(Attempt, Vec<usize>)> = Vec::new();
        let is_statement = self.pieces.windows(2).any(|pair| match pair {
            [Piece::Ellipsis(Place::Member), Piece::Text(text)] => text.starts_with(';'),
            _ => false,
        });
        for number in 0..n_metavariables * of_statements * of_entries * of_others {
            if MAX_ATTEMPTS < self.n_attempts {
                break;
            }
            let (others, rest) = (number % of_others, number / of_others);
            let (entries, rest) = (rest % of_entries, rest / of_entries);
            let (statements, metavariables) = (rest % of_statements, rest / of_statements);
            let choice = self.pieces.iter().map(|piece| match piece {
                Piece::Metavariable(..) | Piece::Many(..) => metavariables,
                Piece::Ellipsis(Place::Member) => usize::from(is_statement),
                Piece::Ellipsis(place) => match Group::of(*place) {
                    Group::Statements => statements,
                    Group::Entries => entries,
                    Group::Others => others,
                },
                Piece::Text(_) | Piece::Fixed(_) | Piece::Typed { .. } => 0,
            });
            let choice: Vec<usize> = choice.collect();
            let attempt = self.attempt(&choice);
            if attempt.n_errors == 0 {
                return attempt;
            }
            starts.push((attempt, choice));
        }
        starts.sort_by_key(|(attempt, _)| attempt.n_errors);
        let mut best = Some(first);
        for (start, choice) in starts.into_iter().take(3) {
            let improved = self.improved(start, choice);
            if best.as_ref().is_none_or(|known: &Attempt| improved.n_errors < known.n_errors) {
                best = Some(improved);
            }
            if best.as_ref().is_some_and(|best| best.n_errors == 0) || MAX_ATTEMPTS < self.n_attempts {
                break;
            }
        }
        best.unwrap_or_else(|| self.attempt(&vec![0; self.pieces.len()]))
    }

    /// Changes one hole at a time, for as long as it helps.
    fn improved(&mut self, mut attempt: Attempt, mut choice: Vec<usize>) -> Attempt {
        for _ in 0..2 {
            let mut has_helped = false;
            for (hole, piece) in self.pieces.iter().enumerate() {
                for spelling in 0..spellings(piece, self.language) {
                    if attempt.n_errors == 0 || self.budget <= self.n_attempts {
                        return attempt;
                    }
                    let Some(slot) = choice.get_mut(hole) else { continue };
                    let before = std::mem::replace(slot, spelling);
                    if before == spelling {
                        continue;
                    }
                    let other = self.attempt(&choice);
                    if other.n_errors < attempt.n_errors {
                        attempt = other;
                        has_helped = true;
                    } else if let Some(slot) = choice.get_mut(hole) {
                        *slot = before;
                    }
                }
            }
            if !has_helped {
                break;
            }
        }
        attempt
    }

    fn attempt(&mut self, choice: &[usize]) -> Attempt {
        self.n_attempts += 1;
        attempt(self.pieces, choice, self.frame, self.language)
    }
}

/// Dots that are tried in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Statements,
    Entries,
    Others,
}

impl Group {
    const fn of(place: Place) -> Self {
        match place {
            Place::Statement => Self::Statements,
            Place::Entry | Place::Element => Self::Entries,
            Place::Parameter | Place::Header | Place::Member | Place::Other => Self::Others,
        }
    }
}

/// One way to write a pattern.
#[derive(Debug)]
struct Attempt {
    text: String,
    inner: (u32, u32),
    /// How many nodes of the tree are errors, or made up.
    n_errors: usize,
    /// The text of the first of them.
    near: String,
}

fn attempt(pieces: &[Piece<'_>], choice: &[usize], frame: &Frame, language: &Language) -> Attempt {
    let mut text = frame.before.to_owned();
    let start = text.len();
    for (piece, choice) in pieces.iter().zip(choice) {
        write(piece, *choice, language, &mut text);
    }
    let end = text.len();
    text.push_str(frame.after);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    // Of several grammars the one that understands most.
    let (n_errors, near) = match language.lower {
        Lowering::Tree(_) => {
            let tried = language.pattern_grammars().iter().map(|grammar| match bartizan_syntax::parse(*grammar, &text) {
                Ok(tree) => errors(&tree, &text, start..end),
                Err(_) => (usize::MAX, String::new()),
            });
            tried.min_by_key(|(n_errors, _)| *n_errors).unwrap_or((usize::MAX, String::new()))
        }
        Lowering::Text(_) => unread(language, &text),
    };
    Attempt { inner: (narrow(start), narrow(end)), n_errors, near, text }
}

/// How much of a text a language without a grammar could not read, and the first such text.
fn unread(language: &Language, text: &str) -> (usize, String) {
    let Ok(tree) = lower::lower(language, text, &mut Interner::default(), true) else { return (usize::MAX, String::new()) };
    let near = tree.opaque().first().and_then(|(start, end)| text.get(*start as usize..*end as usize)).unwrap_or_default();
    (tree.opaque().iter().map(|(start, end)| 1 + end.saturating_sub(*start) as usize).sum(), near.to_owned())
}

fn spellings(piece: &Piece<'_>, language: &Language) -> usize {
    match piece {
        Piece::Text(_) | Piece::Fixed(_) => 1,
        Piece::Metavariable(..) | Piece::Many(..) => language.patterns.metavariable.len(),
        Piece::Ellipsis(Place::Member) => 2,
        // As it stands, too: it may be meant.
        Piece::Ellipsis(_) => language.patterns.ellipsis.len() + 1,
        Piece::Typed { .. } => 3,
    }
}

fn write(piece: &Piece<'_>, choice: usize, language: &Language, out: &mut String) {
    match piece {
        Piece::Text(text) => out.push_str(text),
        Piece::Fixed(text) => out.push_str(text),
        Piece::Metavariable(name, _) => {
            let spelling = language.patterns.metavariable.get(choice).copied().unwrap_or("{}");
            out.push_str(&spelling.replace("{}", &format!("{}{name}", reserved::METAVAR)));
        }
        Piece::Many(name, _) => {
            let spelling = language.patterns.metavariable.get(choice).copied().unwrap_or("{}");
            out.push_str(&spelling.replace("{}", &format!("{}{name}", reserved::MANY)));
        }
        Piece::Typed { name, .. } if choice == 0 => {
            let spelling = language.patterns.metavariable.first().copied().unwrap_or("{}");
            out.push_str(&spelling.replace("{}", &format!("{}{name}", reserved::TYPED)));
        }
        // The parentheses are those of a call.
        Piece::Typed { name, .. } if choice == 2 => {
            let spelling = language.patterns.metavariable.first().copied().unwrap_or("{}");
            out.push_str(&format!("({})", spelling.replace("{}", &format!("{}{name}", reserved::TYPED))));
        }
        Piece::Typed { written, .. } => {
            // It was no type: a parameter in parentheses, say.
            let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
            out.push('(');
            for piece in pieces(inner, language) {
                write(&piece, 0, language, out);
            }
            out.push(')');
        }
        // A member alone is no statement in some languages.
        Piece::Ellipsis(Place::Member) => {
            out.push_str(reserved::DOTS);
            out.push_str(if choice == 0 { "" } else { "()" });
        }
        Piece::Ellipsis(_) => out.push_str(language.patterns.ellipsis.get(choice).copied().unwrap_or("...")),
    }
}

/// How much of a pattern could not be parsed, and the first such text. What is around the pattern does not count.
fn errors(tree: &Tree, text: &str, inner: Range<usize>) -> (usize, String) {
    let root = tree.root_node();
    if !root.has_error() {
        return (0, String::new());
    }
    let mut n_errors = 0;
    let mut near = String::new();
    let mut note = |node: Node<'_>| {
        n_errors += 1 + node.end_byte().min(inner.end).saturating_sub(node.start_byte().max(inner.start));
        if near.is_empty() {
            near = text.get(node.byte_range()).unwrap_or_default().to_owned();
        }
    };
    let mut cursor = root.walk();
    'walk: loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            note(node);
        }
        if node.has_error() && !node.is_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
        }
    }
    (n_errors.max(1), near)
}

/// What the error is about, as it was written, short.
fn shown(near: &str) -> String {
    let written = near.replace(reserved::METAVAR, "$").replace(reserved::DOTS, "...");
    written.lines().next().unwrap_or_default().chars().take(40).collect()
}

/// Splits a pattern into text and holes.
fn pieces<'a>(text: &'a str, language: &Language) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let brackets = Brackets::of(text);
    let bytes = text.as_bytes();
    let mut from = 0;
    let mut at = 0;
    let flush = |pieces: &mut Vec<Piece<'a>>, from: usize, to: usize| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            pieces.push(Piece::Text(text));
        }
    };
    while at < bytes.len() {
        let rest = text.get(at..).unwrap_or_default();
        let found = hole(text, at, rest, &brackets, language);
        match found {
            Some((new, length)) => {
                flush(&mut pieces, from, at);
                pieces.extend(new);
                at += length;
                from = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    flush(&mut pieces, from, bytes.len());
    pieces
}

/// The hole that starts here, as pieces, and its length.
fn hole<'a>(text: &'a str, at: usize, rest: &'a str, brackets: &Brackets, language: &Language) -> Option<(Vec<Piece<'a>>, usize)> {
    let before = text.get(..at).unwrap_or_default();
    match rest.as_bytes() {
        [b'"' | b'\'', b'=', b'~', b'/', ..] => {
            // An expression has escapes that a string of the language may not have.
            let (expression, length) = regex(rest)?;
            (!expression.is_empty()).then(|| (vec![Piece::Fixed(format!("\"{}{at}\"", reserved::REGEX))], length))
        }
        // `T<...>` has arguments.
        [b'<', b'.', b'.', b'.', next, ..] if !b",>".contains(next) => {
            // Where names of functions are in lower case, this one is too.
            let is_lower = language.patterns.metavariable.first().is_some_and(|spelling| spelling.starts_with('_'));
            Some((vec![Piece::Fixed(format!("{}{}(", if is_lower { "_" } else { "" }, reserved::DEEP))], 4))
        }
        [b'.', b'.', b'.', b'>', ..] if is_in_deep(before) => Some((vec![Piece::Fixed(")".to_owned())], 4)),
        [b'(', ..] => typed(before, rest, language),
        [b'$', b'.', b'.', b'.', ..] => {
            let name = metavariable_name(rest.get(4..)?)?;
            let place = brackets.place(text, at, at + 4 + name.len());
            Some((vec![Piece::Many(name, place)], 4 + name.len()))
        }
        [b'$', ..] => {
            // In the middle of a name the dollar is part of it.
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                return None;
            }
            let name = metavariable_name(rest.get(1..)?)?;
            if language.patterns.dollar_is_name && SUPERGLOBALS.contains(&name) {
                return None;
            }
            let after = rest.get(1 + name.len()..).unwrap_or_default();
            // Dots behind a variable in a string would be read as more of its name.
            if language.patterns.dollar_is_name && is_in_string(before) && after.starts_with("...") {
                return Some((vec![Piece::Fixed(format!("{{${}{name}}}", reserved::METAVAR))], 1 + name.len()));
            }
            // Names of elements have other letters.
            if language.has(Feature::Tags) && (before.ends_with('<') || before.ends_with("</")) {
                return Some((vec![Piece::Fixed(format!("{}{}", reserved::TAG, name.replace('_', ":")))], 1 + name.len()));
            }
            let place = brackets.place(text, at, at + 1 + name.len());
            Some((vec![Piece::Metavariable(name, place)], 1 + name.len()))
        }
        [b'.', b'.', b'.', after @ ..] => {
            // `....f()` is a call on anything; longer rows of dots are text.
            let is_object = matches!(after, [b'.', next, ..] if next.is_ascii_alphabetic() || *next == b'$');
            if before.ends_with('.') || (after.starts_with(b".") && !is_object) {
                return None;
            }
            // `{ ...$X }` spreads what `$X` stands for.
            if language.has(Feature::Records) && after.starts_with(b"$") {
                return Some((vec![Piece::Fixed("...".to_owned())], 3));
            }
            // Within a string they are always written in one way.
            if is_in_string(before) && after.contains(&b'"') {
                return Some((vec![Piece::Fixed(reserved::DOTS.to_owned())], 3));
            }
            // `a. ... .b` is a chain of members.
            if before.trim_end().strip_suffix('.').is_some_and(|object| !object.ends_with('.')) {
                return Some((vec![Piece::Ellipsis(Place::Member)], 3));
            }
            // What follows at once is no part of the name that dots are written as, but the next statement.
            let is_open = before.trim_end_matches([' ', '\t']).ends_with(['\n', '{', '}', ';']) || before.trim().is_empty();
            let is_glued = is_open && text.get(at + 3..)?.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
            if is_glued {
                return Some((vec![Piece::Ellipsis(Place::Statement), Piece::Fixed(" ".to_owned())], 3));
            }
            Some((vec![Piece::Ellipsis(brackets.place(text, at, at + 3))], 3))
        }
        _ => None,
    }
}

/// Whether `<...` was opened and not closed.
fn is_in_deep(before: &str) -> bool {
    before.matches("...>").count() < before.matches("<...").count()
}

/// Whether what follows stands in a string that began in the same line.
fn is_in_string(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut is_open = false;
    let mut is_escaped = false;
    for byte in line.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_open = !is_open,
            _ => {}
        }
    }
    is_open
}

/// Names of PHP that look like metavariables.
const SUPERGLOBALS: [&str; 10] =
    ["_SERVER", "_GET", "_POST", "_FILES", "_COOKIE", "_SESSION", "_REQUEST", "_ENV", "GLOBALS", "HTTP_RAW_POST_DATA"];

/// The name of a metavariable at the start of a text: `X`, `X_1`, `_`, `1`.
fn metavariable_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let name = text.get(..end).filter(|name| !name.is_empty())?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    is_name.then_some(name)
}

/// `($X: T)` and `(T $X)`.
fn typed<'a>(before: &str, rest: &'a str, language: &Language) -> Option<(Vec<Piece<'a>>, usize)> {
    if language.patterns.typed.is_empty() {
        return None;
    }
    let end = closing(rest)?;
    let inner = rest.get(1..end)?;
    let (name, _) = type_of(inner, language)?;
    // What precedes a body or an arrow are parameters, and so is `(T $X)` behind a name.
    let after = rest.get(end + 1..)?.trim_start();
    if ["{", "=>", "->"].iter().any(|token| after.starts_with(token)) || (colon_typed(inner).is_none() && is_applied(before)) {
        return None;
    }
    let typed = Piece::Typed { name, written: rest.get(..=end)? };
    if !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return Some((vec![typed], end + 1));
    }
    // `f($X: T)` is a call, but for what is behind it.
    let is_call = ![":", "="].iter().any(|token| after.starts_with(token));
    is_call.then(|| (vec![Piece::Fixed("(".to_owned()), typed, Piece::Fixed(")".to_owned())], end + 1))
}

/// Whether a parenthesis behind this text holds arguments or parameters, or the condition of a statement.
fn is_applied(before: &str) -> bool {
    const WORDS: [&str; 10] = ["return", "await", "yield", "throw", "in", "and", "or", "not", "else", "case"];
    let before = before.trim_end_matches([' ', '\t']);
    let name = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let word = before.get(name.len()..).unwrap_or_default();
    if word.is_empty() { before.ends_with([')', ']']) } else { !WORDS.contains(&word) }
}

/// The name and the type of a metavariable in parentheses.
fn type_of<'a>(inner: &'a str, language: &Language) -> Option<(&'a str, &'a str)> {
    colon_typed(inner).or_else(|| c_typed(inner).filter(|(_, of)| !of.ends_with(['*', '&']) || language.has(Feature::Pointers)))
}

/// The expressions of `"=~/…/"` in a pattern, by the word that stands for each.
pub(super) fn regexes(text: &str, language: &Language) -> Vec<(String, String)> {
    let mut regexes = Vec::new();
    let mut from = 0;
    let start = |from: usize| {
        let rest = text.get(from..)?;
        rest.find("\"=~/").into_iter().chain(rest.find("'=~/")).min().map(|at| at + from)
    };
    while let Some(at) = start(from) {
        let Some((expression, length)) = regex(text.get(at..).unwrap_or_default()) else { break };
        let is_escaped = text.get(at..).is_some_and(|rest| rest.starts_with('"')) && language.has(Feature::MeantStrings);
        let expression = if is_escaped { expression.replace("\\\\", "\\") } else { expression };
        regexes.push((format!("{}{at}", reserved::REGEX), expression));
        from = at + length;
    }
    regexes
}

/// The expression of `"=~/…/"` or `"=~/…/i"` at the start of a text, in quotes of either kind, and the length of all.
fn regex(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let rest = text.get(4..)?;
    let plain = rest.find(&format!("/{quote}")).map(|end| (end, 2, false));
    let caseless = rest.find(&format!("/i{quote}")).map(|end| (end, 3, true));
    let (end, behind, is_caseless) = plain.into_iter().chain(caseless).min()?;
    let expression = rest.get(..end)?;
    let expression = if is_caseless { format!("(?i){expression}") } else { expression.to_owned() };
    Some((expression, 4 + end + behind))
}

/// The metavariables with types in a pattern, by name, each with text that the grammar reads as that type.
pub(super) fn types(text: &str, language: &Language) -> Vec<(String, String)> {
    let typed = pieces(text, language).into_iter().filter_map(|piece| match piece {
        Piece::Typed { name, written } => {
            let (_, of) = type_of(written.get(1..written.len().checked_sub(1)?)?, language)?;
            let spelled = language.patterns.typed.replace("{var}", &format!("{}{name}", reserved::TYPED)).replace("{type}", of);
            Some((name.to_owned(), spelled))
        }
        _ => None,
    });
    typed.collect()
}

/// The offset of the bracket that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset);
                }
            }
            b'"' | b'\'' | b';' | b'\n' => return None,
            _ => {}
        }
    }
    None
}

fn colon_typed(inner: &str) -> Option<(&str, &str)> {
    let name = metavariable_name(inner.trim_start().strip_prefix('$')?)?;
    let rest = inner.trim_start().get(1 + name.len()..)?.trim_start();
    let of = rest.strip_prefix(':').filter(|rest| !rest.starts_with(':'))?.trim();
    (!of.is_empty() && !of.contains(',') || of.contains('<') || of.contains('[')).then_some((name, of))
}

fn c_typed(inner: &str) -> Option<(&str, &str)> {
    let (of, name) = inner.trim().rsplit_once(|c: char| c.is_whitespace() || c == '*' || c == '&')?;
    let name = name.strip_prefix('$')?;
    if metavariable_name(name)? != name {
        return None;
    }
    let of = inner.trim().get(..inner.trim().len() - name.len() - 1)?.trim_end().max(of);
    // A type is names, dots, brackets and stars; not an operator, and not a word such as `new`.
    let is_type = of.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$.<>[]*&:, ?".contains(&byte))
        && of.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && !of.ends_with([',', ':', '.', '?'])
        && !["new", "return", "await", "throw", "not", "typeof", "delete", "void", "yield", "in", "is", "and", "or"].contains(&of)
        && !of.contains(" in ")
        && of.matches('<').count() == of.matches('>').count()
        && ![" as", " is", " in", " instanceof", " satisfies", " extends"].iter().any(|word| of.ends_with(word));
    let has_top_level_comma = of.contains(',') && !of.contains('<');
    (is_type && !has_top_level_comma).then_some((name, of))
}
