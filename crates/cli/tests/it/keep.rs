//! Reports of several tools, kept as the findings of a repository.

use std::{fmt::Write as _, process::Stdio, thread::sleep, time::Duration};

use serde_json::Value;

use crate::project::{Project, Run};

const APP: &str = "import subprocess\n\ndef run(request):\n    subprocess.call(request.args['c'], shell=True)\n";
const CODEOWNERS: &str = "* @acme/all\n/web/ @acme/web\n";

/// What semgrep and bandit say of the same line.
fn semgrep(line: u32) -> String {
    format!(
        r#"{{"version":"1.100.0","errors":[],"paths":{{"scanned":["web/app.py"]}},"results":[{{"check_id":"subprocess-shell-true","path":"web/app.py",
        "start":{{"line":{line},"col":5}},"end":{{"line":{line},"col":50}},
        "extra":{{"message":"a shell runs what users send","severity":"ERROR","metadata":{{"cwe":["CWE-78: OS Command Injection"]}}}}}}]}}"#
    )
}

fn bandit() -> &'static str {
    r#"{"errors":[],"generated_at":"2026-01-01T00:00:00Z","metrics":{},"results":[{"code":"4     subprocess.call(request.args['c'], shell=True)\n",
    "filename":"./web/app.py","issue_confidence":"HIGH","issue_severity":"HIGH","issue_cwe":{"id":78},"issue_text":"shell=True",
    "line_number":4,"line_range":[4],"test_id":"B602","test_name":"subprocess_popen_with_shell_equals_true"}]}"#
}

fn project() -> Project {
    let semgrep = semgrep(4);
    Project::with(&[("web/app.py", APP), ("CODEOWNERS", CODEOWNERS), ("semgrep.json", &semgrep), ("bandit.json", bandit())])
}

fn import(project: &Project, reports: &[&str], more: &[&str]) -> Run {
    project.run([&["import", "--repository", "acme/shop", "--checkout", "."], more, reports].concat())
}

