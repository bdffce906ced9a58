//! A scan is compared with what is known, and taken in as a whole.

use bartizan_formats::import::Observation;
use bartizan_store::{Filter, Id, Tenant};

use crate::fixture::{Run, observation, on_each, run};

fn shop(tenant: Tenant<'_>) -> Id {
    tenant.repository("acme/shop", "main", "test").unwrap().id
}

fn states(tenant: Tenant<'_>) -> Vec<(String, Option<i64>)> {
    let page = tenant.findings(&Filter::default(), None, 100).unwrap();
    let mut states: Vec<_> = page.findings.into_iter().map(|finding| (finding.state, finding.line)).collect();
    states.sort();
    states
}

#[test]
fn what_nobody_knew_is_new_and_the_same_report_is_taken_once() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let seen = [observation("eval", "a.py", 3, "eval(x)"), observation("eval", "b.py", 9, "eval(y)")];
        let first = run(tenant, repository, "c1", &seen);
        assert_eq!((first.n_seen, first.n_new, first.is_repeated), (2, 2, false));
        let again = run(tenant, repository, "c1", &seen);
        assert!(again.is_repeated);
        assert_eq!((again.scan, again.n_new), (first.scan, 2));
        assert_eq!(states(tenant), [("new".to_owned(), Some(3)), ("new".to_owned(), Some(9))]);
    });
}

#[test]
fn an_equal_report_of_another_commit_writes_no_event() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let seen = [observation("eval", "a.py", 3, "eval(x)"), observation("eval", "a.py", 4, "eval(x)")];
        run(tenant, repository, "c1", &seen);
        let before = tenant.verify_events().unwrap();
        let again = run(tenant, repository, "c2", &seen);
        assert_eq!((again.n_unchanged, again.n_new, again.n_moved, again.n_closed), (2, 0, 0, 0));
        assert_eq!(tenant.verify_events().unwrap(), before);
    });
}

#[test]
fn what_moves_stays_the_same_finding() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let (eval, exec) = ("total = eval(request.args['sum'])", "exec(request.form['code'], scope)");
        run(tenant, repository, "c1", &[observation("eval", "a.py", 3, eval), observation("exec", "a.py", 5, exec)]);
        let ids = |tenant: Tenant<'_>| {
            let page = tenant.findings(&Filter { rule: Some("eval".to_owned()), ..Filter::default() }, None, 9).unwrap();
            page.findings.iter().map(|finding| (finding.id, finding.line)).collect::<Vec<_>>()
        };
        let before = ids(tenant);
        let moved = run(tenant, repository, "c2", &[observation("eval", "a.py", 4, eval), observation("exec", "a.py", 6, exec)]);
        assert_eq!((moved.n_moved, moved.n_new, moved.n_closed), (2, 0, 0));
        assert_eq!(ids(tenant), [(before[0].0, Some(4))]);
        let renamed = run(tenant, repository, "c3", &[observation("eval", "z.py", 4, eval), observation("exec", "z.py", 6, exec)]);
        assert_eq!((renamed.n_moved, renamed.n_new, renamed.n_closed), (2, 0, 0));
        assert_eq!(ids(tenant), [(before[0].0, Some(4))]);
    });
}

#[test]
fn only_a_complete_scan_closes_and_what_comes_back_is_reopened() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let both = [observation("eval", "a.py", 3, "eval(x)"), observation("exec", "b.py", 5, "exec(x)")];
        run(tenant, repository, "c1", &both);
        let partial = Run { tool: "semgrep", commit: "c2", is_complete: false, observations: &both[..1] }.ingest(tenant, repository);
        assert_eq!((partial.n_not_observed, partial.n_closed), (1, 0));
        let closed = run(tenant, repository, "c3", &both[..1]);
        assert_eq!((closed.n_closed, closed.n_not_observed), (1, 0));
        assert_eq!(states(tenant), [("new".to_owned(), Some(3)), ("verified".to_owned(), Some(5))]);
        let back = run(tenant, repository, "c4", &both);
        assert_eq!((back.n_reopened, back.n_new), (1, 0));
        assert_eq!(states(tenant), [("new".to_owned(), Some(3)), ("reopened".to_owned(), Some(5))]);
        let finding = tenant.findings(&Filter { rule: Some("exec".to_owned()), ..Filter::default() }, None, 9).unwrap().findings[0].id;
        let kinds: Vec<String> = tenant.history(finding).unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["finding.opened", "finding.closed", "finding.reopened"]);
    });
}

