//! `bartizan advisories`: what is known of vulnerable and malicious packages, on this machine.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use serde_json::json;

use crate::{
    advisories::{self, Gathered},
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::{print, print_error},
    page::Page,
    progress::Countdown,
    style::Ink,
    terminal::Terminal,
    text::{self, count, grouped, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan advisories build --from PyPI/all.zip --from ~/src/vulndb   from an archive of OSV, and a checkout
  bartizan advisories status                                          what there is, and how old
  bartizan advisories verify                                          whether it is what was built
  bartizan scan --only deps                                           find components that they affect";

/// Build and look at the advisories that components are compared with
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AdvisoriesArgs {
    #[command(subcommand)]
    command: AdvisoriesCommand,
}

#[derive(Debug, Subcommand)]
enum AdvisoriesCommand {
    Build(BuildArgs),
    Status(FolderArgs),
    Verify(FolderArgs),
}

/// Build the index from records: OSV in JSON or YAML, RustSec; folders, files, archives that are not unpacked
///
/// Every ecosystem that the records speak of is built anew; the others stay as they are.
#[derive(Debug, Args)]
struct BuildArgs {
    /// Where records are (repeatable): a checkout, a folder, a record, or an archive such as OSV's all.zip
    #[arg(long, value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    from: Vec<PathBuf>,
    #[command(flatten)]
    folder: FolderArgs,
}

/// Where advisories are.
#[derive(Debug, Args)]
struct FolderArgs {
    /// The folder of the index [default: advisories/ in Bartizan's data folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    advisories: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

impl FolderArgs {
    fn path(&self) -> Outcome<PathBuf> {
        let missing = || {
            Failure::bad_input("advisories", "neither XDG_DATA_HOME nor HOME is set: there is no folder for advisories")
                .with_help("name one with --advisories")
        };
        Ok(self.advisories.clone().or_else(advisories::default_folder).ok_or_else(missing)?)
    }
}

/// Runs the command.
pub(crate) fn run(args: &AdvisoriesArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        AdvisoriesCommand::Build(args) => build(args, global),
        AdvisoriesCommand::Status(args) => status(args, global),
        AdvisoriesCommand::Verify(args) => verify(args, global),
    }
}

fn build(args: &BuildArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let countdown = |n_files| Countdown::new(("reading", "file"), n_files, global.quiet, Terminal::stderr(global.color));
    let mut gathered = Gathered::default();
    for from in &args.from {
        advisories::gather(from, &mut gathered, &countdown)?;
    }
    for problem in gathered.problems.iter().take(if global.quiet { 0 } else { 10 }) {
        print_error(&format!("bartizan: not read: {problem}\n"));
    }
    if gathered.n_records == 0 {
        let message = "there is no record of an advisory";
        return Err(Failure::bad_input("advisories", message).with_help("records are OSV's JSON or YAML, or RustSec's Markdown").into());
    }
    let built = advisories::build(&gathered, &folder)?;
    if args.folder.format == ListFormat::Json {
        let segments: Vec<_> = built
            .iter()
            .map(|(name, built)| json!({"segment": name, "advisories": built.n_advisories, "packages": built.n_packages, "bytes": built.index.len()}))
            .collect();
        print(&format!("{}\n", json!({"records": gathered.n_records, "not_read": gathered.n_problems, "segments": segments})))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        for (name, built) in &built {
            let packages = count(to_u64(built.n_packages), "package");
            page.row(name, 16, &format!("{} about {packages}", count_of(built.n_advisories)));
        }
        page.gap();
        page.line(&format!(
            "{} read, {} not: {}",
            count(to_u64(gathered.n_records), "record"),
            grouped(to_u64(gathered.n_problems)),
            text::path(&folder)
        ));
        print(&page.finish())?;
    }
    Ok(if gathered.n_problems == 0 { Exit::Success } else { Exit::Incomplete })
}

fn status(args: &FolderArgs, global: Global) -> Outcome<Exit> {
    let folder = args.path()?;
    let segments = advisories::opened(&folder)?;
    if args.format == ListFormat::Json {
        let segments: Vec<_> = segments
            .iter()
            .map(|(name, segment)| match segment {
                Ok(segment) => json!({
                    "segment": name, "ecosystem": segment.ecosystem(), "advisories": segment.n_advisories(),
                    "packages": segment.n_packages(), "newest": segment.newest(),
                }),
                Err(problem) => json!({"segment": name, "problem": problem}),
            })
            .collect();
        print(&format!("{}\n", json!({"folder": folder.to_string_lossy(), "segments": segments})))?;
        return Ok(Exit::Success);
    }
    if segments.is_empty() {
        let message = format!("there are no advisories in {}", text::path(&folder));
        return Err(Failure::bad_input("advisories", message).with_help("build them with `bartizan advisories build --from PATH`").into());
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
    page.gap();
    page.line(&text::path(&folder));
    print(&page.finish())?;
    Ok(Exit::Success)
}

fn verify(args: &FolderArgs, global: Global) -> Outcome<Exit> {
    let folder = args.path()?;
    let mut page = Page::new(Terminal::stdout(global.color));
    let mut results = Vec::new();
    for (name, segment) in advisories::opened(&folder)? {
        let result = segment.and_then(|segment| advisories::verify(&folder, &name, &segment));
        match &result {
            Ok(()) => page.row(&name, 16, "as it was built"),
            Err(problem) => page.inked_row(&name, 16, problem, Ink::Warning),
        }
        results.push((name, result));
    }
    if args.format == ListFormat::Json {
        let of = |(name, result): &(String, Result<(), String>)| json!({"segment": name, "problem": result.as_ref().err()});
        print(&format!("{}\n", json!(results.iter().map(of).collect::<Vec<_>>())))?;
    } else {
        print(&page.finish())?;
    }
    let is_good = !results.is_empty() && results.iter().all(|(_, result)| result.is_ok());
    Ok(if is_good { Exit::Success } else { Exit::BadInput })
}

fn count_of(n: usize) -> String {
    // The plural is not the word with an `s`.
    format!("{} {}", grouped(to_u64(n)), if n == 1 { "advisory" } else { "advisories" })
}
