//! `bartizan deps list`: every component.

use bartizan_core::Report;
use bartizan_formats::write_components;
use clap::Args;

use super::{place, word};
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::Outcome,
    inventory::{self, InventoryArgs},
    output::{Privacy, Target},
    page::Page,
    style::Ink,
    terminal::Terminal,
    text::{count, to_u64},
};

/// List every component, its scope, and where it is named
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    inventory: InventoryArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
    /// Exit with 3 if something could not be read
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

/// Prints the list.
pub(super) fn run(args: &ListArgs, global: Global) -> Outcome<Exit> {
    let outcome = args.inventory.take(global)?;
    let report = &outcome.report;
    Target::Stdout.write(Privacy::Shared, |out| match args.format {
        ListFormat::Json => write_components(report, out),
        ListFormat::Table => out.write_all(table(report, global).as_bytes()),
    })?;
    Ok(inventory::verdict(&outcome, args.strict, global))
}

fn table(report: &Report, global: Global) -> String {
    const MAX_PURL_COLUMNS: usize = 60;
    let mut page = Page::new(Terminal::stdout(global.color));
    let columns = report.components.iter().map(|component| component.purl.len()).max().unwrap_or(0).min(MAX_PURL_COLUMNS);
    for component in &report.components {
        let more = component.locations.len().saturating_sub(1);
        let others = if more == 0 { String::new() } else { format!(" and {more} more") };
        let scope = format!("{:<11}", word(component.scope));
        page.entry(&component.purl, columns, &scope, &format!("{}{others}", place(component)), Ink::Faint);
    }
    if !global.quiet {
        page.gap();
        page.line(&count(to_u64(report.components.len()), "component"));
    }
    page.finish()
}