#[test]
fn what_one_tool_does_not_see_is_not_closed_by_another() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        run(tenant, repository, "c1", &[observation("eval", "a.py", 3, "eval(x)")]);
        let other = Run { tool: "trivy", commit: "c1", is_complete: true, observations: &[] }.ingest(tenant, repository);
        assert_eq!((other.n_seen, other.n_closed), (0, 0));
        assert_eq!(states(tenant), [("new".to_owned(), Some(3))]);
    });
}

#[test]
fn those_who_come_at_once_wait_for_each_other() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let shop = shop(tenant);
        let many: Vec<_> = (1..30).map(|line| observation("eval", "a.py", line, &format!("eval(x{line})"))).collect();
        std::thread::scope(|threads| {
            for number in 0..6 {
                let many = &many;
                threads.spawn(move || {
                    let other = tenant.repository(&format!("acme/{}", number / 2), "main", "test").unwrap().id;
                    run(tenant, other, "c1", &many[number..]);
                    run(tenant, shop, &format!("c{number}"), &many[number..]);
                });
            }
        });
        assert_eq!(tenant.verify_events().unwrap().first_broken, None);
        let of_shop = |is_open| {
            let filter = Filter { repository: Some(shop), is_open, ..Filter::default() };
            tenant.findings(&filter, None, 500).unwrap().findings.len()
        };
        assert_eq!(of_shop(None), 29, "nothing is there twice, whoever came first");
        let counted: i64 =
            tenant.tally(Some(shop)).unwrap().iter().filter(|tallied| tallied.state != "verified").map(|tallied| tallied.n).sum();
        assert_eq!(usize::try_from(counted).unwrap(), of_shop(Some(true)));
    });
}

#[test]
fn counts_are_those_of_the_findings() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let many: Vec<_> = (1..60).map(|line| observation("eval", "a.py", line, &format!("eval(x{line})"))).collect();
        run(tenant, repository, "c1", &many);
        run(tenant, repository, "c2", &many[..40]);
        run(tenant, repository, "c3", &many[..50]);
        let tally: Vec<(String, i64)> = tenant.tally(None).unwrap().into_iter().map(|tallied| (tallied.state, tallied.n)).collect();
        assert_eq!(tally, [("new".to_owned(), 40), ("reopened".to_owned(), 10), ("verified".to_owned(), 9)]);
    });
}

#[test]
fn what_several_tools_see_is_one_finding_until_none_sees_it() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = shop(tenant);
        let code = "subprocess.call(request.args['c'], shell=True)";
        let of = |rule: &str| Observation { cwe: vec![78], ..observation(rule, "a.py", 7, code) };
        let scan =
            |tool, commit, observations: &[Observation]| Run { tool, commit, is_complete: true, observations }.ingest(tenant, repository);
        scan("semgrep", "c1", &[of("subprocess-shell"), observation("eval", "a.py", 20, "eval(x)")]);
        let other = scan("bandit", "c1", &[of("B602")]);
        assert_eq!((other.n_shared, other.n_new), (1, 0));
        assert_eq!(states(tenant), [("new".to_owned(), Some(7)), ("new".to_owned(), Some(20))]);
        let filter = Filter { rule: Some("subprocess-shell".to_owned()), ..Filter::default() };
        let id = tenant.findings(&filter, None, 9).unwrap().findings[0].id;
        let detail = tenant.finding(id).unwrap().unwrap();
        let witnesses: Vec<_> = detail.witnesses.iter().map(|(tool, rule, _)| (tool.as_str(), rule.as_str())).collect();
        assert_eq!(witnesses, [("semgrep", "subprocess-shell"), ("bandit", "B602")]);
        assert!(detail.witnesses[1].2.contains("CWE-78"), "{:?}", detail.witnesses);
        // One of them looks again, and sees the same.
        assert_eq!(scan("bandit", "c2", &[of("B602")]).n_unchanged, 1);
        // One no longer sees it.
        let gone = scan("semgrep", "c2", &[observation("eval", "a.py", 20, "eval(x)")]);
        assert_eq!(gone.n_closed, 0);
        assert_eq!(tenant.finding(id).unwrap().unwrap().finding.state, "new");
        // None does.
        assert_eq!(scan("bandit", "c3", &[]).n_closed, 1);
        assert_eq!(tenant.finding(id).unwrap().unwrap().finding.state, "verified");
    });
}
