//! Packages, imports, classes and what is in them.

use super::{
    super::again,
    Cx, K, Kind, Op, Syntax,
    expression::{expression, expressions},
    f, kind,
    statement::{body, statements},
};

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::PackageDeclaration => package(cx, node),
        K::ImportDeclaration => import(cx, node),
        K::ClassDeclaration | K::RecordDeclaration => class(cx, node, Op::Class),
        K::InterfaceDeclaration | K::AnnotationTypeDeclaration => class(cx, node, Op::Interface),
        K::EnumDeclaration => class(cx, node, Op::Enum),
        K::EnumConstant => enum_constant(cx, node),
        // In a pattern a method without a type is any method of that name.
        K::ConstructorDeclaration | K::CompactConstructorDeclaration if !cx.is_pattern() => function(cx, node, Op::Constructor),
        K::MethodDeclaration | K::ConstructorDeclaration | K::CompactConstructorDeclaration | K::AnnotationTypeElementDeclaration => {
            function(cx, node, Op::None);
        }
        _ => cx.other(node.kind_name(), node, directive),
    }
}

/// What is in the declaration of a module.
fn directive(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::Unknown if node.first().is_some() => cx.other(node.kind_name(), node, directive),
        K::Unknown => cx.word(Kind::Modifier, Op::None, node.text(), node.span()),
        _ => expression(cx, node),
    }
}

fn package(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Package, node.span(), |cx| {
        let (annotations, name): (Vec<_>, Vec<_>) = node.children().partition(|child| is_annotation(*child));
        name.iter().chain(&annotations).for_each(|child| expression(cx, *child));
    });
}

/// A class is a part of its package, and so is a static member a part of its class.
fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let star = node.children().find(|child| kind(*child) == K::Asterisk);
    let name = node.first();
    let (module, item) = match (name, star) {
        (Some(name), None) if kind(name) == K::ScopedIdentifier => (name.field(f().scope), name.field(f().name)),
        (name, star) => (name, star),
    };
    match item {
        Some(item) => {
            cx.node(Kind::ImportFrom, span, |cx| {
                cx.slot(module, span.0, expression);
                cx.node(Kind::ImportItem, item.span(), |cx| {
                    expression(cx, item);
                    cx.none(item.end());
                });
            });
        }
        None => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(module, span.0, expression);
                cx.none(span.1);
            });
        }
    }
}

pub(super) fn is_annotation(node: Syntax<'_>) -> bool {
    matches!(kind(node), K::MarkerAnnotation | K::Annotation)
}

/// Modifiers and annotations; and what else belongs to a definition without a slot of its own: parameters of types, what is
/// thrown, what is permitted.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let list = before_names(node).find(|child| kind(*child) == K::Modifiers);
    let span = list.map_or((node.start(), node.start()), Syntax::span);
    cx.node(Kind::Attrs, span, |cx| {
        for modifier in list.iter().flat_map(|list| list.all_children()) {
            if modifier.is_named() {
                expression(cx, modifier);
            } else {
                cx.word(Kind::Modifier, Op::None, modifier.text(), modifier.span());
            }
        }
        match kind(node) {
            K::RecordDeclaration => cx.word(Kind::Modifier, Op::None, "record", span),
            K::AnnotationTypeDeclaration => cx.word(Kind::Modifier, Op::None, "@interface", span),
            K::AnnotationTypeElementDeclaration => {
                if let Some(value) = node.field(f().value) {
                    cx.node_with(Kind::Other, Op::None, "default", value.span(), |cx| expression(cx, value));
                }
            }
            _ => {}
        }
        for child in before_names(node) {
            match kind(child) {
                K::TypeParameters => {
                    child.children().for_each(|parameter| cx.other("type_parameter", parameter, bounds));
                }
                K::Throws => child.children().for_each(|one| attribute(cx, "throws", one)),
                K::Permits => child.children().flat_map(Syntax::children).for_each(|one| attribute(cx, "permits", one)),
                K::MarkerAnnotation | K::Annotation => expression(cx, child),
                _ => {}
            }
        }
    });
}

fn attribute(cx: &mut Cx<'_>, name: &str, node: Syntax<'_>) {
    cx.node_with(Kind::Other, Op::None, name, node.span(), |cx| expression(cx, node));
}

fn bounds(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::TypeBound { expressions(cx, node) } else { expression(cx, node) }
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().parameters), span.0, parameters);
        bases(cx, node);
        cx.slot(node.field(f().body), span.1, members);
    });
}

fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let lists = node.children().filter(|child| matches!(kind(*child), K::Superclass | K::SuperInterfaces | K::ExtendsInterfaces));
    let at = node.field(f().name).map_or(node.start(), Syntax::end);
    let first = lists.clone().next().map_or(at, Syntax::start);
    let last = lists.clone().last().map_or(at, Syntax::end);
    cx.node(Kind::Bases, (first, last), |cx| {
        for base in lists.flat_map(Syntax::children) {
            if kind(base) == K::TypeList { expressions(cx, base) } else { expression(cx, base) }
        }
    });
}

/// The body of a class.
pub(super) fn members(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
}

