//! All rules of a folder of somebody else's, named by `BARTIZAN_SEMGREP_RULES`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use super::*;
use crate::{
    regex::{Flags, Regex},
    rule::{Condition, ConditionKind, FormulaKind},
};

const VARIABLE: &str = "BARTIZAN_SEMGREP_RULES";

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_rules = [".yaml", ".yml"].iter().any(|end| name.ends_with(end)) && !name.contains(".test.") && !name.contains(".fixed.");
        if path.is_dir() && !name.starts_with('.') {
            files(&path, found);
        } else if is_rules && !name.starts_with('.') {
            found.push(path);
        }
    }
}

/// Every expression of a formula, with its flags.
fn expressions<'r>(formula: &'r Formula, to: &mut Vec<(&'r RuleText, Flags)>) {
    if let FormulaKind::Regex(regex) = &formula.kind {
        to.push((regex, Flags::PATTERN));
    }
    for Condition { kind, .. } in &formula.conditions {
        match kind {
            ConditionKind::Regex { regex, .. } => to.push((regex, Flags::METAVARIABLE)),
            ConditionKind::Pattern { formula, .. } => expressions(formula, to),
            _ => {}
        }
    }
    formula.children().iter().for_each(|child| expressions(child, to));
}

fn expressions_of(rule: &SastRule) -> Vec<(&RuleText, Flags)> {
    let mut found: Vec<_> = rule.fix_regex.iter().map(|fix| (&fix.regex, Flags::PATTERN)).collect();
    match &rule.mode {
        Mode::Search(formula) => expressions(formula, &mut found),
        Mode::Taint(taint) => {
            taint.formulas().for_each(|formula| expressions(formula, &mut found));
        }
        Mode::Join | Mode::Extract | Mode::Steps | Mode::SupplyChain => {}
    }
    found
}

#[test]
fn every_rule_of_a_corpus_is_read() {
    let Ok(folder) = std::env::var(VARIABLE) else {
        println!("skipped: {VARIABLE} names no folder");
        return;
    };
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths);
    let texts: Vec<(PathBuf, String)> = paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
    let start = Instant::now();
    let parsed: Vec<Parsed> = texts.iter().map(|(_, text)| read(text)).collect();
    let elapsed = start.elapsed();
    let n_rules: usize = parsed.iter().map(|parsed| parsed.rules.len()).sum();
    println!("{n_rules} rules of {} files in {elapsed:?}", texts.len());
    let mut n_errors = 0;
    for ((path, _), parsed) in texts.iter().zip(&parsed) {
        for problem in parsed.problems.iter().filter(|_| parsed.is_rule_file) {
            n_errors += usize::from(problem.is_error());
            println!("{:?} {}:{problem}", problem.level, path.display());
        }
    }
    let (mut n_expressions, mut n_backtracking) = (0, 0);
    let start = Instant::now();
    for rule in parsed.iter().flat_map(|parsed| &parsed.rules) {
        for (text, flags) in expressions_of(rule) {
            n_expressions += 1;
            let regex = Regex::new(text.as_str(), flags).unwrap_or_else(|error| panic!("{}: {}: {error}", rule.id, text.as_str()));
            n_backtracking += usize::from(!regex.is_linear());
        }
    }
    println!("{n_expressions} expressions, {n_backtracking} of them by backtracking, compiled in {:?}", start.elapsed());
    assert_eq!(n_errors, 0);
}
