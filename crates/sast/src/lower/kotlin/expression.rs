//! Expressions, types and literals.

use super::{
    K,
    definition::{annotations, bases, class_parameter, function_body, parameter, parameters, types_around, variable},
    f, is_type, kind, of,
    statement::{body, catch, finally, if_expression, statement, statements, try_expression, when, when_entry},
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
    for child in parent.children() {
        expression(cx, child);
    }
}

/// The operator between two operands, which has no field in the grammar, and not always its text.
fn token_of(node: Syntax<'_>) -> &'static str {
    node.all_children().find(|child| !child.is_named()).map_or("", Syntax::kind_name)
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = without_parentheses(node);
    let span = node.span();
    match kind(node) {
        K::Identifier => match node.text() {
            text @ ("true" | "false") => cx.word(Kind::Bool, Op::None, text, span),
            "null" => cx.word(Kind::Null, Op::None, "null", span),
            text => cx.name(text.trim_matches('`'), span),
        },
        K::NumberLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::FloatLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::StringLiteral | K::MultilineStringLiteral => string(cx, node),
        K::CharacterLiteral => {
            let content = node.text().trim_start_matches('\'');
            cx.word(Kind::Char, Op::None, content.strip_suffix('\'').unwrap_or(content), span);
        }
        K::ThisExpression => cx.name("this", span),
        K::SuperExpression => cx.name("super", span),
        K::QualifiedIdentifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::NavigationExpression => {
            let op = match token_of(node) {
                "?." => Op::Optional,
                "::" => Op::Scope,
                _ => Op::Dot,
            };
            cx.node_op(Kind::Dot, op, span, |cx| {
                let mut parts = node.all_children().filter(|child| child.is_named() || child.text() == "class");
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::CallableReference => {
            cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                let receiver = node.all_children().find(|child| is_type(*child));
                cx.slot(receiver, span.0, expression);
                let name = node.all_children().filter(|child| kind(*child) == K::Identifier || child.text() == "class").last();
                cx.slot(name, span.1, Cx::name_of);
            });
        }
        K::IndexExpression => {
            cx.node(Kind::Index, span, |cx| expressions(cx, node));
        }
        K::CallExpression => call(cx, node),
        K::ConstructorInvocation => {
            cx.node(Kind::Call, span, |cx| {
                let mut parts = node.all_children().filter(|child| child.is_named() || is_type(*child));
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::ValueArguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::ValueArgument => argument(cx, node),
        K::AnnotatedLambda => cx.slot(of(node, K::LambdaLiteral), span.1, expression),
        K::LambdaLiteral => lambda(cx, node),
        K::AnonymousFunction => {
            let (receiver, result) = types_around(node);
            cx.node(Kind::Lambda, span, |cx| {
                parameters(cx, node, receiver);
                cx.slot(result, span.1, expression);
                function_body(cx, of(node, K::FunctionBody), span.1);
            });
        }
        K::ObjectLiteral => object(cx, node),
        K::CollectionLiteral => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::SpreadExpression => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::Assignment => assignment(cx, node),
        K::BinaryExpression if is_generic_call(node) => generic_call(cx, node),
        K::BinaryExpression | K::InExpression | K::RangeExpression => {
            cx.node_op(Kind::Binary, binary(token_of(node)), span, |cx| expressions(cx, node));
        }
        K::InfixExpression => infix(cx, node),
        K::UnaryExpression => unary(cx, node),
        K::IsExpression => {
            negated(cx, node, |cx| {
                cx.node(Kind::TypeTest, span, |cx| {
                    cx.slot(node.field(f().left), span.0, expression);
                    cx.slot(node.field(f().right), span.1, expression);
                });
            });
        }
        K::TypeTest => {
            negated(cx, node, |cx| {
                cx.node(Kind::TypeTest, span, |cx| {
                    cx.none(span.0);
                    cx.slot(node.all_children().find(|child| is_type(*child)), span.1, expression);
                });
            });
        }
        K::RangeTest => {
            cx.node_op(Kind::Binary, binary(token_of(node)), span, |cx| {
                cx.none(span.0);
                cx.slot(node.first(), span.1, expression);
            });
        }
        K::AsExpression => {
            let op = if node.has_token("as?") { Op::Optional } else { Op::None };
            cx.node_op(Kind::Cast, op, span, |cx| {
                cx.slot(node.field(f().right), span.1, expression);
                cx.slot(node.field(f().left), span.0, expression);
            });
        }
        K::IfExpression => if_expression(cx, node),
        K::WhenExpression => when(cx, node),
        K::WhenEntry => when_entry(cx, node),
        K::TryExpression => try_expression(cx, node),
        K::CatchBlock => catch(cx, node),
        K::FinallyBlock => finally(cx, node),
        K::ReturnExpression => {
            let value = node.children().find(|child| child.in_field() != f().label);
            cx.node(Kind::Return, span, |cx| cx.slot(value, span.1, expression));
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::LabeledExpression if node.text().starts_with("break@") || node.text().starts_with("continue@") => statement(cx, node),
        K::AnnotatedExpression | K::LabeledExpression => {
            let inner = node.children().find(|child| !matches!(kind(*child), K::Annotation | K::Label));
            cx.slot(inner, span.1, expression);
        }
        K::DelegationSpecifier => {
            let inner = node.all_children().find(|child| (child.is_named() && kind(*child) != K::Annotation) || is_type(*child));
            cx.slot(inner, span.1, expression);
        }
        K::VariableDeclaration => match node.all_children().find(|child| is_type(*child)) {
            Some(target) => {
                cx.node(Kind::Cast, span, |cx| {
                    expression(cx, target);
                    cx.slot(of(node, K::Identifier), span.0, expression);
                });
            }
            None => cx.slot(of(node, K::Identifier), span.0, expression),
        },
        K::Parameter => parameter(cx, None, node, None),
        K::ClassParameter => class_parameter(cx, node),
        K::Annotation => annotations(cx, node),
        K::UserType => user_type(cx, node),
        K::NullableType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| {
                cx.slot(node.all_children().find(|child| is_type(*child)), span.1, expression);
            });
        }
        K::NonNullableType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| {
                node.children().filter(|child| kind(*child) != K::TypeModifiers).for_each(|child| expression(cx, child));
            });
        }
        K::TypeProjection => match node.children().find(|child| kind(*child) != K::VarianceModifier) {
            Some(inner) => expression(cx, inner),
            None => cx.name_of(node),
        },
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::FunctionDeclaration
        | K::ClassDeclaration
        | K::ObjectDeclaration
        | K::PropertyDeclaration
        | K::ForStatement
        | K::WhileStatement
        | K::DoWhileStatement
        | K::Block => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    while matches!(kind(node), K::ParenthesizedExpression | K::ParenthesizedType) {
        let Some(inner) = node.first() else { break };
        node = inner;
    }
    node
}

/// `a.B<C>`: names, each with its arguments.
fn user_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let parts: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) != K::TypeModifiers).collect();
    let is_arguments = |part: Syntax<'_>| kind(part) == K::TypeArguments;
    let pair = |_, part: Syntax<'_>| if is_arguments(part) { (Kind::TypeArgs, Op::None) } else { (Kind::Dot, Op::Dot) };
    cx.row_of(pair, &parts, node.start(), |cx, part| if is_arguments(part) { expressions(cx, part) } else { expression(cx, part) });
}

