//! `bartizan config`: what is in force, and why; and what may be configured.

use std::{fmt::Write as _, fs, path::PathBuf};

use bartizan_core::{Diagnostic, Level, Report};
use bartizan_scan::{Flags, Setting, config_schema, effective, policy_schema};
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use crate::{
    args::{Global, ListFormat, PolicyArgs},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    session, table,
    terminal::Terminal,
    text,
};

const EXAMPLES: &str = "\
Examples:
  bartizan config explain                       every setting in force here, and where it comes from
  bartizan config explain --policy policy.yaml  the same, under the policy of an organization
  bartizan config schema > schema.json          for completion and checks in an editor";

/// Show what is configured, and what can be
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    Explain(ExplainArgs),
    Schema(SchemaArgs),
}

/// Show every setting that is in force in a folder, and where it comes from
#[derive(Debug, Args)]
struct ExplainArgs {
    /// The folder that would be scanned
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    path: PathBuf,
    #[command(flatten)]
    policy: PolicyArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// Print the JSON Schema of a configuration file
#[derive(Debug, Args)]
struct SchemaArgs {
    /// Of .bartizan/config.yaml in a repository, or of the caller's policy
    #[arg(value_name = "FILE", default_value = "repository")]
    file: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    // .bartizan/config.yaml, inside a repository.
    Repository,
    // The caller's policy.
    Policy,
}

/// Runs the command.
pub(crate) fn run(args: &ConfigArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        ConfigCommand::Explain(args) => explain(args, global),
        ConfigCommand::Schema(args) => {
            print(&match args.file {
                SchemaOf::Repository => config_schema(),
                SchemaOf::Policy => policy_schema(),
            })?;
            Ok(Exit::Success)
        }
    }
}

fn explain(args: &ExplainArgs, global: Global) -> Outcome<Exit> {
    let policy = session::policy(&args.policy)?;
    let root = fs::canonicalize(&args.path).map_err(|error| Failure::unreadable(&args.path, &error))?;
    let (settings, problems) = effective(&root, &policy, !args.policy.no_repo_config, Flags::default(), session::today());
    let settings = settings.explain();
    let terminal = Terminal::stdout(global.color);
    let has_errors = problems.iter().any(|problem| problem.level == Level::Error);
    print(&match args.format {
        ListFormat::Table => {
            let mut out = rows(&settings, terminal);
            if !problems.is_empty() {
                out.push('\n');
            }
            table::render_diagnostics(&mut out, &Report { diagnostics: problems, ..Report::default() }, terminal);
            out
        }
        ListFormat::Json => {
            let setting =
                |setting: &Setting| serde_json::json!({"key": setting.key, "value": setting.value, "origin": setting.origin.to_string()});
            let problem = |problem: &Diagnostic| {
                let place = problem.location.as_ref().map(table::place);
                serde_json::json!({"kind": problem.kind.as_str(), "level": problem.level.as_str(), "message": problem.reason, "place": place, "help": problem.help})
            };
            let settings: Vec<_> = settings.iter().map(setting).collect();
            let problems: Vec<_> = problems.iter().map(problem).collect();
            format!("{:#}\n", serde_json::json!({"settings": settings, "problems": problems}))
        }
    })?;
    Ok(if has_errors { Exit::BadInput } else { Exit::Success })
}

fn rows(settings: &[Setting], terminal: Terminal) -> String {
    let mut page = Page::new(terminal);
    let columns = settings.iter().map(|setting| text::width(&setting.key)).max().unwrap_or(0).min(32);
    for setting in settings {
        let mut value = setting.value.clone();
        let _ = write!(value, "  ({})", setting.origin);
        page.row(&setting.key, columns, &value);
    }
    page.finish()
}
