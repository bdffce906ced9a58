//! `bartizan rules list` and `bartizan rules show`.

use std::path::PathBuf;

use bartizan_core::Severity;
use clap::{Args, ValueHint};
use serde::Serialize;

use crate::{
    args::{Global, ListFormat, severity},
    catalog::{Catalog, Entry, RuleJson},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    style::Ink,
    suggestion::suggestion,
    terminal::Terminal,
    text::{count, to_u64},
};

/// List rules
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Rules with all of these words in id, title, provider or tags
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Rules of this severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    severity: Option<Severity>,
    /// Rules of this provider
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Rules of this engine
    #[arg(long, value_name = "ENGINE", value_parser = clap::builder::PossibleValuesParser::new(crate::engines::NAMES))]
    engine: Option<String>,
    /// Rules of these files, too (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// Show what is known about one rule
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Its id
    #[arg(value_name = "RULE")]
    id: String,
    /// Look among these rules, too (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// The JSON of `rules list`.
#[derive(Debug, Serialize)]
struct RuleList<'a> {
    rules: Vec<RuleJson<'a>>,
}

/// Prints the list.
pub(super) fn run(args: &ListArgs, global: Global) -> Outcome<Exit> {
    let terminal = Terminal::stdout(global.color);
    let catalog = Catalog::load(&args.rules)?;
    let chosen: Vec<_> = catalog.entries.iter().filter(|entry| args.chooses(entry)).collect();
    print(&match args.format {
        ListFormat::Table => table(&chosen, global, terminal),
        ListFormat::Json => {
            let rules: Vec<_> = chosen.iter().map(|entry| entry.to_json()).collect();
            serde_json::to_string_pretty(&RuleList { rules }).unwrap_or_default() + "\n"
        }
    })?;
    Ok(Exit::Success)
}

/// Prints one rule.
pub(super) fn show(args: &ShowArgs, global: Global) -> Outcome<Exit> {
    let catalog = Catalog::load(&args.rules)?;
    let Some(entry) = catalog.find(&args.id) else {
        let help = suggestion(&args.id, catalog.ids()).unwrap_or_else(|| "`bartizan rules list` lists all rules".to_owned());
        return Err(Failure::bad_input("unknown-rule", format!("no rule is named `{}`", args.id)).with_help(help).into());
    };
    print(&match args.format {
        ListFormat::Table => {
            let mut page = Page::new(Terminal::stdout(global.color));
            page.title(entry.about.id.as_str(), entry.about.severity.as_str(), Ink::Severity(entry.about.severity));
            page.row("title", 10, &entry.about.title);
            for (name, value) in entry.facts() {
                page.row(name, 10, &value);
            }
            page.row("examples", 10, &format!("{} reported, {} not reported", entry.bad.len(), entry.good.len()));
            page.finish()
        }
        ListFormat::Json => entry.to_json_text(),
    })?;
    Ok(Exit::Success)
}

impl ListArgs {
    fn chooses(&self, entry: &Entry) -> bool {
        let rule = &entry.about;
        let holds = |text: &str, word: &str| text.to_lowercase().contains(&word.to_lowercase());
        let is_named = |word: &String| {
            holds(rule.id.as_str(), word)
                || holds(&rule.title, word)
                || holds(&entry.provider, word)
                || rule.tags.iter().any(|tag| holds(tag, word))
        };
        self.severity.is_none_or(|severity| rule.severity == severity)
            && self.provider.as_ref().is_none_or(|provider| entry.provider.eq_ignore_ascii_case(provider))
            && self.engine.as_ref().is_none_or(|engine| rule.engine.0 == engine)
            && self.words.iter().all(is_named)
    }
}

fn table(entries: &[&Entry], global: Global, terminal: Terminal) -> String {
    const MAX_ID_COLUMNS: usize = 44;
    let mut page = Page::new(terminal);
    let mut sorted = entries.to_vec();
    sorted.sort_by_key(|entry| (entry.provider.to_lowercase(), entry.about.id.clone()));
    let id_columns = sorted.iter().map(|entry| entry.about.id.as_str().len()).max().unwrap_or(0).min(MAX_ID_COLUMNS);
    for of_provider in sorted.chunk_by(|a, b| a.provider.eq_ignore_ascii_case(&b.provider)) {
        let Some(first) = of_provider.first() else { continue };
        page.heading(if first.provider.is_empty() { "other" } else { &first.provider });
        for entry in of_provider {
            let about = &entry.about;
            page.entry(about.id.as_str(), id_columns, &format!("{:<8}", about.severity), &about.title, Ink::Severity(about.severity));
        }
    }
    if !global.quiet {
        page.gap();
        page.line(&count(to_u64(entries.len()), "rule"));
    }
    page.finish()
}
