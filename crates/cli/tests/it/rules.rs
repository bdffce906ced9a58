use crate::project::{Project, RULE};

const BROKEN: &str = r#"id: Not An Id
title: ""
provider: ""
severity: terrible
cwe: [seven]
why: ""
revoke: ""
references: [http://example.com]
keywords: [x]
pattern: '(unclosed'
proof: no-such-proof
allow: ['[']
bad: []
good: []
"#;

#[test]
fn everything_that_is_wrong_with_a_rule_file_is_said_at_once_with_its_place() {
    let project = Project::with(&[("broken.yaml", BROKEN)]);
    let run = project.run(["rules", "lint", "broken.yaml"]).exits_with(2);
    for (line, key) in BROKEN.lines().enumerate().map(|(index, line)| (index + 1, line.split(':').next().unwrap())) {
        assert!(run.stderr.contains(&format!("broken.yaml:{line}:")), "line {line}, {key}:\n{}", run.stderr);
    }
    assert!(run.stderr.contains("error[rule]:"));
    assert_eq!(run.stdout, "");
}

#[test]
fn programs_read_what_is_wrong_with_rule_files() {
    let gitleaks = "title = 'x'\nunknown = 1\n[[rules]]\nid = 'a'\ndescription = 'A.'\nregex = 'a_[a-z]{8}'\nkeywords = ['a_']\n";
    let project = Project::with(&[("rules/broken.yaml", BROKEN), ("rules/g.toml", gitleaks), ("rules/right.yaml", RULE)]);
    let run = project.run(["rules", "lint", "--format", "json", "rules"]).exits_with(2);
    assert_eq!(run.stderr, "");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["n_rules"], &json["n_files"], &json["n_warnings"]), (&2.into(), &3.into(), &1.into()));
    let problems = json["problems"].as_array().unwrap();
    let of_level = |level: &str| problems.iter().filter(|problem| problem["level"] == level).count();
    assert_eq!((of_level("error"), of_level("warning")), (json["n_errors"].as_u64().unwrap().try_into().unwrap(), 1));
    for line in 1..=BROKEN.lines().count() {
        assert!(problems.iter().any(|problem| problem["file"] == "rules/broken.yaml" && problem["line"] == line), "line {line}");
    }
    let warning = problems.iter().find(|problem| problem["level"] == "warning").unwrap();
    assert_eq!((&warning["file"], &warning["line"], &warning["kind"]), (&"rules/g.toml".into(), &2.into(), &"rule".into()));

    let run = project.run(["rules", "lint", "--format", "json", "rules/right.yaml"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["n_rules"], &json["problems"]), (&1.into(), &serde_json::json!([])));
    project.run(["rules", "lint", "--format", "json", "nowhere.yaml"]).exits_with(2).prints(&["\"unreadable\""]);
}

#[test]
fn values_of_a_wrong_type_do_not_hide_what_else_is_wrong_with_a_rule_file() {
    let content = "id: Bad Id\ntitle: [x]\nprovider: {a: b}\nseverity: awful\ncwe: CWE-1\nwhy: Something.\nnonsense: 1\nkeywords: 7\npattern: '('\n\
                   boundary: sideways\nentropy: much\nbad:\n- one\ngood: x\n";
    let project = Project::with(&[("broken.yaml", content)]);
    let run = project.run(["rules", "lint", "broken.yaml"]).exits_with(2);
    for line in [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14] {
        assert!(run.stderr.contains(&format!("broken.yaml:{line}:")), "line {line}:\n{}", run.stderr);
    }
    // One is missing; the others are there, and can't be read.
    assert!(run.stderr.contains("`revoke`: is missing"));
    assert!(!run.stderr.contains("`title`") && !run.stderr.contains("`keywords`"), "{}", run.stderr);
}

#[test]
fn a_scan_with_a_broken_rule_file_does_not_start() {
    let project = Project::with(&[("broken.yaml", BROKEN)]);
    let run = project.run(["scan", "--rules", "broken.yaml"]).exits_with(2);
    assert!(run.stderr.contains("--> broken.yaml:"));
}

#[test]
fn yaml_that_is_no_rule_is_an_error_with_line_and_column() {
    let project = Project::new();
    for (content, place, text) in [
        ("id: [", "r.yaml:", ""),
        ("- 1\n- 2\n", "r.yaml:1:1", ""),
        ("id: x\nunknown: 1\n", "r.yaml:", "unknown"),
        ("", "r.yaml:1:1", ""),
        ("a: &a [*a]\n", "r.yaml:", ""),
    ] {
        project.write("r.yaml", content);
        project.run(["rules", "lint", "r.yaml"]).exits_with(2).complains(&["error[rule]", place, text]);
    }
}

