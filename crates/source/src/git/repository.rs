//! A git repository, opened for reading, from a directory in its work tree.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use bartizan_core::ArtifactPath;
use gix::{ObjectId, ThreadSafeRepository};

use crate::{Limits, SourceError, disk};

/// The nearest directory above this one that is the top of a work tree; nothing if this one is.
pub(crate) fn work_tree_above(directory: &Path) -> Option<PathBuf> {
    let top = directory.ancestors().find(|folder| database(folder).is_some())?;
    (top != directory).then(|| top.to_owned())
}

/// Where the repository is that a folder is the top of the work tree of; nothing if it is none.
pub(super) fn database(top: &Path) -> Option<PathBuf> {
    let dot_git = top.join(".git");
    let private = if dot_git.metadata().ok()?.is_dir() {
        dot_git
    } else {
        // In linked work trees and submodules, `.git` is a file that says where the database is.
        top.join(line_of(&dot_git)?.strip_prefix("gitdir:")?.trim())
    };
    let common = line_of(&private.join("commondir")).map_or_else(|| private.clone(), |common| private.join(common));
    let is_repository = private.join("HEAD").symlink_metadata().is_ok() && common.join("objects").is_dir() && common.join("refs").is_dir();
    is_repository.then_some(common)
}

/// The first line of a small file.
fn line_of(file: &Path) -> Option<String> {
    const MAX_POINTER_BYTES: u64 = 4 << 10;
    let bytes = disk::read_small(file, MAX_POINTER_BYTES).ok()??;
    Some(std::str::from_utf8(&bytes).ok()?.lines().next()?.to_owned())
}

/// A repository and the part of its work tree that is looked at.
#[derive(Debug)]
pub(crate) struct Repository {
    handle: ThreadSafeRepository,
    object_hash: gix::hash::Kind,
    top: PathBuf,
    /// The path of the scanned directory below the top, with `/` at its end; empty if it is the top.
    prefix: Vec<u8>,
}

/// The files of a commit, by their path below the scanned directory.
#[derive(Debug, Default)]
pub(crate) struct CommittedFiles {
    pub(crate) files: BTreeMap<Vec<u8>, ObjectId>,
    /// Whether there are more files, or deeper folders, than the limits allow.
    pub(crate) is_cut: bool,
}

impl Repository {
    /// Opens the repository of a directory, whose path has no links in it.
    pub(crate) fn of_directory(directory: &Path, limits: &Limits) -> Result<Self, SourceError> {
        let top = work_tree_above(directory).unwrap_or_else(|| directory.to_owned());
        let not_a_repository = |reason: &str| SourceError::NotARepository { path: directory.to_owned(), reason: reason.to_owned() };
        if top.join(".git").symlink_metadata().is_err() {
            let is_bare = directory.join("HEAD").is_file() && directory.join("objects").is_dir();
            return Err(not_a_repository(if is_bare {
                "it is a bare repository, which has no files to look at"
            } else {
                "there is no `.git` in it or above it"
            }));
        }
        let prefix = match disk::artifact_path(&top, directory) {
            Some(path) if !path.as_bytes().is_empty() => [path.as_bytes(), b"/"].concat(),
            Some(_) | None => Vec::new(),
        };
        let handle = open(&top, limits).map_err(|reason| not_a_repository(&reason))?;
        let object_hash = handle.to_thread_local().object_hash();
        Ok(Self { handle, object_hash, top, prefix })
    }

