//! Which names of a file are the same thing, and what they stand for.
//!
//! One walk opens scopes, declares what is declared, and resolves every name. Imports give names a path: after
//! `from flask import request as r` the name `r` stands for `flask.request`. Nothing here looks into other files.

mod scope;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use self::scope::Resolver;
use crate::{
    ir::{Interner, NodeId, Symbol, Tree},
    lower::Language,
};

/// The index of a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BindingId(u32);

impl BindingId {
    pub(crate) const fn of_number(number: u32) -> Self {
        Self(number)
    }

    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// What a name was declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BindingKind {
    /// Nowhere in this file.
    Unknown,
    Variable,
    Field,
    Parameter,
    Function,
    Class,
    Import,
}

/// A name and all that defines it.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub(crate) name: Symbol,
    pub(crate) kind: BindingKind,
    /// The node that declares it.
    pub(crate) declaration: NodeId,
    /// Its declared type.
    pub(crate) declared_type: Option<NodeId>,
    /// What it stands for, if it was imported: one path or more.
    pub(crate) paths: SmallVec<[Box<[Symbol]>; 1]>,
    /// Where it gets values, in order.
    pub(crate) definitions: SmallVec<[Definition; 2]>,
    /// Where what it stands for may be changed: `x.f = 1`, `x[0] = 1`, `x.f()` as a statement. Without values, in order.
    pub(crate) touches: SmallVec<[Definition; 2]>,
    /// Whether its declaration says that it never changes.
    pub(crate) is_constant: bool,
}

/// A place where a name gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The assignment or declaration.
    pub(crate) at: NodeId,
    /// The value; nothing where it is no single expression: a loop's variable, a part of a destructured value.
    pub(crate) value: Option<NodeId>,
    /// The function that it is in.
    pub(crate) function: NodeId,
}

/// Whether a name in a pattern of a case is one that is given something: a capital letter is that of a class or a constant.
pub(crate) fn is_bound_in_cases(text: &str) -> bool {
    text != "_" && !text.starts_with(char::is_uppercase)
}

/// The names of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    of_node: FxHashMap<NodeId, BindingId>,
    bindings: Vec<Binding>,
    /// Fields by class and name.
    fields: FxHashMap<(NodeId, Symbol), BindingId>,
    /// Modules of which everything was imported.
    stars: Vec<Box<[Symbol]>>,
}

impl Names {
    /// Resolves the names of a tree.
    pub(crate) fn resolve(tree: &Tree, language: &Language, symbols: &mut Interner) -> Self {
        Resolver::new(tree, language, symbols).run()
    }

    /// The binding of a name.
    pub(crate) fn binding_of(&self, node: NodeId) -> Option<BindingId> {
        self.of_node.get(&node).copied()
    }

    /// The binding of a name, with all that is known of it.
    pub(crate) fn of(&self, node: NodeId) -> Option<&Binding> {
        self.get(self.binding_of(node)?)
    }

    pub(crate) fn get(&self, id: BindingId) -> Option<&Binding> {
        self.bindings.get(id.0 as usize)
    }

    /// What a name stands for, if it was imported.
    pub(crate) fn paths(&self, node: NodeId) -> &[Box<[Symbol]>] {
        self.of(node).map_or(&[], |binding| &binding.paths)
    }

    /// The field of a class.
    pub(crate) fn field(&self, class: NodeId, name: Symbol) -> Option<&Binding> {
        self.fields.get(&(class, name)).and_then(|id| self.get(*id))
    }

    /// Every path that a name of the file stands for, or that everything was imported from.
    pub(crate) fn all_paths(&self) -> impl Iterator<Item = &[Symbol]> {
        self.bindings.iter().flat_map(|binding| binding.paths.iter()).chain(&self.stars).map(|path| &**path)
    }

    /// The names that were imported.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(|binding| !binding.paths.is_empty())
    }

    /// Modules of which everything was imported.
    pub(crate) fn stars(&self) -> &[Box<[Symbol]>] {
        &self.stars
    }
}
