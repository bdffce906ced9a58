//! `bartizan deps why`: the ways from a project to a component.

use std::fmt::Write as _;

use bartizan_core::{Component, Report};
use bartizan_deps::{MAX_WAYS, Step, Ways, ways};
use bartizan_formats::purl::PackageUrl;
use clap::Args;
use serde::Serialize;

use super::{place, word};
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    inventory::{self, InventoryArgs},
    output::print,
    style::Ink,
    suggestion::suggestion,
    terminal::Terminal,
    text::harmless,
};

/// Say why a component is there: the shortest ways to it from the project's own packages
#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// A package URL with or without a version, a name, or NAME@VERSION
    #[arg(value_name = "PURL|NAME")]
    package: String,
    #[command(flatten)]
    inventory: InventoryArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

#[derive(Debug, Serialize)]
struct Answer<'r> {
    components: Vec<Explained<'r>>,
}

#[derive(Debug, Serialize)]
struct Explained<'r> {
    purl: &'r str,
    scope: &'static str,
    ways: Vec<Vec<WireStep<'r>>>,
    has_more_ways: bool,
}

#[derive(Debug, Serialize)]
struct WireStep<'r> {
    purl: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
}

/// Prints the ways.
pub(super) fn run(args: &WhyArgs, global: Global) -> Outcome<Exit> {
    let outcome = args.inventory.take(global)?;
    let report = &outcome.report;
    let found: Vec<&Component> = report.components.iter().filter(|component| is_meant(&args.package, component)).collect();
    if found.is_empty() {
        return Err(unknown(&args.package, report).into());
    }
    let found: Vec<(&Component, Ways<'_>)> = found.into_iter().map(|component| (component, ways(report, &component.purl))).collect();
    print(&match args.format {
        ListFormat::Json => {
            let components = found.iter().map(|(component, ways)| explained(component, ways)).collect();
            serde_json::to_string_pretty(&Answer { components }).unwrap_or_default() + "\n"
        }
        ListFormat::Table => {
            let terminal = Terminal::stdout(global.color);
            let parts: Vec<String> = found.iter().map(|(component, ways)| tree(component, ways, terminal)).collect();
            parts.join("\n")
        }
    })?;
    Ok(inventory::verdict(&outcome, false, global))
}

/// Whether a component is what the caller names.
fn is_meant(asked: &str, component: &Component) -> bool {
    let Ok(purl) = PackageUrl::lenient(&component.purl) else { return asked == component.purl };
    if asked.starts_with("pkg:") {
        let Ok(asked) = PackageUrl::lenient(asked) else { return false };
        let is_version = asked.version().is_none() || asked.version() == purl.version();
        let is_exact = asked.qualifiers().len() == 0 || asked.qualifiers().eq(purl.qualifiers());
        return asked.without_version() == purl.without_version() && is_version && is_exact;
    }
    let is_name = |name: &str| name == component.name || name == purl.name();
    let with_version = asked.rsplit_once('@').filter(|(name, _)| !name.is_empty());
    is_name(asked) || with_version.is_some_and(|(name, version)| is_name(name) && component.version.as_deref() == Some(version))
}

fn unknown(asked: &str, report: &Report) -> Failure {
    let message = format!("no component is named `{}`", harmless(asked));
    let name = asked.strip_prefix("pkg:").map_or(asked, |rest| rest.split_once('/').map_or(rest, |(_, name)| name));
    let name = name.rsplit_once('@').filter(|(name, _)| !name.is_empty()).map_or(name, |(name, _)| name);
    let mut names: Vec<&str> = report.components.iter().map(|component| component.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let help = suggestion(name, names).unwrap_or_else(|| "`bartizan deps list` lists all components".to_owned());
    Failure::bad_input("unknown-component", message).with_help(help)
}

fn explained<'r>(component: &'r Component, ways: &Ways<'r>) -> Explained<'r> {
    let step = |step: &Step<'r>| WireStep { purl: step.purl, scope: step.scope.map(word) };
    Explained {
        purl: &component.purl,
        scope: word(component.scope),
        ways: ways.ways.iter().map(|way| way.iter().map(step).collect()).collect(),
        has_more_ways: ways.is_cut,
    }
}

/// The ways as a tree: what they have in common at their start stands there once.
fn tree(component: &Component, ways: &Ways<'_>, terminal: Terminal) -> String {
    let painter = terminal.painter;
    let mut out = String::new();
    let title = painter.paint(Ink::Heading, &harmless(&component.purl));
    let _ = writeln!(out, "{title}  {}  {}", word(component.scope), painter.paint(Ink::Faint, &place(component)));
    let mut before: &[Step<'_>] = &[];
    for (number, way) in ways.ways.iter().enumerate() {
        let n_common = way.iter().zip(before).take_while(|(step, other)| step == other).count();
        for (depth, step) in way.iter().enumerate().skip(n_common) {
            let scope = step.scope.map_or(String::new(), |scope| format!("  {}", word(scope)));
            let name = harmless(step.purl);
            let name = if step.purl == component.purl { painter.paint(Ink::Strong, &name) } else { name.into_owned() };
            let _ = writeln!(out, "  {}{name}{}", frame(&ways.ways, number, depth), painter.paint(Ink::Faint, &scope));
        }
        before = way;
    }
    if ways.is_cut {
        let _ = writeln!(out, "  … more than {MAX_WAYS} ways of this length");
    }
    out
}

/// What stands before a step: a line for each step above it that has more ways below it.
fn frame(ways: &[Vec<Step<'_>>], number: usize, depth: usize) -> String {
    let mut frame = String::new();
    for above in 1..=depth {
        frame.push_str(match (above == depth, goes_on(ways, number, above)) {
            (true, true) => "├─ ",
            (true, false) => "└─ ",
            (false, true) => "│  ",
            (false, false) => "   ",
        });
    }
    frame
}

/// Whether a later way starts with the same steps, and goes on otherwise at this depth.
fn goes_on(ways: &[Vec<Step<'_>>], number: usize, depth: usize) -> bool {
    let Some((way, later)) = ways.get(number..).and_then(<[_]>::split_first) else { return false };
    let has_same_start = |other: &&Vec<Step<'_>>| other.get(..depth) == way.get(..depth);
    later.iter().take_while(has_same_start).any(|other| other.get(depth) != way.get(depth))
}
