//! The marks of other tools, and the engines that they belong to. Spellings and reach are those that the tools document.

use std::ops::Range;

use super::{Found, MarkKind, MarkedLine, NamedRule, Side, comment};
use crate::Date;

/// A mark of another tool.
pub(super) struct ForeignMark {
    /// What stands in the line.
    pub(super) text: &'static str,
    /// The engines that honor it.
    engines: &'static [&'static str],
    /// Where it may stand.
    reach: Reach,
    /// Which rules it names.
    ids: Ids,
}

/// Where a mark may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// On any line of the finding.
    Lines,
    /// There, or in a comment above.
    LinesOrAbove,
    /// In a comment above.
    Above,
}

/// Which rules a mark names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// None: it means all.
    None,
    /// None, which means all, or a list after a colon: `nosemgrep: a, b`.
    AfterColon,
    /// None, which means all, or a list: `nosec B101 B102 -- reason`.
    AfterSpace,
    /// A list: `hadolint ignore=DL3006,DL3008`.
    List,
    /// One, followed by a reason: `checkov:skip=CKV_AWS_20:reason`.
    OneAndReason,
    /// A list up to a bracket, which a reason may follow: `zizmor: ignore[a, b] reason`.
    UntilBracket,
    /// One, perhaps with a date: `trivy:ignore:AVD-AWS-0001:exp:2026-12-31`.
    OneAndExpiry,
}

const fn secrets(text: &'static str, reach: Reach) -> ForeignMark {
    ForeignMark { text, engines: &["secrets"], reach, ids: Ids::None }
}

/// All marks. Where one is the start of another, the longer one stands first.
pub(super) static MARKS: &[ForeignMark] = &[
    ForeignMark { text: "nosemgrep", engines: &["sast"], reach: Reach::LinesOrAbove, ids: Ids::AfterColon },
    ForeignMark { text: "nosec", engines: &["sast"], reach: Reach::LinesOrAbove, ids: Ids::AfterSpace },
    secrets("gitleaks:allow", Reach::Lines),
    secrets("betterleaks:allow", Reach::Lines),
    secrets("kingfisher:ignore", Reach::Lines),
    secrets("trufflehog:ignore", Reach::Lines),
    secrets("pragma: allowlist nextline secret", Reach::Above),
    secrets("pragma: allowlist secret", Reach::Lines),
    secrets("pragma: whitelist secret", Reach::Lines),
    ForeignMark { text: "checkov:skip=", engines: &["iac"], reach: Reach::LinesOrAbove, ids: Ids::OneAndReason },
    ForeignMark { text: "trivy:ignore:", engines: &["iac", "deps"], reach: Reach::LinesOrAbove, ids: Ids::OneAndExpiry },
    ForeignMark { text: "tfsec:ignore:", engines: &["iac"], reach: Reach::LinesOrAbove, ids: Ids::OneAndExpiry },
    ForeignMark { text: "hadolint ignore=", engines: &["iac"], reach: Reach::Above, ids: Ids::List },
    ForeignMark { text: "zizmor: ignore[", engines: &["iac"], reach: Reach::Lines, ids: Ids::UntilBracket },
    ForeignMark { text: "kics-scan ignore-line", engines: &["iac"], reach: Reach::Above, ids: Ids::None },
    ForeignMark { text: "kics-scan ignore-block", engines: &["iac"], reach: Reach::Above, ids: Ids::None },
];

/// The marks of a line that speak of an engine's rule.
pub(super) fn find<'a>(line: MarkedLine<'a>, rule: NamedRule<'_>) -> Vec<Found<'a>> {
    let of_engine = MARKS.iter().filter(|mark| mark.engines.contains(&rule.engine.0) && mark.reach.includes(line.side));
    of_engine.flat_map(|mark| line.text.match_indices(mark.text).filter_map(|(start, _)| at(line.text, start, mark, rule))).collect()
}

