//! Packages of the organization's own that may come from a public registry.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{ArtifactPath, Confidence, Location, Severity};

use super::{About, Draft, Project, listed};
use crate::{Ecosystem, Origin, Package, PackageKind, Remark, Serves};

pub(super) static ABOUT: About = About {
    id: "dependency-confusion",
    title: "Internal package that may come from a public registry",
    severity: Severity::High,
    confidence: Confidence::High,
    why: "The name is one of the organization's own (`deps.internal`), and nothing makes the package manager ask the organization's registry for it. Whoever registers the name on the public registry decides what is installed.",
    how_to_fix: "Bind the name to its registry: `@scope:registry=` in `.npmrc`, `npmScopes` in `.yarnrc.yml`, an `explicit` index in uv or poetry, `registry = ` in `Cargo.toml`. Then write the lock file anew, and claim the name on the public registry.",
    cwe: 427,
    references: &["https://docs.npmjs.com/cli/v11/using-npm/scope#associating-a-scope-with-a-registry"],
};

/// The hosts of public registries.
pub(super) const PUBLIC: [&str; 7] =
    ["registry.npmjs.org", "registry.yarnpkg.com", "pypi.org", "index.crates.io", "rubygems.org", "packagist.org", "repo.packagist.org"];

pub(super) fn look(project: &Project<'_>, drafts: &mut Vec<Draft>) {
    if project.settings.internal.is_empty() {
        return;
    }
    for (path, file) in project.files {
        // One finding a file and reason: a whole scope is often in the same place.
        let mut found: BTreeMap<(Ecosystem, &str), Vec<(&str, Location)>> = BTreeMap::new();
        for (index, package) in file.inventory().packages.iter().enumerate() {
            let is_dependency = package.kind == PackageKind::Dependency && has_names_for_all(package.ecosystem);
            if !is_dependency || !project.settings.is_internal(&package.name) {
                continue;
            }
            let Some(why) = reason(project, path, package) else { continue };
            found.entry((package.ecosystem, why)).or_default().push((&package.name, file.location(path, index)));
        }
        for ((ecosystem, why), packages) in found {
            let names: BTreeSet<&str> = packages.iter().map(|(name, _)| *name).collect();
            let are = if names.len() == 1 { "is an internal package" } else { "are internal packages" };
            let message = format!("{} {are}, and {why}", listed(names));
            let places = packages.into_iter().map(|(_, place)| place).collect();
            let draft = Draft::new(&ABOUT, message, places).because(why);
            drafts.push(draft.known_by([super::folder_of(path), ecosystem.purl_type(), why]));
        }
    }
}

/// Registries whose names anybody may take.
const fn has_names_for_all(ecosystem: Ecosystem) -> bool {
    use Ecosystem::{Cargo, Composer, Gem, Npm, NuGet, PyPi};
    matches!(ecosystem, Npm | PyPi | Cargo | Gem | NuGet | Composer)
}

/// Why it may come from a public registry; nothing if it may not.
fn reason<'p>(project: &Project<'p>, path: &'p ArtifactPath, package: &Package) -> Option<&'static str> {
    if package.remarks.contains(&Remark::Public) {
        return Some("the lock file has it from the public registry");
    }
    if !matches!(package.origin, Origin::Registry(None)) {
        return None;
    }
    let is_public = |url: &str| crate::remark::host(url).is_some_and(|host| PUBLIC.contains(&host));
    let scope = package.name.split('/').next().filter(|scope| scope.starts_with('@'));
    let is_bound = project.indexes(path).filter(|index| index.ecosystem == package.ecosystem && !is_public(&index.url)).any(|index| {
        match &index.serves {
            Serves::All => true,
            Serves::Scope(known) => Some(known.as_str()) == scope,
            Serves::Also | Serves::Named => false,
        }
    });
    (!is_bound).then_some("no configuration binds it to a registry other than the public one")
}
