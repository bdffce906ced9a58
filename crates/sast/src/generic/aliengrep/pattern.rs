//! Patterns of aliengrep, as a program for the matcher.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    super::{GenericOptions, PatternError},
    alphabet::{Alphabet, Spacing},
    brackets::{Event, pair},
};

/// The index of a metavariable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(pub(super) usize);

/// What has to stand at a place. Between parts there may be blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A word as a whole.
    Word(Box<str>),
    Character(char),
    LineEnd,
    /// `$X`: any word.
    Any(Slot),
    /// `$X` or `$...X` once more: the same text.
    Same(Slot),
    Ellipsis(Ellipsis),
    /// Nothing, but only at the beginning of a line, or of the text.
    AtLineStart,
    AtTextStart,
    /// Nothing, but only at the end of a line, or of the text.
    AtLineEnd,
    AtTextEnd,
}

/// `...`, `$...X`, and both with a dot more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ellipsis {
    /// What it runs across.
    pub(super) spacing: Spacing,
    /// Whether it may begin with the end of a line.
    pub(super) takes_line_end: bool,
    /// The closing bracket that it must not take, because it closes what the ellipsis stands in.
    pub(super) excluded: Option<u8>,
    pub(super) slot: Option<Slot>,
}

/// A metavariable of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metavariable {
    /// As captures are named: `$X`, `$...X`.
    pub(super) name: Arc<str>,
    kind: Kind,
    /// Whether it stands for a word, and not for a sequence.
    pub(super) is_word: bool,
    /// The last part that compares with it.
    last_use: Option<usize>,
}

impl Metavariable {
    /// Whether a part or one behind it compares with the metavariable.
    pub(super) fn is_compared_from(&self, part: usize) -> bool {
        self.last_use.is_some_and(|last| part <= last)
    }
}

/// A pattern.
#[derive(Debug, Clone)]
pub(in crate::generic) struct Pattern {
    pub(super) parts: Vec<Part>,
    pub(super) metavariables: Vec<Metavariable>,
    /// What is blank between parts.
    pub(super) spacing: Spacing,
    is_caseless: bool,
}

impl Pattern {
    /// How many words and characters a pattern may have.
    const MAX_TOKENS: usize = 10_000;

    pub(in crate::generic) fn parse(text: &str, options: &GenericOptions) -> Result<Self, PatternError> {
        let alphabet = Alphabet::new(options)?;
        let tokens = tokenize(text, &alphabet);
        if tokens.is_empty() {
            return Err(PatternError::Empty);
        }
        if Self::MAX_TOKENS < tokens.len() {
            return Err(PatternError::TooLong { max: Self::MAX_TOKENS });
        }
        let spacing = if alphabet.is_multiline { Spacing::Text } else { Spacing::Line };
        let mut compiler = Compiler { spacing, parts: Vec::new(), metavariables: Vec::new(), slots: FxHashMap::default() };
        compiler.compile(&tokens)?;
        let Compiler { parts, metavariables, .. } = compiler;
        Ok(Self { parts, metavariables, spacing, is_caseless: alphabet.is_caseless })
    }

    /// The words that every match has in it; none when case doesn't matter.
    pub(in crate::generic) fn required_words(&self) -> Vec<&str> {
        fn word(part: &Part) -> Option<&str> {
            match part {
                Part::Word(word) => Some(&**word),
                Part::Character(_)
                | Part::LineEnd
                | Part::Any(_)
                | Part::Same(_)
                | Part::Ellipsis(_)
                | Part::AtLineStart
                | Part::AtTextStart
                | Part::AtLineEnd
                | Part::AtTextEnd => None,
            }
        }
        if self.is_caseless { Vec::new() } else { self.parts.iter().filter_map(word).collect() }
    }

    /// Whether a part of the pattern depends on nothing but where it begins.
    pub(super) fn is_context_free(&self) -> bool {
        !self.metavariables.iter().any(|metavariable| metavariable.is_compared_from(0))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Ellipsis,
    LongEllipsis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'t> {
    at: usize,
    what: What<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'t> {
    /// `...`, or with a dot more.
    Ellipsis(Kind),
    /// `$X`, `$...X`, `$....X`: the name has no dollar.
    Metavariable(Kind, &'t str),
    Word(&'t str),
    /// A bracket, and for an opening one what closes it.
    Bracket(u8, Option<u8>),
    LineEnd,
    Character(char),
}

fn tokenize<'t>(text: &'t str, alphabet: &Alphabet) -> Vec<Token<'t>> {
    let spacing = if alphabet.is_multiline { Spacing::Text } else { Spacing::Line };
    let mut tokens = Vec::new();
    let mut at = spacing.skip(text, 0);
    while let Some((what, length)) = text.get(at..).and_then(|tail| token(tail, alphabet)) {
        tokens.push(Token { at, what });
        at = spacing.skip(text, at + length);
    }
    tokens
}

/// The token at the beginning of a text, and its length.
fn token<'t>(tail: &'t str, alphabet: &Alphabet) -> Option<(What<'t>, usize)> {
    for (dots, kind) in [("....", Kind::LongEllipsis), ("...", Kind::Ellipsis)] {
        if tail.starts_with(dots) {
            return Some((What::Ellipsis(kind), dots.len()));
        }
    }
    for (sign, kind) in [("$", Kind::Word), ("$...", Kind::Ellipsis), ("$....", Kind::LongEllipsis)] {
        if let Some(name) = tail.strip_prefix(sign).and_then(name) {
            return Some((What::Metavariable(kind, name), sign.len() + name.len()));
        }
    }
    let n_word = tail.find(|character| !alphabet.is_word(character)).unwrap_or(tail.len());
    if n_word != 0 {
        return Some((What::Word(tail.get(..n_word)?), n_word));
    }
    let character = tail.chars().next()?;
    if let Ok(byte) = u8::try_from(character)
        && (alphabet.closing(byte).is_some() || alphabet.is_closing(byte))
    {
        return Some((What::Bracket(byte, alphabet.closing(byte)), 1));
    }
    for line_end in ["\n", "\r\n"] {
        if tail.starts_with(line_end) {
            return Some((What::LineEnd, line_end.len()));
        }
    }
    Some((What::Character(character), character.len_utf8()))
}

