//! Files of Terraform as they are written, as JSON: for policies that read code and not resources.
//!
//! A block is an object under its kind and labels, several of one address are a list. Expressions that need nothing but variables
//! and locals of the folder are evaluated; all others are the text `${…}` of their source. That is the shape that `hcl2json` and
//! KICS give. Modules are not entered, and nothing is repeated by `count` or `for_each`; a block whose `count` is 0 is left out.

mod place;
mod policy_document;
mod rewrite;

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use serde_json::{Map, Number, Value as Json};

pub(crate) use self::place::offset_of;
use super::{
    Source,
    evaluate::{Evaluator, Instance, Scope},
    module::{Code, In},
    syntax::{Block, Body, Expression, ExpressionKind, Part},
};
use crate::{Graph, Kind, ScopeId, Value, format::Document, project::Project};

/// How deeply values may be nested.
const MAX_DEPTH: usize = 200;

/// Shows each file of code, by its number, with the JSON of what it says.
pub(crate) fn each_file<'p>(project: &'p Project<'p>, show: &mut dyn FnMut(u32, &'p Source, Map<String, Json>)) {
    let modules = declarations(project);
    let policies = policies(project, &modules);
    for (number, file, source) in code_of(project) {
        let Some(code) = modules.get(folder_of(file.path.as_str().unwrap_or_default())) else { continue };
        let evaluator = Evaluator::new(project, &modules, Graph::default());
        let instance = Rc::new(instance_of(code, &evaluator));
        let writer =
            Writer { text: file.text, evaluator: &evaluator, instance: &instance, file: number, policies: policies.get(&*code.folder) };
        show(number, source, writer.body(&source.body, 0).unwrap_or_default());
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The files of code.
fn code_of<'p>(project: &'p Project<'p>) -> impl Iterator<Item = (u32, &'p crate::project::ProjectFile<'p>, &'p Source)> {
    project.numbered().flat_map(|(number, file)| {
        file.documents.iter().filter_map(move |document| match document {
            Document::Terraform(source) if !source.is_values => Some((number, file, source)),
            _ => None,
        })
    })
}

/// What variables and locals each folder declares, and which values files of it give.
fn declarations<'p>(project: &'p Project<'p>) -> BTreeMap<String, Code<'p>> {
    let mut modules: BTreeMap<String, Code<'p>> = BTreeMap::new();
    for (number, file) in project.numbered() {
        let path = file.path.as_str().unwrap_or_default();
        let folder = folder_of(path);
        for document in &file.documents {
            let Document::Terraform(Source { body, is_values }) = document else { continue };
            let code = modules.entry(folder.to_owned()).or_insert_with(|| Code { folder: folder.to_owned(), ..Code::default() });
            if *is_values {
                code.values.push((path.rsplit('/').next().unwrap_or(path), In { file: number, it: body }));
            } else {
                code.add(number, body);
            }
        }
    }
    for code in modules.values_mut() {
        // References to resources are not followed.
        (code.resources, code.calls, code.outputs) = Default::default();
    }
    modules
}

/// A module with the values that files give without being named.
fn instance_of<'p>(code: &'p Code<'p>, evaluator: &Evaluator<'p>) -> Instance<'p> {
    let mut instance = Instance::new(code, &code.folder, ScopeId(0));
    let is_read = |name: &str| name == "terraform.tfvars" || name.ends_with(".auto.tfvars");
    let empty = Rc::new(Instance::new(code, &code.folder, ScopeId(0)));
    for (_, values) in code.values.iter().filter(|(name, _)| is_read(name)) {
        for attribute in &values.it.attributes {
            let value = evaluator.evaluate(&attribute.value, Scope::new(&empty, values.file));
            instance.inputs.insert(attribute.name.clone(), value);
        }
    }
    instance
}

/// Documents of policies that data sources of AWS make: by folder and by name.
type Policies = HashMap<String, HashMap<String, String>>;

fn policies<'p>(project: &'p Project<'p>, modules: &'p BTreeMap<String, Code<'p>>) -> Policies {
    let mut policies = Policies::new();
    for (number, file, source) in code_of(project) {
        let is_document =
            |block: &&Block| &*block.kind == "data" && block.labels.first().is_some_and(|of| &**of == "aws_iam_policy_document");
        for block in source.body.blocks.iter().filter(is_document) {
            let Some(code) = modules.get(folder_of(file.path.as_str().unwrap_or_default())) else { continue };
            let evaluator = Evaluator::new(project, modules, Graph::default());
            let instance = Rc::new(instance_of(code, &evaluator));
            let writer = Writer { text: file.text, evaluator: &evaluator, instance: &instance, file: number, policies: None };
            let Some(name) = block.labels.get(1) else { continue };
            policies.entry(code.folder.clone()).or_default().insert(name.to_string(), policy_document::text_of(&block.body, &writer));
        }
    }
    policies
}

/// Writes what one file says.
struct Writer<'w, 'p> {
    text: &'w str,
    evaluator: &'w Evaluator<'p>,
    instance: &'w Rc<Instance<'p>>,
    file: u32,
    policies: Option<&'w HashMap<String, String>>,
}

