//! From a report to a bill.

use bartizan_core::{ComponentKind, Diagnostic, DiagnosticKind, Level, Location, Report};

use super::{Bom, Component, Dependency, Gap, GapKind, Metadata, Place};
use crate::{place, purl::PackageUrl, visible::visible_line};

/// The id of a subject that stands for several applications.
const SUBJECT_ID: &str = "subject";

impl Bom {
    /// The bill of a scanned project. Its subject is the project's application; of several, a component of the given name that
    /// depends on each of them.
    #[must_use]
    pub fn of(report: &Report, name: &str) -> Self {
        let mut components: Vec<Component> = report.components.iter().map(|component| Component::of(component, name)).collect();
        let mut dependencies: Vec<Dependency> = report.dependencies.iter().map(Dependency::of).collect();
        let of_kind = |is_wanted: fn(ComponentKind) -> bool| {
            let found = components.iter().filter(|component| is_wanted(component.kind));
            found.map(|component| component.id.clone()).collect::<Vec<String>>()
        };
        let roots = of_kind(ComponentKind::is_root);
        let images = of_kind(|kind| kind == ComponentKind::Image);
        // What an image holds is of the image, whatever applications are among it.
        let only = match (images.as_slice(), roots.as_slice()) {
            ([only], _) | ([], [only]) => components.iter().position(|component| component.id == *only),
            _ => None,
        };
        let subject = only.map_or_else(|| Component::standing_for_all(name), |place| components.remove(place));
        let of_subject = |dependency| Dependency { dependent: subject.id.clone(), dependency, scope: None };
        dependencies.extend(roots.into_iter().filter(|root| *root != subject.id).map(of_subject));
        components.sort();
        dependencies.sort();
        let mut gaps: Vec<Gap> = report.diagnostics.iter().filter_map(Gap::of).collect();
        gaps.sort();
        gaps.dedup();
        let metadata = Metadata { subject: Some(subject), timestamp: None, tools: vec![report.tool.clone()], gaps };
        Self { metadata, components, dependencies }
    }
}

impl Component {
    fn of(component: &bartizan_core::Component, project: &str) -> Self {
        let purl = PackageUrl::lenient(&component.purl).ok();
        let (group, name) = match &purl {
            Some(purl) if has_group(purl.package_type()) => (purl.namespace(), purl.name()),
            Some(_) | None => (None, component.name.as_str()),
        };
        let name = if name.is_empty() { project } else { name };
        Self {
            id: component.purl.clone(),
            purl: Some(component.purl.clone()),
            group: group.map(ToOwned::to_owned),
            name: name.to_owned(),
            version: component.version.clone(),
            kind: component.kind,
            scope: Some(component.scope),
            licences: component.licences.clone(),
            hashes: component.hashes.clone(),
            places: component.locations.iter().map(Place::of).collect(),
            layer: component.layer.clone(),
        }
    }

    fn standing_for_all(name: &str) -> Self {
        Self {
            id: SUBJECT_ID.to_owned(),
            purl: None,
            group: None,
            name: if name.is_empty() { "project" } else { name }.to_owned(),
            version: None,
            kind: ComponentKind::Application,
            scope: None,
            licences: Vec::new(),
            hashes: Vec::new(),
            places: Vec::new(),
            layer: None,
        }
    }
}

/// Whether names of such packages have a group. Modules of Go and Swift are known by their whole path.
pub(super) fn has_group(package_type: &str) -> bool {
    !matches!(package_type, "generic" | "golang" | "swift")
}

impl Place {
    fn of(location: &Location) -> Self {
        Self { path: place::path(location), line: location.region().map(|region| region.start.line) }
    }
}

impl Dependency {
    fn of(dependency: &bartizan_core::Dependency) -> Self {
        Self { dependent: dependency.dependent.clone(), dependency: dependency.dependency.clone(), scope: Some(dependency.scope) }
    }
}

impl Gap {
    /// What a diagnostic says about a bill; nothing if the bill misses nothing because of it.
    fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let kind = match (diagnostic.kind, diagnostic.level) {
            (DiagnosticKind::DependencyUnresolved, _) => GapKind::Unresolved,
            // What is known about components is no part of a bill.
            (DiagnosticKind::AdvisoriesMissing, _) => return None,
            (_, Level::Incomplete | Level::Error) => GapKind::Unparsed,
            (_, Level::Note) => return None,
        };
        let place = diagnostic.location.as_ref().map_or(String::new(), |location| format!("{}: ", place::short(location)));
        Some(Self { kind, text: format!("{place}{}", visible_line(&diagnostic.reason)) })
    }
}
