//! `bartizan findings show`.

use bartizan_core::Severity;
use bartizan_formats::Timestamp;
use bartizan_store::{Detail, Event, Id};
use clap::Args;
use serde_json::json;

use super::list::names;
use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    store::{StoreArgs, failed},
    style::Ink,
    terminal::Terminal,
};

/// Show a finding: where it is, who vouches for it, whose it is and why, what happened to it
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

/// Runs the command.
pub(super) fn run(args: &ShowArgs, global: Global) -> Outcome<Exit> {
    let id: Id = args.id.parse().map_err(|error| failed(&error))?;
    let store = args.store.open()?;
    let tenant = store.organization(&args.store.organization).map_err(|error| failed(&error))?;
    let detail = tenant.finding(id).map_err(|error| failed(&error))?;
    let detail = detail.ok_or_else(|| {
        Failure::bad_input("unknown-finding", format!("there is no finding {id}")).with_help("`bartizan findings list` shows their ids")
    })?;
    let history = tenant.history(id).map_err(|error| failed(&error))?;
    let names = names(tenant)?;
    let repository = names.get(&detail.finding.repository).map_or("", String::as_str);
    match args.format {
        ListFormat::Json => {
            let events: Vec<_> = history.iter().map(event_json).collect();
            let document = json!({ "finding": detail.finding, "repository": repository, "occurrences": detail.occurrences, "witnesses": detail.witnesses, "history": events });
            print(&format!("{document:#}\n"))?;
        }
        ListFormat::Table => print(&page(&detail, &history, repository, Terminal::stdout(global.color)))?,
    }
    Ok(Exit::Success)
}

fn event_json(event: &Event) -> serde_json::Value {
    json!({ "at_us": event.at_us, "actor": event.actor, "kind": event.kind, "body": event.body })
}

fn time(us: i64) -> String {
    Timestamp::of_unix_seconds(us.div_euclid(1_000_000)).to_string()
}

fn page(detail: &Detail, history: &[Event], repository: &str, terminal: Terminal) -> String {
    const NAMES: usize = 10;
    let finding = &detail.finding;
    let mut page = Page::new(terminal);
    let word = finding.severity.map_or("unknown", Severity::as_str);
    page.title(&finding.title, &format!("{word}, {}", finding.state), finding.severity.map_or(Ink::Plain, Ink::Severity));
    page.row("repository", NAMES, repository);
    page.row("rule", NAMES, &format!("{} ({})", finding.rule, finding.tool));
    let why = finding.owner_reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    page.row("owner", NAMES, &format!("{}{why}", finding.owner.as_deref().unwrap_or("nobody")));
    page.row("risk", NAMES, &finding.risk.to_string());
    if let Some(due) = finding.due_us {
        page.row("due", NAMES, &time(due));
    }
    page.heading("Seen");
    for seen in &detail.occurrences {
        let path = seen.path.as_deref().unwrap_or("-");
        let line = seen.start_line.map(|line| format!(":{line}")).unwrap_or_default();
        let gone = if seen.is_present { "" } else { ", gone" };
        page.row(&seen.tool, NAMES, &format!("{path}{line} on {}{gone}", seen.branch));
        if let Some(message) = seen.detail.get("message").and_then(|message| message.as_str()) {
            page.paragraph(message);
        }
        if let Some(snippet) = seen.detail.get("snippet").and_then(|snippet| snippet.as_str()) {
            page.verbatim(snippet);
        }
    }
    page.heading("Vouched for by");
    for (tool, rule, reason) in &detail.witnesses {
        page.row(tool, NAMES, &format!("{rule}: {reason}"));
    }
    page.heading("History");
    for event in history {
        page.row(&time(event.at_us), 20, &format!("{} by {}", event.kind, event.actor));
    }
    page.finish()
}
