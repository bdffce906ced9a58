//! `--vex`, `.vex/` and `bartizan vex`: what others say, and what is said.

use std::fs;

use serde_json::{Value, json};

use crate::project::Project;

/// A project with two packages, each with a known flaw.
fn project() -> Project {
    let project = Project::with(&[("requirements.txt", "one==1.0\ntwo==1.0\n")]);
    for (number, name) in [(1, "one"), (2, "two")] {
        let record = json!({"id": format!("PYSEC-2024-{number}"), "modified": "2024-01-01T00:00:00Z", "aliases": [format!("CVE-2024-{number}")],
            "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]});
        project.write(format!("../records/{number}.json"), record.to_string());
    }
    project.run(["advisories", "build", "--from", "../records"]).exits_with(0);
    project
}

fn statement(flaw: &str, purl: &str, status: &str, more: &Value) -> Value {
    let mut statement = json!({"vulnerability": {"name": flaw}, "products": [{"@id": purl}], "status": status});
    statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    statement
}

fn openvex(statements: &[Value]) -> String {
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "Acme", "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": statements})
        .to_string()
}

fn not_affected(flaw: &str, purl: &str) -> Value {
    statement(flaw, purl, "not_affected", &json!({"justification": "vulnerable_code_not_present", "impact_statement": "built without it"}))
}

/// Every finding by flaw, with who suppressed it.
fn found(project: &Project, more: &[&str]) -> Vec<(String, String)> {
    let run = project.run(["scan", "--only", "deps", "--format", "json"].iter().chain(more)).exits_with(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut findings: Vec<(String, String)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let flaw = finding["message"].as_str().unwrap().split(' ').nth(5).unwrap().to_owned();
            (flaw, finding["suppression"]["kind"].as_str().unwrap_or("open").to_owned())
        })
        .collect();
    findings.sort();
    findings
}

fn states(first: &str, second: &str) -> Vec<(String, String)> {
    vec![("CVE-2024-1".to_owned(), first.to_owned()), ("CVE-2024-2".to_owned(), second.to_owned())]
}

#[test]
fn documents_of_the_caller_are_heard_in_files_and_folders() {
    let project = project();
    project.write("../vendor/a.json", openvex(&[not_affected("PYSEC-2024-1", "pkg:pypi/one")]));
    project.write("../vendor/b/c.json", openvex(&[statement("CVE-2024-2", "pkg:pypi/two@1.0", "under_investigation", &json!({}))]));
    project.write("../vendor/other.json", "{}");
    assert_eq!(found(&project, &["--vex", "../vendor"]), states("vex", "open"));
    let run = project.run(["scan", "--only", "deps", "--vex", "../vendor", "--show-suppressed", "--verbose"]).exits_with(0).unwrapped();
    run.prints(&[
        "by a VEX document",
        "vulnerable_code_not_present: built without it, says Acme",
        "under_investigation, says Acme",
        "is none",
    ]);
    for format in ["sarif", "csv", "html", "json"] {
        project
            .run(["scan", "--only", "deps", "--vex", "../vendor", "--format", format])
            .exits_with(0)
            .prints(&["vulnerable_code_not_present"]);
    }
    project.run(["scan", "--only", "deps", "--vex", "../vendor/other.json"]).exits_with(2).complains(&["error[unknown-vex]"]);
    project.write("../bare.json", openvex(&[statement("CVE-2024-1", "pkg:pypi/one", "not_affected", &json!({}))]));
    assert_eq!(found(&project, &["--vex", "../bare.json"]), states("open", "open"));
    project
        .run(["scan", "--only", "deps", "--vex", "../bare.json", "--verbose"])
        .exits_with(0)
        .unwrapped()
        .prints(&["without a justification"]);
}

#[test]
fn documents_of_the_project_are_heard_as_far_as_the_caller_allows() {
    let project = project();
    project.write(".vex/shop.openvex.json", openvex(&[not_affected("CVE-2024-1", "pkg:pypi/one")]));
    assert_eq!(found(&project, &[]), states("vex", "open"));
    // Twice, so that the second result is a cached one.
    assert_eq!(found(&project, &[]), states("vex", "open"));
    assert_eq!(found(&project, &["--no-repo-config"]), states("open", "open"));
    fs::write(project.beside("policy.yaml"), "allow: {suppress: [other-rule]}\n").unwrap();
    let policy = project.beside("policy.yaml");
    let policy = policy.to_str().unwrap();
    assert_eq!(found(&project, &["--policy", policy]), states("open", "open"));
    project
        .run(["scan", "--only", "deps", "--policy", policy, "--verbose"])
        .exits_with(0)
        .prints(&["the policy does not let", ".vex/shop.openvex.json"]);
    project.write(".vex/shop.openvex.json", "{ broken");
    project.run(["scan", "--only", "deps", "--verbose"]).exits_with(0).prints(&["this is no VEX document"]);
}

#[test]
fn what_is_written_is_heard_and_expires() {
    let project = project();
    project.write(
        ".bartizan/config.yaml",
        "suppressions:\n  - {rule: vulnerable-component, path: requirements.txt, reason: 'inline_mitigations_already_exist: a proxy filters it'}\n",
    );
    let at = [("SOURCE_DATE_EPOCH", "1767225600")];
    for format in ["openvex", "cyclonedx"] {
        let run = project.run_with(&at, ["vex", "create", "--format", format]).exits_with(0);
        run.prints(&["CVE-2024-1", "PYSEC-2024-2", "a proxy filters it", "2026-01-01T00:00:00Z", "pkg:pypi/one@1.0"]);
    }
    let written = project.run_with(&at, ["vex", "create"]).stdout;
    assert_eq!(written, project.run_with(&at, ["vex", "create"]).stdout);
    fs::create_dir(project.path(".vex")).unwrap();
    project.run(["vex", "create", "-o", ".vex/own.json", "--author", "Shop"]).exits_with(0).complains(&["2 statements"]);
    fs::remove_file(project.path(".bartizan/config.yaml")).unwrap();
    assert_eq!(found(&project, &[]), states("vex", "vex"));
    project.run(["vex", "check", ".vex/own.json"]).exits_with(0).prints(&["0 of 2 statements"]);
    project.write("requirements.txt", "one==2.0\n");
    let run = project.run(["vex", "check", ".vex/own.json"]).exits_with(1).unwrapped();
    run.prints(&["CVE-2024-1", "is not there any more", "2 of 2 statements"]);
    let run = project.run(["vex", "check", ".vex/own.json", "--format", "json"]).exits_with(1);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["expired"][0]["why"], "component-gone");
    project.run(["vex", "check", "requirements.txt"]).exits_with(2).complains(&["error[unknown-vex]"]);
    project.run(["vex", "create", "--product", "shop"]).exits_with(2).complains(&["error[product]"]);
}
