//! The command line: what is shared by several commands. Each command's own arguments stand in its file.

mod byte_size;

use std::{num::NonZeroUsize, path::PathBuf};

use bartizan_core::{Confidence, Severity};
use bartizan_sast::Reach;
use clap::{
    Args, Parser, Subcommand, ValueEnum, ValueHint,
    builder::{PathBufValueParser, PossibleValuesParser, Styles, TypedValueParser, styling::AnsiColor},
};

pub(crate) use byte_size::ByteSize;

use crate::command;

const EXAMPLES: &str = "\
Examples:
  bartizan scan                          scan this folder
  bartizan scan --staged --fail-on high  stop a commit that adds a credential
  bartizan explain github-oauth-token    say what a rule finds, and what to do
  bartizan doctor                        show versions, limits and what is configured

Exit codes:
  0  nothing at or over the threshold
  1  findings at or over --fail-on
  2  bad usage or bad input
  3  incomplete: something was not analyzed (with --strict)
  4  a report or another file could not be stored";

/// Finds weaknesses, says whose they are and how to fix them
#[derive(Debug, Parser)]
#[command(name = "bartizan", bin_name = "bartizan", version, max_term_width = 100, after_help = EXAMPLES, styles = STYLES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::BrightRed.on_default().bold())
    .valid(AnsiColor::Green.on_default())
    .invalid(AnsiColor::Yellow.on_default());

/// What every command understands.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Global {
    /// When to use colors; auto honors NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Display", display_order = 900)]
    pub(crate) color: When,
    /// Print results alone: no progress, no summary, no advice
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Display", display_order = 901)]
    pub(crate) quiet: bool,
    /// Print notes as well: links not followed, special files, use of the cache
    #[arg(short, long, global = true, help_heading = "Display", display_order = 902)]
    pub(crate) verbose: bool,
}

/// When to do something that a terminal decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    // Where a terminal reads. (Comments, because documentation of values makes the help twice as long.)
    #[default]
    Auto,
    // In files and pipes, too.
    Always,
    // Nowhere.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<command::scan::ScanArgs>),
    Fix(Box<command::fix::FixArgs>),
    Sbom(Box<command::sbom::SbomArgs>),
    Deps(Box<command::deps::DepsArgs>),
    Iac(Box<command::iac::IacArgs>),
    Import(command::import::ImportArgs),
    Policy(command::policy::PolicyArgs),
    K8s(Box<command::k8s::K8sArgs>),
    Licenses(Box<command::licenses::LicensesArgs>),
    Rules(command::rules::RulesArgs),
    Explain(command::explain::ExplainArgs),
    Advisories(Box<command::advisories::AdvisoriesArgs>),
    Vex(Box<command::vex::VexArgs>),
    Findings(Box<command::findings::FindingsArgs>),
    Audit(command::audit::AuditArgs),
    Baseline(Box<command::baseline::BaselineArgs>),
    Config(command::config::ConfigArgs),
    Debug(command::debug::DebugArgs),
    Doctor(command::doctor::DoctorArgs),
    Completions(command::completions::CompletionsArgs),
    Man(command::man::ManArgs),
    Docs(command::docs::DocsArgs),
}

/// What to look at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Folder, file, archive or image of a container to scan; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath, help_heading = None::<&str>, value_parser = path())]
    pub(crate) path: PathBuf,
    /// Read standard input, and treat it as a file of this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["path", "staged", "since"])]
    pub(crate) stdin_name: Option<String>,
    /// Scan what is staged for the next commit, as it is staged
    #[arg(long, conflicts_with = "since")]
    pub(crate) staged: bool,
    /// Scan the files that changed since a revision; findings on changed lines are new, and they alone count for --fail-on
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Scan files that .gitignore, .bartizanignore and the default excludes leave out
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Of several images of a container, look at that for this platform: linux/arm64 [default: linux/amd64, or the only one]
    #[arg(long, value_name = "OS/ARCH")]
    pub(crate) platform: Option<String>,
    /// Skip larger files, with a diagnostic: 512KiB, 25MiB, 1GiB
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_file_size: Option<ByteSize>,
    /// What is looked at instead, if it came from elsewhere.
    #[arg(skip)]
    pub(crate) fetched: Option<Fetched>,
}

/// Documents from elsewhere: objects of a cluster.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fetched {
    /// Where from, as the caller names it.
    pub(crate) target: String,
    /// The documents, each under the name that it has in reports.
    pub(crate) documents: Vec<(String, Vec<u8>)>,
    /// What could not be got.
    pub(crate) diagnostics: Vec<bartizan_core::Diagnostic>,
}

impl InputArgs {
    /// A folder or file, and nothing said about it.
    pub(crate) fn of(path: PathBuf) -> Self {
        Self { path, stdin_name: None, staged: false, since: None, no_ignore: false, platform: None, max_file_size: None, fetched: None }
    }

