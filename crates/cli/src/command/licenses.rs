//! `bartizan licenses`: components by their licence.

use std::{collections::BTreeMap, io};

use bartizan_core::{Component, ComponentKind, Report};
use bartizan_deps::licence::normalize;
use clap::{Args, ValueEnum};

use super::deps::{place, word};
use crate::{
    args::Global,
    exit::Exit,
    failure::Outcome,
    inventory::{self, InventoryArgs},
    output::{Privacy, Target},
    page::Page,
    style::Ink,
    terminal::Terminal,
    text::{count, harmless, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan licenses                         the licences of what this folder is made of
  bartizan licenses --no-ignore             the same, with what is installed in ignored folders
  bartizan licenses --format csv > out.csv  one row a component, for a spreadsheet";

/// List components by their licence, and those whose licence is not known
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct LicensesArgs {
    #[command(flatten)]
    inventory: InventoryArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: Format,
    /// Exit with 3 if something could not be read
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

/// How the list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    // For people.
    Table,
    // For programs.
    Json,
    // For spreadsheets: one row a component.
    Csv,
    // For a page: one section a licence.
    Markdown,
}

/// What stands for licences that are not known.
const UNKNOWN: &str = "unknown";

/// Runs the command.
pub(crate) fn run(args: &LicensesArgs, global: Global) -> Outcome<Exit> {
    let outcome = args.inventory.take(global)?;
    let groups = groups(&outcome.report);
    Target::Stdout.write(Privacy::Shared, |out| match args.format {
        Format::Table => out.write_all(table(&groups, global).as_bytes()),
        Format::Json => json(&groups, out),
        Format::Csv => out.write_all(csv(&groups).as_bytes()),
        Format::Markdown => out.write_all(markdown(&groups).as_bytes()),
    })?;
    Ok(inventory::verdict(&outcome, args.strict, global))
}

/// Components of one licence.
struct Group<'r> {
    licence: String,
    components: Vec<&'r Component>,
}

/// Components by licence, those of most components first, and the unknown last.
fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut by_licence: BTreeMap<String, Vec<&Component>> = BTreeMap::new();
    let is_shipped = |component: &&Component| matches!(component.kind, ComponentKind::Library | ComponentKind::OperatingSystem);
    for component in report.components.iter().filter(is_shipped) {
        by_licence.entry(licence(component)).or_default().push(component);
    }
    let mut groups: Vec<Group<'_>> = by_licence.into_iter().map(|(licence, components)| Group { licence, components }).collect();
    groups.sort_by_key(|group| (group.licence == UNKNOWN, std::cmp::Reverse(group.components.len())));
    groups
}

/// The licence as SPDX writes it, or what is declared.
fn licence(component: &Component) -> String {
    let declared: Vec<&String> = component.licences.iter().filter(|declared| !declared.trim().is_empty()).collect();
    let spelled = |declared: &String| normalize(declared).unwrap_or_else(|| declared.trim().to_owned());
    match declared.as_slice() {
        [] => UNKNOWN.to_owned(),
        [one] => spelled(one),
        several => {
            let mut all: Vec<String> = several.iter().map(|declared| spelled(declared)).collect();
            all.sort();
            all.dedup();
            all.join(", ")
        }
    }
}

fn table(groups: &[Group<'_>], global: Global) -> String {
    const MAX_SHOWN: usize = 12;
    let mut page = Page::new(Terminal::stdout(global.color));
    for group in groups {
        let n = to_u64(group.components.len());
        page.title(&group.licence, &count(n, "component"), Ink::Faint);
        let names: Vec<String> = group.components.iter().take(MAX_SHOWN).map(|component| named(component)).collect();
        let more = group.components.len().saturating_sub(MAX_SHOWN);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        page.paragraph(&format!("{}{more}", names.join(", ")));
        page.gap();
    }
    if !global.quiet {
        let n_all: usize = groups.iter().map(|group| group.components.len()).sum();
        let n_unknown = groups.iter().find(|group| group.licence == UNKNOWN).map_or(0, |group| group.components.len());
        let unknown = if n_unknown == 0 { String::new() } else { format!("; of {n_unknown} the licence is not known") };
        let n_licences = groups.len() - usize::from(0 < n_unknown);
        page.line(&format!("{} under {}{unknown}", count(to_u64(n_all), "component"), count(to_u64(n_licences), "licence")));
    }
    page.finish()
}

fn named(component: &Component) -> String {
    component.version.as_ref().map_or_else(|| component.name.clone(), |version| format!("{} {version}", component.name))
}

fn json(groups: &[Group<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    let component = |component: &&Component| {
        serde_json::json!({
            "purl": component.purl,
            "name": component.name,
            "version": component.version,
            "scope": word(component.scope),
            "declared": component.licences,
            "place": place(component),
        })
    };
    let group = |group: &Group<'_>| {
        let components: Vec<_> = group.components.iter().map(component).collect();
        serde_json::json!({"licence": group.licence, "known": group.licence != UNKNOWN, "components": components})
    };
    let groups: Vec<_> = groups.iter().map(group).collect();
    writeln!(out, "{:#}", serde_json::json!({"version": 1, "licences": groups}))
}

fn csv(groups: &[Group<'_>]) -> String {
    let mut out = "licence,name,version,scope,purl,place\n".to_owned();
    for group in groups {
        for component in &group.components {
            let version = component.version.clone().unwrap_or_default();
            let cells = [&group.licence, &component.name, &version, word(component.scope), &component.purl, &place(component)].map(cell);
            out.push_str(&cells.join(","));
            out.push('\n');
        }
    }
    out
}

/// A cell: RFC 4180. What a spreadsheet would calculate starts with an apostrophe.
fn cell(text: &str) -> String {
    let text = harmless(text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.into_owned() };
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn markdown(groups: &[Group<'_>]) -> String {
    let plain = |text: &str| harmless(text).replace(['`', '|', '<', '>'], "");
    let mut out = "# Licences\n".to_owned();
    for group in groups {
        out.push_str(&format!("\n## {}\n\n| component | version | scope |\n|---|---|---|\n", plain(&group.licence)));
        for component in &group.components {
            let version = component.version.as_deref().unwrap_or_default();
            out.push_str(&format!("| `{}` | {} | {} |\n", plain(&component.name), plain(version), word(component.scope)));
        }
    }
    out
}
