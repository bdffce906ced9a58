//! Who a line names.

use bartizan_core::Owner;

use super::Dialect;

/// An owner as a line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeOwner {
    /// The name alone.
    pub owner: Owner,
    /// How many of a group are asked.
    pub selection: Selection,
}

/// How many members of a group are asked, and which: `@team:random(2)` of Bitbucket's dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Everybody.
    All,
    /// So many, by chance.
    Random(u32),
    /// So many, those with the fewest reviews.
    LeastBusy(u32),
}

/// Reads the words behind a pattern: owners, and why other words are none.
pub(super) fn owners(words: impl Iterator<Item = Vec<u8>>, dialect: Dialect) -> (Vec<CodeOwner>, Vec<String>) {
    let (mut owners, mut refused) = (Vec::new(), Vec::new());
    for word in words {
        match owner(&word, dialect) {
            Some(owner) => owners.push(owner),
            None => refused.push(refusal(&word)),
        }
    }
    (owners, refused)
}

fn refusal(word: &[u8]) -> String {
    let shown = bartizan_core::ArtifactPath::from_bytes(word);
    format!("`{shown}` is no owner: expected `@user`, `@organization/team` or an e-mail address")
}

fn owner(word: &[u8], dialect: Dialect) -> Option<CodeOwner> {
    const MAX_OWNER_BYTES: usize = 320;
    let text = std::str::from_utf8(word).ok().filter(|text| text.len() <= MAX_OWNER_BYTES)?;
    let (text, selection) = match dialect {
        Dialect::Bitbucket => split_selection(text)?,
        Dialect::GitHub | Dialect::GitLab | Dialect::Gitea => (text, Selection::All),
    };
    let is_owner = match text.strip_prefix('@') {
        Some(name) => is_name(name, dialect),
        // Gitea takes the `@` for an ornament.
        None => is_address(text) || (dialect == Dialect::Gitea && is_name(text, dialect)),
    };
    is_owner.then(|| CodeOwner { owner: Owner(text.to_owned()), selection })
}

/// `name`, `name:all`, `name:random`, `name:random(2)`, `name:least_busy(2)`; a name may have colons of its own.
fn split_selection(text: &str) -> Option<(&str, Selection)> {
    let Some((name, how)) = text.rsplit_once(':') else { return Some((text, Selection::All)) };
    let (word, count) = match how.split_once('(') {
        Some((word, count)) => (word, count.strip_suffix(')').and_then(|count| count.parse().ok()).filter(|&count| 0 < count)?),
        None => (how, 1),
    };
    match word {
        "all" => Some((name, Selection::All)),
        "random" => Some((name, Selection::Random(count))),
        "least_busy" => Some((name, Selection::LeastBusy(count))),
        _ => Some((text, Selection::All)),
    }
}

fn is_name(name: &str, dialect: Dialect) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match dialect {
        Dialect::GitHub | Dialect::Gitea => name.split('/').count() <= 2 && name.split('/').all(is_part),
        // `@group/sub-group/team`, and roles: `@@maintainer`.
        Dialect::GitLab => name.strip_prefix('@').unwrap_or(name).split('/').all(is_part),
        // Names as people write them, and groups: `@@Dev Ops`, `@reviewer-group/devs`.
        Dialect::Bitbucket => {
            let name = name.strip_prefix('@').unwrap_or(name);
            let is_plain = |part: &str| !part.trim().is_empty() && !part.chars().any(char::is_control);
            name.split('/').all(is_plain) && !name.starts_with('@')
        }
    }
}

fn is_address(text: &str) -> bool {
    let is_plain = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '@');
    text.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host) && host.contains('.'))
}
