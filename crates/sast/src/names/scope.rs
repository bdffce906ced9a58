//! Walks a tree with a stack of scopes.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::{Binding, BindingId, BindingKind, Definition, Names, is_bound_in_cases};
use crate::{
    ir::{Interner, Kind, NodeId, Op, Symbol, Tree},
    lower::{Feature, Language, NameRules, Scope as ScopeRule},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    File,
    Function,
    Class,
    Block,
}

#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    names: FxHashMap<Symbol, BindingId>,
    /// The function, class or file that opened it.
    node: NodeId,
}

pub(super) struct Resolver<'a> {
    tree: &'a Tree,
    rules: NameRules,
    /// Whether a name in a case is declared there.
    cases_bind: bool,
    symbols: &'a mut Interner,
    names: Names,
    scopes: Vec<Scope>,
    function: NodeId,
    words: Words,
}

/// Names that mean something to imports.
struct Words {
    star: Symbol,
    default: Symbol,
    require: Symbol,
    this: Symbol,
    constant: [Symbol; 4],
}

/// A declaration to be.
struct Declared {
    name: Symbol,
    at: NodeId,
    kind: BindingKind,
    declared_type: Option<NodeId>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(tree: &'a Tree, language: &Language, symbols: &'a mut Interner) -> Self {
        let words = Words {
            star: symbols.intern("*"),
            default: symbols.intern("default"),
            require: symbols.intern("require"),
            this: symbols.intern("this"),
            constant: ["final", "const", "readonly", "val"].map(|word| symbols.intern(word)),
        };
        let (rules, cases_bind) = (language.names, language.has(Feature::CasesBind));
        Self { tree, rules, cases_bind, symbols, names: Names::default(), scopes: Vec::new(), function: NodeId::ROOT, words }
    }

    pub(super) fn run(mut self) -> Names {
        if self.tree.is_empty() {
            return self.names;
        }
        self.scopes.push(Scope { kind: ScopeKind::File, names: FxHashMap::default(), node: NodeId::ROOT });
        self.block(NodeId::ROOT);
        self.names
    }

    /// Statements in a row: definitions are known before they are reached.
    fn block(&mut self, id: NodeId) {
        for child in self.tree.children(id) {
            self.hoist(child);
        }
        for child in self.tree.children(id) {
            self.visit(child);
        }
    }

    fn hoist(&mut self, id: NodeId) {
        let name = self.tree.child(id, 1);
        if self.tree.kind(name) != Kind::Name {
            return;
        }
        let kind = match self.tree.kind(id) {
            Kind::FuncDef => BindingKind::Function,
            Kind::ClassDef => BindingKind::Class,
            _ => return,
        };
        let declared = Declared { name: self.tree.node(name).symbol, at: id, kind, declared_type: None };
        let binding = self.declare(&declared, false);
        self.names.of_node.insert(name, binding);
    }

