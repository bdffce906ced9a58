//! Rules for code, from outside.

use crate::project::{Project, Run, token};

/// A handler whose query is made of data of the request, one that passes it apart, and one that somebody has looked at.
const APP: &str = r#"import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route("/user")
def user():
    name = request.args.get("name")
    query = "SELECT * FROM users WHERE name = '" + name + "'"
    return str(sqlite3.connect("x.db").execute(query).fetchall())


@app.route("/safe")
def safe():
    name = request.args.get("name")
    return str(sqlite3.connect("x.db").execute("SELECT * FROM users WHERE name = ?", (name,)).fetchall())


@app.route("/known")
def known():
    query = "SELECT " + request.args.get("column")
    return str(sqlite3.connect("x.db").execute(query).fetchall())  # nosemgrep: tst-sql
"#;

const SQL: &str = r#"rules:
  - id: tst-sql
    languages: [python]
    severity: ERROR
    message: Data of the request becomes SQL
    mode: taint
    pattern-sources: [{pattern: flask.request.args.get(...)}]
    pattern-sinks: [{patterns: [{pattern: "$DB.execute($SQL, ...)"}, {focus-metavariable: $SQL}]}]
"#;

const FIXES: &str = r#"rules:
  - id: tst-yaml
    languages: [python]
    severity: WARNING
    message: Loads any object
    metadata: {fix-safety: safe}
    pattern: yaml.load($X)
    fix: yaml.safe_load($X)
  - id: tst-md5
    languages: [python]
    severity: WARNING
    message: A weak hash
    pattern: hashlib.md5($X)
    fix: hashlib.sha256($X)
  - id: tst-broken
    languages: [python]
    severity: WARNING
    message: Its fix is no Python
    metadata: {fix-safety: safe}
    pattern: os.system($X)
    fix: "subprocess.run($X"
"#;

fn scan(project: &Project, rules: &str, arguments: &[&str]) -> Run {
    project.run(["scan", "--rules", rules].iter().chain(arguments))
}

fn project() -> Project {
    let project = Project::with(&[("src/app.py", APP)]);
    std::fs::write(project.beside("sql.yaml"), SQL).unwrap();
    project
}

#[test]
fn data_of_a_request_in_sql_is_found_with_its_way() {
    let project = project();
    let run = scan(&project, "../sql.yaml", &["src"]).exits_with(0);
    let run = run.prints(&["high[tst-sql]: Data of the request becomes SQL", "--> src/app.py:11:48", "= flow:", "src/app.py:9:12"]);
    assert_eq!(run.stdout.matches("high[").count(), 1, "{}", run.stdout);

    let run = scan(&project, "../sql.yaml", &["--format", "sarif"]).exits_with(0);
    let sarif: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let open: Vec<_> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["suppressions"].as_array().is_none_or(Vec::is_empty))
        .collect();
    assert_eq!(open.len(), 1);
    let steps = open[0]["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    assert!(2 <= steps.len());
    assert_eq!(steps[0]["location"]["physicalLocation"]["region"]["startLine"], 9);
}

#[test]
fn the_output_is_that_of_semgrep_where_it_is_asked_for() {
    let run = scan(&project(), "../sql.yaml", &["--format", "semgrep-json"]).exits_with(0);
    let output: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(output["results"].as_array().unwrap().len(), 1);
    let result = &output["results"][0];
    assert_eq!((&result["check_id"], &result["start"]["line"]), (&"tst-sql".into(), &11.into()));
    assert_eq!(result["extra"]["dataflow_trace"]["taint_source"][0], "CliLoc");
}

#[test]
fn marks_of_semgrep_are_honoured() {
    let project = project();
    let run = scan(&project, "../sql.yaml", &["--show-suppressed"]).exits_with(0);
    run.prints(&["src/app.py:23", "ignored"]);
    scan(&project, "../sql.yaml", &["--no-repo-config"]).exits_with(0).prints(&["--> src/app.py:23", "2 high"]);
}