fn listed(project: &Project) -> Vec<Value> {
    let run = project.run(["findings", "list", "--all", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    document["findings"].as_array().unwrap().clone()
}

#[test]
fn two_tools_see_one_weakness_and_it_has_an_owner_and_a_date() {
    let project = project();
    import(&project, &["semgrep.json", "bandit.json"], &["--complete"])
        .exits_with(0)
        .prints(&["1 finding: 1 new", "1 known by other tools"]);
    let findings = listed(&project);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((&findings[0]["owner"], &findings[0]["state"]), (&Value::from("@acme/web"), &Value::from("new")));
    assert!(findings[0]["due_us"].is_i64(), "{:?}", findings[0]);
    let id = findings[0]["id"].as_str().unwrap();
    project.run(["findings", "show", id]).exits_with(0).prints(&[
        "semgrep",
        "bandit",
        "CWE-78",
        "@acme/web",
        "finding.opened",
        "finding.witnessed",
    ]);
    project.run(["audit", "verify"]).exits_with(0).prints(&["The chain is whole"]);
}

#[test]
fn what_moves_is_known_again_and_what_is_gone_is_closed_when_everything_was_looked_at() {
    let project = project();
    import(&project, &["semgrep.json"], &["--complete"]).exits_with(0);
    let before = listed(&project)[0]["id"].clone();
    project.write("web/app.py", format!("# a line\n{APP}"));
    project.write("semgrep.json", semgrep(5));
    import(&project, &["semgrep.json"], &["--complete"]).exits_with(0).prints(&["1 moved"]);
    assert_eq!((&listed(&project)[0]["id"], &listed(&project)[0]["line"]), (&before, &Value::from(5)));
    project.write("semgrep.json", r#"{"version":"1.100.0","errors":[],"paths":{"scanned":[]},"results":[]}"#);
    import(&project, &["semgrep.json"], &[]).exits_with(0).prints(&["1 not observed", "--complete"]);
    assert_eq!(listed(&project)[0]["state"], "new");
    import(&project, &["semgrep.json"], &["--complete", "--commit", "c3"]).exits_with(0).prints(&["1 closed"]);
    assert_eq!(listed(&project)[0]["state"], "verified");
    project.run(["findings", "list"]).exits_with(0).prints(&["No findings."]);
}

#[test]
fn what_is_wrong_is_said() {
    let project = project();
    import(&project, &["semgrep.json"], &["--store", "mysql://host/database"]).exits_with(2).complains(&["names no store"]);
    project
        .run(["import", "--repository", "x", "--checkout", "nowhere", "semgrep.json"])
        .exits_with(2)
        .complains(&["there is no folder `nowhere`"]);
    project.run(["findings", "show", "nonsense"]).exits_with(2).complains(&["is no id"]);
    project.run(["findings", "show", "01935b2e-0000-7000-8000-000000000000"]).exits_with(2).complains(&["there is no finding"]);
    project.run(["findings", "list", "--repository", "unknown"]).exits_with(2).complains(&["there is no repository `unknown`"]);
    project.write("broken.json", &semgrep(4).as_bytes()[..200]);
    import(&project, &["broken.json"], &[]).exits_with(2);
    assert_eq!(listed(&project), [] as [Value; 0]);
}

/// A report that names files elsewhere reads none.
#[cfg(unix)]
#[test]
fn a_report_reads_nothing_outside_of_the_checkout() {
    let project = project();
    std::fs::write(project.beside("secret.py"), "PASSWORD = 'x'\n").unwrap();
    std::os::unix::fs::symlink(project.beside("secret.py"), project.path("web/link.py")).unwrap();
    for path in ["../secret.py", "web/link.py", "/etc/passwd"] {
        project.write("semgrep.json", semgrep(1).replace("web/app.py", path));
        import(&project, &["semgrep.json"], &["--complete"]).exits_with(0);
    }
    let shown = project.run(["findings", "list", "--all", "--format", "json"]).stdout;
    assert!(!shown.contains("PASSWORD"), "{shown}");
}

/// Whenever the process is killed, the store holds the whole report or nothing of it, and taking it again gives what it would have given.
#[test]
fn a_killed_import_leaves_all_or_nothing() {
    const N: usize = 3_000;
    let project = Project::new();
    let mut report = String::from(r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"bench"}},"results":["#);
    for n in 0..N {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            report,
            r#"{comma}{{"ruleId":"r{}","message":{{"text":"call {n}"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"f{}.py"}},"region":{{"startLine":{}}}}}}}]}}"#,
            n % 9,
            n / 50,
            n % 50 + 1
        );
    }
    project.write("report.sarif", report + "]}]}");
    let arguments = ["import", "--quiet", "--repository", "r", "--complete", "report.sarif"];
    let count = |store: &str| -> usize {
        let run = project.run_with(&[("BARTIZAN_STORE", store)], ["findings", "list", "--format", "json", "-n", "100000"]);
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str::<Value>(&run.stdout).unwrap()["findings"].as_array().unwrap().len()
    };
    let mut n_partial = 0;
    for delay_ms in [3, 10, 20, 40, 60, 90, 130, 180, 260, 400] {
        let store = format!("killed-{delay_ms}.db");
        let mut child = project.command().env("BARTIZAN_STORE", &store).args(arguments).stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        let n = count(&store);
        assert!(n == 0 || n == N, "after {delay_ms} ms: {n}");
        n_partial += usize::from(n == 0);
        let again = project.run_with(&[("BARTIZAN_STORE", &store)], arguments);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(count(&store), N);
        let verified = project.run_with(&[("BARTIZAN_STORE", &store)], ["audit", "verify"]);
        assert_eq!(verified.code, 0, "{verified:?}");
    }
    assert!(0 < n_partial, "no import was killed before its end");
}
