//! What is new since a revision, or in the index.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{Arc, OnceLock},
};

use bartizan_core::{ArtifactPath, Region};
use gix::ObjectId;

use crate::{
    git::{self, Repository},
    source_file::Origin,
};

/// Which lines are new: since a revision, or in the index.
///
/// Lines are compared when somebody asks about a file, not before.
#[derive(Debug, Default)]
pub struct Changes {
    files: BTreeMap<ArtifactPath, Change>,
}

/// How a file differs.
#[derive(Debug)]
pub(crate) struct Change {
    before: Before,
    after: Origin,
    /// The largest file that is compared.
    max_bytes: u64,
    added: OnceLock<Vec<RangeInclusive<u32>>>,
}

/// What a file was.
#[derive(Debug)]
pub(crate) enum Before {
    /// It was not there.
    Nothing,
    /// It had another name and the same content.
    Same,
    /// It had another content.
    Blob(Arc<Repository>, ObjectId),
}

impl Changes {
    /// Whether a place is new: the region touches an added line, or, without a region, the file's content differs at all.
    ///
    /// Entries of a changed archive are new. A file that only got another name is not.
    #[must_use]
    pub fn is_changed(&self, path: &ArtifactPath, region: Option<Region>) -> bool {
        let Some((change, is_entry)) = self.find(path) else { return false };
        let is_unchanged = matches!(change.before, Before::Same);
        match region {
            Some(region) if !is_entry && !is_unchanged => {
                let first = region.start.line;
                // The end is the character after the last one; at the start of a line, it is not in that line.
                let ends_before = region.end.column <= 1 && first < region.end.line;
                let last = region.end.line.saturating_sub(u32::from(ends_before));
                change.added_lines(path).iter().any(|added| *added.start() <= last && first <= *added.end())
            }
            Some(_) | None => !is_unchanged,
        }
    }

    /// The added lines of a file, counted from 1, in order; empty if there are none.
    ///
    /// A file that is new as a whole, an archive's entry, and one that can't be compared have all lines: `1..=u32::MAX`.
    #[must_use]
    pub fn added_lines(&self, path: &ArtifactPath) -> Vec<RangeInclusive<u32>> {
        match self.find(path) {
            None => Vec::new(),
            Some((change, true)) => change.all_or_nothing(),
            Some((change, false)) => change.added_lines(path).to_vec(),
        }
    }

    pub(crate) fn insert(&mut self, path: ArtifactPath, before: Before, after: Origin, max_bytes: u64) {
        self.files.insert(path, Change { before, after, max_bytes, added: OnceLock::new() });
    }

    /// The change of a file, or of the archive that an entry is in.
    fn find(&self, path: &ArtifactPath) -> Option<(&Change, bool)> {
        if let Some(change) = self.files.get(path) {
            return Some((change, false));
        }
        let separators = memchr::memmem::find_iter(path.as_bytes(), ArtifactPath::ENTRY_SEPARATOR);
        let archives = separators.filter_map(|end| path.as_bytes().get(..end)).map(ArtifactPath::from_bytes);
        archives.filter_map(|archive| self.files.get(&archive)).map(|change| (change, true)).next()
    }
}

impl Change {
    fn added_lines(&self, path: &ArtifactPath) -> &[RangeInclusive<u32>] {
        self.added.get_or_init(|| match &self.before {
            Before::Nothing | Before::Same => self.all_or_nothing(),
            Before::Blob(repository, id) => {
                let before = repository.blob(*id, self.max_bytes).ok().flatten();
                let after = self.after.read(path, self.max_bytes);
                // What can't be compared is taken for new: a finding too many is better than one too few.
                before.zip(after).map_or_else(|| vec![git::ALL_LINES], |(before, after)| git::added_lines(&before, &after))
            }
        })
    }

    fn all_or_nothing(&self) -> Vec<RangeInclusive<u32>> {
        match self.before {
            Before::Same => Vec::new(),
            Before::Nothing | Before::Blob(..) => vec![git::ALL_LINES],
        }
    }
}
