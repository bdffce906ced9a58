//! Methods, classes, modules, blocks and their parameters.

use super::{K, expression::expression, f, kind, literal, statement};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn method(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let name = node.field(f().name);
    let object = node.field(f().object);
    let op = match name {
        Some(name) if kind(name) == K::Setter => Op::Setter,
        Some(name) if object.is_none() && name.text() == "initialize" => Op::Constructor,
        _ => Op::None,
    };
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        // `def self.a` is a method of the class.
        let is_static = object.is_some_and(|object| kind(object) == K::Self_);
        let at = object.filter(|_| is_static).map_or((span.0, span.0), Syntax::span);
        cx.node(Kind::Attrs, at, |cx| {
            if let Some(object) = object.filter(|_| is_static) {
                cx.word(Kind::Modifier, Op::None, "static", object.span());
            }
        });
        match (object.filter(|_| !is_static), name) {
            (Some(object), Some(name)) => {
                cx.node_op(Kind::Dot, Op::Dot, (object.start(), name.end()), |cx| {
                    expression(cx, object);
                    expression(cx, name);
                });
            }
            (_, name) => cx.slot(name, span.0, expression),
        }
        parameters(cx, node.field(f().parameters), name.map_or(span.0, Syntax::end));
        cx.none(span.0);
        match node.field(f().body) {
            Some(body) => statement::body(cx, Some(body), span.1),
            None => empty_block(cx, span.1),
        }
    });
}

fn empty_block(cx: &mut Cx<'_>, at: u32) {
    cx.node(Kind::Block, (at, at), |_| {});
}

pub(super) fn parameters(cx: &mut Cx<'_>, list: Option<Syntax<'_>>, at: u32) {
    let span = list.map_or((at, at), Syntax::span);
    cx.node(Kind::Params, span, |cx| {
        if let Some(list) = list {
            list.children().for_each(|child| parameter(cx, child));
        }
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (op, sigil) = match kind(node) {
        K::SplatParameter => (Op::Splat, ""),
        K::HashSplatParameter | K::HashSplatNil => (Op::DoubleSplat, ""),
        K::BlockParameter => (Op::None, "&"),
        K::ForwardParameter => (Op::Splat, "..."),
        _ => (Op::None, ""),
    };
    cx.node_op(Kind::Param, op, span, |cx| {
        let at = if sigil.is_empty() && kind(node) != K::KeywordParameter { (span.0, span.0) } else { span };
        cx.node(Kind::Attrs, at, |cx| {
            if !sigil.is_empty() {
                cx.word(Kind::Modifier, Op::None, sigil, span);
            }
            // `a:` is given by name.
            if kind(node) == K::KeywordParameter {
                cx.word(Kind::Modifier, Op::None, ":", span);
            }
        });
        match kind(node) {
            K::DestructuredParameter => {
                cx.node(Kind::Tuple, span, |cx| node.children().for_each(|child| destructured(cx, child)));
            }
            K::Identifier => expression(cx, node),
            K::SplatParameter | K::HashSplatParameter | K::BlockParameter | K::KeywordParameter | K::OptionalParameter => {
                cx.slot(node.field(f().name), span.0, expression);
            }
            K::ForwardParameter | K::HashSplatNil => cx.none(span.0),
            _ => expression(cx, node),
        }
        cx.none(span.0);
        cx.slot(node.field(f().value), span.1, expression);
    });
}

fn destructured(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::DestructuredParameter => {
            cx.node(Kind::Tuple, node.span(), |cx| node.children().for_each(|child| destructured(cx, child)));
        }
        K::SplatParameter => {
            cx.node_op(Kind::Spread, Op::Splat, node.span(), |cx| cx.slot(node.field(f().name), node.end(), expression));
        }
        _ => expression(cx, node),
    }
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let op = match kind(node) {
        K::Module => Op::Module,
        K::SingletonClass => Op::Object,
        _ => Op::Class,
    };
    let name = node.field(f().name).or_else(|| node.field(f().value));
    let superclass = node.field(f().superclass);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.slot(name, span.0, expression);
        cx.none(span.0);
        let at = name.map_or(span.0, Syntax::end);
        cx.node(Kind::Bases, superclass.map_or((at, at), Syntax::span), |cx| {
            if let Some(base) = superclass.and_then(Syntax::first) {
                expression(cx, base);
            }
        });
        match node.field(f().body) {
            Some(body) => statement::body(cx, Some(body), span.1),
            None => empty_block(cx, span.1),
        }
    });
}

/// `{ |a| … }`, `do |a| … end` and `->(a) { … }`.
pub(super) fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let block = if kind(node) == K::Lambda { node.field(f().body).unwrap_or(node) } else { node };
    let list = node.field(f().parameters).or_else(|| block.field(f().parameters));
    cx.node(Kind::Lambda, span, |cx| {
        parameters(cx, list, span.0);
        cx.none(span.0);
        match block.field(f().body) {
            Some(body) => statement::body(cx, Some(body), span.1),
            None => empty_block(cx, span.1),
        }
    });
}

pub(super) fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    literal::name(cx, node.text(), node.span());
}
