//! `bartizan k8s review`: judges what is in a cluster.

use bartizan_core::{Confidence, Severity};
use clap::{Args, ValueHint};

use crate::{
    args::{EngineArgs, Fetched, Global, InputArgs, PolicyArgs, RunArgs, When, confidence, severity},
    command::scan::{self, OutputArgs, ScanArgs},
    exit::Exit,
    failure::Outcome,
    k8s::{Api, KubeconfigArgs, list},
};

const EXAMPLES: &str = "\
Examples:
  bartizan k8s review                                    the cluster of the current context
  bartizan k8s review --context staging -n shop --fail-on high
  bartizan k8s review --format sarif -o cluster.sarif

It only reads. Of secrets it asks for names and labels alone. It exits with 3 if there was something
that it may not read, and names it.";

/// Judge what is in a cluster by the rules that judge files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    cluster: KubeconfigArgs,
    /// Policies of your own, in Checkov's .yaml or .json: a file, or a folder of them (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath, help_heading = "Rules")]
    rules: Vec<std::path::PathBuf>,
    /// Run rules of the profile `strict`, too: they ask for what is good, but missing in most clusters
    #[arg(long, help_heading = "Rules")]
    strict_rules: bool,
    /// Leave out findings of a lower severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity(), help_heading = "Rules")]
    min_severity: Option<Severity>,
    /// Leave out findings that are less sure
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence(), help_heading = "Rules")]
    min_confidence: Option<Confidence>,
    /// The organization's policy
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Policy")]
    policy: Option<std::path::PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub(crate) fn run(args: ReviewArgs, global: Global) -> Outcome<Exit> {
    let fetched = fetched(&args.cluster)?;
    let scan = ScanArgs {
        input: InputArgs::fetched(fetched),
        engines: EngineArgs {
            only: vec!["iac".to_owned()],
            rules: args.rules,
            strict_rules: args.strict_rules,
            min_severity: args.min_severity,
            min_confidence: args.min_confidence,
            ..EngineArgs::default()
        },
        policy: PolicyArgs { policy: args.policy, no_repo_config: true },
        baseline: None,
        // What could not be read is not what is well.
        output: OutputArgs { strict: true, ..args.output },
        run: no_cache(),
    };
    scan::run(&scan, global)
}

/// Reads a cluster.
pub(super) fn fetched(cluster: &KubeconfigArgs) -> Outcome<Fetched> {
    let access = cluster.access()?;
    let target = format!("cluster {}", access.name);
    let api = Api::new(access)?;
    Ok(list(&api, &target, cluster.namespace.as_deref()))
}

pub(super) fn no_cache() -> RunArgs {
    RunArgs { threads: None, no_cache: true, cache_dir: None, progress: When::Auto }
}
