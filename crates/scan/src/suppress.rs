//! Marks in comments that suppress a finding: ours, and those of other tools for the engines that they belong to.
//!
//! Ours is `bartizan:ignore[rule-id] reason`. It stands in a comment on a line of the finding, or in a comment that has the
//! line above to itself; several marks may be stacked there. It names every rule that it means, separated by commas: `*` means
//! nothing, so that a mark never hides what nobody thought of. Without a reason it is honored, unless the configuration says
//! otherwise, and a diagnostic asks for one. A mark that names no rule is not honored, and a diagnostic says so.
//!
//! Only lines at findings are examined, but for marks of ours that suppress nothing. Whether a mark is honored is decided later: what is found here depends on the text
//! alone, and is cached.

mod comment;
mod foreign;
mod own;
mod unused;

use std::{collections::BTreeMap, sync::OnceLock};

use bartizan_core::{ByteRange, EngineId, LineIndex, Location, RuleId};
use bartizan_source::Analyzer;
use serde::{Deserialize, Serialize};

pub(crate) use self::unused::{UnusedMark, unused};
use crate::Date;

/// Lines above a finding that are searched for stacked marks.
const MAX_LINES_ABOVE: u32 = 8;
/// Of a finding that spans more lines so many are examined at either end.
const MAX_LINES_AT_END: u32 = 200;
/// Of a longer line only the end is examined, where comments are.
const MAX_LINE_BYTES: usize = 4096;

/// A mark at a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// Whose it is.
    pub(crate) kind: MarkKind,
    /// The mark as it stands there, without the reason.
    pub(crate) text: String,
    /// Why, in the words of who wrote it, with secrets masked; empty if nobody said.
    pub(crate) reason: String,
    /// The last day on which it holds, if it says so.
    pub(crate) expires: Option<Date>,
    /// Where it stands.
    pub(crate) location: Location,
}

/// Whose mark it is, and whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum MarkKind {
    /// Ours, for the finding's rule.
    Own,
    /// Another tool's, for the finding's engine.
    Foreign,
    /// It looks like ours, but names no rule.
    Unusable,
}

/// The names of rules in other tools, by their own; asked for at the first mark that may use one.
#[derive(Default)]
pub(crate) struct Aliases<'a> {
    analyzers: &'a [Box<dyn Analyzer>],
    names: OnceLock<BTreeMap<RuleId, Vec<String>>>,
}

impl<'a> Aliases<'a> {
    /// The names of all rules that these engines run.
    pub(crate) fn of(analyzers: &'a [Box<dyn Analyzer>]) -> Self {
        Self { analyzers, names: OnceLock::new() }
    }

    /// A rule of an engine, by all its names.
    pub(crate) fn named<'r>(&'r self, engine: EngineId, id: &'r RuleId) -> NamedRule<'r> {
        NamedRule { engine, id, aliases: self }
    }
}

/// A rule, by all its names.
#[derive(Clone, Copy)]
pub(crate) struct NamedRule<'a> {
    engine: EngineId,
    id: &'a RuleId,
    aliases: &'a Aliases<'a>,
}

impl NamedRule<'_> {
    /// What other tools call it.
    fn aliases(&self) -> &[String] {
        let names = self.aliases.names.get_or_init(|| self.aliases.analyzers.iter().flat_map(|analyzer| analyzer.aliases()).collect());
        names.get(self.id).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Where a mark stands with regard to the finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// On the finding's first line.
    First,
    /// On another line of the finding.
    Within,
    /// On a line above.
    Above,
}

/// A line to examine.
#[derive(Debug, Clone, Copy)]
struct MarkedLine<'a> {
    text: &'a str,
    /// Where `text` starts in the file.
    start: usize,
    side: Side,
}

/// What a line says about a finding.
struct Found<'a> {
    kind: MarkKind,
    /// Within the line.
    mark: std::ops::Range<usize>,
    reason: &'a str,
    expires: Option<Date>,
}

/// The marks at a finding, the first that can be used first: ours before foreign ones. `shown` gives a part of the text as it
/// may be shown.
pub(crate) fn marks(
    text: &str,
    lines: &LineIndex,
    location: &Location,
    rule: NamedRule<'_>,
    shown: &dyn Fn(ByteRange) -> String,
) -> Vec<Mark> {
    let Some(range) = location.range() else { return Vec::new() };
    let mut marks = Vec::new();
    for line in lines_at(text, lines, range) {
        let found = own::find(line, rule.id).into_iter().chain(foreign::find(line, rule));
        marks.extend(found.map(|found| {
            let (start, end) = (line.start + found.mark.start, line.start + found.mark.end);
            let reason_start = line.start + offset_in(line.text, found.reason);
            Mark {
                kind: found.kind,
                text: line.text.get(found.mark).unwrap_or_default().to_owned(),
                reason: shown(ByteRange::new(reason_start, reason_start + found.reason.len())),
                expires: found.expires,
                location: Location::within(location.artifact.clone(), ByteRange::new(start, end), text, lines),
            }
        }));
    }
    marks.sort_by_key(|mark| mark.kind);
    marks
}

fn lines_at<'a>(text: &'a str, lines: &LineIndex, range: ByteRange) -> Vec<MarkedLine<'a>> {
    let line = |number, side| {
        let of_line = lines.line_range(text, number);
        let start = text.ceil_char_boundary(of_line.start().max(of_line.end().saturating_sub(MAX_LINE_BYTES)));
        MarkedLine { text: text.get(start..of_line.end()).unwrap_or_default(), start, side }
    };
    let first = lines.line(range.start());
    let last = lines.line(range.end().saturating_sub(1).max(range.start()));
    let mut all = vec![line(first, Side::First)];
    let is_examined = |number: &u32| *number <= first.saturating_add(MAX_LINES_AT_END) || last.saturating_sub(MAX_LINES_AT_END) <= *number;
    all.extend((first.saturating_add(1)..=last).filter(is_examined).map(|number| line(number, Side::Within)));
    let above = (first.saturating_sub(MAX_LINES_ABOVE).max(1)..first).rev().map(|number| line(number, Side::Above));
    // A line above speaks of the finding if nothing stands there but a comment; so does one above that, if both are marks.
    all.extend(above.take_while(|line| comment::is_alone(line.text) && has_mark(line.text)));
    all
}

fn has_mark(line: &str) -> bool {
    line.contains(own::MARK) || foreign::MARKS.iter().any(|mark| line.contains(mark.text))
}

/// Where a part of a text starts in it.
fn offset_in(whole: &str, part: &str) -> usize {
    (part.as_ptr().addr()).saturating_sub(whole.as_ptr().addr()).min(whole.len())
}

#[cfg(test)]
mod tests;
