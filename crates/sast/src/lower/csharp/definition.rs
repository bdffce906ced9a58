//! Namespaces, types and what is in them.

use super::{
    super::again,
    Cx, K, Kind, Op, Syntax,
    expression::{arguments, expression},
    f, kind, parts,
    statement::{self, statement, statements},
};

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::UsingDirective => using(cx, node),
        K::NamespaceDeclaration => {
            cx.node(Kind::Namespace, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().body), span.1, members);
            });
        }
        K::FileScopedNamespaceDeclaration => {
            cx.node(Kind::Package, span, |cx| cx.slot(node.field(f().name), span.0, expression));
        }
        K::ClassDeclaration | K::RecordDeclaration => class(cx, node, Op::Class),
        K::StructDeclaration => class(cx, node, Op::Struct),
        K::InterfaceDeclaration => class(cx, node, Op::Interface),
        K::EnumDeclaration => class(cx, node, Op::Enum),
        K::EnumMemberDeclaration => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                cx.none(span.0);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::FieldDeclaration | K::EventFieldDeclaration => variables(cx, node, span),
        K::PropertyDeclaration | K::EventDeclaration | K::IndexerDeclaration => property(cx, node),
        // In a pattern a method without a type is any method of that name.
        K::ConstructorDeclaration if !cx.is_pattern() => function(cx, node, Op::Constructor),
        _ => function(cx, node, Op::None),
    }
}

/// All of a namespace or class is made known, or one with another name.
fn using(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let alias = node.field(f().name);
    let op = if alias.is_some() { Op::None } else { Op::Star };
    cx.node_op(Kind::Import, op, span, |cx| {
        cx.slot(node.children().find(|child| child.in_field() != f().name), span.1, expression);
        cx.slot(alias, span.1, expression);
    });
}

/// The members of a namespace or type.
fn members(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
}

/// Modifiers and attributes; and what else belongs to a definition without a slot of its own: parameters of types, their
/// constraints, and the interface that is implemented.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_attribute = |child: &Syntax<'_>| matches!(kind(*child), K::AttributeList | K::Modifier);
    let before = || node.all_children().take_while(|child| kind(*child) != K::VariableDeclarator);
    let end = before().filter(is_attribute).last().map_or(node.start(), Syntax::end);
    cx.node(Kind::Attrs, (node.start(), end), |cx| {
        for child in before() {
            match kind(child) {
                K::AttributeList => {
                    child.children().filter(|child| kind(*child) == K::Attribute).for_each(|one| expression(cx, one));
                }
                K::Modifier => cx.word(Kind::Modifier, Op::None, child.text(), child.span()),
                K::PreprocIf => {
                    statement::conditional(cx, child, |cx, list| list.children().for_each(|one| expression(cx, one)));
                }
                K::TypeParameterList => {
                    child.children().for_each(|parameter| cx.other("type_parameter", parameter, expression));
                }
                K::TypeParameterConstraintsClause => cx.other("where", child, constraint),
                K::ExplicitInterfaceSpecifier => cx.other("interface", child, expression),
                K::Unknown if matches!(child.text(), "record" | "delegate" | "event" | "using" | "implicit" | "explicit" | "params") => {
                    cx.word(Kind::Modifier, Op::None, child.text(), child.span());
                }
                _ => {}
            }
        }
    });
}

fn constraint(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match node.first() {
        Some(type_) if kind(node) == K::Unknown => expression(cx, type_),
        None if kind(node) == K::Unknown => cx.word(Kind::Modifier, Op::None, node.text(), node.span()),
        _ => expression(cx, node),
    }
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let of = |wanted: K| node.children().find(move |child| kind(*child) == wanted);
    let name = node.field(f().name);
    let at = name.map_or(span.0, Syntax::end);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(name, span.0, expression);
        cx.slot(of(K::ParameterList), at, parameters);
        let bases = of(K::BaseList);
        cx.node(Kind::Bases, bases.map_or((at, at), Syntax::span), |cx| {
            let mut bases = bases.iter().flat_map(|list| list.children()).peekable();
            while let Some(base) = bases.next() {
                // `class A(int b) : C(b)`
                match bases.next_if(|next| kind(*next) == K::ArgumentList) {
                    Some(arguments) => base_call(cx, base, arguments),
                    None if kind(base) == K::PrimaryConstructorBaseType => {
                        let arguments = base.children().find(|child| kind(*child) == K::ArgumentList);
                        match (base.field(f().type_), arguments) {
                            (Some(type_), Some(arguments)) => base_call(cx, type_, arguments),
                            _ => cx.opaque(base),
                        }
                    }
                    None => expression(cx, base),
                }
            }
        });
        cx.slot(node.field(f().body), span.1, members);
    });
}

