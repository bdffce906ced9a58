//! From files to resources: which folders are modules, which are roots, what each call gives to a module.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
};

use bartizan_core::{Diagnostic, DiagnosticKind, Level};

use super::{
    Source, defaults,
    evaluate::{Evaluator, Instance, Scope, Shape},
    installed::{installed, is_downloaded, key_of},
    module::{Code, In, place, resolve},
    operation::map_of,
    syntax::Block,
};
use crate::{Cause, Format, Graph, Kind, Place, Resource, ResourceId, ResourceKind, ScopeId, Value, format::Document, project::Project};

/// How deeply modules may call modules.
const MAX_MODULE_DEPTH: usize = 64;
/// So many environments of one root are told apart.
const MAX_ENVIRONMENTS: usize = 12;
/// How many resources are made of one project.
const MAX_RESOURCES: usize = 400_000;

/// Makes the resources of all modules.
pub(super) fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let modules = modules(project);
    let mut missing: BTreeMap<(u32, u32), (String, u32)> = BTreeMap::new();
    each_root(project, &modules, &mut |evaluator, _| missing.append(&mut evaluator.missing.borrow_mut()), graph);
    for ((file, start), (source, end)) in missing {
        let mut diagnostic =
            Diagnostic::new(DiagnosticKind::InfrastructureUnresolved, format!("the code of the module `{source}` is not in the project"));
        diagnostic.level = Level::Note;
        let location = project.location(Place { file, start, end });
        graph.diagnostic(match location {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        });
    }
}

/// What an expression is in each root module, as `show` shows it by folder, value and graph.
pub(crate) fn evaluate_in_roots<T>(project: &Project<'_>, expression: &str, show: &mut dyn FnMut(&str, &Value, &Graph) -> T) -> Vec<T> {
    let modules = modules(project);
    evaluate_in(project, &modules, expression, show)
}

fn evaluate_in<'p, T>(
    project: &'p Project<'_>,
    modules: &'p BTreeMap<String, Code<'p>>,
    expression: &str,
    show: &mut dyn FnMut(&str, &Value, &Graph) -> T,
) -> Vec<T> {
    let parsed = super::parse::expression(expression);
    let mut shown = Vec::new();
    let mut graph = Graph::default();
    let mut look = |evaluator: &Evaluator<'p>, root: &Rc<Instance<'p>>| {
        let value = match &parsed {
            Ok(parsed) => evaluator.asked(parsed, root),
            Err(problem) => Value::unknown(Cause::Invalid(problem.message.as_str().into()), Place::NONE),
        };
        let folder = root.code.folder.clone();
        shown.push(show(&folder, &value, &evaluator.graph.borrow()));
    };
    each_root(project, modules, &mut look, &mut graph);
    shown
}

/// Evaluates each root module with each of its environments, and adds what comes of it to the graph.
fn each_root<'p>(
    project: &'p Project<'_>,
    modules: &'p BTreeMap<String, Code<'p>>,
    look: &mut dyn FnMut(&Evaluator<'p>, &Rc<Instance<'p>>),
    graph: &mut Graph,
) {
    let called = called(modules);
    let mut next_scope = 0;
    let is_root = |folder: &str| !called.contains(folder) && !is_downloaded(folder);
    for (folder, code) in modules.iter().filter(|(folder, code)| code.is_module() && is_root(folder)) {
        for values in environments(code, modules) {
            let first = graph.next_id();
            let evaluator = Evaluator::new(project, modules, std::mem::take(graph));
            let given = project.values.iter().map(|values| In { file: u32::MAX, it: &values.0 });
            let values: Vec<_> = values.into_iter().chain(given).collect();
            let mut root = Instance::new(code, folder, ScopeId(next_scope));
            root.inputs = inputs_of(&values, &evaluator, code, folder);
            next_scope += 1;
            let root = Rc::new(root);
            make_all(&evaluator, &root);
            look(&evaluator, &root);
            *graph = evaluator.finish(first);
            defaults::fill(graph, first, folder, project);
        }
    }
}