fn at<'a>(line: &'a str, start: usize, mark: &ForeignMark, rule: NamedRule<'_>) -> Option<Found<'a>> {
    let is_word_before = line.get(..start)?.chars().next_back().is_some_and(char::is_alphanumeric);
    let after = line.get(start + mark.text.len()..)?;
    let is_word_after = mark.text.ends_with(char::is_alphanumeric) && after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if is_word_before || is_word_after {
        return None;
    }
    let found = |ids: &str, reason: &'a str, expires| {
        let end = start + mark.text.len() + super::offset_in(after, ids) + ids.len();
        let mark: Range<usize> = start..end;
        Found { kind: MarkKind::Foreign, mark, reason, expires }
    };
    let nothing = after.get(..0)?;
    match mark.ids {
        Ids::None => Some(found(nothing, "", None)),
        Ids::AfterColon => {
            let Some(ids) = after.trim_start().strip_prefix(':') else { return Some(found(nothing, "", None)) };
            let ids = comment::until_closed(ids);
            let is_named = ids.split([',', ' ', '\t']).any(|id| names(id, rule));
            is_named.then(|| found(ids, "", None))
        }
        Ids::AfterSpace => {
            let rest = comment::until_closed(after);
            let (ids, reason) = rest.split_once("--").unwrap_or((rest, ""));
            let ids = ids.trim_end().trim_start_matches([':', ' ']);
            // What is no id is prose: `# nosec the input is checked above`.
            let is_id = |word: &str| word.chars().any(|c| c.is_ascii_digit()) && !word.contains(char::is_lowercase);
            let mut words = ids.split([',', ' ', '\t']).filter(|word| !word.is_empty()).peekable();
            if words.peek().is_none_or(|word| !is_id(word)) {
                return Some(found(nothing, reason.trim(), None));
            }
            words.take_while(|word| is_id(word)).any(|id| names(id, rule)).then(|| found(ids, reason.trim(), None))
        }
        Ids::List => {
            let ids = after.split([' ', '\t', '#']).next().unwrap_or_default();
            ids.split(',').any(|id| names(id, rule)).then(|| found(ids, "", None))
        }
        Ids::OneAndReason => {
            let rest = comment::until_closed(after);
            let end = rest.find([':', ' ', '\t']).unwrap_or(rest.len());
            let (id, reason) = rest.split_at_checked(end)?;
            names(id, rule).then(|| found(id, reason.trim_start_matches(':').trim(), None))
        }
        Ids::UntilBracket => {
            let (ids, reason) = after.split_once(']')?;
            ids.split(',').any(|id| names(id, rule)).then(|| found(ids, comment::until_closed(reason), None))
        }
        Ids::OneAndExpiry => {
            let word = after.split_whitespace().next().unwrap_or_default();
            let (id, expires) = match word.split_once(":exp:") {
                // A date that is none would make the mark hold for ever: it does not hold at all.
                Some((id, date)) => (id, Some(date.parse::<Date>().ok()?)),
                None => (word, None),
            };
            names(id.split(['[', ':']).next().unwrap_or_default(), rule).then(|| found(word, "", expires))
        }
    }
}

/// Whether an id names a rule: in full, or by its last part, as `python.lang.eval-used` names `eval-used`.
fn names(id: &str, rule: NamedRule<'_>) -> bool {
    let id = id.trim();
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_alias = || rule.aliases().iter().any(|alias| alias.eq_ignore_ascii_case(id));
    !id.is_empty() && (id.eq_ignore_ascii_case(rule.id.as_str()) || last(id) == last(rule.id.as_str()) || is_alias())
}

impl Reach {
    const fn includes(self, side: Side) -> bool {
        match (self, side) {
            (Self::Lines, Side::First | Side::Within) | (Self::Above, Side::Above) => true,
            (Self::LinesOrAbove, Side::First | Side::Within | Side::Above) => true,
            (Self::Lines, Side::Above) | (Self::Above, Side::First | Side::Within) => false,
        }
    }
}
