//! `bartizan debug callgraph`: which function calls which.

use std::fmt::Write as _;

use bartizan_sast::debug::{self, CallGraph, FunctionCall};

use super::{DebugFormat, FilesArgs, json};
use crate::{
    exit::Exit,
    failure::Outcome,
    output::{print, print_error},
    source_texts,
    text::harmless,
    threads,
};

/// Prints the calls.
pub(super) fn run(args: &FilesArgs) -> Outcome<Exit> {
    let sources = source_texts::read(&args.paths)?;
    let graph = threads::on_large_stack(|| debug::callgraph(&sources));
    match args.format {
        DebugFormat::Text => {
            print(&text(&graph))?;
            for path in &graph.left_out {
                print_error(&format!("note: `{}` is no code that can be read\n", harmless(path)));
            }
        }
        DebugFormat::Json => print(&json(&graph))?,
    }
    Ok(Exit::Success)
}

fn text(graph: &CallGraph) -> String {
    let mut files: Vec<&str> = graph
        .functions
        .iter()
        .map(|function| &function.file)
        .chain(graph.calls.iter().map(|call| &call.file))
        .map(String::as_str)
        .collect();
    files.sort_unstable();
    files.dedup();
    let mut out = String::new();
    for file in files {
        let _ = writeln!(out, "{}", harmless(file));
        let outside: Vec<_> = graph.calls.iter().filter(|call| call.file == file && call.caller.is_none()).collect();
        if !outside.is_empty() {
            let _ = writeln!(out, "  outside of functions");
            calls(&mut out, graph, &outside);
        }
        for (position, function) in graph.functions.iter().enumerate().filter(|(_, function)| function.file == file) {
            let _ = writeln!(out, "  {}:{}  {}", function.place.line, function.place.column, harmless(&function.name));
            let own: Vec<_> = graph.calls.iter().filter(|call| call.caller == Some(position)).collect();
            calls(&mut out, graph, &own);
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
