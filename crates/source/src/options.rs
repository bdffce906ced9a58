//! How to look.

use crate::Limits;

/// How to look: limits, and what to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How much is read at most.
    pub limits: Limits,
    /// Patterns in `.gitignore` syntax, relative to the root, of what is left out; `!pattern` keeps.
    pub excludes: Vec<String>,
    /// Whether `.gitignore`, `.git/info/exclude` and `.bartizanignore` are obeyed. As in git, files that are tracked are
    /// looked at even if `.gitignore` names them, and outside of a repository `.gitignore` means nothing.
    pub use_ignore_files: bool,
    /// Whether [`crate::DEFAULT_EXCLUDES`] are left out. `.git` is left out always.
    pub default_excludes: bool,
    /// Which of several images of a container is looked at: `linux/arm64`. Without one, that for `linux/amd64`, or the only one.
    pub platform: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { limits: Limits::default(), excludes: Vec::new(), use_ignore_files: true, default_excludes: true, platform: None }
    }
}
