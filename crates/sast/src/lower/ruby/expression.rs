//! Expressions and patterns of `in`.

use super::{K, definition, f, kind, literal, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        context::reserved,
        number::{self, NumberSyntax},
        operator,
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

/// Several values of one place are a list.
pub(super) fn one_or_list(cx: &mut Cx<'_>, node: Syntax<'_>) {
    several(cx, node, Kind::List);
}

pub(super) fn one_or_tuple(cx: &mut Cx<'_>, node: Syntax<'_>) {
    several(cx, node, Kind::Tuple);
}

fn several(cx: &mut Cx<'_>, node: Syntax<'_>, list: Kind) {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (Some(only), None) => expression(cx, only),
        _ => {
            cx.node(list, node.span(), |cx| expressions(cx, node));
        }
    }
}

/// Goes through nodes that only wrap another one.
fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    loop {
        let wraps = matches!(
            kind(node),
            K::ParenthesizedStatements | K::ParenthesizedPattern | K::Pattern | K::ExpressionReferencePattern | K::ExceptionVariable
        );
        let mut children = node.children();
        match (wraps, children.next(), children.next()) {
            (true, Some(only), None) => node = only,
            _ => return node,
        }
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    let span = node.span();
    match kind(node) {
        K::Identifier
        | K::Constant
        | K::InstanceVariable
        | K::ClassVariable
        | K::GlobalVariable
        | K::Self_
        | K::Super
        | K::Operator
        | K::Setter => definition::name(cx, node),
        K::HashKeySymbol => literal::name(cx, node.text(), span),
        K::Integer => number::lower(cx, node, Op::Int, NumberSyntax::OctalByZero),
        K::Float => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::Rational | K::Complex => {
            cx.node_op(Kind::Unary, Op::Word, span, |cx| expressions(cx, node));
        }
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Nil => cx.word(Kind::Null, Op::None, "nil", span),
        K::String | K::BareString => literal::string(cx, node),
        K::ChainedString => literal::chained(cx, node),
        K::Character => cx.string(node.text().trim_start_matches('?'), span),
        K::SimpleSymbol => literal::symbol(cx, node),
        K::DelimitedSymbol | K::BareSymbol => literal::delimited_symbol(cx, node),
        K::Regex => literal::regex(cx, node),
        K::Subshell => literal::subshell(cx, node),
        K::HeredocBeginning => literal::heredoc(cx, node),
        K::HeredocBody | K::EmptyStatement | K::Uninterpreted => {}
        K::Array | K::StringArray | K::SymbolArray => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::Hash => {
            cx.node(Kind::Dict, span, |cx| expressions(cx, node));
        }
        K::Pair | K::KeywordPattern => pair(cx, node, Kind::KeyValue),
        K::Call => call(cx, node),
        K::ArgumentList => {
            cx.node(Kind::Args, span, |cx| arguments(cx, node));
        }
        K::ElementReference => element(cx, node),
        K::ScopeResolution => match node.field(f().scope) {
            Some(scope) => {
                cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                    expression(cx, scope);
                    cx.slot(node.field(f().name), span.1, expression);
                });
            }
            None => cx.slot(node.field(f().name), span.1, expression),
        },
        K::Lambda | K::Block | K::DoBlock => definition::lambda(cx, node),
        K::SplatArgument | K::RestAssignment | K::SplatParameter => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::HashSplatArgument if cx.is_pattern() && node.first().is_some_and(|inner| inner.text() == reserved::DOTS) => {
            cx.leaf(Kind::Ellipsis, Op::None, span);
        }
        K::HashSplatArgument | K::HashSplatParameter | K::HashSplatNil => {
            cx.node_op(Kind::Spread, Op::DoubleSplat, span, |cx| expressions(cx, node));
        }
        K::ForwardArgument => cx.leaf(Kind::Spread, Op::Splat, span),
        K::BlockArgument => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| expressions(cx, node));
        }
        K::Assignment => {
            cx.node(Kind::Assign, span, |cx| sides(cx, node));
        }
        K::OperatorAssignment => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text().trim_end_matches('=')));
            cx.node_op(Kind::AugAssign, op, span, |cx| sides(cx, node));
        }
        K::LeftAssignmentList | K::RightAssignmentList | K::DestructuredLeftAssignment => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::Binary => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| sides(cx, node));
        }
        K::Range => {
            let is_exclusive = node.field(f().operator).is_some_and(|token| token.text() == "...");
            cx.node_op(Kind::Binary, if is_exclusive { Op::RangeExclusive } else { Op::Range }, span, |cx| {
                cx.slot(node.field(f().begin), span.0, expression);
                cx.slot(node.field(f().end), span.1, expression);
            });
        }
        K::Unary => unary(cx, node),
        K::Conditional => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().consequence, f().alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::Yield => {
            cx.node(Kind::Yield, span, |cx| cx.slot(node.first(), span.1, one_or_tuple));
        }
        K::ParenthesizedStatements => {
            cx.node(Kind::Block, span, |cx| statement::statements(cx, node));
        }
        // `:a => b` of a pattern is an entry of a hash.
        K::MatchPattern if cx.is_pattern() && node.field(f().value).is_some_and(|key| matches!(kind(key), K::SimpleSymbol | K::String)) => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().value), span.0, |cx, key| literal::key(cx, node, key));
                cx.slot(node.field(f().pattern), span.1, expression);
            });
        }
        K::TestPattern | K::MatchPattern => {
            let op = if kind(node) == K::TestPattern { Op::In } else { Op::Arrow };
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().pattern), span.1, expression);
            });
        }
        K::ArrayPattern | K::FindPattern => pattern_of_class(cx, node, Kind::List),
        K::HashPattern => pattern_of_class(cx, node, Kind::Dict),
        K::AlternativePattern => {
            cx.row(Kind::Binary, Op::BitOr, &node.fields(f().alternatives).collect::<Vec<_>>(), span.0, expression);
        }
        K::AsPattern => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().name), span.1, expression);
                cx.slot(node.field(f().value), span.0, expression);
            });
        }
        K::VariableReferencePattern => cx.slot(node.field(f().name), span.1, expression),
        K::MethodParameters | K::BlockParameters | K::LambdaParameters => definition::parameters(cx, Some(node), span.0),
        K::OptionalParameter | K::KeywordParameter | K::BlockParameter | K::DestructuredParameter => definition::parameter(cx, node),
        K::Exceptions => one_or_tuple(cx, node),
        _ if statement::compound(cx, node) => {}
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn sides(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.slot(node.field(f().left), node.start(), expression);
    cx.slot(node.field(f().right), node.end(), expression);
}

