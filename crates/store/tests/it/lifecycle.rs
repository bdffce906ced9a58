//! What people decide holds, as long as the code does.

use bartizan_formats::import::{Fingerprint, Observation, Verdict};
use bartizan_store::{ActError, Filter, Finding, Tenant};
use bartizan_triage::{
    exception::Request,
    role::{Actor, Role},
    state::{Action, FalsePositive, VerdictScope, code::CodeShape},
    time::{DAY, Time},
};

use crate::fixture::{Trial, observation, on_each, run};

const CODE: &str = "total = eval(request.args['sum'])";

fn seen(path: &str, line: u32) -> Observation {
    named(observation("eval", path, line, CODE))
}

/// By a name that its tool gives it.
fn named(observation: Observation) -> Observation {
    Observation { fingerprints: vec![Fingerprint { algorithm: "match/v1".to_owned(), value: "f00d".to_owned() }], ..observation }
}

fn triager() -> Actor {
    Actor { user: "ann".to_owned(), role: Role::Triager }
}

fn only(tenant: Tenant<'_>) -> Finding {
    let mut page = tenant.findings(&Filter::default(), None, 9).unwrap();
    assert_eq!(page.findings.len(), 1);
    page.findings.remove(0)
}

/// A store with one finding, and a way to scan again.
fn with_one(trial: &Trial) -> (Tenant<'_>, impl Fn(&str, &[Observation])) {
    let tenant = trial.store.organization("acme").unwrap();
    let repository = tenant.repository("acme/shop", "main", "test").unwrap().id;
    let scan = move |commit: &str, observations: &[Observation]| {
        run(tenant, repository, commit, observations);
    };
    scan("c1", &[seen("a.py", 3)]);
    (tenant, scan)
}

fn reject() -> Action {
    let code = CodeShape::of(CODE);
    Action::RejectAsFalse(FalsePositive { reason: "the sum is checked".to_owned(), scope: VerdictScope::Finding, code })
}

#[test]
fn a_false_positive_survives_moves_and_renames_and_asks_again_when_the_code_changes() {
    on_each(|trial| {
        let (tenant, scan) = with_one(trial);
        let finding = only(tenant);
        let (change, version) = tenant.act(finding.id, finding.version, &reject(), &triager()).unwrap();
        assert_eq!((change.to.as_str(), version), ("false-positive", finding.version + 1));
        scan("c2", &[seen("a.py", 30)]);
        scan("c3", &[seen("web/a.py", 31)]);
        let moved = only(tenant);
        assert_eq!((moved.id, moved.state.as_str(), moved.line), (finding.id, "false-positive", Some(31)));
        scan("c4", &[named(observation("eval", "web/a.py", 31, "run(other.source, [unchecked, 1])"))]);
        let changed = only(tenant);
        assert_eq!((changed.id, changed.state.as_str()), (finding.id, "new"));
        let tally: Vec<_> = tenant.tally(None).unwrap().into_iter().map(|tallied| (tallied.state, tallied.n)).collect();
        assert_eq!(tally, [("new".to_owned(), 1)]);
    });
}

