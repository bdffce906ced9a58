//! What a project is made of: a pass with the engine `deps` alone.

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Report};
use clap::Args;

use crate::{
    args::{EngineArgs, Global, InputArgs, PolicyArgs, RunArgs},
    exit::Exit,
    failure::Outcome,
    output::print_error,
    session::{self, Session},
    text::{count, to_u64},
};

/// What is looked at, and how.
#[derive(Debug, Args)]
pub(crate) struct InventoryArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

impl InventoryArgs {
    /// Looks at the project.
    pub(crate) fn take(&self, global: Global) -> Outcome<bartizan_scan::Outcome> {
        self.take_with(&Self::engines(), global)
    }

    /// Looks at the project with these engines.
    pub(crate) fn take_with(&self, engines: &EngineArgs, global: Global) -> Outcome<bartizan_scan::Outcome> {
        self.look(engines, global).map(|(outcome, _)| outcome)
    }

    /// Looks at the project; gives the folder, too, that the report puts before its paths.
    pub(crate) fn take_with_folder(&self, global: Global) -> Outcome<(Report, String)> {
        self.look(&Self::engines(), global).map(|(outcome, folder)| (outcome.report, folder.unwrap_or_default()))
    }

    /// The engine that finds components, and nothing that is known about them.
    fn engines() -> EngineArgs {
        EngineArgs { only: vec!["deps".to_owned()], is_inventory: true, ..EngineArgs::default() }
    }

    fn look(&self, engines: &EngineArgs, global: Global) -> Outcome<(bartizan_scan::Outcome, Option<String>)> {
        let session = Session {
            input: &self.input,
            engines,
            policy: &self.policy,
            run: &self.run,
            global,
            baseline: None,
            identity: &session::identity(None, None)?,
            fail_on: None,
            keeps_secrets: false,
        };
        Ok((session.perform()?, session.folder()))
    }
}

/// Says on standard error that something was not read, and what to exit with because of it.
pub(crate) fn verdict(outcome: &bartizan_scan::Outcome, is_strict: bool, global: Global) -> Exit {
    let is_gap = |diagnostic: &&Diagnostic| Level::Note < diagnostic.level && diagnostic.kind != DiagnosticKind::AdvisoriesMissing;
    let n_gaps = outcome.report.diagnostics.iter().filter(is_gap).count();
    if n_gaps == 0 {
        return Exit::Success;
    }
    if !global.quiet {
        let gaps = count(to_u64(n_gaps), "thing");
        print_error(&format!("bartizan: incomplete: {gaps} could not be read; `bartizan scan --only deps` says what\n"));
    }
    if is_strict { Exit::Incomplete } else { Exit::Success }
}
