//! Expressions and types.

use super::{
    Cx, K, Kind, NumberSyntax, Op, Syntax,
    definition::{bare_parameter, binding, parameters, stray},
    f, kind, literal, matching, number, operator, parts, reserved,
    statement::{self, body},
};

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parts(parent) {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while matches!(
        kind(node),
        K::ParenthesizedExpression | K::ScopedType | K::CollectionElement | K::ExpressionElement | K::MemberBindingExpression
    ) {
        let Some(inner) = parts(node).next() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::Identifier => cx.name(node.text().trim_start_matches('@'), span),
        K::ImplicitParameter | K::PredefinedType | K::ImplicitType | K::Discard => cx.name_of(node),
        K::IntegerLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::RealLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::CharacterLiteral => literal::character(cx, node),
        K::StringLiteral | K::VerbatimStringLiteral | K::RawStringLiteral => literal::string(cx, node),
        K::InterpolatedStringExpression => literal::interpolated(cx, node),
        K::InvocationExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().function), span.0, expression);
                cx.slot(node.field(f().arguments), span.1, arguments);
            });
        }
        K::ArgumentList | K::AttributeArgumentList => arguments(cx, node),
        K::Argument | K::AttributeArgument => argument(cx, node),
        K::DeclarationExpression => match node.field(f().name) {
            Some(name) => binding(cx, name, node.field(f().type_), span),
            None => cx.opaque(node),
        },
        K::Attribute => attribute(cx, node),
        K::MemberAccessExpression => {
            let op = if node.has_token("->") { Op::ArrowMember } else { Op::Dot };
            member(cx, node.field(f().expression), node.field(f().name), op, span);
        }
        K::QualifiedName => member(cx, node.field(f().qualifier), node.field(f().name), Op::Dot, span),
        K::AliasQualifiedName => member(cx, node.field(f().alias), node.field(f().name), Op::Scope, span),
        K::ConditionalAccessExpression => {
            let object = node.field(f().condition);
            let access = node.children().find(|child| child.in_field() != f().condition);
            match access {
                Some(access) if kind(access) == K::MemberBindingExpression => {
                    member(cx, object, access.field(f().name), Op::Optional, span);
                }
                access => {
                    cx.node_op(Kind::Index, Op::Optional, span, |cx| {
                        cx.slot(object, span.0, expression);
                        access.iter().flat_map(|list| list.children()).for_each(|index| expression(cx, index));
                    });
                }
            }
        }
        K::ElementAccessExpression if is_bare(cx, node.field(f().subscript)) => cx.slot(node.field(f().expression), span.0, expression),
        K::ElementAccessExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().expression), span.0, expression);
                node.field(f().subscript).iter().flat_map(|list| list.children()).for_each(|index| expression(cx, index));
            });
        }
        K::GenericName => {
            cx.node(Kind::TypeArgs, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::TypeArgumentList { expressions(cx, part) } else { expression(cx, part) }
                }
            });
        }
        K::ObjectCreationExpression | K::ImplicitObjectCreationExpression | K::ArrayCreationExpression | K::StackallocExpression => {
            new(cx, node);
        }
        K::ImplicitArrayCreationExpression | K::ImplicitStackallocExpression => {
            cx.node(Kind::List, span, |cx| node.children().for_each(|elements| expressions(cx, elements)));
        }
        K::AnonymousObjectCreationExpression => {
            cx.node(Kind::Dict, span, |cx| fields(cx, node));
        }
        K::InitializerExpression => {
            cx.node(Kind::List, span, |cx| parts(node).for_each(|element| self::element(cx, element)));
        }
        K::CollectionExpression => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::SpreadElement => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::AssignmentExpression => {
            let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
            cx.node_op(kind, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::PrefixUnaryExpression | K::PostfixUnaryExpression => unary(cx, node),
        K::RefExpression => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| expressions(cx, node));
        }
        K::CheckedExpression => {
            let word = if node.has_token("unchecked") { "unchecked" } else { "checked" };
            cx.node_with(Kind::Unary, Op::Word, word, span, |cx| expressions(cx, node));
        }
        K::RangeExpression => {
            let dots = node.all_children().find(|child| child.text() == "..").map_or(span.0, Syntax::start);
            cx.node_op(Kind::Binary, Op::Range, span, |cx| {
                cx.slot(parts(node).find(|part| part.end() <= dots), span.0, expression);
                cx.slot(parts(node).find(|part| dots < part.start()), span.1, expression);
            });
        }
        K::ConditionalExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().consequence, f().alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::CastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::AsExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().right), span.1, expression);
                cx.slot(node.field(f().left), span.0, expression);
            });
        }
        K::IsExpression => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::IsPatternExpression => matching::test(cx, node),
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| expressions(cx, node));
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                expressions(cx, node);
                cx.none(span.1);
            });
        }
        K::LambdaExpression | K::AnonymousMethodExpression => lambda(cx, node),
        K::SwitchExpression => switch(cx, node),
        K::QueryExpression => matching::query(cx, node),
        K::TypeofExpression => {
            cx.node_op(Kind::Unary, Op::TypeOf, span, |cx| expressions(cx, node));
        }
        K::SizeofExpression | K::DefaultExpression => of_type(cx, node),
        K::WithInitializer => {
            cx.node(Kind::KeyValue, span, |cx| expressions(cx, node));
        }
        K::TupleExpression | K::TuplePattern | K::TupleType | K::ParenthesizedVariableDesignation => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::TupleElement => match node.field(f().name) {
            Some(name) => {
                cx.node(Kind::KwArg, span, |cx| {
                    expression(cx, name);
                    cx.slot(node.field(f().type_), span.0, expression);
                });
            }
            None => cx.slot(node.field(f().type_), span.0, expression),
        },
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| cx.slot(node.field(f().type_), span.0, expression));
        }
        K::NullableType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| cx.slot(node.field(f().type_), span.0, expression));
        }
        K::PointerType => {
            cx.node_op(Kind::TypeOf, Op::Pointer, span, |cx| cx.slot(node.field(f().type_), span.0, expression));
        }
        K::RefType => {
            cx.node_op(Kind::TypeOf, Op::Reference, span, |cx| cx.slot(node.field(f().type_), span.0, expression));
        }
        K::ParameterList => parameters(cx, node),
        K::PreprocIf => statement::conditional(cx, node, expression),
        K::Block | K::ClassDeclaration | K::ExpressionStatement | K::LocalDeclarationStatement | K::MethodDeclaration => stray(cx, node),
        _ if node.is_error() => cx.opaque(node),
        // `this` and `base`.
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// In a pattern: whether only what stands before these arguments is meant.
fn is_bare(cx: &Cx<'_>, arguments: Option<Syntax<'_>>) -> bool {
    cx.is_pattern() && arguments.and_then(Syntax::first).is_some_and(|only| only.text() == reserved::TYPED)
}

