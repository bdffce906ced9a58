//! What could not be analyzed, by kind, with advice.

use std::{collections::BTreeSet, fmt::Write as _};

use bartizan_core::{Diagnostic, Level, Report};

use super::{TableOptions, finding::place, heading};
use crate::{
    failure::headline,
    snippet::{Note, Snippet},
    style::Ink,
    terminal::Terminal,
    text::{count, grouped, to_u64},
};

/// Of each kind so many are shown; the rest is counted.
const MAX_PER_KIND: usize = 5;
/// Of the places of one kind that share their reason so many are named.
const MAX_PLACES: usize = 5;

/// Writes the diagnostics, the gravest level first. Notes are left to `--verbose`.
pub(super) fn render(out: &mut String, report: &Report, options: TableOptions, terminal: Terminal) {
    let sections = [(Level::Error, "errors", "problem"), (Level::Incomplete, "not analyzed", "place"), (Level::Note, "notes", "note")];
    for (level, title, noun) in sections {
        if level == Level::Note && !options.shows_notes {
            continue;
        }
        let mut found: Vec<_> = report.diagnostics.iter().filter(|diagnostic| diagnostic.level == level).collect();
        if found.is_empty() {
            continue;
        }
        found.sort_by_key(|diagnostic| diagnostic.kind);
        heading(out, terminal, Ink::of_level(level), title, &count(to_u64(found.len()), noun));
        for of_kind in found.chunk_by(|a, b| a.kind == b.kind) {
            kind(out, of_kind, level, terminal);
        }
    }
}

fn kind(out: &mut String, diagnostics: &[&Diagnostic], level: Level, terminal: Terminal) {
    // What happened often for one reason is said once.
    let mut reasons: Vec<Vec<&Diagnostic>> = Vec::new();
    for diagnostic in diagnostics {
        let same = |group: &&mut Vec<&Diagnostic>| {
            group.first().is_some_and(|first| {
                (&first.reason, &first.limit, &first.help) == (&diagnostic.reason, &diagnostic.limit, &diagnostic.help)
            })
        };
        match reasons.iter_mut().find(same) {
            Some(group) => group.push(diagnostic),
            None => reasons.push(vec![diagnostic]),
        }
    }
    let mut n_shown = 0;
    let mut advice = BTreeSet::new();
    for group in reasons.iter().take(MAX_PER_KIND) {
        n_shown += group.len();
        let Some(first) = group.first() else { continue };
        headline(out, terminal, 0, Ink::of_level(level), &format!("{level}[{}]:", first.kind), &first.reason);
        let mut places: Vec<_> = group.iter().filter_map(|diagnostic| diagnostic.location.as_ref()).map(place).collect();
        let rest = places.len().saturating_sub(MAX_PLACES);
        places.truncate(MAX_PLACES);
        let mut snippet = Snippet::default();
        for name in places {
            snippet.places.push(name);
        }
        if 0 < rest {
            snippet.places.push(format!("… {}", count(to_u64(rest), "more place")));
        }
        if let Some(limit) = &first.limit {
            snippet.notes.push(Note::new("limit", format!("{} = {}", limit.name, limit.value)));
        }
        if !first.help.is_empty() && advice.insert(&first.help) {
            snippet.notes.push(Note::new("help", first.help.as_str()));
        }
        snippet.write(out, terminal, 0, Ink::of_level(level));
        out.push('\n');
    }
    let rest = diagnostics.len() - n_shown;
    if 0 < rest {
        let text = format!("… {} more of this kind; --format json shows all", grouped(to_u64(rest)));
        let _ = writeln!(out, "{}\n", terminal.painter.paint(Ink::Faint, &text));
    }
}
