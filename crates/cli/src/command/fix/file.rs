//! One file that is fixed: found again below the scanned root, changed, and written as a whole.

use std::{
    fs::{self, Permissions},
    path::{Component, Path, PathBuf},
};

use bartizan_core::ArtifactPath;
use bartizan_sast::suite;
use bartizan_scan::{Fixed, Fixing};
use bartizan_source::{Analyzer, FileInfo, Input, Limits, Options, discover};
use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};

use super::Candidate;
use crate::{
    failure::{Failure, reason},
    output,
    session::read_regular,
    text,
};

/// The folder below which files are fixed, and nowhere else.
pub(super) struct Root(PathBuf);

/// The text of a file, and what is needed to put another one in its place.
pub(super) struct TextFile {
    path: PathBuf,
    permissions: Permissions,
    pub(super) text: String,
}

/// A file with its fixes.
pub(super) struct FixedFile {
    pub(super) file: TextFile,
    pub(super) outcome: Fixed,
}

impl Root {
    /// The folder that is scanned, or the one that holds the scanned file.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        let folder =
            if path.is_dir() { path } else { path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")) };
        fs::canonicalize(folder).map(Self).map_err(|error| Failure::unreadable(path, &error))
    }

    /// Fixes a file in memory. `folder` is what the report puts before its paths. Says why it can't.
    pub(super) fn fix(
        &self,
        artifact: &ArtifactPath,
        folder: &str,
        candidates: &[Candidate<'_>],
        analyzers: &[Box<dyn Analyzer>],
    ) -> Result<FixedFile, String> {
        let below = below(artifact, folder)?;
        let file = self.read(below)?;
        let info = FileInfo::new(below.into(), text::to_u64(file.text.len()));
        let n_syntax_errors = |text: &str| suite::n_syntax_errors(below, text);
        let others = || self.texts();
        let fixing = Fixing { info: &info, text: &file.text, analyzers, others: &others, n_syntax_errors: &n_syntax_errors };
        let outcome = bartizan_scan::fix(&fixing, candidates).map_err(|error| error.to_string())?;
        Ok(FixedFile { file, outcome })
    }

    /// The files below the root with their texts, as they are now; what can't be read is left out, as it is left alone.
    fn texts(&self) -> Vec<(FileInfo, String)> {
        let found = discover(&Input::Tree(self.0.clone()), &Options::default(), &|_| {});
        let files = found.map(|discovery| discovery.files).unwrap_or_default();
        let text = |info: FileInfo| {
            let text = self.read(info.path.as_str()?).ok()?.text;
            Some((info, text))
        };
        files.into_iter().filter_map(|file| text(file.info)).collect()
    }

    /// Reads a file by its path below the root. Says why it can't.
    pub(super) fn read(&self, below: &str) -> Result<TextFile, String> {
        let path = self.place(below)?;
        let permissions = fs::symlink_metadata(&path).map_err(|error| reason(&error))?.permissions();
        let bytes = read_regular(&path, Limits::MAX_FILE_BYTES).map_err(|failure| failure.message)?;
        // Places are those of the decoded text: it must be what stands in the file.
        let text = String::from_utf8(bytes).ok().filter(|text| !text.starts_with('\u{feff}')).ok_or("it is not plain UTF-8")?;
        Ok(TextFile { path, permissions, text })
    }

    /// The place of a file: below the root, on a way without links.
    fn place(&self, below: &str) -> Result<PathBuf, String> {
        let mut path = self.0.clone();
        let mut kind = None;
        for component in Path::new(below).components() {
            let Component::Normal(name) = component else { return Err("it lies outside of the scanned folder".to_owned()) };
            path.push(name);
            let metadata = fs::symlink_metadata(&path).map_err(|_| "it is no file on disk, but an entry of an archive".to_owned())?;
            if metadata.file_type().is_symlink() {
                return Err("a link leads to it".to_owned());
            }
            kind = Some(metadata.file_type());
        }
        if kind.is_some_and(|kind| kind.is_file()) { Ok(path) } else { Err("it is no regular file".to_owned()) }
    }
}

/// The path of a file below the root, without the folder that a report puts before it.
pub(super) fn below<'a>(artifact: &'a ArtifactPath, folder: &str) -> Result<&'a str, String> {
    let name = artifact.as_str().ok_or("its name is not UTF-8")?;
    Ok(name.strip_prefix(folder).filter(|_| !folder.is_empty()).map_or(name, |rest| rest.trim_start_matches('/')))
}

impl TextFile {
    /// What changes with another text, as `patch` and `git apply` understand it.
    pub(super) fn diff(&self, name: &str, after: &str) -> String {
        let input = InternedInput::new(self.text.as_str(), after);
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let printer = BasicLineDiffPrinter(&input.interner);
        let hunks = diff.unified_diff(&printer, UnifiedDiffConfig::default(), &input);
        format!("--- a/{name}\n+++ b/{name}\n{hunks}")
    }

    /// Writes another text into the file, which has its old content or its new one at any moment, and keeps its permissions.
    pub(super) fn write(&self, after: &str) -> Result<(), Failure> {
        let written = output::replace_file(&self.path, after.as_bytes(), self.permissions.clone());
        written.map_err(|error| Failure::unwritable(&self.path, &error))
    }
}
