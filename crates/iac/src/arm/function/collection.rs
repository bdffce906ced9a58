//! Functions of lists and objects.

use std::{collections::BTreeMap, sync::Arc};

use super::{Function, count, lenient, strict};
use crate::{
    Cause, Kind, Map, Member, Place, Value,
    terraform::{
        index_of,
        operation::{Text, equal, map_of, one_of, text_of, unknown_of},
    },
};

/// How many items a function may make.
const MAX_ITEMS: usize = 10_000;
/// How deeply objects are merged.
const MAX_DEPTH: usize = 64;

pub(super) static FUNCTIONS: &[Function] = &[
    lenient("concat", concat),
    lenient("createarray", |arguments, at| Some(Value::new(Kind::List(arguments.into()), at))),
    lenient("createobject", |arguments, at| {
        let pairs: Vec<&[Value]> = arguments.chunks(2).collect();
        if let Some(unknown) = unknown_of(pairs.iter().filter_map(|pair| pair.first()), at) {
            return Some(unknown);
        }
        let pair = |pair: &&[Value]| Some((text_of(pair.first()?)?, pair.get(1)?.clone()));
        Some(Value::new(map_of(pairs.iter().filter_map(pair)), at))
    }),
    strict("array", |arguments, at| match arguments {
        [list @ Value { kind: Kind::List(_), .. }] => Some(list.clone()),
        [one] => Some(Value::new(Kind::List([one.clone()].into()), at)),
        _ => None,
    }),
    lenient("coalesce", |arguments, at| Some(coalesced(arguments, at))),
    strict("contains", contains),
    strict("empty", |arguments, at| {
        let value = arguments.first()?;
        let is = match &value.kind {
            Kind::Map(map) => map.0.is_empty(),
            Kind::List(items) => items.is_empty(),
            Kind::Text(text) => text.is_empty(),
            _ => value.is_null(),
        };
        Some(Value::new(Kind::Boolean(is), at))
    }),
    strict("length", |arguments, at| match &arguments.first()?.kind {
        Kind::Map(map) => Some(count(map.0.len(), at)),
        Kind::List(items) => Some(count(items.len(), at)),
        Kind::Text(text) => Some(count(text.chars().count(), at)),
        _ => None,
    }),
    strict("first", |arguments, at| match &arguments.first()?.kind {
        Kind::Text(text) => Some(Value::of_text(text.chars().take(1).collect::<String>(), at)),
        Kind::List(items) => Some(items.first().cloned().unwrap_or_else(Value::null)),
        _ => None,
    }),
    strict("last", |arguments, at| match &arguments.first()?.kind {
        Kind::Text(text) => Some(Value::of_text(text.chars().next_back().map(String::from).unwrap_or_default(), at)),
        Kind::List(items) => Some(items.last().cloned().unwrap_or_else(Value::null)),
        _ => None,
    }),
    strict("take", |arguments, at| part(arguments, at, |n_items, n| (0, n.min(n_items)))),
    strict("skip", |arguments, at| part(arguments, at, |n_items, n| (n.min(n_items), n_items))),
    strict("union", |arguments, at| {
        let (first, rest) = arguments.split_first()?;
        match &first.kind {
            Kind::Map(_) => Some(rest.iter().fold(first.clone(), |left, right| merged(&left, right, 0))),
            _ => Some(Value::new(Kind::List(distinct(arguments.iter().flat_map(Value::items))), at)),
        }
    }),
    strict("shallowmerge", |arguments, at| {
        let parts = arguments.first()?.items();
        if let Some(cause) = parts.iter().find(|part| part.map().is_none()).and_then(Value::any_cause) {
            return Some(Value::unknown(cause.clone(), at));
        }
        let objects = parts.iter().filter_map(Value::map);
        let members = objects.flat_map(|map| map.0.iter().map(|(name, member)| (Arc::clone(name), member.clone())));
        Some(Value::new(Kind::Map(Arc::new(Map(members.collect()))), at))
    }),
    strict("intersection", |arguments, at| {
        let (first, rest) = arguments.split_first()?;
        if let Kind::Map(map) = &first.kind {
            let is_in_all = |name: &Arc<str>| rest.iter().all(|other| other.member(name).is_some());
            let members = map.0.iter().filter(|(name, _)| is_in_all(name)).map(|(name, member)| (Arc::clone(name), member.clone()));
            return Some(Value::new(Kind::Map(Arc::new(Map(members.collect()))), at));
        }
        let is_in_all = |item: &&Value| rest.iter().all(|other| has(other.items(), item));
        Some(Value::new(Kind::List(first.items().iter().filter(is_in_all).cloned().collect()), at))
    }),
    strict("range", |arguments, at| {
        let (start, n) = (arguments.first()?.number()?, arguments.get(1)?.number().and_then(index_of)?);
        if MAX_ITEMS < n {
            return Some(Value::unknown(Cause::Limit("max-items".into()), at));
        }
        let number = |number: usize| Value::new(Kind::Number(start + u32::try_from(number).map_or(0.0, f64::from)), at);
        Some(Value::new(Kind::List((0..n).map(number).collect()), at))
    }),
    strict("min", |arguments, at| chosen(arguments, at, f64::min)),
    strict("max", |arguments, at| chosen(arguments, at, f64::max)),
    strict("items", |arguments, at| {
        let members = &arguments.first()?.map()?.0;
        let item = |(name, member): (&Arc<str>, &Member)| {
            let name = Value { place: member.name, ..Value::of_text(Arc::clone(name), at) };
            Value::of_members([("key", name), ("value", member.value.clone())], member.value.place)
        };
        Some(Value::new(Kind::List(members.iter().map(item).collect()), at))
    }),
    strict("objectkeys", |arguments, at| {
        let members = &arguments.first()?.map()?.0;
        Some(Value::new(Kind::List(members.keys().map(|name| Value::of_text(Arc::clone(name), at)).collect()), at))
    }),
    strict("flatten", |arguments, at| {
        let inner = |item: &Value| match &item.kind {
            Kind::List(items) => items.to_vec(),
            _ => vec![item.clone()],
        };
        Some(Value::new(Kind::List(arguments.first()?.items().iter().flat_map(inner).collect()), at))
    }),
    strict("tryget", |arguments, at| {
        let (of, way) = arguments.split_first()?;
        Some(way.iter().fold(of.clone(), |of, index| element(&of, index, at).unwrap_or_else(Value::null)))
    }),
];

