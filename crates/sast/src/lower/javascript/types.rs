//! Types of TypeScript: expressions as far as there is one that looks like them.

use super::{
    K, definition,
    definition::Outer,
    expression::{expression, expressions},
    f, kind,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// What stands behind the colon of an annotation is the type; everything that nothing else knows ends here too.
pub(super) fn type_(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::TypeAnnotation
        | K::AssertsAnnotation
        | K::TypePredicateAnnotation
        | K::OmittingTypeAnnotation
        | K::AddingTypeAnnotation
        | K::OptingTypeAnnotation
        | K::Constraint
        | K::DefaultType
        | K::TemplateType => cx.slot(node.first(), span.1, expression),
        // The only literal that is a token is `undefined`, in old grammars.
        K::LiteralType => match node.first() {
            Some(literal) => expression(cx, literal),
            None => cx.name_of(node),
        },
        K::NestedTypeIdentifier | K::NestedIdentifier => {
            let fields = f(node);
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(fields.module).or_else(|| node.field(fields.object)), span.0, expression);
                cx.slot(node.field(fields.name).or_else(|| node.field(fields.property)), span.1, expression);
            });
        }
        K::GenericType => {
            cx.slot(node.field(f(node).name), span.0, |cx, name| with_arguments(cx, name, node.field(f(node).type_arguments)));
        }
        K::TypeArguments => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.none(span.0);
                expressions(cx, node);
            });
        }
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| expressions(cx, node));
        }
        K::OptionalType | K::FlowMaybeType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| expressions(cx, node));
        }
        K::TupleType => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::UnionType => union(cx, node, Op::BitOr),
        K::IntersectionType => union(cx, node, Op::BitAnd),
        K::LookupType => {
            cx.node(Kind::Index, span, |cx| expressions(cx, node));
        }
        K::TypeQuery => {
            cx.node_op(Kind::Unary, Op::TypeOf, span, |cx| expressions(cx, node));
        }
        K::IndexTypeQuery => {
            cx.node_with(Kind::Unary, Op::Word, "keyof", span, |cx| expressions(cx, node));
        }
        K::TypePredicate => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f(node).name), span.0, expression);
                cx.slot(node.field(f(node).type_), span.1, expression);
            });
        }
        K::TemplateLiteralType => {
            cx.node(Kind::Interp, span, |cx| {
                for part in node.children() {
                    if kind(part) == K::TemplateType { type_(cx, part) } else { cx.string(part.text(), part.span()) }
                }
            });
        }
        K::ObjectType => {
            cx.node_with(Kind::Other, Op::None, "object_type", span, |cx| definition::members(cx, node));
        }
        K::PropertySignature | K::MethodSignature | K::CallSignature | K::ConstructSignature => {
            definition::member(cx, node, &Outer::default());
        }
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// Something with arguments that are types.
pub(super) fn with_arguments(cx: &mut Cx<'_>, base: Syntax<'_>, arguments: Option<Syntax<'_>>) {
    let Some(arguments) = arguments else { return expression(cx, base) };
    cx.node(Kind::TypeArgs, (base.start(), arguments.end()), |cx| {
        expression(cx, base);
        expressions(cx, arguments);
    });
}

/// `A | B`; a bar in front of all is no more than layout.
fn union(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let mut parts = node.children();
    match (parts.next(), parts.next()) {
        (Some(only), None) => expression(cx, only),
        _ => {
            cx.node_op(Kind::Binary, op, node.span(), |cx| expressions(cx, node));
        }
    }
}

/// Parameters of types, where the attributes of a definition are.
pub(super) fn parameters(cx: &mut Cx<'_>, node: Option<Syntax<'_>>) {
    if let Some(node) = node {
        cx.other("type_parameters", node, expression);
    }
}

/// What a class is made from.
pub(super) fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let heritage = node.children().find(|child| matches!(kind(*child), K::ClassHeritage | K::ExtendsTypeClause));
    let Some(heritage) = heritage else { return cx.empty(Kind::Bases, node.start()) };
    cx.node(Kind::Bases, heritage.span(), |cx| {
        for clause in heritage.children() {
            match kind(clause) {
                K::ExtendsClause => extends(cx, clause),
                K::ImplementsClause => expressions(cx, clause),
                _ => expression(cx, clause),
            }
        }
    });
}

/// Arguments that are types follow what they belong to.
fn extends(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let mut parts = clause.children().peekable();
    while let Some(base) = parts.next() {
        let arguments = parts.next_if(|next| kind(*next) == K::TypeArguments);
        with_arguments(cx, base, arguments);
    }
}
