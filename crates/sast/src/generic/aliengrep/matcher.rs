//! Runs patterns of aliengrep on texts.
//!
//! Only ellipses leave a choice: where does it end? An ellipsis is tried with nothing in it first, then with one node more at a
//! time. Where going on behind a node of an ellipsis failed, this is remembered, so that no later start goes there again.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{
    super::{Capture, GenericMatch, Limit, Search},
    alphabet::Spacing,
    pattern::{Ellipsis, Part, Pattern, Slot},
    target::Target,
};

/// How many steps a search may take: this many, and [`STEPS_PER_BYTE`] for each byte of the text.
const MIN_STEPS: u64 = 1_000_000;

/// See [`MIN_STEPS`].
const STEPS_PER_BYTE: u64 = 8;

/// How many places that led nowhere are remembered, where they depend on a context.
const MAX_DEAD_ENDS: usize = 2_000_000;

impl Pattern {
    /// Finds all matches in a text, which is the one that the target was made from.
    pub(in crate::generic) fn find(&self, target: &Target, text: &str) -> Search {
        let mut machine = Machine::new(self, target, text);
        let mut search = Search::default();
        let mut from = 0;
        let mut was_empty = false;
        while let Some(range) = machine.find_from(from, was_empty) {
            search.matches.push(GenericMatch { range: range.clone(), captures: machine.captures() });
            if Search::MAX_MATCHES <= search.matches.len() {
                search.limit = Some(Limit::Matches);
                break;
            }
            // Where an empty match ends, there is no other one.
            was_empty = range.is_empty();
            from = range.end;
            if was_empty && from == text.len() {
                break;
            }
        }
        search.limit = search.limit.or(machine.limit());
        search
    }
}

/// An ellipsis that may take more.
#[derive(Debug)]
struct Choice {
    part: usize,
    ellipsis: Ellipsis,
    /// Where the ellipsis begins, and where its first node would.
    start: usize,
    first: usize,
    /// Where the ellipsis ends at present.
    end: usize,
    context: u32,
    n_bound: usize,
}

/// What a dead end depends on besides its place.
type Context = SmallVec<[u32; 8]>;

struct Machine<'a> {
    pattern: &'a Pattern,
    target: &'a Target,
    text: &'a str,
    is_context_free: bool,
    choices: Vec<Choice>,
    bindings: Vec<Option<Range<usize>>>,
    /// The slots that have a binding, in the order of their binding.
    bound: Vec<Slot>,
    /// For each part: whether going on behind a node of that ellipsis, which ends at an offset, fails.
    dead_ends: Vec<BitSet>,
    /// The same in patterns whose metavariables are compared: part, offset, context.
    dead_ends_in: FxHashSet<(usize, usize, u32)>,
    contexts: FxHashMap<Context, u32>,
    words: FxHashMap<&'a str, u32>,
    n_steps: u64,
    max_steps: u64,
}

impl<'a> Machine<'a> {
    fn new(pattern: &'a Pattern, target: &'a Target, text: &'a str) -> Self {
        Self {
            pattern,
            target,
            text,
            is_context_free: pattern.is_context_free(),
            choices: Vec::new(),
            bindings: vec![None; pattern.metavariables.len()],
            bound: Vec::new(),
            dead_ends: vec![BitSet::default(); pattern.parts.len()],
            dead_ends_in: FxHashSet::default(),
            contexts: FxHashMap::default(),
            words: FxHashMap::default(),
            n_steps: 0,
            max_steps: MIN_STEPS.saturating_add(STEPS_PER_BYTE.saturating_mul(u64::try_from(text.len()).unwrap_or(u64::MAX))),
        }
    }

    fn limit(&self) -> Option<Limit> {
        (self.max_steps <= self.n_steps).then_some(Limit::Steps)
    }

    fn captures(&self) -> Vec<Capture> {
        let pairs = self.pattern.metavariables.iter().zip(&self.bindings);
        pairs.filter_map(|(metavariable, range)| Some(Capture { name: metavariable.name.clone(), range: range.clone()? })).collect()
    }

    /// The first match that begins at an offset or behind it, and that isn't empty if it begins there.
    fn find_from(&mut self, from: usize, is_empty_found: bool) -> Option<Range<usize>> {
        let mut start = from;
        loop {
            start = self.next_start(start)?;
            if let Some(end) = self.run(start, is_empty_found && start == from) {
                return Some(start..end);
            }
            if self.max_steps <= self.n_steps {
                return None;
            }
            start += self.text.get(start..)?.chars().next()?.len_utf8();
        }
    }

