//! Fields of objects: absent, known, or not known and why.

use crate::{Cause, Kind, Place, Value, Verdict};

/// What is known of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Field<T> {
    /// Nobody sets it.
    Absent,
    /// It is set to this, here.
    Is(T, Place),
    /// What it is set to is not known.
    Unknown(Cause, Place),
}

/// The texts of a list, and why others are not known.
#[derive(Debug, Default)]
pub(crate) struct Texts<'v> {
    pub(crate) known: Vec<(&'v str, Place)>,
    pub(crate) unknown: Option<(Cause, Place)>,
}

/// A truth value.
pub(crate) fn flag(parent: Option<&Value>, name: &str) -> Field<bool> {
    read(parent, name, Value::boolean)
}

/// A text.
pub(crate) fn text<'v>(parent: Option<&'v Value>, name: &str) -> Field<&'v str> {
    read(parent, name, Value::text)
}

/// A number.
pub(crate) fn number(parent: Option<&Value>, name: &str) -> Field<f64> {
    read(parent, name, Value::number)
}

/// Whatever a field is set to.
pub(crate) fn any<'v>(parent: Option<&'v Value>, name: &str) -> Field<&'v Value> {
    read(parent, name, Some)
}

/// What a field is set to, as `convert` understands it. What it does not understand, the API would refuse: it counts as absent.
fn read<'v, T: PartialEq>(parent: Option<&'v Value>, name: &str, convert: impl Fn(&'v Value) -> Option<T> + Copy) -> Field<T> {
    let Some(parent) = parent else { return Field::Absent };
    match &parent.kind {
        Kind::Unknown(unknown) => Field::Unknown(unknown.cause.clone(), parent.place),
        Kind::OneOf(values) => agreed(values.iter().map(|value| read(Some(value), name, convert)), parent.place),
        Kind::Map(_) => parent.get(name).map_or(Field::Absent, |value| of_value(value, place_of(parent, name), convert)),
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) => Field::Absent,
    }
}

fn of_value<'v, T: PartialEq>(value: &'v Value, place: Place, convert: impl Fn(&'v Value) -> Option<T> + Copy) -> Field<T> {
    match &value.kind {
        Kind::Unknown(unknown) => Field::Unknown(unknown.cause.clone(), place),
        Kind::OneOf(values) => agreed(values.iter().map(|value| of_value(value, place, convert)), place),
        Kind::Null => Field::Absent,
        Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => {
            convert(value).map_or(Field::Absent, |converted| Field::Is(converted, place))
        }
    }
}

/// What all alternatives say; not known where they differ.
fn agreed<T: PartialEq>(mut fields: impl Iterator<Item = Field<T>>, place: Place) -> Field<T> {
    let Some(first) = fields.next() else { return Field::Absent };
    let is_same = |other: &Field<T>| match (&first, other) {
        (Field::Absent, Field::Absent) => true,
        (Field::Is(first, _), Field::Is(other, _)) => first == other,
        _ => false,
    };
    match fields.find(|other| !is_same(other)) {
        None => first,
        Some(Field::Unknown(cause, place)) => Field::Unknown(cause, place),
        Some(_) => Field::Unknown(Cause::Runtime("which of several values is used".into()), place),
    }
}

impl<T: PartialEq> Field<T> {
    /// This field, or the other where nobody sets it.
    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Absent => other(),
            Self::Is(..) | Self::Unknown(..) => self,
        }
    }

    /// The same, with what it is set to changed.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Is(value, place) => Field::Is(change(value), place),
            Self::Unknown(cause, place) => Field::Unknown(cause, place),
        }
    }

    /// What it is set to, if that is known.
    pub(crate) fn known(self) -> Option<T> {
        match self {
            Self::Is(value, _) => Some(value),
            Self::Absent | Self::Unknown(..) => None,
        }
    }

    /// Fails where it is set to something bad, and passes where it is absent.
    pub(crate) fn must_not(self, is_bad: impl FnOnce(&T) -> bool, part: &str, message: impl FnOnce(T) -> String) -> Verdict {
        match self {
            Self::Is(value, place) if is_bad(&value) => Verdict::fail_because(place, part, message(value)),
            Self::Is(..) | Self::Absent => Verdict::Pass,
            Self::Unknown(cause, place) => Verdict::Unknown(cause, place),
        }
    }

    /// Fails where it is absent, or set to anything but something good.
    pub(crate) fn must(self, is_good: impl FnOnce(&T) -> bool, part: &str, message: impl Into<String>) -> Verdict {
        match self {
            Self::Is(value, _) if is_good(&value) => Verdict::Pass,
            Self::Is(_, place) => Verdict::fail_because(place, part, message),
            Self::Absent => Verdict::fail_because(Place::NONE, part, message),
            Self::Unknown(cause, place) => Verdict::Unknown(cause, place),
        }
    }
}

/// The value at the end of a way of names; a value on the way that is not known is where it ends.
pub(crate) fn walk<'v>(value: &'v Value, way: &[&str]) -> Option<&'v Value> {
    way.iter().try_fold(value, |value, name| match value.kind {
        Kind::Unknown(_) | Kind::OneOf(_) => Some(value),
        _ => value.get(name),
    })
}

/// The texts of a list.
pub(crate) fn texts(list: Option<&Value>) -> Texts<'_> {
    let mut texts = Texts::default();
    let Some(list) = list else { return texts };
    if let Some(cause) = unknown_cause(list) {
        texts.unknown = Some((cause, list.place));
    }
    for item in list.items() {
        match item.text() {
            Some(text) => texts.known.push((text, item.place)),
            None => texts.unknown = unknown_cause(item).map(|cause| (cause, item.place)).or(texts.unknown),
        }
    }
    texts
}

/// Why a value is not known, also where it is one of several.
pub(crate) fn unknown_cause(value: &Value) -> Option<Cause> {
    match &value.kind {
        Kind::OneOf(_) => Some(Cause::Runtime("which of several values is used".into())),
        _ => value.cause().cloned(),
    }
}

/// Where a field is written: its name and its value if that is short, else its name.
pub(crate) fn place_of(parent: &Value, name: &str) -> Place {
    let Some(member) = parent.member(name) else { return parent.place };
    let is_short = !matches!(member.value.kind, Kind::Map(_) | Kind::List(_));
    let end = if is_short && member.name.file == member.value.place.file { member.value.place.end } else { member.name.end };
    Place { end: end.max(member.name.end), ..member.name }.or(member.value.place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_that_agree_are_known() {
        let boolean = |is_true| Value::new(Kind::Boolean(is_true), Place::NONE);
        let one_of = |values: Vec<Value>| Value::new(Kind::OneOf(values.into()), Place::NONE);
        let read = |value: &Value| of_value(value, Place::NONE, Value::boolean);
        assert_eq!(read(&one_of(vec![boolean(true), boolean(true)])), Field::Is(true, Place::NONE));
        assert!(matches!(read(&one_of(vec![boolean(true), boolean(false)])), Field::Unknown(Cause::Runtime(_), _)));
        let variable = Value::unknown(Cause::Variable("x".into()), Place::NONE);
        assert_eq!(read(&one_of(vec![boolean(true), variable])), Field::Unknown(Cause::Variable("x".into()), Place::NONE));
    }
}
