//! Items and statements.

use super::{K, expression, expression::expression, f, kind, shape, token};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

/// Statements or items in a row. Attributes belong to what follows them.
pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    let mut attributes: Vec<Syntax<'_>> = Vec::new();
    for child in parent.children() {
        if kind(child) == K::AttributeItem {
            attributes.push(child);
            continue;
        }
        statement(cx, child, &attributes);
        attributes.clear();
    }
    annotations(cx, &attributes);
}

fn annotations(cx: &mut Cx<'_>, attributes: &[Syntax<'_>]) {
    for attribute in attributes {
        cx.node(Kind::Annotation, attribute.span(), |cx| cx.slot(attribute.first(), attribute.end(), expression));
    }
}

/// The span of an item with the attributes before it.
fn outer_span(attributes: &[Syntax<'_>], node: Syntax<'_>) -> (u32, u32) {
    (attributes.first().map_or(node.start(), |first| first.start()), node.end())
}

/// Attributes, modifiers and type parameters.
fn attrs(cx: &mut Cx<'_>, attributes: &[Syntax<'_>], node: Syntax<'_>, word: &str) {
    let is_attr = |child: &Syntax<'_>| {
        matches!(
            kind(*child),
            K::VisibilityModifier | K::FunctionModifiers | K::MutableSpecifier | K::TypeParameters | K::WhereClause | K::ExternModifier
        )
    };
    let (start, _) = outer_span(attributes, node);
    let end = node.children().filter(is_attr).last().map_or(node.start(), Syntax::end);
    cx.node(Kind::Attrs, (start, end.max(start)), |cx| {
        annotations(cx, attributes);
        for child in node.children().filter(is_attr) {
            match kind(child) {
                K::FunctionModifiers => {
                    for word in child.all_children() {
                        cx.word(Kind::Modifier, Op::None, word.text(), word.span());
                    }
                }
                K::VisibilityModifier | K::MutableSpecifier | K::ExternModifier => {
                    cx.word(Kind::Modifier, Op::None, child.text(), child.span());
                }
                _ => cx.other(child.kind_name(), child, shape::type_),
            }
        }
        if !word.is_empty() {
            cx.word(Kind::Modifier, Op::None, word, (start, start));
        }
    });
}

/// A statement or an item: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>]) {
    // What has no place for attributes stands behind them.
    let has_attrs = !matches!(
        kind(node),
        K::ModItem | K::UseDeclaration | K::ExternCrateDeclaration | K::MacroDefinition | K::EmptyStatement | K::ExpressionStatement
    );
    if !has_attrs {
        annotations(cx, attributes);
    }
    let span = if has_attrs { outer_span(attributes, node) } else { node.span() };
    match kind(node) {
        K::FunctionItem | K::FunctionSignatureItem => function(cx, node, attributes),
        K::StructItem | K::UnionItem => class(cx, node, attributes, Op::Struct),
        K::EnumItem => class(cx, node, attributes, Op::Enum),
        K::TraitItem => class(cx, node, attributes, Op::Trait),
        K::ImplItem => class(cx, node, attributes, Op::Impl),
        K::EnumVariant => variant(cx, node, attributes),
        K::FieldDeclaration => variable(cx, node, attributes, Op::None, ""),
        K::ConstItem => variable(cx, node, attributes, Op::Const, ""),
        K::StaticItem => variable(cx, node, attributes, Op::Const, "static"),
        K::LetDeclaration => let_declaration(cx, node, attributes),
        K::TypeItem | K::AssociatedType => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                attrs(cx, attributes, node, "type");
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().bounds), span.0, shape::type_);
                cx.slot(node.field(f().type_), span.1, shape::type_);
            });
        }
        K::ModItem => match node.field(f().body) {
            Some(body) => {
                cx.node(Kind::Namespace, span, |cx| {
                    cx.slot(node.field(f().name), span.0, expression);
                    block(cx, body);
                });
            }
            None => {
                cx.node(Kind::Import, span, |cx| {
                    cx.slot(node.field(f().name), span.0, expression);
                    cx.none(span.1);
                });
            }
        },
        K::UseDeclaration => {
            if let Some(argument) = node.field(f().argument) {
                uses(cx, argument, &[], span);
            }
        }
        K::ExternCrateDeclaration => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().alias), span.1, expression);
            });
        }
        K::InnerAttributeItem => annotations(cx, &[node]),
        K::MacroDefinition => {
            cx.node_with(Kind::Other, Op::None, node.kind_name(), span, |cx| cx.slot(node.field(f().name), span.1, expression));
        }
        K::EmptyStatement | K::Shebang => {}
        K::ExpressionStatement => {
            if let Some(inner) = node.first() {
                expression_statement(cx, inner, node.span());
            }
        }
        K::DeclarationList | K::FieldDeclarationList | K::EnumVariantList => block(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            annotations(cx, attributes);
            expression_statement(cx, node, node.span());
        }
    }
}

