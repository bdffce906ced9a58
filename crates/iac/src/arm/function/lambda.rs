//! Functions that are told by a function what to do.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    Cause, Kind, Map, Member, Place, Value,
    terraform::operation::{map_of, one_of, text_of, unknown_of},
};

/// What a call is told.
pub(crate) enum Argument<'a> {
    /// A value.
    Value(Value),
    /// A function.
    Lambda(&'a dyn Fn(&[Value]) -> Value),
}

/// A function that is given to another one.
pub(crate) type Closure<'a> = Box<dyn Fn(&[Value]) -> Value + 'a>;

/// Whether a function is told by a function what to do.
pub(crate) fn is_known(name: &str) -> bool {
    matches!(name, "map" | "filter" | "reduce" | "sort" | "toobject" | "groupby" | "mapvalues")
}

/// What comes of a call by the function's name in lower case.
pub(crate) fn call(name: &str, arguments: &[Argument<'_>], at: Place) -> Value {
    let unknown = || Value::unknown(Cause::Function(name.into()), at);
    let Some((Argument::Value(of), rest)) = arguments.split_first() else { return unknown() };
    if let Kind::OneOf(values) = &of.kind {
        return one_of(values.iter().map(|value| over_one(name, value, rest, at).unwrap_or_else(unknown)).collect(), at);
    }
    over_one(name, of, rest, at).unwrap_or_else(unknown)
}

fn over_one(name: &str, of: &Value, rest: &[Argument<'_>], at: Place) -> Option<Value> {
    if let Some(unknown) = unknown_of([of], at) {
        return Some(Value { references: of.references.clone(), ..unknown });
    }
    if of.is_null() {
        return None;
    }
    let list = |items: Vec<Value>| Value::new(Kind::List(items.into()), at);
    Some(match (name, rest) {
        ("map", [Argument::Lambda(apply)]) => list(numbered(of).map(|(item, number)| apply(&[item.clone(), number])).collect()),
        ("filter", [Argument::Lambda(apply)]) => filtered(of, *apply, at),
        ("reduce", [Argument::Value(first), Argument::Lambda(apply)]) => {
            numbered(of).fold(first.clone(), |left, (item, number)| apply(&[left, item.clone(), number]))
        }
        ("sort", [Argument::Lambda(is_before)]) => {
            // An order that contradicts itself must not end the program: each is put behind all that are before it.
            let mut sorted: Vec<Value> = Vec::with_capacity(of.items().len());
            for item in of.items() {
                let position = sorted.iter().position(|known| is_before(&[item.clone(), known.clone()]).boolean() == Some(true));
                sorted.insert(position.unwrap_or(sorted.len()), item.clone());
            }
            list(sorted)
        }
        ("toobject", [Argument::Lambda(key), rest @ ..]) => {
            let value = |item: &Value| match rest {
                [Argument::Lambda(value)] => value(std::slice::from_ref(item)),
                _ => item.clone(),
            };
            let pair = |item: &Value| Some((text_of(&key(std::slice::from_ref(item)))?, value(item)));
            let pairs: Option<Vec<(Arc<str>, Value)>> = of.items().iter().map(pair).collect();
            match pairs {
                Some(pairs) => Value::new(map_of(pairs), at),
                None => Value::unknown(Cause::Function("toObject".into()), at),
            }
        }
        ("groupby", [Argument::Lambda(key)]) => {
            let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
            for item in of.items() {
                groups.entry(text_of(&key(std::slice::from_ref(item)))?).or_default().push(item.clone());
            }
            Value::new(map_of(groups.into_iter().map(|(name, items)| (name, list(items)))), at)
        }
        ("mapvalues", [Argument::Lambda(apply)]) => {
            let member = |(name, member): (&Arc<str>, &Member)| {
                (Arc::clone(name), Member { name: member.name, value: apply(std::slice::from_ref(&member.value)) })
            };
            Value::new(Kind::Map(Arc::new(Map(of.map()?.0.iter().map(member).collect()))), at)
        }
        _ => return None,
    })
}

/// The items that a function wants; which those are may not be known.
fn filtered(of: &Value, apply: &dyn Fn(&[Value]) -> Value, at: Place) -> Value {
    let mut kept = Vec::new();
    for (item, number) in numbered(of) {
        let is_wanted = apply(&[item.clone(), number]);
        match is_wanted.boolean() {
            Some(true) => kept.push(item.clone()),
            Some(false) => {}
            None => {
                let cause = is_wanted.any_cause().cloned().unwrap_or_else(|| Cause::Function("filter".into()));
                kept.push(Value::unknown(cause, item.place));
            }
        }
    }
    Value::new(Kind::List(kept.into()), at)
}

fn numbered(of: &Value) -> impl Iterator<Item = (&Value, Value)> {
    of.items().iter().enumerate().map(|(number, item)| (item, super::count(number, item.place)))
}
