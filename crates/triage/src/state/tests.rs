//! Tests of single steps, and of long ways that chance chooses.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    scan::{Coverage, NotClosing, PathFate, Scan, Sighting, Subject, is_automatic},
    *,
};
use crate::{
    exception::{Request, tests::actor},
    time::DAY,
};

const CODE: &str = "cursor.execute(\"select \" + name)";

fn scan(at: i64) -> Scan {
    Scan { at: Time(at), family: "sast".to_owned(), is_successful: true, is_complete: true, is_of_default_branch: true }
}

fn coverage() -> Coverage {
    let paths = [("a.py", PathFate::Scanned), ("old.py", PathFate::Deleted), ("gen.py", PathFate::Excluded), ("big.py", PathFate::Failed)];
    let paths: BTreeMap<String, PathFate> = paths.map(|(path, fate)| (path.to_owned(), fate)).into();
    Coverage { paths, rules: BTreeSet::from(["sql".to_owned()]) }
}

fn seen() -> Sighting {
    Sighting::Seen { code: Some(CodeShape::of(CODE)), has_fix: None }
}

const GONE: Sighting = Sighting::Missed { closing: Ok(()) };

fn false_positive() -> Action {
    let (reason, scope) = ("the name is a constant".to_owned(), VerdictScope::Finding);
    Action::RejectAsFalse(FalsePositive { reason, scope, code: CodeShape::of(CODE) })
}

fn exception(now: Time, days: i64) -> Exception {
    let (scope, reason, requester) = ("rule:sql".to_owned(), "is replaced in May".to_owned(), "ann".to_owned());
    let request = Request { scope, reason, requester, requested: now, expires: now.plus_days(days) };
    request.approve(&actor("bob", Role::Triager), now).unwrap()
}

fn some_action(kind: ActionKind, now: Time) -> Action {
    match kind {
        ActionKind::Confirm => Action::Confirm,
        ActionKind::Start => Action::Start,
        ActionKind::Pause => Action::Pause,
        ActionKind::MergeFix => Action::MergeFix { commit: None },
        ActionKind::Verify => Action::Verify { evidence: "tried it".to_owned() },
        ActionKind::RejectAsFalse => false_positive(),
        ActionKind::Accept => Action::Accept { id: "e".to_owned(), exception: exception(now, 3) },
        ActionKind::DeclareNotAffected => Action::DeclareNotAffected {
            justification: Justification::VulnerableCodeNotInExecutePath,
            statement: "never called".to_owned(),
        },
        ActionKind::MarkDuplicate => Action::MarkDuplicate { this: "a".to_owned(), of: "b".to_owned() },
        ActionKind::Reopen => Action::Reopen { reason: "was wrong".to_owned() },
    }
}

/// A finding at the end of a way.
fn after(kinds: &[ActionKind]) -> Lifecycle {
    let mut finding = Lifecycle::begin(Time(0));
    for (step, kind) in (1..).zip(kinds) {
        finding.act(some_action(*kind, Time(step)), &actor("tess", Role::Triager), Time(step)).unwrap();
    }
    finding
}

#[test]
fn the_usual_way_ends_verified_by_a_complete_scan() {
    let mut finding = after(&[ActionKind::Confirm, ActionKind::Start, ActionKind::MergeFix]);
    let change = finding.after_scan(&scan(10), &GONE).unwrap();
    assert_eq!((change.from, change.to, change.cause), (StateKind::FixMerged, StateKind::Verified, Cause::Gone));
    let change = finding.after_scan(&scan(20), &seen()).unwrap();
    assert_eq!((change.to, change.cause, finding.n_reopened), (StateKind::Reopened, Cause::Regression, 1));
    assert_eq!(finding.first_seen, Time(0));
}

