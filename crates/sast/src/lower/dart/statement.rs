//! Statements.

use super::{K, definition, expression::expression, f, kind, of};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    parent.children().for_each(|child| statement(cx, child));
}

/// A block; a statement without braces is one too.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| if kind(node) == K::Block { statements(cx, node) } else { statement(cx, node) });
    });
}

/// Everything may stand for a statement, members of classes too: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => {
            // `throw a;` is an expression in the grammar.
            match node.first().filter(|inner| kind(*inner) == K::ThrowExpression) {
                Some(thrown) => throw(cx, thrown, span),
                None => {
                    cx.node(Kind::ExprStmt, span, |cx| cx.slot(node.first(), span.0, expression));
                }
            }
        }
        K::EmptyStatement => {}
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::IfStatement => {
            cx.node(Kind::If, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().consequence), span.1);
                match node.field(f().alternative) {
                    Some(next) if kind(next) == K::IfStatement => statement(cx, next),
                    other => body(cx, other, span.1),
                }
            });
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::DoStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.slot(node.field(f().condition), span.1, expression);
            });
        }
        K::ForStatement => for_loop(cx, node),
        K::SwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                node.field(f().body).into_iter().for_each(|block| cases(cx, block));
            });
        }
        K::TryStatement => attempt(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::RethrowStatement => {
            cx.node(Kind::Throw, span, |cx| {
                cx.none(span.1);
                cx.none(span.1);
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::YieldStatement | K::YieldEachStatement => {
            let op = if kind(node) == K::YieldEachStatement { Op::Delegate } else { Op::None };
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node_op(Kind::Yield, op, span, |cx| cx.slot(node.first(), span.1, expression));
            });
        }
        K::AssertStatement => {
            let mut parts = of(node, K::Assertion).into_iter().flat_map(Syntax::children);
            cx.node(Kind::Assert, span, |cx| {
                cx.slot(parts.next(), span.1, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::LabeledStatement => {
            let mut parts = node.children();
            cx.node(Kind::Label, span, |cx| {
                cx.slot(parts.next(), span.0, expression);
                match parts.next() {
                    Some(labeled) => statement(cx, labeled),
                    None => cx.none(span.1),
                }
            });
        }
        _ if definition::is_definition(node) => definition::definition(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

fn throw(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    cx.node(Kind::Throw, span, |cx| {
        cx.slot(node.field(f().value), span.1, expression);
        cx.none(span.1);
    });
}

fn for_loop(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let iterated = node.field(f().value);
    if iterated.is_some() {
        let name = node.field(f().name);
        let target = name.or_else(|| node.first());
        cx.node(Kind::ForEach, span, |cx| {
            cx.slot(target, span.0, |cx, target| {
                cx.node(Kind::VarDef, target.span(), |cx| {
                    cx.empty(Kind::Attrs, target.start());
                    expression(cx, target);
                    cx.slot(of(node, K::Type), target.start(), expression);
                    cx.none(target.end());
                });
            });
            cx.slot(iterated, span.1, expression);
            body(cx, node.field(f().body), span.1);
        });
        return;
    }
    cx.node(Kind::For, span, |cx| {
        cx.slot(node.field(f().init), span.0, |cx, init| {
            if kind(init) == K::LocalVariableDeclaration { statement(cx, init) } else { expression(cx, init) }
        });
        cx.slot(node.field(f().condition), span.0, expression);
        cx.slot(node.field(f().update), span.0, expression);
        body(cx, node.field(f().body), span.1);
    });
}

/// Several cases before the same statements are one.
fn cases(cx: &mut Cx<'_>, block: Syntax<'_>) {
    let mut group: Vec<Syntax<'_>> = Vec::new();
    for child in block.children() {
        if !matches!(kind(child), K::SwitchStatementCase | K::SwitchStatementDefault) {
            statement(cx, child);
            continue;
        }
        group.push(child);
        if child.children().any(|inner| is_statement_of_case(inner)) {
            case(cx, &group);
            group.clear();
        }
    }
    case(cx, &group);
}

fn is_statement_of_case(node: Syntax<'_>) -> bool {
    node.kind_name().ends_with("_statement") || matches!(kind(node), K::Block | K::LocalVariableDeclaration | K::LocalFunctionDeclaration)
}

fn case(cx: &mut Cx<'_>, group: &[Syntax<'_>]) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    if cx.is_pattern() && first.first().is_some_and(|label| label.text() == reserved::DOTS) && group.len() == 1 {
        return cx.leaf(Kind::Ellipsis, Op::None, first.span());
    }
    cx.node(Kind::Case, (first.start(), last.end()), |cx| {
        for one in group.iter().filter(|one| kind(**one) == K::SwitchStatementCase) {
            one.children()
                .filter(|inner| !is_statement_of_case(*inner) && kind(*inner) != K::Label)
                .for_each(|inner| expression(cx, inner));
        }
        let inner = || last.children().filter(|inner| is_statement_of_case(*inner));
        let start = inner().next().map_or(last.end(), Syntax::start);
        cx.node(Kind::Block, (start, last.end()), |cx| inner().for_each(|one| statement(cx, one)));
    });
}

fn finally_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
}

/// Types and clauses of what is caught stand beside each other in the grammar: each block ends a handler.
fn attempt(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        let tried = node.field(f().body);
        body(cx, tried, span.0);
        let (mut caught, mut clause, mut start) = (None, None, None);
        for child in node.all_children().filter(|child| tried.is_none_or(|tried| tried.end() <= child.start())) {
            match kind(child) {
                K::FinallyClause => break,
                K::Type => caught = Some(child),
                K::CatchClause => clause = Some(child),
                K::Block => {
                    let from = start.take().unwrap_or(child.start());
                    let (of, named) = (caught.take(), clause.take());
                    cx.node(Kind::Catch, (from, child.end()), |cx| {
                        cx.slot(of, from, expression);
                        cx.slot(named.and_then(|clause| clause.field(f().exception)), from, expression);
                        body(cx, Some(child), child.end());
                    });
                    continue;
                }
                _ => {}
            }
            start.get_or_insert(child.start());
        }
        cx.none(span.1);
        cx.slot(of(node, K::FinallyClause), span.1, finally_clause);
    });
}

/// `switch (a) { p => b, … }`
pub(super) fn switch_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        for case in node.children().filter(|child| kind(*child) == K::SwitchExpressionCase) {
            let parts: Vec<Syntax<'_>> = case.children().collect();
            cx.node(Kind::Case, case.span(), |cx| {
                let Some((value, patterns)) = parts.split_last() else { return };
                patterns.iter().for_each(|pattern| expression(cx, *pattern));
                cx.node(Kind::Block, value.span(), |cx| {
                    cx.node(Kind::ExprStmt, value.span(), |cx| expression(cx, *value));
                });
            });
        }
    });
}

/// The body of a function: what stands behind an arrow is returned.
pub(super) fn function_body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    let inner = node.and_then(Syntax::first);
    match inner {
        Some(block) if kind(block) == K::Block => body(cx, Some(block), at),
        Some(value) => {
            cx.node(Kind::Block, value.span(), |cx| {
                cx.node(Kind::Return, value.span(), |cx| expression(cx, value));
            });
        }
        None => cx.none(at),
    }
}
