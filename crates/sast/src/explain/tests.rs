//! Why rules report lines, or do not.

use super::*;
use crate::rule::read;

fn rule(body: &str) -> SastRule {
    let text = format!("rules:\n- id: x\n  languages: [python]\n  severity: ERROR\n  message: x\n{body}");
    let parsed = read(&text);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.rules.into_iter().next().unwrap()
}

fn run(body: &str, path: &str, text: &str, line: u32) -> Explanation {
    let source = SourceText { path: path.to_owned(), text: text.to_owned() };
    let explanation = explain(&rule(body), &Arc::default(), &source, line, 0);
    assert_eq!(explanation.verdict == Verdict::Reported, !explanation.findings.is_empty(), "{explanation:?}");
    explanation
}

/// Checks the verdict, and that the first reason says something.
fn check(body: &str, path: &str, text: &str, line: u32, verdict: Verdict, reason: &str) -> Explanation {
    let explanation = run(body, path, text, line);
    assert_eq!(explanation.verdict, verdict, "{explanation:?}");
    assert!(explanation.reasons.first().is_some_and(|first| first.contains(reason)), "{:?}", explanation.reasons);
    explanation
}

/// All clauses, in order.
fn all(report: &ClauseReport) -> Vec<&ClauseReport> {
    std::iter::once(report).chain(report.parts.iter().flat_map(all)).collect()
}

const SEARCH: &str = "  patterns:\n  - pattern: f($X)\n  - pattern-inside: |\n      def g(...): ...\n  - pattern-not: f(1)\n  \
    - metavariable-regex: {metavariable: $X, regex: '[a-c]$'}\n";

const CODE: &str = "def g():\n    f(a)\n    f(1)\n    f(d)\n    h(a)\n\nf(b)\n";

#[test]
fn the_clause_that_decides_is_named() {
    check(SEARCH, "a.py", CODE, 2, Verdict::Reported, "all clauses hold");
    check(SEARCH, "a.py", CODE, 3, Verdict::NotReported, "`pattern-not` at 10:5 of the rule decides it: it matches the candidate at 3:5");
    check(SEARCH, "a.py", CODE, 4, Verdict::NotReported, "`metavariable-regex` at 11:5 of the rule decides it: `$X` is `d`");
    check(SEARCH, "a.py", CODE, 5, Verdict::NotReported, "`pattern` at 7:14 of the rule decides it: its matches are on other lines");
    check(SEARCH, "a.py", CODE, 7, Verdict::NotReported, "`pattern-inside` at 8:5 of the rule decides it: none of its matches holds");
}

