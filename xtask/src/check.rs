//! `cargo xtask check`: what can be said without running a test.

mod advisories;
mod fuzz_targets;
mod layers;
mod licences;
mod links;
mod own_findings;

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    arguments::Arguments,
    cargo::{cargo, is_there, succeeds},
    docs,
    project::Project,
    step::{Steps, say},
};

/// A check: its name, and what finds out whether it passes.
struct Check {
    name: &'static str,
    run: fn(&Project) -> Result<bool>,
}

/// All checks, the quick ones first.
static CHECKS: &[Check] = &[
    Check { name: "toolchain", run: components },
    Check { name: "formatting", run: formatting },
    Check { name: "layers", run: layers::check },
    Check { name: "links", run: links::check },
    Check { name: "licences", run: licences::check },
    Check { name: "advisories", run: advisories::check },
    Check { name: "lints", run: lints },
    Check { name: "documentation", run: documentation },
    Check { name: "generated-pages", run: docs::compare },
    Check { name: "own-findings", run: own_findings::check },
    Check { name: "fuzz-targets", run: fuzz_targets::check },
];

/// Runs the checks that are named, or all.
pub(crate) fn run(project: &Project, arguments: Arguments) -> Result<bool> {
    let names = arguments.rest()?;
    if let Some(unknown) = names.iter().find(|name| CHECKS.iter().all(|check| check.name != *name)) {
        let known: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
        bail!("unknown check `{unknown}`; expected one of: {}", known.join(", "));
    }
    let mut steps = Steps::default();
    for check in CHECKS.iter().filter(|check| names.is_empty() || names.iter().any(|name| name == check.name)) {
        steps.check(check.name, || (check.run)(project));
    }
    Ok(steps.finish())
}

/// Runs all checks as a part of something larger.
pub(crate) fn all(project: &Project, steps: &mut Steps) {
    for check in CHECKS {
        steps.check(check.name, || (check.run)(project));
    }
}

fn formatting(project: &Project) -> Result<bool> {
    // The fuzz targets are a workspace of their own.
    let ours = succeeds(&mut cargo(project, &["fmt", "--all", "--check", "--", "--files-with-diff"]))?;
    let fuzz = succeeds(&mut cargo(project, &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check", "--", "--files-with-diff"]))?;
    Ok(ours && fuzz)
}

fn lints(project: &Project) -> Result<bool> {
    succeeds(&mut cargo(project, &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

fn documentation(project: &Project) -> Result<bool> {
    succeeds(cargo(project, &["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"))
}

/// The parts of the toolchain that the checks need; what is missing is installed, if rustup can.
fn components(_: &Project) -> Result<bool> {
    for (name, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if is_there("cargo", &[subcommand, "--version"]) {
            continue;
        }
        if !is_there("rustup", &["--version"]) {
            bail!("`cargo {subcommand}` is missing, and so is rustup to install it: install the component `{name}` of your toolchain");
        }
        say(&format!("installing the component `{name}`"));
        if !succeeds(Command::new("rustup").args(["component", "add", name]))? {
            bail!("`rustup component add {name}` failed");
        }
    }
    Ok(true)
}
