//! Why there is nothing to look at.

use std::path::PathBuf;

/// Why an input can't be looked at as a whole; problems of single files are diagnostics.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is nothing at the path.
    #[error("no such file or directory: `{}`; check the path", path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// The path is no directory.
    #[error("not a directory: `{}`; to scan one file, name it as the path to scan without `--since` or `--staged`", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// The path is no regular file.
    #[error("not a regular file: `{}`; to scan a pipe or a device, send its content to standard input", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The path can't be read.
    #[error("can't read `{}`: {source}; check its permissions", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The directory is in no git repository with a work tree.
    #[error("`{}` is in no git repository with a work tree: {reason}; name a directory of a clone, or scan without `--since` and `--staged`", path.display())]
    NotARepository {
        /// The directory.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The revision names no commit.
    #[error("unknown revision `{revision}`: {reason}; in a shallow clone, fetch it first: `git fetch origin {revision}`")]
    UnknownRevision {
        /// The revision, as the caller spelled it.
        revision: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The revision and `HEAD` have no common history.
    #[error("`{revision}` and `HEAD` have no common commit; in a shallow clone, fetch more history first: `git fetch --unshallow`")]
    NoCommonCommit {
        /// The revision, as the caller spelled it.
        revision: String,
    },
    /// The repository can't be read.
    #[error("can't read the git repository at `{}`: {reason}; `git fsck` says more", path.display())]
    BrokenRepository {
        /// The repository.
        path: PathBuf,
        /// What failed.
        reason: String,
    },
    /// An exclude pattern can't be used.
    #[error("invalid exclude pattern `{pattern}`: {reason}; patterns have `.gitignore` syntax")]
    InvalidExclude {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}
