//! From arguments to exit code.

use std::{env, ffi::OsStr};

use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _};

use crate::{
    args::{Cli, Command, When},
    command,
    exit::Exit,
    output,
    terminal::Terminal,
};

/// Runs the command that the arguments name.
pub(crate) fn run() -> Exit {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Whoever closed the pipe does not want to read it.
            let _ = error.print();
            return if error.use_stderr() { Exit::BadInput } else { Exit::Success };
        }
    };
    let global = cli.global;
    let outcome = match cli.command {
        Command::Scan(args) => command::scan::run(&args, global),
        Command::Fix(args) => command::fix::run(&args, global),
        Command::Sbom(args) => command::sbom::run(&args, global),
        Command::Deps(args) => command::deps::run(&args, global),
        Command::Iac(args) => command::iac::run(&args, global),
        Command::Import(args) => command::import::run(&args, global),
        Command::Policy(args) => command::policy::run(&args, global),
        Command::K8s(args) => command::k8s::run(*args, global),
        Command::Licenses(args) => command::licenses::run(&args, global),
        Command::Rules(args) => command::rules::run(&args, global),
        Command::Explain(args) => command::explain::run(&args, global),
        Command::Advisories(args) => command::advisories::run(&args, global),
        Command::Vex(args) => command::vex::run(&args, global),
        Command::Findings(args) => command::findings::run(&args, global),
        Command::Audit(args) => command::audit::run(&args, global),
        Command::Baseline(args) => command::baseline::run(&args, global),
        Command::Config(args) => command::config::run(&args, global),
        Command::Debug(args) => command::debug::run(&args, global),
        Command::Doctor(args) => command::doctor::run(&args, global),
        Command::Completions(args) => command::completions::run(&args),
        Command::Man(args) => command::man::run(&args),
        Command::Docs(args) => command::docs::run(&args),
    };
    outcome.unwrap_or_else(|failures| {
        output::print_error(&failures.render(Terminal::stderr(global.color)));
        failures.exit()
    })
}

fn parse() -> Result<Cli, clap::Error> {
    // Errors of the command line itself are colored before `--color` is understood.
    let choice = match early_color(env::args_os().skip(1)) {
        Some(When::Always) => ColorChoice::Always,
        Some(When::Never) => ColorChoice::Never,
        Some(When::Auto) | None => ColorChoice::Auto,
    };
    let mut command = Cli::command().color(choice);
    let matches = command.try_get_matches_from_mut(env::args_os()).map_err(|error| error.with_cmd(&command))?;
    Cli::from_arg_matches(&matches)
}

/// What `--color` says, if it says something.
fn early_color<A: AsRef<OsStr>>(arguments: impl Iterator<Item = A>) -> Option<When> {
    let mut is_next = false;
    for argument in arguments {
        let argument = argument.as_ref().to_str().unwrap_or_default();
        let value = match argument.strip_prefix("--color=") {
            Some(value) => value,
            None if is_next => argument,
            None => {
                is_next = argument == "--color";
                continue;
            }
        };
        return match value {
            "always" => Some(When::Always),
            "never" => Some(When::Never),
            _ => None,
        };
    }
    None
}
