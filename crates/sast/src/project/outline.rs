//! What a file defines, and what its names and types refer to.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::facts::{Callee, ClassFacts, Entity, FunctionFacts, OutlineFacts, Reference, Text, TypeFacts};
use crate::{
    ir::{Kind, NodeId, Op, Symbol},
    lower::Feature,
    matching::TypeOf,
    names::BindingKind,
    unit::Unit,
};

/// How many expressions are followed to find a type or what a name stands for.
const MAX_HOPS: u32 = 6;

/// Where the libraries of languages themselves begin.
const LIBRARIES: &[&str] = &[
    "java",
    "javax",
    "jakarta",
    "kotlin",
    "kotlinx",
    "scala",
    "System",
    "android",
    "androidx",
    "collections",
    "typing",
    "queue",
    "os",
    "sys",
    "re",
    "json",
];

/// Types of the libraries of languages that hold other things, known without an import or by one of everything.
const CONTAINERS: &[&str] = &[
    "Array",
    "ArrayDeque",
    "ArrayList",
    "Collection",
    "Deque",
    "Dictionary",
    "HashMap",
    "HashSet",
    "Hash",
    "Iterable",
    "LinkedHashMap",
    "LinkedHashSet",
    "LinkedList",
    "List",
    "Map",
    "MutableList",
    "MutableMap",
    "MutableSet",
    "Object",
    "Properties",
    "Queue",
    "Set",
    "Stack",
    "String",
    "StringBuffer",
    "StringBuilder",
    "TreeMap",
    "TreeSet",
    "Vector",
];

/// The functions and classes of a file, by number, and what its names refer to.
pub(crate) struct Outline<'a> {
    pub(crate) unit: &'a Unit<'a>,
    texts: RefCell<Texts>,
    functions: FxHashMap<NodeId, u32>,
    classes: FxHashMap<NodeId, u32>,
    in_order: (Vec<NodeId>, Vec<NodeId>),
}

/// Texts, each once.
#[derive(Debug, Default)]
struct Texts {
    texts: Vec<Box<str>>,
    by_text: FxHashMap<Box<str>, Text>,
    by_symbol: FxHashMap<Symbol, Text>,
}

impl Texts {
    fn number(&mut self, text: &str) -> Text {
        if let Some(known) = self.by_text.get(text) {
            return *known;
        }
        let number = Text::try_from(self.texts.len()).unwrap_or(Text::MAX);
        self.texts.push(text.into());
        self.by_text.insert(text.into(), number);
        number
    }
}

impl<'a> Outline<'a> {
    pub(crate) fn new(unit: &'a Unit<'a>) -> Self {
        let mut functions: Vec<NodeId> = unit.of_kind(Kind::FuncDef).to_vec();
        functions.extend(unit.of_kind(Kind::Lambda).iter().filter(|lambda| is_named(unit, **lambda)));
        functions.sort_unstable();
        let classes = unit.of_kind(Kind::ClassDef).to_vec();
        let numbered = |nodes: &[NodeId]| (0..).zip(nodes).map(|(number, node)| (*node, number)).collect();
        Self {
            unit,
            texts: RefCell::default(),
            functions: numbered(&functions),
            classes: numbered(&classes),
            in_order: (functions, classes),
        }
    }

    /// The number of a function.
    pub(crate) fn function(&self, node: NodeId) -> Option<u32> {
        self.functions.get(&node).copied()
    }

    /// All functions, in order.
    pub(crate) fn functions(&self) -> &[NodeId] {
        &self.in_order.0
    }

    pub(crate) fn text(&self, symbol: Symbol) -> Text {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.by_symbol.get(&symbol) {
            return *known;
        }
        let number = self.unit.with_text(symbol, |text| texts.number(text));
        texts.by_symbol.insert(symbol, number);
        number
    }

    /// All texts that were numbered.
    pub(crate) fn into_texts(self) -> Vec<Box<str>> {
        self.texts.into_inner().texts
    }

    /// What a call or a `new` runs, if there are names that tell.
    pub(crate) fn callee(&self, call: NodeId) -> Option<Callee> {
        self.callee_within(call, MAX_HOPS)
    }

