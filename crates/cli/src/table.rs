//! The report that people read in a terminal: findings by severity and file, then what was not analyzed, then a summary.
//!
//! It is text for people and changes between versions; programs read `--format json`. It knows no clock and no
//! terminal: the same report in the same width gives the same bytes.

mod diagnostics;
mod finding;
mod summary;

use std::{cmp::Reverse, collections::BTreeSet, fmt::Write as _};

use bartizan_core::{ArtifactPath, Finding, Report, RuleId, Severity};

pub(crate) use finding::place;
pub(crate) use summary::counts;

use crate::{
    style::Ink,
    terminal::Terminal,
    text::{count, fold, to_u64, width, wrap},
};

/// What of a report is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TableOptions {
    /// Suppressed findings, too.
    pub(crate) shows_suppressed: bool,
    /// Secret values, where the report has them.
    pub(crate) shows_secrets: bool,
    /// Notes about the analysis, too.
    pub(crate) shows_notes: bool,
    /// Findings and what went wrong alone: no summary, no advice.
    pub(crate) is_quiet: bool,
}

/// Of each severity so many findings are shown; the rest is counted.
const MAX_PER_SEVERITY: usize = 50;
/// Of each rule in each file so many findings are shown; of the rest the lines are listed.
const MAX_PER_RULE_AND_FILE: usize = 5;

/// Writes the table.
pub(crate) fn render(report: &Report, options: TableOptions, terminal: Terminal) -> String {
    let mut table = Table { report, options, terminal, explained: BTreeSet::new(), out: String::new() };
    for severity in Severity::ALL {
        table.severity(severity);
    }
    diagnostics::render(&mut table.out, report, options, terminal);
    if !options.is_quiet {
        summary::render(&mut table.out, report, terminal);
    }
    table.out
}

/// Writes the diagnostics alone, notes included.
pub(crate) fn render_diagnostics(out: &mut String, report: &Report, terminal: Terminal) {
    diagnostics::render(out, report, TableOptions { shows_notes: true, ..TableOptions::default() }, terminal);
}

struct Table<'a> {
    report: &'a Report,
    options: TableOptions,
    terminal: Terminal,
    /// Rules whose explanation stands above already.
    explained: BTreeSet<&'a RuleId>,
    out: String,
}

impl<'a> Table<'a> {
    fn severity(&mut self, severity: Severity) {
        let is_shown = |finding: &&Finding| self.options.shows_suppressed || is_announced(finding);
        let mut findings: Vec<_> = self.report.findings.iter().filter(|finding| finding.severity == severity).filter(is_shown).collect();
        if findings.is_empty() {
            return;
        }
        findings.sort_by_key(|finding| (&finding.location, &finding.rule));
        heading(&mut self.out, self.terminal, Ink::Severity(severity), severity.as_str(), &count(to_u64(findings.len()), "finding"));
        let (mut n_shown, mut n_listed) = (0, 0);
        let mut files: Vec<_> = findings.chunk_by(|a, b| a.location.artifact == b.location.artifact).collect();
        // Where not all are shown, the surest are.
        files.sort_by_key(|in_file| Reverse(in_file.iter().map(|finding| finding.confidence).max()));
        for in_file in files {
            if MAX_PER_SEVERITY <= n_shown {
                break;
            }
            let n_shown_here = self.file(in_file, MAX_PER_SEVERITY - n_shown, &mut n_listed);
            n_shown += n_shown_here;
        }
        let rest = findings.len() - n_shown - n_listed;
        if 0 < rest {
            let text = format!("… {} of severity {severity}; --format json or --format html shows all", grouped_more(rest));
            self.faint(0, &text);
            self.out.push('\n');
        }
    }

    /// Shows the findings in one file, at most so many, and says how many. Those that are listed by line alone are counted.
    fn file(&mut self, findings: &[&'a Finding], limit: usize, n_listed: &mut usize) -> usize {
        let Some(first) = findings.first() else { return 0 };
        self.path(&first.location.artifact);
        let mut n_shown_here = 0;
        let mut by_rule: Vec<(&RuleId, usize, Vec<&Finding>)> = Vec::new();
        for finding in findings {
            let index = by_rule.iter().position(|(rule, ..)| **rule == finding.rule).unwrap_or_else(|| {
                by_rule.push((&finding.rule, 0, Vec::new()));
                by_rule.len() - 1
            });
            let Some((_, n_shown, folded)) = by_rule.get_mut(index) else { continue };
            if *n_shown < MAX_PER_RULE_AND_FILE && n_shown_here < limit {
                *n_shown += 1;
                n_shown_here += 1;
                let is_first_of_rule = self.explained.insert(&finding.rule);
                finding::render(&mut self.out, self.report, finding, is_first_of_rule, self.options, self.terminal);
                self.out.push('\n');
            } else if MAX_PER_RULE_AND_FILE <= *n_shown {
                folded.push(finding);
            }
        }
        for (rule, _, folded) in by_rule.into_iter().filter(|(_, _, folded)| !folded.is_empty()) {
            *n_listed += folded.len();
            let lines: BTreeSet<_> =
                folded.iter().filter_map(|finding| finding.location.region()).map(|region| region.start.line).collect();
            let mut text = format!("… {} of {rule} in this file", grouped_more(folded.len()));
            let listed: Vec<_> = lines.iter().take(12).map(u32::to_string).collect();
            if !listed.is_empty() {
                let dots = if listed.len() < lines.len() { ", …" } else { "" };
                let noun = if lines.len() == 1 { "line" } else { "lines" };
                let _ = write!(text, ": {noun} {}{dots}", listed.join(", "));
            }
            self.faint(2, &text);
            self.out.push('\n');
        }
        n_shown_here
    }

    fn path(&mut self, path: &ArtifactPath) {
        for line in fold(&path.to_string(), self.terminal.width) {
            let _ = writeln!(self.out, "{}", self.terminal.painter.paint(Ink::Heading, &line));
        }
    }

    fn faint(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.terminal.width - indent) {
            let _ = writeln!(self.out, "{:indent$}{}", "", self.terminal.painter.paint(Ink::Faint, &line));
        }
    }
}

/// Whether a finding is shown without being asked for: it is open, or the change under scan suppresses it.
fn is_announced(finding: &Finding) -> bool {
    finding.suppression.as_ref().is_none_or(|suppression| suppression.is_added_by_change)
}

fn grouped_more(n: usize) -> String {
    count(to_u64(n), "more finding")
}

/// A line across the terminal with a title at its start and a remark at its end.
fn heading(out: &mut String, terminal: Terminal, ink: Ink, title: &str, remark: &str) {
    let painter = terminal.painter;
    let n_dashes = terminal.width.saturating_sub(width(title) + width(remark) + 2).max(1);
    let dashes = painter.paint(Ink::Faint, &"─".repeat(n_dashes));
    let _ = writeln!(out, "{} {dashes} {remark}\n", painter.paint(ink, title));
}

#[cfg(test)]
mod tests;
