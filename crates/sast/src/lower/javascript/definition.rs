//! Variables, functions, classes and their members.

use super::{
    K,
    expression::expression,
    f, is_ellipsis, kind, module,
    statement::{self, body},
    types,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// What stands before a definition and belongs to it, although it is no part of it in the grammar: `export`, `declare`,
/// decorators.
#[derive(Debug, Clone, Default)]
pub(super) struct Outer<'a> {
    pub(super) words: Vec<Syntax<'a>>,
}

impl Outer<'_> {
    /// The span of a definition with what stands before it.
    fn span(&self, node: Syntax<'_>) -> (u32, u32) {
        (self.words.first().map_or(node.start(), |word| word.start()), node.end())
    }
}

/// A declaration that may be exported.
pub(super) fn declaration(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    match kind(node) {
        K::FunctionDeclaration | K::GeneratorFunctionDeclaration | K::FunctionSignature => function(cx, node, outer),
        K::ClassDeclaration | K::AbstractClassDeclaration | K::Class => class(cx, node, outer),
        K::LexicalDeclaration | K::VariableDeclaration | K::UsingDeclaration => variables(cx, node, outer),
        K::InterfaceDeclaration => interface(cx, node, outer),
        K::EnumDeclaration => enumeration(cx, node, outer),
        K::TypeAliasDeclaration => {
            cx.node_with(Kind::Other, Op::None, "type_alias_declaration", outer.span(node), |cx| {
                let name = node.field(f(node).name);
                attrs(cx, node, outer, name);
                cx.slot(name, node.start(), expression);
                cx.slot(node.field(f(node).value), node.end(), expression);
            });
        }
        K::AmbientDeclaration => ambient(cx, node, outer),
        K::Module | K::InternalModule => module::namespace(cx, node),
        K::ImportAlias => {
            cx.node(Kind::Import, outer.span(node), |cx| {
                let mut parts = node.children();
                let alias = parts.next();
                cx.slot(parts.next(), node.end(), expression);
                cx.slot(alias, node.start(), expression);
            });
        }
        _ => statement::statement(cx, node),
    }
}

/// `declare …`; `declare global { … }` is a namespace.
fn ambient<'a>(cx: &mut Cx<'_>, node: Syntax<'a>, outer: &Outer<'a>) {
    let Some(inner) = node.first() else { return cx.opaque(node) };
    if kind(inner) == K::StatementBlock {
        let name = node.all_children().find(|token| token.text() == "global");
        cx.node(Kind::Namespace, outer.span(node), |cx| {
            cx.slot(name, node.start(), Cx::name_of);
            body(cx, Some(inner), node.end());
        });
        return;
    }
    if kind(inner) == K::PropertyIdentifier {
        return cx.other("ambient_declaration", node, expression);
    }
    let mut outer = outer.clone();
    outer.words.extend(node.all_children().next());
    declaration(cx, inner, &outer);
}

/// Words and decorators that stand before the name (or what is first without one), and the parameters of the type.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>, name: Option<Syntax<'_>>) {
    let span = outer.span(node);
    let end = name.map_or(node.start(), Syntax::start);
    let parameters = node.field(f(node).type_parameters);
    let end_of_all = parameters.map_or(end, |list| list.end().max(end));
    cx.node(Kind::Attrs, (span.0, end_of_all), |cx| {
        for word in &outer.words {
            attr(cx, *word, word.span());
        }
        for word in node.all_children().take_while(|child| child.start() < end) {
            attr(cx, word, word.span());
        }
        types::parameters(cx, parameters);
    });
}

fn attr(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    if kind(node) == K::Decorator {
        cx.node(Kind::Annotation, span, |cx| cx.slot(node.first(), span.1, expression));
        return;
    }
    let is_word = matches!(kind(node), K::AccessibilityModifier | K::OverrideModifier) || !node.is_named();
    match node.text() {
        "class" | "function" | "enum" | "interface" | "type" | "get" | "set" | "new" | "let" | "const" | "var" | "..." => {}
        // The grammar of JavaScript makes one token of `static get` before the end of a line.
        text if text.starts_with("static") && is_word => cx.word(Kind::Modifier, Op::None, "static", span),
        text if is_word && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'*') => {
            cx.word(Kind::Modifier, Op::None, text, span);
        }
        _ => {}
    }
}

