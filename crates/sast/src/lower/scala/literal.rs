//! Numbers, strings and XML.

use super::{
    K,
    expression::{expression, expressions},
    f, kind, of,
};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
    },
};

/// A sign belongs to the number in the grammar.
pub(super) fn number(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    match node.text().strip_prefix('-') {
        Some(digits) => {
            cx.node_op(Kind::Unary, Op::Sub, span, |cx| {
                number::lower_text(cx, digits, (span.0 + 1, span.1), op, NumberSyntax::C);
            });
        }
        None => number::lower(cx, node, op, NumberSyntax::C),
    }
}

/// What stands between the quotes, one or three.
pub(super) fn inside_quotes(node: Syntax<'_>) -> (u32, u32) {
    let (start, end) = node.span();
    let length = if node.text().starts_with("\"\"\"") { 3 } else { 1 };
    (start + length, end.saturating_sub(length).max(start + length))
}

/// `s"a$b"`. The symbol of the node is the prefix; one that is not from the standard library is a call.
pub(super) fn interpolated(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (prefix, string) = (node.field(f().interpolator), of(node, K::InterpolatedString));
    let Some(string) = string else { return cx.opaque(node) };
    match prefix {
        Some(prefix) if !matches!(prefix.text(), "s" | "f" | "raw") => {
            cx.node(Kind::Call, span, |cx| {
                expression(cx, prefix);
                cx.node(Kind::Args, string.span(), |cx| parts(cx, string, "", string.span()));
            });
        }
        prefix => parts(cx, string, prefix.map_or("", Syntax::text), span),
    }
}

fn parts(cx: &mut Cx<'_>, string: Syntax<'_>, prefix: &str, span: (u32, u32)) {
    let (start, end) = inside_quotes(string);
    cx.node_with(Kind::Interp, Op::Template, prefix, span, |cx| {
        let mut at = start;
        for hole in string.children().filter(|child| kind(*child) == K::Interpolation) {
            if at < hole.start() {
                cx.string(string.source(at, hole.start()), (at, hole.start()));
            }
            match hole.first() {
                Some(block) if kind(block) == K::Block && block.children().nth(1).is_none() => {
                    cx.slot(block.first(), block.end(), expression);
                }
                inner => cx.slot(inner, hole.end(), expression),
            }
            at = hole.end();
        }
        if at < end {
            cx.string(string.source(at, end), (at, end));
        }
    });
}

pub(super) fn xml(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let attributes = || node.children().filter(|child| kind(*child) == K::XmlAttribute);
    cx.node(Kind::Xml, span, |cx| {
        let name = node.field(f().name);
        cx.slot(name, span.0, expression);
        let start = attributes().next().or(name).map_or(span.0, Syntax::start);
        let end = attributes().last().or(name).map_or(span.0, Syntax::end);
        cx.node(Kind::XmlAttrs, (start, end), |cx| {
            for attribute in attributes() {
                cx.node(Kind::XmlAttr, attribute.span(), |cx| {
                    cx.slot(attribute.field(f().key), attribute.start(), expression);
                    cx.slot(attribute.field(f().value), attribute.end(), |cx, value| {
                        if kind(value) == K::Block { expressions(cx, value) } else { expression(cx, value) }
                    });
                });
            }
        });
        for child in node.children() {
            match kind(child) {
                K::XmlName | K::XmlAttribute => {}
                K::Block => expressions(cx, child),
                _ => expression(cx, child),
            }
        }
    });
}
