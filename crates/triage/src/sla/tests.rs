//! Tests of due dates.

use super::*;
use crate::time::DAY;

/// A Thursday.
const SEEN: Time = Time(20_783 * DAY);

fn facts(priority: Priority) -> Facts {
    Facts {
        state: StateKind::Open,
        severity: Severity::High,
        priority,
        tier: None,
        exposure: None,
        exploited: None,
        outcome: None,
        first_seen: SEEN,
        confirmed: None,
        reopened: None,
    }
}

fn days(facts: &Facts, policy: &Policy) -> Option<i64> {
    due(facts, policy).due.map(|due| due.days_since(SEEN))
}

#[test]
fn the_first_rule_that_fits_decides() {
    let policy = Policy::default();
    let found = Priority::ALL.map(|priority| days(&facts(priority), &policy));
    assert_eq!(found, [Some(7), Some(30), Some(90), None]);
    let text = r#"{"version": 3, "name": "ours", "rules": [
        {"name": "front", "when": {"exposure": ["public"], "severity": ["critical", "high"], "tier": [1]}, "days": 5},
        {"name": "rest", "days": 50}]}"#;
    let policy: Policy = serde_json::from_str(text).unwrap();
    assert_eq!(policy.check(), Ok(()));
    assert!(policy.restart_on_reopen);
    let front = Facts { exposure: Some(Exposure::Public), tier: Some(1), ..facts(Priority::P4) };
    assert_eq!(due(&front, &policy).why, Why::Rule { name: "front".to_owned(), days: 5 });
    for other in [Facts { tier: None, ..front.clone() }, Facts { severity: Severity::Low, ..front }] {
        assert_eq!(days(&other, &policy), Some(50));
    }
}

#[test]
fn attacks_and_outcomes_make_it_sooner_and_never_later() {
    let policy = Policy::default();
    let exploited = Facts { exploited: Some(SEEN.plus_days(10)), ..facts(Priority::P3) };
    assert_eq!((days(&exploited, &policy), due(&exploited, &policy).why), (Some(17), Why::Exploited { days: 7 }));
    let urgent = Facts { exploited: Some(SEEN.plus_days(10)), ..facts(Priority::P1) };
    assert_eq!(days(&urgent, &policy), Some(7));
    let cases = [
        ("3 days & forensic investigation", Some(3), true),
        ("3 Days", Some(3), false),
        ("14 days", Some(14), false),
        ("60 days", Some(60), false),
        ("fix on system upgrade", Some(90), false),
        ("something else", Some(90), false),
    ];
    for (outcome, expected, forensics) in cases {
        let facts = Facts { outcome: Some(outcome.to_owned()), ..facts(Priority::P3) };
        let due = due(&facts, &policy);
        assert_eq!((due.due.map(|due| due.days_since(SEEN)), due.needs_forensics), (expected, forensics), "{outcome}");
    }
}

#[test]
fn weekends_count_or_not() {
    let policy = Policy { business_days: true, ..Policy::default() };
    // Seven working days after a Thursday: the Monday after the next weekend.
    assert_eq!(days(&facts(Priority::P1), &policy), Some(11));
    let saturday = Facts { first_seen: SEEN.plus_days(2), ..facts(Priority::P1) };
    assert_eq!(days(&saturday, &policy), Some(13));
}

#[test]
fn time_counts_from_where_the_policy_says() {
    let late = Facts { confirmed: Some(SEEN.plus_days(3)), reopened: Some(SEEN.plus_days(100)), ..facts(Priority::P1) };
    let policy = Policy::default();
    let never_anew = Policy { restart_on_reopen: false, ..policy.clone() };
    let confirmed = Policy { start: Start::Confirmed, ..never_anew.clone() };
    let found = [&policy, &never_anew, &confirmed].map(|policy| days(&late, policy));
    assert_eq!(found, [Some(107), Some(7), Some(10)]);
    assert_eq!(days(&Facts { confirmed: None, ..late }, &confirmed), Some(7));
}

#[test]
fn nothing_is_due_where_nobody_has_to_act() {
    for state in StateKind::ALL {
        let due = due(&Facts { state, ..facts(Priority::P1) }, &Policy::default());
        assert_eq!(due.due.is_some(), state.is_active(), "{state}");
    }
}

#[test]
fn grace_comes_after_the_date() {
    let policy = Policy { grace_days: 2, ..Policy::default() };
    let due = due(&facts(Priority::P1), &policy);
    let found = [6, 7, 8, 9].map(|days| due.standing(SEEN.plus_days(days)));
    assert_eq!(found, [Standing::InTime, Standing::InGrace, Standing::InGrace, Standing::Overdue]);
}

#[test]
fn policies_that_make_no_sense_are_refused() {
    let good = Policy::default();
    assert_eq!(good.check(), Ok(()));
    let mut long = good.clone();
    long.rules[0].days = Some(4_000);
    assert_eq!(long.check(), Err(PolicyError::ManyDays { place: "at once".to_owned(), days: 4_000 }));
    let mut hidden = good.clone();
    hidden.rules[0].when = Condition::default();
    let error = PolicyError::Unreachable { name: "before what is planned".to_owned(), before: "at once".to_owned() };
    assert_eq!(hidden.check(), Err(error));
    let many = Policy { rules: vec![good.rules[0].clone(); MAX_RULES + 1], ..good };
    assert_eq!(many.check(), Err(PolicyError::ManyRules));
    assert!(serde_json::from_str::<Policy>(r#"{"version": 1, "name": "x", "rules": [], "grace": 1}"#).is_err());
}

#[test]
fn a_dry_run_names_those_that_become_overdue_first() {
    let (old, now) = (Policy::default(), SEEN.plus_days(20));
    let mut new = old.clone();
    new.rules[1].days = Some(10);
    new.rules[2].days = Some(60);
    let findings = [Priority::P3, Priority::P2, Priority::P1].map(|priority| (priority.as_str().to_owned(), facts(priority)));
    let moves = dry_run(&old, &new, &findings, now);
    let moved: Vec<(&str, Standing, Standing)> = moves.iter().map(|step| (step.id.as_str(), step.stands, step.would_stand)).collect();
    assert_eq!(moved, [("p2", Standing::InTime, Standing::Overdue), ("p3", Standing::InTime, Standing::InTime)]);
}
