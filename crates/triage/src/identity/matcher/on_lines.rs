//! What the difference of two texts tells.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::item::{Bars, File, Item, may_be, pair};
use crate::identity::{Digest, LineMap, Place, Tier};

/// Of a place so many lines are looked up.
const MAX_LINES: u32 = 200;
/// So many places of a rule are compared with each that lost its first line.
const MAX_CANDIDATES: usize = 64;

/// Whether lines that are still there are believed in another scope, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Only in the same scope. Where functions resemble each other and one is gone, a difference may take lines of one for lines of
    /// another: what has its scope and code elsewhere is asked for that first.
    SameScope,
    /// In any: the function has another name now.
    AnyScope,
}

/// Pairs those whose lines are still there; and of the others settles those whose lines are there without them.
pub(super) fn pair_lines(file: &File<'_, '_>, map: &LineMap, trust: Trust, bars: &Bars) {
    first_lines(file, map, trust, bars);
    other_lines(file, map, trust, bars);
    settle(file, map);
}

fn may_be_in(known: &Item<'_>, seen: &Item<'_>, trust: Trust) -> bool {
    trust == Trust::AnyScope || known.scope().zip(seen.scope()).is_none_or(|(ours, theirs)| ours == theirs)
}

/// Pairs those whose first line is there, and has the same rule: the first for the first, the second for the second.
fn first_lines(file: &File<'_, '_>, map: &LineMap, trust: Trust, bars: &Bars) {
    let mut seen_at: FxHashMap<(Digest, u32), Vec<&Item<'_>>> = FxHashMap::default();
    file.seen.iter().for_each(|item| seen_at.entry((item.rule, item.sighting.start_line())).or_default().push(item));
    let target = |item: &Item<'_>| Some((item.rule, map.new_line(item.sighting.start_line())?));
    // What is on one line has the same code in most cases: then order decides, and otherwise the code.
    let rounds: [fn(&Item<'_>, &Item<'_>) -> bool; 2] = [|known, seen| known.key == seen.key, |_, _| true];
    for is_same in rounds {
        for known in file.known.iter().filter(|item| item.is_free()) {
            let candidates = target(known).and_then(|target| seen_at.get(&target));
            let is_it =
                |seen: &&&Item<'_>| seen.is_free() && is_same(known, seen) && may_be_in(known, seen, trust) && may_be(known, seen, bars);
            candidates.and_then(|candidates| candidates.iter().find(is_it)).into_iter().for_each(|seen| pair(known, seen, Tier::Lines));
        }
    }
}

/// Pairs those whose first line is gone, and others are there: those that share the most lines first.
fn other_lines(file: &File<'_, '_>, map: &LineMap, trust: Trust, bars: &Bars) {
    let mut by_rule: FxHashMap<Digest, Vec<(Place, &Item<'_>)>> = FxHashMap::default();
    for item in file.seen.iter().filter(|item| item.is_free()) {
        by_rule.entry(item.rule).or_default().extend(item.sighting.place.map(|place| (place, item)));
    }
    let mut pairs = Vec::new();
    for (known_at, known) in file.known.iter().enumerate().filter(|(_, item)| item.is_free()) {
        let (Some(place), Some(candidates)) = (known.sighting.place, by_rule.get(&known.rule)) else { continue };
        let lines: Vec<u32> = lines(place).filter_map(|line| map.new_line(line)).collect();
        let Some(&last) = lines.last() else { continue };
        let end = candidates.partition_point(|(place, _)| place.start_line <= last);
        for (seen_at, &(other, seen)) in candidates.iter().enumerate().take(end).rev().take(MAX_CANDIDATES) {
            let n_shared = lines.iter().filter(|&&line| other.start_line <= line && line <= other.end_line).count();
            let (n_known, n_seen) = (n_lines(place), n_lines(other));
            if n_known.min(n_seen) <= 2 * n_shared && 0 < n_shared && may_be_in(known, seen, trust) && may_be(known, seen, bars) {
                pairs.push((Reverse(1000 * n_shared / n_known.max(n_seen).max(1)), known_at, seen_at, known, seen));
            }
        }
    }
    pairs.sort_by_key(|&(share, known_at, seen_at, ..)| (share, known_at, seen_at));
    pairs.into_iter().for_each(|(.., known, seen)| pair(known, seen, Tier::Lines));
}

/// Whose lines are all there, and have nothing on them on the other side, is gone or new: it is not looked for elsewhere. Of a
/// subject that has a name the name decides.
fn settle(file: &File<'_, '_>, map: &LineMap) {
    let (known_lines, seen_lines) = (free_lines(file.known), free_lines(file.seen));
    let is_alone = |item: &Item<'_>, others: &FxHashSet<(Digest, u32)>, other: &dyn Fn(u32) -> Option<u32>| {
        let Some(place) = item.sighting.place.filter(|_| item.subject.is_none()) else { return false };
        lines(place).all(|line| other(line).is_some_and(|line| !others.contains(&(item.rule, line))))
    };
    for known in file.known.iter().filter(|item| item.is_free()) {
        known.is_settled.set(is_alone(known, &seen_lines, &|line| map.new_line(line)));
    }
    for seen in file.seen.iter().filter(|item| item.is_free()) {
        seen.is_settled.set(is_alone(seen, &known_lines, &|line| map.old_line(line)));
    }
}

/// Where those that are free start.
fn free_lines(items: &[Item<'_>]) -> FxHashSet<(Digest, u32)> {
    items.iter().filter(|item| item.is_free()).map(|item| (item.rule, item.sighting.start_line())).collect()
}

fn lines(place: Place) -> impl Iterator<Item = u32> {
    let last = place.end_line.max(place.start_line).min(place.start_line.saturating_add(MAX_LINES - 1));
    place.start_line..=last
}

fn n_lines(place: Place) -> usize {
    lines(place).count()
}
