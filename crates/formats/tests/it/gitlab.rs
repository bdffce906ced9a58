use bartizan_core::Report;
use bartizan_formats::{Context, Occurrences};
use serde_json::Value;

use crate::{
    hostile, sample,
    schema::{foreign, problems},
    support::{context, export_with},
};

fn document(report: &Report, context: &Context) -> Value {
    serde_json::from_str(&export_with("gitlab", report, context)).unwrap()
}

/// The sample without what is no secret.
fn secrets() -> Report {
    let mut report = sample::shop();
    report.rules.retain(|rule| rule.engine.0 == "secrets");
    let rules = report.rules.clone();
    report.findings.retain(|finding| rules.iter().any(|rule| rule.id == finding.rule));
    report
}

#[test]
fn documents_match_the_official_schemas() {
    for (name, report) in [
        ("secret-detection", secrets()),
        ("secret-detection", hostile::report()),
        ("secret-detection", Report::default()),
        ("sast", sample::shop()),
    ] {
        let Some(schema) = foreign(&format!("gitlab-15.2.4/{name}-report-format.json")) else { return };
        for context in [context(Occurrences::Related), context(Occurrences::Separate), Context::default()] {
            let document = document(&report, &context);
            assert_eq!(document["scan"]["type"], name.replace('-', "_"));
            assert_eq!(problems(&schema, &document), Vec::<String>::new());
        }
    }
}

#[test]
fn the_type_of_scan_is_that_of_its_findings() {
    assert_eq!(document(&secrets(), &Context::default())["scan"]["type"], "secret_detection");
    assert_eq!(document(&sample::shop(), &Context::default())["scan"]["type"], "sast");
}

#[test]
fn times_and_commit_are_the_callers() {
    let told = document(&secrets(), &context(Occurrences::Related));
    assert_eq!(told["scan"]["start_time"], "2026-11-25T09:46:40");
    assert_eq!(told["scan"]["end_time"], "2026-11-25T09:46:44");
    assert_eq!(told["vulnerabilities"][0]["location"]["commit"]["sha"], "4f2d9b81c0a75e3c6d1f8e92ab34cd56ef781290");
    let untold = document(&secrets(), &Context::default());
    assert_eq!(untold["scan"]["start_time"], "1970-01-01T00:00:00");
    assert_eq!(untold["vulnerabilities"][0]["location"]["commit"]["sha"], "0000000");
}

#[test]
fn suppressed_findings_are_counted_and_not_listed() {
    let document = document(&sample::shop(), &Context::default());
    assert_eq!(document["vulnerabilities"].as_array().unwrap().len(), 12);
    let messages = document["scan"]["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["value"], "suppressed findings that are left out: 2");
}

#[test]
fn every_place_is_a_vulnerability_if_asked_for() {
    let document = document(&secrets(), &context(Occurrences::Separate));
    let ids: std::collections::BTreeSet<&str> =
        document["vulnerabilities"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 10 + 3);
}

#[test]
fn a_report_for_gitlab_reads_well() {
    let mut report = sample::shop();
    report.findings.truncate(1);
    insta::assert_snapshot!(export_with("gitlab", &report, &context(Occurrences::Related)));
}
