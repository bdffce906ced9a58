//! `bartizan audit`: what happened, and the proof that nobody changed it.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::Outcome,
    output::{Privacy, Target, print},
    store::{StoreArgs, failed},
};

const EXAMPLES: &str = "\
Examples:
  bartizan audit verify               whether the chain of events is whole; exits with 1 if not
  bartizan audit log > events.jsonl   all events, one JSON object a line";

/// Verify and print the log of all that happened to findings
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(VerifyArgs),
    Log(LogArgs),
}

/// Compute the chain of events again, and compare
///
/// Keep the digest that it prints: a later run shows it again if nothing before it was changed or cut off.
#[derive(Debug, Args)]
struct VerifyArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

/// Print all events in their order, one JSON object a line
#[derive(Debug, Args)]
struct LogArgs {
    #[command(flatten)]
    store: StoreArgs,
}

/// Runs the command.
pub(crate) fn run(args: &AuditArgs, _: Global) -> Outcome<Exit> {
    match &args.command {
        AuditCommand::Verify(args) => verify(args),
        AuditCommand::Log(args) => log(args),
    }
}

fn verify(args: &VerifyArgs) -> Outcome<Exit> {
    let store = args.store.open()?;
    let tenant = store.organization(&args.store.organization).map_err(|error| failed(&error))?;
    let verified = tenant.verify_events().map_err(|error| failed(&error))?;
    let digest: String = verified.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = match (args.format, verified.first_broken) {
        (ListFormat::Json, broken) => {
            let document = json!({
                "batches": verified.n_batches, "events": verified.n_events, "digest": digest, "first_broken": broken, "is_whole": broken.is_none(),
            });
            format!("{document:#}\n")
        }
        (ListFormat::Table, None) => {
            format!("The chain is whole: {} events in {} batches, up to {digest}.\n", verified.n_events, verified.n_batches)
        }
        (ListFormat::Table, Some(number)) => {
            format!("The chain is broken at batch {number} of {}: somebody changed what was written.\n", verified.n_batches)
        }
    };
    print(&text)?;
    Ok(if verified.first_broken.is_none() { Exit::Success } else { Exit::Findings })
}

fn log(args: &LogArgs) -> Outcome<Exit> {
    let store = args.store.open()?;
    let tenant = store.organization(&args.store.organization).map_err(|error| failed(&error))?;
    let mut broken = None;
    Target::Stdout.write(Privacy::Shared, |out| {
        let written = tenant.events(|event| {
            let line = json!({
                "at_us": event.at_us, "actor": event.actor, "kind": event.kind, "repository": event.repository, "finding": event.finding,
                "body": event.body,
            });
            writeln!(out, "{line}").map_err(bartizan_store::StoreError::Spool)
        });
        match written {
            Err(bartizan_store::StoreError::Spool(error)) => Err(error),
            Err(error) => {
                broken = Some(error);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    })?;
    broken.map_or(Ok(Exit::Success), |error| Err(failed(&error).into()))
}
