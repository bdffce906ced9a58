//! Classes, functions, properties, and what stands before them.

use super::{
    K,
    expression::expression,
    f, is_type, kind,
    matching::pattern,
    of,
    statement::{block, body, braces, statement, statements},
    type_in,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// Modifiers, attributes, words such as `async`, and what is said of parameters that are types.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_part = |child: &Syntax<'_>| match kind(*child) {
        K::Modifiers | K::Attribute | K::TypeParameters | K::TypeConstraints | K::Throws | K::ParameterModifiers => true,
        _ => !child.is_named() && matches!(child.text(), "async" | "actor" | "indirect"),
    };
    let last = node.all_children().filter(is_part).last().map_or(node.start(), Syntax::end);
    let next = node.all_children().find(|child| last <= child.start()).map_or(last, Syntax::start);
    cx.node(Kind::Attrs, (node.start(), next), |cx| {
        for part in node.all_children().filter(is_part) {
            match kind(part) {
                K::Modifiers | K::ParameterModifiers => {
                    for word in part.children() {
                        if kind(word) == K::Attribute {
                            attribute(cx, word);
                        } else {
                            modifier(cx, word);
                        }
                    }
                }
                K::Attribute => attribute(cx, part),
                K::TypeParameters => cx.other("type_parameters", part, expression),
                K::TypeConstraints => cx.other("type_constraints", part, expression),
                _ => modifier(cx, part),
            }
        }
    });
}

fn modifier(cx: &mut Cx<'_>, word: Syntax<'_>) {
    cx.word(Kind::Modifier, Op::None, word.text(), word.span());
}

pub(super) fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let open = node.all_children().find(|token| !token.is_named() && token.text() == "(");
    let name = node.first();
    cx.node(Kind::Annotation, node.span(), |cx| match (name, open) {
        (Some(name), Some(open)) => {
            cx.node(Kind::Call, (name.start(), node.end()), |cx| {
                expression(cx, name);
                cx.node(Kind::Args, (open.start(), node.end()), |cx| node.children().skip(1).for_each(|value| expression(cx, value)));
            });
        }
        (name, _) => cx.slot(name, node.end(), expression),
    });
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let op = match node.field(f().declaration_kind).map_or("", Syntax::text) {
        "struct" => Op::Struct,
        "enum" => Op::Enum,
        "extension" => Op::Impl,
        "protocol" => Op::Interface,
        _ => Op::Class,
    };
    let bases = || node.children().filter(|child| kind(*child) == K::InheritanceSpecifier);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(node.field(f().name), span.0, expression);
        cx.none(span.0);
        let start = bases().next().map_or(span.0, Syntax::start);
        let end = bases().last().map_or(start, Syntax::end);
        cx.node(Kind::Bases, (start, end), |cx| {
            bases().for_each(|base| cx.slot(base.field(f().inherits_from), base.end(), expression));
        });
        body(cx, node.field(f().body), span.1);
    });
}

pub(super) fn function(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>, op: Op) {
    let span = node.span();
    let arrow = node.all_children().find(|token| !token.is_named() && token.text() == "->").map_or(u32::MAX, Syntax::end);
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(name, span.0, Cx::name_of);
        parameters(cx, node);
        cx.slot(node.children().find(|child| arrow <= child.start() && is_type(*child)), span.1, expression);
        match (node.field(f().body), of(node, K::ComputedProperty)) {
            (None, Some(computed)) => {
                cx.node(Kind::Block, computed.span(), |cx| match of(computed, K::Statements) {
                    Some(inner) => statements(cx, inner),
                    None => accessors(cx, computed, name),
                });
            }
            (own, _) => body(cx, own, span.1),
        }
    });
}

/// A default stands behind its parameter.
fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let all = || node.children().filter(|child| kind(*child) == K::Parameter);
    let token = |text: &str| node.all_children().find(|token| !token.is_named() && token.text() == text);
    let start = token("(").map_or_else(|| all().next().map_or(node.start(), Syntax::start), Syntax::start);
    let end = all().last().map_or(start, Syntax::end);
    let close = node.all_children().find(|token| !token.is_named() && token.text() == ")" && end <= token.start()).map_or(end, Syntax::end);
    cx.node(Kind::Params, (start, close), |cx| {
        let mut children = node.children().peekable();
        while let Some(child) = children.next() {
            if kind(child) == K::Parameter {
                let default = children.next_if(|next| next.in_field() == f().default_value);
                parameter(cx, child, default);
            }
        }
    });
}

