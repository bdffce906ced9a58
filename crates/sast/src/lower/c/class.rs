//! Classes, structs, unions and enumerations.

use super::{Cx, K, Kind, Op, Syntax, declaration::attrs, expression::expression, f, kind, statement::statements};

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32), template: Option<Syntax<'_>>) {
    let op = match kind(node) {
        K::ClassSpecifier => Op::Class,
        K::EnumSpecifier => Op::Enum,
        _ => Op::Struct,
    };
    let name = node.field(f(node).name);
    let at = name.map_or(node.start(), Syntax::end);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, Some(node), None, template, span.0);
        cx.slot(name, span.0, expression);
        cx.none(at);
        bases(cx, node, at);
        match node.field(f(node).body) {
            Some(body) => {
                cx.node(Kind::Block, body.span(), |cx| statements(cx, body));
            }
            // A header is a pattern for classes with any body.
            None if cx.is_pattern() => {
                cx.node(Kind::Block, (span.1, span.1), |cx| cx.leaf(Kind::Ellipsis, Op::None, (span.1, span.1)));
            }
            None => cx.none(span.1),
        }
    });
}

fn bases(cx: &mut Cx<'_>, node: Syntax<'_>, at: u32) {
    let clause = node.children().find(|child| kind(*child) == K::BaseClassClause);
    let underlying = node.field(f(node).base).or_else(|| node.field(f(node).underlying_type));
    let span = clause.or(underlying).map_or((at, at), Syntax::span);
    cx.node(Kind::Bases, span, |cx| {
        if let Some(underlying) = underlying {
            expression(cx, underlying);
        }
        if let Some(clause) = clause {
            clause
                .children()
                .filter(|child| !matches!(kind(*child), K::AccessSpecifier | K::AttributeDeclaration))
                .for_each(|base| expression(cx, base));
        }
    });
}