    /// A path below the scanned directory, given one below the top of the work tree.
    pub(crate) fn below_directory<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        path.strip_prefix(self.prefix.as_slice())
    }

    /// A path below the top of the work tree, given one below the scanned directory.
    pub(crate) fn below_top(&self, path: &ArtifactPath) -> Vec<u8> {
        [&self.prefix, path.as_bytes()].concat()
    }

    /// The index; nothing if there is none.
    pub(crate) fn index(&self) -> Result<Option<gix::index::File>, SourceError> {
        self.guarded(|repository| {
            if !repository.index_path().exists() {
                return Ok(None);
            }
            repository.open_index().map(Some).map_err(|error| reason(&error))
        })
    }

    /// The commit that `HEAD` points to; nothing if there is none yet.
    pub(crate) fn head(&self) -> Result<Option<ObjectId>, SourceError> {
        self.guarded(|repository| {
            let mut head = repository.head().map_err(|error| reason(&error))?;
            if head.is_unborn() {
                return Ok(None);
            }
            let commit = head.peel_to_commit().map_err(|error| reason(&error))?;
            Ok(Some(commit.id))
        })
    }

    /// The best common commit of a revision and `HEAD`.
    pub(crate) fn merge_base(&self, revision: &str) -> Result<ObjectId, SourceError> {
        let unknown = |reason: String| SourceError::UnknownRevision { revision: revision.to_owned(), reason };
        let Some(head) = self.head()? else { return Err(unknown("the repository has no commit yet".to_owned())) };
        let commit = |repository: &gix::Repository| {
            let id = repository.rev_parse_single(revision).map_err(|error| reason(&error))?;
            let commit = id.object().map_err(|error| reason(&error))?.peel_to_commit().map_err(|error| reason(&error))?;
            Ok(commit.id)
        };
        let id = self.caught(commit).map_err(unknown)?;
        let base = self.guarded(|repository| match repository.merge_base(id, head) {
            Ok(base) => Ok(base.map(gix::Id::detach)),
            Err(error) => Err(reason(&error)),
        })?;
        base.ok_or_else(|| SourceError::NoCommonCommit { revision: revision.to_owned() })
    }

    /// The files of a commit below the scanned directory. Links and submodules are no files.
    pub(crate) fn files_of(&self, commit: ObjectId, limits: &Limits) -> Result<CommittedFiles, SourceError> {
        self.guarded(|repository| {
            let commit = repository.find_commit(commit).map_err(|error| reason(&error))?;
            let tree = commit.tree_id().map_err(|error| reason(&error))?.detach();
            self.list(repository, tree, limits)
        })
    }

    /// The content of a blob; nothing if it is larger than a limit.
    pub(crate) fn blob(&self, id: ObjectId, max_bytes: u64) -> Result<Option<Vec<u8>>, String> {
        self.caught(|repository| {
            let header = repository.find_header(id).map_err(|error| reason(&error))?;
            if max_bytes < header.size() {
                return Ok(None);
            }
            let mut blob = repository.find_blob(id).map_err(|error| reason(&error))?;
            Ok(Some(blob.take_data()))
        })
    }

    /// The size of a blob.
    pub(crate) fn blob_bytes(&self, id: ObjectId) -> Result<u64, String> {
        self.caught(|repository| Ok(repository.find_header(id).map_err(|error| reason(&error))?.size()))
    }

    /// The id that a content has, or would have, in this repository.
    pub(crate) fn id_of(&self, content: &[u8]) -> Option<ObjectId> {
        gix::objs::compute_hash(self.object_hash, gix::objs::Kind::Blob, content).ok()
    }

    fn list(&self, repository: &gix::Repository, tree: ObjectId, limits: &Limits) -> Result<CommittedFiles, String> {
        let mut committed = CommittedFiles::default();
        let mut folders = vec![(Vec::new(), tree, 0_usize)];
        let mut n_seen = 0_usize;
        while let Some((path, id, depth)) = folders.pop() {
            let tree = repository.find_tree(id).map_err(|error| reason(&error))?;
            for entry in tree.iter() {
                // A tree of a few kilobytes can name the same folders again and again.
                n_seen += 1;
                if limits.max_files < n_seen {
                    committed.is_cut = true;
                    return Ok(committed);
                }
                let entry = entry.map_err(|error| reason(&error))?;
                let path = [&path, entry.filename().to_vec().as_slice()].concat();
                if entry.mode().is_tree() {
                    let path = [&path, b"/".as_slice()].concat();
                    // Only what leads to the scanned directory, or is in it.
                    if !path.starts_with(&self.prefix) && !self.prefix.starts_with(&path) {
                        continue;
                    }
                    if limits.max_depth <= depth {
                        committed.is_cut = true;
                        continue;
                    }
                    folders.push((path, entry.object_id(), depth + 1));
                } else if entry.mode().is_blob()
                    && let Some(path) = self.below_directory(&path)
                {
                    committed.files.insert(path.to_vec(), entry.object_id());
                }
            }
        }
        Ok(committed)
    }

    fn guarded<T>(&self, ask: impl FnOnce(&gix::Repository) -> Result<T, String>) -> Result<T, SourceError> {
        self.caught(ask).map_err(|reason| SourceError::BrokenRepository { path: self.top.clone(), reason })
    }

    fn caught<T>(&self, ask: impl FnOnce(&gix::Repository) -> Result<T, String>) -> Result<T, String> {
        caught(|| ask(&self.handle.to_thread_local()))
    }
}

/// Opens the repository at the top of a work tree.
pub(super) fn open(top: &Path, limits: &Limits) -> Result<ThreadSafeRepository, String> {
    // What `git replace` shows instead of an object is not what a clone gets.
    let overrides = ["core.useReplaceRefs=false".to_owned(), format!("gitoxide.objects.allocLimit={}", limits.max_file_bytes)];
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Reduced).config_overrides(overrides);
    caught(|| ThreadSafeRepository::open_opts(top, options).map_err(|error| reason(&error)))
}

/// Asks the library something; a panic in it, on a database that somebody broke, is an error like others.
pub(super) fn caught<T>(ask: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| Err("reading it failed unexpectedly".to_owned()))
}

/// What an error and its causes say, in one line without control characters.
pub(super) fn reason(error: &gix::Error) -> String {
    let parts: Vec<String> = error.iter_errors().map(ToString::to_string).filter(|part| !part.is_empty()).collect();
    parts.join(": ").chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
