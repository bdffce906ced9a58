//! `cargo xtask bench secrets`: the secrets engine beside its peers.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};

use super::{
    existing, machine,
    measure::{Contestant, measure},
    n_runs, peers, publish, table, trees,
};
use crate::{arguments::Arguments, cargo::build_bartizan, project::Project, step::say};

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
pub(super) fn run(project: &Project, arguments: Arguments) -> Result<bool> {
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
    publish(project, "secrets", &text, request.is_markdown)?;
    Ok(true)
}

impl Request {
    fn read(mut arguments: Arguments) -> Result<Self> {
        let gitleaks_config = existing(&mut arguments, "--gitleaks-config")?;
        let bartizan = existing(&mut arguments, "--bartizan")?;
        let gitleaks = existing(&mut arguments, "--gitleaks")?;
        let kingfisher = existing(&mut arguments, "--kingfisher")?;
        let n_runs = n_runs(&mut arguments, 3)?;
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