/// The code of each folder.
fn modules<'p>(project: &'p Project<'_>) -> BTreeMap<String, Code<'p>> {
    let mut modules: BTreeMap<String, Code<'p>> = BTreeMap::new();
    for (number, file) in project.numbered() {
        let Some(path) = file.path.as_str() else { continue };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        for document in &file.documents {
            let Document::Terraform(Source { body, is_values }) = document else { continue };
            let code = modules.entry(folder.to_owned()).or_insert_with(|| Code { folder: folder.to_owned(), ..Code::default() });
            if *is_values {
                code.values.push((name, In { file: number, it: body }));
            } else {
                code.add(number, body);
            }
        }
    }
    for (root, folders) in installed(project) {
        modules.entry(root.clone()).or_insert_with(|| Code { folder: root, ..Code::default() }).installed = folders;
    }
    modules
}

/// The folders that modules of the project call.
fn called(modules: &BTreeMap<String, Code<'_>>) -> BTreeSet<String> {
    let calls = modules.values().flat_map(|code| code.calls.values().map(move |call| (code, call)));
    let source = |call: &In<'_, Block>| call.it.body.attribute("source").and_then(|source| source.value.text().map(str::to_owned));
    let installed = modules.values().flat_map(|code| code.installed.values().cloned());
    calls.filter_map(|(code, call)| resolve(&code.folder, &source(call)?)).chain(installed).collect()
}

/// The files of values that hold together for a root: one list for each environment.
fn environments<'c, 'p>(code: &'c Code<'p>, modules: &'c BTreeMap<String, Code<'p>>) -> Vec<Vec<In<'p, super::syntax::Body>>> {
    let is_always = |name: &str| {
        matches!(name, "terraform.tfvars" | "terraform.tfvars.json")
            || name.ends_with(".auto.tfvars")
            || name.ends_with(".auto.tfvars.json")
    };
    let always: Vec<_> = code.values.iter().filter(|(name, _)| is_always(name)).map(|(_, body)| *body).collect();
    let named = code.values.iter().filter(|(name, _)| !is_always(name)).map(|(_, body)| *body);
    // Values of environments stand in folders of their own.
    let prefix = if code.folder.is_empty() { String::new() } else { format!("{}/", code.folder) };
    let is_of_environments = |folder: &str| {
        let words = ["env", "envs", "environments", "environment", "vars", "tfvars", "config", "configs", "variables"];
        folder.strip_prefix(&prefix).is_some_and(|rest| !rest.is_empty() && words.contains(&rest.split('/').next().unwrap_or_default()))
    };
    let beside = modules.values().filter(|other| other.folder != code.folder && !other.is_module() && is_of_environments(&other.folder));
    let environments: Vec<_> =
        named.chain(beside.flat_map(|other| other.values.iter().map(|(_, body)| *body))).take(MAX_ENVIRONMENTS).collect();
    if environments.is_empty() {
        return vec![always];
    }
    environments.into_iter().map(|environment| always.iter().copied().chain([environment]).collect()).collect()
}

fn inputs_of<'p>(
    values: &[In<'p, super::syntax::Body>],
    evaluator: &Evaluator<'p>,
    code: &'p Code<'p>,
    folder: &'p str,
) -> HashMap<Arc<str>, Value> {
    let nowhere = Rc::new(Instance::new(code, folder, ScopeId(u32::MAX)));
    let mut inputs = HashMap::new();
    for body in values {
        for attribute in &body.it.attributes {
            inputs.insert(Arc::clone(&attribute.name), evaluator.evaluate(&attribute.value, Scope::new(&nowhere, body.file)));
        }
    }
    inputs
}

/// Makes the resources of a root and of all modules that it calls.
fn make_all<'p>(evaluator: &Evaluator<'p>, root: &Rc<Instance<'p>>) {
    let mut waiting = vec![Rc::clone(root)];
    while let Some(instance) = waiting.pop() {
        let code = instance.code;
        for (of_type, name) in code.resources.keys() {
            evaluator.make(&instance, of_type, name);
        }
        for name in code.calls.keys() {
            evaluator.make(&instance, "module", name);
        }
        let settings = |kind: ResourceKind, block: &In<'p, Block>, of_type: &str| {
            let name = block.it.labels.first().map_or("terraform", |label| label);
            evaluator.add(declared(&instance, kind, of_type, name, "", block), &instance, *block, None);
        };
        code.providers.iter().for_each(|block| settings(ResourceKind::Provider, block, "provider"));
        code.settings.iter().for_each(|block| settings(ResourceKind::Settings, block, "terraform"));
        for block in &code.doubled {
            if let [of_type, name, ..] = block.it.labels.as_slice() {
                evaluator.add(declared(&instance, ResourceKind::Managed, of_type, name, "", block), &instance, *block, None);
            }
        }
        waiting.extend(evaluator.take_children());
    }
}

