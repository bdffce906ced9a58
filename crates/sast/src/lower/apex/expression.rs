//! Expressions, types, literals, queries and annotations.

use super::{K, definition, f, kind, of, statement};
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
    parent.children().for_each(|child| expression(cx, child));
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while matches!(
        kind(node),
        K::ParenthesizedExpression | K::BoundApexExpression | K::FieldIdentifier | K::StorageIdentifier | K::JavaFieldAccess | K::JavaType
    ) {
        let Some(inner) = node.first() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::Identifier | K::TypeIdentifier | K::This | K::Super | K::VoidType | K::BooleanType => cx.name_of(node),
        K::Int => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::Decimal | K::DecimalFloatingPointLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::Boolean => cx.word(Kind::Bool, Op::None, &node.text().to_ascii_lowercase(), span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::StringLiteral => cx.string(node.source(span.0 + 1, span.1.saturating_sub(1)), span),
        K::MultiLineStringLiteral => cx.string(node.source(span.0 + 3, span.1.saturating_sub(3)), span),
        K::MethodInvocation => call(cx, node),
        K::ObjectCreationExpression => {
            cx.node(Kind::New, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().arguments), span.1, expression);
                cx.slot(of(node, K::ClassBody), span.1, definition::members);
            });
        }
        K::ArrayCreationExpression | K::MapCreationExpression => new_collection(cx, node),
        K::ArgumentList => {
            cx.node(Kind::Args, span, |cx| node.children().for_each(|one| argument(cx, one)));
        }
        K::AnnotationArgumentList => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::FieldAccess => {
            let op = if of(node, K::SafeNavigationOperator).is_some() { Op::Optional } else { Op::Dot };
            cx.node_op(Kind::Dot, op, span, |cx| {
                cx.slot(node.field(f().object), span.0, expression);
                cx.slot(node.field(f().field), span.1, expression);
            });
        }
        K::ScopedTypeIdentifier | K::DottedIdentifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::ClassLiteral => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.name("class", (span.1.saturating_sub(5).max(span.0), span.1));
            });
        }
        K::ArrayAccess => element(cx, node),
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::AssignmentExpression => {
            let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
            cx.node_op(kind, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::UnaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| operator::unary(token.text()));
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
        }
        K::UpdateExpression => {
            let op = if node.field(f().operator).is_some_and(|token| token.text() == "++") { Op::Increment } else { Op::Decrement };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().consequence, f().alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::InstanceofExpression => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::CastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::SwitchExpression => statement::switch(cx, node),
        K::ArrayInitializer | K::ElementValueArrayInitializer => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::MapInitializer => {
            cx.node(Kind::Dict, span, |cx| expressions(cx, node));
        }
        K::MapKeyInitializer => {
            let mut parts = node.children();
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::AnnotationKeyValue => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::Annotation => annotation(cx, node),
        K::GenericType => {
            cx.node(Kind::TypeArgs, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::TypeArguments { expressions(cx, part) } else { expression(cx, part) }
                }
            });
        }
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| cx.slot(node.field(f().element), span.0, expression));
        }
        K::WhenSobjectType => {
            let mut parts = node.children();
            let (of, name) = (parts.next(), parts.next());
            cx.node(Kind::VarDef, span, |cx| {
                cx.empty(Kind::Attrs, span.0);
                cx.slot(name, span.1, expression);
                cx.slot(of, span.0, expression);
                cx.none(span.1);
            });
        }
        K::DmlExpression => dml(cx, node),
        // What stands where an expression is looked for, in broken code and in patterns.
        K::Block
        | K::ClassDeclaration
        | K::ExpressionStatement
        | K::LocalVariableDeclaration
        | K::MethodDeclaration
        | K::ReturnStatement
        | K::ThrowStatement => statement::statement(cx, node),
        K::FormalParameters => definition::parameters(cx, node),
        K::FormalParameter => definition::parameter(cx, node),
        K::ClassBody | K::InterfaceBody | K::EnumBody => definition::members(cx, node),
        _ if node.is_error() => cx.opaque(node),
        K::Unknown if node.first().is_none() => cx.word(Kind::Modifier, Op::None, &node.text().to_ascii_lowercase(), span),
        // Parts of a query among others; its words may be in any case.
        _ => {
            cx.node_with(Kind::Other, Op::None, node.kind_name(), span, |cx| expressions(cx, node));
        }
    }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let name = node.field(f().name);
    let end = name.map_or(span.1, Syntax::end);
    cx.node(Kind::Call, span, |cx| {
        match node.field(f().object) {
            Some(object) => {
                let op = if of(node, K::SafeNavigationOperator).is_some() { Op::Optional } else { Op::Dot };
                cx.node_op(Kind::Dot, op, (span.0, end), |cx| {
                    expression(cx, object);
                    cx.slot(name, span.1, expression);
                });
            }
            None => cx.slot(name, span.0, expression),
        }
        cx.slot(node.field(f().arguments), span.1, expression);
    });
}

