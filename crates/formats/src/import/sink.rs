//! Where observations go, and what a report says of itself.

use std::collections::HashMap;

use bartizan_core::{Severity, Tool};

use super::{importer::Importer, node::Node, observation::Observation, severity};

/// So many problems are said one by one.
const MAX_PROBLEMS: usize = 100;

/// What a report says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Which importer read it.
    pub importer: &'static str,
    /// What wrote it, as it says itself; the importer's title without a version if it does not.
    pub tools: Vec<Tool>,
    /// Whether the run that it tells of came to its end.
    pub completion: Completion,
    /// When it ended, or else when it began, as the report writes it; may be empty.
    pub time: String,
    /// The commit that was looked at; may be empty.
    pub commit: String,
    /// What was looked at, by a name that the report gives it; may be empty.
    pub target: String,
    /// How many observations there were.
    pub n_observations: u64,
    /// What could not be understood, and what the tool itself says went wrong.
    pub problems: Vec<String>,
}

/// Whether a run came to its end. What is missing from one that did not is not gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Completion {
    /// The report does not say it.
    #[default]
    Unknown,
    /// It did.
    Complete,
    /// It did, and something was not looked at.
    Partial,
    /// It did not.
    Failed,
}

impl Completion {
    /// As reports say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

/// Takes what an importer reads.
pub(super) struct Sink<'a> {
    importer: &'static Importer,
    push: &'a mut dyn FnMut(Observation),
    summary: Summary,
    n_more_problems: usize,
}

impl<'a> Sink<'a> {
    pub(super) fn new(importer: &'static Importer, push: &'a mut dyn FnMut(Observation)) -> Self {
        Self { importer, push, summary: Summary { importer: importer.id, ..Summary::default() }, n_more_problems: 0 }
    }

    /// Takes an observation.
    pub(super) fn push(&mut self, mut observation: Observation) {
        if observation.severity.is_none() && observation.severity_word.is_empty() {
            let known = observation.scores.iter().rev().find_map(|score| score.score);
            observation.severity = known.and_then(severity::of_score);
        }
        if observation.title.is_empty() {
            let title = [&observation.message, &observation.rule].into_iter().find(|text| !text.is_empty());
            observation.title = title.map_or(String::new(), |text| super::identifier::line(text).chars().take(200).collect());
        }
        if observation.tool.is_empty() {
            observation.tool = self.importer.family(self.summary.tools.last().map_or("", |tool| tool.name.as_str()));
        }
        self.summary.n_observations += 1;
        (self.push)(observation);
    }

    /// The name of the importer.
    pub(super) const fn importer(&self) -> &'static str {
        self.importer.id
    }

    /// What the tool's word for a severity means.
    pub(super) fn severity(&self, word: &str) -> Option<Severity> {
        severity::of_word(word, self.importer.scale)
    }

    /// What a score of CVSS means.
    pub(super) fn score(&self, score: Option<f64>) -> Option<Severity> {
        score.and_then(severity::of_score)
    }

    /// What wrote the report.
    pub(super) fn tool(&mut self, name: &str, version: &str) {
        let tool = Tool { name: name.to_owned(), version: version.to_owned() };
        if !name.is_empty() && !self.summary.tools.contains(&tool) {
            self.summary.tools.push(tool);
        }
    }

    /// Whether a run came to its end: of several the worst counts.
    pub(super) fn completion(&mut self, completion: Completion) {
        self.summary.completion = self.summary.completion.max(completion);
    }

    /// When the run was, the last one of several.
    pub(super) fn time(&mut self, time: &str) {
        if !time.is_empty() {
            self.summary.time = time.to_owned();
        }
    }

    /// Which commit was looked at.
    pub(super) fn commit(&mut self, commit: &str) {
        if self.summary.commit.is_empty() {
            self.summary.commit = commit.to_owned();
        }
    }

    /// What was looked at.
    pub(super) fn target(&mut self, target: &str) {
        if self.summary.target.is_empty() {
            self.summary.target = target.to_owned();
        }
    }

    /// Something that could not be understood, or that the tool could not do.
    pub(super) fn problem(&mut self, problem: impl Into<String>) {
        if self.summary.problems.len() < MAX_PROBLEMS {
            self.summary.problems.push(problem.into());
        } else {
            self.n_more_problems += 1;
        }
    }

    /// Every text at a path that the tool says went wrong.
    pub(super) fn errors(&mut self, node: &Node, path: &str) {
        for error in node.texts(path) {
            self.problem(error);
            self.completion(Completion::Partial);
        }
    }

    pub(super) fn finish(mut self) -> Summary {
        if 0 < self.n_more_problems {
            self.summary.problems.push(format!("and {} more", self.n_more_problems));
        }
        if self.summary.tools.is_empty() {
            self.summary.tools.push(Tool { name: self.importer.title.to_owned(), version: String::new() });
        }
        self.summary
    }
}

/// Observations that a tool tells several times, once for each place: they become one with several places.
#[derive(Default)]
pub(super) struct Merged {
    indices: HashMap<String, usize>,
    observations: Vec<Observation>,
}

impl Merged {
    /// Takes an observation; of those with the same key the first one stays, with the places of all.
    pub(super) fn push(&mut self, key: impl Into<String>, observation: Observation) {
        match self.indices.entry(key.into()) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(self.observations.len());
                self.observations.push(observation);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let Some(known) = self.observations.get_mut(*entry.get()) else { return };
                known.occurrences = Some(known.occurrences.unwrap_or(1).saturating_add(observation.occurrences.unwrap_or(1)));
                for place in std::iter::once(observation.place).chain(observation.also) {
                    if place != known.place && !known.also.contains(&place) {
                        known.also.push(place);
                    }
                }
            }
        }
    }

    /// Hands over what was taken, in the order in which it came.
    pub(super) fn finish(self, out: &mut Sink<'_>) {
        self.observations.into_iter().for_each(|observation| out.push(observation));
    }
}
