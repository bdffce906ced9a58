//! Statements and directives.

use super::{
    K, definition,
    expression::{arguments, expression},
    f, kind, yul,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node.map(unwrapped), at, |cx, node| match kind(node) {
        K::BlockStatement if !is_unchecked(node) => block(cx, node),
        K::FunctionBody | K::ContractBody | K::StructBody | K::YulBlock => block(cx, node),
        _ => {
            cx.node(Kind::Block, node.span(), |cx| statement(cx, node));
        }
    });
}

fn block(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
}

fn is_unchecked(node: Syntax<'_>) -> bool {
    node.children().any(|child| kind(child) == K::Unchecked)
}

fn unwrapped(node: Syntax<'_>) -> Syntax<'_> {
    if kind(node) == K::Statement { node.first().unwrap_or(node) } else { node }
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => match node.first().map(super::expression::unwrapped) {
            Some(only) if kind(only) == K::UnaryExpression && only.text().starts_with("delete") => {
                cx.node(Kind::Delete, span, |cx| cx.slot(only.field(f().argument), span.1, expression));
            }
            only => {
                cx.node(Kind::ExprStmt, span, |cx| cx.slot(only, span.0, expression));
            }
        },
        K::BlockStatement if is_unchecked(node) => {
            cx.node_with(Kind::Other, Op::None, "unchecked", span, |cx| {
                let start = node.all_children().find(|token| token.text() == "{").map_or(span.0, Syntax::start);
                cx.node(Kind::Block, (start, span.1), |cx| {
                    node.children().filter(|child| kind(*child) != K::Unchecked).for_each(|child| statement(cx, child));
                });
            });
        }
        K::BlockStatement | K::FunctionBody | K::ContractBody | K::YulBlock => block(cx, node),
        K::VariableDeclarationStatement => definition::local(cx, node),
        K::IfStatement => {
            let mut bodies = node.fields(f().body);
            cx.node(Kind::If, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, bodies.next(), span.1);
                match bodies.next().map(unwrapped) {
                    Some(next) if kind(next) == K::IfStatement => statement(cx, next),
                    next => body(cx, next, span.1),
                }
            });
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::DoWhileStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.slot(node.field(f().condition), span.1, expression);
            });
        }
        K::ForStatement => {
            cx.node(Kind::For, span, |cx| {
                for field in [f().initial, f().condition, f().update] {
                    cx.slot(node.field(field).filter(|part| part.is_named()), span.0, header);
                }
                body(cx, node.field(f().body), span.1);
            });
        }
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::BreakStatement | K::YulBreak => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::ContinueStatement | K::YulContinue => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        K::EmitStatement => {
            let end = node.all_children().filter(|token| token.text() == ")").last().map_or(span.1, Syntax::end);
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node_op(Kind::Unary, Op::Word, (span.0, end), |cx| call(cx, node, node.field(f().name), end));
            });
        }
        K::RevertStatement => revert(cx, node),
        K::TryStatement => try_statement(cx, node),
        K::CatchClause => catch(cx, node),
        K::AssemblyStatement => {
            cx.node_with(Kind::Other, Op::None, "assembly", span, |cx| {
                let start = node.all_children().find(|token| token.text() == "{").map_or(span.0, Syntax::start);
                node.children().filter(|child| child.end() <= start).for_each(|child| expression(cx, child));
                cx.node(Kind::Block, (start, span.1), |cx| {
                    node.children().filter(|child| start < child.start()).for_each(|child| statement(cx, child));
                });
            });
        }
        K::ImportDirective => import(cx, node),
        K::PragmaDirective => {
            cx.node_op(Kind::Call, Op::Directive, span, |cx| {
                cx.slot(node.all_children().next(), span.0, Cx::name_of);
                cx.slot(node.first(), span.1, |cx, token| {
                    cx.node(Kind::Args, token.span(), |cx| cx.string(token.text().trim(), token.span()));
                });
            });
        }
        K::UsingDirective => cx.other(node.kind_name(), node, expression),
        _ if definition::is_definition(node) => definition::definition(cx, node),
        _ if yul::is_statement(node) => yul::statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// A part of a `for` between its semicolons.
fn header(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::VariableDeclarationStatement => definition::local(cx, node),
        K::ExpressionStatement => cx.slot(node.first(), node.end(), expression),
        _ => expression(cx, node),
    }
}

