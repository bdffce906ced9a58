//! Packages that are fetched from a repository or an address, and nothing says what must come from there.

use bartizan_core::{Confidence, Severity};

use super::{About, Draft, File};
use crate::{Ecosystem, Origin, Package, remark::without_secrets};

pub(super) static ABOUT: About = About {
    id: "dependency-source-not-pinned",
    title: "Dependency from a repository or an address without a commit or a hash",
    severity: Severity::Low,
    confidence: Confidence::High,
    why: "A branch, a tag or an archive at an address may be another one tomorrow. Nothing notices when somebody exchanges it, on the way or at its source.",
    how_to_fix: "Name the whole commit of a repository, and the hash of an archive (`#sha256=…`, `--hash=sha256:…`, `integrity`), or take the package from a registry.",
    cwe: 494,
    references: &[],
};

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    for package in &file.inventory.packages {
        if matches!(package.ecosystem, Ecosystem::GitHub | Ecosystem::Docker | Ecosystem::Golang | Ecosystem::Generic) {
            continue;
        }
        let (address, why) = match &package.origin {
            Origin::Git { url, commit: None } => (url, "no commit is named"),
            Origin::Git { url, commit: Some(commit) } if !is_commit(commit) => (url, "a branch or a tag is named, not a commit"),
            Origin::Url(url) if package.hashes.is_empty() && !file_says_hash(file, package) => (url, "no hash says what it must be"),
            Origin::Git { .. } | Origin::Url(_) | Origin::Registry(_) | Origin::Path(_) => continue,
        };
        let address = without_secrets(address);
        let message = format!("`{}` comes from {address}, and {why}", package.name);
        let draft = Draft::new(&ABOUT, message, vec![file.place(package)]);
        drafts.push(draft.because(why).known_by([file.folder(), package.ecosystem.purl_type(), &package.name]));
    }
}

/// A commit of git, shortened or not, or a revision of another system: what is no such thing is the name of a branch or tag.
fn is_commit(text: &str) -> bool {
    let is_hexadecimal = 7 <= text.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_hexadecimal || is_number
}

/// `#sha256=…` behind an address, which readers leave out of it.
fn file_says_hash(file: &File<'_>, package: &Package) -> bool {
    let text = package.byte_range().of(file.text().as_bytes());
    let text = String::from_utf8_lossy(text);
    ["sha256=", "sha384=", "sha512="].iter().any(|algorithm| text.contains(algorithm))
}