    /// The first offset from another one on where the pattern may match.
    fn next_start(&self, from: usize) -> Option<usize> {
        let tail = self.text.get(from..)?;
        let found = match self.pattern.parts.first()? {
            Part::AtTextStart => (from == 0).then_some(0),
            Part::AtLineStart if self.is_at_line_start(from) => Some(0),
            Part::AtLineStart => memchr::memchr(b'\n', tail.as_bytes()).map(|line_end| line_end + 1),
            Part::LineEnd => memchr::memchr2(b'\r', b'\n', tail.as_bytes()),
            Part::Word(word) if !self.target.alphabet().is_caseless => memchr::memmem::find(tail.as_bytes(), word.as_bytes()),
            Part::Character(character) if !self.target.alphabet().is_caseless => tail.find(*character),
            Part::Word(word) => tail.find(|character| word.starts_with(|first| self.target.alphabet().is_equal(first, character))),
            Part::Character(first) => tail.find(|character| self.target.alphabet().is_equal(*first, character)),
            Part::Any(_) => tail.find(|character| self.target.alphabet().is_word(character)),
            Part::Same(_) | Part::Ellipsis(_) | Part::AtLineEnd | Part::AtTextEnd => Some(0),
        };
        found.map(|found| from + found)
    }

    fn is_at_line_start(&self, at: usize) -> bool {
        at == 0 || self.text.as_bytes().get(at - 1) == Some(&b'\n')
    }

    /// The length of the line end at an offset.
    fn line_end(&self, at: usize) -> Option<usize> {
        match self.text.as_bytes().get(at..)? {
            [b'\n', ..] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            _ => None,
        }
    }

    /// Tries to match the pattern at an offset, and returns the end of the match.
    fn run(&mut self, start: usize, must_not_be_empty: bool) -> Option<usize> {
        self.choices.clear();
        self.unbind(0);
        if MAX_DEAD_ENDS <= self.dead_ends_in.len().max(self.contexts.len()).max(self.words.len()) {
            self.dead_ends_in.clear();
            self.contexts.clear();
            self.words.clear();
        }
        let (mut part, mut at) = (0, start);
        loop {
            self.n_steps += 1;
            if self.max_steps <= self.n_steps {
                return None;
            }
            let is_done = part == self.pattern.parts.len();
            if is_done && !(must_not_be_empty && at == start) {
                return Some(at);
            }
            // There may be blanks between parts, but not at the ends.
            let here = if part == 0 || is_done { at } else { self.pattern.spacing.skip(self.text, at) };
            match self.step(part, here) {
                Some(end) => (part, at) = (part + 1, end),
                None => (part, at) = self.retry()?,
            }
        }
    }

    /// Matches a part at an offset, and returns the end.
    fn step(&mut self, part: usize, at: usize) -> Option<usize> {
        let pattern = self.pattern;
        match pattern.parts.get(part)? {
            Part::Word(word) => {
                let end = self.equal(word, at)?;
                (!self.is_inside_word(at) && !self.is_inside_word(end)).then_some(end)
            }
            Part::Character(character) => {
                let found = self.text.get(at..)?.chars().next()?;
                self.target.alphabet().is_equal(*character, found).then_some(at + found.len_utf8())
            }
            Part::LineEnd => self.line_end(at).map(|length| at + length),
            Part::Any(slot) => {
                let end = self.target.word_end(self.text, at)?;
                self.bind(*slot, at..end);
                Some(end)
            }
            Part::Same(slot) => {
                let range = self.bindings.get(slot.0).cloned().flatten()?;
                let end = self.equal(self.text.get(range)?, at)?;
                (!self.is_inside_word(at) && !self.is_inside_word(end)).then_some(end)
            }
            Part::Ellipsis(ellipsis) => {
                let choice = Choice {
                    part,
                    ellipsis: *ellipsis,
                    start: at,
                    first: at,
                    end: at,
                    context: self.context(part, at, *ellipsis),
                    n_bound: self.bound.len(),
                };
                self.choices.push(choice);
                if let Some(slot) = ellipsis.slot {
                    self.bind(slot, at..at);
                }
                Some(at)
            }
            Part::AtLineStart => self.is_at_line_start(at).then_some(at),
            Part::AtTextStart => (at == 0).then_some(at),
            Part::AtLineEnd => (at == self.text.len() || self.line_end(at).is_some()).then_some(at),
            Part::AtTextEnd => (at == self.text.len()).then_some(at),
        }
    }

    /// Whether there is a word on both sides of an offset.
    fn is_inside_word(&self, at: usize) -> bool {
        let is_word = |character: Option<char>| character.is_some_and(|character| self.target.alphabet().is_word(character));
        self.text.split_at_checked(at).is_some_and(|(before, after)| is_word(before.chars().next_back()) && is_word(after.chars().next()))
    }

