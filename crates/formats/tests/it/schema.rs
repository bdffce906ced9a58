//! A checker for JSON Schema, as much of it as the schemas here use; a keyword that it does not know is an error.
//!
//! `format` is not checked. Everything else in drafts 4 to 2020-12 that the schemas of SARIF, GitLab and our own say is.

use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::{Map, Value};

/// The problems of a document, each with its place.
pub(crate) fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    Checker { root: schema, problems: &mut problems }.check(schema, document, "$");
    problems
}

/// A schema of somebody else, if it is on this machine.
///
/// Looked for in the folder that `BARTIZAN_VECTORS` names, or else in `shared/vectors` beside the checkout.
pub(crate) fn foreign(path: &str) -> Option<Value> {
    Some(serde_json::from_str(&foreign_text(path)?).unwrap())
}

/// A text of somebody else, likewise.
pub(crate) fn foreign_text(path: &str) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("BARTIZAN_VECTORS").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(path));
    if text.is_err() {
        println!("skipped: {path} is not in {}", folder.display());
    }
    text.ok()
}

struct Checker<'a> {
    root: &'a Value,
    problems: &'a mut Vec<String>,
}

impl<'a> Checker<'a> {
    fn check(&mut self, schema: &'a Value, value: &Value, place: &str) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Object(keywords) => keywords,
            _ => return self.problem(place, "is not allowed"),
        };
        for (keyword, operand) in keywords {
            self.check_keyword(keywords, keyword, operand, value, place);
        }
    }

    fn check_keyword(&mut self, keywords: &'a Map<String, Value>, keyword: &str, operand: &'a Value, value: &Value, place: &str) {
        match keyword {
            "$schema" | "$id" | "id" | "$defs" | "definitions" | "title" | "description" | "default" | "examples" | "format" | "self" => {}
            "$ref" => self.check(self.resolve(operand.as_str().unwrap()), value, place),
            "type" => {
                let names = operand.as_array().map_or_else(|| vec![operand], |names| names.iter().collect());
                if !names.iter().any(|name| has_type(value, name.as_str().unwrap())) {
                    self.problem(place, &format!("is not of type {operand}"));
                }
            }
            "const" if value != operand => self.problem(place, &format!("is not {operand}")),
            "enum" if !operand.as_array().unwrap().contains(value) => self.problem(place, &format!("{value} is not one of {operand}")),
            "const" | "enum" => {}
            "allOf" => operand.as_array().unwrap().iter().for_each(|part| self.check(part, value, place)),
            "anyOf" if self.n_matches(operand, value) == 0 => self.problem(place, "matches no alternative"),
            "oneOf" if self.n_matches(operand, value) != 1 => self.problem(place, "does not match exactly one alternative"),
            "anyOf" | "oneOf" => {}
            "pattern" => {
                let matches = |text: &str| Regex::new(operand.as_str().unwrap()).unwrap().is_match(text);
                if value.as_str().is_some_and(|text| !matches(text)) {
                    self.problem(place, &format!("{value} does not match {operand}"));
                }
            }
            "minLength" | "maxLength" => self.check_size(keyword, operand, value.as_str().map(|text| text.chars().count()), place),
            "minItems" | "maxItems" => self.check_size(keyword, operand, value.as_array().map(Vec::len), place),
            "minimum" if value.as_f64().is_some_and(|number| number < operand.as_f64().unwrap()) => self.problem(place, "is too small"),
            "maximum" if value.as_f64().is_some_and(|number| operand.as_f64().unwrap() < number) => self.problem(place, "is too large"),
            "minimum" | "maximum" => {}
            "uniqueItems" => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if items.iter().enumerate().any(|(index, item)| items[..index].contains(item)) {
                    self.problem(place, "has an item twice");
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(operand, item, &format!("{place}[{index}]"));
                }
            }
            "required" => {
                let names = operand.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                for name in names.filter(|name| value.as_object().is_some_and(|object| !object.contains_key(*name))) {
                    self.problem(place, &format!("lacks `{name}`"));
                }
            }
            "dependencies" => {
                for (name, others) in operand.as_object().unwrap() {
                    let is_there = |name: &str| value.get(name).is_some();
                    if is_there(name) && !others.as_array().unwrap().iter().all(|other| is_there(other.as_str().unwrap())) {
                        self.problem(place, &format!("has `{name}` without {others}"));
                    }
                }
            }
            "properties" | "patternProperties" | "additionalProperties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    self.check_member(keywords, keyword, operand, name, member, place);
                }
            }
            _ => panic!("the checker does not know the keyword `{keyword}`"),
        }
    }

    fn check_member(
        &mut self,
        keywords: &'a Map<String, Value>,
        keyword: &str,
        operand: &'a Value,
        name: &str,
        member: &Value,
        place: &str,
    ) {
        let place = format!("{place}.{name}");
        let patterns = |operand: &'a Value| {
            let matching = operand.as_object().into_iter().flatten().filter(|(pattern, _)| Regex::new(pattern).unwrap().is_match(name));
            matching.map(|(_, schema)| schema).collect::<Vec<_>>()
        };
        match keyword {
            "properties" => {
                if let Some(schema) = operand.get(name) {
                    self.check(schema, member, &place);
                }
            }
            "patternProperties" => patterns(operand).into_iter().for_each(|schema| self.check(schema, member, &place)),
            _ => {
                let is_named = keywords.get("properties").is_some_and(|properties| properties.get(name).is_some());
                let is_matched = keywords.get("patternProperties").is_some_and(|operand| !patterns(operand).is_empty());
                if !is_named && !is_matched {
                    self.check(operand, member, &place);
                }
            }
        }
    }

    fn check_size(&mut self, keyword: &str, operand: &Value, size: Option<usize>, place: &str) {
        let bound = usize::try_from(operand.as_u64().unwrap()).unwrap();
        let is_wrong = size.is_some_and(|size| if keyword.starts_with("min") { size < bound } else { bound < size });
        if is_wrong {
            self.problem(place, &format!("is against {keyword} {bound}"));
        }
    }

    fn n_matches(&self, alternatives: &'a Value, value: &Value) -> usize {
        let matches = |schema: &&'a Value| {
            let mut problems = Vec::new();
            Checker { root: self.root, problems: &mut problems }.check(schema, value, "");
            problems.is_empty()
        };
        alternatives.as_array().unwrap().iter().filter(matches).count()
    }

    fn resolve(&self, reference: &str) -> &'a Value {
        self.root.pointer(reference.strip_prefix('#').unwrap()).unwrap()
    }

    fn problem(&mut self, place: &str, what: &str) {
        self.problems.push(format!("{place} {what}"));
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("unknown type `{name}`"),
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": { "a": { "$ref": "#/$defs/a" }, "b": { "enum": [1, 2] }, "c": { "oneOf": [{ "minimum": 1 }, { "maximum": 3 }] } },
        "patternProperties": { "^x": { "type": "string", "pattern": "^y", "maxLength": 2 } },
        "additionalProperties": false,
        "$defs": { "a": { "type": ["array", "null"], "items": { "type": "integer" }, "uniqueItems": true, "minItems": 1 } },
    });
    for (document, n_problems) in [
        (serde_json::json!({ "a": [1, 2] }), 0),
        (serde_json::json!({ "a": null, "b": 2, "c": 0, "x1": "yy" }), 0),
        (serde_json::json!({}), 1),
        (serde_json::json!({ "a": [] }), 1),
        (serde_json::json!({ "a": [1, 1] }), 1),
        (serde_json::json!({ "a": ["1"] }), 1),
        (serde_json::json!({ "a": null, "b": 3 }), 1),
        (serde_json::json!({ "a": null, "c": 2 }), 1),
        (serde_json::json!({ "a": null, "x": "zzz" }), 2),
        (serde_json::json!({ "a": null, "z": 1 }), 1),
        (serde_json::json!([]), 1),
    ] {
        assert_eq!(problems(&schema, &document).len(), n_problems, "{document}");
    }
}
