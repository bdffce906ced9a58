//! Imports, exports and namespaces.

use super::{
    K, definition,
    definition::Outer,
    expression::{expression, expressions},
    f, is_ellipsis, kind,
    statement::body,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// One node for the parts of a module, and one for the module as a whole (`* as a`).
pub(super) fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let source = node.field(f(node).source);
    let mut is_bare = true;
    for clause in node.children() {
        match kind(clause) {
            K::ImportRequireClause => {
                is_bare = false;
                cx.node(Kind::Import, span, |cx| {
                    cx.slot(clause.field(f(node).source), span.1, expression);
                    cx.slot(clause.first(), span.1, expression);
                });
            }
            K::ImportClause => {
                is_bare = false;
                let whole = clause.children().find(|part| kind(*part) == K::NamespaceImport);
                if clause.children().any(|part| kind(part) != K::NamespaceImport) {
                    cx.node(Kind::ImportFrom, span, |cx| {
                        cx.slot(source, span.1, expression);
                        clause.children().for_each(|part| imported(cx, part));
                    });
                }
                if let Some(whole) = whole {
                    cx.node(Kind::Import, span, |cx| {
                        cx.slot(source, span.1, expression);
                        cx.slot(whole.first(), span.1, expression);
                    });
                }
            }
            _ => {}
        }
    }
    if is_bare {
        cx.node(Kind::Import, span, |cx| {
            cx.slot(source, span.1, expression);
            cx.none(span.1);
        });
    }
}

fn imported(cx: &mut Cx<'_>, part: Syntax<'_>) {
    match kind(part) {
        K::NamespaceImport => {}
        K::NamedImports => part.children().for_each(|name| item(cx, name)),
        _ if is_ellipsis(cx, part) => cx.name_of(part),
        _ => {
            cx.node(Kind::ImportItem, part.span(), |cx| {
                cx.name("default", part.span());
                expression(cx, part);
            });
        }
    }
}

/// `a`, `a as b`, of an import or an export.
fn item(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if node.is_error() {
        return cx.opaque(node);
    }
    if is_ellipsis(cx, node) {
        return cx.name_of(node);
    }
    cx.node(Kind::ImportItem, node.span(), |cx| {
        cx.slot(node.field(f(node).name), node.start(), item_name);
        cx.slot(node.field(f(node).alias), node.end(), item_name);
    });
}

/// A name, a string, or the word `default`.
fn item_name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if node.is_named() { expression(cx, node) } else { cx.name_of(node) }
}

/// A definition that is exported is the definition with the modifier `export`. Everything else has no kind:
/// `export default e`, `export { a as b }`, `export { a } from "b"`.
pub(super) fn export(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if let Some(declaration) = node.field(f(node).declaration) {
        let mut outer = Outer::default();
        outer.words.extend(node.all_children().take_while(|child| child.start() < declaration.start()));
        return definition::declaration(cx, declaration, &outer);
    }
    let source = node.field(f(node).source);
    let name = match (node.field(f(node).value), source) {
        (Some(_), _) => "export-default",
        (None, Some(_)) => "export-from",
        (None, None) if node.has_token("=") => "export-assign",
        (None, None) if node.has_token("namespace") => "export-namespace",
        (None, None) => "export",
    };
    cx.node_with(Kind::Other, Op::None, name, span, |cx| {
        if let Some(source) = source {
            expression(cx, source);
        }
        for child in node.all_children().filter(|child| child.in_field() != f(node).source) {
            match kind(child) {
                K::ExportClause => child.children().for_each(|specifier| item(cx, specifier)),
                K::NamespaceExport => {
                    cx.node(Kind::ImportItem, child.span(), |cx| {
                        cx.name("*", child.span());
                        cx.slot(child.first(), child.end(), expression);
                    });
                }
                K::Decorator => {
                    cx.node(Kind::Annotation, child.span(), |cx| expressions(cx, child));
                }
                _ if child.text() == "*" => {
                    cx.node(Kind::ImportItem, child.span(), |cx| {
                        cx.name("*", child.span());
                        cx.none(child.end());
                    });
                }
                _ if child.is_named() => expression(cx, child),
                _ => {}
            }
        }
    });
}

/// `namespace A.B { … }`, `declare module "a" { … }`.
pub(super) fn namespace(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Namespace, node.span(), |cx| {
        cx.slot(node.field(f(node).name), node.start(), expression);
        body(cx, node.field(f(node).body), node.end());
    });
}