/// `const a = 1, b = 2`: one node for each; the first spans them all.
pub(super) fn variables(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    let word = node.field(f(node).kind);
    let op = match word.map_or("var", Syntax::text) {
        "var" => Op::Var,
        "let" => Op::Let,
        _ => Op::Const,
    };
    let using = word.filter(|_| kind(node) == K::UsingDeclaration);
    let mut is_first = true;
    for declarator in node.children() {
        if declarator.is_error() {
            cx.opaque(declarator);
            continue;
        }
        let span = if is_first { outer.span(node) } else { declarator.span() };
        is_first = false;
        cx.node_op(Kind::VarDef, op, span, |cx| {
            cx.node(Kind::Attrs, (span.0, span.0), |cx| {
                for word in &outer.words {
                    attr(cx, *word, (span.0, span.0));
                }
                if using.is_some() {
                    cx.word(Kind::Modifier, Op::None, "using", (span.0, span.0));
                }
            });
            cx.slot(declarator.field(f(node).name), span.0, expression);
            cx.slot(declarator.field(f(node).type_), span.1, expression);
            cx.slot(declarator.field(f(node).value), span.1, expression);
        });
    }
}

/// A function; `function ...() {}` of a pattern is one with any name, or none.
pub(super) fn function(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    let name = node.field(f(node).name);
    if name.is_some_and(|name| is_ellipsis(cx, name)) {
        return lambda_as(cx, node, Op::Star);
    }
    function_as(cx, node, outer, name, Op::None);
}

/// A method, an accessor or a constructor, with or without a body.
pub(super) fn method(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    let name = node.field(f(node).name);
    if cx.is_pattern() && name.is_some_and(|name| is_statement_word(name.text())) {
        return;
    }
    let start = name.map_or(node.start(), Syntax::start);
    let mut op = match name {
        Some(name) if name.text() == "constructor" => Op::Constructor,
        None if kind(node) == K::ConstructSignature => Op::Constructor,
        _ => Op::None,
    };
    for token in node.all_children().take_while(|child| child.start() < start) {
        match token.text() {
            "get" => op = Op::Getter,
            "set" => op = Op::Setter,
            text if text.starts_with("static") && text.trim_end().ends_with("get") => op = Op::Getter,
            _ => {}
        }
    }
    function_as(cx, node, outer, name, op);
}

/// Words that start a statement, which may be the names of methods, but are not meant so in patterns: `for (...) { ... }`.
fn is_statement_word(text: &str) -> bool {
    matches!(text, "if" | "for" | "while" | "switch" | "with" | "catch" | "function" | "do" | "try" | "return" | "throw")
}

fn function_as(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>, name: Option<Syntax<'_>>, op: Op) {
    let fields = f(node);
    let span = outer.span(node);
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, node, outer, name);
        cx.slot(name, span.0, expression);
        cx.slot(node.field(fields.parameters), node.start(), parameters);
        cx.slot(node.field(fields.return_type).or_else(|| node.field(fields.type_)), span.1, expression);
        body(cx, node.field(fields.body), span.1);
    });
}

/// A function without a name, or one whose name is seen only inside of it.
pub(super) fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let op = if node.has_token("async") { Op::Async } else { Op::None };
    lambda_as(cx, node, op);
}

