//! `bartizan baseline`: findings that were there before, so that only new ones count.

use std::path::PathBuf;

use bartizan_core::IdentityKey;
use bartizan_scan::Baseline;
use clap::{Args, Subcommand, ValueHint};
use serde::Deserialize;

use crate::{
    args::{EngineArgs, Global, InputArgs, ListFormat, PolicyArgs, RunArgs},
    exit::Exit,
    failure::Outcome,
    identity::{self, Identity, KeyOrigin},
    output::{Privacy, Target, print, print_error},
    page::Page,
    session::{self, Session},
    terminal::Terminal,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan baseline write                                          accept what is there now
  bartizan scan --baseline .bartizan/baseline.json --fail-on low   fail on what is new
  bartizan baseline show .bartizan/baseline.json                   list what was accepted";

/// Where a baseline is kept, unless the caller says otherwise.
const DEFAULT_FILE: &str = ".bartizan/baseline.json";

/// Accept the findings that are there, so that only new ones count
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
enum BaselineCommand {
    Write(Box<WriteArgs>),
    Show(ShowArgs),
}

/// Scan, and write down what is found; an existing baseline is brought up to date
#[derive(Debug, Args)]
struct WriteArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    engines: EngineArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// The baseline; `-` prints it [default: PATH/.bartizan/baseline.json]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    output: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

/// List what a baseline holds
#[derive(Debug, Args)]
struct ShowArgs {
    /// The baseline
    #[arg(value_name = "FILE", default_value = DEFAULT_FILE, value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// Runs the command.
pub(crate) fn run(args: &BaselineArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        BaselineCommand::Write(args) => write(args, global),
        BaselineCommand::Show(args) => show(args, global),
    }
}

fn write(args: &WriteArgs, global: Global) -> Outcome<Exit> {
    let is_folder = args.input.path.is_dir();
    let default = || if is_folder { args.input.path.join(DEFAULT_FILE) } else { PathBuf::from(DEFAULT_FILE) };
    let file = args.output.clone().unwrap_or_else(default);
    let target = Target::named(&file);

    // A baseline is committed, key included. So it has a key of its own, which says nothing about ids in other reports.
    let old = if target != Target::Stdout && file.exists() { Some(session::baseline(&file)?) } else { None };
    let key = match &old {
        Some(old) => old.key().clone(),
        None => IdentityKey::new(identity::random()?),
    };
    let identity = Identity { key, origin: KeyOrigin::Baseline(file.clone()) };
    let session = Session {
        input: &args.input,
        engines: &args.engines,
        policy: &args.policy,
        run: &args.run,
        global,
        baseline: old.as_ref(),
        identity: &identity,
        fail_on: None,
        keeps_secrets: false,
    };
    let outcome = session.perform()?;
    let baseline = Baseline::of(&outcome.report, &identity.key);

    if let (Target::File(path), None) = (&target, &args.output)
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder).map_err(|error| crate::failure::Failure::unwritable(folder, &error))?;
    }
    let json = baseline.to_json();
    target.write(Privacy::Shared, |out| out.write_all(json.as_bytes()))?;
    if !global.quiet {
        let gone = outcome.n_fixed.filter(|&n| 0 < n).map_or(String::new(), |n| format!(", {n} gone"));
        print_error(&format!("bartizan: {}{gone}: {}\n", count(to_u64(baseline.len()), "accepted finding"), text::path(&file)));
        if outcome.report.is_incomplete() {
            print_error("bartizan: the scan was incomplete; `bartizan scan` says what was not analyzed\n");
        }
    }
    Ok(Exit::Success)
}

fn show(args: &ShowArgs, global: Global) -> Outcome<Exit> {
    let json = session::baseline(&args.file)?.to_json();
    print(&match args.format {
        ListFormat::Json => json,
        ListFormat::Table => table(&serde_json::from_str(&json).unwrap_or_default(), Terminal::stdout(global.color), global.quiet),
    })?;
    Ok(Exit::Success)
}

/// What is shown of a baseline.
#[derive(Debug, Default, Deserialize)]
struct Contents {
    findings: Vec<Known>,
}

/// A finding that is accepted.
#[derive(Debug, Deserialize)]
struct Known {
    path: String,
    line: Option<u32>,
    rule: String,
}

fn table(contents: &Contents, terminal: Terminal, is_quiet: bool) -> String {
    const LINE_COLUMNS: usize = 6;
    let mut page = Page::new(terminal);
    for in_file in contents.findings.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = in_file.first() else { continue };
        page.heading(&first.path);
        for known in in_file {
            page.row(&known.line.map_or_else(|| "-".to_owned(), |line| line.to_string()), LINE_COLUMNS, &known.rule);
        }
    }
    if !is_quiet {
        page.gap();
        page.line(&count(to_u64(contents.findings.len()), "accepted finding"));
    }
    page.finish()
}
