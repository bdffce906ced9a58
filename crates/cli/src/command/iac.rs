//! `bartizan iac`: what is understood of infrastructure code.

use std::fmt::Write as _;

use bartizan_core::Location;
use bartizan_iac::{Answer, Inspector, Question, ValueIn, terraform::check_expression};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value as Json, json};

use crate::{
    args::{EngineArgs, Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    inventory::InventoryArgs,
    output::print,
    style::Ink,
    terminal::Terminal,
    text::harmless,
};

const EXAMPLES: &str = "\
Examples:
  bartizan iac eval aws_s3_bucket.logs.acl            an attribute, or why it is not known
  bartizan iac eval 'module.vpc.subnets[0]' live/     of the root modules in a folder
  bartizan iac eval 'cidrsubnet(var.range, 8, 1)' --var-file prod.tfvars
  bartizan iac graph --format dot | dot -Tsvg         what refers to what";

/// Show what is understood of infrastructure code: values, and the graph of resources
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct IacArgs {
    #[command(subcommand)]
    command: IacCommand,
}

#[derive(Debug, Subcommand)]
enum IacCommand {
    /// Evaluate an expression of Terraform's language in every root module, and say why what is not known is not
    Eval(EvalArgs),
    /// Print all resources, and which refers to which
    Graph(GraphArgs),
}

#[derive(Debug, Args)]
struct EvalArgs {
    /// An address such as `aws_s3_bucket.logs`, or any other expression
    #[arg(value_name = "EXPRESSION")]
    expression: String,
    #[command(flatten)]
    asked: AskedArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

#[derive(Debug, Args)]
struct GraphArgs {
    #[command(flatten)]
    asked: AskedArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: GraphFormat,
}

/// What is looked at.
#[derive(Debug, Args)]
struct AskedArgs {
    #[command(flatten)]
    inventory: InventoryArgs,
    /// Values of Terraform's variables for every root module, .tfvars or .tfvars.json (repeatable)
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    var_file: Vec<std::path::PathBuf>,
}

/// How a graph is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum GraphFormat {
    // One resource a line.
    #[default]
    Text,
    // For Graphviz.
    Dot,
    // For programs.
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &IacArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        IacCommand::Eval(args) => eval(args, global),
        IacCommand::Graph(args) => graph(args, global),
    }
}

impl AskedArgs {
    fn ask(&self, question: Question, global: Global) -> Outcome<Answer> {
        let inspector = Inspector::new(question);
        let engines = EngineArgs {
            only: vec!["iac".to_owned()],
            inspector: Some(inspector.clone()),
            var_file: self.var_file.clone(),
            ..EngineArgs::default()
        };
        self.inventory.take_with(&engines, global)?;
        Ok(inspector.answer())
    }
}

fn eval(args: &EvalArgs, global: Global) -> Outcome<Exit> {
    if let Err((at, reason)) = check_expression(&args.expression) {
        let column = args.expression.get(..at).unwrap_or(&args.expression).chars().count() + 1;
        let failure = Failure::bad_input("bad-expression", format!("`{}`, column {column}: {reason}", harmless(&args.expression)));
        return Err(failure.with_help("write it as in Terraform's language, such as `aws_s3_bucket.logs.acl`").into());
    }
    let answer = args.asked.ask(Question::Value(args.expression.clone()), global)?;
    if answer.values.is_empty() {
        let failure = Failure::bad_input("no-module", "there is no root module of Terraform");
        return Err(failure.with_help("name a folder that has one").into());
    }
    let terminal = Terminal::stdout(global.color);
    print(&match args.format {
        ListFormat::Json => {
            let value =
                |value: &ValueIn| json!({ "folder": value.folder, "value": value.value, "location": value.location.as_ref().map(place) });
            json_text(&json!({ "values": answer.values.iter().map(value).collect::<Vec<_>>() }))
        }
        ListFormat::Table => {
            let mut out = String::new();
            for value in &answer.values {
                let folder = if value.folder.is_empty() { "." } else { &value.folder };
                let place = value.location.as_ref().map_or_else(String::new, |location| format!("  {}", place(location)));
                if 1 < answer.values.len() {
                    let _ = writeln!(
                        out,
                        "{}{}",
                        terminal.painter.paint(Ink::Heading, &harmless(folder)),
                        terminal.painter.paint(Ink::Faint, &harmless(&place))
                    );
                }
                let _ = writeln!(out, "{}", harmless_lines(&written(&value.value, 0)));
                if answer.values.len() == 1 && !place.is_empty() {
                    let _ = writeln!(out, "{}", terminal.painter.paint(Ink::Faint, &harmless(place.trim_start())));
                }
            }
            out
        }
    })?;
    Ok(Exit::Success)
}

