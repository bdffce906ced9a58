//! Lists, maps and sets. A set is a list whose values are different.

use std::{collections::BTreeMap, sync::Arc};

use super::{Call, Function, lenient, strict};
use crate::{
    Cause, Kind, Map, Member, Value,
    terraform::{
        evaluate::index_of,
        operation::{equal, map_of, one_of, text_of},
    },
};

/// How many values a function may make.
const MAX_ITEMS: usize = 1_000_000;

pub(super) static FUNCTIONS: &[Function] = &[
    strict("chunklist", chunks),
    lenient("coalesce", coalesce),
    lenient("coalescelist", coalesce_list),
    lenient("compact", compact),
    lenient("concat", concat),
    lenient("contains", contains),
    lenient("distinct", |call| of_list(call, distinct)),
    lenient("element", element),
    lenient("flatten", flatten),
    strict("index", index),
    lenient("keys", keys),
    lenient("length", length),
    lenient("list", |call| Value::new(Kind::List(call.arguments.to_vec().into()), call.at)),
    lenient("lookup", lookup),
    lenient("map", map),
    strict("matchkeys", match_keys),
    lenient("merge", merge),
    lenient("one", one),
    strict("range", range),
    lenient("reverse", |call| of_list(call, |items| items.iter().rev().cloned().collect())),
    lenient("setintersection", |call| sets(call, |left, right| left.into_iter().filter(|item| has(right, item)).collect())),
    lenient("setsubtract", |call| sets(call, |left, right| left.into_iter().filter(|item| !has(right, item)).collect())),
    lenient("setunion", |call| sets(call, |left, right| distinct(&left.into_iter().chain(right.iter().cloned()).collect::<Vec<_>>()))),
    lenient("setproduct", product),
    strict("slice", slice),
    lenient("sort", |call| {
        of_list(call, |items| {
            let mut sorted = items.to_vec();
            sorted.sort_by_key(text_of);
            sorted
        })
    }),
    lenient("tolist", |call| of_list(call, <[Value]>::to_vec)),
    lenient("tomap", |call| call.argument(0).cloned().unwrap_or_else(Value::null)),
    lenient("toset", |call| of_list(call, distinct)),
    strict("transpose", transpose),
    lenient("values", values),
    strict("zipmap", zip_map),
];

fn list(call: &Call<'_, '_>, items: Vec<Value>) -> Value {
    if MAX_ITEMS < items.len() {
        return Value::unknown(Cause::Limit("max-items".into()), call.at);
    }
    Value::new(Kind::List(items.into()), call.at)
}

fn items<'c>(call: &Call<'c, '_>, index: usize) -> Option<&'c [Value]> {
    match &call.argument(index)?.kind {
        Kind::List(items) => Some(items),
        _ => None,
    }
}

fn of_list(call: &Call<'_, '_>, apply: fn(&[Value]) -> Vec<Value>) -> Value {
    match items(call, 0) {
        Some(items) => list(call, apply(items)),
        None => call.invalid("a list is needed"),
    }
}

fn has(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| equal(item, wanted) == Some(true))
}

fn distinct(items: &[Value]) -> Vec<Value> {
    let mut seen = std::collections::HashSet::with_capacity(items.len());
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let is_new = match text_of(item) {
            Some(text) => seen.insert(text),
            None => !has(&kept, item),
        };
        if is_new {
            kept.push(item.clone());
        }
    }
    kept
}

fn chunks(call: &Call<'_, '_>) -> Value {
    let size = call.number(1).and_then(index_of).filter(|size| 0 < *size);
    match items(call, 0).zip(size) {
        Some((items, size)) => list(call, items.chunks(size).map(|chunk| Value::new(Kind::List(chunk.into()), call.at)).collect()),
        None => call.invalid("a list and a size are needed"),
    }
}

/// The first that is neither null nor empty; where that is not known, one of those that it may be.
fn coalesce(call: &Call<'_, '_>) -> Value {
    let mut possible = Vec::new();
    for argument in call.arguments {
        if argument.is_null() || argument.text() == Some("") {
            continue;
        }
        possible.push(argument.clone());
        let is_certain = match &argument.kind {
            Kind::Unknown(unknown) => unknown.is_not_null && unknown.prefix.is_some(),
            _ => true,
        };
        if is_certain {
            break;
        }
    }
    if possible.is_empty() { call.invalid("nothing is left") } else { one_of(possible, call.at) }
}

fn coalesce_list(call: &Call<'_, '_>) -> Value {
    for argument in call.arguments {
        match &argument.kind {
            Kind::List(items) if items.is_empty() => {}
            Kind::Null => {}
            _ => return argument.clone(),
        }
    }
    call.invalid("nothing is left")
}

fn compact(call: &Call<'_, '_>) -> Value {
    of_list(call, |items| items.iter().filter(|item| !item.is_null() && item.text() != Some("")).cloned().collect())
}

