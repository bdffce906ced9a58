//! `bartizan completions`: completions for a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::{
    args::Cli,
    exit::Exit,
    failure::Outcome,
    output::{Privacy, Target},
};

const EXAMPLES: &str = "\
Examples:
  bartizan completions bash > ~/.local/share/bash-completion/completions/bartizan
  bartizan completions zsh > ~/.zfunc/_bartizan
  bartizan completions fish > ~/.config/fish/completions/bartizan.fish";

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Outcome<Exit> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "bartizan", &mut script);
    Target::Stdout.write(Privacy::Shared, |out| out.write_all(&script))?;
    Ok(Exit::Success)
}
