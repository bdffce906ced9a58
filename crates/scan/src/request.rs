//! What a caller asks for, and what it gets.

use std::{num::NonZeroUsize, path::PathBuf};

use bartizan_core::{Report, Severity, Tool};
use bartizan_source::{Analyzer, Input, SourceError};

use crate::{Baseline, CacheSettings, Date, Flags, Policy};

/// What a caller asks for.
pub struct Request<'a> {
    /// What to look at.
    pub input: Input,
    /// How to look at it: limits, and what to leave out. The caller's excludes win over those of configuration.
    pub source: bartizan_source::Options,
    /// The engines that look. Configuration may turn some of them off.
    pub analyzers: Vec<Box<dyn Analyzer>>,
    /// How many threads look; all processors if nothing. The report is the same.
    pub n_threads: Option<NonZeroUsize>,
    /// Results of earlier scans, used for [`Input::Tree`].
    pub cache: Option<CacheSettings>,
    /// What the organization asks for, and what it lets the repository decide.
    pub policy: Policy,
    /// Whether the repository's configuration, and marks in comments, are honored.
    pub use_repository_config: bool,
    /// The folder that the name of [`Input::Stdin`] is relative to; its repository's configuration and owners apply.
    pub stdin_folder: Option<PathBuf>,
    /// Findings of an earlier scan.
    pub baseline: Option<&'a Baseline>,
    /// What day it is.
    pub today: Date,
    /// What the command line says.
    pub flags: Flags,
    /// Who makes the report.
    pub tool: Tool,
    /// What is scanned, as the caller names it.
    pub target: String,
    /// What tells builds of the program apart that have the same version; results that another one cached are not used.
    pub build: Vec<u8>,
}

impl Request<'_> {
    /// A request with the usual values: no cache, no policy, no baseline.
    #[must_use]
    pub fn new(input: Input, analyzers: Vec<Box<dyn Analyzer>>, today: Date) -> Self {
        Self {
            input,
            source: bartizan_source::Options::default(),
            analyzers,
            n_threads: None,
            cache: None,
            policy: Policy::default(),
            use_repository_config: true,
            stdin_folder: None,
            baseline: None,
            today,
            flags: Flags::default(),
            tool: Tool::default(),
            target: String::new(),
            build: Vec::new(),
        }
    }
}

/// What a caller gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Everything that was found, suppressed findings included.
    pub report: Report,
    /// The severity at which an open finding fails the scan: the strictest that policy, repository and flags name.
    pub fail_on: Option<Severity>,
    /// Whether a change was scanned: then new findings alone count.
    pub has_changes: bool,
    /// With a baseline and a whole repository: how many findings of the baseline are no longer there.
    pub n_fixed: Option<usize>,
    /// How many files' results came from the cache.
    pub n_cached: usize,
}

impl Outcome {
    /// The findings that fail the scan: open, at or over the threshold, and new if a change was scanned.
    pub fn failing(&self) -> impl Iterator<Item = &bartizan_core::Finding> {
        let counts = |finding: &&bartizan_core::Finding| !self.has_changes || finding.baseline == Some(bartizan_core::BaselineState::New);
        let is_over = |finding: &&bartizan_core::Finding| self.fail_on.is_some_and(|threshold| threshold <= finding.severity);
        self.report.open_findings().filter(is_over).filter(counts)
    }
}

/// Told how far a scan is, from any thread.
pub trait Progress: Sync {
    /// So many files were found so far.
    fn discovering(&self, _n_files: usize) {}

    /// So many files of this size in all will be looked at.
    fn discovered(&self, _n_files: usize, _n_bytes: u64) {}

    /// So many more files of this size in all were looked at.
    fn advanced(&self, _n_files: usize, _n_bytes: u64) {}
}

/// Nobody is told.
impl Progress for () {}

/// Why there is no report at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// There is nothing to look at.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Threads can't be started.
    #[error("can't start threads: {0}; ask for fewer")]
    Threads(String),
}