    fn callee_within(&self, call: NodeId, n_hops: u32) -> Option<Callee> {
        let n_hops = n_hops.checked_sub(1)?;
        let tree = &self.unit.tree;
        // A name or a member may be a call of its own.
        let mut callee = if matches!(tree.kind(call), Kind::Name | Kind::Dot) { call } else { tree.child(call, 0) };
        if tree.kind(call) == Kind::New {
            return match self.type_named(callee) {
                TypeFacts::Unknown => None,
                of => Some(Callee::New(of)),
            };
        }
        if tree.kind(callee) == Kind::TypeArgs {
            callee = tree.child(callee, 0);
        }
        match tree.kind(callee) {
            Kind::Name => {
                let name = tree.node(callee).symbol;
                let Some(binding) = self.unit.names.of(callee) else {
                    return self.has_names_of_others().then(|| Callee::Named(Reference::Unknown(vec![self.text(name)])));
                };
                if !binding.paths.is_empty() {
                    return self.reference(callee).map(Callee::Named);
                }
                match binding.kind {
                    BindingKind::Function => self.function(binding.declaration).map(Callee::Local),
                    BindingKind::Class => self.class(binding.declaration).map(|class| Callee::New(TypeFacts::Class(class))),
                    BindingKind::Import => None,
                    BindingKind::Unknown | BindingKind::Field => match self.enclosing_class(callee) {
                        Some(class) if self.has_implicit_self() => Some(Callee::Method(TypeFacts::Class(class), self.text(name))),
                        _ => self.reference(callee).map(Callee::Named),
                    },
                    BindingKind::Variable | BindingKind::Parameter => {
                        let value = self.unit.reaching_value(callee)?;
                        self.function(value).map(Callee::Local)
                    }
                }
            }
            Kind::Dot => {
                let (object, member) = (tree.child(callee, 0), tree.node(tree.child(callee, 1)));
                if member.kind != Kind::Name {
                    return None;
                }
                if let Some(reference) = self.reference(callee) {
                    return Some(Callee::Named(reference));
                }
                match self.type_within(object, n_hops) {
                    TypeFacts::Unknown => None,
                    of => Some(Callee::Method(of, self.text(member.symbol))),
                }
            }
            _ => None,
        }
    }

    /// Whether a method of the same object is called by its name alone.
    fn has_implicit_self(&self) -> bool {
        !self.unit.has_feature(Feature::ExplicitSelf)
    }

    fn has_calls_without_brackets(&self) -> bool {
        self.unit.has_feature(Feature::BareCalls)
    }

    fn class(&self, node: NodeId) -> Option<u32> {
        self.classes.get(&node).copied()
    }

    fn enclosing_class(&self, id: NodeId) -> Option<u32> {
        std::iter::successors(self.unit.tree.parent(id), |at| self.unit.tree.parent(*at)).find_map(|at| self.class(at))
    }

    /// What a name, or a name of a name, refers to outside of the file.
    fn reference(&self, id: NodeId) -> Option<Reference> {
        let tree = &self.unit.tree;
        let mut members = Vec::new();
        let mut at = id;
        while tree.kind(at) == Kind::Dot {
            let member = tree.node(tree.child(at, 1));
            if member.kind != Kind::Name {
                return None;
            }
            members.push(self.text(member.symbol));
            at = tree.child(at, 0);
        }
        if tree.kind(at) != Kind::Name {
            return None;
        }
        members.reverse();
        let name = tree.node(at).symbol;
        if self.unit.with_text(name, |text| is_self(text) || matches!(text, "super" | "parent" | "base")) {
            return None;
        }
        let may_be = self.has_names_of_others();
        let unknown = |members: Vec<Text>| may_be.then(|| Reference::Unknown(std::iter::once(self.text(name)).chain(members).collect()));
        let Some(binding) = self.unit.names.of(at) else { return unknown(members) };
        if !binding.paths.is_empty() {
            return Some(self.imported(&binding.paths, &members));
        }
        match binding.kind {
            BindingKind::Unknown => unknown(members),
            _ => None,
        }
    }

    /// Whether a name that is declared nowhere in the file may be one of another file. In some languages it belongs to the language.
    fn has_names_of_others(&self) -> bool {
        !self.unit.has_feature(Feature::ClosedNames) || !self.unit.names.stars().is_empty()
    }

    fn imported(&self, paths: &[Box<[Symbol]>], members: &[Text]) -> Reference {
        let path = |path: &[Symbol]| path.iter().map(|symbol| self.text(*symbol)).chain(members.iter().copied()).collect();
        Reference::Imported(paths.iter().map(|each| path(each)).collect())
    }