/// A constant of an enumeration is a field that holds a new object.
fn enum_constant(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.none(span.0);
        let (arguments, body) = (node.field(f().arguments), node.field(f().body));
        let Some(first) = arguments.or(body) else { return cx.none(span.1) };
        cx.node(Kind::New, (first.start(), span.1), |cx| {
            cx.none(first.start());
            match arguments {
                Some(arguments) => expression(cx, arguments),
                None => {
                    cx.node(Kind::Args, (first.start(), first.start()), |_| {});
                }
            }
            cx.slot(body, span.1, members);
        });
    });
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        match node.field(f().parameters) {
            Some(list) => parameters(cx, list),
            None => {
                let at = node.field(f().name).map_or(span.0, Syntax::end);
                cx.node(Kind::Params, (at, at), |_| {});
            }
        }
        type_of(cx, node, node.field(f().dimensions));
        body(cx, node.field(f().body), span.1);
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| {
        for parameter in node.children() {
            self::parameter(cx, parameter);
        }
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::FormalParameter => {
            cx.node(Kind::Param, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                type_of(cx, node, node.field(f().dimensions));
                cx.none(span.1);
            });
        }
        K::SpreadParameter | K::ReceiverParameter => {
            let op = if kind(node) == K::SpreadParameter { Op::Splat } else { Op::Receiver };
            let mut parts = node.children().filter(|child| kind(*child) != K::Modifiers && !is_annotation(*child));
            let (type_, name) = (parts.next(), parts.last());
            cx.node_op(Kind::Param, op, span, |cx| {
                attrs(cx, node);
                cx.slot(name.map(|name| name.field(f().name).unwrap_or(name)), span.0, expression);
                cx.slot(type_, span.0, expression);
                cx.none(span.1);
            });
        }
        _ if node.is_error() => cx.opaque(node),
        // The parameter of a lambda.
        _ => {
            cx.node(Kind::Param, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                expression(cx, node);
                cx.none(span.1);
                cx.none(span.1);
            });
        }
    }
}

/// The type of a definition; brackets behind its name are a part of it.
fn type_of(cx: &mut Cx<'_>, node: Syntax<'_>, dimensions: Option<Syntax<'_>>) {
    let type_ = node.field(f().type_);
    match (type_, dimensions) {
        (Some(type_), Some(dimensions)) => array_of(cx, type_, n_dimensions(dimensions)),
        _ => cx.slot(type_, node.start(), expression),
    }
}

/// How many pairs of brackets there are.
pub(super) fn n_dimensions(node: Syntax<'_>) -> usize {
    node.all_children().filter(|child| !child.is_named() && child.text() == "[").count()
}

/// An array of arrays of a type.
pub(super) fn array_of(cx: &mut Cx<'_>, type_: Syntax<'_>, n_dimensions: usize) {
    if n_dimensions == 0 {
        return expression(cx, type_);
    }
    cx.node_op(Kind::TypeOf, Op::Array, type_.span(), |cx| array_of(cx, type_, n_dimensions - 1));
}

/// One definition for each name that a declaration declares.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut before = "";
    for (at, declarator) in node.fields(f().declarator).enumerate() {
        if at == 0 {
            before = node.source(node.start(), declarator.start());
            variable(cx, node, declarator, node.span());
        } else if again::is_shared(at, before) {
            variable(cx, node, declarator, declarator.span());
        } else {
            let span = declarator.span();
            cx.node(Kind::VarDef, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                cx.slot(declarator.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.slot(declarator.field(f().value), span.1, expression);
            });
        }
    }
}

/// A variable: what is said of all that are declared together, and what of it alone.
pub(super) fn variable(cx: &mut Cx<'_>, node: Syntax<'_>, declarator: Syntax<'_>, span: (u32, u32)) {
    let modifiers = before_names(node).find(|child| kind(*child) == K::Modifiers);
    let op = match node.field(f().type_) {
        _ if modifiers.is_some_and(|list| list.has_token("final")) => Op::Const,
        Some(type_) if type_.text() == "var" => Op::Var,
        _ => Op::None,
    };
    // The iterated value of a loop is not its variable's.
    let value = if kind(node) == K::EnhancedForStatement { None } else { declarator.field(f().value) };
    cx.node_op(Kind::VarDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(declarator.field(f().name), span.0, expression);
        type_of(cx, node, declarator.field(f().dimensions));
        cx.slot(value, span.1, expression);
    });
}

/// The children that stand before all names that are declared.
fn before_names(node: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> + Clone {
    node.children().take_while(|child| kind(*child) != K::VariableDeclarator)
}

/// `this(…)` and `super(…)` in a constructor.
pub(super) fn constructor_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let end = node.field(f().arguments).map_or(node.end(), Syntax::end);
    cx.node(Kind::Call, (node.start(), end), |cx| {
        let constructor = node.field(f().constructor);
        match (node.field(f().object), constructor) {
            (Some(object), Some(constructor)) => {
                cx.node_op(Kind::Dot, Op::Dot, (object.start(), constructor.end()), |cx| {
                    expression(cx, object);
                    expression(cx, constructor);
                });
            }
            _ => cx.slot(constructor, node.start(), expression),
        }
        cx.slot(node.field(f().arguments), node.end(), expression);
    });
}
