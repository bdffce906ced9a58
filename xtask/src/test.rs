//! `cargo xtask test`: everything that CI runs, and nothing that CI does not run.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};

use crate::{
    arguments::Arguments,
    cargo::cargo,
    check, postgres,
    project::Project,
    step::{Steps, Tally, say},
};

/// Runs the checks, then the tests of all crates, documentation tests included.
pub(crate) fn run(project: &Project, arguments: Arguments) -> Result<bool> {
    arguments.finish()?;
    let mut steps = Steps::default();
    check::all(project, &mut steps);
    let server = postgres::Server::start().unwrap_or_else(|error| {
        say(&format!("\n── PostgreSQL: {error:#}"));
        None
    });
    if server.is_none() {
        say("\n── PostgreSQL: its part of the tests is skipped, because it is not there (Debian: `apt install postgresql`)");
    }
    steps.run("tests", || tests(project, server.as_ref()));
    drop(server);
    let missing: Vec<&str> = ["bash", "node", "npm", "python3"].into_iter().filter(|program| !is_there(program)).collect();
    if missing.is_empty() {
        steps.run("paved road", || paved_road(project));
    } else {
        say(&format!("\n── paved road: skipped, because there is no {}", missing.join(", no ")));
    }
    Ok(steps.finish())
}

/// Whether a program can be run.
fn is_there(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// Runs the tests of the libraries in other languages, which install what they need.
fn paved_road(project: &Project) -> Result<Tally> {
    let mut command = Command::new("bash");
    command.arg(project.root.join("paved-road/test")).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("can't start `bash`")?;
    let mut sum = Tally { n_passed: 0, n_failed: 0 };
    for line in BufReader::new(child.stdout.take().context("no output to read")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        sum = sum_of_steps(&line).unwrap_or(sum);
        say(&line);
    }
    if !child.wait()?.success() && sum.n_failed == 0 {
        sum.n_failed = 1;
    }
    Ok(sum)
}

/// The counts in a line such as `12 passed, 0 failed, 1 skipped`.
fn sum_of_steps(line: &str) -> Option<Tally> {
    let mut counts = line.split(", ");
    let mut count = |name: &str| counts.next()?.strip_suffix(name)?.trim().parse().ok();
    Some(Tally { n_passed: count("passed")?, n_failed: count("failed")? })
}

/// Runs cargo's tests; the reader sees what they print, and their results are added up.
fn tests(project: &Project, server: Option<&postgres::Server>) -> Result<Tally> {
    let mut command = cargo(project, &["test", "--workspace", "--no-fail-fast"]);
    if let Some(server) = server {
        command.env(postgres::VARIABLE, &server.url);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("can't start `cargo`")?;
    let mut sum = Tally { n_passed: 0, n_failed: 0 };
    for line in BufReader::new(child.stdout.take().context("no output to read")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if let Some(tally) = result(&line) {
            sum.n_passed += tally.n_passed;
            sum.n_failed += tally.n_failed;
        }
        say(&line);
    }
    // What failed without a count, such as a crate that can't be built, is one failure.
    if !child.wait()?.success() && sum.n_failed == 0 {
        sum.n_failed = 1;
    }
    Ok(sum)
}

/// The counts in a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn result(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |name: &str| {
        let part = counts.split("; ").find_map(|part| part.strip_suffix(name))?;
        part.trim().parse().ok()
    };
    Some(Tally { n_passed: count("passed")?, n_failed: count("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(result(line), Some(Tally { n_passed: 12, n_failed: 3 }));
        assert_eq!(result("test a ... ok"), None);
        assert_eq!(sum_of_steps("21 passed, 2 failed, 1 skipped"), Some(Tally { n_passed: 21, n_failed: 2 }));
        assert_eq!(sum_of_steps("ok   node: tests (3 s) 12 passed"), None);
    }
}
