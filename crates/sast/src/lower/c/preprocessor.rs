//! Directives.

use super::{
    Cx, K, Kind, NumberSyntax, Op, Syntax, declaration::bare_parameter, expression::expression, f, kind, number, statement::statement,
};

pub(super) fn directive(cx: &mut Cx<'_>, node: Syntax<'_>) {
    // The end of the line is a part of the node, not of the directive.
    let text = node.text().trim_end();
    let span = (node.start(), node.start() + u32::try_from(text.len()).unwrap_or_default());
    match kind(node) {
        K::PreprocInclude => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(node.field(f(node).path), span.1, expression);
                cx.none(span.1);
            });
        }
        K::PreprocDef => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                define(cx, node);
                cx.none(span.0);
                cx.slot(node.field(f(node).value), span.1, replacement);
            });
        }
        K::PreprocFunctionDef => {
            cx.node(Kind::FuncDef, span, |cx| {
                define(cx, node);
                cx.slot(node.field(f(node).parameters), span.0, |cx, list| {
                    cx.node(Kind::Params, list.span(), |cx| {
                        for name in list.all_children().filter(|child| child.is_named() || child.text() == "...") {
                            bare_parameter(cx, name);
                        }
                    });
                });
                cx.none(span.0);
                cx.slot(node.field(f(node).value), span.1, |cx, value| {
                    cx.node(Kind::Block, value.span(), |cx| replacement(cx, value));
                });
            });
        }
        K::PreprocCall => {
            cx.node_with(Kind::Other, Op::None, text, span, |_| {});
        }
        _ => conditional(cx, node),
    }
}

fn define(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Attrs, (node.start(), node.start()), |cx| {
        cx.word(Kind::Modifier, Op::None, "#define", (node.start(), node.start()));
    });
    cx.slot(node.field(f(node).name), node.start(), expression);
}

/// The grammar does not look into what a name stands for: a literal or a name is told from everything else.
fn replacement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text().trim_end();
    let end = node.start() + u32::try_from(text.len()).unwrap_or_default();
    let span = (node.start(), end);
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|content| !content.contains('"'));
    if let Some(content) = quoted {
        cx.string(content, span);
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            number::lower_text(cx, text, span, Op::Int, NumberSyntax::OctalByZero);
        } else {
            cx.name(text, span);
        }
    } else {
        cx.node_with(Kind::Other, Op::None, text, span, |_| {});
    }
}

/// What stands in any branch of `#if`, as if there were no `#if`; however deep they nest.
fn conditional(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut todo: Vec<Syntax<'_>> = vec![node];
    while let Some(next) = todo.pop() {
        match kind(next) {
            K::PreprocIf | K::PreprocIfdef | K::PreprocElif | K::PreprocElifdef | K::PreprocElse => {
                let f = f(next);
                let n = todo.len();
                todo.extend(next.children().filter(|child| child.in_field() != f.condition && child.in_field() != f.name));
                todo.get_mut(n..).unwrap_or_default().reverse();
            }
            _ => statement(cx, next),
        }
    }
}
