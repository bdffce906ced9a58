//! Expressions, types and patterns.

use super::{K, definition, f, kind, of, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax, again,
        number::{self, NumberSyntax},
        operator,
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    parent.children().for_each(|child| expression(cx, child));
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    loop {
        let inner = match kind(node) {
            K::ParenthesizedExpression | K::ConstantPattern => node.first(),
            // Nodes that only say that something may be assigned to.
            K::AssignableExpression | K::CascadeSelector if node.field(f().property).is_none() && node.field(f().index).is_none() => {
                node.first()
            }
            // A type without arguments, or the operand of an operator that is none.
            K::Type | K::UnaryExpression if is_wrapper(node) => node.first(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    cx.deeper(node.span(), |cx| bare(cx, node));
}

fn is_wrapper(node: Syntax<'_>) -> bool {
    let mut all = node.all_children();
    all.next().is_some() && all.next().is_none()
}

fn bare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Identifier | K::TypeIdentifier | K::VoidType | K::Label => {
            cx.name(node.text().trim_end_matches(':'), span);
        }
        K::IdentifierDollarEscaped => cx.name_of(node),
        K::QualifiedName => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::DecimalIntegerLiteral | K::HexIntegerLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::DecimalFloatingPointLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::StringLiteral => strings(cx, node),
        K::CallExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().function), span.0, expression);
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::ConstructorInvocation => {
            cx.node(Kind::Call, span, |cx| {
                named_type(cx, node);
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::NewExpression | K::ConstObjectExpression => {
            cx.node(Kind::New, span, |cx| {
                named_type(cx, node);
                cx.slot(node.field(f().arguments), span.1, expression);
                cx.none(span.1);
            });
        }
        K::InstantiationExpression => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.slot(node.field(f().function), span.0, expression);
                node.field(f().type_arguments).into_iter().for_each(|list| expressions(cx, list));
            });
        }
        K::Arguments | K::AnnotationArguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::NamedArgument => {
            let mut parts = node.children();
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::MemberExpression => member(cx, node, Op::Dot),
        K::NullAwareMemberExpression => member(cx, node, Op::Optional),
        K::IndexExpression | K::NullAwareIndexExpression => index(cx, node),
        K::AssignableExpression | K::CascadeSelector if node.field(f().property).is_some() => {
            member(cx, node, if node.has_token("?.") { Op::Optional } else { Op::Dot });
        }
        K::AssignableExpression | K::CascadeSelector => index(cx, node),
        K::NullAssertionExpression => {
            cx.node_op(Kind::Unary, Op::NonNull, span, |cx| cx.slot(node.field(f().value), span.1, expression));
        }
        K::AssignmentExpression => assignment(cx, span, node.field(f().operator), |cx| {
            cx.slot(node.field(f().left), span.0, expression);
            cx.slot(node.field(f().right), span.1, expression);
        }),
        K::Cascade => cascade(cx, node),
        K::AdditiveExpression
        | K::MultiplicativeExpression
        | K::ShiftExpression
        | K::RelationalExpression
        | K::EqualityExpression
        | K::LogicalAndExpression
        | K::LogicalOrExpression
        | K::BitwiseAndExpression
        | K::BitwiseOrExpression
        | K::BitwiseXorExpression
        | K::IfNullExpression => infix(cx, node),
        K::UnaryExpression => {
            let op = operator::unary(node.field(f().operator).map_or("", Syntax::text));
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.children().last(), span.1, expression));
        }
        K::PostfixExpression => {
            let op = if node.field(f().operator).is_some_and(|token| token.text() == "++") { Op::Increment } else { Op::Decrement };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument), span.0, expression));
        }
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ConditionalExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.slot(node.field(f().consequence), span.1, expression);
                cx.slot(node.field(f().alternative), span.1, expression);
            });
        }
        K::TypeCastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(of(node, K::TypeCast).and_then(|cast| of(cast, K::Type)), span.1, expression);
                cx.slot(node.first(), span.0, expression);
            });
        }
        K::TypeTestExpression => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.slot(of(node, K::TypeTest).and_then(|test| of(test, K::Type)), span.1, expression);
            });
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.field(f().value), span.1, expression);
                cx.none(span.1);
            });
        }
        K::FunctionExpression => {
            let list = node.fields(f().parameters).find(|list| kind(*list) == K::FormalParameterList);
            let body = node.field(f().body);
            let is_async = body.is_some_and(|body| body.has_token("async"));
            cx.node_op(Kind::Lambda, if is_async { Op::Async } else { Op::None }, span, |cx| {
                match list {
                    Some(list) => definition::parameters(cx, list),
                    None => cx.empty(Kind::Params, span.0),
                }
                cx.none(span.0);
                match body.and_then(Syntax::first) {
                    Some(block) if kind(block) == K::Block => statement::body(cx, Some(block), span.1),
                    value => cx.slot(value, span.1, expression),
                }
            });
        }
        K::ListLiteral | K::ListPattern => {
            cx.node(Kind::List, span, |cx| elements(cx, node));
        }
        K::SetOrMapLiteral => {
            let is_map =
                node.children().any(|child| kind(child) == K::MapElement) || of(node, K::TypeArguments).is_some_and(|of| of.has_token(","));
            let is_empty = node.children().all(|child| kind(child) == K::TypeArguments);
            cx.node(if is_map || is_empty { Kind::Dict } else { Kind::Set }, span, |cx| elements(cx, node));
        }
        K::MapElement => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::SpreadElement => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.field(f().value), span.1, expression));
        }
        K::IfElement => {
            cx.node(Kind::Ternary, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                cx.slot(node.field(f().consequence), span.1, expression);
                cx.slot(node.field(f().alternative), span.1, expression);
            });
        }
        K::ForElement => {
            cx.node_op(Kind::Comprehension, Op::Generator, span, |cx| {
                cx.slot(node.field(f().body), span.1, expression);
                cx.node(Kind::CompFor, span, |cx| {
                    cx.slot(node.field(f().name).or_else(|| node.field(f().init)), span.0, expression);
                    cx.slot(node.field(f().value).or_else(|| node.field(f().condition)), span.1, expression);
                });
            });
        }
        K::RecordLiteral | K::RecordPattern => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::RecordField => cx.slot(node.children().last(), span.0, expression),
        K::VariablePattern => cx.slot(node.field(f().name), span.0, expression),
        K::SwitchExpression => statement::switch_expression(cx, node),
        K::Type if node.all_children().last().is_some_and(|last| last.text() == "?") => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| named(cx, node));
        }
        K::Type => named(cx, node),
        K::Annotation => annotation(cx, node),
        K::FormalParameterList => definition::parameters(cx, node),
        K::FormalParameter => cx.other("formal_parameter", node, expression),
        // What stands where an expression is looked for, in broken code and in patterns.
        K::Block | K::ExpressionStatement => statement::statement(cx, node),
        _ if definition::is_definition(node) => definition::definition(cx, node),
        _ if node.is_error() => cx.opaque(node),
        // `this` and `super` may be tokens.
        K::Unknown if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn elements(cx: &mut Cx<'_>, node: Syntax<'_>) {
    node.children().filter(|child| kind(*child) != K::TypeArguments).for_each(|child| expression(cx, child));
}

