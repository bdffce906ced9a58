//! Contracts, functions, variables.

use super::{
    K,
    expression::{arguments, expression},
    f, kind, statement,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

pub(super) fn is_definition(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::ConstantVariableDeclaration
            | K::ConstructorDefinition
            | K::ContractDeclaration
            | K::EnumDeclaration
            | K::EnumValue
            | K::ErrorDeclaration
            | K::EventDefinition
            | K::FallbackReceiveDefinition
            | K::FunctionDefinition
            | K::InterfaceDeclaration
            | K::LibraryDeclaration
            | K::ModifierDefinition
            | K::StateVariableDeclaration
            | K::StructDeclaration
            | K::StructMember
            | K::UserDefinedTypeDefinition
    )
}

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ContractDeclaration => class(cx, node, Op::Module),
        K::LibraryDeclaration => class(cx, node, Op::Object),
        K::InterfaceDeclaration => class(cx, node, Op::Interface),
        K::StructDeclaration => class(cx, node, Op::Struct),
        K::EnumDeclaration => class(cx, node, Op::Enum),
        K::FunctionDefinition => function(cx, node, Op::None),
        K::ConstructorDefinition => function(cx, node, Op::Constructor),
        K::FallbackReceiveDefinition => function(cx, node, Op::None),
        // Modifiers, events and errors are no functions that a pattern of a function is meant for.
        K::ModifierDefinition | K::EventDefinition | K::ErrorDeclaration => function(cx, node, Op::Word),
        K::StateVariableDeclaration | K::StructMember => variable(cx, node, Op::None),
        K::ConstantVariableDeclaration => variable(cx, node, Op::None),
        K::EnumValue => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                cx.name_of(node);
                cx.none(span.1);
                cx.none(span.1);
            });
        }
        _ => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0 + 4), |cx| cx.word(Kind::Modifier, Op::None, "type", (span.0, span.0 + 4)));
                cx.slot(node.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.slot(node.children().find(|child| kind(*child) == K::PrimitiveType), span.1, expression);
            });
        }
    }
}

/// The words and modifiers of a definition.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_attr = |child: &Syntax<'_>| match kind(*child) {
        K::Visibility
        | K::StateMutability
        | K::StateLocation
        | K::Virtual
        | K::Immutable
        | K::OverrideSpecifier
        | K::ModifierInvocation => true,
        K::Unknown => matches!(
            child.text(),
            "abstract"
                | "anonymous"
                | "calldata"
                | "constant"
                | "error"
                | "event"
                | "external"
                | "indexed"
                | "internal"
                | "memory"
                | "modifier"
                | "payable"
                | "private"
                | "public"
                | "storage"
                | "transient"
        ),
        _ => false,
    };
    let start = node.all_children().find(is_attr).map_or(node.start(), Syntax::start);
    let end = node.all_children().filter(is_attr).last().map_or(start, Syntax::end);
    cx.node(Kind::Attrs, (start, end), |cx| {
        for child in node.all_children().filter(is_attr) {
            match kind(child) {
                K::ModifierInvocation => modifier(cx, child),
                K::OverrideSpecifier if child.first().is_some() => {
                    cx.node(Kind::Annotation, child.span(), |cx| {
                        cx.node(Kind::Call, child.span(), |cx| {
                            cx.name("override", (child.start(), child.start() + 8));
                            cx.node(Kind::Args, child.span(), |cx| child.children().for_each(|of| expression(cx, of)));
                        });
                    });
                }
                _ => cx.word(Kind::Modifier, Op::None, child.text(), child.span()),
            }
        }
    });
}

/// `onlyOwner` or `only(a)`.
fn modifier(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let names: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::Identifier).collect();
    cx.node(Kind::Annotation, span, |cx| {
        if node.has_token("(") {
            cx.node(Kind::Call, span, |cx| {
                cx.row(Kind::Dot, Op::Dot, &names, span.0, Cx::name_of);
                cx.node(Kind::Args, (names.last().map_or(span.0, |last| last.end()), span.1), |cx| arguments(cx, node));
            });
        } else {
            cx.row(Kind::Dot, Op::Dot, &names, span.0, Cx::name_of);
        }
    });
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let name = node.field(f().name).or_else(|| node.all_children().next());
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(name, span.0, Cx::name_of);
        let open = node.all_children().find(|token| token.text() == "(").map_or(span.0, Syntax::start);
        let close = node.all_children().find(|token| token.text() == ")").map_or(open, Syntax::end);
        cx.node(Kind::Params, (open, close.max(open)), |cx| {
            let parameters = node.children().filter(|child| matches!(kind(*child), K::Parameter | K::EventParameter | K::ErrorParameter));
            parameters.for_each(|child| parameter(cx, child));
        });
        cx.slot(node.field(f().return_type), span.0, return_type);
        statement::body(cx, node.field(f().body), span.1);
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (name, of) = (node.field(f().name), node.field(f().type_).or_else(|| node.first()));
    // A parameter of a pattern that is only a metavariable is one with any type, and dots are any parameters.
    let is_hole = |text: &str| [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix));
    let is_metavariable = cx.is_pattern() && name.is_none() && of.is_some_and(|of| is_hole(of.text()));
    cx.node(Kind::Param, span, |cx| {
        attrs(cx, node);
        if is_metavariable {
            cx.slot(of, span.0, expression);
            cx.none(span.0);
        } else {
            cx.slot(name, span.1, expression);
            cx.slot(of, span.0, expression);
        }
        cx.none(span.1);
    });
}