/// `a: 1`, `:a => 1`, `"a" => 1`; the value of a shorthand is the name again.
fn pair(cx: &mut Cx<'_>, node: Syntax<'_>, kind: Kind) {
    let key = node.field(f().key);
    cx.node(kind, node.span(), |cx| {
        cx.slot(key, node.start(), |cx, key| literal::key(cx, node, key));
        match node.field(f().value) {
            Some(value) => expression(cx, value),
            None => cx.slot(key, node.end(), |cx, key| literal::key(cx, node, key)),
        }
    });
}

fn arguments(cx: &mut Cx<'_>, list: Syntax<'_>) {
    for child in list.children() {
        if kind(child) == K::Pair && literal::has_symbol_key(child) { pair(cx, child, Kind::KwArg) } else { expression(cx, child) }
    }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let list = node.field(f().arguments);
    let block = node.field(f().block);
    if list.is_none() && block.is_none() {
        return callee(cx, node, span.1);
    }
    let end = node.field(f().method).or_else(|| node.field(f().operator)).map_or(span.0, Syntax::end);
    cx.node(Kind::Call, span, |cx| {
        callee(cx, node, end);
        let start = list.or(block).map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            if let Some(list) = list {
                arguments(cx, list);
            }
            if let Some(block) = block {
                definition::lambda(cx, block);
            }
        });
    });
}

/// `a.b`, `a&.b`, `a::b` or `b`; `a.()` calls `a`.
fn callee(cx: &mut Cx<'_>, node: Syntax<'_>, end: u32) {
    let op = match node.field(f().operator).map(Syntax::text) {
        Some("&.") => Op::Optional,
        Some("::") => Op::Scope,
        _ => Op::Dot,
    };
    match (node.field(f().receiver), node.field(f().method)) {
        (Some(receiver), Some(method)) => {
            cx.node_op(Kind::Dot, op, (node.start(), end), |cx| {
                expression(cx, receiver);
                expression(cx, method);
            });
        }
        (receiver, method) => cx.slot(receiver.or(method), node.start(), expression),
    }
}

fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let object = node.field(f().object);
    cx.node(Kind::Index, node.span(), |cx| {
        cx.slot(object, node.start(), expression);
        for child in node.children().filter(|child| child.in_field() != f().object) {
            expression(cx, child);
        }
    });
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let operator = node.field(f().operator);
    let op = match operator.map_or("", Syntax::text) {
        "not" => Op::Not,
        "defined?" => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(operator, span.0, Cx::name_of);
                cx.node(Kind::Args, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
            });
            return;
        }
        token => operator::unary(token),
    };
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
}

/// `[a, b]` and `A(a, b)`, `{a: 1}` and `A(a: 1)`.
fn pattern_of_class(cx: &mut Cx<'_>, node: Syntax<'_>, list: Kind) {
    let span = node.span();
    match node.field(f().class) {
        Some(class) => {
            cx.node(Kind::Call, span, |cx| {
                expression(cx, class);
                cx.node(Kind::Args, (class.end(), span.1), |cx| {
                    node.children().filter(|child| child.in_field() != f().class).for_each(|child| expression(cx, child));
                });
            });
        }
        None => {
            cx.node(list, span, |cx| expressions(cx, node));
        }
    }
}

fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        "and" => Op::And,
        "or" => Op::Or,
        "===" => Op::Same,
        "<=>" => Op::Compare,
        "=~" => Op::Match,
        "!~" => Op::NotMatch,
        _ => operator::binary(token),
    }
}
