//! The text of a policy that the blocks of `data.aws_iam_policy_document` make, with the names that KICS gives to its parts.
//!
//! Resources are taken as they are written. If anything else is not known, the document is empty.

use serde_json::{Map, Value as Json};

use super::Writer;
use crate::terraform::syntax::{Body, Expression, ExpressionKind};

/// The document as a text.
pub(super) fn text_of(body: &Body, writer: &Writer<'_, '_>) -> String {
    let document = document_of(body, writer).unwrap_or_default();
    Json::Object(document).to_string()
}

fn document_of(body: &Body, writer: &Writer<'_, '_>) -> Option<Map<String, Json>> {
    let mut document = Map::new();
    for (name, written) in [("id", "Id"), ("version", "Version")] {
        if let Some(attribute) = body.attribute(name) {
            document.insert(written.to_owned(), writer.evaluated(&attribute.value)?);
        }
    }
    let statements: Vec<Json> =
        body.blocks_of("statement").map(|block| statement(&block.body, writer).map(Json::Object)).collect::<Option<_>>()?;
    if !statements.is_empty() {
        document.insert("Statement".to_owned(), Json::Array(statements));
    }
    Some(document)
}

fn statement(body: &Body, writer: &Writer<'_, '_>) -> Option<Map<String, Json>> {
    let mut statement = Map::new();
    let names =
        [("actions", "Actions"), ("not_actions", "Not_actions"), ("not_resources", "Not_resources"), ("effect", "Effect"), ("sid", "Sid")];
    for (name, written) in names {
        let Some(attribute) = body.attribute(name) else { continue };
        statement.insert(written.to_owned(), writer.evaluated(&attribute.value)?);
    }
    if let Some(resources) = body.attribute("resources") {
        statement.insert("Resources".to_owned(), resources_of(&resources.value, writer)?);
    }
    for (name, written) in [("principals", "Principals"), ("not_principals", "Not_principals")] {
        let mut blocks = body.blocks_of(name);
        let Some(block) = blocks.next() else { continue };
        // Of several the document says nothing.
        if blocks.next().is_some() {
            return None;
        }
        let of_type = text(&block.body, "type", writer)?;
        let identifiers = writer.evaluated(&block.body.attribute("identifiers")?.value)?;
        statement.insert(written.to_owned(), Json::Object(Map::from_iter([(of_type, identifiers)])));
    }
    let mut conditions = body.blocks_of("condition");
    if let Some(block) = conditions.next() {
        if conditions.next().is_some() {
            return None;
        }
        let values = writer.evaluated(&block.body.attribute("values")?.value)?;
        let of_variable = Map::from_iter([(text(&block.body, "variable", writer)?, values)]);
        let of_test = Map::from_iter([(text(&block.body, "test", writer)?, Json::Object(of_variable))]);
        statement.insert("Condition".to_owned(), Json::Object(of_test));
    }
    Some(statement)
}

fn text(body: &Body, name: &str, writer: &Writer<'_, '_>) -> Option<String> {
    match writer.evaluated(&body.attribute(name)?.value)? {
        Json::String(text) => Some(text),
        _ => None,
    }
}

fn resources_of(expression: &Expression, writer: &Writer<'_, '_>) -> Option<Json> {
    let ExpressionKind::List(items) = &expression.kind else { return writer.evaluated(expression) };
    let plain = |json: Json| match json {
        Json::String(text) => Json::from(text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or(&text)),
        other => other,
    };
    Some(Json::Array(items.iter().map(|item| plain(writer.expression(item, 0))).collect()))
}
