//! `cargo xtask bench store`: what it costs to keep findings, in SQLite and in PostgreSQL.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use super::{existing, machine, process, publish};
use crate::{arguments::Arguments, cargo::build_bartizan, postgres::Server, project::Project, step::say};

/// A step that is measured: what it is called, and the arguments after `import`.
struct Step {
    name: &'static str,
    report: PathBuf,
    commit: &'static str,
}

/// Measures, and prints a table.
pub(super) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let bartizan = existing(&mut arguments, "--bartizan")?.map_or_else(|| build_bartizan(project, true), Ok)?;
    let n_findings: usize = match arguments.option("--findings")? {
        Some(text) => text.parse().with_context(|| format!("--findings: `{text}` is no number"))?,
        None => 1_000_000,
    };
    let is_markdown = arguments.flag("--markdown");
    arguments.finish()?;
    let work = project.cache.join("bench/store");
    fs::create_dir_all(&work).with_context(|| format!("can't create {}", work.display()))?;
    let (first, moved) = (work.join("first.sarif"), work.join("moved.sarif"));
    say(&format!("writing reports of {n_findings} findings"));
    write_report(&first, n_findings, 0)?;
    write_report(&moved, n_findings, 1)?;

    let mut text = machine::describe();
    let _ =
        writeln!(text, "\nA SARIF report of {n_findings} findings in one repository, {} MB.\n", fs::metadata(&first)?.len() / 1_000_000);
    text.push_str("| step | SQLite: s CPU | s | MB | PostgreSQL: s CPU of the program | s | MB |\n|---|---:|---:|---:|---:|---:|---:|\n");
    let server = Server::start()?;
    let file = work.join("store.db");
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let _ = fs::remove_file(work.join(name));
    }
    let stores = [Some(file.to_string_lossy().into_owned()), server.as_ref().map(|server| server.url.clone())];
    let steps = [
        Step { name: "import", report: first.clone(), commit: "c1" },
        Step { name: "the same report of another commit", report: first, commit: "c2" },
        Step { name: "every finding a line further down", report: moved, commit: "c3" },
    ];
    for step in &steps {
        let _ = write!(text, "| {} |", step.name);
        for store in &stores {
            let Some(store) = store else {
                text.push_str(" not there | | |");
                continue;
            };
            let cost = import(&bartizan, step, store, &work)?;
            let mb = cost.peak_bytes.map_or_else(|| "?".to_owned(), |bytes| (bytes / 1_000_000).to_string());
            say(&format!("  {}: {:.1} s CPU, {:.1} s, {mb} MB", step.name, cost.cpu_s, cost.wall_s));
            let _ = write!(text, " {:.1} | {:.1} | {mb} |", cost.cpu_s, cost.wall_s);
        }
        text.push('\n');
    }
    publish(project, "store", &text, is_markdown)?;
    Ok(true)
}

fn import(bartizan: &Path, step: &Step, store: &str, work: &Path) -> Result<process::Cost> {
    let arguments: Vec<String> =
        ["import", "--quiet", "--repository", "acme/shop", "--complete", "--commit", step.commit, "--store", store]
            .iter()
            .map(|&word| word.to_owned())
            .chain([step.report.to_string_lossy().into_owned()])
            .collect();
    let cost = process::run(bartizan, &arguments, &[], &work.join("log"))?;
    if cost.code != 0 {
        bail!("bartizan import failed with {}: {}", cost.code, cost.errors);
    }
    Ok(cost)
}

/// Writes a report whose findings are in files of twenty, every one in other code, so many lines further down.
fn write_report(path: &Path, n_findings: usize, down: usize) -> Result<()> {
    let mut out = BufWriter::new(File::create(path).with_context(|| format!("can't write {}", path.display()))?);
    write!(out, r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"bench","rules":["#)?;
    for rule in 0..150 {
        let comma = if rule == 0 { "" } else { "," };
        write!(out, r#"{comma}{{"id":"rule-{rule}","shortDescription":{{"text":"Rule {rule} is broken"}}}}"#)?;
    }
    write!(out, r#"]}}}},"results":["#)?;
    for finding in 0..n_findings {
        let comma = if finding == 0 { "" } else { "," };
        let level = ["note", "warning", "error", "error"].get(finding % 4).copied().unwrap_or_default();
        write!(
            out,
            r#"{comma}{{"ruleId":"rule-{}","level":"{level}","message":{{"text":"What a user sends reaches call {finding}."}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/module_{}/file_{}.py"}},"region":{{"startLine":{},"snippet":{{"text":"run(request.args['value_{finding}'], shell=True)"}}}}}}}}]}}"#,
            finding % 150,
            finding / 2_000,
            finding / 20,
            finding % 20 * 7 + 1 + down,
        )?;
    }
    write!(out, "]}}]}}")?;
    out.flush()?;
    Ok(())
}