/// The name of a metavariable at the beginning of a text: capital letters, digits and `_`, first a letter.
fn name(tail: &str) -> Option<&str> {
    let is_name = |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
    tail.starts_with(|character: char| character.is_ascii_uppercase()).then_some(())?;
    tail.get(..tail.find(|character| !is_name(character)).unwrap_or(tail.len()))
}

#[derive(Debug)]
struct Compiler {
    spacing: Spacing,
    parts: Vec<Part>,
    metavariables: Vec<Metavariable>,
    slots: FxHashMap<String, Slot>,
}

impl Compiler {
    fn compile(&mut self, tokens: &[Token<'_>]) -> Result<(), PatternError> {
        let partners = partners(tokens);
        // The brackets around: the closing one, and where it stands.
        let mut around: Vec<(usize, u8)> = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let is_after = |what: What<'_>| index.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|it| it.what == what);
            let is_first = index == 0;
            let is_last = index + 1 == tokens.len();
            let excluded = around.last().map(|&(_, closing)| closing);
            match token.what {
                What::Ellipsis(kind) | What::Metavariable(kind @ (Kind::Ellipsis | Kind::LongEllipsis), _) => {
                    let spans_lines = self.spacing == Spacing::Text || kind == Kind::LongEllipsis;
                    if spans_lines && is_first {
                        self.parts.push(Part::AtTextStart);
                    }
                    if !spans_lines && (is_first || is_after(What::LineEnd)) {
                        self.parts.push(Part::AtLineStart);
                    }
                    self.ellipsis(*token, kind, excluded)?;
                    let is_before_line_end = tokens.get(index + 1).is_some_and(|it| it.what == What::LineEnd);
                    if !spans_lines && (is_last || is_before_line_end) {
                        self.parts.push(Part::AtLineEnd);
                    }
                    if spans_lines && is_last {
                        self.parts.push(Part::AtTextEnd);
                    }
                }
                What::Metavariable(Kind::Word, name) => {
                    let (slot, is_new) = self.slot(name, Kind::Word, token.at)?;
                    self.parts.push(if is_new { Part::Any(slot) } else { Part::Same(slot) });
                }
                What::Word(word) => self.parts.push(Part::Word(word.into())),
                What::Bracket(byte, closing) => {
                    if around.last().is_some_and(|&(end, _)| end == index) {
                        around.pop();
                    } else if let Some((end, closing)) = partners.get(index).copied().flatten().zip(closing) {
                        around.push((end, closing));
                    }
                    self.parts.push(Part::Character(byte.into()));
                }
                What::LineEnd => self.parts.push(Part::LineEnd),
                What::Character(character) => self.parts.push(Part::Character(character)),
            }
        }
        Ok(())
    }

    fn ellipsis(&mut self, token: Token<'_>, kind: Kind, excluded: Option<u8>) -> Result<(), PatternError> {
        let slot = match token.what {
            What::Metavariable(_, name) => Some(self.slot(name, kind, token.at)?),
            What::Ellipsis(_) | What::Word(_) | What::Bracket(..) | What::LineEnd | What::Character(_) => None,
        };
        if let Some((slot, false)) = slot {
            self.parts.push(Part::Same(slot));
            return Ok(());
        }
        let takes_line_end = kind == Kind::LongEllipsis && self.spacing == Spacing::Line;
        let spacing = if takes_line_end { Spacing::Text } else { self.spacing };
        self.parts.push(Part::Ellipsis(Ellipsis { spacing, takes_line_end, excluded, slot: slot.map(|(slot, _)| slot) }));
        Ok(())
    }

