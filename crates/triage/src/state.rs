//! The states of a finding, and the ways between them.
//!
//! ```text
//!  new ── open ── in-progress ── fix-merged ── verified ── reopened
//!  beside them: false-positive, accepted, not-affected, duplicate
//! ```
//!
//! Whether a scan saw a finding is not its state but its [`Observation`]. A finding is closed by a scan alone if that scan looked
//! where the finding was, with the rule that found it, to the end; see [`scan`]. [`TRANSITIONS`] has all the ways there are.

pub mod code;
pub mod scan;

mod table;

use serde::{Deserialize, Serialize};

pub use self::table::{ActionKind, TRANSITIONS, Transition, allowed};
use crate::{
    exception::Exception,
    role::{Actor, Role},
    time::Time,
};
use code::CodeShape;

/// The longest reason, in bytes.
pub const MAX_REASON_BYTES: usize = 10_000;

/// Where a finding stands, with what belongs to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Found, and nobody has looked.
    New,
    /// Somebody looked: it is real.
    Open,
    /// Somebody works on it.
    InProgress,
    /// The fix is in the default branch, and no scan has looked since.
    FixMerged {
        /// When it was merged.
        at: Time,
        /// The commit, if it is known.
        commit: Option<String>,
    },
    /// It is gone: a complete scan looked, or a person did.
    Verified {
        /// When.
        at: Time,
    },
    /// It was gone, and it is back.
    Reopened {
        /// When it came back.
        at: Time,
    },
    /// It is no weakness.
    FalsePositive(FalsePositive),
    /// It is one, and it may stay for a while.
    Accepted {
        /// The exception that says so.
        exception: String,
        /// When that ends.
        until: Time,
    },
    /// It does no harm here.
    NotAffected {
        /// Why, in the words of `OpenVEX`.
        justification: Justification,
        /// And in somebody's own.
        statement: String,
    },
    /// It is another finding.
    Duplicate {
        /// The id of that one.
        of: String,
    },
}

/// A state without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateKind {
    /// [`State::New`].
    New,
    /// [`State::Open`].
    Open,
    /// [`State::InProgress`].
    InProgress,
    /// [`State::FixMerged`].
    FixMerged,
    /// [`State::Verified`].
    Verified,
    /// [`State::Reopened`].
    Reopened,
    /// [`State::FalsePositive`].
    FalsePositive,
    /// [`State::Accepted`].
    Accepted,
    /// [`State::NotAffected`].
    NotAffected,
    /// [`State::Duplicate`].
    Duplicate,
}

/// Why a finding is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalsePositive {
    /// In somebody's words.
    pub reason: String,
    /// Which findings it is said of.
    pub scope: VerdictScope,
    /// The code that they looked at.
    pub code: CodeShape,
}

/// Of which findings somebody said something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictScope {
    /// Of this one, wherever it moves.
    Finding,
    /// Of all findings of its rule below a folder of its repository: `tests/`; with an empty folder, in all of it.
    RuleBelow(String),
}

/// Why a component's flaw does no harm: `OpenVEX` 0.2.0, status justifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Justification {
    /// The component is not there.
    ComponentNotPresent,
    /// The part with the flaw is not there.
    VulnerableCodeNotPresent,
    /// It is never run.
    VulnerableCodeNotInExecutePath,
    /// An attacker has no influence on it.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Something else stops the attack.
    InlineMitigationsAlreadyExist,
}

/// What the last scans saw of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "observation", rename_all = "kebab-case")]
pub enum Observation {
    /// It was there.
    Seen {
        /// When the scan was made.
        at: Time,
    },
    /// It was not among the results, which proves nothing.
    NotObserved {
        /// When the scan was made.
        at: Time,
        /// Why it proves nothing.
        why: scan::NotClosing,
    },
    /// A complete scan looked, and it was not there.
    Gone {
        /// When the scan was made.
        at: Time,
    },
}

