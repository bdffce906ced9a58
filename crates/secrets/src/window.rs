//! Where a match can be, once one of its keywords was seen: exact bounds, computed from the pattern.
//!
//! A scanner that runs a pattern over a whole file because a keyword stands somewhere in it is slow. Here the pattern's
//! high-level representation says how far left of the keyword a match can start and how long it can be.

use std::fmt;

use regex_syntax::hir::{Hir, HirKind};

/// Where a match can be, relative to a keyword in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// For each keyword the least and the greatest distance from the start of a match to the keyword.
    pub(crate) before: Vec<(usize, usize)>,
    /// The length of the longest match.
    pub(crate) max_len: usize,
}

/// The longest match that a rule may have, in bytes.
pub(crate) const MAX_MATCH_BYTES: usize = 64 << 10;

/// Why a pattern has no bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoWindow {
    Syntax,
    Unbounded,
}

impl fmt::Display for NoWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("the expression can't be read"),
            Self::Unbounded => write!(f, "a match can be longer than {MAX_MATCH_BYTES} bytes; bound its repetitions: {{1,64}}"),
        }
    }
}

impl Window {
    /// Computes the bounds of a pattern for its keywords, which are in lower case.
    pub(crate) fn of(pattern: &str, keywords: &[String]) -> Result<Self, NoWindow> {
        let hir = regex_automata::util::syntax::parse_with(pattern, &crate::rule::dialect()).map_err(|_| NoWindow::Syntax)?;
        let max_len = hir.properties().maximum_len().filter(|&length| length <= MAX_MATCH_BYTES).ok_or(NoWindow::Unbounded)?;
        let mut units = Vec::new();
        flatten(&hir, &mut units);
        let before = keywords
            .iter()
            .map(|keyword| offsets(&units, keyword.as_bytes()).unwrap_or((0, max_len.saturating_sub(keyword.len()))))
            .collect();
        Ok(Self { before, max_len })
    }
}

/// A piece of a pattern, in order.
enum Unit {
    /// One byte out of these, in lower case.
    Byte(Vec<u8>),
    /// Something between these lengths.
    Gap(usize, usize),
    /// One of several sequences.
    Either(Vec<Vec<Self>>),
}

/// The most bytes that a counted repetition is written out to.
const MAX_WRITTEN_OUT: u32 = 32;

fn flatten(hir: &Hir, units: &mut Vec<Unit>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => units.extend(literal.0.iter().map(|byte| Unit::Byte(vec![byte.to_ascii_lowercase()]))),
        HirKind::Capture(capture) => flatten(&capture.sub, units),
        HirKind::Concat(parts) => parts.iter().for_each(|part| flatten(part, units)),
        HirKind::Alternation(parts) => units.push(Unit::Either(
            parts
                .iter()
                .map(|part| {
                    let mut branch = Vec::new();
                    flatten(part, &mut branch);
                    branch
                })
                .collect(),
        )),
        HirKind::Repetition(repetition) if repetition.max == Some(repetition.min) && repetition.min <= MAX_WRITTEN_OUT => {
            (0..repetition.min).for_each(|_| flatten(&repetition.sub, units));
        }
        HirKind::Class(regex_syntax::hir::Class::Bytes(class)) => {
            let mut bytes: Vec<u8> =
                class.iter().flat_map(|range| range.start()..=range.end()).map(|byte| byte.to_ascii_lowercase()).collect();
            bytes.sort_unstable();
            bytes.dedup();
            units.push(Unit::Byte(bytes));
        }
        HirKind::Repetition(_) | HirKind::Class(_) => {
            let properties = hir.properties();
            units.push(Unit::Gap(properties.minimum_len().unwrap_or(0), properties.maximum_len().unwrap_or(MAX_MATCH_BYTES)));
        }
    }
}

/// The least and the greatest offset at which the keyword can stand; nothing if it can't be located.
///
/// Only places of which the keyword's first byte is fairly certain count: a keyword that could also be matched by wide
/// classes alone (`[0-9a-z]{36}`) is located at the literals that it is written in.
fn offsets(units: &[Unit], keyword: &[u8]) -> Option<(usize, usize)> {
    let mut found: Option<(usize, usize)> = None;
    let (mut least, mut greatest) = (0_usize, 0_usize);
    for (index, unit) in units.iter().enumerate() {
        let inside = match unit {
            Unit::Byte(_) | Unit::Gap(..) => stands_at(units, index, keyword).then_some((0, 0)),
            Unit::Either(branches) => {
                let located: Vec<_> = branches.iter().filter_map(|branch| offsets(branch, keyword)).collect();
                let low = located.iter().map(|offset| offset.0).min();
                low.zip(located.iter().map(|offset| offset.1).max())
            }
        };
        if let Some((low, high)) = inside {
            let (low, high) = (least + low, greatest + high);
            found = Some(found.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
        }
        let (shortest, longest) = lengths(unit);
        least += shortest;
        greatest = greatest.saturating_add(longest);
    }
    found
}

/// The widest class that counts as written out: a letter in both cases, or a choice of a few.
const MAX_CHOICE: usize = 6;

fn stands_at(units: &[Unit], index: usize, keyword: &[u8]) -> bool {
    keyword.iter().enumerate().all(|(step, wanted)| match units.get(index + step) {
        Some(Unit::Byte(bytes)) => bytes.len() <= MAX_CHOICE && bytes.contains(wanted),
        Some(Unit::Gap(..) | Unit::Either(_)) | None => false,
    })
}

fn lengths(unit: &Unit) -> (usize, usize) {
    let of_branch = |branch: &Vec<Unit>| {
        branch.iter().map(lengths).fold((0_usize, 0_usize), |sum, part| (sum.0 + part.0, sum.1.saturating_add(part.1)))
    };
    match unit {
        Unit::Byte(_) => (1, 1),
        Unit::Gap(shortest, longest) => (*shortest, *longest),
        Unit::Either(branches) => {
            let lengths: Vec<_> = branches.iter().map(of_branch).collect();
            (lengths.iter().map(|length| length.0).min().unwrap_or(0), lengths.iter().map(|length| length.1).max().unwrap_or(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, keyword: &str, before: (usize, usize), max_len: usize) {
        let window = Window::of(pattern, &[keyword.to_owned()]).unwrap();
        assert_eq!((window.before[0], window.max_len), (before, max_len), "{pattern}");
    }

    #[test]
    fn a_prefix_is_at_the_start() {
        check("ghp_[0-9A-Za-z]{36}", "ghp_", (0, 0), 40);
        check("(?i)ghp_[0-9a-z]{36}", "ghp_", (0, 0), 40);
        check("gh[pousr]_[0-9A-Za-z]{36}", "ghs_", (0, 0), 40);
        check("(?:ghp|xyz)_a", "ghp", (0, 0), 5);
    }

    #[test]
    fn a_keyword_in_the_middle_has_a_range() {
        check("[0-9]{8,10}:AA[0-9A-Za-z_-]{33}", ":aa", (8, 10), 46);
        check("x{0,5}(?P<secret>abc|zzabc)", "abc", (0, 7), 10);
    }

    #[test]
    fn a_keyword_that_cannot_be_located_may_be_anywhere() {
        check("(?:sk|rk)_live_[a-z]{4}", "sk_live_", (0, 4), 12);
    }

    #[test]
    fn unbounded_patterns_are_refused() {
        assert_eq!(Window::of("abc.*", &["abc".to_owned()]), Err(NoWindow::Unbounded));
        assert_eq!(Window::of("abc(", &["abc".to_owned()]), Err(NoWindow::Syntax));
    }
}
