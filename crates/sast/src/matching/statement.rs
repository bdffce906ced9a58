//! Statements, and rows of them.

use smallvec::SmallVec;

use super::{Matcher, Next, sequence::Rest};
use crate::{
    ir::{Kind, Node, NodeId},
    lower::Feature,
};

/// How far dots at the end of statements reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// As far as they can.
    Widest,
    /// To nothing, or as far as they can.
    Any,
    /// Nobody asks.
    OfNoMatter,
}

/// How many names a value is followed through.
const MAX_NAMES: u32 = 4;

impl<'m> Matcher<'m> {
    /// Statements in a row. `...` goes on into nested blocks.
    pub(super) fn statements(&mut self, patterns: &[NodeId], targets: &[NodeId], rest: Rest, is_inside: bool, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else {
            return (targets.is_empty() || rest == Rest::Allowed) && next(self);
        };
        self.nesting += 1;
        let end = match rest {
            _ if is_inside => End::Widest,
            Rest::Allowed => End::Any,
            Rest::Forbidden => End::OfNoMatter,
        };
        let is_enough = match self.pattern.kind(*first) {
            Kind::Ellipsis => {
                self.after_dots(patterns, targets, end, next)
                    || (!others.is_empty() && self.options.go_deeper_stmt && {
                        let flat = self.flattened(targets);
                        flat != targets && self.after_dots(patterns, &flat, end, next)
                    })
            }
            Kind::MetavarMany => self.many(
                *first,
                targets,
                |matcher, left, next| {
                    let taken = targets.len().saturating_sub(left.len());
                    let last = taken.checked_sub(1).and_then(|index| targets.get(index)).map(|last| matcher.target(*last).end);
                    matcher.until(last, &mut |matcher| matcher.statements(others, left, Rest::Forbidden, is_inside, next))
                },
                next,
            ),
            _ => match targets.split_first() {
                Some((target, left)) => {
                    let end = self.target(*target).end;
                    self.expr(*first, *target, &mut |matcher| {
                        matcher.until(Some(end), &mut |matcher| matcher.statements(others, left, rest, is_inside, next))
                    })
                }
                None => false,
            },
        };
        self.nesting -= 1;
        is_enough
    }

    /// Statements of which the first is `...`: from here on the row may go on behind the pattern.
    fn after_dots(&mut self, patterns: &[NodeId], targets: &[NodeId], end: End, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else { return next(self) };
        self.nesting += 1;
        let is_enough = match self.pattern.kind(*first) {
            Kind::Ellipsis if others.is_empty() => {
                let widest = targets.iter().map(|target| self.target(*target).end).max();
                match end {
                    End::OfNoMatter => next(self),
                    End::Widest => self.until(widest, next),
                    // Nothing at all, or everything: what lies between makes no difference.
                    End::Any => next(self) || (widest.is_some() && self.until(widest, next)),
                }
            }
            Kind::Ellipsis => (0..=targets.len()).any(|n| self.after_dots(others, targets.get(n..).unwrap_or_default(), end, next)),
            Kind::MetavarMany => self.many(
                *first,
                targets,
                |matcher, left, next| {
                    let taken = targets.len().saturating_sub(left.len());
                    let last = taken.checked_sub(1).and_then(|index| targets.get(index)).map(|last| matcher.target(*last).end);
                    matcher.until(last, &mut |matcher| {
                        if others.is_empty() && !left.is_empty() { false } else { matcher.after_dots(others, left, end, next) }
                    })
                },
                next,
            ),
            _ => match targets.split_first() {
                Some((target, left)) => {
                    let last = self.target(*target).end;
                    self.expr(*first, *target, &mut |matcher| {
                        matcher.until(Some(last), &mut |matcher| matcher.after_dots(others, left, end, next))
                    })
                }
                None => false,
            },
        };
        self.nesting -= 1;
        is_enough
    }

    /// Notes how far the match reaches, for what comes next.
    fn until(&mut self, end: Option<u32>, next: Next<'_, 'm>) -> bool {
        let before = self.statements_end;
        self.statements_end = self.statements_end.max(end.unwrap_or(before));
        let is_enough = next(self);
        self.statements_end = before;
        is_enough
    }

