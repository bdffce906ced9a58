//! Licences of components that the project's policy doesn't let in.

use std::collections::BTreeMap;

use bartizan_core::{Component, ComponentKind, Confidence, Location, Severity};

use super::{About, Draft, Project, listed};
use crate::licence::{Unknown, Verdict};

pub(super) static DENIED: About = About {
    id: "licence-denied",
    title: "Component whose licence the policy doesn't allow",
    severity: Severity::High,
    confidence: Confidence::High,
    why: "Whoever ships a component takes on the duties of its licence. The project's policy (`deps.licences`) says that this one's are not to be taken on.",
    how_to_fix: "Replace the component, ask its authors for another licence, or record in `deps.licences.exceptions` why it may be used.",
    cwe: 1357,
    references: &["https://spdx.org/licenses/"],
};

pub(super) static ASK: About = About {
    id: "licence-to-decide",
    title: "Component whose licence somebody has to decide about",
    severity: Severity::Low,
    confidence: Confidence::High,
    why: "The policy (`deps.licences.ask`) says that somebody looks at each use of this licence: what it asks for depends on how the component is used.",
    how_to_fix: "Ask whoever decides, and record the decision in `deps.licences.exceptions`.",
    cwe: 1357,
    references: &["https://spdx.org/licenses/"],
};

pub(super) static UNKNOWN: About = About {
    id: "licence-unknown",
    title: "Components whose licence is not known",
    severity: Severity::Low,
    confidence: Confidence::High,
    why: "Without a licence nobody but its authors may use a work at all. Many lock files don't have the licences of their packages: then they are known where the packages are installed, or their texts are in the tree.",
    how_to_fix: "Scan where the packages are installed (`--no-ignore`), so that what they declare is read. If a component declares nothing, ask its authors. `deps.licences.unknown: allow` turns this off.",
    cwe: 1357,
    references: &[],
};

pub(super) fn look(project: &Project<'_>, drafts: &mut Vec<Draft>) {
    let Some(policy) = &project.settings.licences else { return };
    let mut unknown: BTreeMap<(&str, Unknown), Vec<&Component>> = BTreeMap::new();
    let is_shipped = |component: &&Component| matches!(component.kind, ComponentKind::Library | ComponentKind::OperatingSystem);
    for component in project.components.iter().filter(is_shipped) {
        let (about, message, why) = match policy.judge(component) {
            Verdict::Allowed => continue,
            Verdict::Unknown(_) => {
                let kind = component.purl.strip_prefix("pkg:").and_then(|rest| rest.split('/').next()).unwrap_or_default();
                // Actions and the like are used, not shipped.
                if kind != "github" {
                    unknown.entry((kind, policy.unknown(component.scope))).or_default().push(component);
                }
                continue;
            }
            Verdict::Denied(licence) => {
                (&DENIED, format!("{} is under {licence}, which the policy doesn't allow", named(component)), licence)
            }
            Verdict::Ask(licence) => {
                (&ASK, format!("{} is under {licence}, which somebody has to decide about", named(component)), licence)
            }
        };
        let without_version = component.purl.split(['@', '?']).next().unwrap_or(&component.purl);
        let draft =
            Draft::new(about, message, component.locations.clone()).because(format!("it declares {}", component.licences.join(", ")));
        drafts.push(draft.known_by([without_version, &why]).about(&component.purl));
    }
    for ((kind, treatment), components) in unknown {
        let severity = match treatment {
            Unknown::Allow => continue,
            Unknown::Ask => UNKNOWN.severity,
            Unknown::Deny => Severity::High,
        };
        let names = listed(components.iter().map(|component| component.name.as_str()));
        let message = format!("the licences of {} of {kind} are not known: {names}", super::packages(components.len()));
        let places: Vec<Location> = components.iter().flat_map(|component| &component.locations).cloned().collect();
        drafts.push(Draft::new(&UNKNOWN, message, places).rated(severity).because("they declare none that is understood").known_by([kind]));
    }
}

fn named(component: &Component) -> String {
    component.version.as_ref().map_or_else(|| format!("`{}`", component.name), |version| format!("`{}` {version}", component.name))
}
