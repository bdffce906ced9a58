//! `cargo xtask bench iac`: the engine for infrastructure code beside its peers.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{existing, machine, n_runs, peers, process, publish, table};
use crate::{arguments::Arguments, cargo::build_bartizan, project::Project, step::say};

/// A peer that has not ended by then is ended, in seconds: what it had cost until then is a lower bound.
const PEER_SECONDS: u64 = 300;
/// How `timeout` ends when it had to end a program.
const TIMED_OUT: i32 = 124;

/// A program, and how it is asked to scan a tree.
struct Contestant {
    name: String,
    program: PathBuf,
    arguments: fn(&Path) -> Vec<String>,
    n_findings: fn(&Value) -> Option<usize>,
}

/// What one contestant costs on one tree.
#[derive(Default)]
struct Measurement {
    cpu: Vec<f64>,
    peak_bytes: Option<u64>,
    is_finished: bool,
    n_findings: Option<usize>,
}

/// Measures, and prints a table.
pub(super) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let bartizan = existing(&mut arguments, "--bartizan")?.map_or_else(|| build_bartizan(project, true), Ok)?;
    let checkov = existing(&mut arguments, "--checkov")?;
    let trivy = existing(&mut arguments, "--trivy")?;
    let n_runs = n_runs(&mut arguments, 3)?;
    let is_markdown = arguments.flag("--markdown");
    let has_peers = !arguments.flag("--no-peers");
    let trees: Vec<PathBuf> =
        arguments.rest()?.iter().map(|path| fs::canonicalize(path).with_context(|| format!("can't find {path}"))).collect::<Result<_>>()?;
    if trees.is_empty() {
        bail!("name trees of infrastructure code");
    }
    let work = project.cache.join("bench/reports");
    fs::create_dir_all(&work).with_context(|| format!("can't create {}", work.display()))?;

    let mut contestants = vec![bartizan_contestant(bartizan)];
    if has_peers {
        for (given, peer, make) in
            [(trivy, &peers::TRIVY, trivy_contestant as fn(PathBuf) -> Contestant), (checkov, &peers::CHECKOV, checkov_contestant)]
        {
            match given.map_or_else(|| peers::install(project, peer), Ok) {
                Ok(program) => contestants.push(make(program)),
                Err(error) => say(&format!("{} is not measured: {error:#}", peer.program)),
            }
        }
    }
    let mut text = machine::describe();
    for tree in &trees {
        say(&format!("\nmeasuring {}", tree.display()));
        let results = measure(&contestants, tree, &work, n_runs)?;
        text.push_str(&render(tree, &contestants, &results)?);
    }
    publish(project, "iac", &text, is_markdown)?;
    Ok(true)
}

fn words(words: &[&str], tree: &Path) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).chain([tree.to_string_lossy().into_owned()]).collect()
}

fn bartizan_contestant(program: PathBuf) -> Contestant {
    Contestant {
        name: "bartizan, all rules".to_owned(),
        program,
        arguments: |tree| words(&["scan", "--quiet", "--no-cache", "--only", "iac", "--strict-rules", "--format", "json"], tree),
        n_findings: |report| report.get("findings")?.as_array().map(Vec::len),
    }
}

fn trivy_contestant(program: PathBuf) -> Contestant {
    Contestant {
        name: format!("trivy {}", peers::TRIVY.version),
        program,
        arguments: |tree| words(&["config", "--quiet", "--skip-check-update", "--format", "json"], tree),
        n_findings: |report| {
            let count = |result: &Value| Some(result.get("Misconfigurations")?.as_array()?.len());
            Some(report.get("Results")?.as_array()?.iter().filter_map(count).sum())
        },
    }
}

fn checkov_contestant(program: PathBuf) -> Contestant {
    Contestant {
        name: format!("checkov {}", peers::CHECKOV.version),
        program,
        arguments: |tree| {
            let quiet = ["--skip-download", "--download-external-modules", "false", "--compact", "--quiet", "-o", "json", "-d"];
            words(&quiet, tree)
        },
        n_findings: |report| {
            let reports = report.as_array().cloned().unwrap_or_else(|| vec![report.clone()]);
            Some(reports.iter().filter_map(|report| Some(report.get("results")?.get("failed_checks")?.as_array()?.len())).sum())
        },
    }
}

/// Measures all contestants, each once in each round, after one round that does not count. Who does not end is not asked again.
fn measure(contestants: &[Contestant], tree: &Path, work: &Path, n_runs: usize) -> Result<Vec<Measurement>> {
    let mut results: Vec<Measurement> = contestants.iter().map(|_| Measurement { is_finished: true, ..Measurement::default() }).collect();
    for round in 0..=n_runs {
        for (index, (contestant, result)) in contestants.iter().zip(&mut results).enumerate() {
            if !result.is_finished {
                continue;
            }
            let report = work.join(format!("iac-{index}.json"));
            let script = format!("exec \"$@\" >{}", report.display());
            let limit = PEER_SECONDS.to_string();
            let mut arguments: Vec<String> =
                ["-k", "5", &limit, "bash", "-c", &script, "bash"].iter().map(|&word| word.to_owned()).collect();
            arguments.push(contestant.program.to_string_lossy().into_owned());
            arguments.extend((contestant.arguments)(tree));
            let cost = process::run(Path::new("timeout"), &arguments, &[], &report.with_extension("log"))?;
            result.is_finished = cost.code != TIMED_OUT;
            if round == 0 && result.is_finished {
                continue;
            }
            say(&format!("  round {round}: {:28} {:8.2} s CPU", contestant.name, cost.cpu_s));
            result.cpu.push(cost.cpu_s);
            result.peak_bytes = result.peak_bytes.max(cost.peak_bytes);
            let parsed = fs::read_to_string(&report).ok().and_then(|text| serde_json::from_str(&text).ok());
            result.n_findings = parsed.as_ref().and_then(contestant.n_findings);
        }
    }
    Ok(results)
}

/// A table of one tree; ratios are to the first line.
fn render(tree: &Path, contestants: &[Contestant], results: &[Measurement]) -> Result<String> {
    let (n_files, n_bytes) = table::size(tree)?;
    let name = tree.file_name().unwrap_or(tree.as_os_str()).to_string_lossy();
    let mut out = format!("\n**{name}**: {n_files} files, {:.1} MB\n\n", table::megabytes(n_bytes));
    out.push_str("| program | CPU s | ratio | peak MB | findings |\n|---|---|---|---|---|\n");
    let first = results.first().map_or(f64::NAN, |result| table::median(&result.cpu));
    for (contestant, result) in contestants.iter().zip(results) {
        let cpu = table::median(&result.cpu);
        let more = if result.is_finished { "" } else { "> " };
        let peak = result.peak_bytes.map_or_else(|| "–".to_owned(), |bytes| format!("{:.0}", table::megabytes(bytes)));
        let findings = match result.n_findings {
            Some(n_findings) => n_findings.to_string(),
            None if result.is_finished => "–".to_owned(),
            None => format!("none in {PEER_SECONDS} s"),
        };
        let _ = writeln!(out, "| {} | {more}{cpu:.2} | {more}{:.0} | {peak} | {findings} |", contestant.name, cpu / first);
    }
    Ok(out)
}