#[test]
fn only_a_scan_that_looked_there_closes() {
    let subject = Subject { family: "sast", rule: "sql", path: Some("a.py") };
    let good = scan(1);
    let at = |path: &'static str| Subject { path: Some(path), ..subject };
    let cases = [
        (good.clone(), subject, Ok(())),
        (good.clone(), at("old.py"), Ok(())),
        (good.clone(), Subject { path: None, ..subject }, Ok(())),
        (Scan { is_successful: false, ..good.clone() }, subject, Err(NotClosing::Failed)),
        (Scan { is_complete: false, ..good.clone() }, subject, Err(NotClosing::Partial)),
        (Scan { family: "iac".to_owned(), ..good.clone() }, subject, Err(NotClosing::OtherFamily)),
        (Scan { is_of_default_branch: false, ..good.clone() }, subject, Err(NotClosing::OtherBranch)),
        (good.clone(), Subject { rule: "xss", ..subject }, Err(NotClosing::RuleNotRun)),
        (good.clone(), at("b.py"), Err(NotClosing::PathNotScanned)),
        (good.clone(), at("gen.py"), Err(NotClosing::PathExcluded)),
        (good, at("big.py"), Err(NotClosing::PathFailed)),
    ];
    for (scan, subject, expected) in cases {
        let closing = scan.closes(&subject, &coverage());
        assert_eq!(closing, expected, "{scan:?} {subject:?}");
        let mut finding = Lifecycle::begin(Time(0));
        let change = finding.after_scan(&scan, &Sighting::Missed { closing });
        assert_eq!(change.is_some(), expected.is_ok());
        let expected = expected.map_or_else(|why| Observation::NotObserved { at: Time(1), why }, |()| Observation::Gone { at: Time(1) });
        assert_eq!(finding.observation, expected);
    }
}

#[test]
fn a_scan_that_arrives_late_changes_nothing() {
    let mut finding = Lifecycle::begin(Time(10));
    assert_eq!(finding.after_scan(&scan(5), &GONE), None);
    assert_eq!(finding, Lifecycle::begin(Time(10)));
}

#[test]
fn a_false_positive_sticks_until_its_code_is_another_one() {
    let mut finding = after(&[ActionKind::RejectAsFalse]);
    let with = |code: &str| Sighting::Seen { code: Some(CodeShape::of(code)), has_fix: None };
    for code in [CODE, "cursor.execute(\"select \"\n    + name)", "cursor.execute(\"select \" + user)"] {
        assert_eq!(finding.after_scan(&scan(10), &with(code)), None, "{code}");
    }
    assert_eq!(finding.after_scan(&scan(11), &Sighting::Seen { code: None, has_fix: None }), None);
    assert_eq!(finding.after_scan(&scan(12), &GONE), None);
    let change = finding.after_scan(&scan(13), &with("db.run(f\"select {request.args['name']} limit {n}\")")).unwrap();
    assert!(matches!(change.cause, Cause::CodeChanged { percent } if 30 < percent));
    assert_eq!(change.to, StateKind::New);
}

#[test]
fn a_fix_that_fixes_nothing_is_seen_only_where_it_is() {
    let with = |has_fix| Sighting::Seen { code: None, has_fix };
    let mut finding = after(&[ActionKind::Confirm, ActionKind::MergeFix]);
    assert_eq!(finding.after_scan(&scan(10), &with(None)), None);
    assert_eq!(finding.after_scan(&scan(11), &with(Some(false))), None);
    let change = finding.after_scan(&scan(12), &with(Some(true))).unwrap();
    assert_eq!((change.to, change.cause), (StateKind::Reopened, Cause::FixIncomplete));
}

#[test]
fn an_acceptance_ends_with_its_exception() {
    let until = Time(1).plus_days(3);
    let mut finding = after(&[ActionKind::Accept]);
    assert_eq!(finding.expire(Time(until.0 - 1)), None);
    assert_eq!(finding.expire(until).map(|change| change.to), Some(StateKind::Open));
    let mut gone = after(&[ActionKind::Accept]);
    assert_eq!(gone.after_scan(&scan(10), &GONE), None);
    assert_eq!(gone.expire(until).map(|change| change.to), Some(StateKind::Verified));
}

#[test]
fn refusals_say_what_is_possible() {
    let mut finding = Lifecycle::begin(Time(0));
    let triager = actor("tess", Role::Triager);
    let error = finding.act(Action::Reopen { reason: "x".to_owned() }, &triager, Time(1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a finding that is `new` can't `reopen`; possible: confirm, start, reject-as-false, accept, declare-not-affected, mark-duplicate"
    );
    let error = finding.act(Action::Confirm, &actor("dev", Role::Developer), Time(1)).unwrap_err();
    assert_eq!(error.to_string(), "to `confirm` takes the role `triager`, and this is a `developer`");
    let empty = FalsePositive { reason: " ".to_owned(), scope: VerdictScope::Finding, code: CodeShape::default() };
    let error = finding.act(Action::RejectAsFalse(empty), &triager, Time(1)).unwrap_err();
    assert_eq!(error, Refused::Reason { action: ActionKind::RejectAsFalse });
    let own = Action::MarkDuplicate { this: "a".to_owned(), of: "a".to_owned() };
    assert_eq!(finding.act(own, &triager, Time(1)), Err(Refused::OwnDuplicate));
    let late = Action::Accept { id: "e".to_owned(), exception: exception(Time(0), 1) };
    assert_eq!(finding.act(late, &triager, Time(DAY)), Err(Refused::Inactive { expires: Time(DAY) }));
    assert_eq!(finding, Lifecycle::begin(Time(0)));
}

#[test]
fn a_verdict_about_a_folder_covers_what_is_below() {
    let cases = [("tests", "tests/a.py", true), ("tests/", "tests", true), ("tests", "tests2/a.py", false), ("", "a.py", true)];
    for (folder, path, expected) in cases {
        assert_eq!(VerdictScope::RuleBelow(folder.to_owned()).covers(path), expected, "{folder} {path}");
    }
    assert!(!VerdictScope::Finding.covers("a.py"));
}

/// Numbers that look like chance and are the same each time: splitmix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()].clone()
    }
}

