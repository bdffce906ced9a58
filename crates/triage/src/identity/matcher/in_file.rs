//! What can be told within one file.

use rustc_hash::FxHashMap;

use super::{
    align::{Likeness, align},
    item::{Bars, File, Item, may_be, mix, pair},
};
use crate::identity::{Digest, LineMap, Similarity, Tier};

/// Code that is alike: at least so much.
const MIN_SIMILARITY: Similarity = Similarity(700);
/// What two messages have in common at least, where there is no code.
const MIN_MESSAGE_SIMILARITY: Similarity = Similarity(500);
/// What a pair is worth that fits, before anything else.
const PAIR: i64 = 1000;
/// What it is worth that the line before is the same, and the line after.
const NEIGHBOUR: i64 = 60;
/// What it is worth that the innermost scope has the same name.
const INNERMOST_SCOPE: i64 = 100;

/// Pairs all of a file at once if everything in it looks as before. A difference that is known must say that it was not touched.
pub(super) fn unchanged(file: &File<'_, '_>, line_map: Option<&LineMap>, bars: &Bars) -> bool {
    let is_touched = line_map.is_some_and(|map| *map != LineMap::identity());
    let is_as_before = |(known, seen): (&Item<'_>, &Item<'_>)| {
        let (a, b) = (known.sighting, seen.sighting);
        let looks_as_before = a.place == b.place && known.key == seen.key && a.scope == b.scope && a.neighbours == b.neighbours;
        looks_as_before && a.message == b.message && known.is_free() && seen.is_free() && may_be(known, seen, bars)
    };
    if is_touched || file.known.len() != file.seen.len() || !file.known.iter().zip(file.seen).all(is_as_before) {
        return false;
    }
    file.known.iter().zip(file.seen).for_each(|(known, seen)| pair(known, seen, Tier::Unchanged));
    true
}

/// Pairs by rule and code within each scope.
pub(super) fn same_scope(file: &File<'_, '_>, bars: &Bars) {
    let likeness = Likeness { tier: Tier::Scope, group: &|item| item.key, weight: &same_code, is_ordered: false };
    by_scope(file, &likeness, bars);
}

/// Pairs by rule and code, whatever the scope.
pub(super) fn same_file(file: &File<'_, '_>, bars: &Bars) {
    let (known, seen): (Vec<_>, Vec<_>) = (file.known.iter().collect(), file.seen.iter().collect());
    align(&known, &seen, &Likeness { tier: Tier::File, group: &|item| item.key, weight: &same_code, is_ordered: false }, bars);
}

/// Pairs by rule within each scope, where the code is alike.
pub(super) fn similar(file: &File<'_, '_>, bars: &Bars) {
    let weight = |known: &Item<'_>, seen: &Item<'_>| {
        let similarity = known.sighting.snippet.as_ref()?.similarity(seen.sighting.snippet.as_ref()?);
        (MIN_SIMILARITY <= similarity).then(|| i64::from(similarity.0) + of_neighbours(known, seen))
    };
    let likeness =
        Likeness { tier: Tier::Similar, group: &|item| item.subject.is_none().then_some(item.rule), weight: &weight, is_ordered: true };
    by_scope(file, &likeness, bars);
}

/// Pairs by rule and order where one side has nothing else. Messages may speak against it.
pub(super) fn position(file: &File<'_, '_>, bars: &Bars) {
    let weight = |known: &Item<'_>, seen: &Item<'_>| {
        if known.key.is_some() && seen.key.is_some() {
            return None;
        }
        let messages = known.sighting.message.as_ref().zip(seen.sighting.message.as_ref());
        let similarity = messages.map(|(a, b)| a.similarity(b));
        let is_other = similarity.is_some_and(|similarity| similarity < MIN_MESSAGE_SIMILARITY);
        (!is_other).then(|| i64::from(similarity.unwrap_or(MIN_MESSAGE_SIMILARITY).0) + of_scope(known, seen))
    };
    let (known, seen): (Vec<_>, Vec<_>) = (file.known.iter().collect(), file.seen.iter().collect());
    align(&known, &seen, &Likeness { tier: Tier::Position, group: &|item| Some(item.rule), weight: &weight, is_ordered: true }, bars);
}

/// What a pair with the same rule and code is worth.
pub(super) fn same_code(known: &Item<'_>, seen: &Item<'_>) -> Option<i64> {
    Some(PAIR + of_neighbours(known, seen) + of_scope(known, seen))
}

fn of_neighbours(known: &Item<'_>, seen: &Item<'_>) -> i64 {
    let Some((a, b)) = known.neighbours().zip(seen.neighbours()) else { return 0 };
    NEIGHBOUR * (i64::from(a.before == b.before) + i64::from(a.after == b.after))
}

fn of_scope(known: &Item<'_>, seen: &Item<'_>) -> i64 {
    let is_same = known.innermost_scope().zip(seen.innermost_scope()).is_some_and(|(a, b)| a == b);
    if is_same { INNERMOST_SCOPE } else { 0 }
}

/// Aligns scope by scope.
fn by_scope(file: &File<'_, '_>, likeness: &Likeness<'_>, bars: &Bars) {
    if !file.known.iter().any(Item::is_free) || !file.seen.iter().any(Item::is_free) {
        return;
    }
    let of_scope = |item: &Item<'_>| item.scope().map_or(Digest(0), |scope| mix(scope, Digest(1)));
    let mut scopes: FxHashMap<Digest, (Vec<&Item<'_>>, Vec<&Item<'_>>)> = FxHashMap::default();
    file.known.iter().for_each(|item| scopes.entry(of_scope(item)).or_default().0.push(item));
    file.seen.iter().for_each(|item| scopes.entry(of_scope(item)).or_default().1.push(item));
    // Scopes don't share items: their order doesn't matter.
    scopes.values().for_each(|(known, seen)| align(known, seen, likeness, bars));
}
