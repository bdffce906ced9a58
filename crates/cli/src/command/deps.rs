//! `bartizan deps`: what a project is made of, and why.

mod list;
mod tree;
mod why;

use bartizan_core::{Component, Scope};
use clap::{Args, Subcommand};

use crate::{args::Global, exit::Exit, failure::Outcome};

const EXAMPLES: &str = "\
Examples:
  bartizan deps list                         every component, its scope, and where it is named
  bartizan deps tree services/shop           what depends on what
  bartizan deps why lodash                   the shortest ways from the project to a package
  bartizan deps why pkg:npm/lodash@4.17.20   the same, of one version";

/// List what a project is made of, and say why something is there
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DepsArgs {
    #[command(subcommand)]
    command: DepsCommand,
}

#[derive(Debug, Subcommand)]
enum DepsCommand {
    List(list::ListArgs),
    Tree(tree::TreeArgs),
    Why(why::WhyArgs),
}

/// Runs the command.
pub(crate) fn run(args: &DepsArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        DepsCommand::List(args) => list::run(args, global),
        DepsCommand::Tree(args) => tree::run(args, global),
        DepsCommand::Why(args) => why::run(args, global),
    }
}

/// What a component is needed for, in a word.
pub(crate) const fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime => "runtime",
        Scope::Optional => "optional",
        Scope::Build => "build",
        Scope::Test => "test",
        Scope::Development => "development",
    }
}

/// Where a component is named first: `path:line`.
pub(crate) fn place(component: &Component) -> String {
    component.locations.first().map_or_else(String::new, |location| match location.region() {
        Some(region) => format!("{}:{}", location.artifact, region.start.line),
        None => location.artifact.to_string(),
    })
}
