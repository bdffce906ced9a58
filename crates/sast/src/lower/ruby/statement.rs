//! Statements: in Ruby every one may be an expression.

use super::{K, definition, expression, expression::expression, f, kind};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// A block of the statements below a node, or of the node if it is a statement.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        let is_list = matches!(
            kind(node),
            K::Then | K::Do | K::Else | K::Ensure | K::BlockBody | K::BodyStatement | K::Begin | K::ParenthesizedStatements
        );
        let span = trimmed(node);
        cx.node(Kind::Block, span, |cx| if is_list { guarded(cx, node) } else { statement(cx, node) });
    });
}

/// The span without the word before and the `end` behind.
fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    if !matches!(kind(node), K::Then | K::Do | K::Else | K::Ensure) {
        return node.span();
    }
    let statements = node.children().filter(|child| kind(*child) != K::EmptyStatement);
    let start = statements.clone().next().map_or(node.end(), Syntax::start);
    let end = statements.last().map_or(node.end(), Syntax::end);
    (start, end.max(start))
}

/// Statements that may be followed by `rescue`, `else` and `ensure`.
pub(super) fn guarded(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_clause = |child: &Syntax<'_>| matches!(kind(*child), K::Rescue | K::Else | K::Ensure);
    if !node.children().any(|child| matches!(kind(child), K::Rescue | K::Ensure)) {
        return statements(cx, node);
    }
    let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
    let tried = node.children().filter(|child| !is_clause(child));
    let start = tried.clone().next().map_or(node.start(), Syntax::start);
    let tried_end = tried.clone().last().map_or(start, Syntax::end);
    let end = node.children().last().map_or(node.end(), Syntax::end);
    cx.node(Kind::Try, (start, end), |cx| {
        cx.node(Kind::Block, (start, tried_end), |cx| tried.for_each(|child| statement(cx, child)));
        of(K::Rescue).for_each(|clause| rescue(cx, clause));
        body(cx, of(K::Else).next(), end);
        cx.slot(of(K::Ensure).next(), end, |cx, clause| {
            cx.node(Kind::Finally, clause.span(), |cx| body(cx, Some(clause), clause.end()));
        });
    });
}

