//! Numbers about how findings are dealt with, from events alone: the same events give the same numbers, at any later time.
//!
//! Each number has its definition with it ([`Measure::definition`]), because a number that people read in two ways is worse than none.

use std::collections::BTreeMap;

use bartizan_core::Severity;
use serde::Serialize;

use crate::{
    state::{ActionKind, StateKind},
    time::Time,
};

/// From so many decisions on a rule can be called noisy.
pub const MIN_DECISIONS: u64 = 50;

/// A rule is noisy with more false positives than this, in percent of its decisions.
pub const MAX_FALSE_PERCENT: u64 = 20;

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Time,
    /// The finding's id.
    pub finding: String,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// It was found for the first time.
    Found {
        /// Where.
        stage: Stage,
        /// The canonical id of its rule.
        rule: String,
        /// How bad it is.
        severity: Severity,
        /// The team that answers for it; empty if none does.
        team: String,
    },
    /// Its state changed; for a person's step also what they did.
    Changed {
        /// Before.
        from: StateKind,
        /// After.
        to: StateKind,
        /// What a person did.
        action: Option<ActionKind>,
    },
    /// It has an owner now, or none.
    Owned {
        /// Whether it has one.
        is_owned: bool,
    },
}

/// Where something was found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// In a change that was not merged.
    Change,
    /// In the default branch.
    DefaultBranch,
    /// In what runs.
    Production,
}

/// A number that is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// [`Metrics::time_to_fix`].
    TimeToFix,
    /// [`Metrics::escapes`].
    EscapeRate,
    /// [`Metrics::reopens`].
    ReopenRate,
    /// [`Metrics::false_positives`].
    FalsePositiveRate,
    /// [`Metrics::owned`].
    OwnerCoverage,
}

/// All numbers for a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Metrics {
    /// Of all findings.
    pub time_to_fix: Spans,
    /// By severity, the lower-case name.
    pub time_to_fix_by_severity: BTreeMap<&'static str, Spans>,
    /// By team.
    pub time_to_fix_by_team: BTreeMap<String, Spans>,
    /// Found after the merge.
    pub escapes: Ratio,
    /// Came back.
    pub reopens: Ratio,
    /// By rule.
    pub false_positives: BTreeMap<String, Ratio>,
    /// Have an owner.
    pub owned: Ratio,
}

/// Some of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Ratio {
    /// Some.
    pub n: u64,
    /// All.
    pub of: u64,
}

/// How long things took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Spans {
    /// How many things.
    pub n: u64,
    /// Half of them took no longer, in microseconds; none without things.
    pub median: Option<i64>,
    /// Nine of ten took no longer.
    pub p90: Option<i64>,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::TimeToFix, Self::EscapeRate, Self::ReopenRate, Self::FalsePositiveRate, Self::OwnerCoverage];

    /// What the number means, as it stands beside it.
    #[must_use]
    pub const fn definition(self) -> &'static str {
        match self {
            Self::TimeToFix => {
                "Of findings verified in the time shown: from when each was first found, or last reopened, until it was verified. \
                 Median and 90th percentile, by nearest rank. False positives and accepted risks are not fixes and do not count."
            }
            Self::EscapeRate => {
                "Of findings first found in the time shown: the share first found in the default branch or in what runs, and not in a \
                 change before its merge."
            }
            Self::ReopenRate => "Of findings verified in the time shown: the share that came back by the end of it, however often.",
            Self::FalsePositiveRate => {
                "Of findings of a rule whose last decision in the time shown was that they are real, false positives, accepted or not \
                 affected: the share of false positives. Findings that nobody decided about do not count."
            }
            Self::OwnerCoverage => "Of findings that somebody has to deal with at the end of the time shown: the share with an owner.",
        }
    }
}

impl Ratio {
    /// In percent, rounded down; none without things.
    #[must_use]
    pub fn percent(self) -> Option<u64> {
        (100 * self.n).checked_div(self.of)
    }

    /// Whether a rule with such a rate of false positives is muted in changes, and its author told.
    #[must_use]
    pub const fn is_noisy(self) -> bool {
        MIN_DECISIONS <= self.of && MAX_FALSE_PERCENT * self.of < 100 * self.n
    }

    fn count(&mut self, is_one: bool) {
        self.n += u64::from(is_one);
        self.of += 1;
    }
}

impl Spans {
    fn of(mut spans: Vec<i64>) -> Self {
        spans.sort_unstable();
        // The nearest rank: the smallest value that so many percent do not exceed.
        let rank = |percent: usize| spans.get((percent * spans.len()).div_ceil(100).saturating_sub(1)).copied();
        Self { n: u64::try_from(spans.len()).unwrap_or(u64::MAX), median: rank(50), p90: rank(90) }
    }
}

