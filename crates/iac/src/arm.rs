//! Azure Resource Manager: templates to resources, with parameters, variables and functions evaluated.
//!
//! What is repeated is expanded where the number is known, and is one resource whose number is not known where it is not. Templates
//! within templates are given their parameters.

pub(crate) mod evaluate;
mod expression;
pub(crate) mod function;
pub(crate) mod known;
pub(crate) mod make;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use self::evaluate::{Template, numbers};
use crate::{
    Format, Graph, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
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
/// How many resources are made of one template.
const MAX_RESOURCES: usize = 50_000;

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut table = None;
    let mut scope = FIRST_SCOPE;
    for (file, noted) in project.numbered() {
        for document in &noted.documents {
            let Document::Data(DataKind::Arm, value) = document else { continue };
            let table = table.get_or_insert_with(make::table);
            let mut maker = Maker { table, scope: ScopeId(scope), graph, n_resources: 0 };
            let document = value.in_file(file);
            maker.template(&Template::new(&document, None), document.get("resources"), 0);
            scope += 1;
        }
    }
}

struct Maker<'m> {
    table: &'m Table,
    scope: ScopeId,
    graph: &'m mut Graph,
    n_resources: usize,
}

/// A resource whose members are not evaluated yet, or a template within the template.
struct Waiting<'t> {
    written: &'t Value,
    /// The number of it, where it is repeated.
    copy: Option<(Arc<str>, Value)>,
    what: What,
}

enum What {
    Resource { id: ResourceId, native_type: Arc<str>, parent: Option<ResourceId> },
    Deployment,
}

/// What a resource stands in.
#[derive(Clone)]
struct Outer {
    native_type: Arc<str>,
    id: Option<ResourceId>,
    /// The number of it, where it is repeated.
    copy: Option<(Arc<str>, Value)>,
}

