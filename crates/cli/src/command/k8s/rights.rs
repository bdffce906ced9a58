//! `bartizan k8s rbac-paths`: who can come to rule a cluster, and how.

use std::fmt::Write as _;

use bartizan_core::{Level, Location};
use bartizan_iac::{AdminWay, Answer, Inspector, Question};
use clap::{Args, ValueHint};
use serde_json::{Value as Json, json};

use super::review;
use crate::{
    args::{EngineArgs, Global, InputArgs, ListFormat, PolicyArgs},
    exit::Exit,
    failure::Outcome,
    inventory::InventoryArgs,
    k8s::KubeconfigArgs,
    output::{print, print_error},
    style::Ink,
    terminal::Terminal,
    text::{count, harmless, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan k8s rbac-paths manifests/          of what is declared in a folder
  bartizan k8s rbac-paths --cluster           of what is in the cluster of the current context
  bartizan k8s rbac-paths --cluster --workloads --format json

A way that is shown exists. One that is not shown may exist all the same: by rights that are given
outside of what was read.";

/// Show the shortest way from each account to cluster-admin: who can come to rule the cluster, and how
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RightsArgs {
    /// Folder or file with manifests
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath, conflicts_with = "cluster")]
    path: std::path::PathBuf,
    /// Look at what is in a cluster
    #[arg(long)]
    cluster: bool,
    /// Show accounts alone that pods run as
    #[arg(long)]
    workloads: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
    /// Exit with 1 if a pod runs as an account that has such a way
    #[arg(long, help_heading = "Output")]
    fail: bool,
    #[command(flatten)]
    kubeconfig: KubeconfigArgs,
}

/// Runs the command.
pub(crate) fn run(args: &RightsArgs, global: Global) -> Outcome<Exit> {
    let input = if args.cluster { InputArgs::fetched(review::fetched(&args.kubeconfig)?) } else { InputArgs::of(args.path.clone()) };
    let policy = PolicyArgs { policy: None, no_repo_config: args.cluster };
    let inventory = InventoryArgs { input, policy, run: review::no_cache() };
    let inspector = Inspector::new(Question::Rights);
    let engines = EngineArgs { only: vec!["iac".to_owned()], inspector: Some(inspector.clone()), ..EngineArgs::default() };
    let outcome = inventory.take_with(&engines, global)?;
    let mut answer = inspector.answer();
    answer.ways.retain(|way| !args.workloads || !way.workloads.is_empty());
    print(&match args.format {
        ListFormat::Json => serde_json::to_string_pretty(&json_of(&answer)).unwrap_or_default() + "\n",
        ListFormat::Table => table(&answer, global),
    })?;
    let gaps: Vec<&str> = outcome
        .report
        .diagnostics
        .iter()
        .filter(|diagnostic| Level::Note < diagnostic.level)
        .map(|diagnostic| diagnostic.reason.as_str())
        .collect();
    if !global.quiet {
        print_error(&gaps.iter().map(|gap| format!("bartizan: incomplete: {gap}\n")).collect::<String>());
    }
    if args.fail && answer.ways.iter().any(|way| !way.workloads.is_empty()) {
        return Ok(Exit::Findings);
    }
    // What could not be read of a cluster is not what leads nowhere.
    Ok(if args.cluster && !gaps.is_empty() { Exit::Incomplete } else { Exit::Success })
}

fn table(answer: &Answer, global: Global) -> String {
    let painter = Terminal::stdout(global.color).painter;
    let mut out = String::new();
    for way in &answer.ways {
        let _ = writeln!(out, "{}", painter.paint(Ink::Strong, &harmless(&way.who)));
        if !way.workloads.is_empty() {
            let _ = writeln!(out, "  runs {}", harmless(&way.workloads.join(", ")));
        }
        for step in &way.steps {
            let becomes = step.becomes.as_ref().map(|becomes| format!(" → {becomes}")).unwrap_or_default();
            let _ = writeln!(out, "  {}{}", harmless(&step.may), painter.paint(Ink::Strong, &harmless(&becomes)));
            for (location, says) in &step.places {
                let _ = writeln!(out, "    {}", painter.paint(Ink::Faint, &harmless(&format!("{}  {says}", place(location)))));
            }
        }
        out.push('\n');
    }
    let n_ways = count(to_u64(answer.ways.len()), "way");
    let n_workloads = answer.ways.iter().filter(|way| !way.workloads.is_empty()).count();
    let _ = writeln!(
        out,
        "{n_ways} to cluster-admin, {n_workloads} from accounts that pods run as; {} without one",
        count(to_u64(answer.n_without_way), "account")
    );
    out
}

fn json_of(answer: &Answer) -> Json {
    let way = |way: &AdminWay| {
        let steps: Vec<Json> = way
            .steps
            .iter()
            .map(|step| {
                let places: Vec<Json> =
                    step.places.iter().map(|(location, says)| json!({ "location": place(location), "says": says })).collect();
                json!({ "who": step.who, "may": step.may, "becomes": step.becomes, "places": places })
            })
            .collect();
        json!({ "kind": way.kind, "name": way.name, "workloads": way.workloads, "steps": steps })
    };
    json!({ "ways": answer.ways.iter().map(way).collect::<Vec<_>>(), "without": answer.n_without_way })
}

fn place(location: &Location) -> String {
    match location.region() {
        Some(region) => format!("{}:{}", location.artifact, region.start.line),
        None => location.artifact.to_string(),
    }
}
