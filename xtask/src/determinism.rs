//! `cargo xtask determinism DIR`: scans a tree over and over, and compares the reports byte by byte.
//!
//! The short version of it is a test (`crates/cli/tests/it/determinism.rs`); this one is for trees of any size.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    arguments::Arguments,
    cargo::{build_bartizan, output},
    project::Project,
    step::say,
};

const USAGE: &str = "usage: cargo xtask determinism [--runs N] [--rules FILE|DIR] [--bartizan FILE] DIR";
const THREADS: [&str; 3] = ["1", "2", "16"];

/// Scans as often as is asked for: with one thread, two and sixteen in turn, each time a copy whose files were written in another
/// order. Whether all reports were the same.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let n_runs = match arguments.option("--runs")? {
        Some(text) => text.parse().with_context(|| format!("--runs: `{text}` is no number of runs"))?,
        None => 20_usize,
    };
    let rules = arguments.option("--rules")?.map(fs::canonicalize).transpose().context("can't find the rules")?;
    let bartizan = arguments.option("--bartizan")?.map(PathBuf::from);
    let [tree] = <[String; 1]>::try_from(arguments.rest()?).map_err(|_| anyhow::anyhow!(USAGE))?;
    let bartizan = bartizan.map_or_else(|| build_bartizan(project, true), Ok)?;

    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::from(&tree)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path().strip_prefix(&tree)?.to_owned());
            }
        }
    }
    files.sort();
    if files.is_empty() || n_runs < 2 {
        bail!("there is nothing to compare");
    }
    let copy = project.cache.join("determinism/tree");
    let mut first = None;
    for (run, n_threads) in (0..n_runs).zip(THREADS.iter().cycle()) {
        shuffle(&mut files, run);
        write(Path::new(&tree), &copy, &files)?;
        let mut command = Command::new(&bartizan);
        command.current_dir(&copy).args(["scan", "--quiet", "--no-cache", "--format", "sarif", "-j", n_threads]);
        let report = output(command.args(rules.iter().flat_map(|rules| [Path::new("--rules"), rules])))?;
        let first = first.get_or_insert_with(|| report.clone());
        let is_same = *first == report;
        say(&format!("run {}: {n_threads} threads, {} bytes, {}", run + 1, report.len(), if is_same { "the same" } else { "DIFFERENT" }));
        if !is_same {
            let [one, other] = ["first.sarif", "other.sarif"].map(|name| copy.with_file_name(name));
            fs::write(&one, first)?;
            fs::write(&other, report)?;
            say(&format!("compare {} and {}", one.display(), other.display()));
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies files in the order in which they are named: that of a folder's list depends on it.
fn write(from: &Path, to: &Path, files: &[PathBuf]) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to).with_context(|| format!("can't remove {}", to.display()))?;
    }
    for file in files {
        let target = to.join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from.join(file), &target).with_context(|| format!("can't write {}", target.display()))?;
    }
    Ok(())
}

/// Puts things into another order, always the same for a seed.
fn shuffle<T>(things: &mut [T], seed: usize) {
    let mut random = u64::try_from(seed).unwrap_or_default();
    for index in (1..things.len()).rev() {
        // Constants of Knuth's MMIX.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(index, usize::try_from(random >> 33).unwrap_or_default() % (index + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_all_things_and_their_order_for_a_seed() {
        let shuffled = |seed| {
            let mut things: Vec<u8> = (0..50).collect();
            shuffle(&mut things, seed);
            things
        };
        assert_eq!(shuffled(1), shuffled(1));
        assert_ne!(shuffled(1), shuffled(2));
        let mut things = shuffled(3);
        things.sort_unstable();
        assert_eq!(things, (0..50).collect::<Vec<u8>>());
    }
}
