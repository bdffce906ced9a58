//! What operators say of values.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value as Json;

use super::{
    answer::Truth,
    network::{Network, Range},
    operator::{Comparison, Operator, Written},
    pattern::Pattern,
};
use crate::{Cause, Kind, Literal, Map, Member, Place, Unknown, Value, value::number_text};

/// Whose answers are given where Checkov's are not what one expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Those of this program.
    Own,
    /// Those of Checkov.
    Checkov,
}

impl Dialect {
    /// Which of several values there may be are asked. To Checkov, a block that may be left out is there.
    pub(super) fn taken(self, values: &[Value]) -> impl Iterator<Item = &Value> {
        let is_left_out = |value: &Value| value.is_null() || matches!(&value.kind, Kind::List(items) if items.is_empty());
        let skips = self == Self::Checkov && !values.iter().all(is_left_out);
        values.iter().filter(move |value| !(skips && is_left_out(value)))
    }
}

/// An operator and what it compares with.
#[derive(Debug, Clone)]
pub(super) struct Test {
    operator: Operator,
    pub(super) is_negated: bool,
    expected: Value,
    prepared: Prepared,
    dialect: Dialect,
}

/// What is compared with, in the form that its operator needs.
#[derive(Debug, Clone)]
enum Prepared {
    AsItIs,
    Pattern(Pattern),
    Number(Option<i64>),
    Ranges(Vec<Range>),
    Networks(Vec<Network>),
}

impl Test {
    /// Reads what an operator compares with.
    pub(super) fn parse(written: Written, value: Option<&Json>, dialect: Dialect) -> Result<Self, String> {
        let expected = value.map_or_else(Value::null, |value| value_of(value, Place::NONE));
        let is_own = dialect == Dialect::Own;
        let prepared = match written.operator {
            _ if value.is_none() && is_own && !written.operator.is_alone() => return Err("there is no `value`".to_owned()),
            Operator::RegexMatch => Prepared::Pattern(Pattern::parse(&spelled(&expected), true)?),
            Operator::Length(_) | Operator::NumberOfWords(_) => match whole_number(&expected) {
                None if is_own => return Err(format!("expected a whole number: {}", expected.shown())),
                number => Prepared::Number(number),
            },
            Operator::RangeIncludes => Prepared::Ranges(all_of(&expected, Range::parse).map_err(|text| format!("not a range: {text}"))?),
            Operator::CidrRangeSubset => {
                Prepared::Networks(all_of(&expected, Network::parse).map_err(|text| format!("not a range of addresses: {text}"))?)
            }
            Operator::Within | Operator::Subset if is_own && !matches!(expected.kind, Kind::List(_)) => {
                return Err("expected a list of values".to_owned());
            }
            Operator::Contains if is_own && matches!(expected.kind, Kind::List(_) | Kind::Map(_)) => {
                return Err("expected one value; `intersects` takes several".to_owned());
            }
            _ => Prepared::AsItIs,
        };
        Ok(Self { operator: written.operator, is_negated: written.is_negated, expected, prepared, dialect })
    }

    /// Whether it holds of a value, which is null if the attribute is missing.
    pub(super) fn truth(&self, value: &Value) -> Truth {
        let truth = self.positive(value);
        if self.is_negated { truth.negated() } else { truth }
    }

    /// The same before it is turned round.
    pub(super) fn positive(&self, value: &Value) -> Truth {
        match &value.kind {
            Kind::OneOf(values) => Truth::same(self.dialect.taken(values).map(|value| self.positive(value))),
            Kind::Unknown(unknown) => self.of_unknown(unknown),
            Kind::Null => self.of_nothing(),
            Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => self.of_known(value),
        }
    }

    /// Whether it asks only whether something is there.
    pub(super) fn is_about_existence(&self) -> bool {
        self.operator == Operator::Exists
    }

    /// Whether Checkov asks it of all elements that a path with `*` leads to.
    pub(super) fn is_about_all(&self) -> bool {
        self.operator == Operator::Contains && self.is_negated
    }

    /// The only value that it holds of, if there is one and it is a literal.
    pub(super) fn wanted(&self) -> Option<Literal> {
        match (self.operator, self.is_negated) {
            (Operator::Equals | Operator::EqualsIgnoreCase, false) => Literal::of(&self.expected),
            (Operator::Within, false) => match self.expected.items() {
                [only] => Literal::of(only),
                _ => None,
            },
            (Operator::IsTrue, is_negated) => Some(Literal::Boolean(!is_negated)),
            _ => None,
        }
    }

