//! Runs patterns of spacegrep on texts.
//!
//! A pattern is tried at each atom. Only ellipses leave a choice: which of the atoms that could be the next one is it? Choices lie
//! on a stack and are tried in the order of the text. For a candidate that led nowhere this is remembered, so that no two starts
//! explore it; whether it leads anywhere depends on its place and, in patterns with blocks or repeated metavariables, on a
//! context. A block of the pattern is settled once it matched: later failures don't go back into it.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    super::{Capture, GenericMatch, Limit, Search, byte_range},
    atoms::{Atoms, BlockId, Token},
    pattern::{Literal, Pattern, Slot, Step},
};

/// How many steps a search may take: this many, and [`STEPS_PER_ATOM`] for each atom of the text.
const MIN_STEPS: u64 = 1_000_000;

/// See [`MIN_STEPS`].
const STEPS_PER_ATOM: u64 = 16;

/// How many candidates that led nowhere are remembered.
const MAX_DEAD_ENDS: usize = 2_000_000;

impl Pattern {
    /// Finds all matches in a text, which is the one that the atoms were cut from.
    pub(in crate::generic) fn find(&self, atoms: &Atoms, text: &str, max_span: u32) -> Search {
        let Some(tokens) = self.tokens(atoms) else { return Search::default() };
        let mut machine = Machine::new(self, tokens, atoms, text, max_span);
        let mut found = Found { longer_wins: self.ends_with_ellipsis(), ..Found::default() };
        for start in self.starts(atoms) {
            if let Some(limit) = machine.limit() {
                found.limit = Some(limit);
                break;
            }
            if let Some(last) = machine.run(start) {
                found.add(&machine, start, last);
            }
            if Search::MAX_MATCHES <= found.n_kept {
                found.limit = Some(Limit::Matches);
                break;
            }
        }
        found.finish(self)
    }

    /// The token of each step; nothing when the text lacks one that is required.
    fn tokens(&self, atoms: &Atoms) -> Option<Vec<Option<Token>>> {
        let token = |step: &Step| match step {
            Step::Atom(Literal::Word(word)) => atoms.word(word).map(Some),
            Step::Atom(Literal::Byte(byte)) => {
                Some(Some(Token::of_byte(*byte))).filter(|_| !atoms.with_token(Token::of_byte(*byte)).is_empty())
            }
            Step::Atom(Literal::Any(_)) | Step::Ellipsis(_) | Step::Enter { .. } | Step::Leave | Step::End => Some(None),
        };
        self.steps.iter().map(token).collect()
    }

    /// Where a match may begin.
    fn starts<'a>(&self, atoms: &'a Atoms) -> Box<dyn Iterator<Item = u32> + 'a> {
        match self.steps.first() {
            Some(Step::Atom(Literal::Word(word))) => {
                Box::new(atoms.word(word).map(|token| atoms.with_token(token)).unwrap_or_default().iter().copied())
            }
            Some(Step::Atom(Literal::Byte(byte))) => Box::new(atoms.with_token(Token::of_byte(*byte)).iter().copied()),
            Some(Step::Atom(Literal::Any(_))) => Box::new(atoms.words().iter().copied()),
            // An ellipsis at the beginning starts where a block starts.
            Some(Step::Ellipsis(_)) => Box::new((0..atoms.len()).filter(|&atom| atoms.is_first(atom))),
            Some(Step::Enter { .. } | Step::Leave | Step::End) | None => Box::new(0..atoms.len()),
        }
    }

    fn ends_with_ellipsis(&self) -> bool {
        matches!(self.steps.as_slice(), [.., Step::Ellipsis(_), Step::End])
    }
}

/// The last atom of a match, or nothing for a match without atoms.
type Last = Option<u32>;

/// What is kept of the matches so far.
#[derive(Debug, Default)]
struct Found {
    matches: Vec<Option<Raw>>,
    n_kept: usize,
    /// The match that ends with an atom: there is one at most.
    by_last: FxHashMap<u32, usize>,
    /// Of two matches with the same end the longer one is kept, not the shorter one.
    longer_wins: bool,
    limit: Option<Limit>,
}

#[derive(Debug)]
struct Raw {
    range: Range<u32>,
    captures: Vec<(Slot, Range<u32>)>,
}