/// A call whose arguments stand beside its name.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>, end: u32) {
    let start = name.map_or(node.start(), Syntax::start);
    cx.node(Kind::Call, (start, end), |cx| {
        cx.slot(name, start, expression);
        cx.node(Kind::Args, (name.map_or(start, Syntax::end), end), |cx| arguments(cx, node));
    });
}

/// `revert("a")` is a call, `revert A(b)` throws.
fn revert(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let list = node.children().find(|child| kind(*child) == K::RevertArguments);
    let error = node.field(f().error);
    let end = list.or(error).map_or(span.1, Syntax::end);
    // The grammar takes the arguments of `revert("a")` for an error in parentheses.
    let (error, in_parentheses) = match error {
        Some(error) if error.text().starts_with('(') => (None, Some(super::expression::unwrapped(error))),
        error => (error, None),
    };
    let build = |cx: &mut Cx<'_>, start: u32| {
        cx.node(Kind::Call, (start, end), |cx| {
            match error {
                Some(error) => expression(cx, error),
                None => cx.name("revert", (start, start + 6)),
            }
            cx.node(Kind::Args, list.or(in_parentheses).map_or((end, end), Syntax::span), |cx| {
                match in_parentheses {
                    Some(tuple) if kind(tuple) == K::TupleExpression => tuple.children().for_each(|child| expression(cx, child)),
                    Some(only) => expression(cx, only),
                    None => {}
                }
                if let Some(list) = list {
                    arguments(cx, list);
                }
            });
        });
    };
    match error {
        Some(error) => {
            // What is thrown is an argument, as a text would be.
            cx.node(Kind::Throw, span, |cx| {
                cx.node(Kind::Call, (span.0, end), |cx| {
                    cx.name("revert", (span.0, span.0 + 6));
                    cx.node(Kind::Args, (error.start(), end), |cx| build(cx, error.start()));
                });
                cx.none(span.1);
            });
        }
        None => {
            cx.node(Kind::ExprStmt, span, |cx| build(cx, span.0));
        }
    }
}

/// `try a.b() returns (c) {…}`: the attempt is the first statement of what is tried.
fn try_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let attempt = node.field(f().attempt);
    let returned: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::Parameter).collect();
    let block = node.field(f().body);
    cx.node(Kind::Try, span, |cx| {
        let start = attempt.map_or(span.0, Syntax::start);
        cx.node(Kind::Block, (start, block.map_or(span.1, Syntax::end)), |cx| {
            match (attempt, returned.as_slice()) {
                (Some(attempt), []) => {
                    cx.node(Kind::ExprStmt, attempt.span(), |cx| expression(cx, attempt));
                }
                (attempt, variables) => {
                    definition::variables(cx, variables, attempt, (start, variables.last().map_or(start, |last| last.end())));
                }
            }
            if let Some(block) = block {
                statements(cx, block);
            }
        });
        node.children().filter(|child| kind(*child) == K::CatchClause).for_each(|clause| catch(cx, clause));
        cx.none(span.1);
        cx.none(span.1);
    });
}

fn catch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    let parameter = clause.children().find(|child| kind(*child) == K::Parameter);
    let error = clause.children().find(|child| kind(*child) == K::Identifier);
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(error.or_else(|| parameter.and_then(|parameter| parameter.field(f().type_))), span.0, expression);
        cx.slot(parameter.and_then(|parameter| parameter.field(f().name)), span.0, expression);
        body(cx, clause.field(f().body), span.1);
    });
}

fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let source = node.field(f().source);
    let names: Vec<Syntax<'_>> = node.fields(f().import_name).collect();
    if names.is_empty() {
        let alias = node.field(f().alias);
        let op = if alias.is_none() { Op::Star } else { Op::None };
        cx.node_op(Kind::Import, op, span, |cx| {
            cx.slot(source, span.1, expression);
            cx.slot(alias, span.1, expression);
        });
        return;
    }
    cx.node(Kind::ImportFrom, span, |cx| {
        cx.slot(source, span.1, expression);
        for (i, name) in names.iter().enumerate() {
            // An alias stands before the next name.
            let end = names.get(i + 1).map_or(span.1, |next| next.start());
            let alias = node.fields(f().alias).find(|alias| name.end() < alias.start() && alias.end() <= end);
            cx.node(Kind::ImportItem, (name.start(), alias.map_or(name.end(), Syntax::end)), |cx| {
                expression(cx, *name);
                cx.slot(alias, name.end(), expression);
            });
        }
    });
}
