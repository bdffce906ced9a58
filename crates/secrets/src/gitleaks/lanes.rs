//! Many literals in one pass, in several places of the text at a time.
//!
//! An Aho-Corasick automaton waits for memory at every byte: the next state is known only when the last one has arrived.
//! Following the text in four places at once hides most of that.

use aho_corasick::{Anchored, automaton::Automaton, automaton::StateID, dfa::DFA};

/// The number of places.
const N_LANES: usize = 4;
/// Shorter texts are followed in one place.
const MIN_LANE_BYTES: usize = 512;

/// Literals that are looked for without regard to the case of ASCII letters.
#[derive(Debug)]
pub(super) struct Literals {
    automaton: DFA,
}

impl Literals {
    /// Makes the automaton; nothing if there are too many literals, or none.
    pub(super) fn new(literals: &[String]) -> Option<Self> {
        if literals.is_empty() {
            return None;
        }
        DFA::builder().ascii_case_insensitive(true).build(literals).ok().map(|automaton| Self { automaton })
    }

    /// Reports each place where a literal ends, with the literal's number and start; not in order.
    pub(super) fn find(&self, text: &[u8], report: &mut dyn FnMut(u32, usize)) {
        let lane_bytes = text.len() / N_LANES;
        let Some(start) = self.automaton.start_state(Anchored::No).ok().filter(|_| MIN_LANE_BYTES <= lane_bytes) else {
            return self.follow(text, 0, 0, text.len(), report);
        };
        // A literal that starts before a lane and ends in it is found by starting early, and counts for the lane alone.
        let overlap = self.automaton.max_pattern_len().saturating_sub(1);
        let mut lanes: [(StateID, usize); N_LANES] = std::array::from_fn(|lane| (start, (lane * lane_bytes).saturating_sub(overlap)));
        for (lane, (state, position)) in lanes.iter_mut().enumerate() {
            for &byte in text.get(*position..lane * lane_bytes).unwrap_or_default() {
                *state = self.automaton.next_state(Anchored::No, *state, byte);
            }
            *position = lane * lane_bytes;
        }
        let states = &mut lanes.map(|(state, _)| state);
        let parts: [&[u8]; N_LANES] = std::array::from_fn(|lane| text.get(lane * lane_bytes..(lane + 1) * lane_bytes).unwrap_or_default());
        let [first, second, third, fourth] = parts;
        for (offset, (((&a, &b), &c), &d)) in first.iter().zip(second).zip(third).zip(fourth).enumerate() {
            for ((lane, state), byte) in states.iter_mut().enumerate().zip([a, b, c, d]) {
                *state = self.automaton.next_state(Anchored::No, *state, byte);
                if self.automaton.is_special(*state) {
                    self.report(*state, lane * lane_bytes + offset + 1, report);
                }
            }
        }
        let rest = N_LANES * lane_bytes;
        self.follow(text, rest.saturating_sub(overlap), rest, text.len(), report);
    }

    /// Follows one place from `start`, and reports what ends after `from`.
    fn follow(&self, text: &[u8], start: usize, from: usize, end: usize, report: &mut dyn FnMut(u32, usize)) {
        let Ok(mut state) = self.automaton.start_state(Anchored::No) else { return };
        for (offset, &byte) in text.get(start..end).unwrap_or_default().iter().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, byte);
            if self.automaton.is_special(state) && from <= start + offset {
                self.report(state, start + offset + 1, report);
            }
        }
    }

    #[cold]
    fn report(&self, state: StateID, end: usize, report: &mut dyn FnMut(u32, usize)) {
        if !self.automaton.is_match(state) {
            return;
        }
        for index in 0..self.automaton.match_len(state) {
            let literal = self.automaton.match_pattern(state, index);
            report(literal.as_u32(), end - self.automaton.pattern_len(literal));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_wherever_the_lanes_are_cut() {
        let literals = ["key".to_owned(), "ey".to_owned(), "api_key".to_owned(), "aa".to_owned()];
        let finder = Literals::new(&literals).unwrap();
        for n in [0, 1, 100, 2047, 2048, 2049, 2050, 5000] {
            let text: String = "my API_KEY aaa Key; ".chars().cycle().take(n).collect();
            let mut found = Vec::new();
            finder.find(text.as_bytes(), &mut |literal, start| found.push((start, literal)));
            found.sort_unstable();
            let lower = text.to_lowercase();
            let mut expected: Vec<(usize, u32)> = Vec::new();
            for (number, literal) in (0..).zip(&literals) {
                expected
                    .extend((0..lower.len()).filter(|&start| lower[start..].starts_with(literal.as_str())).map(|start| (start, number)));
            }
            expected.sort_unstable();
            assert_eq!(found, expected, "{n}");
        }
    }
}