#[test]
fn rules_for_code_run_alone_unless_the_built_in_ones_are_asked_for() {
    let project = project();
    let rule = project.beside("rule.yaml");
    let secret = format!("TOKEN = \"{}\"\n", token(1));
    project.write("token.py", secret);
    let with_both = ["--rules", rule.to_str().unwrap()];
    scan(&project, "../sql.yaml", &with_both).exits_with(0).prints(&["high[tst-sql]", "high[test-token]"]);
    let run = scan(&project, "../sql.yaml", &[&with_both[..], &["--only", "sast"]].concat()).exits_with(0);
    assert!(!run.stdout.contains("test-token"), "{}", run.stdout);
    let run = scan(&project, "../sql.yaml", &[&with_both[..], &["--skip", "sast"]].concat()).exits_with(0);
    assert!(run.stdout.contains("test-token") && !run.stdout.contains("tst-sql"), "{}", run.stdout);

    project.write(".htpasswd", "user:x\n");
    let run = scan(&project, "../sql.yaml", &[]).exits_with(0);
    assert!(!run.stdout.contains(".htpasswd"), "{}", run.stdout);
    scan(&project, "../sql.yaml", &["--built-in-rules"]).exits_with(0).prints(&["high[tst-sql]", ".htpasswd"]);
}

