//! Evaluated resources of Azure to the canonical notation: of templates and of Bicep.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    Graph, HOLE, Kind, Map, Member, Place, Resource, ResourceId, Unknown, Value,
    translate::{Table, Translated},
};

/// How deeply values are nested.
const MAX_DEPTH: usize = 64;
/// Members that say how and when a resource is made, and not what it is.
const OF_DEPLOYMENT: &[&str] = &["resources", "dependsOn", "type", "apiVersion", "copy", "condition", "existing", "comments", "parent"];

/// The table of types.
pub(crate) fn table() -> Table {
    Table::parse(include_str!("types.txt"))
}

/// A resource in the canonical notation, from its members as they are written and evaluated.
pub(crate) fn translated(table: &Table, native_type: &str, members: &Value, parent: Option<ResourceId>) -> Translated {
    let mut body = BTreeMap::new();
    for (name, member) in members.map().iter().flat_map(|map| &map.0).filter(|(name, _)| !OF_DEPLOYMENT.contains(&&***name)) {
        let value = if &**name == "name" { last_name(&member.value) } else { member.value.clone() };
        body.insert(Arc::clone(name), Member { value, ..member.clone() });
    }
    if let Some(parent) = parent {
        body.insert("parent".into(), Member { name: members.place, value: Value::computed(parent, "id", members.place) });
    }
    let body = Value { kind: Kind::Map(Arc::new(Map(body))), ..members.clone() };
    table.translate(native_type, &hoisted(&body, 0))
}

/// Gives a resource its attributes, and adds what it has with it as resources of their own.
pub(crate) fn fill(graph: &mut Graph, id: ResourceId, translated: Translated) {
    graph.set_body(id, translated.body);
    let Some(owner) = graph.get(id).cloned() else { return };
    for (of_type, by, body) in translated.companions {
        graph.add(companion(&owner, of_type, by, body));
    }
}

fn companion(owner: &Resource, of_type: &str, by: &str, mut body: Value) -> Resource {
    let place = body.place;
    if let Kind::Map(map) = &mut body.kind {
        let reference = Member { name: place, value: Value::computed(owner.id, "id", place) };
        Arc::make_mut(map).0.insert(by.into(), reference);
    }
    let shown = body.get("name").and_then(Value::text).map_or_else(String::new, |name| format!("/{name}"));
    let address: Arc<str> = format!("{}.{of_type}{shown}", owner.block_address).into();
    let is_within = place.file == owner.block.file && owner.block.start <= place.start && place.end <= owner.block.end;
    Resource {
        native_type: of_type.into(),
        canonical_type: of_type.into(),
        block_address: Arc::clone(&address),
        address,
        header: if is_within { Place { end: place.start, ..place } } else { owner.header },
        block: if is_within { place } else { owner.block },
        body,
        ..owner.clone()
    }
}

/// What a resource is called within the one that it is a part of.
fn last_name(name: &Value) -> Value {
    let last = |text: &str| text.rsplit_once('/').map(|(_, last)| last.to_owned());
    let kind = match &name.kind {
        Kind::Text(text) => last(text).map(|last| Kind::Text(last.into())),
        Kind::Unknown(unknown) => unknown.outline.as_deref().and_then(last).map(|outline| {
            if !outline.contains(HOLE) {
                return Kind::Text(outline.into());
            }
            let prefix = outline.split(HOLE).next().filter(|prefix| !prefix.is_empty()).map(Into::into);
            Kind::Unknown(Arc::new(Unknown { prefix, outline: Some(outline.into()), ..Unknown::clone(unknown) }))
        }),
        _ => None,
    };
    kind.map_or_else(|| name.clone(), |kind| Value { kind, ..name.clone() })
}

/// The same value, with the members of every `properties` beside it.
fn hoisted(value: &Value, depth: usize) -> Value {
    if MAX_DEPTH < depth {
        return value.clone();
    }
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| hoisted(item, depth + 1)).collect()),
        Kind::OneOf(values) => Kind::OneOf(values.iter().map(|value| hoisted(value, depth + 1)).collect()),
        Kind::Map(map) => {
            let mut members = BTreeMap::new();
            for (name, member) in &map.0 {
                let value = hoisted(&member.value, depth + 1);
                match &value.kind {
                    Kind::Map(inner) if &**name == "properties" => {
                        members.extend(inner.0.iter().map(|(name, member)| (Arc::clone(name), member.clone())));
                    }
                    _ => drop(members.insert(Arc::clone(name), Member { name: member.name, value })),
                }
            }
            Kind::Map(Arc::new(Map(members)))
        }
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}
