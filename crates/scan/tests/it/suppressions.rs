//! Who suppresses what, and whether it is said.

use bartizan_scan::{Policy, Request, scan};

use crate::support::{Toy, Tree, diagnostics, findings};

fn check_with(policy: &str, files: &[(&str, &str)], expected_findings: &[&str], expected_diagnostics: &[&str]) {
    let tree = Tree::new(files);
    let policy = Policy::read("policy.yaml", policy.as_bytes()).unwrap();
    let report = scan(Request { policy, ..tree.request(Toy::default()) }, &()).unwrap().report;
    assert_eq!(findings(&report), expected_findings);
    assert_eq!(diagnostics(&report), expected_diagnostics);
}

fn check(files: &[(&str, &str)], expected_findings: &[&str], expected_diagnostics: &[&str]) {
    check_with("", files, expected_findings, expected_diagnostics);
}

#[test]
fn a_mark_with_its_reason_suppresses_in_its_place_alone() {
    check(
        &[("a", "hunter1 # bartizan:ignore[weak-password] revoked, was hunter1\n"), ("b", "hunter1\n")],
        &["high weak-password a:1,a:1 {bartizan:ignore[weak-password]: revoked, was ****}", "high weak-password b:1"],
        &[],
    );
}

#[test]
fn marks_with_the_same_reason_are_one_finding() {
    let text = "hunter1 # bartizan:ignore[weak-password] fixture\n";
    check(&[("a", text), ("b", text)], &["high weak-password a:1,b:1 {bartizan:ignore[weak-password]: fixture}"], &[]);
}

#[test]
fn a_mark_without_a_reason_is_honored_and_one_without_a_rule_is_not() {
    check(
        &[("a", "hunter1 # bartizan:ignore[weak-password]\nhunter2 # bartizan:ignore\n")],
        &["high weak-password a:1 {bartizan:ignore[weak-password]: }", "high weak-password a:2"],
        &[
            "note suppression a:1 `bartizan:ignore[weak-password]` gives no reason",
            "note suppression a:2 `bartizan:ignore` names no rule and is not honored",
        ],
    );
}

#[test]
fn the_policy_decides_about_marks() {
    let files = [("a", "hunter1 # bartizan:ignore[weak-password]\nhunter2 # gitleaks:allow\neval( # bartizan:ignore[eval-used] fine\n")];
    check_with(
        "trust: {inline-without-reason: false, foreign-marks: false}\n",
        &files,
        &["high weak-password a:1", "high weak-password a:2", "low eval-used a:3 {bartizan:ignore[eval-used]: fine}"],
        &["note suppression a:1 `bartizan:ignore[weak-password]` gives no reason and is not honored"],
    );
    check_with(
        "trust: {inline-suppressions: false}\n",
        &files,
        &["high weak-password a:1", "high weak-password a:2 {gitleaks:allow: }", "low eval-used a:3"],
        &[],
    );
    check_with(
        "allow: {suppress: [weak-password]}\n",
        &files,
        &["high weak-password a:1 {bartizan:ignore[weak-password]: }", "high weak-password a:2 {gitleaks:allow: }", "low eval-used a:3"],
        &[
            "note suppression a:1 `bartizan:ignore[weak-password]` gives no reason",
            "note policy a:3 the policy does not let the repository suppress findings of `eval-used`",
        ],
    );
}

#[test]
fn without_the_repository_s_configuration_nothing_in_the_tree_suppresses() {
    let tree = Tree::new(&[
        (".bartizan/config.yaml", "exclude: [b]\nsuppressions: [{rule: weak-password, reason: r}]\n"),
        ("a", "hunter1 # bartizan:ignore[weak-password] x\nhunter2 # gitleaks:allow\n"),
        ("b", "hunter3"),
    ]);
    let report = scan(Request { use_repository_config: false, ..tree.request(Toy::default()) }, &()).unwrap().report;
    assert_eq!(findings(&report), ["high weak-password a:1", "high weak-password a:2", "high weak-password b:1"]);
    assert_eq!(diagnostics(&report), [""; 0]);
}

#[test]
fn entries_of_the_configuration_suppress_by_rule_path_and_fingerprint() {
    let tree = Tree::new(&[("tests/a", "hunter1"), ("b", "hunter2"), ("c", "hunter3")]);
    let fingerprint = tree.scan().report.findings[0].fingerprint;
    tree.write(
        ".bartizan/config.yaml",
        &format!("suppressions:\n  - {{rule: weak-password, path: tests/, reason: invented}}\n  - {{fingerprint: {fingerprint}, reason: revoked}}\n"),
    );
    assert_eq!(
        findings(&tree.scan().report),
        [
            "high weak-password b:1 {configuration: revoked}",
            "high weak-password c:1",
            "high weak-password tests/a:1 {configuration: invented}"
        ]
    );
}

