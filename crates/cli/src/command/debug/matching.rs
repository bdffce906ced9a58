//! `bartizan debug match`: which advisories affect a version of a package.
//!
//! A line is an object with `ecosystem`, `name` and `version`; the answer is `{"ids":[…]}`, or `{"error":…}`.

use std::path::PathBuf;

use bartizan_deps::osv::{Ecosystem, MatchBy};
use clap::{Args, ValueHint};
use serde::Deserialize;
use serde_json::json;

use super::lines;
use crate::{
    advisories::{self, Gathered},
    args::Global,
    exit::Exit,
    failure::Outcome,
    output::print_error,
    progress::Countdown,
    terminal::Terminal,
    text::{count, to_u64},
};

/// Print which advisories affect a version of a package: one line of standard input, one line of output
#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Advisories as `bartizan advisories build` reads them (repeatable)
    #[arg(long, value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    from: Vec<PathBuf>,
    /// Decide by ranges alone, not by listed versions
    #[arg(long)]
    ranges_only: bool,
}

/// Answers until there are no questions.
pub(super) fn run(args: &MatchArgs, global: Global) -> Outcome<Exit> {
    let countdown = |n_files| Countdown::new(("reading", "file"), n_files, global.quiet, Terminal::stderr(global.color));
    let mut gathered = Gathered::default();
    for path in &args.from {
        advisories::gather(path, &mut gathered, &countdown)?;
    }
    for problem in gathered.problems.iter().take(10) {
        print_error(&format!("note: {problem}\n"));
    }
    if 0 < gathered.n_problems {
        print_error(&format!("note: {} left out\n", count(to_u64(gathered.n_problems), "file")));
    }
    let by = if args.ranges_only { MatchBy::Ranges } else { MatchBy::VersionsAndRanges };
    let store = gathered.into_store();
    lines::answer(|line| match serde_json::from_str::<Question>(line) {
        Ok(Question { ecosystem, name, version }) => {
            let ecosystem = Ecosystem::new(&ecosystem);
            let hits = store.segment(ecosystem).map(|segment| segment.matching_by(ecosystem, &name, &version, by)).unwrap_or_default();
            json!({"ids": hits.iter().map(|hit| hit.advisory.id()).collect::<Vec<_>>()}).to_string()
        }
        Err(error) => json!({"error": error.to_string()}).to_string(),
    })
}

#[derive(Deserialize)]
struct Question {
    ecosystem: String,
    name: String,
    version: String,
}
