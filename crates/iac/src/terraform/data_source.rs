//! Data sources whose answer follows from what is asked: documents of policies.

use std::{collections::BTreeMap, sync::Arc};

use super::operation::map_of;
use crate::{Kind, Map, Member, Place, Value};

/// The value of an attribute that nobody wrote, where it follows from the others; `body` evaluates those.
pub(super) fn computed(of_type: &str, name: &str, body: &dyn Fn() -> Value, at: Place) -> Option<Value> {
    match (of_type, name) {
        ("data.aws_iam_policy_document", "json" | "minified_json") => Some(aws_policy(&body(), at)),
        ("data.google_iam_policy", "policy_data") => Some(google_policy(&body(), at)),
        ("data.aws_partition", "partition" | "id") => Some(one_of_texts(&["aws", "aws-cn", "aws-us-gov"], at)),
        ("data.aws_partition", "dns_suffix") => Some(one_of_texts(&["amazonaws.com", "amazonaws.com.cn"], at)),
        _ => None,
    }
}

fn one_of_texts(texts: &[&str], at: Place) -> Value {
    Value::new(Kind::OneOf(texts.iter().map(|text| Value::of_text(*text, at)).collect()), at)
}

/// The document that AWS' provider makes of its blocks, as the map that its JSON says.
fn aws_policy(body: &Value, at: Place) -> Value {
    let mut members: BTreeMap<Arc<str>, Member> = BTreeMap::new();
    let mut statements: Vec<Value> = Vec::new();
    for inherited in ["source_policy_documents", "override_policy_documents"] {
        for document in body.get(inherited).map(Value::items).unwrap_or_default() {
            statements.extend(statements_of(document));
        }
    }
    for inherited in ["source_json", "override_json"] {
        statements.extend(body.get(inherited).into_iter().flat_map(statements_of));
    }
    if let Some(blocks) = body.get("statement") {
        match &blocks.kind {
            Kind::List(blocks) => statements.extend(blocks.iter().map(statement)),
            _ => statements.push(blocks.clone()),
        }
    }
    let text = |text: &str| Value::new(Kind::Text(text.into()), at);
    members.insert("Version".into(), Member { name: at, value: body.get("version").cloned().unwrap_or_else(|| text("2012-10-17")) });
    members.insert("Statement".into(), Member { name: at, value: Value::new(Kind::List(statements.into()), at) });
    Value::new(Kind::Map(Arc::new(Map(members))), at)
}

/// The statements of a document that another one takes over.
fn statements_of(document: &Value) -> Vec<Value> {
    let parsed =
        document.text().and_then(|text| serde_json::from_str(text).ok()).map(|json| super::operation::of_json(&json, document.place));
    let document = parsed.as_ref().unwrap_or(document);
    match document.get("Statement").map(|statements| &statements.kind) {
        Some(Kind::List(items)) => items.to_vec(),
        Some(_) => document.get("Statement").cloned().into_iter().collect(),
        None if document.cause().is_some() => vec![document.clone()],
        None => Vec::new(),
    }
}

fn statement(block: &Value) -> Value {
    let mut members: Vec<(Arc<str>, Value)> = Vec::new();
    let names =
        [("sid", "Sid"), ("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"), ("not_resources", "NotResource")];
    members.extend(names.iter().filter_map(|(from, to)| Some(((*to).into(), block.get(from)?.clone()))));
    let effect = block.get("effect").cloned().unwrap_or_else(|| Value::new(Kind::Text("Allow".into()), block.place));
    members.push(("Effect".into(), effect));
    for (from, to) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        let Some(blocks) = block.get(from) else { continue };
        let Kind::List(items) = &blocks.kind else {
            members.push((to.into(), blocks.clone()));
            continue;
        };
        let mut by_type: Vec<(Arc<str>, Value)> = Vec::new();
        for item in items.iter() {
            let of_type = item.get("type").and_then(Value::text).unwrap_or("*");
            by_type.push((of_type.into(), item.get("identifiers").cloned().unwrap_or_else(Value::null)));
        }
        members.push((to.into(), Value::new(map_of(by_type), blocks.place)));
    }
    if let Some(conditions) = block.get("condition") {
        let of_condition = |item: &Value| {
            let test: Arc<str> = item.get("test").and_then(Value::text).unwrap_or("unknown").into();
            let variable: Arc<str> = item.get("variable").and_then(Value::text).unwrap_or("unknown").into();
            let values = item.get("values").cloned().unwrap_or_else(Value::null);
            (test, variable, values)
        };
        let mut by_test: BTreeMap<Arc<str>, Vec<(Arc<str>, Value)>> = BTreeMap::new();
        match &conditions.kind {
            Kind::List(items) => {
                for (test, variable, values) in items.iter().map(of_condition) {
                    by_test.entry(test).or_default().push((variable, values));
                }
                let tests = by_test.into_iter().map(|(test, variables)| (test, Value::new(map_of(variables), conditions.place)));
                members.push(("Condition".into(), Value::new(map_of(tests), conditions.place)));
            }
            _ => members.push(("Condition".into(), conditions.clone())),
        }
    }
    Value::new(map_of(members), block.place)
}

/// The document that Google's provider makes of its blocks.
fn google_policy(body: &Value, at: Place) -> Value {
    let bindings = body.get("binding").cloned().unwrap_or_else(|| Value::new(Kind::List([].into()), at));
    Value::new(map_of([("bindings".into(), bindings)]), at)
}
