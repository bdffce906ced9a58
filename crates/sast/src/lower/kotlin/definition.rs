//! Classes, functions, properties, and what stands before them.

use super::{
    K,
    expression::{expression, expressions},
    f, is_type, kind, of,
    statement::{body, statements, trimmed},
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// The modifiers and annotations of a definition, and parts of it that have no slot.
pub(super) fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>, more: &[K]) {
    let parts = || {
        let is_part = |child: &Syntax<'_>| kind(*child) == K::Modifiers || more.contains(&kind(*child)) || is_word(node, *child);
        node.all_children().filter(is_part)
    };
    let last = parts().last().map_or(node.start(), Syntax::end);
    let next = node.all_children().find(|child| last <= child.start()).map_or(last, Syntax::start);
    cx.node(Kind::Attrs, (node.start(), next), |cx| {
        for part in parts() {
            match kind(part) {
                K::Modifiers => modifiers(cx, part),
                K::PrimaryConstructor => {
                    if let Some(words) = of(part, K::Modifiers) {
                        modifiers(cx, words);
                    }
                }
                // Words that are no modifiers in the grammar.
                _ if !part.is_named() => cx.word(Kind::Modifier, Op::None, part.text(), part.span()),
                _ => expression(cx, part),
            }
        }
    });
}

/// `companion object`, `fun interface`.
fn is_word(definition: Syntax<'_>, token: Syntax<'_>) -> bool {
    match kind(definition) {
        K::CompanionObject => token.text() == "companion",
        K::ClassDeclaration => !token.is_named() && token.text() == "fun",
        _ => false,
    }
}

fn modifiers(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for word in node.children() {
        if kind(word) == K::Annotation { annotations(cx, word) } else { cx.word(Kind::Modifier, Op::None, word.text(), word.span()) }
    }
}

/// `@a`, `@get:a(1)`, `@[a b]`; of something that has annotations, all of them.
pub(super) fn annotations(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for part in node.children() {
        match kind(part) {
            K::Annotation => annotations(cx, part),
            K::ConstructorInvocation | K::UserType => {
                let is_alone = part.end() == node.end();
                let span = if is_alone { (node.start(), part.end()) } else { part.span() };
                cx.node(Kind::Annotation, span, |cx| expression(cx, part));
            }
            _ => {}
        }
    }
}

/// `@a(1)` with nothing behind it, which the grammar takes for an annotation of what is in parentheses.
pub(super) fn is_lonely_annotation(node: Syntax<'_>) -> bool {
    let mut parts = node.children();
    let (Some(annotation), Some(value)) = (parts.next(), parts.next()) else { return false };
    kind(annotation) == K::Annotation && kind(value) == K::ParenthesizedExpression && annotation.end() == value.start()
}

pub(super) fn lonely_annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children();
    let (Some(annotation), Some(value)) = (parts.next(), parts.next()) else { return };
    let name = of(annotation, K::UserType).unwrap_or(annotation);
    cx.node(Kind::Annotation, node.span(), |cx| {
        cx.node(Kind::Call, (name.start(), node.end()), |cx| {
            expression(cx, name);
            cx.node(Kind::Args, value.span(), |cx| expressions(cx, value));
        });
    });
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_enum =
        of(node, K::Modifiers).is_some_and(|words| words.children().any(|word| kind(word) == K::ClassModifier && word.text() == "enum"));
    let op = match kind(node) {
        K::ObjectDeclaration | K::CompanionObject => Op::Object,
        _ if node.has_token("interface") => Op::Interface,
        _ if is_enum => Op::Enum,
        _ => Op::Class,
    };
    let constructor = of(node, K::PrimaryConstructor);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node, &[K::TypeParameters, K::PrimaryConstructor, K::TypeConstraints]);
        cx.slot(node.field(f().name), span.0, expression);
        cx.slot(constructor.and_then(|constructor| of(constructor, K::ClassParameters)), span.0, |cx, list| {
            cx.node(Kind::Params, list.span(), |cx| list.children().for_each(|parameter| class_parameter(cx, parameter)));
        });
        bases(cx, node);
        body(cx, node.children().find(|child| matches!(kind(*child), K::ClassBody | K::EnumClassBody)), span.1);
    });
}

pub(super) fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match of(node, K::DelegationSpecifiers) {
        Some(list) => {
            cx.node(Kind::Bases, list.span(), |cx| expressions(cx, list));
        }
        None => cx.empty(Kind::Bases, node.start()),
    }
}

