//! Expressions and patterns.

use super::{
    K,
    call::{self, Called, key_text},
    definition, f, form, kind, name, of, operator,
};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
        operator,
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    parent.children().for_each(|child| expression(cx, child));
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    // Parentheses around one expression.
    while kind(node) == K::Block && node.children().nth(1).is_none() {
        match node.first().filter(|inner| kind(*inner) != K::StabClause) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    cx.deeper(node.span(), |cx| bare(cx, node));
}

fn bare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Identifier | K::OperatorIdentifier => name(cx, node),
        K::Alias => path(cx, node.text(), span.0),
        K::Atom => cx.word(Kind::Atom, Op::None, node.text().trim_start_matches(':'), span),
        K::QuotedAtom => cx.word(Kind::Atom, Op::None, of(node, K::QuotedContent).map_or("", Syntax::text), span),
        K::Integer => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::Float => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::Boolean => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::Nil => cx.word(Kind::Null, Op::None, "nil", span),
        K::Char => cx.word(Kind::Char, Op::None, node.text().trim_start_matches('?'), span),
        K::String => string(cx, node, Op::None),
        // A list of characters is no string.
        K::Charlist => {
            cx.node_with(Kind::Other, Op::None, "charlist", span, |cx| string(cx, node, Op::None));
        }
        K::Sigil => sigil(cx, node),
        K::List => {
            cx.node(Kind::List, span, |cx| elements(cx, node));
        }
        K::Tuple => {
            cx.node(Kind::Tuple, span, |cx| elements(cx, node));
        }
        K::Bitstring => {
            cx.node_with(Kind::Other, Op::None, "bitstring", span, |cx| expressions(cx, node));
        }
        K::Map => map(cx, node),
        K::Keywords => {
            cx.node(Kind::List, span, |cx| node.children().for_each(|pair| self::pair(cx, pair)));
        }
        K::Pair => pair(cx, node),
        K::AccessCall => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.named_field(f().target), span.0, expression);
                cx.slot(node.named_field(f().key), span.1, expression);
            });
        }
        K::Dot => call::member(cx, node),
        K::Call => {
            let is_built = Called::of(node).is_some_and(|called| form::form(cx, &called, false));
            if !is_built {
                call::call(cx, node, None);
            }
        }
        K::BinaryOperator => binary_operator(cx, node),
        K::UnaryOperator => unary(cx, node),
        K::AnonymousFunction => definition::lambda(cx, node),
        K::Block | K::Body => {
            cx.node(Kind::Block, span, |cx| form::statements(cx, node.children()));
        }
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| node.children().for_each(|one| call::argument(cx, one)));
        }
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// Elements; keywords among them are pairs.
fn elements(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for child in node.children() {
        if kind(child) == K::Keywords { child.children().for_each(|pair| self::pair(cx, pair)) } else { expression(cx, child) }
    }
}

/// `a: 1`
pub(super) fn pair(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::Pair {
        return expression(cx, node);
    }
    let text = key_text(node);
    let is_hole = cx.is_pattern() && ["_MV__", "_DOTS__", "MANY__"].iter().any(|hole| text.starts_with(hole));
    cx.node(Kind::KeyValue, node.span(), |cx| {
        cx.slot(node.named_field(f().key), node.start(), |cx, key| {
            let at = (key.start(), key.start() + u32::try_from(key.text().trim_end().len()).unwrap_or(0));
            if is_hole { cx.name_in_lower_case(text, at) } else { cx.word(Kind::Atom, Op::None, text, at) }
        });
        cx.slot(node.named_field(f().value), node.end(), expression);
    });
}

/// `%{a: 1, "b" => c}`, `%{m | a: 1}`, `%S{a: 1}`
fn map(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let entries = |cx: &mut Cx<'_>| {
        cx.node(Kind::Dict, node.span(), |cx| {
            of(node, K::MapContent).into_iter().flat_map(Syntax::children).for_each(|entry| self::entry(cx, entry));
        });
    };
    match of(node, K::Struct) {
        Some(of) => {
            cx.node(Kind::Cast, node.span(), |cx| {
                cx.slot(of.first(), of.start(), expression);
                entries(cx);
            });
        }
        None => entries(cx),
    }
}