pub(super) fn arguments(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Args, node.span(), |cx| expressions(cx, node));
}

/// What is passed by reference looks like an address.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let name = node.field(f().name);
    let is_reference = node.has_token("out") || node.has_token("ref");
    let value = parts(node).find(|part| part.in_field() != f().name);
    let inner = |cx: &mut Cx<'_>| {
        let start = node.all_children().find(|child| matches!(child.text(), "out" | "ref")).map_or(span.0, Syntax::start);
        if is_reference {
            cx.node_op(Kind::Unary, Op::AddressOf, (start, span.1), |cx| cx.slot(value, span.1, expression));
        } else {
            cx.slot(value, span.1, expression);
        }
    };
    match name {
        Some(name) => {
            cx.node(Kind::KwArg, span, |cx| {
                expression(cx, name);
                inner(cx);
            });
        }
        None => inner(cx),
    }
}

fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let list = node.children().find(|child| kind(*child) == K::AttributeArgumentList);
    cx.node(Kind::Annotation, node.span(), |cx| match list {
        Some(list) => {
            cx.node(Kind::Call, node.span(), |cx| {
                cx.slot(node.field(f().name), node.start(), expression);
                arguments(cx, list);
            });
        }
        None => cx.slot(node.field(f().name), node.start(), expression),
    });
}

/// A member; arguments of types are those of the whole.
fn member(cx: &mut Cx<'_>, object: Option<Syntax<'_>>, name: Option<Syntax<'_>>, op: Op, span: (u32, u32)) {
    let generic = name.filter(|name| kind(*name) == K::GenericName);
    let Some(generic) = generic else {
        cx.node_op(Kind::Dot, op, span, |cx| {
            cx.slot(object, span.0, expression);
            cx.slot(name, span.1, expression);
        });
        return;
    };
    cx.node(Kind::TypeArgs, span, |cx| {
        let name = generic.first();
        cx.node_op(Kind::Dot, op, (span.0, name.map_or(span.1, Syntax::end)), |cx| {
            cx.slot(object, span.0, expression);
            cx.slot(name, span.1, expression);
        });
        generic.children().skip(1).flat_map(Syntax::children).for_each(|argument| expression(cx, argument));
    });
}

/// What is set or added right after something was made stands where the body of a class does; for arrays among the arguments.
fn new(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let of = |wanted: K| node.children().find(move |child| kind(*child) == wanted);
    let type_ = node.field(f().type_);
    let initializer = of(K::InitializerExpression);
    let is_array = matches!(kind(node), K::ArrayCreationExpression | K::StackallocExpression);
    cx.node(Kind::New, span, |cx| {
        cx.slot(type_, span.0, expression);
        let at = type_.map_or(span.0, Syntax::end);
        let sizes = type_.and_then(|type_| type_.field(f().rank)).filter(|_| is_array);
        match of(K::ArgumentList) {
            Some(list) => arguments(cx, list),
            None => {
                cx.node(Kind::Args, sizes.map_or((at, at), |sizes| (sizes.start(), span.1)), |cx| {
                    let mut array = type_.filter(|_| is_array);
                    while let Some(inner) = array.filter(|array| kind(*array) == K::ArrayType) {
                        inner.field(f().rank).iter().flat_map(|rank| rank.children()).for_each(|size| expression(cx, size));
                        array = inner.field(f().type_);
                    }
                    if let Some(elements) = initializer.filter(|_| is_array) {
                        expression(cx, elements);
                    }
                });
            }
        }
        // `new T { ... }` is any new `T`.
        match initializer.filter(|_| !is_array) {
            Some(only)
                if cx.is_pattern() && only.first().is_some_and(|only| only.text() == reserved::DOTS) && parts(only).nth(1).is_none() =>
            {
                cx.leaf(Kind::Ellipsis, Op::None, only.span());
            }
            initializer => cx.slot(initializer, span.1, expression),
        }
    });
}

