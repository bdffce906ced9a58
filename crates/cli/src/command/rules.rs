//! `bartizan rules`: what is looked for, and whether rule files are right.

mod explain;
mod lint;
mod list;
mod mutate;
mod test;

use clap::{Args, Subcommand};

use crate::{args::Global, exit::Exit, failure::Outcome};

const EXAMPLES: &str = "\
Examples:
  bartizan rules list github              every rule with `github` in its id, title or provider
  bartizan rules list --format json       all rules, for programs
  bartizan rules lint my-rules/           check rule files before they are used
  bartizan rules test my-rules/           run rules on their own examples, and on code beside them
  bartizan rules mutate my-rules/         is there a clause without which all tests pass?
  bartizan rules explain no-eval a.py:7   why does a rule report a line, or not?";

/// List, show, check, test and explain rules
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    List(list::ListArgs),
    Show(list::ShowArgs),
    Test(test::TestArgs),
    Lint(lint::LintArgs),
    Mutate(mutate::MutateArgs),
    Explain(explain::ExplainArgs),
}

/// Runs the command.
pub(crate) fn run(args: &RulesArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        RulesCommand::List(args) => list::run(args, global),
        RulesCommand::Show(args) => list::show(args, global),
        RulesCommand::Test(args) => test::run(args, global),
        RulesCommand::Lint(args) => lint::run(args, global),
        RulesCommand::Mutate(args) => mutate::run(args, global),
        RulesCommand::Explain(args) => explain::run(args, global),
    }
}