    /// The type that a node names.
    fn type_named(&self, of: NodeId) -> TypeFacts {
        let tree = &self.unit.tree;
        let mut at = of;
        loop {
            let node = tree.node(at);
            match node.kind {
                Kind::TypeArgs => {
                    let base = tree.node(tree.child(at, 0)).symbol;
                    // What is waited for is what counts.
                    let is_wrapper = self.unit.with_text(base, |text| matches!(text, "Promise" | "Task" | "Optional" | "Annotated"));
                    at = tree.child(at, usize::from(is_wrapper));
                }
                Kind::TypeOf if node.op == Op::Array => return TypeFacts::Unknown,
                Kind::TypeOf => at = tree.child(at, 0),
                Kind::Unary if matches!(node.op, Op::Deref | Op::AddressOf) => at = tree.child(at, 0),
                Kind::Name | Kind::Dot => {
                    let binding = self.unit.names.of(at).filter(|binding| binding.kind == BindingKind::Class);
                    if let Some(class) = binding.and_then(|binding| self.class(binding.declaration)) {
                        return TypeFacts::Class(class);
                    }
                    return self.reference(at).map_or(TypeFacts::Unknown, TypeFacts::Named);
                }
                _ => return TypeFacts::Unknown,
            }
        }
    }

    /// What is known of the type of an expression, or the class that it names.
    pub(crate) fn type_of(&self, id: NodeId) -> TypeFacts {
        self.type_within(id, MAX_HOPS)
    }

    fn type_within(&self, id: NodeId, n_hops: u32) -> TypeFacts {
        let Some(n_hops) = n_hops.checked_sub(1) else { return TypeFacts::Unknown };
        let tree = &self.unit.tree;
        let node = tree.node(id);
        let child = |slot| tree.child(id, slot);
        match node.kind {
            Kind::New => TypeFacts::Exactly(Box::new(self.type_named(child(0)))),
            Kind::Cast => self.type_named(child(0)),
            Kind::Await | Kind::ExprStmt => self.type_within(child(0), n_hops),
            Kind::Unary if matches!(node.op, Op::AddressOf | Op::Deref | Op::NonNull) => self.type_within(child(0), n_hops),
            Kind::Call => match self.callee_within(id, n_hops) {
                Some(Callee::New(of)) => TypeFacts::Exactly(Box::new(of)),
                Some(callee) => TypeFacts::Result(Box::new(callee)),
                None => self.super_class(child(0), id),
            },
            Kind::Name => {
                if self.unit.with_text(node.symbol, is_self) {
                    return self.enclosing_class(id).map_or(TypeFacts::Unknown, TypeFacts::Class);
                }
                let of_super = self.super_class(id, id);
                if of_super != TypeFacts::Unknown {
                    return of_super;
                }
                let Some(binding) = self.unit.names.of(id) else { return TypeFacts::Unknown };
                if !binding.paths.is_empty() {
                    return self.reference(id).map_or(TypeFacts::Unknown, TypeFacts::Named);
                }
                match binding.kind {
                    BindingKind::Class => return self.class(binding.declaration).map_or(TypeFacts::Unknown, TypeFacts::Class),
                    BindingKind::Import | BindingKind::Unknown => return self.reference(id).map_or(TypeFacts::Unknown, TypeFacts::Named),
                    BindingKind::Parameter if tree.node(binding.declaration).op == Op::Receiver => {
                        return self.type_named(tree.child(binding.declaration, 2));
                    }
                    _ => {}
                }
                let value = match binding.definitions.as_slice() {
                    [only] if binding.kind != BindingKind::Parameter => only.value,
                    _ => self.unit.reaching_value(id),
                };
                if let Some(value) = value {
                    let of = self.type_within(value, n_hops);
                    if matches!(of, TypeFacts::Exactly(_)) || binding.declared_type.is_none() {
                        return of;
                    }
                }
                match self.unit.type_of(id, n_hops) {
                    Some(TypeOf::Node(of) | TypeOf::Pointer(of)) => self.type_named(of),
                    _ => value.map_or(TypeFacts::Unknown, |value| self.type_within(value, n_hops)),
                }
            }
            Kind::Dot => {
                let member = tree.node(child(1));
                if member.kind != Kind::Name {
                    return TypeFacts::Unknown;
                }
                if let Some(reference) = self.reference(id) {
                    return TypeFacts::Named(reference);
                }
                match self.type_within(child(0), n_hops) {
                    TypeFacts::Unknown => TypeFacts::Unknown,
                    of if self.has_calls_without_brackets() => TypeFacts::Result(Box::new(Callee::Method(of, self.text(member.symbol)))),
                    of => TypeFacts::Field(Box::new(of), self.text(member.symbol)),
                }
            }
            // A composite literal: `Repo{…}`.
            Kind::TypeArgs | Kind::TypeOf => self.type_named(id),
            _ => TypeFacts::Unknown,
        }
    }