fn lambda_as(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let fields = f(node);
    let span = node.span();
    cx.node_op(Kind::Lambda, op, span, |cx| {
        match (node.field(fields.parameters), node.field(fields.parameter)) {
            (Some(list), _) => parameters(cx, list),
            (None, Some(only)) => {
                cx.node(Kind::Params, only.span(), |cx| parameter(cx, only));
            }
            (None, None) => cx.empty(Kind::Params, span.0),
        }
        cx.slot(node.field(fields.return_type), span.0, expression);
        match node.field(fields.body) {
            Some(value) if kind(value) != K::StatementBlock => expression(cx, value),
            block => body(cx, block, span.1),
        }
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| node.children().for_each(|child| parameter(cx, child)));
}

pub(super) fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let fields = f(node);
    let span = node.span();
    let (name, default) = match kind(node) {
        K::RequiredParameter | K::OptionalParameter => {
            (node.field(fields.pattern).or_else(|| node.field(fields.name)), node.field(fields.value))
        }
        K::AssignmentPattern => (node.field(fields.left), node.field(fields.right)),
        _ if node.is_error() => return cx.opaque(node),
        _ => (Some(node), None),
    };
    let (name, op) = match name {
        Some(rest) if kind(rest) == K::RestPattern => (rest.first(), Op::Splat),
        name => (name, Op::None),
    };
    let has_attrs = matches!(kind(node), K::RequiredParameter | K::OptionalParameter);
    cx.node_op(Kind::Param, op, span, |cx| {
        if has_attrs {
            attrs(cx, node, &Outer::default(), name);
        } else {
            cx.empty(Kind::Attrs, span.0);
        }
        cx.slot(name, span.0, expression);
        cx.slot(node.field(fields.type_).filter(|_| has_attrs), span.1, expression);
        cx.slot(default, span.1, expression);
    });
}

pub(super) fn class(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    class_as(cx, node, outer, Op::Class, members);
}

fn interface(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    class_as(cx, node, outer, Op::Interface, members);
}

fn enumeration(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    class_as(cx, node, outer, Op::Enum, |cx, block| {
        for member in block.children() {
            let is_assigned = kind(member) == K::EnumAssignment;
            let name = if is_assigned { member.field(f(node).name) } else { Some(member) };
            cx.node(Kind::VarDef, member.span(), |cx| {
                cx.empty(Kind::Attrs, member.start());
                cx.slot(name, member.start(), expression);
                cx.none(member.end());
                cx.slot(member.field(f(node).value).filter(|_| is_assigned), member.end(), expression);
            });
        }
    });
}

fn class_as(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>, op: Op, members: impl FnOnce(&mut Cx<'_>, Syntax<'_>)) {
    let span = outer.span(node);
    let name = node.field(f(node).name);
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, node, outer, name.or_else(|| node.field(f(node).body)));
        cx.slot(name, span.0, expression);
        cx.none(span.0);
        types::bases(cx, node);
        cx.slot(node.field(f(node).body), span.1, |cx, block| {
            cx.node(Kind::Block, block.span(), |cx| members(cx, block));
        });
    });
}

/// Members of a class, an interface or a type; decorators stand before what they belong to.
pub(super) fn members(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut outer = Outer::default();
    for child in node.children() {
        if kind(child) == K::Decorator {
            outer.words.push(child);
            continue;
        }
        member(cx, child, &outer);
        outer.words.clear();
    }
}

pub(super) fn member(cx: &mut Cx<'_>, node: Syntax<'_>, outer: &Outer<'_>) {
    match kind(node) {
        K::MethodDefinition | K::MethodSignature | K::AbstractMethodSignature | K::CallSignature | K::ConstructSignature => {
            method(cx, node, outer);
        }
        K::FieldDefinition | K::PublicFieldDefinition | K::PropertySignature => {
            let fields = f(node);
            let span = outer.span(node);
            let name = node.field(fields.property).or_else(|| node.field(fields.name));
            cx.node(Kind::VarDef, span, |cx| {
                attrs(cx, node, outer, name);
                cx.slot(name, span.0, expression);
                cx.slot(node.field(fields.type_), span.1, expression);
                cx.slot(node.field(fields.value), span.1, expression);
            });
        }
        K::ClassStaticBlock => cx.other("class_static_block", node, statement::statement),
        K::IndexSignature => cx.other("index_signature", node, expression),
        _ => statement::statement(cx, node),
    }
}
