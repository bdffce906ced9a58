//! Keeping what reports say: in the store, as findings of a repository.

use std::{collections::BTreeMap, path::PathBuf};

use bartizan_formats::import::{self, Completion, Observation, Summary, Verdict};
use bartizan_store::{Ingested, Scan, Spool, StoreError};
use bartizan_triage::{assessment::Assessor, identity::Changes, intake::Seen, time::Time};
use clap::{Args, ValueHint};
use serde_json::json;

use super::{aliases::Aliases, checkout::Checkout};
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    session,
    store::{StoreArgs, actor, failed},
    terminal::Terminal,
    text::{count, harmless},
};

/// Where findings are kept, and as what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keep")]
pub(super) struct KeepArgs {
    /// Keep the findings in the store, as those of this repository
    #[arg(long, value_name = "NAME")]
    pub(super) repository: Option<String>,
    /// The branch that was scanned
    #[arg(long, value_name = "NAME", default_value = "main", requires = "repository")]
    branch: String,
    /// The commit that was scanned [default: what the report says]
    #[arg(long, value_name = "COMMIT", requires = "repository")]
    commit: Option<String>,
    /// A checkout of that commit: code is known again by its text, and the code-owners file says whose a finding is
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "repository")]
    checkout: Option<PathBuf>,
    /// The tools looked at everything: what is missing is gone, and closed [default: what the report says]
    #[arg(long, requires = "repository", conflicts_with = "partial")]
    complete: bool,
    /// The tools looked at a part: what is missing stays as it is
    #[arg(long, requires = "repository")]
    partial: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// The reports of one tool, while they are read.
struct Reported {
    spool: Spool,
    version: String,
    completion: Completion,
    commit: String,
}

/// What reports said, by tool.
pub(super) struct Keeper {
    checkout: Option<Checkout>,
    aliases: Aliases,
    by_tool: BTreeMap<String, Reported>,
    broken: Option<StoreError>,
}

impl Keeper {
    /// Nothing yet.
    pub(super) fn new(args: &KeepArgs) -> Outcome<Self> {
        let checkout = match &args.checkout {
            None => None,
            Some(folder) => Some(Checkout::open(folder).ok_or_else(|| {
                Failure::bad_input("no-checkout", format!("there is no folder `{}`", harmless(&folder.to_string_lossy())))
            })?),
        };
        Ok(Self { checkout, aliases: Aliases::load(), by_tool: BTreeMap::new(), broken: None })
    }

    /// Takes what a tool says. What it says is gone is not looked for.
    pub(super) fn push(&mut self, observation: &Observation) {
        if observation.verdict == Verdict::Fixed || self.broken.is_some() {
            return;
        }
        let mut seen = Seen::of(&observation.tool, observation);
        self.aliases.complete(&mut seen);
        if let Some(checkout) = &mut self.checkout {
            checkout.complete(&mut seen);
        }
        let taken = self.of(&observation.tool).and_then(|reported| reported.spool.push(&seen));
        self.broken = taken.err();
    }

    /// Takes what a report says of itself.
    pub(super) fn report(&mut self, summary: &Summary) {
        for tool in &summary.tools {
            let family = import::importer(summary.importer).map_or_else(|| summary.importer.to_owned(), |it| it.family(&tool.name));
            let Ok(reported) = self.of(&family) else { continue };
            reported.version.clone_from(&tool.version);
            reported.commit.clone_from(&summary.commit);
            reported.completion = reported.completion.max(summary.completion);
        }
    }

    fn of(&mut self, tool: &str) -> Result<&mut Reported, StoreError> {
        if !self.by_tool.contains_key(tool) {
            let fresh = Reported { spool: Spool::new()?, version: String::new(), completion: Completion::Unknown, commit: String::new() };
            self.by_tool.insert(tool.to_owned(), fresh);
        }
        self.by_tool.get_mut(tool).ok_or(StoreError::Busy)
    }

    /// Puts all of it into the store, a scan a tool, and says what that changed.
    pub(super) fn keep(mut self, args: &KeepArgs, repository: &str, format: ListFormat, global: Global) -> Outcome<Exit> {
        if let Some(error) = self.broken {
            return Err(failed(&error).into());
        }
        let store = args.store.open()?;
        let actor = actor();
        let tenant = store.organization(&args.store.organization).map_err(|error| failed(&error))?;
        let repository = tenant.repository(repository, &args.branch, &actor).map_err(|error| failed(&error))?;
        let assessor = Assessor {
            code_owners: self.checkout.as_mut().and_then(Checkout::code_owners),
            ..Assessor::new(Time(session::now_s().saturating_mul(1_000_000)))
        };
        let mut rows = Vec::new();
        for (tool, mut reported) in self.by_tool {
            let is_complete = args.complete || (!args.partial && reported.completion == Completion::Complete);
            let scan = Scan {
                repository: repository.id,
                branch: args.branch.clone(),
                commit: args.commit.clone().unwrap_or(reported.commit),
                tool_version: Some(reported.version).filter(|version| !version.is_empty()),
                tool: tool.clone(),
                is_complete,
                actor: actor.clone(),
            };
            let ingested = tenant.ingest(&scan, &mut reported.spool, &Changes::unknown(), &|seen| assessor.assess(seen));
            rows.push((tool, ingested.map_err(|error| failed(&error))?, is_complete));
        }
        match format {
            ListFormat::Json => {
                let scans: Vec<_> = rows.iter().map(|(tool, ingested, _)| json!({ "tool": tool, "scan": ingested })).collect();
                print(&format!("{:#}\n", json!({ "repository": repository.name, "scans": scans })))?;
            }
            ListFormat::Table => {
                let mut page = Page::new(Terminal::stdout(global.color));
                let columns = rows.iter().map(|(tool, ..)| tool.len()).max().unwrap_or_default();
                rows.iter().for_each(|(tool, ingested, _)| page.row(tool, columns, &sentence(ingested)));
                let n_kept: i64 =
                    rows.iter().filter(|(.., is_complete)| !is_complete).map(|(_, ingested, _)| ingested.n_not_observed).sum();
                if 0 < n_kept && !args.partial && !global.quiet {
                    page.line("What was not seen stays open: these reports don't say that they tell of everything. --complete says it.");
                }
                print(&page.finish())?;
            }
        }
        Ok(Exit::Success)
    }
}

/// What a scan changed, in words.
fn sentence(ingested: &Ingested) -> String {
    let n = |n: i64| u64::try_from(n).unwrap_or_default();
    if ingested.is_repeated {
        return "this very report was taken before; nothing changed".to_owned();
    }
    let parts = [
        (ingested.n_new, "new"),
        (ingested.n_shared, "known by other tools"),
        (ingested.n_reopened, "reopened"),
        (ingested.n_moved, "moved or changed"),
        (ingested.n_unchanged, "unchanged"),
        (ingested.n_closed, "closed"),
        (ingested.n_not_observed, "not observed"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n != 0).map(|(n, word)| format!("{n} {word}")).collect();
    let seen = count(n(ingested.n_seen), "finding");
    if parts.is_empty() { seen } else { format!("{seen}: {}", parts.join(", ")) }
}
