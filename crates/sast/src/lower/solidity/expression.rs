//! Expressions and types.

use super::{K, definition, f, kind, statement, yul};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
        operator,
    },
};

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

/// Goes through nodes that only wrap another one.
pub(super) fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    loop {
        let wraps = matches!(kind(node), K::Expression | K::ParenthesizedExpression | K::YulIdentifier);
        match node.first() {
            Some(inner) if wraps => node = inner,
            _ => return node,
        }
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    let span = node.span();
    if let Some(operation) = taken_operation(node) {
        return displaced(cx, node, operation);
    }
    match kind(node) {
        K::Identifier | K::PrimitiveType | K::YulIdentifier | K::YulEvmBuiltin | K::AnySourceType => cx.name_of(node),
        K::UserDefinedType | K::TypeAlias | K::YulPath => {
            cx.row(Kind::Dot, Op::Dot, &node.children().map(unwrapped).collect::<Vec<_>>(), span.0, Cx::name_of);
        }
        K::NumberLiteral => number(cx, node),
        K::BooleanLiteral | K::YulBoolean => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::StringLiteral | K::String | K::HexStringLiteral | K::UnicodeStringLiteral | K::YulStringLiteral => string(cx, node),
        K::MemberExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().object), span.0, expression);
                cx.slot(node.field(f().property), span.1, expression);
            });
        }
        K::ArrayAccess => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().base), span.0, expression);
                node.fields(f().index).for_each(|index| expression(cx, index));
            });
        }
        K::SliceAccess => {
            let base = node.field(f().base);
            cx.node(Kind::Index, span, |cx| {
                cx.slot(base, span.0, expression);
                cx.node(Kind::Slice, (base.map_or(span.0, Syntax::end), span.1), |cx| {
                    cx.slot(node.field(f().from), span.1, expression);
                    cx.slot(node.field(f().to), span.1, expression);
                    cx.none(span.1);
                });
            });
        }
        K::CallExpression => call(cx, node),
        // Options of a call.
        K::StructExpression => {
            let callee = node.field(f().type_);
            cx.node_op(Kind::Call, Op::Directive, span, |cx| {
                cx.slot(callee, span.0, expression);
                cx.node(Kind::Args, (callee.map_or(span.0, Syntax::end), span.1), |cx| {
                    node.children().filter(|child| child.in_field() != f().type_).for_each(|child| expression(cx, child));
                });
            });
        }
        K::StructFieldAssignment | K::CallStructArgument => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::TypeCastExpression | K::PayableConversionExpression | K::MetaTypeExpression => {
            let name = node.all_children().next();
            let at = name.map_or(span.0, Syntax::end);
            cx.node(Kind::Call, span, |cx| {
                cx.slot(name, span.0, Cx::name_of);
                cx.node(Kind::Args, (at, span.1), |cx| {
                    if kind(node) == K::MetaTypeExpression { expressions(cx, node) } else { arguments(cx, node) }
                });
            });
        }
        K::NewExpression => new(cx, node, node, span),
        K::CallArgument => argument(cx, node),
        K::AssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| sides(cx, node));
        }
        K::AugmentedAssignmentExpression => {
            let token = node.all_children().find(|token| !token.is_named()).map_or("", Syntax::text);
            cx.node_op(Kind::AugAssign, binary(token.trim_end_matches('=')), span, |cx| sides(cx, node));
        }
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| sides(cx, node));
        }
        K::UnaryExpression => {
            let op = match operator::unary(node.field(f().operator).map_or("", Syntax::text)) {
                // `delete`
                Op::None => Op::Word,
                op => op,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument), span.1, expression));
        }
        K::UpdateExpression => {
            let op = if node.has_token("--") { Op::Decrement } else { Op::Increment };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument), span.1, expression));
        }
        K::TernaryExpression => {
            let mut parts = node.children();
            cx.node(Kind::Ternary, span, |cx| {
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::TupleExpression => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::InlineArrayExpression => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::TypeName => type_name(cx, node),
        K::Parameter | K::ReturnParameter | K::EventParameter | K::ErrorParameter => definition::parameter(cx, node),
        K::VariableDeclaration => definition::variables(cx, &[node], None, span),
        K::YulFunctionCall | K::YulDecimalNumber | K::YulHexNumber => yul::expression(cx, node),
        K::Statement | K::ExpressionStatement | K::BlockStatement | K::FunctionBody | K::ReturnStatement => statement::statement(cx, node),
        _ if definition::is_definition(node) => definition::definition(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What a member, a call or an element is of.
fn base_of(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let base = match kind(node) {
        K::MemberExpression => node.field(f().object),
        K::CallExpression => node.field(f().function),
        K::ArrayAccess => node.field(f().base),
        _ => None,
    };
    base.map(bare)
}

/// Goes through nodes that wrap another one without brackets.
fn bare(mut node: Syntax<'_>) -> Syntax<'_> {
    while kind(node) == K::Expression
        && let Some(inner) = node.first()
    {
        node = inner;
    }
    node
}

/// The operation that the grammar takes a member or a call to be of: it reads `a / b.c()` as `(a / b).c()`.
fn taken_operation(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut at = base_of(node)?;
    while let Some(base) = base_of(at) {
        at = base;
    }
    (kind(at) == K::BinaryExpression).then_some(at)
}

/// An operation whose right side is what members and calls are of.
fn displaced(cx: &mut Cx<'_>, node: Syntax<'_>, operation: Syntax<'_>) {
    let op = operation.field(f().operator).map_or(Op::None, |token| binary(token.text()));
    let Some(right) = operation.field(f().right).map(bare) else { return cx.opaque(node) };
    cx.node_op(Kind::Binary, op, (operation.start(), node.end()), |cx| {
        cx.slot(operation.field(f().left), operation.start(), expression);
        if kind(right) == K::BinaryExpression { displaced(cx, node, right) } else { chain(cx, node, right) }
    });
}

/// Members and calls, of something else than what the grammar says.
fn chain(cx: &mut Cx<'_>, node: Syntax<'_>, of: Syntax<'_>) {
    let node = bare(node);
    let span = (of.start(), node.end());
    let base = base_of(node);
    let inner = |cx: &mut Cx<'_>| match base {
        Some(base) if kind(base) != K::BinaryExpression => chain(cx, base, of),
        _ => expression(cx, of),
    };
    match kind(node) {
        K::MemberExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                inner(cx);
                cx.slot(node.field(f().property), span.1, expression);
            });
        }
        K::ArrayAccess => {
            cx.node(Kind::Index, span, |cx| {
                inner(cx);
                node.fields(f().index).for_each(|index| expression(cx, index));
            });
        }
        K::CallExpression => {
            cx.node(Kind::Call, span, |cx| {
                inner(cx);
                cx.node(Kind::Args, (base.map_or(span.0, Syntax::end), span.1), |cx| arguments(cx, node));
            });
        }
        _ => expression(cx, of),
    }
}

fn sides(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.slot(node.field(f().left), node.start(), expression);
    cx.slot(node.field(f().right), node.end(), expression);
}

/// The arguments among the children of a node.
pub(super) fn arguments(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for child in node.children().filter(|child| kind(*child) == K::CallArgument || child.is_error()) {
        argument(cx, child);
    }
}

/// `a`, or `{a: 1, b: 2}` which gives arguments by name.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if node.is_error() { cx.opaque(node) } else { expressions(cx, node) }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let callee = node.field(f().function).map(unwrapped);
    if let Some(made) = callee.filter(|callee| kind(*callee) == K::NewExpression) {
        return new(cx, made, node, span);
    }
    cx.node(Kind::Call, span, |cx| {
        cx.slot(callee, span.0, expression);
        cx.node(Kind::Args, (callee.map_or(span.0, Syntax::end), span.1), |cx| arguments(cx, node));
    });
}

