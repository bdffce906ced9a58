//! CycloneDX 1.4 to 1.7 as JSON: the analysis of vulnerabilities, <https://cyclonedx.org/capabilities/vex>.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Draft, items, purl, text};
use crate::{
    Timestamp,
    purl::PackageUrl,
    vex::{Justification, Product, Statement, Status},
};

/// Its states, and what they mean. What was reported wrongly does no harm either.
const STATES: [(&str, Status); 6] = [
    ("resolved", Status::Fixed),
    ("resolved_with_pedigree", Status::Fixed),
    ("exploitable", Status::Affected),
    ("in_triage", Status::UnderInvestigation),
    ("false_positive", Status::NotAffected),
    ("not_affected", Status::NotAffected),
];

/// Its justifications, and those of others that come closest.
const JUSTIFICATIONS: [(&str, Justification); 9] = [
    ("code_not_present", Justification::VulnerableCodeNotPresent),
    ("code_not_reachable", Justification::VulnerableCodeNotInExecutePath),
    ("requires_configuration", Justification::VulnerableCodeCannotBeControlledByAdversary),
    ("requires_dependency", Justification::ComponentNotPresent),
    ("requires_environment", Justification::VulnerableCodeCannotBeControlledByAdversary),
    ("protected_by_compiler", Justification::InlineMitigationsAlreadyExist),
    ("protected_at_runtime", Justification::InlineMitigationsAlreadyExist),
    ("protected_at_perimeter", Justification::InlineMitigationsAlreadyExist),
    ("protected_by_mitigating_control", Justification::InlineMitigationsAlreadyExist),
];

pub(super) fn read(root: &Value, draft: &mut Draft) {
    let null = Value::Null;
    let metadata = root.get("metadata").unwrap_or(&null);
    text(root, "serialNumber").clone_into(&mut draft.document.id);
    let authors = items(metadata, "authors").iter().map(|author| text(author, "name"));
    authors.collect::<Vec<_>>().join(", ").clone_into(&mut draft.document.author);
    draft.document.timestamp = Timestamp::parse(text(metadata, "timestamp"));
    let mut components = BTreeMap::new();
    metadata.get("component").into_iter().for_each(|component| add(component, &mut components));
    items(root, "components").iter().for_each(|component| add(component, &mut components));
    for vulnerability in items(root, "vulnerabilities") {
        // A flaw without an analysis is a finding of somebody else, not a statement.
        let Some(analysis) = vulnerability.get("analysis") else { continue };
        let state = text(analysis, "state");
        let Some((_, status)) = STATES.iter().find(|(name, _)| *name == state) else {
            if !state.is_empty() {
                draft.problem(format!("`{state}` is no state: the statement is not used"));
            }
            continue;
        };
        let why = text(analysis, "justification");
        let justification = JUSTIFICATIONS.iter().find(|(name, _)| *name == why).map(|(_, justification)| *justification);
        if justification.is_none() && !why.is_empty() {
            draft.problem(format!("`{why}` is no justification"));
        }
        let references = items(vulnerability, "references").iter().map(|reference| text(reference, "id"));
        let flaws = std::iter::once(text(vulnerability, "id")).chain(references).filter(|name| !name.is_empty());
        let moments = [text(analysis, "lastUpdated"), text(analysis, "firstIssued"), text(vulnerability, "updated")];
        let mut products = Vec::new();
        for affected in items(vulnerability, "affects") {
            let (product, problem) = product(affected, &components);
            products.push(product);
            problem.into_iter().for_each(|problem| draft.problem(problem));
        }
        draft.add(Statement {
            flaws: flaws.map(str::to_owned).collect(),
            products,
            status: *status,
            justification,
            explanation: text(analysis, "detail").to_owned(),
            action: text(vulnerability, "recommendation").to_owned(),
            timestamp: moments.into_iter().find_map(Timestamp::parse).or(draft.document.timestamp),
        });
    }
}

/// The depth is that of the document, which its parser limits.
fn add<'d>(component: &'d Value, components: &mut BTreeMap<&'d str, PackageUrl>) {
    if let Some(purl) = purl(text(component, "purl")) {
        components.insert(text(component, "bom-ref"), purl);
    }
    items(component, "components").iter().for_each(|part| add(part, components));
}

/// What is affected: a component of this document, or of another one whose reference is a package URL.
fn product(affected: &Value, components: &BTreeMap<&str, PackageUrl>) -> (Product, Option<String>) {
    let id = text(affected, "ref");
    // A link to another document: `urn:cdx:serial/version#reference`.
    let reference = id.strip_prefix("urn:cdx:").and_then(|link| link.split_once('#')).map_or(id, |(_, reference)| reference);
    let decoded = crate::purl::decoded(reference);
    let purl = [reference, decoded.as_str()].into_iter().find_map(|name| components.get(name).cloned().or_else(|| purl(name)));
    // What is not affected is not what the statement is about.
    let meant = items(affected, "versions").iter().filter(|version| text(version, "status") != "unaffected");
    let versions: Vec<&str> = meant.clone().map(|version| text(version, "version")).filter(|version| !version.is_empty()).collect();
    let has_range = meant.clone().any(|version| version.get("range").is_some());
    let problem = has_range.then(|| format!("ranges of versions are not understood: what is said of `{id}` in them is not used"));
    // Of ranges that nobody reads only what is listed beside them is meant.
    let is_unclear = has_range && versions.is_empty();
    let purl = purl.filter(|_| !is_unclear);
    (Product { id: id.to_owned(), purl, versions: versions.into_iter().map(str::to_owned).collect(), ..Product::default() }, problem)
}
