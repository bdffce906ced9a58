//! The words that wake rules up, all found in one pass.

use std::{
    collections::BTreeMap,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::{
    detector::Detector,
    rule::{Find, SecretRule},
};

/// What is done where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trigger {
    /// The rule's pattern is run around it; the number tells the keyword among the rule's.
    Pattern { rule: usize, keyword: usize },
    /// The assignment to the name that holds it is read and judged.
    Assigned,
    /// A detector looks at it.
    Detector { rule: usize, detector: Detector },
}

/// The words of all rules, and what they wake up.
#[derive(Debug)]
pub(crate) struct Triggers {
    words: Vec<String>,
    of_word: Vec<Vec<Trigger>>,
    /// What names tell an issuer by, and whose rule it is.
    terms: Vec<String>,
    rule_of_term: Vec<usize>,
    of_terms: OnceLock<Option<AhoCorasick>>,
    /// Quick to build, slower to search: for small inputs.
    quick: OnceLock<Option<AhoCorasick>>,
    /// Slow to build, quick to search: for large inputs.
    thorough: OnceLock<Option<AhoCorasick>>,
    n_bytes_searched: AtomicUsize,
}

/// How many bytes are searched before the automaton that is slow to build pays.
const THOROUGH_FROM_BYTES: usize = 1 << 20;

impl Triggers {
    pub(crate) fn of(rules: &[SecretRule]) -> Self {
        let mut triggers: BTreeMap<String, Vec<Trigger>> = BTreeMap::new();
        let (mut terms, mut rule_of_term) = (Vec::new(), Vec::new());
        for (rule, secret) in rules.iter().enumerate() {
            match &secret.find {
                Find::Pattern { keywords, .. } => {
                    for (keyword, word) in keywords.iter().enumerate() {
                        triggers.entry(word.clone()).or_default().push(Trigger::Pattern { rule, keyword });
                    }
                }
                Find::Assignment { names, .. } => {
                    // The term may stand in a key that encloses the name, or be cut by a separator: `SECRET_KEY_BASE`.
                    let general = [Detector::AssignedPassword, Detector::AssignedSecret]
                        .into_iter()
                        .flat_map(|detector: Detector| detector.keywords());
                    for word in general {
                        triggers.entry((*word).to_owned()).or_default().push(Trigger::Assigned);
                    }
                    for word in names {
                        triggers.entry(word.clone()).or_default().push(Trigger::Assigned);
                        terms.push(word.clone());
                        rule_of_term.push(rule);
                    }
                }
                Find::Detector(detector) => {
                    let trigger = match detector {
                        Detector::AssignedPassword | Detector::AssignedSecret => Trigger::Assigned,
                        Detector::UrlCredentials | Detector::AuthorizationHeader | Detector::CommandLineCredentials => {
                            Trigger::Detector { rule, detector: *detector }
                        }
                    };
                    for word in detector.keywords() {
                        triggers.entry((*word).to_owned()).or_default().push(trigger);
                    }
                }
                Find::Path { .. } => {}
            }
        }
        for of_word in triggers.values_mut() {
            of_word.sort_unstable();
            of_word.dedup();
        }
        let (words, of_word) = triggers.into_iter().unzip();
        Self {
            words,
            of_word,
            terms,
            rule_of_term,
            of_terms: OnceLock::new(),
            quick: OnceLock::new(),
            thorough: OnceLock::new(),
            n_bytes_searched: AtomicUsize::new(0),
        }
    }

    /// Calls `visit` for every word in the text, however they overlap: where it ends, its length, what it wakes up.
    pub(crate) fn search(&self, text: &[u8], visit: &mut dyn FnMut(usize, usize, &[Trigger])) {
        let n_before = self.n_bytes_searched.fetch_add(text.len(), Ordering::Relaxed);
        let automaton = if n_before + text.len() < THOROUGH_FROM_BYTES {
            self.quick.get_or_init(|| self.build(AhoCorasickKind::ContiguousNFA))
        } else {
            self.thorough.get_or_init(|| self.build(AhoCorasickKind::DFA))
        };
        let Some(automaton) = automaton else { return };
        for hit in automaton.find_overlapping_iter(text) {
            if let Some(triggers) = self.of_word.get(hit.pattern().as_usize()) {
                visit(hit.start(), hit.end(), triggers);
            }
        }
    }

    /// Calls `visit` with the rule of every term that stands in a name's letters.
    pub(crate) fn terms_in(&self, letters: &str, visit: &mut dyn FnMut(usize)) {
        let automaton = self.of_terms.get_or_init(|| {
            AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::ContiguousNFA)).build(&self.terms).ok()
        });
        let Some(automaton) = automaton else { return };
        for hit in automaton.find_overlapping_iter(letters) {
            if let Some(&rule) = self.rule_of_term.get(hit.pattern().as_usize()) {
                visit(rule);
            }
        }
    }

    fn build(&self, kind: AhoCorasickKind) -> Option<AhoCorasick> {
        AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).kind(Some(kind)).build(&self.words).ok()
    }
}
