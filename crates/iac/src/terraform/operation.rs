//! Operators, conversions and comparisons of values, some of which may not be known.

use std::sync::Arc;

use serde_json::Value as Json;

use super::syntax::Operator;
use crate::{Cause, HOLE, Kind, MAX_ALTERNATIVES, Map, Member, Place, References, Unknown, Value, value::number_text};

/// The longest text that an expression may make, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 1 << 20;

/// The references of several values together.
pub(crate) fn references_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> References {
    let mut all = Vec::new();
    values.into_iter().for_each(|value| value.collect_references(&mut all));
    if all.is_empty() {
        return None;
    }
    all.sort_unstable();
    all.dedup();
    Some(all.into())
}

/// One of several values; the one that they are if they are the same.
pub(crate) fn one_of(values: Vec<Value>, place: Place) -> Value {
    let mut alternatives: Vec<Value> = Vec::new();
    let mut add = |value: Value| {
        if !alternatives.iter().any(|known| known.kind == value.kind) {
            alternatives.push(value);
        }
    };
    for value in values {
        match &value.kind {
            Kind::OneOf(inner) => inner.iter().cloned().for_each(&mut add),
            _ => add(value),
        }
    }
    if MAX_ALTERNATIVES < alternatives.len() {
        return Value::unknown(Cause::Limit("max-alternatives".into()), place);
    }
    match alternatives.len() {
        1 => alternatives.pop().unwrap_or_else(Value::null),
        _ => Value::new(Kind::OneOf(alternatives.into()), place),
    }
}

/// Applies an operation to each alternative of the first value that has several.
pub(crate) fn lifted(arguments: &[Value], place: Place, apply: &mut dyn FnMut(&[Value]) -> Value) -> Value {
    let Some((at, alternatives)) = arguments.iter().enumerate().find_map(|(at, argument)| match &argument.kind {
        Kind::OneOf(values) => Some((at, Arc::clone(values))),
        _ => None,
    }) else {
        return apply(arguments);
    };
    let mut results = Vec::with_capacity(alternatives.len());
    let mut chosen = arguments.to_vec();
    for alternative in alternatives.iter() {
        if let Some(slot) = chosen.get_mut(at) {
            *slot = alternative.clone();
        }
        results.push(lifted(&chosen, place, apply));
    }
    one_of(results, place)
}

/// The same, of a function: what comes of it refers to what its arguments refer to.
pub(crate) fn over(arguments: &[Value], place: Place, apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let references = references_of(arguments);
    let value = lifted(arguments, place, &mut |values| apply(values));
    Value { references: value.references.clone().or(references), ..value }
}

/// What is unknown because one of these is; nothing if all are known as far as they need to be.
pub(crate) fn unknown_of<'v>(values: impl IntoIterator<Item = &'v Value>, place: Place) -> Option<Value> {
    let cause = values.into_iter().find_map(Value::cause)?;
    Some(Value::unknown(cause.clone(), place))
}

/// Something that makes no sense.
pub(crate) fn invalid(reason: &str, place: Place) -> Value {
    Value::unknown(Cause::Invalid(reason.into()), place)
}

/// An operator on one value.
pub(crate) fn unary(operator: Operator, operand: &Value, place: Place) -> Value {
    if let Some(unknown) = unknown_of([operand], place) {
        return unknown;
    }
    match operator {
        Operator::Not => {
            operand.boolean().map_or_else(|| invalid("`!` needs a truth value", place), |is| Value::new(Kind::Boolean(!is), place))
        }
        _ => operand.number().map_or_else(|| invalid("`-` needs a number", place), |number| Value::new(Kind::Number(-number), place)),
    }
}

/// An operator on two values; that of `&&` and `||` may decide by one.
pub(crate) fn binary(operator: Operator, left: &Value, right: &Value, place: Place) -> Value {
    let boolean = |is| Value::new(Kind::Boolean(is), place);
    match operator {
        Operator::And | Operator::Or => {
            let decides = operator == Operator::Or;
            let (one, other) = (left.boolean(), right.boolean());
            if one == Some(decides) || other == Some(decides) {
                return boolean(decides);
            }
            if let Some(unknown) = unknown_of([left, right], place) {
                return unknown;
            }
            return if one.is_some() && other.is_some() { boolean(!decides) } else { invalid("a truth value is needed", place) };
        }
        Operator::Equal | Operator::NotEqual => {
            let is_wanted = operator == Operator::Equal;
            return match equal(left, right) {
                Some(is) => boolean(is == is_wanted),
                None => unknown_of([left, right], place).unwrap_or_else(|| {
                    let cause = left.any_cause().or_else(|| right.any_cause()).cloned();
                    Value::unknown(cause.unwrap_or(Cause::Invalid("not comparable".into())), place)
                }),
            };
        }
        _ => {}
    }
    if let Some(unknown) = unknown_of([left, right], place) {
        return unknown;
    }
    let Some((one, other)) = left.number().zip(right.number()) else { return invalid("numbers are needed", place) };
    let number = |number: f64| {
        if number.is_finite() { Value::new(Kind::Number(number), place) } else { invalid("no number comes of this", place) }
    };
    match operator {
        Operator::Less => boolean(one < other),
        Operator::LessOrEqual => boolean(one <= other),
        Operator::Greater => boolean(other < one),
        Operator::GreaterOrEqual => boolean(other <= one),
        Operator::Add => number(one + other),
        Operator::Subtract => number(one - other),
        Operator::Multiply => number(one * other),
        Operator::Divide => number(one / other),
        Operator::Modulo => number(one % other),
        Operator::Or | Operator::And | Operator::Equal | Operator::NotEqual | Operator::Not => {
            invalid("an operator is out of place", place)
        }
    }
}

