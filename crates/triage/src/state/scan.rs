//! What a scan does to the state of a finding.
//!
//! That a finding is not among results means that it is gone only if the scan was complete, of the tool family that had found it,
//! on the default branch, and had looked at its path with its rule. Anything else is [`NotClosing`], and the finding stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Cause, Change, Lifecycle, Observation, State, StateKind, code::CodeShape};
use crate::time::Time;

/// From so much change of its code on, in percent, a false positive is asked about again: more than this.
pub const MAX_PERCENT_CHANGED: u8 = 30;

/// A scan as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// When it was made.
    pub at: Time,
    /// Tools that are versions or editions of one another: `semgrep`, `bartizan-sast`.
    pub family: String,
    /// Whether it ended well.
    pub is_successful: bool,
    /// Whether it was meant to see everything, and not a change, a folder or some rules alone.
    pub is_complete: bool,
    /// Whether it looked at the default branch.
    pub is_of_default_branch: bool,
}

/// What a scan looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Of the paths that it knows: what became of them. A path that is not here was not looked at.
    pub paths: BTreeMap<String, PathFate>,
    /// The canonical ids of the rules that ran.
    pub rules: BTreeSet<String>,
}

/// What became of a path in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathFate {
    /// It was looked at, to its end.
    Scanned,
    /// It was there before and is no more; so there is nothing in it.
    Deleted,
    /// Configuration left it out.
    Excluded,
    /// Reading it failed, or a limit was reached.
    Failed,
}

/// What a scan says about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// It is among the results.
    Seen {
        /// Its code now, if the results have it.
        code: Option<CodeShape>,
        /// Whether the commit that was scanned has the fix that was merged; nothing if there is none or it can't be told.
        has_fix: Option<bool>,
    },
    /// It is not among the results.
    Missed {
        /// Whether that says something.
        closing: Result<(), NotClosing>,
    },
}

/// Why a finding that is not among results may be there still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotClosing {
    /// The scan failed.
    Failed,
    /// It was meant to see a part.
    Partial,
    /// It was made by another family of tools.
    OtherFamily,
    /// It looked at another branch.
    OtherBranch,
    /// The rule did not run: a new version may have dropped it.
    RuleNotRun,
    /// The path was not looked at.
    PathNotScanned,
    /// The path is left out by configuration.
    PathExcluded,
    /// The path could not be read.
    PathFailed,
}

impl NotClosing {
    /// What people read: `the rule did not run`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Failed => "the scan failed",
            Self::Partial => "the scan looked at a part",
            Self::OtherFamily => "another tool made the scan",
            Self::OtherBranch => "the scan looked at another branch",
            Self::RuleNotRun => "the rule did not run",
            Self::PathNotScanned => "the path was not looked at",
            Self::PathExcluded => "configuration leaves the path out",
            Self::PathFailed => "the path could not be read",
        }
    }
}

/// What a finding must be known by, to say whether a scan covers it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The tool family that found it.
    pub family: &'a str,
    /// The canonical id of its rule.
    pub rule: &'a str,
    /// Its path; none for what has no file, such as a finding of a running service, which the rule alone covers.
    pub path: Option<&'a str>,
}

impl Scan {
    /// Whether that a finding is not among the results means that it is gone.
    ///
    /// # Errors
    /// With the first reason why it does not.
    pub fn closes(&self, subject: &Subject<'_>, coverage: &Coverage) -> Result<(), NotClosing> {
        // The scan as a whole can say so.
        if !self.is_successful {
            return Err(NotClosing::Failed);
        }
        if !self.is_complete {
            return Err(NotClosing::Partial);
        }
        if self.family != subject.family {
            return Err(NotClosing::OtherFamily);
        }
        if !self.is_of_default_branch {
            return Err(NotClosing::OtherBranch);
        }
        // It looked for this.
        if !coverage.rules.contains(subject.rule) {
            return Err(NotClosing::RuleNotRun);
        }
        // It looked here.
        match subject.path.map(|path| coverage.paths.get(path)) {
            None | Some(Some(PathFate::Scanned | PathFate::Deleted)) => Ok(()),
            Some(None) => Err(NotClosing::PathNotScanned),
            Some(Some(PathFate::Excluded)) => Err(NotClosing::PathExcluded),
            Some(Some(PathFate::Failed)) => Err(NotClosing::PathFailed),
        }
    }
}

impl Lifecycle {
    /// Takes note of what a scan says. A scan that is older than the last one noted changes nothing: results may arrive late.
    ///
    /// Scans of other branches change nothing but the observation of what they did not see; what they see is an occurrence there.
    pub fn after_scan(&mut self, scan: &Scan, sighting: &Sighting) -> Option<Change> {
        if scan.at < self.observation.at() {
            return None;
        }
        match sighting {
            Sighting::Seen { .. } if !scan.is_of_default_branch => None,
            Sighting::Seen { code, has_fix } => {
                self.observation = Observation::Seen { at: scan.at };
                self.seen(scan.at, code.as_ref(), *has_fix)
            }
            // A second opinion that proves nothing does not hide the first one.
            Sighting::Missed { closing: Err(_) } if matches!(self.observation, Observation::Gone { .. }) => None,
            Sighting::Missed { closing: Err(why) } => {
                self.observation = Observation::NotObserved { at: scan.at, why: *why };
                None
            }
            Sighting::Missed { closing: Ok(()) } => {
                self.observation = Observation::Gone { at: scan.at };
                let is_active = self.state.kind().is_active();
                is_active.then(|| self.step(State::Verified { at: scan.at }, Cause::Gone, scan.at))
            }
        }
    }

    fn seen(&mut self, at: Time, code: Option<&CodeShape>, has_fix: Option<bool>) -> Option<Change> {
        match &self.state {
            State::Verified { .. } => Some(self.step(State::Reopened { at }, Cause::Regression, at)),
            State::FixMerged { .. } if has_fix == Some(true) => Some(self.step(State::Reopened { at }, Cause::FixIncomplete, at)),
            State::FalsePositive(verdict) => {
                let percent = verdict.code.percent_changed(code?);
                let is_other = MAX_PERCENT_CHANGED < percent;
                is_other.then(|| self.step(State::New, Cause::CodeChanged { percent }, at))
            }
            State::New
            | State::Open
            | State::InProgress
            | State::FixMerged { .. }
            | State::Reopened { .. }
            | State::Accepted { .. }
            | State::NotAffected { .. }
            | State::Duplicate { .. } => None,
        }
    }
}

impl Observation {
    /// When the scan was made that it is from.
    #[must_use]
    pub const fn at(&self) -> Time {
        match self {
            Self::Seen { at } | Self::NotObserved { at, .. } | Self::Gone { at } => *at,
        }
    }
}

/// The ways that scans and time go: from, cause, to. With [`TRANSITIONS`](super::TRANSITIONS) these are all.
#[must_use]
pub fn is_automatic(from: StateKind, cause: &Cause, to: StateKind) -> bool {
    match cause {
        Cause::Gone => from.is_active() && to == StateKind::Verified,
        Cause::Regression => from == StateKind::Verified && to == StateKind::Reopened,
        Cause::FixIncomplete => from == StateKind::FixMerged && to == StateKind::Reopened,
        Cause::CodeChanged { .. } => from == StateKind::FalsePositive && to == StateKind::New,
        Cause::ExceptionExpired => from == StateKind::Accepted && matches!(to, StateKind::Open | StateKind::Verified),
        Cause::Person { .. } => false,
    }
}
