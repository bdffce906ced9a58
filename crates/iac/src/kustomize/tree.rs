//! Values of resources, each with the place that it was written at and what put it there.

use std::sync::Arc;

use bartizan_core::ByteRange;
use bartizan_source::document::{Node, Value};

use crate::rendered::Cause;

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) value: Data,
    pub(super) place: Option<Place>,
    pub(super) cause: Option<Arc<Cause>>,
}

/// Where a value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: Arc<str>,
    pub(super) range: ByteRange,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Tree {
    /// A value of a file.
    pub(super) fn of(node: &Node<'_>, path: &Arc<str>) -> Self {
        let value = match &node.value {
            Value::Null => Data::Null,
            Value::Boolean(is) => Data::Bool(*is),
            Value::Number(number) => Data::Number(number.to_string()),
            Value::Text(text) => Data::Text(text.to_string()),
            Value::List(items) => Data::List(items.iter().map(|item| Self::of(item, path)).collect()),
            Value::Map(members) => {
                let mut map = Self::map();
                for member in members {
                    map.set(&member.name, Self::of(&member.node, path));
                }
                map.value
            }
        };
        Self { value, place: Some(Place { path: Arc::clone(path), range: node.range }), cause: None }
    }

    pub(super) const fn new(value: Data) -> Self {
        Self { value, place: None, cause: None }
    }

    pub(super) const fn map() -> Self {
        Self::new(Data::Map(Vec::new()))
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(Data::Text(text.into()))
    }

    /// The same value, put there by something.
    pub(super) fn caused(mut self, cause: &Arc<Cause>) -> Self {
        self.blame(cause);
        self
    }

    fn blame(&mut self, cause: &Arc<Cause>) {
        self.cause = Some(Arc::clone(cause));
        match &mut self.value {
            Data::List(items) => items.iter_mut().for_each(|item| item.blame(cause)),
            Data::Map(members) => members.iter_mut().for_each(|(_, item)| item.blame(cause)),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
        }
    }

    pub(super) fn members(&self) -> &[(String, Self)] {
        match &self.value {
            Data::Map(members) => members,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Data::List(items) => items,
            _ => &[],
        }
    }

    pub(super) const fn is_null(&self) -> bool {
        matches!(self.value, Data::Null)
    }

    pub(super) const fn is_map(&self) -> bool {
        matches!(self.value, Data::Map(_))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(known, _)| known == name).map(|(_, item)| item)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match &mut self.value {
            Data::Map(members) => members.iter_mut().find(|(known, _)| known == name).map(|(_, item)| item),
            _ => None,
        }
    }

    pub(super) fn at(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |tree, name| tree.get(name))
    }

    /// The text that this is; a number or a truth value as it is written.
    pub(super) fn scalar(&self) -> Option<String> {
        match &self.value {
            Data::Text(text) | Data::Number(text) => Some(text.clone()),
            Data::Bool(is) => Some(is.to_string()),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    pub(super) fn text_at(&self, names: &[&str]) -> String {
        self.at(names).and_then(Self::scalar).unwrap_or_default()
    }

    /// Spells the names of its members as these are, where they differ in upper and lower case alone.
    pub(super) fn spell(&mut self, names: &[&str]) {
        let Data::Map(members) = &mut self.value else { return };
        for (name, _) in members {
            if let Some(known) = names.iter().find(|known| known.eq_ignore_ascii_case(name) && **known != *name) {
                (*known).clone_into(name);
            }
        }
    }

    /// Puts a member into a map; what is no map is left alone.
    pub(super) fn set(&mut self, name: &str, item: Self) {
        if let Some(place) = self.get_mut(name) {
            *place = item;
        } else if let Data::Map(members) = &mut self.value {
            members.push((name.to_owned(), item));
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Self> {
        match &mut self.value {
            Data::Map(members) => {
                let at = members.iter().position(|(known, _)| known == name)?;
                Some(members.remove(at).1)
            }
            _ => None,
        }
    }

    /// The map of a name, made if there is none.
    pub(super) fn map_at(&mut self, name: &str) -> Option<&mut Self> {
        if self.get(name).is_none_or(Self::is_null) {
            self.set(name, Self::map());
        }
        self.get_mut(name).filter(|item| item.is_map())
    }

    /// Changes a text, which remembers where it was.
    pub(super) fn set_text(&mut self, text: String, cause: &Arc<Cause>) {
        self.value = Data::Text(text);
        self.cause = Some(Arc::clone(cause));
    }
}