    fn visit(&mut self, id: NodeId) {
        let node = *self.tree.node(id);
        match node.kind {
            Kind::Name => self.reference(id),
            Kind::FuncDef => self.function(id, 2),
            Kind::Lambda => self.function(id, 0),
            Kind::ClassDef => self.class(id),
            Kind::Block => {
                self.within(ScopeKind::Block, id, |resolver| resolver.block(id));
            }
            Kind::For | Kind::ForEach | Kind::Catch | Kind::With | Kind::Comprehension | Kind::Case | Kind::Namespace => {
                self.within(ScopeKind::Block, id, |resolver| resolver.clauses(id, node.kind));
            }
            Kind::Dot => {
                self.visit(self.tree.child(id, 0));
                let member = self.tree.child(id, 1);
                if self.tree.kind(member) != Kind::Name {
                    self.visit(member);
                }
            }
            Kind::KwArg | Kind::XmlAttr | Kind::Label => {
                for child in self.tree.children(id).skip(1) {
                    self.visit(child);
                }
            }
            Kind::KeyValue => {
                let (key, value) = (self.tree.child(id, 0), self.tree.child(id, 1));
                if self.tree.kind(key) != Kind::Name || self.rules.assignment_declares {
                    self.visit(key);
                }
                self.visit(value);
            }
            Kind::Assign => {
                let (target, value) = (self.tree.child(id, 0), self.tree.child(id, 1));
                self.visit(value);
                self.assign(target, id, Some(value), None);
            }
            Kind::AugAssign => {
                let (target, value) = (self.tree.child(id, 0), self.tree.child(id, 1));
                self.visit(value);
                // The value is that of the operation.
                self.assign(target, id, Some(id), None);
            }
            Kind::ExprStmt => {
                let expression = self.tree.child(id, 0);
                self.visit(expression);
                if self.tree.kind(expression) == Kind::Call {
                    self.touch(self.tree.child(expression, 0), id);
                }
                // `text << more` adds to what the name stands for.
                if self.tree.kind(expression) == Kind::Binary && self.tree.node(expression).op == Op::Shl {
                    self.touch_name(self.tree.child(expression, 0), id);
                }
            }
            Kind::Unary if matches!(node.op, Op::Increment | Op::Decrement) => self.assign(self.tree.child(id, 0), id, None, None),
            Kind::VarDef => self.variable(id),
            Kind::Import => self.import(id),
            Kind::ImportFrom => self.import_from(id),
            Kind::Package | Kind::Goto | Kind::Break | Kind::Continue => {}
            _ => {
                for child in self.tree.children(id) {
                    self.visit(child);
                }
            }
        }
    }

    fn within(&mut self, kind: ScopeKind, node: NodeId, body: impl FnOnce(&mut Self)) {
        // Where functions alone open scopes, blocks are transparent.
        let is_transparent = kind == ScopeKind::Block && self.rules.scope == ScopeRule::Function;
        if is_transparent {
            return body(self);
        }
        self.scopes.push(Scope { kind, names: FxHashMap::default(), node });
        body(self);
        self.scopes.pop();
    }

    fn function(&mut self, id: NodeId, params_slot: usize) {
        let children: SmallVec<[NodeId; 6]> = self.tree.children(id).collect();
        // Attributes, name and types are read outside.
        for (slot, child) in children.iter().enumerate() {
            let is_name = params_slot == 2 && slot == 1;
            let is_outside = slot < params_slot || slot == params_slot + 1;
            if is_outside && !is_name {
                self.visit(*child);
            }
        }
        if params_slot == 2
            && let Some(name) =
                children.get(1).filter(|name| self.tree.kind(**name) == Kind::Name && self.names.binding_of(**name).is_none())
        {
            let declared = Declared { name: self.tree.node(*name).symbol, at: id, kind: BindingKind::Function, declared_type: None };
            let binding = self.declare(&declared, false);
            self.names.of_node.insert(*name, binding);
        }
        let outer = std::mem::replace(&mut self.function, id);
        self.within(ScopeKind::Function, id, |resolver| {
            if let Some(params) = children.get(params_slot) {
                for param in resolver.tree.children(*params) {
                    resolver.parameter(param);
                }
            }
            if let Some(body) = children.get(params_slot + 2) {
                if resolver.tree.kind(*body) == Kind::Block { resolver.block(*body) } else { resolver.visit(*body) }
            }
        });
        self.function = outer;
    }

    fn parameter(&mut self, id: NodeId) {
        if self.tree.kind(id) != Kind::Param {
            return self.visit(id);
        }
        let slots: SmallVec<[NodeId; 4]> = self.tree.children(id).collect();
        let [attrs, name, of, default] = *slots.as_slice() else { return };
        self.visit(attrs);
        self.visit(of);
        self.visit(default);
        let declared_type = (self.tree.kind(of) != Kind::None).then_some(of);
        self.declare_pattern(name, id, BindingKind::Parameter, declared_type, None);
    }

    fn class(&mut self, id: NodeId) {
        let slots: SmallVec<[NodeId; 5]> = self.tree.children(id).collect();
        let [attrs, name, params, bases, body] = *slots.as_slice() else { return };
        self.visit(attrs);
        if self.tree.kind(name) == Kind::Name && self.names.binding_of(name).is_none() {
            let declared = Declared { name: self.tree.node(name).symbol, at: id, kind: BindingKind::Class, declared_type: None };
            let binding = self.declare(&declared, false);
            self.names.of_node.insert(name, binding);
        }
        self.visit(bases);
        self.within(ScopeKind::Class, id, |resolver| {
            for param in resolver.tree.children(params) {
                resolver.parameter(param);
            }
            if resolver.tree.kind(body) == Kind::Block { resolver.block(body) } else { resolver.visit(body) }
        });
    }

