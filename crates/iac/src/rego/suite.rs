//! Runs the tests that lie beside policies: rules named `test_…`, as `opa test` runs them.
//!
//! A test passes if its rule is true. One that has cases (`test_x[name] if { some name, case in {…}; … }`) passes if every case
//! does: the cases are those of its first statement.

use std::{sync::LazyLock, time::Duration};

use bartizan_core::ArtifactPath;
use regex::Regex;
use serde_json::Value as Json;

use super::{
    files::{self, Files},
    host::{Bundle, Evaluator, Failure, Limits, Problem},
    module::Module,
};
/// How long a test may run.
const MAX_TIME: Duration = Duration::from_secs(5);
/// So many cases that fail are named.
const MAX_NAMED: usize = 5;

/// The head of a test that has cases: its name, and the variable that names cases.
static WITH_CASES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^(test_\w+)\[(\w+)\][ \t]+(if[ \t]+)?\{").ok());

/// What came of all tests.
#[derive(Debug, Default)]
pub struct Tested {
    /// Each test, in order of files and lines.
    pub outcomes: Vec<Outcome>,
    /// Modules that can't be run.
    pub problems: Vec<Problem>,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file that it stands in.
    pub file: ArtifactPath,
    /// Its line, from 1.
    pub line: u32,
    /// Its rule, with the package: `main_test.test_root_is_denied`.
    pub name: String,
    /// Why it failed; nothing if it passed.
    pub failed: Option<String>,
}

/// A rule that is a test.
struct Test {
    file: ArtifactPath,
    line: u32,
    name: String,
    /// The rule that has the names of its cases.
    cases: Option<String>,
}

/// Runs all tests of some modules. `now_s` is what they are told of the time, in seconds since 1970.
#[must_use]
pub fn run(files: &Files, now_s: i64) -> Tested {
    let mut bundle = Bundle::new(Limits { time: MAX_TIME, ..Limits::default() }).with_time(now_s);
    bundle.add_data(&Json::Object(files::merged(&files.data).0));
    let mut tests = Vec::new();
    for file in &files.modules {
        let module = Module::read(&file.text);
        let mut text = file.text.clone();
        for (name, line) in module.rules.iter().filter(|(name, _)| name.starts_with("test_")) {
            let cases = rule_of_cases(&file.text, name);
            if let Some((_, rule)) = &cases {
                text.push_str(rule);
            }
            let cases = cases.map(|(rule, _)| format!("data.{}.{rule}", module.package));
            tests.push(Test { file: file.origin.clone(), line: *line, name: format!("{}.{name}", module.package), cases });
        }
        bundle.add_module(&file.origin.to_string(), &text);
    }
    bundle.compile();
    let mut evaluator = bundle.evaluator();
    let outcome = |test: Test| {
        let failed = why_failed(&test, &mut evaluator);
        Outcome { file: test.file, line: test.line, name: test.name, failed }
    };
    let mut outcomes: Vec<Outcome> = tests.into_iter().map(outcome).collect();
    outcomes.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    Tested { outcomes, problems: bundle.problems().to_vec() }
}

fn why_failed(test: &Test, evaluator: &mut Evaluator) -> Option<String> {
    let value = match evaluator.eval(&format!("data.{}", test.name)) {
        Ok(Some(value)) => value,
        Ok(None) => return Some("it is not true".to_owned()),
        Err(Failure::NoRule) => return Some("its module can't be run".to_owned()),
        Err(Failure::Broken(problem)) => return Some(format!("{}:{}: {}", problem.file, problem.line, problem.message)),
        Err(failure @ (Failure::Timeout(_) | Failure::TooManyResults(_) | Failure::Panicked)) => return Some(failure.to_string()),
    };
    let Some(cases) = &test.cases else {
        return (value == Json::Bool(false)).then(|| "it is false".to_owned());
    };
    let names = evaluator.eval(cases).ok().flatten().map(|cases| names_in(&cases)).unwrap_or_default();
    let passed = names_in(&value);
    let failed: Vec<&String> = names.iter().filter(|name| !passed.contains(name)).collect();
    if failed.is_empty() && !passed.is_empty() {
        return None;
    }
    if failed.is_empty() {
        return Some("no case is true".to_owned());
    }
    let named: Vec<String> = failed.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let more = failed.len().saturating_sub(MAX_NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(format!("of {} cases {} are not true: {}{more}", names.len(), failed.len(), named.join(", ")))
}

/// The elements of a set, or the names of a map.
fn names_in(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect(),
        Json::Object(members) => members.iter().filter(|(_, value)| **value != Json::Bool(false)).map(|(name, _)| name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The name and the text of a rule that has the names of a test's cases; nothing if the test has none.
fn rule_of_cases(text: &str, test: &str) -> Option<(String, String)> {
    let heads = WITH_CASES.as_ref()?;
    let found = heads.captures_iter(text).find(|found| found.get(1).is_some_and(|name| name.as_str() == test))?;
    let body = text.get(found.get(0)?.end()..)?.trim_start();
    let statement = body.get(..end_of_statement(body))?;
    if !statement.starts_with("some ") {
        return None;
    }
    let name = format!("bartizan_cases_of_{test}");
    let variable = found.get(2)?.as_str();
    let head = if found.get(3).is_some() { format!("{name} contains {variable} if") } else { format!("{name}[{variable}]") };
    Some((name, format!("\n{head} {{\n\t{statement}\n}}\n")))
}

/// Where the first statement of a body ends: at the end of a line outside of all brackets, or at a semicolon.
fn end_of_statement(body: &str) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut is_escaped = false;
    let mut is_comment = false;
    for (offset, next) in body.char_indices() {
        match (quote, next) {
            _ if is_comment => is_comment = next != '\n',
            (Some('"'), '\\') if !is_escaped => {
                is_escaped = true;
                continue;
            }
            (Some(open), next) if next == open && !is_escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(next),
            (None, '#') => is_comment = true,
            (None, '{' | '[' | '(') => depth += 1,
            (None, '}' | ']' | ')') if depth == 0 => return offset,
            (None, '}' | ']' | ')') => depth -= 1,
            (None, '\n' | ';') if depth == 0 => return offset,
            _ => {}
        }
        is_escaped = false;
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PolicyText;

    fn tested(text: &str) -> Vec<(String, Option<String>)> {
        let file = PolicyText { origin: ArtifactPath::from("p_test.rego"), text: text.to_owned() };
        let tested = run(&Files { modules: vec![file], data: Vec::new() }, 0);
        assert_eq!(tested.problems, []);
        tested.outcomes.into_iter().map(|outcome| (outcome.name, outcome.failed)).collect()
    }

    #[test]
    fn a_test_passes_if_it_is_true() {
        let outcomes = tested("package p\nimport rego.v1\ntest_a if 1 == 1\ntest_b if 1 == 2\nhelper := 1\n");
        assert_eq!(outcomes, [("p.test_a".to_owned(), None), ("p.test_b".to_owned(), Some("it is not true".to_owned()))]);
    }

    #[test]
    fn a_test_with_cases_fails_if_one_does() {
        let cases = "some name, tc in {\n\t\t\"a } b\": {\"x\": 1}, # {\n\t\t\"c\": {\"x\": 2},\n\t}\n\ttc.x";
        let outcomes = tested(&format!(
            "package p\nimport rego.v1\ntest_all[name] if {{\n\t{cases} > 0\n}}\ntest_one[name] if {{\n\t{cases} > 1\n}}\n"
        ));
        let reason = "of 2 cases 1 are not true: `a } b`".to_owned();
        assert_eq!(outcomes, [("p.test_all".to_owned(), None), ("p.test_one".to_owned(), Some(reason))]);
    }
}

#[cfg(test)]
mod vectors {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::*;
    use crate::PolicyText;

    /// How many of the tests of Trivy's checks pass, at least. They are taken from a checkout that this variable names; without
    /// one, nothing is tested.
    const CHECKOUT: &str = "BARTIZAN_TRIVY_CHECKS";
    const N_PASSED: usize = 1_878;

    fn modules_below(folder: &Path, into: &mut Vec<PathBuf>) {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                modules_below(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rego") {
                into.push(path);
            }
        }
    }

    #[test]
    fn checks_of_trivy_pass_their_tests() {
        let Ok(root) = std::env::var(CHECKOUT) else { return };
        let mut paths = Vec::new();
        for folder in ["checks", "lib"] {
            modules_below(&Path::new(&root).join(folder), &mut paths);
        }
        let read = |path: &PathBuf| PolicyText {
            origin: ArtifactPath::from(path.strip_prefix(&root).unwrap().to_str().unwrap()),
            text: fs::read_to_string(path).unwrap(),
        };
        let files = Files { modules: paths.iter().map(read).collect(), data: Vec::new() };
        // Some tests compare with dates of 2024.
        let tested = run(&files, 1_730_000_000);
        let failed: Vec<&Outcome> = tested.outcomes.iter().filter(|outcome| outcome.failed.is_some()).collect();
        let n_passed = tested.outcomes.len() - failed.len();
        println!("{n_passed} of {} pass", tested.outcomes.len());
        for problem in &tested.problems {
            println!("{}:{}: {}", problem.file, problem.line, problem.message);
        }
        for outcome in &failed {
            println!("{}:{} {}: {}", outcome.file, outcome.line, outcome.name, outcome.failed.as_deref().unwrap_or_default());
        }
        assert!(N_PASSED <= n_passed, "{n_passed} of {} pass", tested.outcomes.len());
    }
}
