//! Values, functions, modules and classes.

use super::{K, expression::expression, f, kind, name, of, statement};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ValueDefinition => {
            let mut is_first = true;
            for binding in node.children().filter(|child| kind(*child) == K::LetBinding) {
                // The first has the word `let`, too.
                let start = if std::mem::take(&mut is_first) { node.start() } else { binding.start() };
                let_binding(cx, binding, (start, binding.end()));
            }
        }
        K::OpenModule | K::IncludeModule => {
            cx.node_op(Kind::Import, Op::Star, span, |cx| {
                cx.slot(node.field(f().module), span.1, expression);
                cx.none(span.1);
            });
        }
        K::ModuleDefinition => {
            for binding in node.children().filter(|child| kind(*child) == K::ModuleBinding) {
                module(cx, binding, (span.0, binding.end()));
            }
        }
        K::ClassDefinition => {
            for binding in node.children().filter(|child| kind(*child) == K::ClassBinding) {
                class(cx, binding, (span.0, binding.end()));
            }
        }
        K::FloatingAttribute | K::AttributeId => {}
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// `[@@a]` and `[@@a b]`.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let all = || node.children().filter(|child| kind(*child) == K::ItemAttribute);
    let start = all().next().map_or(node.start(), Syntax::start);
    let end = all().last().map_or(start, Syntax::end);
    cx.node(Kind::Attrs, (start, end), |cx| {
        for attribute in all() {
            cx.node(Kind::Annotation, attribute.span(), |cx| {
                cx.slot(of(attribute, K::AttributeId), attribute.end(), name);
            });
        }
    });
}

/// `let x = 1`, `let f x = x`.
fn let_binding(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let pattern = node.field(f().pattern).or_else(|| of(node, K::ValueName)).or_else(|| of(node, K::ParenthesizedOperator));
    let (declared, value) = (node.field(f().type_), node.field(f().body));
    // A function of a pattern whose name is in upper case looks like a constructor with what it holds.
    let constructor = pattern
        .filter(|pattern| cx.is_pattern() && kind(*pattern) == K::ConstructorPattern)
        .and_then(Syntax::first)
        .filter(|first| first.text().starts_with(reserved::METAVAR));
    let is_function = of(node, K::Parameter).is_some() || constructor.is_some();
    if !is_function {
        let typed = pattern.filter(|pattern| kind(*pattern) == K::TypedPattern);
        cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
            attrs(cx, node);
            cx.slot(typed.map_or(pattern, |typed| typed.field(f().pattern)), span.0, expression);
            cx.slot(typed.map_or(declared, |typed| typed.field(f().type_)), span.0, expression);
            cx.slot(value, span.1, expression);
        });
        return;
    }
    cx.node(Kind::FuncDef, span, |cx| {
        attrs(cx, node);
        cx.slot(constructor.or(pattern), span.0, expression);
        match (constructor, pattern) {
            (Some(name), Some(pattern)) => {
                cx.node(Kind::Params, (name.end(), pattern.end()), |cx| {
                    pattern.children().skip(1).for_each(|inner| bare_parameter(cx, inner));
                });
            }
            _ => parameters(cx, node),
        }
        cx.slot(declared, span.0, expression);
        statement::body(cx, value, span.1);
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let all = || node.children().filter(|child| kind(*child) == K::Parameter);
    let start = all().next().map_or(node.start(), Syntax::start);
    let end = all().last().map_or(start, Syntax::end);
    cx.node(Kind::Params, (start, end), |cx| all().for_each(|parameter| self::parameter(cx, parameter)));
}

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let pattern = node.field(f().pattern).or_else(|| of(node, K::LabelName));
    let typed = pattern.filter(|pattern| kind(*pattern) == K::TypedPattern);
    let (inner, declared) = match typed {
        Some(typed) => (typed.field(f().pattern), typed.field(f().type_)),
        None => (pattern, node.field(f().type_)),
    };
    cx.node(Kind::Param, node.span(), |cx| {
        cx.empty(Kind::Attrs, node.start());
        cx.slot(inner, node.start(), expression);
        cx.slot(declared, node.end(), expression);
        cx.slot(node.field(f().default), node.end(), expression);
    });
}

