//! `bartizan rules mutate`: leaves out each clause of a rule in turn, and says which of them no test needs.

use std::{fmt::Write as _, path::PathBuf};

use bartizan_sast::{
    rule::{Mutant, SastRule},
    suite::Suite,
};
use clap::{Args, ValueHint};
use serde::Serialize;

use super::test::code::Tests;
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome, headline},
    output::{print, print_error},
    progress::Countdown,
    rule_files::{self, Dialect, RuleText},
    sast_rules,
    snippet::{Snippet, SnippetLine},
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
    threads::on_threads,
};

const EXAMPLES: &str = "\
Examples:
  bartizan rules mutate my-rules/                  every clause of all rules that have tests
  bartizan rules mutate my-rules/ --rule no-eval   those of one rule
  bartizan rules mutate my-rules/ --format json    the same for programs";

/// Find the clauses of rules for code that no test needs: leave out each in turn, and run the tests
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MutateArgs {
    /// Rule files, or folders of them
    #[arg(value_name = "FILE|DIR", required = true, value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Mutate this rule alone (repeatable)
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// A rule with its file and its tests.
struct Subject<'a> {
    file: &'a RuleText,
    rule: &'a SastRule,
    tests: &'a Tests,
}

/// What is known of the clauses of one rule.
#[derive(Debug)]
struct Mutated<'a> {
    /// Whether the rule has a test that passes as it is.
    is_tested: bool,
    /// How many of its tests fail as it is.
    n_failing: usize,
    clauses: Vec<Clause<'a>>,
}

/// A clause, and who noticed that it was gone.
#[derive(Debug, Serialize)]
struct Clause<'a> {
    rule: &'a str,
    /// The file of the rule, as the caller named it.
    file: String,
    line: u32,
    column: u32,
    /// The key: `pattern-not`, `metavariable-regex`, `sanitizer` …
    clause: &'static str,
    /// The line that it starts on.
    text: &'a str,
    noticed: bool,
    /// The first test that fails without it.
    noticed_by: Option<String>,
    /// How many characters of its first line are meant.
    #[serde(skip)]
    n_characters: usize,
}

/// The JSON; keys are added, never renamed.
#[derive(Debug, Serialize)]
struct Report<'a> {
    n_rules: usize,
    /// Rules without a test that passes: nothing is known of their clauses.
    n_untested: usize,
    /// Rules that can't be run.
    n_unusable: usize,
    /// Tests that fail on the rules as they are; what they say is not counted.
    n_failing_tests: usize,
    n_clauses: usize,
    n_unnoticed: usize,
    clauses: Vec<&'a Clause<'a>>,
}

/// Runs the tests of rules without each clause.
pub(super) fn run(args: &MutateArgs, global: Global) -> Outcome<Exit> {
    let mut texts = rule_files::read(&args.paths)?.texts;
    texts.retain(|text| text.dialect == Dialect::Semgrep);
    let mut n_unusable = 0;
    let mut files = Vec::new();
    for text in &texts {
        let understood = sast_rules::understand(text);
        n_unusable += understood.problems.iter().filter(|problem| problem.is_error()).filter_map(|problem| problem.rule.as_ref()).count();
        let tests = Tests::of(text, understood.rules.len());
        files.push((text, understood.rules, tests));
    }
    let all = files.iter().flat_map(|(file, rules, tests)| rules.iter().map(move |rule| Subject { file, rule, tests }));
    let subjects: Vec<_> = all.filter(|subject| args.chooses(subject.rule)).collect();
    for id in &args.rule {
        let all: Vec<_> = files.iter().flat_map(|(_, rules, _)| rules).cloned().collect();
        sast_rules::find(&all, id)?;
    }
    if subjects.is_empty() {
        let failure = Failure::bad_input("no-rules", "there is no rule for code that can be run");
        return Err(failure.with_help("`bartizan rules lint` says what is wrong with rule files").into());
    }
    let progress = Countdown::new(("mutating", "rule"), subjects.len(), global.quiet, Terminal::stderr(global.color));
    let mutated = on_threads(&subjects, |subject| {
        let mutated = subject.mutate();
        progress.advance();
        mutated
    });
    drop(progress);
    let report = Report::new(&mutated, n_unusable);
    print(&match args.format {
        ListFormat::Table => report.table(global, &texts),
        ListFormat::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
    })?;
    if args.format == ListFormat::Table && !global.quiet {
        report.print_notes();
    }
    Ok(if report.n_unnoticed == 0 { Exit::Success } else { Exit::Findings })
}

