//! What the engine for code sees in files.

use crate::project::Project;

const APP: &str = "from flask import request as r\nfrom store import put\n\ndef handler():\n    put(r.args['a'])\n    print('x')\n";
const STORE: &str = "def put(x):\n    run(x)\n\ndef same(x):\n    return x\n";
const RULES: &str = r#"rules:
  - id: tst-run
    languages: [python]
    severity: ERROR
    message: x
    mode: taint
    pattern-sources: [{pattern: flask.request.args}]
    pattern-sinks: [{pattern: run(...)}]
"#;

fn project() -> Project {
    Project::with(&[("src/app.py", APP), ("src/store.py", STORE), ("src/notes.md", "# Notes\n"), ("r.yaml", RULES)])
}

fn json(project: &Project, arguments: &[&str]) -> serde_json::Value {
    let run = project.run(["debug"].iter().chain(arguments).chain(&["--format", "json"])).exits_with(0);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn trees_are_shown_with_places() {
    let project = project();
    let run = project
        .run(["debug", "ast", "src/app.py"])
        .exits_with(0)
        .prints(&["(module [1:1 - 7:1]\n", "      function: (identifier [6:5 - 6:10] \"print\")\n"]);
    assert!(!run.stdout.contains("(\"(\""), "{}", run.stdout);
    assert_eq!(run.stdout.matches('(').count(), run.stdout.matches(')').count(), "{}", run.stdout);
    project.run(["debug", "ast", "src/app.py", "--verbose"]).exits_with(0).prints(&["(\"(\" [4:12 - 4:13])"]);
    let nodes = json(&project, &["ast", "src/app.py"]);
    assert_eq!((&nodes["language"], &nodes["nodes"][0]["kind"]), (&"python".into(), &"module".into()));

    project
        .run(["debug", "ir", "src/app.py"])
        .exits_with(0)
        .prints(&["(name \"r\" [5:9 - 5:10])  ; import 1:19, stands for flask.request"]);
    let nodes = json(&project, &["ir", "src/app.py"]);
    assert!(nodes["nodes"].as_array().unwrap().iter().any(|node| node["paths"] == serde_json::json!(["flask.request"])));
}

#[test]
fn what_is_no_code_has_no_tree() {
    let project = project();
    project.run(["debug", "ast", "src/notes.md"]).exits_with(2).complains(&["error[no-tree]: `src/notes.md`", "of no language"]);
    project.run(["debug", "ir", "src"]).exits_with(2).complains(&["error[not-a-file]"]);
    project.run(["debug", "ir", "src/none.py"]).exits_with(2).complains(&["src/none.py"]);
    project.write("bytes.py", [0_u8, 1, 2, 3]);
    project.run(["debug", "ir", "bytes.py"]).exits_with(2).complains(&["error[no-text]"]);
}

#[test]
fn calls_are_followed_into_other_files() {
    let project = project();
    let text =
        "src/app.py\n  4:1  handler\n    5:5  put → put at src/store.py:1:1\n    6:5  print → nothing in these files\nsrc/store.py\n";
    project.run(["debug", "callgraph", "src"]).exits_with(0).prints(&[text]);
    // Alone, the file knows nothing of the other one.
    project.run(["debug", "callgraph", "src/app.py"]).exits_with(0).prints(&["put → nothing in these files"]);
    let graph = json(&project, &["callgraph", "src/app.py", "src/store.py"]);
    assert_eq!(graph["calls"][0]["callees"], serde_json::json!([1]));
    assert_eq!(graph["functions"][1]["file"], "src/store.py");
}

#[test]
fn summaries_say_what_goes_where() {
    let project = project();
    let summaries = ["debug", "summaries", "src", "--rules", "r.yaml"];
    project.run(summaries).exits_with(0).prints(&[
        "  4:1  handler()\n    lets nothing through\n",
        "  1:1  put(x)\n    parameter x → sink of tst-run at src/store.py:2:5\n",
        "  4:1  same(x)\n    parameter x → return\n",
    ]);
    let functions = json(&project, &["summaries", "src", "--rules", "r.yaml"]);
    assert_eq!(functions["functions"][1]["flows"][0]["to"]["rule"], "tst-run");
    project.run(summaries.iter().chain(&["--rule", "tst-ran"])).exits_with(2).complains(&["did you mean `tst-run`?"]);
}

fn check_lines(command: &[&str], input: &str, output: &str) {
    let run = project().run_on_input(input.as_bytes(), ["debug"].iter().chain(command)).exits_with(0);
    assert_eq!(run.stdout, output);
}

#[test]
fn package_urls_are_answered_line_by_line() {
    check_lines(
        &["purl"],
        "pkg:PyPI/Some_Name@1.0\r\nnpm/a\npkg:npm/@x/a",
        "pkg:pypi/some-name@1.0\nerror: a package URL starts with `pkg:`\npkg:npm/%40x/a\n",
    );
    check_lines(
        &["purl"],
        concat!(
            r#"{"op":"build","input":{"type":"npm","namespace":"@x","name":"a","qualifiers":{"b":"c"}}}"#,
            "\n",
            r#"{"op":"parse","input":"pkg:npm/a@1"}"#,
            "\n",
            r#"{"op":"other","input":""}"#,
            "\n"
        ),
        concat!(
            r#"{"ok":true,"output":"pkg:npm/%40x/a?b=c"}"#,
            "\n",
            r#"{"ok":true,"output":{"name":"a","namespace":null,"qualifiers":{},"subpath":null,"type":"npm","version":"1"}}"#,
            "\n",
            r#"{"error":"unknown variant `other`, expected one of `parse`, `build`, `validate` at line 1 column 13","ok":false}"#,
            "\n"
        ),
    );
}

#[test]
fn versions_are_compared_line_by_line() {
    check_lines(&["version-compare"], "Debian:12\t1.0~rc1\t1.0\nnpm\t1.0.0+a\t1.0.0\nmaven\t1.0-1\t1.0\n", "<\n=\n>\n");
    project()
        .run_on_input(b"Atari\t1\t2\nnpm\t1\nnpm\t1\t2\n", ["debug", "version-compare"])
        .exits_with(2)
        .prints(&["error\nerror\n<\n"])
        .complains(&["line 1: no versions are known of `Atari`", "line 2: a line is an ecosystem and two versions"]);
}

#[test]
fn advisories_are_matched_line_by_line() {
    let project = project();
    project.write("db/a/TST-1.json", r#"{"id": "TST-1", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.0"}]}], "versions": ["3.0.0"]}]}"#);
    project.write("db/TST-2.yaml", "id: TST-2\naffected:\n- package: {ecosystem: npm, name: a}\n  versions: ['0.1.0']\n");
    project.write("db/broken.json", "{");
    project.write("db/README.md", "# Nothing\n");
    let questions = [("a", "0.1.0"), ("a", "3.0.0"), ("b", "0.1.0")]
        .map(|(name, version)| format!(r#"{{"ecosystem":"npm","name":"{name}","version":"{version}"}}"#))
        .join("\n");
    project
        .run_on_input(questions.as_bytes(), ["debug", "match", "--from", "db"])
        .exits_with(0)
        .prints(&["{\"ids\":[\"TST-1\",\"TST-2\"]}\n{\"ids\":[\"TST-1\"]}\n{\"ids\":[]}\n"])
        .complains(&["`db/broken.json`: this is no record of an advisory", "1 file left out"]);
    project
        .run_on_input(questions.as_bytes(), ["debug", "match", "--from", "db", "--ranges-only"])
        .exits_with(0)
        .prints(&["{\"ids\":[\"TST-1\"]}\n{\"ids\":[]}\n{\"ids\":[]}\n"]);
    project.run(["debug", "match", "--from", "none"]).exits_with(2).complains(&["can't read `none`"]);
}
