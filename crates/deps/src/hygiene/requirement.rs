//! Requirements that are installed as they stand, without a version.

use bartizan_core::{Confidence, Scope, Severity};

use super::{About, Draft, File, listed, packages};
use crate::Origin;

pub(super) static ABOUT: About = About {
    id: "requirement-not-pinned",
    title: "Requirement that is installed without an exact version",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    why: "What is installed from such a file is whatever is newest on that day: builds of the same source differ, and a version that was published to do harm is taken at once.",
    how_to_fix: "Keep what people want in one file and what is installed in another that a program resolves, with versions and hashes: `pip-compile --generate-hashes`, `uv pip compile --generate-hashes`, or a lock file.",
    cwe: 1357,
    references: &["https://pip.pypa.io/en/stable/topics/secure-installs/"],
};

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    if file.kind != "requirements.txt" {
        return;
    }
    let of_runtime = file.inventory.packages.iter().filter(|package| package.scopes.has(Scope::Runtime));
    let open = of_runtime.filter(|package| package.version.is_none() && matches!(package.origin, Origin::Registry(_)));
    let open: Vec<_> = open.collect();
    if open.is_empty() {
        return;
    }
    let names = listed(open.iter().map(|package| package.name.as_str()));
    let message = format!("{} of this file may be of any version: {names}", packages(open.len()));
    let path = file.view.path().to_string();
    drafts.push(Draft::new(&ABOUT, message, open.iter().map(|package| file.place(package)).collect()).known_by([&path]));
}
