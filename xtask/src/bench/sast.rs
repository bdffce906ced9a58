//! `cargo xtask bench sast`: the engine for code beside its peers, with the same rules on the same files.
//!
//! What is measured is CPU time, from the start of a program to its end. The trees and the rules are the caller's: nothing of
//! them is fetched or kept in this repository.

mod cached;
mod language;
mod scanner;
mod table;
mod trees;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use super::{existing, machine, n_runs, peers, publish};
use crate::{
    arguments::Arguments,
    cargo::{build_bartizan, build_example},
    project::Project,
    step::say,
};
use language::Measured;
use scanner::{Costs, Scanner};

/// What the command line asks for.
struct Request {
    trees: Vec<(&'static Measured, PathBuf)>,
    rules: PathBuf,
    bartizan: Option<PathBuf>,
    parser: Option<PathBuf>,
    semgrep: Option<PathBuf>,
    opengrep: Option<PathBuf>,
    has_peers: bool,
    n_generated: usize,
    n_runs: usize,
    is_markdown: bool,
}

/// What is started.
struct Programs {
    bartizan: PathBuf,
    parser: PathBuf,
    semgrep: Result<PathBuf>,
    opengrep: Result<PathBuf>,
}

/// What one scanner costs on a tree, and on a file of one line; or why it was not measured.
struct Measurement {
    name: String,
    costs: Result<(Costs, Costs)>,
}

/// Measures, and prints tables.
pub(super) fn run(project: &Project, arguments: Arguments) -> Result<bool> {
    let request = Request::read(arguments)?;
    let programs = Programs::find(project, &request)?;
    let work = project.cache.join("bench/sast");
    fs::create_dir_all(work.join("home")).with_context(|| format!("can't create {}", work.display()))?;

    let mut text = machine::describe();
    let mut trees = Vec::new();
    for (measured, from) in &request.trees {
        let name = from.file_name().unwrap_or(from.as_os_str()).to_string_lossy().into_owned();
        let tree = work.join("trees").join(&name);
        trees::copy(from, &tree, measured)?;
        let line = work.join("lines").join(measured.name);
        trees::write_lines(&line, measured)?;
        say(&format!("\nmeasuring {name}"));
        let scanners = scanners(&programs, &request, measured, &work);
        let results = measure(scanners, &tree, &line, &work, request.n_runs);
        text.push_str(&table::render(&name, measured, &tree, &results)?);
        trees.push((name, tree));
    }
    let generated = work.join("trees/generated");
    if 0 < request.n_generated {
        trees::generate(&generated, request.n_generated)?;
        trees.push(("generated".to_owned(), generated));
    }
    for (name, tree) in &trees {
        say(&format!("\nmeasuring the cache on {name}"));
        let runs = cached::measure(&programs.bartizan, tree, &work, request.n_runs)?;
        text.push_str(&table::render_cached(name, tree, &runs)?);
    }
    publish(project, "sast", &text, request.is_markdown)?;
    Ok(true)
}

impl Request {
    fn read(mut arguments: Arguments) -> Result<Self> {
        let rules = existing(&mut arguments, "--rules")?.context("`--rules` must name a checkout of semgrep/semgrep-rules")?;
        let bartizan = existing(&mut arguments, "--bartizan")?;
        let parser = existing(&mut arguments, "--parser")?;
        let semgrep = existing(&mut arguments, "--semgrep")?;
        let opengrep = existing(&mut arguments, "--opengrep")?;
        let has_peers = !arguments.flag("--no-peers");
        let n_generated = match arguments.option("--files")? {
            Some(text) => text.parse().with_context(|| format!("--files: `{text}` is no number of files"))?,
            None => 10_000,
        };
        let n_runs = n_runs(&mut arguments, 1)?;
        let is_markdown = arguments.flag("--markdown");
        let mut trees = Vec::new();
        for word in arguments.rest()? {
            let Some((name, path)) = word.split_once('=') else { bail!("expected LANGUAGE=DIR, found `{word}`") };
            let measured = language::named(name)?;
            trees.push((measured, fs::canonicalize(path).with_context(|| format!("can't find {path}"))?));
        }
        Ok(Self { trees, rules, bartizan, parser, semgrep, opengrep, has_peers, n_generated, n_runs, is_markdown })
    }
}

impl Programs {
    /// Builds or installs what the caller does not name.
    fn find(project: &Project, request: &Request) -> Result<Self> {
        let peer = |named: &Option<PathBuf>, peer: &peers::Peer| {
            if !request.has_peers {
                bail!("not asked for");
            }
            named.clone().map_or_else(|| peers::install(project, peer), Ok)
        };
        Ok(Self {
            bartizan: request.bartizan.clone().map_or_else(|| build_bartizan(project, true), Ok)?,
            parser: request.parser.clone().map_or_else(|| build_example(project, "bartizan-syntax", "parse"), Ok)?,
            semgrep: peer(&request.semgrep, &peers::SEMGREP),
            opengrep: peer(&request.opengrep, &peers::OPENGREP),
        })
    }
}

/// Everybody, in the order of the table: all are compared with the first, and the last is the least that can be done.
fn scanners(programs: &Programs, request: &Request, measured: &Measured, work: &Path) -> Vec<(String, Result<Scanner>)> {
    let rules: Vec<PathBuf> = measured.rules.iter().map(|folder| request.rules.join(folder)).collect();
    let home = work.join("home");
    let bartizan =
        |name: &str, rules: &[PathBuf], more: &[&str]| (name.to_owned(), Ok(Scanner::bartizan(&programs.bartizan, rules, more, &home)));
    let peer = |peer: &peers::Peer, program: &Result<PathBuf>| {
        let scanner = match program {
            Ok(program) => Ok(Scanner::semgrep(program, &rules, &home)),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        (format!("{} {}", peer.program, peer.version), scanner)
    };
    vec![
        bartizan("bartizan", &rules, &["--no-cache"]),
        peer(&peers::SEMGREP, &programs.semgrep),
        peer(&peers::OPENGREP, &programs.opengrep),
        bartizan("bartizan, `--flow file`", &rules, &["--no-cache", "--flow", "file"]),
        bartizan("bartizan, its own rules", &[], &["--no-cache"]),
        bartizan("bartizan, its own rules, `--flow file`", &[], &["--no-cache", "--flow", "file"]),
        (table::PARSE.to_owned(), Ok(Scanner::parser(&programs.parser))),
    ]
}

/// Measures all scanners, each once in each round, so that what the machine does meanwhile hits all of them alike. One that fails
/// is left out, with what it said.
fn measure(scanners: Vec<(String, Result<Scanner>)>, tree: &Path, line: &Path, work: &Path, n_runs: usize) -> Vec<Measurement> {
    let ready = |(name, scanner): (String, Result<Scanner>)| {
        // Some programs unpack themselves when they are started for the first time.
        let scanner = scanner.and_then(|scanner| scanner.warm_up(work).map(|()| scanner));
        match scanner {
            Ok(scanner) => (Measurement { name, costs: Ok(<(Costs, Costs)>::default()) }, Some(scanner)),
            Err(error) => (Measurement { name, costs: Err(error) }, None),
        }
    };
    let mut all: Vec<(Measurement, Option<Scanner>)> = scanners.into_iter().map(ready).collect();
    for round in 1..=n_runs {
        for (measurement, scanner) in &mut all {
            let (Some(scanner), Ok((whole, start))) = (scanner, &mut measurement.costs) else { continue };
            let run = [(&mut *start, line, "start"), (&mut *whole, tree, "whole")].into_iter().try_for_each(|(costs, folder, what)| {
                let cost = scanner.run(folder, work, costs)?;
                say(&format!("  round {round}: {:40} {what} {:8.2} s CPU {:8.2} s", measurement.name, cost.cpu_s, cost.wall_s));
                anyhow::Ok(())
            });
            if let Err(error) = run {
                say(&format!("  {} is left out: {error:#}", measurement.name));
                measurement.costs = Err(error);
            }
        }
    }
    all.into_iter().map(|(measurement, _)| measurement).collect()
}
