//! Walking a tree of folders, in parallel.
//!
//! Threads take folders. What they find is sorted at the end, and the limits keep the first paths rather than the first
//! found ones, so that the result does not depend on the number of threads. No file but ignore files is opened here.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level, Location};

use crate::{
    Options, SourceError, disk,
    exclude::Excludes,
    ignore_file::{self, Present, Reader, Rules, Verdict},
    limits,
};

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Its path below the root.
    pub(crate) path: ArtifactPath,
    /// Its size when it was found.
    pub(crate) size_bytes: u64,
}

/// All files of a tree, sorted by path, and what was not looked at.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<Found>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Walks the tree below a directory, whose path has no links in it.
pub(crate) fn tree(root: &Path, options: &Options, progress: &(dyn Fn(usize) + Sync)) -> Result<Tree, SourceError> {
    let mut reader = Reader::new(root);
    let rules = if options.use_ignore_files { ignore_file::rules_above(root, &mut reader) } else { Arc::default() };
    let walker = Walker {
        root,
        options,
        progress,
        excludes: Excludes::new(root, options)?,
        n_found: AtomicUsize::new(0),
        is_cut: Mutex::new(false),
        files: Mutex::default(),
        diagnostics: Mutex::new(reader.problems),
    };
    let top = Folder { path: root.to_owned(), depth: 0, rules, is_ignored: false };
    rayon::scope(|scope| walker.folder(scope, &top));

    let mut files = walker.files.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut diagnostics = walker.diagnostics.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_unstable();
    let is_cut = walker.is_cut.into_inner().unwrap_or_else(PoisonError::into_inner) || options.limits.max_files < files.len();
    if is_cut {
        files.truncate(options.limits.max_files);
        let diagnostic = Diagnostic::new(DiagnosticKind::TooManyEntries, "more files than are looked at; the first ones by path are kept")
            .because_of(limits::named("max-files", options.limits.max_files))
            .with_help("scan parts of the tree on their own, or exclude what is not source code");
        diagnostics.push(diagnostic);
    }
    Ok(Tree { files, diagnostics })
}

struct Walker<'a> {
    root: &'a Path,
    options: &'a Options,
    progress: &'a (dyn Fn(usize) + Sync),
    excludes: Excludes,
    n_found: AtomicUsize,
    /// Whether files were dropped because there are more than the limit.
    is_cut: Mutex<bool>,
    files: Mutex<Vec<Found>>,
    diagnostics: Mutex<Vec<Diagnostic>>,
}

/// A folder to be looked into.
struct Folder {
    path: PathBuf,
    depth: usize,
    /// The rules of the folder above it.
    rules: Arc<Rules>,
    /// Whether git ignores it, so that only what is tracked in it counts.
    is_ignored: bool,
}

