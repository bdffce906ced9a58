//! `bartizan debug callgraph`: which function calls which.

use std::{collections::BTreeMap, fmt::Write as _};

use bartizan_sast::debug::{self, CallGraph, FunctionCall, FunctionNode};

use super::{DebugFormat, FilesArgs, json, print_left_out};
use crate::{args::Global, exit::Exit, failure::Outcome, output::print, source_texts, text::harmless, threads};

/// Prints the calls.
pub(super) fn run(args: &FilesArgs, global: Global) -> Outcome<Exit> {
    let sources = source_texts::read(&args.paths)?;
    let graph = threads::on_large_stack(|| debug::callgraph(&sources));
    match args.format {
        DebugFormat::Text => {
            print(&text(&graph))?;
            print_left_out(&graph.left_out, "no code, or code that can't be parsed", global);
        }
        DebugFormat::Json => print(&json(&graph))?,
    }
    Ok(Exit::Success)
}

fn text(graph: &CallGraph) -> String {
    let mut by_caller: BTreeMap<(&str, Option<usize>), Vec<&FunctionCall>> = BTreeMap::new();
    for call in &graph.calls {
        by_caller.entry((&call.file, call.caller)).or_default().push(call);
    }
    let mut by_file: BTreeMap<&str, Vec<(usize, &FunctionNode)>> = by_caller.keys().map(|(file, _)| (*file, Vec::new())).collect();
    for (position, function) in graph.functions.iter().enumerate() {
        by_file.entry(&function.file).or_default().push((position, function));
    }
    let of = |file, caller| by_caller.get(&(file, caller)).map_or(&[][..], Vec::as_slice);
    let mut out = String::new();
    for (file, functions) in by_file {
        let _ = writeln!(out, "{}", harmless(file));
        let outside = of(file, None);
        if !outside.is_empty() {
            let _ = writeln!(out, "  outside of functions");
            calls(&mut out, graph, outside);
        }
        for (position, function) in functions {
            let _ = writeln!(out, "  {}:{}  {}", function.place.line, function.place.column, harmless(&function.name));
            calls(&mut out, graph, of(file, Some(position)));
        }
    }
    out
}

fn calls(out: &mut String, graph: &CallGraph, calls: &[&FunctionCall]) {
    for call in calls {
        let mut callees: Vec<String> = call
            .callees
            .iter()
            .filter_map(|position| graph.functions.get(*position))
            .map(|callee| format!("{} at {}:{}:{}", callee.name, callee.file, callee.place.line, callee.place.column))
            .collect();
        callees.extend(call.class.iter().map(|class| format!("an object of {class}")));
        if callees.is_empty() {
            callees.push("nothing in these files".to_owned());
        }
        let line = format!("{}:{}  {} → {}", call.place.line, call.place.column, call.code, callees.join(", or "));
        let _ = writeln!(out, "    {}", harmless(&line));
    }
}