/// A lambda behind a call is its last argument; the grammar may take it for a call of the result.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let lambda = of(node, K::AnnotatedLambda);
    let is_whole = |inner: &Syntax<'_>| kind(*inner) == K::CallExpression && of(*inner, K::AnnotatedLambda).is_none();
    let callee = match node.first().filter(is_whole) {
        Some(inner) if lambda.is_some() && of(node, K::ValueArguments).is_none() && of(node, K::TypeArguments).is_none() => inner,
        _ => node,
    };
    let (types, list) = (of(callee, K::TypeArguments), of(callee, K::ValueArguments));
    cx.node(Kind::Call, span, |cx| {
        match (callee.first(), types) {
            (Some(function), Some(types)) => {
                cx.node(Kind::TypeArgs, (function.start(), types.end()), |cx| {
                    expression(cx, function);
                    expressions(cx, types);
                });
            }
            (function, _) => cx.slot(function, span.0, expression),
        }
        let start = list.or(lambda).map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            if let Some(list) = list {
                expressions(cx, list);
            }
            if let Some(lambda) = lambda {
                expression(cx, lambda);
            }
        });
    });
}

/// `a<B>(c)`, which the grammar takes for two comparisons.
fn is_generic_call(node: Syntax<'_>) -> bool {
    token_of(node) == ">"
        && node.field(f().right).is_some_and(|right| kind(right) == K::ParenthesizedExpression)
        && node.field(f().left).is_some_and(|left| kind(left) == K::BinaryExpression && token_of(left) == "<")
}

fn generic_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (Some(left), Some(right)) = (node.field(f().left), node.field(f().right)) else { return };
    cx.node(Kind::Call, node.span(), |cx| {
        cx.node(Kind::TypeArgs, (left.start(), left.end() + 1), |cx| expressions(cx, left));
        cx.node(Kind::Args, right.span(), |cx| expressions(cx, right));
    });
}

