//! Sets, lists and numbers.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use sha2::{Digest as _, Sha256};

use super::text;

/// Whether all elements are true; deprecated in OPA.
pub(super) fn all(arguments: &[Value]) -> Option<Value> {
    let elements = elements(arguments.first()?)?;
    Some(Value::from(elements.iter().all(|element| **element == Value::Bool(true))))
}

/// Whether an element is true; deprecated in OPA.
pub(super) fn any(arguments: &[Value]) -> Option<Value> {
    let elements = elements(arguments.first()?)?;
    Some(Value::from(elements.iter().any(|element| **element == Value::Bool(true))))
}

fn elements(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Set(items) => Some(items.iter_sorted().collect()),
        _ => None,
    }
}

/// The elements of lists in a list, at any depth.
pub(super) fn flatten(arguments: &[Value]) -> Option<Value> {
    let Value::Array(items) = arguments.first()? else { return None };
    let mut flat = Vec::new();
    // No recursion: what is nested is put back on the pile.
    let mut pile: Vec<&Value> = items.iter().collect();
    pile.reverse();
    while let Some(item) = pile.pop() {
        match item {
            Value::Array(items) => {
                let n_before = pile.len();
                pile.extend(items.iter());
                pile.get_mut(n_before..).unwrap_or_default().reverse();
            }
            other => flat.push(other.clone()),
        }
    }
    Some(Value::from(flat))
}

/// The sum of two numbers; OPA has it as an operator, too.
pub(super) fn plus(arguments: &[Value]) -> Option<Value> {
    let (one, other) = (arguments.first()?, arguments.get(1)?);
    match (one.as_i64(), other.as_i64()) {
        (Ok(one), Ok(other)) => one.checked_add(other).map(Value::from),
        (Ok(_), Err(_)) | (Err(_), _) => Some(Value::from(one.as_f64().ok()? + other.as_f64().ok()?)),
    }
}

/// The difference of two numbers or sets.
pub(super) fn minus(arguments: &[Value]) -> Option<Value> {
    match (arguments.first()?, arguments.get(1)?) {
        (Value::Number(_), Value::Number(_)) => {
            let (one, other) = (arguments.first()?, arguments.get(1)?);
            match (one.as_i64(), other.as_i64()) {
                (Ok(one), Ok(other)) => one.checked_sub(other).map(Value::from),
                (Ok(_), Err(_)) | (Err(_), _) => Some(Value::from(one.as_f64().ok()? - other.as_f64().ok()?)),
            }
        }
        _ => difference(arguments),
    }
}

/// The elements of a set that another one does not have.
pub(super) fn difference(arguments: &[Value]) -> Option<Value> {
    match (arguments.first()?, arguments.get(1)?) {
        (Value::Set(one), Value::Set(other)) => Some(one.difference(other).into_value()),
        _ => None,
    }
}

/// Whether a value has all that another one has. The interpreter's own panics where that is an empty list.
pub(super) fn subset(arguments: &[Value]) -> Option<Value> {
    Some(Value::from(has_all(arguments.first()?, arguments.get(1)?)))
}

fn has_all(all: &Value, some: &Value) -> bool {
    match (all, some) {
        (Value::Object(all), Value::Object(some)) => {
            some.iter().all(|(key, value)| all.get(key).is_some_and(|other| has_all(other, value)))
        }
        (Value::Set(all), Value::Set(some)) => some.is_subset(all),
        (Value::Array(_), Value::Array(some)) if some.is_empty() => true,
        (Value::Array(all), Value::Array(some)) => all.as_slice().windows(some.len()).any(|window| window == some.as_slice()),
        (Value::Array(all), Value::Set(some)) => {
            let all: BTreeSet<&Value> = all.iter().collect();
            some.iter_sorted().all(|element| all.contains(element))
        }
        (all, some) => all == some,
    }
}

/// The digest of a text, in hexadecimal.
pub(super) fn sha256(arguments: &[Value]) -> Option<Value> {
    let digest = Sha256::digest(text(arguments, 0)?.as_bytes());
    Some(Value::from(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// A number below another one, the same for the same text each time: nothing here is left to chance.
pub(super) fn chosen(arguments: &[Value]) -> Option<Value> {
    let below = arguments.get(1)?.as_u64().ok().filter(|below| 0 < *below)?;
    let digest = Sha256::digest(text(arguments, 0)?.as_bytes());
    let start = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    Some(Value::from(start % below))
}

/// A map with these names.
pub(super) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    Value::from(members.into_iter().map(|(name, value)| (Value::from(name), value)).collect::<BTreeMap<_, _>>())
}
