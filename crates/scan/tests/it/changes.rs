//! What a change adds, and what was there before. The repositories are made by git itself.

use std::process::Command;

use bartizan_core::Severity;
use bartizan_scan::{Baseline, Flags, Outcome, Request, scan};
use bartizan_source::Input;

use crate::support::{Toy, Tree, diagnostics, findings, key, request};

/// A repository with one commit.
fn repository(files: &[(&str, &str)]) -> Tree {
    let tree = Tree::new(files);
    git(&tree, &["init", "-q", "-b", "main"]);
    git(&tree, &["add", "-A"]);
    git(&tree, &["commit", "-q", "-m", "first"]);
    tree
}

/// Runs git without anybody's configuration.
fn git(tree: &Tree, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(tree.path())
        .args(["-c", "user.name=test", "-c", "user.email=test@example.invalid"])
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", tree.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn since(tree: &Tree, flags: Flags) -> Outcome {
    let input = Input::Since { root: tree.path().to_owned(), revision: "HEAD".to_owned() };
    scan(Request { flags, ..request(input, Toy::default()) }, &()).unwrap()
}

fn staged(tree: &Tree) -> Outcome {
    scan(request(Input::Staged(tree.path().to_owned()), Toy::default()), &()).unwrap()
}

const BLOCK_HIGH: Flags = Flags { fail_on: Some(Severity::High), min_severity: None, min_confidence: None };

#[test]
fn findings_on_added_lines_are_new_and_they_alone_fail() {
    let tree = repository(&[("a", "hunter1\nline\n"), ("b", "hunter2\n"), ("c", "hunter3")]);
    tree.write("a", "hunter1\nline\nmore\n");
    let outcome = since(&tree, BLOCK_HIGH);
    assert_eq!(findings(&outcome.report), ["high weak-password a:1 <unchanged>"]);
    assert!(outcome.has_changes);
    assert_eq!(outcome.failing().count(), 0);

    tree.write("b", "hunter2\ngeheim1\n");
    tree.write("d", "hunter1");
    let outcome = since(&tree, BLOCK_HIGH);
    let expected = ["high named-password b:2 <new>", "high weak-password a:1,d:1 <new>", "high weak-password b:1 <unchanged>"];
    assert_eq!(findings(&outcome.report), expected);
    assert_eq!(outcome.failing().count(), 2);
}

#[test]
fn a_suppression_that_the_change_adds_is_shown() {
    let tree = repository(&[
        (".bartizan/config.yaml", "suppressions:\n  - {rule: eval-used, reason: old}\n"),
        ("a", "hunter1 # bartizan:ignore[weak-password] long ago\n"),
    ]);
    tree.write(
        ".bartizan/config.yaml",
        "suppressions:\n  - {rule: eval-used, reason: old}\n  - {rule: named-password, reason: brand new}\n",
    );
    tree.write("a", "hunter1 # bartizan:ignore[weak-password] long ago\neval(\ngeheim1\nhunter2 # gitleaks:allow\n");
    let expected = [
        "high named-password a:3 {configuration: brand new added} <new>",
        "high weak-password a:1 {bartizan:ignore[weak-password]: long ago} <unchanged>",
        "high weak-password a:4 {gitleaks:allow:  added} <new>",
        "low eval-used a:2 {configuration: old} <new>",
    ];
    assert_eq!(findings(&since(&tree, BLOCK_HIGH).report), expected);
    assert_eq!(since(&tree, BLOCK_HIGH).failing().count(), 0);
}

#[test]
fn what_the_change_leaves_out_is_said_to_be_new() {
    let tree = repository(&[("a", "line\n")]);
    tree.write("a", "line\neval(\n");
    tree.write(".bartizan/config.yaml", "disable-rules: [eval-used]\nexclude: [b]\n");
    let outcome = since(&tree, Flags::default());
    assert_eq!(findings(&outcome.report), [""; 0]);
    assert_eq!(
        diagnostics(&outcome.report),
        [
            "note policy .bartizan/config.yaml:1 the repository leaves out findings of the rule `eval-used`: 1; this change adds the line",
            "note policy .bartizan/config.yaml:2 the repository leaves out files: `b`; this change adds the line",
        ]
    );
}

#[test]
fn what_is_staged_is_scanned_as_it_is_staged() {
    let tree = repository(&[("a", "line\n"), ("b", "hunter2\n")]);
    tree.write("a", "line\nhunter1\n");
    git(&tree, &["add", "a"]);
    tree.write("a", "line\n");
    tree.write("c", "hunter3");
    assert_eq!(findings(&staged(&tree).report), ["high weak-password a:2 <new>"]);
}

#[test]
fn a_known_finding_on_a_changed_line_is_not_new() {
    let tree = repository(&[("a", "line\n")]);
    tree.write("a", "hunter1\nhunter2\n");
    let first = since(&tree, BLOCK_HIGH);
    let mut known = first.report.clone();
    known.findings.truncate(1);
    let baseline = Baseline::of(&known, &key());
    let input = Input::Since { root: tree.path().to_owned(), revision: "HEAD".to_owned() };
    let outcome = scan(Request { baseline: Some(&baseline), flags: BLOCK_HIGH, ..request(input, Toy::default()) }, &()).unwrap();
    assert_eq!(findings(&outcome.report), ["high weak-password a:1 {baseline: } <unchanged>", "high weak-password a:2 <new>"]);
    assert_eq!((outcome.n_fixed, outcome.failing().count()), (None, 1));
}

#[test]
fn of_marks_that_suppress_nothing_a_change_shows_those_that_it_touches() {
    let mark = "# bartizan:ignore[weak-password] r\n";
    let tree = repository(&[("a", &format!("{mark}\nline\n")), ("b", mark)]);
    tree.write("a", &format!("{mark}\nline\nmore {mark}"));
    let expected = ["note suppression a:4 `bartizan:ignore[weak-password]` suppresses nothing"];
    assert_eq!(diagnostics(&since(&tree, Flags::default()).report), expected);
    git(&tree, &["add", "-A"]);
    assert_eq!(diagnostics(&staged(&tree).report), expected);
}
