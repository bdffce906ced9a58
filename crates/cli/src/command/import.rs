//! `bartizan import`: what reports of other tools say.

mod aliases;
mod checkout;
mod keep;

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use bartizan_core::Severity;
use bartizan_formats::import::{self, FilePlace, IMPORTERS, ImportError, Input, Observation, Place, Summary};
use bartizan_source::{Limits, Packed};
use clap::{Args, ValueHint};
use serde_json::json;

use self::keep::{KeepArgs, Keeper};
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::{Privacy, Target, print, print_error},
    page::Page,
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan import semgrep.json                   say what a report says; which tool wrote it is found out
  bartizan import --format json trivy.json.gz    the same for programs
  bartizan import --tool nessus scan.csv         a report that looks like several tools'
  bartizan import --list                         which tools' reports are read
  bartizan import --repository acme/shop --checkout . --complete semgrep.json trivy.json
                                                 keep their findings, each one once: `bartizan findings list`";

/// The limits of packed reports: a ratio of 100, and 4 GiB.
const MAX_RATIO: u64 = 100;
const MAX_BYTES: u64 = 4 << 30;
/// So many findings are shown in a table; the rest is counted.
const MAX_SHOWN: usize = 1_000;

/// Read reports of other tools: SARIF, CycloneDX, and those of many scanners
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImportArgs {
    /// The reports; they may be compressed, or be archives of reports
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "list")]
    files: Vec<PathBuf>,
    /// Whose reports they are; auto finds out by their content
    #[arg(long, value_name = "NAME", default_value = "auto")]
    tool: String,
    /// List the tools whose reports are read
    #[arg(long, conflicts_with = "files")]
    list: bool,
    #[command(flatten)]
    keep: KeepArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

/// Runs the command.
pub(crate) fn run(args: &ImportArgs, global: Global) -> Outcome<Exit> {
    if args.list {
        return list(args.format, global);
    }
    let tool = (args.tool != "auto").then_some(args.tool.as_str());
    if let Some(name) = tool
        && import::importer(name).is_none()
    {
        let failure = Failure::bad_input("unknown-tool", format!("no tool of the name `{}` is known", text::harmless(name)));
        return Err(failure.with_help("`bartizan import --list` lists them").into());
    }
    if let Some(repository) = &args.keep.repository {
        return to_store(args, tool, repository, global);
    }
    match args.format {
        ListFormat::Json => to_json(&args.files, tool),
        ListFormat::Table => to_table(&args.files, tool, global),
    }
}

/// Puts what reports say into the store: all of them, or nothing.
fn to_store(args: &ImportArgs, tool: Option<&str>, repository: &str, global: Global) -> Outcome<Exit> {
    let mut keeper = Keeper::new(&args.keep)?;
    for file in &args.files {
        match take(file, tool, &mut |observation| keeper.push(&observation)) {
            Ok(reports) => reports.iter().for_each(|(_, summary)| keeper.report(summary)),
            Err(error) => return Ok(refuse(file, &error)),
        }
    }
    keeper.keep(&args.keep, repository, args.format, global)
}

/// Prints observations as they come: a report may be larger than memory.
fn to_json(files: &[PathBuf], tool: Option<&str>) -> Outcome<Exit> {
    let mut broken = None;
    Target::Stdout.write(Privacy::Shared, |out| {
        let (mut reports, mut n_written, mut failure) = (Vec::new(), 0_u64, Ok(()));
        for file in files {
            let taken = take(file, tool, &mut |observation| {
                if failure.is_ok() {
                    failure = if n_written == 0 { out.write_all(import::OPEN.as_bytes()) } else { Ok(()) };
                    failure =
                        std::mem::replace(&mut failure, Ok(())).and_then(|()| import::write_observation(&observation, n_written == 0, out));
                }
                n_written += 1;
            });
            std::mem::replace(&mut failure, Ok(()))?;
            match taken {
                Ok(taken) => reports.extend(taken),
                Err(error) => {
                    broken = Some((file, error));
                    return Ok(());
                }
            }
        }
        if n_written == 0 {
            out.write_all(import::OPEN.as_bytes())?;
        }
        import::write_end(&reports, out)
    })?;
    Ok(broken.map_or(Exit::Success, |(file, error)| refuse(file, &error)))
}

