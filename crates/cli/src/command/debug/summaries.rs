//! `bartizan debug summaries`: what functions let through.

use std::{fmt::Write as _, path::PathBuf};

use bartizan_sast::debug::{self, FlowEnd, FlowSummary, FunctionSummary, Summaries};
use clap::{Args, ValueHint};

use super::{DebugFormat, FilesArgs, json, print_left_out};
use crate::{
    args::Global,
    exit::Exit,
    failure::Outcome,
    output::{print, print_error},
    sast_rules, source_texts,
    text::harmless,
    threads,
};

/// Print what functions let through: from parameters and sources to results and sinks; all rules with --verbose
#[derive(Debug, Args)]
pub(super) struct SummariesArgs {
    #[command(flatten)]
    files: FilesArgs,
    /// Follow data as these rules say, in the place of the built-in ones (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// Follow data as this rule says alone (repeatable)
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
}

/// Prints the summaries.
pub(super) fn run(args: &SummariesArgs, global: Global) -> Outcome<Exit> {
    let mut rules = sast_rules::load(&args.rules)?;
    for id in &args.rule {
        sast_rules::find(&rules, id)?;
    }
    rules.retain(|rule| args.rule.is_empty() || args.rule.iter().any(|id| id == rule.id.as_str()));
    let sources = source_texts::read(&args.files.paths)?;
    let summaries = threads::on_large_stack(|| debug::summaries(&sources, &rules, &bartizan_sast::models()));
    match args.files.format {
        DebugFormat::Text => {
            print(&text(&summaries, global.verbose))?;
            print_left_out(&summaries.left_out, "no rule follows data there, or it can't be parsed", global);
            if summaries.is_cut && !global.quiet {
                print_error("note: a limit was reached: something may be missing\n");
            }
        }
        DebugFormat::Json => print(&json(&summaries))?,
    }
    Ok(Exit::Success)
}

fn text(summaries: &Summaries, is_verbose: bool) -> String {
    let mut out = String::new();
    for of_file in summaries.functions.chunk_by(|one, other| one.file == other.file) {
        let Some(first) = of_file.first() else { continue };
        let _ = writeln!(out, "{}", harmless(&first.file));
        for function in of_file {
            function_text(&mut out, function, is_verbose);
        }
    }
    out
}

fn function_text(out: &mut String, function: &FunctionSummary, is_verbose: bool) {
    let head = format!("{}:{}  {}({})", function.place.line, function.place.column, function.name, function.parameters.join(", "));
    let _ = writeln!(out, "  {}", harmless(&head));
    if function.flows.is_empty() {
        let _ = writeln!(out, "    lets nothing through");
    }
    for flow in &function.flows {
        let _ = writeln!(out, "    {}", harmless(&flow_text(flow, is_verbose)));
    }
}

fn flow_text(flow: &FlowSummary, is_verbose: bool) -> String {
    let mut line = format!("{} → {}", end(&flow.from), end(&flow.to));
    if !flow.rules.is_empty() {
        let _ = write!(line, ", for {}", list(&flow.rules, is_verbose));
    }
    if !flow.harmless_for.is_empty() {
        let _ = write!(line, ", harmless for {}", list(&flow.harmless_for, is_verbose));
    }
    line
}

/// The rules, or the first of many.
fn list(rules: &[String], is_verbose: bool) -> String {
    const MAX_SHOWN: usize = 4;
    let n_more = rules.len().saturating_sub(MAX_SHOWN);
    if n_more <= 1 || is_verbose {
        return rules.join(", ");
    }
    let shown: Vec<&str> = rules.iter().take(MAX_SHOWN).map(String::as_str).collect();
    format!("{} and {n_more} more", shown.join(", "))
}

fn end(end: &FlowEnd) -> String {
    let place = || {
        let (line, column) = end.place.map_or((0, 0), |place| (place.line, place.column));
        format!("{}:{line}:{column}", end.file.as_deref().unwrap_or_default())
    };
    match end.kind {
        "parameter" => format!("parameter {}", end.name),
        "sink" => format!("sink of {} at {}", end.rule.as_deref().unwrap_or_default(), place()),
        "source" => format!("source at {}", place()),
        kind => format!("{kind}{}", end.name),
    }
}