    /// Statements, each followed by those within it; not those of definitions in it.
    fn flattened(&self, targets: &[NodeId]) -> Vec<NodeId> {
        const MAX_FLATTENED: usize = 5_000;
        let mut flat = Vec::new();
        let mut pending: Vec<NodeId> = targets.iter().rev().copied().collect();
        while let Some(id) = pending.pop() {
            if MAX_FLATTENED < flat.len() {
                break;
            }
            let kind = self.target(id).kind;
            match kind {
                Kind::Block | Kind::Catch | Kind::Finally | Kind::Case => {}
                _ if super::is_statement(kind) || kind == Kind::Other => flat.push(id),
                _ => continue,
            }
            let goes_on = matches!(
                kind,
                Kind::Block
                    | Kind::If
                    | Kind::While
                    | Kind::DoWhile
                    | Kind::For
                    | Kind::ForEach
                    | Kind::Try
                    | Kind::Catch
                    | Kind::Finally
                    | Kind::Switch
                    | Kind::Case
                    | Kind::With
                    | Kind::Label
                    | Kind::FuncDef
                    | Kind::ClassDef
                    | Kind::Namespace
                    | Kind::Other
            );
            // What is done in closures is done within the statement.
            let mut closures = if is_simple(kind) { self.closures(id) } else { SmallVec::new() };
            closures.reverse();
            pending.extend(closures);
            if goes_on {
                let children: SmallVec<[NodeId; 8]> = self.unit.tree.children(id).collect();
                pending.extend(children.into_iter().rev().filter(|child| {
                    let kind = self.target(*child).kind;
                    super::is_statement(kind) || matches!(kind, Kind::Catch | Kind::Finally | Kind::Case)
                }));
            }
        }
        flat
    }

    /// The bodies of the outermost closures in a statement that holds no other statements.
    fn closures(&self, statement: NodeId) -> SmallVec<[NodeId; 4]> {
        let mut bodies = SmallVec::new();
        let mut at = statement.0.saturating_add(1);
        let end = self.target(statement).subtree_end;
        while at < end {
            let node = self.target(NodeId(at));
            if matches!(node.kind, Kind::Lambda) {
                bodies.extend(self.unit.tree.children(NodeId(at)).nth(2).filter(|body| self.target(*body).kind == Kind::Block));
                at = node.subtree_end.max(at + 1);
            } else {
                at += 1;
            }
        }
        bodies
    }

    /// One statement.
    pub(super) fn statement(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        match p.kind {
            Kind::ExprStmt => self.expression_statement(pattern, target, t, next),
            Kind::Block => t.kind == Kind::Block && self.block(pattern, target, next),
            Kind::VarDef => self.variable(pattern, p, target, t, next),
            Kind::FuncDef => self.function(pattern, p, target, t, next),
            Kind::ClassDef => self.class(pattern, p, target, t, next),
            Kind::Import | Kind::ImportFrom => self.import(pattern, p, target, t, next),
            Kind::If => t.kind == Kind::If && self.branch(pattern, target, next),
            Kind::Return if t.kind != Kind::Return => self.returned_last(pattern, target, t, next),
            Kind::Return => self.returned(pattern, target, next),
            Kind::Try => t.kind == Kind::Try && self.attempt(pattern, target, next),
            Kind::Assert if t.kind == Kind::Assert => {
                let is_given = |kind: Kind| kind != Kind::None;
                let patterns: SmallVec<[NodeId; 6]> =
                    self.pattern.children(pattern).filter(|id| is_given(self.pattern.kind(*id))).collect();
                let targets: SmallVec<[NodeId; 6]> = self.unit.tree.children(target).filter(|id| is_given(self.target(*id).kind)).collect();
                self.arguments(&patterns, &targets, next)
            }
            Kind::For
                if matches!(t.kind, Kind::For | Kind::ForEach) || (t.kind == Kind::While && self.unit.has_feature(Feature::OneLoop)) =>
            {
                self.any_loop(pattern, target, t, next)
            }
            Kind::While | Kind::ForEach | Kind::With | Kind::Switch => t.kind == p.kind && self.headed(pattern, target, next),
            _ => t.kind == p.kind && self.slots(pattern, target, next),
        }
    }

