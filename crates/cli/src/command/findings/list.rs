//! `bartizan findings list`.

use std::collections::HashMap;

use bartizan_core::Severity;
use bartizan_store::{Filter, Finding, Id, Page as Findings, Tenant};
use clap::Args;
use serde_json::json;

use crate::{
    args::{Global, ListFormat, severity},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    store::{StoreArgs, failed},
    style::Ink,
    terminal::Terminal,
    text::count,
};

/// List findings: open ones, those that matter most first
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Of this repository
    #[arg(long, value_name = "NAME", help_heading = "Filter")]
    repository: Option<String>,
    /// Of this owner; '' for those that have none
    #[arg(long, value_name = "OWNER", help_heading = "Filter")]
    owner: Option<String>,
    /// Of this rule
    #[arg(long, value_name = "RULE", help_heading = "Filter")]
    rule: Option<String>,
    /// Of these severities
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = severity(), help_heading = "Filter")]
    severity: Vec<Severity>,
    /// In these states, closed ones too
    #[arg(long, value_name = "STATE", value_delimiter = ',', help_heading = "Filter")]
    state: Vec<String>,
    /// Open and closed ones
    #[arg(long, help_heading = "Filter")]
    all: bool,
    /// With this in the title or the path
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// So many at most
    #[arg(short = 'n', long, value_name = "N", default_value = "50")]
    limit: u32,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: ListFormat,
}

/// Runs the command.
pub(super) fn run(args: &ListArgs, global: Global) -> Outcome<Exit> {
    let store = args.store.open()?;
    let tenant = store.organization(&args.store.organization).map_err(|error| failed(&error))?;
    let filter = filter(args, tenant)?;
    let mut findings = Vec::new();
    let mut after = None;
    let wanted = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let has_more = loop {
        let n = u32::try_from(wanted - findings.len()).unwrap_or(u32::MAX);
        let Findings { findings: some, next } = tenant.findings(&filter, after, n).map_err(|error| failed(&error))?;
        findings.extend(some);
        after = next;
        if after.is_none() || wanted <= findings.len() {
            break after.is_some();
        }
    };
    let names = names(tenant)?;
    match args.format {
        ListFormat::Json => {
            let document = json!({ "findings": findings, "repositories": names.iter().map(|(id, name)| (id.to_string(), name)).collect::<HashMap<_, _>>(), "has_more": has_more });
            print(&format!("{document:#}\n"))?;
        }
        ListFormat::Table => print(&table(&findings, &names, has_more, Terminal::stdout(global.color)))?,
    }
    Ok(Exit::Success)
}

fn filter(args: &ListArgs, tenant: Tenant<'_>) -> Result<Filter, Failure> {
    let repository = match &args.repository {
        None => None,
        Some(name) => match tenant.find_repository(name).map_err(|error| failed(&error))? {
            Some(repository) => Some(repository.id),
            None => return Err(Failure::bad_input("unknown-repository", format!("there is no repository `{name}`"))),
        },
    };
    Ok(Filter {
        is_open: (!args.all && args.state.is_empty()).then_some(true),
        repository,
        owner: args.owner.clone(),
        rule: args.rule.clone(),
        severities: args.severity.clone(),
        states: args.state.clone(),
        text: args.text.clone(),
    })
}

/// The names of all repositories.
pub(super) fn names(tenant: Tenant<'_>) -> Result<HashMap<Id, String>, Failure> {
    const N: u32 = 1_000;
    let mut names = HashMap::new();
    let mut after = String::new();
    loop {
        let page = tenant.repositories(&after, N).map_err(|error| failed(&error))?;
        let Some(last) = page.last() else { return Ok(names) };
        after.clone_from(&last.name);
        names.extend(page.into_iter().map(|repository| (repository.id, repository.name)));
    }
}

fn table(findings: &[Finding], names: &HashMap<Id, String>, has_more: bool, terminal: Terminal) -> String {
    let mut page = Page::new(terminal);
    if findings.is_empty() {
        page.line("No findings.");
        return page.finish();
    }
    for finding in findings {
        let word = finding.severity.map_or("unknown", Severity::as_str);
        let ink = finding.severity.map_or(Ink::Plain, Ink::Severity);
        page.title(&finding.title, &format!("{word}, {}", finding.state), ink);
        let place = match (&finding.path, finding.line) {
            (Some(path), Some(line)) => format!("{path}:{line}"),
            (Some(path), None) => path.clone(),
            (None, _) => String::new(),
        };
        let repository = names.get(&finding.repository).map_or("", String::as_str);
        page.paragraph(&[repository, &place].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("  "));
        let owner = finding.owner.as_deref().unwrap_or("nobody");
        page.paragraph(&format!("{} ({})  owner: {owner}  {}", finding.rule, finding.tool, finding.id));
    }
    page.gap();
    let n = count(u64::try_from(findings.len()).unwrap_or(u64::MAX), "finding");
    page.line(&if has_more { format!("The first {n}; -n shows more.") } else { format!("{n}.") });
    page.finish()
}