    /// The same where this is written now: what must not be one truth value must be the other.
    pub(super) fn wanted_instead_of(&self, old: &Literal) -> Option<Literal> {
        match (self.operator, self.is_negated, &self.expected.kind, old) {
            (Operator::Equals, true, Kind::Boolean(is_true), Literal::Boolean(_)) => Some(Literal::Boolean(!is_true)),
            _ => self.wanted(),
        }
    }

    /// The texts that it compares with.
    pub(super) fn expected_texts(&self) -> Vec<Arc<str>> {
        elements(&self.expected).iter().filter_map(Value::text).map(Arc::from).collect()
    }

    fn of_nothing(&self) -> Truth {
        let is_own = self.dialect == Dialect::Own;
        match self.operator {
            Operator::Any => Truth::Yes,
            Operator::IsEmpty => is_own.into(),
            Operator::Equals | Operator::EqualsIgnoreCase => same(&Value::null(), &self.expected, false),
            Operator::Within => Truth::any(self.expected.items().iter().map(|expected| same(&Value::null(), expected, false))),
            // Python spells what is missing like this.
            Operator::RegexMatch if !is_own => self.matches("None"),
            _ => Truth::No,
        }
    }

    fn of_unknown(&self, unknown: &Unknown) -> Truth {
        let not_known = || Truth::Unknown(unknown.cause.clone());
        let prefix = unknown.prefix.as_deref().unwrap_or_default();
        let may_be = |expected: &Value| match &expected.kind {
            Kind::Null => !unknown.is_not_null && prefix.is_empty(),
            // A name or an ARN that a provider makes is not empty.
            Kind::Text(text) if text.is_empty() => !(unknown.is_not_null && matches!(unknown.cause, Cause::Computed(..))),
            Kind::Text(text) if self.operator == Operator::EqualsIgnoreCase => text.to_lowercase().starts_with(&prefix.to_lowercase()),
            _ => spelled(expected).starts_with(prefix),
        };
        let decided = match self.operator {
            Operator::Any => Some(true),
            Operator::Exists => (unknown.is_not_null || self.dialect == Dialect::Checkov).then_some(true),
            Operator::IsEmpty => (!prefix.is_empty()).then_some(false),
            // What is written is not blank to Checkov.
            Operator::Equals if self.dialect == Dialect::Checkov && self.expected.text() == Some("") => Some(false),
            Operator::Equals | Operator::EqualsIgnoreCase => (!may_be(&self.expected)).then_some(false),
            Operator::Within => (!self.expected.items().iter().any(may_be)).then_some(false),
            Operator::Contains => (!prefix.is_empty() && prefix.contains(spelled(&self.expected).as_ref())).then_some(true),
            Operator::StartingWith => {
                let start = spelled(&self.expected);
                match (prefix.starts_with(start.as_ref()), start.starts_with(prefix)) {
                    (true, _) => Some(true),
                    (false, true) => None,
                    (false, false) => Some(false),
                }
            }
            _ => None,
        };
        decided.map_or_else(not_known, Truth::from)
    }

    fn of_known(&self, value: &Value) -> Truth {
        match self.operator {
            Operator::Any | Operator::Exists => Truth::Yes,
            Operator::Equals => same(value, &self.expected, false),
            Operator::EqualsIgnoreCase => same(value, &self.expected, true),
            Operator::RegexMatch => self.matches(&spelled(value)),
            Operator::Contains => contains(value, &self.expected),
            Operator::Within => match &self.expected.kind {
                Kind::List(expected) => Truth::any(expected.iter().map(|expected| same(value, expected, false))),
                _ => spelled(&self.expected).contains(spelled(value).as_ref()).into(),
            },
            Operator::StartingWith => value.text().is_some_and(|text| text.starts_with(spelled(&self.expected).as_ref())).into(),
            Operator::EndingWith => value.text().is_some_and(|text| text.ends_with(spelled(&self.expected).as_ref())).into(),
            Operator::Compared(comparison) => compared(value, &self.expected, comparison).into(),
            Operator::Subset => Truth::all(elements(value).iter().map(|element| is_among(element, &self.expected))),
            Operator::Intersects => match (&value.kind, &self.expected.kind) {
                (Kind::Text(text), Kind::Text(part)) => text.contains(part.as_ref()).into(),
                _ => Truth::any(elements(value).iter().map(|element| is_among(element, &self.expected))),
            },
            Operator::IsEmpty => is_empty(value).into(),
            Operator::IsTrue => (value.boolean() == Some(true)).into(),
            Operator::Length(comparison) => self.counted(length(value), comparison),
            Operator::NumberOfWords(comparison) => self.counted(value.text().map(|text| text.split_whitespace().count()), comparison),
            Operator::RangeIncludes => self.includes(value),
            Operator::CidrRangeSubset => self.contains_networks(value),
        }
    }

