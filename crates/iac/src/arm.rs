//! Azure Resource Manager: templates to resources, with parameters, variables and functions evaluated.

mod expression;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::expression::Template;
use crate::{
    Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
    translate::Table,
};

pub(crate) const READER: FormatReader = FormatReader { name: "arm", example: "template.json", files: None, assemble: Some(assemble) };

/// Scopes of templates have numbers of their own.
const FIRST_SCOPE: u32 = 1 << 27;
/// How deeply resources and templates may be nested in each other.
const MAX_DEPTH: usize = 16;

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut table = None;
    let mut scope = FIRST_SCOPE;
    for (file, noted) in project.numbered() {
        for document in &noted.documents {
            let Document::Data(DataKind::Arm, value) = document else { continue };
            let table = table.get_or_insert_with(|| Table::parse(include_str!("arm/types.txt")));
            let mut maker = Maker { table, scope: ScopeId(scope), graph };
            maker.template(&value.in_file(file), 0);
            scope += 1;
        }
    }
}

struct Maker<'m> {
    table: &'m Table,
    scope: ScopeId,
    graph: &'m mut Graph,
}

impl Maker<'_> {
    fn template(&mut self, document: &Value, depth: usize) {
        let template = Template::new(document);
        self.resources(document.get("resources"), &template, None, depth);
    }

    /// Resources stand in a list, or by symbolic names.
    fn resources(&mut self, resources: Option<&Value>, template: &Template<'_>, parent: Option<(&str, &str)>, depth: usize) {
        if MAX_DEPTH < depth {
            return;
        }
        let Some(resources) = resources else { return };
        let named: Vec<&Value> = resources.map().map(|map| map.0.values().map(|member| &member.value).collect()).unwrap_or_default();
        for resource in resources.items().iter().chain(named) {
            self.resource(resource, template, parent, depth);
        }
    }

    fn resource(&mut self, written: &Value, template: &Template<'_>, parent: Option<(&str, &str)>, depth: usize) {
        let Some(own_type) = written.get("type").and_then(Value::text) else { return };
        let condition = written.get("condition").map(|condition| template.evaluate(condition));
        if condition.is_some_and(|condition| condition.boolean() == Some(false)) {
            return;
        }
        let native_type = parent.map_or_else(|| own_type.to_owned(), |(of_type, _)| format!("{of_type}/{own_type}"));
        let name = written.get("name").map(|name| template.evaluate(name));
        let shown =
            name.as_ref().and_then(Value::text).map_or_else(|| written.get("name").map_or_else(String::new, Value::shown), str::to_owned);
        if own_type.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
            if let Some(inner) = written.at(&["properties", "template"]) {
                self.template(inner, depth + 1);
            }
            return;
        }
        let Kind::Map(members) = &written.kind else { return };
        let own: Vec<(&Arc<str>, &Member)> =
            members.0.iter().filter(|(name, _)| !matches!(&***name, "resources" | "dependsOn" | "type" | "apiVersion" | "copy")).collect();
        let body = Kind::Map(Arc::new(Map(own.into_iter().map(|(name, member)| (Arc::clone(name), member.clone())).collect())));
        let body = hoisted(&template.evaluate(&Value { kind: body, ..written.clone() }), 0);
        let translated = self.table.translate(&native_type, &body);
        let header = members.0.get("type").map_or(written.place, |member| Place { end: member.value.place.end, ..member.name });
        let address: Arc<str> = format!("{native_type}/{shown}").into();
        self.graph.add(Resource {
            id: ResourceId(0),
            format: Format::Arm,
            kind: ResourceKind::Managed,
            native_type: native_type.as_str().into(),
            canonical_type: translated.canonical_type,
            name: shown.as_str().into(),
            block_address: Arc::clone(&address),
            address,
            scope: self.scope,
            header,
            block: written.place,
            body: translated.body,
            calls: Vec::new(),
        });
        self.resources(written.get("resources"), template, Some((&native_type, &shown)), depth + 1);
    }
}

/// The same value, with the members of every `properties` beside it.
fn hoisted(value: &Value, depth: usize) -> Value {
    if MAX_DEPTH * 4 < depth {
        return value.clone();
    }
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| hoisted(item, depth + 1)).collect()),
        Kind::OneOf(values) => Kind::OneOf(values.iter().map(|value| hoisted(value, depth + 1)).collect()),
        Kind::Map(map) => {
            let mut members = std::collections::BTreeMap::new();
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
