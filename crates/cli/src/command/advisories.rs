//! `bartizan advisories`: what is known of vulnerable and malicious packages, on this machine.

pub(super) mod show;
mod status;
mod update;
mod watch;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use serde_json::json;

use crate::{
    advisories::{self, Delivery, Gathered, Shelf, Stored},
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::{print, print_error},
    page::Page,
    progress::Countdown,
    terminal::Terminal,
    text::{self, count, grouped, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan advisories update                                          of the ecosystems that this folder depends on, from OSV
  bartizan advisories build --from PyPI/all.zip --from ~/src/vulndb   from an archive of OSV, and a checkout
  bartizan advisories show CVE-2021-44228                             what is known of a flaw
  bartizan advisories watch --sboms bills/                            what is new in stored bills of materials
  bartizan advisories status                                          what there is, and how old
  bartizan advisories verify                                          whether it is what was built
  bartizan scan --only deps                                           find components that they affect";

/// Get, build and look at the advisories that components are compared with
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AdvisoriesArgs {
    #[command(subcommand)]
    command: AdvisoriesCommand,
}

#[derive(Debug, Subcommand)]
enum AdvisoriesCommand {
    Update(update::UpdateArgs),
    Build(BuildArgs),
    Show(show::ShowArgs),
    Watch(watch::WatchArgs),
    Status(status::StatusArgs),
    Verify(status::VerifyArgs),
    Forget(status::ForgetArgs),
}

/// Build the index from records: OSV in JSON or YAML, RustSec; folders, files, archives that are not unpacked
///
/// Lists of what is exploited are taken, too: CISA's KEV (JSON), EPSS (CSV, also compressed). What came from a path before is
/// replaced; what came from other sources stays.
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
        AdvisoriesCommand::Update(args) => update::run(args, global),
        AdvisoriesCommand::Build(args) => build(args, global),
        AdvisoriesCommand::Show(args) => show::run(args, global),
        AdvisoriesCommand::Watch(args) => watch::run(args, global),
        AdvisoriesCommand::Status(args) => status::run(args, global),
        AdvisoriesCommand::Verify(args) => status::verify(args, global),
        AdvisoriesCommand::Forget(args) => status::forget(args, global),
    }
}

fn build(args: &BuildArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let countdown = |n_files| Countdown::new(("reading", "file"), n_files, global.quiet, Terminal::stderr(global.color));
    let (mut deliveries, mut n_records, mut n_problems, mut problems) = (Vec::new(), 0, 0, Vec::new());
    for from in &args.from {
        let mut gathered = Gathered::default();
        advisories::gather(from, &mut gathered, &countdown)?;
        n_records += gathered.n_records;
        n_problems += gathered.n_problems;
        problems.append(&mut gathered.problems);
        if gathered.is_empty() {
            print_problems(&problems, global);
            let message = format!("there is no record of an advisory in `{}`", text::path(from));
            let help = "records are OSV's JSON or YAML, or RustSec's Markdown; lists are KEV's JSON and EPSS's CSV";
            return Err(Failure::bad_input("advisories", message).with_help(help).into());
        }
        // The same folder is the same source, however it is written.
        let place = from.canonicalize().map_err(|error| Failure::unreadable(from, &error))?;
        deliveries.push(Delivery::whole(&place.to_string_lossy(), gathered));
    }
    let stored = Shelf::of(&folder).accept(&deliveries)?;
    n_problems += stored.problems.len();
    problems.extend(stored.problems.iter().cloned());
    print_problems(&problems, global);
    if args.folder.format == ListFormat::Json {
        let json = json!({"records": n_records, "not_read": n_problems, "segments": segments_json(&stored), "lists": lists_json(&stored)});
        print(&format!("{json}\n"))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        page_of(&stored, &mut page);
        page.gap();
        page.line(&format!("{} read, {} not: {}", count(to_u64(n_records), "record"), grouped(to_u64(n_problems)), text::path(&folder)));
        print(&page.finish())?;
    }
    Ok(if n_problems == 0 { Exit::Success } else { Exit::Incomplete })
}

/// What an index holds now.
fn page_of(stored: &Stored, page: &mut Page) {
    for (name, built) in &stored.segments {
        let packages = count(to_u64(built.n_packages), "package");
        page.row(name, 16, &format!("{} about {packages}", count_of(built.n_advisories)));
    }
    for list in &stored.lists {
        page.row(list.kind.as_str(), 16, &format!("{} of {}", count(to_u64(list.len()), "flaw"), text::harmless(&list.date)));
    }
}

fn segments_json(stored: &Stored) -> Vec<serde_json::Value> {
    let segment = |(name, built): &(String, bartizan_deps::advisory::Built)| json!({"segment": name, "advisories": built.n_advisories, "packages": built.n_packages, "bytes": built.index.len()});
    stored.segments.iter().map(segment).collect()
}

fn lists_json(stored: &Stored) -> Vec<serde_json::Value> {
    stored.lists.iter().map(|list| json!({"list": list.kind.as_str(), "flaws": list.len(), "date": list.date})).collect()
}

fn print_problems(problems: &[String], global: Global) {
    const MAX_SHOWN: usize = 10;
    if global.quiet {
        return;
    }
    for problem in problems.iter().take(MAX_SHOWN) {
        print_error(&format!("bartizan: not read: {problem}\n"));
    }
    if MAX_SHOWN < problems.len() {
        print_error(&format!("bartizan: … {} more\n", grouped(to_u64(problems.len() - MAX_SHOWN))));
    }
}

fn count_of(n: usize) -> String {
    // The plural is not the word with an `s`.
    format!("{} {}", grouped(to_u64(n)), if n == 1 { "advisory" } else { "advisories" })
}
