//! What an engine is to the pass.

use bartizan_core::{ArtifactPath, EngineId, Fingerprint, Rule, RuleId};

use crate::{FileInfo, FileView, Reporter};

/// How much of a file an analyzer wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interest {
    /// Nothing: the file is not opened for this analyzer.
    None,
    /// Its path alone: [`FileView::text`] is nothing, the file is not opened.
    Path,
    /// Its decoded text; binary files are not shown.
    Text,
    /// Its bytes, binary or not.
    Bytes,
}

/// Looks at files and reports. Implemented once by each engine.
pub trait Analyzer: Send + Sync {
    /// The engine's short name.
    fn id(&self) -> EngineId;

    /// Changes whenever the result for the same bytes and the same path may change: engine, rules, options.
    fn version(&self) -> Fingerprint;

    /// What is known about the rules that this analyzer runs, in any order.
    fn rules(&self) -> Vec<Rule>;

    /// What other tools call its rules, where they have names for them; the same as in [`Analyzer::rules`], for less.
    fn aliases(&self) -> Vec<(RuleId, Vec<String>)> {
        Vec::new()
    }

    /// Decides from path, size and language, before anything is read. Of a program it is asked once more, when it is known to be one.
    fn interest(&self, file: &FileInfo) -> Interest;

    /// Whether it wants to be asked about files of an image of a container that a later layer replaced or removed.
    fn sees_covered(&self) -> bool {
        false
    }

    /// Looks at one interesting file; called from any thread, for files in any order.
    ///
    /// What it reports may depend on the path and the bytes of this file and on nothing else: results are cached by them.
    fn visit(&self, file: &FileView<'_>, report: &mut Reporter);

    /// Looks at facts across files, after all of them were visited; never cached.
    ///
    /// What it needs of files it has noted with [`Reporter::facts`] when it visited them, or when an earlier scan did: files are
    /// not opened again. What may be wrong in a file it has reported with [`Reporter::pending`]; here it says which of it is.
    fn finish(&self, _project: &ProjectView<'_>, _report: &mut Reporter) {}
}

/// All files of the pass, by path.
#[derive(Debug, Clone, Copy)]
pub struct ProjectView<'a> {
    /// The paths of every file that was visited, sorted.
    pub paths: &'a [ArtifactPath],
    /// What this analyzer has noted of files, sorted by path.
    pub facts: &'a [FileFacts<'a>],
}

/// What an analyzer has noted of one file.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    /// The file.
    pub path: &'a ArtifactPath,
    /// What was given to [`Reporter::facts`].
    pub facts: &'a [u8],
    /// The text, if [`Reporter::keep_text`] asked for it; secrets that were found in it are masked, each byte by an asterisk.
    pub text: Option<&'a str>,
}
