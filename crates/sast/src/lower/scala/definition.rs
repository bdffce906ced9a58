//! Packages, imports, classes and what is in them.

use super::{
    K,
    expression::expression,
    f, kind, of,
    statement::{body, function_body},
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn package(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (name, members) = (node.field(f().name), node.field(f().body));
    let kind = if members.is_some() { Kind::Namespace } else { Kind::Package };
    cx.node(kind, node.span(), |cx| {
        cx.slot(name, node.start(), expression);
        if members.is_some() {
            body(cx, members, node.end());
        }
    });
}

/// `import a.b, c.{d, e => f}, g._`: one node for each. The last name of a path is what is taken from the rest.
pub(super) fn imports(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut path: Vec<Syntax<'_>> = Vec::new();
    let mut selector = None;
    let mut is_first = true;
    for child in node.all_children() {
        match child.text() {
            "," if !child.is_named() => {
                import(cx, &path, selector, is_first.then_some(node));
                path.clear();
                selector = None;
                is_first = false;
            }
            _ if child.in_field() == f().path && child.is_named() => path.push(child),
            _ if child.is_named() => selector = Some(child),
            _ => {}
        }
    }
    import(cx, &path, selector, is_first.then_some(node));
}

fn import(cx: &mut Cx<'_>, path: &[Syntax<'_>], selector: Option<Syntax<'_>>, whole: Option<Syntax<'_>>) {
    let start = path.first().copied().or(selector).map_or(0, Syntax::start);
    let end = selector.or(path.last().copied()).map_or(start, Syntax::end);
    let span = whole.map_or((start, end), Syntax::span);
    match (path, selector) {
        ([], None) => {}
        ([only], None) => {
            cx.node(Kind::Import, span, |cx| {
                expression(cx, *only);
                cx.none(end);
            });
        }
        ([], Some(renamed)) => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(renamed.field(f().name), start, expression);
                cx.slot(renamed.field(f().alias), end, expression);
            });
        }
        ([module @ .., name], None) => {
            cx.node(Kind::ImportFrom, span, |cx| {
                cx.row(Kind::Dot, Op::Dot, module, span.0, expression);
                import_item(cx, *name);
            });
        }
        (module, Some(selector)) => {
            cx.node(Kind::ImportFrom, span, |cx| {
                cx.row(Kind::Dot, Op::Dot, module, span.0, expression);
                if kind(selector) == K::NamespaceSelectors {
                    selector.children().for_each(|item| import_item(cx, item));
                } else {
                    import_item(cx, selector);
                }
            });
        }
    }
}

fn import_item(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if cx.is_ellipsis(Some(node)) {
        return cx.name_of(node);
    }
    cx.node(Kind::ImportItem, node.span(), |cx| match kind(node) {
        K::NamespaceWildcard => {
            cx.name("*", node.span());
            cx.none(node.end());
        }
        K::ArrowRenamedIdentifier | K::AsRenamedIdentifier => {
            cx.slot(node.field(f().name), node.start(), expression);
            cx.slot(node.field(f().alias), node.end(), expression);
        }
        _ => {
            expression(cx, node);
            cx.none(node.end());
        }
    });
}

/// Annotations, modifiers, some of the words that stand before the name, and parameters of types.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>, words: &[&str]) {
    let is_part = |child: &Syntax<'_>| match kind(*child) {
        K::Annotation | K::TypeParameters | K::Modifiers | K::AccessModifier => true,
        K::Unknown if child.is_named() => child.kind_name().ends_with("_modifier"),
        _ => !child.is_named() && words.contains(&child.text()),
    };
    let parts = || node.all_children().filter(is_part);
    let last = parts().last().map_or(node.start(), Syntax::end);
    let next = node.all_children().find(|child| last <= child.start()).map_or(last, Syntax::start);
    cx.node(Kind::Attrs, (node.start(), next), |cx| {
        for part in parts() {
            match kind(part) {
                K::Annotation => annotation(cx, part),
                K::TypeParameters => cx.other("type_parameters", part, expression),
                K::Modifiers => part.all_children().for_each(|word| modifier(cx, word)),
                _ => modifier(cx, part),
            }
        }
    });
}

/// `private[a]` is `private`.
fn modifier(cx: &mut Cx<'_>, word: Syntax<'_>) {
    let text = word.text().split('[').next().unwrap_or_default().trim_end();
    cx.word(Kind::Modifier, Op::None, text, word.span());
}

pub(super) fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Annotation, node.span(), |cx| {
        let name = node.field(f().name);
        match (name, node.field(f().arguments)) {
            (Some(name), Some(arguments)) => {
                cx.node(Kind::Call, (name.start(), arguments.end()), |cx| {
                    expression(cx, name);
                    expression(cx, arguments);
                });
            }
            (name, _) => cx.slot(name, node.end(), expression),
        }
    });
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let op = match kind(node) {
        K::TraitDefinition => Op::Trait,
        K::ObjectDefinition | K::PackageObject => Op::Object,
        K::EnumDefinition => Op::Enum,
        _ => Op::Class,
    };
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node, &["case", "package"]);
        cx.slot(node.field(f().name), span.0, expression);
        if node.field(f().class_parameters).is_some() {
            parameters(cx, node, f().class_parameters);
        } else {
            cx.none(span.0);
        }
        bases(cx, node);
        body(cx, node.field(f().body).or_else(|| of(node, K::TemplateBody)), span.1);
    });
}