impl Maker<'_> {
    /// Adds resources: all of them have their numbers before any is evaluated, as they refer to each other.
    fn template(&mut self, template: &Template<'_>, resources: Option<&Value>, depth: usize) {
        let mut waiting = Vec::new();
        self.declare(resources, template, None, &mut waiting, 0);
        template.forget();
        for waiting in waiting {
            match &waiting.what {
                What::Resource { id, native_type, parent } => {
                    let evaluated = template.within(waiting.copy.clone(), || template.evaluate(waiting.written));
                    make::fill(self.graph, *id, make::translated(self.table, native_type, &evaluated, *parent));
                }
                What::Deployment if depth < MAX_DEPTH => {
                    template.within(waiting.copy.clone(), || self.deployment(waiting.written, template, depth));
                }
                What::Deployment => {}
            }
        }
    }

    /// A template within a template: it has values of its own, or those of the outer one.
    fn deployment(&mut self, written: &Value, template: &Template<'_>, depth: usize) {
        let Some(inner) = written.at(&["properties", "template"]) else { return };
        let scope = written.at(&["properties", "expressionEvaluationOptions", "scope"]).and_then(Value::text);
        if !scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner")) {
            return self.template(template, inner.get("resources"), depth + 1);
        }
        let mut inputs = BTreeMap::new();
        for (name, member) in written.at(&["properties", "parameters"]).and_then(Value::map).iter().flat_map(|map| &map.0) {
            // `{"value": …}`, which an expression may make, too.
            let given = template.evaluate(&member.value);
            let value = given.member("value").map(|member| member.value.clone());
            let cause = || crate::Cause::Runtime("a secret".into());
            inputs.insert(
                Arc::clone(name),
                value.unwrap_or_else(|| Value::unknown(given.any_cause().cloned().unwrap_or_else(cause), given.place)),
            );
        }
        self.template(&Template::new(inner, Some(inputs)), inner.get("resources"), depth + 1);
    }

    /// Resources stand in a list, or by symbolic names.
    fn declare<'t>(
        &mut self,
        resources: Option<&'t Value>,
        template: &Template<'_>,
        outer: Option<&Outer>,
        waiting: &mut Vec<Waiting<'t>>,
        depth: usize,
    ) {
        let Some(resources) = resources.filter(|_| depth <= MAX_DEPTH) else { return };
        let named = resources.map().map(|map| map.0.iter().map(|(symbol, member)| (Some(symbol), &member.value)).collect::<Vec<_>>());
        for (symbol, written) in resources.items().iter().map(|item| (None, item)).chain(named.unwrap_or_default()) {
            // A copy of what is within a resource is one of its own.
            let copies = match written.get("copy") {
                Some(copy) => {
                    let name: Arc<str> = copy.get("name").and_then(Value::text).unwrap_or_default().into();
                    let count = copy.get("count").map_or_else(Value::null, |count| template.evaluate(count));
                    let numbers = numbers(&count, copy.place).unwrap_or_else(|cause| vec![Value::unknown(cause, copy.place)]);
                    numbers.into_iter().map(|number| Some((Arc::clone(&name), number))).collect()
                }
                None => vec![outer.and_then(|outer| outer.copy.clone())],
            };
            for copy in copies {
                template.within(copy.clone(), || self.declare_one(symbol, written, template, outer, copy.as_ref(), waiting, depth));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one place calls it, which goes over copies")]
    fn declare_one<'t>(
        &mut self,
        symbol: Option<&Arc<str>>,
        written: &'t Value,
        template: &Template<'_>,
        outer: Option<&Outer>,
        copy: Option<&(Arc<str>, Value)>,
        waiting: &mut Vec<Waiting<'t>>,
        depth: usize,
    ) {
        let Some(own_type) = written.get("type").and_then(Value::text) else { return };
        let condition = written.get("condition").map(|condition| template.evaluate(condition));
        let is_existing = written.get("existing").and_then(Value::boolean) == Some(true);
        if is_existing || condition.is_some_and(|condition| condition.boolean() == Some(false)) || MAX_RESOURCES <= self.n_resources {
            return;
        }
        if own_type.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
            waiting.push(Waiting { written, copy: copy.cloned(), what: What::Deployment });
            return;
        }
        let native_type: Arc<str> = match outer {
            Some(outer) => format!("{}/{own_type}", outer.native_type).into(),
            None => own_type.into(),
        };
        let name = written.get("name").map_or_else(Value::null, |name| template.evaluate(name));
        let parent = outer.and_then(|outer| outer.id).or_else(|| template.known.borrow().parent_of(&native_type, &name));
        let shown = name.text().map_or_else(|| written.get("name").map_or_else(String::new, Value::shown), str::to_owned);
        let id = self.graph.add(self.resource(written, &native_type, &shown));
        self.n_resources += 1;
        template.known.borrow_mut().add(symbol.cloned(), &native_type, &name, id);
        let inner = Outer { native_type: Arc::clone(&native_type), id: Some(id), copy: copy.cloned() };
        waiting.push(Waiting { written, copy: copy.cloned(), what: What::Resource { id, native_type, parent } });
        self.declare(written.get("resources"), template, Some(&inner), waiting, depth + 1);
    }

    fn resource(&self, written: &Value, native_type: &Arc<str>, shown: &str) -> Resource {
        let address: Arc<str> = format!("{native_type}/{shown}").into();
        let header = written.member("type").map_or(written.place, |member| Place { end: member.value.place.end, ..member.name });
        Resource {
            id: ResourceId(0),
            format: Format::Arm,
            kind: ResourceKind::Managed,
            native_type: Arc::clone(native_type),
            canonical_type: self.table.translate(native_type, &Value::null()).canonical_type,
            name: shown.into(),
            block_address: Arc::clone(&address),
            address,
            scope: self.scope,
            header,
            block: written.place,
            body: Value::null(),
            calls: Vec::new(),
        }
    }
}