/// What is known of a finding while events pass by.
struct Story<'a> {
    stage: Stage,
    rule: &'a str,
    severity: Severity,
    team: &'a str,
    found: Time,
    /// Since when it waits to be fixed.
    waits_since: Time,
    state: StateKind,
    is_owned: bool,
    /// Verified in the time shown, with how long it took.
    fixes: Vec<i64>,
    came_back: bool,
    is_false: Option<bool>,
}

/// Computes all numbers for the time from `from` up to, and not with, `to`.
///
/// Events may come in any order; those of one moment count in the order given. Events of findings that were never found are left out.
#[must_use]
pub fn measure(events: &[Event], from: Time, to: Time) -> Metrics {
    let mut before: Vec<&Event> = events.iter().filter(|event| event.at < to).collect();
    before.sort_by_key(|event| event.at);
    let mut stories: BTreeMap<&str, Story<'_>> = BTreeMap::new();
    for event in before {
        if let EventKind::Found { stage, rule, severity, team } = &event.kind {
            stories.entry(&event.finding).or_insert_with(|| Story::begin(*stage, rule, *severity, team, event.at));
        } else if let Some(story) = stories.get_mut(event.finding.as_str()) {
            story.hear(event, from);
        }
    }
    summary(stories.values(), from)
}

impl<'a> Story<'a> {
    const fn begin(stage: Stage, rule: &'a str, severity: Severity, team: &'a str, at: Time) -> Self {
        Self {
            stage,
            rule,
            severity,
            team,
            found: at,
            waits_since: at,
            state: StateKind::New,
            is_owned: false,
            fixes: Vec::new(),
            came_back: false,
            is_false: None,
        }
    }

    fn hear(&mut self, event: &Event, from: Time) {
        match event.kind {
            EventKind::Found { .. } => {}
            EventKind::Owned { is_owned } => self.is_owned = is_owned,
            EventKind::Changed { from: before, to, action } => {
                self.state = to;
                if before == StateKind::Verified && to.is_active() {
                    self.waits_since = event.at;
                    self.came_back |= !self.fixes.is_empty();
                }
                if event.at < from {
                    return;
                }
                if to == StateKind::Verified {
                    self.fixes.push(event.at.0.saturating_sub(self.waits_since.0));
                }
                self.is_false = decision(action, to).or(self.is_false);
            }
        }
    }
}

/// Whether a person's step says that a finding is false; nothing if it does not say.
const fn decision(action: Option<ActionKind>, to: StateKind) -> Option<bool> {
    match (action, to) {
        (None, _) => None,
        (Some(_), StateKind::FalsePositive) => Some(true),
        (Some(_), StateKind::Open | StateKind::InProgress | StateKind::FixMerged | StateKind::Accepted | StateKind::NotAffected) => {
            Some(false)
        }
        (Some(_), StateKind::New | StateKind::Reopened | StateKind::Verified | StateKind::Duplicate) => None,
    }
}

