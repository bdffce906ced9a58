//! Which new file is an old one under another name.
//!
//! The same content is the same file. Of the rest, a new file belongs to the old file with which it shares the most
//! lines, if these are at least half of the larger one of the two, as in git.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use gix::ObjectId;

/// The most files on either side whose lines are compared; with more of them, only equal contents are found.
const MAX_COMPARED_FILES: usize = 1_000;
/// The largest file whose lines are compared.
pub(super) const MAX_COMPARED_BYTES: u64 = 1 << 20;
/// How much of the larger file must be in both.
const MIN_SHARED_PERCENT: u64 = 50;

/// A file that is there before or after, and not on the other side.
#[derive(Debug)]
pub(super) struct Candidate<K> {
    pub(super) key: K,
    /// Its content's id, if that is known.
    pub(super) id: Option<ObjectId>,
}

/// Finds for new files the old file that they were. `content` gives a file's bytes, or nothing if it is too large.
pub(super) fn pairs<O: Ord + Clone, N: Ord + Clone>(
    old: &[Candidate<O>],
    new: &[Candidate<N>],
    old_content: impl Fn(&Candidate<O>) -> Option<Vec<u8>>,
    new_content: impl Fn(&Candidate<N>) -> Option<Vec<u8>>,
) -> BTreeMap<N, O> {
    // Equal contents first: they are certain.
    let mut by_id = HashMap::new();
    for candidate in old {
        if let Some(id) = candidate.id {
            by_id.entry(id).or_insert(candidate);
        }
    }
    let mut found = BTreeMap::new();
    let mut rest = Vec::new();
    for candidate in new {
        match candidate.id.and_then(|id| by_id.get(&id)) {
            Some(same) => {
                found.insert(candidate.key.clone(), same.key.clone());
            }
            None => rest.push(candidate),
        }
    }
    if MAX_COMPARED_FILES < old.len() || MAX_COMPARED_FILES < rest.len() || old.is_empty() {
        return found;
    }

    // Then the files that share the most.
    let mut holders: HashMap<u64, Vec<(usize, u64)>> = HashMap::new();
    let mut old_bytes = Vec::new();
    for (index, candidate) in old.iter().enumerate() {
        let lines = old_content(candidate).map(|content| Lines::of(&content)).unwrap_or_default();
        for (&line, &bytes) in &lines.by_hash {
            holders.entry(line).or_default().push((index, bytes));
        }
        old_bytes.push(lines.total_bytes);
    }
    for candidate in rest {
        let lines = new_content(candidate).map(|content| Lines::of(&content)).unwrap_or_default();
        let mut shared: BTreeMap<usize, u64> = BTreeMap::new();
        for (line, &bytes) in &lines.by_hash {
            for &(index, old_bytes) in holders.get(line).map(Vec::as_slice).unwrap_or_default() {
                *shared.entry(index).or_default() += bytes.min(old_bytes);
            }
        }
        let is_similar = |&(&index, &shared): &(&usize, &u64)| {
            let larger = old_bytes.get(index).copied().unwrap_or(u64::MAX).max(lines.total_bytes);
            larger.saturating_mul(MIN_SHARED_PERCENT) <= shared.saturating_mul(100) && 0 < shared
        };
        let best = shared.iter().filter(is_similar).max_by_key(|&(&index, &shared)| (shared, std::cmp::Reverse(index)));
        if let Some(old) = best.and_then(|(&index, _)| old.get(index)) {
            found.insert(candidate.key.clone(), old.key.clone());
        }
    }
    found
}

/// How many bytes of a file are in lines of which kind.
#[derive(Debug, Default)]
struct Lines {
    by_hash: HashMap<u64, u64>,
    total_bytes: u64,
}

impl Lines {
    fn of(content: &[u8]) -> Self {
        let mut lines = Self::default();
        for line in content.split(|&byte| byte == b'\n') {
            let line = line.trim_ascii_end();
            let n_bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            *lines.by_hash.entry(hasher.finish()).or_default() += n_bytes;
            lines.total_bytes += n_bytes;
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &[(&'static str, &str)], new: &[(&'static str, &str)], expected: &[(&str, &str)]) {
        let candidates = |files: &[(&'static str, &str)]| -> Vec<Candidate<&'static str>> {
            files.iter().map(|&(key, _)| Candidate { key, id: None }).collect()
        };
        let content =
            |files: &[(&'static str, &str)], key: &str| files.iter().find(|file| file.0 == key).map(|file| file.1.as_bytes().to_vec());
        let found = pairs(&candidates(old), &candidates(new), |c| content(old, c.key), |c| content(new, c.key));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn half_of_the_lines_make_a_rename() {
        check(&[("old", "one\ntwo\nsix\nten\n")], &[("new", "one\ntwo\nsix\nXXX\n")], &[("new", "old")]);
        check(&[("old", "one\ntwo\nsix\nten\n")], &[("new", "one\nX\nY\nZ\nW\n")], &[]);
    }

    #[test]
    fn the_most_similar_file_is_meant() {
        check(&[("a", "one\ntwo\nsix\n"), ("b", "one\ntwo\nsix\nten\n")], &[("new", "one\ntwo\nsix\nten\n")], &[("new", "b")]);
    }

    #[test]
    fn empty_files_are_not_alike() {
        check(&[("a", "")], &[("new", "")], &[]);
    }
}
