//! Conditions over one resource: its attributes, the elements of its lists, and what refers to it.

use super::{
    Condition, Subject,
    answer::{Answer, Truth, one_of_several},
    compare::{Dialect, Test},
    graph::Types,
    path::{Found, Path},
};
use crate::{Cause, Kind, Literal, Place, Repair, Resource, Target, Value};

/// So many places of elements that fail are named beside the first.
const MAX_RELATED: usize = 8;

/// What must hold of an attribute.
#[derive(Debug, Clone)]
pub struct AttributeCondition {
    /// Of which resources it speaks; of all where nothing is said.
    pub(super) types: Option<Types>,
    pub(super) path: Path,
    pub(super) test: Test,
    /// What the attribute is where it is left out.
    pub(super) default: Option<Value>,
    pub(super) dialect: Dialect,
}

/// What must hold of the elements of a list.
#[derive(Debug, Clone)]
pub struct Items {
    pub(super) of: Path,
    pub(super) condition: Condition,
    /// Whether it must hold of all; else of one.
    pub(super) is_every: bool,
}

/// Another resource that refers to the judged one.
#[derive(Debug, Clone)]
pub struct Companion {
    pub(super) types: Types,
    /// The attribute that refers; any where nothing is said.
    pub(super) by: Option<Path>,
    /// The attribute of the judged resource whose text names it as well.
    pub(super) to: Option<Path>,
    /// What must hold of the companion.
    pub(super) condition: Option<Condition>,
}

impl AttributeCondition {
    pub(super) fn ask(&self, subject: Subject<'_>) -> Answer {
        if self.types.as_ref().is_some_and(|types| !types.contains(subject.resource)) {
            // Checkov says no of resources that its condition is not about.
            return if self.dialect == Dialect::Checkov { Answer::no() } else { Answer::irrelevant() };
        }
        if self.path.name == "resource_type" && subject.root.get("resource_type").is_none() {
            return Answer::new(self.of_type(subject.resource), None, "");
        }
        // Who names a type of another notation means attributes of that notation, too.
        let is_native = self.types.as_ref().is_some_and(|types| types.is_native(subject.resource));
        let root = if is_native { subject.graph.written(subject.resource) } else { subject.root };
        let found = if self.path.is_self() { itself(root) } else { self.path.find(root) };
        if found.values.is_empty() {
            let missing = self.default.clone().unwrap_or_else(Value::null);
            let answer = Answer::new(self.test.truth(&missing), found.nearest, &self.path.name);
            return if is_native { answer } else { answer.repaired_by(self.added(root).into_iter().collect()) };
        }
        self.of_values(&found)
    }

    /// The attribute that would make it hold, where it is left out.
    fn added(&self, root: &Value) -> Option<Repair> {
        if self.dialect == Dialect::Checkov {
            return None;
        }
        let (name, block) = self.path.lacking(root)?;
        let literal = self.test.wanted()?;
        Some(Repair { name, literal, target: Target::In(Some(block).filter(|place| place.is_somewhere())) })
    }

    /// What would make it hold instead of a literal.
    fn replaced(&self, value: &Value) -> Option<Repair> {
        if self.dialect == Dialect::Checkov || !value.place.is_somewhere() {
            return None;
        }
        let old = Literal::of(value)?;
        let literal = self.test.wanted_instead_of(&old)?;
        let name = self.path.name.rsplit('.').next().unwrap_or_default().into();
        Some(Repair { name, literal, target: Target::Instead(old, value.place) })
    }

    /// What it says of the type of a resource, which has a name in each notation.
    fn of_type(&self, resource: &Resource) -> Truth {
        let names = [super::graph::type_of(resource), resource.native_type.as_ref().into()];
        let truths = names.map(|name| self.test.positive(&Value::of_text(name, Place::NONE)));
        let truth = Truth::any(truths);
        if self.test.is_negated { truth.negated() } else { truth }
    }

    fn of_values(&self, found: &Found) -> Answer {
        // Of several blocks all must be as they should be; of elements that `*` means one, or none of them.
        let is_any = found.is_any && !(self.test.is_negated && (self.dialect == Dialect::Own || self.test.is_about_all()));
        let answers = found.values.iter().map(|value| {
            let truth = match (&value.kind, &self.default) {
                (Kind::Null, Some(default)) => self.test.truth(default),
                // That something in it exists can't be said of what is not known.
                (Kind::Unknown(unknown), _) if found.is_cut && self.test.is_about_existence() => Truth::Unknown(unknown.cause.clone()),
                _ => self.test.truth(value),
            };
            let place = Some(value.place).filter(|place| place.is_somewhere()).or(found.nearest);
            Answer::new(truth, place, &self.path.name).repaired_by(self.replaced(value).into_iter().collect())
        });
        if is_any { Answer::any(answers) } else { Answer::all(answers) }
    }
}