/// An expression as a statement; with its semicolon if it has one.
fn expression_statement(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    if cx.is_pattern() && kind(node) == K::MacroInvocation && node.field(f().macro_).is_some_and(|name| name.text() == reserved::DOTS) {
        return cx.name(reserved::DOTS, span);
    }
    if expression::is_statement(node) {
        let before = cx.next_id();
        expression(cx, node);
        cx.cover(before, span);
        return;
    }
    cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
}

/// Statements in braces.
pub(super) fn block(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
}

fn let_declaration(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>]) {
    let span = outer_span(attributes, node);
    cx.node_op(Kind::VarDef, Op::Let, span, |cx| {
        attrs(cx, attributes, node, "");
        cx.slot(node.field(f().pattern), span.0, shape::pattern);
        cx.slot(node.field(f().type_), span.0, shape::type_);
        cx.slot(node.field(f().value), span.1, expression);
    });
    // `let A(b) = c else {…}` goes on, or leaves.
    if let Some(otherwise) = node.field(f().alternative) {
        cx.node(Kind::If, otherwise.span(), |cx| {
            cx.node_with(Kind::Other, Op::None, "let_else", (otherwise.start(), otherwise.start()), |_| {});
            block(cx, otherwise);
            cx.none(otherwise.end());
        });
    }
}

fn variable(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>], op: Op, word: &str) {
    let span = outer_span(attributes, node);
    cx.node_op(Kind::VarDef, op, span, |cx| {
        attrs(cx, attributes, node, word);
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().type_), span.0, shape::type_);
        cx.slot(node.field(f().value), span.1, expression);
    });
}

/// A variant of an enumeration; what it holds is its type.
fn variant(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>]) {
    let span = outer_span(attributes, node);
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        attrs(cx, attributes, node, "");
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().body), span.1, |cx, body| {
            if kind(body) == K::FieldDeclarationList {
                block(cx, body);
            } else {
                cx.node(Kind::Tuple, body.span(), |cx| body.fields(f().type_).for_each(|of| shape::type_(cx, of)));
            }
        });
        cx.slot(node.field(f().value), span.1, expression);
    });
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>]) {
    let span = outer_span(attributes, node);
    cx.node(Kind::FuncDef, span, |cx| {
        attrs(cx, attributes, node, "");
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().parameters), span.0, parameters);
        cx.slot(node.field(f().return_type), span.0, shape::type_);
        cx.slot(node.field(f().body), span.1, block);
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, list: Syntax<'_>) {
    cx.node(Kind::Params, list.span(), |cx| {
        let mut attributes: Vec<Syntax<'_>> = Vec::new();
        for child in list.all_children() {
            if kind(child) == K::AttributeItem {
                attributes.push(child);
            } else if child.is_named() || child.text() == "_" {
                parameter(cx, child, &attributes);
                attributes.clear();
            }
        }
    });
}

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>]) {
    let span = outer_span(attributes, node);
    let op = match kind(node) {
        K::SelfParameter => Op::Receiver,
        K::VariadicParameter => Op::Splat,
        _ => Op::None,
    };
    cx.node_op(Kind::Param, op, span, |cx| {
        if kind(node) == K::SelfParameter {
            cx.node(Kind::Attrs, node.span(), |cx| {
                for child in node.all_children().filter(|child| kind(*child) != K::Self_) {
                    cx.word(Kind::Modifier, Op::None, child.text(), child.span());
                }
            });
        } else {
            attrs(cx, attributes, node, "");
        }
        match kind(node) {
            K::Parameter | K::VariadicParameter => {
                cx.slot(node.field(f().pattern), span.0, shape::pattern);
                cx.slot(node.field(f().type_), span.1, shape::type_);
            }
            K::SelfParameter => {
                cx.slot(node.children().find(|child| kind(*child) == K::Self_), span.1, expression);
                cx.none(span.1);
            }
            // A type in `fn(A)`, a name in a closure.
            _ => {
                shape::pattern(cx, node);
                cx.none(span.1);
            }
        }
        cx.none(span.1);
    });
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, attributes: &[Syntax<'_>], op: Op) {
    let span = outer_span(attributes, node);
    let body = node.field(f().body);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, attributes, node, "");
        // `impl A for B` is a class of `B` made from `A`.
        let name = if op == Op::Impl { node.field(f().type_) } else { node.field(f().name) };
        cx.slot(name, span.0, shape::type_);
        cx.slot(body.filter(|body| kind(*body) == K::OrderedFieldDeclarationList), span.0, tuple_fields);
        let bases = node.field(f().trait_).or_else(|| node.field(f().bounds));
        let at = name.map_or(span.0, Syntax::end);
        cx.node(Kind::Bases, bases.map_or((at, at), Syntax::span), |cx| match bases {
            Some(bounds) if kind(bounds) == K::TraitBounds => bounds.children().for_each(|bound| shape::type_(cx, bound)),
            Some(one) => shape::type_(cx, one),
            None => {}
        });
        cx.slot(body.filter(|body| kind(*body) != K::OrderedFieldDeclarationList), span.1, block);
    });
}