/// `a`, `name = a`, `*a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children();
    let (first, second) = (parts.next(), parts.next());
    let is_spread = node.has_token("*");
    let value = |cx: &mut Cx<'_>, value: Syntax<'_>| {
        if is_spread {
            cx.node_op(Kind::Spread, Op::Splat, value.span(), |cx| expression(cx, value));
        } else {
            expression(cx, value);
        }
    };
    match (first, second) {
        (Some(name), Some(given)) if node.has_token("=") => {
            cx.node(Kind::KwArg, node.span(), |cx| {
                expression(cx, name);
                value(cx, given);
            });
        }
        (given, _) => cx.slot(given, node.end(), value),
    }
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let list = of(node, K::LambdaParameters);
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, list.map_or((span.0, span.0), Syntax::span), |cx| {
            for declaration in list.into_iter().flat_map(Syntax::children) {
                cx.node(Kind::Param, declaration.span(), |cx| {
                    cx.empty(Kind::Attrs, declaration.start());
                    variable(cx, declaration);
                    cx.none(declaration.end());
                });
            }
        });
        cx.none(span.0);
        cx.node(Kind::Block, span, |cx| statements(cx, node.children().filter(|child| kind(*child) != K::LambdaParameters)));
    });
}

/// `object : A(1) { … }` creates an object of a class without a name; what is made from several types is a definition.
fn object(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let members = of(node, K::ClassBody);
    let mut specifiers = of(node, K::DelegationSpecifiers).into_iter().flat_map(Syntax::children);
    let (first, second) = (specifiers.next(), specifiers.next());
    if second.is_some() {
        cx.node_op(Kind::ClassDef, Op::Object, span, |cx| {
            cx.empty(Kind::Attrs, span.0);
            cx.none(span.0);
            cx.none(span.0);
            bases(cx, node);
            body(cx, members, span.1);
        });
        return;
    }
    let invocation = first.and_then(|specifier| of(specifier, K::ConstructorInvocation));
    cx.node(Kind::New, span, |cx| {
        cx.slot(invocation.and_then(Syntax::first).or(first), span.0, expression);
        match invocation.and_then(|invocation| of(invocation, K::ValueArguments)) {
            Some(arguments) => expression(cx, arguments),
            None => cx.empty(Kind::Args, span.0),
        }
        body(cx, members, span.1);
    });
}

fn assignment(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
    cx.node_op(kind, op, node.span(), |cx| {
        cx.slot(node.field(f().left), node.start(), expression);
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// `a to b` is `a.to(b)`.
fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children();
    let (Some(left), Some(name), Some(right)) = (parts.next(), parts.next(), parts.next()) else { return cx.opaque(node) };
    cx.node(Kind::Call, node.span(), |cx| {
        cx.node_op(Kind::Dot, Op::Dot, (left.start(), name.end()), |cx| {
            expression(cx, left);
            expression(cx, name);
        });
        cx.node(Kind::Args, right.span(), |cx| expression(cx, right));
    });
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let op = match node.field(f().operator).map_or("", Syntax::text) {
        "!!" => Op::NonNull,
        token => operator::unary(token),
    };
    cx.node_op(Kind::Unary, op, node.span(), |cx| cx.slot(node.field(f().argument), node.end(), expression));
}

/// `!is`; the text of its token is no more than `is`.
fn negated(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>)) {
    if token_of(node) == "!is" {
        cx.node_op(Kind::Unary, Op::Not, node.span(), lower);
    } else {
        lower(cx);
    }
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let length = if kind(node) == K::MultilineStringLiteral { 3 } else { 1 };
    let (start, end) = (span.0 + length, span.1.saturating_sub(length).max(span.0 + length));
    let holes = holes(node);
    if holes.is_empty() {
        return cx.string(node.source(start, end), span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = start;
        for (hole, value) in holes {
            if at < hole.0 {
                cx.string(node.source(at, hole.0), (at, hole.0));
            }
            match value {
                Some(value) => expressions(cx, value),
                None => cx.name(node.source(hole.0 + 1, hole.1), (hole.0 + 1, hole.1)),
            }
            at = hole.1;
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}

/// What a string is interpolated with. The grammar finds `$a` only in strings of several lines; in others it is text.
fn holes(node: Syntax<'_>) -> Vec<((u32, u32), Option<Syntax<'_>>)> {
    let mut holes = Vec::new();
    let mut dollar = None;
    for part in node.children() {
        let before = dollar.take();
        match kind(part) {
            K::Interpolation => holes.push((part.span(), Some(part))),
            K::StringContent if part.text() == "$" => dollar = Some(part),
            K::StringContent => {
                let text = part.text();
                let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
                let is_name = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
                if let (Some(before), true, Ok(length)) = (before, is_name, u32::try_from(end)) {
                    holes.push(((before.start(), part.start() + length), None));
                }
            }
            _ => {}
        }
    }
    holes
}

fn binary(token: &str) -> Op {
    match token {
        "?:" => Op::Coalesce,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "in" => Op::In,
        "!in" => Op::NotIn,
        ".." => Op::Range,
        "..<" => Op::RangeExclusive,
        _ => operator::binary(token),
    }
}
