//! Hygiene of the supply chain: what is odd about how a project gets its components, whatever is known about them.
//!
//! One module a rule, or a few that look at the same; the registry is `CHECKS`. A check of a file sees what its reader
//! understood and the text, and nothing else: its findings are cached with the file. A check of a project sees all files, the
//! graph and the settings. One finding says one thing once, with all places: nobody reads three hundred that say the same.

mod confusion;
mod deprecated;
mod draft;
mod foreign;
mod install;
mod integrity;
mod licence;
mod mixed;
mod requirement;
mod settings;
#[cfg(test)]
mod tests;
mod typosquat;
mod unpinned;
mod young;

use bartizan_core::{ArtifactPath, Component, Dependency, Finding, IdentityKey, Location, Rule};
use bartizan_source::FileView;

use self::draft::{About, Draft};
pub use self::settings::Settings;
use crate::{Index, Inventory, Package, graph::Located};

/// Looks for one kind of oddity.
struct Check {
    about: &'static [&'static About],
    look: Look,
}

/// What a check looks at.
enum Look {
    File(fn(&File<'_>, &mut Vec<Draft>)),
    Project(fn(&Project<'_>, &mut Vec<Draft>)),
}

/// Every check.
static CHECKS: &[Check] = &[
    Check { about: &[&confusion::ABOUT], look: Look::Project(confusion::look) },
    Check { about: &[&deprecated::ABOUT], look: Look::File(deprecated::look) },
    Check { about: &[&foreign::ABOUT], look: Look::Project(foreign::look) },
    Check { about: &[&install::LISTED, &install::RISKY], look: Look::File(install::look) },
    Check { about: &[&integrity::HASH, &integrity::NAME, &integrity::PLAIN], look: Look::File(integrity::look) },
    Check { about: &[&licence::ASK, &licence::DENIED, &licence::UNKNOWN], look: Look::Project(licence::look) },
    Check { about: &[&mixed::ABOUT], look: Look::File(mixed::look) },
    Check { about: &[&requirement::ABOUT], look: Look::File(requirement::look) },
    Check { about: &[&typosquat::ABOUT], look: Look::Project(typosquat::look) },
    Check { about: &[&unpinned::ABOUT], look: Look::File(unpinned::look) },
    Check { about: &[&young::ABOUT], look: Look::Project(young::look) },
];

/// A file, as its reader understood it.
struct File<'f> {
    /// What its users call it: the name of its reader.
    kind: &'static str,
    inventory: &'f Inventory,
    view: &'f FileView<'f>,
}

/// All files together.
pub(crate) struct Project<'p> {
    pub(crate) files: &'p [(ArtifactPath, Located)],
    pub(crate) components: &'p [Component],
    pub(crate) dependencies: &'p [Dependency],
    pub(crate) settings: &'p Settings,
}

impl File<'_> {
    fn place(&self, package: &Package) -> Location {
        self.view.location(package.byte_range())
    }

    fn text(&self) -> &str {
        self.view.text().unwrap_or_default()
    }

    /// The folder that it is in: findings about a lock file keep their identity when the file is replaced by another's.
    fn folder(&self) -> &str {
        folder_of(self.view.path())
    }
}

impl<'p> Project<'p> {
    /// The registries that a file's project is set up to take packages from: those named in its folder, or in one above.
    fn indexes(&self, path: &'p ArtifactPath) -> impl Iterator<Item = &'p Index> {
        let folder = folder_of(path);
        let is_above = move |other: &ArtifactPath| {
            // What a folder says of `.cargo` or the like holds for the one that it is in.
            let other = folder_of(other).trim_end_matches(".cargo").trim_end_matches('/');
            other.is_empty() || folder.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.files.iter().filter(move |(other, _)| is_above(other)).flat_map(|(_, file)| &file.inventory().indexes)
    }
}

fn folder_of(path: &ArtifactPath) -> &str {
    path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder)
}

/// The rules of these findings.
pub(crate) fn rules() -> Vec<Rule> {
    CHECKS.iter().flat_map(|check| check.about).map(|about| about.rule()).collect()
}

/// What is odd about one file.
pub(crate) fn of_file(kind: &'static str, inventory: &Inventory, view: &FileView<'_>, identity: &IdentityKey) -> Vec<Finding> {
    let file = File { kind, inventory, view };
    let mut drafts = Vec::new();
    for check in CHECKS {
        if let Look::File(look) = check.look {
            look(&file, &mut drafts);
        }
    }
    drafts.into_iter().filter_map(|draft| draft.finding(identity)).collect()
}

/// What is odd about all files together.
pub(crate) fn of_project(project: &Project<'_>, identity: &IdentityKey) -> Vec<Finding> {
    let mut drafts = Vec::new();
    for check in CHECKS {
        if let Look::Project(look) = check.look {
            look(project, &mut drafts);
        }
    }
    drafts.into_iter().filter_map(|draft| draft.finding(identity)).collect()
}

/// Names for a message: some of them, and how many there are more.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MAX_NAMES: usize = 8;
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown.join(", "),
        n_more => format!("{} and {n_more} more", shown.join(", ")),
    }
}

/// A number of packages, in words.
fn packages(n: usize) -> String {
    if n == 1 { "1 package".to_owned() } else { format!("{n} packages") }
}
