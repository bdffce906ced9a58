//! The language of `assembly` blocks.

use super::{K, expression, f, kind, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
    },
};

pub(super) fn is_statement(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::YulAssignment
            | K::YulForStatement
            | K::YulFunctionDefinition
            | K::YulIfStatement
            | K::YulSwitchStatement
            | K::YulVariableDeclaration
    )
}

pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut children = node.children();
    match kind(node) {
        K::YulVariableDeclaration => {
            let names: Vec<Syntax<'_>> = node.fields(f().left).collect();
            cx.node_op(Kind::VarDef, Op::Let, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                several(cx, &names, span.0);
                cx.none(span.0);
                cx.slot(node.field(f().right), span.1, expression::expression);
            });
        }
        K::YulAssignment => {
            let parts: Vec<Syntax<'_>> = children.collect();
            cx.node(Kind::ExprStmt, span, |cx| match parts.split_last() {
                Some((value, names)) if !names.is_empty() => {
                    cx.node(Kind::Assign, span, |cx| {
                        several(cx, names, span.0);
                        expression::expression(cx, *value);
                    });
                }
                _ => parts.iter().for_each(|part| expression::expression(cx, *part)),
            });
        }
        K::YulIfStatement => {
            cx.node(Kind::If, span, |cx| {
                cx.slot(children.next(), span.0, expression::expression);
                statement::body(cx, children.next(), span.1);
                cx.none(span.1);
            });
        }
        K::YulForStatement => {
            cx.node(Kind::For, span, |cx| {
                statement::body(cx, children.next(), span.0);
                cx.slot(children.next(), span.0, expression::expression);
                statement::body(cx, children.next(), span.1);
                statement::body(cx, children.next(), span.1);
            });
        }
        K::YulSwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(children.next(), span.0, expression::expression);
                let mut value: Option<Syntax<'_>> = None;
                for child in children {
                    if kind(child) != K::YulBlock {
                        value = Some(child);
                        continue;
                    }
                    let pattern = value.take();
                    cx.node(Kind::Case, (pattern.map_or(child.start(), Syntax::start), child.end()), |cx| {
                        if let Some(pattern) = pattern {
                            expression::expression(cx, pattern);
                        }
                        statement::body(cx, Some(child), child.end());
                    });
                }
            });
        }
        _ => function(cx, node),
    }
}

/// `function a(b) -> c {…}`.
fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let arrow = node.all_children().find(|token| token.text() == "->").map_or(span.1, Syntax::start);
    let names: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::YulIdentifier).collect();
    let (name, rest) = match names.split_first() {
        Some((name, rest)) => (Some(*name), rest),
        None => (None, names.as_slice()),
    };
    cx.node(Kind::FuncDef, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.slot(name, span.0, expression::expression);
        let (parameters, results) = rest.split_at(rest.iter().take_while(|name| name.start() < arrow).count());
        let at = name.map_or(span.0, Syntax::end);
        cx.node(Kind::Params, (at, parameters.last().map_or(at, |last| last.end())), |cx| {
            for parameter in parameters {
                cx.node(Kind::Param, parameter.span(), |cx| {
                    cx.node(Kind::Attrs, (parameter.start(), parameter.start()), |_| {});
                    expression::expression(cx, *parameter);
                    cx.none(parameter.end());
                    cx.none(parameter.end());
                });
            }
        });
        several(cx, results, arrow);
        statement::body(cx, node.children().find(|child| kind(*child) == K::YulBlock), span.1);
    });
}

fn several(cx: &mut Cx<'_>, names: &[Syntax<'_>], at: u32) {
    match names {
        [] => cx.none(at),
        [only] => expression::expression(cx, *only),
        [first, .., last] => {
            cx.node(Kind::Tuple, (first.start(), last.end()), |cx| names.iter().for_each(|name| expression::expression(cx, *name)));
        }
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if matches!(kind(node), K::YulDecimalNumber | K::YulHexNumber) {
        return number::lower(cx, node, Op::Int, NumberSyntax::C);
    }
    let callee = node.field(f().function);
    cx.node(Kind::Call, span, |cx| {
        cx.slot(callee, span.0, expression::expression);
        cx.node(Kind::Args, (callee.map_or(span.0, Syntax::end), span.1), |cx| {
            node.children().filter(|child| child.in_field() != f().function).for_each(|child| expression::expression(cx, child));
        });
    });
}
