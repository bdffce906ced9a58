//! An explanation as people read it.

use bartizan_sast::{
    debug::{Place, SourceText},
    explain::{Arrival, ClauseReport, Effect, EntryReport, Explanation, MatchReport, TaintReport, Verdict, WayReport},
};

use crate::{
    args::Global,
    style::Ink,
    terminal::Terminal,
    text::{count, fold, harmless, to_u64, wrap},
};

/// Of a list of places so many are shown.
const MAX_SHOWN: usize = 8;

/// Columns of one level.
const INDENT: usize = 2;

/// The page of an explanation.
pub(super) fn of(explained: &Explanation, source: &SourceText, global: Global, terminal: Terminal) -> String {
    let mut page = Page { terminal, is_verbose: global.verbose, out: String::new() };
    page.verdict(explained);
    page.code(explained, source);
    if let Some(report) = &explained.clauses {
        page.heading("Clauses");
        page.clause(report, 1);
    }
    if let Some(report) = &explained.taint {
        page.taint(report);
    }
    page.out
}

struct Page {
    terminal: Terminal,
    is_verbose: bool,
    out: String,
}

impl Page {
    fn verdict(&mut self, explained: &Explanation) {
        let (word, ink) = match explained.verdict {
            Verdict::Reported => ("reported", Ink::Error),
            Verdict::DependsOnOtherFiles => ("depends on other files", Ink::Warning),
            Verdict::NotReported => ("not reported", Ink::Good),
            Verdict::NotRun => ("not run", Ink::Warning),
        };
        let painter = self.terminal.painter;
        let place = harmless(&explained.file).into_owned();
        self.out.push_str(&format!(
            "{} at {place}:{}: {}\n",
            painter.paint(Ink::Strong, &explained.rule),
            explained.line,
            painter.paint(ink, word)
        ));
        for reason in &explained.reasons {
            self.text(1, reason);
        }
        for (name, places) in [("reported at", &explained.findings), ("elsewhere in the file it reports", &explained.elsewhere)] {
            if !places.is_empty() {
                self.text(1, &format!("{name} {}", list(places)));
            }
        }
    }

    /// The line itself.
    fn code(&mut self, explained: &Explanation, source: &SourceText) {
        let index = usize::try_from(explained.line).unwrap_or(usize::MAX).wrapping_sub(1);
        let Some(line) = source.text.lines().nth(index) else { return };
        self.out.push('\n');
        self.exact(1, &format!("{} | {line}", explained.line));
    }

    fn heading(&mut self, text: &str) {
        self.out.push_str(&format!("\n{}\n", self.terminal.painter.paint(Ink::Heading, text)));
    }

    fn text(&mut self, level: usize, text: &str) {
        for (number, line) in wrap(text, self.columns(level)).iter().enumerate() {
            let margin = if number == 0 { level * INDENT } else { (level + 1) * INDENT };
            self.out.push_str(&format!("{:margin$}{line}\n", ""));
        }
    }

    /// A text whose every character counts.
    fn exact(&mut self, level: usize, text: &str) {
        for line in fold(&text.replace('\t', "    "), self.columns(level)) {
            self.out.push_str(&format!("{:1$}{line}\n", "", level * INDENT));
        }
    }

    fn columns(&self, level: usize) -> usize {
        const MIN_COLUMNS: usize = 20;
        self.terminal.width.saturating_sub((level + 1) * INDENT).max(MIN_COLUMNS)
    }

    fn clause(&mut self, report: &ClauseReport, level: usize) {
        let painter = self.terminal.painter;
        let text = if report.text.is_empty() { String::new() } else { format!(": {}", harmless(&report.text)) };
        self.out.push_str(&format!("{:2$}{}{text}\n", "", painter.paint(Ink::Strong, report.clause), level * INDENT));
        // A condition lets candidates through; all others match something.
        let is_condition = report.clause.starts_with("metavariable-") || report.clause == "focus-metavariable";
        match &report.note {
            Some(note) => self.text(level + 2, note),
            None if is_condition => {}
            None if report.n_matches == 0 => self.text(level + 2, "no match in the file"),
            None => self.text(level + 2, &format!("{} in the file, {} on the line", matches(report.n_matches), report.n_on_line)),
        }
        if !is_condition {
            for found in &report.on_line {
                self.found(found, level + 2);
            }
        }
        if let Some(effect) = &report.effect {
            self.effect(effect, level + 2);
        }
        for part in &report.parts {
            self.clause(part, level + 1);
        }
    }

