//! Clauses of rules that no test needs.

use crate::project::Project;

const RULES: &str = r#"rules:
  - id: tst-eval
    languages: [python]
    severity: ERROR
    message: Runs text as code
    patterns:
      - pattern-either:
          - pattern: eval($X, ...)
          - pattern: exec($X, ...)
      - pattern-not: eval("...")
      - pattern-not-inside: |
          def test(): ...
    metadata:
      examples:
        - bad: eval(x)
        - good: eval("1 + 1")
  - id: tst-untested
    languages: [python]
    severity: ERROR
    message: x
    patterns: [{pattern: f($X)}, {pattern-not: f(1)}]
"#;

const TAINT: &str = r#"rules:
  - id: tst-shell
    languages: [python]
    severity: ERROR
    message: Data of the request becomes a command
    mode: taint
    pattern-sources: [{model: http-input}]
    pattern-sinks: [{pattern: os.system($X)}]
    pattern-sanitizers: [{pattern: shlex.quote(...)}, {pattern: int(...)}]
"#;

/// The clauses that no test notices, as `line clause`.
fn unnoticed(project: &Project, arguments: &[&str]) -> Vec<String> {
    let run = project.run(["rules", "mutate", "--format", "json"].iter().chain(arguments));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let clauses = json["clauses"].as_array().unwrap();
    let shown: Vec<_> = clauses
        .iter()
        .filter(|clause| clause["noticed"] == false)
        .map(|clause| format!("{} {}", clause["line"], clause["clause"].as_str().unwrap()))
        .collect();
    assert_eq!(json["n_unnoticed"], shown.len());
    assert_eq!(run.code, i32::from(!shown.is_empty()));
    shown
}

#[test]
fn a_clause_that_no_example_needs_is_told_with_its_place() {
    let project = Project::with(&[("r.yaml", RULES)]);
    let run = project.run(["rules", "mutate", "r.yaml"]).exits_with(1).prints(&[
        "unnoticed[tst-eval]: no test needs this branch of pattern-either",
        "--> r.yaml:9:22",
        "9 |           - pattern: exec($X, ...)",
        "unnoticed[tst-eval]: no test needs this pattern-not-inside",
        "--> r.yaml:11:9",
        "no test needs 2 of 4 clauses in 1 rule",
    ]);
    assert!(!run.stdout.contains("r.yaml:10:"), "{}", run.stdout);
    run.complains(&["note: 1 rule without a test that passes: left out"]);
    assert_eq!(unnoticed(&project, &["r.yaml"]), ["9 branch of pattern-either", "11 pattern-not-inside"]);
}

#[test]
fn code_beside_the_rule_counts_as_well() {
    let project = Project::with(&[("r.yaml", RULES)]);
    project.write("r.py", "# ruleid: tst-eval\nexec(x)\n\ndef test():\n    # ok: tst-eval\n    eval(x)\n");
    project.run(["rules", "mutate", "r.yaml", "--rule", "tst-eval"]).exits_with(0).prints(&["4 clauses in 1 rule: a test needs each"]);
    // What fails on the rule as it is notices nothing.
    project.write("r.py", "# ok: tst-eval\nexec(x)\n");
    let run = project.run(["rules", "mutate", "r.yaml"]).exits_with(1);
    run.complains(&["note: 1 test failing on the rules as they are"]);
    assert_eq!(unnoticed(&project, &["r.yaml"]).len(), 2);
}

#[test]
fn models_and_lists_of_taint_rules_are_clauses() {
    let project = Project::with(&[("r.yaml", TAINT)]);
    let code = "import os, shlex\nfrom flask import request\n\n# ruleid: tst-shell\nos.system(request.args[\"a\"])\n\
                # ok: tst-shell\nos.system(shlex.quote(request.args[\"a\"]))\n";
    project.write("r.py", code);
    assert_eq!(unnoticed(&project, &["r.yaml"]), ["9 sanitizer"]);
    project.write("r.py", format!("{code}# ok: tst-shell\nos.system(int(request.args[\"a\"]))\n"));
    assert!(unnoticed(&project, &["r.yaml"]).is_empty());
}

#[test]
fn rules_that_are_not_there_are_errors() {
    let project = Project::with(&[("r.yaml", RULES), ("token.yaml", crate::project::RULE)]);
    project.run(["rules", "mutate", "r.yaml", "--rule", "tst-evil"]).exits_with(2).complains(&["did you mean `tst-eval`?"]);
    project.run(["rules", "mutate", "token.yaml"]).exits_with(2).complains(&["error[no-rules]"]);
    project.run(["rules", "mutate"]).exits_with(2);
}
