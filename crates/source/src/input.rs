//! What a caller can ask to look at.

use std::path::PathBuf;

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Every file below a directory that is not ignored.
    Tree(PathBuf),
    /// One file, whatever ignore files say about it.
    File(PathBuf),
    /// Bytes that the caller read, under a name that tells their language.
    Stdin {
        /// The name, as a path with `/`.
        name: String,
        /// The content.
        bytes: Vec<u8>,
    },
    /// Documents that the caller got from elsewhere, each under a name that tells its language: objects of a cluster.
    Documents(Vec<(String, Vec<u8>)>),
    /// What is staged for the next commit in the git repository of a directory: the index where it differs from `HEAD`.
    Staged(PathBuf),
    /// What changed in a directory since a revision: the work tree where it differs from the merge base of the revision
    /// and `HEAD`, new files that are not ignored included.
    Since {
        /// The directory, in a git repository.
        root: PathBuf,
        /// The revision, in any of git's spellings.
        revision: String,
    },
}