    fn effect(&mut self, effect: &Effect, level: usize) {
        if effect.n_before == 0 {
            return;
        }
        let reason = effect.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
        let candidates = count(to_u64(effect.n_before), "candidate");
        let text = match effect.n_after {
            0 if effect.n_before == 1 => format!("leaves no candidate on the line{reason}"),
            0 => format!("leaves none of {candidates} on the line{reason}"),
            n if n < effect.n_before => format!("leaves {n} of {candidates} on the line{reason}"),
            _ => format!("leaves {candidates} on the line"),
        };
        self.text(level, &text);
    }

    fn found(&mut self, found: &MatchReport, level: usize) {
        self.exact(level, &format!("{}  {}", position(&found.place), found.code));
        for binding in &found.bindings {
            self.exact(level + 1, &format!("{} = {}", binding.name, binding.code));
        }
    }

    fn taint(&mut self, report: &TaintReport) {
        for (list, heading) in [("source", "Sources"), ("sink", "Sinks"), ("sanitizer", "Sanitizers"), ("propagator", "Propagators")] {
            let entries: Vec<_> = report.entries.iter().filter(|entry| entry.list == list).collect();
            if entries.is_empty() && matches!(list, "sanitizer" | "propagator") {
                continue;
            }
            self.heading(heading);
            if entries.is_empty() {
                self.text(1, "nothing matches in the file");
            }
            for entry in entries {
                self.entry(entry);
            }
        }
        self.heading("Ways of the data");
        if report.ways.is_empty() {
            self.text(1, "there is no source in the file");
        }
        for way in &report.ways {
            self.way(way);
        }
        if 0 < report.n_left_out {
            self.text(1, &format!("and those of {} that are not looked at", count(to_u64(report.n_left_out), "more source")));
        }
    }

    fn entry(&mut self, entry: &EntryReport) {
        let from = entry.model.as_ref().map_or("of the rule".to_owned(), |model| format!("of the model {model}"));
        let n_matches = matches(entry.matches.len());
        self.text(1, &format!("{from}: {n_matches} in the file, {} on the line", entry.clauses.n_on_line));
        if self.is_verbose || (entry.model.is_none() && entry.clauses.n_on_line == 0 && !entry.clauses.parts.is_empty()) {
            self.clause(&entry.clauses, 2);
            return;
        }
        let text = if entry.clauses.text.is_empty() { String::new() } else { format!(": {}", entry.clauses.text) };
        self.exact(2, &format!("{}{text}", entry.clauses.clause));
        // What is on the line comes first.
        let is_elsewhere = |found: &&MatchReport| !entry.clauses.on_line.contains(found);
        let elsewhere = entry.matches.iter().filter(is_elsewhere);
        for found in entry.clauses.on_line.iter().chain(elsewhere).take(MAX_SHOWN) {
            self.found(found, 3);
        }
        let n_more = entry.matches.len().saturating_sub(MAX_SHOWN);
        if 0 < n_more {
            self.text(3, &format!("and {n_more} more"));
        }
    }

    fn way(&mut self, way: &WayReport) {
        let verdict = match way.on_line {
            Arrival::Arrives if way.is_at_sink => "arrives at a sink on the line",
            Arrival::Arrives => "arrives on the line, at no sink that takes it",
            Arrival::Harmless => "arrives on the line, made harmless",
            Arrival::Never => "never arrives on the line",
        };
        self.exact(1, &format!("{}  {}", position(&way.source.place), way.source.code));
        self.text(2, verdict);
        if !way.way.is_empty() {
            self.text(2, if way.on_line == Arrival::Never { "the way to the last place that it comes to:" } else { "the way:" });
            for step in &way.way {
                self.exact(3, &format!("{}  {}", position(&step.place), step.code));
            }
        }
        for harmless in &way.harmless {
            let by = if harmless.by == "type" { "being a number or a truth value" } else { "a sanitizer" };
            self.exact(2, &format!("made harmless by {by} at {}  {}", position(&harmless.place), harmless.code));
        }
        if !way.lines.is_empty() {
            let lines: Vec<String> = way.lines.iter().map(u32::to_string).collect();
            self.text(2, &format!("lines that it comes to: {}", lines.join(", ")));
        }
    }
}

fn matches(n: usize) -> String {
    if n == 1 { "1 match".to_owned() } else { format!("{n} matches") }
}

fn position(place: &Place) -> String {
    format!("{}:{}", place.line, place.column)
}

fn list(places: &[Place]) -> String {
    let shown: Vec<String> = places.iter().take(MAX_SHOWN).map(position).collect();
    let n_more = places.len().saturating_sub(MAX_SHOWN);
    if n_more == 0 { shown.join(", ") } else { format!("{} and {n_more} more", shown.join(", ")) }
}
