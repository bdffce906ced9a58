//! Version control: what git tracks, what is staged, what changed.
//!
//! The repository is read by a library and never by the program `git`, which a repository's configuration can make run
//! other programs. It is opened with reduced trust: its configuration decides nothing but the format of its database,
//! no file outside of it is included, and no environment variable counts.

mod lines;
mod rename;
mod repository;
mod since;
mod staged;
mod tracked;

use bartizan_core::{Diagnostic, DiagnosticKind};

pub(crate) use lines::{ALL as ALL_LINES, added_lines};
pub(crate) use repository::{Repository, work_tree_above};
pub(crate) use since::since;
pub(crate) use staged::staged;
pub(crate) use tracked::Tracked;

use crate::{Limits, limits};

/// Says that a commit has more files than are compared.
fn cut_commit(limits: &Limits) -> Diagnostic {
    Diagnostic::new(
        DiagnosticKind::TooManyEntries,
        "the commit has more files, or deeper folders, than are compared; the others count as new",
    )
    .because_of(limits::named("max-files", limits.max_files))
}

/// Whether a path is below one of some folders, which have `/` at their end.
fn is_below_one_of(folders: &[Vec<u8>], path: &[u8]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}
