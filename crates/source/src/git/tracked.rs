//! Which files git tracks: these are never ignored, whatever an ignore file says.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use gix::bstr::BStr;

use super::repository::{caught, open, reason};
use crate::{Limits, disk};

/// What is tracked in one work tree. The index is read when somebody first asks, which is when something is ignored.
#[derive(Debug)]
pub(crate) struct Tracked {
    top: PathBuf,
    index: OnceLock<Option<gix::index::File>>,
}

impl Tracked {
    /// The work tree with its top at a folder.
    pub(crate) fn of_work_tree(top: &Path) -> Self {
        Self { top: top.to_owned(), index: OnceLock::new() }
    }

    /// Whether a file is tracked.
    pub(crate) fn contains(&self, file: &Path) -> bool {
        let Some(path) = disk::artifact_path(&self.top, file) else { return false };
        self.index().is_some_and(|index| index.entry_range(BStr::new(path.as_bytes())).is_some())
    }

    /// Whether some file below a folder is tracked.
    pub(crate) fn contains_below(&self, folder: &Path) -> bool {
        let Some(path) = disk::artifact_path(&self.top, folder) else { return false };
        let prefix = [path.as_bytes(), b"/"].concat();
        self.index().is_some_and(|index| index.prefixed_entries_range(BStr::new(&prefix)).is_some_and(|range| !range.is_empty()))
    }

    /// Where the repository's own exclude file is, if it has one.
    pub(crate) fn exclude_file(&self) -> Option<PathBuf> {
        let dot_git = self.top.join(".git");
        let file_type = dot_git.symlink_metadata().ok()?.file_type();
        if file_type.is_dir() {
            return Some(dot_git.join("info/exclude"));
        }
        // In linked work trees and submodules, `.git` is a file that says where the database is.
        let target = line_of(&dot_git)?;
        let private = self.top.join(target.strip_prefix("gitdir:")?.trim());
        let common = line_of(&private.join("commondir")).map_or_else(|| private.clone(), |common| private.join(common));
        Some(common.join("info/exclude"))
    }

    fn index(&self) -> Option<&gix::index::File> {
        let read = || {
            let repository = open(&self.top, &Limits::default()).ok()?;
            caught(|| {
                let repository = repository.to_thread_local();
                if repository.index_path().exists() { repository.open_index().map(Some).map_err(|error| reason(&error)) } else { Ok(None) }
            })
            .ok()?
        };
        self.index.get_or_init(read).as_ref()
    }
}

/// The first line of a small file.
fn line_of(file: &Path) -> Option<String> {
    const MAX_POINTER_BYTES: u64 = 4 << 10;
    let bytes = disk::read_small(file, MAX_POINTER_BYTES).ok()??;
    Some(std::str::from_utf8(&bytes).ok()?.lines().next()?.to_owned())
}
