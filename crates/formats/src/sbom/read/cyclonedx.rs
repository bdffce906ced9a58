//! What stands in CycloneDX 1.2 to 1.7: <https://cyclonedx.org/docs/>.

use bartizan_core::{ComponentKind, Scope, Tool};
use serde_json::Value;

use super::{
    draft::{Draft, Found},
    fields::{hash, items, text},
};
use crate::{
    Timestamp,
    sbom::{Component, Dependency, Place, cyclonedx::SCOPE},
};

/// `metadata`.
pub(super) fn metadata(draft: &mut Draft, value: &Value) {
    draft.timestamp = text(value, "timestamp").and_then(Timestamp::parse);
    // Until 1.4 a list of tools, from 1.5 on an object with components.
    let tools = value.get("tools").and_then(|tools| tools.get("components")).and_then(Value::as_array);
    for tool in tools.map_or_else(|| items(value, "tools"), Vec::as_slice) {
        let of = |name| text(tool, name).unwrap_or_default().to_owned();
        draft.tools.push(Tool { name: of("name"), version: of("version") });
    }
    draft.tools.retain(|tool| !tool.name.is_empty());
    if let Some(subject) = value.get("component") {
        let read = one(draft, subject);
        if read.is_none() {
            draft.remark("the subject in `metadata.component` has no name");
        }
        draft.subject = read.map(|subject| Component { kind: ComponentKind::Application, scope: None, ..subject });
        nested(draft, subject);
    }
    for property in items(value, "properties") {
        draft.gap(text(property, "name").unwrap_or_default(), text(property, "value").unwrap_or_default());
    }
}

/// An item of `components`, and what is assembled in it.
pub(super) fn component(draft: &mut Draft, value: &Value) {
    match one(draft, value) {
        Some(component) => draft.components.push(component),
        None if is_software(value) => draft.loss("a component has no name"),
        None => draft.n_files += 1,
    }
    nested(draft, value);
}

/// Components in a component.
fn nested(draft: &mut Draft, value: &Value) {
    // How deeply is bounded by the parser.
    items(value, "components").iter().for_each(|inner| component(draft, inner));
}

/// An item of `dependencies`.
pub(super) fn dependency(draft: &mut Draft, value: &Value) {
    let Some(dependent) = text(value, "ref") else { return draft.remark("a dependency has no `ref`") };
    let on = items(value, "dependsOn").iter().filter_map(Value::as_str);
    draft.edges.extend(on.map(|dependency| Dependency { dependent: dependent.to_owned(), dependency: dependency.to_owned(), scope: None }));
}

fn one(draft: &mut Draft, value: &Value) -> Option<Component> {
    if !is_software(value) {
        return None;
    }
    let purl = text(value, "purl").and_then(|purl| draft.purl(purl));
    let kind = match text(value, "type") {
        Some("application") => Some(ComponentKind::Application),
        Some("container") => Some(ComponentKind::Container),
        Some("operating-system") => Some(ComponentKind::OperatingSystem),
        Some(_) | None => None,
    };
    let hashes = items(value, "hashes").iter().filter_map(|wire| hash(text(wire, "alg"), text(wire, "content")));
    Found {
        id: text(value, "bom-ref"),
        purl,
        group: text(value, "group"),
        name: text(value, "name"),
        version: text(value, "version"),
        kind,
        scope: scope(value),
        licences: items(value, "licenses").iter().filter_map(licence).collect(),
        hashes: hashes.collect(),
        places: value.get("evidence").map(places).unwrap_or_default(),
    }
    .into_component()
}

/// Whether a component is software: documents list files, data, devices and keys, too.
fn is_software(value: &Value) -> bool {
    let is_other = |kind| matches!(kind, "file" | "data" | "device" | "device-driver" | "cryptographic-asset" | "machine-learning-model");
    text(value, "purl").is_some() || !text(value, "type").is_some_and(is_other)
}

fn scope(value: &Value) -> Option<Scope> {
    let exact = items(value, "properties").iter().find(|property| text(property, "name") == Some(SCOPE));
    match (text(value, "scope")?, exact.and_then(|property| text(property, "value"))) {
        ("required", _) => Some(Scope::Runtime),
        ("optional", _) => Some(Scope::Optional),
        ("excluded", Some("build")) => Some(Scope::Build),
        ("excluded", Some("test")) => Some(Scope::Test),
        ("excluded", _) => Some(Scope::Development),
        _ => None,
    }
}

fn licence(choice: &Value) -> Option<String> {
    let expression = text(choice, "expression");
    let named = || choice.get("license").and_then(|licence| text(licence, "id").or_else(|| text(licence, "name")));
    expression.or_else(named).map(ToOwned::to_owned)
}

fn places(evidence: &Value) -> Vec<Place> {
    let line = |occurrence: &Value| match occurrence.get("line")? {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        Value::String(number) => number.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let occurrences = items(evidence, "occurrences").iter();
    occurrences.filter_map(|occurrence| Some(Place { path: text(occurrence, "location")?.to_owned(), line: line(occurrence) })).collect()
}
