//! Pairs what a tier takes for the same, in order.

use rustc_hash::FxHashMap;

use super::{
    chain::{Fit, heaviest},
    item::{Bars, Item, may_be, pair},
};
use crate::identity::{Digest, Tier};

/// How often what is left is aligned once more, for what changed places.
const MAX_ROUNDS: usize = 8;
/// Within a group of sightings that a tier takes for the same, all pairs are tried up to this many.
const MAX_PAIRS_OF_GROUP: usize = 1 << 14;
/// In a larger group, those that are at most so far from each other in the order, from its start or from its end.
const BAND: usize = 16;
/// A pair that is settled is kept.
const SETTLED: i64 = 1_000_000;

/// What a tier takes for the same.
pub(super) struct Likeness<'f> {
    pub(super) tier: Tier,
    /// Only those with the same one are compared; those without are not.
    pub(super) group: &'f dyn Fn(&Item<'_>) -> Option<Digest>,
    /// What a pair is worth, about 1000; nothing if it is none.
    pub(super) weight: &'f dyn Fn(&Item<'_>, &Item<'_>) -> Option<i64>,
    /// Whether order is all that is left to go by, so that what crosses is not the same.
    pub(super) is_ordered: bool,
}

/// Pairs those of two lists, each in the order of lines, that are free; those that are pairs already guide.
pub(super) fn align(known: &[&Item<'_>], seen: &[&Item<'_>], likeness: &Likeness<'_>, bars: &Bars) {
    if !known.iter().any(|item| item.is_free()) || !seen.iter().any(|item| item.is_free()) {
        return;
    }
    let positions: FxHashMap<usize, usize> = seen.iter().enumerate().map(|(at, item)| (item.index, at)).collect();
    for _ in 0..if likeness.is_ordered { 1 } else { MAX_ROUNDS } {
        let mut fits = settled(known, seen, &positions);
        let n_settled = fits.len();
        fits.extend(free_fits(known, seen, likeness, bars));
        if fits.len() == n_settled {
            return;
        }
        fits.sort_unstable();
        for fit in heaviest(&fits, seen.len()) {
            if let (Some(known), Some(seen)) = (known.get(fit.known), seen.get(fit.seen)) {
                pair(known, seen, likeness.tier);
            }
        }
    }
    // Many that changed places: all that is left of them is alike.
    for fit in if likeness.is_ordered { Vec::new() } else { free_fits(known, seen, likeness, bars) } {
        if let (Some(known), Some(seen)) = (known.get(fit.known), seen.get(fit.seen)) {
            pair(known, seen, likeness.tier);
        }
    }
}

/// The pairs that are settled already.
fn settled(known: &[&Item<'_>], seen: &[&Item<'_>], positions: &FxHashMap<usize, usize>) -> Vec<Fit> {
    let fit = |(at, item): (usize, &&Item<'_>)| {
        let &seen_at = positions.get(&item.partner.get()?.0)?;
        Some(Fit { known: at, seen: seen_at, shift: seen.get(seen_at)?.line() - item.line(), weight: SETTLED })
    };
    known.iter().enumerate().filter_map(fit).collect()
}

/// The pairs of free ones that fit, group by group.
fn free_fits(known: &[&Item<'_>], seen: &[&Item<'_>], likeness: &Likeness<'_>, bars: &Bars) -> Vec<Fit> {
    let (known_groups, seen_groups) = (groups(known, likeness), groups(seen, likeness));
    let mut fits = Vec::new();
    for (group, of_known) in &known_groups {
        let Some(of_seen) = seen_groups.get(group) else { continue };
        for (rank, &(known_at, known)) in of_known.iter().enumerate() {
            for window in windows(rank, of_known.len(), of_seen.len()) {
                for &(seen_at, seen) in of_seen.get(window).unwrap_or_default() {
                    let weight = if may_be(known, seen, bars) { (likeness.weight)(known, seen) } else { None };
                    let shift = seen.line() - known.line();
                    fits.extend(weight.map(|weight| Fit { known: known_at, seen: seen_at, shift, weight }));
                }
            }
        }
    }
    fits.sort_unstable();
    fits.dedup();
    fits
}

/// Positions and items.
type Group<'l, 's> = Vec<(usize, &'l Item<'s>)>;

fn groups<'l, 's>(items: &[&'l Item<'s>], likeness: &Likeness<'_>) -> FxHashMap<Digest, Group<'l, 's>> {
    let mut groups: FxHashMap<Digest, Group<'l, 's>> = FxHashMap::default();
    for (at, &item) in items.iter().enumerate().filter(|(_, item)| item.is_free()) {
        if let Some(group) = (likeness.group)(item) {
            groups.entry(group).or_default().push((at, item));
        }
    }
    groups
}

/// Which of the seen ones of a group are compared with the known one of this rank.
fn windows(rank: usize, n_known: usize, n_seen: usize) -> [std::ops::Range<usize>; 2] {
    if n_known.saturating_mul(n_seen) <= MAX_PAIRS_OF_GROUP {
        return [0..n_seen, 0..0];
    }
    let band = |center: usize| center.saturating_sub(BAND).min(n_seen)..center.saturating_add(BAND + 1).min(n_seen);
    [band(rank), band((rank + n_seen).saturating_sub(n_known))]
}
