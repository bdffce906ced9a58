//! Tests of rules for code: their own examples, and files of code with comments that say what must be reported.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bartizan_core::ByteRange;
use bartizan_sast::{
    rule::{AnnotationEngine, AnnotationKind, Example, LanguageName, SastRule, Verdict, annotations},
    suite::{Found, Suite},
};
use bartizan_scan::{TextEdit, apply, choose};

use super::check::{Check, CheckKind};
use crate::{
    rule_files::{MAX_RULE_FILE_BYTES, RuleText},
    sast_rules,
    session::{self, read_regular},
    text,
};

/// Runs the tests of the rules of a file.
pub(super) fn of_file(file: &RuleText) -> Vec<Check> {
    let name = text::path(&file.path);
    let understood = sast_rules::understand(file);
    let mut checks = Vec::new();
    for problem in understood.problems.iter().filter(|problem| problem.is_error()) {
        let rule = problem.rule.clone().unwrap_or_default();
        let mut check = blank(&rule, &[], &name, CheckKind::Rule, name.clone());
        check.passed = false;
        check.reason = format!("the rule can't be run: {}", text::harmless(&problem.message));
        check.extra = Vec::new();
        check.place = (format!("{name}:{}:{}", problem.span.line, problem.span.column), 0);
        checks.push(check);
    }
    for rule in &understood.rules {
        checks.extend(of_examples(rule, &name));
    }
    checks.extend(of_targets(file, &understood.rules, &name));
    checks
}

/// Runs a rule on its own examples.
pub(super) fn of_examples(rule: &SastRule, file: &str) -> Vec<Check> {
    if rule.metadata.examples.is_empty() {
        return Vec::new();
    }
    let suite = suite(vec![rule.clone()]);
    let numbered = rule.metadata.examples.iter().enumerate();
    numbered.flat_map(|(index, example)| of_example(&suite, rule, example, index + 1, file)).collect()
}

/// The tests of the rules of a file, to be run more than once.
#[derive(Debug)]
pub(in crate::command::rules) struct Tests {
    /// The file of the rules.
    name: String,
    targets: Vec<Target>,
    n_rules: usize,
}

impl Tests {
    /// Those of a file of so many rules.
    pub(in crate::command::rules) fn of(file: &RuleText, n_rules: usize) -> Self {
        Self { name: text::path(&file.path), targets: targets(&file.path), n_rules }
    }

    /// Runs the tests of one rule, one after the other, for as long as they are asked for.
    pub(in crate::command::rules) fn run<'t>(&'t self, rule: &'t SastRule) -> impl Iterator<Item = Check> + 't {
        let suite = suite(vec![rule.clone()]);
        let n_examples = rule.metadata.examples.len();
        (0..n_examples + self.targets.len()).flat_map(move |position| {
            if let Some(example) = rule.metadata.examples.get(position) {
                return of_example(&suite, rule, example, position + 1, &self.name);
            }
            let Some(target) = self.targets.get(position - n_examples) else { return Vec::new() };
            let found = suite.run(&target.path.to_string_lossy(), &target.code);
            let mut checks: Vec<Check> =
                self.is_for(target, rule).then(|| of_target(target, rule, &found, &self.name)).into_iter().collect();
            // The fixes of several rules are tested together.
            checks.extend((self.n_rules == 1).then(|| fix_of_target(target, &[rule], &found, &self.name)).flatten());
            checks
        })
    }

    /// Whether a rule is tested on a file: with several rules or several files, a pair that no comment names is none.
    fn is_for(&self, target: &Target, rule: &SastRule) -> bool {
        let is_alone = self.n_rules == 1 && self.targets.len() == 1 && target.is_annotated;
        is_alone || Expected::of(rule.id.as_str(), &target.code).has_annotations
    }
}

fn suite(rules: Vec<SastRule>) -> Suite {
    Suite::of(rules, bartizan_sast::models()).at(session::now_s())
}