/// The label that callers write, if it is another one than the name, is a modifier.
pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, default: Option<Syntax<'_>>) {
    let name = node.children().find(|child| kind(*child) == K::SimpleIdentifier && child.in_field() == f().name);
    if cx.is_ellipsis(name) {
        return cx.slot(name, node.end(), expression);
    }
    let span = (node.start(), default.unwrap_or(node).end());
    let (label, words) = (node.field(f().external_name), of(node, K::ParameterModifiers));
    let op = if node.has_token("...") { Op::Splat } else { Op::None };
    cx.node_op(Kind::Param, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, words.or(label).map_or(span.0, Syntax::end)), |cx| {
            if let Some(label) = label {
                modifier(cx, label);
            }
            words.into_iter().flat_map(Syntax::children).for_each(|word| modifier(cx, word));
        });
        cx.slot(name, span.0, expression);
        cx.slot(type_in(node), span.1, expression);
        cx.slot(default, span.1, expression);
    });
}

/// `let a: T = b, c = d`: one node for each; the first spans them all. What reads and writes a property follows it.
pub(super) fn properties(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let word = of(node, K::ValueBindingPattern)
        .or_else(|| node.field(f().name).and_then(|name| of(name, K::ValueBindingPattern)))
        .and_then(|binding| binding.field(f().mutability));
    let op = if word.is_some_and(|word| word.text() == "let") { Op::Const } else { Op::Var };
    let mut children = node.children().skip_while(|child| child.in_field() != f().name).peekable();
    let mut is_first = true;
    while let Some(name) = children.next() {
        let mut declared = None;
        let mut value = None;
        let mut computed = None;
        while let Some(part) = children.next_if(|next| next.in_field() != f().name) {
            match kind(part) {
                K::TypeAnnotation => declared = Some(part),
                K::ComputedProperty | K::WillsetDidsetBlock => computed = Some(part),
                _ if part.in_field() == f().value => value = Some(part),
                _ => {}
            }
        }
        if cx.is_ellipsis(Some(name)) && value.is_none() {
            cx.slot(name.first(), name.end(), expression);
            continue;
        }
        let span = if is_first { node.span() } else { (name.start(), value.or(declared).unwrap_or(name).end()) };
        cx.node_op(Kind::VarDef, op, span, |cx| {
            if is_first {
                attrs(cx, node);
            } else {
                cx.empty(Kind::Attrs, span.0);
            }
            pattern(cx, name);
            cx.slot(declared, span.1, expression);
            cx.slot(value, span.1, expression);
        });
        is_first = false;
        if let Some(computed) = computed {
            accessors(cx, computed, name.field(f().bound_identifier));
        }
    }
}

/// The functions of a property, with its name.
fn accessors(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>) {
    if kind(node) == K::ComputedProperty && of(node, K::Statements).is_some() {
        return accessor(cx, node, name, Op::Getter);
    }
    for child in node.children() {
        match kind(child) {
            K::ComputedGetter => accessor(cx, child, name, Op::Getter),
            K::ComputedSetter => accessor(cx, child, name, Op::Setter),
            K::WillsetClause | K::DidsetClause => {
                let word = child.all_children().find(|token| matches!(token.text(), "willSet" | "didSet"));
                accessor(cx, child, word, Op::None);
            }
            _ => cx.other(child.kind_name(), child, statement),
        }
    }
}

fn accessor(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node);
        cx.slot(name, span.0, Cx::name_of);
        let value = of(node, K::SimpleIdentifier);
        cx.node(Kind::Params, value.map_or((span.0, span.0), Syntax::span), |cx| {
            if let Some(value) = value {
                plain_parameter(cx, value, None);
            }
        });
        cx.none(span.1);
        block(cx, braces(node).next(), span.1);
    });
}

pub(super) fn plain_parameter(cx: &mut Cx<'_>, name: Syntax<'_>, declared: Option<Syntax<'_>>) {
    let end = declared.unwrap_or(name).end();
    cx.node(Kind::Param, (name.start(), end), |cx| {
        cx.empty(Kind::Attrs, name.start());
        expression(cx, name);
        cx.slot(declared, end, expression);
        cx.none(end);
    });
}

/// `case a = 1, b(T)`: one node for each; the first spans them all.
pub(super) fn enum_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut children = node.children().skip_while(|child| child.in_field() != f().name).peekable();
    let mut is_first = true;
    while let Some(name) = children.next() {
        let mut data = None;
        let mut value = None;
        while let Some(part) = children.next_if(|next| next.in_field() != f().name) {
            if part.in_field() == f().raw_value {
                value = Some(part);
            } else {
                data = Some(part);
            }
        }
        if cx.is_ellipsis(Some(name)) && data.is_none() && value.is_none() {
            expression(cx, name);
            continue;
        }
        let span = if is_first { trimmed(node) } else { (name.start(), value.or(data).unwrap_or(name).end()) };
        cx.node(Kind::VarDef, span, |cx| {
            if is_first {
                attrs(cx, node);
            } else {
                cx.empty(Kind::Attrs, span.0);
            }
            expression(cx, name);
            cx.slot(data, span.1, expression);
            cx.slot(value, span.1, expression);
        });
        is_first = false;
    }
}

/// The span without what ends a statement.
pub(super) fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    let text = node.text().trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    (node.start(), node.start() + u32::try_from(text.len()).unwrap_or_default())
}