fn itself(root: &Value) -> Found {
    Found { values: vec![root.clone()], ..Found::default() }
}

impl Items {
    pub(super) fn ask(&self, subject: Subject<'_>) -> Answer {
        let found = if self.of.is_self() { itself(subject.root) } else { self.of.find(subject.root) };
        let answers: Vec<Answer> = found.values.iter().flat_map(|value| self.of_list(value, subject)).collect();
        let nearest = found.values.first().map(|value| value.place).filter(|place| place.is_somewhere()).or(found.nearest);
        if !self.is_every {
            let answer = Answer::any(answers.into_iter());
            let is_yes = answer.truth == Truth::Yes;
            return match answer.truth {
                // None of them: the list is to blame.
                Truth::No | Truth::Irrelevant => Answer::new(Truth::No, nearest, &self.of.name),
                Truth::Yes | Truth::Unknown(_) => Answer { part: self.named(&answer.part), related: Vec::new(), ..answer },
            }
            .known_at(is_yes.then_some(nearest).flatten());
        }
        let failing = answers.iter().filter(|answer| answer.truth == Truth::No).skip(1);
        let related: Vec<(Place, String)> =
            failing.filter_map(|answer| answer.place).take(MAX_RELATED).map(|place| (place, "and here".to_owned())).collect();
        let answer = Answer::all(answers.into_iter());
        match answer.truth {
            Truth::Irrelevant => Answer::new(Truth::Yes, nearest, &self.of.name),
            Truth::Yes | Truth::No | Truth::Unknown(_) => Answer { part: self.named(&answer.part), related, ..answer },
        }
    }

    /// The answers for the elements of a list; a value that is no list is its only element.
    fn of_list(&self, list: &Value, subject: Subject<'_>) -> Vec<Answer> {
        match &list.kind {
            Kind::List(items) => items.iter().map(|item| self.of_item(item, subject)).collect(),
            Kind::Null => Vec::new(),
            Kind::Unknown(unknown) => vec![Answer::new(Truth::Unknown(unknown.cause.clone()), Some(list.place), "")],
            Kind::OneOf(values) => vec![self.same(values, list.place, |value| {
                let answers = self.of_list(value, subject).into_iter();
                if self.is_every {
                    Answer::all(std::iter::once(Answer::yes()).chain(answers))
                } else {
                    Answer::any(std::iter::once(Answer::no()).chain(answers))
                }
            })],
            Kind::Text(text) if text.starts_with('[') => match super::compare::json_in(text, list.place) {
                Some(inner) => self.of_list(&inner, subject),
                None => vec![self.of_item(list, subject)],
            },
            Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) => vec![self.of_item(list, subject)],
        }
    }

    fn of_item(&self, item: &Value, subject: Subject<'_>) -> Answer {
        let answer = match &item.kind {
            Kind::Null => return Answer::irrelevant(),
            Kind::OneOf(values) => self.same(values, item.place, |value| self.of_item(value, subject)),
            _ => self.condition.ask(Subject { root: item, ..subject }),
        };
        // What is missing in the element is missing there, not in the resource.
        Answer { place: answer.place.or(Some(item.place).filter(|place| place.is_somewhere())), ..answer }
    }

    /// The answer that all values give that there may be.
    fn same(&self, values: &[Value], place: Place, ask: impl Fn(&Value) -> Answer) -> Answer {
        let answers: Vec<Answer> = values.iter().map(ask).collect();
        let truth = Truth::same(answers.iter().map(|answer| answer.truth.clone()));
        let answer = answers.into_iter().find(|answer| answer.truth == truth).unwrap_or_else(|| Answer::new(truth, Some(place), ""));
        Answer { repairs: Vec::new(), ..answer }
    }

    fn named(&self, part: &str) -> String {
        match (self.of.name.as_str(), part) {
            ("", part) => part.to_owned(),
            (of, "") => of.to_owned(),
            (of, part) => format!("{of}.{part}"),
        }
    }
}

impl Answer {
    fn known_at(self, place: Option<Place>) -> Self {
        Self { place: self.place.or(place), ..self }
    }
}