    /// Whether a type may be defined in another file of the project, as far as its name tells.
    pub(crate) fn may_be_elsewhere(&self, of: &TypeFacts) -> bool {
        match of {
            TypeFacts::Unknown | TypeFacts::Class(_) | TypeFacts::Field(..) => false,
            TypeFacts::Exactly(of) => self.may_be_elsewhere(of),
            TypeFacts::Named(reference) => self.is_elsewhere(reference),
            // `Repo()` makes an object where there is no `new`.
            TypeFacts::Result(callee) => match &**callee {
                Callee::Named(reference) => {
                    let last = match reference {
                        Reference::Unknown(path) => path.last(),
                        Reference::Imported(paths) => paths.last().and_then(|path| path.last()),
                    };
                    last.is_some_and(|last| self.starts_with_capital(*last)) && self.is_elsewhere(reference)
                }
                Callee::New(of) => self.may_be_elsewhere(of),
                Callee::Local(_) | Callee::Method(..) => false,
            },
        }
    }

    fn starts_with_capital(&self, text: Text) -> bool {
        self.texts.borrow().texts.get(text as usize).is_some_and(|text| text.starts_with(|first: char| first.is_uppercase()))
    }

    fn is_elsewhere(&self, reference: &Reference) -> bool {
        let texts = self.texts.borrow();
        let is_one_of = |text: Option<&Text>, known: &[&str]| {
            text.and_then(|text| texts.texts.get(*text as usize)).is_some_and(|text| known.contains(&&**text))
        };
        match reference {
            Reference::Imported(paths) => !paths.iter().any(|path| is_one_of(path.first(), LIBRARIES)),
            // What is declared nowhere belongs to the language, in these; elsewhere it may be of the same package.
            Reference::Unknown(_) if self.unit.has_feature(Feature::ClosedNames) => false,
            Reference::Unknown(path) => !is_one_of(path.first(), LIBRARIES) && !is_one_of(path.last(), CONTAINERS),
        }
    }

    /// The class that `super` means.
    fn super_class(&self, name: NodeId, at: NodeId) -> TypeFacts {
        let node = self.unit.tree.node(name);
        let is_super = node.kind == Kind::Name && self.unit.with_text(node.symbol, |text| matches!(text, "super" | "parent" | "base"));
        if !is_super {
            return TypeFacts::Unknown;
        }
        let ancestors = std::iter::successors(self.unit.tree.parent(at), |at| self.unit.tree.parent(*at));
        let class = ancestors.into_iter().find(|at| self.classes.contains_key(at));
        let base = class.and_then(|class| self.unit.tree.children(self.unit.tree.child(class, 3)).next());
        base.map_or(TypeFacts::Unknown, |base| self.type_named(base))
    }

    /// All that the file defines.
    pub(crate) fn facts(&self) -> OutlineFacts {
        let mut facts = OutlineFacts {
            classes: self.in_order.1.iter().map(|class| self.class_facts(*class)).collect(),
            functions: self.in_order.0.iter().map(|function| self.function_facts(*function)).collect(),
            stars: self.unit.names.stars().iter().map(|path| path.iter().map(|symbol| self.text(*symbol)).collect()).collect(),
            ..OutlineFacts::default()
        };
        for binding in self.unit.names.imports() {
            facts.names.push((self.text(binding.name), Entity::Other(self.imported(&binding.paths, &[]))));
        }
        self.statements(NodeId::ROOT, &mut facts);
        facts
    }