impl Found {
    /// Adds a match that begins behind all those before.
    fn add(&mut self, machine: &Machine<'_>, start: u32, last: Last) {
        let begin = machine.atoms.start(start);
        let end = last.map_or(begin, |last| machine.atoms.range(last, machine.text).end);
        // Bytes of wide characters are atoms; a match without atoms could lie in between.
        if last.is_none() && !machine.text.is_char_boundary(begin as usize) {
            return;
        }
        if let Some(last) = last
            && let Some(longer) = self.by_last.insert(last, self.matches.len())
        {
            if self.longer_wins {
                self.by_last.insert(last, longer);
                return;
            }
            if let Some(place) = self.matches.get_mut(longer) {
                *place = None;
                self.n_kept -= 1;
            }
        }
        self.matches.push(Some(Raw { range: begin..end, captures: machine.captures() }));
        self.n_kept += 1;
    }

    fn finish(self, pattern: &Pattern) -> Search {
        let capture = |(slot, range): (Slot, Range<u32>)| {
            pattern.metavariables.get(slot.0).map(|metavariable| Capture { name: metavariable.name.clone(), range: byte_range(&range) })
        };
        let matches = self
            .matches
            .into_iter()
            .flatten()
            .map(|raw| GenericMatch { range: byte_range(&raw.range), captures: raw.captures.into_iter().filter_map(capture).collect() })
            .collect();
        Search { matches, limit: self.limit }
    }
}

/// An open ellipsis.
#[derive(Debug, Clone, Copy)]
struct Ellipsis {
    /// The last line on which atoms may be skipped.
    max_line: u32,
    /// The first atom that may be skipped.
    first: u32,
    /// The byte behind what was matched before.
    from: u32,
    slot: Option<Slot>,
}

/// A candidate for the step behind an ellipsis is being tried; more may follow.
#[derive(Debug)]
struct Choice<'a> {
    step: usize,
    ellipsis: Ellipsis,
    candidates: &'a [u32],
    /// The index of the candidate that is being tried.
    index: usize,
    /// The candidates end before this atom.
    stop: u32,
    base: BlockId,
    context: u32,
    n_frames: usize,
    n_bound: usize,
}

/// A block of the pattern that is being matched.
#[derive(Debug)]
struct Frame {
    /// The step behind the block.
    step: usize,
    /// The block of the text.
    inner: BlockId,
    /// The block around it, and the one that must not be left there.
    block: BlockId,
    base: BlockId,
    n_choices: usize,
}

#[derive(Debug, Clone, Copy)]
struct State {
    step: usize,
    /// The next atom.
    atom: u32,
    /// The block that we are in.
    block: BlockId,
    /// The block that must not be left.
    base: BlockId,
    ellipsis: Option<Ellipsis>,
    last: Last,
}

#[derive(Debug, Clone)]
enum Binding {
    Word(u32, Token),
    Text(Range<u32>),
}

/// What a dead end depends on besides its place.
type Context = SmallVec<[u32; 8]>;

struct Machine<'a> {
    pattern: &'a Pattern,
    tokens: Vec<Option<Token>>,
    atoms: &'a Atoms,
    text: &'a str,
    max_span: u32,
    is_context_free: bool,
    start: u32,
    choices: Vec<Choice<'a>>,
    frames: Vec<Frame>,
    bindings: Vec<Option<Binding>>,
    /// The slots that have a binding, in the order of their binding.
    bound: Vec<Slot>,
    /// For a step, the index of a candidate, and a context: the first candidate from there on that is not known to fail.
    dead_ends: FxHashMap<(usize, usize, u32), usize>,
    contexts: FxHashMap<Context, u32>,
    n_steps: u64,
    max_steps: u64,
}

impl<'a> Machine<'a> {
    fn new(pattern: &'a Pattern, tokens: Vec<Option<Token>>, atoms: &'a Atoms, text: &'a str, max_span: u32) -> Self {
        Self {
            pattern,
            tokens,
            atoms,
            text,
            max_span,
            is_context_free: pattern.is_context_free(),
            start: 0,
            choices: Vec::new(),
            frames: Vec::new(),
            bindings: vec![None; pattern.metavariables.len()],
            bound: Vec::new(),
            dead_ends: FxHashMap::default(),
            contexts: FxHashMap::default(),
            n_steps: 0,
            max_steps: MIN_STEPS + STEPS_PER_ATOM * u64::from(atoms.len()),
        }
    }