fn to_table(files: &[PathBuf], tool: Option<&str>, global: Global) -> Outcome<Exit> {
    let (mut rows, mut n_findings) = (Vec::new(), 0_u64);
    let mut reports = Vec::new();
    for file in files {
        let taken = take(file, tool, &mut |observation| {
            n_findings += 1;
            if rows.len() < MAX_SHOWN {
                rows.push(row(&observation));
            }
        });
        match taken {
            Ok(taken) => reports.extend(taken),
            Err(error) => return Ok(refuse(file, &error)),
        }
    }
    rows.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut page = Page::new(Terminal::stdout(global.color));
    for (severity, text) in &rows {
        let ink = severity.map_or(Ink::Faint, Ink::Severity);
        page.inked_row(severity.map_or("unknown", Severity::as_str), 9, text, ink);
    }
    let n_more = n_findings.saturating_sub(to_u64(rows.len()));
    if 0 < n_more {
        page.line(&format!("and {} more; --format json has all", text::grouped(n_more)));
    }
    for (name, summary) in &reports {
        let tools: Vec<String> = summary.tools.iter().map(|tool| format!("{} {}", tool.name, tool.version).trim().to_owned()).collect();
        page.line(&format!(
            "{}: {} of {}",
            text::harmless(name),
            count(summary.n_observations, "finding"),
            text::harmless(&tools.join(", "))
        ));
        for problem in summary.problems.iter().filter(|_| !global.quiet) {
            page.line(&format!("  {}", text::harmless(problem)));
        }
    }
    print(&page.finish())?;
    Ok(Exit::Success)
}

/// A row of the table: how bad it is, and the rest in a line.
fn row(observation: &Observation) -> (Option<Severity>, String) {
    let component = observation.component.as_ref().map_or(String::new(), |it| format!("{} {}", it.name, it.version));
    let parts = [place(&observation.place), component, observation.rule.clone(), observation.title.clone()];
    let mut parts: Vec<String> = parts.iter().map(|part| text::harmless(part.trim()).to_string()).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    (observation.severity, parts.join("  "))
}

fn place(place: &Place) -> String {
    match place {
        Place::Unknown => String::new(),
        Place::File(FilePlace { path, line, .. }) => format!("{path}{}", line.map_or(String::new(), |line| format!(":{line}"))),
        Place::Endpoint(endpoint) => format!("{} {}", endpoint.method, endpoint.url).trim().to_owned(),
        Place::Host(host) => format!("{}{}", host.name, host.port.map_or(String::new(), |port| format!(":{port}"))),
        Place::Resource(resource) => resource.id.clone(),
        Place::Image(name) => name.clone(),
    }
}

/// Says in one line why a report can't be read.
fn refuse(file: &Path, error: &ImportError) -> Exit {
    let separator = if matches!(error, ImportError::Syntax { .. }) { ":" } else { ": " };
    print_error(&format!("error[unreadable-report]: {}{separator}{}\n", text::path(file), text::harmless(&error.to_string())));
    Exit::BadInput
}

/// Reads one file: a report, or an archive of reports.
fn take(file: &Path, tool: Option<&str>, push: &mut dyn FnMut(Observation)) -> Result<Vec<(String, Summary)>, ImportError> {
    let limits = Limits { max_file_bytes: MAX_BYTES, max_archive_bytes: MAX_BYTES, max_archive_ratio: MAX_RATIO, ..Limits::default() };
    let packed = Packed::open(file, limits)?;
    let name = text::path(file);
    if !packed.is_archive() {
        let summary = import::import(&Unpacked(packed), tool, push)?;
        return Ok(vec![(name, summary)]);
    }
    let mut reports = Vec::new();
    let entries = packed.entries()?;
    for entry in &entries {
        // What lies beside the reports is none.
        let bytes = entry.bytes.as_slice();
        if let Some(importer) = import::recognized(&bytes, tool)? {
            reports.push((format!("{name}!/{}", entry.name), import::import(&bytes, Some(importer.id), push)?));
        }
    }
    if reports.is_empty() && !entries.is_empty() {
        return Err(ImportError::Unrecognized { description: format!("an archive of {}", count(to_u64(entries.len()), "file")) });
    }
    Ok(reports)
}

/// A report on disk, which is unpacked as often as it is read.
struct Unpacked(Packed);

impl Input for Unpacked {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        self.0.reader()
    }
}

fn list(format: ListFormat, global: Global) -> Outcome<Exit> {
    if format == ListFormat::Json {
        let tools: Vec<_> =
            IMPORTERS.iter().map(|importer| json!({"name": importer.id, "title": importer.title, "aliases": importer.aliases})).collect();
        print(&format!("{}\n", json!({ "tools": tools })))?;
        return Ok(Exit::Success);
    }
    let mut page = Page::new(Terminal::stdout(global.color));
    for importer in IMPORTERS {
        page.row(importer.id, 34, importer.title);
    }
    print(&page.finish())?;
    Ok(Exit::Success)
}
