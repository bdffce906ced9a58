//! What modules declare to values, when they are asked for. What is not known says why.

mod expression;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

use super::{
    conversion, data_source,
    module::{Code, In, place, place_of},
    operation::{self, map_of, one_of},
    syntax::{Block, Body, ExpressionKind},
};
use crate::{Cause, Graph, Kind, Map, Member, Place, Resource, ResourceId, Value, project::Project};

/// How deeply evaluations may need each other.
const MAX_DEPTH: usize = 300;
/// How many expressions are evaluated in one project.
const MAX_STEPS: u64 = 60_000_000;
/// How many instances a block may have.
pub(super) const MAX_INSTANCES: usize = 10_000;
/// How many values a comprehension may go through.
const MAX_ITERATIONS: usize = 1_000_000;

/// Evaluates one project.
pub(super) struct Evaluator<'p> {
    pub(super) project: &'p Project<'p>,
    pub(super) modules: &'p BTreeMap<String, Code<'p>>,
    pub(super) graph: RefCell<Graph>,
    /// What resources of the graph are made of, by their number.
    targets: RefCell<HashMap<ResourceId, Target<'p>>>,
    /// Modules that were called and whose resources were not made yet.
    pub(super) children: RefCell<Vec<Rc<Instance<'p>>>>,
    /// Sources of modules whose code is not there, by file and offset: the source, and where it ends.
    pub(super) missing: RefCell<BTreeMap<(u32, u32), (String, u32)>>,
    depth: Cell<usize>,
    steps: Cell<u64>,
}

/// What names a block of a module.
type TypeAndName = (Arc<str>, Arc<str>);

/// A module that is called in one way.
pub(super) struct Instance<'p> {
    pub(super) code: &'p Code<'p>,
    /// How it is called: `module.a["b"].`, with the dot; empty for a root.
    pub(super) path: String,
    /// Values of variables from files; those of a module that is called are in its call.
    pub(super) inputs: HashMap<Arc<str>, Value>,
    caller: Option<Caller<'p>>,
    pub(super) calls: Vec<Place>,
    pub(super) scope: crate::ScopeId,
    pub(super) depth: usize,
    /// The folder of the root that leads here.
    pub(super) root: &'p str,
    memo: RefCell<HashMap<(Space, Arc<str>), Slot>>,
    expanded: RefCell<HashMap<TypeAndName, Rc<Value>>>,
}

/// The call of a module: where its arguments are evaluated.
struct Caller<'p> {
    instance: Rc<Instance<'p>>,
    block: In<'p, Block>,
    each: Option<Each>,
}

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Space {
    Variable,
    Local,
    Output,
}

/// A value that is being found out, or was.
enum Slot {
    InProgress,
    Done(Value),
}

/// What a resource of the graph is made of.
struct Target<'p> {
    made: Rc<Made<'p>>,
    answers: Answers<'p>,
}

/// What answers for the attributes of a resource of the graph.
enum Answers<'p> {
    /// Its block.
    Block,
    /// The outputs of a module.
    Module(Rc<Instance<'p>>),
    /// Nobody: the code of the module of this address is not there.
    Nobody(Arc<str>),
}

/// A resource, and where its attributes are evaluated.
pub(super) struct Made<'p> {
    pub(super) instance: Rc<Instance<'p>>,
    pub(super) block: In<'p, Block>,
    pub(super) of_type: Arc<str>,
    each: Option<Each>,
    memo: RefCell<HashMap<Arc<str>, Slot>>,
}

/// `each` and `count` in a block.
#[derive(Debug, Clone)]
pub(super) struct Each {
    key: Value,
    value: Value,
    is_count: bool,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'p> {
    pub(super) instance: &'s Rc<Instance<'p>>,
    pub(super) file: u32,
    each: Option<&'s Each>,
    names: Option<&'s Names<'s>>,
}

/// Names that comprehensions and dynamic blocks give.
struct Names<'s> {
    name: &'s str,
    value: Value,
    outer: Option<&'s Names<'s>>,
}

impl<'s, 'p> Scope<'s, 'p> {
    /// The scope of a file of a module, outside of any block.
    pub(super) fn new(instance: &'s Rc<Instance<'p>>, file: u32) -> Self {
        Self { instance, file, each: None, names: None }
    }

    fn named<'n>(self, names: &'n Names<'n>) -> Scope<'n, 'p>
    where
        's: 'n,
    {
        Scope { instance: self.instance, file: self.file, each: self.each, names: Some(names) }
    }
}

