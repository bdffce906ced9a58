//! Campaigns: a set of findings that some people get rid of until a date.
//!
//! A campaign has two sets. The frozen one is what its filter found when it began, and its progress is measured by that, so that
//! nobody's work is undone by a new scan. The live one is what the filter finds now; what is in it and was not there at the
//! beginning is shown beside.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::Owner;
use serde::{Deserialize, Serialize};

use crate::{
    query::{Query, QueryError},
    state::StateKind,
    time::Time,
};

/// The most points of a burn-down.
const MAX_POINTS: i64 = 400;

/// The most findings of a campaign.
pub const MAX_FINDINGS: usize = 1_000_000;

/// A campaign that has begun.
///
/// Private fields: the filter is one, there are findings, and the date is after the beginning. So it is when one is read from a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Campaign {
    name: String,
    query: String,
    frozen: BTreeSet<String>,
    started: Time,
    target: Time,
}

/// Why a campaign does not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignError {
    /// The name is empty.
    #[error("a campaign needs a name")]
    NoName,
    /// The filter finds nothing.
    #[error("the filter finds nothing, so there is nothing to do")]
    NoFindings,
    /// The filter finds more than [`MAX_FINDINGS`].
    #[error("the filter finds too much: at most {MAX_FINDINGS} findings")]
    ManyFindings,
    /// The date has passed.
    #[error("the date {target} is not after today")]
    Past {
        /// The date.
        target: Time,
    },
    /// The filter of a stored one is none.
    #[error("the filter can't be read: {0}")]
    Query(#[from] QueryError),
}

/// A finding of a campaign, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: StateKind,
    /// Since when it stands there.
    pub since: Time,
    /// Who is asked about it.
    pub owners: Vec<Owner>,
    /// Whether the filter finds it now.
    pub is_live: bool,
}

/// How far a campaign is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The campaign's findings.
    pub n_frozen: u64,
    /// Of those: gone.
    pub n_fixed: u64,
    /// Of those: false positives, accepted, not affected, duplicates.
    pub n_excepted: u64,
    /// Of those: still to do, those among them that nothing is known of any more.
    pub n_left: u64,
    /// What the filter finds now and did not at the beginning, and somebody has to do.
    pub n_new: u64,
    /// What is not left, in percent of all, rounded down.
    pub percent: u64,
    /// How it goes.
    pub pace: Pace,
    /// By owner: done and left; nobody's under an empty name.
    pub by_owner: BTreeMap<String, Share>,
}

/// What one owner has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Fixed or excepted.
    pub n_done: u64,
    /// Still to do.
    pub n_left: u64,
}

/// How a campaign goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Nothing is left.
    Done,
    /// As much is done as time has passed, or more.
    OnTrack,
    /// Less is.
    Behind,
    /// The date has passed, and something is left.
    Late,
}

impl Campaign {
    /// Begins a campaign with what its filter finds now.
    ///
    /// # Errors
    /// When there is nothing to do, or no time to do it in.
    pub fn begin(name: &str, query: &Query, found: BTreeSet<String>, target: Time, now: Time) -> Result<Self, CampaignError> {
        if name.trim().is_empty() {
            return Err(CampaignError::NoName);
        }
        if found.is_empty() {
            return Err(CampaignError::NoFindings);
        }
        if MAX_FINDINGS < found.len() {
            return Err(CampaignError::ManyFindings);
        }
        if target <= now {
            return Err(CampaignError::Past { target });
        }
        Ok(Self { name: name.trim().to_owned(), query: query.to_string(), frozen: found, started: now, target })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its filter, as it would be typed.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// What it began with.
    #[must_use]
    pub const fn frozen(&self) -> &BTreeSet<String> {
        &self.frozen
    }

    /// The date.
    #[must_use]
    pub const fn target(&self) -> Time {
        self.target
    }

    /// How far it is. The members are those of the frozen set and of the live one, in any order.
    #[must_use]
    pub fn progress(&self, members: &[Member], now: Time) -> Progress {
        let mut progress = Progress {
            n_frozen: count(self.frozen.len()),
            n_fixed: 0,
            n_excepted: 0,
            n_left: 0,
            n_new: 0,
            percent: 0,
            pace: Pace::Behind,
            by_owner: BTreeMap::new(),
        };
        for member in members {
            let is_left = member.state.is_active();
            if !self.frozen.contains(&member.id) {
                progress.n_new += u64::from(member.is_live && is_left);
                continue;
            }
            if !is_left {
                let is_fixed = member.state == StateKind::Verified;
                progress.n_fixed += u64::from(is_fixed);
                progress.n_excepted += u64::from(!is_fixed);
            }
            let names = member.owners.iter().map(|owner| owner.0.clone());
            let nobody = Some(String::new()).filter(|_| member.owners.is_empty());
            for name in names.chain(nobody) {
                let share = progress.by_owner.entry(name).or_default();
                share.n_done += u64::from(!is_left);
                share.n_left += u64::from(is_left);
            }
        }
        let n_done = progress.n_fixed + progress.n_excepted;
        progress.n_left = progress.n_frozen.saturating_sub(n_done);
        progress.percent = (100 * n_done).checked_div(progress.n_frozen).unwrap_or_default();
        progress.pace = self.pace(n_done, progress.n_left, now);
        progress
    }

    /// How many findings were left at the end of each day, from the beginning until now or the date, whatever is earlier.
    ///
    /// A finding that came back counts as left all the time. Of a long campaign not every day is shown.
    #[must_use]
    pub fn burn_down(&self, members: &[Member], now: Time) -> Vec<(Time, u64)> {
        let is_done = |member: &&Member| self.frozen.contains(&member.id) && !member.state.is_active();
        let mut done: Vec<Time> = members.iter().filter(is_done).map(|member| member.since).collect();
        done.sort_unstable();
        let days = now.min(self.target).days_since(self.started).max(0);
        let step = days / MAX_POINTS + 1;
        let point = |day: i64| {
            let at = self.started.plus_days(day);
            let n_done = done.partition_point(|since| *since <= at);
            (at, count(self.frozen.len()).saturating_sub(count(n_done)))
        };
        (0..=days / step).map(|index| point(index * step)).collect()
    }

    fn pace(&self, n_done: u64, n_left: u64, now: Time) -> Pace {
        if n_left == 0 {
            return Pace::Done;
        }
        if self.target <= now {
            return Pace::Late;
        }
        let (passed, all) = (now.0.saturating_sub(self.started.0).max(0), self.target.0.saturating_sub(self.started.0));
        let is_on_track = i128::from(passed) * i128::from(n_done + n_left) <= i128::from(all) * i128::from(n_done);
        if is_on_track { Pace::OnTrack } else { Pace::Behind }
    }
}

#[derive(Deserialize)]
struct Stored {
    name: String,
    query: String,
    frozen: BTreeSet<String>,
    started: Time,
    target: Time,
}

impl TryFrom<Stored> for Campaign {
    type Error = CampaignError;

