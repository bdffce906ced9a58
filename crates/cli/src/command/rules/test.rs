//! `bartizan rules test`: runs rules on their own examples, and on files of code that say what must be reported.

pub(super) mod check;
pub(super) mod code;

use std::{fmt::Write as _, path::PathBuf};

use bartizan_sast::rule::SastRule;
use bartizan_secrets::rule::{SecretRule, built_in, check_examples};
use clap::{Args, ValueHint};

use self::check::{Check, CheckKind, Checks};
use crate::{
    args::{Global, ListFormat},
    catalog,
    exit::Exit,
    failure::{Failure, Failures, Outcome, Place},
    output::print,
    rule_files::{self, Dialect, RuleText},
    terminal::Terminal,
    text::{self, count, to_u64},
    threads::on_threads,
};

/// Run rules on their own examples, and on code beside them whose comments say what must be reported
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Rule files, or folders of them [default: the built-in rules]
    #[arg(value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// What is tested.
#[derive(Default)]
struct Subjects {
    /// Rules for credentials, and their files.
    secrets: Vec<(String, SecretRule)>,
    code: Vec<Job>,
}

/// Rules for code that are tested at once.
enum Job {
    BuiltIn(&'static SastRule),
    File(RuleText),
}

/// Runs the tests.
pub(super) fn run(args: &TestArgs, global: Global) -> Outcome<Exit> {
    let subjects = subjects(args)?;
    let mut checks: Vec<_> = subjects.secrets.into_iter().flat_map(|(file, rule)| of_secret_rule(&file, rule)).collect();
    checks.extend(on_threads(&subjects.code, Job::run).into_iter().flatten());
    let n_failed = checks.iter().filter(|check| !check.passed).count();
    print(&match args.format {
        ListFormat::Table => table(&checks, n_failed, global),
        ListFormat::Json => {
            serde_json::to_string_pretty(&Checks { n_checks: checks.len(), n_failed, checks: &checks }).unwrap_or_default() + "\n"
        }
    })?;
    Ok(if n_failed == 0 { Exit::Success } else { Exit::Findings })
}

fn subjects(args: &TestArgs) -> Outcome<Subjects> {
    if args.paths.is_empty() {
        let secrets = built_in().into_iter().map(|rule| ("built in".to_owned(), rule)).collect();
        return Ok(Subjects { secrets, code: bartizan_sast::built_in().map(Job::BuiltIn).collect() });
    }
    let (mut subjects, mut failures) = (Subjects::default(), Vec::new());
    for text in rule_files::read(&args.paths)?.texts {
        match text.dialect {
            Dialect::Bartizan => match catalog::parse(&text) {
                Ok(rule) => subjects.secrets.push((text::path(&text.path), rule)),
                Err(Failures(found)) => failures.extend(found),
            },
            Dialect::Semgrep => subjects.code.push(Job::File(text)),
            Dialect::Checkov => failures.push(
                Failure::bad_input("no-examples", "policies of Checkov hold no examples to test")
                    .at(Place::whole(text::path(&text.path)))
                    .with_help("`bartizan rules lint` checks them"),
            ),
            Dialect::Kics => failures.push(
                Failure::bad_input("no-examples", "queries of KICS are not tested by this command")
                    .at(Place::whole(text::path(&text.path)))
                    .with_help("`bartizan scan --rules` runs them"),
            ),
            Dialect::Rego => failures.push(
                Failure::bad_input("no-examples", "policies in Rego are not tested by this command")
                    .at(Place::whole(text::path(&text.path)))
                    .with_help("`bartizan policy test` runs their tests"),
            ),
            Dialect::Gitleaks => failures.push(
                Failure::bad_input("no-examples", "configuration of gitleaks holds no examples to test")
                    .at(Place::whole(text::path(&text.path)))
                    .with_help("`bartizan rules lint` checks it"),
            ),
        }
    }
    if failures.is_empty() { Ok(subjects) } else { Err(Failures(failures)) }
}

impl Job {
    fn run(&self) -> Vec<Check> {
        match self {
            Self::BuiltIn(rule) => code::of_examples(rule, "built in"),
            Self::File(text) => code::of_file(text),
        }
    }
}

fn of_secret_rule(file: &str, rule: SecretRule) -> Vec<Check> {
    let id = rule.id().to_string();
    let n_bad = rule.bad().len();
    let examples = [rule.bad(), rule.good()].concat();
    let failures = check_examples(rule);
    let check = |(index, text): (usize, String)| {
        // One text may be listed as both.
        let other = if index < n_bad { "listed as good" } else { "listed as bad" };
        let failure = failures.iter().find(|failure| failure.example == text && !failure.reason.ends_with(other));
        Check {
            rule: id.clone(),
            languages: Vec::new(),
            file: file.to_owned(),
            kind: CheckKind::Example,
            subject: format!("example {}", index + 1),
            passed: failure.is_none(),
            reason: failure.map(|failure| failure.reason.clone()).unwrap_or_default(),
            missing: Vec::new(),
            extra: Vec::new(),
            code: text,
            place: (file.to_owned(), 0),
        }
    };
    examples.into_iter().enumerate().map(check).collect()
}

fn table(checks: &[Check], n_failed: usize, global: Global) -> String {
    let terminal = Terminal::stdout(global.color);
    let mut out = String::new();
    for check in checks.iter().filter(|check| !check.passed) {
        check.render(&mut out, terminal);
    }
    let is_example = |check: &Check| check.kind == CheckKind::Example;
    let noun = if checks.iter().all(is_example) { "example" } else { "test" };
    if 0 < n_failed {
        let _ = writeln!(out, "{} of {} failed", count(to_u64(n_failed), noun), to_u64(checks.len()));
    } else if !global.quiet {
        let _ = writeln!(out, "{}: all as they should be", count(to_u64(checks.len()), noun));
    }
    out
}