    /// `for (...)` is any loop that starts with that word; its parts are those of one of its kinds.
    fn any_loop(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let patterns = self.pattern_slots(pattern);
        let Some((body, header)) = patterns.split_last() else { return false };
        if header.iter().all(|slot| self.pattern.kind(*slot) == Kind::Ellipsis) {
            let Some(body_target) = self.target_slots(target).last().copied() else { return false };
            return self.optional(*body, body_target, Self::expr, next);
        }
        t.kind == Kind::For && self.headed(pattern, target, next)
    }

    /// Slots one by one; a body may be left open.
    fn headed(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (mut patterns, mut targets) = (self.pattern_slots(pattern), self.target_slots(target));
        if self.target(target).kind == Kind::ForEach {
            // Whether a loop declares its variable makes no difference.
            let bare = |tree: &crate::ir::Tree, target: NodeId| match tree.kind(target) {
                Kind::VarDef if tree.kind(tree.child(target, 3)) == Kind::None => tree.child(target, 1),
                _ => target,
            };
            patterns.iter_mut().take(1).for_each(|first| *first = bare(self.pattern, *first));
            targets.iter_mut().take(1).for_each(|first| *first = bare(&self.unit.tree, *first));
        }
        match (patterns.split_last(), targets.split_last()) {
            (Some((body, header)), Some((_, header_target))) if self.pattern.kind(*body) == Kind::None => {
                self.row(header, header_target, Rest::Allowed, Self::expr, next)
            }
            _ => self.row(&patterns, &targets, Rest::Forbidden, Self::expr, next),
        }
    }

    fn expression_statement(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let inner = self.pattern.child(pattern, 0);
        let head = *self.pattern.node(inner);
        if head.kind == Kind::Metavar {
            // `$S;` is any statement, or the expression of one.
            if super::is_statement(t.kind) && self.bind_node(head.symbol, target, next) {
                return true;
            }
            return t.kind == Kind::ExprStmt && self.expr(inner, self.unit.tree.child(target, 0), next);
        }
        if head.kind == Kind::Deep {
            let wanted = self.pattern.child(inner, 0);
            return self.deep(wanted, target, next);
        }
        match t.kind {
            Kind::ExprStmt => {
                let expression = self.unit.tree.child(target, 0);
                if self.options.implicit_deep_exprstmt {
                    self.implicitly_deep(inner, expression, next)
                } else {
                    self.root(inner, expression, next)
                }
            }
            Kind::VarDef if self.options.vardef_assign => {
                if head.kind == Kind::Assign && self.expr(inner, target, next) {
                    return true;
                }
                let value = self.unit.tree.child(target, 3);
                self.target(value).kind != Kind::None && self.deep(inner, value, next)
            }
            Kind::Return => {
                let value = self.unit.tree.child(target, 0);
                self.target(value).kind != Kind::None && self.deep(inner, value, next)
            }
            // What throws without a word for it is a call.
            Kind::Throw if self.target(self.unit.tree.child(target, 0)).start == t.start => {
                self.root(inner, self.unit.tree.child(target, 0), next)
            }
            _ => false,
        }
    }

    /// An expression, or one that its value is made from.
    fn implicitly_deep(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        self.deep_in_value(pattern, target, MAX_NAMES, next)
    }

