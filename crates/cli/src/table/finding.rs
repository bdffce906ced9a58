//! One finding: what, where, why it is believed, whose it is, and what to do.

use std::{borrow::Cow, fmt::Write as _, ops::Range};

use bartizan_core::{BaselineState, Confidence, ExcerptLine, Finding, Location, Report, Strength, Subject, Suppression, SuppressionKind};

use super::TableOptions;
use crate::{
    failure::headline,
    snippet::{Note, Snippet, SnippetLine},
    style::Ink,
    terminal::Terminal,
    text::{count, first_sentence, harmless, to_u64},
};

/// Of other places so many are named; the rest is counted.
const MAX_PLACES: usize = 3;
/// Of the reasons to believe a finding so many are shown.
const MAX_REASONS: usize = 5;
/// Of the steps of a flow so many are shown; those in the middle are counted.
const MAX_STEPS: usize = 6;
/// A longer advice is cut to its first sentence.
const MAX_ADVICE_CHARACTERS: usize = 280;

/// Columns that a finding is indented below its file.
const INDENT: usize = 2;

/// Writes one finding; the first of its rule is followed by why it matters and how to fix it.
pub(super) fn render(
    out: &mut String,
    report: &Report,
    finding: &Finding,
    is_first_of_rule: bool,
    options: TableOptions,
    terminal: Terminal,
) {
    let ink = Ink::Severity(finding.severity);
    headline(out, terminal, INDENT, ink, &format!("{}[{}]:", finding.severity, finding.rule), &finding.message);
    let mut snippet = Snippet {
        places: vec![place(&finding.location)],
        lines: shown_lines(finding).iter().map(|line| snippet_line(line, finding)).collect(),
        label: label(finding),
        notes: notes(report, finding, is_first_of_rule, options),
    };
    if !snippet.lines.iter().any(|line| line.highlight.is_some()) {
        // Nothing is underlined, so the label has no place of its own.
        snippet.notes.insert(0, Note::new("sure", std::mem::take(&mut snippet.label)));
    }
    snippet.write(out, terminal, INDENT, ink);
}

/// A line of the excerpt. What stands in the place of a secret is as telling as the report allows: `ghp_****8B4a`.
fn snippet_line<'a>(line: &'a ExcerptLine, finding: &'a Finding) -> SnippetLine<'a> {
    const ANY_SECRET: &str = "****";
    let highlight = line.highlight.map(|(start, end)| to_index(start)..to_index(end));
    let plain = SnippetLine { number: line.number, text: Cow::Borrowed(&line.text), highlight: highlight.clone() };
    let (Some(Subject::Secret(secret)), Some(range)) = (&finding.subject, highlight) else { return plain };
    let characters = |range: Range<usize>| line.text.chars().skip(range.start).take(range.len());
    let is_one_line = finding.location.region().is_some_and(|region| region.start.line == region.end.line);
    if !is_one_line || !characters(range.clone()).eq(ANY_SECRET.chars()) {
        return plain;
    }
    let text = characters(0..range.start).chain(secret.mask.chars()).chain(line.text.chars().skip(range.end)).collect();
    SnippetLine { text: Cow::Owned(text), highlight: Some(range.start..range.start + secret.mask.chars().count()), ..plain }
}

/// The lines of the excerpt without empty ones at its ends.
fn shown_lines(finding: &Finding) -> &[ExcerptLine] {
    let is_empty = |line: &ExcerptLine| line.highlight.is_none() && line.text.trim().is_empty();
    let mut lines = finding.excerpt.lines.as_slice();
    while let Some((_, rest)) = lines.split_first().filter(|(first, _)| is_empty(first)) {
        lines = rest;
    }
    while let Some((_, rest)) = lines.split_last().filter(|(last, _)| is_empty(last)) {
        lines = rest;
    }
    lines
}

/// `path:line:column`, as editors open it.
pub(crate) fn place(location: &Location) -> String {
    let mut text = harmless(&location.artifact.to_string()).into_owned();
    if let Some(region) = location.region() {
        let _ = write!(text, ":{}:{}", region.start.line, region.start.column);
    }
    text
}

/// How sure, and on what grounds.
fn label(finding: &Finding) -> String {
    let confidence = match finding.confidence {
        Confidence::High => "high confidence",
        Confidence::Medium => "medium confidence",
        Confidence::Low => "low confidence",
    };
    match finding.evidence.iter().map(|evidence| evidence.strength).max() {
        Some(strength) => format!("{strength}, {confidence}"),
        None => confidence.to_owned(),
    }
}