    fn class_facts(&self, class: NodeId) -> ClassFacts {
        let tree = &self.unit.tree;
        let mut path = Vec::new();
        let mut at = Some(class);
        while let Some(outer) = at {
            match tree.kind(outer) {
                Kind::ClassDef => path.extend(self.names_of(tree.child(outer, 1)).into_iter().rev()),
                Kind::Namespace => path.extend(self.names_of(tree.child(outer, 0)).into_iter().rev()),
                _ => {}
            }
            at = tree.parent(outer);
        }
        path.reverse();
        let mut fields = Vec::new();
        let mut primary = Vec::new();
        for param in tree.children(tree.child(class, 2)).filter(|param| tree.kind(*param) == Kind::Param) {
            let name = self.text(tree.node(tree.child(param, 1)).symbol);
            primary.push(name);
            fields.push((name, self.type_named(tree.child(param, 2))));
        }
        for member in tree.children(tree.child(class, 4)) {
            match tree.kind(member) {
                Kind::VarDef => fields.push((self.text(tree.node(tree.child(member, 1)).symbol), self.variable_type(member))),
                Kind::FuncDef => self.fields_set_in(member, &mut fields),
                _ => {}
            }
        }
        fields.retain(|(_, of)| *of != TypeFacts::Unknown);
        let bases = tree.children(tree.child(class, 3)).map(|base| {
            // `Base(arguments)`, and `Base by delegate`.
            self.type_named(if tree.kind(base) == Kind::Call { tree.child(base, 0) } else { base })
        });
        let bases = bases.filter(|of| *of != TypeFacts::Unknown).collect();
        ClassFacts { path, bases, is_interface: matches!(tree.node(class).op, Op::Interface | Op::Trait), fields, primary }
    }

    /// The type of a variable's definition.
    fn variable_type(&self, definition: NodeId) -> TypeFacts {
        let tree = &self.unit.tree;
        let value = self.type_of(tree.child(definition, 3));
        if matches!(value, TypeFacts::Exactly(_)) {
            return value;
        }
        match self.type_named(tree.child(definition, 2)) {
            TypeFacts::Unknown => value,
            declared => declared,
        }
    }

    /// Fields that a method sets: `self.repo = Repo()`, and parameters that are fields.
    fn fields_set_in(&self, method: NodeId, fields: &mut Vec<(Text, TypeFacts)>) {
        let tree = &self.unit.tree;
        for param in tree.children(tree.child(method, 2)) {
            if crate::taint::is_field_too(self.unit, method, param) {
                fields.push((self.text(tree.node(tree.child(param, 1)).symbol), self.type_named(tree.child(param, 2))));
            }
        }
        for id in tree.descendants(method).filter(|id| tree.kind(*id) == Kind::Assign) {
            let target = tree.child(id, 0);
            let name = match tree.kind(target) {
                Kind::Dot if self.unit.with_text(tree.node(tree.child(target, 0)).symbol, is_self) => tree.child(target, 1),
                Kind::Name if self.unit.with_text(tree.node(target).symbol, |text| text.starts_with('@')) => target,
                _ => continue,
            };
            fields.push((self.text(tree.node(name).symbol), self.type_of(tree.child(id, 1))));
        }
    }

    fn function_facts(&self, function: NodeId) -> FunctionFacts {
        let tree = &self.unit.tree;
        let is_lambda = tree.kind(function) == Kind::Lambda;
        let offset = if is_lambda { 0 } else { 2 };
        let holder = if is_lambda { tree.parent(function).unwrap_or(function) } else { function };
        let name = match tree.kind(holder) {
            Kind::KeyValue | Kind::Assign => tree.child(holder, 0),
            _ => tree.child(holder, 1),
        };
        let name = if tree.kind(name) == Kind::Dot { tree.child(name, 1) } else { name };
        let receiver = tree.children(tree.child(function, offset)).find(|param| tree.node(*param).op == Op::Receiver);
        let class = tree.parent(holder).and_then(|block| tree.parent(block)).and_then(|owner| self.class(self.owner(owner)));
        let params = crate::taint::params(self.unit, function);
        let params = params.iter().map(|param| {
            let name = if tree.kind(*param) == Kind::Param { tree.child(*param, 1) } else { *param };
            self.text(tree.node(name).symbol)
        });
        FunctionFacts {
            name: self.text(tree.node(name).symbol),
            class,
            of: receiver.map_or(TypeFacts::Unknown, |receiver| self.type_named(tree.child(receiver, 2))),
            params: params.collect(),
            returns: self.returned_type(function, tree.child(function, offset + 1)),
            has_body: tree.kind(tree.child(function, offset + 2)) != Kind::None,
            is_constructor: crate::taint::is_constructor(self.unit, function),
        }
    }