fn graph(args: &GraphArgs, global: Global) -> Outcome<Exit> {
    let answer = args.asked.ask(Question::Graph, global)?;
    let address = |index: usize| answer.resources.get(index).map_or("", |resource| &resource.address);
    print(&match args.format {
        GraphFormat::Text => {
            let terminal = Terminal::stdout(global.color);
            let mut out = String::new();
            for (index, resource) in answer.resources.iter().enumerate() {
                let place = resource.location.as_ref().map(place).unwrap_or_default();
                let _ = writeln!(out, "{}  {}", harmless(&resource.address), terminal.painter.paint(Ink::Faint, &harmless(&place)));
                for (_, other) in answer.edges.iter().filter(|(from, _)| *from == index) {
                    let _ = writeln!(out, "  → {}", harmless(address(*other)));
                }
            }
            out
        }
        GraphFormat::Dot => {
            let mut out = "digraph resources {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
            for (index, resource) in answer.resources.iter().enumerate() {
                let _ = writeln!(out, "  n{index} [label={}];", Json::from(resource.address.as_str()));
            }
            for (from, to) in &answer.edges {
                let _ = writeln!(out, "  n{from} -> n{to};");
            }
            out + "}\n"
        }
        GraphFormat::Json => {
            let resources: Vec<Json> = answer
                .resources
                .iter()
                .map(|resource| {
                    json!({
                        "address": resource.address,
                        "type": resource.of_type,
                        "kind": resource.kind,
                        "location": resource.location.as_ref().map(place),
                        "attributes": resource.attributes,
                    })
                })
                .collect();
            let edges: Vec<Json> = answer.edges.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
            json_text(&json!({ "resources": resources, "edges": edges }))
        }
    })?;
    Ok(Exit::Success)
}

fn json_text(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default() + "\n"
}

/// A value as Terraform's language writes it.
fn written(value: &Json, depth: usize) -> String {
    const MAX_DEPTH: usize = 64;
    let indent = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    match value {
        _ if MAX_DEPTH < depth => "…".to_owned(),
        Json::Object(members) if members.len() == 1 && members.contains_key("unknown") => {
            format!("(unknown: {})", members.get("unknown").and_then(Json::as_str).unwrap_or_default())
        }
        Json::Object(members) if members.len() == 1 && members.contains_key("oneOf") => {
            let values = members.get("oneOf").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            format!("(one of: {})", values.iter().map(|value| written(value, depth)).collect::<Vec<_>>().join(", "))
        }
        Json::Object(members) if !members.is_empty() => {
            let member = |(name, value): (&String, &Json)| format!("{indent}{name} = {}\n", written(value, depth + 1));
            format!("{{\n{}{end}}}", members.iter().map(member).collect::<String>())
        }
        Json::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            let item = |item: &Json| format!("{indent}{},\n", written(item, depth + 1));
            format!("[\n{}{end}]", items.iter().map(item).collect::<String>())
        }
        Json::Array(items) => format!("[{}]", items.iter().map(|item| written(item, depth)).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Lines without what a terminal would obey.
fn harmless_lines(text: &str) -> String {
    text.lines().map(|line| harmless(line).into_owned()).collect::<Vec<_>>().join("\n")
}

fn place(location: &Location) -> String {
    match location.region() {
        Some(region) => format!("{}:{}", location.artifact, region.start.line),
        None => location.artifact.to_string(),
    }
}