/// `returns (a)` is a type, `returns (a b, c)` is a list of parameters.
fn return_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parameters = node.children();
    match (parameters.next(), parameters.next()) {
        (Some(only), None) if only.field(f().name).is_none() => cx.slot(only.field(f().type_), node.end(), expression),
        _ => {
            cx.node(Kind::Params, node.span(), |cx| node.children().for_each(|child| parameter(cx, child)));
        }
    }
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let name = node.field(f().name);
    let at = name.map_or(span.0, Syntax::end);
    let bases: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::InheritanceSpecifier).collect();
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(name, span.0, expression);
        cx.none(at);
        let bases_span = (bases.first().map_or(at, |first| first.start()), bases.last().map_or(at, |last| last.end()));
        cx.node(Kind::Bases, bases_span, |cx| bases.iter().for_each(|base| self::base(cx, *base)));
        match node.field(f().body) {
            Some(body) => {
                cx.node(Kind::Block, body.span(), |cx| statement::statements(cx, body));
            }
            None => cx.none(span.1),
        }
    });
}

/// `is A` or `is A(1)`.
fn base(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().ancestor);
    if !node.has_token("(") {
        return cx.slot(name, node.start(), expression);
    }
    cx.node(Kind::Call, node.span(), |cx| {
        cx.slot(name, node.start(), expression);
        cx.node(Kind::Args, (name.map_or(node.start(), Syntax::end), node.end()), |cx| arguments(cx, node));
    });
}

fn variable(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::VarDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().type_), span.0, expression);
        cx.slot(node.field(f().value), span.1, expression);
    });
}

/// A declaration among statements.
pub(super) fn local(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let value = node.field(f().value);
    for declared in node.children().filter(|child| child.in_field() != f().value) {
        if kind(declared) == K::VariableDeclarationTuple {
            tuple(cx, declared, value, node.span());
        } else if declared.is_error() {
            cx.opaque(declared);
        } else {
            variables(cx, &[declared], value, node.span());
        }
    }
}

/// Variables that take a tuple apart; what is left out of it is nothing.
fn tuple(cx: &mut Cx<'_>, declared: Syntax<'_>, value: Option<Syntax<'_>>, span: (u32, u32)) {
    cx.node(Kind::VarDef, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.node(Kind::Tuple, declared.span(), |cx| {
            let mut is_open = true;
            for part in declared.all_children() {
                match part.text() {
                    "var" | "(" => {}
                    "," | ")" if is_open => cx.none(part.start()),
                    "," => is_open = true,
                    ")" => {}
                    _ => {
                        is_open = false;
                        if kind(part) == K::Identifier { cx.name_of(part) } else { variable(cx, part, Op::None) }
                    }
                }
            }
        });
        cx.none(span.0);
        cx.slot(value, span.1, expression);
    });
}

/// One variable, or several that take a value apart.
pub(super) fn variables(cx: &mut Cx<'_>, declared: &[Syntax<'_>], value: Option<Syntax<'_>>, span: (u32, u32)) {
    cx.node(Kind::VarDef, span, |cx| {
        match declared {
            [only] if kind(*only) != K::Identifier => {
                attrs(cx, *only);
                cx.slot(only.field(f().name), span.0, expression);
                cx.slot(only.field(f().type_), span.0, expression);
            }
            all => {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                let all_span = (all.first().map_or(span.0, |first| first.start()), all.last().map_or(span.0, |last| last.end()));
                cx.node(Kind::Tuple, all_span, |cx| {
                    for declared in all {
                        if kind(*declared) == K::Identifier { cx.name_of(*declared) } else { variable(cx, *declared, Op::None) }
                    }
                });
                cx.none(span.0);
            }
        }
        cx.slot(value, span.1, expression);
    });
}
