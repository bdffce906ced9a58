//! One object, judged like a file that holds it alone.

use bartizan_core::{ArtifactPath, Finding, IdentityKey};
use bartizan_source::document::{self, JsonDialect};
use serde_json::Value as Json;

use super::Review;
use crate::{
    UnknownPolicy, Value,
    data::DataKind,
    format::{self, Document},
    judge,
    project::Project,
    rule::IacRule,
};

/// What an object is called in findings.
const OBJECT: &str = "object.json";
/// What its namespace is called there.
const NAMESPACE: &str = "namespace.json";

/// Judges objects.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) rules: Vec<&'static IacRule>,
    identity: IdentityKey,
}

/// Why an object could not be judged.
#[derive(Debug)]
pub(super) struct Unjudged(pub(super) String);

impl Judge {
    pub(super) fn new(rules: Vec<&'static IacRule>) -> Self {
        Self { rules, identity: IdentityKey::derive(b"bartizan-iac") }
    }

    /// What is wrong with an object, the gravest first.
    pub(super) fn findings(&self, object: &Json, review: &Review, namespace: Option<&Json>) -> Result<Vec<Finding>, Unjudged> {
        let object = text_of(object, &review.api_version(), review.kind(), review.namespace());
        let namespace = namespace.map(|namespace| text_of(namespace, "v1", "Namespace", ""));
        let texts = [(ArtifactPath::from(OBJECT), Some(object)), (ArtifactPath::from(NAMESPACE), namespace)];
        let mut documents = Vec::new();
        for (path, text) in &texts {
            let Some(text) = text else { continue };
            documents.push((path, text.as_str(), Document::Data(DataKind::Kubernetes, parsed(text)?)));
        }
        let project = Project::of_documents(documents.into_iter());
        let mut graph = format::graph_of(&project);
        if let Some(diagnostic) = graph.take_diagnostics().into_iter().next() {
            return Err(Unjudged(diagnostic.reason));
        }
        let judged = judge::judge(&graph, &project, self.rules.iter().copied(), UnknownPolicy::Fail);
        let is_of_object = |finding: &Finding| finding.location.artifact == texts[0].0;
        let drafts = judged.drafts.into_iter().map(|(rule, draft)| draft.finding_of(rule, &self.identity));
        let mut findings: Vec<Finding> = drafts.filter(is_of_object).collect();
        findings.sort_by(|one, other| {
            other.severity.cmp(&one.severity).then_with(|| one.rule.cmp(&other.rule)).then_with(|| one.message.cmp(&other.message))
        });
        Ok(findings)
    }
}

/// The text of an object, with what the request says of it where it does not say it itself.
fn text_of(object: &Json, api_version: &str, kind: &str, namespace: &str) -> String {
    let mut object = object.clone();
    if let Some(members) = object.as_object_mut() {
        members.entry("apiVersion").or_insert_with(|| Json::from(api_version));
        members.entry("kind").or_insert_with(|| Json::from(kind));
        let is_inside = kind != "Namespace" && !namespace.is_empty();
        if let Some(metadata) = members.entry("metadata").or_insert_with(|| Json::Object(serde_json::Map::new())).as_object_mut() {
            // Who changed which field is long, and nobody judges it.
            metadata.remove("managedFields");
            if is_inside && metadata.get("namespace").is_none_or(|own| own.as_str().is_none_or(str::is_empty)) {
                metadata.insert("namespace".to_owned(), Json::from(namespace));
            }
        }
    }
    format!("{object:#}")
}

fn parsed(text: &str) -> Result<Value, Unjudged> {
    let document = document::parse_json(text, JsonDialect::Strict);
    if let Some(problem) = document.problems.into_iter().next() {
        return Err(Unjudged(format!("its document can't be read: {}", problem.message)));
    }
    document.root.map(|root| Value::of_node(&root, 0)).ok_or_else(|| Unjudged("its document is empty".to_owned()))
}

#[cfg(test)]
impl Judge {
    /// All rules that one object can be judged by.
    pub(super) fn of_all_rules() -> Self {
        let rules = crate::rule::built_in().iter();
        Self::new(rules.filter(|rule| rule.provider() == "kubernetes" && !rule.needs_project).collect())
    }
}