fn concat(call: &Call<'_, '_>) -> Value {
    let mut all = Vec::new();
    for argument in call.arguments {
        match &argument.kind {
            Kind::List(items) => all.extend(items.iter().cloned()),
            // What is in it is not known, and neither is how much.
            Kind::Unknown(_) => all.push(argument.clone()),
            _ => return call.invalid("lists are needed"),
        }
    }
    list(call, all)
}

fn contains(call: &Call<'_, '_>) -> Value {
    let (Some(items), Some(wanted)) = (items(call, 0), call.argument(1)) else { return call.invalid("a list and a value are needed") };
    let mut unknown = None;
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Value::new(Kind::Boolean(true), call.at),
            Some(false) => {}
            None => unknown = unknown.or_else(|| item.any_cause().or_else(|| wanted.any_cause())),
        }
    }
    unknown.map_or_else(|| Value::new(Kind::Boolean(false), call.at), |cause| Value::unknown(cause.clone(), call.at))
}

fn element(call: &Call<'_, '_>) -> Value {
    let Some(items) = items(call, 0).filter(|items| !items.is_empty()) else { return call.invalid("a list is needed") };
    match call.number(1).and_then(|number| index_of(number.rem_euclid(f64::from(u32::try_from(items.len()).unwrap_or(u32::MAX))))) {
        Some(index) => items.get(index).cloned().unwrap_or_else(Value::null),
        None if call.argument(1).is_some_and(|index| index.cause().is_some()) => one_of(items.to_vec(), call.at),
        None => call.invalid("an index is needed"),
    }
}

fn flatten(call: &Call<'_, '_>) -> Value {
    fn add(item: &Value, into: &mut Vec<Value>, depth: usize) {
        match &item.kind {
            Kind::List(items) if depth < 64 => items.iter().for_each(|item| add(item, into, depth + 1)),
            _ => into.push(item.clone()),
        }
    }
    let Some(items) = items(call, 0) else { return call.invalid("a list is needed") };
    let mut flat = Vec::new();
    items.iter().for_each(|item| add(item, &mut flat, 0));
    list(call, flat)
}

fn index(call: &Call<'_, '_>) -> Value {
    let found =
        items(call, 0).zip(call.argument(1)).and_then(|(items, wanted)| items.iter().position(|item| equal(item, wanted) == Some(true)));
    match found.and_then(|at| u32::try_from(at).ok()) {
        Some(at) => Value::new(Kind::Number(f64::from(at)), call.at),
        None => call.invalid("the list has no such value"),
    }
}

fn members<'c>(call: &Call<'c, '_>, index: usize) -> Option<&'c Map> {
    call.argument(index)?.map()
}

fn keys(call: &Call<'_, '_>) -> Value {
    match members(call, 0) {
        Some(map) => list(call, map.0.iter().map(|(name, member)| Value::new(Kind::Text(Arc::clone(name)), member.name)).collect()),
        None => call.invalid("a map is needed"),
    }
}

fn values(call: &Call<'_, '_>) -> Value {
    match members(call, 0) {
        Some(map) => list(call, map.0.values().map(|member| member.value.clone()).collect()),
        None => call.invalid("a map is needed"),
    }
}

fn length(call: &Call<'_, '_>) -> Value {
    let length = match call.argument(0).map(|argument| &argument.kind) {
        Some(Kind::List(items)) => items.len(),
        Some(Kind::Map(map)) => map.0.len(),
        Some(Kind::Text(text)) => text.chars().count(),
        _ => return call.invalid("a collection or a text is needed"),
    };
    Value::new(Kind::Number(u32::try_from(length).map_or(f64::MAX, f64::from)), call.at)
}

fn lookup(call: &Call<'_, '_>) -> Value {
    let default = call.argument(2).cloned();
    match (members(call, 0), call.argument(1)) {
        (Some(map), Some(key)) => match text_of(key) {
            Some(name) => {
                let found = map.0.get(&name).map(|member| member.value.clone());
                found.or(default).unwrap_or_else(|| Value::unknown(Cause::Missing(name), call.at))
            }
            None if map.0.is_empty() => default.unwrap_or_else(|| call.invalid("the map is empty")),
            None => one_of(map.0.values().map(|member| member.value.clone()).chain(default).collect(), call.at),
        },
        _ => call.invalid("a map and a key are needed"),
    }
}

fn map(call: &Call<'_, '_>) -> Value {
    let pairs = call.arguments.chunks(2).map(|pair| Some((text_of(pair.first()?)?, pair.get(1)?.clone())));
    match pairs.collect::<Option<Vec<_>>>() {
        Some(pairs) => Value::new(map_of(pairs), call.at),
        None => call.invalid("names and values are needed"),
    }
}

