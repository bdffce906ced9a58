//! `bartizan policy`: policies of the caller's for infrastructure code.

use std::{fmt::Write as _, path::PathBuf};

use bartizan_iac::rego::{Files, suite};
use clap::{Args, Subcommand, ValueHint};
use serde::Serialize;

use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Failures, Outcome, Place, headline},
    iac_policies,
    output::print,
    rule_files::{self, Dialect},
    session,
    snippet::Snippet,
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan policy test policy/                       run the tests beside policies in Rego
  bartizan policy test policy/ --format json         the same, for programs
  bartizan scan --rules policy/ deploy/              run the policies themselves";

/// Test policies for infrastructure code
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Run the tests of policies in Rego: rules named `test_…`, as `opa test` and `conftest verify` run them
    Test(TestArgs),
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Folders with policies and their tests, or files
    #[arg(value_name = "FILE|DIR", value_hint = ValueHint::AnyPath, required = true)]
    paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// All tests, for programs.
#[derive(Debug, Serialize)]
struct Report<'a> {
    n_tests: usize,
    n_failed: usize,
    tests: Vec<Test<'a>>,
    problems: Vec<Broken<'a>>,
}

/// A test, for programs; keys are added, never renamed.
#[derive(Debug, Serialize)]
struct Test<'a> {
    name: &'a str,
    file: String,
    line: u32,
    passed: bool,
    /// Why it failed; empty if it did not.
    reason: &'a str,
}

/// A module that can't be run, for programs.
#[derive(Debug, Serialize)]
struct Broken<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
}

/// Runs `bartizan policy`.
pub(crate) fn run(args: &PolicyArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        PolicyCommand::Test(args) => test(args, global),
    }
}

fn test(args: &TestArgs, global: Global) -> Outcome<Exit> {
    let files = rule_files::read(&args.paths)?;
    let modules = files.texts.into_iter().filter(|text| text.dialect == Dialect::Rego).map(iac_policies::module).collect();
    let tested = suite::run(&Files { modules, data: files.data.into_iter().map(iac_policies::data_of).collect() }, session::now_s());
    if tested.outcomes.is_empty() && tested.problems.is_empty() {
        let failure = Failure::bad_input("no-tests", "there is no test in Rego: a rule whose name starts with `test_`");
        return Err(Failures::from(failure.with_help("name the folder with the tests; they end in _test.rego")));
    }
    let n_failed = tested.outcomes.iter().filter(|outcome| outcome.failed.is_some()).count();
    print(&match args.format {
        ListFormat::Table => table(&tested, n_failed, global),
        ListFormat::Json => json(&tested, n_failed),
    })?;
    Ok(if n_failed == 0 && tested.problems.is_empty() { Exit::Success } else { Exit::Findings })
}

fn json(tested: &suite::Tested, n_failed: usize) -> String {
    let tests = tested.outcomes.iter().map(|outcome| Test {
        name: &outcome.name,
        file: outcome.file.to_string(),
        line: outcome.line,
        passed: outcome.failed.is_none(),
        reason: outcome.failed.as_deref().unwrap_or_default(),
    });
    let problems = tested.problems.iter().map(|problem| Broken {
        file: &problem.file,
        line: problem.line,
        column: problem.column,
        message: &problem.message,
    });
    let report = Report { n_tests: tested.outcomes.len(), n_failed, tests: tests.collect(), problems: problems.collect() };
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn table(tested: &suite::Tested, n_failed: usize, global: Global) -> String {
    let terminal = Terminal::stdout(global.color);
    let mut out = String::new();
    for problem in &tested.problems {
        let place = Place::in_text(&text::harmless(&problem.file), "", problem.line, problem.column, 1);
        out.push_str(&Failure::bad_input("rule", text::harmless(&problem.message)).at(place).render_warning(terminal));
        out.push('\n');
    }
    for outcome in &tested.outcomes {
        let Some(reason) = &outcome.failed else { continue };
        headline(&mut out, terminal, 0, Ink::Error, &format!("failed[{}]:", outcome.name), &text::harmless(reason));
        let mut snippet = Snippet::default();
        snippet.places.push(format!("{}:{}", outcome.file, outcome.line));
        snippet.write(&mut out, terminal, 0, Ink::Error);
        out.push('\n');
    }
    if 0 < n_failed {
        let _ = writeln!(out, "{} of {} failed", count(to_u64(n_failed), "test"), to_u64(tested.outcomes.len()));
    } else if !global.quiet {
        let _ = writeln!(out, "{}: all as they should be", count(to_u64(tested.outcomes.len()), "test"));
    }
    out
}