    /// The class that members belong to: what a class has apart from its objects (`class << self`, `companion object`) is its own.
    fn owner(&self, class: NodeId) -> NodeId {
        let tree = &self.unit.tree;
        let name = tree.node(tree.child(class, 1));
        let is_part = tree.node(class).op == Op::Object
            && (name.kind != Kind::Name || self.unit.with_text(name.symbol, |text| matches!(text, "self" | "Companion" | "companion")));
        let outer = std::iter::successors(tree.parent(class), |at| tree.parent(*at)).find(|at| self.classes.contains_key(at));
        if is_part { outer.unwrap_or(class) } else { class }
    }

    /// The type that a function says that it gives back, or that of what it does give back.
    fn returned_type(&self, function: NodeId, declared: NodeId) -> TypeFacts {
        let tree = &self.unit.tree;
        let of = self.type_named(declared);
        if of != TypeFacts::Unknown || tree.kind(declared) != Kind::None {
            return of;
        }
        let returns = tree.descendants(function).filter(|id| tree.kind(*id) == Kind::Return);
        let mut types = returns.map(|id| self.type_of(tree.child(id, 0))).filter(|of| *of != TypeFacts::Unknown);
        let first = types.next().unwrap_or_default();
        if types.all(|other| other == first) { first } else { TypeFacts::Unknown }
    }

    /// The names of a dotted name.
    fn names_of(&self, id: NodeId) -> Vec<Text> {
        let tree = &self.unit.tree;
        let mut names = Vec::new();
        let mut at = id;
        while tree.kind(at) == Kind::Dot {
            names.push(self.text(tree.node(tree.child(at, 1)).symbol));
            at = tree.child(at, 0);
        }
        names.push(self.text(tree.node(at).symbol));
        names.reverse();
        names
    }

    fn statements(&self, block: NodeId, facts: &mut OutlineFacts) {
        for id in self.unit.tree.children(block) {
            self.statement(id, facts);
        }
    }

    fn statement(&self, id: NodeId, facts: &mut OutlineFacts) {
        let tree = &self.unit.tree;
        let node = tree.node(id);
        let name_of = |name: NodeId| self.text(tree.node(name).symbol);
        match node.kind {
            Kind::Package if facts.package.is_empty() => facts.package = self.names_of(tree.child(id, 0)),
            Kind::Namespace => self.statements(tree.child(id, 1), facts),
            Kind::Block | Kind::If | Kind::Try | Kind::With => self.statements(id, facts),
            Kind::FuncDef => {
                if let Some(function) = self.function(id) {
                    let has_receiver = facts.functions.get(function as usize).is_some_and(|known| known.of != TypeFacts::Unknown);
                    if !has_receiver {
                        facts.names.push((name_of(tree.child(id, 1)), Entity::Function(function)));
                    }
                }
            }
            Kind::ClassDef => {
                if let Some(class) = self.class(id) {
                    facts.names.push((name_of(tree.child(id, 1)), Entity::Class(class)));
                }
            }
            Kind::VarDef => {
                let entity = self.entity(tree.child(id, 3), MAX_HOPS).or_else(|| match self.variable_type(id) {
                    TypeFacts::Unknown => None,
                    of => Some(Entity::Value(of)),
                });
                if let Some(entity) = entity.filter(|_| tree.kind(tree.child(id, 1)) == Kind::Name) {
                    facts.names.push((name_of(tree.child(id, 1)), entity));
                }
            }
            Kind::ExprStmt => self.statement(tree.child(id, 0), facts),
            Kind::Assign => self.assignment(id, facts),
            Kind::Other => self.export(id, facts),
            _ => {}
        }
    }

    /// `name = …`, `module.exports = …`, `exports.name = …`.
    fn assignment(&self, id: NodeId, facts: &mut OutlineFacts) {
        let tree = &self.unit.tree;
        let (target, value) = (tree.child(id, 0), tree.child(id, 1));
        if tree.kind(value) == Kind::Assign {
            self.assignment(value, facts);
        }
        let Some(entity) = self.entity(value, MAX_HOPS) else { return };
        if tree.kind(target) == Kind::Name {
            facts.names.push((self.text(tree.node(target).symbol), entity));
            return;
        }
        let names: Vec<Text> = self.names_of(target);
        let (exports, module, default) = (self.named("exports"), self.named("module"), self.named("default"));
        match *names.as_slice() {
            [first, second] if first == module && second == exports => facts.names.push((default, entity)),
            [first, name] if first == exports => facts.names.push((name, entity)),
            [first, second, name] if first == module && second == exports => facts.names.push((name, entity)),
            _ => {}
        }
    }

