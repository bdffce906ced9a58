//! OpenVEX 0.2.0: <https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>.

use bartizan_core::Tool;
use serde_json::{Map, Value, json};

use super::id;
use crate::{
    Timestamp,
    vex::{Document, Product, Statement, Status},
};

pub(super) fn value(document: &Document, tool: &Tool, timestamp: Timestamp) -> Value {
    let statements: Value = document.statements.iter().map(|statement| of_statement(statement, document.timestamp)).collect();
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": id(document, &statements),
        "author": document.author,
        "timestamp": timestamp.to_string(),
        "version": 1,
        "tooling": format!("{} {}", tool.name, tool.version),
        "statements": statements,
    })
}

fn of_statement(statement: &Statement, of_document: Option<Timestamp>) -> Value {
    let mut json = Map::new();
    let (name, aliases) = statement.flaws.split_first().map_or(("", &[][..]), |(name, aliases)| (name.as_str(), aliases));
    let mut flaw = json!({"name": name});
    if let Some(members) = flaw.as_object_mut().filter(|_| !aliases.is_empty()) {
        members.insert("aliases".to_owned(), json!(aliases));
    }
    json.insert("vulnerability".to_owned(), flaw);
    if let Some(timestamp) = statement.timestamp.filter(|timestamp| Some(*timestamp) != of_document) {
        json.insert("timestamp".to_owned(), json!(timestamp.to_string()));
    }
    json.insert("products".to_owned(), statement.products.iter().map(of_product).collect());
    json.insert("status".to_owned(), json!(statement.status.as_str()));
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            json.insert(name.to_owned(), json!(text));
        }
    };
    // Which texts there are depends on the status, section "Status Requirements".
    match statement.status {
        Status::NotAffected => {
            put("justification", statement.justification.map_or("", |justification| justification.as_str()));
            put("impact_statement", &statement.explanation);
        }
        Status::Affected => {
            put("status_notes", &statement.explanation);
            put("action_statement", if statement.action.is_empty() { "none is known yet" } else { &statement.action });
        }
        Status::Fixed | Status::UnderInvestigation => put("status_notes", &statement.explanation),
    }
    Value::Object(json)
}

fn of_product(product: &Product) -> Value {
    let mut json = json!({"@id": product.id});
    let Some(members) = json.as_object_mut() else { return json };
    if let Some(purl) = &product.purl {
        members.insert("identifiers".to_owned(), json!({"purl": purl.to_string()}));
    }
    if !product.components.is_empty() {
        let components = product.components.iter().map(|purl| json!({"@id": purl.to_string(), "identifiers": {"purl": purl.to_string()}}));
        members.insert("subcomponents".to_owned(), components.collect());
    }
    json
}
