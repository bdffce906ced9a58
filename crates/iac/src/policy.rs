//! Conditions as data: what must hold of a resource. The language of Checkov's YAML policies, version 2, and a little more.
//!
//! ```yaml
//! attribute: acl                        # a path; of the resource, or of the block that the condition is asked of
//! operator: not_within                  # one of `operator::OPERATORS`
//! value: [public-read]
//! ---
//! {attribute: acl, not_within: [public-read]}           # the same, shorter
//! {attribute: storage_encrypted, equals: true, default: false}
//! {and: [ … ]}  {or: [ … ]}  {not: …}
//! {when: <condition>, …}                # does not apply where the condition does not hold
//! {every: {of: ingress, …}}             # holds of each block or element; of none, too
//! {some: {of: setting, …}}              # holds of one block or element
//! {companion: {types: [aws_s3_bucket_versioning], by: bucket, …}}  # one that refers to this resource satisfies it
//! {cond_type: connection, resource_types: […], connected_resource_types: […], operator: exists}
//! {cond_type: filter, attribute: resource_type, operator: within, value: […]}
//! {cond_type: resource, resource_types: […], operator: not_exists}
//! ```
//!
//! **Paths.** Parts are joined by dots; a name may itself hold dots. A number picks an element. `*` (or `[*]`) stands for any
//! element: a positive operator holds if it holds of one of them, a negated operator if the positive one holds of none. A list of
//! one element is looked through: `versioning.enabled` finds the attribute in the only block. Through several blocks a condition
//! must hold in all of them. A text that holds JSON is entered. Within `every` and `some` paths start at the element; a condition
//! without `attribute` (or with `__self__`) speaks of the element itself. Operators with the prefix `jsonpath_` take a JSONPath,
//! and what they say must hold of all that it finds.
//!
//! **What is left out.** A missing attribute has its `default`; without one, positive operators do not hold of it and negated ones
//! do. It is empty. Numbers and truth values are equal to the texts that spell them.
//!
//! **What is not known** makes the answer unknown, unless whatever it may be gives the same answer: `exists` of what will not be
//! null, `starting_with` where the start is known, `contains` where a known element matches; a value that is one of several has an
//! answer where all of them have the same.
//!
//! **Connections** are judged over the whole graph at once, by the rules of Checkov: two resources are connected if one refers to
//! the other. In an `and` with a connection, attribute conditions speak of the resources of their types, whichever side they are
//! on: a connection to one that fails them is a failure of both. `filter` names the types that are judged in the end.
//!
//! Policies of Checkov are read by [`checkov`], which keeps its answers where they differ: there a path through several blocks
//! finds nothing, a missing attribute is not empty, an attribute that is written exists though its value is not known, and a
//! condition about another type does not hold.

mod answer;
mod attribute;
pub mod checkov;
mod compare;
mod graph;
mod network;
mod operator;
mod parse;
mod path;
mod pattern;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use std::sync::Arc;

use serde_json::Value as Json;

pub(crate) use self::compare::json_in;
use self::{
    answer::Answer,
    attribute::{AttributeCondition, Companion, Items},
    graph::{Connection, Outcome, Types},
};
use crate::{Graph, Resource, ResourceId, Value, Verdict};

/// What must hold of a resource.
#[derive(Debug, Clone)]
pub enum Condition {
    /// An attribute is as it should be.
    Attribute(Box<AttributeCondition>),
    /// All of these.
    All(Vec<Condition>),
    /// One of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// This of every or some element of a list.
    Items(Box<Items>),
    /// The second, where the first holds.
    When(Box<(Condition, Condition)>),
    /// Another resource refers to it and is as it should be.
    Companion(Box<Companion>),
    /// It is connected with a resource of other types, or is not.
    Connection(Box<Connection>),
    /// It is one of those that the policy is about.
    Filter(Box<AttributeCondition>),
    /// Its type may be used, or may not.
    Allowed {
        /// The types.
        types: Types,
        /// Whether all others are forbidden; else these are.
        only_these: bool,
    },
}

/// Reads a condition. `types` are the rule's, for conditions that name none.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(definition: &Json, types: &[Arc<str>]) -> Result<Condition, String> {
    parse::Reader::of_rule(types).condition(definition).map_err(|error| error.to_string())
}

/// What a condition is asked of.
#[derive(Clone, Copy)]
struct Subject<'a> {
    /// The resource.
    resource: &'a Resource,
    /// All resources.
    graph: &'a Graph,
    /// Where paths start: its body, or an element in it.
    root: &'a Value,
}

impl Condition {
    /// Judges a resource. For all resources of a rule [`Self::judge_all`] is faster where connections are asked for.
    #[must_use]
    pub fn judge(&self, resource: &Resource, graph: &Graph) -> Verdict {
        if self.is_about_connections() {
            return Outcome::of(self, graph).verdict(resource.id);
        }
        self.ask(Subject { resource, graph, root: &resource.body }).into_verdict()
    }

    /// Judges all resources of these types, in order of the types; without types, all that it speaks of.
    #[must_use]
    pub fn judge_all(&self, types: &[Arc<str>], graph: &Graph) -> Vec<(ResourceId, Verdict)> {
        if types.is_empty() {
            let outcome = Outcome::of(self, graph);
            return outcome.judged().into_iter().map(|id| (id, outcome.verdict(id))).collect();
        }
        let judged = types.iter().flat_map(|of_type| graph.of_type(of_type));
        if !self.is_about_connections() {
            return judged.map(|resource| (resource.id, self.judge(resource, graph))).collect();
        }
        let outcome = Outcome::of(self, graph);
        judged.map(|resource| (resource.id, outcome.verdict(resource.id))).collect()
    }

    /// Whether it can only be answered over the whole graph.
    fn is_about_connections(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_about_connections),
            Self::Not(part) => part.is_about_connections(),
            Self::When(parts) => parts.1.is_about_connections(),
            Self::Attribute(_) | Self::Items(_) | Self::Companion(_) | Self::Filter(_) | Self::Allowed { .. } => false,
        }
    }

    fn ask(&self, subject: Subject<'_>) -> Answer {
        match self {
            Self::Attribute(attribute) => attribute.ask(subject),
            Self::All(parts) => Answer::all(parts.iter().map(|part| part.ask(subject))),
            Self::Any(parts) => Answer::any(parts.iter().map(|part| part.ask(subject))),
            Self::Not(part) => part.ask(subject).negated(),
            Self::Items(items) => items.ask(subject),
            Self::When(parts) => Answer::when(parts.0.ask(subject), || parts.1.ask(subject)),
            Self::Companion(companion) => companion.ask(subject),
            Self::Filter(filter) => filter.ask(subject),
            Self::Allowed { types, only_these } => match (types.contains(subject.resource), only_these) {
                (true, true) => Answer::yes(),
                (false, false) => Answer::irrelevant(),
                (true, false) | (false, true) => Answer::no(),
            },
            // Answered over the whole graph.
            Self::Connection(_) => Answer::irrelevant(),
        }
    }
}
