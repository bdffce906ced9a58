//! From files to resources: which files are roots, what each module is given, how often a resource is there.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use bartizan_core::{Diagnostic, DiagnosticKind, Level};

use super::{
    Source,
    evaluate::{Evaluator, Scope, items_of, member_of},
    module::{Code, Declared, Instance, Is, Made, One},
    syntax::StatementKind,
};
use crate::{
    Cause, Format, Graph, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
    arm::make,
    format::Document,
    project::{Project, joined},
    terraform::operation::Text,
};

/// Scopes of files have numbers of their own.
const FIRST_SCOPE: u32 = (1 << 27) + (1 << 26);
/// How deeply modules may call modules.
const MAX_MODULE_DEPTH: usize = 16;
/// So many environments of one file are told apart.
const MAX_ENVIRONMENTS: usize = 12;
/// How many resources are made of one project.
const MAX_RESOURCES: usize = 200_000;

/// Makes the resources of all files.
pub(super) fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let files = files(project);
    if files.is_empty() {
        return;
    }
    let called = called(&files);
    let evaluator = Evaluator::new(project, &files, std::mem::take(graph));
    let roots = files.values().filter(|code| code.using.is_none() && !called.contains(code.path) && code.path.ends_with(".bicep"));
    for (scope, code) in (FIRST_SCOPE..).zip(roots) {
        for inputs in environments(code, &evaluator) {
            let root = Rc::new(Instance::new(code, ScopeId(scope), inputs));
            evaluator.declare(&root);
            evaluator.waiting.borrow_mut().push(root);
            evaluator.fill_all();
        }
    }
    let (mut filled, missing) = evaluator.finish();
    for (place, of) in missing {
        let words = format!("the code of the module `{of}` is not in the project");
        let diagnostic = Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::InfrastructureUnresolved, words) };
        filled.diagnostic(match project.location(place) {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        });
    }
    *graph = filled;
}

/// The code of each file, by path.
fn files<'p>(project: &'p Project<'_>) -> BTreeMap<&'p str, Code<'p>> {
    let mut files = BTreeMap::new();
    for (number, file) in project.numbered() {
        let Some(path) = file.path.as_str() else { continue };
        for document in &file.documents {
            if let Document::Bicep(Source { statements, .. }) = document {
                files.insert(path, Code::new(path, number, statements));
            }
        }
    }
    files
}

/// The files that others call as modules.
fn called(files: &BTreeMap<&str, Code<'_>>) -> BTreeSet<String> {
    let modules = files.values().flat_map(|code| code.declarations.iter().filter(|declared| declared.is_module).map(move |of| (code, of)));
    modules.filter_map(|(code, declared)| joined(code.folder(), &declared.declaration.of).filter(|path| path != code.path)).collect()
}

/// What each environment gives to a file; nothing where there is no file of parameters.
fn environments<'p>(code: &'p Code<'p>, evaluator: &Evaluator<'p>) -> Vec<BTreeMap<Arc<str>, Value>> {
    let is_for = |of: &&Code<'p>| of.using.and_then(|using| joined(of.folder(), using)).as_deref() == Some(code.path);
    let mut environments = Vec::new();
    for parameters in evaluator.files.values().filter(is_for).take(MAX_ENVIRONMENTS) {
        let instance = Rc::new(Instance::new(parameters, ScopeId(FIRST_SCOPE), BTreeMap::new()));
        let at = Place::NONE;
        let value = |name: &Arc<str>| (Arc::clone(name), evaluator.of_file(name, &instance, at));
        environments.push(parameters.parameters().map(value).collect());
    }
    if environments.is_empty() {
        environments.push(BTreeMap::new());
    }
    environments
}

impl<'p> Evaluator<'p> {
    /// The graph, and the modules whose code is not there.
    fn finish(self) -> (Graph, BTreeMap<Place, Arc<str>>) {
        (self.graph.into_inner(), self.missing.into_inner())
    }

    /// Gives numbers to all resources of a module: only then are they evaluated, as they refer to each other.
    fn declare(&self, instance: &Rc<Instance<'p>>) {
        // What is repeated may depend on names of what is not.
        for is_repeated in [false, true] {
            for declared in instance.code.declarations.iter().filter(|declared| declared.declaration.each.is_some() == is_repeated) {
                let ones = self.ones(declared, instance);
                let made = Made { declared: *declared, ones: ones.into() };
                if let (StatementKind::Resource(_), false) = (&declared.statement.kind, declared.declaration.is_existing) {
                    self.note_names(&made, instance);
                }
                instance.made.borrow_mut().entry(&declared.statement.name).or_insert(made);
            }
        }
        instance.memo.borrow_mut().clear();
    }

