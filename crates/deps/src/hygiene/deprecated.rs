//! Packages that their authors gave up, as lock files say it.

use bartizan_core::{Confidence, Severity};

use super::{About, Draft, File};
use crate::{Package, Remark};

pub(super) static ABOUT: About = About {
    id: "deprecated-component",
    title: "Component that its authors gave up",
    severity: Severity::Info,
    confidence: Confidence::High,
    why: "Nobody repairs a version that its authors call deprecated, or a package that they abandoned: the next flaw in it stays.",
    how_to_fix: "Move to what the authors name instead, or to a newer version. What comes with another component goes away with an update of that one: `bartizan deps why NAME` says which.",
    cwe: 1104,
    references: &[],
};

/// So many characters of what the authors say are shown.
const MAX_WHY_CHARACTERS: usize = 160;

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let gone = |package: &Package| {
        package.remarks.iter().find_map(|remark| match remark {
            Remark::Deprecated(why) => Some(why.clone()),
            _ => None,
        })
    };
    let found: Vec<(&Package, String)> = file.inventory.packages.iter().filter_map(|package| Some((package, gone(package)?))).collect();
    let Some((first, why)) = found.first() else { return };
    let mut names: Vec<&str> = found.iter().map(|(package, _)| package.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let message = match names.as_slice() {
        [name] if why.is_empty() => format!("`{name}` is given up by its authors"),
        [name] => format!("`{name}` {} is given up by its authors: {}", first.version.as_deref().unwrap_or_default(), short(why)),
        several => format!("{} are given up by their authors: {}", super::packages(several.len()), super::listed(several.iter().copied())),
    };
    let places = found.iter().map(|(package, _)| file.place(package)).collect();
    drafts.push(Draft::new(&ABOUT, message, places).because("the lock file says so").known_by([file.folder(), file.kind]));
}

/// The first line, not too long.
fn short(why: &str) -> String {
    let line = why.lines().next().unwrap_or_default();
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(MAX_WHY_CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}
