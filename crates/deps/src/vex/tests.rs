//! What statements mean for findings, and what findings let us say.

use bartizan_core::{ComponentSubject, Confidence, Excerpt, Reachability, Report, Scope, Severity, Subject};
use bartizan_formats::vex::{Document, Justification};

use super::*;

const ROOT: &str = "pkg:npm/shop@1.0.0";
const OTHER: &str = "pkg:npm/admin@1.0.0";
const LEFT: &str = "pkg:npm/left@2.0.0";

fn component(purl: &str, kind: ComponentKind) -> Component {
    Component {
        purl: purl.to_owned(),
        name: String::new(),
        version: None,
        kind,
        scope: Scope::Runtime,
        licences: Vec::new(),
        hashes: Vec::new(),
        locations: Vec::new(),
        layer: None,
    }
}

fn finding(evidence: &str, suppression: Option<(SuppressionKind, &str)>) -> Finding {
    let suppression =
        suppression.map(|(kind, reason)| Suppression { kind, reason: reason.to_owned(), location: None, is_added_by_change: false });
    let verdicts = [Reachability::Called, Reachability::Imported, Reachability::Unknown, Reachability::NotImported];
    let reachability = verdicts.into_iter().find(|verdict| evidence.starts_with(&format!("{}: ", verdict.as_str())));
    let evidence = Evidence { strength: Strength::Structural, text: evidence.to_owned(), weight: None };
    Finding {
        rule: "vulnerable-component".parse().unwrap(),
        message: "`left` 2.0.0 is affected by CVE-1 (GHSA-1): Bad; fixed in 2.1.0".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        location: Location::whole("package-lock.json".into()),
        occurrences: Vec::new(),
        excerpt: Excerpt { lines: Vec::new() },
        evidence: vec![evidence],
        fingerprint: bartizan_core::Fingerprint([0; 16]),
        related: Vec::new(),
        flow: Vec::new(),
        fixes: Vec::new(),
        cwe: Vec::new(),
        standards: Vec::new(),
        subject: Some(Subject::Component(ComponentSubject {
            purl: LEFT.to_owned(),
            advisories: vec!["CVE-1".to_owned(), "GHSA-1".to_owned()],
            fixed_version: Some("2.1.0".to_owned()),
            reachability,
        })),
        owners: Vec::new(),
        suppression,
        baseline: None,
    }
}

/// Two applications; with `is_shared` both depend on what is vulnerable.
fn report(is_shared: bool, finding: Finding) -> Report {
    let edge = |dependent: &str| Dependency { dependent: dependent.to_owned(), dependency: LEFT.to_owned(), scope: Scope::Runtime };
    let mut dependencies = vec![edge(ROOT)];
    dependencies.extend(is_shared.then(|| edge(OTHER)));
    let components = [(ROOT, ComponentKind::Application), (OTHER, ComponentKind::Application), (LEFT, ComponentKind::Library)];
    Report {
        components: components.map(|(purl, kind)| component(purl, kind)).to_vec(),
        dependencies,
        findings: vec![finding],
        ..Report::default()
    }
}

/// A document of statements: flaw, products with a component each, status, time.
fn file(statements: &[(&str, &str, &[&str], &str, &str)]) -> VexFile {
    let statements: Vec<serde_json::Value> = statements
        .iter()
        .map(|(flaw, products, components, status, moment)| {
            let components: Vec<_> = components.iter().map(|purl| serde_json::json!({"@id": purl})).collect();
            let products: Vec<_> = products.split(' ').map(|purl| serde_json::json!({"@id": purl, "subcomponents": components})).collect();
            serde_json::json!({"vulnerability": {"name": flaw}, "products": products, "status": status, "timestamp": moment,
                "justification": if *status == "not_affected" { "vulnerable_code_not_present" } else { "" }})
        })
        .collect();
    let text = serde_json::json!({"@context": "https://openvex.dev/ns/v0.2.0", "author": "Acme", "statements": statements}).to_string();
    let parsed = vex::read(text.as_bytes()).unwrap();
    assert_eq!(parsed.problems, [""; 0]);
    VexFile { name: "a.json".to_owned(), document: parsed.value, is_of_project: false }
}

#[track_caller]
fn check(is_shared: bool, statements: &[(&str, &str, &[&str], &str, &str)], expected: &str) {
    let (files, report) = ([file(statements)], report(is_shared, finding("x", None)));
    let said = Said::new(&files, &report.components, &report.dependencies);
    let judged = said.judge(finding("x", None), &["CVE-1".to_owned(), "GHSA-1".to_owned()], LEFT);
    let got = match (&judged.suppression, judged.evidence.get(1)) {
        (Some(suppression), None) => format!("suppressed: {}", suppression.reason),
        (None, Some(evidence)) => evidence.text.clone(),
        (None, None) => String::new(),
        (Some(_), Some(_)) => panic!("both"),
    };
    assert!(got.starts_with(expected) && got.is_empty() == expected.is_empty(), "`{got}` is not `{expected}`");
}

const T1: &str = "2026-01-01T00:00:00Z";
const T2: &str = "2026-01-02T00:00:00Z";