    fn matches(&self, text: &str) -> Truth {
        let Prepared::Pattern(pattern) = &self.prepared else { return Truth::Irrelevant };
        pattern.matches(text).map_or_else(|| Truth::Unknown(Cause::Limit("steps of a regular expression".into())), Truth::from)
    }

    fn counted(&self, count: Option<usize>, comparison: Comparison) -> Truth {
        let Prepared::Number(Some(expected)) = self.prepared else { return Truth::No };
        let Some(count) = count.and_then(|count| i64::try_from(count).ok()) else { return Truth::No };
        comparison.holds(count.cmp(&expected)).into()
    }

    fn includes(&self, value: &Value) -> Truth {
        let Prepared::Ranges(expected) = &self.prepared else { return Truth::Irrelevant };
        let one = |value: &Value| match &value.kind {
            Kind::Unknown(unknown) => Truth::Unknown(unknown.cause.clone()),
            _ => Range::parse(&spelled(value)).is_some_and(|range| expected.iter().any(|expected| range.overlaps(*expected))).into(),
        };
        match &value.kind {
            Kind::List(items) => Truth::any(items.iter().map(|item| each(item, &one))),
            _ => one(value),
        }
    }

    /// All ranges of addresses of a value lie in one that is expected. What is no such range is not judged.
    fn contains_networks(&self, value: &Value) -> Truth {
        let Prepared::Networks(expected) = &self.prepared else { return Truth::Irrelevant };
        let one = |value: &Value| match (&value.kind, value.text().and_then(Network::parse)) {
            (Kind::Unknown(unknown), _) => Truth::Unknown(unknown.cause.clone()),
            (_, Some(network)) => expected.iter().any(|expected| network.is_within(*expected)).into(),
            (_, None) => Truth::Irrelevant,
        };
        match &value.kind {
            Kind::Text(text) if text.is_empty() => Truth::No,
            Kind::List(items) if items.is_empty() => Truth::No,
            Kind::List(items) => {
                let truths: Vec<Truth> = items.iter().map(|item| each(item, &one)).collect();
                if truths.contains(&Truth::Irrelevant) && !truths.contains(&Truth::No) { Truth::Irrelevant } else { Truth::all(truths) }
            }
            _ => one(value),
        }
    }
}

/// What is said of all that a value may be.
fn each(value: &Value, say: &dyn Fn(&Value) -> Truth) -> Truth {
    match &value.kind {
        Kind::OneOf(values) => Truth::same(values.iter().map(|value| each(value, say))),
        _ => say(value),
    }
}

/// Whether two values are equal. Numbers and truth values equal the texts that spell them.
fn same(value: &Value, expected: &Value, ignore_case: bool) -> Truth {
    match (&value.kind, &expected.kind) {
        (Kind::OneOf(values), _) => Truth::same(values.iter().map(|value| same(value, expected, ignore_case))),
        (Kind::Unknown(unknown), Kind::Text(text)) if unknown.prefix.as_deref().is_some_and(|prefix| !text.starts_with(prefix)) => {
            Truth::No
        }
        (Kind::Unknown(unknown), _) => Truth::Unknown(unknown.cause.clone()),
        (Kind::List(items), Kind::List(others)) if items.len() == others.len() => {
            Truth::all(items.iter().zip(others.iter()).map(|(item, other)| same(item, other, ignore_case)))
        }
        (Kind::Map(map), Kind::Map(other)) if map.0.len() == other.0.len() => Truth::all(
            map.0.iter().map(|(name, member)| other.0.get(name).map_or(Truth::No, |other| same(&member.value, &other.value, ignore_case))),
        ),
        (Kind::Boolean(_), _) | (_, Kind::Boolean(_)) => (spelled(value).eq_ignore_ascii_case(&spelled(expected))).into(),
        (Kind::Number(_), _) | (_, Kind::Number(_)) if value.number().is_some() => (value.number() == expected.number()).into(),
        _ if ignore_case => (spelled(value).to_lowercase() == spelled(expected).to_lowercase()).into(),
        _ => (spelled(value) == spelled(expected)).into(),
    }
}

/// Whether a value is, or is among, what is expected.
fn is_among(value: &Value, expected: &Value) -> Truth {
    match &expected.kind {
        Kind::List(expected) => Truth::any(expected.iter().map(|expected| same(value, expected, false))),
        _ => same(value, expected, false),
    }
}

