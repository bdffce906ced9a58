//! Literals that every match holds, and where in the match they stand.
//!
//! An expression is split in two: a head whose length has a bound, and a tail that starts with one of a few literals. A
//! match can only be where such a literal is, and where the tail does not match at the literal there is none.

use regex_syntax::hir::{
    ClassUnicode, ClassUnicodeRange,
    literal::{ExtractKind, Extractor},
};

use super::{
    regex::Pattern,
    tree::{Kind, Tree},
};

/// Where the matches of an expression can be.
#[derive(Debug)]
pub(super) struct Anchors {
    /// In lower case; every match holds one of them, in any case, at the end of the head.
    pub(super) literals: Vec<Vec<u8>>,
    /// From the start of a match to the literal.
    pub(super) head: Lengths,
    /// The whole match.
    pub(super) whole: Lengths,
    /// The tail, with conditions on what stands before it; of several branches the tail of each. One of them matches at
    /// each literal that belongs to a match.
    pub(super) tails: Vec<(Pattern, Lengths)>,
}

/// How long a match can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) min_bytes: usize,
    /// Nothing if there is no bound.
    pub(super) max_chars: Option<usize>,
    /// Nothing if there is no bound.
    pub(super) max_bytes: Option<usize>,
}

/// Letters outside of ASCII that are folded into it: `ſ` and the Kelvin sign. [`Anchors`] hold for texts without them.
pub(super) const FOLD_TO_ASCII: [char; 2] = ['\u{17f}', '\u{212a}'];

/// The longest head in characters.
const MAX_HEAD_CHARS: usize = 512;
/// Literals that are shorter stand everywhere.
const MIN_LITERAL_BYTES: usize = 2;
/// The most literals.
const MAX_LITERALS: usize = 64;

impl Anchors {
    /// The anchors of an expression; nothing if there are none worth the name.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        let mut parts = Vec::new();
        flatten(tree, &mut parts);
        let mut best: Option<(usize, Vec<Vec<u8>>)> = None;
        let mut head = Lengths::ZERO;
        for (index, part) in parts.iter().enumerate() {
            let lengths = Lengths::of(part);
            if may_start_with_literal(part) && 0 < lengths.min_bytes {
                let literals = literals_of(parts.get(index..).unwrap_or_default());
                let quality = |literals: &[Vec<u8>]| literals.iter().map(Vec::len).min().unwrap_or(0).min(8);
                let is_better = best.as_ref().is_none_or(|(_, best)| quality(best) < quality(&literals));
                if MIN_LITERAL_BYTES <= quality(&literals) && is_better {
                    best = Some((index, literals));
                }
            }
            head = head.then(lengths);
            if head.max_chars.is_none_or(|chars| MAX_HEAD_CHARS < chars) {
                break;
            }
        }
        let Some((mut index, literals)) = best else { return Self::of_branches(&parts) };
        let head = parts.iter().take(index).fold(Lengths::ZERO, |sum, part| sum.then(Lengths::of(part)));
        // A condition on what stands before the literal is cheap to check there.
        while let Some(Kind::Look(_)) = index.checked_sub(1).and_then(|before| parts.get(before)).map(|part| &part.kind) {
            index -= 1;
        }
        let tail = Tree::concat(parts.into_iter().skip(index).cloned().collect());
        let tail_len = Lengths::of(&tail);
        Some(Self { literals, head, whole: Lengths::of(tree), tails: vec![(Pattern::of_tree(tail), tail_len)] })
    }

    /// The anchors of an alternation, if all branches have some.
    fn of_branches(parts: &[&Tree]) -> Option<Self> {
        let [Tree { kind: Kind::Alternation(branches), .. }] = parts else { return None };
        let mut branches = branches.iter().map(Self::of);
        let mut all = branches.next()??;
        for branch in branches {
            let branch = branch?;
            all.literals.extend(branch.literals);
            all.tails.extend(branch.tails);
            all.head = all.head.or(branch.head);
            all.whole = all.whole.or(branch.whole);
        }
        all.literals.sort_unstable();
        all.literals.dedup_by(|next, kept| next.starts_with(kept));
        Some(all)
    }
}

