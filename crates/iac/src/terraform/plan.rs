//! Plans, as `terraform show -json` writes them: what they know wins over what code says, and code says where it is written.
//! "JSON Output Format" of Terraform's documentation, major version 1.

use std::{collections::BTreeMap, sync::Arc};

use bartizan_source::document::{JsonDialect, parse_json};

use crate::{
    Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Value, data::DataKind, format::Document,
    project::Project,
};

/// How deeply modules of a plan are followed.
const MAX_DEPTH: usize = 64;
/// Scopes of plans have numbers of their own.
const FIRST_SCOPE: u32 = 1 << 25;

/// A plan that the caller names.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan(Value);

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document = parse_json(text, JsonDialect::Strict);
        if let Some(problem) = document.problems.into_iter().find(|problem| problem.is_cut) {
            return Err(problem.message);
        }
        let root = document.root.filter(|root| root.get("planned_values").is_some());
        root.map(|root| Self(Value::of_node(&root, u32::MAX))).ok_or_else(|| "there are no planned values".to_owned())
    }
}

/// Adds what plans say to what code says.
pub(super) fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut scope = FIRST_SCOPE;
    for (file, noted) in project.numbered() {
        for document in &noted.documents {
            if let Document::Data(DataKind::TerraformPlan, value) = document {
                let folder = noted.path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
                add(&value.in_file(file), folder, ScopeId(scope), project, graph);
                scope += 1;
            }
        }
    }
    for Plan(value) in project.plans {
        add(value, "", ScopeId(scope), project, graph);
        scope += 1;
    }
}

fn add(plan: &Value, folder: &str, scope: ScopeId, project: &Project<'_>, graph: &mut Graph) {
    let unknowns: BTreeMap<&str, &Value> = plan
        .get("resource_changes")
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|change| Some((change.get("address")?.text()?, change.at(&["change", "after_unknown"])?)))
        .collect();
    let mut by_address: BTreeMap<Arc<str>, Vec<ResourceId>> = BTreeMap::new();
    for resource in graph.resources() {
        by_address.entry(Arc::clone(&resource.address)).or_default().push(resource.id);
    }
    let mut resources = Vec::new();
    if let Some(root) = plan.at(&["planned_values", "root_module"]) {
        collect(root, 0, &mut resources);
    }
    for planned in resources {
        let (Some(address), Some(of_type), Some(name)) = (
            planned.get("address").and_then(Value::text),
            planned.get("type").and_then(Value::text),
            planned.get("name").and_then(Value::text),
        ) else {
            continue;
        };
        let is_data = planned.get("mode").and_then(Value::text) == Some("data");
        let of_type: Arc<str> = if is_data { format!("data.{of_type}").into() } else { of_type.into() };
        let Some(values) = planned.get("values") else { continue };
        let in_code = by_address.get(address).map(Vec::as_slice).unwrap_or_default();
        let is_beside = |id: &&ResourceId| graph.get(**id).is_some_and(|resource| folder_of(resource.header, project) == Some(folder));
        let code = in_code.iter().find(is_beside).or_else(|| in_code.first().filter(|_| in_code.len() == 1)).copied();
        let id = code.unwrap_or_else(|| graph.next_id());
        let known = with_unknowns(values, unknowns.get(address).copied(), id, "", 0);
        match code.and_then(|id| graph.get(id)).cloned() {
            Some(resource) => graph.set_body(id, merged(&resource.body, &known)),
            None => {
                let local: Arc<str> = format!("{of_type}.{name}").into();
                graph.add(Resource {
                    id,
                    format: Format::Terraform,
                    kind: if is_data { ResourceKind::Data } else { ResourceKind::Managed },
                    native_type: Arc::clone(&of_type),
                    canonical_type: of_type,
                    name: name.into(),
                    address: address.into(),
                    block_address: local,
                    scope,
                    header: planned.place,
                    block: planned.place,
                    body: known,
                    calls: Vec::new(),
                });
            }
        }
    }
}

fn collect<'v>(module: &'v Value, depth: usize, into: &mut Vec<&'v Value>) {
    into.extend(module.get("resources").map(Value::items).unwrap_or_default());
    if depth < MAX_DEPTH {
        module.get("child_modules").map(Value::items).unwrap_or_default().iter().for_each(|child| collect(child, depth + 1, into));
    }
}

fn folder_of<'p>(place: Place, project: &'p Project<'_>) -> Option<&'p str> {
    let path = project.files.get(place.file as usize)?.path.as_str()?;
    Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// The values, with those that are known after the change only.
fn with_unknowns(value: &Value, unknown: Option<&Value>, id: ResourceId, path: &str, depth: usize) -> Value {
    let Some(unknown) = unknown.filter(|_| depth < MAX_DEPTH) else { return value.clone() };
    match (&unknown.kind, &value.kind) {
        (Kind::Boolean(true), _) => Value::computed(id, path, value.place),
        (Kind::Map(unknowns), Kind::Map(values)) => {
            let mut members = values.0.clone();
            for (name, unknown) in &unknowns.0 {
                let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                let known = members.get(name).map_or_else(|| Value::new(Kind::Null, value.place), |member| member.value.clone());
                let made = with_unknowns(&known, Some(&unknown.value), id, &inner, depth + 1);
                if !made.is_null() {
                    members.insert(
                        Arc::clone(name),
                        Member { name: members.get(name).map_or(value.place, |member| member.name), value: made },
                    );
                }
            }
            Value { kind: Kind::Map(Arc::new(Map(members))), ..value.clone() }
        }
        (Kind::List(unknowns), Kind::List(values)) => {
            let item = |(index, value)| with_unknowns(value, unknowns.get(index), id, path, depth + 1);
            Value { kind: Kind::List(values.iter().enumerate().map(item).collect()), ..value.clone() }
        }
        _ => value.clone(),
    }
}

/// What code says, with what the plan knows in its place. What the plan does not know either stays what code says of it.
fn merged(code: &Value, plan: &Value) -> Value {
    let (Kind::Map(written), Kind::Map(planned)) = (&code.kind, &plan.kind) else { return plan.clone() };
    let mut members = written.0.clone();
    for (name, member) in &planned.0 {
        if member.value.is_null() {
            // The plan knows that nothing is set.
            members.remove(name);
            continue;
        }
        let known = members.get(name);
        if member.value.cause().is_some() && known.is_some() {
            continue;
        }
        let value = match known {
            Some(known) => Value { place: known.value.place, references: known.value.references.clone(), ..member.value.clone() },
            None => member.value.clone(),
        };
        members.insert(Arc::clone(name), Member { name: known.map_or(member.name, |known| known.name), value });
    }
    Value { kind: Kind::Map(Arc::new(Map(members))), ..code.clone() }
}
