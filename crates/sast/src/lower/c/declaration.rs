//! Variables, functions, parameters, templates, namespaces.

use super::{
    super::again,
    Cx, K, Kind, Op, Syntax,
    class::class,
    declarator::{Declared, declared, result, typed},
    expression::{arguments, expression, expressions, path, scopes},
    f, kind, reserved,
    statement::{statement, statements},
};
use bartizan_syntax::Grammar;

/// Modifiers and attributes; and what else belongs to a definition without a slot of its own: the parameters of a template, and
/// what stands behind the parameters of a function.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, function: Option<Syntax<'_>>, template: Option<Syntax<'_>>, at: u32) {
    cx.node(Kind::Attrs, (at, at), |cx| {
        let mut outer = template;
        while let Some(template) = outer {
            let parameters = template.field(f(template).parameters);
            parameters.iter().flat_map(|list| list.children()).for_each(|one| cx.other("type_parameter", one, expression));
            template.children().filter(|child| kind(*child) == K::RequiresClause).for_each(|one| attribute(cx, one));
            outer = inner_template(template);
        }
        node.into_iter().flat_map(before_names).for_each(|child| attribute(cx, child));
        if let Some(function) = function {
            let is_behind = |child: &Syntax<'_>| !matches!(child.in_field(), field if field == f(function).declarator || field == f(function).parameters);
            for child in function.all_children().filter(is_behind) {
                // A macro.
                if kind(child) == K::Identifier {
                    cx.node(Kind::Annotation, child.span(), |cx| expression(cx, child));
                } else {
                    attribute(cx, child);
                }
            }
        }
    });
}

/// The children that belong to all names that are declared together; of a name alone what stands behind it too.
fn before_names(node: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> + Clone {
    let is_alone = node.fields(f(node).declarator).nth(1).is_none();
    node.all_children().take_while(move |child| is_alone || child.in_field() != f(node).declarator)
}

fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::TypeQualifier if node.first().is_some() => node.children().for_each(|child| attribute(cx, child)),
        K::StorageClassSpecifier | K::TypeQualifier | K::MsCallModifier | K::VirtualSpecifier | K::RefQualifier => {
            cx.word(Kind::Modifier, Op::None, node.text(), span);
        }
        K::DefaultMethodClause => cx.word(Kind::Modifier, Op::None, "default", span),
        K::DeleteMethodClause => cx.word(Kind::Modifier, Op::None, "delete", span),
        K::PureVirtualClause => cx.word(Kind::Modifier, Op::None, "pure", span),
        K::ExplicitFunctionSpecifier => cx.word(Kind::Modifier, Op::None, "explicit", span),
        K::Unknown if matches!(node.text(), "virtual" | "union") => cx.word(Kind::Modifier, Op::None, node.text(), span),
        K::AttributeSpecifier | K::AttributeDeclaration => {
            for one in node.children().flat_map(|child| if kind(child) == K::ArgumentList { Some(child) } else { None }) {
                one.children().for_each(|one| annotation(cx, one));
            }
            node.children().filter(|child| kind(*child) == K::Attribute).for_each(|one| annotation(cx, one));
        }
        K::MsDeclspecModifier => node.children().for_each(|one| annotation(cx, one)),
        K::AlignasQualifier => annotation(cx, node),
        K::BitfieldClause | K::Noexcept | K::ThrowSpecifier | K::RequiresClause => cx.other(node.kind_name(), node, expression),
        _ => {}
    }
}

fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Annotation, span, |cx| {
        if kind(node) != K::Attribute {
            return expression(cx, node);
        }
        let name = |cx: &mut Cx<'_>| match node.field(f(node).prefix) {
            Some(prefix) => {
                cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                    expression(cx, prefix);
                    cx.slot(node.field(f(node).name), span.1, expression);
                });
            }
            None => cx.slot(node.field(f(node).name), span.1, expression),
        };
        match node.children().find(|child| kind(*child) == K::ArgumentList) {
            Some(list) => {
                cx.node(Kind::Call, span, |cx| {
                    name(cx);
                    arguments(cx, list);
                });
            }
            None => name(cx),
        }
    });
}