#[test]
fn a_component_is_meant_by_its_package_url_with_or_without_a_version() {
    let silenced = "suppressed: not_affected, vulnerable_code_not_present, says Acme";
    check(false, &[("CVE-1", "pkg:npm/left", &[], "not_affected", T1)], silenced);
    check(false, &[("ghsa-1", LEFT, &[], "not_affected", T1)], silenced);
    check(false, &[("CVE-1", "pkg:npm/left@2.0.1", &[], "not_affected", T1)], "");
    check(false, &[("CVE-1", "pkg:npm/left?arch=x", &[], "not_affected", T1)], "");
    check(false, &[("CVE-2", LEFT, &[], "not_affected", T1)], "");
    check(false, &[("CVE-1", LEFT, &[], "fixed", T1)], "suppressed: fixed, says");
    check(false, &[("CVE-1", LEFT, &[], "under_investigation", T1)], "under_investigation, says Acme in `a.json` of 2026-01-01T00:00:00Z");
    check(false, &[("CVE-1", LEFT, &[], "affected", T1)], "affected, says");
}

#[test]
fn a_part_of_a_product_is_meant_where_every_way_to_it_leads_through_the_product() {
    let silenced = "suppressed: not_affected";
    check(false, &[("CVE-1", ROOT, &["pkg:npm/left"], "not_affected", T1)], silenced);
    check(false, &[("CVE-1", ROOT, &[], "not_affected", T1)], silenced);
    check(false, &[("CVE-1", ROOT, &["pkg:npm/right"], "not_affected", T1)], "");
    check(false, &[("CVE-1", "pkg:npm/shop@2.0.0", &["pkg:npm/left"], "not_affected", T1)], "");
    check(false, &[("CVE-1", OTHER, &["pkg:npm/left"], "not_affected", T1)], "");
    // Another application has it, too, of which nothing is said.
    check(true, &[("CVE-1", ROOT, &["pkg:npm/left"], "not_affected", T1)], "");
    check(true, &[("CVE-1", &format!("{ROOT} {OTHER}"), &["pkg:npm/left"], "not_affected", T1)], silenced);
}

#[test]
fn the_newest_counts_then_the_more_specific_then_the_more_careful() {
    let (general, exact) = ("pkg:npm/left", LEFT);
    check(false, &[("CVE-1", general, &[], "affected", T2), ("CVE-1", exact, &[], "not_affected", T1)], "affected");
    check(false, &[("CVE-1", exact, &[], "not_affected", T1), ("CVE-1", general, &[], "affected", T1)], "suppressed");
    check(false, &[("CVE-1", ROOT, &[], "not_affected", T1), ("CVE-1", general, &[], "affected", T1)], "affected");
    check(false, &[("CVE-1", exact, &[], "not_affected", T1), ("GHSA-1", exact, &[], "under_investigation", T1)], "under_investigation");
}

fn created(finding: Finding) -> Document {
    vex_document(&report(true, finding), &VexContext { author: "Acme".to_owned(), ..VexContext::default() })
}

#[test]
fn statements_follow_from_what_was_found_and_decided() {
    let people = SuppressionKind::Configuration;
    for (finding, status, justification, action) in [
        (finding("not-imported: no code imports it", None), Status::NotAffected, Some(Justification::VulnerableCodeNotInExecutePath), ""),
        (finding("imported: src/a.js:1", None), Status::Affected, None, "update to 2.1.0"),
        (finding("called: src/a.js:1", None), Status::Affected, None, "update to 2.1.0"),
        (finding("unknown: code is loaded by name", None), Status::UnderInvestigation, None, "update to 2.1.0"),
        (finding("2.0.0 is among the versions", None), Status::UnderInvestigation, None, "update to 2.1.0"),
        // Not to act is not the same as not to be affected.
        (finding("called: x", Some((people.clone(), "we accept it"))), Status::Affected, None, "update to 2.1.0"),
        (
            finding("called: x", Some((people, "inline_mitigations_already_exist: a proxy filters it"))),
            Status::NotAffected,
            Some(Justification::InlineMitigationsAlreadyExist),
            "",
        ),
        (finding("called: x", Some((SuppressionKind::Vex, "fixed, says Acme"))), Status::Fixed, None, ""),
    ] {
        let shown = finding.evidence[0].text.clone();
        let document = created(finding);
        let [statement] = document.statements.as_slice() else { panic!("{document:?}") };
        assert_eq!((statement.status, statement.justification, statement.action.as_str()), (status, justification, action), "{shown}");
        assert_eq!(statement.flaws, ["CVE-1", "GHSA-1"]);
        assert_eq!(statement.products.iter().map(|product| product.id.as_str()).collect::<Vec<_>>(), [OTHER, ROOT]);
    }
}

#[test]
fn statements_expire_when_what_is_found_says_otherwise() {
    let not_imported = created(finding("not-imported: no code imports it", None));
    let why = |document: &Document, report: &Report| expired(document, report).into_iter().map(|expired| expired.why).collect::<Vec<_>>();
    assert_eq!(why(&not_imported, &report(true, finding("not-imported: no code imports it", None))), []);
    let now = |status, because: &str| Expiry::VerdictChanged { now: status, because: because.to_owned() };
    let imported = report(true, finding("imported: a.js", None));
    assert_eq!(why(&not_imported, &imported), [now(Status::Affected, "imported: a.js")]);
    let unknown = report(true, finding("unknown: eval", None));
    assert_eq!(why(&not_imported, &unknown), [now(Status::UnderInvestigation, "unknown: eval")]);
    let mut gone = report(true, finding("imported: a.js", None));
    gone.findings.clear();
    assert_eq!(why(&not_imported, &gone), [Expiry::FlawGone]);
    gone.components.pop();
    assert_eq!(why(&not_imported, &gone), [Expiry::ComponentGone]);
    // What a person says holds until the code says otherwise.
    let mitigated = created(finding("called: x", Some((SuppressionKind::Configuration, "inline_mitigations_already_exist: a proxy"))));
    assert_eq!(why(&mitigated, &imported), []);
}
