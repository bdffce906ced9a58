//! Checks that data can't say: functions over the graph, which rules name.

use std::fmt;

use serde_json::Value as Json;

use crate::{Failure, Graph, Resource, ResourceId, Verdict, azure, google, secret, terraform};

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

/// Every check, by the module that it is in.
static CHECKS: &[&[Check]] = &[azure::CHECKS, google::CHECKS, secret::CHECKS, terraform::CHECKS];

/// A check by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().flatten().find(|check| check.name == name)
}
