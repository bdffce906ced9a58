//! What happens to findings from scan to scan: cache, changes, baseline, suppressions, owners.

use std::fs;

use crate::project::{Project, token};

fn line(n: u32) -> String {
    format!("token = {}\n", token(n))
}

#[test]
fn the_cache_changes_nothing_and_damaged_entries_are_ignored() {
    let project = Project::with(&[("a.txt", &line(1)), ("b.txt", &line(2))]);
    let scan = || project.scan(&["-v", "--format", "json"]).exits_with(0);
    let first = scan().complains(&["0 results taken from the cache"]);
    let second = scan().complains(&["2 results taken from the cache"]);
    assert_eq!(first.stdout, second.stdout);

    // Damaged entries.
    let cache = project.home().join(".cache/bartizan/results");
    let mut n_files = 0;
    for path in files_below(&cache) {
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 0xff;
        }
        fs::write(&path, bytes).unwrap();
        n_files += 1;
    }
    assert!(0 < n_files);
    assert_eq!(scan().stdout, first.stdout);

    // A changed file is scanned again, the other one is not.
    let _ = scan();
    project.write("a.txt", line(3));
    let third = scan().complains(&["1 result taken from the cache"]);
    assert_ne!(third.stdout, first.stdout);

    // Without a cache, or where it can't be.
    project.scan(&["-v", "--no-cache"]).exits_with(0).complains(&["0 results taken from the cache"]);
    project.write("file", "");
    project.scan(&["--cache-dir", "file/below", "-v"]).exits_with(0).prints(&["note[cache]:"]);
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

#[test]
fn of_a_change_only_new_findings_count() {
    let project = Project::with(&[("old.txt", &line(1)), ("same.txt", &line(2))]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "first"]);
    project.write("old.txt", format!("{}harmless\n", line(1)));
    let known = project.findings(&["--since", "HEAD"]);
    assert_eq!(known.len(), 1, "the changed file alone is scanned");
    project.scan(&["--since", "HEAD", "--fail-on", "low"]).exits_with(0);

    project.write("old.txt", format!("{}{}", line(1), line(3)));
    project.write("new.txt", line(4));
    let run = project.scan(&["--since", "HEAD", "--fail-on", "low"]).exits_with(1);
    run.prints(&["new.txt:1:9", "old.txt:2:9", "= new:", "2 new"]).complains(&["failed: 2 findings at or over low"]);
    project
        .scan(&["--since", "no-such-revision"])
        .exits_with(2)
        .complains(&["error[input]: unknown revision `no-such-revision`", "git fetch"]);
}

#[test]
fn what_is_staged_is_scanned_as_it_is_staged() {
    let project = Project::with(&[("a.txt", "nothing\n")]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "first"]);
    project.write("a.txt", line(1));
    assert_eq!(project.findings(&["--staged"]).len(), 0, "nothing is staged");
    project.git(&["add", "a.txt"]);
    project.write("a.txt", "nothing again\n");
    project.write("b.txt", line(2));
    project.scan(&["--staged", "--fail-on", "low"]).exits_with(1).prints(&["--> a.txt:1:9"]);
    assert_eq!(project.findings(&["--staged"]).len(), 1);
    let outside = Project::new();
    outside.scan(&["--staged"]).exits_with(2).complains(&["no git repository"]);
}

#[test]
fn a_baseline_accepts_what_is_there() {
    let project = Project::with(&[("a.txt", &line(1))]);
    let rule = project.beside("rule.yaml");
    let write = || project.run(["baseline", "write", "--rules", rule.to_str().unwrap()]).exits_with(0);
    write().complains(&["1 accepted finding", ".bartizan/baseline.json"]);
    assert!(!project.read(".bartizan/baseline.json").contains(&token(1)));
    let scan = |extra: &[&str]| project.scan(&[&["--baseline", ".bartizan/baseline.json", "--fail-on", "low"], extra].concat());
    scan(&[]).exits_with(0).prints(&["findings  none", "1 suppressed"]);
    scan(&["--show-suppressed"]).exits_with(0).prints(&["= ignored: by the baseline"]);

    // What moves is still known, what is new is not.
    project.write("a.txt", format!("\n\n{}", line(1)));
    scan(&[]).exits_with(0);
    project.write("b.txt", line(2));
    scan(&[]).exits_with(1).prints(&["--> b.txt:1:9", "= new:"]);
    write().complains(&["2 accepted findings"]);
    scan(&[]).exits_with(0);

    // What is gone is said, and forgotten when the baseline is written again.
    fs::remove_file(project.path("a.txt")).unwrap();
    scan(&[]).exits_with(0).complains(&["1 finding of the baseline is gone"]);
    write().complains(&["1 accepted finding, 1 gone"]);
    project.run(["baseline", "show"]).exits_with(0).prints(&["1 accepted finding"]);
}