    fn deep_in_value(&mut self, pattern: NodeId, target: NodeId, n_names: u32, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        if self.root(pattern, target, next) {
            return true;
        }
        // A literal by itself is the whole statement.
        if matches!(self.pattern.kind(pattern), Kind::Number | Kind::Bool | Kind::Null | Kind::Char) {
            return false;
        }
        let child = |slot| self.unit.tree.child(target, slot);
        match self.target(target).kind {
            Kind::Assign | Kind::AugAssign | Kind::Cast => self.deep_in_value(pattern, child(1), n_names, next),
            // A statement in an expression is a block in another one, in HCL.
            Kind::Await | Kind::Yield | Kind::Dot | Kind::ExprStmt => self.deep_in_value(pattern, child(0), n_names, next),
            Kind::Call => {
                let (callee, args) = (child(0), child(1));
                self.deep_in_value(pattern, callee, n_names, next)
                    || self.target_slots(args).iter().any(|argument| self.deep_in_value(pattern, *argument, n_names, next))
            }
            Kind::KwArg | Kind::KeyValue => self.deep_in_value(pattern, child(1), n_names, next),
            Kind::Binary | Kind::Unary | Kind::Interp | Kind::List | Kind::Tuple | Kind::Set | Kind::Dict => {
                self.target_slots(target).iter().any(|element| self.deep_in_value(pattern, *element, n_names, next))
            }
            Kind::Name if self.options.symbolic_propagation && 0 < n_names => {
                self.unit.symbolic_value(target).is_some_and(|value| self.deep_in_value(pattern, value, n_names - 1, next))
            }
            _ => false,
        }
    }

    /// A body: all of its statements.
    pub(super) fn block(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let patterns = self.pattern_slots(pattern);
        if matches!(patterns.as_slice(), [only] if self.pattern.kind(*only) == Kind::Ellipsis) {
            return next(self);
        }
        if let Some(hole) = self.statement_hole(pattern, &patterns) {
            let mut statements = self.unit.tree.children(target);
            // A body without braces is a statement: that of the block, or the block.
            return match (statements.next(), statements.next()) {
                (Some(only), None) => self.expr(hole, only, next),
                _ => self.bind_node(self.pattern.node(self.pattern.child(hole, 0)).symbol, target, next),
            };
        }
        let end = self.statements_end;
        let targets = self.target_slots(target);
        self.statements(&patterns, &targets, Rest::Forbidden, false, &mut |matcher| {
            // What lies in a body says nothing of where the match ends.
            let within = std::mem::replace(&mut matcher.statements_end, end);
            let is_enough = next(matcher);
            matcher.statements_end = within;
            is_enough
        })
    }

    /// The `$S` that is all of a body, without braces around it.
    fn statement_hole(&self, block: NodeId, patterns: &[NodeId]) -> Option<NodeId> {
        let [only] = patterns else { return None };
        let is_hole = self.pattern.kind(*only) == Kind::ExprStmt && self.pattern.kind(self.pattern.child(*only, 0)) == Kind::Metavar;
        (is_hole && self.pattern.range(block) == self.pattern.range(*only)).then_some(*only)
    }

    /// `if`: without an `else`, any.
    fn branch(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([condition, then, otherwise], [condition_target, then_target, otherwise_target]) = (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        self.expr(*condition, *condition_target, &mut |matcher| {
            matcher
                .optional(*then, *then_target, Self::expr, &mut |matcher| matcher.optional(*otherwise, *otherwise_target, Self::expr, next))
        })
    }

    fn returned(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (value, given) = (self.pattern.child(pattern, 0), self.unit.tree.child(target, 0));
        self.expr(value, given, next)
    }

    fn attempt(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let split = |slots: &[NodeId], kind: &dyn Fn(NodeId) -> Kind| {
            let catches: SmallVec<[NodeId; 4]> =
                slots.iter().copied().filter(|slot| matches!(kind(*slot), Kind::Catch | Kind::Ellipsis)).collect();
            let others: SmallVec<[NodeId; 4]> =
                slots.iter().copied().filter(|slot| !matches!(kind(*slot), Kind::Catch | Kind::Ellipsis)).collect();
            (catches, others)
        };
        let (catches, others) = split(&self.pattern_slots(pattern), &|id| self.pattern.kind(id));
        let (catches_target, others_target) = split(&self.target_slots(target), &|id| self.target(id).kind);
        self.set(&catches, &catches_target, Rest::Allowed, Self::expr, &mut |matcher| {
            matcher.row(&others, &others_target, Rest::Allowed, Self::open_slot, next)
        })
    }

    /// A slot that the pattern may leave open.
    fn open_slot(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        self.optional(pattern, target, Self::expr, next)
    }
}

/// Whether a statement holds expressions only.
fn is_simple(kind: Kind) -> bool {
    matches!(kind, Kind::ExprStmt | Kind::VarDef | Kind::Return | Kind::Throw | Kind::Assert)
}
