//! The configuration file.
//!
//! The reader is as lenient as gitleaks' own (keys in any case, `keywords = "a,b"` for a list, numbers in quotes), and
//! reports everything that is wrong at once. It reads no files itself: [`Options::read_file`] does that for `[extend]`.

mod document;
mod extend;
mod problem;
mod translate;
mod value;

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::go_regex::Pattern;

pub use problem::{Level, Place, Problem};

/// The version whose semantics are followed.
pub const GITLEAKS_VERSION: &str = "8.30.1";

/// The largest configuration file, in bytes.
pub const MAX_CONFIG_BYTES: usize = 16 << 20;

/// What was understood, and what is wrong.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// What was understood: with errors among the problems, less than the file says.
    pub value: T,
    /// What is wrong, in order of place.
    pub problems: Vec<Problem>,
}

impl<T> Parsed<T> {
    /// Whether gitleaks would refuse to run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

/// Where files come from that a configuration extends.
pub struct Options<'a> {
    /// Reads the file that `[extend] path` names; gitleaks resolves it against the directory that it runs in.
    pub read_file: &'a dyn Fn(&str) -> Result<String, String>,
    /// The text that `[extend] useDefault` means: gitleaks' own rules, if the caller has them.
    pub default_config: Option<&'a str>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("has_default_config", &self.default_config.is_some()).finish_non_exhaustive()
    }
}

/// A configuration, with everything that it extends.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The rules by id.
    pub rules: BTreeMap<Arc<str>, Rule>,
    /// Allowlists for all rules.
    pub allowlists: Vec<Allowlist>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id.
    pub id: Arc<str>,
    /// What it finds.
    pub description: String,
    /// What is searched in files.
    pub regex: Option<Pattern>,
    /// What a file's path has to match.
    pub path: Option<Pattern>,
    /// The group that is the secret; 0 or less: the first that is not empty.
    pub secret_group: i64,
    /// The secret's entropy has to be greater, in bits; 0: it may have any.
    pub entropy: f64,
    /// In lower case. The rule runs on a fragment that has one of them somewhere; without any, on all.
    pub keywords: Vec<String>,
    /// Free words.
    pub tags: Vec<String>,
    /// What is not reported.
    pub allowlists: Vec<Allowlist>,
    /// Other rules that have to match near by.
    pub required: Vec<Required>,
    /// Whether it only serves as a part of others.
    pub is_silent: bool,
    /// Where it is written.
    pub place: Place,
    /// Whether `regex` or `path` is missing because it can't be used, which has an error of its own.
    is_broken: bool,
}

/// Another rule that has to match near by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// Its id.
    pub id: Arc<str>,
    /// How many lines away at most.
    pub within_lines: Option<i64>,
    /// How many columns away at most.
    pub within_columns: Option<i64>,
}

/// What is not reported.
#[derive(Debug, Clone, Default)]
pub struct Allowlist {
    /// Why.
    pub description: String,
    /// Whether one criterion is enough.
    pub condition: Condition,
    /// Full commit hashes in lower case.
    pub commits: Vec<String>,
    /// The paths, joined to one expression as gitleaks joins them.
    pub paths: Option<Pattern>,
    /// What `regexes` are searched in.
    pub target: Target,
    /// The expressions, joined to one as gitleaks joins them.
    pub regexes: Option<Pattern>,
    /// Words in lower case that no reported secret contains.
    pub stopwords: Vec<String>,
}

/// Whether one criterion of an allowlist is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Condition {
    /// One is enough.
    #[default]
    Or,
    /// All that are given are needed.
    And,
}

/// What the expressions of an allowlist are searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// The secret.
    #[default]
    Secret,
    /// The whole match.
    Match,
    /// The lines of the match.
    Line,
}

/// Reads a configuration and what it extends; `name` is the file's name in messages.
#[must_use]
pub fn read(name: &str, text: &str, options: &Options<'_>) -> Parsed<Config> {
    let mut problems = Vec::new();
    let value = extend::read_root(name, text, options, &mut problems);
    problems.sort();
    problems.dedup();
    Parsed { value, problems }
}

#[cfg(test)]
mod tests;
