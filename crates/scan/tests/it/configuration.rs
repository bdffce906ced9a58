//! What the repository's file and the policy change.

use bartizan_core::Severity;
use bartizan_scan::{Flags, Policy, Request, effective, scan};

use crate::support::{Toy, Tree, diagnostics, findings};

const FILE: &str = ".bartizan/config.yaml";

#[test]
fn whatever_the_repository_leaves_out_is_said() {
    let tree = Tree::new(&[
        (FILE, "exclude: [gen/]\ndisable-rules: [eval-used]\nmin-confidence: high\nfail-on: high\n"),
        ("a", "password=hunter1 eval( hunter2"),
        ("gen/b", "hunter3"),
    ]);
    let outcome = tree.scan();
    assert_eq!(findings(&outcome.report), ["high weak-password a:1"]);
    assert_eq!(outcome.fail_on, Some(Severity::High));
    assert_eq!(
        diagnostics(&outcome.report),
        [
            "note policy .bartizan/config.yaml:1 the repository leaves out files: `gen/`",
            "note policy .bartizan/config.yaml:2 the repository leaves out findings of the rule `eval-used`: 1",
            "note policy .bartizan/config.yaml:3 the repository leaves out findings below `min-confidence: high`: 1",
        ]
    );
}

#[test]
fn the_policy_keeps_the_repository_from_leaving_out() {
    let tree = Tree::new(&[(FILE, "exclude: [gen/]\nengines: {secrets: false}\n"), ("a", "hunter1"), ("gen/b", "hunter2")]);
    let policy = Policy::read("policy.yaml", b"allow: {exclude: false, disable-engines: false}\n").unwrap();
    let report = scan(Request { policy, ..tree.request(Toy::default()) }, &()).unwrap().report;
    assert_eq!(findings(&report), ["high weak-password a:1", "high weak-password gen/b:1"]);
    assert_eq!(
        diagnostics(&report),
        [
            "note policy .bartizan/config.yaml:1 the policy does not let the repository leave out files: `gen/`",
            "note policy .bartizan/config.yaml:2 the policy does not let the repository turn the engine `secrets` off",
        ]
    );
}

#[test]
fn an_engine_that_is_turned_off_does_not_run() {
    let tree = Tree::new(&[(FILE, "engines: {secrets: false}\n"), ("a", "hunter1")]);
    let toy = Toy::default();
    let report = scan(tree.request(toy.clone()), &()).unwrap().report;
    assert_eq!((findings(&report), toy.n_visits()), (Vec::new(), 0));
    assert_eq!(diagnostics(&report), ["note policy .bartizan/config.yaml:1 the repository turns the engine `secrets` off"]);
}

#[test]
fn a_file_with_errors_narrows_nothing() {
    let tree = Tree::new(&[(FILE, "exclude: [a]\nfail-on: hihg\nmin-severity: x\n"), ("a", "hunter1")]);
    let outcome = tree.scan();
    assert_eq!(findings(&outcome.report), ["high weak-password a:1"]);
    assert!(outcome.report.is_incomplete());
    assert_eq!(
        diagnostics(&outcome.report),
        [
            "error configuration .bartizan/config.yaml:2 unknown severity `hihg`; expected one of: critical, high, medium, low, info",
            "error configuration .bartizan/config.yaml:3 unknown severity `x`; expected one of: critical, high, medium, low, info",
        ]
    );
}

#[cfg(unix)]
#[test]
fn configuration_and_owners_outside_of_the_tree_are_not_read() {
    let elsewhere = Tree::new(&[("config.yaml", "disable-rules: [weak-password]\n"), ("CODEOWNERS", "* @evil\n")]);
    let tree = Tree::new(&[("a", "hunter1")]);
    std::fs::create_dir(tree.path().join(".bartizan")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("config.yaml"), tree.path().join(FILE)).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("CODEOWNERS"), tree.path().join("CODEOWNERS")).unwrap();
    let report = tree.scan().report;
    assert_eq!(findings(&report), ["high weak-password a:1"]);
    let said = diagnostics(&report);
    for expected in [
        "error configuration .bartizan/config.yaml the repository's configuration is not used: it is a link that leads out of the repository",
        "note configuration CODEOWNERS the code-owners file is not used: it is a link that leads out of the repository",
    ] {
        assert!(said.iter().any(|line| line == expected), "{said:?}");
    }
}

#[test]
fn settings_can_be_asked_for_without_a_scan() {
    let tree = Tree::new(&[(FILE, "fail-on: medium\n")]);
    let (settings, problems) = effective(tree.path(), &Policy::default(), true, Flags::default(), "2026-06-01".parse().unwrap());
    assert_eq!(problems, []);
    let fail_on = &settings.explain()[0];
    assert_eq!(
        (fail_on.key.as_str(), fail_on.value.as_str(), fail_on.origin.to_string().as_str()),
        ("fail-on", "medium", "repository, .bartizan/config.yaml:1")
    );
}
