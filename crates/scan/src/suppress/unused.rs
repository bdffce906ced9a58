//! Marks of ours that suppress nothing in their file: what they were written for is gone, or they stand in the wrong place.
//!
//! This depends on the file and the engines alone, and is cached. Whether it is said is decided later: of a rule whose engine did
//! not look at the file nothing is known.

use std::collections::BTreeSet;

use bartizan_core::{ByteRange, EngineId, Location, RuleId};
use bartizan_source::{FileView, Language};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::{MAX_LINE_BYTES, MarkKind, own};
use crate::visit::Found;

/// Of one file so many are said: somebody who generates marks should not fill the report.
const MAX_MARKS: usize = 100;

/// A mark without a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnusedMark {
    /// The mark as it stands there, without the reason.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) location: Location,
    /// The rules that it names in vain, as it names them.
    pub(crate) rules: Vec<RuleId>,
    /// Whether it names others, which have a finding here.
    pub(crate) is_used_in_part: bool,
    /// The engines that have looked at all of the file.
    pub(crate) engines: Vec<String>,
}

/// The marks of a file that none of its findings stands at. `engines` have looked at all of it.
pub(crate) fn unused(view: &FileView<'_>, found: &[Found], engines: &[EngineId]) -> Vec<UnusedMark> {
    let Some(text) = view.text().filter(|_| !engines.is_empty()) else { return Vec::new() };
    let Some(first) = memmem::find(text.as_bytes(), own::MARK.as_bytes()) else { return Vec::new() };
    let used: BTreeSet<(usize, &RuleId)> = found
        .iter()
        .flat_map(|found| found.marks.iter().filter(|mark| mark.kind == MarkKind::Own).map(move |mark| (mark, &found.finding.rule)))
        .filter_map(|(mark, rule)| Some((mark.location.range()?.start(), rule)))
        .collect();
    let lines = view.lines();
    let mut unused = Vec::new();
    let mut at = first;
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| memmem::find(rest, own::MARK.as_bytes())) {
        let line = lines.line_range(text, lines.line(at + found));
        // A longer line is examined at findings, and there its end alone.
        let line_text = text.get(line.start()..line.end()).filter(|line| line.len() <= MAX_LINE_BYTES).unwrap_or_default();
        for mark in own::all(line_text) {
            let range = ByteRange::new(line.start() + mark.range.start, line.start() + mark.range.end);
            let Some(ids) = mark.ids.filter(|_| is_meant(line_text.get(..mark.range.start).unwrap_or_default(), view)) else { continue };
            let rules: BTreeSet<RuleId> = ids.split(',').filter_map(|id| id.trim().parse().ok()).collect();
            let n_rules = rules.len();
            let rules: Vec<RuleId> = rules.into_iter().filter(|rule| !used.contains(&(range.start(), rule))).collect();
            if rules.is_empty() {
                continue;
            }
            if MAX_MARKS <= unused.len() {
                return unused;
            }
            unused.push(UnusedMark {
                text: line_text.get(mark.range).unwrap_or_default().to_owned(),
                location: Location::within(view.path().clone(), range, text, lines),
                is_used_in_part: rules.len() < n_rules,
                rules,
                engines: engines.iter().map(|engine| engine.0.to_owned()).collect(),
            });
        }
        at = line.end().max(at + found + own::MARK.len());
    }
    unused
}

/// Whether somebody means it: what stands in a literal of a program, or in an example of a text, speaks of marks.
fn is_meant(before: &str, view: &FileView<'_>) -> bool {
    let is_in_literal = before.matches(['"', '`']).count() % 2 == 1;
    let is_in_text = view.language().is_some_and(is_prose);
    !is_in_literal && (!is_in_text || before.contains("<!--"))
}

/// Languages without comments but those of HTML.
fn is_prose(language: Language) -> bool {
    language == Language::Markdown
}