    fn named(&self, text: &str) -> Text {
        self.texts.borrow_mut().number(text)
    }

    /// Exports that are no definitions.
    fn export(&self, id: NodeId, facts: &mut OutlineFacts) {
        let tree = &self.unit.tree;
        let what = self.unit.with_text(tree.node(id).symbol, str::to_owned);
        let children: Vec<NodeId> = tree.children(id).collect();
        match what.as_str() {
            "export-default" | "export-assign" => {
                for child in children {
                    if let Some(entity) = self.entity(child, MAX_HOPS) {
                        facts.names.push((self.named("default"), entity));
                    }
                    self.statement(child, facts);
                }
            }
            "export" | "export-from" => {
                let module =
                    children.first().filter(|first| tree.kind(**first) == Kind::Str).map(|first| self.text(tree.node(*first).symbol));
                for item in children.iter().filter(|child| tree.kind(**child) == Kind::ImportItem) {
                    let (name, alias) = (tree.child(*item, 0), tree.child(*item, 1));
                    let symbol = tree.node(name).symbol;
                    let shown = if tree.kind(alias) == Kind::Name { tree.node(alias).symbol } else { symbol };
                    let is_star = self.unit.with_text(symbol, |text| text == "*");
                    let entity = match module {
                        Some(module) if is_star && tree.kind(alias) != Kind::Name => {
                            facts.passed_on.push(vec![module]);
                            continue;
                        }
                        Some(module) if is_star => Some(Entity::Other(Reference::Imported(vec![vec![module]]))),
                        Some(module) => Some(Entity::Other(Reference::Imported(vec![vec![module, self.text(symbol)]]))),
                        None => self.entity(name, MAX_HOPS),
                    };
                    facts.names.extend(entity.map(|entity| (self.text(shown), entity)));
                }
            }
            _ => {}
        }
    }

    /// What an expression stands for, if that can be called or has members.
    fn entity(&self, id: NodeId, n_hops: u32) -> Option<Entity> {
        let n_hops = n_hops.checked_sub(1)?;
        let tree = &self.unit.tree;
        match tree.kind(id) {
            Kind::FuncDef | Kind::Lambda => self.function(id).map(Entity::Function),
            Kind::ClassDef => self.class(id).map(Entity::Class),
            Kind::Dict => {
                let mut members = Vec::new();
                for entry in tree.children(id) {
                    let (name, value) = match tree.kind(entry) {
                        Kind::KeyValue => (tree.child(entry, 0), tree.child(entry, 1)),
                        Kind::FuncDef => (tree.child(entry, 1), entry),
                        _ => continue,
                    };
                    if let Some(entity) = self.entity(value, n_hops).filter(|_| matches!(tree.kind(name), Kind::Name | Kind::Str)) {
                        members.push((self.text(tree.node(name).symbol), entity));
                    }
                }
                (!members.is_empty()).then_some(Entity::Members(members))
            }
            Kind::Name => {
                let binding = self.unit.names.of(id)?;
                match binding.kind {
                    BindingKind::Function => self.function(binding.declaration).map(Entity::Function),
                    BindingKind::Class => self.class(binding.declaration).map(Entity::Class),
                    _ if !binding.paths.is_empty() => self.reference(id).map(Entity::Other),
                    BindingKind::Variable => self.entity(binding.definitions.first()?.value?, n_hops),
                    _ => None,
                }
            }
            Kind::Dot => self.reference(id).map(Entity::Other),
            Kind::New | Kind::Call | Kind::Await => match self.type_of(id) {
                TypeFacts::Unknown => None,
                of => Some(Entity::Value(of)),
            },
            _ => None,
        }
    }
}

/// Whether a function without a name is bound to one.
fn is_named(unit: &Unit<'_>, lambda: NodeId) -> bool {
    let Some(parent) = unit.tree.parent(lambda) else { return false };
    match unit.tree.kind(parent) {
        Kind::VarDef | Kind::Assign | Kind::KeyValue => true,
        Kind::Other => unit.with_text(unit.tree.node(parent).symbol, |text| text.starts_with("export")),
        _ => false,
    }
}

fn is_self(text: &str) -> bool {
    matches!(text, "this" | "self" | "$this" | "cls" | "static")
}
