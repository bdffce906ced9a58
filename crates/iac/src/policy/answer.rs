//! Answers to conditions: yes, no, not known, or that the question makes no sense; and which part of a document decided it.

use crate::{Cause, Failure, Place, Repair, Verdict};

/// A failure that needs more changes than this is left to people.
const MAX_REPAIRS: usize = 16;

/// Whether something holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown(Cause),
    /// The question does not apply.
    Irrelevant,
}

/// Whether a condition holds, and what decided it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) truth: Truth,
    /// What was looked at: the attribute, else the block that it is missing in; nothing for the resource as a whole.
    pub(super) place: Option<Place>,
    /// The path of the attribute, without indices.
    pub(super) part: String,
    /// Other places that say the same.
    pub(super) related: Vec<(Place, String)>,
    /// Changes that together would make it hold; none where that is not known.
    pub(super) repairs: Vec<Repair>,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl Truth {
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown(_) | Self::Irrelevant => self,
        }
    }

    /// Holds if one holds; of none, it does not.
    pub(super) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut answer = Self::No;
        for truth in truths {
            match truth {
                Self::Yes => return Self::Yes,
                Self::Unknown(_) if answer == Self::No => answer = truth,
                Self::No | Self::Unknown(_) | Self::Irrelevant => {}
            }
        }
        answer
    }

    /// Holds if all hold; of none, it does.
    pub(super) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::any(truths.into_iter().map(Self::negated)).negated()
    }

    /// What all of them say; if they disagree, it is not known.
    pub(super) fn same(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut truths = truths.into_iter();
        let Some(first) = truths.next() else { return Self::Irrelevant };
        for truth in truths {
            match (&first, truth) {
                (Self::Unknown(_), _) => break,
                (_, truth @ Self::Unknown(_)) => return truth,
                (first, truth) if *first == truth => {}
                _ => return Self::Unknown(one_of_several()),
            }
        }
        first
    }
}

/// Why a value that is one of several is not known.
pub(super) fn one_of_several() -> Cause {
    Cause::Runtime("which of its values is taken".into())
}

impl Answer {
    pub(super) fn new(truth: Truth, place: Option<Place>, part: &str) -> Self {
        Self { truth, place: place.filter(|place| place.is_somewhere()), part: part.to_owned(), related: Vec::new(), repairs: Vec::new() }
    }

    pub(super) fn yes() -> Self {
        Self::new(Truth::Yes, None, "")
    }

    pub(super) fn no() -> Self {
        Self::new(Truth::No, None, "")
    }

    pub(super) fn irrelevant() -> Self {
        Self::new(Truth::Irrelevant, None, "")
    }

    pub(super) fn negated(self) -> Self {
        Self { truth: self.truth.negated(), repairs: Vec::new(), ..self }
    }

    /// The same, which these changes would make hold.
    pub(super) fn repaired_by(self, repairs: Vec<Repair>) -> Self {
        let repairs = if self.truth == Truth::No { repairs } else { Vec::new() };
        Self { repairs, ..self }
    }

    /// Holds if all hold that apply. The first that does not hold is to blame; to repair it, all must be that do not.
    pub(super) fn all(mut answers: impl Iterator<Item = Self>) -> Self {
        let mut all = Self::irrelevant();
        while let Some(answer) = answers.next() {
            let is_stronger = match (&all.truth, &answer.truth) {
                (_, Truth::No) => return answer.repaired_with(answers),
                (Truth::Yes, Truth::Unknown(_)) | (Truth::Irrelevant, Truth::Yes | Truth::Unknown(_)) => true,
                (Truth::Yes | Truth::No | Truth::Unknown(_) | Truth::Irrelevant, _) => false,
            };
            if is_stronger {
                all = answer;
            }
        }
        all
    }

    /// The same, with the repairs of others that do not hold either; without any, if one of them can't be repaired.
    fn repaired_with(mut self, others: impl Iterator<Item = Self>) -> Self {
        if self.repairs.is_empty() {
            return self;
        }
        for other in others.filter(|other| matches!(other.truth, Truth::No | Truth::Unknown(_))) {
            if other.repairs.is_empty() || MAX_REPAIRS < self.repairs.len() {
                self.repairs.clear();
                return self;
            }
            self.repairs.extend(other.repairs.into_iter().filter(|repair| !self.repairs.contains(repair)).collect::<Vec<_>>());
        }
        self
    }

    /// Holds if one holds. If none does, the first that speaks of something written is to blame.
    pub(super) fn any(answers: impl Iterator<Item = Self>) -> Self {
        let mut any = Self::irrelevant();
        for answer in answers {
            let is_stronger = match (&any.truth, &answer.truth) {
                (_, Truth::Yes) => return answer,
                (Truth::No, Truth::Unknown(_)) | (Truth::Irrelevant, Truth::No | Truth::Unknown(_)) => true,
                (Truth::No, Truth::No) => any.place.is_none() && answer.place.is_some(),
                (Truth::Yes | Truth::No | Truth::Unknown(_) | Truth::Irrelevant, _) => false,
            };
            if is_stronger {
                any = answer;
            }
        }
        any
    }

    /// The second, where the first holds. If that is not known, neither is the answer, unless it holds anyhow.
    pub(super) fn when(condition: Self, then: impl FnOnce() -> Self) -> Self {
        match condition.truth {
            Truth::Yes => then(),
            Truth::No | Truth::Irrelevant => Self::irrelevant(),
            Truth::Unknown(_) => match then() {
                answer if matches!(answer.truth, Truth::Yes | Truth::Irrelevant) => answer,
                _ => condition,
            },
        }
    }

    pub(super) fn into_verdict(self) -> Verdict {
        match self.truth {
            Truth::Yes => Verdict::Pass,
            Truth::No => {
                Verdict::Fail(Failure { place: self.place, message: None, related: self.related, part: self.part, repairs: self.repairs })
            }
            Truth::Unknown(cause) => Verdict::Unknown(cause, self.place.unwrap_or(Place::NONE)),
            Truth::Irrelevant => Verdict::NotApplicable,
        }
    }
}
