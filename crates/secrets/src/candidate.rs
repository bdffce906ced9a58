//! What was found in a file before it is decided what is reported.

use bartizan_core::{ByteRange, Confidence, Evidence, SecretText, Strength};

/// A value that a rule found.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The rule, by its place among the engine's rules.
    pub(crate) rule: usize,
    /// Where the value stands in the file's text; of a decoded value, where it stands encoded.
    pub(crate) range: ByteRange,
    /// The value itself.
    pub(crate) value: SecretText,
    /// The part that all values of the kind share.
    pub(crate) visible_prefix: String,
    /// The best evidence.
    pub(crate) strength: Strength,
    pub(crate) confidence: Confidence,
    /// All evidence, the strongest first.
    pub(crate) evidence: Vec<Evidence>,
    /// Whether the rule knows the credential's kind, rather than judging by context alone.
    pub(crate) is_specific: bool,
}

/// Keeps one candidate for each span: one that knows the credential's kind, then the strongest, then the longest.
///
/// What a less specific rule proved of the very same span is evidence for the one that is kept.
pub(crate) fn resolve(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        let rank = |candidate: &Candidate| {
            let has_shape = Strength::Structural <= candidate.strength;
            (has_shape, candidate.is_specific, candidate.strength, candidate.confidence, candidate.range.len())
        };
        rank(b).cmp(&rank(a)).then(a.range.cmp(&b.range)).then(a.rule.cmp(&b.rule))
    });
    let mut kept: Vec<Candidate> = Vec::new();
    // The kept ranges never overlap, so that those in order of place can be searched.
    let mut ranges: std::collections::BTreeMap<usize, (usize, usize)> = std::collections::BTreeMap::new();
    for candidate in candidates {
        let range = candidate.range;
        let overlapping = ranges.range(..range.end().max(range.start() + 1)).next_back().filter(|(_, (end, _))| range.start() < *end);
        let Some((&start, &(end, index))) = overlapping else {
            ranges.insert(range.start(), (range.end(), kept.len()));
            kept.push(candidate);
            continue;
        };
        if let Some(winner) =
            kept.get_mut(index).filter(|winner| (start, end) == (range.start(), range.end()) && winner.strength < candidate.strength)
        {
            winner.strength = candidate.strength;
            winner.confidence = winner.confidence.max(candidate.confidence);
            winner.evidence.splice(0..0, candidate.evidence);
        }
    }
    kept.sort_by_key(|candidate| (candidate.range, candidate.rule));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(rule: usize, range: std::ops::Range<usize>, strength: Strength) -> Candidate {
        Candidate {
            rule,
            range: range.into(),
            value: SecretText::new(String::new()),
            visible_prefix: String::new(),
            strength,
            confidence: Confidence::Medium,
            evidence: Vec::new(),
            is_specific: true,
        }
    }

    #[test]
    fn the_strongest_of_overlapping_candidates_is_kept() {
        let kept = resolve(vec![
            candidate(0, 0..30, Strength::Contextual),
            candidate(1, 10..20, Strength::Proven),
            candidate(2, 20..25, Strength::Structural),
            candidate(3, 40..50, Strength::Contextual),
            candidate(4, 40..45, Strength::Contextual),
        ]);
        assert_eq!(kept.iter().map(|candidate| candidate.rule).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
