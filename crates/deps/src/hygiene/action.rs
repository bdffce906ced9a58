//! Actions of GitHub that are named by a tag or a branch.

use std::collections::BTreeMap;

use bartizan_core::{Confidence, Location, Severity};

use super::{About, Draft, File};
use crate::Ecosystem;

pub(super) static ABOUT: About = About {
    id: "action-not-pinned",
    title: "Action named by a tag or a branch",
    severity: Severity::Medium,
    confidence: Confidence::High,
    why: "Whoever may write to the action's repository may move its tags and branches. What runs with the secrets of the workflow tomorrow is then not what was reviewed today; attackers who took over popular actions did exactly that.",
    how_to_fix: "Name the whole commit, and keep the tag in a comment behind it for people and for update tools: `uses: owner/name@COMMIT # v1.2.3`. Let a bot propose newer commits.",
    cwe: 829,
    references: &["https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions"],
};

/// Owners whose actions belong to the platform that runs the workflow anyway.
const OF_PLATFORM: [&str; 2] = ["actions", "github"];

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    // Of the platform's own one finding an owner is enough; of others each action is a decision.
    let mut found: BTreeMap<&str, (Vec<&str>, Vec<Location>)> = BTreeMap::new();
    for package in file.inventory.packages.iter().filter(|package| package.ecosystem == Ecosystem::GitHub) {
        let Some(reference) = package.version.as_deref().filter(|reference| !is_commit(reference)) else { continue };
        let owner = package.name.split('/').next().unwrap_or(&package.name);
        let key = if OF_PLATFORM.contains(&owner) { owner } else { &package.name };
        let (references, places) = found.entry(key).or_default();
        references.push(reference);
        places.push(file.place(package));
    }
    for (key, (references, places)) in found {
        let draft = match key.split_once('/') {
            None => {
                let message = format!("actions of `{key}` are named by tags or branches, which their owner may move");
                Draft::new(&ABOUT, message, places).rated(Severity::Low).because("they are the platform's own")
            }
            Some(_) => {
                let reference = references.first().copied().unwrap_or_default();
                let kind = if is_tag_of_version(reference) { "tag" } else { "branch or tag" };
                let message = format!("the action `{key}` is named by the {kind} `{reference}`, which its owner may move");
                Draft::new(&ABOUT, message, places).because(format!("`{reference}` is no commit"))
            }
        };
        drafts.push(draft.known_by([key]));
    }
}

/// Whether a text is a whole commit: SHA-1 or SHA-256 in hexadecimal.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_tag_of_version(text: &str) -> bool {
    text.strip_prefix('v').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit())
}