fn match_keys(call: &Call<'_, '_>) -> Value {
    let (Some(values), Some(keys), Some(wanted)) = (items(call, 0), items(call, 1), items(call, 2)) else {
        return call.invalid("lists are needed");
    };
    list(call, values.iter().zip(keys).filter(|(_, key)| has(wanted, key)).map(|(value, _)| value.clone()).collect())
}

/// Maps put together, the later ones first. A map that is not known may have any of the others' names: it hides none of them,
/// and a name that it may set too is not known.
fn merge(call: &Call<'_, '_>) -> Value {
    let mut merged: BTreeMap<Arc<str>, Member> = BTreeMap::new();
    let mut unknown = None;
    for argument in call.arguments {
        match &argument.kind {
            Kind::Map(map) => merged.extend(map.0.iter().map(|(name, member)| (Arc::clone(name), member.clone()))),
            Kind::Null => {}
            Kind::Unknown(_) => unknown = unknown.or(argument.cause()),
            _ => return call.invalid("maps are needed"),
        }
    }
    match unknown {
        Some(cause) => Value::unknown(cause.clone(), call.at),
        None => Value::new(Kind::Map(Arc::new(Map(merged))), call.at),
    }
}

fn one(call: &Call<'_, '_>) -> Value {
    match items(call, 0) {
        Some([]) => Value::new(Kind::Null, call.at),
        Some([item]) => item.clone(),
        _ => call.invalid("a list of one is needed"),
    }
}

fn range(call: &Call<'_, '_>) -> Value {
    let numbers: Option<Vec<f64>> = call.arguments.iter().map(Value::number).collect();
    let (start, end, step) = match numbers.as_deref() {
        Some([end]) => (0.0, *end, if *end < 0.0 { -1.0 } else { 1.0 }),
        Some([start, end]) => (*start, *end, if end < start { -1.0 } else { 1.0 }),
        Some([start, end, step]) if *step != 0.0 => (*start, *end, *step),
        _ => return call.invalid("one to three numbers are needed"),
    };
    let is_before_end = |number: f64| if 0.0 < step { number < end } else { end < number };
    let mut items = Vec::new();
    let mut number = start;
    while is_before_end(number) {
        // Terraform itself stops at 1,024.
        if MAX_ITEMS <= items.len() {
            return Value::unknown(Cause::Limit("max-items".into()), call.at);
        }
        items.push(Value::new(Kind::Number(number), call.at));
        number += step;
    }
    list(call, items)
}

fn sets(call: &Call<'_, '_>, apply: fn(Vec<Value>, &[Value]) -> Vec<Value>) -> Value {
    let mut result: Option<Vec<Value>> = None;
    for argument in call.arguments {
        let Kind::List(items) = &argument.kind else { return call.invalid("sets are needed") };
        result = Some(match result {
            None => items.to_vec(),
            Some(left) => apply(left, items),
        });
    }
    list(call, result.unwrap_or_default())
}

fn product(call: &Call<'_, '_>) -> Value {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for argument in call.arguments {
        let Kind::List(items) = &argument.kind else { return call.invalid("sets are needed") };
        if MAX_ITEMS < rows.len().saturating_mul(items.len()) {
            return Value::unknown(Cause::Limit("max-items".into()), call.at);
        }
        let with = |row: &Vec<Value>, item: &Value| row.iter().cloned().chain([item.clone()]).collect();
        rows = rows.iter().flat_map(|row| items.iter().map(move |item| with(row, item))).collect();
    }
    list(call, rows.into_iter().map(|row| Value::new(Kind::List(row.into()), call.at)).collect())
}

fn slice(call: &Call<'_, '_>) -> Value {
    let (start, end) = (call.number(1).and_then(index_of), call.number(2).and_then(index_of));
    let part = items(call, 0).zip(start.zip(end)).and_then(|(items, (start, end))| items.get(start..end));
    part.map_or_else(|| call.invalid("the list is shorter"), |part| list(call, part.to_vec()))
}

fn transpose(call: &Call<'_, '_>) -> Value {
    let Some(map) = members(call, 0) else { return call.invalid("a map is needed") };
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (name, member) in &map.0 {
        for item in member.value.items() {
            let Some(key) = text_of(item) else { return call.invalid("texts are needed") };
            turned.entry(key).or_default().push(Value::new(Kind::Text(Arc::clone(name)), call.at));
        }
    }
    Value::new(map_of(turned.into_iter().map(|(name, items)| (name, Value::new(Kind::List(items.into()), call.at)))), call.at)
}

fn zip_map(call: &Call<'_, '_>) -> Value {
    let Some((names, values)) = items(call, 0).zip(items(call, 1)) else { return call.invalid("two lists are needed") };
    let pairs: Option<Vec<(Arc<str>, Value)>> =
        names.iter().zip(values).map(|(name, value)| Some((text_of(name)?, value.clone()))).collect();
    pairs.map_or_else(|| call.invalid("texts are needed"), |pairs| Value::new(map_of(pairs), call.at))
}
