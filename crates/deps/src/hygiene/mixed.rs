//! Several indexes that are asked for the same names.

use bartizan_core::{Confidence, Severity};

use super::{About, Draft, File};
use crate::{Ecosystem, Serves, remark};

pub(super) static ABOUT: About = About {
    id: "mixed-package-indexes",
    title: "Several indexes are asked for every package, and the best version wins",
    severity: Severity::Medium,
    confidence: Confidence::High,
    why: "With `--extra-index-url` and its like, pip takes the highest version that any of the indexes has. Whoever publishes a package of an internal name on the public index, with a high version, gets it installed: dependency confusion.",
    how_to_fix: "Ask one index that mirrors the other, or bind packages to theirs: `explicit` indexes in uv, `priority = \"explicit\"` in poetry. In a requirements file, hashes (`--require-hashes`) let only what was resolved through.",
    cwe: 427,
    references: &["https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url"],
};

/// Hosts of indexes that publish variants of public packages: nobody keeps internal names there.
const PUBLIC: [&str; 5] =
    ["pypi.org", "download.pytorch.org", "pypi.nvidia.com", "developer.download.nvidia.com", "storage.googleapis.com"];

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let is_hashed = {
        let mut packages = file.inventory.packages.iter().peekable();
        packages.peek().is_some() && packages.all(|package| !package.hashes.is_empty())
    };
    for index in file.inventory.indexes.iter().filter(|index| index.ecosystem == Ecosystem::PyPi && index.serves == Serves::Also) {
        if is_hashed {
            continue;
        }
        let host = remark::host(&index.url).unwrap_or(&index.url);
        let severity = if PUBLIC.contains(&host) { Severity::Info } else { ABOUT.severity };
        let message = format!("{host} and the other indexes are asked for every package, and the highest version of any of them is taken");
        let places = vec![file.view.location(index.byte_range())];
        drafts.push(Draft::new(&ABOUT, message, places).rated(severity).known_by([host]));
    }
}
