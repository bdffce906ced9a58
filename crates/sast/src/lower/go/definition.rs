//! Packages, imports, variables, types and functions.

use super::{
    super::again,
    Cx, K, Kind, Op, Syntax,
    expression::{expression, list},
    f, kind,
    statement::body,
};
use crate::lower::context::reserved;

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PackageClause => {
            cx.node(Kind::Package, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ConstDeclaration => each(node, K::VarSpecList, |spec, span| variables(cx, spec, span, Op::Const)),
        K::VarDeclaration => each(node, K::VarSpecList, |spec, span| variables(cx, spec, span, Op::Var)),
        // Each import of a group starts with the word.
        K::ImportDeclaration => each(node, K::ImportSpecList, |spec, span| import(cx, spec, (node.start(), span.1))),
        K::TypeDeclaration => each(node, K::Unknown, |spec, span| type_definition(cx, spec, span)),
        _ => function(cx, node),
    }
}

/// The parts of a declaration, each with its span: that of the declaration where there are no parentheses.
fn each<'a>(node: Syntax<'a>, group: K, mut lower: impl FnMut(Syntax<'a>, (u32, u32))) {
    let specs = node.children().find(|child| group != K::Unknown && kind(*child) == group);
    let is_group = specs.is_some() || node.has_token("(");
    for spec in specs.unwrap_or(node).children() {
        lower(spec, if is_group { spec.span() } else { node.span() });
    }
}

/// What belongs to a definition without a slot of its own: parameters of types, and the tag of a field.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.node(Kind::Attrs, (at, at), |cx| {
        let parameters = node.and_then(|node| node.field(f().type_parameters));
        for parameter in parameters.iter().flat_map(|list| list.children()) {
            let constraint = parameter.field(f().type_);
            for (at, name) in parameter.fields(f().name).enumerate() {
                cx.node_with(Kind::Other, Op::None, "type_parameter", name.span(), |cx| {
                    expression(cx, name);
                    cx.slot(shared(at, constraint), name.end(), expression);
                });
            }
        }
        if let Some(tag) = node.and_then(|node| node.field(f().tag)) {
            cx.node(Kind::Annotation, tag.span(), |cx| expression(cx, tag));
        }
    });
}

/// `.` imports all names, `_` none.
fn import(cx: &mut Cx<'_>, spec: Syntax<'_>, span: (u32, u32)) {
    if kind(spec) != K::ImportSpec {
        return cx.opaque(spec);
    }
    let mut name = spec.field(f().name);
    // The dots of a pattern look like the alias of what follows them.
    if cx.is_pattern() && name.is_some_and(|name| name.text() == reserved::DOTS) {
        cx.leaf(Kind::Ellipsis, Op::None, span);
        if spec.field(f().path).is_some_and(|path| path.text().contains(reserved::DOTS)) {
            return;
        }
        name = None;
    }
    let is_star = name.is_some_and(|name| kind(name) == K::Dot);
    let op = if is_star { Op::Star } else { Op::None };
    cx.node_op(Kind::Import, op, span, |cx| {
        cx.slot(spec.field(f().path), span.1, expression);
        cx.slot(name.filter(|_| !is_star), span.0, expression);
    });
}

/// One definition for each name that has a value of its own; several names with the values of one call are a tuple.
fn variables(cx: &mut Cx<'_>, spec: Syntax<'_>, span: (u32, u32), op: Op) {
    if spec.is_error() {
        return cx.opaque(spec);
    }
    let names = || spec.fields(f().name);
    let (type_, values) = (spec.field(f().type_), spec.field(f().value));
    let n_names = names().count();
    if let Some(values) = values.filter(|values| values.children().count() != n_names) {
        let last = names().last().map_or(span.0, Syntax::end);
        cx.node_op(Kind::VarDef, op, span, |cx| {
            attrs(cx, None, span.0);
            cx.node(Kind::Tuple, (spec.start(), last), |cx| names().for_each(|name| expression(cx, name)));
            cx.slot(type_, span.1, expression);
            list(cx, values);
        });
        return;
    }
    let mut value = values.iter().flat_map(|values| values.children());
    for (at, name) in names().enumerate() {
        let span = if at == 0 { span } else { name.span() };
        cx.node_op(Kind::VarDef, op, span, |cx| {
            attrs(cx, None, span.0);
            expression(cx, name);
            cx.slot(shared(at, type_), span.1, expression);
            cx.slot(value.next(), span.1, expression);
        });
    }
}

/// The type of the name at a place among those that share it.
fn shared(at: usize, type_: Option<Syntax<'_>>) -> Option<Syntax<'_>> {
    type_.filter(|type_| at == 0 || again::is_shared(at, type_.text()) && again::is_plain(type_.text()))
}

fn type_definition(cx: &mut Cx<'_>, spec: Syntax<'_>, span: (u32, u32)) {
    let type_ = spec.field(f().type_);
    match type_ {
        Some(type_) if kind(spec) == K::TypeSpec && matches!(kind(type_), K::StructType | K::InterfaceType) => {
            class(cx, type_, Some(spec), span);
        }
        _ if spec.is_error() => cx.opaque(spec),
        _ => {
            cx.node_with(Kind::Other, Op::None, spec.kind_name(), span, |cx| {
                attrs(cx, Some(spec), span.0);
                cx.slot(spec.field(f().name), span.0, expression);
                cx.slot(type_, span.1, expression);
            });
        }
    }
}

/// A struct or an interface, with a name or as a type. What is embedded are its bases.
pub(super) fn class(cx: &mut Cx<'_>, type_: Syntax<'_>, spec: Option<Syntax<'_>>, span: (u32, u32)) {
    let op = if kind(type_) == K::StructType { Op::Struct } else { Op::Interface };
    let members = type_.children().find(|child| kind(*child) == K::FieldDeclarationList).unwrap_or(type_);
    let is_pattern = cx.is_pattern();
    let is_base = move |member: Syntax<'_>| match kind(member) {
        K::FieldDeclaration => member.field(f().name).is_none(),
        K::TypeElem => true,
        _ => false,
    };
    // `...` among the members of a pattern looks like a base.
    let is_ellipsis = move |member: Syntax<'_>| is_pattern && member.text() == reserved::DOTS;
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, spec, span.0);
        cx.slot(spec.and_then(|spec| spec.field(f().name)), span.0, expression);
        cx.none(span.0);
        cx.node(Kind::Bases, (members.start(), members.start()), |cx| {
            members.children().filter(|member| is_base(*member) && !is_ellipsis(*member)).for_each(|member| base(cx, member));
        });
        cx.node(Kind::Block, members.span(), |cx| {
            for member in members.children().filter(|member| !is_base(*member) || is_ellipsis(*member)) {
                self::member(cx, member);
            }
        });
    });
}