    /// The parts of a node that opens a scope of its own.
    fn clauses(&mut self, id: NodeId, kind: Kind) {
        let slots: SmallVec<[NodeId; 6]> = self.tree.children(id).collect();
        match (kind, slots.as_slice()) {
            (Kind::ForEach, [target, iterated, rest @ ..]) => {
                self.visit(*iterated);
                self.loop_target(*target, id);
                rest.iter().for_each(|child| self.visit(*child));
            }
            (Kind::Catch, [of, name, rest @ ..]) => {
                self.visit(*of);
                if self.tree.kind(*name) != Kind::None {
                    self.declare_pattern(*name, id, BindingKind::Variable, Some(*of), None);
                }
                rest.iter().for_each(|child| self.visit(*child));
            }
            (Kind::Comprehension, [element, rest @ ..]) => {
                for clause in rest {
                    if self.tree.kind(*clause) == Kind::CompFor {
                        self.visit(self.tree.child(*clause, 1));
                        self.loop_target(self.tree.child(*clause, 0), *clause);
                    } else {
                        self.visit(*clause);
                    }
                }
                self.visit(*element);
            }
            (Kind::Case, [patterns @ .., body]) if self.cases_bind && self.rules.scope == ScopeRule::Block && self.has_subject(id) => {
                for pattern in patterns {
                    self.case_names(*pattern, id);
                    self.visit(*pattern);
                }
                self.visit(*body);
            }
            (Kind::Namespace, [_, rest @ ..]) => rest.iter().for_each(|child| self.visit(*child)),
            (_, all) => all.iter().for_each(|child| self.visit(*child)),
        }
    }

    /// Whether a case belongs to something that is compared; without it cases are conditions.
    fn has_subject(&self, case: NodeId) -> bool {
        let switch = self.tree.parent(case).filter(|parent| self.tree.kind(*parent) == Kind::Switch);
        switch.is_none_or(|switch| self.tree.kind(self.tree.child(switch, 0)) != Kind::None)
    }

    /// Declares the names that the pattern of a case binds.
    fn case_names(&mut self, pattern: NodeId, case: NodeId) {
        let node = *self.tree.node(pattern);
        match node.kind {
            Kind::Name => {
                if is_bound_in_cases(self.symbols.text(node.symbol)) {
                    self.declare_pattern(pattern, case, BindingKind::Variable, None, None);
                }
            }
            Kind::Dot | Kind::CompIf => {}
            Kind::Unary if !matches!(node.op, Op::AddressOf | Op::Deref) => {}
            // The class, the key, the condition behind it are none.
            Kind::Call | Kind::New | Kind::KeyValue | Kind::KwArg => self.case_names(self.tree.child(pattern, 1), case),
            Kind::TypeTest | Kind::Other => self.case_names(self.tree.child(pattern, 0), case),
            Kind::VarDef => {}
            _ => {
                for part in self.tree.children(pattern) {
                    self.case_names(part, case);
                }
            }
        }
    }

    /// A loop's variable: a declaration, or a name that is there.
    fn loop_target(&mut self, target: NodeId, at: NodeId) {
        if self.tree.kind(target) == Kind::VarDef {
            let name = self.tree.child(target, 1);
            let of = self.tree.child(target, 2);
            self.visit(of);
            let declared_type = (self.tree.kind(of) != Kind::None).then_some(of);
            return self.declare_pattern(name, at, BindingKind::Variable, declared_type, None);
        }
        if self.rules.assignment_declares {
            return self.assign(target, at, None, None);
        }
        self.declare_pattern(target, at, BindingKind::Variable, None, None);
    }

