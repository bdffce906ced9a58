//! CloudFormation and SAM: templates to resources, with parameters, mappings, conditions and intrinsic functions evaluated.

mod evaluate;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use self::evaluate::Template;
use crate::{
    Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
    translate::Table,
};

pub(crate) const READER: FormatReader =
    FormatReader { name: "cloudformation", example: "template.yaml", files: None, assemble: Some(assemble) };

/// Scopes of templates have numbers of their own.
const FIRST_SCOPE: u32 = 1 << 24;

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut table = None;
    let mut scope = FIRST_SCOPE;
    for (file, noted) in project.numbered() {
        for document in &noted.documents {
            let Document::Data(DataKind::CloudFormation, value) = document else { continue };
            let table = table.get_or_insert_with(self::table);
            resources(&value.in_file(file), table, ScopeId(scope), graph);
            scope += 1;
        }
    }
}

/// The table of types.
pub(crate) fn table() -> Table {
    Table::parse(include_str!("cloudformation/types.txt"))
}

/// Adds the resources of a template.
pub(crate) fn resources(template: &Value, table: &Table, scope: ScopeId, graph: &mut Graph) {
    let Some(declared) = template.get("Resources").and_then(Value::map) else { return };
    // Every resource has its number before any is evaluated: they refer to each other.
    let mut ids: BTreeMap<Arc<str>, ResourceId> = BTreeMap::new();
    let mut waiting: Vec<(ResourceId, &Value, Arc<str>)> = Vec::new();
    let conditions = Template::new(template, BTreeMap::new());
    for (name, member) in &declared.0 {
        let Some(native_type) = member.value.get("Type").and_then(Value::text) else { continue };
        let condition = member.value.get("Condition").and_then(Value::text).map(|name| conditions.condition(name));
        if condition.is_some_and(|condition| condition.boolean() == Some(false)) {
            continue;
        }
        let translated = table.translate(native_type, &Value::null());
        let id = graph.add(resource(name, member, native_type, translated.canonical_type, scope));
        ids.insert(Arc::clone(name), id);
        waiting.push((id, &member.value, native_type.into()));
    }
    let evaluated = Template::new(template, ids);
    for (id, value, native_type) in waiting {
        let empty = Value::new(Kind::Map(Arc::default()), value.place);
        let properties = value.get("Properties").map_or(empty, |properties| evaluated.evaluate(properties));
        let translated = table.translate(&native_type, &properties);
        graph.set_body(id, translated.body);
        graph.note_written(id, properties);
        for (of_type, by, body) in translated.companions {
            let Some(owner) = graph.get(id).cloned() else { continue };
            let address: Arc<str> = format!("{}.{of_type}", owner.address).into();
            let body = with_reference(body, by, id);
            graph.add(Resource {
                native_type: of_type.into(),
                canonical_type: of_type.into(),
                block_address: Arc::clone(&address),
                address,
                body,
                ..owner
            });
        }
    }
}

fn resource(name: &Arc<str>, member: &Member, native_type: &str, canonical_type: Arc<str>, scope: ScopeId) -> Resource {
    let block = Place { start: member.name.start, ..member.value.place };
    Resource {
        id: ResourceId(0),
        format: Format::CloudFormation,
        kind: ResourceKind::Managed,
        native_type: native_type.into(),
        canonical_type,
        name: Arc::clone(name),
        address: format!("{native_type}.{name}").into(),
        block_address: format!("{native_type}.{name}").into(),
        scope,
        header: member.name,
        block,
        body: Value::null(),
        calls: Vec::new(),
    }
}

fn with_reference(mut body: Value, by: &str, id: ResourceId) -> Value {
    let place = body.place;
    match &mut body.kind {
        Kind::Map(map) => drop(Arc::make_mut(map).0.insert(by.into(), Member { name: place, value: Value::computed(id, "id", place) })),
        other => {
            let members = [(Arc::from(by), Value::computed(id, "id", place)), (Arc::from("value"), Value::new(other.clone(), place))];
            let members = members.into_iter().map(|(name, value)| (name, Member { name: place, value }));
            *other = Kind::Map(Arc::new(Map(members.collect())));
        }
    }
    body
}
