//! Definitions: attributes are a subset in any order, members of a class too; types and defaults may be left open.

use super::{Bound, Matcher, Next, expression::Slots, sequence::Rest};
use crate::{
    ir::{Kind, Node, NodeId, Op},
    lower::Feature,
};

impl<'m> Matcher<'m> {
    /// Modifiers and annotations: those of the pattern are there.
    fn attributes(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        if patterns.is_empty() {
            return next(self);
        }
        if self.options.decorators_order_matters {
            return self.subsequence(&patterns, &targets, next);
        }
        self.set(&patterns, &targets, Rest::Allowed, Self::expr, next)
    }

    fn subsequence(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        let Some((first, others)) = patterns.split_first() else { return next(self) };
        (0..targets.len()).any(|index| {
            let Some((target, left)) = targets.get(index..).and_then(<[NodeId]>::split_first) else { return false };
            self.expr(*first, *target, &mut |matcher| matcher.subsequence(others, left, next))
        })
    }

    pub(super) fn variable(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::VarDef || !self.is_same_keyword(p.op, t.op) {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([attrs, name, of, value], [attrs_target, name_target, of_target, value_target]) = (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        self.expr(*name, *name_target, &mut |matcher| {
            matcher.attributes(*attrs, *attrs_target, &mut |matcher| {
                matcher.expr(*value, *value_target, &mut |matcher| matcher.optional(*of, *of_target, Self::type_name, next))
            })
        })
    }

    fn is_same_keyword(&self, pattern: Op, target: Op) -> bool {
        pattern == target || pattern == Op::None || (pattern == Op::Var && matches!(target, Op::Let | Op::Const) && self.options.let_is_var)
    }

    pub(super) fn function(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if matches!(t.kind, Kind::VarDef | Kind::KeyValue) {
            return self.function_in_variable(pattern, target, t, next);
        }
        if t.kind != Kind::FuncDef || (p.op != Op::None && p.op != t.op) {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([attrs, name, params, of, body], [attrs_target, name_target, params_target, of_target, body_target]) =
            (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        self.optional(*name, *name_target, Self::expr, &mut |matcher| {
            matcher.attributes(*attrs, *attrs_target, &mut |matcher| {
                matcher.optional(*params, *params_target, Self::expr, &mut |matcher| {
                    matcher
                        .optional(*of, *of_target, Self::type_name, &mut |matcher| matcher.optional(*body, *body_target, Self::body, next))
                })
            })
        })
    }

    /// `function f() {}` finds `const f = () => {}`, and `{ f: () => {} }`.
    fn function_in_variable(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let is_variable = t.kind == Kind::VarDef;
        let (name_target, value) =
            (self.unit.tree.child(target, usize::from(is_variable)), self.unit.tree.child(target, if is_variable { 3 } else { 1 }));
        if !self.options.arrow_is_function || !self.unit.has_feature(Feature::Records) || self.target(value).kind != Kind::Lambda {
            return false;
        }
        let (attrs, name) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        let has_no_attrs = self.pattern.children(attrs).next().is_none();
        self.optional(name, name_target, Self::expr, &mut |matcher| {
            if is_variable {
                let attrs_target = matcher.unit.tree.child(target, 0);
                return matcher.attributes(attrs, attrs_target, &mut |matcher| matcher.signature_and_body(pattern, 2, value, 0, next));
            }
            has_no_attrs && matcher.signature_and_body(pattern, 2, value, 0, next)
        })
    }

    /// A body: statements, or for a function of one expression that expression.
    fn body(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (self.pattern.kind(pattern), self.target(target).kind);
        if p == Kind::Block && t == Kind::None {
            // A body that is not there is an empty one.
            return self.pattern.children(pattern).all(|child| self.pattern.kind(child) == Kind::Ellipsis) && next(self);
        }
        if p == Kind::Block && t != Kind::Block {
            let patterns = self.pattern_slots(pattern);
            return match patterns.as_slice() {
                [only] if self.pattern.kind(*only) == Kind::Return => self.expr(self.pattern.child(*only, 0), target, next),
                [only] if self.pattern.kind(*only) == Kind::ExprStmt => self.expr(self.pattern.child(*only, 0), target, next),
                all => {
                    let mut others = all.iter().filter(|id| self.pattern.kind(**id) != Kind::Ellipsis);
                    match (others.next(), others.next()) {
                        // No dots, no statement: nothing is left to be done.
                        (None, _) => !all.is_empty() && next(self),
                        (Some(only), None) if matches!(self.pattern.kind(*only), Kind::Return | Kind::ExprStmt) => {
                            self.expr(self.pattern.child(*only, 0), target, next)
                        }
                        _ => false,
                    }
                }
            };
        }
        self.expr(pattern, target, next)
    }

    pub(super) fn lambda(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        match t.kind {
            Kind::Lambda => self.signature_and_body(pattern, 0, target, 0, next),
            // `function ...() {}` is any function.
            Kind::FuncDef if self.pattern.node(pattern).op == Op::Star => self.signature_and_body(pattern, 0, target, 2, next),
            _ => false,
        }
    }

    /// The parameters, the type and the body of a function, which are its slots from one on.
    pub(super) fn signature_and_body(
        &mut self,
        pattern: NodeId,
        from: usize,
        target: NodeId,
        from_target: usize,
        next: Next<'_, 'm>,
    ) -> bool {
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let (Some([params, of, body]), Some([params_target, of_target, body_target])) = (patterns.get(from..), targets.get(from_target..))
        else {
            return false;
        };
        self.optional(*params, *params_target, Self::expr, &mut |matcher| {
            matcher.optional(*of, *of_target, Self::type_name, &mut |matcher| matcher.optional(*body, *body_target, Self::body, next))
        })
    }

    pub(super) fn class(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::ClassDef || p.op != t.op {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([attrs, name, params, bases, body], [attrs_target, name_target, params_target, bases_target, body_target]) =
            (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        self.optional(*name, *name_target, Self::expr, &mut |matcher| {
            matcher.attributes(*attrs, *attrs_target, &mut |matcher| {
                matcher.optional(*params, *params_target, Self::expr, &mut |matcher| {
                    let (patterns, targets) = (matcher.pattern_slots(*bases), matcher.target_slots(*bases_target));
                    matcher.bases(&patterns, &targets, &mut |matcher| matcher.optional(*body, *body_target, Self::members, next))
                })
            })
        })
    }

    /// What a class is made from: those of the pattern are there.
    fn bases(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        self.set(patterns, targets, Rest::Allowed, Self::type_name, next)
    }

    /// Members of a class, in any order.
    fn members(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.target(target).kind == Kind::None {
            return self.pattern.children(pattern).all(|child| self.pattern.kind(child) == Kind::Ellipsis) && next(self);
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let rest = if self.options.implicit_ellipsis { Rest::Allowed } else { Rest::Forbidden };
        self.set(&patterns, &targets, rest, Self::expr, next)
    }

    /// What stands in definitions, and is nothing by itself.
    pub(super) fn part(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        match p.kind {
            Kind::Param => self.parameter(pattern, p, target, t, next),
            Kind::Modifier | Kind::XmlText => t.kind == p.kind && p.symbol == t.symbol && next(self),
            Kind::Catch => {
                let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
                let ([of, name, body], [of_target, name_target, body_target]) = (patterns.as_slice(), targets.as_slice()) else {
                    return false;
                };
                t.kind == Kind::Catch
                    && self.catch_type(*of, *of_target, &mut |matcher| {
                        matcher.caught_name(*name, *name_target, &mut |matcher| matcher.optional(*body, *body_target, Self::expr, next))
                    })
            }
            // `T[...]` has a size, `T[]` has none.
            Kind::TypeOf => {
                let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
                t.kind == p.kind && t.op == p.op && patterns.len() == targets.len() && self.slots(pattern, target, next)
            }
            Kind::Attrs => t.kind == Kind::Attrs && self.attributes(pattern, target, next),
            Kind::Bases => {
                let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
                t.kind == Kind::Bases && self.bases(&patterns, &targets, next)
            }
            Kind::Annotation => {
                let (used, given) = (self.pattern.child(pattern, 0), self.unit.tree.child(target, 0));
                t.kind == Kind::Annotation && self.annotation(used, given, next)
            }
            _ => t.kind == p.kind && t.op == p.op && p.symbol == t.symbol && self.slots(pattern, target, next),
        }
    }

    /// What stands in an annotation: a name without arguments has none, and `@a` is `@a()`.
    fn annotation(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (is_call, is_call_target) = (self.pattern.kind(pattern) == Kind::Call, self.target(target).kind == Kind::Call);
        let is_hole = matches!(self.pattern.kind(pattern), Kind::Ellipsis | Kind::Deep);
        if is_hole || (is_call == is_call_target && self.pattern.kind(pattern) != Kind::Metavar) {
            return self.expr(pattern, target, next);
        }
        let used = if is_call { self.pattern.child(pattern, 0) } else { pattern };
        let given = if is_call_target { self.unit.tree.child(target, 0) } else { target };
        let patterns = if is_call { self.pattern_slots(self.pattern.child(pattern, 1)) } else { Slots::new() };
        let targets = if is_call_target { self.target_slots(self.unit.tree.child(target, 1)) } else { Slots::new() };
        // Only names are called so.
        let is_name = matches!(self.target(given).kind, Kind::Name | Kind::Dot);
        is_name && self.expr(used, given, &mut |matcher| matcher.arguments(&patterns, &targets, next))
    }

    /// The name of what is caught: a hole finds none, too.
    fn caught_name(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.pattern.kind(pattern) == Kind::Metavar && self.target(target).kind == Kind::None {
            return next(self);
        }
        self.optional(pattern, target, Self::expr, next)
    }

    fn catch_type(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (self.pattern.kind(pattern), self.target(target).kind);
        if p == Kind::None {
            return t == Kind::None && next(self);
        }
        // One class is a row of one.
        if p == Kind::Tuple && !matches!(t, Kind::Tuple | Kind::None) {
            let patterns = self.pattern_slots(pattern);
            return self.row(&patterns, &[target], Rest::Forbidden, Self::expr, next);
        }
        self.expr(pattern, target, next)
    }

    fn parameter(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::Param {
            // A parameter that is only a name stands for a pattern of names.
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([attrs, name, of, default], [attrs_target, name_target, of_target, default_target]) =
            (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        if p.op != t.op {
            return false;
        }
        let is_bare = self.pattern.kind(*name) == Kind::Metavar
            && self.pattern.kind(*of) == Kind::None
            && self.pattern.kind(*default) == Kind::None
            && self.pattern.children(*attrs).next().is_none();
        if is_bare && !matches!(self.target(*name_target).kind, Kind::Name) {
            let symbol = self.pattern.node(*name).symbol;
            return self.bind(symbol, Bound::Node(target), next);
        }
        self.expr(*name, *name_target, &mut |matcher| {
            matcher.attributes(*attrs, *attrs_target, &mut |matcher| {
                matcher.optional(*of, *of_target, Self::type_name, &mut |matcher| {
                    matcher.optional(*default, *default_target, Self::expr, next)
                })
            })
        })
    }
}
