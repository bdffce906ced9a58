//! Classes, triggers and what is in them.

use super::{
    K,
    expression::{expression, expressions},
    f, kind, of,
    statement::{body, statements},
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, again, context::reserved},
};

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::ClassDeclaration => class(cx, node, Op::Class),
        K::InterfaceDeclaration => class(cx, node, Op::Interface),
        K::EnumDeclaration => class(cx, node, Op::Enum),
        K::EnumConstant => {
            let span = node.span();
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.none(span.1);
            });
        }
        K::TriggerDeclaration => trigger(cx, node),
        // In a pattern a method without a type is any method of that name.
        K::ConstructorDeclaration if !cx.is_pattern() => function(cx, node, Op::Constructor),
        _ => function(cx, node, Op::None),
    }
}

/// Modifiers and annotations.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let list = node.children().take_while(|child| kind(*child) != K::VariableDeclarator).find(|child| kind(*child) == K::Modifiers);
    let span = list.map_or((node.start(), node.start()), Syntax::span);
    cx.node(Kind::Attrs, span, |cx| {
        let mut held: Option<Syntax<'_>> = None;
        for modifier in list.into_iter().flat_map(Syntax::children) {
            let text = modifier.text().to_ascii_lowercase();
            let how = text.strip_suffix("sharing").map(str::trim).or((text == "with").then_some("with"));
            match (how, held.take()) {
                // `$X sharing`: see the spelling of metavariables.
                (Some(_), Some(metavariable)) => sharing(cx, modifier.span(), |cx| {
                    cx.slot(metavariable.field(f().name), metavariable.start(), expression);
                }),
                (Some(how), None) => sharing(cx, modifier.span(), |cx| cx.name(how, modifier.span())),
                (None, before) => {
                    before.into_iter().for_each(|before| expression(cx, before));
                    if kind(modifier) == K::Annotation {
                        let is_hole = cx.is_pattern() && text.starts_with(&format!("@{}", reserved::METAVAR.to_ascii_lowercase()));
                        if is_hole { held = Some(modifier) } else { expression(cx, modifier) }
                    } else {
                        cx.word(Kind::Modifier, Op::None, &text, modifier.span());
                    }
                }
            }
        }
        held.into_iter().for_each(|held| expression(cx, held));
    });
}

fn sharing(cx: &mut Cx<'_>, span: (u32, u32), how: impl FnOnce(&mut Cx<'_>)) {
    cx.node_with(Kind::Other, Op::None, "sharing", span, how);
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.none(span.0);
        let lists = || node.children().filter(|child| matches!(kind(*child), K::Superclass | K::Interfaces | K::ExtendsInterfaces));
        let at = node.field(f().name).map_or(span.0, Syntax::end);
        let (first, last) = (lists().next().map_or(at, Syntax::start), lists().last().map_or(at, Syntax::end));
        cx.node(Kind::Bases, (first, last), |cx| {
            for base in lists().flat_map(Syntax::children) {
                if kind(base) == K::TypeList { expressions(cx, base) } else { expression(cx, base) }
            }
        });
        cx.slot(node.field(f().body), span.1, members);
    });
}

/// The body of a class.
pub(super) fn members(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        match node.field(f().parameters) {
            Some(list) => parameters(cx, list),
            None => cx.empty(Kind::Params, node.field(f().name).map_or(span.0, Syntax::end)),
        }
        type_of(cx, node, node.field(f().dimensions));
        body(cx, node.field(f().body), span.1);
    });
}