fn base_call(cx: &mut Cx<'_>, base: Syntax<'_>, list: Syntax<'_>) {
    cx.node(Kind::Call, (base.start(), list.end()), |cx| {
        expression(cx, base);
        arguments(cx, list);
    });
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let name = node.field(f().name);
    let type_ = node.field(f().returns).or_else(|| node.field(f().type_));
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        match kind(node) {
            K::DestructorDeclaration => {
                let name = name.map_or(node, |name| name);
                cx.name(&format!("~{}", name.text()), name.span());
            }
            K::OperatorDeclaration => cx.slot(node.field(f().operator), span.0, Cx::name_of),
            K::ConversionOperatorDeclaration => cx.slot(type_, span.0, expression),
            _ => cx.slot(name, span.0, expression),
        }
        cx.slot(node.field(f().parameters), span.0, parameters);
        cx.slot(type_, span.0, expression);
        let returns = type_.is_some_and(|type_| type_.text() != "void");
        let initializer = node.children().find(|child| kind(*child) == K::ConstructorInitializer);
        function_body(cx, node, returns, initializer);
    });
}

/// A block, or an expression that is returned. What a constructor calls first is its first statement.
fn function_body(cx: &mut Cx<'_>, node: Syntax<'_>, returns: bool, initializer: Option<Syntax<'_>>) {
    cx.slot(node.field(f().body), node.end(), |cx, block| {
        cx.node(Kind::Block, block.span(), |cx| {
            if let Some(initializer) = initializer {
                constructor_call(cx, initializer);
            }
            if kind(block) == K::ArrowExpressionClause {
                arrow(cx, block, returns);
            } else {
                statements(cx, block);
            }
        });
    });
}

fn arrow(cx: &mut Cx<'_>, clause: Syntax<'_>, returns: bool) {
    let Some(value) = parts(clause).next() else { return cx.opaque(clause) };
    let kind = if returns { Kind::Return } else { Kind::ExprStmt };
    cx.node(kind, value.span(), |cx| expression(cx, value));
}

/// `: base(…)`
fn constructor_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut children = parts(node);
    let (Some(callee), Some(list)) = (children.next(), children.next()) else { return cx.opaque(node) };
    let span = (callee.start(), list.end());
    cx.node(Kind::ExprStmt, span, |cx| base_call(cx, callee, list));
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| {
        let all: Vec<Syntax<'_>> = node.all_children().collect();
        // The parts of `params T[] x` stand among the other parameters.
        let mut rest = all.as_slice();
        while let Some((first, others)) = rest.split_first() {
            rest = others;
            match kind(*first) {
                K::Parameter => parameter(cx, *first),
                K::Unknown if first.text() == "params" => {
                    let type_ = rest.iter().find(|child| child.in_field() == f().type_).copied();
                    let name = rest.iter().find(|child| child.in_field() == f().name).copied();
                    let end = name.map_or(first.end(), Syntax::end);
                    cx.node_op(Kind::Param, Op::Splat, (first.start(), end), |cx| {
                        cx.node(Kind::Attrs, first.span(), |_| {});
                        cx.slot(name, end, expression);
                        cx.slot(type_, end, expression);
                        cx.none(end);
                    });
                    rest = &[];
                }
                _ if first.is_error() => cx.opaque(*first),
                _ => {}
            }
        }
    });
}

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Param, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(node.field(f().type_), span.0, expression);
        cx.slot(value(node), span.1, expression);
    });
}

/// What stands behind `=`.
pub(super) fn value(node: Syntax<'_>) -> Option<Syntax<'_>> {
    node.all_children().skip_while(|child| child.text() != "=").nth(1)
}

/// The parameter of a lambda that has nothing else.
pub(super) fn bare_parameter(cx: &mut Cx<'_>, name: &str, span: (u32, u32)) {
    cx.node(Kind::Param, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.name(name, span);
        cx.none(span.1);
        cx.none(span.1);
    });
}