    /// The slot of a metavariable, and whether this is where the metavariable is bound.
    fn slot(&mut self, name: &str, kind: Kind, at: usize) -> Result<(Slot, bool), PatternError> {
        if let Some(&slot) = self.slots.get(name) {
            let last_use = self.parts.len();
            let metavariable = self.metavariables.get_mut(slot.0).filter(|metavariable| metavariable.kind == kind);
            metavariable.ok_or_else(|| PatternError::MixedMetavariable { name: name.into(), at })?.last_use = Some(last_use);
            return Ok((slot, false));
        }
        let slot = Slot(self.metavariables.len());
        self.slots.insert(name.to_owned(), slot);
        let is_word = kind == Kind::Word;
        let sign = if is_word { "$" } else { "$..." };
        self.metavariables.push(Metavariable { name: format!("{sign}{name}").into(), kind, is_word, last_use: None });
        Ok((slot, true))
    }
}

/// For each token the index of the bracket that closes it.
fn partners(tokens: &[Token<'_>]) -> Vec<Option<usize>> {
    let mut places = Vec::new();
    let mut events = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if let What::Bracket(byte, closing) = token.what {
            places.push(index);
            events.push(Event { byte: Some(byte), closing });
        }
    }
    let mut partners = vec![None; tokens.len()];
    for (&place, partner) in places.iter().zip(pair(&events)) {
        if let Some(slot) = partners.get_mut(place) {
            *slot = partner.and_then(|partner| places.get(partner as usize).copied());
        }
    }
    partners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(is_multiline: bool, text: &str, expected: &str) {
        let options = GenericOptions { is_multiline, extra_braces: vec![('"', '"')], ..GenericOptions::default() };
        let printed = match Pattern::parse(text, &options) {
            Ok(pattern) => pattern.parts.iter().map(|part| print(part, &pattern)).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        };
        assert_eq!(printed, expected, "{text:?}");
    }

    fn print(part: &Part, pattern: &Pattern) -> String {
        let name = |slot: Slot| pattern.metavariables[slot.0].name.clone();
        match part {
            Part::Word(word) => word.to_string(),
            Part::Character(character) => character.to_string(),
            Part::LineEnd => "EOL".to_owned(),
            Part::Any(slot) => format!("{{{}}}", name(*slot)),
            Part::Same(slot) => format!("{{={}}}", name(*slot)),
            Part::Ellipsis(ellipsis) => {
                let mut printed = if ellipsis.spacing == Spacing::Text { "...." } else { "..." }.to_owned();
                printed += &ellipsis.slot.map(|slot| name(slot).to_string()).unwrap_or_default();
                printed.extend(ellipsis.takes_line_end.then_some('+'));
                printed.extend(ellipsis.excluded.map(|closing| format!("!{}", char::from(closing))));
                printed
            }
            Part::AtLineStart => "^".to_owned(),
            Part::AtTextStart => "^^".to_owned(),
            Part::AtLineEnd => "$".to_owned(),
            Part::AtTextEnd => "$$".to_owned(),
        }
    }

    #[test]
    fn tokens_of_patterns() {
        check(true, "f ( $X,\n$FOO_1 )", "f ( {$X} , {$FOO_1} )");
        check(true, "$FOObar $foo $ X $_", "{$FOO} bar $ foo $ X $ _");
        check(true, "a.....b", "a .... . b");
        check(true, "a $...XS b $....YS c", "a ....$...XS b ....$...YS c");
        check(true, "é $X é $X", "é {$X} é {=$X}");
        check(false, "a\nb\r\nc\rd", "a EOL b EOL c \r d");
    }

    #[test]
    fn ellipses_at_the_edges_are_anchored() {
        check(true, "... a ...", "^^ .... a .... $$");
        check(true, "...\na\n...", "^^ .... a .... $$");
        check(false, "... a ...", "^ ... a ... $");
        check(false, "...\na ...\n... b", "^ ... $ EOL a ... $ EOL ^ ... b");
        check(false, ".... a ....\n", "^^ ....+ a ....+ EOL");
        check(false, "(\n... a)", "( EOL ^ ...!) a )");
        check(false, "$...X a $...X", "^ ...$...X a {=$...X} $");
    }

    #[test]
    fn ellipses_stay_in_brackets() {
        check(true, "f(... [...] ...) ...", "f ( ....!) [ ....!] ] ....!) ) .... $$");
        check(true, "(... ] ...", "( .... ] .... $$");
        check(true, "(a ... [ ... ) b", "( a ....!) [ ....!) ) b");
        check(false, "a \"...\" b", "a \" ...!\" \" b");
    }

    #[test]
    fn metavariable_of_two_kinds_is_refused() {
        check(true, "$X $...X", "`$X`, `$...X` and `$....X` can't be mixed for one name: `X` at byte 3");
        check(true, "$...X $....X", "`$X`, `$...X` and `$....X` can't be mixed for one name: `X` at byte 6");
    }

    #[test]
    fn empty_and_long_patterns_are_refused() {
        check(true, " \n", "a pattern of blanks matches everywhere");
        check(true, &"a ".repeat(Pattern::MAX_TOKENS + 1), "a pattern has at most 10000 words and characters");
    }
}
