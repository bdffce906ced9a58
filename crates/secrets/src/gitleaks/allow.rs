//! Allowlists, ready to judge.

use std::{borrow::Cow, sync::OnceLock};

use aho_corasick::AhoCorasick;

use super::{
    config::{Allowlist, Condition, Target},
    lower::lower,
};
use crate::go_regex::Regex;

/// An allowlist whose expressions compile when they are first needed.
#[derive(Debug)]
pub(super) struct Allowed {
    condition: Condition,
    has_commits: bool,
    paths: Option<Regex>,
    target: Target,
    regexes: Option<Regex>,
    judges_stopwords: bool,
    stopwords: Vec<String>,
    stopword_finder: OnceLock<Option<AhoCorasick>>,
}

/// What an allowlist judges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) path: &'a str,
    pub(super) secret: &'a str,
    pub(super) whole_match: &'a str,
    pub(super) line: &'a str,
}

impl Allowed {
    pub(super) fn new(list: Allowlist) -> Self {
        let judges_stopwords = !list.stopwords.is_empty();
        // gitleaks' matcher never finds an empty word.
        let stopwords = list.stopwords.into_iter().filter(|word| !word.is_empty()).collect();
        Self {
            condition: list.condition,
            has_commits: !list.commits.is_empty(),
            paths: list.paths.map(Regex::new),
            target: list.target,
            regexes: list.regexes.map(Regex::new),
            judges_stopwords,
            stopwords,
            stopword_finder: OnceLock::new(),
        }
    }

    /// Whether one of the paths matches, whatever else the list asks for.
    pub(super) fn names_path(&self, path: &str) -> bool {
        !path.is_empty() && self.paths.as_ref().is_some_and(|paths| paths.is_match(path))
    }

    /// Whether a file is allowed before anything is looked for in it. There is no commit outside of histories.
    pub(super) fn allows_file(&self, path: &str) -> bool {
        match self.condition {
            Condition::Or => self.names_path(path),
            Condition::And => {
                !path.is_empty() && !self.has_commits && self.regexes.is_none() && !self.judges_stopwords && self.names_path(path)
            }
        }
    }

    /// Whether a match is allowed.
    pub(super) fn allows_match(&self, judged: Judged<'_>) -> bool {
        match self.condition {
            Condition::Or => self.matches(judged) || self.has_stopword(judged.secret),
            Condition::And => {
                !self.has_commits
                    && (self.paths.is_none() || self.names_path(judged.path))
                    && (self.regexes.is_none() || self.matches(judged))
                    && (!self.judges_stopwords || self.has_stopword(judged.secret))
            }
        }
    }

    fn matches(&self, judged: Judged<'_>) -> bool {
        let text = match self.target {
            Target::Secret => judged.secret,
            Target::Match => judged.whole_match,
            Target::Line => judged.line,
        };
        !text.is_empty() && self.regexes.as_ref().is_some_and(|regexes| regexes.is_match(text))
    }

    fn has_stopword(&self, secret: &str) -> bool {
        if secret.is_empty() || self.stopwords.is_empty() {
            return false;
        }
        let secret: Cow<'_, str> = lower(secret);
        match self.stopword_finder.get_or_init(|| AhoCorasick::new(&self.stopwords).ok()) {
            Some(finder) => finder.is_match(&*secret),
            None => self.stopwords.iter().any(|word| secret.contains(word)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go_regex::Pattern;

    fn list(condition: Condition) -> Allowlist {
        Allowlist { condition, ..Allowlist::default() }
    }

    fn pattern(text: &str) -> Option<Pattern> {
        Some(Pattern::parse(text).unwrap())
    }

    /// Whether a list allows a file `a/b`, and a match `key=abc` with the secret `Abc` in it.
    fn check(list: Allowlist, expected: (bool, bool)) {
        let shown = format!("{list:?}");
        let allowed = Allowed::new(list);
        let judged = Judged { path: "a/b", secret: "Abc", whole_match: "key=Abc", line: " key=Abc;" };
        assert_eq!((allowed.allows_file("a/b"), allowed.allows_match(judged)), expected, "{shown}");
    }

    #[test]
    fn one_criterion_is_enough_unless_all_are_asked_for() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (condition, expected) in [(Condition::Or, (true, true)), (Condition::And, (false, true))] {
            check(Allowlist { paths: pattern("^a/"), regexes: pattern("^Abc$"), stopwords: words(&["bc"]), ..list(condition) }, expected);
        }
        check(Allowlist { paths: pattern("^a/"), regexes: pattern("x"), ..list(Condition::And) }, (false, false));
        check(Allowlist { paths: pattern("^x/"), regexes: pattern("A"), ..list(Condition::And) }, (false, false));
        check(Allowlist { paths: pattern("^a/"), ..list(Condition::And) }, (true, true));
        check(Allowlist { paths: pattern("^a/"), commits: words(&["c0ffee"]), ..list(Condition::And) }, (false, false));
    }

    #[test]
    fn expressions_look_at_the_target_and_stopwords_at_the_secret() {
        for (target, regex, expected) in
            [(Target::Secret, "key", false), (Target::Match, "^key", true), (Target::Match, ";", false), (Target::Line, ";$", true)]
        {
            check(Allowlist { target, regexes: pattern(regex), ..list(Condition::Or) }, (false, expected));
        }
        check(Allowlist { stopwords: vec!["key".to_owned()], ..list(Condition::Or) }, (false, false));
        check(Allowlist { stopwords: vec!["abc".to_owned()], ..list(Condition::Or) }, (false, true));
    }

    #[test]
    fn an_empty_stopword_is_never_found() {
        for condition in [Condition::Or, Condition::And] {
            check(Allowlist { stopwords: vec![String::new()], ..list(condition) }, (false, false));
        }
    }
}
