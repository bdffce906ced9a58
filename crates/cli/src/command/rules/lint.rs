//! `bartizan rules lint`: everything that is wrong with rule files, at once.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::{
    args::Global,
    catalog,
    exit::Exit,
    failure::{Failures, Outcome},
    output::print,
    rule_files,
    text::{count, to_u64},
};

/// Check rule files: everything that is wrong with them, with its place
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Rule files, or folders of them
    #[arg(value_name = "FILE|DIR", required = true, value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
}

/// Checks the files.
pub(super) fn run(args: &LintArgs, global: Global) -> Outcome<Exit> {
    let texts = rule_files::read(&args.paths)?;
    let mut failures = Vec::new();
    let mut n_rules = 0;
    for text in &texts {
        match catalog::entries_of(text) {
            Ok(entries) => n_rules += entries.len(),
            Err(Failures(found)) => failures.extend(found),
        }
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    if !global.quiet {
        print(&format!("{} in {}: nothing wrong\n", count(to_u64(n_rules), "rule"), count(to_u64(texts.len()), "file")))?;
    }
    Ok(Exit::Success)
}
