//! Conditions over the whole graph: which resources are connected with which. Reckons in sets, as Checkov does.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Condition, Subject,
    answer::{Answer, Truth},
    attribute::is_same_name,
};
use crate::{Graph, Resource, ResourceId, ResourceKind, Verdict, kubernetes::connection};

/// Which resources are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Types {
    /// All of them.
    All,
    /// Those whose type starts with one of these.
    StartingWith(&'static [&'static str]),
    /// Those of these types.
    Of(Arc<[Arc<str>]>),
}

/// The type of a resource as conditions name it: `aws_s3_bucket`, `data.aws_ami`, `module`, `provider.aws`.
pub(super) fn type_of(resource: &Resource) -> Cow<'_, str> {
    match resource.kind {
        ResourceKind::Managed | ResourceKind::Settings => Cow::Borrowed(&*resource.canonical_type),
        ResourceKind::Data if resource.canonical_type.starts_with("data.") => Cow::Borrowed(&*resource.canonical_type),
        ResourceKind::Data => Cow::Owned(format!("data.{}", resource.canonical_type)),
        ResourceKind::Provider => Cow::Owned(format!("provider.{}", resource.name)),
        ResourceKind::Module => Cow::Borrowed("module"),
    }
}

impl Types {
    pub(super) fn of(types: &[Arc<str>]) -> Self {
        Self::Of(types.into())
    }

    pub(super) fn contains(&self, resource: &Resource) -> bool {
        match self {
            Self::All => resource.kind != ResourceKind::Settings,
            Self::StartingWith(starts) => starts.iter().any(|start| type_of(resource).starts_with(start)),
            Self::Of(types) => {
                let type_of = type_of(resource);
                types.iter().any(|wanted| **wanted == *type_of || **wanted == *resource.native_type)
            }
        }
    }

    /// Whether a resource is meant by the type of its own notation: `AWS::S3::Bucket`.
    pub(super) fn is_native(&self, resource: &Resource) -> bool {
        match self {
            Self::Of(types) => {
                let type_of = type_of(resource);
                *type_of != *resource.native_type
                    && types.contains(&resource.native_type)
                    && !types.iter().any(|wanted| **wanted == *type_of)
            }
            Self::All | Self::StartingWith(_) => false,
        }
    }

    /// The resources that are meant by their canonical types.
    pub(super) fn resources<'g>(&'g self, graph: &'g Graph) -> Box<dyn Iterator<Item = &'g Resource> + 'g> {
        match self {
            Self::Of(types) => Box::new(types.iter().flat_map(|of_type| graph.of_type(of_type))),
            Self::All | Self::StartingWith(_) => Box::new(graph.resources().iter().filter(|resource| self.contains(resource))),
        }
    }
}

/// Types that others name by the text of an attribute, and that attribute in both: `bucket = "logs"`.
static NAMED_BY: &[(&str, &str)] = &[("aws_s3_bucket", "bucket")];

/// The resources that a resource means, in whatever way.
fn meant_by<'g>(resource: &'g Resource, graph: &'g Graph) -> impl Iterator<Item = &'g Resource> {
    graph.referred_by(resource).into_iter().chain(named_by(resource, graph)).chain(connection::meant_by(resource, graph))
}

/// The resources that a resource names by a text, in order.
fn named_by<'g>(resource: &'g Resource, graph: &'g Graph) -> impl Iterator<Item = &'g Resource> {
    let named = NAMED_BY.iter().filter(|(of_type, _)| *of_type != &*resource.canonical_type);
    let named = named.filter_map(|(of_type, attribute)| Some((*of_type, *attribute, resource.get(attribute)?)));
    named.flat_map(move |(of_type, attribute, name)| {
        let has_it = move |other: &Resource| other.get(attribute).is_some_and(|other| is_same_name(name, other));
        graph.of_type(of_type).filter(move |other| other.scope == resource.scope && has_it(other))
    })
}

/// A connection between resources of two groups of types: one refers to the other.
#[derive(Debug, Clone)]
pub struct Connection {
    pub(super) types: Types,
    pub(super) connected: Types,
    pub(super) how: Connected,
}

/// What is asked of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connected {
    /// There is one, and none to a resource that fails other conditions.
    Exists,
    /// There is none.
    NotExists,
    /// There is one to a resource that satisfies other conditions.
    OneExists,
}

/// Which resources satisfy a condition.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    passed: BTreeSet<ResourceId>,
    failed: BTreeMap<ResourceId, Answer>,
    unknown: BTreeMap<ResourceId, Answer>,
}

/// The resources that a condition is answered for.
struct Universe<'g> {
    graph: &'g Graph,
    resources: Vec<&'g Resource>,
}

