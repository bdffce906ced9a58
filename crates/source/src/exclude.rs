//! What is left out without an ignore file saying so.

use std::path::Path;

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use crate::{Options, SourceError};

/// What is left out by default, as `.gitignore` patterns: other people's code that a package manager put there, and the
/// stores of version control. Build output and caches are missing here on purpose: ignore files name them where they
/// exist, and their usual names (`target`, `build`, `vendor`) are also those of source folders.
pub static DEFAULT_EXCLUDES: &[&str] = &[".git", ".hg/", ".svn/", ".jj/", "node_modules/", "bower_components/", "site-packages/"];

/// The default excludes and those of the caller, ready to match.
#[derive(Debug, Clone)]
pub(crate) struct Excludes {
    matcher: Gitignore,
}

impl Excludes {
    /// Compiles the patterns; they are relative to the root.
    pub(crate) fn new(root: &Path, options: &Options) -> Result<Self, SourceError> {
        let mut builder = GitignoreBuilder::new(root);
        let defaults = if options.default_excludes { DEFAULT_EXCLUDES } else { &[] };
        let callers = options.excludes.iter().map(String::as_str);
        // The last match wins, so nobody can have the store of git scanned as if it were files.
        let patterns = defaults.iter().copied().chain(callers).chain([".git"]);
        for pattern in patterns {
            let problem = |error: ignore::Error| SourceError::InvalidExclude { pattern: pattern.to_owned(), reason: error.to_string() };
            builder.add_line(None, pattern).map_err(problem)?;
        }
        let problem = |error: ignore::Error| SourceError::InvalidExclude { pattern: String::new(), reason: error.to_string() };
        Ok(Self { matcher: builder.build().map_err(problem)? })
    }

    /// Whether a path, given with its root, is left out itself; the folders above it are not asked.
    pub(crate) fn matches(&self, path: &Path, is_directory: bool) -> bool {
        self.matcher.matched(path, is_directory).is_ignore()
    }

    /// Whether a file, given with its root, or a folder above it is left out.
    pub(crate) fn matches_with_parents(&self, path: &Path) -> bool {
        match self.matcher.matched_path_or_any_parents(path, false) {
            Match::Ignore(_) => true,
            Match::None | Match::Whitelist(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(excludes: &[&str], path: &str, is_directory: bool, expected: bool) {
        let options = Options { excludes: excludes.iter().map(|&pattern| pattern.to_owned()).collect(), ..Options::default() };
        let matcher = Excludes::new(Path::new("/root"), &options).unwrap();
        assert_eq!(matcher.matches(&Path::new("/root").join(path), is_directory), expected, "{excludes:?} {path}");
    }

    #[test]
    fn the_last_pattern_wins_but_git_stays_out() {
        check(&[], "a/node_modules", true, true);
        check(&[], "a/node_modules", false, false);
        check(&["!node_modules"], "a/node_modules", true, false);
        check(&["!.git"], ".git", true, true);
        check(&["*.min.js", "!keep.min.js"], "a/b.min.js", false, true);
        check(&["*.min.js", "!keep.min.js"], "a/keep.min.js", false, false);
        check(&["/docs"], "a/docs", true, false);
    }

    #[test]
    fn a_pattern_that_is_none_is_named() {
        let options = Options { excludes: vec!["a[z-a]".to_owned()], ..Options::default() };
        let message = Excludes::new(Path::new("/root"), &options).unwrap_err().to_string();
        assert!(message.contains("`a[z-a]`"), "{message}");
    }
}
