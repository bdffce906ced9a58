//! Conditions as data: what must hold of a resource. The language of Checkov's YAML policies, version 2, and a little more.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::{Graph, Resource, Verdict};

/// What must hold of a resource.
#[derive(Debug, Clone)]
pub enum Condition {
    /// All of these.
    All(Vec<Condition>),
}

/// Reads a condition. `types` are the rule's, for conditions that name none.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(_definition: &Json, _types: &[Arc<str>]) -> Result<Condition, String> {
    Err("conditions can't be read yet".to_owned())
}

impl Condition {
    /// Judges a resource.
    #[must_use]
    pub fn judge(&self, resource: &Resource, graph: &Graph) -> Verdict {
        match self {
            Self::All(parts) => parts.iter().fold(Verdict::NotApplicable, |verdict, part| verdict.and(|| part.judge(resource, graph))),
        }
    }
}
