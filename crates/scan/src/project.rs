//! The repository round the scanned folder: its configuration and its owners.
//!
//! Paths in a report start at the scanned folder; those in configuration and code-owners files start at the repository's root,
//! which is the nearest folder at or above the scanned one that git calls one.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level, Location, Owner};
use bartizan_formats::{
    codeowners::{self, CodeOwners, Dialect},
    path_pattern,
};

use crate::config::{MAX_CONFIG_BYTES, RepositoryConfig};

/// Where the scanned folder lies in its repository.
#[derive(Debug, Clone, Default)]
pub(crate) struct Project {
    /// The repository's root; nothing where there is no folder at all.
    root: Option<PathBuf>,
    /// The names of the folders from that root to the scanned one.
    below: Vec<Vec<u8>>,
}

impl Project {
    /// Finds the repository of a folder without links in its path; without a repository, the folder stands for itself.
    pub(crate) fn of(scanned: Option<&Path>) -> Self {
        let Some(scanned) = scanned else { return Self::default() };
        let is_root = |folder: &&Path| fs::symlink_metadata(folder.join(".git")).is_ok() && has_same_owner(folder, scanned);
        let root = scanned.ancestors().find(is_root).unwrap_or(scanned);
        let below = scanned.strip_prefix(root).unwrap_or(Path::new("")).components();
        let below = below.map(|component| component.as_os_str().as_encoded_bytes().to_vec()).collect();
        Self { root: Some(root.to_owned()), below }
    }

    /// Whether the whole repository is scanned.
    pub(crate) fn is_whole(&self) -> bool {
        self.below.is_empty()
    }

    /// The path from the repository's root of a path of the report.
    pub(crate) fn path_in_repository(&self, path: &ArtifactPath) -> Vec<u8> {
        let mut whole = self.below.join(&b'/');
        if !whole.is_empty() {
            whole.push(b'/');
        }
        whole.extend_from_slice(path.as_bytes());
        whole
    }

    /// The path of the report of a file of the repository.
    pub(crate) fn path_in_report(&self, path: &str) -> String {
        format!("{}{path}", "../".repeat(self.below.len()))
    }

    /// Reads the repository's configuration. With an error in it nothing of it is used: it only narrows.
    pub(crate) fn configuration(&self) -> (Option<RepositoryConfig>, Vec<Diagnostic>) {
        let file = self.path_in_report(RepositoryConfig::PATH);
        let whole = || Location::whole(file.as_str().into());
        let bytes = match self.read(RepositoryConfig::PATH, MAX_CONFIG_BYTES) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return (None, Vec::new()),
            Err(reason) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::Configuration, format!("the repository's configuration {reason}"));
                return (None, vec![diagnostic.at(whole())]);
            }
        };
        match RepositoryConfig::read(&file, &bytes) {
            Ok(config) => (Some(config), Vec::new()),
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| {
                    let help =
                        if problem.help.is_empty() { "nothing in the file is used until it is corrected".to_owned() } else { problem.help };
                    Diagnostic::new(DiagnosticKind::Configuration, problem.message).at(problem.location).with_help(help)
                });
                (None, problems.collect())
            }
        }
    }

    /// Reads the first code-owners file that there is.
    pub(crate) fn owners(&self) -> (Owners<'_>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        for place in codeowners::PLACES {
            let file = ArtifactPath::from(self.path_in_report(place).as_str());
            match self.read(place, codeowners::MAX_BYTES) {
                Ok(Some(bytes)) => {
                    let (rules, problems) = CodeOwners::parse(&bytes, &file, Dialect::of(place, &bytes));
                    return (Owners { project: self, rules }, problems);
                }
                Ok(None) => {}
                Err(reason) => {
                    let diagnostic = Diagnostic::new(DiagnosticKind::Configuration, format!("the code-owners file {reason}"));
                    diagnostics.push(Diagnostic { level: Level::Note, ..diagnostic }.at(Location::whole(file)));
                }
            }
        }
        (Owners { project: self, rules: CodeOwners::default() }, diagnostics)
    }

    /// Reads a file of the repository, one byte more than the limit at most; nothing if there is none.
    ///
    /// The scanned tree is not trusted: a link that leads out of it is not followed, and no pipe is opened.
    fn read(&self, path: &str, max_bytes: usize) -> Result<Option<Vec<u8>>, String> {
        let Some(root) = &self.root else { return Ok(None) };
        let unreadable = |error: std::io::Error| format!("can't be read: {}", error.kind());
        let file = root.join(path);
        if fs::symlink_metadata(&file).is_err() {
            return Ok(None);
        }
        let file = fs::canonicalize(&file).map_err(unreadable)?;
        let root = fs::canonicalize(root).map_err(unreadable)?;
        if !file.starts_with(&root) {
            return Err("is not used: it is a link that leads out of the repository".to_owned());
        }
        if !fs::metadata(&file).map_err(unreadable)?.is_file() {
            return Err("is not used: it is no regular file".to_owned());
        }
        let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        fs::File::open(&file).map_err(unreadable)?.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(Some(bytes))
    }

    /// Translates a pattern of the repository's root into those that mean the same below the scanned folder.
    ///
    /// A pattern that leaves out the scanned folder as a whole means nothing: the caller has named that folder.
    pub(crate) fn patterns_below(&self, pattern: &str) -> Vec<String> {
        if self.below.is_empty() {
            return vec![pattern.to_owned()];
        }
        let (is_folder, body) = pattern.strip_suffix('/').map_or((false, pattern), |body| (true, body));
        let is_anchored = body.contains('/');
        if !is_anchored {
            return vec![pattern.to_owned()];
        }
        let segments: Vec<&str> = body.split('/').filter(|segment| !segment.is_empty()).collect();
        let mut rests = Vec::new();
        rests_of(&segments, &self.below, &mut rests);
        rests.sort();
        rests.dedup();
        let end = if is_folder { "/" } else { "" };
        rests.into_iter().map(|rest| format!("/{}{end}", rest.join("/"))).collect()
    }
}

