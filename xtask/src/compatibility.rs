//! `cargo xtask compatibility`: runs the tests of a checkout of Semgrep's rules, and writes what came of it into the book.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{arguments::Arguments, cargo::build_bartizan, project::Project, step::say};

const PAGE: &str = "docs/semgrep-compatibility.md";

/// Why tests do not pass, by their path: written by hand, as somebody finds out.
const CAUSES: &str = "xtask/compatibility-causes.json";

/// What stands before and after the part of the page that is made here.
const MARKS: (&str, &str) = ("<!-- made by `cargo xtask compatibility DIR` -->\n", "<!-- end -->\n");

/// `DIR` is a checkout of `semgrep/semgrep-rules`.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let folder = arguments.next_word().context("expected a checkout of semgrep/semgrep-rules")?;
    arguments.finish()?;
    let folder = Path::new(&*folder).canonicalize().with_context(|| format!("can't find {folder}"))?;
    let program = build_bartizan(project, true)?;
    let output = Command::new(program).args(["rules", "test", "--format", "json"]).arg(&folder).output().context("can't start bartizan")?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`bartizan rules test` printed no JSON: {}", String::from_utf8_lossy(&output.stderr)))?;
    let checks = report.get("checks").and_then(Value::as_array).context("the report has no `checks`")?;
    if checks.is_empty() {
        bail!("{} holds no tests", folder.display());
    }
    let causes = serde_json::from_str(&project.read(CAUSES)?).with_context(|| format!("{CAUSES} is no object of texts"))?;
    let page = project.read(PAGE)?;
    let (before, rest) = page.split_once(MARKS.0).with_context(|| format!("{PAGE} has no `{}`", MARKS.0.trim()))?;
    let (_, after) = rest.split_once(MARKS.1).with_context(|| format!("{PAGE} has no `{}`", MARKS.1.trim()))?;
    project.write(PAGE, &format!("{before}{}\n{}\n{}{after}", MARKS.0, tables(checks, &folder, &causes), MARKS.1))?;
    say(&format!("wrote {PAGE}"));
    Ok(true)
}

/// How many tests there are, and how many pass.
#[derive(Default)]
struct Count {
    n_tests: u32,
    n_passed: u32,
}

impl Count {
    fn add(&mut self, passed: bool) {
        self.n_tests += 1;
        self.n_passed += u32::from(passed);
    }

    fn row(&self, name: &str) -> String {
        let share = 100.0 * f64::from(self.n_passed) / f64::from(self.n_tests.max(1));
        format!("| {name} | {} | {} | {share:.1} % |\n", self.n_tests, self.n_passed)
    }
}

/// The counts by language, and every test that fails, with its cause.
fn tables(checks: &[Value], folder: &Path, causes: &BTreeMap<String, String>) -> String {
    let text = |check: &Value, key: &str| check.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut by_language: BTreeMap<String, Count> = BTreeMap::new();
    let (mut all, mut fixed) = (Count::default(), Count::default());
    let mut misses = String::new();
    for check in checks {
        let passed = check.get("passed").and_then(Value::as_bool).unwrap_or(false);
        match &*text(check, "kind") {
            "annotations" => {
                let languages = check.get("languages").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
                let names: Vec<&str> = languages.collect();
                by_language.entry(names.join(", ")).or_default().add(passed);
                all.add(passed);
            }
            _ => fixed.add(passed),
        }
        if !passed {
            let file = text(check, "subject");
            let file = file.strip_prefix(&*folder.to_string_lossy()).unwrap_or(&file).trim_start_matches('/').to_owned();
            let lines = |key: &str| {
                let lines = check.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
                lines.map(|line| line.to_string()).collect::<Vec<_>>().join(", ")
            };
            let _ = writeln!(
                misses,
                "| `{}` | `{file}` | {} | {} | {} |",
                text(check, "rule"),
                lines("missing"),
                lines("extra"),
                causes.get(&file).map_or("cause unknown", String::as_str).replace('|', "\\|")
            );
        }
    }
    let mut out = "| languages of the rule | tests | passed | share |\n|---|---|---|---|\n".to_owned();
    for (language, count) in &by_language {
        out += &count.row(language);
    }
    out += &all.row("**all**");
    if 0 < fixed.n_tests {
        out += &fixed.row("fixes (`.fixed`)");
    }
    if !misses.is_empty() {
        out += "\nWhat does not pass, with the lines that are not reported and those that are and should not be:\n\n";
        out += "| rule | test | missing | extra | cause |\n|---|---|---|---|---|\n";
        out += &misses;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_by_language_and_misses_are_listed() {
        let checks = serde_json::json!([
            { "kind": "annotations", "languages": ["go"], "passed": true, "rule": "a", "subject": "/r/a.go" },
            { "kind": "annotations", "languages": ["go"], "passed": false, "rule": "b", "subject": "/r/b.go", "missing": [3], "extra": [] },
            { "kind": "annotations", "languages": ["go"], "passed": false, "rule": "c", "subject": "/r/c.go", "missing": [], "extra": [4] },
            { "kind": "fixed", "languages": ["go"], "passed": true, "rule": "a", "subject": "/r/a.fixed.go" },
        ]);
        let causes = BTreeMap::from([("c.go".to_owned(), "a | b".to_owned())]);
        let made = tables(checks.as_array().unwrap(), Path::new("/r"), &causes);
        assert!(made.contains("| go | 3 | 1 | 33.3 % |"), "{made}");
        assert!(made.contains("| fixes (`.fixed`) | 1 | 1 | 100.0 % |"), "{made}");
        assert!(made.contains("| `b` | `b.go` | 3 |  | cause unknown |"), "{made}");
        assert!(made.contains("| `c` | `c.go` |  | 4 | a \\| b |"), "{made}");
    }
}