/// A finding's state and what is remembered of its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Where it stands.
    pub state: State,
    /// What the last scans saw.
    pub observation: Observation,
    /// Since when it is in this state.
    pub since: Time,
    /// When it was first seen; never changes.
    pub first_seen: Time,
    /// How often it came back.
    pub n_reopened: u32,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is real.
    Confirm,
    /// Work begins.
    Start,
    /// Work stops before it is done.
    Pause,
    /// The fix is merged, in a commit.
    MergeFix {
        /// The commit, if it is known.
        commit: Option<String>,
    },
    /// A person saw that it is gone; for what no scan can see.
    Verify {
        /// How they saw it.
        evidence: String,
    },
    /// It is no weakness.
    RejectAsFalse(FalsePositive),
    /// Its risk is accepted, by an exception that was approved and covers it.
    Accept {
        /// The id of the exception.
        id: String,
        /// What was approved.
        exception: Exception,
    },
    /// It does no harm here.
    DeclareNotAffected {
        /// Why, in `OpenVEX`'s words.
        justification: Justification,
        /// And in one's own.
        statement: String,
    },
    /// It is another finding.
    MarkDuplicate {
        /// The id of this finding.
        this: String,
        /// The id of that one.
        of: String,
    },
    /// What was decided is taken back.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// A step from state to state; a store keeps it as an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Before.
    pub from: StateKind,
    /// After.
    pub to: StateKind,
    /// What made it.
    pub cause: Cause,
    /// When.
    pub at: Time,
}

/// What made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "kebab-case")]
pub enum Cause {
    /// A person.
    Person {
        /// The user's id.
        user: String,
        /// What they did.
        action: ActionKind,
        /// What they said.
        note: Option<String>,
    },
    /// A complete scan did not see it any more.
    Gone,
    /// A scan saw it after it had been gone.
    Regression,
    /// A scan saw it in code that has the fix.
    FixIncomplete,
    /// The code of a false positive is another one now, by so many percent.
    CodeChanged {
        /// How much of the code changed.
        percent: u8,
    },
    /// The exception is over.
    ExceptionExpired,
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No way leads there.
    #[error("a finding that is `{from}` can't `{action}`; possible: {}", names(allowed))]
    Illegal {
        /// The state.
        from: StateKind,
        /// What was tried.
        action: ActionKind,
        /// What this person could do.
        allowed: Vec<ActionKind>,
    },
    /// Somebody else might.
    #[error("to `{action}` takes the role `{needed}`, and this is a `{role}`")]
    Forbidden {
        /// What was tried.
        action: ActionKind,
        /// The lowest role that may.
        needed: Role,
        /// The role there is.
        role: Role,
    },
    /// A text is empty or longer than [`MAX_REASON_BYTES`].
    #[error("to `{action}` takes a reason of at most {MAX_REASON_BYTES} bytes")]
    Reason {
        /// What was tried.
        action: ActionKind,
    },
    /// The exception does not hold now.
    #[error("the exception is not active: it ends on {expires}")]
    Inactive {
        /// When it ends.
        expires: Time,
    },
    /// A finding is no duplicate of itself.
    #[error("a finding can't be a duplicate of itself")]
    OwnDuplicate,
}

fn names(kinds: &[ActionKind]) -> String {
    if kinds.is_empty() { "nothing".to_owned() } else { kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ") }
}

impl State {
    /// The state alone.
    #[must_use]
    pub const fn kind(&self) -> StateKind {
        match self {
            Self::New => StateKind::New,
            Self::Open => StateKind::Open,
            Self::InProgress => StateKind::InProgress,
            Self::FixMerged { .. } => StateKind::FixMerged,
            Self::Verified { .. } => StateKind::Verified,
            Self::Reopened { .. } => StateKind::Reopened,
            Self::FalsePositive(_) => StateKind::FalsePositive,
            Self::Accepted { .. } => StateKind::Accepted,
            Self::NotAffected { .. } => StateKind::NotAffected,
            Self::Duplicate { .. } => StateKind::Duplicate,
        }
    }
}

impl StateKind {
    /// All states.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Open,
        Self::InProgress,
        Self::FixMerged,
        Self::Verified,
        Self::Reopened,
        Self::FalsePositive,
        Self::Accepted,
        Self::NotAffected,
        Self::Duplicate,
    ];

    /// The lower-case name, as it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::InProgress => "in-progress",
            Self::FixMerged => "fix-merged",
            Self::Verified => "verified",
            Self::Reopened => "reopened",
            Self::FalsePositive => "false-positive",
            Self::Accepted => "accepted",
            Self::NotAffected => "not-affected",
            Self::Duplicate => "duplicate",
        }
    }

    /// Whether somebody has to do something: due dates run.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::New | Self::Open | Self::InProgress | Self::FixMerged | Self::Reopened => true,
            Self::Verified | Self::FalsePositive | Self::Accepted | Self::NotAffected | Self::Duplicate => false,
        }
    }
}