impl Outcome {
    /// Answers a condition for all resources that it speaks of.
    pub(super) fn of(condition: &Condition, graph: &Graph) -> Self {
        let whole = Universe { graph, resources: graph.resources().iter().collect() };
        let spoken_of = Spoken::of(condition);
        // Checkov looks only at the resources of types that the conditions at the top name, if there are any.
        let is_named = |resource: &&&Resource| spoken_of.first.iter().chain(&spoken_of.connected).any(|types| types.contains(resource));
        let has_first = whole.resources.iter().any(|resource| spoken_of.first.iter().any(|types| types.contains(resource)));
        let resources = match condition {
            Condition::All(_) if !has_first => return Self::default(),
            Condition::All(_) | Condition::Any(_) | Condition::Connection(_) if has_first => {
                whole.resources.iter().filter(is_named).copied().collect()
            }
            _ => whole.resources,
        };
        Self::within(condition, &Universe { graph, resources }, &Self::default())
    }

    /// What is said of a resource.
    pub(super) fn verdict(&self, id: ResourceId) -> Verdict {
        if let Some(answer) = self.failed.get(&id).or(self.unknown.get(&id)) {
            return answer.clone().into_verdict();
        }
        if self.passed.contains(&id) { Verdict::Pass } else { Verdict::NotApplicable }
    }

    /// All resources that something is said of.
    pub(super) fn judged(&self) -> BTreeSet<ResourceId> {
        self.passed.iter().chain(self.failed.keys()).chain(self.unknown.keys()).copied().collect()
    }

    fn within(condition: &Condition, universe: &Universe<'_>, before: &Self) -> Self {
        match condition {
            Condition::Connection(connection) => Self::of_connection(connection, universe, before),
            Condition::All(parts) if condition.is_about_connections() => Self::all(parts, universe),
            Condition::Any(parts) if condition.is_about_connections() => Self::any(parts, universe),
            Condition::Not(part) if part.is_about_connections() => Self::within(part, universe, before).negated(),
            Condition::When(parts) if parts.1.is_about_connections() => {
                let mut outcome = Self::within(&parts.1, universe, before);
                outcome.only_where(&parts.0, universe);
                outcome
            }
            _ => Self::of_resources(condition, universe),
        }
    }

    /// A condition that is about one resource at a time, of each that it speaks of.
    fn of_resources(condition: &Condition, universe: &Universe<'_>) -> Self {
        let spoken_of = Spoken::of(condition);
        let mut outcome = Self::default();
        for resource in universe.resources.iter().filter(|resource| spoken_of.first.iter().any(|types| types.contains(resource))) {
            let answer = condition.ask(Subject { resource, graph: universe.graph, root: &resource.body });
            outcome.add(resource.id, answer);
        }
        outcome
    }

    fn add(&mut self, id: ResourceId, answer: Answer) {
        match answer.truth {
            Truth::Yes => {
                self.passed.insert(id);
            }
            Truth::No => {
                self.failed.entry(id).or_insert(answer);
            }
            Truth::Unknown(_) => {
                self.unknown.entry(id).or_insert(answer);
            }
            Truth::Irrelevant => {}
        }
    }

    fn extend(&mut self, other: Self) {
        self.passed.extend(other.passed);
        other.failed.into_iter().for_each(|(id, answer)| self.add(id, answer));
        other.unknown.into_iter().for_each(|(id, answer)| self.add(id, answer));
    }

    /// Resources that are connected; both ends of a connection share what is said. `before` says what other conditions say.
    fn of_connection(connection: &Connection, universe: &Universe<'_>, before: &Self) -> Self {
        let of = |types: &Types| -> BTreeSet<ResourceId> {
            universe.resources.iter().filter(|resource| types.contains(resource)).map(|resource| resource.id).collect()
        };
        let (first, connected) = (of(&connection.types), of(&connection.connected));
        let mut outcome = Self::default();
        if !first.is_empty() && !connected.is_empty() {
            for resource in universe.resources.iter().filter(|resource| first.contains(&resource.id) || connected.contains(&resource.id)) {
                let opposite = if first.contains(&resource.id) { &connected } else { &first };
                for other in meant_by(resource, universe.graph).filter(|other| opposite.contains(&other.id)) {
                    outcome.connect(resource.id, other.id, before);
                }
            }
        }
        for id in first.iter().chain(&connected) {
            if !outcome.passed.contains(id) && !outcome.unknown.contains_key(id) {
                outcome.add(*id, Answer::no());
            }
        }
        match connection.how {
            Connected::Exists => outcome,
            Connected::NotExists => outcome.negated(),
            Connected::OneExists => {
                outcome.failed.retain(|id, _| !outcome.passed.contains(id));
                outcome.unknown.retain(|id, _| !outcome.passed.contains(id));
                outcome
            }
        }
    }

    fn connect(&mut self, one: ResourceId, other: ResourceId, before: &Self) {
        let blamed = |answers: &BTreeMap<ResourceId, Answer>| answers.get(&one).or(answers.get(&other)).cloned();
        let answer = blamed(&before.failed).or_else(|| blamed(&before.unknown)).unwrap_or_else(Answer::yes);
        // An attribute of the other end is not where this one is wrong.
        let of = |id: ResourceId, answer: &Answer| match (&answer.truth, before.failed.contains_key(&id)) {
            (Truth::No, false) => {
                Answer { related: answer.place.map(|place| (place, "because of this".to_owned())).into_iter().collect(), ..Answer::no() }
            }
            _ => answer.clone(),
        };
        self.add(one, of(one, &answer));
        self.add(other, of(other, &answer));
    }

