//! `bartizan advisories show`: what is known of a flaw, by any of its names.

use std::path::Path;

use bartizan_deps::{
    advisory::collapse,
    exploited::Exploited,
    osv::{AffectedPackage, End, Record},
};
use bartizan_formats::cvss::Cvss;
use clap::Args;
use serde_json::Value;

use super::FolderArgs;
use crate::{
    advisories,
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    style::Ink,
    terminal::Terminal,
    text,
};

/// So many single versions of a package are named.
const MAX_VERSIONS: usize = 12;

/// Show what is known of a flaw: texts, affected versions, severity, references
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Ids of advisories, their own or aliases: CVE-2021-44228, GHSA-jfh8-c2jp-5v3q, RUSTSEC-2021-0001
    #[arg(value_name = "ID", required = true)]
    id: Vec<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

/// Prints the records.
pub(super) fn run(args: &ShowArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let mut found = Vec::new();
    for id in &args.id {
        let records = named(&folder, id)?;
        if records.is_empty() {
            let message = format!("no advisory here is named `{}`", text::harmless(id));
            let help = "`bartizan advisories status` says what there is, and how old it is";
            return Err(Failure::bad_input("unknown-advisory", message).with_help(help).into());
        }
        found.extend(records);
    }
    print(&pages(&folder, &found, args.folder.format, Terminal::stdout(global.color))?)?;
    Ok(Exit::Success)
}

/// The records that have a name, as their own or as an alias.
pub(crate) fn named(folder: &Path, id: &str) -> Outcome<Vec<Record>> {
    let mut records: Vec<Record> = Vec::new();
    for (name, segment) in advisories::opened(folder)? {
        let Ok(segment) = segment else { continue };
        for advisory in segment.named(id) {
            let record = segment.record(&advisory, advisories::texts(folder, &name, &segment, &advisory));
            match records.iter_mut().find(|known| known.id == record.id) {
                // One record about several ecosystems is in the segment of each.
                Some(known) => known.packages.extend(record.packages),
                None => records.push(record),
            }
        }
    }
    Ok(records)
}

/// Records for people, or for programs: a list of OSV's JSON.
pub(crate) fn pages(folder: &Path, records: &[Record], format: ListFormat, terminal: Terminal) -> Outcome<String> {
    if format == ListFormat::Json {
        let records: Vec<Value> = records.iter().map(Record::to_json).collect();
        return Ok(format!("{:#}\n", Value::Array(records)));
    }
    let store = advisories::open(folder)?;
    let mut page = Page::new(terminal);
    for (index, record) in records.iter().enumerate() {
        if index != 0 {
            page.gap();
        }
        write(record, store.exploited(), &mut page);
    }
    Ok(page.finish())
}

fn write(record: &Record, exploited: &Exploited, page: &mut Page) {
    page.title(&record.id, &record.aliases.join(", "), Ink::Plain);
    if !record.summary.is_empty() {
        page.line(&record.summary);
    }
    if !record.details.is_empty() {
        page.heading("What is wrong");
        page.paragraph(&record.details);
    }
    page.heading("Affected");
    for package in &record.packages {
        page.row(&format!("{} {}", package.ecosystem, package.name), 32, &versions(package));
        for symbols in &package.symbols {
            let functions = if symbols.symbols.is_empty() { "all of it".to_owned() } else { symbols.symbols.join(", ") };
            page.row(&format!("  {}", symbols.path), 32, &functions);
        }
    }
    if record.packages.is_empty() {
        page.paragraph("No package is named.");
    }
    page.heading("About it");
    let of_packages = record.packages.iter().flat_map(|package| &package.severities);
    for vector in record.severities.iter().chain(of_packages) {
        let score = Cvss::parse(vector).map_or_else(|_| "not understood".to_owned(), |cvss| format!("{:.1}", cvss.base_score()));
        page.row("severity", 10, &format!("{score}  {vector}"));
    }
    let names: Vec<&str> = std::iter::once(record.id.as_str()).chain(record.aliases.iter().map(String::as_str)).collect();
    for group in collapse([names]) {
        for id in &group.ids {
            if let Some((since, is_ransomware)) = exploited.exploited_since(id) {
                page.row("exploited", 10, &format!("since {since}{} (KEV)", if is_ransomware { ", by ransomware, too" } else { "" }));
            }
            if let Some((probability, percentile)) = exploited.probability(id) {
                let day = exploited.probabilities_of();
                page.row("EPSS", 10, &format!("{probability:.4}, higher than {:.1} % of all, on {day}", percentile * 100.0));
            }
        }
    }
    if !record.cwe.is_empty() {
        page.row("weakness", 10, &record.cwe.iter().map(|number| format!("CWE-{number}")).collect::<Vec<_>>().join(", "));
    }
    page.row("changed", 10, &record.modified);
    if !record.references.is_empty() {
        page.heading("Read on");
        record.references.iter().for_each(|reference| page.address(reference));
    }
}

/// `1.0 up to 1.5, fixed in 1.5; 2.0`.
fn versions(package: &AffectedPackage) -> String {
    let mut said: Vec<String> = Vec::new();
    for interval in package.affected.intervals() {
        let start = interval.start.as_ref().map(|start| format!("from {} ", start.as_str())).unwrap_or_default();
        said.push(match &interval.end {
            End::Never if start.is_empty() => "all".to_owned(),
            End::Never => format!("{start}on"),
            End::Before(version) => format!("{start}before {}", version.as_str()),
            End::Through(version) => format!("{start}up to {}", version.as_str()),
        });
    }
    let versions = package.affected.versions();
    said.extend(versions.iter().take(MAX_VERSIONS).map(|version| version.as_str().to_owned()));
    if MAX_VERSIONS < versions.len() {
        said.push(format!("{} versions more", versions.len() - MAX_VERSIONS));
    }
    said.join("; ")
}