impl Walker<'_> {
    /// Looks into a folder and hands on the folders in it.
    fn folder<'scope>(&'scope self, scope: &rayon::Scope<'scope>, folder: &Folder) {
        let entries = match fs::read_dir(&folder.path) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(&folder.path, "directory", &error),
        };
        let mut present = Present::default();
        let mut listed = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => {
                    let name = entry.file_name();
                    present.dot_git |= name == ".git";
                    present.git_ignore |= name == ignore_file::GIT_NAME;
                    present.own_ignore |= name == ignore_file::OWN_NAME;
                    listed.push(entry);
                }
                Err(error) => self.unreadable(&folder.path, "directory", &error),
            }
        }
        let mut rules = Arc::clone(&folder.rules);
        if self.options.use_ignore_files {
            let mut reader = Reader::new(self.root);
            rules = Rules::of_folder(&rules, &folder.path, present, &mut reader);
            if !reader.problems.is_empty() {
                lock(&self.diagnostics).append(&mut reader.problems);
            }
        }

        let mut found = Vec::new();
        for entry in listed {
            self.entry(scope, folder, &rules, &entry, &mut found);
        }
        if !found.is_empty() {
            self.keep(found);
        }
    }

    fn entry<'scope>(
        &'scope self,
        scope: &rayon::Scope<'scope>,
        folder: &Folder,
        rules: &Arc<Rules>,
        entry: &fs::DirEntry,
        found: &mut Vec<Found>,
    ) {
        let path = entry.path();
        let file_type = match entry.file_type() {
            Ok(file_type) => file_type,
            Err(error) => return self.unreadable(&path, "file", &error),
        };

        // What is left out is not looked at, whatever it is.
        let is_directory = file_type.is_dir();
        if self.excludes.matches(&path, is_directory) {
            return;
        }
        let verdict = if self.options.use_ignore_files { rules.verdict(&path, is_directory) } else { Verdict::Kept };
        if verdict == Verdict::Excluded {
            return;
        }
        let is_ignored = folder.is_ignored || verdict == Verdict::Ignored;
        if is_ignored && !self.is_tracked(rules, &path, is_directory) {
            return;
        }

        if is_directory {
            let depth = folder.depth + 1;
            if self.options.limits.max_depth < depth {
                let diagnostic =
                    Diagnostic::new(DiagnosticKind::TooDeep, "directory is nested too deeply, and nothing in it was looked at")
                        .because_of(limits::named("max-depth", self.options.limits.max_depth));
                return self.report(&path, diagnostic);
            }
            let folder = Folder { path, depth, rules: Arc::clone(rules), is_ignored };
            return scope.spawn(move |scope| self.folder(scope, &folder));
        }
        if file_type.is_symlink() {
            return self.link(&path);
        }
        if !file_type.is_file() {
            return self.report(&path, Diagnostic::new(DiagnosticKind::SpecialFile, "device, socket or pipe: not opened"));
        }
        match (entry.metadata(), disk::artifact_path(self.root, &path)) {
            (Ok(metadata), Some(path)) => found.push(Found { path, size_bytes: metadata.len() }),
            (Err(error), _) => self.unreadable(&path, "file", &error),
            (Ok(_), None) => {}
        }
    }

    /// Whether git tracks an ignored file, or a file below an ignored folder.
    fn is_tracked(&self, rules: &Rules, path: &Path, is_directory: bool) -> bool {
        let is_tracked = if is_directory { rules.is_tracked_below(path) } else { rules.is_tracked(path) };
        if let Some((top, reason)) = rules.take_problem() {
            let reason = format!("can't tell which of the ignored files are tracked, and none of them was looked at: {reason}");
            let mut diagnostic =
                Diagnostic::new(DiagnosticKind::VersionControl, reason).with_help("`git fsck` says more, or scan ignored files too");
            diagnostic.level = Level::Incomplete;
            self.report(&top.join(".git"), diagnostic);
        }
        is_tracked
    }

    /// Reports a link that leads out of the root, or nowhere. What others lead to is looked at in its own place.
    fn link(&self, path: &Path) {
        match fs::canonicalize(path) {
            Ok(target) if target.starts_with(self.root) => {}
            Ok(_) => self.report(path, Diagnostic::new(DiagnosticKind::LinkNotFollowed, "link leads out of the scanned directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.report(path, Diagnostic::new(DiagnosticKind::LinkNotFollowed, format!("link can't be followed: {error}"))),
        }
    }

    /// Keeps files, but not many more than the limit: the first ones by path.
    fn keep(&self, mut found: Vec<Found>) {
        const STEP: usize = 256;
        let n_before = self.n_found.fetch_add(found.len(), Ordering::Relaxed);
        let n_now = n_before + found.len();
        if n_before / STEP != n_now / STEP {
            (self.progress)(n_now);
        }
        let max_files = self.options.limits.max_files;
        let mut files = lock(&self.files);
        files.append(&mut found);
        if max_files.saturating_mul(2) < files.len() {
            files.select_nth_unstable(max_files);
            files.truncate(max_files);
            *lock(&self.is_cut) = true;
        }
    }

    fn unreadable(&self, path: &Path, what: &str, error: &io::Error) {
        let diagnostic = Diagnostic::new(DiagnosticKind::Unreadable, format!("can't read this {what}: {error}"))
            .with_help("give read permission, or exclude it");
        self.report(path, diagnostic);
    }

    fn report(&self, path: &Path, diagnostic: Diagnostic) {
        let diagnostic = match disk::artifact_path(self.root, path) {
            Some(path) => diagnostic.at(Location::whole(path)),
            None => diagnostic,
        };
        lock(&self.diagnostics).push(diagnostic);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
