//! Expressions, types, literals and annotations.

use super::{
    super::again,
    Cx, K, Kind, NumberSyntax, Op, Syntax,
    definition::{self, array_of, is_annotation, members, n_dimensions},
    f, kind, number, operator,
    statement::{self, body, statement},
};
use crate::lower::context::reserved;

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while matches!(kind(node), K::ParenthesizedExpression | K::Pattern) {
        let Some(inner) = node.first() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::Identifier
        | K::TypeIdentifier
        | K::This
        | K::Super
        | K::Asterisk
        | K::UnderscorePattern
        | K::VoidType
        | K::IntegralType
        | K::FloatingPointType
        | K::BooleanType => cx.name_of(node),
        K::DecimalIntegerLiteral | K::HexIntegerLiteral | K::OctalIntegerLiteral | K::BinaryIntegerLiteral => {
            number::lower(cx, node, Op::Int, NumberSyntax::OctalByZero);
        }
        K::DecimalFloatingPointLiteral | K::HexFloatingPointLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::CharacterLiteral => {
            let content = node.source(span.0.saturating_add(1), span.1.saturating_sub(1));
            cx.word(Kind::Char, Op::None, content, span);
        }
        K::StringLiteral => string(cx, node),
        K::TemplateExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().template_processor), span.0, expression);
                cx.slot(node.field(f().template_argument), span.1, |cx, text| {
                    cx.node(Kind::Args, text.span(), |cx| expression(cx, text));
                });
            });
        }
        K::MethodInvocation => call(cx, node),
        K::ObjectCreationExpression => new(cx, node),
        K::ArrayCreationExpression => new_array(cx, node),
        K::ArgumentList | K::AnnotationArgumentList => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::FieldAccess => field_access(cx, node),
        K::ScopedIdentifier => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().scope), span.0, expression);
                cx.slot(node.field(f().name), span.1, expression);
            });
        }
        K::ScopedTypeIdentifier => {
            let mut parts = node.children().filter(|child| !is_annotation(*child));
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::ClassLiteral => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.name("class", (span.1.saturating_sub(5).max(span.0), span.1));
            });
        }
        K::MethodReference => method_reference(cx, node),
        K::ArrayAccess => element(cx, node),
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| operator::binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::AssignmentExpression => {
            let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), operator::binary);
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
            let op = if node.has_token("++") { Op::Increment } else { Op::Decrement };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().consequence, f().alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::InstanceofExpression => type_test(cx, node),
        K::CastExpression => {
            let types: Vec<Syntax<'_>> = node.fields(f().type_).collect();
            cx.node(Kind::Cast, span, |cx| {
                cx.row(Kind::Binary, Op::BitAnd, &types, span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::LambdaExpression => lambda(cx, node),
        K::SwitchExpression => statement::switch(cx, node),
        K::ArrayInitializer | K::ElementValueArrayInitializer => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::ElementValuePair => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::MarkerAnnotation | K::Annotation => annotation(cx, node),
        K::GenericType => {
            cx.node(Kind::TypeArgs, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::TypeArguments { expressions(cx, part) } else { expression(cx, part) }
                }
            });
        }
        K::ArrayType => {
            let n = node.field(f().dimensions).map_or(0, n_dimensions);
            cx.slot(node.field(f().element), span.0, |cx, element| array_of(cx, element, n));
        }
        K::TypePattern | K::RecordPatternComponent => {
            let mut parts = node.children();
            let (type_, name) = (parts.next(), parts.next());
            match (type_, name) {
                (type_, Some(name)) => binding(cx, name, type_, span),
                _ => cx.slot(type_, span.0, expression),
            }
        }
        K::RecordPattern => {
            cx.node(Kind::Call, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::RecordPatternBody {
                        cx.node(Kind::Args, part.span(), |cx| expressions(cx, part));
                    } else {
                        expression(cx, part);
                    }
                }
            });
        }
        // What stands where an expression is looked for, in broken code and in patterns.
        K::Block
        | K::ClassDeclaration
        | K::ExpressionStatement
        | K::LocalVariableDeclaration
        | K::MethodDeclaration
        | K::ReturnStatement
        | K::ThrowStatement => statement(cx, node),
        K::FormalParameters => definition::parameters(cx, node),
        K::FormalParameter | K::SpreadParameter => definition::parameter(cx, node),
        K::ClassBody | K::InterfaceBody | K::EnumBody | K::AnnotationTypeBody => members(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        let name = node.field(f().name);
        let end = name.map_or(span.1, Syntax::end);
        generic(cx, node.field(f().type_arguments), (span.0, end), |cx| match node.field(f().object) {
            Some(object) => {
                cx.node_op(Kind::Dot, Op::Dot, (span.0, end), |cx| {
                    qualified(cx, node, object);
                    cx.slot(name, span.1, expression);
                });
            }
            None => cx.slot(name, span.0, expression),
        });
        cx.slot(node.field(f().arguments), span.1, expression);
    });
}

