//! Values of attributes: what a document says, where it says so, and what is not known.
//!
//! Unknown is a value like any other and carries its cause. A value that may be one of several is a set of them: a check holds of
//! it where it holds of all.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::ResourceId;

/// So many values may stand for one; more are unknown.
pub const MAX_ALTERNATIVES: usize = 16;

/// A place in a file of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file, by its index among those that the engine has noted.
    pub file: u32,
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it is written.
    pub place: Place,
    /// The resources that were looked at for it.
    pub references: References,
}

/// The resources that a value was made from, sorted; nothing where there are none.
pub type References = Option<Arc<[ResourceId]>>;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Nothing: an attribute that is set to it is as if it was left out.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// Values in order.
    List(Arc<[Value]>),
    /// Values by name.
    Map(Arc<Map>),
    /// It is not known, and this is why.
    Unknown(Arc<Unknown>),
    /// One of these, and it is not known which.
    OneOf(Arc<[Value]>),
}

/// Values by name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Map(pub BTreeMap<Arc<str>, Member>);

/// A value that has a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Where the name stands.
    pub name: Place,
    /// The value.
    pub value: Value,
}

/// What is known of what is not known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unknown {
    /// Why.
    pub cause: Cause,
    /// What a text starts with all the same.
    pub prefix: Option<Arc<str>>,
    /// Whether it will not be null.
    pub is_not_null: bool,
    /// All of a text whose parts are known but for some: those are [`HOLE`].
    pub outline: Option<Arc<str>>,
}

/// What stands in an outline for a part that is not known.
pub const HOLE: char = '\u{fffc}';

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// A variable has no value.
    Variable(Arc<str>),
    /// The provider or the cluster says so when it is asked: an attribute of a resource or of a data source.
    Computed(ResourceId, Arc<str>),
    /// The address names nothing that is there.
    Missing(Arc<str>),
    /// The module's code is not there.
    Module(Arc<str>),
    /// A function that gives something else each time, or looks outside of the project.
    Function(Arc<str>),
    /// A value that needs itself.
    Cycle(Arc<str>),
    /// A limit was reached, by its name.
    Limit(Arc<str>),
    /// An expression makes no sense, in these words.
    Invalid(Arc<str>),
    /// It depends on where or when the code runs.
    Runtime(Arc<str>),
}

impl Place {
    /// A place in no file, for what nobody wrote.
    pub const NONE: Self = Self { file: u32::MAX, start: 0, end: 0 };

    /// A place by its offsets; what lies beyond 4 GiB is cut.
    #[must_use]
    pub fn new(file: u32, range: bartizan_core::ByteRange) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: offset(range.start()), end: offset(range.end()) }
    }

    /// The bytes in its file.
    #[must_use]
    pub fn range(self) -> bartizan_core::ByteRange {
        bartizan_core::ByteRange::new(self.start as usize, self.end as usize)
    }

    /// Whether it is somewhere.
    #[must_use]
    pub fn is_somewhere(self) -> bool {
        self.file != u32::MAX
    }

    /// This place, or the other if it is nowhere.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_somewhere() { self } else { other }
    }
}

impl Cause {
    /// Why, for people; `name_of` gives the address of a resource.
    #[must_use]
    pub fn explain(&self, name_of: &dyn Fn(ResourceId) -> String) -> String {
        match self {
            Self::Variable(name) => format!("the variable `{name}` has no value"),
            Self::Computed(resource, attribute) if attribute.is_empty() => format!("`{}` is known when it is created", name_of(*resource)),
            Self::Computed(resource, attribute) => format!("`{}.{attribute}` is known when it is created", name_of(*resource)),
            Self::Missing(address) => format!("`{address}` is not declared"),
            Self::Module(address) => format!("the code of the module `{address}` is not there"),
            Self::Function(name) => format!("the function `{name}` is not evaluated"),
            Self::Cycle(address) => format!("`{address}` depends on itself"),
            Self::Limit(name) => format!("the limit `{name}` was reached"),
            Self::Invalid(reason) => reason.to_string(),
            Self::Runtime(what) => format!("{what} is known when it runs"),
        }
    }
}

impl Value {
    /// A value that was written somewhere.
    #[must_use]
    pub fn new(kind: Kind, place: Place) -> Self {
        Self { kind, place, references: None }
    }

    /// Nothing, nowhere.
    #[must_use]
    pub fn null() -> Self {
        Self::new(Kind::Null, Place::NONE)
    }

    /// A text.
    #[must_use]
    pub fn of_text(text: impl Into<Arc<str>>, place: Place) -> Self {
        Self::new(Kind::Text(text.into()), place)
    }