impl Writer<'_, '_> {
    /// What is in a body; nothing if there are to be no instances of it.
    fn body(&self, body: &Body, depth: usize) -> Option<Map<String, Json>> {
        let count = body.attribute("count").map(|count| &count.value.kind);
        if MAX_DEPTH < depth || matches!(count, Some(ExpressionKind::Number(number)) if *number == 0.0) {
            return None;
        }
        let attributes = body.attributes.iter().map(|attribute| (attribute.name.to_string(), self.expression(&attribute.value, depth)));
        let mut members: Map<String, Json> = attributes.collect();
        for block in &body.blocks {
            if let Some(inner) = self.body(&block.body, depth + 1) {
                insert(&mut members, block, Json::Object(inner));
            }
        }
        Some(members)
    }

    fn expression(&self, expression: &Expression, depth: usize) -> Json {
        if MAX_DEPTH < depth {
            return self.source(expression);
        }
        match &expression.kind {
            ExpressionKind::Null => Json::Null,
            ExpressionKind::Boolean(is_true) => Json::Bool(*is_true),
            ExpressionKind::Number(value) => number(*value),
            ExpressionKind::Text(text) => Json::from(self.without_secrets(text, expression)),
            ExpressionKind::Template(parts) => match parts.as_slice() {
                [Part::Expression(only)] => self.expression(only, depth + 1),
                parts => Json::from(self.template(parts, depth)),
            },
            ExpressionKind::List(items) => Json::Array(items.iter().map(|item| self.expression(item, depth + 1)).collect()),
            ExpressionKind::Object(members) => {
                Json::Object(members.iter().map(|(key, value)| (self.key(key, depth), self.expression(value, depth + 1))).collect())
            }
            ExpressionKind::Call(name, ..) => self.call(name, expression),
            _ => self.evaluated(expression).unwrap_or_else(|| self.source(expression)),
        }
    }

    /// A call: names of resources in it are texts, so that a document of which they are a part is known all the same.
    fn call(&self, name: &str, expression: &Expression) -> Json {
        if name.starts_with("file") || name == "templatefile" {
            return self.source(expression);
        }
        let value = self.evaluated(expression).or_else(|| self.evaluated(&rewrite::names_as_texts(expression, self.text)));
        match value {
            Some(document @ (Json::Object(_) | Json::Array(_))) if name == "jsonencode" => Json::from(document.to_string()),
            Some(value) => value,
            None => self.source(expression),
        }
    }

    /// The value, if it is known with what variables and locals say.
    fn evaluated(&self, expression: &Expression) -> Option<Json> {
        let with_policies = self.policies.and_then(|policies| rewrite::policies_as_texts(expression, policies));
        let value = self.evaluator.evaluate(with_policies.as_ref().unwrap_or(expression), Scope::new(self.instance, self.file));
        json_of(&value, 0)
    }

    fn template(&self, parts: &[Part], depth: usize) -> String {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Expression(inner) => text.push_str(&self.part(inner, depth + 1)),
                Part::If(condition, then, otherwise) => {
                    let otherwise = self.template(otherwise, depth + 1);
                    let otherwise = if otherwise.is_empty() { otherwise } else { format!("%{{else}}{otherwise}") };
                    let then = self.template(then, depth + 1);
                    text.push_str(&format!("%{{if {}}}{then}{otherwise}%{{endif}}", self.written(condition)));
                }
                Part::For(key, value, collection, repeated) => {
                    let key = key.as_ref().map(|key| format!("{key}, ")).unwrap_or_default();
                    let repeated = self.template(repeated, depth + 1);
                    text.push_str(&format!("%{{for {key}{value} in {}}}{repeated}%{{endfor}}", self.written(collection)));
                }
            }
        }
        text
    }

    /// An expression within a text.
    fn part(&self, expression: &Expression, depth: usize) -> String {
        match &expression.kind {
            ExpressionKind::Text(text) => text.to_string(),
            ExpressionKind::Template(parts) if depth < MAX_DEPTH => self.template(parts, depth + 1),
            ExpressionKind::Boolean(is_true) => is_true.to_string(),
            ExpressionKind::Number(value) => number(*value).to_string(),
            ExpressionKind::Call(..) => self.wrapped(expression),
            _ => match self.evaluated(expression) {
                Some(Json::String(text)) => text,
                Some(_) | None => self.wrapped(expression),
            },
        }
    }

    fn key(&self, key: &Expression, depth: usize) -> String {
        match &key.kind {
            ExpressionKind::Name(_) | ExpressionKind::Attribute(..) => self.written(key).to_owned(),
            _ => self.part(key, depth + 1),
        }
    }

    /// `${…}`.
    fn source(&self, expression: &Expression) -> Json {
        Json::from(self.wrapped(expression))
    }

    fn wrapped(&self, expression: &Expression) -> String {
        format!("${{{}}}", self.written(expression))
    }

    /// A text, or what stands in the file in its place where secrets of it are masked.
    fn without_secrets<'t>(&'t self, text: &'t str, expression: &Expression) -> &'t str {
        const MASK: &str = "****";
        let written = self.written(expression);
        if written.contains(MASK) && !text.contains(MASK) { written.trim_matches('"') } else { text }
    }

    fn written(&self, expression: &Expression) -> &str {
        self.text.get(expression.span.start as usize..expression.span.end as usize).unwrap_or_default()
    }
}

