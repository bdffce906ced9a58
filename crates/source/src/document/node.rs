//! Values of a document.

use std::borrow::Cow;

use bartizan_core::ByteRange;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// Its place, quotes and brackets included.
    pub range: ByteRange,
    /// What it is.
    pub value: Value<'t>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// `null`, or nothing at all.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number, or a date of TOML, as it is written.
    Number(Cow<'t, str>),
    /// A text.
    Text(Cow<'t, str>),
    /// A list.
    List(Vec<Node<'t>>),
    /// Names and values, in the order of the document. Of a name that is given twice both are here; [`Node::get`] takes the last.
    Map(Vec<Member<'t>>),
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'t> {
    /// The name.
    pub name: Cow<'t, str>,
    /// Where the name stands.
    pub name_range: ByteRange,
    /// Its value.
    pub node: Node<'t>,
}

impl<'t> Node<'t> {
    /// The value of a name, if this is a map that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|member| member.name == name).map(|member| &member.node)
    }

    /// The value at the end of a way of names.
    #[must_use]
    pub fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The text of a name, if this is a map that has it and it is one.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::text)
    }

    /// Whether a name is given as `true`.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Self { value: Value::Boolean(true), .. }))
    }

    /// The text that this is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text or number that this is, as it is written: a version may be either.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The values of the list that this is; none if it is something else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => &[],
        }
    }

    /// The members of the map that this is; none if it is something else.
    #[must_use]
    pub fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Map(members) => members,
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => &[],
        }
    }

    /// Whether this is a map.
    #[must_use]
    pub const fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }
}

/// The first name that stood in a map before.
pub(super) fn first_doubled(members: &[Member<'_>]) -> Option<(ByteRange, String)> {
    const FEW: usize = 8;
    let doubled = if members.len() <= FEW {
        let mut pairs = members.iter().enumerate();
        pairs.find(|(index, member)| members.iter().take(*index).any(|earlier| earlier.name == member.name)).map(|(_, member)| member)
    } else {
        let mut seen = std::collections::HashSet::with_capacity(members.len());
        members.iter().find(|member| !seen.insert(member.name.as_ref()))
    };
    doubled.map(|member| (member.name_range, member.name.to_string()))
}

/// A name in a message: not too long, on one line.
pub(super) fn shortened(name: &str) -> String {
    const MAX_CHARS: usize = 60;
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS + 1).collect();
    if MAX_CHARS < name.chars().count() { name.chars().take(MAX_CHARS).chain(['…']).collect() } else { name }
}
