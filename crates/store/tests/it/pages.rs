//! Pages of findings: each finding once, those that matter most first.

use bartizan_core::Severity;
use bartizan_store::{Filter, Finding, Tenant};

use crate::fixture::{observation, on_each, run};

fn all(tenant: Tenant<'_>, filter: &Filter, n: u32) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut after = None;
    loop {
        let page = tenant.findings(filter, after, n).unwrap();
        findings.extend(page.findings);
        after = page.next;
        if after.is_none() {
            return findings;
        }
    }
}

#[test]
fn pages_hold_every_finding_once_in_order() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = tenant.repository("acme/shop", "main", "test").unwrap().id;
        // Several findings share each risk, which is the line.
        let many: Vec<_> =
            (0..57).map(|number| observation("eval", &format!("f{number}.py"), number % 7, &format!("eval(x{number})"))).collect();
        run(tenant, repository, "c1", &many);
        for n in [1, 2, 7, 56, 57, 100] {
            let findings = all(tenant, &Filter::default(), n);
            assert_eq!(findings.len(), 57, "pages of {n}");
            assert!(findings.windows(2).all(|pair| (pair[1].risk, pair[1].id) < (pair[0].risk, pair[0].id)), "pages of {n}");
        }
    });
}

#[test]
fn filters_are_all_applied() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = tenant.repository("acme/shop", "main", "test").unwrap().id;
        let mut low = observation("exec", "src/100%_sure.py", 1, "exec(a)");
        low.severity = Some(Severity::Low);
        let mut unknown = observation("exec", "src/other.py", 2, "exec(b)");
        unknown.severity = None;
        let seen = [low, unknown, observation("eval", "src/main.py", 3, "eval(c)")];
        run(tenant, repository, "c1", &seen);
        run(tenant, repository, "c2", &seen[..2]);
        let lines = |filter: Filter| all(tenant, &filter, 9).iter().filter_map(|finding| finding.line).collect::<Vec<_>>();
        assert_eq!(lines(Filter { is_open: Some(true), ..Filter::default() }), [2, 1]);
        assert_eq!(lines(Filter { is_open: Some(false), ..Filter::default() }), [3]);
        assert_eq!(lines(Filter { rule: Some("exec".to_owned()), ..Filter::default() }), [2, 1]);
        assert_eq!(lines(Filter { severities: vec![Severity::Low, Severity::High], ..Filter::default() }), [3, 1]);
        assert_eq!(lines(Filter { states: vec!["verified".to_owned()], ..Filter::default() }), [3]);
        assert_eq!(lines(Filter { text: Some("0%_S".to_owned()), ..Filter::default() }), [1]);
        assert_eq!(lines(Filter { text: Some("_ain".to_owned()), ..Filter::default() }), [0_i64; 0]);
        assert_eq!(lines(Filter { owner: Some(String::new()), ..Filter::default() }), [3, 2, 1]);
        assert_eq!(
            lines(Filter { repository: Some(repository), is_open: Some(true), rule: Some("eval".to_owned()), ..Filter::default() }),
            [0_i64; 0]
        );
    });
}