/// Whether a list, the names or values of a map, or a text contain something. A text that holds a list or a map is read.
fn contains(value: &Value, part: &Value) -> Truth {
    match &value.kind {
        Kind::List(items) => Truth::any(items.iter().map(|item| same(item, part, false))),
        Kind::Map(map) => {
            let name = spelled(part);
            if map.0.contains_key(name.as_ref()) {
                return Truth::Yes;
            }
            Truth::any(map.0.values().map(|member| match &member.value.kind {
                Kind::Text(text) => text.contains(name.as_ref()).into(),
                Kind::List(items) => Truth::any(items.iter().map(|item| same(item, part, false))),
                Kind::Map(inner) => inner.0.contains_key(name.as_ref()).into(),
                Kind::Unknown(unknown) => Truth::Unknown(unknown.cause.clone()),
                Kind::OneOf(_) => each(&member.value, &|value| contains(value, part)),
                Kind::Null | Kind::Boolean(_) | Kind::Number(_) => Truth::No,
            }))
        }
        Kind::Text(text) => match json_in(text, value.place) {
            Some(inner) => contains(&inner, part),
            None => text.contains(spelled(part).as_ref()).into(),
        },
        _ => same(value, part, false),
    }
}

fn compared(value: &Value, expected: &Value, comparison: Comparison) -> bool {
    let ordering = match (value.number(), expected.number()) {
        (Some(number), Some(other)) => number.partial_cmp(&other),
        _ => Some(spelled(value).as_ref().cmp(spelled(expected).as_ref())),
    };
    ordering.is_some_and(|ordering| comparison.holds(ordering))
}

/// The elements of a list, the names of a map, or the value itself.
fn elements(value: &Value) -> Cow<'_, [Value]> {
    match &value.kind {
        Kind::List(items) => Cow::Borrowed(items),
        Kind::Map(map) => Cow::Owned(map.0.iter().map(|(name, member)| Value::of_text(Arc::clone(name), member.name)).collect()),
        _ => Cow::Borrowed(std::slice::from_ref(value)),
    }
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => text.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(map) => map.0.is_empty(),
        _ => false,
    }
}

/// The length of a text in characters or of a list; one block is one.
fn length(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::Text(text) => Some(text.chars().count()),
        Kind::List(items) => Some(items.len()),
        Kind::Map(_) => Some(1),
        _ => None,
    }
}

/// A value as Python spells it.
pub(super) fn spelled(value: &Value) -> Cow<'_, str> {
    match &value.kind {
        Kind::Null => "None".into(),
        Kind::Boolean(true) => "True".into(),
        Kind::Boolean(false) => "False".into(),
        Kind::Number(number) => number_text(*number).into(),
        Kind::Text(text) => Cow::Borrowed(text),
        Kind::List(items) => format!("[{}]", items.iter().map(quoted).collect::<Vec<_>>().join(", ")).into(),
        Kind::Map(map) => {
            let member = |(name, member): (&Arc<str>, &Member)| format!("'{name}': {}", quoted(&member.value));
            format!("{{{}}}", map.0.iter().map(member).collect::<Vec<_>>().join(", ")).into()
        }
        Kind::Unknown(_) | Kind::OneOf(_) => "".into(),
    }
}

fn quoted(value: &Value) -> Cow<'_, str> {
    match &value.kind {
        Kind::Text(text) => format!("'{text}'").into(),
        _ => spelled(value),
    }
}

fn whole_number(value: &Value) -> Option<i64> {
    spelled(value).trim().parse().ok()
}

fn all_of<T>(expected: &Value, parse: fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    elements(expected).iter().map(|value| parse(&spelled(value)).ok_or_else(|| value.shown())).collect()
}

/// The list or map that a text holds in JSON, all of it at the text's place.
pub(crate) fn json_in(text: &str, place: Place) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str::<Json>(text).ok().map(|json| value_of(&json, place))
}

/// The value that JSON says, at a place.
pub(super) fn value_of(json: &Json, place: Place) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(is_true) => Kind::Boolean(*is_true),
        Json::Number(number) => number.as_f64().map_or(Kind::Null, Kind::Number),
        Json::String(text) => Kind::Text(text.as_str().into()),
        Json::Array(items) => Kind::List(items.iter().map(|item| value_of(item, place)).collect()),
        Json::Object(members) => {
            let member = |(name, value): (&String, &Json)| (name.as_str().into(), Member { name: place, value: value_of(value, place) });
            Kind::Map(Arc::new(Map(members.iter().map(member).collect())))
        }
    };
    Value::new(kind, place)
}
