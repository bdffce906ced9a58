//! `bartizan debug`: what engines see in files, and how they decide.

mod callgraph;
mod lines;
mod matching;
mod purl;
mod summaries;
mod tree;
mod version_compare;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use serde::Serialize;

use crate::{
    args::Global,
    exit::Exit,
    failure::Outcome,
    output::print_error,
    text::{count, harmless, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan debug ast src/app.py                    the syntax tree, as the grammar gives it
  bartizan debug ir src/app.py                     the tree that rules are matched on, names resolved
  bartizan debug callgraph src/                    which function calls which, over files
  bartizan debug summaries src/ --rules r.yaml     what functions let through to results and sinks
  bartizan debug ir src/app.py --format json       the same for programs
  echo pkg:PyPI/Some_Name | bartizan debug purl    a package URL in canonical form
  printf 'Debian:12\\t1.0~rc1\\t1.0\\n' | bartizan debug version-compare
  bartizan debug match --from vulndb < packages    which advisories affect a version";

/// Show what engines see in files, and how they decide
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DebugArgs {
    #[command(subcommand)]
    command: DebugCommand,
}

#[derive(Debug, Subcommand)]
enum DebugCommand {
    /// Print the syntax tree of a file; tokens without a name with --verbose
    Ast(FileArgs),
    /// Print the tree that rules are matched on: kinds, places, and what names stand for
    Ir(FileArgs),
    /// Print which function calls which
    Callgraph(FilesArgs),
    Summaries(summaries::SummariesArgs),
    /// Write package URLs in canonical form, or what is wrong with them: one line of standard input, one line of output
    Purl,
    /// Compare versions: lines of ECOSYSTEM, VERSION and VERSION with tabs between them give <, = or >
    VersionCompare,
    Match(matching::MatchArgs),
}

/// One file.
#[derive(Debug, Args)]
struct FileArgs {
    /// The source file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    path: PathBuf,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DebugFormat,
}

/// Some files.
#[derive(Debug, Args)]
struct FilesArgs {
    /// Source files, or folders of them
    #[arg(value_name = "FILE|DIR", required = true, value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DebugFormat,
}

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DebugFormat {
    // For people.
    #[default]
    Text,
    // For programs.
    Json,
}

/// Prints what was asked for.
pub(crate) fn run(args: &DebugArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        DebugCommand::Ast(args) => tree::ast(args, global),
        DebugCommand::Ir(args) => tree::ir(args),
        DebugCommand::Callgraph(args) => callgraph::run(args, global),
        DebugCommand::Summaries(args) => summaries::run(args, global),
        DebugCommand::Purl => purl::run(),
        DebugCommand::VersionCompare => version_compare::run(),
        DebugCommand::Match(args) => matching::run(args, global),
    }
}

/// Says which files are not shown: how many, or each one.
fn print_left_out(paths: &[String], why: &str, global: Global) {
    if global.verbose {
        for path in paths {
            print_error(&format!("note: `{}` is left out: {why}\n", harmless(path)));
        }
    } else if !paths.is_empty() && !global.quiet {
        print_error(&format!("note: {} left out: {why}; --verbose names them\n", count(to_u64(paths.len()), "file")));
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