/// What is left of a pattern once it has walked down the folders, in every way that it can.
fn rests_of<'a>(pattern: &[&'a str], folders: &[Vec<u8>], rests: &mut Vec<Vec<&'a str>>) {
    let Some((folder, below)) = folders.split_first() else {
        if !pattern.is_empty() && *pattern != ["**"] {
            rests.push(pattern.to_vec());
        }
        return;
    };
    let Some((first, others)) = pattern.split_first() else { return };
    if *first == "**" {
        rests_of(pattern, below, rests);
        rests_of(others, folders, rests);
    } else if path_pattern::segment_matches(first, folder) {
        rests_of(others, below, rests);
    }
}

/// Above a folder that anybody can write to, such as `/tmp`, nobody else's repository counts.
#[cfg(unix)]
fn has_same_owner(folder: &Path, scanned: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid()).ok();
    folder == scanned || owner(folder) == owner(scanned)
}

#[cfg(not(unix))]
fn has_same_owner(_folder: &Path, _scanned: &Path) -> bool {
    true
}

/// Who owns the paths of a report.
#[derive(Debug)]
pub(crate) struct Owners<'a> {
    project: &'a Project,
    rules: CodeOwners,
}

impl Owners<'_> {
    /// The owners of an artifact.
    pub(crate) fn of(&self, artifact: &ArtifactPath) -> Vec<Owner> {
        self.rules.owners_of(&self.project.path_in_repository(artifact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_translated_for_a_folder_of_the_repository() {
        let project = Project { root: None, below: vec![b"src".to_vec(), b"web".to_vec()] };
        let cases: [(&str, &[&str]); 12] = [
            ("*.min.js", &["*.min.js"]),
            ("dist/", &["dist/"]),
            ("/src/web/dist/", &["/dist/"]),
            ("src/*/a/*.js", &["/a/*.js"]),
            ("/lib/a", &[]),
            ("**/test/", &["/**/test/"]),
            ("/src/**/x", &["/**/x"]),
            ("src/**/web/x", &["/**/web/x", "/x"]),
            ("/src", &[]),
            ("/src/web", &[]),
            ("/src/**", &[]),
            ("/s?c/w*/x", &["/x"]),
        ];
        for (pattern, expected) in cases {
            assert_eq!(project.patterns_below(pattern), expected, "{pattern}");
        }
        assert_eq!(Project::default().patterns_below("/a"), ["/a"]);
    }

    #[test]
    fn paths_are_translated_both_ways() {
        let project = Project { root: None, below: vec![b"src".to_vec(), b"web".to_vec()] };
        assert_eq!(project.path_in_repository(&"a/b".into()), b"src/web/a/b");
        assert_eq!(project.path_in_report("CODEOWNERS"), "../../CODEOWNERS");
        assert_eq!(Project::default().path_in_repository(&"a".into()), b"a");
    }
}