/// `new A(x = 1)` sets a field of the new object.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().left).filter(|name| kind(node) == K::AssignmentExpression && kind(*name) == K::Identifier);
    let Some(name) = name else { return expression(cx, node) };
    cx.node(Kind::KwArg, node.span(), |cx| {
        expression(cx, name);
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// The arguments of a new array are its sizes, or the list of its elements.
fn new_collection(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let dimensions = || node.children().filter(|child| matches!(kind(*child), K::Dimensions | K::DimensionsExpr));
    let (of, elements) = (node.field(f().type_), node.field(f().value));
    let start = dimensions().next().or(elements).map_or(span.1, Syntax::start);
    cx.node(Kind::New, span, |cx| {
        if dimensions().next().is_some() {
            cx.node_op(Kind::TypeOf, Op::Array, (span.0, start), |cx| cx.slot(of, span.0, expression));
        } else {
            cx.slot(of, span.0, expression);
        }
        cx.node(Kind::Args, (start, span.1), |cx| {
            dimensions().flat_map(Syntax::children).for_each(|size| expression(cx, size));
            elements.into_iter().for_each(|elements| expression(cx, elements));
        });
        cx.none(span.1);
    });
}

/// `a[i]`; in a pattern also what stands for a metavariable with a type, or for a query.
fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (array, index) = (node.field(f().array), node.field(f().index));
    if cx.is_pattern() && index.is_some_and(|index| index.text() == reserved::TYPED) {
        return cx.slot(array, span.0, expression);
    }
    if let Some(array) = array.filter(|array| cx.is_pattern() && array.text() == "QUERY__") {
        cx.node_with(Kind::Other, Op::None, "query_expression", (array.end(), span.1), |cx| cx.slot(index, span.1, expression));
        return;
    }
    cx.node(Kind::Index, span, |cx| {
        cx.slot(array, span.0, expression);
        cx.slot(index, span.1, expression);
    });
}

/// `insert a`, `upsert as user a Key__c`, `merge a b`
fn dml(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let word = of(node, K::DmlType);
    let end = word.map_or(span.0, Syntax::end);
    cx.node(Kind::Call, span, |cx| {
        cx.slot(word, span.0, |cx, word| cx.name(&word.text().to_ascii_lowercase(), word.span()));
        cx.node(Kind::Args, (end, span.1), |cx| {
            for field in [f().target, f().merge_with, f().upsert_key] {
                node.field(field).into_iter().for_each(|one| expression(cx, one));
            }
            if let Some(mode) = of(node, K::DmlSecurityMode) {
                cx.node(Kind::KwArg, mode.span(), |cx| {
                    cx.name("as", mode.span());
                    cx.word(Kind::Modifier, Op::None, &mode.text().to_ascii_lowercase(), mode.span());
                });
            }
        });
    });
}

fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let name = node.field(f().name);
    cx.node(Kind::Annotation, span, |cx| match node.field(f().arguments) {
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
        // The grammar has it, the language has not.
        "%" => Op::None,
        "<>" => Op::NotEq,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "??" => Op::Coalesce,
        _ => operator::binary(token),
    }
}
