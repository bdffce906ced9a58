//! `bartizan k8s policies`: rules as objects that the cluster applies by itself.

use std::path::{Path, PathBuf};

use bartizan_iac::admission::{Settings, policies::policies};
use clap::{Args, ValueHint};

use crate::{
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    session::read_regular,
    text,
};

const EXAMPLES: &str = "\
Examples:
  bartizan k8s policies | kubectl apply -f -
  bartizan k8s policies --settings admission.yaml > policies.yaml";

/// The largest file of settings, in bytes.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Print ValidatingAdmissionPolicies: the rules that CEL can say, which need no webhook (Kubernetes 1.30)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PoliciesArgs {
    /// How strict they are: the file that `bartizan k8s admission` reads
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    settings: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &PoliciesArgs) -> Outcome<Exit> {
    let (settings, _) = settings(args.settings.as_deref())?;
    print(&policies(&settings).map_err(|error| bad(args.settings.as_deref(), &error))?)?;
    Ok(Exit::Success)
}

/// Settings, and the text that they were read from.
pub(super) fn settings(path: Option<&Path>) -> Outcome<(Settings, String)> {
    let Some(path) = path else { return Ok((Settings::default(), "{}\n".to_owned())) };
    let bytes = read_regular(path, MAX_SETTINGS_BYTES)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let settings = Settings::parse(&text).map_err(|error| bad(Some(path), &error))?;
    Ok((settings, text))
}

/// Settings that can't be used.
pub(super) fn bad(path: Option<&Path>, error: &dyn std::fmt::Display) -> Failure {
    let file = path.map_or_else(String::new, |path| format!("`{}`: ", text::path(path)));
    let message = format!("{file}{}", text::harmless(&error.to_string()));
    Failure::bad_input("settings", message).with_help("docs/kubernetes.md shows all settings")
}