    fn variable(&mut self, id: NodeId) {
        let slots: SmallVec<[NodeId; 4]> = self.tree.children(id).collect();
        let [attrs, name, of, value] = *slots.as_slice() else { return };
        self.visit(attrs);
        self.visit(of);
        self.visit(value);
        let has_value = self.tree.kind(value) != Kind::None;
        let declared_type = (self.tree.kind(of) != Kind::None).then_some(of);
        let kind =
            if self.scopes.last().is_some_and(|scope| scope.kind == ScopeKind::Class) { BindingKind::Field } else { BindingKind::Variable };
        self.declare_pattern(name, id, kind, declared_type, has_value.then_some(value));
        let is_constant = self.tree.node(id).op == Op::Const
            || self.tree.children(attrs).any(|word| self.words.constant.contains(&self.tree.node(word).symbol));
        if let Some(binding) = self.names.of_node.get(&name).copied() {
            let path = has_value.then(|| self.required(value)).flatten();
            if let Some(binding) = self.names.bindings.get_mut(binding.0 as usize) {
                binding.is_constant |= is_constant;
                binding.paths.extend(path);
            }
        } else if let Some(module) = has_value.then(|| self.required(value)).flatten() {
            self.required_parts(name, &module);
        }
    }

    /// `const { a, b: c } = require('m')`.
    fn required_parts(&mut self, pattern: NodeId, module: &[Symbol]) {
        for entry in self.tree.children(pattern) {
            let (key, value) = (self.tree.child(entry, 0), self.tree.child(entry, 1));
            if self.tree.kind(entry) != Kind::KeyValue {
                continue;
            }
            let Some(binding) = self.names.of_node.get(&value).copied() else { continue };
            let path: Box<[Symbol]> = module.iter().copied().chain([self.tree.node(key).symbol]).collect();
            if let Some(binding) = self.names.bindings.get_mut(binding.0 as usize) {
                binding.paths.push(path);
            }
        }
    }

    /// The path of `require('m')`, `require('m').a`, and of `await import('m')`.
    fn required(&mut self, value: NodeId) -> Option<Box<[Symbol]>> {
        match self.tree.kind(value) {
            Kind::Call => {
                let is_require = self.tree.node(self.tree.child(value, 0)).symbol == self.words.require;
                let only = self.tree.children(self.tree.child(value, 1)).next()?;
                (is_require && self.tree.kind(only) == Kind::Str).then(|| Box::from([self.tree.node(only).symbol]))
            }
            Kind::Dot => {
                let object = self.required(self.tree.child(value, 0))?;
                let member = self.tree.node(self.tree.child(value, 1));
                (member.kind == Kind::Name).then(|| object.iter().copied().chain([member.symbol]).collect())
            }
            _ => None,
        }
    }

    fn import(&mut self, id: NodeId) {
        let (module, alias) = (self.tree.child(id, 0), self.tree.child(id, 1));
        let path = self.module_path(module);
        if self.tree.node(id).op == Op::Star {
            self.names.stars.push(path);
            return;
        }
        if self.tree.kind(alias) == Kind::Name {
            let name = self.tree.node(alias).symbol;
            let paths = self.with_last_segment(path, module);
            self.declare_import(alias, name, id, paths);
            return;
        }
        match self.tree.kind(module) {
            Kind::Str => {
                let paths = self.with_last_segment(path, module);
                if let Some(name) = paths.first().and_then(|path| path.last()).copied() {
                    self.declare_import(module, name, id, paths);
                }
            }
            // `import a.b` makes `a` known in Python; elsewhere `b`.
            _ if self.rules.assignment_declares => {
                if let Some(first) = path.first().copied() {
                    self.declare_import(module, first, id, smallvec![Box::from([first])]);
                }
            }
            _ => {
                if let Some(last) = path.last().copied() {
                    self.declare_import(module, last, id, smallvec![path]);
                }
            }
        }
    }