/// One definition for each name that a declaration declares.
pub(super) fn declaration(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32), template: Option<Syntax<'_>>) {
    let type_ = node.field(f(node).type_);
    let mut n_names = 0;
    let mut before = "";
    let all: Vec<Syntax<'_>> = node.children().collect();
    for (at, declarator) in all.iter().enumerate() {
        if declarator.in_field() != f(node).declarator || kind(*declarator) == K::GnuAsmExpression {
            continue;
        }
        let mut found = declared(Some(*declarator));
        // The value may stand behind its declarator.
        let behind = all.iter().skip(at + 1).take_while(|next| next.in_field() != f(node).declarator);
        let is_value = |next: &&Syntax<'_>| next.in_field() == f(node).default_value || next.in_field() == f(node).value;
        found.value = found.value.or_else(|| behind.clone().find(is_value).copied());
        if n_names == 0 {
            before = node.source(node.start(), declarator.start());
        }
        let is_shared = again::is_shared(n_names, before);
        let span = if n_names == 0 { span } else { declarator.span() };
        n_names += 1;
        if is_shared {
            define(cx, Some(node), &found, type_, span, template);
        } else {
            define(cx, None, &found, type_.and_then(name_of_type), span, None);
        }
    }
    // `struct S { … };`
    if n_names == 0 {
        match type_ {
            Some(type_) if is_class(type_) => class(cx, type_, span, template),
            Some(type_) if cx.is_pattern() && type_.text() == reserved::DOTS => cx.name_of(type_),
            _ => {
                cx.node(Kind::ExprStmt, span, |cx| cx.slot(type_, span.0, expression));
            }
        }
    }
}

/// What is left of a type that is not lowered again.
fn name_of_type(type_: Syntax<'_>) -> Option<Syntax<'_>> {
    if is_class(type_) { type_.field(f(type_).name) } else { None }
}

fn is_class(node: Syntax<'_>) -> bool {
    matches!(kind(node), K::StructSpecifier | K::UnionSpecifier | K::ClassSpecifier | K::EnumSpecifier)
}

/// A variable, or a function without its body.
fn define(
    cx: &mut Cx<'_>,
    node: Option<Syntax<'_>>,
    found: &Declared<'_>,
    type_: Option<Syntax<'_>>,
    span: (u32, u32),
    template: Option<Syntax<'_>>,
) {
    if let Some(function) = found.function() {
        let op = function_op(cx, found.name, type_);
        cx.node_op(Kind::FuncDef, op, span, |cx| {
            signature(cx, node, found, function, type_, template, span.0);
            cx.none(span.1);
        });
        return;
    }
    let is_constant = |child: Syntax<'_>| {
        kind(child) == K::TypeQualifier && (child.text() == "constexpr" || child.text() == "const" && found.layers.is_empty())
    };
    let op = match type_ {
        _ if node.is_some_and(|node| before_names(node).any(is_constant)) => Op::Const,
        Some(type_) if kind(type_) == K::PlaceholderTypeSpecifier => Op::Var,
        _ => Op::None,
    };
    cx.node_op(Kind::VarDef, op, span, |cx| {
        attrs(cx, node, None, template, span.0);
        cx.slot(found.name, span.0, name);
        typed(cx, type_, &found.layers, span.0);
        cx.slot(found.value, span.1, |cx, value| match kind(value) {
            // `T x(1);`
            K::ArgumentList => {
                cx.node(Kind::New, value.span(), |cx| {
                    cx.slot(type_.filter(|type_| again::is_plain(type_.text())), value.start(), expression);
                    arguments(cx, value);
                    cx.none(value.end());
                });
            }
            _ => expression(cx, value),
        });
    });
}

/// A name that is declared; names that are bound to the parts of one value are a tuple.
fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::StructuredBindingDeclarator {
        cx.node(Kind::Tuple, node.span(), |cx| expressions(cx, node));
    } else {
        expression(cx, node);
    }
}

/// A constructor has no type. In a pattern a function without a type is any of that name.
fn function_op(cx: &Cx<'_>, name: Option<Syntax<'_>>, type_: Option<Syntax<'_>>) -> Op {
    let Some(name) = name.filter(|_| type_.is_none() && !cx.is_pattern()) else { return Op::None };
    let is_other = name.text().contains('~') || kind(name) == K::OperatorCast;
    if name.grammar() == Grammar::Cpp && !is_other { Op::Constructor } else { Op::None }
}

/// All of a function but its body.
fn signature(
    cx: &mut Cx<'_>,
    node: Option<Syntax<'_>>,
    found: &Declared<'_>,
    function: Syntax<'_>,
    type_: Option<Syntax<'_>>,
    template: Option<Syntax<'_>>,
    at: u32,
) {
    attrs(cx, node, Some(function), template, at);
    cx.slot(found.name, at, expression);
    cx.slot(function.field(f(function).parameters), function.end(), parameters);
    let rest = found.layers.split_last().map_or(&[][..], |(_, rest)| rest);
    result(cx, function, type_, rest, at);
}