    fn try_from(stored: Stored) -> Result<Self, CampaignError> {
        let query = Query::parse(&stored.query)?;
        Self::begin(&stored.name, &query, stored.frozen, stored.target, stored.started)
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;

    fn campaign(n: usize) -> Campaign {
        let found = (0..n).map(|index| index.to_string()).collect();
        Campaign::begin(" No more SQL ", &Query::parse("rule:sql-* is:active").unwrap(), found, Time(10 * DAY), Time(0)).unwrap()
    }

    fn member(id: &str, state: StateKind, since_day: i64, owner: Option<&str>) -> Member {
        let owners = owner.into_iter().map(|name| Owner(name.to_owned())).collect();
        Member { id: id.to_owned(), state, since: Time(since_day * DAY), owners, is_live: state.is_active() }
    }

    #[test]
    fn progress_is_measured_by_what_was_there_at_the_beginning() {
        let campaign = campaign(5);
        assert_eq!((campaign.name(), campaign.query()), ("No more SQL", "rule:sql-* is:active"));
        let members = [
            member("0", StateKind::Verified, 2, Some("@a")),
            member("1", StateKind::Accepted, 3, Some("@a")),
            member("2", StateKind::Reopened, 4, Some("@a")),
            member("3", StateKind::Open, 0, None),
            // 4 is unknown by now.
            member("new", StateKind::New, 5, Some("@b")),
            member("new and false", StateKind::FalsePositive, 5, Some("@b")),
        ];
        let kept: Campaign = serde_json::from_str(&serde_json::to_string(&campaign).unwrap()).unwrap();
        assert_eq!(kept, campaign);
        let progress = campaign.progress(&members, Time(4 * DAY));
        let counts = (progress.n_frozen, progress.n_fixed, progress.n_excepted, progress.n_left, progress.n_new, progress.percent);
        assert_eq!(counts, (5, 1, 1, 3, 1, 40));
        let shares: Vec<(&str, u64, u64)> =
            progress.by_owner.iter().map(|(name, share)| (name.as_str(), share.n_done, share.n_left)).collect();
        assert_eq!(shares, [("", 0, 1), ("@a", 2, 1)]);
        let days: Vec<u64> = campaign.burn_down(&members, Time(4 * DAY)).into_iter().map(|(_, left)| left).collect();
        assert_eq!(days, [5, 5, 4, 3, 3]);
    }

    #[test]
    fn the_pace_compares_work_with_time() {
        let campaign = campaign(4);
        let done = |n: i64| (0..n).map(|index| member(&index.to_string(), StateKind::Verified, 1, None)).collect::<Vec<_>>();
        let cases = [
            (0, 0, Pace::OnTrack),
            (0, 1, Pace::Behind),
            (2, 5, Pace::OnTrack),
            (2, 6, Pace::Behind),
            (3, 10, Pace::Late),
            (4, 20, Pace::Done),
        ];
        for (n_done, day, expected) in cases {
            assert_eq!(campaign.progress(&done(n_done), Time(day * DAY)).pace, expected, "{n_done} on day {day}");
        }
    }

    #[test]
    fn a_long_campaign_has_not_too_many_points() {
        let found = BTreeSet::from(["a".to_owned()]);
        let campaign = Campaign::begin("x", &Query::default(), found, Time(10_000 * DAY), Time(0)).unwrap();
        let points = campaign.burn_down(&[], Time(9_999 * DAY));
        assert!(points.len() <= 401, "{}", points.len());
    }

    #[test]
    fn there_must_be_something_to_do_and_time_for_it() {
        let found = BTreeSet::from(["a".to_owned()]);
        let begin =
            |name: &str, found: &BTreeSet<String>, target| Campaign::begin(name, &Query::default(), found.clone(), target, Time(DAY));
        assert_eq!(begin("  ", &found, Time(2 * DAY)), Err(CampaignError::NoName));
        assert_eq!(begin("x", &BTreeSet::new(), Time(2 * DAY)), Err(CampaignError::NoFindings));
        assert_eq!(begin("x", &found, Time(DAY)), Err(CampaignError::Past { target: Time(DAY) }));
    }
}