/// A resource, before its attributes are known.
fn declared(instance: &Instance<'_>, kind: ResourceKind, of_type: &str, name: &str, key: &str, block: &In<'_, Block>) -> Resource {
    let of_type: Arc<str> = of_type.into();
    Resource {
        id: ResourceId(0),
        format: Format::Terraform,
        kind,
        native_type: Arc::clone(&of_type),
        block_address: format!("{of_type}.{name}").into(),
        address: format!("{}{of_type}.{name}{key}", instance.path).into(),
        canonical_type: of_type,
        name: name.into(),
        scope: instance.scope,
        header: place(block.file, block.it.header),
        block: place(block.file, block.it.span),
        body: Value::null(),
        calls: instance.calls.clone(),
    }
}

impl<'p> Evaluator<'p> {
    /// Makes all instances of a block, and a value that stands for them; nothing if there is no such block.
    pub(super) fn expand(&self, instance: &Rc<Instance<'p>>, of_type: &Arc<str>, name: &str) -> Option<Value> {
        let code = instance.code;
        let is_module = &**of_type == "module";
        let block = if is_module { code.calls.get(name) } else { code.resources.get(&(Arc::clone(of_type), name)) };
        let block = *block?;
        let kind = match &*block.it.kind {
            "module" => ResourceKind::Module,
            "resource" => ResourceKind::Managed,
            _ => ResourceKind::Data,
        };
        let at = place(block.file, block.it.header);
        if MAX_RESOURCES <= self.n_resources() {
            return Some(Value::unknown(Cause::Limit("max-resources".into()), at));
        }
        let (shape, instances) = self.instances(block, instance);
        let mut values = Vec::with_capacity(instances.len());
        for (key, each) in instances {
            let id_in_map = each.as_ref().and_then(super::evaluate::Each::name);
            let resource = declared(instance, kind, of_type, name, &key, &block);
            let address = Arc::clone(&resource.address);
            let id = self.add(resource, instance, block, each.clone());
            if is_module {
                let child = self.child(instance, block, &address, each);
                self.stands_for(id, child, &address);
            }
            values.push((id_in_map, Value::computed(id, "", at)));
        }
        Some(match shape {
            Shape::Single | Shape::Unknown => values.pop().map_or_else(Value::null, |(_, value)| value),
            Shape::List => Value::new(Kind::List(values.into_iter().map(|(_, value)| value).collect()), at),
            Shape::Map => Value::new(map_of(values.into_iter().filter_map(|(key, value)| Some((key?, value)))), at),
        })
    }

    /// The module that a call leads to, if its code is there.
    fn child(
        &self,
        parent: &Rc<Instance<'p>>,
        block: In<'p, Block>,
        address: &str,
        each: Option<super::evaluate::Each>,
    ) -> Option<Rc<Instance<'p>>> {
        let source = block.it.body.attribute("source")?;
        let folder = source.value.text().and_then(|source| resolve(&parent.code.folder, source));
        let downloaded = || self.modules.get(parent.root)?.installed.get(&key_of(address)).cloned();
        let folder = folder.or_else(downloaded);
        let code = folder.and_then(|folder| self.modules.get(&folder)).filter(|code| code.is_module());
        let Some(code) = code.filter(|_| parent.depth < MAX_MODULE_DEPTH) else {
            let shown = source.value.text().unwrap_or("an expression").to_owned();
            self.missing.borrow_mut().insert((block.file, source.value.span.start), (shown, source.value.span.end));
            return None;
        };
        let child = Rc::new(Instance::called(parent, code, format!("{address}."), block, each));
        self.children.borrow_mut().push(Rc::clone(&child));
        Some(child)
    }
}