/// `trigger t on A (before insert) { … }`
fn trigger(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let events = || node.children().filter(|child| kind(*child) == K::TriggerEvent);
    let object = node.field(f().object);
    let start = object.map_or(span.0, Syntax::start);
    let end = events().last().map_or(start, Syntax::end).max(start);
    cx.node_op(Kind::FuncDef, Op::Word, span, |cx| {
        cx.node(Kind::Attrs, (start, end), |cx| {
            cx.node_with(Kind::Other, Op::None, "on", (start, start), |cx| cx.slot(object, start, expression));
            for event in events() {
                let words = event.text().to_ascii_lowercase().split_ascii_whitespace().collect::<Vec<_>>().join(" ");
                cx.word(Kind::Modifier, Op::None, &words, event.span());
            }
        });
        cx.slot(node.field(f().name), span.0, expression);
        cx.empty(Kind::Params, end);
        cx.none(end);
        cx.slot(node.field(f().body), span.1, |cx, node| {
            cx.node(Kind::Block, node.span(), |cx| {
                // The grammar has a block in the body.
                for child in node.children() {
                    if kind(child) == K::Block { statements(cx, child) } else { super::statement::statement(cx, child) }
                }
            });
        });
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| node.children().for_each(|one| parameter(cx, one)));
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if node.is_error() {
        return cx.opaque(node);
    }
    cx.node(Kind::Param, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        type_of(cx, node, node.field(f().dimensions));
        cx.none(span.1);
    });
}

/// The type of a definition; brackets behind its name are a part of it.
fn type_of(cx: &mut Cx<'_>, node: Syntax<'_>, dimensions: Option<Syntax<'_>>) {
    let of = node.field(f().type_);
    match (of, dimensions) {
        (Some(of), Some(_)) => {
            cx.node_op(Kind::TypeOf, Op::Array, of.span(), |cx| expression(cx, of));
        }
        _ => cx.slot(of, node.start(), expression),
    }
}

/// One definition for each name that a declaration declares, and one for each accessor of a property.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut before = "";
    for (at, declarator) in node.fields(f().declarator).enumerate() {
        let span = if at == 0 { node.span() } else { declarator.span() };
        if at == 0 {
            before = node.source(node.start(), declarator.start());
        }
        if again::is_shared(at, before) {
            variable(cx, node, declarator, span);
        } else {
            cx.node(Kind::VarDef, span, |cx| {
                cx.empty(Kind::Attrs, span.0);
                cx.slot(declarator.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.slot(declarator.field(f().value), span.1, expression);
            });
        }
        let accessors = of(declarator, K::AccessorList).or_else(|| of(node, K::AccessorList)).filter(|_| at == 0);
        accessors.into_iter().flat_map(Syntax::children).take(2).for_each(|one| accessor(cx, node, declarator, one));
    }
}

/// A variable: what is said of all that are declared together, and what of it alone.
pub(super) fn variable(cx: &mut Cx<'_>, node: Syntax<'_>, declarator: Syntax<'_>, span: (u32, u32)) {
    // The iterated value of a loop is not its variable's.
    let value = if kind(node) == K::EnhancedForStatement { None } else { declarator.field(f().value) };
    cx.node(Kind::VarDef, span, |cx| {
        attrs(cx, node);
        cx.slot(declarator.field(f().name), span.0, expression);
        type_of(cx, node, declarator.field(f().dimensions));
        cx.slot(value, span.1, expression);
    });
}

fn accessor(cx: &mut Cx<'_>, property: Syntax<'_>, declarator: Syntax<'_>, node: Syntax<'_>) {
    let Some(inner) = node.field(f().body) else { return };
    let span = node.span();
    let is_getter = node.field(f().accessor).is_some_and(|word| word.text().eq_ignore_ascii_case("get"));
    cx.node_op(Kind::FuncDef, if is_getter { Op::Getter } else { Op::Setter }, span, |cx| {
        attrs(cx, node);
        cx.slot(declarator.field(f().name), span.0, expression);
        cx.node(Kind::Params, (span.0, span.0), |cx| {
            if !is_getter {
                cx.node(Kind::Param, (span.0, span.0), |cx| {
                    cx.empty(Kind::Attrs, span.0);
                    cx.name("value", (span.0, span.0));
                    cx.none(span.0);
                    cx.none(span.0);
                });
            }
        });
        cx.slot(property.field(f().type_).filter(|of| is_getter && again::is_plain(of.text())), span.0, expression);
        body(cx, Some(inner), span.1);
    });
}

/// `this(…)` and `super(…)` in a constructor.
pub(super) fn constructor_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let end = node.field(f().arguments).map_or(node.end(), Syntax::end);
    cx.node(Kind::Call, (node.start(), end), |cx| {
        cx.slot(node.field(f().constructor), node.start(), expression);
        cx.slot(node.field(f().arguments), node.end(), expression);
    });
}
