//! What a report says of what was found.

use std::num::NonZeroUsize;

use bartizan_core::{ExcerptLine, Location, Severity, SkipReason};
use bartizan_scan::{Baseline, Flags, Request, scan};
use bartizan_source::Input;

use crate::support::{Toy, Tree, findings, key, request};

#[test]
fn one_secret_in_many_places_is_one_finding_that_says_what_the_surest_place_says() {
    let tree = Tree::new(&[("b.env", "password=hunter2\nx=hunter2\n"), ("a/x.py", "key = 'hunter2'\n"), ("c", "hunter3")]);
    let report = tree.scan().report;
    assert_eq!(findings(&report), ["high weak-password a/x.py:1,b.env:1,b.env:2", "high weak-password c:1"]);
    let first = &report.findings[0];
    assert_eq!(first.location, first.occurrences[0]);
    assert_eq!(first.message, "weak-password in b.env");
    assert_eq!(first.confidence.as_str(), "high");
    let line = ExcerptLine { number: 1, text: "key = '****'".to_owned(), highlight: Some((7, 11)) };
    assert_eq!(first.excerpt.lines[0], line);
    assert_eq!(report.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["weak-password"]);
}

#[test]
fn no_secret_of_a_file_is_in_any_excerpt() {
    let tree = Tree::new(&[("a", "hunter22 geheim44\neval(hunter22)\nagain hunter22\n")]);
    let report = tree.scan().report;
    assert_eq!(report.findings.len(), 3);
    let shown = format!("{:?}", report.findings.iter().map(|finding| &finding.excerpt).collect::<Vec<_>>());
    assert!(!shown.contains("hunter22") && !shown.contains("geheim44"), "{shown}");
}

#[test]
fn findings_are_sorted_by_severity_rule_and_place() {
    let tree = Tree::new(&[("z", "hunter1"), ("b", "eval(\neval("), ("a", "geheim1 eval(")]);
    let expected = ["high named-password a:1", "high weak-password z:1", "low eval-used a:1", "low eval-used b:1", "low eval-used b:2"];
    assert_eq!(findings(&tree.scan().report), expected);
}

#[test]
fn owners_are_those_of_all_places_the_first_one_s_first() {
    let tree = Tree::new(&[
        (".github/CODEOWNERS", "* @all\n/b/ @b @all\n/c/\n!bad @x\n"),
        ("CODEOWNERS", "* @nobody-asks-this-one\n"),
        ("b/x", "hunter1"),
        ("a", "hunter1"),
        ("c/x", "hunter2"),
    ]);
    let report = tree.scan().report;
    assert_eq!(findings(&report), ["high weak-password a:1,b/x:1 [@all @b]", "high weak-password c/x:1"]);
    let problem = &report.diagnostics[0];
    assert_eq!(problem.location.as_ref().and_then(Location::region).unwrap().start.line, 4);
    assert!(!report.is_incomplete());
}

