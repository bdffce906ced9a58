//! Which files git tracks: these are never ignored, whatever an ignore file says.

use std::{
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use gix::bstr::BStr;

use super::repository::{caught, database, open, reason};
use crate::{Limits, disk};

/// What is tracked in one work tree. The index is read when somebody first asks, which is when something is ignored.
#[derive(Debug)]
pub(crate) struct Tracked {
    top: PathBuf,
    index: OnceLock<Result<Option<gix::index::File>, String>>,
    is_problem_taken: AtomicBool,
}

impl Tracked {
    /// The work tree with its top at a folder; nothing if it is none.
    pub(crate) fn of_work_tree(top: &Path) -> Option<Self> {
        database(top)?;
        Some(Self { top: top.to_owned(), index: OnceLock::new(), is_problem_taken: AtomicBool::new(false) })
    }

    /// The top of the work tree, and why its index could not be read, if somebody asked for it; once.
    pub(crate) fn take_problem(&self) -> Option<(&Path, &str)> {
        let problem = self.index.get()?.as_ref().err()?;
        let is_first = !self.is_problem_taken.swap(true, Ordering::Relaxed);
        is_first.then_some((self.top.as_path(), problem.as_str()))
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
        Some(database(&self.top)?.join("info/exclude"))
    }

    fn index(&self) -> Option<&gix::index::File> {
        let read = || {
            let repository = open(&self.top, &Limits::default())?;
            caught(|| {
                let repository = repository.to_thread_local();
                if repository.index_path().exists() { repository.open_index().map(Some).map_err(|error| reason(&error)) } else { Ok(None) }
            })
        };
        self.index.get_or_init(read).as_ref().ok()?.as_ref()
    }
}
