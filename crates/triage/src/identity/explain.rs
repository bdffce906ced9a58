//! Why a sighting was matched as it was, and what else it could have been.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{Match, Matching, Sighting, Similarity, Tier};

/// The most candidates that are told of.
const MAX_CANDIDATES: usize = 10;
/// What is less alike is no candidate, unless it is in the same file.
const MIN_SIMILARITY: Similarity = Similarity(700);

/// Why a sighting was matched as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What it is; nothing for a new one.
    pub is: Option<Match>,
    /// Why, in a sentence.
    pub because: String,
    /// What was asked first and did not hold, from the strongest evidence to the weakest.
    pub not_by: Vec<Tier>,
    /// Others of the same rule that it could have been, those that are most alike first.
    pub others: Vec<Candidate>,
}

/// Something that a sighting could have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The index of the known occurrence.
    pub known: usize,
    /// How much alike the code is; nothing where one side has none.
    pub similarity: Option<Similarity>,
    /// Whether it is in the same file, by the name that both snapshots use.
    pub is_same_file: bool,
    /// Why it is not that one.
    pub why_not: WhyNot,
}

/// Why a candidate was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// It is another sighting of the snapshot, on the same or better evidence: the index of that one.
    Taken(usize),
    /// It is about another subject: another secret, package or resource.
    OtherSubject,
    /// The evidence for it is weaker than for what was taken, or is too weak.
    Weaker,
}

/// Explains one sighting of a [`Matching`]. Takes time for each known occurrence: it is made when somebody asks.
///
/// ```
/// use bartizan_triage::identity::{Changes, Sighting, explain, matching};
///
/// let (known, seen) = ([Sighting::new("eval", "a.py")], [Sighting::new("exec", "a.py")]);
/// let result = matching(&known, &seen, &Changes::unknown(), &[]);
/// assert_eq!(explain(&known, &seen, &result, 0).because, "nothing of this rule is known that it could be");
/// ```
#[must_use]
pub fn explain(known: &[Sighting], seen: &[Sighting], matching: &Matching, index: usize) -> Explanation {
    let is = matching.seen.get(index).copied().flatten();
    let others = seen.get(index).map(|sighting| others(known, sighting, matching, is)).unwrap_or_default();
    let because = match is {
        Some(found) => format!("{}; alike to {}.{} %", found.tier.reason(), found.likeness.0 / 10, found.likeness.0 % 10),
        None if others.is_empty() => "nothing of this rule is known that it could be".to_owned(),
        None if others.iter().all(|other| matches!(other.why_not, WhyNot::Taken(_))) => {
            "all that it could be are other sightings".to_owned()
        }
        None => "nothing that is known is alike enough".to_owned(),
    };
    let not_by = TIERS.iter().copied().take_while(|&tier| is.is_none_or(|found| tier < found.tier)).collect();
    Explanation { is, because, not_by, others }
}

const TIERS: &[Tier] = &[
    Tier::Decided,
    Tier::Unchanged,
    Tier::Lines,
    Tier::Scope,
    Tier::File,
    Tier::OtherFile,
    Tier::Similar,
    Tier::Fingerprint,
    Tier::Position,
];

fn others(known: &[Sighting], sighting: &Sighting, matching: &Matching, is: Option<Match>) -> Vec<Candidate> {
    let mut others: Vec<Candidate> = Vec::new();
    for (index, other) in known.iter().enumerate() {
        if is.is_some_and(|found| found.known == index) || !is_same_rule(other, sighting) {
            continue;
        }
        let code = other.snippet.as_ref().zip(sighting.snippet.as_ref());
        let similarity = code.map(|(a, b)| a.similarity(b));
        let is_same_file = other.path.path == sighting.path.path;
        if !is_same_file && similarity.is_none_or(|similarity| similarity < MIN_SIMILARITY) {
            continue;
        }
        let is_other_subject = other.subject.is_some() && sighting.subject.is_some() && other.subject != sighting.subject;
        let why_not = match matching.known.get(index).copied().flatten() {
            _ if is_other_subject => WhyNot::OtherSubject,
            Some(taken_by) => WhyNot::Taken(taken_by),
            None => WhyNot::Weaker,
        };
        others.push(Candidate { known: index, similarity, is_same_file, why_not });
    }
    others.sort_by_key(|other| (Reverse(other.similarity), Reverse(other.is_same_file), other.known));
    others.truncate(MAX_CANDIDATES);
    others
}

fn is_same_rule(a: &Sighting, b: &Sighting) -> bool {
    let names = |sighting: &Sighting| [sighting.rule].into_iter().chain(sighting.rule_aliases.iter().copied()).collect::<Vec<_>>();
    let (ours, theirs) = (names(a), names(b));
    ours.iter().any(|name| theirs.contains(name))
}