impl MutateArgs {
    fn chooses(&self, rule: &SastRule) -> bool {
        self.rule.is_empty() || self.rule.iter().any(|id| id == rule.id.as_str())
    }
}

impl<'a> Subject<'a> {
    fn mutate(&self) -> Mutated<'a> {
        let as_it_is: Vec<bool> = self.tests.run(self.rule).map(|check| check.passed).collect();
        let is_tested = as_it_is.contains(&true);
        let mutants = if is_tested { self.rule.mutants() } else { Vec::new() };
        // Without a clause, a rule may be one that can't be run.
        let is_rule = |mutant: &Mutant| Suite::of(vec![mutant.rule.clone()], bartizan_sast::models()).ids().next().is_some();
        let clauses = mutants.iter().filter(|mutant| is_rule(mutant)).map(|mutant| {
            // A test that fails anyway notices nothing.
            let mut checks = self.tests.run(&mutant.rule).zip(&as_it_is);
            let noticed_by = checks.find_map(|(check, passed)| (*passed && !check.passed).then_some(check.subject));
            let text = self.file.text.lines().nth(usize::try_from(mutant.span.line).unwrap_or(usize::MAX).saturating_sub(1));
            Clause {
                rule: self.rule.id.as_str(),
                file: text::path(&self.file.path),
                line: mutant.span.line,
                column: mutant.span.column,
                clause: mutant.clause,
                text: text.unwrap_or_default().trim(),
                noticed: noticed_by.is_some(),
                noticed_by,
                n_characters: sast_rules::n_characters(self.file, mutant.span),
            }
        });
        Mutated { is_tested, n_failing: as_it_is.iter().filter(|passed| !**passed).count(), clauses: clauses.collect() }
    }
}

impl<'a> Report<'a> {
    fn new(mutated: &'a [Mutated<'a>], n_unusable: usize) -> Self {
        let clauses: Vec<_> = mutated.iter().flat_map(|mutated| &mutated.clauses).collect();
        Self {
            n_rules: mutated.len(),
            n_untested: mutated.iter().filter(|mutated| !mutated.is_tested).count(),
            n_unusable,
            n_failing_tests: mutated.iter().map(|mutated| mutated.n_failing).sum(),
            n_clauses: clauses.len(),
            n_unnoticed: clauses.iter().filter(|clause| !clause.noticed).count(),
            clauses,
        }
    }

    fn table(&self, global: Global, texts: &[RuleText]) -> String {
        let terminal = Terminal::stdout(global.color);
        let mut out = String::new();
        for clause in self.clauses.iter().filter(|clause| !clause.noticed) {
            clause.render(&mut out, terminal, texts);
        }
        let n_rules = count(to_u64(self.n_rules - self.n_untested), "rule");
        let n_clauses = count(to_u64(self.n_clauses), "clause");
        if 0 < self.n_unnoticed {
            let _ = writeln!(out, "no test needs {} of {n_clauses} in {n_rules}", self.n_unnoticed);
        } else if !global.quiet {
            let _ = writeln!(out, "{n_clauses} in {n_rules}: a test needs each");
        }
        out
    }

    /// Says what was left out.
    fn print_notes(&self) {
        let note = |n: usize, noun: &str, what: &str| {
            if 0 < n {
                print_error(&format!("note: {} {what}\n", count(to_u64(n), noun)));
            }
        };
        note(self.n_untested, "rule", "without a test that passes: left out");
        note(self.n_unusable, "rule", "that can't be run: `bartizan rules lint` says why");
        note(self.n_failing_tests, "test", "failing on the rules as they are: `bartizan rules test` shows them");
    }
}

impl Clause<'_> {
    fn render(&self, out: &mut String, terminal: Terminal, texts: &[RuleText]) {
        let message = format!("no test needs this {}", self.clause);
        headline(out, terminal, 0, Ink::Warning, &format!("unnoticed[{}]:", self.rule), &message);
        let text = texts.iter().find(|text| text::path(&text.path) == self.file).map_or("", |text| &text.text);
        let number = usize::try_from(self.line).unwrap_or(usize::MAX).saturating_sub(1);
        let mut snippet = Snippet::default();
        snippet.places.push(format!("{}:{}:{}", self.file, self.line, self.column));
        if let Some(line) = text.lines().nth(number) {
            let start = usize::try_from(self.column).unwrap_or(1).saturating_sub(1);
            let highlight = Some(start..start + self.n_characters.max(1));
            snippet.lines.push(SnippetLine { number: self.line, text: line.into(), highlight });
        }
        snippet.write(out, terminal, 0, Ink::Warning);
        let _ = writeln!(out);
    }
}
