//! `bartizan explain`: what a rule finds, what a kind of diagnostic means, or what is known of a flaw.

pub(crate) mod diagnostic;

use std::path::PathBuf;

use bartizan_core::DiagnosticKind;
use clap::{Args, ValueHint};

use super::advisories::show;
use crate::{
    advisories,
    args::{Global, ListFormat},
    catalog::{Catalog, Entry},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    page::Page,
    style::Ink,
    suggestion::suggestion,
    terminal::Terminal,
};

const EXAMPLES: &str = "\
Examples:
  bartizan explain github-personal-access-token   what the rule finds, and how to revoke a token
  bartizan explain file-too-large                 what a diagnostic means
  bartizan explain CVE-2021-44228                 what is known of a flaw, from the advisories on this machine
  bartizan explain my-rule --rules my-rules/      a rule of your own";

/// Explain a rule, a kind of diagnostic or an advisory: why it matters, and what to do
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// Id of a rule, kind of a diagnostic, or id of an advisory
    #[arg(value_name = "RULE|KIND|ID")]
    name: String,
    /// Look among these rules, too (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// Prints the page.
pub(crate) fn run(args: &ExplainArgs, global: Global) -> Outcome<Exit> {
    let terminal = Terminal::stdout(global.color);
    let catalog = Catalog::load(&args.rules)?;
    if let Some(entry) = catalog.find(&args.name) {
        print(&match args.format {
            ListFormat::Table => rule_page(entry, terminal),
            ListFormat::Json => entry.to_json_text(),
        })?;
        return Ok(Exit::Success);
    }
    if let Some(page) = advisory_page(args, terminal)? {
        print(&page)?;
        return Ok(Exit::Success);
    }
    let Some(kind) = DiagnosticKind::ALL.iter().find(|kind| kind.as_str() == args.name) else {
        let known = catalog.ids().chain(DiagnosticKind::ALL.iter().map(|kind| kind.as_str()));
        let help = suggestion(&args.name, known).unwrap_or_else(|| "`bartizan rules list` lists all rules".to_owned());
        return Err(Failure::bad_input("unknown-rule", format!("no rule and no diagnostic is named `{}`", args.name))
            .with_help(help)
            .into());
    };
    print(&match args.format {
        ListFormat::Table => diagnostic_page(*kind, terminal),
        ListFormat::Json => {
            let diagnostic::Explanation { why, what_to_do } = diagnostic::explanation(*kind);
            let json =
                serde_json::json!({"kind": kind.as_str(), "level": kind.usual_level().as_str(), "why": why, "what_to_do": what_to_do});
            format!("{json:#}\n")
        }
    })?;
    Ok(Exit::Success)
}

/// What is known of a flaw, if the name is that of an advisory on this machine.
fn advisory_page(args: &ExplainArgs, terminal: Terminal) -> Outcome<Option<String>> {
    let may_be_advisory = args.name.contains(|character: char| character.is_ascii_digit()) && args.name.contains('-');
    let Some(folder) = advisories::default_folder().filter(|_| may_be_advisory) else { return Ok(None) };
    let records = show::named(&folder, &args.name)?;
    if records.is_empty() { Ok(None) } else { show::pages(&folder, &records, args.format, terminal).map(Some) }
}

fn rule_page(entry: &Entry, terminal: Terminal) -> String {
    let rule = &entry.about;
    let mut page = Page::new(terminal);
    page.title(rule.id.as_str(), rule.severity.as_str(), Ink::Severity(rule.severity));
    page.line(&rule.title);
    for (heading, text) in [("Why it matters", &rule.why), ("What to do", &rule.how_to_fix)] {
        if !text.is_empty() {
            page.heading(heading);
            page.paragraph(text);
        }
    }
    for (heading, examples) in [("Reported", &entry.bad), ("Not reported", &entry.good)] {
        if !examples.is_empty() {
            page.heading(heading);
        }
        for (index, example) in examples.iter().enumerate() {
            if 0 < index && examples.iter().any(|example| example.trim().contains('\n')) {
                page.gap();
            }
            // Placeholders are those of rules for credentials; in code `<<` is code.
            let example = example.trim_end();
            page.verbatim(&if rule.engine == bartizan_secrets::rule::ENGINE { masked(example) } else { example.to_owned() });
        }
    }
    if !rule.references.is_empty() {
        page.heading("Read on");
        for reference in &rule.references {
            page.address(reference);
        }
    }
    page.heading("About the rule");
    for (name, value) in entry.facts() {
        page.row(name, 10, &value);
    }
    page.heading("To ignore one finding");
    page.paragraph("Write a comment on its line, or on the line above it, with a reason:");
    page.verbatim(&format!("bartizan:ignore[{}] why this one is harmless", rule.id));
    page.finish()
}

fn diagnostic_page(kind: DiagnosticKind, terminal: Terminal) -> String {
    let explanation = diagnostic::explanation(kind);
    let level = kind.usual_level();
    let mut page = Page::new(terminal);
    page.title(kind.as_str(), level.as_str(), Ink::of_level(level));
    page.line("A kind of diagnostic: something about the analysis, not a finding.");
    page.heading("What it means");
    page.paragraph(explanation.why);
    page.heading("What to do");
    page.paragraph(explanation.what_to_do);
    page.finish()
}

/// An example with its placeholders masked: `<<alnum:36>>` stands for a random value of 36 characters.
pub(crate) fn masked(example: &str) -> String {
    const MAX_STARS: usize = 40;
    let mut shown = String::new();
    let mut rest = example;
    while let Some((before, after)) = rest.split_once("<<") {
        let Some((placeholder, tail)) = after.split_once(">>") else { break };
        shown.push_str(before);
        let (kind, argument) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        let n_stars = match kind {
            // A whole value that starts with the argument.
            "proof" => {
                shown.push_str(argument);
                4
            }
            "uuid" => 36,
            _ => argument.parse().unwrap_or(4),
        };
        shown.push_str(&"*".repeat(n_stars.min(MAX_STARS)));
        rest = tail;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn placeholders_are_masked_and_the_rest_is_kept() {
        for (example, shown) in [
            ("token = \"<<proof:ghp_>>\"", "token = \"ghp_****\""),
            ("a=AKIA<<upperalnum:16>>; b=<<base64:9999>>", "a=AKIA****************; b=****************************************"),
            ("cat <<EOF", "cat <<EOF"),
        ] {
            assert_eq!(masked(example), shown);
        }
    }
}