fn entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (left, right) = (node.named_field(f().left), node.named_field(f().right));
    match kind(node) {
        K::Keywords => node.children().for_each(|pair| self::pair(cx, pair)),
        K::BinaryOperator if operator(node) == "=>" => {
            cx.node(Kind::KeyValue, node.span(), |cx| {
                cx.slot(left, node.start(), expression);
                cx.slot(right, node.end(), expression);
            });
        }
        K::BinaryOperator if operator(node) == "|" => {
            cx.slot(left, node.start(), |cx, left| {
                cx.node_op(Kind::Spread, Op::DoubleSplat, left.span(), |cx| expression(cx, left));
            });
            cx.deeper(node.span(), |cx| cx.slot(right, node.end(), entry));
        }
        _ => expression(cx, node),
    }
}

/// `A.B.C`: the names of a module, which is one word in the grammar.
pub(super) fn path(cx: &mut Cx<'_>, text: &str, start: u32) {
    let end = start + u32::try_from(text.len()).unwrap_or(0);
    match text.rsplit_once('.') {
        Some((before, last)) => {
            let at = end.saturating_sub(u32::try_from(last.len()).unwrap_or(0));
            cx.node_op(Kind::Dot, Op::Dot, (start, end), |cx| {
                path(cx, before, start);
                cx.name_in_lower_case(last, (at, end));
            });
        }
        None => cx.name_in_lower_case(text, (start, end)),
    }
}

/// What stands between quotes.
fn string(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let start = node.field(f().quoted_start).map_or(span.0, Syntax::end);
    let end = node.field(f().quoted_end).map_or(span.1, Syntax::start).max(start);
    if of(node, K::Interpolation).is_none() {
        return cx.string_in_lower_case(node.source(start, end), span);
    }
    cx.node_op(Kind::Interp, op, span, |cx| {
        let mut at = start;
        for hole in node.children().filter(|child| kind(*child) == K::Interpolation) {
            if at < hole.start() {
                cx.string_in_lower_case(node.source(at, hole.start()), (at, hole.start()));
            }
            cx.slot(hole.first(), hole.end(), expression);
            at = hole.end();
        }
        if at < end {
            cx.string_in_lower_case(node.source(at, end), (at, end));
        }
    });
}

/// `~s(a)` is a string, `~r/a/` an expression.
fn sigil(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let content = of(node, K::QuotedContent).map_or("", Syntax::text);
    match of(node, K::SigilName).map_or("", Syntax::text) {
        "s" | "S" => string(cx, node, Op::None),
        "r" | "R" => {
            let flags = of(node, K::SigilModifiers);
            cx.node_with(Kind::Regex, Op::None, content, node.span(), |cx| {
                if let Some(flags) = flags {
                    cx.word(Kind::Str, Op::None, flags.text(), flags.span());
                }
            });
        }
        other => {
            cx.node_with(Kind::Other, Op::None, &format!("~{other}"), node.span(), |cx| string(cx, node, Op::None));
        }
    }
}

fn binary_operator(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if call::is_pipe(node) {
        return call::pipe(cx, node);
    }
    let span = node.span();
    let (left, right) = (node.named_field(f().left), node.named_field(f().right));
    let build = |cx: &mut Cx<'_>| {
        cx.slot(left, span.0, expression);
        cx.slot(right, span.1, expression);
    };
    let token = operator(node);
    match binary(token) {
        Op::None if token == "=" => {
            cx.node(Kind::Assign, span, build);
        }
        Op::None => {
            cx.node(Kind::Call, span, |cx| {
                let between = (left.map_or(span.0, Syntax::end), right.map_or(span.1, Syntax::start));
                cx.name(token, between);
                cx.node(Kind::Args, span, build);
            });
        }
        op => {
            cx.node_op(Kind::Binary, op, span, build);
        }
    }
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let op = match operator(node) {
        "@" => return definition::attribute(cx, node),
        "&" => return definition::capture(cx, node),
        // What is pinned is compared with, and not bound.
        "^" => {
            cx.node_with(Kind::Other, Op::None, "pin", span, |cx| cx.slot(node.named_field(f().operand), span.1, expression));
            return;
        }
        "not" | "!" => Op::Not,
        "-" => Op::Sub,
        "+" => Op::Add,
        "~~~" => Op::BitNot,
        _ => Op::Word,
    };
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.named_field(f().operand), span.1, expression));
}

fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        "<>" => Op::Concat,
        "^^^" => Op::BitXor,
        "&&&" => Op::BitAnd,
        "<<<" => Op::Shl,
        ">>>" => Op::Shr,
        "and" => Op::And,
        "or" => Op::Or,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "=~" => Op::Match,
        "in" => Op::In,
        "not in" => Op::NotIn,
        ".." => Op::Range,
        _ => operator::binary(token),
    }
}