fn of_example(suite: &Suite, rule: &SastRule, example: &Example, number: usize, file: &str) -> Vec<Check> {
    let language = example.language.or(rule.languages.first().copied());
    let name = example.path.clone().unwrap_or_else(|| Suite::file_name(language));
    let code = example.code.as_str();
    let found = suite.run(&name, code);
    let reported: BTreeSet<u32> = found.iter().map(|found| found.line).collect();
    let mut check = blank(rule.id.as_str(), &rule.languages, file, CheckKind::Example, format!("example {number}"));
    check.code = code.to_owned();
    // Built-in rules have no file that the caller can open.
    check.place = (file.to_owned(), example.code.place(0).0.saturating_sub(1));
    let expected = Expected::of(rule.id.as_str(), code);
    match example.verdict {
        Verdict::Bad if expected.has_annotations => {
            let (missing, extra) = expected.compare(&reported);
            check.judge(missing, extra);
        }
        Verdict::Bad => {
            check.passed = !reported.is_empty();
            check.reason = if check.passed { String::new() } else { format!("example {number} must be reported, and is not") };
        }
        Verdict::Good => check.judge(Vec::new(), reported.into_iter().collect()),
    }
    let mut checks = vec![check];
    if let Some(fixed) = &example.fixed {
        let mut check = blank(rule.id.as_str(), &rule.languages, file, CheckKind::Fix, format!("example {number}"));
        check.place = (file.to_owned(), fixed.place(0).0.saturating_sub(1));
        compare(&mut check, &fixed_text(code, &found), fixed.as_str());
        checks.push(check);
    }
    checks
}

/// Runs rules on the files of code beside their own file.
fn of_targets(file: &RuleText, rules: &[SastRule], name: &str) -> Vec<Check> {
    let tests = Tests::of(file, rules.len());
    if tests.targets.is_empty() || rules.is_empty() {
        return Vec::new();
    }
    let suite = suite(rules.to_vec());
    let mut checks = Vec::new();
    for target in &tests.targets {
        let found = suite.run(&target.path.to_string_lossy(), &target.code);
        let own = rules.iter().filter(|rule| tests.is_for(target, rule));
        checks.extend(own.map(|rule| of_target(target, rule, &found, name)));
        checks.extend(fix_of_target(target, &rules.iter().collect::<Vec<_>>(), &found, name));
    }
    checks
}

fn of_target(target: &Target, rule: &SastRule, found: &[Found], name: &str) -> Check {
    let mut check = blank(rule.id.as_str(), &rule.languages, name, CheckKind::Annotations, text::path(&target.path));
    check.code.clone_from(&target.code);
    check.place = (text::path(&target.path), 0);
    let reported = found.iter().filter(|found| found.rule == rule.id.as_str()).map(|found| found.line).collect();
    let (missing, extra) = Expected::of(rule.id.as_str(), &target.code).compare(&reported);
    check.judge(missing, extra);
    check
}

/// Compares what the fixes of all rules make of a file with what they should make of it.
fn fix_of_target(target: &Target, rules: &[&SastRule], found: &[Found], name: &str) -> Option<Check> {
    let wanted = target.fixed.as_ref()?;
    let languages = rules.first().map_or(&[][..], |rule| &rule.languages);
    let ids: Vec<_> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let mut check = blank(&ids.join(", "), languages, name, CheckKind::Fix, text::path(&target.path));
    check.place = (text::path(&target.path), 0);
    compare(&mut check, &fixed_text(&target.code, found), wanted);
    Some(check)
}

/// The lines that comments name.
#[derive(Debug, Default)]
struct Expected {
    has_annotations: bool,
    reported: BTreeSet<u32>,
    /// Lines of which nothing is expected: what no engine does yet, or another one does.
    neutral: BTreeSet<u32>,
}

impl Expected {
    fn of(rule: &str, code: &str) -> Self {
        let mut expected = Self::default();
        for annotation in annotations(code) {
            if !annotation.rules.iter().any(|id| *id == rule || id.rsplit('.').next() == Some(rule)) {
                continue;
            }
            expected.has_annotations = true;
            let line = annotation.line + 1;
            // Functions are followed into each other: what an engine that does so finds otherwise decides.
            let is_decided_deeply =
                annotation.others.iter().any(|(kind, engine)| *kind != annotation.kind && *engine != AnnotationEngine::Any);
            if is_decided_deeply {
                expected.neutral.insert(line);
                continue;
            }
            match (annotation.kind, annotation.engine) {
                (AnnotationKind::Reports, AnnotationEngine::Any) => {
                    expected.reported.insert(line);
                }
                (AnnotationKind::Reports | AnnotationKind::ShouldReport, _) | (AnnotationKind::ShouldBeSilent, AnnotationEngine::Any) => {
                    expected.neutral.insert(line);
                }
                (AnnotationKind::Silent | AnnotationKind::ShouldBeSilent, _) => {}
            }
        }
        expected
    }