#[test]
fn entries_that_are_over_or_useless_are_said() {
    check(
        &[
            (
                ".bartizan/config.yaml",
                "suppressions:\n  - {rule: weak-password, reason: r, expires: 2026-05-31}\n  - {rule: weak-password, path: zzz, reason: r}\n  - {rule: weak-pasword, reason: r}\n  - {rule: weak-password, reason: r, path: b, expires: 2026-06-01}\n",
            ),
            ("a", "hunter1"),
            ("b", "hunter2"),
        ],
        &["high weak-password a:1", "high weak-password b:1 {configuration: r}"],
        &[
            "note suppression .bartizan/config.yaml:2 this suppression has ended on 2026-05-31",
            "note suppression .bartizan/config.yaml:3 this suppression suppresses nothing",
            "note suppression .bartizan/config.yaml:4 no rule of this scan has the id `weak-pasword`",
        ],
    );
}

#[test]
fn the_policy_may_suppress_what_the_repository_may_not() {
    check_with(
        "allow: {suppress: false}\nsuppressions: [{rule: weak-password, path: a, reason: accepted}]\n",
        &[(".bartizan/config.yaml", "suppressions: [{rule: weak-password, reason: r}]\n"), ("a", "hunter1"), ("b", "hunter2")],
        &["high weak-password a:1 {configuration: accepted}", "high weak-password b:1"],
        &["note policy .bartizan/config.yaml:1 the policy does not let the repository suppress findings of `weak-password`"],
    );
}

#[test]
fn marks_that_suppress_nothing_are_said() {
    let unused = "# bartizan:ignore[weak-password] gone\n\nx # bartizan:ignore[weak-password, eval-used]\n";
    check(
        &[
            ("a", unused),
            ("b", "eval( # bartizan:ignore[weak-password, eval-used] why\n"),
            ("c", "# bartizan:ignore[weak-password] two lines above\n\nhunter1\n"),
        ],
        &["high weak-password c:3", "low eval-used b:1 {bartizan:ignore[weak-password, eval-used]: why}"],
        &[
            "note suppression a:1 `bartizan:ignore[weak-password]` suppresses nothing",
            "note suppression a:3 `bartizan:ignore[weak-password, eval-used]` suppresses nothing",
            "note suppression b:1 `bartizan:ignore[weak-password, eval-used]` suppresses nothing of `weak-password`",
            "note suppression c:1 `bartizan:ignore[weak-password]` suppresses nothing",
        ],
    );
}

#[test]
fn nothing_is_said_of_marks_that_nobody_can_judge() {
    for (path, text) in [
        // Another engine's rule, beside one of ours that is used.
        ("a", "x # bartizan:ignore[unpinned-image] reason\nhunter1 # bartizan:ignore[weak-password, unpinned-image] r\n"),
        // Literals and examples speak of marks.
        ("a.rs", "check(\"x # bartizan:ignore[weak-password]\");\n"),
        ("a.md", "# `bartizan:ignore[weak-password]`\n\n    x # bartizan:ignore[weak-password]\n"),
        // It names no rule, it is no word, it is in no comment.
        ("a", "x # bartizan:ignore\nx # xbartizan:ignore[weak-password]\nbartizan:ignore[weak-password]\n"),
        // The engine does not look.
        ("a.skip", "x # bartizan:ignore[weak-password] r\n"),
        ("a.refuse", "x # bartizan:ignore[weak-password] r\n"),
        ("a", &format!("{} # bartizan:ignore[weak-password] r\n", "x".repeat(1 << 16))),
    ] {
        let report = Tree::new(&[(path, text)]).scan().report;
        let said: Vec<String> = diagnostics(&report).into_iter().filter(|said| said.contains(" suppression ")).collect();
        assert_eq!(said, [""; 0], "{path}: {text}");
    }
    check(
        &[("a.md", "<!-- bartizan:ignore[weak-password] r -->\n")],
        &[],
        &["note suppression a.md:1 `bartizan:ignore[weak-password]` suppresses nothing"],
    );
}

#[test]
fn of_one_file_a_hundred_marks_are_said() {
    let report = Tree::new(&[("a", &"# bartizan:ignore[weak-password] r\n\n".repeat(150))]).scan().report;
    assert_eq!(report.diagnostics.len(), 100);
}

#[test]
fn a_mark_is_judged_by_engines_that_came_to_an_end_and_may_be_honored() {
    let text = "# bartizan:ignore[weak-password] r\n\n";
    let tree = Tree::new(&[("a", &format!("{text}please panic"))]);
    assert_eq!(diagnostics(&tree.scan().report), ["incomplete engine-panic a the engine `secrets` failed in an unforeseen way"]);

    check_with("trust: {inline-suppressions: false}\n", &[("a", text)], &[], &[]);
    check_with("engines: {secrets: false}\n", &[("a", text)], &[], &[]);
    let tree = Tree::new(&[("a", text)]);
    let report = scan(Request { use_repository_config: false, ..tree.request(Toy::default()) }, &()).unwrap().report;
    assert_eq!(diagnostics(&report), [""; 0]);
}

#[test]
fn a_mark_for_what_settings_leave_out_is_in_use() {
    check_with(
        "disable-rules: [weak-password]\nmin-severity: high\n",
        &[("a", "hunter1 # bartizan:ignore[weak-password] r\neval( # bartizan:ignore[eval-used] r\n")],
        &[],
        &[],
    );
}
