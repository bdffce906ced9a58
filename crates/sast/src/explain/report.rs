//! What is said of a rule and a line, for people and programs.

use serde::Serialize;

use crate::debug::Place;

/// Why a rule reports a line, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The rule.
    pub rule: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why, in sentences, the most important one first.
    pub reasons: Vec<String>,
    /// What the rule reports on the line.
    pub findings: Vec<Place>,
    /// What it reports elsewhere in the file.
    pub elsewhere: Vec<Place>,
    /// Of a rule that searches: its clauses.
    pub clauses: Option<ClauseReport>,
    /// Of a rule that follows data: its lists, and the ways of the data.
    pub taint: Option<TaintReport>,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The rule reports the line.
    Reported,
    /// It does if data from another file arrives there.
    DependsOnOtherFiles,
    /// It does not.
    NotReported,
    /// It does not run on the file.
    NotRun,
}

/// What a clause of a rule matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseReport {
    /// The key: `pattern-not`, `metavariable-regex` …
    pub clause: &'static str,
    /// Where it stands in the rule's file.
    pub line: u32,
    /// The column there.
    pub column: u32,
    /// The pattern or the condition, in one line; empty where parts say it.
    pub text: String,
    /// How many matches it has in the file; of a condition or a focus, how many candidates fulfil it.
    pub n_matches: usize,
    /// How many of them cover the line.
    pub n_on_line: usize,
    /// The first of these.
    pub on_line: Vec<MatchReport>,
    /// What else is to say.
    pub note: Option<String>,
    /// What it does to what the clauses before it let through.
    pub effect: Option<Effect>,
    /// What it is made of.
    pub parts: Vec<ClauseReport>,
}

/// What a clause does to candidates that cover the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// How many there were.
    pub n_before: usize,
    /// How many are left.
    pub n_after: usize,
    /// Why the first of those that are gone is gone.
    pub reason: Option<String>,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchReport {
    /// Where it is.
    pub place: Place,
    /// The code, in one line.
    pub code: String,
    /// What metavariables stand for.
    pub bindings: Vec<Binding>,
}

/// What a metavariable stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// Its name, with the dollar sign.
    pub name: String,
    /// The code, in one line.
    pub code: String,
}

/// What the lists of a rule that follows data match, and the ways of the data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaintReport {
    /// Entries that stand in the rule, and entries of models that match something.
    pub entries: Vec<EntryReport>,
    /// The ways from each source; from those that are nearest to the line if there are many.
    pub ways: Vec<WayReport>,
    /// How many sources were left out of the ways.
    pub n_left_out: usize,
}

/// An entry of one of the lists of a rule that follows data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryReport {
    /// `source`, `sink`, `sanitizer` or `propagator`.
    pub list: &'static str,
    /// The model that it comes from; nothing if it stands in the rule.
    pub model: Option<String>,
    /// Everything that it matches in the file.
    pub matches: Vec<MatchReport>,
    /// Its clauses.
    pub clauses: ClauseReport,
}

/// How far the data of a source comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayReport {
    /// What the source matched.
    pub source: MatchReport,
    /// What becomes of it on the line.
    pub on_line: Arrival,
    /// The lines that it reaches in the function of the source and in that of the line.
    pub lines: Vec<u32>,
    /// The way to the line, or to the last place that is reached if the line is not.
    pub way: Vec<MatchReport>,
    /// Where it is made harmless, and why.
    pub harmless: Vec<HarmlessReport>,
    /// Whether it arrives at a sink of the rule on the line.
    pub is_at_sink: bool,
}

/// What becomes of data on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    /// It arrives there.
    Arrives,
    /// It arrives there, made harmless.
    Harmless,
    /// It does not arrive.
    Never,
}

/// Where data is made harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HarmlessReport {
    /// Where.
    pub place: Place,
    /// The code, in one line.
    pub code: String,
    /// `sanitizer`, or `type`: a number or a truth value, which is harmless to the rule.
    pub by: &'static str,
}
