//! `cargo xtask fuzz`: every fuzz target, one after the other, for some time each.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{
    arguments::Arguments,
    cargo::{array, is_there, metadata, packages, succeeds, text},
    project::Project,
    step::Steps,
};

const DEFAULT_SECONDS: u32 = 60;

/// Runs the targets. A crash leaves its input in `fuzz/artifacts/`; it becomes a named fixture when it is mended.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let seconds = match arguments.next_word() {
        Some(word) => word.parse().with_context(|| format!("`{word}` is no number of seconds"))?,
        None => DEFAULT_SECONDS,
    };
    arguments.finish()?;
    if !is_there("cargo", &["+nightly", "--version"]) {
        bail!("fuzzing needs a nightly toolchain: rustup toolchain install nightly");
    }
    if !is_there("cargo", &["+nightly", "fuzz", "--version"]) {
        bail!("fuzzing needs cargo-fuzz: cargo install cargo-fuzz");
    }
    let mut steps = Steps::default();
    for target in targets(project)? {
        steps.check(&target, || one(project, &target, seconds));
    }
    Ok(steps.finish())
}

/// The names of all targets.
fn targets(project: &Project) -> Result<Vec<String>> {
    let metadata = metadata(project, &["--no-deps", "--offline", "--manifest-path", "fuzz/Cargo.toml"])?;
    let targets = packages(&metadata).iter().flat_map(|package| array(package, "targets"));
    Ok(targets.map(|target| text(target, "name").to_owned()).collect())
}

fn one(project: &Project, target: &str, seconds: u32) -> Result<bool> {
    let mut command = Command::new("cargo");
    command.current_dir(&project.root).env("CARGO_TARGET_DIR", project.target.join("fuzz"));
    command.args(["+nightly", "fuzz", "run", target, "--", "-rss_limit_mb=4096", "-timeout=20"]);
    succeeds(command.arg(format!("-max_total_time={seconds}")))
}
