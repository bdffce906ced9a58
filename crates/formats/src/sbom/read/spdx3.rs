//! What stands in SPDX 3.0: <https://spdx.github.io/spdx-spec/v3.0.1/>.

use bartizan_core::{Scope, Tool};
use serde_json::Value;

use super::{
    draft::{Draft, Found},
    fields::{hash, items, text},
    spdx::{kind, places},
};
use crate::{Timestamp, sbom::Dependency};

/// An element of the graph.
pub(super) fn element(draft: &mut Draft, value: &Value) {
    let class = text(value, "type").or_else(|| text(value, "@type")).unwrap_or_default();
    match class {
        "SpdxDocument" => draft.is_bill = true,
        "CreationInfo" => draft.timestamp = text(value, "created").and_then(Timestamp::parse),
        "SoftwareAgent" | "Tool" => tool(draft, value),
        "software_Sbom" => draft.described.extend(ids(value, "rootElement")),
        "software_Package" => package(draft, value),
        "software_File" => draft.n_files += 1,
        "simplelicensing_LicenseExpression" => {
            if let (Some(id), Some(expression)) = (id(value), text(value, "simplelicensing_licenseExpression")) {
                draft.licences.expressions.insert(id.to_owned(), expression.to_owned());
            }
        }
        "simplelicensing_SimpleLicensingText" => {
            if let (Some(id), Some(text)) = (text(value, "name").or_else(|| id(value)), text(value, "simplelicensing_licenseText")) {
                draft.licences.texts.insert(id.to_owned(), text.to_owned());
            }
        }
        "Relationship" | "LifecycleScopedRelationship" => relationship(draft, value),
        "Annotation" => {
            if let Some((name, text)) = text(value, "statement").and_then(|statement| statement.split_once(": ")) {
                draft.gap(name, text);
            }
        }
        _ => {}
    }
}

fn id(value: &Value) -> Option<&str> {
    text(value, "spdxId").or_else(|| text(value, "@id"))
}

fn ids(value: &Value, name: &str) -> Vec<String> {
    items(value, name).iter().filter_map(|item| item.as_str().or_else(|| id(item))).map(ToOwned::to_owned).collect()
}

fn tool(draft: &mut Draft, value: &Value) {
    if let Some(text) = text(value, "name") {
        let (name, version) = text.rsplit_once(' ').unwrap_or((text, ""));
        draft.tools.push(Tool { name: name.to_owned(), version: version.to_owned() });
    }
}

fn package(draft: &mut Draft, value: &Value) {
    let is_purl = |identifier: &&Value| text(identifier, "externalIdentifierType") == Some("packageUrl");
    let external = items(value, "externalIdentifier").iter().find(is_purl).and_then(|identifier| text(identifier, "identifier"));
    let purl = text(value, "software_packageUrl").or(external).and_then(|purl| draft.purl(purl));
    let hashes = items(value, "verifiedUsing").iter();
    let found = Found {
        id: id(value),
        purl,
        group: None,
        name: text(value, "name"),
        version: text(value, "software_packageVersion"),
        kind: text(value, "software_primaryPurpose").and_then(kind),
        scope: None,
        licences: Vec::new(),
        hashes: hashes.filter_map(|wire| hash(text(wire, "algorithm"), text(wire, "hashValue"))).collect(),
        places: text(value, "software_sourceInfo").map(places).unwrap_or_default(),
    };
    match found.into_component() {
        Some(component) => draft.components.push(component),
        None => draft.loss("a package has no name"),
    }
}

fn relationship(draft: &mut Draft, value: &Value) {
    let Some(from) = text(value, "from") else { return draft.remark("a relationship lacks its start") };
    let scope = match text(value, "scope") {
        Some("runtime") => Some(Scope::Runtime),
        Some("build") => Some(Scope::Build),
        Some("test") => Some(Scope::Test),
        Some("development") => Some(Scope::Development),
        Some(_) | None => None,
    };
    let scope = match text(value, "relationshipType").unwrap_or_default() {
        "dependsOn" | "contains" => scope,
        "hasOptionalDependency" | "hasOptionalComponent" => Some(Scope::Optional),
        "describes" => return draft.described.extend(ids(value, "to")),
        "hasDeclaredLicense" => {
            let declared = ids(value, "to").into_iter().map(|expression| (from.to_owned(), expression));
            return draft.licences.declared.extend(declared);
        }
        _ => return,
    };
    let edges = ids(value, "to").into_iter().map(|dependency| Dependency { dependent: from.to_owned(), dependency, scope });
    draft.edges.extend(edges);
}