    /// A map of these values; each name is where its value is.
    #[must_use]
    pub fn of_members<'n>(members: impl IntoIterator<Item = (&'n str, Self)>, place: Place) -> Self {
        let member = |(name, value): (&'n str, Self)| (Arc::from(name), Member { name: value.place, value });
        Self::new(Kind::Map(Arc::new(Map(members.into_iter().map(member).collect()))), place)
    }

    /// Something that is not known.
    #[must_use]
    pub fn unknown(cause: Cause, place: Place) -> Self {
        Self::new(Kind::Unknown(Arc::new(Unknown { cause, prefix: None, is_not_null: false, outline: None })), place)
    }

    /// An attribute of a resource that is known when that is created; without a name it stands for the resource.
    #[must_use]
    pub fn computed(id: ResourceId, attribute: &str, place: Place) -> Self {
        let unknown = Unknown { cause: Cause::Computed(id, attribute.into()), prefix: None, is_not_null: true, outline: None };
        Self { kind: Kind::Unknown(Arc::new(unknown)), place, references: Some([id].as_slice().into()) }
    }

    /// The values of a list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a name, if this is a map that has it and it is not null.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.member(name).map(|member| &member.value).filter(|value| !value.is_null())
    }

    /// The member of a name, if this is a map that has it.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.map()?.0.get(name)
    }

    /// The value at the end of a way of names.
    #[must_use]
    pub fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |value, name| value.get(name))
    }

    /// The map that this is.
    #[must_use]
    pub fn map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The text that this is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that this is, with a [`HOLE`] for each part that is not known.
    #[must_use]
    pub fn outline(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Unknown(unknown) => unknown.outline.as_deref(),
            _ => None,
        }
    }

    /// The truth value that this is, or that its text spells.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match &self.kind {
            Kind::Boolean(is_true) => Some(*is_true),
            Kind::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The number that this is, or that its text spells.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Number(number) => Some(*number),
            Kind::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Why it is not known, if it is not.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(&unknown.cause),
            _ => None,
        }
    }

    /// The first cause by which it, or something in it, is not known.
    #[must_use]
    pub fn any_cause(&self) -> Option<&Cause> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(&unknown.cause),
            Kind::List(items) | Kind::OneOf(items) => items.iter().find_map(Self::any_cause),
            Kind::Map(map) => map.0.values().find_map(|member| member.value.any_cause()),
            Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) => None,
        }
    }

    /// What is written of it, for people: short, and nothing of long values.
    #[must_use]
    pub fn shown(&self) -> String {
        const MAX_CHARACTERS: usize = 60;
        let text = match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Boolean(is_true) => is_true.to_string(),
            Kind::Number(number) => number_text(*number),
            Kind::Text(text) => format!("\"{text}\""),
            Kind::List(items) => format!("[{}]", items.iter().take(4).map(Self::shown).collect::<Vec<_>>().join(", ")),
            Kind::Map(_) => "{…}".to_owned(),
            Kind::Unknown(_) => "unknown".to_owned(),
            Kind::OneOf(values) => values.iter().map(Self::shown).collect::<Vec<_>>().join(" or "),
        };
        match text.char_indices().nth(MAX_CHARACTERS) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// All resources that it or something in it refers to, into `into`.
    pub fn collect_references(&self, into: &mut Vec<ResourceId>) {
        into.extend(self.references.iter().flat_map(|references| references.iter().copied()));
        match &self.kind {
            Kind::List(items) | Kind::OneOf(items) => items.iter().for_each(|item| item.collect_references(into)),
            Kind::Map(map) => map.0.values().for_each(|member| member.value.collect_references(into)),
            Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => {}
        }
    }

    /// The same value, with the places of what is written in it moved to a file.
    #[must_use]
    pub fn in_file(&self, file: u32) -> Self {
        let moved = |place: Place| if place.is_somewhere() { Place { file, ..place } } else { place };
        let kind = match &self.kind {
            Kind::List(items) => Kind::List(items.iter().map(|item| item.in_file(file)).collect()),
            Kind::OneOf(values) => Kind::OneOf(values.iter().map(|value| value.in_file(file)).collect()),
            Kind::Map(map) => {
                let member = |(name, member): (&Arc<str>, &Member)| {
                    (Arc::clone(name), Member { name: moved(member.name), value: member.value.in_file(file) })
                };
                Kind::Map(Arc::new(Map(map.0.iter().map(member).collect())))
            }
            other => other.clone(),
        };
        Self { kind, place: moved(self.place), references: self.references.clone() }
    }

    /// The document's value, whose text lies in a file.
    #[must_use]
    pub fn of_node(node: &bartizan_source::document::Node<'_>, file: u32) -> Self {
        use bartizan_source::document::Value as Written;
        let kind = match &node.value {
            Written::Null => Kind::Null,
            Written::Boolean(is_true) => Kind::Boolean(*is_true),
            Written::Number(number) => match number.parse::<f64>() {
                Ok(value) if value.is_finite() => Kind::Number(value),
                Ok(_) | Err(_) => Kind::Text(number.as_ref().into()),
            },
            Written::Text(text) => Kind::Text(text.as_ref().into()),
            Written::List(items) => Kind::List(items.iter().map(|item| Self::of_node(item, file)).collect()),
            Written::Map(members) => {
                let member = |member: &bartizan_source::document::Member<'_>| {
                    let value = Self::of_node(&member.node, file);
                    (member.name.as_ref().into(), Member { name: Place::new(file, member.name_range), value })
                };
                Kind::Map(Arc::new(Map(members.iter().map(member).collect())))
            }
        };
        Self::new(kind, Place::new(file, node.range))
    }
}

/// A number as a text, without a fraction where it has none.
#[must_use]
pub(crate) fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number}") }
}
