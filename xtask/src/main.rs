//! Repository chores, in Rust: `cargo xtask COMMAND`. Each command has a file of its own.
//!
//! What CI runs is [`mod@test`]; it needs nothing but a Rust toolchain and a C compiler.

mod arguments;
mod bench;
mod cargo;
mod check;
mod claim;
mod compatibility;
mod determinism;
mod docs;
mod fuzz;
mod postgres;
mod project;
mod screenshot;
mod step;
mod test;
mod train;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use crate::{
    arguments::Arguments,
    cargo::{cargo, succeeds},
    claim::Claim,
    project::Project,
    step::say,
};

/// A command: its name, what follows it, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&Project, Arguments) -> Result<bool>,
}

/// All commands, as the help lists them.
static COMMANDS: &[Command] = &[
    Command { name: "test", arguments: "", about: "everything that CI runs: `check`, then all tests", run: test::run },
    Command {
        name: "check",
        arguments: "",
        about: "formatting, lints, documentation, layers, licences, advisories, our own findings, fuzz targets",
        run: check::run,
    },
    Command { name: "docs", arguments: "[--check]", about: "write the generated part of the book, or compare it", run: docs::run },
    Command { name: "screenshot", arguments: "", about: "render a real scan into docs/images/scan.svg", run: screenshot::run },
    Command {
        name: "bench",
        arguments: "secrets | sast | iac | store [OPTIONS] [DIR…]",
        about: "measure an engine beside its peers, or the store",
        run: bench::run,
    },
    Command {
        name: "train",
        arguments: "rarity DIR… | context CORPUS",
        about: "make the data that judgement by context rests on",
        run: train::run,
    },
    Command {
        name: "compatibility",
        arguments: "DIR",
        about: "run the tests of a checkout of semgrep/semgrep-rules, and write what passes into the book",
        run: compatibility::run,
    },
    Command {
        name: "determinism",
        arguments: "[--runs N] [--rules DIR] DIR",
        about: "scan a tree 20 times, with 1, 2 and 16 threads and files in any order, and compare the reports",
        run: determinism::run,
    },
    Command { name: "fuzz", arguments: "[SECONDS]", about: "run every fuzz target for so long (default: 60)", run: fuzz::run },
];

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            step::complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool> {
    let mut arguments = Arguments::new(env::args().skip(1));
    let Some(name) = arguments.next_word() else {
        say(&help());
        return Ok(false);
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        say(&help());
        return Ok(true);
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        bail!("unknown command `{name}`\n\n{}", help());
    };
    let project = Project::find()?;
    let claim = Claim::take(&project)?;
    if claim.is_new {
        // This program, too, may be the other checkout's.
        drop(claim);
        return again(&project);
    }
    (command.run)(&project, arguments)
}

/// Builds this program anew and runs it in the place of this one, with the same arguments.
fn again(project: &Project) -> Result<bool> {
    let mut command = cargo(project, &["run", "--quiet", "--package", "xtask", "--"]);
    succeeds(command.args(env::args_os().skip(1)))
}

fn help() -> String {
    let commands: String =
        COMMANDS.iter().map(|command| format!("  {:34}{}\n", format!("{} {}", command.name, command.arguments), command.about)).collect();
    format!("usage: cargo xtask COMMAND\n\n{commands}")
}