    /// A path in a string is known by its last segment, too: `crypto/md5` as `md5`.
    fn with_last_segment(&mut self, path: Box<[Symbol]>, module: NodeId) -> SmallVec<[Box<[Symbol]>; 1]> {
        if self.tree.kind(module) != Kind::Str {
            return smallvec![path];
        }
        let text = self.symbols.text(self.tree.node(module).symbol).to_owned();
        let is_version =
            |segment: &&str| segment.len() < 4 && segment.starts_with('v') && segment.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        let last = text.rsplit('/').find(|segment| !is_version(segment)).unwrap_or(&text);
        // A package does not say in which language it is written.
        let bare =
            last.strip_suffix("-go").or_else(|| last.strip_suffix(".go")).or_else(|| last.strip_prefix("go-")).unwrap_or(last).to_owned();
        let last = self.symbols.intern(last);
        let bare = self.symbols.intern(&bare);
        if bare != last {
            return smallvec![Box::from([last]), Box::from([bare]), path];
        }
        if path.last() == Some(&last) { smallvec![path] } else { smallvec![Box::from([last]), path] }
    }

    fn import_from(&mut self, id: NodeId) {
        let module = self.tree.child(id, 0);
        let path = self.module_path(module);
        for item in self.tree.children(id).skip(1) {
            let (name, alias) = (self.tree.child(item, 0), self.tree.child(item, 1));
            let symbol = self.tree.node(name).symbol;
            if symbol == self.words.star {
                // Only what is imported for the whole file may be meant anywhere.
                if self.function == NodeId::ROOT {
                    self.names.stars.push(path.clone());
                }
                continue;
            }
            let whole: Box<[Symbol]> = if symbol == self.words.default {
                path.clone()
            } else {
                path.iter().copied().chain(self.module_path(name).iter().copied()).collect()
            };
            let (at, local) = if self.tree.kind(alias) == Kind::Name { (alias, self.tree.node(alias).symbol) } else { (name, symbol) };
            self.declare_import(at, local, item, smallvec![whole]);
        }
    }

    fn declare_import(&mut self, at: NodeId, name: Symbol, declaration: NodeId, paths: SmallVec<[Box<[Symbol]>; 1]>) {
        // From here on the name is what this import makes it, whatever an earlier one said.
        if let Some(scope) = self.scopes.last_mut()
            && let Some(known) = scope.names.get(&name)
            && let Some(known) = self.names.bindings.get(known.0 as usize)
            && matches!(known.kind, BindingKind::Import | BindingKind::Unknown)
            && !known.paths.iter().any(|path| paths.contains(path))
        {
            scope.names.remove(&name);
        }
        let declared = Declared { name, at: declaration, kind: BindingKind::Import, declared_type: None };
        let binding = self.declare(&declared, false);
        self.names.of_node.insert(at, binding);
        if let Some(binding) = self.names.bindings.get_mut(binding.0 as usize) {
            binding.kind = BindingKind::Import;
            for path in paths {
                if !binding.paths.contains(&path) {
                    binding.paths.push(path);
                }
            }
        }
    }

    /// The names of a dotted module; a string is one name.
    fn module_path(&self, module: NodeId) -> Box<[Symbol]> {
        let mut path = Vec::new();
        let mut at = module;
        loop {
            let node = self.tree.node(at);
            match node.kind {
                Kind::Dot => {
                    path.push(self.tree.node(self.tree.child(at, 1)).symbol);
                    at = self.tree.child(at, 0);
                }
                Kind::Name | Kind::Str => {
                    path.push(node.symbol);
                    break;
                }
                _ => break,
            }
        }
        path.reverse();
        path.into()
    }