    /// Documents from elsewhere.
    pub(crate) fn fetched(fetched: Fetched) -> Self {
        Self { fetched: Some(fetched), ..Self::of(PathBuf::from(".")) }
    }
}

/// What to look for.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct EngineArgs {
    /// Run these engines alone
    #[arg(long, value_name = "ENGINE", value_delimiter = ',', value_parser = PossibleValuesParser::new(crate::engines::NAMES))]
    pub(crate) only: Vec<String>,
    /// Run all engines but these
    #[arg(long, value_name = "ENGINE", value_delimiter = ',', value_parser = PossibleValuesParser::new(crate::engines::NAMES), conflicts_with = "only")]
    pub(crate) skip: Vec<String>,
    /// Rules of your own: a file, or a folder of them (repeatable). Rules for credentials in Bartizan's .yaml run beside the built-in
    /// rules, and so do policies of Checkov (.yaml or .json) and in Rego (.rego; of Trivy and conftest). Rules for code in Semgrep's .yaml, and a gitleaks .toml, run alone: no
    /// engine runs its built-in rules beside them
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(crate) rules: Vec<PathBuf>,
    /// Run the built-in rules of all engines beside Semgrep's .yaml and a gitleaks .toml, too
    #[arg(long, requires = "rules")]
    pub(crate) built_in_rules: bool,
    /// Run rules of the profile `strict`, too: they ask for what is good, but missing in most projects
    #[arg(long)]
    pub(crate) strict_rules: bool,
    /// What `[extend] useDefault` means in a gitleaks .toml: gitleaks' own config/gitleaks.toml, which is not part of Bartizan
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "rules")]
    pub(crate) gitleaks_defaults: Option<PathBuf>,
    /// Follow data within each file alone, or from file to file across the project
    #[arg(long, value_name = "WITHIN", default_value = "project")]
    pub(crate) flow: Flow,
    /// Compare components with the advisories of this folder [default: advisories/ in Bartizan's data folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) advisories: Option<PathBuf>,
    /// What others say about flaws of components: OpenVEX, CSAF VEX or CycloneDX VEX, a file or a folder of them (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(crate) vex: Vec<PathBuf>,
    /// What becomes of checks of high and critical severity that depend on what is not known, such as a variable without a value
    #[arg(long, value_name = "OUTCOME", default_value = "note")]
    pub(crate) unknown: UnknownOutcome,
    /// Values of Terraform's variables for every root module, .tfvars or .tfvars.json (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) var_file: Vec<PathBuf>,
    /// A plan of Terraform, as `terraform show -json` writes it (repeatable): what it knows wins over what code says
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) plan: Vec<PathBuf>,
    /// Who wants to know what was understood of infrastructure code.
    #[arg(skip)]
    pub(crate) inspector: Option<bartizan_iac::Inspector>,
    /// Whether only components are wanted, and not what is known about them.
    #[arg(skip)]
    pub(crate) is_inventory: bool,
    /// Leave out findings of a lower severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) min_severity: Option<Severity>,
    /// Leave out findings that are less sure
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence())]
    pub(crate) min_confidence: Option<Confidence>,
}

/// What becomes of a check that depends on what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum UnknownOutcome {
    // It is a finding like one that fails.
    Fail,
    // It is a finding of the severity `info`.
    #[default]
    Note,
    // It is nothing.
    Hide,
}

/// How far data is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Flow {
    // Within each file alone.
    File,
    // From file to file.
    #[default]
    Project,
}

impl From<Flow> for Reach {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::File => Self::File,
            Flow::Project => Self::Project,
        }
    }
}

/// What may be ignored, and who says so.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Policy")]
pub(crate) struct PolicyArgs {
    /// The caller's policy, which the scanned repository can't loosen
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: Option<PathBuf>,
    /// Ignore configuration and suppressions inside the scanned tree
    #[arg(long)]
    pub(crate) no_repo_config: bool,
}

/// How to run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Run")]
pub(crate) struct RunArgs {
    /// Threads to use; the result is the same for any number [default: all cores]
    #[arg(short = 'j', long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Neither read nor write the result cache
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Keep the result cache here
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "no_cache")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// When to show progress on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: When,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ListFormat {
    // For people.
    #[default]
    Table,
    // For programs.
    Json,
}

/// Reads a path; that of a layout of images may have the prefix that other tools want.
fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new()
        .map(|path| path.to_str().and_then(|path| path.strip_prefix("oci-layout:")).map_or(path.clone(), PathBuf::from))
}

/// Reads a severity.
pub(crate) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str)).try_map(|name| name.parse::<Severity>())
}

/// Reads a confidence.
pub(crate) fn confidence() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(Confidence::ALL.map(Confidence::as_str)).try_map(|name| name.parse::<Confidence>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::exit::Exit;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_lists_every_exit_code_as_it_is() {
        for (exit, meaning) in Exit::ALL {
            assert!(EXAMPLES.contains(&format!("  {}  {meaning}", exit.code())), "{meaning}");
        }
    }
}
