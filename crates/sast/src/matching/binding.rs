//! What metavariables are bound to.

use smallvec::SmallVec;

use super::{Matcher, Next};
use crate::{
    ir::{Kind, NodeId, Symbol},
    names::BindingKind,
};

/// What a metavariable stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    /// A node.
    Node(NodeId),
    /// Nodes in a row, from the first on; an empty row has none.
    Row { first: Option<NodeId>, n: u32, range: (u32, u32) },
    /// A text: the content of a string, a name that is part of a path, a group of a regular expression.
    Text { symbol: Symbol, range: (u32, u32) },
}

/// The bindings of a match, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Bindings {
    entries: SmallVec<[(Symbol, Bound); 3]>,
}

impl Bindings {
    pub(crate) fn get(&self, name: Symbol) -> Option<Bound> {
        self.entries.iter().find(|(known, _)| *known == name).map(|(_, bound)| *bound)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, Bound)> + '_ {
        self.entries.iter().copied()
    }

    /// Adds a binding that is not there.
    pub(crate) fn push(&mut self, name: Symbol, bound: Bound) {
        self.entries.push((name, bound));
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Forgets what was bound later.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }
}

impl<'m> Matcher<'m> {
    /// Binds a metavariable, or compares with what it is bound to.
    pub(super) fn bind(&mut self, name: Symbol, bound: Bound, next: Next<'_, 'm>) -> bool {
        if self.unit.with_text(name, |text| text == "$_" || text == "$..._") {
            return next(self);
        }
        if let Some(known) = self.bindings.get(name) {
            return self.unit.is_equal(known, bound) && next(self);
        }
        let len = self.bindings.len();
        self.bindings.push(name, bound);
        let is_enough = next(self);
        self.bindings.truncate(len);
        is_enough
    }

    /// Binds a metavariable to a node.
    pub(super) fn bind_node(&mut self, name: Symbol, id: NodeId, next: Next<'_, 'm>) -> bool {
        if self.target(id).kind == Kind::None {
            return false;
        }
        self.bind(name, Bound::Node(id), next)
    }
}

impl crate::unit::Unit<'_> {
    /// Whether two bindings are the same code.
    pub(crate) fn is_equal(&self, one: Bound, other: Bound) -> bool {
        match (one, other) {
            (Bound::Node(one), Bound::Node(other)) => {
                let (one, other) = (self.plain(one), self.plain(other));
                self.is_same(one, other) || self.is_same_name(one, other) || self.is_same_value(one, other)
            }
            (Bound::Text { symbol: one, .. }, Bound::Text { symbol: other, .. }) => one == other,
            (Bound::Text { symbol, .. }, Bound::Node(node)) | (Bound::Node(node), Bound::Text { symbol, .. }) => {
                let node = self.tree.node(self.plain(node));
                matches!(node.kind, Kind::Name | Kind::Str) && node.symbol == symbol
            }
            (Bound::Row { first: one, n, .. }, Bound::Row { first: other, n: m, .. }) => {
                n == m && one.is_some() == other.is_some() && {
                    let row = |first: Option<NodeId>| first.into_iter().flat_map(|first| self.row(first, n));
                    row(one).zip(row(other)).all(|(one, other)| self.is_same(one, other))
                }
            }
            (Bound::Row { first: Some(first), n: 1, .. }, Bound::Node(node))
            | (Bound::Node(node), Bound::Row { first: Some(first), n: 1, .. }) => self.is_same(first, node),
            _ => false,
        }
    }

    /// A statement or parameter that is only an expression or a name, as that.
    fn plain(&self, id: NodeId) -> NodeId {
        match self.tree.kind(id) {
            Kind::ExprStmt => self.tree.child(id, 0),
            Kind::Param => self.tree.child(id, 1),
            _ => id,
        }
    }

    /// Two names of the same letters of which one is the name of nothing that is declared: a member, say.
    fn is_same_name(&self, one: NodeId, other: NodeId) -> bool {
        let (first, second) = (self.tree.node(one), self.tree.node(other));
        let is_free = |id| self.names.of(id).is_none_or(|binding| binding.kind == BindingKind::Unknown);
        first.kind == Kind::Name && second.kind == Kind::Name && first.symbol == second.symbol && (is_free(one) || is_free(other))
    }

    /// A name and the literal that it holds.
    fn is_same_value(&self, one: NodeId, other: NodeId) -> bool {
        let is_literal = |id| matches!(self.tree.kind(id), Kind::Str | Kind::Number | Kind::Bool | Kind::Null);
        let is_name = |id| matches!(self.tree.kind(id), Kind::Name | Kind::Dot);
        ((is_literal(one) && is_name(other)) || (is_literal(other) && is_name(one)))
            && matches!((self.value(one), self.value(other)), (Some(one), Some(other)) if one == other && one != crate::value::Value::SomeStr)
    }

    /// Siblings from one on.
    pub(crate) fn row(&self, first: NodeId, n: u32) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = first;
        (0..n).map(move |_| {
            let this = at;
            at = NodeId(self.tree.node(at).subtree_end);
            this
        })
    }

    /// The byte range of what is bound.
    pub(crate) fn range_of(&self, bound: Bound) -> (u32, u32) {
        match bound {
            Bound::Node(id) => self.tree.range(id),
            Bound::Row { range, .. } | Bound::Text { range, .. } => range,
        }
    }
}