#[test]
fn a_broken_rule_stops_a_scan_that_names_its_file_and_is_told_of_in_a_folder() {
    let project = project();
    let broken = SQL.replace("$DB.execute($SQL, ...)", "$DB.execute(((").replace("tst-sql", "tst-broken");
    project.write("rules/broken.yaml", broken);
    project.write("rules/sql.yaml", SQL);
    project.write("rules/sql.test.yaml", "key: value\n");
    let texts = ["error[rule]: rule `tst-broken`", "rules/broken.yaml:8:", "8 |", "help:"];
    for command in
        [&["rules", "lint", "rules/broken.yaml"][..], &["rules", "lint", "rules"], &["scan", "--rules", "rules/broken.yaml", "src"]]
    {
        project.run(command).exits_with(2).complains(&texts);
    }
    let run = scan(&project, "rules", &["src", "-v"]).exits_with(0);
    run.prints(&["high[tst-sql]", "error[rule]: rule `tst-broken`", "rules/broken.yaml:8:", "rules/sql.test.yaml"]);
    scan(&project, "rules", &["src", "--strict"]).exits_with(3);

    project.write("unknown.yaml", SQL.replace("mode: taint", "mode: taint\n    colour: red"));
    project.run(["rules", "lint", "unknown.yaml"]).exits_with(2).complains(&["unknown.yaml:7:5", "colour"]);
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads_and_from_the_cache() {
    let project = project();
    for n in 0..40 {
        project.write(format!("src/app{n}.py"), APP);
    }
    let report = |arguments: &[&str]| {
        let run = scan(&project, "../sql.yaml", &[&["src", "--format", "jsonl"], arguments].concat()).exits_with(0);
        run.stdout.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    let alone = report(&["-j", "1", "--no-cache"]);
    assert_eq!(alone.matches("\"tst-sql\"").count(), 1 + 82, "{}", alone.lines().next().unwrap_or_default());
    for arguments in [&["-j", "2", "--no-cache"][..], &["-j", "8", "--no-cache"], &[], &[]] {
        assert_eq!(report(arguments), alone, "{arguments:?}");
    }
    // Other rules are other results.
    let other = project.beside("other.yaml");
    std::fs::write(&other, SQL.replace("tst-sql", "tst-other")).unwrap();
    scan(&project, other.to_str().unwrap(), &["src"]).exits_with(0).prints(&["high[tst-other]"]);
}

#[test]
fn data_is_followed_from_file_to_file_unless_it_is_asked_not_to() {
    let (before, _) = APP.split_once("    query = ").unwrap();
    let views = format!("from store import find\n{before}    return find(name)\n");
    let store = "import sqlite3\n\n\ndef find(name):\n    return sqlite3.connect(\"x.db\").execute(\"SELECT \" + name).fetchall()\n";
    let project = Project::with(&[("src/views.py", &views), ("src/store.py", store), ("src/own.py", APP)]);
    std::fs::write(project.beside("sql.yaml"), SQL).unwrap();
    let across = ["--> src/store.py:5", "src/views.py:10:12"];
    for arguments in [&["src"][..], &["src", "--flow", "project"]] {
        scan(&project, "../sql.yaml", arguments).exits_with(0).prints(&across).prints(&["--> src/own.py:11:48"]);
    }
    // What an earlier scan found otherwise is not taken from the cache.
    for _ in 0..2 {
        let run = scan(&project, "../sql.yaml", &["src", "--flow", "file"]).exits_with(0).prints(&["--> src/own.py:11:48"]);
        assert!(!run.stdout.contains("store.py"), "{}", run.stdout);
    }
}

#[test]
fn rules_are_tested_by_their_examples_and_by_code_beside_them() {
    let project = Project::new();
    let examples = "    metadata:\n      examples:\n        - bad: |\n            import yaml\n            # ruleid: tst-yaml\n            yaml.load(x)\n          fixed: |\n            import yaml\n            # ruleid: tst-yaml\n            yaml.safe_load(x)\n        - good: yaml.safe_load(x)\n";
    let rule = format!(
        "rules:\n  - id: tst-yaml\n    languages: [python]\n    severity: LOW\n    message: m\n    pattern: yaml.load($X)\n    fix: yaml.safe_load($X)\n{examples}"
    );
    project.write("rules/yaml.yaml", &rule);
    project
        .write("rules/yaml.py", "# ruleid: tst-yaml\nyaml.load(a)\n# ok: tst-yaml\nyaml.safe_load(a)\n# todoruleid: tst-yaml\nload(a)\n# ruleid: deepok: tst-yaml\nload(b)\n");
    project.write(
        "rules/yaml.fixed.py",
        "# ruleid: tst-yaml\nyaml.safe_load(a)\n# ok: tst-yaml\nyaml.safe_load(a)\n# todoruleid: tst-yaml\nload(a)\n# ruleid: deepok: tst-yaml\nload(b)\n",
    );
    project.run(["rules", "test", "rules"]).exits_with(0).prints(&["5 tests: all as they should be"]);

    project.write("rules/yaml.py", "# ruleid: tst-yaml\nload(a)\nyaml.load(b)\n");
    let run = project.run(["rules", "test", "rules"]).exits_with(1);
    run.prints(&[
        "failed[tst-yaml]: line 2 must be reported, and is not; line 3 must not be\n  reported, and is\n",
        "yaml.py:2",
        "2 tests of 5 failed",
    ]);
    let run = project.run(["rules", "test", "rules", "--format", "json"]).exits_with(1);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["n_checks"], &json["n_failed"]), (&5.into(), &2.into()));

    project.write("rules/yaml.yaml", rule.replace("- good: yaml.safe_load(x)", "- good: yaml.load(x)"));
    project.run(["rules", "test", "rules"]).exits_with(1).prints(&["line 1 must not be reported, and is", "yaml.yaml:"]);
}

#[test]
fn fixes_are_shown_and_applied() {
    let before = "import yaml, hashlib, os\n\ndef read(x):\n    os.system(x)\n    return yaml.load(x), hashlib.md5(x)\n";
    let project = Project::with(&[("src/a.py", before), ("fixes.yaml", FIXES)]);
    let fix = |arguments: &[&str]| project.run(["fix", "src", "--rules", "fixes.yaml"].iter().chain(arguments));

    let run = fix(&["--dry-run"]).exits_with(1);
    let run = run.prints(&[
        "--- a/src/a.py\n+++ b/src/a.py\n@@ ",
        "-    return yaml.load(x), hashlib.md5(x)\n+    return yaml.safe_load(x), hashlib.md5(x)\n",
    ]);
    run.complains(&["not fixed: src/a.py:4:5: tst-broken: ", "1 finding would be fixed in 1 file", "--unsafe"]);
    assert_eq!(project.read("src/a.py"), before);

    fix(&["--rule", "tst-md5"]).exits_with(0).complains(&["0 findings fixed"]);
    assert_eq!(project.read("src/a.py"), before);
    fix(&["--rule", "tst-mdd5"]).exits_with(2).complains(&["did you mean `tst-md5`"]);

    fix(&["--unsafe"]).exits_with(1).complains(&["2 findings fixed in 1 file"]);
    assert_eq!(project.read("src/a.py"), before.replace("yaml.load", "yaml.safe_load").replace("md5", "sha256"));
    fix(&["--unsafe", "--rule", "tst-yaml"]).exits_with(0).complains(&["0 findings fixed"]);
}