fn summary<'a>(stories: impl Iterator<Item = &'a Story<'a>>, from: Time) -> Metrics {
    let mut metrics = Metrics::default();
    let mut all = Vec::new();
    let mut by_severity: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
    let mut by_team: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for story in stories {
        if from <= story.found {
            metrics.escapes.count(story.stage != Stage::Change);
        }
        if !story.fixes.is_empty() {
            metrics.reopens.count(story.came_back);
            all.extend(&story.fixes);
            by_severity.entry(story.severity.as_str()).or_default().extend(&story.fixes);
            by_team.entry(story.team.to_owned()).or_default().extend(&story.fixes);
        }
        if let Some(is_false) = story.is_false {
            metrics.false_positives.entry(story.rule.to_owned()).or_default().count(is_false);
        }
        if story.state.is_active() {
            metrics.owned.count(story.is_owned);
        }
    }
    metrics.time_to_fix = Spans::of(all);
    metrics.time_to_fix_by_severity = by_severity.into_iter().map(|(name, spans)| (name, Spans::of(spans))).collect();
    metrics.time_to_fix_by_team = by_team.into_iter().map(|(name, spans)| (name, Spans::of(spans))).collect();
    metrics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;

    fn event(day: i64, finding: &str, kind: EventKind) -> Event {
        Event { at: Time(day * DAY), finding: finding.to_owned(), kind }
    }

    fn found(day: i64, finding: &str, stage: Stage) -> Event {
        event(day, finding, EventKind::Found { stage, rule: "sql".to_owned(), severity: Severity::High, team: "web".to_owned() })
    }

    fn changed(day: i64, finding: &str, from: StateKind, to: StateKind, action: Option<ActionKind>) -> Event {
        event(day, finding, EventKind::Changed { from, to, action })
    }

    fn fixed(day: i64, finding: &str) -> Event {
        changed(day, finding, StateKind::New, StateKind::Verified, None)
    }

    #[test]
    fn ten_fixes_have_a_median_and_a_90th_percentile() {
        let mut events = Vec::new();
        for days in 1..=10 {
            events.extend([found(0, &days.to_string(), Stage::Change), fixed(days, &days.to_string())]);
        }
        let expected = Spans { n: 10, median: Some(5 * DAY), p90: Some(9 * DAY) };
        let metrics = measure(&events, Time(0), Time(100 * DAY));
        assert_eq!(metrics.time_to_fix, expected);
        assert_eq!(metrics.time_to_fix_by_severity, BTreeMap::from([("high", expected)]));
        assert_eq!(metrics.time_to_fix_by_team, BTreeMap::from([("web".to_owned(), expected)]));
        assert_eq!(metrics.reopens, Ratio { n: 0, of: 10 });
        // What was not yet known then does not count, and neither does what is over.
        assert_eq!(measure(&events, Time(0), Time(4 * DAY)).time_to_fix.n, 3);
        assert_eq!(measure(&events, Time(8 * DAY), Time(100 * DAY)).time_to_fix.n, 3);
        assert_eq!(measure(&[], Time(0), Time(DAY)).time_to_fix, Spans::default());
    }

    #[test]
    fn what_comes_back_is_fixed_twice_and_counts_once() {
        let events = [
            found(0, "a", Stage::Production),
            fixed(10, "a"),
            changed(20, "a", StateKind::Verified, StateKind::Reopened, None),
            changed(22, "a", StateKind::Reopened, StateKind::Verified, None),
            found(0, "b", Stage::Change),
            fixed(10, "b"),
        ];
        let metrics = measure(&events, Time(0), Time(30 * DAY));
        assert_eq!(metrics.time_to_fix, Spans { n: 3, median: Some(10 * DAY), p90: Some(10 * DAY) });
        assert_eq!((metrics.reopens, metrics.escapes), (Ratio { n: 1, of: 2 }, Ratio { n: 1, of: 2 }));
        assert_eq!(measure(&events, Time(0), Time(15 * DAY)).reopens, Ratio { n: 0, of: 2 });
        let mut backwards = events.to_vec();
        backwards.reverse();
        assert_eq!(measure(&backwards, Time(0), Time(30 * DAY)), metrics);
    }

    #[test]
    fn the_last_decision_of_each_finding_says_how_noisy_its_rule_is() {
        let mut events = Vec::new();
        for index in 0..60 {
            let id = index.to_string();
            events.push(found(0, &id, Stage::DefaultBranch));
            events.push(changed(1, &id, StateKind::New, StateKind::FalsePositive, Some(ActionKind::RejectAsFalse)));
            if 13 <= index {
                events.push(changed(2, &id, StateKind::FalsePositive, StateKind::Open, Some(ActionKind::Reopen)));
            }
        }
        // Seen again with other code: nobody decided that.
        events.push(changed(3, "0", StateKind::FalsePositive, StateKind::New, None));
        let ratio = measure(&events, Time(0), Time(10 * DAY)).false_positives["sql"];
        assert_eq!((ratio, ratio.percent(), ratio.is_noisy()), (Ratio { n: 13, of: 60 }, Some(21), true));
        assert!(!Ratio { n: 12, of: 60 }.is_noisy());
        assert!(!Ratio { n: 49, of: 49 }.is_noisy());
    }

    #[test]
    fn owners_count_where_somebody_has_to_act() {
        let owned = |day, finding, is_owned| event(day, finding, EventKind::Owned { is_owned });
        let events = [
            found(0, "a", Stage::Change),
            owned(1, "a", true),
            found(0, "b", Stage::Change),
            owned(1, "b", true),
            owned(2, "b", false),
            found(0, "gone", Stage::Change),
            fixed(1, "gone"),
            owned(0, "never found", true),
        ];
        assert_eq!(measure(&events, Time(0), Time(3 * DAY)).owned, Ratio { n: 1, of: 2 });
    }

    #[test]
    fn every_number_says_what_it_is() {
        for measure in Measure::ALL {
            assert!(measure.definition().ends_with('.') && measure.definition().contains(" time shown"), "{measure:?}");
        }
    }
}