#[test]
fn what_is_not_allowed_is_refused_and_changes_nothing() {
    on_each(|trial| {
        let (tenant, _) = with_one(trial);
        let finding = only(tenant);
        let before = tenant.verify_events().unwrap();
        let developer = Actor { user: "bob".to_owned(), role: Role::Developer };
        let refused = tenant.act(finding.id, finding.version, &reject(), &developer).unwrap_err();
        assert!(matches!(refused, ActError::Refused(_)), "{refused}");
        let refused = tenant.act(finding.id, finding.version, &Action::Pause, &triager()).unwrap_err();
        assert!(refused.to_string().contains("possible: "), "{refused}");
        let other = trial.store.organization("other").unwrap();
        let refused = other.act(finding.id, finding.version, &Action::Confirm, &triager()).unwrap_err();
        assert!(matches!(refused, ActError::Unknown(_)), "{refused}");
        assert_eq!(tenant.verify_events().unwrap(), before);
        assert_eq!(only(tenant), finding);
    });
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    on_each(|trial| {
        let (tenant, _) = with_one(trial);
        let finding = only(tenant);
        let version = tenant.assign(finding.id, finding.version, Some("@acme/web"), "she asked for it", &triager()).unwrap();
        let refused = tenant.act(finding.id, finding.version, &Action::Confirm, &triager()).unwrap_err();
        assert!(matches!(refused, ActError::Stale { present } if present == version), "{refused}");
        tenant.act(finding.id, version, &Action::Confirm, &triager()).unwrap();
        let now = only(tenant);
        assert_eq!(
            (now.state.as_str(), now.owner.as_deref(), now.owner_reason.as_deref()),
            ("open", Some("@acme/web"), Some("she asked for it"))
        );
        let kinds: Vec<_> = tenant.history(finding.id).unwrap().into_iter().map(|event| (event.kind, event.actor)).collect();
        let expected = [("finding.opened", "test"), ("finding.assigned", "ann"), ("finding.changed", "ann")];
        assert_eq!(kinds, expected.map(|(kind, actor)| (kind.to_owned(), actor.to_owned())));
    });
}

#[test]
fn what_a_person_holds_to_be_gone_and_a_scan_sees_is_reopened() {
    on_each(|trial| {
        let (tenant, scan) = with_one(trial);
        let finding = only(tenant);
        let (_, version) = tenant.act(finding.id, finding.version, &Action::MergeFix { commit: None }, &triager()).unwrap_or_else(|_| {
            let (_, version) = tenant.act(finding.id, finding.version, &Action::Start, &triager()).unwrap();
            tenant.act(finding.id, version, &Action::MergeFix { commit: Some("c2".to_owned()) }, &triager()).unwrap()
        });
        tenant.act(finding.id, version, &Action::Verify { evidence: "tried it".to_owned() }, &triager()).unwrap();
        // The file looks as it did; that is the news.
        scan("c3", &[seen("a.py", 3)]);
        assert_eq!(only(tenant).state, "reopened");
    });
}

#[test]
fn an_accepted_risk_is_asked_about_again_when_it_ends() {
    on_each(|trial| {
        let (tenant, _) = with_one(trial);
        let finding = only(tenant);
        // The clock of these tests moves by milliseconds.
        let start = finding.opened_us;
        let request = |until| Request {
            scope: String::new(),
            reason: "the service goes".to_owned(),
            requester: "bob".to_owned(),
            requested: Time(start),
            expires: Time(until),
        };
        let accept = |until| {
            let exception = request(until).approve(&triager(), Time(start)).unwrap();
            Action::Accept { id: "x1".to_owned(), exception }
        };
        let (_, version) = tenant.act(finding.id, finding.version, &accept(start + DAY), &triager()).unwrap();
        assert_eq!(tenant.expire().unwrap(), 0);
        assert_eq!(only(tenant).state, "accepted");
        tenant.act(finding.id, version, &accept(start + 30_000), &triager()).unwrap();
        for _ in 0..40 {
            tenant.verify_events().unwrap();
            if tenant.expire().unwrap() == 1 {
                break;
            }
        }
        assert_eq!(only(tenant).state, "open");
        assert_eq!(tenant.expire().unwrap(), 0);
    });
}

#[test]
fn what_a_tool_was_told_is_heard() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = tenant.repository("acme/shop", "main", "test").unwrap().id;
        let of = |line: u32, verdict| Observation { verdict, ..observation("eval", "a.py", line, &format!("eval(x{line}, other)")) };
        let all = [of(1, Verdict::Open), of(2, Verdict::FalsePositive), of(3, Verdict::Suppressed), of(4, Verdict::NotAffected)];
        run(tenant, repository, "c1", &all);
        let mut states: Vec<_> = tenant
            .findings(&Filter::default(), None, 9)
            .unwrap()
            .findings
            .into_iter()
            .map(|finding| (finding.line, finding.state))
            .collect();
        states.sort();
        let expected = [(1, "new"), (2, "false-positive"), (3, "accepted"), (4, "false-positive")];
        assert_eq!(states, expected.map(|(line, state)| (Some(line), state.to_owned())));
    });
}
