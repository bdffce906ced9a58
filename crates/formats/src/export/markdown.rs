//! Markdown, for the summary of a job and for comments.
//!
//! Nothing that a scanned file says becomes markup, a mention or a link. GitHub takes at most 1 MiB for the summary of a step
//! and drops a longer one as a whole: findings that no longer fit are counted at the end.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use bartizan_core::{Finding, Level, Report, Subject};

use super::{Exporter, FormatId};
use crate::{
    Context, Summary, by_severity_and_file,
    markdown::{cell_code, code, code_block, escaped, escaped_line, is_web_address},
    markup, place,
};

/// Markdown.
pub(super) struct Markdown;

/// The most that is written, in bytes. Documentation of GitHub Actions: a step's summary has at most 1 MiB.
const MAX_BYTES: usize = 1024 * 1024;

/// What is kept free for the words after the findings.
const RESERVED_BYTES: usize = 4 * 1024;

/// The most that the list of diagnostics takes, in bytes.
const MAX_DIAGNOSTICS_BYTES: usize = 128 * 1024;

/// The owners of whom the findings are counted.
const MAX_OWNERS: usize = 20;

/// The places of a finding that are listed.
const MAX_PLACES: usize = 20;
/// Of the steps of a flow so many are listed; those in the middle are counted.
const MAX_STEPS: usize = 10;

impl Exporter for Markdown {
    fn id(&self) -> FormatId {
        FormatId("markdown")
    }

    fn purpose(&self) -> &'static str {
        "a summary for jobs and comments"
    }

    fn extension(&self) -> &'static str {
        "md"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown"
    }

    fn write(&self, report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(page(report).as_bytes())
    }
}

fn page(report: &Report) -> String {
    let mut page = head(report);
    let diagnostics = diagnostics(report);
    let available = MAX_BYTES - RESERVED_BYTES - diagnostics.len();
    let n_left_out = findings(report, &mut page, available);
    if 0 < n_left_out {
        page.push_str(&format!("\n**{n_left_out} more findings** don't fit here; the other report formats list all of them.\n"));
    }
    page.push_str(&diagnostics);
    page
}

/// The numbers.
fn head(report: &Report) -> String {
    let summary = Summary::of(report);
    let n_open = summary.open.total();
    let mut text = format!("## Bartizan: {}\n\n", escaped_line(&place::title(report)));
    let verdict = match n_open {
        0 => "**No open findings**".to_owned(),
        1 => "**1 open finding**".to_owned(),
        _ => format!("**{n_open} open findings**"),
    };
    text.push_str(&format!("{verdict} in {} analyzed files", report.coverage.n_files));
    if 0 < summary.n_suppressed {
        text.push_str(&format!("; {} suppressed", summary.n_suppressed));
    }
    text.push_str(".\n");
    if report.is_incomplete() {
        text.push_str("\n> [!WARNING]\n> Not everything was analyzed; see the end of this report.\n");
    }
    if n_open == 0 {
        return text;
    }
    text.push_str("\n| Severity | Open findings |\n|---|--:|\n");
    for (severity, n_findings) in summary.open.iter() {
        text.push_str(&format!("| {} | {n_findings} |\n", capitalized(severity.as_str())));
    }
    text.push_str("\n| Owner | Critical | High | Medium | Low | Info |\n|---|--:|--:|--:|--:|--:|\n");
    for counts in summary.by_owner.iter().take(MAX_OWNERS) {
        let owner = counts.owner.map_or_else(|| "*nobody*".to_owned(), |owner| cell_code(&owner.0));
        let numbers: Vec<String> = counts.open.iter().map(|(_, number)| number.to_string()).collect();
        text.push_str(&format!("| {owner} | {} |\n", numbers.join(" | ")));
    }
    if MAX_OWNERS < summary.by_owner.len() {
        text.push_str(&format!("\n{} more owners.\n", summary.by_owner.len() - MAX_OWNERS));
    }
    text
}

/// Adds findings while they fit; gives the number of those that don't.
fn findings(report: &Report, page: &mut String, available: usize) -> usize {
    let groups = by_severity_and_file(report);
    let mut n_left: usize = groups.iter().map(crate::SeverityGroup::n_findings).sum();
    for group in &groups {
        let heading = format!("\n### {} ({})\n", capitalized(group.severity.as_str()), group.n_findings());
        let mut texts = group.files.iter().flat_map(|file| &file.findings).map(|finding| entry(report, finding)).peekable();
        let first_fits = texts.peek().is_some_and(|first| page.len() + heading.len() + first.len() <= available);
        if !first_fits {
            return n_left;
        }
        page.push_str(&heading);
        for text in texts {
            if available < page.len() + text.len() {
                return n_left;
            }
            page.push_str(&text);
            n_left -= 1;
        }
    }
    n_left
}

