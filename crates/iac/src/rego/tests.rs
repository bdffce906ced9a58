//! What the host promises to those who run policies on it.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{Bundle, Failure, Limits};

/// A bundle of one module, ready to be asked.
#[track_caller]
fn bundle(text: &str) -> Bundle {
    let mut bundle = Bundle::new(Limits::default());
    bundle.add_module("p.rego", text);
    bundle.compile();
    assert_eq!(bundle.problems(), []);
    bundle
}

#[track_caller]
fn eval(text: &str, rule: &str, input: &Json) -> Result<Option<Json>, Failure> {
    let mut evaluator = bundle(text).evaluator();
    evaluator.set_input(input);
    evaluator.eval(rule)
}

#[test]
fn both_syntaxes_are_read() {
    let old = "package main\ndeny[msg] { input.a == 1; msg := \"old\" }";
    assert_eq!(eval(old, "data.main.deny", &json!({"a": 1})), Ok(Some(json!(["old"]))));
    let new = "package main\ndeny contains msg if { input.a == 1; msg := \"new\" }";
    assert_eq!(eval(new, "data.main.deny", &json!({"a": 1})), Ok(Some(json!(["new"]))));
    let imported = "package main\nimport rego.v1\ndeny contains msg if { some x in input.a; msg := sprintf(\"%v\", [x]) }";
    assert_eq!(eval(imported, "data.main.deny", &json!({"a": [1, 2]})), Ok(Some(json!(["1", "2"]))));
}

#[test]
fn a_broken_module_does_not_stop_the_others() {
    let mut bundle = Bundle::new(Limits::default());
    bundle.add_module("good.rego", "package main\ndeny[msg] { msg := \"x\" }");
    bundle.add_module("syntax.rego", "package main\n\ndeny[msg] {\n  msg := (\n}");
    bundle.add_module("meaning.rego", "package other\n\nx = y {\n  y > z\n}");
    bundle.compile();
    let places: Vec<(&str, u32)> = bundle.problems().iter().map(|problem| (problem.file.as_ref(), problem.line)).collect();
    assert_eq!(places, [("syntax.rego", 3), ("meaning.rego", 4)], "{:?}", bundle.problems());
    assert_eq!(bundle.evaluator().eval("data.main.deny"), Ok(Some(json!(["x"]))));
}

#[test]
fn a_rule_that_runs_on_is_stopped() {
    let mut bundle = Bundle::new(Limits { time: Duration::from_millis(20), ..Limits::default() });
    bundle.add_module("p.rego", "package p\nx[n] { n := numbers.range(1, 3000)[_]; numbers.range(1, 3000)[_] == n + 1 }\ny = 1");
    bundle.compile();
    let mut evaluator = bundle.evaluator();
    assert_eq!(evaluator.eval("data.p.x"), Err(Failure::Timeout(Duration::from_millis(20))));
    assert_eq!(evaluator.eval("data.p.y"), Ok(Some(json!(1))));
}

#[test]
fn a_rule_with_too_many_results_is_refused() {
    let mut bundle = Bundle::new(Limits { n_results: 10, ..Limits::default() });
    bundle.add_module("p.rego", "package p\nx[n] { n := numbers.range(1, 11)[_] }");
    bundle.compile();
    assert_eq!(bundle.evaluator().eval("data.p.x"), Err(Failure::TooManyResults(10)));
}

#[test]
fn modules_have_a_limit() {
    let mut bundle = Bundle::new(Limits { n_modules: 1, n_bytes: 30, ..Limits::default() });
    bundle.add_module("a.rego", "package a\nx = 1");
    bundle.add_module("b.rego", "package b\nx = 1");
    assert_eq!(bundle.problems().len(), 1);
    let mut bundle = Bundle::new(Limits { n_bytes: 20, ..Limits::default() });
    bundle.add_module("a.rego", "package a\nx = 1");
    bundle.add_module("b.rego", "package b\nx = 1");
    assert_eq!(bundle.problems().len(), 1);
}

#[test]
fn recursion_is_an_error() {
    let rules = "package p\nx { y }\ny { x }";
    assert!(matches!(eval(rules, "data.p.x", &json!({})), Err(Failure::Broken(_))));
    let functions = "package p\nx = f(1)\nf(a) = g(a) { true }\ng(a) = f(a) { true }";
    let mut bundle = Bundle::new(Limits::default());
    bundle.add_module("p.rego", functions);
    bundle.compile();
    assert_eq!(bundle.problems().len(), 1);
    assert!(bundle.evaluator().eval("data.p.x").is_err());
}

#[test]
fn an_error_of_a_function_makes_its_expression_undefined() {
    let text = "package p\nx = to_number(\"a\")\ny { not to_number(\"a\") }";
    assert_eq!(eval(text, "data.p.x", &json!({})), Ok(None));
    assert_eq!(eval(text, "data.p.y", &json!({})), Ok(Some(json!(true))));
}

#[test]
fn an_unknown_function_is_an_error_with_its_place() {
    let text = "package p\nx {\n  http.send({\"url\": \"https://example.com\"})\n}\ny = 1";
    let Err(Failure::Broken(problem)) = eval(text, "data.p.x", &json!({})) else { panic!("no error") };
    assert_eq!((problem.file.as_ref(), problem.line), ("p.rego", 3));
    assert!(problem.message.contains("http.send"), "{problem:?}");
    assert_eq!(eval(text, "data.p.y", &json!({})), Ok(Some(json!(1))));
}

#[test]
fn a_rule_that_is_not_there_is_told_from_one_that_says_nothing() {
    let text = "package p\nx { input.a }";
    assert_eq!(eval(text, "data.p.x", &json!({})), Ok(None));
    assert_eq!(eval(text, "data.p.z", &json!({})), Err(Failure::NoRule));
    assert_eq!(Bundle::new(Limits::default()).evaluator().eval("data.p.z"), Err(Failure::NoRule));
}

#[test]
fn time_is_what_the_caller_says() {
    let mut bundle = Bundle::new(Limits::default()).with_time(7);
    bundle.add_module("p.rego", "package p\nx = time.now_ns()");
    bundle.compile();
    assert_eq!(bundle.evaluator().eval("data.p.x"), Ok(Some(json!(7_000_000_000i64))));
    assert!(matches!(eval("package p\nx = time.now_ns()", "data.p.x", &json!({})), Err(Failure::Broken(_))));
}

#[test]
fn an_empty_list_is_part_of_every_list() {
    let text = "package p\nx { object.subset([1, 2], []) }\ny { object.subset({\"a\": [1]}, {\"a\": []}) }";
    assert_eq!(eval(text, "data.p.x", &json!({})), Ok(Some(json!(true))));
    assert_eq!(eval(text, "data.p.y", &json!({})), Ok(Some(json!(true))));
}

#[test]
fn long_lines_are_read() {
    let text = format!("package p\nx = \"{}\"", "a".repeat(5_000));
    assert!(eval(&text, "data.p.x", &json!({})).is_ok());
}
