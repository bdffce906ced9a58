//! Packages in a lock file whose address is not that of a registry which the project uses.

use std::collections::{BTreeMap, HashMap};

use bartizan_core::{ArtifactPath, Confidence, Location, Severity};

use super::{About, Draft, Project, confusion::PUBLIC, listed, packages};
use crate::{Ecosystem, Origin, Package, PackageIndex, Remark, Target, graph::Located, remark};

pub(super) static ABOUT: About = About {
    id: "lock-file-foreign-address",
    title: "Package in a lock file from an address that nobody configured",
    severity: Severity::High,
    confidence: Confidence::Medium,
    why: "Package managers install what the lock file's address leads to. Few people read changes of lock files: an address of another host, in a few entries among hundreds, is how code gets into a project unseen (lock-file injection).",
    how_to_fix: "If the registry is yours, name it where the package manager reads it (`.npmrc`, `.yarnrc.yml`, `pip.conf`, `[[tool.uv.index]]`, `.cargo/config.toml`), or in `deps.registries`. If it is not, find out who wrote the entry, remove it, and have the package manager write it anew.",
    cwe: 494,
    references: &["https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/"],
};

/// Registries that need no configuration, beside the ecosystem's own: they serve scopes of their own.
const WELL_KNOWN: [&str; 2] = ["npm.jsr.io", "npm.pkg.github.com"];

pub(super) fn look(project: &Project<'_>, drafts: &mut Vec<Draft>) {
    for (path, file) in project.files {
        by_host(project, path, file, drafts);
        instead_of_registry(path, file, drafts);
    }
}

const fn has_addresses(ecosystem: Ecosystem) -> bool {
    matches!(ecosystem, Ecosystem::Npm | Ecosystem::PyPi | Ecosystem::Cargo | Ecosystem::Gem)
}

/// The address of a package, where it is another than the ecosystem's own registry.
fn foreign(package: &Package) -> Option<&str> {
    let elsewhere = package.remarks.iter().find_map(|remark| match remark {
        Remark::Elsewhere(host) => Some(host.as_str()),
        _ => None,
    });
    match &package.origin {
        Origin::Registry(Some(url)) => Some(url),
        Origin::Registry(None) => elsewhere,
        Origin::Git { .. } | Origin::Path(_) | Origin::Url(_) => None,
    }
}

/// One finding a host: of a few packages among many it is an alarm, of all of them a registry that is configured elsewhere.
fn by_host(project: &Project<'_>, path: &ArtifactPath, file: &Located, drafts: &mut Vec<Draft>) {
    let all = &file.inventory().packages;
    let n_all = all.iter().filter(|package| has_addresses(package.ecosystem) && matches!(package.origin, Origin::Registry(_))).count();
    let mut hosts: BTreeMap<&str, Vec<(&str, Location)>> = BTreeMap::new();
    for (index, package) in all.iter().enumerate().filter(|(_, package)| has_addresses(package.ecosystem)) {
        let Some(url) = foreign(package) else { continue };
        let Some(host) = remark::host(url).filter(|host| !WELL_KNOWN.contains(host) && !PUBLIC.contains(host)) else { continue };
        let is_configured = |known: &crate::Index| known.ecosystem == package.ecosystem && remark::host(&known.url) == Some(host);
        if project.settings.is_known_registry(url) || project.indexes(path).any(is_configured) {
            continue;
        }
        hosts.entry(host).or_default().push((&package.name, file.location(path, index)));
    }
    for (host, found) in hosts {
        let names = listed(found.iter().map(|(name, _)| *name));
        let (n, places) = (found.len(), found.into_iter().map(|(_, place)| place).collect());
        let folder = super::folder_of(path);
        let is_few = n.saturating_mul(2) < n_all;
        let draft = match is_few {
            true => {
                let message = format!("{} of {n_all} come from {host}, which no configuration names: {names}", packages(n));
                Draft::new(&ABOUT, message, places).because("most packages of the file come from elsewhere")
            }
            false => {
                let message = format!("the packages of this file come from {host}, which no configuration of the project names");
                Draft::new(&ABOUT, message, places).rated(Severity::Low).because("most packages of the file come from there")
            }
        };
        drafts.push(draft.known_by([folder, host]));
    }
}

/// Everybody who depends on the package asks for a version of the registry, and the lock file has an address of its own.
fn instead_of_registry(path: &ArtifactPath, file: &Located, drafts: &mut Vec<Draft>) {
    let inventory = file.inventory();
    let mut asked: HashMap<PackageIndex, Vec<&str>> = HashMap::new();
    for edge in &inventory.edges {
        if let Target::Package(target) = edge.target {
            asked.entry(target).or_default().push(&edge.requirement);
        }
    }
    for answer in &inventory.answers {
        asked.entry(answer.package).or_default().push(&answer.requirement);
    }
    for (index, package) in inventory.packages.iter().enumerate().filter(|(_, package)| package.ecosystem == Ecosystem::Npm) {
        let (Origin::Url(url) | Origin::Git { url, .. }) = &package.origin else { continue };
        let Some(requirements) = u32::try_from(index).ok().and_then(|index| asked.get(&PackageIndex(index))) else { continue };
        if requirements.is_empty() || !requirements.iter().all(|requirement| is_range(requirement)) {
            continue;
        }
        let host = remark::host(url).unwrap_or(url);
        let message = format!(
            "`{}` is asked for as `{}`, a version of the registry, but the lock file has it from {}",
            package.name,
            requirements.first().copied().unwrap_or_default(),
            remark::without_secrets(url)
        );
        let draft = Draft::new(&ABOUT, message, vec![file.location(path, index)]);
        drafts.push(draft.because("nobody asks for this address").known_by([super::folder_of(path), host, &package.name]));
    }
}

/// `^1.2.3`, `>=1 <2`, `1.x`: what a registry answers.
fn is_range(requirement: &str) -> bool {
    let requirement = requirement.strip_prefix("npm:").unwrap_or(requirement);
    !requirement.is_empty()
        && requirement.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '^' | '~' | '>' | '<' | '=' | 'v' | '*'))
        && !requirement.contains(['/', ':'])
}