impl Lengths {
    const ZERO: Self = Self { min_bytes: 0, max_chars: Some(0), max_bytes: Some(0) };

    fn of(tree: &Tree) -> Self {
        match &tree.kind {
            Kind::Empty | Kind::Look(_) => Self::ZERO,
            Kind::Class(class) => {
                let ranges = class.ranges();
                let length = |c: Option<char>| c.map_or(0, char::len_utf8);
                let (first, last) = (ranges.first().map(ClassUnicodeRange::start), ranges.last().map(ClassUnicodeRange::end));
                Self { min_bytes: length(first), max_chars: Some(1), max_bytes: Some(length(last)) }
            }
            Kind::Repeat { sub, min, max, .. } => {
                let sub = Self::of(sub);
                let times = |length: usize| max.map(|max| length.saturating_mul(max as usize));
                Self {
                    min_bytes: sub.min_bytes.saturating_mul(*min as usize),
                    max_chars: sub.max_chars.and_then(|length| if length == 0 { Some(0) } else { times(length) }),
                    max_bytes: sub.max_bytes.and_then(|length| if length == 0 { Some(0) } else { times(length) }),
                }
            }
            Kind::Capture { sub, .. } => Self::of(sub),
            Kind::Concat(parts) => parts.iter().fold(Self::ZERO, |sum, part| sum.then(Self::of(part))),
            Kind::Alternation(branches) => {
                let mut lengths = branches.iter().map(Self::of);
                let first = lengths.next().unwrap_or(Self::ZERO);
                lengths.fold(first, Self::or)
            }
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            min_bytes: self.min_bytes.min(other.min_bytes),
            max_chars: self.max_chars.zip(other.max_chars).map(|(a, b)| a.max(b)),
            max_bytes: self.max_bytes.zip(other.max_bytes).map(|(a, b)| a.max(b)),
        }
    }

    const fn then(self, next: Self) -> Self {
        const fn sum(a: Option<usize>, b: Option<usize>) -> Option<usize> {
            match (a, b) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                (None, _) | (_, None) => None,
            }
        }
        Self {
            min_bytes: self.min_bytes.saturating_add(next.min_bytes),
            max_chars: sum(self.max_chars, next.max_chars),
            max_bytes: sum(self.max_bytes, next.max_bytes),
        }
    }
}

/// The parts of a sequence, whatever groups they are in.
fn flatten<'t>(tree: &'t Tree, parts: &mut Vec<&'t Tree>) {
    match &tree.kind {
        Kind::Capture { sub, .. } | Kind::Repeat { sub, min: 1, max: Some(1), .. } => flatten(sub, parts),
        Kind::Concat(subs) => subs.iter().for_each(|sub| flatten(sub, parts)),
        Kind::Empty => {}
        Kind::Class(_) | Kind::Look(_) | Kind::Repeat { .. } | Kind::Alternation(_) => parts.push(tree),
    }
}

/// The widest class that is written out.
const MAX_CHOICE: usize = 12;

fn may_start_with_literal(part: &Tree) -> bool {
    match &part.kind {
        Kind::Class(class) => n_members(&lowered(class)) <= MAX_CHOICE,
        Kind::Repeat { sub, min, .. } => 0 < *min && may_start_with_literal(sub),
        Kind::Capture { sub, .. } => may_start_with_literal(sub),
        Kind::Concat(parts) => {
            parts.iter().find(|part| !matches!(part.kind, Kind::Look(_) | Kind::Empty)).is_some_and(may_start_with_literal)
        }
        Kind::Alternation(branches) => branches.iter().all(may_start_with_literal),
        Kind::Empty | Kind::Look(_) => false,
    }
}