    /// Declares a name, or every name of a pattern.
    fn declare_pattern(&mut self, pattern: NodeId, at: NodeId, kind: BindingKind, declared_type: Option<NodeId>, value: Option<NodeId>) {
        let node = *self.tree.node(pattern);
        match node.kind {
            Kind::Name => {
                let is_var = self.tree.node(at).op == Op::Var && self.tree.kind(at) == Kind::VarDef;
                if self.is_constant_again(at, node.symbol)
                    && let Some(scope) = self.scopes.last_mut()
                {
                    scope.names.remove(&node.symbol);
                }
                let binding = self.declare(&Declared { name: node.symbol, at, kind, declared_type }, is_var);
                self.names.of_node.insert(pattern, binding);
                self.define(
                    binding,
                    Definition { at, value, function: self.function },
                    value.is_some() || kind != BindingKind::Variable || self.tree.kind(at) != Kind::VarDef,
                );
            }
            // A pattern and a name for all of it.
            Kind::Assign if self.cases_bind => {
                self.declare_pattern(self.tree.child(pattern, 0), at, kind, None, None);
                self.declare_pattern(self.tree.child(pattern, 1), at, kind, None, None);
            }
            Kind::KeyValue | Kind::Assign | Kind::KwArg => {
                // `{ key: pattern = default }`: what is bound is in the value, or in the target.
                let (first, second) = (self.tree.child(pattern, 0), self.tree.child(pattern, 1));
                let (target, other) = if node.kind == Kind::Assign { (first, second) } else { (second, first) };
                if node.kind == Kind::Assign || self.tree.kind(other) != Kind::Name {
                    self.visit(other);
                }
                self.declare_pattern(target, at, kind, None, None);
            }
            Kind::None => {}
            _ => {
                let values =
                    value.filter(|value| self.tree.kind(*value) == node.kind).map(|value| self.elements(value)).unwrap_or_default();
                let targets = self.elements(pattern);
                let is_paired = values.len() == targets.len();
                for (index, target) in targets.iter().enumerate() {
                    let value = if is_paired { values.get(index).copied() } else { None };
                    self.declare_pattern(*target, at, kind, None, value);
                }
            }
        }
    }

    fn elements(&self, id: NodeId) -> SmallVec<[NodeId; 8]> {
        self.tree.children(id).collect()
    }

    fn assign(&mut self, target: NodeId, at: NodeId, value: Option<NodeId>, declared_type: Option<NodeId>) {
        let node = *self.tree.node(target);
        match node.kind {
            Kind::Name => {
                let binding = match self.lookup_to_assign(node.symbol) {
                    Some(binding) => binding,
                    None => self.declare(
                        &Declared { name: node.symbol, at, kind: BindingKind::Variable, declared_type },
                        self.rules.assignment_declares,
                    ),
                };
                self.names.of_node.insert(target, binding);
                self.define(binding, Definition { at, value, function: self.function }, true);
            }
            Kind::Tuple | Kind::List | Kind::Spread => {
                let values =
                    value.filter(|value| self.tree.kind(*value) == node.kind).map(|value| self.elements(value)).unwrap_or_default();
                let targets = self.elements(target);
                let is_paired = values.len() == targets.len();
                for (index, target) in targets.iter().enumerate() {
                    let value = if is_paired { values.get(index).copied() } else { None };
                    self.assign(*target, at, value, None);
                }
            }
            Kind::Dict => {
                for entry in self.elements(target) {
                    if self.tree.kind(entry) == Kind::KeyValue {
                        self.assign(self.tree.child(entry, 1), at, None, None);
                    }
                }
            }
            _ => {
                self.visit(target);
                self.touch(target, at);
                self.touch_field(target, at);
            }
        }
    }

    /// Notes that what a name stands for may be changed by something that is done to a member or an element of it.
    fn touch(&mut self, member: NodeId, at: NodeId) {
        let mut base = member;
        while matches!(self.tree.kind(base), Kind::Dot | Kind::Index) {
            base = self.tree.child(base, 0);
        }
        if base != member
            && let Some(binding) = self.names.of_node.get(&base)
            && let Some(binding) = self.names.bindings.get_mut(binding.0 as usize)
        {
            binding.touches.push(Definition { at, value: None, function: self.function });
        }
    }

    /// Notes that a field of the class around is written: `this.field = …`.
    fn touch_field(&mut self, target: NodeId, at: NodeId) {
        let (object, member) = (self.tree.child(target, 0), self.tree.child(target, 1));
        if self.tree.kind(target) != Kind::Dot || self.tree.node(object).symbol != self.words.this {
            return;
        }
        let class = self.scopes.iter().rev().find(|scope| scope.kind == ScopeKind::Class);
        let field = class.and_then(|class| class.names.get(&self.tree.node(member).symbol));
        if let Some(binding) = field.and_then(|field| self.names.bindings.get_mut(field.0 as usize)) {
            binding.touches.push(Definition { at, value: None, function: self.function });
        }
    }

    fn touch_name(&mut self, name: NodeId, at: NodeId) {
        if let Some(binding) = self.names.of_node.get(&name)
            && let Some(binding) = self.names.bindings.get_mut(binding.0 as usize)
        {
            binding.touches.push(Definition { at, value: None, function: self.function });
        }
    }

