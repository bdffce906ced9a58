//! Types and patterns.

use super::{K, expression, expression::expression, f, item, kind};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// Builds a type.
pub(super) fn type_(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::GenericType | K::GenericTypeWithTurbofish | K::GenericPattern => type_arguments(cx, node),
        K::ReferenceType => {
            cx.node_op(Kind::TypeOf, Op::Reference, span, |cx| cx.slot(node.field(f().type_), span.1, type_));
        }
        K::PointerType => {
            cx.node_op(Kind::TypeOf, Op::Pointer, span, |cx| cx.slot(node.field(f().type_), span.1, type_));
        }
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| {
                cx.slot(node.field(f().element), span.1, type_);
                if let Some(length) = node.field(f().length) {
                    expression(cx, length);
                }
            });
        }
        K::TupleType | K::UnitType => {
            cx.node(Kind::Tuple, span, |cx| node.children().for_each(|child| type_(cx, child)));
        }
        K::NeverType | K::Lifetime => cx.name_of(node),
        K::BoundedType | K::TraitBounds => cx.row(Kind::Binary, Op::Add, &node.children().collect::<Vec<_>>(), span.0, type_),
        K::TypeBinding => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().type_), span.1, type_);
            });
        }
        K::BracketedType => cx.slot(node.first(), span.1, type_),
        // `<A as B>`.
        K::QualifiedType => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().alias), span.1, type_);
                cx.slot(node.field(f().type_), span.0, type_);
            });
        }
        K::Parameters => item::parameters(cx, node),
        K::Unknown if node.is_named() && !node.is_error() => cx.other(node.kind_name(), node, type_),
        K::AbstractType | K::TypeParameters | K::WhereClause => cx.other(node.kind_name(), node, type_),
        _ => expression(cx, node),
    }
}

/// `A<B>`, `a::<B>`.
pub(super) fn type_arguments(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let arguments = node.field(f().type_arguments);
    let base = node.field(f().type_).or_else(|| node.field(f().function)).or_else(|| node.first());
    cx.node(Kind::TypeArgs, node.span(), |cx| {
        cx.slot(base, node.start(), type_);
        if let Some(arguments) = arguments {
            expression::with_wildcards(arguments).for_each(|argument| type_(cx, argument));
        }
    });
}

/// Builds a pattern, as the expression that it looks like.
pub(super) fn pattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::TuplePattern => {
            cx.node(Kind::Tuple, span, |cx| patterns(cx, node));
        }
        K::SlicePattern => {
            cx.node(Kind::List, span, |cx| patterns(cx, node));
        }
        K::TupleStructPattern => {
            let name = node.field(f().type_);
            cx.node(Kind::Call, span, |cx| {
                cx.slot(name, span.0, type_);
                cx.node(Kind::Args, (name.map_or(span.0, Syntax::end), span.1), |cx| {
                    expression::with_wildcards(node).filter(|child| child.in_field() != f().type_).for_each(|child| pattern(cx, child));
                });
            });
        }
        K::StructPattern => {
            let name = node.field(f().type_);
            cx.node(Kind::New, span, |cx| {
                cx.slot(name, span.0, type_);
                cx.node(Kind::Args, (name.map_or(span.0, Syntax::end), span.1), |cx| {
                    node.children().filter(|child| child.in_field() != f().type_).for_each(|child| pattern(cx, child));
                });
                cx.none(span.1);
            });
        }
        K::FieldPattern => match node.field(f().pattern) {
            Some(inner) => {
                cx.node(Kind::KwArg, span, |cx| {
                    cx.slot(node.field(f().name), span.0, expression);
                    pattern(cx, inner);
                });
            }
            None => shorthand(cx, node.field(f().name), span),
        },
        K::RemainingFieldPattern => cx.leaf(Kind::Spread, Op::Splat, span),
        K::MutPattern => cx.slot(last_of(node), span.1, pattern),
        K::RefPattern | K::ReferencePattern => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| cx.slot(last_of(node), span.1, pattern));
        }
        K::CapturedPattern => {
            let mut children = expression::with_wildcards(node);
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(children.next(), span.0, pattern);
                cx.slot(children.next(), span.1, pattern);
            });
        }
        K::OrPattern => {
            let mut sides = expression::with_wildcards(node);
            let (left, right) = (sides.next(), sides.next());
            if right.is_none() {
                return cx.slot(left, span.1, pattern);
            }
            cx.node_op(Kind::Binary, Op::BitOr, span, |cx| {
                cx.slot(left, span.0, pattern);
                cx.slot(right, span.1, pattern);
            });
        }
        K::RangePattern => {
            let op = if node.has_token("..=") { Op::Range } else { Op::RangeExclusive };
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        _ => type_(cx, node),
    }
}

fn patterns(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    expression::with_wildcards(parent).for_each(|child| pattern(cx, child));
}

fn last_of(node: Syntax<'_>) -> Option<Syntax<'_>> {
    expression::with_wildcards(node).filter(|child| kind(*child) != K::MutableSpecifier).last()
}

/// `a` for `a: a`.
pub(super) fn shorthand(cx: &mut Cx<'_>, name: Option<Syntax<'_>>, span: (u32, u32)) {
    cx.node(Kind::KwArg, span, |cx| {
        cx.slot(name, span.0, expression);
        cx.slot(name, span.0, expression);
    });
}
