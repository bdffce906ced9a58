//! Rows of expressions and what decides which of them run.

use super::{K, definition, expression::expression, f, is_dots, kind, of};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// The items of a file or a module.
pub(super) fn items(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        match kind(child) {
            K::ExpressionItem => child.first().into_iter().for_each(|inner| statements(cx, inner)),
            _ => definition::definition(cx, child),
        }
    }
}

/// An expression as statements in a row: what `;` separates, what `let … in` defines and what follows.
pub(super) fn statements(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.deeper(node.span(), |cx| row(cx, node));
}

fn row(cx: &mut Cx<'_>, mut node: Syntax<'_>) {
    loop {
        let last = match kind(node) {
            K::SequenceExpression => {
                let mut all = node.children().filter(|child| kind(*child) != K::AttributeId).peekable();
                let mut last = None;
                while let Some(child) = all.next() {
                    match all.peek() {
                        Some(_) => statements(cx, child),
                        None => last = Some(child),
                    }
                }
                last
            }
            K::LetExpression => {
                let body = node.field(f().body);
                let is_definition = |child: &Syntax<'_>| child.in_field() != f().body;
                node.children().filter(is_definition).for_each(|child| definition::definition(cx, child));
                body
            }
            K::ParenthesizedExpression => node.field(f().expression),
            _ => return statement(cx, node),
        };
        match last {
            Some(last) => node = last,
            None => return,
        }
    }
}

/// What an expression is within parentheses, and before a `;` that nothing follows.
pub(super) fn bare(mut node: Syntax<'_>) -> Syntax<'_> {
    loop {
        let inner = match kind(node) {
            K::ParenthesizedExpression => node.field(f().expression),
            K::SequenceExpression if node.children().nth(1).is_none() => node.first(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// Whether an expression is a row of statements.
fn is_row(node: Syntax<'_>) -> bool {
    matches!(kind(bare(node)), K::SequenceExpression | K::LetExpression)
}

/// A body is one statement; a row of them is a block in it.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        let span = node.span();
        cx.node(Kind::Block, span, |cx| {
            if is_row(node) {
                cx.node(Kind::Block, span, |cx| statements(cx, node));
            } else {
                statement(cx, node);
            }
        });
    });
}

/// One expression that is not a row.
fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = bare(node);
    match kind(node) {
        K::IfExpression
        | K::MatchExpression
        | K::TryExpression
        | K::WhileExpression
        | K::ForExpression
        | K::AssertExpression
        | K::SequenceExpression
        | K::LetExpression => nested(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if is_dots(cx, node) => expression(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, node.span(), |cx| expression(cx, node));
        }
    }
}

/// What is a statement elsewhere, wherever it stands.
pub(super) fn nested(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::IfExpression => {
            let then = of(node, K::ThenClause).and_then(|clause| clause.field(f().expression));
            let otherwise = of(node, K::ElseClause);
            let condition = node.field(f().condition);
            // `if a` of a pattern is what was written, without what its frame added.
            let is_open = otherwise.is_none() && then.is_some_and(|then| is_dots(cx, then));
            cx.node(Kind::If, until(span, condition.filter(|_| is_open)), |cx| {
                cx.slot(condition, span.0, expression);
                body(cx, then, span.1);
                cx.slot(otherwise, span.1, |cx, clause| body(cx, clause.field(f().expression), span.1));
            });
        }
        K::MatchExpression => {
            let value = node.field(f().expression);
            cx.node(Kind::Switch, until(span, value.filter(|_| is_open(cx, node))), |cx| {
                cx.slot(value, span.0, expression);
                cases(cx, node);
            });
        }
        K::TryExpression => {
            let value = node.field(f().expression);
            cx.node(Kind::Try, until(span, value.filter(|_| is_open(cx, node))), |cx| {
                body(cx, value, span.0);
                node.children().filter(|child| kind(*child) == K::MatchCase).for_each(|case| handler(cx, case));
                cx.none(span.1);
                cx.none(span.1);
            });
        }
        K::WhileExpression => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                loop_body(cx, node);
            });
        }
        K::ForExpression => {
            let (from, to) = (node.field(f().from), node.field(f().to));
            cx.node(Kind::ForEach, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                let bounds = (from.map_or(span.0, Syntax::start), to.map_or(span.1, Syntax::end));
                cx.node_op(Kind::Binary, Op::Range, bounds, |cx| {
                    cx.slot(from, span.0, expression);
                    cx.slot(to, span.1, expression);
                });
                loop_body(cx, node);
            });
        }
        K::AssertExpression => {
            cx.node(Kind::Assert, span, |cx| {
                cx.slot(node.field(f().expression), span.1, expression);
                cx.none(span.1);
            });
        }
        _ => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
    }
}

/// The span of a node, or what of it ends with a part.
fn until(span: (u32, u32), part: Option<Syntax<'_>>) -> (u32, u32) {
    part.map_or(span, |part| (span.0, part.end()))
}

/// Whether all that follows `with` is `... -> ...`.
fn is_open(cx: &Cx<'_>, node: Syntax<'_>) -> bool {
    let mut cases = node.children().filter(|child| kind(*child) == K::MatchCase);
    let Some(only) = cases.next().filter(|_| cases.next().is_none()) else { return false };
    let is_dots = |node: Option<Syntax<'_>>| node.is_some_and(|node| is_dots(cx, node));
    is_dots(only.field(f().pattern)) && is_dots(only.field(f().body))
}

fn loop_body(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let inner = of(node, K::DoClause).and_then(Syntax::first);
    body(cx, inner, node.end());
}

pub(super) fn cases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for case in node.children().filter(|child| kind(*child) == K::MatchCase) {
        cx.node(Kind::Case, case.span(), |cx| {
            guarded(cx, case);
            body(cx, case.field(f().body), case.end());
        });
    }
}

fn handler(cx: &mut Cx<'_>, case: Syntax<'_>) {
    cx.node(Kind::Catch, case.span(), |cx| {
        guarded(cx, case);
        cx.none(case.start());
        body(cx, case.field(f().body), case.end());
    });
}

/// The pattern of a case, with its condition if it has one.
fn guarded(cx: &mut Cx<'_>, case: Syntax<'_>) {
    let pattern = case.field(f().pattern);
    let Some(guard) = of(case, K::Guard) else { return cx.slot(pattern, case.start(), expression) };
    cx.node_with(Kind::Other, Op::None, "guard", (case.start(), guard.end()), |cx| {
        cx.slot(pattern, case.start(), expression);
        cx.slot(guard.field(f().expression), guard.end(), expression);
    });
}