/// The base of a generic call, with its arguments if it has some.
fn generic(cx: &mut Cx<'_>, arguments: Option<Syntax<'_>>, span: (u32, u32), base: impl FnOnce(&mut Cx<'_>)) {
    let Some(arguments) = arguments else { return base(cx) };
    cx.node(Kind::TypeArgs, span, |cx| {
        base(cx);
        expressions(cx, arguments);
    });
}

/// The object of a member; `super` may stand between the two: `Outer.super.member`.
fn qualified(cx: &mut Cx<'_>, node: Syntax<'_>, object: Syntax<'_>) {
    let between = node.children().find(|child| kind(*child) == K::Super && child.in_field() != f().object);
    match between {
        Some(between) => {
            cx.node_op(Kind::Dot, Op::Dot, (object.start(), between.end()), |cx| {
                expression(cx, object);
                expression(cx, between);
            });
        }
        None => expression(cx, object),
    }
}

fn field_access(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
        match node.field(f().object) {
            Some(object) => qualified(cx, node, object),
            None => cx.none(span.0),
        }
        cx.slot(node.field(f().field), span.1, expression);
    });
}

fn new(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let type_ = node.field(f().type_);
    // `outer.new Inner()`
    let outer = node.all_children().next().filter(|first| first.is_named());
    cx.node(Kind::New, span, |cx| {
        match (outer, type_) {
            (Some(outer), Some(type_)) => {
                cx.node_op(Kind::Dot, Op::Dot, (outer.start(), type_.end()), |cx| {
                    expression(cx, outer);
                    expression(cx, type_);
                });
            }
            _ => cx.slot(type_, span.0, expression),
        }
        cx.slot(node.field(f().arguments), span.1, expression);
        cx.slot(node.children().find(|child| kind(*child) == K::ClassBody), span.1, members);
    });
}

/// An array's arguments are its sizes, or the list of its elements.
fn new_array(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let dimensions = || node.children().filter(|child| matches!(kind(*child), K::Dimensions | K::DimensionsExpr));
    let start = dimensions().next().map_or(span.1, Syntax::start);
    cx.node(Kind::New, span, |cx| {
        let n = dimensions().map(n_dimensions).sum();
        cx.slot(node.field(f().type_), span.0, |cx, type_| array_of(cx, type_, n));
        cx.node(Kind::Args, (start, span.1), |cx| {
            for size in dimensions().filter(|child| kind(*child) == K::DimensionsExpr) {
                size.children().filter(|child| !is_annotation(*child)).for_each(|size| expression(cx, size));
            }
            if let Some(elements) = node.field(f().value) {
                expression(cx, elements);
            }
        });
        cx.none(span.1);
    });
}

/// `a[i]`; in a pattern also what stands for a metavariable with a type.
fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (array, index) = (node.field(f().array), node.field(f().index));
    if cx.is_pattern() && index.is_some_and(|index| index.text() == reserved::TYPED) {
        return cx.slot(array, span.0, expression);
    }
    cx.node(Kind::Index, span, |cx| {
        cx.slot(array, span.0, expression);
        cx.slot(index, span.1, expression);
    });
}

fn method_reference(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let arguments = node.children().skip(1).find(|child| kind(*child) == K::TypeArguments);
    let object = node.first();
    generic(cx, arguments, span, |cx| {
        cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
            cx.slot(object, span.0, expression);
            match node.all_children().last() {
                Some(member) if member.is_named() => expression(cx, member),
                Some(member) => cx.name("new", member.span()),
                None => cx.none(span.1),
            }
        });
    });
}

fn type_test(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::TypeTest, span, |cx| {
        cx.slot(node.field(f().left), span.0, expression);
        let type_ = node.field(f().right);
        cx.slot(type_.or_else(|| node.field(f().pattern)), span.1, expression);
        if let (Some(type_), Some(name)) = (type_, node.field(f().name)) {
            let bound = Some(type_).filter(|type_| again::is_plain(type_.text()));
            binding(cx, name, bound, (type_.start(), name.end()));
        }
    });
}

/// A name that is bound to what a pattern matches.
fn binding(cx: &mut Cx<'_>, name: Syntax<'_>, type_: Option<Syntax<'_>>, span: (u32, u32)) {
    cx.node(Kind::VarDef, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        expression(cx, name);
        cx.slot(type_, span.0, expression);
        cx.none(span.1);
    });
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Lambda, span, |cx| {
        cx.slot(node.field(f().parameters), span.0, |cx, list| match kind(list) {
            K::FormalParameters | K::InferredParameters => definition::parameters(cx, list),
            _ => {
                cx.node(Kind::Params, list.span(), |cx| definition::parameter(cx, list));
            }
        });
        cx.none(span.0);
        match node.field(f().body) {
            Some(block) if kind(block) == K::Block => body(cx, Some(block), span.1),
            other => cx.slot(other, span.1, expression),
        }
    });
}

fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Annotation, span, |cx| {
        let name = node.field(f().name);
        match node.field(f().arguments) {
            Some(arguments) => {
                let start = name.map_or(span.0, Syntax::start);
                cx.node(Kind::Call, (start, span.1), |cx| {
                    cx.slot(name, span.0, expression);
                    expression(cx, arguments);
                });
            }
            None => cx.slot(name, span.1, expression),
        }
    });
}

/// What stands between the quotes, of which a text block has three.
fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let length = if node.text().starts_with("\"\"\"") && 6 <= node.text().len() { 3 } else { 1 };
    let (start, end) = (span.0.saturating_add(length), span.1.saturating_sub(length));
    if node.children().all(|part| kind(part) != K::StringInterpolation) {
        return cx.string(node.source(start, end.max(start)), span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = start;
        for part in node.children().filter(|part| kind(*part) == K::StringInterpolation) {
            if at < part.start() {
                cx.string(node.source(at, part.start()), (at, part.start()));
            }
            cx.slot(part.first(), part.end(), expression);
            at = part.end();
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}
