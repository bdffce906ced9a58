//! Modules, functions and what makes names known.

use super::{
    K,
    call::{Body, Called, key_text},
    expression::{self, expression},
    f, form, is_dots, is_operator, kind, of, operator,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// The name and the number of parameters of the function that a node defines a clause of.
pub(super) fn clause_of(node: Syntax<'_>) -> Option<(&str, usize)> {
    let called = Called::of(node).filter(|called| is_function(called.name))?;
    let (head, _) = head(*called.arguments.first()?);
    let n_parameters = of(head, K::Arguments).map_or(0, |list| list.children().count());
    Some((head.named_field(f().target).unwrap_or(head).text(), n_parameters))
}

fn is_function(word: &str) -> bool {
    matches!(word, "def" | "defp" | "defmacro" | "defmacrop")
}

/// What stands behind `def`: the name with its parameters, and the guard.
fn head(node: Syntax<'_>) -> (Syntax<'_>, Option<Syntax<'_>>) {
    if is_operator(node, "when") {
        return (node.named_field(f().left).unwrap_or(node), node.named_field(f().right));
    }
    (node, None)
}

/// Builds the definition that a call is; false if it is none.
pub(super) fn definition(cx: &mut Cx<'_>, called: &Called<'_>, is_further_clause: bool) -> bool {
    let span = called.node.span();
    let Some(first) = called.arguments.first().copied() else { return false };
    match called.name {
        "defmodule" | "defprotocol" | "defimpl" if called.body("do").is_some() => {
            let op = if called.name == "defimpl" { Op::Impl } else { Op::Module };
            cx.node_op(Kind::ClassDef, op, span, |cx| {
                cx.empty(Kind::Attrs, span.0);
                expression(cx, first);
                cx.none(span.0);
                cx.empty(Kind::Bases, span.0);
                form::body(cx, called.body("do"), span.1);
            });
        }
        word if is_function(word) => function(cx, called, first, is_further_clause),
        "alias" => return alias(cx, called, first),
        "import" => {
            cx.node_op(Kind::Import, Op::Star, span, |cx| {
                expression(cx, first);
                cx.none(span.1);
            });
        }
        _ => return false,
    }
    true
}

fn function(cx: &mut Cx<'_>, called: &Called<'_>, first: Syntax<'_>, is_further_clause: bool) {
    let span = called.node.span();
    let (head, guard) = head(first);
    let is_call = kind(head) == K::Call;
    let list = of(head, K::Arguments).filter(|_| is_call);
    cx.node_op(Kind::FuncDef, if is_further_clause { Op::Clause } else { Op::None }, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |cx| {
            if called.name.ends_with('p') {
                cx.word(Kind::Modifier, Op::None, "private", (span.0, span.0));
            }
            if called.name.starts_with("defmacro") {
                cx.word(Kind::Modifier, Op::None, "macro", (span.0, span.0));
            }
            if let Some(guard) = guard {
                cx.node_with(Kind::Other, Op::None, "guard", guard.span(), |cx| expression(cx, guard));
            }
        });
        if is_call {
            cx.slot(head.named_field(f().target), span.0, expression);
        } else {
            expression(cx, head);
        }
        parameters(cx, list, head.end());
        cx.none(span.0);
        if called.has_handlers() {
            let start = called.body("do").map_or(span.1, |body| body.node().start());
            cx.node(Kind::Block, (start, span.1), |cx| form::attempt(cx, called, (start, span.1)));
        } else {
            form::body(cx, called.body("do"), span.1);
        }
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, list: Option<Syntax<'_>>, at: u32) {
    cx.node(Kind::Params, list.map_or((at, at), Syntax::span), |cx| {
        list.into_iter().flat_map(Syntax::children).for_each(|one| parameter(cx, one));
    });
}

/// A parameter is any pattern, maybe with a default. Keywords are a map each.
fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::Keywords {
        for pair in node.children() {
            if pair.named_field(f().value).is_some_and(|value| is_dots(cx, value)) && key_text(pair).contains("DOTS__") {
                cx.leaf(Kind::Ellipsis, Op::None, pair.span());
                continue;
            }
            cx.node(Kind::Param, pair.span(), |cx| {
                cx.empty(Kind::Attrs, pair.start());
                cx.node(Kind::Dict, pair.span(), |cx| expression::pair(cx, pair));
                cx.none(pair.end());
                cx.none(pair.end());
            });
        }
        return;
    }
    let (pattern, default) =
        if is_operator(node, "\\\\") { (node.named_field(f().left), node.named_field(f().right)) } else { (Some(node), None) };
    cx.node(Kind::Param, node.span(), |cx| {
        cx.empty(Kind::Attrs, node.start());
        cx.slot(pattern, node.start(), expression);
        cx.none(node.end());
        cx.slot(default, node.end(), expression);
    });
}

