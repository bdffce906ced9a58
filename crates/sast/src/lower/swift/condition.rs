//! Conditions, and what they declare.

use super::{K, expression::expression, f, kind, matching::pattern_of};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// One of the conditions of `if`, `guard` and `while`.
#[derive(Debug)]
pub(super) enum Condition<'a> {
    /// `let a: T = b`, `let a`.
    Binding {
        start: u32,
        name: Syntax<'a>,
        declared: Option<Syntax<'a>>,
        value: Option<Syntax<'a>>,
    },
    /// `case p = b`; the parts of the pattern.
    Case {
        start: u32,
        parts: Vec<Syntax<'a>>,
        value: Option<Syntax<'a>>,
    },
    Plain(Syntax<'a>),
}

impl Condition<'_> {
    pub(super) fn start(&self) -> u32 {
        match self {
            Self::Binding { start, .. } | Self::Case { start, .. } => *start,
            Self::Plain(node) => node.start(),
        }
    }

    pub(super) fn end(&self) -> u32 {
        match self {
            Self::Binding { name, declared, value, .. } => value.or(*declared).unwrap_or(*name).end(),
            Self::Case { start, parts, value } => value.or(parts.last().copied()).map_or(*start, Syntax::end),
            Self::Plain(node) => node.end(),
        }
    }
}

/// Conditions lie side by side in the grammar, separated by commas.
pub(super) fn conditions(node: Syntax<'_>) -> Vec<Condition<'_>> {
    let is_part = |child: &Syntax<'_>| {
        child.in_field() == f().condition
            || child.in_field() == f().bound_identifier
            || kind(*child) == K::TypeAnnotation
            || is_comma(*child)
    };
    let parts: Vec<Syntax<'_>> = node.all_children().filter(is_part).collect();
    parts.split(|part| is_comma(*part) && part.in_field() != f().condition).filter_map(one_condition).collect()
}

fn is_comma(node: Syntax<'_>) -> bool {
    !node.is_named() && node.text() == ","
}

fn one_condition<'a>(parts: &[Syntax<'a>]) -> Option<Condition<'a>> {
    let first = parts.first()?;
    let start = first.start();
    let equals = parts.iter().position(|part| !part.is_named() && part.text() == "=");
    let value = equals.and_then(|at| parts.get(at + 1)).copied();
    if parts.iter().any(|part| kind(*part) == K::ValueBindingPattern) && first.text() != "case" {
        let name = parts.iter().find(|part| part.in_field() == f().bound_identifier || kind(**part) == K::Pattern)?;
        let declared = parts.iter().find(|part| kind(**part) == K::TypeAnnotation).copied();
        return Some(Condition::Binding { start, name: *name, declared, value });
    }
    if !first.is_named() && first.text() == "case" {
        let parts = parts.get(1..equals.unwrap_or(parts.len())).unwrap_or_default().to_vec();
        return Some(Condition::Case { start, parts, value });
    }
    parts.iter().find(|part| part.is_named()).map(|node| Condition::Plain(*node))
}

/// Several conditions hold together.
pub(super) fn condition(cx: &mut Cx<'_>, all: &[Condition<'_>], at: u32) {
    match all {
        [] => cx.none(at),
        [only] => match only {
            Condition::Plain(node) => expression(cx, *node),
            Condition::Binding { start, name, declared, value } => {
                cx.node_op(Kind::VarDef, Op::Const, (*start, only.end()), |cx| {
                    cx.empty(Kind::Attrs, *start);
                    expression(cx, *name);
                    cx.slot(*declared, only.end(), expression);
                    // `let a` alone unwraps what has that name.
                    expression(cx, value.unwrap_or(*name));
                });
            }
            Condition::Case { start, parts, value } => {
                cx.node_op(Kind::VarDef, Op::Const, (*start, only.end()), |cx| {
                    cx.empty(Kind::Attrs, *start);
                    pattern_of(cx, parts, *start);
                    cx.none(only.end());
                    cx.slot(*value, only.end(), expression);
                });
            }
        },
        [first, .., last] => {
            cx.node_op(Kind::Binary, Op::And, (first.start(), last.end()), |cx| {
                condition(cx, all.split_last().map_or(&[], |(_, rest)| rest), at);
                condition(cx, std::slice::from_ref(last), at);
            });
        }
    }
}
