//! Statements.

use super::{K, definition, expression, expression::expression, f, kind, of};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// A block; a statement without braces is one too.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::Block | K::ConstructorBody => statements(cx, node),
            _ if node.is_named() => statement(cx, node),
            _ => {}
        });
    });
}

/// Everything may stand for a statement, members of classes too: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => {
            cx.node(Kind::ExprStmt, span, |cx| cx.slot(node.first(), span.0, expression));
        }
        K::Block | K::TriggerBody => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::LocalVariableDeclaration | K::FieldDeclaration | K::ConstantDeclaration => definition::variables(cx, node),
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
        K::ForStatement => {
            cx.node(Kind::For, span, |cx| {
                several(cx, node, f().init);
                cx.slot(node.field(f().condition), span.0, expression);
                several(cx, node, f().update);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::EnhancedForStatement => {
            let end = node.field(f().dimensions).or_else(|| node.field(f().name)).map_or(span.1, Syntax::end);
            let start = node.first().map_or(span.0, Syntax::start).min(end);
            cx.node(Kind::ForEach, span, |cx| {
                definition::variable(cx, node, node, (start, end));
                cx.slot(node.field(f().value), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::TryStatement => {
            cx.node(Kind::Try, span, |cx| {
                body(cx, node.field(f().body), span.0);
                node.children().filter(|child| kind(*child) == K::CatchClause).for_each(|clause| catch_clause(cx, clause));
                cx.none(span.1);
                cx.slot(of(node, K::FinallyClause), span.1, finally_clause);
            });
        }
        // A part of a pattern.
        K::CatchClause => catch_clause(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::SwitchExpression => switch(cx, node),
        K::SwitchRule => case(cx, node),
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ThrowStatement => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ExplicitConstructorInvocation => {
            cx.node(Kind::ExprStmt, span, |cx| definition::constructor_call(cx, node));
        }
        K::RunAsStatement => {
            cx.node(Kind::With, span, |cx| {
                cx.slot(node.field(f().user), span.0, expression);
                body(cx, of(node, K::Block), span.1);
            });
        }
        K::StaticInitializer => {
            cx.other(
                node.kind_name(),
                node,
                |cx, child| if kind(child) == K::Block { statement(cx, child) } else { expression(cx, child) },
            );
        }
        K::ClassDeclaration
        | K::InterfaceDeclaration
        | K::EnumDeclaration
        | K::EnumConstant
        | K::MethodDeclaration
        | K::ConstructorDeclaration
        | K::TriggerDeclaration => definition::definition(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// A slot for what may be several: they are a tuple.
fn several(cx: &mut Cx<'_>, node: Syntax<'_>, field: u16) {
    let mut all = node.fields(field);
    match (all.next(), all.clone().last()) {
        (Some(only), None) if kind(only) == K::LocalVariableDeclaration => {
            if only.fields(f().declarator).nth(1).is_some() {
                cx.node(Kind::Tuple, only.span(), |cx| statement(cx, only));
            } else {
                statement(cx, only);
            }
        }
        (Some(only), None) => expression(cx, only),
        (Some(first), Some(last)) => {
            cx.node(Kind::Tuple, (first.start(), last.end()), |cx| {
                expression(cx, first);
                all.for_each(|other| expression(cx, other));
            });
        }
        (None, _) => cx.none(node.start()),
    }
}

fn finally_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
}

fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    let parameter = of(clause, K::FormalParameter);
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(parameter.and_then(|parameter| parameter.field(f().type_)), span.0, expression);
        cx.slot(parameter.and_then(|parameter| parameter.field(f().name)), span.0, expression);
        body(cx, clause.field(f().body), span.1);
    });
}

pub(super) fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        let rules = node.field(f().body).into_iter().flat_map(Syntax::children);
        rules.for_each(|rule| case(cx, rule));
    });
}

/// `when 1, 2 { … }`, `when A a { … }`, `when else { … }`
fn case(cx: &mut Cx<'_>, rule: Syntax<'_>) {
    if kind(rule) != K::SwitchRule {
        return statement(cx, rule);
    }
    let label = of(rule, K::SwitchLabel);
    if cx.is_pattern() && label.and_then(Syntax::first).is_some_and(|only| only.text() == reserved::DOTS) {
        return cx.leaf(Kind::Ellipsis, Op::None, rule.span());
    }
    cx.node(Kind::Case, rule.span(), |cx| {
        label.into_iter().for_each(|label| expression::expressions(cx, label));
        body(cx, of(rule, K::Block), rule.end());
    });
}