fn bare_parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Param, node.span(), |cx| {
        cx.empty(Kind::Attrs, node.start());
        expression(cx, node);
        cx.none(node.end());
        cx.none(node.end());
    });
}

/// `module M = N` gives another name, all others are modules of their own.
fn module(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let (title, value) = (of(node, K::ModuleName), node.field(f().body));
    let has_parameters = of(node, K::ModuleParameter).is_some();
    let path = value.filter(|value| !has_parameters && matches!(kind(*value), K::ModulePath | K::ExtendedModulePath));
    if let Some(path) = path {
        cx.node(Kind::Import, span, |cx| {
            expression(cx, path);
            cx.slot(title, span.0, name);
        });
        return;
    }
    cx.node_op(Kind::ClassDef, Op::Module, span, |cx| {
        attrs(cx, node);
        cx.slot(title, span.0, name);
        if has_parameters {
            cx.node(Kind::Params, span, |cx| {
                for parameter in node.children().filter(|child| kind(*child) == K::ModuleParameter) {
                    cx.node(Kind::Param, parameter.span(), |cx| {
                        cx.empty(Kind::Attrs, parameter.start());
                        cx.slot(of(parameter, K::ModuleName), parameter.start(), name);
                        cx.slot(parameter.field(f().module_type), parameter.end(), expression);
                        cx.none(parameter.end());
                    });
                }
            });
        } else {
            cx.none(span.0);
        }
        let structure = value.filter(|value| kind(*value) == K::Structure);
        cx.node(Kind::Bases, (span.0, span.0), |cx| {
            // `module M : S = …`, and `module M = F (N)`.
            node.field(f().module_type).into_iter().for_each(|of| expression(cx, of));
            value.filter(|_| structure.is_none()).into_iter().for_each(|of| expression(cx, of));
        });
        cx.slot(structure, span.1, |cx, structure| {
            cx.node(Kind::Block, structure.span(), |cx| statement::items(cx, structure));
        });
    });
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let mut value = node.field(f().body);
    while let Some(function) = value.filter(|value| kind(*value) == K::ClassFunction) {
        value = function.field(f().body);
    }
    cx.node_op(Kind::ClassDef, Op::Class, span, |cx| {
        attrs(cx, node);
        cx.slot(of(node, K::ClassName), span.0, name);
        if of(node, K::Parameter).is_some() {
            parameters(cx, node);
        } else {
            cx.none(span.0);
        }
        let object = value.filter(|value| kind(*value) == K::ObjectExpression);
        cx.node(Kind::Bases, (span.0, span.0), |cx| {
            value.filter(|_| object.is_none()).into_iter().for_each(|of| expression(cx, of));
        });
        cx.slot(object, span.1, |cx, object| {
            cx.node(Kind::Block, object.span(), |cx| members(cx, object));
        });
    });
}

pub(super) fn members(cx: &mut Cx<'_>, object: Syntax<'_>) {
    for member in object.children() {
        let span = member.span();
        match kind(member) {
            K::MethodDefinition => {
                cx.node(Kind::FuncDef, span, |cx| {
                    attrs(cx, member);
                    cx.slot(of(member, K::MethodName), span.0, name);
                    parameters(cx, member);
                    cx.slot(member.field(f().type_), span.0, expression);
                    statement::body(cx, member.field(f().body), span.1);
                });
            }
            K::InstanceVariableDefinition => {
                cx.node(Kind::VarDef, span, |cx| {
                    attrs(cx, member);
                    cx.slot(of(member, K::InstanceVariableName), span.0, name);
                    cx.slot(member.field(f().type_), span.0, expression);
                    cx.slot(member.field(f().body), span.1, expression);
                });
            }
            _ => expression(cx, member),
        }
    }
}
