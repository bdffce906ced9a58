//! The end of the table: how many findings, how much was looked at, and what to do next.

use std::fmt::Write as _;

use bartizan_core::{BaselineState, Finding, Level, Report, Severity, SkipReason};

use super::heading;
use crate::{
    style::Ink,
    terminal::Terminal,
    text::{bytes, count, grouped, to_u64, width, wrap},
};

/// Writes the summary.
pub(super) fn render(out: &mut String, report: &Report, terminal: Terminal) {
    let open: Vec<_> = report.open_findings().collect();
    heading(out, terminal, Ink::Strong, "summary", &harmless_target(report, terminal));
    let mut rows = vec![("findings", findings(&open, terminal))];
    let details = details(report, &open);
    if !details.is_empty() {
        rows.push(("", details));
    }
    rows.push(("scanned", scanned(report)));
    let skipped: Vec<_> = report
        .coverage
        .skipped
        .iter()
        .filter(|(_, n)| 0 < *n)
        .map(|(reason, n)| format!("{} {}", grouped(*n), reason_words(*reason)))
        .collect();
    if !skipped.is_empty() {
        rows.push(("skipped", skipped.join(", ")));
    }
    let n_of = |level| to_u64(report.diagnostics.iter().filter(|diagnostic| diagnostic.level == level).count());
    let n_gaps = n_of(Level::Incomplete) + n_of(Level::Error);
    if 0 < n_gaps {
        let text = terminal.painter.paint(Ink::Warning, "incomplete");
        rows.push(("result", format!("{text}: {} above; fails with --strict", count(n_gaps, "problem"))));
    }
    if 0 < n_of(Level::Note) {
        rows.push(("notes", format!("{}, shown with --verbose", grouped(n_of(Level::Note)))));
    }
    for (name, text) in rows {
        row(out, terminal, name, &text);
    }
    next_steps(out, report, &open, terminal);
}

/// The target as an argument that can be pasted into a shell; nothing where that is the default, or needs quotes.
fn argument(target: &str) -> String {
    let is_plain = target.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-+@".contains(&byte)) && !target.starts_with('-');
    if target == "." || !is_plain || 30 < target.len() { String::new() } else { format!(" {target}") }
}

fn harmless_target(report: &Report, terminal: Terminal) -> String {
    let target = crate::text::harmless(&report.target).into_owned();
    crate::text::cut(&target, terminal.width / 2).into_owned()
}

/// `2 critical, 5 high`, each in its ink.
fn findings(open: &[&Finding], terminal: Terminal) -> String {
    let counts = Severity::ALL.map(|severity| (severity, open.iter().filter(|finding| finding.severity == severity).count()));
    let parts: Vec<_> = counts
        .into_iter()
        .filter(|(_, n)| 0 < *n)
        .map(|(severity, n)| terminal.painter.paint(Ink::Severity(severity), &format!("{} {severity}", grouped(to_u64(n)))))
        .collect();
    if parts.is_empty() { terminal.painter.paint(Ink::Good, "none") } else { parts.join(", ") }
}

/// The open findings in a few words: `7 findings (2 critical, 5 high) in 120 files`.
pub(crate) fn counts(report: &Report) -> String {
    let open: Vec<_> = report.open_findings().collect();
    let by_severity = Severity::ALL.map(|severity| (severity, open.iter().filter(|finding| finding.severity == severity).count()));
    let parts: Vec<_> =
        by_severity.iter().filter(|(_, n)| 0 < *n).map(|(severity, n)| format!("{} {severity}", grouped(to_u64(*n)))).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{}{parts} in {}", count(to_u64(open.len()), "finding"), count(report.coverage.n_files, "file"))
}

fn details(report: &Report, open: &[&Finding]) -> String {
    let n_new = open.iter().filter(|finding| finding.baseline == Some(BaselineState::New)).count();
    let n_unowned = open.iter().filter(|finding| finding.owners.is_empty()).count();
    let suppressed = || report.findings.iter().filter_map(|finding| finding.suppression.as_ref());
    let n_suppressed = suppressed().count();
    let n_added = suppressed().filter(|suppression| suppression.is_added_by_change).count();
    let mut parts = Vec::new();
    let mut part = |n: usize, what: &str| {
        if 0 < n {
            parts.push(format!("{} {what}", grouped(to_u64(n))));
        }
    };
    part(n_new, "new");
    part(n_unowned, "unowned");
    part(n_suppressed, "suppressed");
    part(n_added, "of them by this change");
    parts.join(", ")
}

fn scanned(report: &Report) -> String {
    format!("{}, {}", count(report.coverage.n_files, "file"), bytes(report.coverage.n_bytes))
}

const fn reason_words(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Binary => "binary",
        SkipReason::Empty => "empty",
        SkipReason::NotInteresting => "of no interest to any engine",
        SkipReason::Problem => "with problems",
    }
}

/// One row; the text may hold colors, so that it is wrapped only if it is too long without them.
fn row(out: &mut String, terminal: Terminal, name: &str, text: &str) {
    const NAME_COLUMNS: usize = 10;
    let columns = terminal.width.saturating_sub(NAME_COLUMNS + 2);
    let lines = if visible_width(text) <= columns { vec![text.to_owned()] } else { wrap(&without_colors(text), columns) };
    for (index, line) in lines.iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        let _ = writeln!(out, "  {}{line}", terminal.painter.paint(Ink::Plain, &format!("{name:<NAME_COLUMNS$}")));
    }
}

fn visible_width(text: &str) -> usize {
    width(&without_colors(text))
}

fn without_colors(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// Commands that help now.
fn next_steps(out: &mut String, report: &Report, open: &[&Finding], terminal: Terminal) {
    let mut steps: Vec<(String, &str)> = Vec::new();
    if let Some(worst) = open.first() {
        steps.push((format!("bartizan explain {}", worst.rule), "what it is, and what to do"));
        steps.push((format!("bartizan scan{} --format html -o report.html", argument(&report.target)), "a report to hand round"));
        steps.push(("bartizan baseline write".to_owned(), "accept these, fail on new ones"));
    }
    if report.is_incomplete()
        && let Some(gap) = report.diagnostics.iter().find(|diagnostic| Level::Note < diagnostic.level)
    {
        steps.push((format!("bartizan explain {}", gap.kind), "why something was not analyzed"));
    }
    if steps.is_empty() {
        return;
    }
    let command_columns = steps.iter().map(|(command, _)| width(command)).max().unwrap_or(0);
    let fits = steps.iter().all(|(_, purpose)| 2 + command_columns + 3 + width(purpose) <= terminal.width);
    let _ = writeln!(out);
    for (command, purpose) in steps {
        let command_shown = terminal.painter.paint(Ink::Strong, &command);
        if fits {
            let padding = " ".repeat(command_columns - width(&command));
            let _ = writeln!(out, "  {command_shown}{padding}   {}", terminal.painter.paint(Ink::Faint, purpose));
            continue;
        }
        for (index, line) in wrap(&command, terminal.width.saturating_sub(4)).iter().enumerate() {
            let indent = if index == 0 { 2 } else { 4 };
            let _ = writeln!(out, "{:indent$}{}", "", terminal.painter.paint(Ink::Strong, line));
        }
        for line in wrap(purpose, terminal.width.saturating_sub(4)) {
            let _ = writeln!(out, "    {}", terminal.painter.paint(Ink::Faint, &line));
        }
    }
}
