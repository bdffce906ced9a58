//! The settings of zizmor that say which actions may be used, and how they must be pinned: `zizmor.yml`.

use bartizan_source::document::Node;
use serde::{Deserialize, Serialize};

use super::uses::{Uses, UsesKind};

/// Settings about actions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Config {
    /// Actions that may be used; all if nothing is said.
    allow: Option<Vec<Pattern>>,
    /// Actions that must not be used.
    deny: Option<Vec<Pattern>>,
    /// How actions must be pinned, the most special patterns first.
    policies: Vec<(Pattern, Policy)>,
}

/// How an action must be pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Policy {
    /// Not at all.
    Any,
    /// By a tag or branch.
    Reference,
    /// By a commit.
    Commit,
}

/// Actions of a kind: `*`, `owner/*`, `owner/name/*`, `owner/name`, `owner/name/folder`, each perhaps with a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pattern(String);

impl Config {
    /// Reads the settings. What is none is left out, and said.
    pub(super) fn read(root: &Node<'_>) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let rules = |rule: &str| root.at(&["rules", rule, "config"]);
        let mut pattern = |text: &str| {
            let pattern = Pattern::read(text);
            problems.extend(pattern.is_none().then(|| format!("`{text}` names no actions")));
            pattern
        };
        let mut patterns = |list: &str| {
            let items = rules("forbidden-uses")?.get(list)?.items();
            Some(items.iter().filter_map(Node::text).filter_map(&mut pattern).collect::<Vec<_>>())
        };
        let (allow, deny) = (patterns("allow"), patterns("deny"));
        let mut policies = Vec::new();
        for member in rules("unpinned-uses").and_then(|config| config.get("policies")).map(Node::members).unwrap_or_default() {
            let policy = match member.node.text() {
                Some("any") => Policy::Any,
                Some("ref-pin") => Policy::Reference,
                Some("hash-pin") => Policy::Commit,
                _ => continue,
            };
            policies.extend(pattern(&member.name).map(|pattern| (pattern, policy)));
        }
        policies.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.weight()));
        (Self { allow, deny, policies }, problems)
    }

    /// Whether an action must not be used.
    pub(super) fn forbids(&self, uses: &Uses<'_>) -> bool {
        let is_one_of = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.is(uses));
        self.allow.as_deref().is_some_and(|allow| !is_one_of(allow)) || self.deny.as_deref().is_some_and(is_one_of)
    }

    /// How an action must be pinned.
    pub(super) fn policy(&self, uses: &Uses<'_>) -> Policy {
        self.policies.iter().find(|(pattern, _)| pattern.is(uses)).map_or(Policy::Commit, |(_, policy)| *policy)
    }
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        let (path, _) = text.split_once('@').unwrap_or((text, ""));
        let mut parts = path.split('/');
        let is_word = |part: &str| !part.is_empty() && !part.contains('*');
        let is_pattern = text == "*" || parts.next().is_some_and(is_word) && parts.clone().count() != 0 && !path.starts_with("*/");
        let stars = path.matches('*').count();
        (is_pattern && (stars == 0 || stars == 1 && path.ends_with('*'))).then(|| Self(text.to_owned()))
    }

    /// The more special, the more.
    fn weight(&self) -> (bool, usize, usize) {
        (!self.0.ends_with('*'), self.0.matches('/').count(), self.0.len())
    }

    fn is(&self, uses: &Uses<'_>) -> bool {
        let UsesKind::Repository { owner, name, folder, reference } = uses.kind else { return false };
        let (path, wanted) = self.0.split_once('@').map_or((self.0.as_str(), None), |(path, reference)| (path, Some(reference)));
        let mut parts = path.splitn(3, '/');
        let is = |part: Option<&str>, there: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(there));
        let is_path = match (path, parts.next(), parts.next(), parts.next()) {
            ("*", ..) => true,
            (_, part, Some("*"), None) => is(part, owner),
            (_, part, second, Some("*")) => is(part, owner) && is(second, name),
            (_, part, second, third) => is(part, owner) && is(second, name) && third == folder,
        };
        is_path && wanted.is_none_or(|wanted| wanted == reference)
    }
}

#[cfg(test)]
mod tests {
    use bartizan_source::document::parse_yaml;

    use super::*;

    #[test]
    fn the_most_special_pattern_decides() {
        let text = "rules:\n  unpinned-uses:\n    config:\n      policies:\n        actions/*: any\n        actions/setup-python: hash-pin\n        \
                    a/b/*: ref-pin\n        '*/x': any\n  forbidden-uses:\n    config:\n      deny: ['a/b@v1', 'c/*']\n";
        let (config, problems) = Config::read(&parse_yaml(text).root.unwrap());
        assert_eq!(problems, ["`*/x` names no actions"]);
        let policy = |uses: &str| config.policy(&Uses::parse(uses));
        assert_eq!(policy("actions/checkout@v1"), Policy::Any);
        assert_eq!(policy("actions/setup-python@v1"), Policy::Commit);
        assert_eq!(policy("a/b/c@v1"), Policy::Reference);
        assert_eq!(policy("other/one@v1"), Policy::Commit);
        let forbids = |uses: &str| config.forbids(&Uses::parse(uses));
        assert!(forbids("a/b@v1") && !forbids("a/b@v2") && forbids("c/d/e@v1") && !forbids("d/c@v1"));
    }
}