impl Companion {
    pub(super) fn ask(&self, subject: Subject<'_>) -> Answer {
        let answers = self.referring(subject).into_iter().map(|companion| match &self.condition {
            Some(condition) => condition.ask(Subject { resource: companion, root: &companion.body, ..subject }),
            None => Answer::yes(),
        });
        let answers: Vec<Answer> = answers.collect();
        let places: Vec<(Place, String)> = answers
            .iter()
            .filter(|answer| answer.truth == Truth::No)
            .filter_map(|answer| answer.place)
            .take(MAX_RELATED)
            .map(|place| (place, "this refers to it, and is not as it should be".to_owned()))
            .collect();
        let answer = Answer::any(answers.into_iter());
        let truth = match answer.truth {
            Truth::Yes => return Answer::yes(),
            Truth::No | Truth::Irrelevant => self.may_be_elsewhere(subject).unwrap_or(Truth::No),
            unknown @ Truth::Unknown(_) => unknown,
        };
        Answer { related: places, ..Answer::new(truth, None, "") }
    }

    /// The companions of a resource, in order: those that refer to it, else those that name it.
    fn referring<'a>(&'a self, subject: Subject<'a>) -> Vec<&'a Resource> {
        let refers = |companion: &&Resource| match &self.by {
            Some(by) => by.find(&companion.body).values.iter().any(|value| refers(value, subject.resource)),
            None => true,
        };
        let referring = subject.graph.referring_to(subject.resource.id).filter(|other| self.is_candidate(other, subject));
        let found: Vec<&Resource> = referring.filter(refers).collect();
        match (&self.by, self.name_of(subject.resource)) {
            (Some(by), Some(name)) if found.is_empty() => {
                let is_named = |companion: &&Resource| {
                    by.find(&companion.body).values.iter().any(|value| is_same_name(value, &name) && !means_another(value, subject))
                };
                self.candidates(subject).filter(is_named).collect()
            }
            _ => found,
        }
    }

    fn is_candidate(&self, other: &Resource, subject: Subject<'_>) -> bool {
        other.scope == subject.resource.scope && other.id != subject.resource.id && self.types.contains(other)
    }

    fn candidates<'a>(&'a self, subject: Subject<'a>) -> impl Iterator<Item = &'a Resource> {
        self.types.resources(subject.graph).filter(move |other| self.is_candidate(other, subject))
    }

    /// What others name a resource by.
    fn name_of(&self, resource: &Resource) -> Option<Value> {
        let path = self.to.as_ref().or(self.by.as_ref())?;
        path.find(&resource.body).values.into_iter().next()
    }

    /// Whether a companion's attribute is not known, and does not refer to another resource: it may mean this one.
    fn may_be_elsewhere(&self, subject: Subject<'_>) -> Option<Truth> {
        let by = self.by.as_ref()?;
        let unknown = |companion: &Resource| {
            by.find(&companion.body).values.iter().find_map(|value| match &value.kind {
                // What is not declared is not this one.
                Kind::Unknown(unknown) if value.references.is_none() && !matches!(unknown.cause, Cause::Missing(_)) => {
                    Some(unknown.cause.clone())
                }
                Kind::OneOf(_) if value.references.is_none() => Some(value.any_cause().cloned().unwrap_or_else(one_of_several)),
                _ => None,
            })
        };
        self.candidates(subject).find_map(unknown).map(Truth::Unknown)
    }
}

/// Whether a value names the thing whose name the other is: it is the same text, or the same variable that has no value. A value
/// that refers to something means that alone, however it is named.
pub(super) fn is_same_name(one: &Value, other: &Value) -> bool {
    if one.references.is_some() {
        return false;
    }
    match (&one.kind, &other.kind) {
        (Kind::Text(text), Kind::Text(other)) => text == other && !text.is_empty(),
        // A text that is made of a variable is not null.
        (Kind::Unknown(unknown), Kind::Unknown(other)) => {
            unknown.cause == other.cause && matches!(unknown.cause, Cause::Variable(_)) && !unknown.is_not_null && !other.is_not_null
        }
        _ => false,
    }
}

/// Whether a value was made from another resource of the same type: then it names that one, whatever its text is.
fn means_another(value: &Value, subject: Subject<'_>) -> bool {
    let mut references = Vec::new();
    value.collect_references(&mut references);
    let others = references.iter().filter(|id| **id != subject.resource.id).filter_map(|id| subject.graph.get(*id));
    others.into_iter().any(|other| other.canonical_type == subject.resource.canonical_type)
}

fn refers(value: &Value, resource: &Resource) -> bool {
    let mut references = Vec::new();
    value.collect_references(&mut references);
    references.contains(&resource.id)
}