impl std::fmt::Display for StateKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl VerdictScope {
    /// Whether a verdict about one finding holds for another one of the same rule in the same repository.
    ///
    /// Rules are compared by their canonical ids, so that a rule's new name changes nothing.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Finding => false,
            Self::RuleBelow(folder) => {
                let folder = folder.trim_matches('/');
                let rest = path.strip_prefix(folder);
                folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}

impl Lifecycle {
    /// A finding that a scan has just seen for the first time.
    #[must_use]
    pub const fn begin(at: Time) -> Self {
        Self { state: State::New, observation: Observation::Seen { at }, since: at, first_seen: at, n_reopened: 0 }
    }

    /// Does what somebody wants, if the state and their role allow it.
    ///
    /// # Errors
    /// With what would be allowed, when it is not.
    pub fn act(&mut self, action: Action, by: &Actor, now: Time) -> Result<Change, Refused> {
        let kind = action.kind();
        let from = self.state.kind();
        // There is such a way, and this person may go it.
        let Some(transition) = TRANSITIONS.iter().find(|transition| transition.action == kind && transition.from == from) else {
            return Err(Refused::Illegal { from, action: kind, allowed: allowed(from, by.role) });
        };
        if by.role < transition.role {
            return Err(Refused::Forbidden { action: kind, needed: transition.role, role: by.role });
        }
        // What is said is worth keeping.
        let (state, note) = understood(action, now)?;
        debug_assert_eq!(state.kind(), transition.to);
        Ok(self.step(state, Cause::Person { user: by.user.clone(), action: kind, note }, now))
    }

    /// Lets time pass: an exception that is over ends the acceptance.
    ///
    /// What complete scans have not seen since is verified; the rest is open again.
    pub fn expire(&mut self, now: Time) -> Option<Change> {
        let State::Accepted { until, .. } = &self.state else { return None };
        if now < *until {
            return None;
        }
        let next = match self.observation {
            Observation::Gone { at } => State::Verified { at },
            Observation::Seen { .. } | Observation::NotObserved { .. } => State::Open,
        };
        Some(self.step(next, Cause::ExceptionExpired, now))
    }

    fn step(&mut self, state: State, cause: Cause, at: Time) -> Change {
        let from = self.state.kind();
        let to = state.kind();
        if to == StateKind::Reopened {
            self.n_reopened = self.n_reopened.saturating_add(1);
        }
        self.state = state;
        self.since = at;
        Change { from, to, cause, at }
    }
}

/// The state that an action leads to, and what was said.
fn understood(action: Action, now: Time) -> Result<(State, Option<String>), Refused> {
    let kind = action.kind();
    let said = |text: String| {
        let is_good = !text.trim().is_empty() && text.len() <= MAX_REASON_BYTES;
        if is_good { Ok(text) } else { Err(Refused::Reason { action: kind }) }
    };
    Ok(match action {
        Action::Confirm | Action::Pause => (State::Open, None),
        Action::Start => (State::InProgress, None),
        Action::MergeFix { commit } => (State::FixMerged { at: now, commit }, None),
        Action::Verify { evidence } => (State::Verified { at: now }, Some(said(evidence)?)),
        Action::RejectAsFalse(verdict) => {
            let reason = said(verdict.reason.clone())?;
            (State::FalsePositive(verdict), Some(reason))
        }
        Action::Accept { id, exception } => {
            if !exception.is_active(now) {
                return Err(Refused::Inactive { expires: exception.expires() });
            }
            let reason = exception.request().reason.clone();
            (State::Accepted { exception: id, until: exception.expires() }, Some(reason))
        }
        Action::DeclareNotAffected { justification, statement } => {
            let statement = said(statement)?;
            (State::NotAffected { justification, statement: statement.clone() }, Some(statement))
        }
        Action::MarkDuplicate { this, of } => {
            if this == of {
                return Err(Refused::OwnDuplicate);
            }
            (State::Duplicate { of }, None)
        }
        Action::Reopen { reason } => (State::Open, Some(said(reason)?)),
    })
}

#[cfg(test)]
mod tests;
