//! Types of variables: what a given value becomes by them. Terraform's type constraints, with `optional` attributes.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    operation::text_of,
    syntax::{Expression, ExpressionKind},
};
use crate::{Kind, Map, Member, Place, Value};

/// Types nested more deeply are left as they are.
const MAX_DEPTH: usize = 32;

/// The value that a variable of this type gets; `evaluate` evaluates defaults of optional attributes.
pub(super) fn convert(value: &Value, of_type: &Expression, evaluate: &dyn Fn(&Expression) -> Value, depth: usize) -> Value {
    if MAX_DEPTH <= depth || value.is_null() {
        return value.clone();
    }
    match &of_type.kind {
        ExpressionKind::Name(name) | ExpressionKind::Text(name) => scalar(value, name),
        ExpressionKind::Call(name, arguments, _) => {
            let Some(inner) = arguments.first() else { return value.clone() };
            match &**name {
                "list" | "set" => items(value, &|item| convert(item, inner, evaluate, depth + 1)),
                "map" => members(value, &|member| convert(member, inner, evaluate, depth + 1)),
                "optional" => convert(value, inner, evaluate, depth + 1),
                "object" => object(value, inner, evaluate, depth + 1),
                _ => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

fn scalar(value: &Value, name: &str) -> Value {
    let kind = match (name, &value.kind) {
        ("string", Kind::Number(_) | Kind::Boolean(_)) => text_of(value).map(Kind::Text),
        ("number", Kind::Text(_)) => value.number().map(Kind::Number),
        ("bool", Kind::Text(_)) => value.boolean().map(Kind::Boolean),
        _ => None,
    };
    kind.map_or_else(|| value.clone(), |kind| Value { kind, ..value.clone() })
}

fn items(value: &Value, each: &dyn Fn(&Value) -> Value) -> Value {
    match &value.kind {
        Kind::List(items) => Value { kind: Kind::List(items.iter().map(each).collect()), ..value.clone() },
        _ => value.clone(),
    }
}

fn members(value: &Value, each: &dyn Fn(&Value) -> Value) -> Value {
    match &value.kind {
        Kind::Map(map) => {
            let member =
                |(name, member): (&Arc<str>, &Member)| (Arc::clone(name), Member { name: member.name, value: each(&member.value) });
            Value { kind: Kind::Map(Arc::new(Map(map.0.iter().map(member).collect()))), ..value.clone() }
        }
        _ => value.clone(),
    }
}

/// The attributes that the type names: given ones converted, optional ones with their defaults, others left out.
fn object(value: &Value, attributes: &Expression, evaluate: &dyn Fn(&Expression) -> Value, depth: usize) -> Value {
    let (Kind::Map(given), ExpressionKind::Object(attributes)) = (&value.kind, &attributes.kind) else { return value.clone() };
    let mut made = BTreeMap::new();
    for (name, of_type) in attributes {
        let Some(name) = name.text() else { continue };
        let member = given.0.get(name).filter(|member| !member.value.is_null());
        let (inner, default) = match &of_type.kind {
            ExpressionKind::Call(call, arguments, _) if &**call == "optional" => (arguments.first().unwrap_or(of_type), arguments.get(1)),
            _ => (of_type, None),
        };
        let place = member.map_or(value.place, |member| member.name);
        let attribute = match (member, default) {
            (Some(member), _) => convert(&member.value, inner, evaluate, depth),
            (None, Some(default)) => convert(&evaluate(default), inner, evaluate, depth),
            (None, None) => Value::new(Kind::Null, Place { ..value.place }),
        };
        made.insert(name.into(), Member { name: place, value: attribute });
    }
    Value { kind: Kind::Map(Arc::new(Map(made))), ..value.clone() }
}
