//! What a term can ask.

use bartizan_core::Severity;

use crate::{
    asset::{DataClass, Exposure},
    risk::Priority,
    state::StateKind,
};

/// What is asked of a finding. Of several values one must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `severity:high,critical`.
    Severity(Vec<Severity>),
    /// `priority:p1`.
    Priority(Vec<Priority>),
    /// `state:open`.
    State(Vec<StateKind>),
    /// `owner:@team`, `owner:none`.
    Owner(Vec<OwnerIs>),
    /// `repo:acme/*`.
    Repository(Vec<Wildcard>),
    /// `rule:sql-*`; aliases of the rule count.
    Rule(Vec<Wildcard>),
    /// `tool:semgrep`.
    Tool(Vec<Wildcard>),
    /// `path:src/*`; here `*` takes slashes, too.
    Path(Vec<Wildcard>),
    /// `component:pkg:npm/lodash*`.
    Component(Vec<Wildcard>),
    /// `cwe:79`.
    Cwe(Vec<u32>),
    /// `exposure:public`.
    Exposure(Vec<Exposure>),
    /// `data:restricted`.
    DataClass(Vec<DataClass>),
    /// `tier:<=2`.
    Tier(Comparison),
    /// `score:>=500`: the risk's.
    Score(Comparison),
    /// `epss:>=90`: the percentile, in percent.
    Epss(Comparison),
    /// `age:>30d`: since it was first seen, in microseconds.
    Age(Comparison),
    /// `due:<7d`: until its date, in microseconds; what is overdue is less than nothing.
    Due(Comparison),
    /// `due:none`.
    NotDue,
    /// `is:overdue`.
    Is(Vec<Flag>),
    /// A word, in lower case.
    Text(String),
}

/// Who owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerIs {
    /// Nobody.
    Nobody,
    /// Somebody whose name fits.
    Named(Wildcard),
}

/// A text in which `*` stands for anything. Letter case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard(pub String);

/// A number on the right of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: i64,
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// Nothing, or `=`.
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

/// Something that a finding is or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Somebody has to do something.
    Active,
    /// Its date and the days of grace have passed.
    Overdue,
    /// It has an owner.
    Owned,
    /// It has none.
    Unowned,
    /// It is known to be exploited.
    Exploited,
    /// It was gone once.
    Regression,
}

/// A key of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// As it is typed.
    pub name: &'static str,
    /// Values that it takes, in words.
    pub expected: &'static str,
    /// One of them.
    pub example: &'static str,
    /// What it asks.
    pub meaning: &'static str,
}

const fn key(name: &'static str, expected: &'static str, example: &'static str, meaning: &'static str) -> Key {
    Key { name, expected, example, meaning }
}

/// All keys, as help shows them.
pub const KEYS: &[Key] = &[
    key("severity", "critical, high, medium, low or info", "high,critical", "how bad it is"),
    key("priority", "p1, p2, p3 or p4", "p1", "how soon it is to be done"),
    key("state", "a state, such as new, open, in-progress or false-positive", "open", "where it stands"),
    key("is", "active, overdue, owned, unowned, exploited or regression", "overdue", "what it is"),
    key("owner", "a name, in which `*` stands for anything, or none", "@acme/web", "who is asked about it"),
    key("repo", "a name, in which `*` stands for anything", "acme/*", "the repository"),
    key("rule", "an id, in which `*` stands for anything", "sql-*", "the rule, by any of its names"),
    key("tool", "a name, in which `*` stands for anything", "semgrep", "a tool that saw it"),
    key("path", "a path, in which `*` stands for anything", "src/*", "the file"),
    key("component", "a package URL, in which `*` stands for anything", "pkg:npm/*", "the component"),
    key("cwe", "a number", "79", "the weakness by its CWE number"),
    key("exposure", "internal, partner or public", "public", "who reaches the thing"),
    key("data", "public, internal, confidential or restricted", "restricted", "what the thing holds"),
    key("tier", "a number, or a comparison such as <=2", "1", "how much the repository matters"),
    key("score", "a number from 0 to 999, or a comparison such as >=500", ">=500", "the risk"),
    key("epss", "a percentile from 0 to 100, or a comparison such as >=90", ">=90", "the percentile of EPSS"),
    key("age", "a comparison of a time in h, d or w, such as >30d", ">30d", "how long it has been known"),
    key("due", "a comparison of a time in h, d or w, such as <7d, or none", "<7d", "how long there is until its date"),
];

