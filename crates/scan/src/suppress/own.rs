//! Our own mark: `bartizan:ignore[rule-id, other-id] reason`.

use std::ops::Range;

use bartizan_core::RuleId;

use super::{Found, MarkKind, MarkedLine, comment};

/// How it starts.
pub(super) const MARK: &str = "bartizan:ignore";

/// A mark in a line.
pub(super) struct OwnMark<'a> {
    /// Within the line, without the reason.
    pub(super) range: Range<usize>,
    /// The ids between the brackets; nothing if it can't be used.
    pub(super) ids: Option<&'a str>,
    /// What follows.
    rest: &'a str,
}

/// The marks of a line that name a rule, and those that can't be used.
pub(super) fn find<'a>(line: MarkedLine<'a>, rule: &RuleId) -> Vec<Found<'a>> {
    let names_it = |ids: &str| ids.split(',').any(|id| id.trim() == rule.as_str());
    let found = all(line.text).filter_map(|OwnMark { range: mark, ids, rest }| match ids {
        Some(ids) => names_it(ids).then(|| Found { kind: MarkKind::Own, mark, reason: reason(rest), expires: None }),
        None => Some(Found { kind: MarkKind::Unusable, mark, reason: "", expires: None }),
    });
    found.collect()
}

/// All marks of a line.
pub(super) fn all(line: &str) -> impl Iterator<Item = OwnMark<'_>> {
    line.match_indices(MARK).filter_map(move |(start, _)| {
        let (before, after) = (line.get(..start)?, line.get(start + MARK.len()..)?);
        let is_word = before.chars().next_back().is_none_or(|character| !character.is_alphanumeric());
        if !is_word || !comment::is_open(before) {
            return None;
        }
        Some(match ids(after) {
            Some((ids, rest)) => OwnMark { range: start..line.len() - rest.len(), ids: Some(ids), rest },
            None => OwnMark { range: start..start + MARK.len(), ids: None, rest: after },
        })
    })
}

/// The ids between the brackets, and what follows these; nothing unless every one of them can be the id of a rule.
fn ids(after: &str) -> Option<(&str, &str)> {
    let (ids, rest) = after.strip_prefix('[')?.split_once(']')?;
    let is_id = |id: &str| id.trim().parse::<RuleId>().is_ok() && !id.contains('*');
    ids.split(',').all(is_id).then_some((ids, rest))
}

/// What follows the mark, up to the next one or the end of the comment.
fn reason(rest: &str) -> &str {
    let rest = rest.split(MARK).next().unwrap_or_default();
    comment::until_closed(rest).trim_start_matches([':', '-', '–', '—', ' ', '\t']).trim_end()
}
