//! Why a rule for code reports a line, or does not.

use crate::project::Project;

const RULES: &str = r#"rules:
  - id: tst-eval
    languages: [python]
    severity: ERROR
    message: Runs text as code
    patterns:
      - pattern: eval($X, ...)
      - pattern-not: eval("...")
  - id: tst-run
    languages: [python]
    severity: ERROR
    message: Runs what comes in
    mode: taint
    pattern-sources: [{pattern: get()}]
    pattern-sinks: [{pattern: run($X)}]
    pattern-sanitizers: [{pattern: quote(...)}]
"#;

const APP: &str = "x = get()\neval(x)\neval('1')\nrun(x)\ny = quote(x)\nrun(y)\n";

fn project() -> Project {
    Project::with(&[("r.yaml", RULES), ("app.py", APP)])
}

fn explain(project: &Project, rule: &str, at: &str, texts: &[&str]) {
    project.run(["rules", "explain", rule, at, "--rules", "r.yaml"]).exits_with(0).prints(texts);
}

#[test]
fn clauses_of_a_search_say_what_they_do() {
    let project = project();
    explain(
        &project,
        "tst-eval",
        "app.py:2",
        &[
            "tst-eval at app.py:2: reported\n  all clauses hold\n",
            "    pattern: eval($X, ...)\n        2 matches in the file, 1 on the line\n        2:1  eval(x)\n          $X = x\n",
            "        leaves 1 candidate on the line\n",
        ],
    );
    explain(
        &project,
        "tst-eval",
        "app.py:3",
        &[
            "tst-eval at app.py:3: not reported\n  `pattern-not` at 8:9 of the rule decides it: it matches the candidate at 3:1\n",
            "  elsewhere in the file it reports 2:1\n",
            "        leaves no candidate on the line: it matches the candidate at 3:1\n",
        ],
    );
}

#[test]
fn ways_of_data_say_where_they_end() {
    let project = project();
    explain(&project, "tst-run", "app.py:4", &["tst-run at app.py:4: reported", "arrives at a sink on the line", "    4:1  run(x)\n"]);
    explain(
        &project,
        "tst-run",
        "app.py:6",
        &[
            "tst-run at app.py:6: not reported\n  the data that arrives on the line was made harmless\n",
            "    made harmless by a sanitizer at 5:5  quote(x)\n",
        ],
    );
}

#[test]
fn programs_read_explanations() {
    let project = project();
    let run = project.run(["rules", "explain", "tst-eval", "app.py:3", "--rules", "r.yaml", "--format", "json"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["verdict"], &json["clauses"]["parts"][1]["effect"]["n_after"]), (&"not-reported".into(), &0.into()));
    assert_eq!(json["clauses"]["parts"][0]["on_line"][0]["bindings"][0]["name"], "$X");
}

#[test]
fn what_can_not_be_explained_says_why() {
    let project = project();
    explain(&project, "python-sql-injection", "app.py:1", &["python-sql-injection at app.py:1: not reported"]);
    explain(&project, "java-sql-injection", "app.py:1", &["not run\n  the file is `python`, and the rule is for java\n"]);
    explain(&project, "tst-eval", "app.py:9", &["not run\n  the file has no line 9: it has 6\n"]);
    for (rule, at, texts) in [
        ("tst-evil", "app.py:1", &["error[unknown-rule]", "did you mean `tst-eval`?"][..]),
        ("github-oauth-token", "app.py:1", &["is a rule for credentials"]),
        ("tst-eval", "app.py", &["write it like `src/app.py:42`"]),
        ("tst-eval", "none.py:1", &["none.py"]),
    ] {
        project.run(["rules", "explain", rule, at, "--rules", "r.yaml"]).exits_with(2).complains(texts);
    }
}

#[test]
fn a_rule_of_the_callers_may_have_the_name_of_one_for_credentials() {
    let project = project();
    project.write("r.yaml", RULES.replace("tst-eval", "github-oauth-token"));
    explain(&project, "github-oauth-token", "app.py:2", &["github-oauth-token at app.py:2: reported"]);
}
