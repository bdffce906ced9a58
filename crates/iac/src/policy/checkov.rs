//! Reads policies of Checkov, version 2, as they are: YAML or JSON with `metadata`, `definition` and perhaps `scope`.
//!
//! A file that can't be understood as a whole is refused, with the place of what is wrong: a policy that runs in part would pass
//! where it should not. What Checkov takes no notice of is taken no notice of here. Not read: `resource_types: taggable`, since
//! which types take tags is known to Checkov only.

use bartizan_core::{ArtifactPath, ByteRange, LineIndex, Location, RuleId, Severity};
use bartizan_source::document::{self, Node, Value as Written};
use serde_json::{Map, Number, Value as Json};

use super::{
    Condition,
    compare::Dialect,
    graph::Types,
    parse::{InvalidCondition, Reader},
};

/// A policy of the caller's.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its identifier: `CKV2_AWS_1`.
    pub id: RuleId,
    /// What it demands, in one line.
    pub name: String,
    /// What it is about: `NETWORKING`.
    pub category: Option<String>,
    /// How bad a finding is, if it says so.
    pub severity: Option<Severity>,
    /// Where to read on.
    pub guideline: Option<String>,
    /// The file that it was read from.
    pub origin: ArtifactPath,
    /// What must hold.
    pub condition: Condition,
}

/// A file that is no policy, or one that can't be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {message}", location.artifact)]
pub struct InvalidPolicy {
    /// Where it is wrong.
    pub location: Location,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
}

/// The providers of `scope`, and how the types of their resources start.
static PROVIDERS: &[(&str, &[&str])] =
    &[("aws", &["aws_", "AWS::"]), ("azure", &["azurerm_", "Microsoft."]), ("gcp", &["google_", "gcloud"])];

/// Whether a text looks like a policy: it has the two parts that every policy has.
#[must_use]
pub fn is_policy(text: &str) -> bool {
    document_of(text).root.is_some_and(|root| root.get("metadata").is_some_and(Node::is_map) && root.get("definition").is_some())
}

/// Reads a policy. `origin` is the file that the text is from.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn parse(text: &str, origin: &ArtifactPath) -> Result<Policy, InvalidPolicy> {
    let lines = LineIndex::new(text);
    let invalid =
        |range: ByteRange, message: String| InvalidPolicy { location: Location::within(origin.clone(), range, text, &lines), message };
    let document = document_of(text);
    if let Some(problem) = document.problems.iter().find(|problem| problem.is_cut) {
        return Err(invalid(problem.range, problem.message.clone()));
    }
    let root = document.root.as_ref().filter(|root| root.is_map());
    let root = root.ok_or_else(|| invalid(ByteRange::new(0, 0), "expected a mapping with `metadata` and `definition`".to_owned()))?;
    let start = ByteRange::new(root.range.start(), root.range.start());
    let metadata = root.get("metadata").ok_or_else(|| invalid(start, "there is no `metadata`".to_owned()))?;
    let definition = root.get("definition").ok_or_else(|| invalid(start, "there is no `definition`".to_owned()))?;
    let condition = reader(root).condition(&json_of(definition)).map_err(|error| {
        let at = nearest(definition, &error);
        invalid(ByteRange::new(at.range.start(), at.range.start()), error.to_string())
    })?;
    let needed = |name: &str| {
        let text = metadata.get(name).and_then(Node::scalar).filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| {
            invalid(ByteRange::new(metadata.range.start(), metadata.range.start()), format!("there is no `metadata.{name}`"))
        })
    };
    let id = needed("id")?;
    Ok(Policy {
        id: id.parse().map_err(|error: bartizan_core::InvalidRuleId| {
            invalid(metadata.get("id").map_or(start, |node| node.range), error.to_string())
        })?,
        name: needed("name")?.trim().to_owned(),
        category: metadata.text_of("category").map(str::to_owned),
        severity: metadata.text_of("severity").and_then(severity),
        guideline: metadata.text_of("guideline").map(str::to_owned),
        origin: origin.clone(),
        condition,
    })
}

fn document_of(text: &str) -> document::Document<'_> {
    if text.trim_start().starts_with(['{', '[']) {
        document::parse_json(text, document::JsonDialect::Strict)
    } else {
        document::parse_yaml(text)
    }
}

fn reader(root: &Node<'_>) -> Reader {
    let scope = root.get("scope").and_then(|scope| scope.get("provider"));
    let names = scope.map(|names| names.text().into_iter().chain(names.items().iter().filter_map(Node::text)).collect::<Vec<_>>());
    let first = names.and_then(|names| names.first().map(|name| name.to_ascii_lowercase()));
    let starts = PROVIDERS.iter().find(|(name, _)| Some(*name) == first.as_deref()).map(|(_, starts)| *starts);
    let all = starts.map_or(Types::All, Types::StartingWith);
    Reader { dialect: Dialect::Checkov, types: Some(all.clone()), all, depth: 0 }
}

/// The severities of Checkov, in any case.
fn severity(text: &str) -> Option<Severity> {
    text.to_ascii_lowercase().parse().ok()
}

/// The innermost part that an error is about.
fn nearest<'n, 't>(definition: &'n Node<'t>, error: &InvalidCondition) -> &'n Node<'t> {
    let mut node = definition;
    for name in &error.way {
        let inner = node.get(name).or_else(|| name.parse::<usize>().ok().and_then(|index| node.items().get(index)));
        match inner {
            Some(inner) => node = inner,
            // `and` with a single condition is no list.
            None if name == "0" => {}
            None => break,
        }
    }
    node
}

/// What a document says.
pub(crate) fn json_of(node: &Node<'_>) -> Json {
    match &node.value {
        Written::Null => Json::Null,
        Written::Boolean(is_true) => Json::Bool(*is_true),
        Written::Number(text) => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            let number = whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64));
            number.map_or_else(|| Json::String(text.to_string()), Json::Number)
        }
        Written::Text(text) => Json::String(text.to_string()),
        Written::List(items) => Json::Array(items.iter().map(json_of).collect()),
        Written::Map(members) => {
            Json::Object(members.iter().map(|member| (member.name.to_string(), json_of(&member.node))).collect::<Map<_, _>>())
        }
    }
}