fn base(cx: &mut Cx<'_>, member: Syntax<'_>) {
    if kind(member) == K::TypeElem {
        return expression(cx, member);
    }
    let type_ = member.field(f().type_);
    if member.has_token("*") {
        cx.node_op(Kind::TypeOf, Op::Pointer, member.span(), |cx| cx.slot(type_, member.end(), expression));
    } else {
        cx.slot(type_, member.start(), expression);
    }
    if let Some(tag) = member.field(f().tag) {
        cx.node(Kind::Annotation, tag.span(), |cx| expression(cx, tag));
    }
}

fn member(cx: &mut Cx<'_>, member: Syntax<'_>) {
    match kind(member) {
        K::MethodElem => function(cx, member),
        K::FieldDeclaration if member.field(f().name).is_some() => {
            let type_ = member.field(f().type_);
            for (at, name) in member.fields(f().name).enumerate() {
                let span = if at == 0 { member.span() } else { name.span() };
                let tag = member.field(f().tag).map_or("", Syntax::text);
                cx.node(Kind::VarDef, span, |cx| {
                    attrs(cx, Some(member).filter(|_| again::is_shared(at, tag)), span.0);
                    expression(cx, name);
                    cx.slot(shared(at, type_), span.1, expression);
                    cx.none(span.1);
                });
            }
        }
        K::FieldDeclaration => cx.slot(member.field(f().type_), member.start(), expression),
        _ => expression(cx, member),
    }
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::FuncDef, span, |cx| {
        attrs(cx, Some(node), span.0);
        cx.slot(node.field(f().name), span.0, expression);
        let (receiver, list) = (node.field(f().receiver), node.field(f().parameters));
        let start = receiver.or(list).map_or(span.0, Syntax::start);
        cx.node(Kind::Params, (start, list.map_or(span.1, Syntax::end)), |cx| {
            receiver.iter().flat_map(|list| list.children()).for_each(|one| parameter(cx, one, Op::Receiver));
            list.iter().flat_map(|list| list.children()).for_each(|one| parameter(cx, one, Op::None));
        });
        result(cx, node);
        match node.field(f().body) {
            // A header is a pattern for functions with any body.
            None if cx.is_pattern() && kind(node) != K::MethodElem => {
                cx.node(Kind::Block, (span.1, span.1), |cx| cx.leaf(Kind::Ellipsis, Op::None, (span.1, span.1)));
            }
            block => body(cx, block, span.1),
        }
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| {
        node.children().for_each(|one| parameter(cx, one, Op::None));
    });
}

/// Names with one type; or a type alone.
fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    if node.is_error() {
        return cx.opaque(node);
    }
    let op = if kind(node) == K::VariadicParameterDeclaration { Op::Splat } else { op };
    let type_ = node.field(f().type_);
    // In a pattern the dots of `..., x T` look like a name.
    let is_many = |name: Syntax<'_>| name.text() == reserved::DOTS || name.text().starts_with(reserved::MANY);
    let mut span = node.span();
    for (at, name) in node.fields(f().name).enumerate() {
        if cx.is_pattern() && is_many(name) && op != Op::Splat {
            cx.name_of(name);
        } else {
            cx.node_op(Kind::Param, op, span, |cx| {
                attrs(cx, None, span.0);
                expression(cx, name);
                cx.slot(shared(at, type_), span.1, expression);
                cx.none(span.1);
            });
        }
        span = name.span();
    }
    if node.fields(f().name).next().is_some() {
        return;
    }
    match type_ {
        Some(type_) if cx.is_pattern() && is_many(type_) => cx.name_of(type_),
        _ => {
            cx.node_op(Kind::Param, op, node.span(), |cx| {
                attrs(cx, None, node.start());
                cx.none(node.start());
                cx.slot(type_, node.end(), expression);
                cx.none(node.end());
            });
        }
    }
}

/// What a function returns; several results are a tuple, of parameters where they have names.
pub(super) fn result(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let at = node.field(f().parameters).map_or(node.start(), Syntax::end);
    let result = node.field(f().result);
    let Some(results) = result.filter(|result| kind(*result) == K::ParameterList) else {
        return cx.slot(result, at, expression);
    };
    let is_named = results.children().any(|one| one.field(f().name).is_some());
    let types = || results.children().map(|one| one.field(f().type_).unwrap_or(one));
    match (types().next(), types().nth(1)) {
        (Some(only), None) if !is_named => expression(cx, only),
        _ if is_named => {
            cx.node(Kind::Tuple, results.span(), |cx| results.children().for_each(|one| parameter(cx, one, Op::None)));
        }
        _ => {
            cx.node(Kind::Tuple, results.span(), |cx| types().for_each(|one| expression(cx, one)));
        }
    }
}