fn member(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    cx.node_op(Kind::Dot, op, node.span(), |cx| {
        cx.slot(node.field(f().object), node.start(), expression);
        cx.slot(node.field(f().property), node.end(), expression);
    });
}

fn index(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Index, node.span(), |cx| {
        cx.slot(node.field(f().object), node.start(), expression);
        cx.slot(node.field(f().index), node.end(), expression);
    });
}

/// A type by its name, with its arguments.
fn named(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let arguments = of(node, K::TypeArguments);
    let names: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) != K::TypeArguments).collect();
    match arguments {
        Some(arguments) => {
            cx.node(Kind::TypeArgs, node.span(), |cx| {
                cx.row(Kind::Dot, Op::Dot, &names, node.start(), expression);
                expressions(cx, arguments);
            });
        }
        None => cx.row(Kind::Dot, Op::Dot, &names, node.start(), expression),
    }
}

/// `A.named`, `A<B>`
fn named_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let names: Vec<Syntax<'_>> = node.fields(f().type_).chain(node.fields(f().constructor)).collect();
    cx.row(Kind::Dot, Op::Dot, &names, node.start(), expression);
}

fn assignment(cx: &mut Cx<'_>, span: (u32, u32), operator: Option<Syntax<'_>>, build: impl FnOnce(&mut Cx<'_>)) {
    let (kind, op) = operator::assignment(operator.map_or("=", Syntax::text), binary);
    cx.node_op(kind, op, span, build);
}

fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let token = match kind(node) {
        K::LogicalAndExpression => "&&",
        K::LogicalOrExpression => "||",
        K::IfNullExpression => "??",
        _ => match node.field(f().operator) {
            Some(operator) => operator.text(),
            None => node
                .all_children()
                .filter(|child| !child.is_named())
                .map(Syntax::text)
                .find(|token| binary(token) != Op::None)
                .unwrap_or(""),
        },
    };
    let mut operands = node.children().filter(|child| child.in_field() != f().operator);
    let (left, right) = (operands.next(), operands.last());
    cx.node_op(Kind::Binary, binary(token), span, |cx| {
        cx.slot(left, span.0, expression);
        cx.slot(right, span.1, expression);
    });
}

/// What is done to one object, one by one: for each section the object is there again.
fn cascade(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let Some(object) = node.first() else { return cx.opaque(node) };
    let sections: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::CascadeSection).collect();
    if let [only] = sections.as_slice() {
        return section(cx, object, *only, true);
    }
    cx.node_with(Kind::Other, Op::None, "cascade", node.span(), |cx| {
        for (at, one) in sections.iter().enumerate() {
            section(cx, object, *one, again::is_shared(at, object.text()));
        }
    });
}

