//! Which sightings of a new snapshot are occurrences that are known, one to one.
//!
//! Tiers go from the strongest evidence to the weakest, and each takes only what those before it left. Within a tier sightings are
//! aligned in their order, never counted: an equal snippet that is inserted above others takes nothing from them. Where nothing tells
//! two ways apart the one with the fewest shifts of lines is taken. The time grows with the number of sightings, but for sorting.

mod across;
mod align;
mod chain;
mod in_file;
mod item;
mod on_lines;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::{
    item::{Item, Prepared},
    on_lines::Trust,
};
use super::{Digest, LineMap, Looks, PathKey, Sighting, Similarity};

/// What happened between two snapshots, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    renames: FxHashMap<Digest, PathKey>,
    line_maps: FxHashMap<Digest, LineMap>,
    is_complete: bool,
}

impl Changes {
    /// Nothing is known: snapshots of different revisions, and perhaps no revisions at all.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// All changes are known: a file that is not mentioned was not touched.
    #[must_use]
    pub fn known() -> Self {
        Self { is_complete: true, ..Self::default() }
    }

    /// A file is called otherwise now.
    pub fn rename(&mut self, old_path: &str, new_path: &str) {
        self.renames.insert(Digest::of(old_path), PathKey::of(new_path));
    }

    /// Where the lines of a file went; under the path that it has now.
    pub fn lines(&mut self, new_path: &str, map: LineMap) {
        self.line_maps.insert(Digest::of(new_path), map);
    }

    /// A file was touched, and it is not known how.
    pub fn touch(&mut self, new_path: &str) {
        self.lines(new_path, LineMap::default());
    }
}

/// What a person said about an occurrence. It holds for whatever looks like what the person saw, wherever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The index of the occurrence among those that are known.
    pub known: usize,
    /// What the other one looked like: [`Sighting::looks`].
    pub looks: Looks,
    /// What was said.
    pub verdict: Verdict,
}

/// Whether two are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They are one: a merge.
    Same,
    /// They are not: a split.
    Different,
}

/// By what a sighting was known again, from the strongest evidence to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// A person said so.
    Decided,
    /// All findings of the file look as before.
    Unchanged,
    /// Its lines are still there, by the difference of the two texts.
    Lines,
    /// The same rule and the same code or subject in the same scope, in the same order.
    Scope,
    /// The same rule and the same code or subject in another scope of the file.
    File,
    /// The same rule and the same code or subject in another file, which it fits alone.
    OtherFile,
    /// The same rule in the same scope, and code that is alike.
    Similar,
    /// The tool gives it the same fingerprint.
    Fingerprint,
    /// The same rule in the same file, in the same order. There was no code to compare.
    Position,
}

impl Tier {
    /// Why a pair of this tier is a pair, for people.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Decided => "somebody decided that they are the same",
            Self::Unchanged => "all findings of the file look as before",
            Self::Lines => "its lines are still there, by the difference of the two texts",
            Self::Scope => "same rule and same code in the same scope",
            Self::File => "same rule and same code in another scope of the file",
            Self::OtherFile => "same rule and same code in another file, and no other place fits",
            Self::Similar => "same rule in the same scope, and the code is alike",
            Self::Fingerprint => "the tool gives it the same fingerprint",
            Self::Position => "same rule in the same file, in the same order; there is no code to compare",
        }
    }
}

/// A sighting that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The index of the known occurrence.
    pub known: usize,
    /// By what it was known again.
    pub tier: Tier,
    /// How much the two are alike in what is known of both, whatever the tier.
    pub likeness: Similarity,
}

/// What became of each sighting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// For each seen sighting the one that it is; nothing for a new one. No two are the same one.
    pub seen: Vec<Option<Match>>,
    /// For each known occurrence the sighting that it is now; nothing if it was not seen.
    pub known: Vec<Option<usize>>,
}

/// Compares the occurrences that are known with what was seen, one to one.
///
/// `known` are the last sightings of all occurrences of one repository and branch that may be seen again; `seen` is a snapshot,
/// each sighting once. The order of neither matters, but for sightings that are equal in everything.
///
/// ```
/// use bartizan_triage::identity::{Changes, Place, Sighting, SourceLines, Tier, matching};
///
/// let sight = |text: &str, line| {
///     let mut sighting = Sighting::new("eval", "a.py");
///     sighting.place = Some(Place { start_line: line, end_line: line, column: 0 });
///     sighting.read(&SourceLines::new(text));
///     sighting
/// };
/// let known = [sight("def f(x):\n    eval(x)\n", 2)];
/// let text = "def f(x):\n    eval(x)\n    x += 1\n    eval(x)\n";
/// let result = matching(&known, &[sight(text, 4), sight(text, 2)], &Changes::unknown(), &[]);
/// assert_eq!(result.seen[0], None);
/// assert_eq!(result.seen[1].map(|is| (is.known, is.tier)), Some((0, Tier::Scope)));
/// ```
#[must_use]
pub fn matching(known: &[Sighting], seen: &[Sighting], changes: &Changes, decisions: &[Decision]) -> Matching {
    let prepared = Prepared::new(known, seen, changes, decisions);
    let files = prepared.files();

    // What people said comes first, and binds all tiers.
    prepared.decide(decisions);

    // What can be told within a file and its new name.
    for file in &files {
        let line_map = line_map(changes, file.lineage);
        if in_file::unchanged(file, line_map.as_deref(), &prepared.bars) {
            continue;
        }
        line_map.iter().for_each(|map| on_lines::pair_lines(file, map, Trust::SameScope, &prepared.bars));
        in_file::same_scope(file, &prepared.bars);
        line_map.iter().for_each(|map| on_lines::pair_lines(file, map, Trust::AnyScope, &prepared.bars));
        in_file::same_file(file, &prepared.bars);
    }

    // What went to other files; and what is left.
    across::moved(&prepared);
    files.iter().for_each(|file| in_file::similar(file, &prepared.bars));
    across::fingerprints(&prepared);
    files.iter().for_each(|file| in_file::position(file, &prepared.bars));
    outcome(&prepared)
}

/// The map of a file; nothing if it is not known what happened to it.
fn line_map(changes: &Changes, path: Digest) -> Option<std::borrow::Cow<'_, LineMap>> {
    use std::borrow::Cow;
    let map = changes.line_maps.get(&path).map(Cow::Borrowed);
    map.or_else(|| changes.is_complete.then(|| Cow::Owned(LineMap::identity()))).filter(|map| **map != LineMap::default())
}

fn outcome(prepared: &Prepared<'_>) -> Matching {
    let mut matching = Matching { seen: vec![None; prepared.seen.len()], known: vec![None; prepared.known.len()] };
    let known: FxHashMap<usize, &Item<'_>> = prepared.known.iter().map(|item| (item.index, item)).collect();
    for seen in &prepared.seen {
        let Some((partner, tier)) = seen.partner.get() else { continue };
        let Some(of_known) = known.get(&partner) else { continue };
        if let (Some(slot), Some(back)) = (matching.seen.get_mut(seen.index), matching.known.get_mut(partner)) {
            *slot = Some(Match { known: partner, tier, likeness: item::likeness(of_known, seen) });
            *back = Some(seen.index);
        }
    }
    matching
}
