//! The best way to align two sequences, of which only some pairs fit: the heaviest chain of pairs that keeps both orders.

use rustc_hash::FxHashMap;

/// What it is worth that a pair is shifted by as many lines as the one before it: nothing was inserted or removed between them.
const SAME_SHIFT: i64 = 50;

/// A pair that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// Where it is in the known sequence.
    pub(super) known: usize,
    /// Where it is in the seen one.
    pub(super) seen: usize,
    /// By how many lines it is shifted.
    pub(super) shift: i64,
    /// What the pair is worth.
    pub(super) weight: i64,
}

/// The heaviest chain: both positions grow from pair to pair. `fits` are sorted. Takes `n log n` steps.
///
/// Of chains that weigh the same the one is taken that comes first in the order of `fits`.
pub(super) fn heaviest(fits: &[Fit], n_seen: usize) -> Vec<Fit> {
    let mut ends: Vec<End> = Vec::with_capacity(fits.len());
    let mut best_before = PrefixMaximum::new(n_seen);
    // Before the first line nothing is shifted.
    let mut by_shift: FxHashMap<i64, (i64, Option<usize>)> = FxHashMap::from_iter([(0, (0, None))]);
    for of_known in fits.chunk_by(|a, b| a.known == b.known) {
        let first = ends.len();
        for fit in of_known {
            let (weight, previous) = best_before.below(fit.seen);
            let own = fit.weight + closeness(fit.shift);
            let mut end = End { weight: weight + own, previous };
            if let Some(&(weight, previous)) = by_shift.get(&fit.shift) {
                let is_before = previous.and_then(|index| fits.get(index)).is_none_or(|before| before.seen < fit.seen);
                let weight = weight + own + SAME_SHIFT;
                if is_before && end.weight <= weight {
                    end = End { weight, previous };
                }
            }
            ends.push(end);
        }
        for ((index, end), fit) in ends.iter().enumerate().skip(first).zip(of_known) {
            best_before.raise(fit.seen, end.weight, index);
            let best = by_shift.entry(fit.shift).or_insert((i64::MIN, None));
            if best.0 < end.weight {
                *best = (end.weight, Some(index));
            }
        }
    }
    let (_, mut at) = best_before.below(n_seen);
    let mut chain = Vec::new();
    while let Some((fit, end)) = at.and_then(|index| fits.get(index).zip(ends.get(index))) {
        chain.push(*fit);
        at = end.previous;
    }
    chain.reverse();
    chain
}

/// Of ways that are equal otherwise the one with shorter ways is taken: up to 16.
fn closeness(shift: i64) -> i64 {
    16 - i64::from(u64::BITS - shift.unsigned_abs().leading_zeros()).min(16)
}

/// A chain up to a pair.
struct End {
    weight: i64,
    previous: Option<usize>,
}

/// The heaviest chain that ends before a position (a Fenwick tree).
struct PrefixMaximum {
    nodes: Vec<(i64, Option<usize>)>,
}

impl PrefixMaximum {
    fn new(n_positions: usize) -> Self {
        Self { nodes: vec![(0, None); n_positions + 1] }
    }

    fn below(&self, position: usize) -> (i64, Option<usize>) {
        let mut best = (0, None);
        let mut at = position;
        while 0 < at {
            if let Some(&node) = self.nodes.get(at).filter(|node| best.0 < node.0) {
                best = node;
            }
            at &= at - 1;
        }
        best
    }

    fn raise(&mut self, position: usize, weight: i64, index: usize) {
        let mut at = position + 1;
        while let Some(node) = self.nodes.get_mut(at) {
            if node.0 < weight {
                *node = (weight, Some(index));
            }
            at += at & at.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known and seen lines of things that are all alike: which known line becomes which seen one.
    fn check(known: &[i64], seen: &[i64], expected: &[(i64, i64)]) {
        let mut fits = Vec::new();
        for (known_at, known) in known.iter().enumerate() {
            for (seen_at, seen) in seen.iter().enumerate() {
                fits.push(Fit { known: known_at, seen: seen_at, shift: seen - known, weight: 1000 });
            }
        }
        let chain = heaviest(&fits, seen.len());
        assert_eq!(chain.iter().map(|fit| (known[fit.known], seen[fit.seen])).collect::<Vec<_>>(), expected, "{known:?} {seen:?}");
    }

    #[test]
    fn what_is_inserted_takes_nothing_from_others() {
        check(&[10, 20, 30], &[5, 11, 21, 31], &[(10, 11), (20, 21), (30, 31)]);
        check(&[10, 20, 30], &[10, 15, 21, 31], &[(10, 10), (20, 21), (30, 31)]);
    }

    #[test]
    fn what_is_removed_leaves_the_others() {
        check(&[10, 20, 30], &[19, 29], &[(20, 19), (30, 29)]);
        check(&[10, 20, 30], &[10, 29], &[(10, 10), (30, 29)]);
        check(&[10, 20, 30], &[], &[]);
    }

    #[test]
    fn a_hundred_thousand_are_no_trouble() {
        let fits: Vec<Fit> = (0..100_000).map(|at| Fit { known: at, seen: at, shift: 1, weight: 1 }).collect();
        assert_eq!(heaviest(&fits, 100_000).len(), 100_000);
    }
}