    fn negated(self) -> Self {
        let mut outcome = Self { unknown: self.unknown, ..Self::default() };
        self.failed.into_iter().for_each(|(id, answer)| outcome.add(id, answer.negated()));
        self.passed.into_iter().for_each(|id| outcome.add(id, Answer::no()));
        outcome
    }

    fn all(parts: &[Condition], universe: &Universe<'_>) -> Self {
        let mut outcome = Self::default();
        for part in parts.iter().filter(|part| is_about_resources(part)) {
            outcome.extend(Self::of_resources(part, universe));
        }
        for part in in_order(parts) {
            let found = Self::within(part, universe, &outcome);
            outcome.extend(found);
        }
        outcome.passed.retain(|id| !outcome.failed.contains_key(id) && !outcome.unknown.contains_key(id));
        outcome.unknown.retain(|id, _| !outcome.failed.contains_key(id));
        outcome.filtered(parts, universe)
    }

    fn any(parts: &[Condition], universe: &Universe<'_>) -> Self {
        let mut outcome = Self::default();
        for part in parts {
            if part.is_about_connections() {
                outcome.extend(Self::within(part, universe, &Self::default()));
            } else if is_about_resources(part) {
                outcome.extend(Self::of_resources(part, universe));
            }
        }
        outcome.unknown.retain(|id, _| !outcome.passed.contains(id));
        outcome.failed.retain(|id, _| !outcome.passed.contains(id) && !outcome.unknown.contains_key(id));
        outcome.filtered(parts, universe)
    }

    /// Only what the filters among the parts let through.
    fn filtered(mut self, parts: &[Condition], universe: &Universe<'_>) -> Self {
        for filter in parts.iter().filter(|part| matches!(part, Condition::Filter(_))) {
            self.only_where(filter, universe);
        }
        self
    }

    /// Only where a condition holds. Where that is not known, neither is a failure.
    fn only_where(&mut self, condition: &Condition, universe: &Universe<'_>) {
        for id in self.judged() {
            let Some(resource) = universe.graph.get(id) else { continue };
            let answer = condition.ask(Subject { resource, graph: universe.graph, root: &resource.body });
            match answer.truth {
                Truth::Yes => {}
                Truth::Unknown(_) => {
                    if self.failed.remove(&id).is_some() {
                        self.unknown.insert(id, answer);
                    }
                }
                Truth::No | Truth::Irrelevant => {
                    self.passed.remove(&id);
                    self.failed.remove(&id);
                    self.unknown.remove(&id);
                }
            }
        }
    }
}

/// Whether a part of an `and` or `or` is asked of one resource at a time.
fn is_about_resources(part: &Condition) -> bool {
    !part.is_about_connections() && !matches!(part, Condition::Filter(_) | Condition::Allowed { .. })
}

/// Connections in the order that they are judged in: those that have a type that a filter names come last, since what others say
/// of their ends counts for them.
fn in_order(parts: &[Condition]) -> impl Iterator<Item = &Condition> {
    let filters: Vec<Arc<str>> = parts
        .iter()
        .filter_map(|part| if let Condition::Filter(filter) = part { Some(filter) } else { None })
        .flat_map(|filter| filter.test.expected_texts())
        .collect();
    let is_filtered = move |part: &&Condition| {
        let spoken = Spoken::of(part);
        spoken.first.iter().chain(&spoken.connected).any(|types| match types {
            Types::Of(types) => types.iter().any(|of_type| filters.contains(of_type)),
            Types::All | Types::StartingWith(_) => !filters.is_empty(),
        })
    };
    let (last, first): (Vec<&Condition>, Vec<&Condition>) = parts.iter().filter(|part| part.is_about_connections()).partition(is_filtered);
    first.into_iter().chain(last)
}

/// The types that a condition names: those that it judges, and those that they are connected with.
#[derive(Debug, Default)]
struct Spoken {
    first: Vec<Types>,
    connected: Vec<Types>,
}

impl Spoken {
    fn of(condition: &Condition) -> Self {
        let mut spoken = Self::default();
        spoken.add(condition);
        spoken
    }

    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::Connection(connection) => {
                self.first.push(connection.types.clone());
                self.connected.push(connection.connected.clone());
            }
            Condition::Attribute(attribute) => self.first.push(attribute.types.clone().unwrap_or(Types::All)),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.add(part)),
            Condition::Not(part) => self.add(part),
            Condition::When(parts) => self.add(&parts.1),
            Condition::Items(items) => self.add(&items.condition),
            Condition::Companion(_) | Condition::Allowed { .. } => self.first.push(Types::All),
            Condition::Filter(_) => {}
        }
    }
}