/// `alias A.B`, `alias A.B, as: C`, `alias A.{B, C}`; false if it names nothing new.
fn alias(cx: &mut Cx<'_>, called: &Called<'_>, first: Syntax<'_>) -> bool {
    let span = called.node.span();
    let keywords = called.arguments.get(1).copied().filter(|second| kind(*second) == K::Keywords);
    let new = keywords.and_then(|keywords| keywords.children().find(|pair| key_text(*pair) == "as"));
    let new = new.and_then(|pair| pair.named_field(f().value));
    let several = first.named_field(f().right).filter(|right| kind(first) == K::Dot && kind(*right) == K::Tuple);
    if let Some(several) = several {
        cx.node(Kind::ImportFrom, span, |cx| {
            cx.slot(first.named_field(f().left), span.0, expression);
            several.children().for_each(|one| item(cx, one.text(), one.span(), None));
        });
        return true;
    }
    match first.text().rsplit_once('.') {
        Some((_, last)) if kind(first) == K::Alias => {
            let length = u32::try_from(last.len()).unwrap_or(0);
            let at = first.end().saturating_sub(length).max(first.start());
            cx.node(Kind::ImportFrom, span, |cx| {
                expression::path(cx, first.source(first.start(), at.saturating_sub(1)), first.start());
                item(cx, last, (at, first.end()), new);
            });
        }
        _ if new.is_some() => {
            cx.node(Kind::Import, span, |cx| {
                expression(cx, first);
                cx.slot(new, span.1, expression);
            });
        }
        _ => return false,
    }
    true
}

fn item(cx: &mut Cx<'_>, text: &str, span: (u32, u32), new: Option<Syntax<'_>>) {
    cx.node(Kind::ImportItem, span, |cx| {
        expression::path(cx, text, span.0);
        cx.slot(new, span.1, expression);
    });
}

/// `fn a -> b end`. Clauses behind the first are functions in the body of that.
pub(super) fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let clauses: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::StabClause).collect();
    let Some((first, others)) = clauses.split_first() else { return cx.opaque(node) };
    lambda_clause(cx, *first, others, node.span());
}

fn lambda_clause(cx: &mut Cx<'_>, clause: Syntax<'_>, others: &[Syntax<'_>], span: (u32, u32)) {
    let (patterns, guard) = form::head(clause);
    cx.node(Kind::Lambda, span, |cx| {
        parameters(cx, patterns, clause.start());
        cx.none(clause.start());
        let inner = clause.named_field(f().right);
        cx.node(Kind::Block, inner.map_or((clause.end(), clause.end()), Syntax::span), |cx| {
            if let Some(guard) = guard {
                cx.node(Kind::ExprStmt, guard.span(), |cx| expression(cx, guard));
            }
            form::statements(cx, inner.into_iter().flat_map(Syntax::children));
            for other in others {
                cx.node(Kind::ExprStmt, other.span(), |cx| lambda_clause(cx, *other, &[], other.span()));
            }
        });
    });
}

/// `&f/1` is a reference, `&(&1 + 1)` a function with as many parameters as it names.
pub(super) fn capture(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let Some(operand) = node.named_field(f().operand) else { return cx.opaque(node) };
    if kind(operand) == K::Integer {
        return cx.name(&format!("&{}", operand.text()), span);
    }
    if is_operator(operand, "/") && operand.named_field(f().right).is_some_and(|right| kind(right) == K::Integer) {
        cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| cx.slot(operand.named_field(f().left), span.1, expression));
        return;
    }
    let n_parameters = (1..=MAX_CAPTURED).filter(|n| operand.text().contains(&format!("&{n}"))).max().unwrap_or(0);
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, (span.0, span.0), |cx| {
            for n in 1..=n_parameters {
                cx.node(Kind::Param, (span.0, span.0), |cx| {
                    cx.empty(Kind::Attrs, span.0);
                    cx.name(&format!("&{n}"), (span.0, span.0));
                    cx.none(span.0);
                    cx.none(span.0);
                });
            }
        });
        cx.none(span.0);
        form::body(cx, Some(Body::Value(operand)), span.1);
    });
}

/// The most parameters that a captured expression is read with.
const MAX_CAPTURED: usize = 5;

/// `@a 1`, `@spec …`
pub(super) fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let operand = node.named_field(f().operand);
    let value = operand.filter(|operand| operator(node) == "@" && kind(*operand) == K::Call);
    let arguments = value.and_then(|value| of(value, K::Arguments));
    let (Some(value), Some(arguments)) = (value, arguments) else {
        // A use of it.
        cx.node_op(Kind::Unary, Op::MatMul, node.span(), |cx| cx.slot(operand, node.end(), expression));
        return;
    };
    cx.node(Kind::Assign, node.span(), |cx| {
        cx.node_op(Kind::Unary, Op::MatMul, (node.start(), arguments.start()), |cx| {
            cx.slot(value.named_field(f().target), node.start(), expression);
        });
        if arguments.children().nth(1).is_some() {
            cx.node(Kind::Tuple, arguments.span(), |cx| arguments.children().for_each(|one| expression(cx, one)));
        } else {
            cx.slot(arguments.first(), node.end(), expression);
        }
    });
}
