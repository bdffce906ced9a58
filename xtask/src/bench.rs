//! `cargo xtask bench secrets`: the secrets engine beside its peers, on the same trees, on the same machine, in the same run.

mod machine;
mod measure;
mod peers;
mod table;
mod trees;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{arguments::Arguments, cargo::build_bartizan, project::Project, step::say};
use measure::{Contestant, measure};

/// The page that `--markdown` writes into.
const PAGE: &str = "docs/benchmarks.md";
const USAGE: &str = "\
usage: cargo xtask bench secrets [OPTIONS] [DIR…]

  DIR…                    trees to scan (default: the sources of this project's dependencies)
  --gitleaks-config FILE  scan with these rules, too, and let gitleaks use them
  --bartizan FILE         a bartizan program (default: this checkout's, built for release)
  --gitleaks FILE         a gitleaks program (default: the pinned one, installed from PyPI)
  --kingfisher FILE       a kingfisher program (default: likewise)
  --runs N                how often each is measured (default: 3)
  --markdown              write the result into docs/benchmarks.md";

/// What the command line asks for.
struct Request {
    trees: Vec<PathBuf>,
    gitleaks_config: Option<PathBuf>,
    bartizan: Option<PathBuf>,
    gitleaks: Option<PathBuf>,
    kingfisher: Option<PathBuf>,
    n_runs: usize,
    is_markdown: bool,
}

/// Measures, and prints a table.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    if arguments.next_word().as_deref() != Some("secrets") {
        bail!("{USAGE}");
    }
    let mut request = Request::read(arguments)?;
    if request.trees.is_empty() {
        request.trees.push(trees::of_dependencies(project)?);
    }
    let work = project.cache.join("bench/reports");
    fs::create_dir_all(&work).with_context(|| format!("can't create {}", work.display()))?;
    let contestants = contestants(project, &request)?;

    let mut text = machine::describe();
    for tree in &request.trees {
        say(&format!("\nmeasuring {}", tree.display()));
        let results = measure(&contestants, tree, &work, request.n_runs)?;
        text.push_str(&table::render(tree, &results)?);
    }
    say(&format!("\n{text}"));
    if request.is_markdown {
        let page = table::replace(&project.read(PAGE)?, &text).with_context(|| format!("{PAGE} has no marks to write between"))?;
        project.write(PAGE, &page)?;
        say(&format!("wrote {PAGE}"));
    }
    Ok(true)
}

impl Request {
    fn read(mut arguments: Arguments) -> Result<Self> {
        let file = |arguments: &mut Arguments, name: &str| -> Result<Option<PathBuf>> {
            let Some(path) = arguments.option(name)? else { return Ok(None) };
            Ok(Some(fs::canonicalize(&path).with_context(|| format!("{name}: can't find {path}"))?))
        };
        let gitleaks_config = file(&mut arguments, "--gitleaks-config")?;
        let bartizan = file(&mut arguments, "--bartizan")?;
        let gitleaks = file(&mut arguments, "--gitleaks")?;
        let kingfisher = file(&mut arguments, "--kingfisher")?;
        let n_runs = match arguments.option("--runs")? {
            Some(text) => {
                text.parse().ok().filter(|&n_runs| 0 < n_runs).with_context(|| format!("--runs: `{text}` is no number of runs"))?
            }
            None => 3,
        };
        let is_markdown = arguments.flag("--markdown");
        let mut trees = Vec::new();
        for path in arguments.rest()? {
            trees.push(fs::canonicalize(&path).with_context(|| format!("can't find {path}"))?);
        }
        Ok(Self { trees, gitleaks_config, bartizan, gitleaks, kingfisher, n_runs, is_markdown })
    }
}

/// Everybody who can run on this machine; who can't is named, with the reason.
fn contestants(project: &Project, request: &Request) -> Result<Vec<Contestant>> {
    let bartizan = request.bartizan.clone().map_or_else(|| build_bartizan(project, true), Ok)?;
    let mut contestants = vec![Contestant::bartizan("bartizan", &bartizan, None)];
    if let Some(config) = &request.gitleaks_config {
        contestants.push(Contestant::bartizan("bartizan, gitleaks' rules", &bartizan, Some(config)));
    }
    match request.gitleaks.clone().map_or_else(|| peers::install(project, &peers::GITLEAKS), Ok) {
        Ok(program) => contestants.push(Contestant::gitleaks(&program, request.gitleaks_config.as_deref())),
        Err(error) => say(&format!("gitleaks is not measured: {error:#}")),
    }
    match request.kingfisher.clone().map_or_else(|| peers::install(project, &peers::KINGFISHER), Ok) {
        Ok(program) => contestants.push(Contestant::kingfisher(&program, &project.cache.join("bench/kingfisher-rules"))),
        Err(error) => say(&format!("kingfisher is not measured: {error:#}")),
    }
    match Contestant::ripgrep(project) {
        Some(contestant) => contestants.push(contestant),
        None => say("rg is not measured: it is not installed"),
    }
    Ok(contestants)
}