    fn note_names(&self, made: &Made<'p>, instance: &Rc<Instance<'p>>) {
        let native_type = self.native_type(&made.declared, instance);
        for one in made.ones.iter() {
            if let Is::Resource(id) = one.is {
                instance.known.borrow_mut().add(Some(Arc::clone(&made.declared.statement.name)), &native_type, &one.name, id);
            }
        }
    }

    /// How often something is there, and for what.
    fn ones(&self, declared: &Declared<'p>, instance: &Rc<Instance<'p>>) -> Vec<One<'p>> {
        let Some(each) = &declared.declaration.each else {
            return vec![self.one(declared, instance, None, 0, false)];
        };
        let collection = self.evaluate(&each.collection, Scope { instance, locals: None });
        let at = instance.code.place(each.collection.span);
        match items_of(&collection, at) {
            Ok(items) => (0..).zip(items).map(|(number, item)| self.one(declared, instance, Some(item), number, true)).collect(),
            Err(cause) => {
                let unknown = Value { references: collection.references.clone(), ..Value::unknown(cause, at) };
                vec![self.one(declared, instance, Some((unknown.clone(), unknown)), 0, false)]
            }
        }
    }

    fn one(
        &self,
        declared: &Declared<'p>,
        instance: &Rc<Instance<'p>>,
        each: Option<(Value, Value)>,
        number: usize,
        is_numbered: bool,
    ) -> One<'p> {
        let declaration = declared.declaration;
        let absent = One { each, name: Value::null(), is: Is::Absent };
        let made = Made { declared: *declared, ones: Rc::from([]) };
        let value = |expression| self.in_one(&made, &absent, instance, expression);
        let is_absent = declaration.condition.as_ref().is_some_and(|condition| value(condition).boolean() == Some(false));
        let outer = declared.outer.and_then(|outer| instance.made(outer));
        let is_outer_absent = outer.as_ref().is_some_and(|outer| outer.ones.iter().all(|one| matches!(one.is, Is::Absent)));
        if is_absent || is_outer_absent || MAX_RESOURCES <= self.n_resources.get() {
            return absent;
        }
        if declared.is_module {
            return One { is: Is::Module(Rc::new(RefCell::new(None))), ..absent };
        }
        let own = member_of(&declaration.body, "name").map_or_else(Value::null, value);
        let parent = outer.and_then(|outer| outer.ones.first().cloned()).or_else(|| {
            let (parent, index) = self.target(member_of(&declaration.body, "parent")?, Scope { instance, locals: None })?;
            let position = index.as_ref().and_then(Value::number).and_then(crate::terraform::index_of).unwrap_or(0);
            parent.ones.get(position).cloned()
        });
        let name = match parent {
            Some(parent) => {
                let mut name = Text::default();
                name.push(&parent.name);
                name.push_str("/");
                name.push(&own);
                name.finish(own.place)
            }
            None => own,
        };
        if declaration.is_existing {
            return One { name, is: Is::Existing, ..absent };
        }
        let mut symbol = declared.statement.name.to_string();
        if is_numbered {
            symbol.push_str(&format!("[{number}]"));
        }
        let id = self.graph.borrow_mut().add(self.resource(declared, instance, &symbol));
        self.n_resources.set(self.n_resources.get() + 1);
        One { name, is: Is::Resource(id), ..absent }
    }

    /// The type of a resource, with that of the one that it stands in.
    fn native_type(&self, declared: &Declared<'p>, instance: &Rc<Instance<'p>>) -> Arc<str> {
        let own = &declared.declaration.of;
        let is_whole = own.split('/').next().is_some_and(|namespace| namespace.contains('.'));
        match declared.outer.filter(|_| !is_whole).and_then(|outer| instance.made(outer)) {
            Some(outer) => format!("{}/{own}", self.native_type(&outer.declared, instance)).into(),
            None => Arc::clone(own),
        }
    }

    fn resource(&self, declared: &Declared<'p>, instance: &Rc<Instance<'p>>, symbol: &str) -> Resource {
        let native_type = self.native_type(declared, instance);
        let block_address: Arc<str> = format!("{native_type}.{}", declared.statement.name).into();
        Resource {
            id: ResourceId(0),
            format: Format::Bicep,
            kind: ResourceKind::Managed,
            canonical_type: self.table.translate(&native_type, &Value::null()).canonical_type,
            name: Arc::clone(&declared.statement.name),
            address: format!("{}{native_type}.{symbol}", instance.path).into(),
            block_address,
            native_type,
            scope: instance.scope,
            header: instance.code.place(declared.statement.header),
            block: instance.code.place(declared.statement.span),
            body: Value::null(),
            calls: instance.calls.clone(),
        }
    }

    /// Evaluates what was declared, and what that calls.
    fn fill_all(&self) {
        loop {
            let Some(instance) = self.waiting.borrow_mut().pop() else { return };
            for declared in &instance.code.declarations {
                let Some(made) = instance.made(&declared.statement.name) else { continue };
                for one in made.ones.iter() {
                    self.fill(&made, one, &instance);
                }
            }
        }
    }

    fn fill(&self, made: &Made<'p>, one: &One<'p>, instance: &Rc<Instance<'p>>) {
        match &one.is {
            Is::Resource(id) => {
                let body = self.in_one(made, one, instance, &made.declared.declaration.body);
                let parent = self.parent(made, one, instance).filter(|parent| parent != id);
                let native_type = self.native_type(&made.declared, instance);
                let translated = make::translated(&self.table, &native_type, &body, parent);
                make::fill(&mut self.graph.borrow_mut(), *id, translated);
            }
            Is::Module(_) => drop(self.module(made, one, instance)),
            Is::Existing | Is::Absent => {}
        }
    }

    /// The resource that one is a part of.
    fn parent(&self, made: &Made<'p>, one: &One<'p>, instance: &Rc<Instance<'p>>) -> Option<ResourceId> {
        if let Some(outer) = made.declared.outer.and_then(|outer| instance.made(outer)) {
            return outer.ones.iter().find_map(|one| match one.is {
                Is::Resource(id) => Some(id),
                _ => None,
            });
        }
        let named = member_of(&made.declared.declaration.body, "parent").map(|parent| self.in_one(made, one, instance, parent));
        let named = named.and_then(|parent| parent.references.iter().flat_map(|ids| ids.iter().copied()).next());
        named.or_else(|| instance.known.borrow().parent_of(&self.native_type(&made.declared, instance), &one.name))
    }

    /// The module that is called; nothing where its code is not there.
    pub(super) fn module(&self, made: &Made<'p>, one: &One<'p>, instance: &Rc<Instance<'p>>) -> Option<Rc<Instance<'p>>> {
        let Is::Module(slot) = &one.is else { return None };
        if let Some(module) = &*slot.borrow() {
            return module.clone();
        }
        // Whoever asks for it while it is being made gets nothing.
        *slot.borrow_mut() = Some(None);
        let module = self.made_module(made, one, instance);
        slot.borrow_mut().replace(module.clone());
        module
    }

    fn made_module(&self, made: &Made<'p>, one: &One<'p>, instance: &Rc<Instance<'p>>) -> Option<Rc<Instance<'p>>> {
        let declaration = made.declared.declaration;
        let code = joined(instance.code.folder(), &declaration.of).and_then(|path| self.files.get(path.as_str()));
        let Some(code) = code.filter(|_| instance.calls.len() < MAX_MODULE_DEPTH) else {
            self.missing.borrow_mut().insert(instance.code.place(declaration.of_span), Arc::clone(&declaration.of));
            return None;
        };
        let given = member_of(&declaration.body, "params").map(|params| self.in_one(made, one, instance, params));
        let inputs = match given {
            None => BTreeMap::new(),
            Some(given) => match given.map() {
                Some(map) => map.0.iter().map(|(name, member)| (Arc::clone(name), member.value.clone())).collect(),
                None => {
                    let cause = given.any_cause().cloned().unwrap_or_else(|| Cause::Invalid("parameters are an object".into()));
                    code.parameters().map(|name| (Arc::clone(name), Value::unknown(cause.clone(), given.place))).collect()
                }
            },
        };
        let mut module = Instance::new(code, instance.scope, inputs);
        module.path = format!("{}{}.", instance.path, made.declared.statement.name);
        module.calls = instance.calls.iter().copied().chain([instance.code.place(made.declared.statement.header)]).collect();
        let module = Rc::new(module);
        self.declare(&module);
        self.waiting.borrow_mut().push(Rc::clone(&module));
        Some(module)
    }
}
