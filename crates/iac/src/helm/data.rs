//! Values as documents: YAML, JSON and TOML, read and written as Helm's libraries do.

pub(super) mod json;
pub(super) mod scalar;
pub(super) mod toml;
pub(super) mod yaml;

use bartizan_source::document::{Node, Value};

use super::{
    machine::Machine,
    value::{Key, Map, Val},
};

/// A value of a document, all of it with one key; `number` says what a number is.
fn value(machine: &mut Machine, node: &Node<'_>, key: Key, number: fn(&str) -> Val) -> Val {
    let val = match &node.value {
        Value::Null => Val::NIL,
        Value::Boolean(is) => Val::bool(*is),
        Value::Number(written) => number(written),
        Value::Text(text) => Val::text(text.as_ref()),
        Value::List(items) => {
            let items = items.iter().map(|item| value(machine, item, key, number)).collect();
            machine.heap.new_list(items)
        }
        Value::Map(members) => {
            let mut map = Map::new();
            for member in members {
                let item = value(machine, &member.node, key, number);
                map.insert(member.name.as_ref().into(), item);
            }
            machine.heap.new_map(map)
        }
    };
    val.keyed(key)
}