fn entry(report: &Report, finding: &Finding) -> String {
    let rule = report.rule_of(finding);
    let title = rule.map_or(finding.rule.as_str(), |rule| rule.title.as_str());
    let owners: Vec<String> = finding.owners.iter().map(|owner| html_code(&owner.0)).collect();
    let owners = if owners.is_empty() { "nobody".to_owned() } else { owners.join(" ") };
    let mut text = format!(
        "\n<details>\n<summary><b>{}</b> in {}, owned by {owners}</summary>\n\n{}\n\n",
        html_line(title),
        html_code(&place::exact(&finding.location)),
        escaped(&finding.message),
    );
    if !finding.excerpt.lines.is_empty() {
        let width = finding.excerpt.lines.last().map_or(1, |line| line.number.to_string().len());
        let lines: Vec<String> = finding.excerpt.lines.iter().map(|line| format!("{:>width$} | {}", line.number, line.text)).collect();
        text.push_str(&code_block(lines.iter().map(String::as_str)));
        text.push('\n');
    }
    let mut item = |name: &str, value: &str| {
        if !value.is_empty() {
            // Writing to a string can't fail.
            let _ = writeln!(text, "- **{name}:** {value}");
        }
    };
    item("Rule", &format!("{}, confidence {}", code(finding.rule.as_str()), finding.confidence));
    match &finding.subject {
        Some(Subject::Secret(secret)) => item("Secret", &code(&secret.mask)),
        Some(Subject::Component(component)) => {
            item("Component", &code(&component.purl));
            item("Reachability", component.reachability.map_or("", bartizan_core::Reachability::as_str));
        }
        None => {}
    }
    for evidence in &finding.evidence {
        item("Evidence", &format!("{} ({})", escaped_line(&evidence.text), evidence.strength));
    }
    let steps: Vec<String> =
        finding.flow.iter().map(|step| format!("{} {}", code(&place::exact(&step.location)), escaped_line(&step.message))).collect();
    let n_between = steps.len().saturating_sub(MAX_STEPS);
    let (start, end) = steps.split_at(if n_between == 0 { 0 } else { MAX_STEPS / 2 });
    let folded = (0 < n_between).then(|| format!("{n_between} more steps"));
    let shown: Vec<&str> = start.iter().chain(&folded).chain(end.iter().skip(n_between)).map(String::as_str).collect();
    item("Flow", &shown.join(" → "));
    let others: Vec<String> = finding.occurrences.iter().skip(1).take(MAX_PLACES).map(|place| code(&place::exact(place))).collect();
    let n_more = finding.occurrences.len().saturating_sub(1 + MAX_PLACES);
    item("Also in", &format!("{}{}", others.join(", "), if 0 < n_more { format!(" and {n_more} more places") } else { String::new() }));
    if let Some(rule) = rule {
        item("Why it matters", &escaped_line(&rule.why));
        item("How to fix it", &escaped_line(&rule.how_to_fix));
        let pages: Vec<String> = rule.references.iter().filter(|page| is_web_address(page)).map(|page| format!("<{page}>")).collect();
        item("Read on", &pages.join(", "));
    }
    item("Fingerprint", &code(&finding.fingerprint.to_string()));
    text.push_str("\n</details>\n");
    text
}

/// What could not be analyzed.
fn diagnostics(report: &Report) -> String {
    let problems: Vec<_> = report.diagnostics.iter().filter(|diagnostic| Level::Note < diagnostic.level).collect();
    if problems.is_empty() {
        return String::new();
    }
    let mut text = format!("\n### Not analyzed ({})\n\n", problems.len());
    for (index, problem) in problems.iter().enumerate() {
        let place = problem.location.as_ref().map(|place| format!("{}: ", code(&place::exact(place)))).unwrap_or_default();
        let help = if problem.help.is_empty() { String::new() } else { format!("; {}", escaped_line(&problem.help)) };
        let item = format!("- {place}{}{help} ({})\n", escaped_line(&problem.reason), code(problem.kind.as_str()));
        if MAX_DIAGNOSTICS_BYTES < text.len() + item.len() {
            text.push_str(&format!("- {} more\n", problems.len() - index));
            break;
        }
        text.push_str(&item);
    }
    text
}

/// A text within HTML, which GitHub still searches for mentions.
fn html_line(text: &str) -> String {
    markup::escaped(&crate::visible::visible_line(text)).replace('@', "@<!-- -->").replace(":/", ":<!-- -->/")
}

/// A text as code within HTML: nobody looks for mentions there.
fn html_code(text: &str) -> String {
    format!("<code>{}</code>", markup::escaped(&crate::visible::visible_line(text)))
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
