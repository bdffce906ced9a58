//! Rules, ready to run.

use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex_automata::Match;

use super::{
    allow::Allowed,
    config::{self, Required},
    keywords::{Hits, Keywords},
};
use crate::go_regex::{Finder, Regex, Text};

/// A rule whose expressions compile when they are first needed.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: Arc<str>,
    pub(super) description: Arc<str>,
    pub(super) tags: Vec<String>,
    pub(super) secret_group: usize,
    pub(super) entropy: f64,
    /// Numbers of its keywords; nothing if it runs on everything.
    pub(super) keywords: Option<Vec<u32>>,
    pub(super) path: Option<Regex>,
    pub(super) finder: Option<Finder>,
    pub(super) allowed: Vec<Allowed>,
    pub(super) required: Vec<Required>,
    pub(super) is_silent: bool,
    anchors: OnceLock<AnchorSource>,
}

/// How the places are found that can be part of a match.
#[derive(Debug)]
enum AnchorSource {
    /// They are places of these keywords.
    Keywords(Vec<u32>),
    /// They are looked for.
    Literals(AhoCorasick),
    /// There are none.
    None,
}

impl Rule {
    pub(super) fn new(rule: config::Rule, keywords: &Keywords) -> Self {
        let numbers = rule.keywords.iter().filter_map(|word| keywords.number(word)).collect();
        Self {
            id: rule.id,
            description: rule.description.into(),
            tags: rule.tags,
            secret_group: usize::try_from(rule.secret_group).unwrap_or(0),
            entropy: rule.entropy,
            keywords: (!rule.keywords.is_empty()).then_some(numbers),
            path: rule.path.map(Regex::new),
            finder: rule.regex.map(Finder::new),
            allowed: rule.allowlists.into_iter().map(Allowed::new).collect(),
            required: rule.required,
            is_silent: rule.is_silent,
            anchors: OnceLock::new(),
        }
    }

    /// Whether the path is one that the rule is for.
    pub(super) fn is_for(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|regex| regex.is_match(path))
    }

    /// All matches in a text, from the left.
    pub(super) fn find_all(&self, text: &Text<'_>, hits: &Hits, keywords: &Keywords) -> Vec<Match> {
        let Some(finder) = &self.finder else { return Vec::new() };
        match self.anchors.get_or_init(|| self.anchor_source(finder, keywords)) {
            AnchorSource::Keywords(anchors) => finder.find_all_at(text, &hits.places_of(anchors)),
            AnchorSource::Literals(literals) => {
                let mut places: Vec<usize> = literals.find_overlapping_iter(text.as_str()).map(|found| found.start()).collect();
                places.sort_unstable();
                places.dedup();
                finder.find_all_at(text, &places)
            }
            AnchorSource::None => finder.regex().find_all(text.as_str()),
        }
    }

    fn anchor_source(&self, finder: &Finder, keywords: &Keywords) -> AnchorSource {
        let Some(literals) = finder.literals() else { return AnchorSource::None };
        // Where every literal starts with a keyword, the places of the keywords are known already.
        let own = self.keywords.as_deref().unwrap_or_default();
        let of_literal = |literal: &Vec<u8>| {
            own.iter().copied().find(|&number| keywords.word(number).is_some_and(|word| literal.starts_with(word.as_bytes())))
        };
        if let Some(mut anchors) = literals.iter().map(of_literal).collect::<Option<Vec<u32>>>() {
            anchors.sort_unstable();
            anchors.dedup();
            return AnchorSource::Keywords(anchors);
        }
        let built = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(literals);
        built.map_or(AnchorSource::None, AnchorSource::Literals)
    }
}