#[test]
fn comments_and_configuration_suppress_with_a_reason() {
    let project = Project::with(&[
        ("a.py", &format!("x = '{}'  # bartizan:ignore[test-token] only a test\n", token(1))),
        ("b.py", &format!("# bartizan:ignore[test-token] the line below\nx = '{}'\n", token(2))),
        ("c/d.py", &format!("x = '{}'\n", token(3))),
        (".bartizan/config.yaml", "version: 1\nsuppressions:\n  - rule: test-token\n    path: c/\n    reason: generated\n"),
    ]);
    project.scan(&["--fail-on", "low"]).exits_with(0).prints(&["findings  none", "3 suppressed"]);
    project.scan(&["--show-suppressed"]).exits_with(0).prints(&["only a test", "the line below", "by configuration", "generated"]);
    project.scan(&["--fail-on", "low", "--no-repo-config"]).exits_with(1).prints(&["3 high"]);
    assert_eq!(project.findings(&[]).len(), 3, "suppressed findings stay in machine-readable reports");
}

#[test]
fn a_comment_that_suppresses_nothing_is_said() {
    let mark = "# bartizan:ignore[test-token] revoked\n";
    let project = Project::with(&[("a.py", &format!("x = '{}'  {mark}", token(1))), ("b.py", mark)]);
    let said = ["b.py:1:3", "`bartizan:ignore[test-token]` suppresses nothing"];
    // The second scan takes the results of the first.
    for _ in 0..2 {
        let run = project.scan(&["--strict", "--format", "json"]).exits_with(0);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let reasons: Vec<_> = json["diagnostics"].as_array().unwrap().iter().map(|diagnostic| diagnostic["reason"].clone()).collect();
        assert_eq!(reasons, ["`bartizan:ignore[test-token]` suppresses nothing"]);
    }
    project.scan(&["--verbose"]).exits_with(0).prints(&said);
    // Without the engine of the rule, or the rule, nobody knows; and what is not honored is not judged.
    for quiet in [project.scan(&["--skip", "secrets"]), project.run(["scan"]), project.scan(&["--no-repo-config"])] {
        assert!(!(quiet.stdout + &quiet.stderr).contains("suppresses nothing"));
    }
}

#[test]
fn a_change_that_adds_a_suppression_is_shown() {
    let project = Project::with(&[("a.py", &format!("x = '{}'\n", token(1)))]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "first"]);
    project.write("a.py", format!("x = '{}'  # bartizan:ignore[test-token] trust me\n", token(1)));
    let run = project.scan(&["--since", "HEAD", "--fail-on", "low"]);
    run.exits_with(0).prints(&["= ignored: by `bartizan:ignore[test-token]", "added by this", "1 suppressed, 1 of them by this change"]);
}

#[test]
fn owners_come_from_the_code_owners_file() {
    let project = Project::with(&[
        ("a/x.txt", &line(1)),
        ("b/x.txt", &line(2)),
        (".github/CODEOWNERS", "* @acme/all\n/a/ @acme/a me@example.com\n/b/\n"),
    ]);
    project.scan(&[]).exits_with(0).prints(&["= owner:   @acme/a, me@example.com\n", "= owner:   unowned\n", "1 unowned"]);
}

#[test]
fn the_effective_configuration_is_explained() {
    let project = Project::with(&[(".bartizan/config.yaml", "version: 1\nfail-on: high\n")]);
    project.run(["config", "explain"]).exits_with(0).prints(&["fail-on", "high", ".bartizan/config.yaml"]);
    let run = project.run(["config", "explain", "--format", "json"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(json["settings"].as_array().is_some_and(|settings| !settings.is_empty()));
    for file in ["repository", "policy"] {
        let run = project.run(["config", "schema", file]).exits_with(0);
        let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(schema["$schema"].is_string(), "{file}");
    }
}

#[test]
fn the_doctor_sees_what_is_there() {
    let project = Project::with(&[("CODEOWNERS", "* @acme/all\n")]);
    let run = project.run(["doctor", "--format", "json"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["git_repository"], serde_json::Value::Null);
    assert!(json["files"].as_array().unwrap().iter().any(|file| file["path"].as_str().is_some_and(|path| path.ends_with("CODEOWNERS"))));
    assert!(json["limits"].as_array().unwrap().iter().any(|limit| limit["name"] == "max-file-bytes"));
    project.run(["doctor"]).exits_with(0).prints(&["node_modules/", "identity key", "secrets"]);
    assert!(!project.home().join(".local").exists(), "the doctor makes no key");
}