/// What is in an initializer; `[key] = value` is an entry.
fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let key = node.field(f().left).filter(|left| kind(node) == K::AssignmentExpression && kind(*left) == K::ElementBindingExpression);
    let Some(key) = key else { return expression(cx, node) };
    cx.node(Kind::KeyValue, node.span(), |cx| {
        let mut keys = parts(key);
        match (keys.next(), keys.next()) {
            (Some(only), None) => expression(cx, only),
            _ => {
                cx.node(Kind::Tuple, key.span(), |cx| expressions(cx, key));
            }
        }
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// `new { A = 1, b.C }`
fn fields(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let all: Vec<Syntax<'_>> = node.all_children().filter(|child| !matches!(child.text(), "new" | "{" | "," | "}")).collect();
    let mut rest = all.as_slice();
    while let Some((first, others)) = rest.split_first() {
        match others {
            [equals, value, others @ ..] if equals.text() == "=" => {
                cx.node(Kind::KeyValue, (first.start(), value.end()), |cx| {
                    expression(cx, *first);
                    expression(cx, *value);
                });
                rest = others;
            }
            _ => {
                expression(cx, *first);
                rest = others;
            }
        }
    }
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_prefix = kind(node) == K::PrefixUnaryExpression;
    let token = node.all_children().find(|child| !child.is_named() && !matches!(child.text(), "this" | "base"));
    let op = token.map_or(Op::None, |token| match token.text() {
        "!" if !is_prefix => Op::NonNull,
        "&" => Op::AddressOf,
        "*" => Op::Deref,
        // `^1` counts from the end.
        "^" => Op::BitXor,
        other => operator::unary(other),
    });
    cx.node_op(Kind::Unary, op, node.span(), |cx| cx.slot(parts(node).next(), node.end(), expression));
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_async = node.children().any(|child| kind(child) == K::Modifier && child.text() == "async");
    let block = node.field(f().body).or_else(|| node.children().find(|child| kind(*child) == K::Block));
    cx.node_op(Kind::Lambda, if is_async { Op::Async } else { Op::None }, span, |cx| {
        match node.field(f().parameters) {
            Some(list) if kind(list) == K::ParameterList => parameters(cx, list),
            Some(name) => {
                cx.node(Kind::Params, name.span(), |cx| bare_parameter(cx, name.text(), name.span()));
            }
            None => {
                cx.node(Kind::Params, (span.0, span.0), |_| {});
            }
        }
        cx.slot(node.field(f().type_), span.0, expression);
        match block {
            Some(block) if kind(block) == K::Block => body(cx, Some(block), span.1),
            // The statement `...` looks like an element.
            Some(list) if cx.is_pattern() && kind(list) == K::InitializerExpression => {
                cx.node(Kind::Block, list.span(), |cx| list.children().for_each(|child| stray(cx, child)));
            }
            other => cx.slot(other, span.1, expression),
        }
    });
}

fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        let is_arm = |child: &Syntax<'_>| kind(*child) == K::SwitchExpressionArm;
        cx.slot(parts(node).find(|child| !is_arm(child)), node.start(), expression);
        for arm in node.children().filter(is_arm) {
            let value = parts(arm).last();
            cx.node(Kind::Case, arm.span(), |cx| {
                let patterns = arm.children().filter(|child| Some(child.span()) != value.map(Syntax::span));
                patterns.for_each(|pattern| matching::pattern(cx, pattern));
                cx.slot(value, arm.end(), |cx, value| {
                    cx.node(Kind::Block, value.span(), |cx| {
                        cx.node(Kind::ExprStmt, value.span(), |cx| expression(cx, value));
                    });
                });
            });
        }
    });
}

/// `sizeof(T)`, `default(T)` and `default`.
fn of_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let Some(word) = node.all_children().next() else { return cx.name_of(node) };
    let Some(type_) = node.field(f().type_) else { return cx.name_of(word) };
    cx.node(Kind::Call, node.span(), |cx| {
        cx.name_of(word);
        cx.node(Kind::Args, (word.end(), node.end()), |cx| expression(cx, type_));
    });
}

pub(super) fn binary(token: &str) -> Op {
    match token {
        "??" => Op::Coalesce,
        _ => operator::binary(token),
    }
}
