//! The ways that people may go, as data.

use serde::{Deserialize, Serialize};

use super::{Action, StateKind};
use crate::role::Role;

/// An action without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// [`Action::Confirm`].
    Confirm,
    /// [`Action::Start`].
    Start,
    /// [`Action::Pause`].
    Pause,
    /// [`Action::MergeFix`].
    MergeFix,
    /// [`Action::Verify`].
    Verify,
    /// [`Action::RejectAsFalse`].
    RejectAsFalse,
    /// [`Action::Accept`].
    Accept,
    /// [`Action::DeclareNotAffected`].
    DeclareNotAffected,
    /// [`Action::MarkDuplicate`].
    MarkDuplicate,
    /// [`Action::Reopen`].
    Reopen,
}

/// One way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// From here.
    pub from: StateKind,
    /// By this.
    pub action: ActionKind,
    /// To there.
    pub to: StateKind,
    /// Who may, and all above.
    pub role: Role,
}

const fn way(from: StateKind, action: ActionKind, to: StateKind, role: Role) -> Transition {
    Transition { from, action, to, role }
}

/// Every way that a person can go; what scans and time do is in [`scan`](super::scan) and
/// [`Lifecycle::expire`](super::Lifecycle::expire).
pub const TRANSITIONS: &[Transition] = {
    use ActionKind as Do;
    use Role::{Developer, Triager};
    use StateKind as S;
    &[
        way(S::New, Do::Confirm, S::Open, Triager),
        way(S::Reopened, Do::Confirm, S::Open, Triager),
        way(S::New, Do::Start, S::InProgress, Developer),
        way(S::Open, Do::Start, S::InProgress, Developer),
        way(S::Reopened, Do::Start, S::InProgress, Developer),
        way(S::InProgress, Do::Pause, S::Open, Developer),
        way(S::FixMerged, Do::Pause, S::Open, Developer),
        way(S::Open, Do::MergeFix, S::FixMerged, Developer),
        way(S::InProgress, Do::MergeFix, S::FixMerged, Developer),
        way(S::Reopened, Do::MergeFix, S::FixMerged, Developer),
        way(S::FixMerged, Do::Verify, S::Verified, Triager),
        way(S::New, Do::RejectAsFalse, S::FalsePositive, Triager),
        way(S::Open, Do::RejectAsFalse, S::FalsePositive, Triager),
        way(S::InProgress, Do::RejectAsFalse, S::FalsePositive, Triager),
        way(S::Reopened, Do::RejectAsFalse, S::FalsePositive, Triager),
        way(S::New, Do::Accept, S::Accepted, Triager),
        way(S::Open, Do::Accept, S::Accepted, Triager),
        way(S::InProgress, Do::Accept, S::Accepted, Triager),
        way(S::Reopened, Do::Accept, S::Accepted, Triager),
        // An exception is extended by another one.
        way(S::Accepted, Do::Accept, S::Accepted, Triager),
        way(S::New, Do::DeclareNotAffected, S::NotAffected, Triager),
        way(S::Open, Do::DeclareNotAffected, S::NotAffected, Triager),
        way(S::InProgress, Do::DeclareNotAffected, S::NotAffected, Triager),
        way(S::Reopened, Do::DeclareNotAffected, S::NotAffected, Triager),
        way(S::New, Do::MarkDuplicate, S::Duplicate, Triager),
        way(S::Open, Do::MarkDuplicate, S::Duplicate, Triager),
        way(S::Reopened, Do::MarkDuplicate, S::Duplicate, Triager),
        way(S::Verified, Do::Reopen, S::Open, Triager),
        way(S::FalsePositive, Do::Reopen, S::Open, Triager),
        way(S::Accepted, Do::Reopen, S::Open, Triager),
        way(S::NotAffected, Do::Reopen, S::Open, Triager),
        way(S::Duplicate, Do::Reopen, S::Open, Triager),
    ]
};

/// What somebody with a role may do with a finding in a state, in the order of [`TRANSITIONS`].
///
/// ```
/// use bartizan_triage::{role::Role, state::{ActionKind, StateKind, allowed}};
/// assert_eq!(allowed(StateKind::New, Role::Developer), [ActionKind::Start]);
/// assert!(allowed(StateKind::New, Role::Viewer).is_empty());
/// ```
#[must_use]
pub fn allowed(state: StateKind, role: Role) -> Vec<ActionKind> {
    let ways = TRANSITIONS.iter().filter(|transition| transition.from == state && transition.role <= role);
    ways.map(|transition| transition.action).collect()
}

impl Action {
    /// The action alone.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Confirm => ActionKind::Confirm,
            Self::Start => ActionKind::Start,
            Self::Pause => ActionKind::Pause,
            Self::MergeFix { .. } => ActionKind::MergeFix,
            Self::Verify { .. } => ActionKind::Verify,
            Self::RejectAsFalse(_) => ActionKind::RejectAsFalse,
            Self::Accept { .. } => ActionKind::Accept,
            Self::DeclareNotAffected { .. } => ActionKind::DeclareNotAffected,
            Self::MarkDuplicate { .. } => ActionKind::MarkDuplicate,
            Self::Reopen { .. } => ActionKind::Reopen,
        }
    }
}

impl ActionKind {
    /// All actions.
    pub const ALL: [Self; 10] = [
        Self::Confirm,
        Self::Start,
        Self::Pause,
        Self::MergeFix,
        Self::Verify,
        Self::RejectAsFalse,
        Self::Accept,
        Self::DeclareNotAffected,
        Self::MarkDuplicate,
        Self::Reopen,
    ];

    /// The lower-case name, as it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Start => "start",
            Self::Pause => "pause",
            Self::MergeFix => "merge-fix",
            Self::Verify => "verify",
            Self::RejectAsFalse => "reject-as-false",
            Self::Accept => "accept",
            Self::DeclareNotAffected => "declare-not-affected",
            Self::MarkDuplicate => "mark-duplicate",
            Self::Reopen => "reopen",
        }
    }
}

impl std::fmt::Display for ActionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