/// `val`s among the parameters of a class are fields too.
pub(super) fn class_parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if node.is_error() {
        return cx.opaque(node);
    }
    let name = of(node, K::Identifier);
    if cx.is_ellipsis(name) {
        return cx.slot(name, node.end(), expression);
    }
    let words = of(node, K::Modifiers);
    let op = if words.is_some_and(is_vararg) { Op::Splat } else { Op::None };
    let word = node.all_children().find(|token| !token.is_named() && matches!(token.text(), "val" | "var"));
    cx.node_op(Kind::Param, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, word.or(words).map_or(span.0, Syntax::end)), |cx| {
            if let Some(words) = words {
                modifiers(cx, words);
            }
            if let Some(word) = word {
                cx.word(Kind::Modifier, Op::None, word.text(), word.span());
            }
        });
        let mut parts = node.all_children().filter(|child| (child.is_named() && kind(*child) != K::Modifiers) || is_type(*child));
        for _ in 0..3 {
            cx.slot(parts.next(), span.1, expression);
        }
    });
}

fn is_vararg(words: Syntax<'_>) -> bool {
    words.children().any(|word| kind(word) == K::ParameterModifier && word.text() == "vararg")
}

/// `RED(1) { … }` creates an object.
pub(super) fn enum_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (arguments, members) = (of(node, K::ValueArguments), of(node, K::ClassBody));
    cx.node(Kind::VarDef, span, |cx| {
        attrs(cx, node, &[]);
        cx.slot(of(node, K::Identifier), span.0, expression);
        cx.none(span.1);
        cx.slot(arguments.or(members), span.1, |cx, first| {
            cx.node(Kind::New, (first.start(), span.1), |cx| {
                cx.none(first.start());
                match arguments {
                    Some(arguments) => expression(cx, arguments),
                    None => cx.empty(Kind::Args, first.start()),
                }
                body(cx, members, span.1);
            });
        });
    });
}

/// What stands before and behind the parameters of a function: the type that it extends, and the type of its result.
pub(super) fn types_around<'a>(node: Syntax<'a>) -> (Option<Syntax<'a>>, Option<Syntax<'a>>) {
    let list = of(node, K::FunctionValueParameters).map_or(node.end(), Syntax::start);
    let at = |is_before: bool| node.all_children().find(|child| is_type(*child) && (child.start() < list) == is_before);
    (at(true), at(false))
}

pub(super) fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (receiver, result) = types_around(node);
    cx.node(Kind::FuncDef, span, |cx| {
        attrs(cx, node, &[K::TypeParameters, K::TypeConstraints]);
        cx.slot(node.field(f().name), span.0, expression);
        parameters(cx, node, receiver);
        cx.slot(result, span.1, expression);
        function_body(cx, of(node, K::FunctionBody), span.1);
    });
}

/// `= e` returns the expression.
pub(super) fn function_body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    let Some(inner) = node.and_then(Syntax::first) else { return cx.none(at) };
    if kind(inner) == K::Block {
        return body(cx, Some(inner), at);
    }
    cx.node(Kind::Block, inner.span(), |cx| {
        cx.node(Kind::Return, inner.span(), |cx| expression(cx, inner));
    });
}

/// A constructor calls another one first.
pub(super) fn constructor(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (call, block) = (of(node, K::ConstructorDelegationCall), of(node, K::Block));
    cx.node_op(Kind::FuncDef, Op::Constructor, span, |cx| {
        attrs(cx, node, &[]);
        let word = node.all_children().find(|token| token.text() == "constructor");
        cx.slot(word, span.0, Cx::name_of);
        parameters(cx, node, None);
        cx.none(span.1);
        cx.slot(block.or(call), span.1, |cx, inner| {
            cx.node(Kind::Block, (call.unwrap_or(inner).start(), span.1), |cx| {
                if let Some(call) = call {
                    cx.node(Kind::ExprStmt, call.span(), |cx| {
                        cx.node(Kind::Call, call.span(), |cx| {
                            cx.slot(call.all_children().next(), call.start(), Cx::name_of);
                            cx.slot(of(call, K::ValueArguments), call.end(), expression);
                        });
                    });
                }
                if let Some(block) = block {
                    statements(cx, block.children());
                }
            });
        });
    });
}

/// Modifiers, a parameter and its default stand side by side in the grammar.
pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>, receiver: Option<Syntax<'_>>) {
    let list = of(node, K::FunctionValueParameters);
    let Some(list) = list else { return cx.empty(Kind::Params, node.start()) };
    let start = receiver.map_or(list.start(), Syntax::start);
    cx.node(Kind::Params, (start, list.end()), |cx| {
        if let Some(receiver) = receiver {
            cx.node_op(Kind::Param, Op::Receiver, receiver.span(), |cx| {
                cx.empty(Kind::Attrs, receiver.start());
                cx.name("this", (receiver.start(), receiver.start()));
                expression(cx, receiver);
                cx.none(receiver.end());
            });
        }
        let mut parts = list.children().peekable();
        while let Some(part) = parts.next() {
            let is_words = kind(part) == K::ParameterModifiers;
            let (words, parameter) = if is_words { (Some(part), parts.next()) } else { (None, Some(part)) };
            let Some(parameter) = parameter else { break };
            if parameter.is_error() {
                cx.opaque(parameter);
                continue;
            }
            let default = parts.next_if(|next| !matches!(kind(*next), K::ParameterModifiers | K::Parameter) && !next.is_error());
            self::parameter(cx, words, parameter, default);
        }
    });
}