fn section(cx: &mut Cx<'_>, object: Syntax<'_>, section: Syntax<'_>, is_shared: bool) {
    let start = object.start();
    let assigned = section.children().nth(1).is_some();
    let target = section.first();
    let build = |cx: &mut Cx<'_>| match target {
        Some(target) => selector(cx, object, target, is_shared),
        None => cx.none(start),
    };
    if assigned {
        let is_operator = |token: &Syntax<'_>| token.text().ends_with('=');
        let operator = section.all_children().filter(|child| Some(child.start()) != target.map(Syntax::start)).find(is_operator);
        assignment(cx, (start, section.end()), operator, |cx| {
            build(cx);
            cx.slot(section.children().last(), section.end(), expression);
        });
    } else {
        build(cx);
    }
}

/// `..a`, `..a.b()`, `..[0]`, with the object that it is about.
fn selector(cx: &mut Cx<'_>, object: Syntax<'_>, node: Syntax<'_>, is_shared: bool) {
    let span = (object.start(), node.end());
    let build_object = |cx: &mut Cx<'_>| {
        if is_shared {
            expression(cx, object);
        } else {
            cx.none(span.0);
        }
    };
    cx.deeper(node.span(), |cx| match kind(node) {
        K::CascadeCallExpression => {
            cx.node(Kind::Call, span, |cx| {
                match (node.field(f().function), node.field(f().property)) {
                    (Some(function), _) => selector(cx, object, function, is_shared),
                    (None, property) => {
                        cx.node_op(Kind::Dot, Op::Dot, (span.0, property.map_or(span.1, Syntax::end)), |cx| {
                            build_object(cx);
                            cx.slot(property, span.1, expression);
                        });
                    }
                }
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::CascadeMemberExpression | K::CascadeNullAwareMemberExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                match node.field(f().object) {
                    Some(inner) => selector(cx, object, inner, is_shared),
                    None => build_object(cx),
                }
                cx.slot(node.field(f().property), span.1, expression);
            });
        }
        K::CascadeIndexExpression | K::CascadeNullAwareIndexExpression => {
            cx.node(Kind::Index, span, |cx| {
                match node.field(f().object) {
                    Some(inner) => selector(cx, object, inner, is_shared),
                    None => build_object(cx),
                }
                cx.slot(node.field(f().index), span.1, expression);
            });
        }
        K::CascadeNullAssertionExpression => {
            cx.node_op(Kind::Unary, Op::NonNull, span, |cx| match node.field(f().value) {
                Some(inner) => selector(cx, object, inner, is_shared),
                None => build_object(cx),
            });
        }
        K::CascadeSelector => match node.first() {
            Some(inner) if kind(inner) != K::Identifier => {
                cx.node(Kind::Index, span, |cx| {
                    build_object(cx);
                    expression(cx, inner);
                });
            }
            name => {
                cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                    build_object(cx);
                    cx.slot(name, span.1, expression);
                });
            }
        },
        _ => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                build_object(cx);
                expression(cx, node);
            });
        }
    });
}

/// Strings beside each other are one.
fn strings(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let all: Vec<Syntax<'_>> = node.children().collect();
    cx.row(Kind::Binary, Op::Add, &all, node.start(), string);
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let text = node.text().trim_start_matches('r');
    let before = u32::try_from(node.text().len() - text.len()).unwrap_or(0);
    let quotes = if text.len() >= 6 && (text.starts_with("'''") || text.starts_with("\"\"\"")) { 3 } else { 1 };
    let start = span.0 + before + quotes;
    let end = span.1.saturating_sub(quotes).max(start);
    if of(node, K::TemplateSubstitution).is_none() {
        return cx.string(node.source(start, end), span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = start;
        for hole in node.children().filter(|child| kind(*child) == K::TemplateSubstitution) {
            if at < hole.start() {
                part(cx, node.source(at, hole.start()), (at, hole.start()));
            }
            cx.slot(hole.first(), hole.end(), expression);
            at = hole.end();
        }
        if at < end {
            part(cx, node.source(at, end), (at, end));
        }
    });
}

/// Text between interpolations; `$X...` of a pattern is text, and more of it.
fn part(cx: &mut Cx<'_>, text: &str, span: (u32, u32)) {
    let held = text.strip_suffix("DOTS__").or_else(|| text.strip_suffix("...")).filter(|held| !held.is_empty() && cx.is_pattern());
    match held {
        Some(held) if held.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && held.starts_with("MV__") => {
            cx.string(held, span);
            cx.leaf(Kind::AnyStr, Op::None, span);
        }
        _ => cx.string(text, span),
    }
}

fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (name, arguments) = (node.field(f().name), of(node, K::AnnotationArguments));
    cx.node(Kind::Annotation, span, |cx| match arguments {
        Some(arguments) => {
            cx.node(Kind::Call, (name.map_or(span.0, Syntax::start), span.1), |cx| {
                cx.slot(name, span.0, expression);
                expression(cx, arguments);
            });
        }
        None => cx.slot(name, span.1, expression),
    });
}

fn binary(token: &str) -> Op {
    match token {
        "~/" => Op::FloorDiv,
        "??" => Op::Coalesce,
        _ => operator::binary(token),
    }
}