/// `(pub A, B)` of a struct, as the parameters of a constructor.
fn tuple_fields(cx: &mut Cx<'_>, list: Syntax<'_>) {
    cx.node(Kind::Params, list.span(), |cx| {
        let mut before: Vec<Syntax<'_>> = Vec::new();
        for child in list.children() {
            if matches!(kind(child), K::AttributeItem | K::VisibilityModifier) {
                before.push(child);
                continue;
            }
            let start = before.first().map_or(child.start(), |first| first.start());
            cx.node(Kind::Param, (start, child.end()), |cx| {
                cx.node(Kind::Attrs, (start, child.start()), |cx| {
                    for attr in before.drain(..) {
                        if kind(attr) == K::AttributeItem {
                            annotations(cx, &[attr]);
                        } else {
                            cx.word(Kind::Modifier, Op::None, attr.text(), attr.span());
                        }
                    }
                });
                cx.none(start);
                shape::type_(cx, child);
                cx.none(child.end());
            });
        }
    });
}

/// `#[a]`, `#[a(b)]` or `#[a = b]` without what is around it.
pub(super) fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let path = node.first();
    if let Some(arguments) = node.field(f().arguments) {
        cx.node(Kind::Call, span, |cx| {
            cx.slot(path, span.0, expression);
            token::arguments(cx, arguments);
        });
    } else if let Some(value) = node.field(f().value) {
        cx.node(Kind::Assign, span, |cx| {
            cx.slot(path, span.0, expression);
            expression(cx, value);
        });
    } else {
        cx.slot(path, span.1, expression);
    }
}

/// The names of a path.
fn segments(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut names = Vec::new();
    let mut rest = Some(node);
    while let Some(node) = rest {
        if matches!(kind(node), K::ScopedIdentifier | K::ScopedTypeIdentifier) {
            names.extend(node.field(f().name));
            rest = node.field(f().path);
        } else {
            names.push(node);
            rest = None;
        }
    }
    names.reverse();
    names
}

fn path(cx: &mut Cx<'_>, names: &[Syntax<'_>], at: u32) {
    cx.row(Kind::Dot, Op::Scope, names, at, expression);
}

/// What a `use` makes known: one import for each list. The prefix is the path before the list.
fn uses(cx: &mut Cx<'_>, node: Syntax<'_>, prefix: &[Syntax<'_>], span: (u32, u32)) {
    match kind(node) {
        K::ScopedUseList | K::UseList => {
            let mut names = prefix.to_vec();
            names.extend(node.field(f().path).map(segments).unwrap_or_default());
            let list = if kind(node) == K::UseList { Some(node) } else { node.field(f().list) };
            let Some(list) = list else { return };
            let is_plain = |child: &Syntax<'_>| {
                let name = if kind(*child) == K::UseAsClause { child.field(f().path) } else { Some(*child) };
                !names.is_empty() && name.is_some_and(|name| matches!(kind(name), K::Identifier | K::Metavariable))
            };
            if list.children().any(|child| is_plain(&child)) {
                cx.node(Kind::ImportFrom, span, |cx| {
                    path(cx, &names, node.start());
                    list.children().filter(is_plain).for_each(|child| import_item(cx, child));
                });
            }
            list.children().filter(|child| !is_plain(child)).for_each(|child| uses(cx, child, &names, span));
        }
        K::UseWildcard => {
            let mut names = prefix.to_vec();
            names.extend(node.first().map(segments).unwrap_or_default());
            cx.node(Kind::ImportFrom, span, |cx| {
                path(cx, &names, node.start());
                let star = (node.end().saturating_sub(1), node.end());
                cx.node(Kind::ImportItem, star, |cx| {
                    cx.name("*", star);
                    cx.none(star.1);
                });
            });
        }
        _ => {
            let (name, alias) =
                if kind(node) == K::UseAsClause { (node.field(f().path), node.field(f().alias)) } else { (Some(node), None) };
            let mut names = prefix.to_vec();
            let own = name.map(segments).unwrap_or_default();
            // `a::{self}` is `a`.
            if names.is_empty() || own.first().is_none_or(|first| kind(*first) != K::Self_) {
                names.extend(own);
            }
            match names.as_slice() {
                [module @ .., last] if !module.is_empty() => {
                    cx.node(Kind::ImportFrom, span, |cx| {
                        path(cx, module, node.start());
                        cx.node(Kind::ImportItem, node.span(), |cx| {
                            expression(cx, *last);
                            cx.slot(alias, node.end(), expression);
                        });
                    });
                }
                _ => {
                    cx.node(Kind::Import, span, |cx| {
                        path(cx, &names, node.start());
                        cx.slot(alias, node.end(), expression);
                    });
                }
            }
        }
    }
}

fn import_item(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::ImportItem, node.span(), |cx| {
        if kind(node) == K::UseAsClause {
            cx.slot(node.field(f().path), node.start(), expression);
            cx.slot(node.field(f().alias), node.end(), expression);
        } else {
            expression(cx, node);
            cx.none(node.end());
        }
    });
}