/// The first that is something; where that is not known, one of those that it may be.
fn coalesced(values: &[Value], at: Place) -> Value {
    let mut possible = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        possible.push(value.clone());
        let may_be_null = match &value.kind {
            Kind::Unknown(unknown) => !unknown.is_not_null,
            Kind::OneOf(values) => values.iter().any(|value| value.is_null() || value.cause().is_some()),
            _ => false,
        };
        if !may_be_null {
            break;
        }
    }
    if possible.is_empty() { Value::new(Kind::Null, at) } else { one_of(possible, at) }
}

/// An item of a list, or a member of an object; nothing where it is not there.
pub(crate) fn element(of: &Value, index: &Value, at: Place) -> Option<Value> {
    if let Some(unknown) = unknown_of([of, index], at) {
        return Some(Value { references: of.references.clone(), ..unknown });
    }
    if let Some(name) = index.text() {
        return member(of, name);
    }
    let number = index.number()?;
    let items = of.items();
    match index_of(number) {
        Some(position) => items.get(position).cloned(),
        // The last one is -1.
        None => items.iter().nth_back(index_of(-number)?.checked_sub(1)?).cloned(),
    }
}

/// A member of an object; names are compared without case.
fn member(of: &Value, name: &str) -> Option<Value> {
    let members = &of.map()?.0;
    let exact = members.get(name).map(|member| member.value.clone());
    exact.or_else(|| members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, member)| member.value.clone()))
}

fn concat(arguments: &[Value], at: Place) -> Option<Value> {
    if !arguments.iter().any(|argument| matches!(argument.kind, Kind::List(_))) {
        let mut text = Text::default();
        arguments.iter().for_each(|part| text.push(part));
        return Some(text.finish(at));
    }
    let mut all = Vec::new();
    for argument in arguments {
        match &argument.kind {
            Kind::List(items) => all.extend(items.iter().cloned()),
            // What is in it is not known, and neither is how much.
            _ => all.push(argument.clone()),
        }
    }
    Some(if all.len() <= MAX_ITEMS { Value::new(Kind::List(all.into()), at) } else { Value::unknown(Cause::Limit("max-items".into()), at) })
}

fn contains(arguments: &[Value], at: Place) -> Option<Value> {
    let [container, wanted] = arguments else { return None };
    let is = match &container.kind {
        Kind::Map(map) => text_of(wanted).is_some_and(|name| map.0.keys().any(|known| known.eq_ignore_ascii_case(&name))),
        Kind::List(items) => {
            let cause = items.iter().find_map(Value::any_cause);
            match (has(items, wanted), cause) {
                (false, Some(cause)) => return Some(Value::unknown(cause.clone(), at)),
                (is, _) => is,
            }
        }
        Kind::Text(value) => value.contains(&*text_of(wanted)?),
        _ => return None,
    };
    Some(Value::new(Kind::Boolean(is), at))
}

fn has(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| equal(item, wanted) == Some(true))
}

fn distinct<'v>(items: impl Iterator<Item = &'v Value>) -> Arc<[Value]> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items.take(MAX_ITEMS) {
        if !has(&kept, item) {
            kept.push(item.clone());
        }
    }
    kept.into()
}

/// A part of a list or a text, from one position to another.
fn part(arguments: &[Value], at: Place, range: fn(usize, usize) -> (usize, usize)) -> Option<Value> {
    let n = arguments.get(1)?.number()?;
    let n = if n < 0.0 { 0 } else { index_of(n)? };
    match &arguments.first()?.kind {
        Kind::Text(text) => {
            let (start, end) = range(text.chars().count(), n);
            Some(Value::of_text(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>(), at))
        }
        Kind::List(items) => {
            let (start, end) = range(items.len(), n);
            Some(Value::new(Kind::List(items.get(start..end)?.into()), at))
        }
        _ => None,
    }
}

/// Of numbers, or of a list of them.
fn chosen(arguments: &[Value], at: Place, choose: fn(f64, f64) -> f64) -> Option<Value> {
    let numbers = match arguments {
        [list @ Value { kind: Kind::List(_), .. }] => list.items(),
        numbers => numbers,
    };
    let numbers: Vec<f64> = numbers.iter().map(Value::number).collect::<Option<_>>()?;
    Some(Value::new(Kind::Number(numbers.into_iter().reduce(choose)?), at))
}

/// Objects in each other; of what is no object in both, the latter counts.
fn merged(left: &Value, right: &Value, depth: usize) -> Value {
    let (Kind::Map(one), Kind::Map(other)) = (&left.kind, &right.kind) else { return right.clone() };
    if MAX_DEPTH < depth {
        return right.clone();
    }
    let mut members: BTreeMap<Arc<str>, Member> = one.0.clone();
    for (name, member) in &other.0 {
        let value = members.get(name).map_or_else(|| member.value.clone(), |known| merged(&known.value, &member.value, depth + 1));
        members.insert(Arc::clone(name), Member { name: member.name, value });
    }
    Value { kind: Kind::Map(Arc::new(Map(members))), ..left.clone() }
}
