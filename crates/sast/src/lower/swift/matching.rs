//! Patterns that values are matched with.

use super::{K, expression::expression, is_type, kind};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// A pattern; the words that declare names in it are no part of it.
pub(super) fn pattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::Pattern {
        return expression(cx, node);
    }
    let parts: Vec<Syntax<'_>> = node.all_children().collect();
    pattern_of(cx, &parts, node.start());
}

/// `.a(let b)`, `(a, b)`, `is T`, `p as T`, or an expression.
pub(super) fn pattern_of(cx: &mut Cx<'_>, parts: &[Syntax<'_>], at: u32) {
    let is_token = |node: &Syntax<'_>, text: &str| !node.is_named() && node.text() == text;
    let has = |text: &str| parts.iter().any(|part| is_token(part, text));
    let values: Vec<Syntax<'_>> = parts.iter().copied().filter(|part| part.is_named() && kind(*part) != K::ValueBindingPattern).collect();
    let (start, end) = (values.first().map_or(at, |first| first.start()), parts.last().map_or(at, |last| last.end()));
    let declared = values.iter().copied().find(|value| is_type(*value));
    let open = parts.iter().find(|part| is_token(part, "("));
    if has("is") {
        cx.node(Kind::TypeTest, (at, end), |cx| {
            cx.none(at);
            cx.slot(declared, end, expression);
        });
    } else if has("as") {
        cx.node(Kind::TypeTest, (start, end), |cx| {
            cx.slot(values.first().copied(), start, pattern);
            cx.slot(declared, end, expression);
        });
    } else if let Some(dot) = parts.iter().find(|part| is_token(part, ".")) {
        let name = values.iter().copied().find(|value| dot.end() <= value.start());
        let owner = values.first().copied().filter(|value| value.start() < dot.start());
        let from = owner.map_or(dot.start(), Syntax::start);
        let case = |cx: &mut Cx<'_>| {
            cx.node_op(Kind::Dot, Op::Dot, (from, name.map_or(dot.end(), Syntax::end)), |cx| {
                cx.slot(owner, from, expression);
                cx.slot(name, dot.end(), expression);
            });
        };
        match open {
            Some(open) => {
                cx.node(Kind::Call, (from, end), |cx| {
                    case(cx);
                    cx.node(Kind::Args, (open.start(), end), |cx| {
                        values.iter().filter(|value| open.end() <= value.start()).for_each(|value| pattern(cx, *value));
                    });
                });
            }
            None => case(cx),
        }
    } else if let Some(open) = open {
        cx.node(Kind::Tuple, (open.start(), end), |cx| values.iter().for_each(|value| pattern(cx, *value)));
    } else {
        cx.slot(values.first().copied(), at, pattern);
    }
}
