//! Accepted risks: somebody asks, somebody else approves, and it ends.

use serde::{Deserialize, Serialize};

use crate::{
    role::{Actor, Role},
    time::Time,
};

/// The longest time for which a risk is accepted, in days.
pub const MAX_DAYS: i64 = 365;

/// The longest reason, in bytes.
pub const MAX_REASON_BYTES: usize = 10_000;

/// The wish to accept the risk of some findings for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Which findings, as a [query](crate::query); it is understood before it gets here.
    pub scope: String,
    /// Why the risk can be borne.
    pub reason: String,
    /// The id of the user who asks.
    pub requester: String,
    /// When it was asked.
    pub requested: Time,
    /// Until when.
    pub expires: Time,
}

/// A request that somebody approved.
///
/// Private fields: the approver was not the requester and was allowed to approve, the reason says something, and the end is at
/// most [`MAX_DAYS`] after the approval. What a store has kept is checked again when it is read: it could have been changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Exception {
    request: Request,
    approver: String,
    approved: Time,
}

/// Why an exception is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The reason is empty.
    #[error("a reason is needed: say why the risk can be borne")]
    NoReason,
    /// The reason is longer than [`MAX_REASON_BYTES`].
    #[error("the reason is too long: at most {MAX_REASON_BYTES} bytes")]
    LongReason,
    /// Nobody approves what they asked for.
    #[error("somebody else must approve: `{user}` asked for it")]
    SamePerson {
        /// The id of the user.
        user: String,
    },
    /// The role is too low.
    #[error("only a `{needed}` may approve, and this is a `{role}`")]
    Forbidden {
        /// The lowest role that may.
        needed: Role,
        /// The role there is.
        role: Role,
    },
    /// It ends before it begins.
    #[error("it would end on {expires}, before it begins")]
    Over {
        /// The end that was asked for.
        expires: Time,
    },
    /// It ends too late.
    #[error("it would end on {expires}: at most {MAX_DAYS} days, until {latest}")]
    TooLong {
        /// The end that was asked for.
        expires: Time,
        /// The latest end there can be.
        latest: Time,
    },
}

impl Request {
    /// Approves the request.
    ///
    /// # Errors
    /// When the reason, the approver or the end is not good enough.
    pub fn approve(self, approver: &Actor, now: Time) -> Result<Exception, Refused> {
        // Who may approve, and not for themselves.
        if approver.role < Role::Triager {
            return Err(Refused::Forbidden { needed: Role::Triager, role: approver.role });
        }
        if approver.user == self.requester {
            return Err(Refused::SamePerson { user: self.requester });
        }
        // It says why.
        if self.reason.trim().is_empty() {
            return Err(Refused::NoReason);
        }
        if MAX_REASON_BYTES < self.reason.len() {
            return Err(Refused::LongReason);
        }
        // It ends.
        let latest = now.plus_days(MAX_DAYS);
        if self.expires <= now {
            return Err(Refused::Over { expires: self.expires });
        }
        if latest < self.expires {
            return Err(Refused::TooLong { expires: self.expires, latest });
        }
        Ok(Exception { request: self, approver: approver.user.clone(), approved: now })
    }
}

impl Exception {
    /// What was asked for.
    #[must_use]
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// The id of the user who approved.
    #[must_use]
    pub fn approver(&self) -> &str {
        &self.approver
    }

    /// When it was approved.
    #[must_use]
    pub const fn approved(&self) -> Time {
        self.approved
    }

    /// When it ends.
    #[must_use]
    pub const fn expires(&self) -> Time {
        self.request.expires
    }

    /// Whether it holds.
    #[must_use]
    pub fn is_active(&self, now: Time) -> bool {
        self.approved <= now && now < self.request.expires
    }

    /// Whether it ends within so many days, so that its requester is told.
    #[must_use]
    pub fn ends_within(&self, days: i64, now: Time) -> bool {
        self.is_active(now) && self.request.expires <= now.plus_days(days)
    }
}

#[derive(Deserialize)]
struct Stored {
    request: Request,
    approver: String,
    approved: Time,
}

impl TryFrom<Stored> for Exception {
    type Error = Refused;

    fn try_from(stored: Stored) -> Result<Self, Refused> {
        // The role of the approver at that time is not kept; it was high enough.
        stored.request.approve(&Actor { user: stored.approver, role: Role::Triager }, stored.approved)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::time::DAY;

    pub(crate) fn request(expires: Time) -> Request {
        let reason = "not reachable before the gateway is gone".to_owned();
        Request { scope: "rule:x".to_owned(), reason, requester: "ann".to_owned(), requested: Time(0), expires }
    }

    pub(crate) fn actor(user: &str, role: Role) -> Actor {
        Actor { user: user.to_owned(), role }
    }

    #[test]
    fn an_approved_request_holds_until_it_ends() {
        let exception = request(Time(30 * DAY)).approve(&actor("bob", Role::Triager), Time(DAY)).unwrap();
        let active = [0, DAY, 29 * DAY, 30 * DAY].map(|at| exception.is_active(Time(at)));
        assert_eq!(active, [false, true, true, false]);
        assert!(exception.ends_within(7, Time(24 * DAY)));
        assert!(!exception.ends_within(7, Time(20 * DAY)));
        let mut kept = serde_json::to_value(&exception).unwrap();
        assert_eq!(serde_json::from_value::<Exception>(kept.clone()).unwrap(), exception);
        kept["approver"] = "ann".into();
        assert_eq!(serde_json::from_value::<Exception>(kept).unwrap_err().to_string(), "somebody else must approve: `ann` asked for it");
    }

    #[test]
    fn each_rule_is_kept() {
        let (bob, now) = (actor("bob", Role::Triager), Time(0));
        let good = request(Time(MAX_DAYS * DAY));
        assert!(good.clone().approve(&bob, now).is_ok());
        let with_reason = |reason: &str| Request { reason: reason.to_owned(), ..good.clone() };
        assert_eq!(with_reason(" \n").approve(&bob, now), Err(Refused::NoReason));
        assert_eq!(with_reason(&"x".repeat(MAX_REASON_BYTES + 1)).approve(&bob, now), Err(Refused::LongReason));
        assert_eq!(good.clone().approve(&actor("ann", Role::Admin), now), Err(Refused::SamePerson { user: "ann".to_owned() }));
        let forbidden = Refused::Forbidden { needed: Role::Triager, role: Role::Developer };
        assert_eq!(good.clone().approve(&actor("bob", Role::Developer), now), Err(forbidden));
        assert_eq!(request(now).approve(&bob, now), Err(Refused::Over { expires: now }));
        let late = Time(MAX_DAYS * DAY + 1);
        let latest = Time(MAX_DAYS * DAY);
        assert_eq!(request(late).approve(&bob, now), Err(Refused::TooLong { expires: late, latest }));
    }
}