#[test]
fn no_sequence_of_events_goes_a_way_that_is_not_in_the_tables() {
    let mut chance = Chance(7);
    let mut reached = BTreeSet::new();
    for _ in 0..3_000 {
        let mut finding = Lifecycle::begin(Time(0));
        let mut now = Time(0);
        for _ in 0..40 {
            now = Time(now.0 + i64::try_from(chance.below(2 * DAY.unsigned_abs())).unwrap());
            let before = finding.clone();
            let change = match chance.below(3) {
                0 => {
                    let (action, role) = (some_action(chance.of(&ActionKind::ALL), now), chance.of(&Role::ALL));
                    let kind = action.kind();
                    let result = finding.act(action, &actor("u", role), now);
                    let is_allowed = allowed(before.state.kind(), role).contains(&kind);
                    assert_eq!(result.is_ok(), is_allowed, "{before:?} {kind} {role}: {result:?}");
                    result.ok()
                }
                1 => {
                    let scan = Scan {
                        is_successful: chance.below(4) != 0,
                        is_complete: chance.below(2) == 0,
                        is_of_default_branch: chance.below(4) != 0,
                        family: chance.of(&["sast", "iac"]).to_owned(),
                        at: now,
                    };
                    let paths = ["a.py", "b.py", "gen.py", "big.py", "old.py"];
                    let subject = Subject { family: "sast", rule: chance.of(&["sql", "xss"]), path: Some(chance.of(&paths)) };
                    let sighting = match chance.below(2) {
                        0 => Sighting::Missed { closing: scan.closes(&subject, &coverage()) },
                        _ => Sighting::Seen {
                            code: chance.of(&[None, Some(CodeShape::of(CODE)), Some(CodeShape::of("x = 1"))]),
                            has_fix: chance.of(&[None, Some(true), Some(false)]),
                        },
                    };
                    let change = finding.after_scan(&scan, &sighting);
                    let is_trusted = scan.is_successful && scan.is_complete && scan.family == "sast" && scan.is_of_default_branch;
                    let is_closed = change.as_ref().is_some_and(|change| change.to == StateKind::Verified);
                    assert!(!is_closed || is_trusted, "closed by {scan:?}");
                    change
                }
                _ => finding.expire(now),
            };
            match change {
                None => assert_eq!((finding.state.clone(), finding.since), (before.state, before.since)),
                Some(change) => {
                    assert_eq!((change.from, change.to, change.at), (before.state.kind(), finding.state.kind(), now));
                    let is_known = match &change.cause {
                        Cause::Person { action, .. } => {
                            TRANSITIONS.iter().any(|way| (way.from, way.action, way.to) == (change.from, *action, change.to))
                        }
                        cause => is_automatic(change.from, cause, change.to),
                    };
                    assert!(is_known, "{change:?}");
                    reached.insert(change.to);
                }
            }
            assert_eq!(finding.first_seen, Time(0));
            assert!(before.n_reopened <= finding.n_reopened);
            let stored: Lifecycle = serde_json::from_str(&serde_json::to_string(&finding).unwrap()).unwrap();
            assert_eq!(stored, finding);
        }
    }
    assert_eq!(reached.len(), StateKind::ALL.len(), "{reached:?}");
}

#[test]
fn the_table_names_each_way_once_and_leaves_no_state_without_a_way() {
    let ways: BTreeSet<(StateKind, ActionKind)> = TRANSITIONS.iter().map(|way| (way.from, way.action)).collect();
    assert_eq!(ways.len(), TRANSITIONS.len());
    for state in StateKind::ALL {
        assert!(!allowed(state, Role::Triager).is_empty(), "{state}");
        assert!(allowed(state, Role::Viewer).is_empty(), "{state}");
    }
}
