//! Our own mark: `bartizan:ignore[rule-id, other-id] reason`.

use bartizan_core::RuleId;

use super::{Found, MarkKind, MarkedLine, comment};

/// How it starts.
pub(super) const MARK: &str = "bartizan:ignore";

/// The marks of a line that name a rule, and those that can't be used.
pub(super) fn find<'a>(line: MarkedLine<'a>, rule: &RuleId) -> Vec<Found<'a>> {
    let mut all = Vec::new();
    for (start, _) in line.text.match_indices(MARK) {
        let (Some(before), Some(after)) = (line.text.get(..start), line.text.get(start + MARK.len()..)) else { continue };
        let is_word = before.chars().next_back().is_none_or(|character| !character.is_alphanumeric());
        if !is_word || !comment::is_open(before) {
            continue;
        }
        match ids(after) {
            Some((ids, rest)) => {
                if ids.split(',').any(|id| id.trim() == rule.as_str()) {
                    let end = line.text.len() - rest.len();
                    all.push(Found { kind: MarkKind::Own, mark: start..end, reason: reason(rest), expires: None });
                }
            }
            None => {
                let mark = start..start + MARK.len();
                all.push(Found { kind: MarkKind::Unusable, mark, reason: "", expires: None });
            }
        }
    }
    all
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