    /// The end of a text at an offset.
    fn equal(&self, expected: &str, at: usize) -> Option<usize> {
        let tail = self.text.get(at..)?;
        if !self.target.alphabet().is_caseless {
            return tail.starts_with(expected).then_some(at + expected.len());
        }
        let mut found = tail.chars();
        let is_equal = expected.chars().all(|expected| found.next().is_some_and(|found| self.target.alphabet().is_equal(expected, found)));
        is_equal.then(|| self.text.len() - found.as_str().len())
    }

    /// Gives the ellipsis that was chosen last one node more. Returns the part behind it and the place to go on.
    fn retry(&mut self) -> Option<(usize, usize)> {
        loop {
            self.n_steps += 1;
            if self.max_steps <= self.n_steps {
                return None;
            }
            let choice = self.choices.last()?;
            let (part, context, n_bound, failed, has_nodes) =
                (choice.part, choice.context, choice.n_bound, choice.end, choice.first < choice.end);
            self.unbind(n_bound);
            let more = if has_nodes && !self.mark(part, failed, context) { None } else { self.more() };
            let Some(choice) = self.choices.last_mut() else { continue };
            match more {
                Some(end) => choice.end = end,
                // Nothing in front of a line end led anywhere: go on behind it.
                None if choice.ellipsis.takes_line_end
                    && choice.first == choice.start
                    && self.text.as_bytes().get(choice.start) == Some(&b'\n') =>
                {
                    choice.first = Spacing::Text.skip(self.text, choice.start + 1);
                    choice.end = choice.first;
                }
                None => {
                    self.choices.pop();
                    continue;
                }
            }
            let (range, slot) = (choice.start..choice.end, choice.ellipsis.slot);
            let end = range.end;
            if let Some(slot) = slot {
                self.bind(slot, range);
            }
            return Some((part + 1, end));
        }
    }

    /// The end of the last ellipsis with one node more.
    fn more(&self) -> Option<usize> {
        let choice = self.choices.last()?;
        let spacing = choice.ellipsis.spacing;
        // There may be blanks between nodes, but not before them.
        let at = if choice.first < choice.end { spacing.skip(self.text, choice.end) } else { choice.end };
        let next = self.text.as_bytes().get(at).copied();
        if choice.ellipsis.excluded.is_some_and(|excluded| next == Some(excluded)) {
            return None;
        }
        self.target.node_end(self.text, at, spacing)
    }

    fn bind(&mut self, slot: Slot, range: Range<usize>) {
        if let Some(place) = self.bindings.get_mut(slot.0) {
            *place = Some(range);
            self.bound.push(slot);
        }
    }

    fn unbind(&mut self, n_bound: usize) {
        for slot in self.bound.drain(n_bound.min(self.bound.len())..) {
            if let Some(place) = self.bindings.get_mut(slot.0) {
                *place = None;
            }
        }
    }

    /// Remembers that going on behind a node of an ellipsis failed; tells whether this is new.
    fn mark(&mut self, part: usize, at: usize, context: u32) -> bool {
        if self.is_context_free {
            return self.dead_ends.get_mut(part).is_none_or(|set| set.insert(at, self.text.len()));
        }
        if self.dead_ends_in.len() < MAX_DEAD_ENDS {
            return self.dead_ends_in.insert((part, at, context));
        }
        !self.dead_ends_in.contains(&(part, at, context))
    }

    /// What failing behind an ellipsis depends on: the metavariables that are compared later.
    fn context(&mut self, part: usize, at: usize, ellipsis: Ellipsis) -> u32 {
        if self.is_context_free {
            return 0;
        }
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let is_compared = |slot: Slot| self.pattern.metavariables.get(slot.0).is_some_and(|it| it.is_compared_from(part));
        let mut context = Context::new();
        context.extend(ellipsis.slot.filter(|&slot| is_compared(slot)).map(|_| number(at)));
        for (index, (binding, metavariable)) in self.bindings.iter().zip(&self.pattern.metavariables).enumerate() {
            let Some(range) = binding.clone().filter(|_| is_compared(Slot(index))) else { continue };
            if metavariable.is_word {
                let next = number(self.words.len());
                let word = self.text.get(range).unwrap_or_default();
                context.extend([number(index), *self.words.entry(word).or_insert(next)]);
            } else {
                context.extend([number(index), number(range.start), number(range.end)]);
            }
        }
        let next = number(self.contexts.len());
        *self.contexts.entry(context).or_insert(next)
    }
}

/// A set of offsets, which takes memory once there is one.
#[derive(Debug, Clone, Default)]
struct BitSet {
    bits: Vec<u64>,
}

impl BitSet {
    /// Adds an offset that is at most `max`; tells whether this is new.
    fn insert(&mut self, offset: usize, max: usize) -> bool {
        if self.bits.is_empty() {
            self.bits = vec![0; max / 64 + 1];
        }
        let bit = 1 << (offset % 64);
        let Some(bits) = self.bits.get_mut(offset / 64) else { return true };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }
}
