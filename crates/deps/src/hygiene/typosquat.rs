//! Packages that are named almost like a popular one.
//!
//! What is popular itself is never reported, nor what a popular package depends on: its authors chose that name with care. Of
//! the rest, names that a slip of the finger or of the eye turns into a popular one are.

mod likeness;
mod names;

use std::collections::{HashMap, HashSet};

use bartizan_core::{Component, ComponentKind, Confidence, Severity};
use bartizan_formats::purl::PackageUrl;

use self::names::Names;
use super::{About, Draft, Project};
use crate::Ecosystem;

pub(super) static ABOUT: About = About {
    id: "typosquat-component",
    title: "Component named almost like a popular one",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    why: "Packages that do harm are published under names that people type by mistake or take for another: letters swapped, doubled or left out, another hyphen, a scope that is not the real one.",
    how_to_fix: "Look at the package's page: who publishes it, since when, and how many use it. If the popular package was meant, ask for that one, and treat machines that installed this as compromised. If it was meant, suppress the finding with that reason.",
    cwe: 1357,
    references: &[],
};

pub(super) fn look(project: &Project<'_>, drafts: &mut Vec<Draft>) {
    let mut dependents: HashMap<&str, Vec<&str>> = HashMap::new();
    for edge in project.dependencies {
        dependents.entry(&edge.dependency).or_default().push(&edge.dependent);
    }
    let by_purl: HashMap<&str, &Component> = project.components.iter().map(|component| (component.purl.as_str(), component)).collect();
    let mut told: HashSet<String> = HashSet::new();
    for component in project.components {
        let Some((ecosystem, names)) = names_of(component) else { continue };
        let own = names::normal(ecosystem, &component.name);
        if names.is_known(&own) || project.settings.is_internal(&component.name) {
            continue;
        }
        let Some(likeness) = likeness::of(&own, ecosystem, names) else { continue };
        let of_it = dependents.get(component.purl.as_str()).map(Vec::as_slice).unwrap_or_default();
        let of_it = || of_it.iter().filter_map(|purl| by_purl.get(purl));
        let is_root = |dependent: &Component| dependent.kind == ComponentKind::Application;
        let is_chosen = of_it().any(|dependent| !is_root(dependent) && names.is_known(&names::normal(ecosystem, &dependent.name)));
        if is_chosen || !told.insert(format!("{}/{own}", ecosystem.purl_type())) {
            continue;
        }
        let is_direct = of_it().any(|dependent| is_root(dependent));
        let message = format!("`{}` is named almost like the popular `{}`: {}", component.name, likeness.target, likeness.trick);
        let draft = Draft::new(&ABOUT, message, component.locations.clone());
        let draft = draft.because(likeness.trick).known_by([ecosystem.purl_type(), &own]).about(&component.purl);
        drafts.push(if is_direct { draft } else { draft.rated(Severity::Low) });
    }
}

/// The names that a component's may be taken for; nothing where it comes from elsewhere than the public registry.
fn names_of(component: &Component) -> Option<(Ecosystem, &'static Names)> {
    if component.kind == ComponentKind::Application {
        return None;
    }
    let purl: PackageUrl = component.purl.parse().ok()?;
    let is_from_elsewhere = ["repository_url", "vcs_url", "download_url"].iter().any(|key| purl.qualifier(key).is_some());
    let ecosystem = Ecosystem::of_purl_type(purl.package_type()).filter(|_| !is_from_elsewhere)?;
    Some((ecosystem, names::of(ecosystem)?))
}