impl<'p> Instance<'p> {
    pub(super) fn new(code: &'p Code<'p>, root: &'p str, scope: crate::ScopeId) -> Self {
        Self {
            code,
            path: String::new(),
            inputs: HashMap::new(),
            caller: None,
            calls: Vec::new(),
            scope,
            depth: 0,
            root,
            memo: RefCell::default(),
            expanded: RefCell::default(),
        }
    }

    /// The module that a call leads to.
    pub(super) fn called(parent: &Rc<Self>, code: &'p Code<'p>, path: String, block: In<'p, Block>, each: Option<Each>) -> Self {
        let mut calls = parent.calls.clone();
        calls.push(place(block.file, block.it.header));
        let caller = Some(Caller { instance: Rc::clone(parent), block, each });
        Self { path, caller, calls, depth: parent.depth + 1, ..Self::new(code, parent.root, parent.scope) }
    }
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(project: &'p Project<'p>, modules: &'p BTreeMap<String, Code<'p>>, graph: Graph) -> Self {
        Self {
            project,
            modules,
            graph: RefCell::new(graph),
            targets: RefCell::default(),
            children: RefCell::default(),
            missing: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// The graph, with the attributes of all resources that were made since it had `first`.
    pub(super) fn finish(self, first: ResourceId) -> Graph {
        let made = first.0..self.graph.borrow().next_id().0;
        let bodies: Vec<(ResourceId, Value)> = made.map(ResourceId).filter_map(|id| Some((id, self.body_of(id)?))).collect();
        let mut graph = self.graph.into_inner();
        bodies.into_iter().for_each(|(id, body)| graph.set_body(id, body));
        graph
    }

    /// How many resources there are.
    pub(super) fn n_resources(&self) -> usize {
        self.graph.borrow().resources().len()
    }

    /// Modules that were called since this was asked last.
    pub(super) fn take_children(&self) -> Vec<Rc<Instance<'p>>> {
        std::mem::take(&mut self.children.borrow_mut())
    }

    /// Adds a resource to the graph; its attributes are evaluated when they are asked for.
    pub(super) fn add(&self, resource: Resource, instance: &Rc<Instance<'p>>, block: In<'p, Block>, each: Option<Each>) -> ResourceId {
        let of_type = Arc::clone(&resource.native_type);
        let id = self.graph.borrow_mut().add(resource);
        let made = Made { instance: Rc::clone(instance), block, of_type, each, memo: RefCell::default() };
        self.targets.borrow_mut().insert(id, Target { made: Rc::new(made), answers: Answers::Block });
        id
    }

    /// Says that a resource of the graph stands for a module that was called.
    pub(super) fn stands_for(&self, id: ResourceId, child: Option<Rc<Instance<'p>>>, address: &str) {
        if let Some(target) = self.targets.borrow_mut().get_mut(&id) {
            target.answers = child.map_or_else(|| Answers::Nobody(address.into()), Answers::Module);
        }
    }

    /// What `count` and `for_each` of a block ask for: one entry an instance, with the key as it is written in addresses.
    pub(super) fn instances(&self, block: In<'p, Block>, instance: &Rc<Instance<'p>>) -> (Shape, Vec<(String, Option<Each>)>) {
        let scope = Scope::new(instance, block.file);
        let body = &block.it.body;
        if let Some(count) = body.attribute("count") {
            let at = place_of(block.file, count);
            let value = self.evaluate(&count.value, scope);
            let each = |index: usize| {
                let number = Value::new(Kind::Number(u32::try_from(index).map_or(f64::MAX, f64::from)), at);
                (format!("[{index}]"), Some(Each { key: number.clone(), value: number, is_count: true }))
            };
            return match count_of(&value) {
                Some(count) if count <= MAX_INSTANCES => (Shape::List, (0..count).map(each).collect()),
                other => {
                    let limit = Cause::Limit("max-instances".into());
                    let cause = if other.is_some() {
                        limit
                    } else {
                        value.any_cause().cloned().unwrap_or(Cause::Invalid("`count` is no number".into()))
                    };
                    let key = Value::unknown(cause, at);
                    (Shape::Unknown, vec![("[?]".to_owned(), Some(Each { key: key.clone(), value: key, is_count: true }))])
                }
            };
        }
        let Some(for_each) = body.attribute("for_each") else { return (Shape::Single, vec![(String::new(), None)]) };
        let at = place_of(block.file, for_each);
        let value = self.evaluate(&for_each.value, scope);
        let each = |key: Value, value: Value| {
            let shown = operation::text_of(&key).unwrap_or_else(|| "?".into());
            (format!("[\"{shown}\"]"), Some(Each { key, value, is_count: false }))
        };
        match pairs(&value) {
            Some(pairs) if pairs.len() <= MAX_INSTANCES => (Shape::Map, pairs.into_iter().map(|(key, value)| each(key, value)).collect()),
            other => {
                let limit = Cause::Limit("max-instances".into());
                let cause = if other.is_some() {
                    limit
                } else {
                    value.any_cause().cloned().unwrap_or(Cause::Invalid("`for_each` is no map".into()))
                };
                let unknown = Value::unknown(cause, at);
                (Shape::Unknown, vec![each(unknown.clone(), unknown)])
            }
        }
    }

    /// The value of a name of a module that is found out once.
    fn remembered(&self, instance: &Rc<Instance<'p>>, key: (Space, Arc<str>), find: impl FnOnce() -> Value) -> Value {
        match instance.memo.borrow().get(&key) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::InProgress) => return Value::unknown(Cause::Cycle(Arc::clone(&key.1)), Place::NONE),
            None => {}
        }
        instance.memo.borrow_mut().insert(key.clone(), Slot::InProgress);
        let value = find();
        instance.memo.borrow_mut().insert(key, Slot::Done(value.clone()));
        value
    }

    fn variable(&self, instance: &Rc<Instance<'p>>, name: &str, at: Place) -> Value {
        let Some(declared) = instance.code.variables.get(name).copied() else {
            let given = self.given(instance, name);
            return given.unwrap_or_else(|| Value::unknown(Cause::Missing(format!("var.{name}").into()), at));
        };
        self.remembered(instance, (Space::Variable, name.into()), || {
            let body = &declared.it.body;
            let scope = Scope::new(instance, declared.file);
            let default = || body.attribute("default").map(|default| self.evaluate(&default.value, scope));
            let is_nullable = body.attribute("nullable").is_none_or(|nullable| nullable.value.kind != ExpressionKind::Boolean(false));
            let given = self.given(instance, name).filter(|given| is_nullable || !given.is_null());
            let value = given.or_else(default);
            let value = value.unwrap_or_else(|| Value::unknown(Cause::Variable(name.into()), place(declared.file, declared.it.header)));
            match body.attribute("type") {
                Some(of_type) => conversion::convert(&value, &of_type.value, &|expression| self.evaluate(expression, scope), 0),
                None => value,
            }
        })
    }

    /// What a file of values or a call gives to a variable.
    fn given(&self, instance: &Rc<Instance<'p>>, name: &str) -> Option<Value> {
        match &instance.caller {
            None => instance.inputs.get(name).cloned(),
            Some(Caller { instance: parent, block, each }) => {
                let argument = block.it.body.attribute(name)?;
                let scope = Scope { each: each.as_ref(), ..Scope::new(parent, block.file) };
                Some(self.evaluate(&argument.value, scope))
            }
        }
    }

    fn local(&self, instance: &Rc<Instance<'p>>, name: &str, at: Place) -> Value {
        let Some(local) = instance.code.locals.get(name).copied() else {
            return Value::unknown(Cause::Missing(format!("local.{name}").into()), at);
        };
        self.remembered(instance, (Space::Local, name.into()), || self.evaluate(local.it, Scope::new(instance, local.file)))
    }

    fn output(&self, instance: &Rc<Instance<'p>>, name: &str, at: Place) -> Value {
        let Some(output) = instance.code.outputs.get(name).copied() else {
            return Value::unknown(Cause::Missing(format!("{}{name}", instance.path).into()), at);
        };
        self.remembered(instance, (Space::Output, name.into()), || match output.it.body.attribute("value") {
            Some(value) => self.evaluate(&value.value, Scope::new(instance, output.file)),
            None => Value::unknown(Cause::Invalid("the output has no value".into()), at),
        })
    }

    /// All instances of a resource, a data source or a call of a module, each by a value that stands for it.
    fn named_block(&self, instance: &Rc<Instance<'p>>, of_type: &str, name: &str, at: Place) -> Value {
        let key = (Arc::<str>::from(of_type), Arc::<str>::from(name));
        if let Some(known) = instance.expanded.borrow().get(&key) {
            return (**known).clone();
        }
        let address = if of_type == "module" { format!("module.{name}") } else { format!("{of_type}.{name}") };
        // Its own count or for_each may not ask for it.
        let cycle = Value::unknown(Cause::Cycle(address.as_str().into()), at);
        instance.expanded.borrow_mut().insert(key.clone(), Rc::new(cycle));
        let value = self.expand(instance, &key.0, &key.1).unwrap_or_else(|| Value::unknown(Cause::Missing(address.into()), at));
        instance.expanded.borrow_mut().insert(key, Rc::new(value.clone()));
        value
    }

    /// Makes all instances of a block, once.
    pub(super) fn make(&self, instance: &Rc<Instance<'p>>, of_type: &str, name: &str) {
        self.named_block(instance, of_type, name, Place::NONE);
    }

    /// An attribute of what a value stands for.
    fn attribute_of(&self, id: ResourceId, name: &str, at: Place) -> Value {
        let answers = self.targets.borrow().get(&id).map(|target| match &target.answers {
            Answers::Block => Ok(Rc::clone(&target.made)),
            Answers::Module(child) => Err(Ok(Rc::clone(child))),
            Answers::Nobody(address) => Err(Err(Arc::clone(address))),
        });
        let target = match answers {
            Some(Ok(made)) => made,
            Some(Err(Ok(child))) => return self.deeper(at, || self.output(&child, name, at)),
            Some(Err(Err(address))) => return Value::unknown(Cause::Module(address), at),
            None => return Value::unknown(Cause::Computed(id, name.into()), at),
        };
        let mut value = self.deeper(at, || self.attribute_of_resource(&target, id, name, at));
        let mut references = value.references.iter().flat_map(|all| all.iter().copied()).collect::<Vec<_>>();
        references.push(id);
        references.sort_unstable();
        references.dedup();
        value.references = Some(references.into());
        value
    }

    fn attribute_of_resource(&self, made: &Rc<Made<'p>>, id: ResourceId, name: &str, at: Place) -> Value {
        match made.memo.borrow().get(name) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::InProgress) => return Value::unknown(Cause::Cycle(format!("{}.{name}", made.of_type).into()), at),
            None => {}
        }
        made.memo.borrow_mut().insert(name.into(), Slot::InProgress);
        let scope = Scope { each: made.each.as_ref(), ..Scope::new(&made.instance, made.block.file) };
        let body = &made.block.it.body;
        let written = match body.attribute(name) {
            Some(attribute) => Some(self.evaluate(&attribute.value, scope)),
            None if has_blocks(body, name) => self.blocks(body, name, scope),
            None => None,
        };
        // What is set to null is chosen by the provider.
        let value = match written.filter(|value| !value.is_null()) {
            Some(value) => value,
            None => {
                data_source::computed(&made.of_type, name, &|| self.body(body, scope), at).unwrap_or_else(|| Value::computed(id, name, at))
            }
        };
        made.memo.borrow_mut().insert(name.into(), Slot::Done(value.clone()));
        value
    }

    /// All attributes of a resource that was added.
    fn body_of(&self, id: ResourceId) -> Option<Value> {
        let target = self.targets.borrow().get(&id).map(|target| Rc::clone(&target.made))?;
        let scope = Scope { each: target.each.as_ref(), ..Scope::new(&target.instance, target.block.file) };
        Some(self.body(&target.block.it.body, scope))
    }

    /// The attributes and blocks of a body, evaluated.
    pub(super) fn body(&self, body: &'p Body, scope: Scope<'_, 'p>) -> Value {
        let mut members = BTreeMap::new();
        for attribute in &body.attributes {
            if matches!(&*attribute.name, "count" | "for_each" | "depends_on" | "provider") {
                continue;
            }
            let value = self.evaluate(&attribute.value, scope);
            members.insert(Arc::clone(&attribute.name), Member { name: place_of(scope.file, attribute), value });
        }
        for block in &body.blocks {
            let kind = if &*block.kind == "dynamic" { block.labels.first() } else { Some(&block.kind) };
            let Some(kind) = kind.filter(|kind| !members.contains_key(*kind)) else { continue };
            if let Some(value) = self.blocks(body, kind, scope) {
                members.insert(Arc::clone(kind), Member { name: place(scope.file, block.header), value });
            }
        }
        Value::new(Kind::Map(Arc::new(Map(members))), Place::NONE)
    }

    /// All blocks of a kind, as a list; nothing if there is none after all.
    fn blocks(&self, body: &'p Body, kind: &str, scope: Scope<'_, 'p>) -> Option<Value> {
        let mut items: Vec<Value> = Vec::new();
        // Lists that there may be instead, where it is not known how often a block stands.
        let mut without: Option<Vec<Value>> = None;
        let mut at = Place::NONE;
        for block in &body.blocks {
            let is_dynamic = &*block.kind == "dynamic" && block.labels.first().is_some_and(|label| &**label == kind);
            if !is_dynamic && &*block.kind != kind {
                continue;
            }
            let here = place(scope.file, block.span);
            at = at.or(here);
            if !is_dynamic {
                items.push(Value { place: here, ..self.body(&block.body, scope) });
                continue;
            }
            let (made, is_certain) = self.dynamic(block, scope);
            if !is_certain && without.is_none() {
                without = Some(items.clone());
            }
            items.extend(made.into_iter().map(|item| Value { place: here, ..item }));
        }
        let list = |items: Vec<Value>| Value::new(Kind::List(items.into()), at);
        match without {
            Some(without) if without.is_empty() => Some(one_of(vec![list(items), Value::new(Kind::Null, at)], at)),
            Some(without) => Some(one_of(vec![list(items), list(without)], at)),
            None if items.is_empty() => None,
            None => Some(list(items)),
        }
    }

    /// What a dynamic block stands for, and whether that is certain. HCL's dynamic block extension.
    fn dynamic(&self, block: &'p Block, scope: Scope<'_, 'p>) -> (Vec<Value>, bool) {
        let (Some(for_each), Some(content)) = (block.body.attribute("for_each"), block.body.blocks_of("content").next()) else {
            return (Vec::new(), true);
        };
        let iterator = match block.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
            Some(ExpressionKind::Name(name) | ExpressionKind::Text(name)) => name,
            _ => match block.labels.first() {
                Some(label) => label,
                None => return (Vec::new(), true),
            },
        };
        let collection = self.evaluate(&for_each.value, scope);
        let one = |key: Value, value: Value| {
            let at = value.place;
            let object = Value::new(map_of([("key".into(), key), ("value".into(), value)]), at);
            let names = Names { name: iterator, value: object, outer: scope.names };
            self.body(&content.body, scope.named(&names))
        };
        let mut is_certain = true;
        let mut made = Vec::new();
        let alternatives = match &collection.kind {
            Kind::OneOf(alternatives) => {
                is_certain = false;
                alternatives.to_vec()
            }
            _ => vec![collection],
        };
        for alternative in alternatives {
            match entries(&alternative) {
                Some(entries) => made.extend(entries.into_iter().take(MAX_INSTANCES).map(|(key, value)| one(key, value))),
                None if alternative.is_null() => {}
                None => {
                    is_certain = false;
                    let cause = alternative.any_cause().cloned().unwrap_or(Cause::Invalid("`for_each` is no collection".into()));
                    let unknown = Value::unknown(cause, place_of(scope.file, for_each));
                    made.push(one(unknown.clone(), unknown));
                }
            }
        }
        (made, is_certain)
    }
}