pub(super) fn function_definition(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32), template: Option<Syntax<'_>>) {
    let type_ = node.field(f(node).type_);
    let mut found = declared(node.field(f(node).declarator));
    // `operator T()` has its parameters within its name.
    if let Some(cast) = found.name.filter(|name| kind(*name) == K::OperatorCast) {
        found.layers.extend(declared(cast.field(f(cast).declarator)).function());
    }
    let op = function_op(cx, found.name, type_);
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        match found.function() {
            Some(function) => signature(cx, Some(node), &found, function, type_, template, span.0),
            // `f(x) { … }` without a type looks like a variable in parentheses.
            None if cx.is_pattern() => {
                attrs(cx, Some(node), None, template, span.0);
                cx.slot(type_, span.0, expression);
                cx.node(Kind::Params, (span.0, span.0), |cx| {
                    if let Some(name) = found.name {
                        bare_parameter(cx, name);
                    }
                });
                cx.none(span.0);
            }
            None => {
                attrs(cx, Some(node), None, template, span.0);
                cx.slot(found.name, span.0, expression);
                cx.node(Kind::Params, (span.0, span.0), |_| {});
                typed(cx, type_, &found.layers, span.0);
            }
        }
        function_body(cx, node);
    });
}

/// What is initialized before the body is done first in it; so are the types of parameters in old C.
fn function_body(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_try = |child: &Syntax<'_>| kind(*child) == K::TryStatement;
    let block = node.field(f(node).body).or_else(|| node.children().find(is_try));
    cx.slot(block, node.end(), |cx, block| {
        cx.node(Kind::Block, block.span(), |cx| {
            let outer = node.children().filter(|child| matches!(kind(*child), K::Declaration | K::FieldInitializerList));
            for before in outer.chain(block.children().filter(|child| kind(*child) == K::FieldInitializerList)) {
                if kind(before) == K::Declaration { statement(cx, before) } else { field_initializers(cx, before) }
            }
            if kind(block) == K::TryStatement { statement(cx, block) } else { statements(cx, block) }
        });
    });
}

/// `: a(1), b{2}` before the body of a constructor.
fn field_initializers(cx: &mut Cx<'_>, list: Syntax<'_>) {
    for initializer in list.children() {
        let mut children = initializer.children();
        let (Some(member), Some(list)) = (children.next(), children.next()) else {
            cx.opaque(initializer);
            continue;
        };
        cx.node(Kind::ExprStmt, initializer.span(), |cx| {
            cx.node(Kind::Call, initializer.span(), |cx| {
                expression(cx, member);
                arguments(cx, list);
            });
        });
    }
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| {
        let only = node.first().filter(|only| only.text() == "void" && node.children().nth(1).is_none());
        for one in node.all_children().filter(|child| child.is_named() || child.text() == "...") {
            if only.is_none() {
                parameter(cx, one);
            }
        }
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ParameterDeclaration | K::OptionalParameterDeclaration | K::VariadicParameterDeclaration => {
            let type_ = node.field(f(node).type_);
            let found = declared(node.field(f(node).declarator));
            // What stands alone in a pattern is a parameter, or several, not a type.
            let alone = type_.filter(|_| cx.is_pattern() && found.name.is_none() && found.layers.is_empty());
            if let Some(alone) = alone {
                let text = alone.text();
                if text == reserved::DOTS || text.starts_with(reserved::MANY) {
                    return cx.name_of(alone);
                }
                if text.starts_with(reserved::METAVAR) {
                    return bare_parameter(cx, alone);
                }
            }
            let op = if found.is_variadic { Op::Splat } else { Op::None };
            cx.node_op(Kind::Param, op, span, |cx| {
                attrs(cx, Some(node), None, None, span.0);
                cx.slot(found.name, span.0, expression);
                typed(cx, type_, &found.layers, span.0);
                cx.slot(node.field(f(node).default_value), span.1, expression);
            });
        }
        K::VariadicParameter => rest_of_parameters(cx, span),
        _ if node.is_error() => cx.opaque(node),
        _ if node.text() == "..." => rest_of_parameters(cx, span),
        _ => bare_parameter(cx, node),
    }
}

/// `...`
fn rest_of_parameters(cx: &mut Cx<'_>, span: (u32, u32)) {
    cx.node_op(Kind::Param, Op::Splat, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        for _ in 0..3 {
            cx.none(span.1);
        }
    });
}

