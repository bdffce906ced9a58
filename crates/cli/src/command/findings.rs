//! `bartizan findings`: what is kept of all repositories.

mod list;
mod show;

use clap::{Args, Subcommand};

use crate::{args::Global, exit::Exit, failure::Outcome};

const EXAMPLES: &str = "\
Examples:
  bartizan findings list                          open findings, those that matter most first
  bartizan findings list --severity critical,high --repository acme/shop
  bartizan findings list --owner ''               those that nobody owns
  bartizan findings show 01935b2e-…               one of them, with its history";

/// List the findings of all repositories, and show one with its history
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FindingsArgs {
    #[command(subcommand)]
    command: FindingsCommand,
}

#[derive(Debug, Subcommand)]
enum FindingsCommand {
    List(list::ListArgs),
    Show(show::ShowArgs),
}

/// Runs the command.
pub(crate) fn run(args: &FindingsArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        FindingsCommand::List(args) => list::run(args, global),
        FindingsCommand::Show(args) => show::run(args, global),
    }
}
