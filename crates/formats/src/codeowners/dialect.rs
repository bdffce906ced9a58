//! Whose rules a code-owners file follows.

use super::line::{self, Line};

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// GitHub's: one list.
    GitHub,
    /// GitLab's: sections, each of which has its own last match; exclusions; more forms of owners.
    GitLab,
    /// Bitbucket's, with what the add-on *Code Owners for Bitbucket* adds: groups, and how many of a group are asked.
    Bitbucket,
    /// Gitea's and Forgejo's: regular expressions.
    Gitea,
}

/// Folders that only one code host reads.
const FOLDERS: [(&str, Dialect); 4] =
    [(".gitlab/", Dialect::GitLab), (".bitbucket/", Dialect::Bitbucket), (".gitea/", Dialect::Gitea), (".forgejo/", Dialect::Gitea)];

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::GitHub, Self::GitLab, Self::Bitbucket, Self::Gitea];

    /// The dialect that a file seems to be written in: that of its folder, or that of which it has something no other one has.
    ///
    /// `docs/.*` means one thing to GitHub and another one to Gitea; so what could be either proves nothing.
    #[must_use]
    pub fn of(place: &str, text: &[u8]) -> Self {
        if let Some((_, dialect)) = FOLDERS.iter().find(|(folder, _)| place.starts_with(folder)) {
            return *dialect;
        }
        let lines = || text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.starts_with(b"#"));
        if lines().any(|line| matches!(Line::parse(line, Self::GitLab), Ok(Line::Section { .. }))) {
            return Self::GitLab;
        }
        if lines().any(line::is_of_bitbucket) {
            return Self::Bitbucket;
        }
        if lines().any(line::is_of_gitea) {
            return Self::Gitea;
        }
        Self::GitHub
    }
}
