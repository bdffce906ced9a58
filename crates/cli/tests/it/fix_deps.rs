//! Upgrades of vulnerable dependencies, and how far code reaches them: from advisories in files to a changed lock file.

use std::fs;

use crate::project::{Project, Run};

const ADVISORY: &str = r#"{"id": "TST-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1"], "summary": "Prototype pollution",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.4"}]}]}]}"#;

const MANIFEST: &str = "{\n  \"name\": \"app\",\n  \"dependencies\": {\n    \"left\": \"1.0.0\"\n  }\n}\n";

const LOCK: &str = "{\n  \"name\": \"app\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\n      \"name\": \"app\",\n      \"dependencies\": {\n        \"left\": \"1.0.0\"\n      }\n    },\n    \"node_modules/left\": {\n      \"version\": \"1.0.0\"\n    }\n  }\n}\n";

/// A project with a vulnerable dependency, and an index of the advisory.
fn project(code: &str) -> Project {
    let project = Project::with(&[("package.json", MANIFEST), ("package-lock.json", LOCK), ("index.js", code)]);
    fs::write(project.beside("advisory.json"), ADVISORY).unwrap();
    let built = run(&project, &["advisories", "build", "--from", &beside(&project, "advisory.json")]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    project
}

fn beside(project: &Project, name: &str) -> String {
    project.beside(name).to_string_lossy().into_owned()
}

fn run(project: &Project, args: &[&str]) -> Run {
    let index = beside(project, "index");
    let all: Vec<&str> = args.iter().copied().chain(["--advisories", &index]).collect();
    project.run(&all)
}

#[test]
fn an_upgrade_is_shown_then_written_and_closes_the_finding() {
    let project = project("require('left')");
    let shown = run(&project, &["fix", "deps"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("1.0.0 → 1.0.4 (patch) closes CVE-2024-1"), "{}", shown.stdout);
    assert!(shown.stdout.contains("npm install --package-lock-only --ignore-scripts"), "{}", shown.stdout);
    assert_eq!(fs::read_to_string(project.path("package-lock.json")).unwrap(), LOCK);

    let diff = run(&project, &["fix", "deps", "--dry-run"]).stdout;
    let changed: Vec<&str> =
        diff.lines().filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")).collect();
    assert_eq!(changed.len(), 6, "{diff}");
    assert!(changed.iter().all(|line| line.contains("1.0.0") || line.contains("1.0.4")), "{diff}");

    assert_eq!(run(&project, &["fix", "deps", "--write"]).code, 0);
    assert_eq!(fs::read_to_string(project.path("package-lock.json")).unwrap(), LOCK.replace("1.0.0", "1.0.4"));
    assert_eq!(fs::read_to_string(project.path("package.json")).unwrap(), MANIFEST.replace("1.0.0", "1.0.4"));
    let scan = run(&project, &["scan", "--only", "deps", "--no-cache", "--fail-on", "low"]);
    assert_eq!(scan.code, 0, "{}", scan.stdout);
}

#[test]
fn what_stays_vulnerable_is_named_and_fails() {
    let project = project("");
    fs::write(project.beside("advisory.json"), ADVISORY.replace(", {\"fixed\": \"1.0.4\"}", "")).unwrap();
    assert_eq!(run(&project, &["advisories", "build", "--from", &beside(&project, "advisory.json")]).code, 0);
    let json = run(&project, &["fix", "deps", "--format", "json"]);
    assert_eq!(json.code, 1, "{}", json.stderr);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["unfixed"][0]["reason"], "no advisory names a version in which it is fixed");
}

#[test]
fn without_advisories_nothing_is_upgraded() {
    let project = Project::with(&[("package.json", MANIFEST)]);
    let ran = run(&project, &["fix", "deps"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there are no advisories"), "{}", ran.stderr);
}

#[test]
fn a_finding_says_how_far_code_reaches_it() {
    let check = |code: &str, reachability: &str, severity: &str| {
        let project = project(code);
        let scan = run(&project, &["scan", "--only", "deps", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&scan.stdout).unwrap();
        let finding = &report["findings"][0];
        assert_eq!(
            (finding["subject"]["reachability"].as_str(), finding["severity"].as_str()),
            (Some(reachability), Some(severity)),
            "{code}: {finding}"
        );
    };
    check("import left from 'left';", "imported", "critical");
    check("const a = 1;", "not-imported", "low");
    check("require(process.env.NAME)", "unknown", "critical");
}