/// A name that is bound by a pattern, a loop, or an argument.
pub(super) fn binding(cx: &mut Cx<'_>, name: Syntax<'_>, type_: Option<Syntax<'_>>, span: (u32, u32)) {
    let op = if type_.is_none_or(|type_| kind(type_) == K::ImplicitType) { Op::Var } else { Op::None };
    cx.node_op(Kind::VarDef, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        expression(cx, name);
        cx.slot(type_, span.0, expression);
        cx.none(span.1);
    });
}

/// One definition for each name that a declaration declares.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let declaration = node.children().find(|child| kind(*child) == K::VariableDeclaration).unwrap_or(node);
    let type_ = declaration.field(f().type_);
    let is_const = node.children().any(|child| kind(child) == K::Modifier && matches!(child.text(), "const" | "readonly"));
    let op = match type_ {
        _ if is_const => Op::Const,
        Some(type_) if kind(type_) == K::ImplicitType => Op::Var,
        _ => Op::None,
    };
    let mut before = "";
    let declarators = declaration.children().filter(|child| kind(*child) == K::VariableDeclarator);
    for (at, declarator) in declarators.enumerate() {
        if at == 0 {
            before = node.source(node.start(), declarator.start());
        }
        let span = if at == 0 { span } else { declarator.span() };
        let is_shared = again::is_shared(at, before);
        let type_ = type_.filter(|_| is_shared);
        cx.node_op(Kind::VarDef, op, span, |cx| {
            if is_shared {
                attrs(cx, node);
            } else {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
            }
            cx.slot(declarator.first(), span.0, expression);
            let buffer = declarator.children().find(|child| kind(*child) == K::BracketedArgumentList);
            match (type_, buffer) {
                (Some(type_), Some(_)) => {
                    cx.node_op(Kind::TypeOf, Op::Array, type_.span(), |cx| expression(cx, type_));
                }
                _ => cx.slot(type_, span.0, expression),
            }
            cx.slot(value(declarator), span.1, expression);
        });
    }
}

/// A property is a field, and a function for each accessor that has a body.
fn property(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let value = node.field(f().value);
    let is_arrow = value.is_some_and(|value| kind(value) == K::ArrowExpressionClause);
    if kind(node) != K::IndexerDeclaration {
        cx.node(Kind::VarDef, span, |cx| {
            attrs(cx, node);
            cx.slot(node.field(f().name), span.0, expression);
            cx.slot(node.field(f().type_), span.0, expression);
            cx.slot(value.filter(|_| !is_arrow), span.1, expression);
        });
    }
    if let Some(value) = value.filter(|_| is_arrow) {
        accessor(cx, node, Op::Getter, value.span(), |cx| {
            cx.node(Kind::Block, value.span(), |cx| arrow(cx, value, true));
        });
    }
    let before = node.field(f().name).map_or("", |name| node.source(node.start(), name.start()));
    for (at, accessor) in node.field(f().accessors).iter().flat_map(|list| list.children()).enumerate() {
        if accessor.is_error() {
            cx.opaque(accessor);
            continue;
        }
        // Two accessors are all that a property has.
        if 1 < at && !again::is_shared(at, before) {
            break;
        }
        let op = match accessor.field(f().name).map_or("", Syntax::text) {
            "get" => Op::Getter,
            "set" | "init" => Op::Setter,
            _ => Op::None,
        };
        if accessor.field(f().body).is_some() {
            self::accessor(cx, node, op, accessor.span(), |cx| function_body(cx, accessor, op == Op::Getter, None));
        }
    }
}

fn accessor(cx: &mut Cx<'_>, property: Syntax<'_>, op: Op, span: (u32, u32), body: impl FnOnce(&mut Cx<'_>)) {
    let list = property.field(f().parameters);
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, property);
        match property.field(f().name) {
            Some(name) => expression(cx, name),
            None => cx.name("this", span),
        }
        cx.node(Kind::Params, list.map_or((span.0, span.0), Syntax::span), |cx| {
            list.iter().flat_map(|list| list.children()).for_each(|one| parameter(cx, one));
            if op != Op::Getter {
                bare_parameter(cx, "value", (span.0, span.0));
            }
        });
        if op == Op::Getter {
            cx.slot(property.field(f().type_), span.0, expression);
        } else {
            cx.none(span.0);
        }
        body(cx);
    });
}

/// What stands where an expression is looked for, in broken code and in patterns.
pub(super) fn stray(cx: &mut Cx<'_>, node: Syntax<'_>) {
    statement(cx, node);
}