/// A parameter that is only a name.
pub(super) fn bare_parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if node.text() == "..." {
        return rest_of_parameters(cx, span);
    }
    cx.node(Kind::Param, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.name_of(node);
        cx.none(span.1);
        cx.none(span.1);
    });
}

/// The type and the name of what is caught.
pub(super) fn caught(cx: &mut Cx<'_>, parameter: Syntax<'_>) {
    let found = declared(parameter.field(f(parameter).declarator));
    typed(cx, parameter.field(f(parameter).type_), &found.layers, parameter.start());
    cx.slot(found.name, parameter.end(), expression);
}

/// The variable of `for (T x : y)`.
pub(super) fn range_variable(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (type_, declarator) = (node.field(f(node).type_), node.field(f(node).declarator));
    let start = type_.map_or(node.start(), Syntax::start);
    let mut found = declared(declarator);
    found.value = None;
    define(cx, Some(node), &found, type_, (start, declarator.map_or(start, Syntax::end)), None);
}

pub(super) fn enumerator(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        attrs(cx, Some(node), None, None, span.0);
        cx.slot(node.field(f(node).name), span.0, expression);
        cx.none(span.0);
        cx.slot(node.field(f(node).value), span.1, expression);
    });
}

/// A name for a type: `typedef T x` and `using x = T`.
pub(super) fn alias(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32), template: Option<Syntax<'_>>) {
    let type_ = node.field(f(node).type_);
    let define = |cx: &mut Cx<'_>, name: Option<Syntax<'_>>, layers: &[Syntax<'_>], at: usize, span: (u32, u32)| {
        let before = type_.filter(|_| at != 0).map_or("", |type_| node.source(node.start(), type_.end()));
        let is_shared = again::is_shared(at, before);
        cx.node_with(Kind::Other, Op::None, "type_definition", span, |cx| {
            attrs(cx, Some(node).filter(|_| is_shared), None, template, span.0);
            cx.slot(name, span.0, expression);
            typed(cx, if is_shared { type_ } else { type_.and_then(name_of_type) }, layers, span.0);
        });
    };
    if kind(node) == K::AliasDeclaration {
        return define(cx, node.field(f(node).name), &[], 0, span);
    }
    for (at, declarator) in node.fields(f(node).declarator).enumerate() {
        let found = declared(Some(declarator));
        define(cx, found.name, &found.layers, at, if at == 0 { span } else { declarator.span() });
    }
}

fn inner_template(node: Syntax<'_>) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == K::TemplateDeclaration)
}

/// What is made a template spans its parameters too.
pub(super) fn template(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut innermost = node;
    while let Some(inner) = inner_template(innermost) {
        innermost = inner;
    }
    let parameters = f(innermost).parameters;
    for inner in innermost.children().filter(|child| child.in_field() != parameters && kind(*child) != K::RequiresClause) {
        match kind(inner) {
            K::FunctionDefinition => function_definition(cx, inner, span, Some(node)),
            K::Declaration => declaration(cx, inner, span, Some(node)),
            K::AliasDeclaration => alias(cx, inner, span, Some(node)),
            _ if is_class(inner) => class(cx, inner, span, Some(node)),
            _ => cx.other(node.kind_name(), innermost, statement),
        }
    }
}

/// `namespace A { … }` and `extern "C" { … }`.
pub(super) fn namespace(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Namespace, span, |cx| {
        let name = node.field(f(node).name).or_else(|| node.field(f(node).value));
        cx.slot(name, span.0, expression);
        cx.slot(node.field(f(node).body), span.1, |cx, block| {
            if kind(block) == K::DeclarationList {
                statement(cx, block);
            } else {
                cx.node(Kind::Block, block.span(), |cx| statement(cx, block));
            }
        });
    });
}

/// `using namespace A`, `using A::b`, and `namespace A = B`.
pub(super) fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let last = node.children().last();
    if kind(node) == K::NamespaceAliasDefinition || node.has_token("namespace") {
        let alias = node.field(f(node).name);
        let op = if kind(node) == K::UsingDeclaration { Op::Star } else { Op::None };
        cx.node_op(Kind::Import, op, span, |cx| {
            cx.slot(last, span.1, expression);
            cx.slot(alias, span.1, expression);
        });
        return;
    }
    // `using A::B::c` makes `c` of `A::B` known.
    let path = last.map(path).unwrap_or_default();
    let Some((item, module)) = path.split_last() else { return cx.opaque(node) };
    cx.node(Kind::ImportFrom, span, |cx| {
        scopes(cx, module, span.0);
        cx.node(Kind::ImportItem, item.span(), |cx| {
            expression(cx, *item);
            cx.none(item.end());
        });
    });
}