/// Puts a block under its kind and labels. What does not fit, because an attribute has the name, is left out.
fn insert(members: &mut Map<String, Json>, block: &Block, value: Json) {
    let mut names = std::iter::once(&block.kind).chain(&block.labels).peekable();
    let mut into = members;
    while let Some(name) = names.next() {
        if names.peek().is_some() {
            let Json::Object(inner) = into.entry(&**name).or_insert_with(|| Json::Object(Map::new())) else { return };
            into = inner;
            continue;
        }
        match into.get_mut(&**name) {
            None => drop(into.insert(name.to_string(), value)),
            Some(Json::Array(others)) => others.push(value),
            Some(other) => *other = Json::Array(vec![other.take(), value]),
        }
        return;
    }
}

/// A value as JSON; nothing if a part of it is not known.
fn json_of(value: &Value, depth: usize) -> Option<Json> {
    if MAX_DEPTH < depth {
        return None;
    }
    match &value.kind {
        Kind::Null => Some(Json::Null),
        Kind::Boolean(is_true) => Some(Json::Bool(*is_true)),
        Kind::Number(value) => Some(number(*value)),
        Kind::Text(text) => Some(Json::from(&**text)),
        Kind::List(items) => items.iter().map(|item| json_of(item, depth + 1)).collect(),
        Kind::Map(map) => {
            let member =
                |(name, member): (&std::sync::Arc<str>, &crate::Member)| Some((name.to_string(), json_of(&member.value, depth + 1)?));
            map.0.iter().map(member).collect::<Option<Map<String, Json>>>().map(Json::Object)
        }
        Kind::Unknown(_) | Kind::OneOf(_) => None,
    }
}

fn number(value: f64) -> Json {
    // Beyond this, not every whole number is exact.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0
        && value.abs() <= MAX_EXACT
        && let Ok(whole) = format!("{value:.0}").parse::<i64>()
    {
        return Json::from(whole);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &Json) {
        let mut written = Vec::new();
        fixture::project(files, Vec::new(), &mut |project| each_file(project, &mut |_, _, json| written.push(Json::Object(json))));
        assert_eq!(written.first(), Some(expected));
    }

    #[test]
    fn blocks_are_objects_under_their_labels() {
        check(
            &[(
                "main.tf",
                "resource \"a\" \"b\" {\n  c = 1.5\n  d {\n    e = [true, null]\n  }\n  d {}\n}\nresource \"a\" \"f\" {\n  count = 0\n}\n",
            )],
            &json!({"resource": {"a": {"b": {"c": 1.5, "d": [{"e": [true, null]}, {}]}}}}),
        );
    }

    #[test]
    fn only_variables_and_locals_are_followed() {
        let main = "resource \"a\" \"b\" {\n  c = var.x\n  d = local.y\n  e = a.f.id\n  g = \"${a.f.id}-${var.x}\"\n  h = var.none ? 1 : 2\n  i = var.none\n}\n";
        let others = "variable \"x\" {\n  default = \"d\"\n}\nvariable \"none\" {}\nlocals {\n  y = \"${var.x}!\"\n}\n";
        check(
            &[("main.tf", main), ("other.tf", others), ("terraform.tfvars", "x = \"v\"\n")],
            &json!({"resource": {"a": {"b": {
                "c": "v", "d": "v!", "e": "${a.f.id}", "g": "${a.f.id}-v", "h": "${var.none ? 1 : 2}", "i": "${var.none}",
            }}}}),
        );
    }

    #[test]
    fn documents_of_policies_are_texts() {
        let main = "resource \"a\" \"b\" {\n  policy = jsonencode({ Resource = x.y.arn })\n  other = data.aws_iam_policy_document.p.json\n}\n\
            data \"aws_iam_policy_document\" \"p\" {\n  statement {\n    actions = [\"*\"]\n    resources = [x.y.arn]\n    \
            principals {\n      type = \"AWS\"\n      identifiers = [\"*\"]\n    }\n  }\n}\n";
        let mut written = Vec::new();
        fixture::project(&[("main.tf", main)], Vec::new(), &mut |project| each_file(project, &mut |_, _, json| written.push(json)));
        let body = &written[0]["resource"]["a"]["b"];
        assert_eq!(body["policy"], "{\"Resource\":\"x.y.arn\"}");
        let other: Json = serde_json::from_str(body["other"].as_str().unwrap()).unwrap();
        assert_eq!(other, json!({"Statement": [{"Actions": ["*"], "Resources": ["x.y.arn"], "Principals": {"AWS": ["*"]}}]}));
    }
}