fn notes(report: &Report, finding: &Finding, is_first_of_rule: bool, options: TableOptions) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(suppression) = &finding.suppression {
        notes.push(Note { ink: Ink::Warning, ..Note::new("ignored", suppressed(suppression)) });
    }
    if finding.baseline == Some(BaselineState::New) {
        notes.push(Note { ink: Ink::Warning, ..Note::new("new", "was not there before") });
    }
    if options.shows_secrets
        && let Some(Subject::Secret(secret)) = &finding.subject
        && let Some(value) = &secret.value
    {
        notes.push(Note { is_exact: true, ..Note::new("secret", harmless(value.expose())) });
    }
    if let Some(text) = because(finding) {
        notes.push(Note::new("because", text));
    }
    let owners: Vec<_> = finding.owners.iter().map(ToString::to_string).collect();
    notes.push(if owners.is_empty() {
        Note { ink: Ink::Warning, ..Note::new("owner", "unowned") }
    } else {
        Note::new("owner", owners.join(", "))
    });
    if let Some(text) = other_places(finding) {
        notes.push(Note::new("also", text));
    }
    let n_folded = finding.flow.len().saturating_sub(MAX_STEPS);
    for (index, step) in finding.flow.iter().enumerate() {
        // Where data comes in and where it ends is always shown.
        if index == MAX_STEPS / 2 && 0 < n_folded {
            notes.push(Note { ink: Ink::Faint, ..Note::new("flow", format!("… {}", count(to_u64(n_folded), "more step"))) });
        }
        if index < MAX_STEPS / 2 || MAX_STEPS / 2 + n_folded <= index {
            notes.push(Note::new("flow", format!("{}: {}", place(&step.location), step.message)));
        }
    }
    for related in &finding.related {
        notes.push(Note::new("see", format!("{}: {}", place(&related.location), related.message)));
    }
    if is_first_of_rule && let Some(rule) = report.rule_of(finding) {
        notes.push(Note::new("why", brief(&rule.why)));
        notes.push(Note::new("fix", brief(&rule.how_to_fix)));
    }
    if let Some(fix) = finding.fixes.first() {
        notes.push(Note::new("change", fix.description.as_str()));
    }
    notes.retain(|note| !note.text.trim().is_empty());
    notes
}

fn suppressed(suppression: &Suppression) -> String {
    let mut text = match &suppression.kind {
        SuppressionKind::Inline(mark) => format!("by `{mark}`"),
        SuppressionKind::Configuration => "by configuration".to_owned(),
        SuppressionKind::Baseline => "by the baseline".to_owned(),
        SuppressionKind::Vex => "by a VEX document".to_owned(),
    };
    if let Some(location) = &suppression.location {
        let _ = write!(text, " in {}", place(location));
    }
    if suppression.is_added_by_change {
        text.push_str(", added by this change");
    }
    match suppression.reason.trim() {
        "" => text.push_str(", without a reason"),
        reason => {
            let _ = write!(text, ": {reason}");
        }
    }
    text
}

/// The strongest reasons; what speaks against the finding is said as well.
fn because(finding: &Finding) -> Option<String> {
    let is_for = |weight: Option<f32>| weight.is_none_or(|weight| 0.0 <= weight);
    let texts = |wanted: bool| {
        let chosen = finding.evidence.iter().filter(move |evidence| is_for(evidence.weight) == wanted);
        chosen.map(|evidence| evidence.text.trim()).filter(|text| !text.is_empty()).take(MAX_REASONS).collect::<Vec<_>>()
    };
    let (mut reasons, doubts) = (texts(true).join("; "), texts(false).join("; "));
    let is_sure = finding.evidence.iter().any(|evidence| evidence.strength == Strength::Proven);
    if !doubts.is_empty() && !is_sure {
        let _ = write!(reasons, "{}but {doubts}", if reasons.is_empty() { "" } else { "; " });
    }
    Some(reasons).filter(|text| !text.is_empty())
}

fn other_places(finding: &Finding) -> Option<String> {
    let others: Vec<_> = finding.occurrences.iter().filter(|occurrence| **occurrence != finding.location).collect();
    let named: Vec<_> = others.iter().take(MAX_PLACES).map(|location| place(location)).collect();
    let rest = others.len().saturating_sub(MAX_PLACES);
    let tail = if rest == 0 { String::new() } else { format!(", and {}", count(to_u64(rest), "more place")) };
    if named.is_empty() { None } else { Some(format!("{}{tail}", named.join(", "))) }
}

/// The whole text if it is short, else its first sentence.
fn brief(text: &str) -> &str {
    if text.chars().count() <= MAX_ADVICE_CHARACTERS { text } else { first_sentence(text) }
}

fn to_index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