#[test]
fn right_rules_pass_lint_and_test() {
    let project = Project::with(&[("rules/test-token.yaml", RULE)]);
    project.run(["rules", "lint", "rules"]).exits_with(0).prints(&["1 rule in 1 file: nothing wrong"]);
    project.run(["rules", "test", "rules"]).exits_with(0).prints(&["3 examples: all as they should be"]);
}

#[test]
fn an_example_that_is_judged_wrongly_fails_the_test() {
    let project = Project::with(&[("r.yaml", &RULE.replace("<<hex:31>>", "<<hex:32>>"))]);
    project.run(["rules", "test", "r.yaml"]).exits_with(1).prints(&["failed[test-token]:", "--> r.yaml", "1 example of 3 failed"]);
}

#[test]
fn rules_that_cannot_be_read_are_errors() {
    let project = Project::with(&[("empty/readme.md", "no rules"), ("rule.txt", RULE)]);
    for (path, texts) in [
        ("nowhere.yaml", &["error[unreadable]: can't read `nowhere.yaml`", "check the spelling"][..]),
        ("empty", &["error[no-rules]: no rule file in `empty`", ".yaml, .yml, .toml or .rego"]),
        ("rule.txt", &["error[no-rules]: `rule.txt` is no rule file"]),
    ] {
        project.run(["rules", "lint", path]).exits_with(2).complains(texts);
        project.run(["scan", "--rules", path]).exits_with(2).complains(texts);
    }
    project.write("bytes.yaml", b"id: \xff");
    project.run(["rules", "lint", "bytes.yaml"]).exits_with(2).complains(&["error[not-utf-8]", "byte 4"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_rule_file_does_not_block() {
    let project = Project::new();
    assert!(std::process::Command::new("mkfifo").arg(project.path("r.yaml")).status().unwrap().success());
    project.run(["rules", "lint", "r.yaml"]).exits_with(2).complains(&["`r.yaml` is no regular file"]);
}

#[test]
fn rules_are_listed_and_filtered() {
    let project = Project::with(&[("r.yaml", RULE)]);
    project.run(["rules", "list", "--rules", "r.yaml", "test-token"]).exits_with(0).prints(&[
        "Tests\n",
        "test-token",
        "Token of the tests",
    ]);
    let list = |arguments: &[&str]| {
        let run = project.run(["rules", "list", "--rules", "r.yaml", "--format", "json"].iter().chain(arguments)).exits_with(0);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        json["rules"].as_array().unwrap().clone()
    };
    assert!(1 < list(&[]).len());
    let chosen = list(&["--provider", "tests", "--severity", "high", "token"]);
    assert_eq!(chosen.len(), 1);
    assert_eq!((&chosen[0]["id"], &chosen[0]["severity"]), (&"test-token".into(), &"high".into()));
    assert!(list(&["--provider", "tests", "--severity", "low"]).is_empty());
}

#[test]
fn a_rule_is_explained_with_masked_examples() {
    let project = Project::with(&[("r.yaml", RULE)]);
    let run = project.run(["explain", "test-token", "--rules", "r.yaml"]).exits_with(0).prints(&[
        "test-token  high",
        "Why it matters",
        "Whoever has it can run the tests.",
        "Delete it. Then look at the log.",
        "token = \"tst_********************************\"",
        "bartizan:ignore[test-token]",
    ]);
    assert!(!run.stdout.contains("<<"));
    project.run(["rules", "show", "test-token", "--rules", "r.yaml"]).exits_with(0).prints(&["provider", "r.yaml"]);
}

/// Configuration of gitleaks with one rule, which the built-in rules know nothing of.
const GITLEAKS: &str = r#"
title = "Demo"
unknown = 1
[[rules]]
id = "demo"
description = "Demo token."
regex = '''demo_[a-z]{8}'''
keywords = ["demo_"]
"#;

#[test]
fn configuration_of_gitleaks_takes_the_place_of_the_built_in_rules() {
    let project =
        Project::with(&[("g.toml", GITLEAKS), ("a.txt", "x demo_abcdefgh\ny demo_hijklmno # gitleaks:allow\n"), (".htpasswd", "user:x\n")]);
    let run = project.run(["scan", "--rules", "g.toml"]).exits_with(0).prints(&["high[demo]: Demo token", "--> a.txt:1:3", "1 high\n"]);
    assert!(!run.stdout.contains(".htpasswd") && !run.stdout.contains("demo_abcdefgh"), "{}", run.stdout);
    project.run(["scan", "--rules", "g.toml", "--built-in-rules"]).exits_with(0).prints(&["high[demo]", "--> .htpasswd"]);

    project.write(".gitleaksignore", "# known\na.txt:demo:1\n");
    project.run(["scan", "--rules", "g.toml", "--fail-on", "low"]).exits_with(0);
    project.run(["scan", "--rules", "g.toml", "--fail-on", "low", "--no-repo-config"]).exits_with(1);
}

#[test]
fn configuration_of_gitleaks_is_checked_and_listed() {
    let project = Project::with(&[("g.toml", GITLEAKS)]);
    let run = project.run(["rules", "lint", "g.toml"]).exits_with(0).prints(&["1 rule in 1 file: 1 warning"]);
    run.complains(&["warning[rule]:", "--> g.toml:3:1", "3 | unknown = 1"]);
    project.run(["rules", "list", "--rules", "g.toml", "demo"]).exits_with(0).prints(&["gitleaks", "demo", "Demo token"]);

    project.write("broken.toml", GITLEAKS.replace("[a-z]{8}", "[a-z{8}"));
    for command in [&["rules", "lint", "broken.toml"][..], &["scan", "--rules", "broken.toml"]] {
        project.run(command).exits_with(2).complains(&["error[rule]: rule `demo`:", "--> broken.toml:7:"]);
    }
    project.write("broken.toml", "title = [\n");
    project.run(["rules", "lint", "broken.toml"]).exits_with(2).complains(&["--> broken.toml:1:"]);
}

#[test]
fn the_defaults_of_gitleaks_are_the_callers() {
    let extending = "[extend]\nuseDefault = true\n";
    let project = Project::with(&[("g.toml", extending), ("defaults.toml", GITLEAKS), ("a.txt", "x demo_abcdefgh\n")]);
    project.run(["scan", "--rules", "g.toml"]).exits_with(2).complains(&["--> g.toml:2:1", "useDefault"]);
    let run = project.run(["scan", "--rules", "g.toml", "--gitleaks-defaults", "defaults.toml"]);
    run.exits_with(0).prints(&["high[demo]"]);
}

/// A policy of Checkov: buckets have an owner.
const POLICY: &str = "metadata:
  id: CKV2_OWN_1
  name: Buckets have an owner
  category: GENERAL_SECURITY
  severity: HIGH
definition:
  cond_type: attribute
  resource_types: [aws_s3_bucket]
  attribute: tags.owner
  operator: exists
";

#[test]
fn policies_of_checkov_run_beside_the_built_in_rules() {
    let broken = POLICY.replace("exists", "exist").replace("OWN_1", "OWN_2");
    let bucket = "resource \"aws_s3_bucket\" \"a\" {\n  acl = \"public-read\"\n}\n";
    let project = Project::with(&[("policies/good.yaml", POLICY), ("policies/broken.yaml", &broken), ("code/main.tf", bucket)]);
    let run = project.run(["scan", "--only", "iac", "--format", "json", "--rules", "policies", "code"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rules: Vec<&str> = json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert!(rules.contains(&"CKV2_OWN_1"), "{rules:?}");
    assert!(1 < rules.len(), "the built-in rules did not run: {rules:?}");
    assert!(run.stdout.contains("`operator`: unknown operator `exist`: did you mean `exists`?"), "{}", run.stdout);

    // A file that is named itself has to be right.
    let run = project.run(["scan", "--rules", "policies/broken.yaml", "code"]).exits_with(2);
    assert!(run.stderr.contains("policies/broken.yaml:10:13"), "{}", run.stderr);
    project.run(["rules", "lint", "policies/good.yaml"]).exits_with(0).prints(&["1 rule in 1 file: nothing wrong"]);
    project.run(["rules", "lint", "policies"]).exits_with(2);
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: app:latest
";

#[test]
fn policies_in_rego_run_as_they_are() {
    let of_conftest = "package main\n\ndeny[msg] {\n  some i\n  container := input.spec.template.spec.containers[i]\n  \
        endswith(container.image, data.forbidden)\n  msg := sprintf(\"no version: '%s'\", [container.name])\n}\n";
    let of_trivy = "# METADATA\n# title: Own check\n# custom:\n#   id: OWN-0001\n#   severity: HIGH\n#   input:\n#     selector:\n\
        #     - type: kubernetes\npackage user.own\n\nimport rego.v1\nimport data.lib.names\n\ndeny contains res if {\n\
        \tsome container in names.containers\n\tres := result.new(sprintf(\"container %s\", [container.name]), container)\n}\n";
    let library = "package lib.names\n\nimport rego.v1\n\ncontainers := input.spec.template.spec.containers\n";
    let project = Project::with(&[
        ("conftest/images.rego", of_conftest),
        ("conftest/data.yaml", "forbidden: ':latest'\n"),
        ("conftest/broken.rego", "package main\n\nwarn[msg] {\n  msg := ]\n}\n"),
        ("trivy/checks/k8s/own.rego", of_trivy),
        ("trivy/lib/names.rego", library),
        ("deploy/web.yaml", DEPLOYMENT),
    ]);
    let run = project.run(["scan", "--only", "iac", "--format", "json", "--rules", "conftest", "--rules", "trivy/checks/k8s", "deploy"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let line_of = |rule: &str| {
        let found = json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule);
        found.map(|finding| finding["location"]["region"]["start_line"].as_u64())
    };
    assert_eq!(line_of("images.deny"), Some(Some(9)), "{}", run.stdout);
    assert_eq!(line_of("OWN-0001"), Some(Some(9)), "{}", run.stdout);
    assert!(run.stdout.contains("broken.rego"), "{}", run.stdout);

    let run = project.run(["scan", "--rules", "conftest/broken.rego", "deploy"]).exits_with(2);
    assert!(run.stderr.contains("conftest/broken.rego:3"), "{}", run.stderr);
}

#[test]
fn policies_in_rego_are_tested() {
    let policy = "package main\n\ndeny[msg] {\n  input.kind == \"Pod\"\n  msg := \"no pods\"\n}\n";
    let tests = "package main\n\ntest_pods_are_denied {\n  deny[\"no pods\"] with input as {\"kind\": \"Pod\"}\n}\n\n\
        test_jobs_are_not {\n  count(deny) == 0 with input as {\"kind\": \"Job\"}\n}\n";
    let project = Project::with(&[("policy/p.rego", policy), ("policy/p_test.rego", tests), ("empty/p.rego", policy)]);
    project.run(["policy", "test", "policy"]).exits_with(0).prints(&["2 tests: all as they should be"]);
    project.write("policy/q_test.rego", "package main\n\ntest_wrong {\n  deny[\"x\"] with input as {}\n}\n");
    project.run(["policy", "test", "policy"]).exits_with(1).prints(&[
        "failed[main.test_wrong]",
        "policy/q_test.rego:3",
        "1 test of 3 failed",
    ]);
    let run = project.run(["policy", "test", "--format", "json", "policy"]).exits_with(1);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((json["n_tests"].as_u64(), json["n_failed"].as_u64()), (Some(3), Some(1)));
    project.run(["policy", "test", "empty"]).exits_with(2);
    project.run(["policy", "test", "nowhere"]).exits_with(2);
}

#[test]
fn queries_of_kics_run_as_they_are() {
    let library = "package generic.common\n\nis_open(bucket) {\n\tbucket.acl == data.words.open\n}\n";
    let metadata =
        r#"{"id": "0a", "queryName": "Bucket is open", "severity": "HIGH", "platform": "Terraform", "descriptionText": "Anyone."}"#;
    let query = "package Cx\n\nimport data.generic.common as lib\n\nCxPolicy[result] {\n\tlib.is_open(input.document[i].resource.bucket[name])\n\
        \tresult := {\n\t\t\"documentId\": input.document[i].id,\n\t\t\"searchKey\": sprintf(\"bucket[%s].acl\", [name]),\n\
        \t\t\"issueType\": \"IncorrectValue\",\n\t\t\"keyExpectedValue\": \"private\",\n\t\t\"keyActualValue\": \"public\",\n\t}\n}\n";
    let project = Project::with(&[
        ("assets/libraries/common.rego", library),
        ("assets/libraries/common.json", "{\"words\": {\"open\": \"public-read\"}}"),
        ("assets/queries/terraform/open/metadata.json", metadata),
        ("assets/queries/terraform/open/query.rego", query),
        ("assets/queries/terraform/open/test/positive.yaml", "id: x\ntitle: y\n"),
        ("alone/metadata.json", metadata),
        ("alone/query.rego", query),
        ("code/main.tf", "resource \"bucket\" \"logs\" {\n  acl = \"public-read\"\n}\n"),
    ]);
    // The libraries are found above the query, too.
    for rules in ["assets", "assets/queries/terraform/open", "assets/queries/terraform/open/query.rego"] {
        let run = project.run(["scan", "--only", "iac", "--format", "json", "--rules", rules, "code"]);
        assert!(run.stdout.contains("\"kics:0a\"") && run.stdout.contains("public; expected: private"), "{rules}: {}", run.stdout);
    }
    let run = project.run(["scan", "--only", "iac", "--format", "json", "--rules", "alone", "code"]);
    assert!(run.stdout.contains("need the library `common.rego`"), "{}", run.stdout);
}
