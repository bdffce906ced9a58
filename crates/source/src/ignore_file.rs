//! Ignore files: `.gitignore`, `.git/info/exclude` and `.bartizanignore`, with git's semantics.
//!
//! The patterns come from the crate `ignore`; the reading does not, because ignore files are as hostile as any other:
//! they may be pipes, links out of the tree, or without end. As in git, what is tracked is not ignored, a repository in
//! a repository has rules of its own, `.gitignore` means nothing outside of one, and rules of a deeper folder win. The
//! user's global ignore file is not read: the result must not depend on whose machine it is.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Location};
use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use crate::{
    disk,
    git::{self, Tracked},
    limits,
};

/// The name of Bartizan's own ignore file.
pub(crate) const OWN_NAME: &str = ".bartizanignore";
/// The name of git's ignore file.
pub(crate) const GIT_NAME: &str = ".gitignore";
/// The largest ignore file that is used; the largest known real ones have 30 KiB.
const MAX_IGNORE_FILE_BYTES: u64 = 256 << 10;

/// What ignore files say about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing, or that it stays.
    Kept,
    /// Bartizan's own ignore file leaves it out.
    Excluded,
    /// Git ignores it, unless it is tracked.
    Ignored,
}

/// The rules that hold in one folder, on top of those of the folder above it.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    parent: Option<Arc<Self>>,
    git: Option<Gitignore>,
    own: Option<Gitignore>,
    /// `.git/info/exclude`, if this folder is the top of a repository.
    exclude: Option<Gitignore>,
    /// What the repository tracks, if this folder is its top.
    tracked: Option<Arc<Tracked>>,
}

/// Which of the files that matter here a folder has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Present {
    pub(crate) git_ignore: bool,
    pub(crate) own_ignore: bool,
    pub(crate) dot_git: bool,
}

impl Rules {
    /// The rules of a folder, given those of its parent.
    pub(crate) fn of_folder(parent: &Arc<Self>, folder: &Path, present: Present, reader: &mut Reader<'_>) -> Arc<Self> {
        if !present.git_ignore && !present.own_ignore && !present.dot_git {
            return Arc::clone(parent);
        }
        let mut rules = Self { parent: Some(Arc::clone(parent)), ..Self::default() };
        if present.own_ignore {
            rules.own = reader.read(folder, &folder.join(OWN_NAME));
        }
        if present.git_ignore {
            rules.git = reader.read(folder, &folder.join(GIT_NAME));
        }
        if present.dot_git
            && let Some(tracked) = Tracked::of_work_tree(folder)
        {
            rules.exclude = tracked.exclude_file().and_then(|file| reader.read(folder, &file));
            rules.tracked = Some(Arc::new(tracked));
        }
        Arc::new(rules)
    }

    /// What the rules say about an entry of their folder, given with its root.
    pub(crate) fn verdict(&self, path: &Path, is_directory: bool) -> Verdict {
        let mut own = None;
        let mut git = None;
        let mut is_inside = true;
        for rules in self.chain() {
            own = own.or_else(|| decision(rules.own.as_ref(), path, is_directory));
            if is_inside {
                git = git.or_else(|| decision(rules.git.as_ref(), path, is_directory));
                git = git.or_else(|| decision(rules.exclude.as_ref(), path, is_directory));
            }
            is_inside &= rules.tracked.is_none();
        }
        // Outside of a repository `.gitignore` means nothing: in an exported tree, every file was tracked.
        if is_inside {
            git = None;
        }
        match (own, git) {
            (Some(true), _) => Verdict::Excluded,
            (None, Some(true)) => Verdict::Ignored,
            (Some(false), _) | (None, Some(false) | None) => Verdict::Kept,
        }
    }

    /// Whether git tracks a file.
    pub(crate) fn is_tracked(&self, path: &Path) -> bool {
        self.tracked().is_some_and(|tracked| tracked.contains(path))
    }

    /// Whether git tracks a file somewhere below a folder.
    pub(crate) fn is_tracked_below(&self, folder: &Path) -> bool {
        self.tracked().is_some_and(|tracked| tracked.contains_below(folder))
    }

    /// Where the index is that could not be read to answer that, and why; once.
    pub(crate) fn take_problem(&self) -> Option<(&Path, &str)> {
        self.tracked()?.take_problem()
    }

    /// What the innermost repository tracks.
    fn tracked(&self) -> Option<&Tracked> {
        self.chain().find_map(|rules| rules.tracked.as_deref())
    }

    /// These rules and those above them, from the inside out.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |rules| rules.parent.as_deref())
    }

    /// The same repository without its patterns.
    pub(crate) fn without_patterns(&self) -> Arc<Self> {
        let tracked = self.chain().find_map(|rules| rules.tracked.clone());
        Arc::new(Self { tracked, ..Self::default() })
    }
}

/// Bartizan's own ignore files, for paths that no walk came by.
#[derive(Debug)]
pub(crate) struct OwnRules<'a> {
    root: &'a Path,
    above: Arc<Rules>,
    by_folder: HashMap<PathBuf, Arc<Rules>>,
}