/// Words and what they stand for, for one key.
pub(super) fn flags() -> Vec<(&'static str, Flag)> {
    [Flag::Active, Flag::Overdue, Flag::Owned, Flag::Unowned, Flag::Exploited, Flag::Regression]
        .into_iter()
        .map(|flag| (flag.as_str(), flag))
        .collect()
}

impl Flag {
    /// As it is typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Overdue => "overdue",
            Self::Owned => "owned",
            Self::Unowned => "unowned",
            Self::Exploited => "exploited",
            Self::Regression => "regression",
        }
    }
}

impl Operator {
    /// All of them, the longer ones first, so that a reader tries those first.
    pub(super) const ALL: [Self; 5] = [Self::AtMost, Self::AtLeast, Self::Less, Self::More, Self::Equal];

    /// As it is typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

impl Comparison {
    /// Whether a number fits.
    #[must_use]
    pub const fn holds(self, number: i64) -> bool {
        match self.operator {
            Operator::Less => number < self.value,
            Operator::AtMost => number <= self.value,
            Operator::Equal => number == self.value,
            Operator::AtLeast => number >= self.value,
            Operator::More => number > self.value,
        }
    }
}

impl Wildcard {
    /// Whether a whole text fits.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let (pattern, text) = (self.0.to_lowercase(), text.to_lowercase());
        let mut parts = pattern.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let Some(last) = parts.next_back() else { return rest.is_empty() };
        // The leftmost place of each part leaves the most for the others.
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wildcards = |key: &str, all: &[Wildcard]| format!("{key}:{}", join(all.iter().map(|wildcard| quoted(&wildcard.0))));
        let words = |key: &str, all: Vec<&str>| format!("{key}:{}", join(all.into_iter().map(str::to_owned)));
        let number = |key: &str, comparison: Comparison, unit: &str| {
            let operator = if comparison.operator == Operator::Equal { "" } else { comparison.operator.as_str() };
            format!("{key}:{operator}{}{unit}", comparison.value)
        };
        let span = |key: &str, comparison: Comparison| {
            let hours = comparison.value / crate::time::HOUR;
            let (value, unit) = if hours % 24 == 0 { (hours / 24, "d") } else { (hours, "h") };
            number(key, Comparison { value, ..comparison }, unit)
        };
        let text = match self {
            Self::Severity(all) => words("severity", all.iter().map(|value| value.as_str()).collect()),
            Self::Priority(all) => words("priority", all.iter().map(|value| value.as_str()).collect()),
            Self::State(all) => words("state", all.iter().map(|value| value.as_str()).collect()),
            Self::Exposure(all) => words("exposure", all.iter().map(|value| value.as_str()).collect()),
            Self::DataClass(all) => words("data", all.iter().map(|value| value.as_str()).collect()),
            Self::Is(all) => words("is", all.iter().map(|value| value.as_str()).collect()),
            Self::Owner(all) => format!("owner:{}", join(all.iter().map(OwnerIs::typed))),
            Self::Repository(all) => wildcards("repo", all),
            Self::Rule(all) => wildcards("rule", all),
            Self::Tool(all) => wildcards("tool", all),
            Self::Path(all) => wildcards("path", all),
            Self::Component(all) => wildcards("component", all),
            Self::Cwe(all) => format!("cwe:{}", join(all.iter().map(u32::to_string))),
            Self::Tier(comparison) => number("tier", *comparison, ""),
            Self::Score(comparison) => number("score", *comparison, ""),
            Self::Epss(comparison) => number("epss", *comparison, ""),
            Self::Age(comparison) => span("age", *comparison),
            Self::Due(comparison) => span("due", *comparison),
            Self::NotDue => "due:none".to_owned(),
            Self::Text(word) => quoted_word(word),
        };
        f.write_str(&text)
    }
}

impl OwnerIs {
    fn typed(&self) -> String {
        match self {
            Self::Nobody => "none".to_owned(),
            // Somebody may be called so.
            Self::Named(name) if name.0.eq_ignore_ascii_case("none") => format!("\"{}\"", name.0),
            Self::Named(name) => quoted(&name.0),
        }
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn quoted(text: &str) -> String {
    let needs_quotes = text.is_empty() || text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '"'));
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// A word that would be read as a term is quoted, too.
fn quoted_word(text: &str) -> String {
    if text.starts_with('-') || text.contains(':') { format!("\"{}\"", text.replace('"', "\"\"")) } else { quoted(text) }
}