fn n_members(class: &ClassUnicode) -> usize {
    class.ranges().iter().map(ClassUnicodeRange::len).sum()
}

/// The literals that a sequence starts with, in lower case; empty if there are too many, or none.
fn literals_of(parts: &[&Tree]) -> Vec<Vec<u8>> {
    const MAX_LITERAL_BYTES: usize = 16;
    let hirs = parts.iter().map(|part| part.to_hir(lowered)).collect();
    let mut extractor = Extractor::new();
    extractor
        .kind(ExtractKind::Prefix)
        .limit_class(MAX_CHOICE)
        .limit_repeat(4)
        .limit_literal_len(MAX_LITERAL_BYTES)
        .limit_total(MAX_LITERALS);
    let sequence = extractor.extract(&regex_syntax::hir::Hir::concat(hirs));
    let mut literals: Vec<Vec<u8>> = sequence.literals().unwrap_or_default().iter().map(|literal| literal.as_bytes().to_vec()).collect();
    literals.sort_unstable();
    // What starts with another one stands at the same place.
    literals.dedup_by(|next, kept| next.starts_with(kept));
    literals
}

/// The class in lower case, without what folds into ASCII.
fn lowered(class: &ClassUnicode) -> ClassUnicode {
    let upper = ClassUnicode::new([ClassUnicodeRange::new('A', 'Z')]);
    let mut letters = class.clone();
    letters.intersect(&upper);
    let mut class = class.clone();
    class.difference(&upper);
    class.difference(&ClassUnicode::new(FOLD_TO_ASCII.map(|c| ClassUnicodeRange::new(c, c))));
    let to_lower = |range: &ClassUnicodeRange| ClassUnicodeRange::new(range.start().to_ascii_lowercase(), range.end().to_ascii_lowercase());
    class.union(&ClassUnicode::new(letters.ranges().iter().map(to_lower)));
    class
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the literals and the head's least and greatest length in characters.
    #[track_caller]
    fn check(pattern: &str, literals: &str, head: (usize, usize)) {
        let anchors = Anchors::of(Pattern::parse(pattern).unwrap().tree()).unwrap();
        let found: Vec<_> = anchors.literals.iter().map(|literal| String::from_utf8_lossy(literal)).collect();
        assert_eq!((found.join(" ").as_str(), (anchors.head.min_bytes, anchors.head.max_chars.unwrap())), (literals, head), "{pattern}");
    }

    #[test]
    fn a_literal_is_found_with_its_distance() {
        check(r"ghp_[0-9a-zA-Z]{36}", "ghp_", (0, 0));
        check(r"\b(AKIA|ASIA)[A-Z2-7]{16}\b", "akia asia", (0, 0));
        check(r"(?i)[\w.-]{0,50}?(?:key|token)(?:[\w.-]{0,20})=", "key token", (0, 50));
        check(r"(?i)(?:(?:pass|passwd|password)|sk)=", "pass= passwd= password= sk=", (0, 0));
        check(r"(?:https?://)?hooks.slack.com/", "hooks", (0, 8));
        check(r"[0-9]{8,10}:AA[\w-]{33}", ":aa", (8, 10));
        check(
            r"(?i)([\w.-]{0,50}?jira[0-9]{9}|\bATATT3[\w=-]{18})",
            "atatt3 jira0 jira1 jira2 jira3 jira4 jira5 jira6 jira7 jira8 jira9",
            (0, 50),
        );
        check(r"(?i)(?:\bkind:[ \t]*secret|\bdata:.{0,9}x)", "data: kind:\t kind:  kind:secret", (0, 0));
    }

    #[test]
    fn without_a_literal_at_a_bounded_distance_there_are_no_anchors() {
        for pattern in [r"[a-z]+_key", r"a", r"(?:abc)?", r"abc|", r"[^a]{30}", ""] {
            assert!(Anchors::of(Pattern::parse(pattern).unwrap().tree()).is_none(), "{pattern}");
        }
    }
}