    fn define(&mut self, binding: BindingId, definition: Definition, is_definition: bool) {
        if let Some(binding) = self.names.bindings.get_mut(binding.0 as usize).filter(|_| is_definition) {
            binding.definitions.push(definition);
        }
    }

    /// Declares a name in the scope that it belongs to; the same name in the same scope is the same binding.
    fn declare(&mut self, declared: &Declared, in_function: bool) -> BindingId {
        let Declared { name, at, kind, declared_type } = *declared;
        let is_home = |scope: &Scope| !in_function || scope.kind != ScopeKind::Block;
        let index = self.scopes.iter().rposition(is_home).unwrap_or(0);
        let known = self.scopes.get(index).and_then(|scope| scope.names.get(&name)).copied();
        if let Some(known) = known {
            if let Some(binding) = self.names.bindings.get_mut(known.0 as usize) {
                binding.declared_type = binding.declared_type.or(declared_type);
                // A field and a method may have the same name: the name alone is the field.
                let is_field = kind == BindingKind::Field && binding.kind == BindingKind::Function;
                if binding.kind == BindingKind::Unknown || is_field {
                    (binding.kind, binding.declaration) = (kind, at);
                }
            }
            return known;
        }
        let id = self.new_binding(name, kind, at, declared_type);
        if let Some(scope) = self.scopes.get_mut(index) {
            scope.names.insert(name, id);
            if scope.kind == ScopeKind::Class {
                self.names.fields.insert((scope.node, name), id);
            }
        }
        id
    }

    /// Whether a definition makes a constant of a name that is one in this scope: it is another one, whatever the language says.
    fn is_constant_again(&self, definition: NodeId, name: Symbol) -> bool {
        let is_constant = |id| self.tree.kind(id) == Kind::VarDef && self.tree.node(id).op == Op::Const;
        let known = self.scopes.last().and_then(|scope| scope.names.get(&name)).and_then(|known| self.names.get(*known));
        is_constant(definition) && known.is_some_and(|known| known.declaration != definition && is_constant(known.declaration))
    }

    fn new_binding(&mut self, name: Symbol, kind: BindingKind, declaration: NodeId, declared_type: Option<NodeId>) -> BindingId {
        let id = BindingId(u32::try_from(self.names.bindings.len()).unwrap_or(u32::MAX));
        self.names.bindings.push(Binding {
            name,
            kind,
            declaration,
            declared_type,
            paths: SmallVec::new(),
            definitions: SmallVec::new(),
            touches: SmallVec::new(),
            is_constant: false,
        });
        id
    }

    /// What an assignment assigns to: where it declares and functions alone open scopes, nothing outside of the function.
    fn lookup_to_assign(&self, name: Symbol) -> Option<BindingId> {
        for scope in self.scopes.iter().rev() {
            if let Some(id) = scope.names.get(&name) {
                return Some(*id);
            }
            let is_local = self.rules.assignment_declares && self.rules.scope == ScopeRule::Function;
            if is_local && scope.kind != ScopeKind::Block {
                break;
            }
        }
        // A module's name stays the module's, whatever a function does with it.
        let file = self.scopes.first()?.names.get(&name)?;
        self.names.get(*file).filter(|binding| binding.kind == BindingKind::Import).map(|_| *file)
    }

    fn reference(&mut self, id: NodeId) {
        let name = self.tree.node(id).symbol;
        let mut is_inner = true;
        for scope in self.scopes.iter().rev() {
            // Names of a class body are not seen from the functions in it, where assignment declares.
            let is_visible = scope.kind != ScopeKind::Class || is_inner || !self.rules.assignment_declares;
            if let Some(binding) = scope.names.get(&name).filter(|_| is_visible) {
                self.names.of_node.insert(id, *binding);
                return;
            }
            is_inner &= scope.kind == ScopeKind::Block;
        }
        // A name that is declared nowhere is the same in all of the file.
        let binding = self.new_binding(name, BindingKind::Unknown, id, None);
        if let Some(file) = self.scopes.first_mut() {
            file.names.insert(name, binding);
        }
        self.names.of_node.insert(id, binding);
    }
}
