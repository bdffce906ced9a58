//! `bartizan advisories status`, `verify` and `forget`: what there is, whether it is what was built, and what is not wanted any more.

use clap::Args;
use serde_json::{Value, json};

use super::{FolderArgs, count_of, page_of, print_problems, segments_json};
use crate::{
    advisories::{self, About, Shelf},
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    style::Ink,
    suggestion::suggestion,
    terminal::Terminal,
    text::{self, count, to_u64},
};

/// Show what there is, how old it is, and where it came from
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    folder: FolderArgs,
}

/// Check that the index is what was built
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    folder: FolderArgs,
}

/// Forget what came from a source, and build the index without it
#[derive(Debug, Args)]
pub(super) struct ForgetArgs {
    /// A source, as `bartizan advisories status` names it: a path, or an address
    #[arg(value_name = "SOURCE", required = true)]
    source: Vec<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

/// Shows what there is.
pub(super) fn run(args: &StatusArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let segments = advisories::opened(&folder)?;
    let tables = advisories::tables(&folder);
    let (sources, problems) = Shelf::of(&folder).sources()?;
    if args.folder.format == ListFormat::Json {
        let of_segment = |(name, segment): &(String, Result<bartizan_deps::advisory::Segment, String>)| match segment {
            Ok(segment) => json!({
                "segment": name, "ecosystem": segment.ecosystem(), "advisories": segment.n_advisories(),
                "packages": segment.n_packages(), "newest": segment.newest(),
            }),
            Err(problem) => json!({"segment": name, "problem": problem}),
        };
        let of_table = |(kind, table): &(bartizan_deps::exploited::ListKind, Result<bartizan_deps::exploited::Table, String>)| match table {
            Ok(table) => json!({"list": kind.as_str(), "flaws": table.len(), "date": table.date()}),
            Err(problem) => json!({"list": kind.as_str(), "problem": problem}),
        };
        let of_source = |about: &About| json!({"source": about.place, "lists": about.lists, "ecosystems": about.parts.values().map(|part| json!({"ecosystem": part.ecosystem, "records": part.n_records, "newest": part.newest})).collect::<Vec<_>>()});
        let json = json!({
            "folder": folder.to_string_lossy(),
            "segments": segments.iter().map(of_segment).collect::<Vec<_>>(),
            "lists": tables.iter().map(of_table).collect::<Vec<_>>(),
            "sources": sources.iter().map(of_source).collect::<Vec<Value>>(),
            "problems": problems,
        });
        print(&format!("{json}\n"))?;
        return Ok(Exit::Success);
    }
    if segments.is_empty() && tables.is_empty() {
        let message = format!("there are no advisories in {}", text::path(&folder));
        let help = "get them with `bartizan advisories update`, or build them with `bartizan advisories build --from PATH`";
        return Err(Failure::bad_input("advisories", message).with_help(help).into());
    }
    let mut page = Page::new(Terminal::stdout(global.color));
    for (name, segment) in &segments {
        match segment {
            Ok(segment) => {
                let advisories = count_of(usize::try_from(segment.n_advisories()).unwrap_or(usize::MAX));
                let newest = segment.newest().get(..10).unwrap_or(segment.newest());
                page.row(segment.ecosystem(), 16, &format!("{advisories}, the newest of {}", text::harmless(newest)));
            }
            Err(problem) => page.inked_row(name, 16, problem, Ink::Warning),
        }
    }
    for (kind, table) in &tables {
        match table {
            Ok(table) => {
                page.row(kind.as_str(), 16, &format!("{} of {}", count(to_u64(table.len()), "flaw"), text::harmless(table.date())));
            }
            Err(problem) => page.inked_row(kind.as_str(), 16, problem, Ink::Warning),
        }
    }
    if !sources.is_empty() {
        page.heading("Sources");
    }
    for about in &sources {
        let mut held: Vec<String> = about.parts.values().map(|part| part.ecosystem.clone()).collect();
        held.extend(about.lists.iter().cloned());
        page.row(&about.place, 40, &held.join(", "));
    }
    page.gap();
    page.line(&text::path(&folder));
    print(&page.finish())?;
    print_problems(&problems, global);
    Ok(if problems.is_empty() { Exit::Success } else { Exit::Incomplete })
}

/// Compares files with the hashes that were taken when they were built.
pub(super) fn verify(args: &VerifyArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let mut results: Vec<(String, Result<(), String>)> = Vec::new();
    for (name, segment) in advisories::opened(&folder)? {
        let result = segment.and_then(|segment| advisories::verify(&folder, &name, &segment));
        results.push((name, result));
    }
    for (kind, table) in advisories::tables(&folder) {
        let changed = || "the list was changed after it was stored: get it anew".to_owned();
        let result = table.and_then(|table| if table.is_unchanged() { Ok(()) } else { Err(changed()) });
        results.push((kind.as_str().to_owned(), result));
    }
    if args.folder.format == ListFormat::Json {
        let of = |(name, result): &(String, Result<(), String>)| json!({"segment": name, "problem": result.as_ref().err()});
        print(&format!("{}\n", json!(results.iter().map(of).collect::<Vec<_>>())))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        for (name, result) in &results {
            match result {
                Ok(()) => page.row(name, 16, "as it was built"),
                Err(problem) => page.inked_row(name, 16, problem, Ink::Warning),
            }
        }
        print(&page.finish())?;
    }
    let is_good = !results.is_empty() && results.iter().all(|(_, result)| result.is_ok());
    Ok(if is_good { Exit::Success } else { Exit::BadInput })
}

/// Forgets sources.
pub(super) fn forget(args: &ForgetArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let shelf = Shelf::of(&folder);
    let (sources, _) = shelf.sources()?;
    let mut forgotten = Vec::new();
    for name in &args.source {
        let path = std::fs::canonicalize(name).map(|path| path.to_string_lossy().into_owned());
        let is_meant = |about: &&About| about.place == *name || path.as_ref().is_ok_and(|path| about.place == *path);
        let Some(about) = sources.iter().find(is_meant) else {
            let known = suggestion(name, sources.iter().map(|about| about.place.as_str()));
            let help = known.unwrap_or_else(|| "`bartizan advisories status` names all sources".to_owned());
            return Err(Failure::bad_input("unknown-source", format!("nothing came from `{}`", text::harmless(name)))
                .with_help(help)
                .into());
        };
        forgotten.push(about.clone());
    }
    let stored = shelf.forget(&forgotten)?;
    print_problems(&stored.problems, global);
    if args.folder.format == ListFormat::Json {
        print(&format!("{}\n", json!({"segments": segments_json(&stored)})))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        page_of(&stored, &mut page);
        print(&page.finish())?;
    }
    Ok(if stored.problems.is_empty() { Exit::Success } else { Exit::Incomplete })
}
