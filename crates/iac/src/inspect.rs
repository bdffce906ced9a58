//! What the engine understood, for people who ask: values of expressions, and the graph.

use std::sync::{Arc, Mutex, PoisonError};

use bartizan_core::Location;
use serde_json::{Value as Json, json};

use crate::{Graph, Kind, Place, ResourceKind, Value, kubernetes::rbac, project::Project, secrecy::is_secret_name, terraform};

/// Asks an engine while it runs, and keeps its answers. Copies share them.
#[derive(Debug, Clone)]
pub struct Inspector {
    question: Question,
    answer: Arc<Mutex<Answer>>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub enum Question {
    /// What an expression of Terraform's language is in each root module.
    Value(String),
    /// All resources, and which refers to which.
    Graph,
    /// Who can come to rule a cluster of Kubernetes, and how.
    Rights,
}

/// What was understood.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The value in each root module and environment.
    pub values: Vec<ValueIn>,
    /// All resources, by number.
    pub resources: Vec<Shown>,
    /// Which resource refers to which, by their numbers in `resources`, sorted.
    pub edges: Vec<(usize, usize)>,
    /// The shortest way of each account, user and group to `cluster-admin`, those of workloads first, and then the shortest.
    pub ways: Vec<AdminWay>,
    /// How many accounts, users and groups have no such way.
    pub n_without_way: usize,
}

/// The shortest way from somebody to `cluster-admin`.
#[derive(Debug, Clone)]
pub struct AdminWay {
    /// The kind of whoever has it: `account`, `user` or `group`.
    pub kind: &'static str,
    /// Their name; that of an account with its namespace.
    pub name: String,
    /// How they are called in a sentence.
    pub who: String,
    /// Workloads whose pods are given the account's token, by address, sorted.
    pub workloads: Vec<String>,
    /// The steps, in order. The last one leads to everything.
    pub steps: Vec<AdminStep>,
}

/// A step of a way to `cluster-admin`.
#[derive(Debug, Clone)]
pub struct AdminStep {
    /// Who takes it.
    pub who: String,
    /// What they may, in words.
    pub may: String,
    /// Whom they become; nobody if they may do everything.
    pub becomes: Option<String>,
    /// Where that is written, and what stands there.
    pub places: Vec<(Location, String)>,
}

/// A value in a module.
#[derive(Debug, Clone)]
pub struct ValueIn {
    /// The folder of the root module; empty for the project's own.
    pub folder: String,
    /// The value as JSON; what is not known is `{"unknown": "why"}`, what may be one of several `{"oneOf": […]}`.
    pub value: Json,
    /// Where it is written.
    pub location: Option<Location>,
}

/// A resource, as it is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its full name.
    pub address: String,
    /// Its canonical type.
    pub of_type: String,
    /// What its block declares: `managed`, `data`, `module`, `provider` or `settings`.
    pub kind: &'static str,
    /// Its attributes, like a value.
    pub attributes: Json,
    /// Where its block starts.
    pub location: Option<Location>,
}

impl Inspector {
    /// Someone who asks this.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self { question, answer: Arc::default() }
    }

    /// What was answered.
    #[must_use]
    pub fn answer(&self) -> Answer {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks.
    pub(crate) fn ask(&self, project: &Project<'_>, graph: &Graph) {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.question {
            Question::Value(expression) => {
                let name = expression.rsplit(['.', '[', '(']).next().unwrap_or_default();
                answer.values = terraform::evaluate_in_roots(project, expression, &mut |folder, value, graph| ValueIn {
                    folder: folder.to_owned(),
                    value: named(name, value, graph),
                    location: project.location(value.place),
                });
            }
            Question::Rights => {
                let (ways, n_without_way) = rbac::ways(graph);
                answer.n_without_way = n_without_way;
                let located = |places: Vec<(Place, String)>| {
                    places.into_iter().filter_map(|(place, says)| Some((project.location(place)?, says))).collect()
                };
                let step =
                    |step: rbac::Step| AdminStep { who: step.who, may: step.may, becomes: step.becomes, places: located(step.places) };
                let way = |way: rbac::Way| AdminWay {
                    kind: way.kind,
                    name: way.name,
                    who: way.who,
                    workloads: way.workloads,
                    steps: way.steps.into_iter().map(step).collect(),
                };
                answer.ways = ways.into_iter().map(way).collect();
            }
            Question::Graph => {
                answer.resources = graph
                    .resources()
                    .iter()
                    .map(|resource| Shown {
                        address: resource.address.to_string(),
                        of_type: resource.canonical_type.to_string(),
                        kind: word(resource.kind),
                        attributes: shown(&resource.body, graph),
                        location: project.location(resource.header),
                    })
                    .collect();
                let edges = graph.resources().iter().flat_map(|resource| {
                    graph.referred_by(resource).into_iter().map(|other| (resource.id.0 as usize, other.id.0 as usize)).collect::<Vec<_>>()
                });
                answer.edges = edges.collect();
                answer.edges.sort_unstable();
            }
        }
    }
}

const fn word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Managed => "managed",
        ResourceKind::Data => "data",
        ResourceKind::Provider => "provider",
        ResourceKind::Module => "module",
        ResourceKind::Settings => "settings",
    }
}

/// The value of a name as JSON; nothing of a text that is called like a secret.
fn named(name: &str, value: &Value, graph: &Graph) -> Json {
    let is_secret = is_secret_name(name) && value.text().is_some_and(|text| !text.is_empty());
    if is_secret { json!("****") } else { shown(value, graph) }
}

/// A value as JSON. What is called like a secret is not shown.
fn shown(value: &Value, graph: &Graph) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Boolean(is_true) => json!(is_true),
        Kind::Number(number) => crate::value::number_text(*number).parse().map_or(Json::Null, Json::Number),
        Kind::Text(text) => json!(&**text),
        Kind::List(items) => items.iter().map(|item| shown(item, graph)).collect(),
        Kind::Map(map) => {
            let member = |(name, member): (&Arc<str>, &crate::Member)| {
                let value = named(name, &member.value, graph);
                (name.to_string(), value)
            };
            Json::Object(map.0.iter().map(member).collect())
        }
        Kind::Unknown(unknown) => json!({ "unknown": unknown.cause.explain(&|id| graph.name_of(id)) }),
        Kind::OneOf(values) => json!({ "oneOf": values.iter().map(|value| shown(value, graph)).collect::<Vec<_>>() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_like_a_secret_is_not_shown() {
        let text = Value::of_text("hunter2", Place::NONE);
        assert_eq!(named("password", &text, &Graph::default()), json!("****"));
        assert_eq!(named("engine", &text, &Graph::default()), json!("hunter2"));
    }
}
