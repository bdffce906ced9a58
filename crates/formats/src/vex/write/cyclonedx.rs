//! CycloneDX 1.6 as JSON: vulnerabilities with their analysis, and the components that they are about.

use std::collections::BTreeMap;

use bartizan_core::Tool;
use serde_json::{Map, Value, json};

use super::id;
use crate::{
    Timestamp,
    purl::PackageUrl,
    vex::{Document, Justification, Statement, Status},
};

pub(super) fn value(document: &Document, tool: &Tool, timestamp: Option<Timestamp>) -> Value {
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    for purl in document.statements.iter().flat_map(|statement| &statement.products).flat_map(meant) {
        components.entry(purl.to_string()).or_insert_with(|| of_component(purl));
    }
    let vulnerabilities: Value = document.statements.iter().map(of_statement).collect();
    let mut metadata = json!({
        "tools": {"components": [{"type": "application", "name": tool.name, "version": tool.version}]},
        "authors": [{"name": document.author}],
    });
    if let (Some(timestamp), Some(members)) = (timestamp, metadata.as_object_mut()) {
        members.insert("timestamp".to_owned(), json!(timestamp.to_string()));
    }
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": id(document, &vulnerabilities),
        "version": 1,
        "metadata": metadata,
        "components": components.into_values().collect::<Vec<_>>(),
        "vulnerabilities": vulnerabilities,
    })
}

/// What a product of a statement is, component by component.
fn meant(product: &crate::vex::Product) -> impl Iterator<Item = &PackageUrl> {
    let own = product.purl.iter().filter(|_| product.components.is_empty());
    own.chain(&product.components)
}

fn of_component(purl: &PackageUrl) -> Value {
    let mut json = json!({"type": "library", "bom-ref": purl.to_string(), "name": purl.name(), "purl": purl.to_string()});
    let Some(members) = json.as_object_mut() else { return json };
    if let Some(group) = purl.namespace() {
        members.insert("group".to_owned(), json!(group));
    }
    if let Some(version) = purl.version() {
        members.insert("version".to_owned(), json!(version));
    }
    json
}

fn of_statement(statement: &Statement) -> Value {
    let mut json = Map::new();
    let (name, aliases) = statement.flaws.split_first().map_or(("", &[][..]), |(name, aliases)| (name.as_str(), aliases));
    json.insert("id".to_owned(), json!(name));
    json.insert("source".to_owned(), json!({"name": source(name)}));
    if !aliases.is_empty() {
        let references = aliases.iter().map(|alias| json!({"id": alias, "source": {"name": source(alias)}}));
        json.insert("references".to_owned(), references.collect());
    }
    if !statement.action.is_empty() {
        json.insert("recommendation".to_owned(), json!(statement.action));
    }
    let mut analysis = json!({"state": state(statement.status)});
    if let Some(members) = analysis.as_object_mut() {
        if let Some(justification) = statement.justification {
            members.insert("justification".to_owned(), json!(word(justification)));
        }
        if statement.status == Status::Affected && !statement.action.is_empty() {
            members.insert("response".to_owned(), json!(["update"]));
        }
        if !statement.explanation.is_empty() {
            members.insert("detail".to_owned(), json!(statement.explanation));
        }
        if let Some(timestamp) = statement.timestamp {
            members.insert("lastUpdated".to_owned(), json!(timestamp.to_string()));
        }
    }
    json.insert("analysis".to_owned(), analysis);
    let affects = statement.products.iter().flat_map(meant).map(|purl| json!({"ref": purl.to_string()}));
    json.insert("affects".to_owned(), affects.collect());
    Value::Object(json)
}

/// Who gives such names.
fn source(name: &str) -> &'static str {
    const SOURCES: [(&str, &str); 6] = [
        ("CVE-", "NVD"),
        ("GHSA-", "GitHub Advisories"),
        ("GO-", "Go Vulnerability Database"),
        ("RUSTSEC-", "RustSec"),
        ("PYSEC-", "PyPI Advisory Database"),
        ("MAL-", "OpenSSF Malicious Packages"),
    ];
    SOURCES.iter().find(|(prefix, _)| name.starts_with(prefix)).map_or("OSV", |(_, source)| source)
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Affected => "exploitable",
        Status::UnderInvestigation => "in_triage",
        Status::Fixed => "resolved",
        Status::NotAffected => "not_affected",
    }
}

const fn word(justification: Justification) -> &'static str {
    match justification {
        Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent => "code_not_present",
        Justification::VulnerableCodeNotInExecutePath => "code_not_reachable",
        Justification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
        Justification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
    }
}
