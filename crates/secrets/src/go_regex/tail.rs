//! Whether the tail of an expression matches at one place.

use std::{fmt, sync::OnceLock};

use regex_automata::{
    Anchored, Input,
    hybrid::dfa::{Cache, DFA},
    nfa::thompson,
    util::pool::Pool,
};

use super::regex::{Alphabet, Pattern};

/// The tail of an expression, compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Tail {
    pattern: Pattern,
    ascii: OnceLock<Option<Automaton>>,
    unicode: OnceLock<Option<Automaton>>,
}

struct Automaton {
    dfa: DFA,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync>>,
}

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Automaton")
    }
}

impl Tail {
    pub(super) const fn new(pattern: Pattern) -> Self {
        Self { pattern, ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// Whether the tail can match at an offset, and the number of bytes that were looked at.
    pub(super) fn may_match(&self, alphabet: Alphabet, text: &str, place: usize) -> (bool, usize) {
        let cell = match alphabet {
            Alphabet::Ascii => &self.ascii,
            Alphabet::Unicode => &self.unicode,
        };
        let Some(automaton) = cell.get_or_init(|| Automaton::of(&self.pattern, alphabet)) else { return (true, 0) };
        let mut cache = automaton.caches.get();
        let mut n_bytes = 0;
        // An automaton that gives up rules nothing out.
        let answer = run(&automaton.dfa, &mut cache, text, place, &mut n_bytes).unwrap_or(true);
        (answer, n_bytes)
    }
}

fn run(dfa: &DFA, cache: &mut Cache, text: &str, place: usize, n_bytes: &mut usize) -> Option<bool> {
    let input = Input::new(text).span(place..text.len()).anchored(Anchored::Yes);
    let mut state = dfa.start_state_forward(cache, &input).ok()?;
    for &byte in text.as_bytes().get(place..)? {
        state = dfa.next_state(cache, state, byte).ok()?;
        *n_bytes += 1;
        if state.is_tagged() {
            if state.is_match() {
                return Some(true);
            }
            if state.is_dead() {
                return Some(false);
            }
            if state.is_quit() {
                return None;
            }
        }
    }
    Some(dfa.next_eoi_state(cache, state).ok()?.is_match())
}

impl Automaton {
    fn of(pattern: &Pattern, alphabet: Alphabet) -> Option<Self> {
        const MAX_CACHE_BYTES: usize = 8 << 20;
        let config = thompson::Config::new().which_captures(thompson::WhichCaptures::None).nfa_size_limit(None);
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(&pattern.hir(alphabet)).ok()?;
        let config = DFA::config().cache_capacity(MAX_CACHE_BYTES).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let model = dfa.clone();
        let create: Box<dyn Fn() -> Cache + Send + Sync> = Box::new(move || model.create_cache());
        Some(Self { dfa, caches: Pool::new(create) })
    }
}
