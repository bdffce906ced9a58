//! `bartizan rules test`: runs rules on their own examples.

use std::{fmt::Write as _, path::PathBuf};

use bartizan_secrets::rule::{SecretRule, built_in, check_examples};
use clap::{Args, ValueHint};

use crate::{
    args::Global,
    catalog,
    exit::Exit,
    failure::{Failure, Failures, Outcome, Place, headline},
    output::print,
    rule_files::{self, Dialect},
    snippet::{Note, Snippet},
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

/// Run rules on their own examples: what must be reported, and what must not
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Rule files, or folders of them [default: the built-in rules]
    #[arg(value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
}

/// Runs the examples.
pub(super) fn run(args: &TestArgs, global: Global) -> Outcome<Exit> {
    let mut rules: Vec<(String, SecretRule)> = Vec::new();
    if args.paths.is_empty() {
        rules.extend(built_in().into_iter().map(|rule| ("built in".to_owned(), rule)));
    }
    let mut failures = Vec::new();
    for text in rule_files::read(&args.paths)?.texts {
        let file = text::path(&text.path);
        match text.dialect {
            Dialect::Bartizan => match catalog::parse(&text) {
                Ok(rule) => rules.push((file, rule)),
                Err(Failures(found)) => failures.extend(found),
            },
            // Rules for code have a test of their own.
            Dialect::Semgrep => {}
            Dialect::Gitleaks => failures.push(
                Failure::bad_input("no-examples", "configuration of gitleaks holds no examples to test")
                    .at(Place::whole(file))
                    .with_help("`bartizan rules lint` checks it"),
            ),
        }
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    let terminal = Terminal::stdout(global.color);
    let mut out = String::new();
    let (mut n_examples, mut n_failed) = (0, 0);
    for (file, rule) in rules {
        n_examples += rule.bad().len() + rule.good().len();
        let id = rule.id().clone();
        for failure in check_examples(rule) {
            n_failed += 1;
            headline(&mut out, terminal, 0, Ink::Error, &format!("failed[{id}]:"), &failure.reason);
            let notes = vec![Note::new("example", failure.example)];
            Snippet { places: vec![file.clone()], notes, ..Snippet::default() }.write(&mut out, terminal, 0, Ink::Error);
            out.push('\n');
        }
    }
    if 0 < n_failed {
        let _ = writeln!(out, "{} of {} failed", count(to_u64(n_failed), "example"), to_u64(n_examples));
    } else if !global.quiet {
        let _ = writeln!(out, "{}: all as they should be", count(to_u64(n_examples), "example"));
    }
    print(&out)?;
    Ok(if n_failed == 0 { Exit::Success } else { Exit::Findings })
}