fn rescue(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(clause.field(f().exceptions), span.0, |cx, list| expression::one_or_tuple(cx, list));
        cx.slot(clause.field(f().variable).and_then(Syntax::first), span.0, expression);
        match clause.field(f().body) {
            Some(then) => body(cx, Some(then), span.1),
            None => {
                cx.node(Kind::Block, (span.1, span.1), |_| {});
            }
        }
    });
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if compound(cx, node) {
        return;
    }
    match kind(node) {
        K::EmptyStatement | K::Uninterpreted | K::HeredocBody => {}
        K::Rescue => rescue(cx, node),
        K::When | K::InClause => case(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// Builds what is no plain expression, wherever it stands. Answers whether it did.
pub(super) fn compound(cx: &mut Cx<'_>, node: Syntax<'_>) -> bool {
    let span = node.span();
    match kind(node) {
        K::If | K::Unless | K::Elsif => branch(cx, node, span.1),
        K::IfModifier | K::UnlessModifier => {
            cx.node(Kind::If, span, |cx| {
                condition(cx, node, kind(node) == K::UnlessModifier);
                body(cx, node.field(f().body), span.0);
                cx.none(span.1);
            });
        }
        K::While | K::Until => {
            cx.node(Kind::While, span, |cx| {
                condition(cx, node, kind(node) == K::Until);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::WhileModifier | K::UntilModifier => {
            let is_negated = kind(node) == K::UntilModifier;
            // `begin … end while a` runs once before it asks.
            if node.field(f().body).is_some_and(|body| kind(body) == K::Begin) {
                cx.node(Kind::DoWhile, span, |cx| {
                    body(cx, node.field(f().body), span.0);
                    condition(cx, node, is_negated);
                });
            } else {
                cx.node(Kind::While, span, |cx| {
                    condition(cx, node, is_negated);
                    body(cx, node.field(f().body), span.0);
                });
            }
        }
        K::For => {
            cx.node(Kind::ForEach, span, |cx| {
                cx.slot(node.field(f().pattern), span.0, expression);
                cx.slot(node.field(f().value).and_then(Syntax::first), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::Case | K::CaseMatch => switch(cx, node),
        K::Begin => {
            cx.node(Kind::Block, span, |cx| guarded(cx, node));
        }
        K::RescueModifier => {
            let handler = node.field(f().handler);
            cx.node(Kind::Try, span, |cx| {
                body(cx, node.field(f().body), span.0);
                let start = handler.map_or(span.1, Syntax::start);
                cx.node(Kind::Catch, (start, span.1), |cx| {
                    cx.none(start);
                    cx.none(start);
                    body(cx, handler, span.1);
                });
                cx.none(span.1);
                cx.none(span.1);
            });
        }
        K::Then | K::Do | K::BlockBody | K::BodyStatement | K::BeginBlock | K::EndBlock => {
            cx.node(Kind::Block, span, |cx| guarded(cx, node));
        }
        K::Return => jump(cx, node, Kind::Return),
        K::Break => jump(cx, node, Kind::Break),
        K::Next => jump(cx, node, Kind::Continue),
        K::Method | K::SingletonMethod => definition::method(cx, node),
        K::Class | K::Module | K::SingletonClass => definition::class(cx, node),
        K::Alias | K::Undef | K::Redo | K::Retry => cx.other(node.kind_name(), node, expression),
        _ => return false,
    }
    true
}

fn jump(cx: &mut Cx<'_>, node: Syntax<'_>, kind: Kind) {
    cx.node(kind, node.span(), |cx| {
        cx.slot(node.first(), node.end(), |cx, arguments| expression::one_or_list(cx, arguments));
    });
}

fn condition(cx: &mut Cx<'_>, node: Syntax<'_>, is_negated: bool) {
    let condition = node.field(f().condition);
    match condition {
        Some(condition) if is_negated => {
            cx.node_op(Kind::Unary, Op::Not, condition.span(), |cx| expression(cx, condition));
        }
        condition => cx.slot(condition, node.start(), expression),
    }
}

/// `if`, `unless` or `elsif`, with what follows it in the last slot.
fn branch(cx: &mut Cx<'_>, node: Syntax<'_>, end: u32) {
    cx.node(Kind::If, (node.start(), end), |cx| {
        condition(cx, node, kind(node) == K::Unless);
        let at = node.field(f().condition).map_or(node.end(), Syntax::end);
        match node.field(f().consequence) {
            Some(then) => body(cx, Some(then), at),
            None => {
                cx.node(Kind::Block, (at, at), |_| {});
            }
        }
        match node.field(f().alternative) {
            Some(next) if kind(next) == K::Elsif => branch(cx, next, next.end()),
            next => body(cx, next, node.end()),
        }
    });
}

fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(node.field(f().value), node.start(), expression);
        for child in node.children().filter(|child| child.in_field() != f().value) {
            if kind(child) == K::Else {
                cx.node(Kind::Case, child.span(), |cx| body(cx, Some(child), child.end()));
            } else {
                case(cx, child);
            }
        }
    });
}

fn case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if !matches!(kind(node), K::When | K::InClause) {
        return statement(cx, node);
    }
    cx.node(Kind::Case, node.span(), |cx| {
        node.fields(f().pattern).for_each(|pattern| expression(cx, pattern));
        if let Some(guard) = node.field(f().guard) {
            cx.node(Kind::CompIf, guard.span(), |cx| condition(cx, guard, kind(guard) == K::UnlessGuard));
        }
        match node.field(f().body) {
            Some(then) => body(cx, Some(then), node.end()),
            None => {
                cx.node(Kind::Block, (node.end(), node.end()), |_| {});
            }
        }
    });
}
