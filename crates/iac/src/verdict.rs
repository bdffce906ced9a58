//! What a check says of a resource.

use crate::{Cause, Literal, Place, Repair, Target};

/// What a check says of a resource.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is as it should be.
    Pass,
    /// It is not.
    Fail(Failure),
    /// It depends on what is not known.
    Unknown(Cause, Place),
    /// The check has nothing to say about it.
    NotApplicable,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failure {
    /// Where: the attribute, if one is to blame; else the resource's header.
    pub place: Option<Place>,
    /// What is wrong in particular, where the rule's title does not say enough: a sentence without a full stop.
    pub message: Option<String>,
    /// Other places and what they have to do with it.
    pub related: Vec<(Place, String)>,
    /// What tells this failure from others of the same check and resource: the path of the attribute.
    pub part: String,
    /// Changes that together would make the check pass; none where that is not known.
    pub repairs: Vec<Repair>,
}

impl Verdict {
    /// Something is missing.
    #[must_use]
    pub fn missing(part: &str) -> Self {
        Self::Fail(Failure { part: part.to_owned(), ..Failure::default() })
    }

    /// An attribute is wrong.
    #[must_use]
    pub fn fail_at(place: Place, part: &str) -> Self {
        Self::Fail(Failure { place: Some(place).filter(|place| place.is_somewhere()), part: part.to_owned(), ..Failure::default() })
    }

    /// An attribute is wrong, in these words.
    #[must_use]
    pub fn fail_because(place: Place, part: &str, message: impl Into<String>) -> Self {
        match Self::fail_at(place, part) {
            Self::Fail(failure) => Self::Fail(Failure { message: Some(message.into()), ..failure }),
            other => other,
        }
    }

    /// The same, with what repairs it: the truth value that is to blame is turned to this one.
    #[must_use]
    pub(crate) fn turned_to(self, is_true: bool) -> Self {
        match self {
            Self::Fail(failure) => {
                let name = failure.part.rsplit('.').next().unwrap_or_default().into();
                let repair =
                    |place| Repair { name, literal: Literal::Boolean(is_true), target: Target::Instead(Literal::Boolean(!is_true), place) };
                Self::Fail(Failure { repairs: failure.place.map(repair).into_iter().collect(), ..failure })
            }
            other => other,
        }
    }

    /// Holds where both hold.
    #[must_use]
    pub fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Fail(_) => self,
            Self::Pass | Self::NotApplicable => other(),
            Self::Unknown(..) => match other() {
                Self::Fail(failure) => Self::Fail(failure),
                Self::Pass | Self::NotApplicable | Self::Unknown(..) => self,
            },
        }
    }

    /// Holds where one holds.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Pass => self,
            Self::NotApplicable => other(),
            Self::Fail(_) => match other() {
                Self::NotApplicable | Self::Fail(_) => self,
                better => better,
            },
            Self::Unknown(..) => match other() {
                Self::Pass => Self::Pass,
                Self::NotApplicable | Self::Fail(_) | Self::Unknown(..) => self,
            },
        }
    }

    /// Fails where this holds, and the other way round.
    #[must_use]
    pub fn negated(self, place: Place, part: &str) -> Self {
        match self {
            Self::Pass => Self::fail_at(place, part),
            Self::Fail(_) => Self::Pass,
            Self::Unknown(..) | Self::NotApplicable => self,
        }
    }
}