impl<'a> OwnRules<'a> {
    /// The rules below a root, with those of the folders above it.
    pub(crate) fn above(root: &'a Path, reader: &mut Reader<'_>) -> Self {
        Self { root, above: rules_above(root, reader), by_folder: HashMap::new() }
    }

    /// Whether a file below the root, given with it, or a folder above the file is left out.
    pub(crate) fn is_excluded(&mut self, file: &Path, reader: &mut Reader<'_>) -> bool {
        // An index can hold names that lead anywhere.
        if file.components().any(|part| part == Component::ParentDir) {
            return false;
        }
        let mut folders: Vec<&Path> = file.ancestors().skip(1).take_while(|folder| folder.starts_with(self.root)).collect();
        folders.reverse();
        let mut rules = Arc::clone(&self.above);
        for (index, folder) in folders.iter().enumerate() {
            let present = Present { own_ignore: true, ..Present::default() };
            let known = self.by_folder.get(*folder).cloned();
            rules = known.unwrap_or_else(|| Rules::of_folder(&rules, folder, present, reader));
            self.by_folder.insert(folder.to_path_buf(), Arc::clone(&rules));
            let below = folders.get(index + 1).copied();
            if rules.verdict(below.unwrap_or(file), below.is_some()) == Verdict::Excluded {
                return true;
            }
        }
        false
    }
}

/// The rules of the folders between the top of the repository and a root.
pub(crate) fn rules_above(root: &Path, reader: &mut Reader<'_>) -> Arc<Rules> {
    let mut rules = Arc::<Rules>::default();
    let Some(top) = git::work_tree_above(root) else { return rules };
    let mut folders: Vec<&Path> = root.ancestors().skip(1).take_while(|folder| folder.starts_with(&top)).collect();
    folders.reverse();
    let mut is_ignored = false;
    for (index, folder) in folders.iter().enumerate() {
        let present = Present { git_ignore: true, own_ignore: true, dot_git: index == 0 };
        rules = Rules::of_folder(&rules, folder, present, reader);
        let below = folders.get(index + 1).copied().unwrap_or(root);
        is_ignored |= rules.verdict(below, true) != Verdict::Kept;
    }
    // Who names an ignored folder wants to see it.
    if is_ignored { rules.without_patterns() } else { rules }
}

fn decision(matcher: Option<&Gitignore>, path: &Path, is_directory: bool) -> Option<bool> {
    match matcher?.matched(path, is_directory) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// Reads ignore files and collects their problems.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    root: &'a Path,
    /// What can't be used.
    pub(crate) problems: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// A reader that names files by their path below `root`.
    pub(crate) const fn new(root: &'a Path) -> Self {
        Self { root, problems: Vec::new() }
    }

    /// Reads one ignore file with patterns relative to a folder; a file that can't be used has no patterns.
    fn read(&mut self, folder: &Path, file: &Path) -> Option<Gitignore> {
        let bytes = match disk::read_small(file, MAX_IGNORE_FILE_BYTES) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let limit = limits::named("max-ignore-file-bytes", MAX_IGNORE_FILE_BYTES);
                self.problem(
                    file,
                    Diagnostic::new(DiagnosticKind::Configuration, "ignore file is too large; nothing is ignored by it").because_of(limit),
                );
                return None;
            }
            Err(disk::NotOpened::Link | disk::NotOpened::Special) => {
                // Git does not follow links here either.
                self.problem(
                    file,
                    Diagnostic::new(DiagnosticKind::Configuration, "ignore file is no regular file; nothing is ignored by it"),
                );
                return None;
            }
            Err(disk::NotOpened::Failed(error)) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(disk::NotOpened::Failed(error)) => {
                self.problem(file, Diagnostic::new(DiagnosticKind::Configuration, format!("can't read ignore file: {error}")));
                return None;
            }
        };
        let mut builder = GitignoreBuilder::new(folder);
        let is_own = file.file_name().is_some_and(|name| name == OWN_NAME);
        for (index, line) in lines(&bytes).enumerate() {
            let line = String::from_utf8_lossy(line);
            // Git ignores patterns that are none, and so do we, silently, in files that were not written for us.
            if let Err(error) = builder.add_line(None, &line)
                && is_own
            {
                let reason = format!("line {}: invalid pattern: {error}", index + 1);
                self.problem(file, Diagnostic::new(DiagnosticKind::Configuration, reason).with_help("patterns have `.gitignore` syntax"));
            }
        }
        match builder.build() {
            Ok(matcher) => (!matcher.is_empty()).then_some(matcher),
            Err(error) => {
                self.problem(file, Diagnostic::new(DiagnosticKind::Configuration, format!("can't use ignore file: {error}")));
                None
            }
        }
    }

    fn problem(&mut self, file: &Path, diagnostic: Diagnostic) {
        let path = disk::artifact_path(self.root, file).unwrap_or_else(|| ArtifactPath::from_bytes(file.as_os_str().as_encoded_bytes()));
        self.problems.push(diagnostic.at(Location::whole(path)));
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
