//! Calls and their arguments.

use smallvec::SmallVec;

use super::{Matcher, Next};
use crate::ir::{Kind, Node, NodeId};

impl<'m> Matcher<'m> {
    pub(super) fn call(&mut self, pattern: NodeId, target: NodeId, t: Node, is_root: bool, next: Next<'_, 'm>) -> bool {
        let (callee, args) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        let is_decorator = self.unit.tree.parent(target).is_some_and(|parent| self.target(parent).kind == Kind::Annotation);
        if is_root && is_decorator && !self.options.attr_expr {
            return false;
        }
        // `f(...)` finds `@f`, and a call that needs no brackets.
        let is_bare = is_root && is_decorator && matches!(t.kind, Kind::Name | Kind::Dot);
        if is_bare || (t.kind == Kind::Name && self.is_bare_call(target)) {
            let patterns = self.pattern_slots(args);
            return self.expr(callee, target, &mut |matcher| matcher.arguments(&patterns, &[], next));
        }
        if t.kind != Kind::Call {
            return false;
        }
        let (callee_target, args_target) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
        // Arguments are looked at first where the callee is a hole: it would bind anything.
        self.expr(callee, callee_target, &mut |matcher| {
            let (patterns, targets) = (matcher.pattern_slots(args), matcher.target_slots(args_target));
            // A block that no pattern asks for is none of the arguments.
            let is_asked = patterns
                .last()
                .is_some_and(|last| matches!(matcher.pattern.kind(*last), Kind::Lambda | Kind::Ellipsis | Kind::MetavarMany));
            let targets = if is_asked { targets.as_slice() } else { matcher.without_block(&targets) };
            matcher.arguments(&patterns, targets, next)
        })
    }

    /// Arguments in order; those with a name anywhere.
    pub(super) fn arguments(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else { return targets.is_empty() && next(self) };
        self.nesting += 1;
        let is_enough = match self.pattern.kind(*first) {
            Kind::Ellipsis if others.is_empty() => next(self),
            Kind::Ellipsis => (0..=targets.len()).any(|n| self.arguments(others, targets.get(n..).unwrap_or_default(), next)),
            Kind::MetavarMany => self.many(*first, targets, |matcher, left, next| matcher.arguments(others, left, next), next),
            Kind::KwArg => self.named(*first, others, targets, next),
            _ => match targets.split_first() {
                Some((target, left)) if self.target(*target).kind != Kind::KwArg => {
                    self.expr(*first, *target, &mut |matcher| matcher.arguments(others, left, next))
                }
                _ => false,
            },
        };
        self.nesting -= 1;
        is_enough
    }

    fn named(&mut self, first: NodeId, others: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        let (name, value) = (self.pattern.child(first, 0), self.pattern.child(first, 1));
        for (index, target) in targets.iter().enumerate() {
            if self.target(*target).kind != Kind::KwArg {
                continue;
            }
            let (name_target, value_target) = (self.unit.tree.child(*target, 0), self.unit.tree.child(*target, 1));
            let p = *self.pattern.node(name);
            if p.kind == Kind::Name && p.symbol != self.target(name_target).symbol {
                continue;
            }
            let left: SmallVec<[NodeId; 8]> =
                targets.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, target)| *target).collect();
            let is_enough = self.expr(name, name_target, &mut |matcher| {
                matcher.expr(value, value_target, &mut |matcher| matcher.arguments(others, &left, next))
            });
            if is_enough {
                return true;
            }
        }
        false
    }
}
