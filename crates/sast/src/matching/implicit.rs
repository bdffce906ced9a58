//! What some languages leave unsaid: that the last expression of a function is returned, and that a name alone is called.

use super::{Matcher, Next, is_expression};
use crate::{
    ir::{Kind, Node, NodeId},
    lower::Feature,
    names::BindingKind,
};

impl<'m> Matcher<'m> {
    /// Whether the last expression of a function is what it returns.
    pub(super) fn returns_last(&self) -> bool {
        self.options.implicit_return && self.unit.has_feature(Feature::ReturnsLast)
    }

    /// `return $X` finds what is returned without a word.
    pub(super) fn returned_last(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if !self.returns_last() {
            return false;
        }
        let parent = self.unit.tree.parent(target).map_or(Kind::None, |parent| self.target(parent).kind);
        let value = match t.kind {
            Kind::ExprStmt => self.unit.tree.child(target, 0),
            kind if is_expression(kind) && parent != Kind::ExprStmt => target,
            _ => return false,
        };
        let wanted = self.pattern.child(pattern, 0);
        is_expression(self.target(value).kind) && self.is_last(target) && self.expr(wanted, value, next)
    }

    /// Whether nothing comes behind a place but the end of its function.
    fn is_last(&self, id: NodeId) -> bool {
        let tree = &self.unit.tree;
        let mut at = id;
        while let Some(parent) = tree.parent(at) {
            let is_slot = |slot: usize| tree.child(parent, slot) == at;
            let is_end = || tree.node(parent).subtree_end == tree.node(at).subtree_end;
            match self.target(parent).kind {
                Kind::FuncDef => return is_slot(4),
                Kind::Lambda => return is_slot(2),
                Kind::Block | Kind::Case if is_end() => {}
                Kind::If | Kind::Switch if !is_slot(0) => {}
                Kind::ExprStmt => {}
                Kind::Try if self.is_end_of_try(parent, at) => {}
                Kind::Catch if is_slot(2) => {}
                Kind::Finally => {}
                _ => return false,
            }
            at = parent;
        }
        false
    }

    /// What comes last of all is what is done finally; nothing is caught where nothing may be thrown.
    fn is_end_of_try(&self, id: NodeId, part: NodeId) -> bool {
        let tree = &self.unit.tree;
        let kind = self.target(part).kind;
        if tree.children(id).any(|child| self.target(child).kind == Kind::Finally) {
            return kind == Kind::Finally;
        }
        let body = tree.child(id, 0);
        let may_throw =
            || tree.descendants(body).any(|inner| matches!(self.target(inner).kind, Kind::Call | Kind::New | Kind::Throw | Kind::Index));
        part == body || (kind == Kind::Catch && may_throw())
    }

    /// A name that nobody gave a value is a call, in Ruby.
    pub(super) fn is_bare_call(&self, target: NodeId) -> bool {
        self.unit.has_feature(Feature::BareCalls)
            && !self.is_label(target)
            && self
                .unit
                .with_text(self.target(target).symbol, |name| name.starts_with(|c: char| c.is_lowercase() || c == '_') && name != "self")
            && self.unit.names.of(target).is_none_or(|binding| {
                matches!(binding.kind, BindingKind::Unknown | BindingKind::Function) && binding.definitions.is_empty()
            })
            && !self
                .unit
                .tree
                .parent(target)
                .is_some_and(|parent| self.target(parent).kind == Kind::Call && self.unit.tree.child(parent, 0) == target)
    }

    /// The arguments of a call without the block that follows them, in Ruby.
    pub(super) fn without_block<'t>(&self, targets: &'t [NodeId]) -> &'t [NodeId] {
        match targets.split_last() {
            Some((last, others)) if self.target(*last).kind == Kind::Lambda && self.unit.has_feature(Feature::TrailingBlocks) => {
                let source = self.unit.source(*last);
                if source.starts_with("do") || source.starts_with('{') { others } else { targets }
            }
            _ => targets,
        }
    }
}
