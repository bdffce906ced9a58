//! What went to other files, and what tools say.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    align::{Likeness, align},
    in_file::same_code,
    item::{Item, Prepared, may_be, mix, pair},
};
use crate::identity::{Digest, Tier};

/// Code of fewer tokens is found in many places: it does not say where it came from.
const MIN_TOKENS: u32 = 5;

/// Pairs what is found in another file: files that were renamed without anybody saying so, functions that were moved, and code or
/// subjects of which there are no others in the repository.
pub(super) fn moved(prepared: &Prepared<'_>) {
    let levels: [fn(&Item<'_>) -> Option<Digest>; 3] = [
        |item| Some(mix(in_context(item)?, item.file_name)),
        in_context,
        |item| Some(mix(item.key?, item.innermost_scope().filter(|_| says_something(item))?)),
    ];
    for level in levels {
        between_files(prepared, level);
    }
    alone(prepared);
}

/// Code with its scope and what is beside it.
fn in_context(item: &Item<'_>) -> Option<Digest> {
    let neighbours = item.neighbours().map_or(Digest(0), |neighbours| mix(neighbours.before, neighbours.after));
    let is_known = item.scope().is_some() && item.neighbours().is_some();
    (is_known || says_something(item)).then_some(())?;
    Some(mix(mix(item.key?, item.scope().unwrap_or(Digest(0))), neighbours))
}

/// Whether the code, or the subject, is more than what is written anywhere.
fn says_something(item: &Item<'_>) -> bool {
    item.subject.is_some() || item.sighting.snippet.as_ref().is_some_and(|snippet| MIN_TOKENS <= snippet.n_tokens())
}

/// A file before and after.
type FilePair = (Digest, Digest);

/// Pairs what two files have in common, where something in one of them fits the other alone; those that fit best first.
fn between_files(prepared: &Prepared<'_>, level: fn(&Item<'_>) -> Option<Digest>) {
    let (known, seen) = (free_by_file(&prepared.known), free_by_file(&prepared.seen));
    let (from, to) = (only_files(&known, level), only_files(&seen, level));
    let mut votes: FxHashMap<FilePair, usize> = FxHashMap::default();
    for (name, from) in &from {
        if let (Some(from), Some(Some(to))) = (from, to.get(name)) {
            *votes.entry((*from, *to)).or_default() += 1;
        }
    }
    let mut votes: Vec<(FilePair, usize)> = votes.into_iter().filter(|((from, to), _)| from != to).collect();
    votes.sort_unstable_by_key(|&(files, n_votes)| (Reverse(n_votes), files));
    // What has no name of its own at this level moves with what has one, if its scope or what is beside it is the same.
    let weight = |known: &Item<'_>, seen: &Item<'_>| {
        let is_named = level(known).is_some() && level(known) == level(seen);
        let is_same_scope = known.innermost_scope().is_some() && known.innermost_scope() == seen.innermost_scope();
        let is_beside_same = known.neighbours().is_some() && known.neighbours() == seen.neighbours();
        if is_named || is_same_scope || is_beside_same { same_code(known, seen) } else { None }
    };
    let likeness = Likeness { tier: Tier::OtherFile, group: &|item| item.key, weight: &weight, is_ordered: false };
    for ((from, to), _) in votes {
        if let (Some(known), Some(seen)) = (known.get(&from), seen.get(&to)) {
            align(known, seen, &likeness, &prepared.bars);
        }
    }
}

/// What is free, file by file.
fn free_by_file<'p, 's>(items: &'p [Item<'s>]) -> FxHashMap<Digest, Vec<&'p Item<'s>>> {
    let mut files: FxHashMap<Digest, Vec<&Item<'_>>> = FxHashMap::default();
    items.iter().filter(|item| item.is_free()).for_each(|item| files.entry(item.lineage).or_default().push(item));
    files
}

/// The file that a name occurs in; nothing if it does in several.
fn only_files(files: &FxHashMap<Digest, Vec<&Item<'_>>>, level: fn(&Item<'_>) -> Option<Digest>) -> FxHashMap<Digest, Option<Digest>> {
    let mut only: FxHashMap<Digest, Option<Digest>> = FxHashMap::default();
    for (&file, items) in files {
        for name in items.iter().filter_map(|item| level(item)) {
            only.entry(name).and_modify(|of| *of = of.filter(|&of| of == file)).or_insert(Some(file));
        }
    }
    only
}

/// Pairs what there is one of in the whole repository, before and after.
fn alone(prepared: &Prepared<'_>) {
    fn singles<'p, 's>(items: &'p [Item<'s>], wanted: &FxHashSet<Digest>) -> FxHashMap<Digest, Option<&'p Item<'s>>> {
        let mut singles: FxHashMap<Digest, Option<&Item<'_>>> = FxHashMap::default();
        for item in items {
            if let Some(key) = item.key.filter(|key| wanted.contains(key)) {
                singles.entry(key).and_modify(|single| *single = None).or_insert(Some(item));
            }
        }
        singles
    }
    let wanted = prepared.seen.iter().filter(|item| item.is_free() && says_something(item)).filter_map(|item| item.key).collect();
    let (known, seen) = (singles(&prepared.known, &wanted), singles(&prepared.seen, &wanted));
    for (key, seen) in seen {
        if let (Some(seen), Some(Some(known))) = (seen, known.get(&key))
            && may_be(known, seen, &prepared.bars)
        {
            pair(known, seen, Tier::OtherFile);
        }
    }
}

/// Pairs what a tool gives the same fingerprint: first within a file, then anywhere. One that several have says nothing.
pub(super) fn fingerprints(prepared: &Prepared<'_>) {
    for is_within_file in [true, false] {
        let name = |item: &Item<'_>, algorithm: Digest, value: Digest| {
            let name = mix(mix(algorithm, value), item.rule);
            if is_within_file { mix(name, item.lineage) } else { name }
        };
        let named = |items: &[Item<'_>]| -> FxHashMap<Digest, Option<usize>> {
            let mut named: FxHashMap<Digest, Option<usize>> = FxHashMap::default();
            for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_free()) {
                for fingerprint in &item.sighting.fingerprints {
                    let slot = named.entry(name(item, fingerprint.algorithm, fingerprint.value));
                    slot.and_modify(|of| *of = of.filter(|&of| of == at)).or_insert(Some(at));
                }
            }
            named
        };
        let (known, seen) = (named(&prepared.known), named(&prepared.seen));
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (name, at) in &seen {
            pairs.extend(at.zip(known.get(name).copied().flatten()).map(|(seen, known)| (known, seen)));
        }
        // A sighting with fingerprints of several kinds may be named by two: the first in order wins.
        pairs.sort_unstable();
        for (known, seen) in pairs {
            if let (Some(known), Some(seen)) = (prepared.known.get(known), prepared.seen.get(seen))
                && may_be(known, seen, &prepared.bars)
            {
                pair(known, seen, Tier::Fingerprint);
            }
        }
    }
}