#[test]
fn clauses_count_their_matches() {
    let explanation = run(SEARCH, "a.py", CODE, 3);
    let report = explanation.clauses.unwrap();
    let counted: Vec<_> = all(&report).iter().map(|clause| (clause.clause, clause.n_matches, clause.n_on_line)).collect();
    assert_eq!(
        counted,
        [("patterns", 1, 0), ("pattern", 4, 1), ("pattern-inside", 1, 1), ("pattern-not", 1, 1), ("metavariable-regex", 1, 0)]
    );
    let binding = all(&report)[1].on_line[0].bindings.first().map(|binding| (binding.name.as_str(), binding.code.as_str()));
    assert_eq!(binding, Some(("$X", "1")));
    assert_eq!(explanation.elsewhere.iter().map(|place| place.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn of_branches_the_one_that_came_furthest_decides() {
    let body = "  patterns:\n  - pattern-either:\n    - pattern: nowhere($X)\n    - patterns: [{pattern: f($X)}, {pattern-not: f(1)}]\n";
    check(body, "a.py", CODE, 2, Verdict::Reported, "all clauses hold");
    check(body, "a.py", CODE, 3, Verdict::NotReported, "`pattern-not` at 9:37 of the rule decides it: it matches the candidate at 3:5");
    check(
        body,
        "a.py",
        CODE,
        5,
        Verdict::NotReported,
        "`pattern-either` at 7:5 of the rule decides it: none of its branches matches on the line",
    );
}

#[test]
fn a_name_that_does_not_occur_is_told() {
    let explanation = check("  pattern: nowhere($X)\n", "a.py", CODE, 2, Verdict::NotReported, "no clause finds a candidate");
    assert_eq!(explanation.clauses.unwrap().note.as_deref(), Some("the name `nowhere` does not occur in the file"));
}

#[test]
fn bindings_that_disagree_are_shown() {
    let body = "  patterns:\n  - pattern-inside: |\n      open($X)\n      ...\n  - pattern: close($X)\n";
    let code = "def g(a, b):\n    open(a)\n    close(b)\n";
    let explanation = check(body, "a.py", code, 3, Verdict::NotReported, "decides it: `$X` is `b` in the candidate, and `a` here");
    assert!(explanation.findings.is_empty());
}

#[test]
fn what_keeps_a_rule_from_running_is_said() {
    check(SEARCH, "a.go", CODE, 2, Verdict::NotRun, "the file is `go`, and the rule is for python");
    check(SEARCH, "a.txt", CODE, 2, Verdict::NotRun, "the file is of no language");
    check(SEARCH, "a.py", CODE, 8, Verdict::NotRun, "the file has no line 8: it has 7");
    check(SEARCH, "a.py", CODE, 0, Verdict::NotRun, "the file has no line 0");
    let excluding = format!("{SEARCH}  paths: {{exclude: [tests]}}\n");
    check(&excluding, "tests/a.py", CODE, 2, Verdict::NotRun, "exclude the file: `tests`");
    check(&excluding, "src/a.py", CODE, 2, Verdict::Reported, "all clauses hold");
    let including = format!("{SEARCH}  paths: {{include: [src]}}\n");
    check(&including, "tests/a.py", CODE, 2, Verdict::NotRun, "include other files alone: `src`");
    check(SEARCH, "a.py", &format!("x = [{}]\nf(a)\n", "1, ".repeat(2_000)), 2, Verdict::NotRun, "minified");
}

#[test]
fn rules_for_any_text_run_on_code_and_on_others() {
    let text = "rules:\n- id: x\n  languages: [regex]\n  severity: ERROR\n  message: x\n  pattern-regex: f\\(.\\)\n";
    let rule = read(text).rules.into_iter().next().unwrap();
    for path in ["a.py", "a.txt"] {
        let source = SourceText { path: path.to_owned(), text: CODE.to_owned() };
        let explanation = explain(&rule, &Arc::default(), &source, 2, 0);
        assert_eq!((explanation.verdict, explanation.elsewhere.len()), (Verdict::Reported, 3), "{path}");
    }
}

const TAINT: &str = "  mode: taint\n  pattern-sources: [{pattern: get()}]\n  pattern-sinks: [{pattern: run($X)}]\n  \
    pattern-sanitizers: [{pattern: quote(...)}]\n  options: {taint_assume_safe_numbers: true}\n";

const FLOW: &str = "\
def handler():
    x = get()
    run(x)
    y = quote(x)
    run(y)
    run(1)
    n: int = parse(x)
    run(n)

def other(z):
    run(z)
    print(get())
";

#[test]
fn data_is_followed_to_the_line() {
    let explanation = check(TAINT, "a.py", FLOW, 3, Verdict::Reported, "data of a source arrives at a sink");
    let report = explanation.taint.unwrap();
    let lists: Vec<_> = report.entries.iter().map(|entry| (entry.list, entry.matches.len(), entry.clauses.n_on_line)).collect();
    assert_eq!(lists, [("source", 2, 0), ("sink", 5, 1), ("sanitizer", 1, 0)]);
    let way = &report.ways[0];
    assert_eq!((way.source.place.line, way.on_line, way.is_at_sink), (2, Arrival::Arrives, true));
    assert_eq!(way.way.first().map(|step| step.place.line), Some(2));
    assert_eq!(way.way.last().map(|step| step.place.line), Some(3));
    assert_eq!(report.ways[1].on_line, Arrival::Never);
}

#[test]
fn what_makes_data_harmless_is_shown() {
    let explanation = check(TAINT, "a.py", FLOW, 5, Verdict::NotReported, "the data that arrives on the line was made harmless");
    let way = &explanation.taint.as_ref().unwrap().ways[0];
    assert_eq!((way.on_line, way.harmless[0].by, way.harmless[0].place.line), (Arrival::Harmless, "sanitizer", 4));
    let explanation = check(TAINT, "a.py", FLOW, 8, Verdict::NotReported, "the data that arrives on the line was made harmless");
    let way = &explanation.taint.as_ref().unwrap().ways[0];
    assert!(way.harmless.iter().any(|harmless| harmless.by == "type" && harmless.place.line == 8), "{way:?}");
}

#[test]
fn data_that_never_arrives_is_told_from_sinks_that_are_not_there() {
    check(TAINT, "a.py", FLOW, 6, Verdict::NotReported, "no data of a source arrives on the line");
    check(TAINT, "a.py", FLOW, 7, Verdict::NotReported, "no sink matches on the line");
    check(TAINT, "a.py", "x = get()\n", 1, Verdict::NotReported, "no sink matches in the file");
    check(TAINT, "a.py", "run(x)\n", 1, Verdict::NotReported, "no source matches in the file");
}

#[test]
fn a_parameter_at_a_sink_depends_on_callers() {
    let explanation = check(TAINT, "a.py", FLOW, 11, Verdict::DependsOnOtherFiles, "a parameter arrives at a sink on the line");
    assert!(explanation.findings.is_empty());
}

#[test]
fn a_language_whose_files_are_followed_alone_depends_on_no_other_file() {
    let text = "rules:\n- id: x\n  languages: [rust]\n  severity: ERROR\n  message: x\n  mode: taint\n  \
        pattern-sources: [{pattern: get()}]\n  pattern-sinks: [{pattern: run($X)}]\n";
    let rule = read(text).rules.into_iter().next().unwrap();
    let source = SourceText { path: "a.rs".to_owned(), text: "fn f(x: String) { run(x) }\n".to_owned() };
    assert_eq!(explain(&rule, &Arc::default(), &source, 1, 0).verdict, Verdict::NotReported);
}

#[test]
fn models_are_named() {
    let body = "  mode: taint\n  pattern-sources: [{model: http-input}]\n  pattern-sinks: [{pattern: run($X)}]\n";
    let code = "from flask import request\nrun(request.args)\n";
    let source = SourceText { path: "a.py".to_owned(), text: code.to_owned() };
    let explanation = explain(&rule(body), &crate::models(), &source, 2, 0);
    assert_eq!(explanation.verdict, Verdict::Reported, "{explanation:?}");
    let entries = explanation.taint.unwrap().entries;
    let of_model: Vec<_> = entries.iter().filter(|entry| entry.model.as_deref() == Some("http-input")).collect();
    assert!(!of_model.is_empty() && of_model.iter().all(|entry| entry.list == "source" && !entry.matches.is_empty()), "{of_model:?}");
}