pub(super) fn parameter(cx: &mut Cx<'_>, words: Option<Syntax<'_>>, node: Syntax<'_>, default: Option<Syntax<'_>>) {
    let name = of(node, K::Identifier);
    if cx.is_ellipsis(name) {
        return cx.slot(name, node.end(), expression);
    }
    let span = (words.unwrap_or(node).start(), default.unwrap_or(node).end());
    let op = if words.is_some_and(is_vararg) { Op::Splat } else { Op::None };
    cx.node_op(Kind::Param, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, words.map_or(span.0, Syntax::end)), |cx| {
            if let Some(words) = words {
                modifiers(cx, words);
            }
        });
        cx.slot(name, span.0, expression);
        cx.slot(node.all_children().find(|child| is_type(*child)), span.1, expression);
        cx.slot(default, span.1, expression);
    });
}

/// Fills two slots with the name, or the names, and the type of a variable.
pub(super) fn variable(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::MultiVariableDeclaration {
        cx.node(Kind::Tuple, node.span(), |cx| expressions(cx, node));
        return cx.none(node.end());
    }
    cx.slot(of(node, K::Identifier), node.start(), expression);
    cx.slot(node.all_children().find(|child| is_type(*child)), node.end(), expression);
}

/// A property; what reads and writes it follows as functions of its name.
pub(super) fn property(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = trimmed(node);
    let op = if node.has_token("val") { Op::Const } else { Op::Var };
    let is_declaration = |child: &Syntax<'_>| matches!(kind(*child), K::VariableDeclaration | K::MultiVariableDeclaration);
    let declaration = node.children().find(is_declaration);
    let start = declaration.map_or(span.0, Syntax::start);
    let receiver = node.all_children().find(|child| is_type(*child) && child.start() < start);
    let is_value = |child: &Syntax<'_>| start < child.start() && !matches!(kind(*child), K::Getter | K::Setter | K::TypeConstraints);
    let value = node.children().find(is_value);
    let name = declaration.and_then(|declaration| of(declaration, K::Identifier));
    if value.is_none() && cx.is_ellipsis(name) {
        return cx.slot(name, span.1, expression);
    }
    cx.node_op(Kind::VarDef, op, span, |cx| {
        attrs(cx, node, &[K::TypeParameters, K::TypeConstraints]);
        match (receiver, declaration) {
            (Some(receiver), Some(declaration)) => {
                let name = of(declaration, K::Identifier);
                cx.node_op(Kind::Dot, Op::Dot, (receiver.start(), name.unwrap_or(declaration).end()), |cx| {
                    expression(cx, receiver);
                    cx.slot(name, declaration.end(), expression);
                });
                cx.slot(declaration.all_children().find(|child| is_type(*child)), declaration.end(), expression);
            }
            (_, Some(declaration)) => variable(cx, declaration),
            (_, None) => (0..2).for_each(|_| cx.none(span.1)),
        }
        cx.slot(value, span.1, expression);
    });
    for accessor in node.children().filter(|child| matches!(kind(*child), K::Getter | K::Setter)) {
        self::accessor(cx, accessor, name);
    }
}

fn accessor(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>) {
    let span = node.span();
    let op = if kind(node) == K::Getter { Op::Getter } else { Op::Setter };
    let value = of(node, K::Identifier);
    let close = node.all_children().find(|token| token.text() == ")").map_or(span.1, Syntax::start);
    let type_at = |is_before: bool| node.all_children().find(|child| is_type(*child) && (child.start() < close) == is_before);
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node, &[]);
        cx.slot(name, span.0, expression);
        cx.node(Kind::Params, value.map_or((span.0, span.0), Syntax::span), |cx| {
            if let Some(value) = value {
                cx.node(Kind::Param, value.span(), |cx| {
                    cx.empty(Kind::Attrs, value.start());
                    expression(cx, value);
                    cx.slot(type_at(true), value.end(), expression);
                    cx.none(value.end());
                });
            }
        });
        cx.slot(type_at(false), span.1, expression);
        function_body(cx, of(node, K::FunctionBody), span.1);
    });
}
