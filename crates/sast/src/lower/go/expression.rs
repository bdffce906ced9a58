//! Expressions, types and literals.

use super::{
    Cx, K, Kind, NumberSyntax, Op, Syntax, definition, f, kind, number, operator,
    statement::{body, statement},
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

/// Expressions with commas between them are a tuple; one is itself.
pub(super) fn list(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::ExpressionList {
        return expression(cx, node);
    }
    let mut children = node.children();
    match (children.next(), children.next()) {
        (Some(only), None) => expression(cx, only),
        _ => {
            cx.node(Kind::Tuple, node.span(), |cx| expressions(cx, node));
        }
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while matches!(kind(node), K::ParenthesizedExpression | K::ParenthesizedType | K::LiteralElement) {
        let Some(inner) = node.first() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::Identifier | K::FieldIdentifier | K::PackageIdentifier | K::TypeIdentifier | K::LabelName | K::BlankIdentifier | K::Iota => {
            cx.name_of(node);
        }
        K::IntLiteral => number::lower(cx, node, Op::Int, NumberSyntax::OctalByZero),
        K::FloatLiteral | K::ImaginaryLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Nil => cx.word(Kind::Null, Op::None, "nil", span),
        K::InterpretedStringLiteral | K::RawStringLiteral => cx.string(unquoted(node), span),
        K::RuneLiteral => cx.word(Kind::Char, Op::None, unquoted(node), span),
        K::CallExpression => call(cx, node),
        K::ArgumentList => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::VariadicArgument => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::SelectorExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().operand), span.0, expression);
                cx.slot(node.field(f().field), span.1, expression);
            });
        }
        K::QualifiedType => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().package), span.0, expression);
                cx.slot(node.field(f().name), span.1, expression);
            });
        }
        K::IndexExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().operand), span.0, expression);
                cx.slot(node.field(f().index), span.1, expression);
            });
        }
        K::SliceExpression => {
            let operand = node.field(f().operand);
            cx.node(Kind::Index, span, |cx| {
                cx.slot(operand, span.0, expression);
                cx.node(Kind::Slice, (operand.map_or(span.0, Syntax::end), span.1), |cx| {
                    for field in [f().start, f().end, f().capacity] {
                        cx.slot(node.field(field), span.1, expression);
                    }
                });
            });
        }
        // With arguments of types it is the call of a function far more often.
        K::TypeConversionExpression if node.field(f().type_).is_some_and(|type_| kind(type_) == K::GenericType) => {
            let end = node.field(f().type_).map_or(span.0, Syntax::end);
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.node(Kind::Args, (end, span.1), |cx| cx.slot(node.field(f().operand), span.1, expression));
            });
        }
        K::TypeAssertionExpression | K::TypeConversionExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().operand), span.1, expression);
            });
        }
        K::CompositeLiteral => {
            cx.node(Kind::New, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().body), span.1, |cx, elements| {
                    cx.node(Kind::Args, elements.span(), |cx| expressions(cx, elements));
                });
                cx.none(span.1);
            });
        }
        // Elements whose type is known from around them.
        K::LiteralValue => {
            let is_keyed = node.children().any(|child| kind(child) == K::KeyedElement);
            cx.node(if is_keyed { Kind::Dict } else { Kind::List }, span, |cx| expressions(cx, node));
        }
        K::KeyedElement => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::FuncLiteral | K::FunctionType => {
            cx.node(Kind::Lambda, span, |cx| {
                cx.slot(node.field(f().parameters), span.0, definition::parameters);
                definition::result(cx, node);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::UnaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| match token.text() {
                "^" => Op::BitNot,
                "*" => Op::Deref,
                "&" => Op::AddressOf,
                "<-" => Op::Arrow,
                other => operator::unary(other),
            });
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
        }
        K::BinaryExpression => {
            let operator = node.field(f().operator).map_or("", Syntax::text);
            cx.node_op(Kind::Binary, binary(operator), span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, |cx, right| {
                    // `x &^ y` clears bits.
                    if operator == "&^" {
                        cx.node_op(Kind::Unary, Op::BitNot, right.span(), |cx| expression(cx, right));
                    } else {
                        expression(cx, right);
                    }
                });
            });
        }
        K::GenericType | K::TypeInstantiationExpression => {
            cx.node(Kind::TypeArgs, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::TypeArguments { expressions(cx, part) } else { expression(cx, part) }
                }
            });
        }
        K::PointerType => {
            cx.node_op(Kind::TypeOf, Op::Pointer, span, |cx| expressions(cx, node));
        }
        // The length, if there is one, follows the type.
        K::ArrayType | K::SliceType | K::ImplicitLengthArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| {
                cx.slot(node.field(f().element), span.1, expression);
                if let Some(length) = node.field(f().length) {
                    expression(cx, length);
                }
            });
        }
        K::MapType => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.name("map", (span.0, (span.0 + 3).min(span.1)));
                cx.slot(node.field(f().key), span.1, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::ChannelType => {
            let value = node.field(f().value);
            let end = value.map_or(span.1, Syntax::start);
            let word: String = node.source(span.0, end).split_ascii_whitespace().collect();
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.name(&word, (span.0, end));
                cx.slot(value, span.1, expression);
            });
        }
        // An interface without methods has a name.
        K::InterfaceType if node.first().is_none() => cx.name("any", span),
        K::StructType | K::InterfaceType => definition::class(cx, node, None, span),
        K::NegatedType => {
            cx.node_op(Kind::Unary, Op::BitNot, span, |cx| expressions(cx, node));
        }
        K::TypeElem | K::TypeConstraint => {
            let parts: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Binary, Op::BitOr, &parts, span.0, expression);
        }
        K::ExpressionList => list(cx, node),
        // What stands where an expression is looked for, in broken code and in patterns.
        K::Block | K::ExpressionStatement | K::ReturnStatement | K::FunctionDeclaration => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (callee, types) = (node.field(f().function), node.field(f().type_arguments));
    cx.node(Kind::Call, span, |cx| {
        match types {
            Some(types) => {
                cx.node(Kind::TypeArgs, (span.0, types.end()), |cx| {
                    cx.slot(callee, span.0, expression);
                    expressions(cx, types);
                });
            }
            None => cx.slot(callee, span.0, expression),
        }
        cx.slot(node.field(f().arguments), span.1, expression);
    });
}

/// What stands between the quotes.
fn unquoted(node: Syntax<'_>) -> &str {
    node.source(node.start().saturating_add(1), node.end().saturating_sub(1))
}

pub(super) fn binary(token: &str) -> Op {
    match token {
        "&^" => Op::BitAnd,
        _ => operator::binary(token),
    }
}