    fn limit(&self) -> Option<Limit> {
        (self.max_steps <= self.n_steps).then_some(Limit::Steps)
    }

    fn captures(&self) -> Vec<(Slot, Range<u32>)> {
        let range = |binding: &Binding| match binding {
            Binding::Word(atom, _) => self.atoms.range(*atom, self.text),
            Binding::Text(range) => range.clone(),
        };
        let bound = self.bindings.iter().enumerate();
        bound.filter_map(|(index, binding)| Some((Slot(index), range(binding.as_ref()?)))).collect()
    }

    /// Tries to match the pattern at an atom.
    fn run(&mut self, start: u32) -> Option<Last> {
        self.start = start;
        self.choices.clear();
        self.frames.clear();
        self.unbind(0);
        if MAX_DEAD_ENDS <= self.dead_ends.len().max(self.contexts.len()) {
            self.dead_ends.clear();
            self.contexts.clear();
        }
        let block = self.atoms.block(start);
        // Without context the first match found is the shortest one, wherever it leads: see whether it stayed inside.
        let base = if self.is_context_free { BlockId::ROOT } else { block };
        let mut state = State { step: 0, atom: start, block, base, ellipsis: None, last: None };
        loop {
            self.n_steps += 1;
            if self.max_steps <= self.n_steps {
                return None;
            }
            match self.advance(&mut state) {
                Progress::On => {}
                Progress::Done => return (state.atom <= self.atoms.end(block)).then_some(state.last),
                Progress::Stuck => self.retry(&mut state)?,
            }
        }
    }

    fn advance(&mut self, state: &mut State) -> Progress {
        match self.pattern.steps.get(state.step) {
            Some(Step::Atom(literal)) => self.atom(state, literal),
            Some(Step::Ellipsis(slot)) => {
                self.extend(state, *slot);
                state.step += 1;
                Progress::On
            }
            Some(Step::Enter { leave }) => self.enter(state, *leave),
            Some(Step::Leave) => match state.ellipsis {
                None if state.atom < self.atoms.end(state.block) => Progress::Stuck,
                None => self.complete(state),
                Some(_) => self.complete_with_rest(state),
            },
            Some(Step::End) | None => match state.ellipsis {
                None => Progress::Done,
                Some(_) => self.complete_with_rest(state),
            },
        }
    }

    fn atom(&mut self, state: &mut State, literal: &Literal) -> Progress {
        while state.atom == self.atoms.end(state.block) && state.block != state.base {
            state.block = self.atoms.parent(state.block);
        }
        if state.atom == self.atoms.end(state.block) {
            return Progress::Stuck;
        }
        let Some(ellipsis) = state.ellipsis else {
            let Some(token) = self.atoms.token(state.atom) else { return Progress::Stuck };
            if !self.accepts(state.step, literal, token) {
                return Progress::Stuck;
            }
            self.take(state, literal, token);
            return Progress::On;
        };
        let candidates = self.candidates(state.step, literal);
        let index = candidates.partition_point(|&candidate| candidate < state.atom);
        let choice = Choice {
            step: state.step,
            ellipsis,
            candidates,
            index,
            stop: self.atoms.end(state.base).min(self.atoms.end_of_line(ellipsis.max_line)),
            base: state.base,
            context: self.context(state, ellipsis),
            n_frames: self.frames.len(),
            n_bound: self.bound.len(),
        };
        self.choices.push(choice);
        self.choose(state)
    }

