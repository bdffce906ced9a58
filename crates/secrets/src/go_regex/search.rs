//! All matches in a text, looked for only where they can be.

use std::sync::OnceLock;

use regex_automata::{Input, Match, Span};

use super::{
    anchor::{Anchors, FOLD_TO_ASCII, Lengths},
    regex::{Alphabet, Pattern, Regex},
    tail::Tail,
    text::Text,
};

/// An expression that is searched in many texts.
///
/// The result is that of [`Regex::find_all`], at less cost where the expression holds literals.
#[derive(Debug)]
pub struct Finder {
    regex: Regex,
    plan: OnceLock<Option<Plan>>,
}

#[derive(Debug)]
struct Plan {
    anchors: Anchors,
    tails: Vec<(Tail, Lengths)>,
}

impl Finder {
    /// Takes an expression over.
    #[must_use]
    pub const fn new(pattern: Pattern) -> Self {
        Self { regex: Regex::new(pattern), plan: OnceLock::new() }
    }

    /// The expression.
    #[must_use]
    pub const fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Literals in lower case, one of which is part of each match in some case; nothing if there are none.
    pub fn literals(&self) -> Option<&[Vec<u8>]> {
        self.plan().map(|plan| plan.anchors.literals.as_slice())
    }

    /// All matches that don't overlap, from the left.
    ///
    /// `places` are the offsets, in order, at which one of [`Finder::literals`] stands in the text, in any case of ASCII
    /// letters; more offsets do no harm. For a text that [may fold](Self::may_fold) they are not used.
    #[must_use]
    pub fn find_all_at(&self, text: &Text<'_>, places: &[usize]) -> Vec<Match> {
        match self.plan() {
            Some(plan) if !Self::may_fold(text) => Search { regex: &self.regex, plan, text, n_searched: 0, n_followed: 0 }.run(places),
            Some(_) | None => self.regex.find_all(text.as_str()),
        }
    }

    /// Whether the text holds letters that fold into ASCII, so that literals of ASCII are no help.
    #[must_use]
    pub fn may_fold(text: &Text<'_>) -> bool {
        !text.is_ascii() && FOLD_TO_ASCII.iter().any(|&c| text.as_str().contains(c))
    }

    fn plan(&self) -> Option<&Plan> {
        let plan = || {
            let anchors = Anchors::of(self.regex.pattern().tree())?;
            let tails = anchors.tails.iter().map(|(tail, lengths)| (Tail::new(tail.clone()), *lengths)).collect();
            Some(Plan { anchors, tails })
        };
        self.plan.get_or_init(plan).as_ref()
    }
}

struct Search<'s> {
    regex: &'s Regex,
    plan: &'s Plan,
    text: &'s Text<'s>,
    /// Bytes in windows so far.
    n_searched: usize,
    /// Bytes in tails so far.
    n_followed: usize,
}

impl Search<'_> {
    fn run(&mut self, places: &[usize]) -> Vec<Match> {
        let mut matches: Vec<Match> = Vec::new();
        // Nothing before it can be part of a match any more.
        let mut next = 0;
        for &place in places {
            while let Some(last_start) = place.checked_sub(self.plan.anchors.head.min_bytes).filter(|&start| next <= start) {
                if !self.may_match_at(place) {
                    break;
                }
                let found = match self.window(place, last_start, next) {
                    // Whatever the literal: the first match from here on is the next one, and without any it is over.
                    Window::Rest(start) => match self.search(Alphabet::Unicode, start, self.text.as_str().len()) {
                        Some(found) => found,
                        None => return matches,
                    },
                    // A match that starts after the last start could be cut off at the end of the window.
                    Window::Span(alphabet, span) => {
                        match self.search(alphabet, span.start, span.end).filter(|found| found.start() <= last_start) {
                            Some(found) => found,
                            None => break,
                        }
                    }
                };
                next = found.end();
                matches.push(found);
            }
        }
        matches
    }

    /// Whether one of the tails can match at a literal.
    fn may_match_at(&mut self, place: usize) -> bool {
        // Tails without a bound that start close to each other would make the search quadratic.
        const MAX_PASSES: usize = 4;
        let text = self.text.as_str();
        if MAX_PASSES.saturating_mul(text.len()) < self.n_followed {
            return true;
        }
        for (tail, lengths) in &self.plan.tails {
            let (answer, n_bytes) = tail.may_match(self.alphabet(place, place, *lengths), text, place);
            self.n_followed = self.n_followed.saturating_add(n_bytes);
            if answer {
                return true;
            }
        }
        false
    }

    /// Where a match with this literal lies, if it lies anywhere.
    fn window(&self, place: usize, last_start: usize, next: usize) -> Window {
        let Anchors { head, whole, .. } = &self.plan.anchors;
        let alphabet = if self.text.is_ascii() {
            Alphabet::Ascii
        } else {
            self.alphabet(place.saturating_sub(bound(head.max_bytes)), last_start, *whole)
        };
        let (head_max, whole_max) = match alphabet {
            Alphabet::Ascii => (head.max_chars, whole.max_chars),
            Alphabet::Unicode => (head.max_bytes, whole.max_bytes),
        };
        let start = next.max(self.text.boundary_at_or_after(place.saturating_sub(bound(head_max))));
        let len = self.text.as_str().len();
        match whole_max {
            // Long windows that overlap would make the search quadratic.
            Some(max) if self.n_searched <= len => {
                Window::Span(alphabet, Span { start, end: self.text.boundary_at_or_after(last_start.saturating_add(max).min(len)) })
            }
            Some(_) | None => Window::Rest(start),
        }
    }

    /// ASCII, if all of the text between `start` and the end of what starts at `last_start` is.
    fn alphabet(&self, start: usize, last_start: usize, lengths: Lengths) -> Alphabet {
        if self.text.is_ascii() {
            return Alphabet::Ascii;
        }
        let Some(max) = lengths.max_bytes else { return Alphabet::Unicode };
        let bytes = self.text.as_str().as_bytes();
        let end = last_start.saturating_add(max).min(bytes.len());
        if bytes.get(start..end).is_some_and(<[u8]>::is_ascii) { Alphabet::Ascii } else { Alphabet::Unicode }
    }

    fn search(&mut self, alphabet: Alphabet, start: usize, end: usize) -> Option<Match> {
        let alphabet = if self.text.is_ascii() { Alphabet::Ascii } else { alphabet };
        self.n_searched = self.n_searched.saturating_add(end.saturating_sub(start));
        if end < start {
            return None;
        }
        self.regex.compiled(alphabet)?.search(&Input::new(self.text.as_str()).span(start..end))
    }
}

enum Window {
    Span(Alphabet, Span),
    Rest(usize),
}

fn bound(length: Option<usize>) -> usize {
    length.unwrap_or(usize::MAX)
}
