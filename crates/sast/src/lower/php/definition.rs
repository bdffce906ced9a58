//! Functions, classes and what is in them.

use super::{K, expression, expression::expression, f, kind, literal, statement};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

fn is_modifier(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::AbstractModifier
            | K::FinalModifier
            | K::ReadonlyModifier
            | K::ReferenceModifier
            | K::StaticModifier
            | K::VarModifier
            | K::VisibilityModifier
    )
}

/// Modifiers and attributes that stand before a definition.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_attr = |child: &Syntax<'_>| is_modifier(*child) || kind(*child) == K::AttributeList;
    let end = node.children().filter(is_attr).last().map_or(node.start(), Syntax::end);
    cx.node(Kind::Attrs, (node.start(), end), |cx| {
        for child in node.children().filter(is_attr) {
            if kind(child) == K::AttributeList { attributes(cx, child) } else { modifier(cx, child) }
        }
        // A method is public where nothing else is said.
        let has_visibility = || node.children().any(|child| kind(child) == K::VisibilityModifier);
        if !cx.is_pattern() && kind(node) == K::MethodDeclaration && !has_visibility() {
            cx.word(Kind::Modifier, Op::None, "public", (end, end));
        }
        // `static` before variables is a token.
        if kind(node) == K::FunctionStaticDeclaration {
            cx.word(Kind::Modifier, Op::None, "static", (node.start(), node.start() + 6));
        }
    });
}

fn modifier(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        cx.word(Kind::Modifier, Op::None, &text.to_ascii_lowercase(), node.span());
    } else {
        cx.word(Kind::Modifier, Op::None, text, node.span());
    }
}

/// `#[A, B(1)]`.
pub(super) fn attributes(cx: &mut Cx<'_>, list: Syntax<'_>) {
    for group in list.children() {
        for attribute in group.children() {
            cx.node(Kind::Annotation, attribute.span(), |cx| self::attribute(cx, attribute));
        }
    }
}

pub(super) fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.first();
    match node.field(f().parameters) {
        Some(arguments) => {
            cx.node(Kind::Call, node.span(), |cx| {
                cx.slot(name, node.start(), expression);
                expression(cx, arguments);
            });
        }
        None => cx.slot(name, node.end(), expression),
    }
}

pub(super) fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().name);
    let is_constructor = kind(node) == K::MethodDeclaration && name.is_some_and(|name| name.text().eq_ignore_ascii_case("__construct"));
    let op = if is_constructor { Op::Constructor } else { Op::None };
    cx.node_op(Kind::FuncDef, op, node.span(), |cx| {
        attrs(cx, node);
        let is_method = kind(node) == K::MethodDeclaration;
        cx.slot(name, node.start(), if is_method { expression } else { literal::function_name });
        parameters(cx, node);
        cx.slot(node.field(f().return_type), node.start(), expression);
        statement::body(cx, node.field(f().body), node.end());
    });
}

/// The parameters of a function; none are an empty list.
pub(super) fn parameters(cx: &mut Cx<'_>, function: Syntax<'_>) {
    match function.field(f().parameters) {
        Some(list) => parameter_list(cx, list),
        None => {
            cx.node(Kind::Params, (function.start(), function.start()), |_| {});
        }
    }
}

pub(super) fn parameter_list(cx: &mut Cx<'_>, list: Syntax<'_>) {
    cx.node(Kind::Params, list.span(), |cx| list.children().for_each(|child| parameter(cx, child)));
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if !matches!(kind(node), K::SimpleParameter | K::VariadicParameter | K::PropertyPromotionParameter) {
        return expression(cx, node);
    }
    let op = if kind(node) == K::VariadicParameter { Op::Splat } else { Op::None };
    let name = node.field(f().name);
    cx.node_op(Kind::Param, op, span, |cx| {
        attrs(cx, node);
        match name {
            Some(name) if kind(name) == K::ByRef => cx.slot(name.first(), name.start(), expression),
            name => cx.slot(name, span.0, expression),
        }
        cx.slot(node.field(f().type_), span.0, expression);
        cx.slot(node.field(f().default_value), span.1, expression);
    });
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let op = match kind(node) {
        K::InterfaceDeclaration => Op::Interface,
        K::TraitDeclaration => Op::Trait,
        K::EnumDeclaration => Op::Enum,
        _ => Op::Class,
    };
    cx.node_op(Kind::ClassDef, op, node.span(), |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), node.start(), expression);
        cx.none(node.start());
        bases(cx, node);
        cx.slot(node.field(f().body), node.end(), members);
    });
}

fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_clause = |child: &Syntax<'_>| matches!(kind(*child), K::BaseClause | K::ClassInterfaceClause | K::PrimitiveType);
    let mut clauses = node.children().filter(is_clause);
    let start = clauses.next().map_or(node.start(), Syntax::start);
    let end = node.children().filter(is_clause).last().map_or(start, Syntax::end);
    cx.node(Kind::Bases, (start, end), |cx| {
        for clause in node.children().filter(is_clause) {
            if kind(clause) == K::PrimitiveType { expression(cx, clause) } else { expression::expressions(cx, clause) }
        }
    });
}

pub(super) fn members(cx: &mut Cx<'_>, list: Syntax<'_>) {
    cx.node(Kind::Block, list.span(), |cx| list.children().for_each(|child| statement::statement(cx, child)));
}

pub(super) fn member(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PropertyDeclaration => {
            variables(cx, node, K::PropertyElement, Op::None);
            for list in node.children().filter(|child| kind(*child) == K::PropertyHookList) {
                list.children().for_each(|hook| member(cx, hook));
            }
        }
        K::EnumCase => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::PropertyHook => {
            let name = node.children().find(|child| kind(*child) == K::Name);
            let op = match name.map(Syntax::text) {
                Some("get") => Op::Getter,
                Some("set") => Op::Setter,
                _ => Op::None,
            };
            cx.node_op(Kind::FuncDef, op, span, |cx| {
                attrs(cx, node);
                cx.slot(name, span.0, expression);
                parameters(cx, node);
                cx.none(span.0);
                match node.field(f().body) {
                    Some(value) if kind(value) != K::CompoundStatement => expression(cx, value),
                    block => statement::body(cx, block, span.1),
                }
            });
        }
        // `use A, B;` takes traits along. In patterns it is how `...` is written among members.
        K::UseDeclaration => match node.first() {
            Some(only) if cx.is_pattern() && literal::is_dots(only) => expression(cx, only),
            _ => cx.other(node.kind_name(), node, expression),
        },
        _ => statement::statement(cx, node),
    }
}

/// Variables, constants or properties of one declaration. The first spans it all.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>, element: K, op: Op) {
    for (i, declared) in node.children().filter(|child| kind(*child) == element).enumerate() {
        let span = if i == 0 { node.span() } else { declared.span() };
        let (name, value) = match element {
            K::ConstElement => (declared.first(), declared.children().nth(1)),
            K::PropertyElement => (declared.field(f().name), declared.field(f().default_value)),
            _ => (declared.field(f().name), declared.field(f().value)),
        };
        cx.node_op(Kind::VarDef, op, span, |cx| {
            attrs(cx, node);
            cx.slot(name, span.0, expression);
            cx.slot(node.field(f().type_), span.0, expression);
            cx.slot(value, span.1, expression);
        });
    }
}

/// `function (…) use (…) {…}` and `fn (…) => …`.
pub(super) fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Lambda, node.span(), |cx| {
        parameters(cx, node);
        cx.slot(node.field(f().return_type), node.start(), expression);
        match node.field(f().body) {
            Some(value) if kind(value) != K::CompoundStatement => expression(cx, value),
            block => statement::body(cx, block, node.end()),
        }
    });
}

/// `new A(…)` and `new class (…) {…}`.
pub(super) fn new(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let anonymous = node.children().find(|child| kind(*child) == K::AnonymousClass);
    let arguments = anonymous.unwrap_or(node).children().find(|child| kind(*child) == K::Arguments);
    cx.node(Kind::New, span, |cx| {
        match anonymous {
            // The type of an anonymous class is what it extends.
            Some(class) => {
                let base = class.children().find(|child| matches!(kind(*child), K::BaseClause | K::ClassInterfaceClause));
                cx.slot(base.and_then(Syntax::first), span.0, expression);
            }
            None => cx.slot(node.children().find(|child| kind(*child) != K::Arguments), span.0, expression),
        }
        match arguments {
            Some(arguments) => expression(cx, arguments),
            None => {
                cx.node(Kind::Args, (span.1, span.1), |_| {});
            }
        }
        cx.slot(anonymous.and_then(|class| class.field(f().body)), span.1, members);
    });
}