/// Whether values are the same; nothing where that is not known.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (Kind::Unknown(unknown), Kind::Null) | (Kind::Null, Kind::Unknown(unknown)) => unknown.is_not_null.then_some(false),
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Boolean(one), Kind::Boolean(other)) => Some(one == other),
        (Kind::Number(one), Kind::Number(other)) => Some(one == other),
        (Kind::Text(one), Kind::Text(other)) => Some(one == other),
        // Terraform makes one type of both sides.
        (Kind::Number(one), Kind::Text(other)) | (Kind::Text(other), Kind::Number(one)) => Some(number_text(*one) == **other),
        (Kind::Boolean(one), Kind::Text(other)) | (Kind::Text(other), Kind::Boolean(one)) => Some(one.to_string() == **other),
        (Kind::List(one), Kind::List(other)) => {
            if one.len() != other.len() {
                return Some(false);
            }
            all_equal(one.iter().zip(other.iter()))
        }
        (Kind::Map(one), Kind::Map(other)) => {
            if !one.0.keys().eq(other.0.keys()) {
                return Some(false);
            }
            all_equal(one.0.values().map(|member| &member.value).zip(other.0.values().map(|member| &member.value)))
        }
        _ => Some(false),
    }
}

fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut is_known = true;
    for (one, other) in pairs {
        match equal(one, other) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => is_known = false,
        }
    }
    is_known.then_some(true)
}

/// A value as a part of a text. Maps and lists are what `jsonencode` makes of them.
pub(crate) fn text_of(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::Text(text) => Some(Arc::clone(text)),
        Kind::Number(number) => Some(number_text(*number).into()),
        Kind::Boolean(is_true) => Some(is_true.to_string().into()),
        Kind::List(_) | Kind::Map(_) => json(value).map(|json| json.to_string().into()),
        Kind::Null | Kind::Unknown(_) | Kind::OneOf(_) => None,
    }
}

/// A value as JSON; nothing if a part of it is not known.
pub(crate) fn json(value: &Value) -> Option<Json> {
    Some(match &value.kind {
        Kind::Null => Json::Null,
        Kind::Boolean(is_true) => Json::Bool(*is_true),
        Kind::Number(number) => number_text(*number).parse::<serde_json::Number>().map_or(Json::Null, Json::Number),
        Kind::Text(text) => Json::String(text.to_string()),
        Kind::List(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Kind::Map(map) => {
            Json::Object(map.0.iter().map(|(name, member)| Some((name.to_string(), json(&member.value)?))).collect::<Option<_>>()?)
        }
        Kind::Unknown(_) | Kind::OneOf(_) => return None,
    })
}

/// A value of JSON, all of it at one place.
pub(crate) fn of_json(json: &Json, place: Place) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(is_true) => Kind::Boolean(*is_true),
        Json::Number(number) => number.as_f64().map_or(Kind::Null, Kind::Number),
        Json::String(text) => Kind::Text(text.as_str().into()),
        Json::Array(items) => Kind::List(items.iter().map(|item| of_json(item, place)).collect()),
        Json::Object(members) => map_of(members.iter().map(|(name, value)| (name.as_str().into(), of_json(value, place)))),
    };
    Value::new(kind, place)
}

/// A map of names and values.
pub(crate) fn map_of(members: impl IntoIterator<Item = (Arc<str>, Value)>) -> Kind {
    let member = |(name, value): (Arc<str>, Value)| (name, Member { name: value.place, value });
    Kind::Map(Arc::new(Map(members.into_iter().map(member).collect())))
}

/// A text that grows, until it meets what is not known.
#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
    unknown: Option<Cause>,
    /// What follows the first part that is not known, itself included.
    rest: String,
    parts: Vec<Value>,
}

impl Text {
    /// Adds what is written.
    pub(crate) fn push_str(&mut self, text: &str) {
        if self.unknown.is_some() {
            if self.text.len() + self.rest.len() + text.len() <= MAX_TEXT_BYTES {
                self.rest.push_str(text);
            }
            return;
        }
        self.text.push_str(text);
        if MAX_TEXT_BYTES < self.text.len() {
            self.text.clear();
            self.unknown = Some(Cause::Limit("max-text-bytes".into()));
        }
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, value: &Value) {
        if value.references.is_some() {
            self.parts.push(Value { kind: Kind::Null, ..value.clone() });
        }
        match text_of(value) {
            Some(text) => self.push_str(&text),
            None => {
                let hole = String::from(HOLE);
                let outline = value.outline().unwrap_or(&hole).to_owned();
                if self.unknown.is_none() {
                    let null = Cause::Invalid("nothing can be put into a text".into());
                    self.unknown = Some(value.any_cause().cloned().unwrap_or(null));
                    if let Kind::Unknown(unknown) = &value.kind
                        && let Some(prefix) = unknown.prefix.as_deref()
                    {
                        self.text.push_str(prefix);
                        self.rest.push_str(outline.strip_prefix(prefix).unwrap_or(&hole));
                        return;
                    }
                }
                self.push_str(&outline);
            }
        }
    }

    /// The text, or what is known of it.
    pub(crate) fn finish(self, place: Place) -> Value {
        let references = references_of(&self.parts);
        let kind = match self.unknown {
            None => Kind::Text(self.text.into()),
            Some(cause) => {
                let outline = (!self.rest.is_empty()).then(|| format!("{}{}", self.text, self.rest).into());
                let prefix = (!self.text.is_empty()).then(|| self.text.into());
                Kind::Unknown(Arc::new(Unknown { cause, prefix, is_not_null: true, outline }))
            }
        };
        Value { kind, place, references }
    }
}
