//! Steps: what is done one after the other, timed, with the result of each.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use anyhow::Result;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What passed.
    pub(crate) n_passed: usize,
    /// What failed.
    pub(crate) n_failed: usize,
}

impl Tally {
    /// One thing that passed or failed.
    pub(crate) const fn one(has_passed: bool) -> Self {
        if has_passed { Self { n_passed: 1, n_failed: 0 } } else { Self { n_passed: 0, n_failed: 1 } }
    }
}

/// The steps of a run, so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<(String, Tally, Duration)>,
}

impl Steps {
    /// Does one step. One that fails does not keep the others from being done.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<Tally>) {
        say(&format!("\n── {name}"));
        let start = Instant::now();
        let tally = step().unwrap_or_else(|error| {
            say(&format!("error: {error:#}"));
            Tally::one(false)
        });
        let elapsed = start.elapsed();
        say(&format!("── {name}: {} ({:.1} s)", verdict(tally), elapsed.as_secs_f64()));
        self.done.push((name.to_owned(), tally, elapsed));
    }

    /// Does one step that passes or fails as a whole.
    pub(crate) fn check(&mut self, name: &str, step: impl FnOnce() -> Result<bool>) {
        self.run(name, || Ok(Tally::one(step()?)));
    }

    /// Sums up; the last line is for programs. Whether all is well.
    pub(crate) fn finish(self) -> bool {
        let columns = self.done.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        say("");
        for (name, tally, elapsed) in &self.done {
            say(&format!("  {name:columns$}  {:>7.1} s  {}", elapsed.as_secs_f64(), verdict(*tally)));
        }
        let n_passed: usize = self.done.iter().map(|(_, tally, _)| tally.n_passed).sum();
        let n_failed: usize = self.done.iter().map(|(_, tally, _)| tally.n_failed).sum();
        say(&format!("\n{n_passed} passed, {n_failed} failed"));
        n_failed == 0
    }
}

fn verdict(tally: Tally) -> String {
    match tally {
        Tally { n_passed: 0 | 1, n_failed: 0 } => "passed".to_owned(),
        Tally { n_passed: 0, n_failed: 1 } => "FAILED".to_owned(),
        Tally { n_passed, n_failed: 0 } => format!("{n_passed} passed"),
        Tally { n_passed, n_failed } => format!("{n_passed} passed, {n_failed} FAILED"),
    }
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    // Whoever closed the pipe does not want to read it.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line where errors go.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
