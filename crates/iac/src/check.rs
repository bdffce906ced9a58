//! Checks that data can't say: functions over the graph, which rules name.

use std::fmt;

use serde_json::Value as Json;

use crate::{
    Failure, Graph, Resource, ResourceId, Verdict, aws, azure, compose, google,
    kubernetes::{self, Container, Pod},
    secret, terraform,
};

/// A function that rules name by `check`.
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// How it looks.
    pub look: Look,
}

/// How a check looks at the graph. `with` is what the rule tells it.
#[derive(Clone, Copy)]
pub enum Look {
    /// At one resource of the rule's types at a time.
    Resource(fn(&Resource, &Context<'_>) -> Verdict),
    /// At one resource of the rule's types at a time, with a verdict for each part of it.
    Parts(fn(&Resource, &Context<'_>) -> Vec<Verdict>),
    /// At one pod at a time, whatever starts it, with a verdict for each part of it.
    Pod(fn(&Pod<'_>, &Context<'_>) -> Vec<Verdict>),
    /// At one container at a time, whatever starts its pod.
    Container(fn(&Container<'_>, &Context<'_>) -> Verdict),
    /// At all of them: it names the resources that fail.
    Graph(fn(&Context<'_>) -> Vec<(ResourceId, Failure)>),
}

/// What a check may look at.
#[derive(Clone, Copy)]
pub struct Context<'g> {
    /// All resources.
    pub graph: &'g Graph,
    /// What the rule tells.
    pub with: &'g Json,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}

impl Context<'_> {
    /// The texts that the rule tells by a name.
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.with.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    }

    /// The text that the rule tells by a name.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.with.get(name).and_then(Json::as_str).unwrap_or_default()
    }
}

/// Every check, by the module that it is in.
static CHECKS: &[&[Check]] = &[
    compose::CHECKS,
    kubernetes::check::component::CHECKS,
    kubernetes::check::container::CHECKS,
    kubernetes::check::image::CHECKS,
    kubernetes::check::network::CHECKS,
    kubernetes::check::object::CHECKS,
    kubernetes::check::pod::CHECKS,
    kubernetes::check::volume::CHECKS,
    kubernetes::check::secret::CHECKS,
    crate::dockerfile::CHECKS,
    kubernetes::rbac::CHECKS,
    crate::ansible::CHECKS,
    crate::openapi::CHECKS,
    aws::CHECKS,
    azure::CHECKS,
    google::CHECKS,
    secret::CHECKS,
    terraform::CHECKS,
];

/// A check by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().flatten().find(|check| check.name == name)
}