#[test]
fn of_fixes_that_overlap_one_is_applied_and_the_other_named() {
    let project = Project::with(&[("a.py", "import yaml\nyaml.load(yaml.load(x))\n"), ("fixes.yaml", FIXES)]);
    let run = project.run(["fix", "a.py", "--rules", "fixes.yaml"]).exits_with(1);
    run.complains(&["overlaps another fix", "1 finding fixed"]);
    assert_eq!(project.read("a.py"), "import yaml\nyaml.safe_load(yaml.load(x))\n");
}

#[cfg(unix)]
#[test]
fn fixes_keep_permissions_and_stay_within_the_scanned_folder() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let bad = "import yaml\nyaml.load(x)\n";
    let project = Project::with(&[("src/a.py", bad), ("outside.py", bad), ("fixes.yaml", FIXES)]);
    std::fs::set_permissions(project.path("src/a.py"), std::fs::Permissions::from_mode(0o750)).unwrap();
    symlink("../outside.py", project.path("src/link.py")).unwrap();
    project.run(["fix", "src", "--rules", "fixes.yaml"]).exits_with(0).complains(&["1 finding fixed in 1 file"]);
    assert_eq!(project.read("outside.py"), bad);
    assert!(project.path("src/link.py").is_symlink());
    assert_eq!(std::fs::metadata(project.path("src/a.py")).unwrap().permissions().mode() & 0o777, 0o750);
    let names: Vec<_> = std::fs::read_dir(project.path("src")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

/// Rules that were read before are the same rules; other texts are other rules, and what somebody else wrote is nothing.
#[test]
fn rules_are_kept_between_scans() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let rule = |pattern: &str| {
        format!("rules:\n  - id: kept\n    languages: [python]\n    severity: ERROR\n    message: found\n    pattern: {pattern}\n")
    };
    std::fs::create_dir(path("code")).unwrap();
    std::fs::write(path("code").join("a.py"), "f(1)\ng(2)\n").unwrap();
    std::fs::write(path("kept.yaml"), rule("f($X)")).unwrap();
    let cache = path("cache");
    let lines = || -> Vec<u64> {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.args(["scan", "--only", "sast", "--format", "json", "--cache-dir"]).arg(&cache).arg("--rules").arg(path("kept.yaml"));
        let output = command.arg(path("code")).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["location"]["region"]["start_line"].as_u64().unwrap()).collect()
    };
    // The results are not taken from the cache, only the rules are.
    let forget_results = || {
        let content = std::fs::read_to_string(path("code").join("a.py")).unwrap();
        std::fs::write(path("code").join("a.py"), format!("{content}\n")).unwrap();
    };
    let files = || -> Vec<std::path::PathBuf> {
        let folders = std::fs::read_dir(&cache).unwrap().flatten().filter(|entry| entry.path().is_dir());
        folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.path())).collect()
    };
    assert_eq!(lines(), [1]);
    let n_files = files().len();
    forget_results();
    assert_eq!((lines(), files().len()), (vec![1], n_files), "the same rules");
    std::fs::write(path("kept.yaml"), rule("g($X)")).unwrap();
    assert_eq!(lines(), [2], "other rules");
    for file in files() {
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
    }
    forget_results();
    assert_eq!(lines(), [2], "what is damaged is made again");
}
