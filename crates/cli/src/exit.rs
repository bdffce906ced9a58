//! The exit codes, which are stable.

use std::process::ExitCode;

/// How a run ended, as the caller's shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at or over the threshold.
    Success,
    /// Findings at or over the threshold, examples of a rule that fail, or fixes that were not applied.
    Findings,
    /// Bad usage or bad input.
    BadInput,
    /// Something was not analyzed, and the caller asked to be told.
    Incomplete,
    /// A report or another file could not be stored.
    Storage,
}

impl Exit {
    /// All codes, with the sentence that help texts and the reference show.
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Success, "nothing at or over the threshold"),
        (Self::Findings, "findings at or over --fail-on"),
        (Self::BadInput, "bad usage or bad input"),
        (Self::Incomplete, "incomplete: something was not analyzed (with --strict)"),
        (Self::Storage, "a report or another file could not be stored"),
    ];

    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::BadInput => 2,
            Self::Incomplete => 3,
            Self::Storage => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
