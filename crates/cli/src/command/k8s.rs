//! `bartizan k8s`: clusters of Kubernetes.

mod admission;
mod policies;
mod review;
mod rights;

use clap::{Args, Subcommand};

use crate::{args::Global, exit::Exit, failure::Outcome};

const EXAMPLES: &str = "\
Examples:
  bartizan k8s review                      judge what is in the cluster of the current context
  bartizan k8s rbac-paths manifests/       who can come to rule the cluster, and how
  bartizan k8s policies > policies.yaml    rules that the cluster applies by itself
  bartizan k8s admission --certificate tls.crt --key tls.key";

/// Judge what runs in a cluster of Kubernetes, and what wants to come into it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct K8sArgs {
    #[command(subcommand)]
    command: K8sCommand,
}

#[derive(Debug, Subcommand)]
enum K8sCommand {
    Review(Box<review::ReviewArgs>),
    RbacPaths(Box<rights::RightsArgs>),
    Admission(Box<admission::AdmissionArgs>),
    Policies(policies::PoliciesArgs),
}

/// Runs the command.
pub(crate) fn run(args: K8sArgs, global: Global) -> Outcome<Exit> {
    match args.command {
        K8sCommand::Review(args) => review::run(*args, global),
        K8sCommand::RbacPaths(args) => rights::run(&args, global),
        K8sCommand::Admission(args) => admission::run(*args),
        K8sCommand::Policies(args) => policies::run(&args),
    }
}
