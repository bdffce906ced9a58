//! Operators: those that chain are matched as one row, those whose order does not matter in any order.

use smallvec::SmallVec;

use super::{Bound, Matcher, Next};
use crate::{
    ir::{Kind, Node, NodeId, Op},
    lower::Feature,
};

type Operands = SmallVec<[NodeId; 8]>;

/// With more operands than these left, only one assignment of holes is tried.
const MAX_FREE_OPERANDS: usize = 8;

impl<'m> Matcher<'m> {
    pub(super) fn binary(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::Binary || p.op != t.op || self.is_part_of_chain(target, t) {
            return false;
        }
        let is_associative = matches!(p.op, Op::And | Op::Or | Op::BitOr | Op::BitAnd | Op::BitXor | Op::Concat);
        if self.options.ac_matching && is_associative {
            let is_commutative = match p.op {
                Op::BitOr | Op::BitAnd | Op::BitXor => true,
                Op::And | Op::Or => self.options.commutative_boolop,
                _ => false,
            };
            let (patterns, targets) = (operands(self.pattern, pattern, p.op), operands(&self.unit.tree, target, p.op));
            if is_commutative {
                return self.in_any_order(&patterns, &targets, next);
            }
            return self.in_order(&patterns, &targets, target, p.op, next);
        }
        let (left, right) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        let (left_target, right_target) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
        // `1 - $X - ...` goes on into the left operand.
        if self.pattern.kind(right) == Kind::Ellipsis {
            return self.expr(left, left_target, next) || self.expr(pattern, left_target, next);
        }
        if self.expr(left, left_target, &mut |matcher| matcher.expr(right, right_target, next)) {
            return true;
        }
        let is_symmetric = matches!(p.op, Op::Eq | Op::NotEq) && (self.options.symmetric_eq || self.options.commutative_compop);
        is_symmetric && self.expr(left, right_target, &mut |matcher| matcher.expr(right, left_target, next))
    }

    /// Operands in order. A hole may stand for several in a row, that is, for what they make together.
    fn in_order(&mut self, patterns: &[NodeId], targets: &[NodeId], whole: NodeId, op: Op, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else { return targets.is_empty() && next(self) };
        match self.pattern.kind(*first) {
            Kind::Ellipsis => (0..=targets.len()).any(|n| self.in_order(others, targets.get(n..).unwrap_or_default(), whole, op, next)),
            // A string may be put together.
            Kind::Metavar | Kind::MetavarTyped | Kind::AnyStr | Kind::Str | Kind::StrRegex | Kind::StrMetavar => {
                (1..=targets.len()).any(|n| {
                    let (taken, left) = targets.split_at_checked(n).unwrap_or((targets, &[]));
                    match self.together(taken, whole, op) {
                        Some(node) => self.expr(*first, node, &mut |matcher| matcher.in_order(others, left, whole, op, next)),
                        None => self.bind_operands(*first, taken, &mut |matcher| matcher.in_order(others, left, whole, op, next)),
                    }
                })
            }
            _ => match targets.split_first() {
                Some((target, left)) => self.expr(*first, *target, &mut |matcher| matcher.in_order(others, left, whole, op, next)),
                None => false,
            },
        }
    }

    /// `a and b and c` of Python is one expression with three operands: `a and b` is none in it.
    fn is_part_of_chain(&self, target: NodeId, t: Node) -> bool {
        let tree = &self.unit.tree;
        let Some(parent) = tree.parent(target).filter(|_| matches!(t.op, Op::And | Op::Or) && self.unit.has_feature(Feature::LogicRows))
        else {
            return false;
        };
        let outer = tree.node(parent);
        // With parentheses it begins before its first operand.
        outer.kind == Kind::Binary && outer.op == t.op && t.start == self.target(tree.child(target, 0)).start
    }

    /// Binds a hole to operands that are no node together.
    fn bind_operands(&mut self, pattern: NodeId, taken: &[NodeId], next: Next<'_, 'm>) -> bool {
        let p = *self.pattern.node(pattern);
        let (Kind::Metavar, Some(first), Some(last)) = (p.kind, taken.first(), taken.last()) else { return false };
        let range = (self.target(*first).start, self.target(*last).end);
        let text = self.unit.text.get(range.0 as usize..range.1 as usize).unwrap_or_default();
        let symbol = self.unit.symbols.borrow_mut().intern(text);
        self.bind(p.symbol, Bound::Text { symbol, range }, next)
    }

    /// The node that operands in a row make, if there is one: the first operands of a chain that nests to the left.
    fn together(&self, taken: &[NodeId], whole: NodeId, op: Op) -> Option<NodeId> {
        let (first, last) = (taken.first()?, taken.last()?);
        if first == last {
            return Some(*first);
        }
        let (start, end) = (self.target(*first).start, self.target(*last).end);
        let mut at = whole;
        loop {
            let node = self.target(at);
            if node.kind != Kind::Binary || node.op != op {
                return None;
            }
            if node.start == start && node.end == end {
                return Some(at);
            }
            let (left, right) = (self.unit.tree.child(at, 0), self.unit.tree.child(at, 1));
            at = if self.target(left).end < end || end <= self.target(left).start { right } else { left };
            if end < self.target(at).start {
                return None;
            }
        }
    }

    /// Operands in any order; more of them may be there.
    fn in_any_order(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        let is_hole = |matcher: &Self, id: &NodeId| matches!(matcher.pattern.kind(*id), Kind::Metavar | Kind::Ellipsis);
        let (holes, others): (Operands, Operands) = patterns.iter().copied().partition(|id| is_hole(self, id));
        let holes: Operands = holes.into_iter().filter(|id| self.pattern.kind(*id) != Kind::Ellipsis).collect();
        let wanted: Operands = others.into_iter().chain(holes).collect();
        if targets.len() < wanted.len() || MAX_FREE_OPERANDS < targets.len().saturating_sub(wanted.len()) && wanted.is_empty() {
            return false;
        }
        self.set(&wanted, targets, super::sequence::Rest::Allowed, Self::expr, next)
    }

    pub(super) fn unary(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind == Kind::Unary {
            let is_same = p.op == t.op
                && (!matches!(p.op, Op::Increment | Op::Decrement)
                    || is_postfix(self.pattern, pattern) == is_postfix(&self.unit.tree, target));
            return is_same && self.slots(pattern, target, next);
        }
        // `-1` may be known of a name.
        let is_negative = p.op == Op::Sub && self.pattern.kind(self.pattern.child(pattern, 0)) == Kind::Number;
        if is_negative && self.options.constant_propagation {
            let number = self.pattern.node(self.pattern.child(pattern, 0)).symbol;
            let expected = self.unit.with_text(number, |text| text.parse::<i64>().ok()).map(|number| -number);
            return expected.is_some_and(|number| self.unit.value(target) == Some(crate::value::Value::Int(number))) && next(self);
        }
        false
    }
}

/// `x++`, not `++x`.
fn is_postfix(tree: &crate::ir::Tree, id: NodeId) -> bool {
    tree.node(tree.child(id, 0)).start == tree.node(id).start
}

/// The operands of a chain, from left to right.
fn operands(tree: &crate::ir::Tree, id: NodeId, op: Op) -> Operands {
    let mut operands = Operands::new();
    let mut pending: SmallVec<[NodeId; 8]> = SmallVec::new();
    pending.push(id);
    while let Some(at) = pending.pop() {
        let node = tree.node(at);
        if node.kind == Kind::Binary && node.op == op {
            pending.push(tree.child(at, 1));
            pending.push(tree.child(at, 0));
        } else {
            operands.push(at);
        }
    }
    operands
}
