//! `bartizan docs`, hidden: the generated part of the book, as Markdown.

mod cli;
mod diagnostics;
mod rules;

use clap::{Args, Subcommand};

use crate::{exit::Exit, failure::Outcome, output::print};

/// Print a generated page of the book
#[derive(Debug, Args)]
#[command(hide = true)]
pub(crate) struct DocsArgs {
    #[command(subcommand)]
    page: Page,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Page {
    /// The command line
    Cli,
    /// What could not be analyzed, by kind
    Diagnostics,
    /// The built-in rules
    Rules,
}

/// Prints the page.
pub(crate) fn run(args: &DocsArgs) -> Outcome<Exit> {
    print(&match args.page {
        Page::Cli => cli::page(),
        Page::Diagnostics => diagnostics::page(),
        Page::Rules => rules::page(),
    })?;
    Ok(Exit::Success)
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "&lt;")
}