/// `extends A(1) with B derives C`.
fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let clauses = || node.children().filter(|child| matches!(kind(*child), K::ExtendsClause | K::DerivesClause | K::UsesClause));
    let Some(first) = clauses().next() else { return cx.empty(Kind::Bases, node.start()) };
    let end = clauses().last().map_or(first.end(), Syntax::end);
    cx.node(Kind::Bases, (first.start(), end), |cx| clauses().for_each(|clause| constructed(cx, clause)));
}

/// Types, each with the arguments that follow it.
fn constructed(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children().peekable();
    while let Some(part) = parts.next() {
        match parts.peek() {
            Some(arguments) if kind(*arguments) == K::Arguments => {
                let arguments = *arguments;
                cx.node(Kind::Call, (part.start(), arguments.end()), |cx| {
                    expression(cx, part);
                    expression(cx, arguments);
                });
                parts.next();
            }
            _ if kind(part) == K::CompoundType => constructed(cx, part),
            _ => expression(cx, part),
        }
    }
}

pub(super) fn enum_case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::VarDef, node.span(), |cx| {
        cx.empty(Kind::Attrs, node.start());
        cx.slot(node.field(f().name), node.start(), expression);
        cx.slot(node.field(f().extend).and_then(Syntax::first), node.end(), expression);
        cx.none(node.end());
    });
}

pub(super) fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let name = node.field(f().name);
    let op = if name.is_some_and(|name| name.text() == "this") { Op::Constructor } else { Op::None };
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node, &[]);
        cx.slot(name, span.0, expression);
        parameters(cx, node, f().parameters);
        cx.slot(node.field(f().return_type), span.1, expression);
        function_body(cx, node.field(f().body), span.1);
    });
}

/// All lists of parameters as one; a word at the start of a list says something about each of them.
pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>, field: u16) {
    let lists = || node.fields(field).filter(|list| kind(*list) != K::TypeParameters);
    let start = lists().next().map_or(node.start(), Syntax::start);
    let end = lists().last().map_or(start, Syntax::end);
    cx.node(Kind::Params, (start, end), |cx| {
        for list in lists() {
            let word = list.all_children().find(|token| matches!(token.text(), "implicit" | "using"));
            list.children().for_each(|parameter| self::parameter(cx, parameter, word));
        }
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, word: Option<Syntax<'_>>) {
    let span = node.span();
    let name = node.field(f().name);
    if node.is_error() {
        return cx.opaque(node);
    }
    if cx.is_ellipsis(name) {
        return cx.slot(name, span.1, expression);
    }
    let declared = node.field(f().type_);
    let op = if declared.is_some_and(|declared| kind(declared) == K::RepeatedParameterType) || of(node, K::RepeatedParameterType).is_some()
    {
        Op::Splat
    } else {
        Op::None
    };
    let is_parameter = name.is_some();
    cx.node_op(Kind::Param, op, span, |cx| {
        if is_parameter && word.is_none() {
            attrs(cx, node, &["val", "var"]);
        } else {
            cx.node(Kind::Attrs, (span.0, span.0), |cx| {
                if let Some(word) = word {
                    cx.word(Kind::Modifier, Op::None, word.text(), (span.0, span.0));
                }
            });
        }
        match name {
            Some(name) => expression(cx, name),
            None if kind(node) == K::Binding => cx.slot(of(node, K::Wildcard), span.0, expression),
            // `using T`: a type alone.
            None if declared.is_none() => {
                cx.none(span.0);
                expression(cx, node);
                return cx.none(span.1);
            }
            None => cx.none(span.0),
        }
        let declared =
            declared.or_else(|| node.children().find(|child| matches!(kind(*child), K::LazyParameterType | K::RepeatedParameterType)));
        cx.slot(declared, span.1, expression);
        cx.slot(node.field(f().default_value), span.1, expression);
    });
}

/// `val a, b: T = e`: one node for each name; the first spans them all.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let op = if matches!(kind(node), K::ValDefinition | K::ValDeclaration) { Op::Const } else { Op::Var };
    let names: Vec<Syntax<'_>> = match node.field(f().pattern) {
        Some(list) if kind(list) == K::Identifiers => list.children().collect(),
        Some(only) => vec![only],
        None => node.fields(f().name).collect(),
    };
    let mut is_first = true;
    for name in names {
        let span = if is_first { node.span() } else { name.span() };
        is_first = false;
        cx.node_op(Kind::VarDef, op, span, |cx| {
            if span == node.span() {
                attrs(cx, node, &[]);
            } else {
                cx.empty(Kind::Attrs, span.0);
            }
            expression(cx, name);
            cx.slot(node.field(f().type_), span.1, expression);
            cx.slot(node.field(f().value), span.1, expression);
        });
    }
}