    /// The lines that are missing, and those that are too many.
    fn compare(&self, reported: &BTreeSet<u32>) -> (Vec<u32>, Vec<u32>) {
        let missing = self.reported.difference(reported).copied().collect();
        let extra = reported.difference(&self.reported).filter(|line| !self.neutral.contains(line)).copied().collect();
        (missing, extra)
    }
}

/// A file of code that rules are tested on.
#[derive(Debug)]
struct Target {
    path: PathBuf,
    code: String,
    /// Whether comments in it say what must be reported.
    is_annotated: bool,
    /// What all fixes must make of it.
    fixed: Option<String>,
}

/// The files of code that a rule file is tested on: those beside it of the same name, whatever their endings.
fn targets(rules: &Path) -> Vec<Target> {
    let folder = rules.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(stem) = rules.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_target = |path: &PathBuf| {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
        let has_stem = name.split('.').next() == Some(stem);
        has_stem && path.file_name() != rules.file_name() && !name.contains(".fixed") && !name.ends_with(".formatted") && path.is_file()
    };
    let mut found: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_target).collect();
    found.sort();
    found.into_iter().filter_map(Target::read).collect()
}

impl Target {
    fn read(path: PathBuf) -> Option<Self> {
        let bytes = read_regular(&path, MAX_RULE_FILE_BYTES).ok()?;
        let code = String::from_utf8_lossy(&bytes).into_owned();
        let (is_annotated, fixed) = (!annotations(&code).is_empty(), fixed_beside(&path));
        Some(Self { path, code, is_annotated, fixed })
    }
}

/// What must stand in a file after fixes: in `x.fixed.py` for `x.py`.
fn fixed_beside(target: &Path) -> Option<String> {
    let name = target.file_name()?.to_str()?;
    let (stem, ending) = name.split_once('.')?;
    let names = [format!("{stem}.fixed.{ending}"), name.rsplit_once('.').map(|(start, end)| format!("{start}.fixed.{end}"))?];
    let path = names.iter().map(|name| target.with_file_name(name)).find(|path| path.is_file())?;
    let bytes = read_regular(&path, MAX_RULE_FILE_BYTES).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The code after the fixes of all findings.
fn fixed_text(code: &str, found: &[Found]) -> String {
    let edits: Vec<_> = found
        .iter()
        .filter_map(|found| {
            let range = ByteRange::new(usize::try_from(found.range.0).ok()?, usize::try_from(found.range.1).ok()?);
            Some(TextEdit { range, replacement: found.fix.clone()? })
        })
        .collect();
    let (chosen, _) = choose(&edits);
    let chosen: Vec<_> = chosen.iter().filter_map(|index| edits.get(*index)).collect();
    apply(code, &chosen)
}

/// Compares what fixes made with what they should make, line by line.
fn compare(check: &mut Check, fixed: &str, wanted: &str) {
    check.passed = fixed.trim_end() == wanted.trim_end();
    if check.passed {
        return;
    }
    let (mut wanted, mut fixed) = (wanted.lines(), fixed.lines());
    let mut number = 0;
    loop {
        number += 1;
        let (expected, found) = (wanted.next(), fixed.next());
        if expected.is_none() && found.is_none() {
            break;
        }
        if expected != found {
            let shown = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{}`", text::harmless(line.trim())));
            check.reason = format!("line {number} after the fix must be {}, and is {}", shown(expected), shown(found));
            check.code = found.unwrap_or_default().to_owned();
            return;
        }
    }
    check.reason = "the fix must make something else of it: line breaks differ".to_owned();
}

fn blank(rule: &str, languages: &[LanguageName], file: &str, kind: CheckKind, subject: String) -> Check {
    Check {
        rule: rule.to_owned(),
        languages: languages.iter().map(|language| language.as_str().to_owned()).collect(),
        file: file.to_owned(),
        kind,
        subject,
        passed: true,
        reason: String::new(),
        missing: Vec::new(),
        extra: Vec::new(),
        code: String::new(),
        place: (String::new(), 0),
    }
}
