//! From the arguments of modules to the attributes of resources that checks are written for.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    modules::{Default, Field, How, MODULES, Module},
    task::{self, Task},
};
use crate::{Kind, Map, Member, Place, Value};

/// What a task makes in a cloud: types and bodies. What is taken away is nothing.
pub(super) fn resources(task: &Task) -> Vec<(&'static str, Value)> {
    let name = task::short(&task.module);
    let Some(module) = MODULES.iter().copied().flatten().find(|module| module.names.contains(&name)) else { return Vec::new() };
    let arguments = task.resolved();
    let is_absent = arguments.get("state").and_then(Value::text).is_some_and(|state| matches!(state, "absent" | "terminated" | "deleted"));
    if is_absent {
        return Vec::new();
    }
    let mut made = vec![(module.resource, body(module, &arguments))];
    for (from, resource, fields) in module.children {
        let items = arguments.get(from).map(Value::items).unwrap_or_default();
        made.extend(items.iter().map(|item| (*resource, mapped(item, fields))));
    }
    made
}

fn body(module: &Module, arguments: &Value) -> Value {
    let value = mapped(arguments, module.fields);
    let Kind::Map(map) = &value.kind else { return value };
    let mut map = Map::clone(map);
    for (name, default) in module.defaults {
        let kind = match default {
            Default::Is(is_true) => Kind::Boolean(*is_true),
            Default::Text(text) => Kind::Text((*text).into()),
        };
        let member = || Member { name: arguments.place, value: Value::new(kind.clone(), arguments.place) };
        map.0.entry(Arc::from(*name)).or_insert_with(member);
    }
    Value::new(Kind::Map(Arc::new(map)), value.place)
}

/// A tree of attributes that is being made.
#[derive(Debug, std::default::Default)]
struct Tree(BTreeMap<Arc<str>, Branch>);

#[derive(Debug)]
enum Branch {
    Leaf(Member),
    /// A block that stands once.
    Block(Tree, Place),
}

/// A map with other names: those of the fields, and all that no field speaks of as it is.
fn mapped(value: &Value, fields: &[Field]) -> Value {
    let Kind::Map(map) = &value.kind else { return value.clone() };
    let mut tree = Tree::default();
    let is_taken = |name: &str| fields.iter().any(|field| field.from.split('.').next() == Some(name));
    for (name, member) in map.0.iter().filter(|(name, _)| !is_taken(name)) {
        tree.0.insert(Arc::clone(name), Branch::Leaf(member.clone()));
    }
    for field in fields {
        let way: Vec<&str> = field.from.split('.').collect();
        let Some(found) = value.at(&way) else { continue };
        let way: Vec<&str> = field.to.split('.').collect();
        tree.insert(&way, changed(found, &field.how), value.place);
    }
    tree.value(value.place)
}

fn changed(value: &Value, how: &How) -> Value {
    let list = |items: Vec<Value>| Value::new(Kind::List(items.into()), value.place);
    match how {
        How::Same => value.clone(),
        How::List => match &value.kind {
            Kind::List(_) | Kind::Unknown(_) => value.clone(),
            _ => list(vec![value.clone()]),
        },
        How::Not => match task::is_true(value) {
            Some(is_true) => Value::new(Kind::Boolean(!is_true), value.place),
            None => value.clone(),
        },
        How::Is(text) => match value.text() {
            Some(given) => Value::new(Kind::Boolean(given.eq_ignore_ascii_case(text)), value.place),
            None => value.clone(),
        },
        How::Truth => match task::is_true(value) {
            Some(is_true) => Value::new(Kind::Boolean(is_true), value.place),
            None => value.clone(),
        },
        How::Block(fields) => match &value.kind {
            Kind::List(items) => list(items.iter().map(|item| mapped(item, fields)).collect()),
            Kind::Map(_) => list(vec![mapped(value, fields)]),
            _ => value.clone(),
        },
        How::Ports(fields) => list(value.items().iter().flat_map(|rule| ports(rule, fields)).collect()),
    }
}

/// A rule of a security group for each of its ports.
fn ports(rule: &Value, fields: &[Field]) -> Vec<Value> {
    const MAX_PORTS: usize = 256;
    let plain = mapped(rule, fields);
    let Some(ports) = rule.get("ports") else { return vec![plain] };
    let of_port = |port: &Value| {
        let text = port.text().map(str::to_owned).or_else(|| port.number().map(crate::value::number_text));
        let text = text.unwrap_or_default();
        let (from, to) = text.split_once('-').unwrap_or((&text, &text));
        let Kind::Map(map) = &plain.kind else { return plain.clone() };
        let mut map = Map::clone(map);
        for (name, end) in [("from_port", from), ("to_port", to)] {
            let end = end.trim().parse::<f64>();
            let value = end.map_or_else(|_| port.clone(), |number| Value::new(Kind::Number(number), port.place));
            map.0.insert(name.into(), Member { name: port.place, value });
        }
        map.0.remove("ports");
        Value::new(Kind::Map(Arc::new(map)), plain.place)
    };
    match &ports.kind {
        Kind::List(items) => items.iter().take(MAX_PORTS).map(of_port).collect(),
        _ => vec![of_port(ports)],
    }
}

impl Tree {
    fn insert(&mut self, way: &[&str], value: Value, place: Place) {
        match way {
            [] => {}
            [name] => {
                self.0.insert(Arc::from(*name), Branch::Leaf(Member { name: value.place, value }));
            }
            [name, rest @ ..] => {
                let branch = self.0.entry(Arc::from(*name)).or_insert_with(|| Branch::Block(Self::default(), place));
                if let Branch::Block(tree, _) = branch {
                    tree.insert(rest, value, place);
                }
            }
        }
    }

    fn value(self, place: Place) -> Value {
        let member = |(name, branch): (Arc<str>, Branch)| match branch {
            Branch::Leaf(member) => (name, member),
            Branch::Block(tree, place) => {
                let block = tree.value(place);
                (name, Member { name: place, value: Value::new(Kind::List(vec![block].into()), place) })
            }
        };
        Value::new(Kind::Map(Arc::new(Map(self.0.into_iter().map(member).collect()))), place)
    }
}
