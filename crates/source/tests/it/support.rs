//! Folders to look at, and what was seen in them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use bartizan_core::{Diagnostic, DiagnosticKind};
use bartizan_source::{Content, ContentKind, Discovery, FileInfo, Input, Interest, Options, SourceFile, discover};
use tempfile::TempDir;

/// A folder that is gone after the test.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A folder with text files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The whole folder, with the usual options.
    pub(crate) fn look(&self) -> Seen {
        self.look_with(&Options::default())
    }

    pub(crate) fn look_with(&self, options: &Options) -> Seen {
        look(&Input::Tree(self.path().to_owned()), options)
    }
}

/// What was seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Path and text; instead of a text, `<binary>` and the like.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) problems: Vec<Diagnostic>,
}

impl Seen {
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.files.iter().map(|(path, _)| path.as_str()).collect()
    }

    /// The texts by path.
    pub(crate) fn texts(&self) -> BTreeMap<&str, &str> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
    }

    /// Kind and path of every problem.
    pub(crate) fn problems(&self) -> Vec<(DiagnosticKind, String)> {
        let path = |problem: &Diagnostic| problem.location.as_ref().map_or_else(String::new, |location| location.artifact.to_string());
        self.problems.iter().map(|problem| (problem.kind, path(problem))).collect()
    }

    /// The names of the limits that were reached.
    pub(crate) fn limits(&self) -> Vec<&str> {
        self.problems.iter().filter_map(|problem| problem.limit.as_ref()).map(|limit| limit.name.as_str()).collect()
    }
}

/// Looks at everything in an input.
pub(crate) fn look(input: &Input, options: &Options) -> Seen {
    look_at(&discover(input, options, &|_| {}).unwrap(), options)
}

/// Looks at everything that was discovered.
pub(crate) fn look_at(discovery: &Discovery, options: &Options) -> Seen {
    let mut seen = Seen { files: Vec::new(), problems: discovery.diagnostics.clone() };
    for file in &discovery.files {
        look_into(file, options, &mut |_| Interest::Text, &mut seen);
    }
    seen
}

/// Looks at one file and what is in it.
pub(crate) fn look_into(file: &SourceFile, options: &Options, wanted: &mut dyn FnMut(&FileInfo) -> Interest, seen: &mut Seen) {
    let mut visit = |info: &FileInfo, content: &Content<'_>| {
        let text = match content.kind {
            ContentKind::Unread => "<unread>".to_owned(),
            ContentKind::Archive => "<archive>".to_owned(),
            ContentKind::Binary => "<binary>".to_owned(),
            ContentKind::Text(_) => content.text.as_deref().unwrap().to_owned(),
        };
        seen.files.push((info.path.to_string(), text));
    };
    file.open(options, &mut seen.problems, wanted, &mut visit);
}

/// Looks at one file in memory.
pub(crate) fn look_at_bytes(name: &str, bytes: &[u8], options: &Options) -> Seen {
    look(&Input::Stdin { name: name.to_owned(), bytes: bytes.to_vec() }, options)
}