    /// The atoms that a literal accepts.
    fn candidates(&self, step: usize, literal: &Literal) -> &'a [u32] {
        match literal {
            Literal::Word(_) | Literal::Byte(_) => {
                self.tokens.get(step).copied().flatten().map(|token| self.atoms.with_token(token)).unwrap_or_default()
            }
            Literal::Any(slot) => match self.bindings.get(slot.0) {
                Some(Some(Binding::Word(_, token))) => self.atoms.with_token(*token),
                Some(Some(Binding::Text(_)) | None) | None => self.atoms.words(),
            },
        }
    }

    fn accepts(&self, step: usize, literal: &Literal, token: Token) -> bool {
        match literal {
            Literal::Word(_) | Literal::Byte(_) => self.tokens.get(step) == Some(&Some(token)),
            Literal::Any(slot) => match self.bindings.get(slot.0) {
                Some(Some(Binding::Word(_, bound))) => *bound == token,
                Some(Some(Binding::Text(_)) | None) | None => token.is_word(),
            },
        }
    }

    /// Goes behind the next atom, which is accepted.
    fn take(&mut self, state: &mut State, literal: &Literal, token: Token) {
        if let Literal::Any(slot) = literal {
            self.bind(*slot, Binding::Word(state.atom, token));
        }
        state.block = self.atoms.block(state.atom);
        state.last = Some(state.atom);
        state.ellipsis = None;
        state.atom += 1;
        state.step += 1;
    }

    fn extend(&self, state: &mut State, slot: Option<Slot>) {
        if let Some(ellipsis) = &mut state.ellipsis {
            // One more ellipsis allows as many lines more.
            ellipsis.max_line = ellipsis.max_line.saturating_add(self.max_span);
            return;
        }
        let line = self.atoms.line(state.last.unwrap_or(self.start));
        let from = state.last.map_or(self.atoms.start(self.start), |last| self.atoms.range(last, self.text).end);
        state.ellipsis = Some(Ellipsis { max_line: line.saturating_add(self.max_span), first: state.atom, from, slot });
    }

    fn enter(&mut self, state: &mut State, leave: usize) -> Progress {
        let may_be_empty = |step: usize| self.pattern.only_ellipses_follow.get(step).is_some_and(|&answer| answer);
        if state.atom == self.atoms.end(state.block) {
            // What follows up to the end of the block around may be nothing.
            if !may_be_empty(state.step) || !self.close(state, state.atom) {
                return Progress::Stuck;
            }
            return self.complete(state);
        }
        let inner = self.atoms.block(state.atom);
        if inner != state.block {
            if !self.close(state, state.atom) {
                return Progress::Stuck;
            }
            self.frames.push(Frame { step: leave + 1, inner, block: state.block, base: state.base, n_choices: self.choices.len() });
            state.block = inner;
            state.base = inner;
            state.step += 1;
            return Progress::On;
        }
        if let Some(ellipsis) = state.ellipsis
            && state.atom < self.atoms.end_of_line(ellipsis.max_line)
        {
            state.atom += 1;
            return Progress::On;
        }
        if !may_be_empty(state.step + 1) || !self.close(state, state.atom) {
            return Progress::Stuck;
        }
        state.step = leave + 1;
        Progress::On
    }

    /// An ellipsis at the end of a block takes what is left of the block of the text, as far as it reaches.
    fn complete_with_rest(&mut self, state: &mut State) -> Progress {
        let Some(ellipsis) = state.ellipsis else { return Progress::Stuck };
        let end = self.atoms.end(state.block).min(self.atoms.end_of_line(ellipsis.max_line)).max(state.atom);
        if let Some(last) = end.checked_sub(1)
            && state.atom < end
        {
            state.last = Some(last);
        }
        let reach = state.atom;
        state.atom = end;
        if !self.close(state, end) {
            return Progress::Stuck;
        }
        // What an ellipsis takes from its own block doesn't count as leaving another one.
        state.atom = reach;
        self.complete(state)
    }

    /// Leaves the block of the pattern that is being matched, or ends the match.
    fn complete(&mut self, state: &mut State) -> Progress {
        let Some(frame) = self.frames.pop() else { return Progress::Done };
        self.choices.truncate(frame.n_choices);
        state.step = frame.step;
        state.atom = self.atoms.end(frame.inner);
        state.block = frame.block;
        state.base = frame.base;
        Progress::On
    }

    /// Ends the open ellipsis, if any, before an atom: it binds its metavariable, or is compared with it.
    fn close(&mut self, state: &mut State, next: u32) -> bool {
        let Some(ellipsis) = state.ellipsis.take() else { return true };
        self.bind_ellipsis(ellipsis, next)
    }

    fn bind_ellipsis(&mut self, ellipsis: Ellipsis, next: u32) -> bool {
        let Some(slot) = ellipsis.slot else { return true };
        let skipped = next.checked_sub(1).filter(|&last| ellipsis.first <= last);
        let to = skipped.map_or(ellipsis.from, |last| self.atoms.range(last, self.text).end);
        let range = ellipsis.from..to;
        if let Some(Some(Binding::Text(bound))) = self.bindings.get(slot.0) {
            return self.text.get(byte_range(bound)) == self.text.get(byte_range(&range));
        }
        self.bind(slot, Binding::Text(range));
        true
    }

    fn bind(&mut self, slot: Slot, binding: Binding) {
        if let Some(place @ None) = self.bindings.get_mut(slot.0) {
            *place = Some(binding);
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

    /// Gives up the candidate that was chosen last and takes the next one.
    fn retry(&mut self, state: &mut State) -> Option<()> {
        loop {
            let choice = self.choices.last_mut()?;
            self.frames.truncate(choice.n_frames);
            let key = (choice.step, choice.index, choice.context);
            choice.index += 1;
            if self.dead_ends.len() < MAX_DEAD_ENDS {
                self.dead_ends.insert(key, choice.index);
            }
            if let Progress::On = self.choose(state) {
                return Some(());
            }
        }
    }

    /// Takes the first candidate of the last choice that may lead somewhere; drops the choice when there is none.
    fn choose(&mut self, state: &mut State) -> Progress {
        loop {
            self.n_steps += 1;
            let Some(choice) = self.choices.last_mut() else { return Progress::Stuck };
            let (step, n_bound, base, ellipsis) = (choice.step, choice.n_bound, choice.base, choice.ellipsis);
            choice.index = alive(&mut self.dead_ends, step, choice.index, choice.context);
            let (index, context) = (choice.index, choice.context);
            let candidate = choice.candidates.get(index).copied().filter(|&candidate| candidate < choice.stop);
            self.unbind(n_bound);
            let Some(atom) = candidate.filter(|_| self.n_steps < self.max_steps) else {
                self.choices.pop();
                return Progress::Stuck;
            };
            let literal = match self.pattern.steps.get(step) {
                Some(Step::Atom(literal)) => literal,
                Some(Step::Ellipsis(_) | Step::Enter { .. } | Step::Leave | Step::End) | None => return Progress::Stuck,
            };
            if self.bind_ellipsis(ellipsis, atom)
                && let Some(token) = self.atoms.token(atom)
            {
                *state = State { step, atom, block: self.atoms.block(atom), base, ellipsis: None, last: state.last };
                self.take(state, literal, token);
                return Progress::On;
            }
            if self.dead_ends.len() < MAX_DEAD_ENDS {
                self.dead_ends.insert((step, index, context), index + 1);
            }
            if let Some(choice) = self.choices.last_mut() {
                choice.index += 1;
            }
        }
    }

    /// What failing from here on depends on: the block that must not be left, and metavariables that have to be equal.
    fn context(&mut self, state: &State, ellipsis: Ellipsis) -> u32 {
        if self.is_context_free {
            return 0;
        }
        let is_repeated = |slot: Slot, step| self.pattern.metavariables.get(slot.0).is_some_and(|it| it.is_repeated_from(step));
        let own = ellipsis.slot.filter(|&slot| is_repeated(slot, 0));
        let mut context = Context::new();
        context.push(self.atoms.end(state.base));
        context.extend(own.map(|_| ellipsis.from));
        for (index, binding) in (0_u32..).zip(&self.bindings) {
            let slot = Slot(index as usize);
            if own != Some(slot) && !is_repeated(slot, state.step) {
                continue;
            }
            match binding {
                Some(Binding::Word(_, token)) => context.extend([index, token.number()]),
                Some(Binding::Text(range)) => context.extend([index, range.start, range.end]),
                None => {}
            }
        }
        let next = super::atoms::offset(self.contexts.len());
        *self.contexts.entry(context).or_insert(next)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// A step was taken.
    On,
    /// The pattern doesn't match this way.
    Stuck,
    /// The pattern matches.
    Done,
}

/// The first candidate from an index on that is not known to fail.
fn alive(dead_ends: &mut FxHashMap<(usize, usize, u32), usize>, step: usize, index: usize, context: u32) -> usize {
    let mut alive = index;
    while let Some(&next) = dead_ends.get(&(step, alive, context)) {
        alive = next;
    }
    // Whoever comes this way again needs one look only.
    let mut at = index;
    while let Some(next) = dead_ends.get_mut(&(step, at, context)) {
        at = std::mem::replace(next, alive);
    }
    alive
}
