//! Documents of YAML and JSON in the shape that queries of KICS expect.
//!
//! YAML: a list that is no value of a name is a map with the name `playbooks`; a number with a fraction is a text; tags are left
//! out; whole numbers are those that are written in plain digits. JSON: as it is. In both a filter pattern of CloudWatch is taken
//! apart, and a plan of Terraform becomes resources by type and name.

use bartizan_source::document::{Node, Value};
use serde_json::{Map, Number, Value as Json};

use super::filter_pattern;

/// The name under which lists stand that have none.
const LISTS: &str = "playbooks";
/// Names of filter patterns.
const PATTERNS: &[&str] = &["filter_pattern", "FilterPattern"];

/// A document of YAML; nothing if it is no map and no list.
pub(super) fn of_yaml(node: &Node<'_>) -> Option<Map<String, Json>> {
    match yaml(untagged(node)) {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

/// The documents of a text in JSON: one, or those of a list.
pub(super) fn of_json(root: &Node<'_>) -> Vec<Map<String, Json>> {
    let member = |json: Json| match json {
        Json::Object(members) => Some(members),
        _ => None,
    };
    match &root.value {
        Value::List(items) => items.iter().filter_map(|item| member(json(item))).collect(),
        Value::Map(_) => member(json(root)).map(|document| resources_of_plan(&document).unwrap_or(document)).into_iter().collect(),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
    }
}

/// What a tag of an application is put on.
pub(super) fn untagged<'n, 't>(node: &'n Node<'t>) -> &'n Node<'t> {
    match node.members() {
        [member] if member.name.starts_with('!') && member.name_range.start() == member.name_range.end() => &member.node,
        _ => node,
    }
}

fn yaml(node: &Node<'_>) -> Json {
    match &node.value {
        Value::List(items) => {
            let items = items.iter().map(|item| yaml(untagged(item))).collect();
            Json::Object(Map::from_iter([(LISTS.to_owned(), Json::Array(items))]))
        }
        Value::Map(members) => {
            let member = |member: &bartizan_source::document::Member<'_>| {
                let node = untagged(&member.node);
                let value = match &node.value {
                    Value::List(items) => Json::Array(items.iter().map(|item| yaml(untagged(item))).collect()),
                    Value::Text(text) if PATTERNS.contains(&member.name.as_ref()) => filter_pattern::read(text),
                    _ => yaml(node),
                };
                (member.name.to_string(), value)
            };
            Json::Object(members.iter().map(member).collect())
        }
        Value::Number(number) => number.parse::<i64>().map_or_else(|_| Json::from(number.as_ref()), Json::from),
        Value::Null => Json::Null,
        Value::Boolean(is_true) => Json::Bool(*is_true),
        Value::Text(text) => Json::from(text.as_ref()),
    }
}

fn json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(members) => {
            let member = |member: &bartizan_source::document::Member<'_>| {
                let value = match &member.node.value {
                    Value::Text(text) if PATTERNS.contains(&member.name.as_ref()) => filter_pattern::read(text),
                    _ => json(&member.node),
                };
                (member.name.to_string(), value)
            };
            Json::Object(members.iter().map(member).collect())
        }
        Value::Number(number) => match number.parse::<i64>() {
            Ok(whole) => Json::from(whole),
            Err(_) => number.parse::<f64>().ok().and_then(Number::from_f64).map_or_else(|| Json::from(number.as_ref()), Json::Number),
        },
        Value::Null => Json::Null,
        Value::Boolean(is_true) => Json::Bool(*is_true),
        Value::Text(text) => Json::from(text.as_ref()),
    }
}

/// The planned resources of a plan of Terraform, by type and name; nothing if the document is no plan.
fn resources_of_plan(document: &Map<String, Json>) -> Option<Map<String, Json>> {
    let root = document.get("planned_values")?.get("root_module")?;
    let mut types: Map<String, Json> = Map::new();
    let mut modules = vec![root];
    while let Some(module) = modules.pop() {
        let of = |name: &str| module.get(name).and_then(Json::as_array).into_iter().flatten();
        modules.extend(of("child_modules"));
        for resource in of("resources") {
            let text = |name: &str| resource.get(name).and_then(Json::as_str);
            let (Some(of_type), Some(name), Some(values)) = (text("type"), text("name"), resource.get("values")) else { continue };
            let of_type = types.entry(of_type).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(names) = of_type {
                names.insert(name.to_owned(), values.clone());
            }
        }
    }
    Some(Map::from_iter([("resource".to_owned(), Json::Object(types))]))
}

#[cfg(test)]
mod tests {
    use bartizan_source::document::{JsonDialect, parse_json, parse_yaml};

    use super::*;

    #[track_caller]
    fn check_yaml(text: &str, expected: Json) {
        let document = parse_yaml(text);
        assert_eq!(of_yaml(&document.root.unwrap()).map(Json::Object), Some(expected));
    }

    #[test]
    fn lists_without_a_name_are_playbooks() {
        check_yaml("- a: [1, [2]]\n", serde_json::json!({"playbooks": [{"a": [1, {"playbooks": [2]}]}]}));
    }

    #[test]
    fn scalars_are_what_kics_takes_them_for() {
        check_yaml(
            "a: 3.0\nb: 0644\nc: yes\nd: !Ref x\ne: !Join ['', [y]]\nf: ~\ng: \"7\"\n",
            serde_json::json!({"a": "3.0", "b": 644, "c": "yes", "d": "x", "e": ["", {"playbooks": ["y"]}], "f": null, "g": "7"}),
        );
    }

    #[test]
    fn a_plan_is_its_resources() {
        let text = r#"{"planned_values": {"root_module": {"resources": [{"type": "a", "name": "b", "values": {"c": 1}}]}}}"#;
        let document = parse_json(text, JsonDialect::Strict);
        assert_eq!(of_json(&document.root.unwrap())[0]["resource"]["a"]["b"]["c"], 1);
    }
}