/// How the instances of a block are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Single,
    List,
    Map,
    Unknown,
}

impl Each {
    /// The key by which an instance is found in a map.
    pub(super) fn name(&self) -> Option<Arc<str>> {
        operation::text_of(&self.key)
    }
}

fn has_blocks(body: &Body, kind: &str) -> bool {
    body.blocks
        .iter()
        .any(|block| &*block.kind == kind || (&*block.kind == "dynamic" && block.labels.first().is_some_and(|label| &**label == kind)))
}

fn count_of(value: &Value) -> Option<usize> {
    match value.boolean() {
        Some(is_true) => Some(usize::from(is_true)),
        None => value.number().and_then(index_of),
    }
}

/// A whole number that is not negative, of at most nine digits.
pub(crate) fn index_of(number: f64) -> Option<usize> {
    if number.fract() == 0.0 && (0.0..1e9).contains(&number) { format!("{number:.0}").parse().ok() } else { None }
}

/// Keys and values of what a `for_each` may be: a map, or a set of texts.
fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    match &value.kind {
        Kind::Map(map) => {
            Some(map.0.iter().map(|(name, member)| (Value::new(Kind::Text(Arc::clone(name)), member.name), member.value.clone())).collect())
        }
        Kind::List(items) => {
            let mut seen = std::collections::HashSet::with_capacity(items.len());
            let known = items.iter().all(|item| operation::text_of(item).is_some());
            known.then(|| {
                items.iter().filter(|item| seen.insert(operation::text_of(item))).map(|item| (item.clone(), item.clone())).collect()
            })
        }
        _ => None,
    }
}

/// Keys and values of a collection.
fn entries(value: &Value) -> Option<Vec<(Value, Value)>> {
    match &value.kind {
        Kind::Map(_) => pairs(value),
        Kind::List(items) => {
            let index = |at: usize| Value::new(Kind::Number(u32::try_from(at).map_or(f64::MAX, f64::from)), value.place);
            Some(items.iter().enumerate().map(|(at, item)| (index(at), item.clone())).collect())
        }
        _ => None,
    }
}