#[test]
fn a_folder_of_a_repository_has_the_owners_and_the_configuration_of_the_repository() {
    let tree = Tree::new(&[
        ("CODEOWNERS", "/src/web/ @web\n"),
        (".bartizan/config.yaml", "exclude: [/src/web/gen/]\nsuppressions: [{rule: weak-password, path: /src/web/t, reason: r}]\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("src/web/a", "hunter1"),
        ("src/web/gen/b", "hunter2"),
        ("src/web/t", "hunter3"),
    ]);
    let input = Input::Tree(tree.path().join("src/web"));
    let report = scan(request(input, Toy::default()), &()).unwrap().report;
    assert_eq!(findings(&report), ["high weak-password a:1 [@web]", "high weak-password t:1 [@web] {configuration: r}"]);
}

#[test]
fn a_file_and_standard_input_have_the_configuration_of_their_folder() {
    let tree =
        Tree::new(&[(".bartizan/config.yaml", "disable-rules: [eval-used]\n"), ("CODEOWNERS", "*.py @py\n"), ("a.py", "eval( hunter1")]);
    let expected = ["high weak-password a.py:1 [@py]"];
    let report = scan(request(Input::File(tree.path().join("a.py")), Toy::default()), &()).unwrap().report;
    assert_eq!(findings(&report), expected);

    let input = || Input::Stdin { name: "a.py".to_owned(), bytes: b"eval( hunter1".to_vec() };
    let of_folder = Request { stdin_folder: Some(tree.path().to_owned()), ..request(input(), Toy::default()) };
    assert_eq!(findings(&scan(of_folder, &()).unwrap().report), expected);
    let alone = scan(request(input(), Toy::default()), &()).unwrap().report;
    assert_eq!(findings(&alone), ["high weak-password a.py:1", "low eval-used a.py:1"]);
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let files: Vec<(String, String)> = (0..300)
        .map(|number| {
            let text = format!("x = hunter{}\n{}eval( geheim{number}\n# bartizan:ignore\n", number % 7, "pad ".repeat(number * 13 % 400));
            (format!("d{}/f{number}", number % 9), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = Tree::new(&files);
    tree.write("CODEOWNERS", "d1/ @one\nd2/ @two\n");
    let scan = |n_threads| {
        let request = Request { n_threads: NonZeroUsize::new(n_threads), ..tree.request(Toy::default()) };
        scan(request, &()).unwrap()
    };
    let one = scan(1);
    assert_eq!(one.report.findings.len(), 607);
    for n_threads in [2, 8] {
        assert_eq!(format!("{:?}", scan(n_threads)), format!("{one:?}"), "{n_threads} threads");
    }
}

#[test]
fn floors_and_thresholds_count() {
    let tree = Tree::new(&[("a", "hunter1 eval(")]);
    let scan = |flags| scan(Request { flags, ..tree.request(Toy::default()) }, &()).unwrap();
    let high = scan(Flags { min_severity: Some(Severity::Medium), fail_on: Some(Severity::Critical), ..Flags::default() });
    assert_eq!(findings(&high.report), ["high weak-password a:1"]);
    assert_eq!(high.failing().count(), 0);
    assert_eq!(scan(Flags { fail_on: Some(Severity::Low), ..Flags::default() }).failing().count(), 2);
    assert_eq!(scan(Flags::default()).failing().count(), 0);
}

#[test]
fn coverage_counts_what_was_looked_into_and_what_was_not() {
    let tree = Tree::new(&[("a", "text"), ("b", "more text"), ("c.skip", "x"), ("empty", ""), ("binary", "a\0b")]);
    let coverage = tree.scan().report.coverage;
    assert_eq!((coverage.n_files, coverage.n_bytes), (2, 13));
    assert_eq!(coverage.skipped, [(SkipReason::Binary, 1), (SkipReason::Empty, 1), (SkipReason::NotInteresting, 1)]);
}

#[test]
fn what_a_baseline_holds_is_suppressed_and_what_is_new_says_so() {
    let tree = Tree::new(&[("a", "hunter1 eval("), ("b", "hunter2 # gitleaks:allow\n")]);
    let first = tree.scan();
    let baseline = Baseline::of(&first.report, &key());
    let baseline = Baseline::read(baseline.to_json().as_bytes()).unwrap();
    assert_eq!(baseline.len(), 2, "suppressed findings are not part of it");

    // The weakness is fixed, the known secret moves, another one comes.
    tree.write("a", "fine");
    tree.write("c", "hunter1 geheim1");
    let scan = |request| scan(Request { baseline: Some(&baseline), ..request }, &()).unwrap();
    let second = scan(tree.request(Toy::default()));
    assert_eq!(
        findings(&second.report),
        [
            "high named-password c:1 <new>",
            "high weak-password b:1 {gitleaks:allow: } <new>",
            "high weak-password c:1 {baseline: } <unchanged>"
        ]
    );
    assert_eq!(second.n_fixed, Some(1));
    // What is suppressed by the old baseline stays in the new one.
    assert_eq!(Baseline::of(&second.report, &key()).len(), 2);
    assert_eq!(scan(request(Input::File(tree.path().join("c")), Toy::default())).n_fixed, None);
}