fn new(cx: &mut Cx<'_>, made: Syntax<'_>, call: Syntax<'_>, span: (u32, u32)) {
    let name = made.field(f().name);
    cx.node(Kind::New, span, |cx| {
        cx.slot(name, span.0, expression);
        cx.node(Kind::Args, (name.map_or(span.0, Syntax::end), span.1), |cx| arguments(cx, call));
        cx.none(span.1);
    });
}

/// `1`, and `1 ether` which is so many times that.
fn number(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let unit = node.children().find(|child| kind(*child) == K::NumberUnit);
    let end = unit.map_or(node.end(), Syntax::start);
    let text = node.source(node.start(), end).trim_end();
    let is_float = !text.starts_with("0x") && text.contains(['.', 'e', 'E']);
    let span = (node.start(), node.start() + u32::try_from(text.len()).unwrap_or(0));
    let op = if is_float { Op::Float } else { Op::Int };
    match unit {
        Some(unit) => {
            cx.node_op(Kind::Binary, Op::Mul, node.span(), |cx| {
                number::lower_text(cx, text, span, op, NumberSyntax::C);
                cx.name_of(unit);
            });
        }
        None => number::lower_text(cx, text, span, op, NumberSyntax::C),
    }
}

/// Strings side by side are one.
fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let content = |part: Syntax<'_>| -> String {
        let text = part.text().trim_start_matches(|c: char| c.is_ascii_alphabetic());
        text.get(1..text.len().saturating_sub(1).max(1)).unwrap_or_default().to_owned()
    };
    let text: String = if kind(node) == K::StringLiteral { node.children().map(content).collect() } else { content(node) };
    cx.string(&text, node.span());
}

fn type_name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let first = node.all_children().next();
    match first.map_or("", Syntax::text) {
        "mapping" => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.slot(first, span.0, Cx::name_of);
                cx.slot(node.field(f().key_type), span.1, expression);
                cx.slot(node.field(f().value_type), span.1, expression);
            });
        }
        "function" => cx.other("function_type", node, expression),
        _ if node.has_token("[") => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| expressions(cx, node));
        }
        _ => cx.slot(node.first(), span.1, expression),
    }
}

pub(super) fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        _ => operator::binary(token),
    }
}
