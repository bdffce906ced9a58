//! `bartizan debug ast` and `bartizan debug ir`: trees, as expressions in brackets.

use std::fmt::Write as _;

use bartizan_sast::debug::{self, AstNode, IrNode, Place, SourceText, Unseen};
use serde::Serialize;

use super::{DebugFormat, FileArgs, json};
use crate::{
    args::Global,
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    source_texts,
    text::harmless,
    threads,
};

/// The JSON of a tree; keys are added, never renamed.
#[derive(Debug, Serialize)]
struct TreeJson<T> {
    file: String,
    language: Option<&'static str>,
    /// In the order of their places, parents before children.
    nodes: Vec<T>,
}

/// Prints the syntax tree of a file.
pub(super) fn ast(args: &FileArgs, global: Global) -> Outcome<Exit> {
    let (source, mut nodes) = nodes(args, debug::ast)?;
    if args.format == DebugFormat::Text {
        nodes.retain(|node| global.verbose || node.is_named || node.is_missing);
    }
    finish(args, &source, nodes, |node| node.depth, ast_line)
}

/// Prints the tree of a file that rules are matched on.
pub(super) fn ir(args: &FileArgs) -> Outcome<Exit> {
    let (source, nodes) = nodes(args, debug::ir)?;
    finish(args, &source, nodes, |node| node.depth, ir_line)
}

fn nodes<T: Send>(args: &FileArgs, of: fn(&SourceText) -> Result<Vec<T>, Unseen>) -> Outcome<(SourceText, Vec<T>)> {
    let source = source_texts::read_file(&args.path)?;
    let nodes = threads::on_large_stack(|| of(&source)).map_err(|error| {
        let help = match error {
            Unseen::NoGrammar(_) => "`bartizan debug ir` shows the tree that rules are matched on",
            _ => "the name of a file, or its first line, says which language it is in",
        };
        Failure::bad_input("no-tree", format!("`{}`: {}", harmless(&source.path), harmless(&error.to_string()))).with_help(help)
    })?;
    Ok((source, nodes))
}

fn finish<T: Serialize>(
    args: &FileArgs,
    source: &SourceText,
    nodes: Vec<T>,
    depth: fn(&T) -> u32,
    line: fn(&T) -> (String, String),
) -> Outcome<Exit> {
    print(&match args.format {
        DebugFormat::Text => in_brackets(&nodes, depth, line),
        DebugFormat::Json => json(&TreeJson { file: source.path.clone(), language: source.language_name(), nodes }),
    })?;
    Ok(Exit::Success)
}

/// One line a node, indented; each opens a bracket, and the last one below it closes it.
fn in_brackets<T>(nodes: &[T], depth: fn(&T) -> u32, line: fn(&T) -> (String, String)) -> String {
    let mut out = String::new();
    // Nodes may be left out: what counts is what they stand in among those that are shown.
    let mut open: Vec<u32> = Vec::new();
    let mut nodes = nodes.iter().peekable();
    while let Some(node) = nodes.next() {
        let indent = open.len();
        open.push(depth(node));
        let next = nodes.peek().map_or(0, |next| depth(next));
        let n_open = if nodes.peek().is_some() { open.iter().filter(|open| **open < next).count() } else { 0 };
        let n_closed = open.len() - n_open;
        open.truncate(n_open);
        let (head, remark) = line(node);
        let remark = if remark.is_empty() { String::new() } else { format!("  ; {remark}") };
        let _ = writeln!(out, "{:1$}{head}{2}{remark}", "", indent * 2, ")".repeat(n_closed));
    }
    out
}

fn place(place: Place) -> String {
    format!("[{}:{} - {}:{}]", place.line, place.column, place.end_line, place.end_column)
}

fn ast_line(node: &AstNode) -> (String, String) {
    let mut head = node.field.as_ref().map_or(String::new(), |field| format!("{field}: "));
    let _ = if node.is_named { write!(head, "({}", node.kind) } else { write!(head, "({:?}", node.kind) };
    let _ = write!(head, " {}", place(node.place));
    if let Some(text) = node.text.as_ref().filter(|_| node.is_named) {
        let _ = write!(head, " {text:?}");
    }
    let remark = if node.is_missing { "missing" } else { "" };
    (harmless(&head).into_owned(), remark.to_owned())
}

fn ir_line(node: &IrNode) -> (String, String) {
    let mut head = format!("({}", node.kind);
    if let Some(op) = node.op {
        let _ = write!(head, ":{op}");
    }
    if let Some(symbol) = &node.symbol {
        let _ = write!(head, " {symbol:?}");
    }
    // A slot that is empty is nowhere.
    if node.kind != "none" {
        let _ = write!(head, " {}", place(node.place));
    }
    let paths = node.paths.iter().map(|path| format!("stands for {path}"));
    let value = node.value.iter().map(|value| format!("is {value}"));
    let remarks: Vec<String> = node.binding.clone().into_iter().chain(paths).chain(value).collect();
    (harmless(&head).into_owned(), harmless(&remarks.join(", ")).into_owned())
}
