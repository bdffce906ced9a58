//! `bartizan deps tree`: what depends on what.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use bartizan_core::{Dependency, Report, Scope};
use clap::Args;

use crate::{
    args::Global,
    exit::Exit,
    failure::Outcome,
    inventory::{self, InventoryArgs},
    output::print,
    style::Ink,
    terminal::Terminal,
    text::harmless,
};

/// Show what depends on what; what was shown before is marked with (*)
#[derive(Debug, Args)]
pub(super) struct TreeArgs {
    #[command(flatten)]
    inventory: InventoryArgs,
    /// Go so many steps from each root
    #[arg(long, value_name = "N", help_heading = "Output")]
    depth: Option<usize>,
    /// Exit with 3 if something could not be read
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

/// Prints the tree.
pub(super) fn run(args: &TreeArgs, global: Global) -> Outcome<Exit> {
    let outcome = args.inventory.take(global)?;
    print(&tree(&outcome.report, args.depth.unwrap_or(usize::MAX), Terminal::stdout(global.color)))?;
    Ok(inventory::verdict(&outcome, args.strict, global))
}

/// Lines that are still to be written, the next one last.
struct Line<'r> {
    purl: &'r str,
    remark: &'static str,
    frame: String,
    below: String,
    depth: usize,
}

fn tree(report: &Report, max_depth: usize, terminal: Terminal) -> String {
    let painter = terminal.painter;
    let mut edges: BTreeMap<&str, Vec<&Dependency>> = BTreeMap::new();
    for edge in &report.dependencies {
        edges.entry(&edge.dependent).or_default().push(edge);
    }
    let roots = report.components.iter().filter(|component| component.kind.is_root());
    let root = |purl| Line { purl, remark: "", frame: String::new(), below: String::new(), depth: 0 };
    let mut open: Vec<Line<'_>> = roots.rev().map(|component| root(component.purl.as_str())).collect();
    let mut shown = BTreeSet::new();
    let mut out = String::new();
    while let Some(line) = open.pop() {
        let below = edges.get(line.purl).map(Vec::as_slice).unwrap_or_default();
        let was_shown = !below.is_empty() && !shown.insert(line.purl);
        let mark = if was_shown { " (*)" } else { "" };
        let name = harmless(line.purl);
        let name = if line.depth == 0 { painter.paint(Ink::Strong, &name) } else { name.into_owned() };
        let _ = writeln!(out, "{}{name}{}{mark}", line.frame, painter.paint(Ink::Faint, line.remark));
        if was_shown || max_depth <= line.depth {
            continue;
        }
        for (number, edge) in below.iter().enumerate().rev() {
            let (frame, rest) = if number + 1 == below.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            open.push(Line {
                purl: &edge.dependency,
                remark: remark(edge),
                frame: format!("{}{frame}", line.below),
                below: format!("{}{rest}", line.below),
                depth: line.depth + 1,
            });
        }
    }
    out
}

/// What a dependency is for; nothing for what runs in production.
fn remark(edge: &Dependency) -> &'static str {
    match edge.scope {
        Scope::Runtime => "",
        Scope::Optional => "  optional",
        Scope::Build => "  build",
        Scope::Test => "  test",
        Scope::Development => "  development",
    }
}
