//! Imports, classes, functions and variables.

use super::{K, expression::expression, f, kind, of, statement};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, again, context::reserved},
};

pub(super) fn is_definition(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::ClassDeclaration
            | K::Declaration
            | K::EnumDeclaration
            | K::EnumEntry
            | K::ExtensionDeclaration
            | K::ExtensionTypeDeclaration
            | K::ExternalFunctionDeclaration
            | K::FunctionDeclaration
            | K::GetterDeclaration
            | K::ImportOrExport
            | K::LocalFunctionDeclaration
            | K::LocalVariableDeclaration
            | K::MemberDeclaration
            | K::MethodDeclaration
            | K::MixinDeclaration
            | K::SetterDeclaration
            | K::TopLevelVariableDeclaration
    )
}

pub(super) fn definition(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::ClassDeclaration => class(cx, node, Op::Class),
        K::EnumDeclaration => class(cx, node, Op::Enum),
        K::MixinDeclaration => class(cx, node, Op::Trait),
        K::ExtensionDeclaration | K::ExtensionTypeDeclaration => class(cx, node, Op::Impl),
        K::EnumEntry => enum_entry(cx, node),
        K::ImportOrExport => import(cx, node),
        K::MemberDeclaration => {
            // Annotations stand beside the member.
            let annotations = || node.children().filter(|child| kind(*child) == K::Annotation);
            for child in node.children().filter(|child| kind(*child) != K::Annotation) {
                let with = Member { node: child, annotated: annotations().next().map(|_| node) };
                member(cx, &with);
            }
        }
        _ => member(cx, &Member { node, annotated: Some(node) }),
    }
}

/// A function or variables, and the node that its annotations stand in.
struct Member<'a> {
    node: Syntax<'a>,
    annotated: Option<Syntax<'a>>,
}

fn member(cx: &mut Cx<'_>, member: &Member<'_>) {
    let node = member.node;
    match signature(node) {
        Some(signature) => function(cx, member, signature),
        None if matches!(kind(node), K::LocalVariableDeclaration | K::TopLevelVariableDeclaration | K::Declaration) => {
            variables(cx, member);
        }
        None => statement::statement(cx, node),
    }
}

/// The part of a function that says how it is called.
fn signature(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let is_signature = |child: &Syntax<'_>| {
        matches!(
            kind(*child),
            K::ConstantConstructorSignature
                | K::ConstructorSignature
                | K::FactoryConstructorSignature
                | K::FunctionSignature
                | K::GetterSignature
                | K::OperatorSignature
                | K::SetterSignature
        )
    };
    let outer = of(node, K::MethodSignature).or_else(|| node.field(f().signature)).unwrap_or(node);
    if is_signature(&outer) { Some(outer) } else { outer.children().find(is_signature) }
}

/// Annotations, and words such as `static`.
fn attrs(cx: &mut Cx<'_>, member: &Member<'_>, signature: Option<Syntax<'_>>) {
    let annotated = member.annotated.unwrap_or(member.node);
    let is_word = |token: &Syntax<'_>| {
        matches!(
            token.text(),
            "abstract"
                | "async"
                | "base"
                | "const"
                | "covariant"
                | "external"
                | "factory"
                | "final"
                | "interface"
                | "late"
                | "mixin"
                | "required"
                | "sealed"
                | "static"
                | "var"
        )
    };
    let words = |node: Syntax<'_>| -> Vec<(String, (u32, u32))> {
        node.all_children()
            .take_while(|token| token.text() != "{")
            .filter(is_word)
            .map(|token| (token.text().to_owned(), token.span()))
            .collect()
    };
    let mut all = words(member.node);
    let outer = of(member.node, K::MethodSignature);
    all.extend(of(member.node, K::InitializedVariableDeclaration).map(words).unwrap_or_default());
    for part in [outer, signature, of(member.node, K::FunctionBody).or_else(|| member.node.field(f().body))].into_iter().flatten() {
        if !matches!(kind(part), K::ClassBody | K::EnumBody | K::ExtensionBody) {
            all.extend(words(part));
        }
    }
    let start = annotated.start();
    cx.node(Kind::Attrs, (start, start), |cx| {
        annotated.children().filter(|child| kind(*child) == K::Annotation).for_each(|annotation| expression(cx, annotation));
        for (word, span) in all {
            cx.word(Kind::Modifier, Op::None, &word, span);
        }
    });
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    cx.node_op(Kind::ClassDef, op, span, |cx| {
        attrs(cx, &Member { node, annotated: Some(node) }, None);
        cx.slot(node.field(f().name), span.0, expression);
        cx.none(span.0);
        let at = node.field(f().name).map_or(span.0, Syntax::end);
        let superclass = node.field(f().superclass);
        let lists = [
            superclass.and_then(|of_class| of(of_class, K::Mixins)),
            of(node, K::Mixins),
            node.field(f().interfaces),
            of(node, K::Interfaces),
        ];
        cx.node(Kind::Bases, (at, at), |cx| {
            superclass.and_then(|of_class| of_class.field(f().type_)).into_iter().for_each(|base| expression(cx, base));
            node.field(f().class).into_iter().for_each(|base| expression(cx, base));
            let mut seen = Vec::new();
            for list in lists.into_iter().flatten() {
                if !seen.contains(&list.start()) {
                    seen.push(list.start());
                    list.children().for_each(|base| expression(cx, base));
                }
            }
            node.children()
                .filter(|child| kind(*child) == K::Type && node.field(f().class).is_none())
                .for_each(|base| expression(cx, base));
        });
        cx.slot(node.field(f().body), span.1, |cx, body| {
            cx.node(Kind::Block, body.span(), |cx| statement::statements(cx, body));
        });
    });
}

fn enum_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let arguments = of(node, K::Arguments);
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        cx.empty(Kind::Attrs, span.0);
        cx.slot(node.field(f().name), span.0, expression);
        cx.none(span.0);
        cx.slot(arguments, span.1, |cx, arguments| {
            cx.node(Kind::New, arguments.span(), |cx| {
                cx.none(arguments.start());
                expression(cx, arguments);
                cx.none(arguments.end());
            });
        });
    });
}

/// `import 'a' as b show c, d;`
fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let Some(import) = of(node, K::LibraryImport) else { return cx.other("library_export", node, expression) };
    let Some(specification) = of(import, K::ImportSpecification) else { return cx.opaque(node) };
    let mut uri = specification.field(f().uri);
    while let Some(inner) = uri.filter(|uri| kind(*uri) != K::StringLiteral).and_then(Syntax::first) {
        uri = Some(inner);
    }
    let shown = || specification.children().filter(|child| kind(*child) == K::Combinator && child.text().starts_with("show"));
    if shown().next().is_some() {
        cx.node(Kind::ImportFrom, span, |cx| {
            cx.slot(uri, span.0, expression);
            for name in shown().flat_map(Syntax::children) {
                cx.node(Kind::ImportItem, name.span(), |cx| {
                    expression(cx, name);
                    cx.none(name.end());
                });
            }
        });
        return;
    }
    cx.node(Kind::Import, span, |cx| {
        cx.slot(uri, span.0, expression);
        cx.slot(specification.field(f().alias), span.1, expression);
    });
}

fn function(cx: &mut Cx<'_>, member: &Member<'_>, signature: Syntax<'_>) {
    let node = member.node;
    let span = node.span();
    let op = match kind(signature) {
        K::GetterSignature => Op::Getter,
        K::SetterSignature => Op::Setter,
        // In a pattern a method without a type is any method of that name.
        K::ConstructorSignature | K::ConstantConstructorSignature | K::FactoryConstructorSignature if !cx.is_pattern() => Op::Constructor,
        _ => Op::None,
    };
    let names: Vec<Syntax<'_>> = signature.fields(f().name).collect();
    let list = signature
        .fields(f().parameters)
        .find(|list| kind(*list) == K::FormalParameterList)
        .or_else(|| of(signature, K::FormalParameterList));
    let body = of(node, K::FunctionBody).or_else(|| node.field(f().body));
    cx.node_op(Kind::FuncDef, op, span, |cx| {
        attrs(cx, member, Some(signature));
        match names.as_slice() {
            [first, .., last] => {
                cx.node_op(Kind::Dot, Op::Dot, (first.start(), last.end()), |cx| {
                    expression(cx, *first);
                    expression(cx, *last);
                });
            }
            [only] => expression(cx, *only),
            [] => cx.slot(signature.field(f().operator), span.0, Cx::name_of),
        }
        match list {
            Some(list) => parameters(cx, list),
            None => cx.empty(Kind::Params, signature.end()),
        }
        cx.slot(signature.field(f().return_type), span.0, expression);
        let initializers = of(node, K::MethodSignature).and_then(|outer| of(outer, K::Initializers)).or_else(|| of(node, K::Initializers));
        match (initializers, body.and_then(Syntax::first)) {
            (Some(initializers), inner) => {
                cx.node(Kind::Block, (initializers.start(), span.1), |cx| {
                    initializers.children().for_each(|entry| initializer(cx, entry));
                    inner.filter(|inner| kind(*inner) == K::Block).into_iter().for_each(|block| statement::statements(cx, block));
                });
            }
            (None, _) => statement::function_body(cx, body, span.1),
        }
    });
}

/// `: x = 1, super(2)`
fn initializer(cx: &mut Cx<'_>, entry: Syntax<'_>) {
    let span = entry.span();
    let field = of(entry, K::FieldInitializer);
    cx.node(Kind::ExprStmt, span, |cx| match field {
        Some(field) => {
            let name = field.field(f().name);
            cx.node(Kind::Assign, span, |cx| {
                cx.node_op(Kind::Dot, Op::Dot, name.map_or(span, Syntax::span), |cx| {
                    cx.name("this", (span.0, span.0));
                    cx.slot(name, span.0, expression);
                });
                cx.slot(field.field(f().value), span.1, expression);
            });
        }
        None => {
            let arguments = of(entry, K::Arguments);
            cx.node(Kind::Call, span, |cx| {
                let word = if entry.text().starts_with("this") { "this" } else { "super" };
                cx.name(word, (span.0, arguments.map_or(span.1, Syntax::start)));
                match arguments {
                    Some(arguments) => expression(cx, arguments),
                    None => cx.empty(Kind::Args, span.1),
                }
            });
        }
    });
}

pub(super) fn parameters(cx: &mut Cx<'_>, list: Syntax<'_>) {
    cx.node(Kind::Params, list.span(), |cx| {
        for child in list.children() {
            if kind(child) != K::OptionalFormalParameters {
                parameter(cx, child, None, None);
                continue;
            }
            // Each default follows its parameter.
            let all: Vec<Syntax<'_>> = child.all_children().filter(|one| one.is_named() || one.text() == "required").collect();
            for (at, one) in all.iter().enumerate() {
                if kind(*one) == K::FormalParameter {
                    // A default stands behind `=`, and no parameter is in that field.
                    let default = all.get(at + 1).copied().filter(|next| next.in_field() == f().default_value);
                    let word = at.checked_sub(1).and_then(|before| all.get(before)).copied().filter(|word| !word.is_named());
                    parameter(cx, *one, default, word);
                }
            }
        }
    });
}

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, default: Option<Syntax<'_>>, word: Option<Syntax<'_>>) {
    let span = (node.start(), default.map_or(node.end(), Syntax::end));
    let field = of(node, K::FieldFormalParameter).or_else(|| of(node, K::SuperFormalParameter));
    let inner = field.unwrap_or(node);
    let name = inner.field(f().name).or_else(|| of(inner, K::Identifier));
    cx.node(Kind::Param, span, |cx| {
        match word {
            Some(word) => {
                cx.node(Kind::Attrs, word.span(), |cx| cx.word(Kind::Modifier, Op::None, word.text(), word.span()));
            }
            None => attrs(cx, &Member { node, annotated: Some(node) }, None),
        }
        cx.slot(name, span.0, expression);
        cx.slot(of(inner, K::Type), span.0, expression);
        cx.slot(default, span.1, expression);
    });
}

/// One definition for each name that is declared.
fn variables(cx: &mut Cx<'_>, member: &Member<'_>) {
    let node = member.node;
    let inner = of(node, K::InitializedVariableDeclaration);
    if let Some(pattern) = of(node, K::PatternVariableDeclaration) {
        let mut parts = pattern.children();
        cx.node(Kind::VarDef, node.span(), |cx| {
            attrs(cx, member, None);
            cx.slot(parts.next(), node.start(), expression);
            cx.none(node.start());
            cx.slot(parts.next(), node.end(), expression);
        });
        return;
    }
    let of_type = of(inner.unwrap_or(node), K::Type).or_else(|| node.field(f().type_));
    let list = of(node, K::InitializedIdentifierList).or_else(|| of(node, K::StaticFinalDeclarationList));
    let declared: Vec<Syntax<'_>> = match (list, inner) {
        (Some(list), _) => list.children().collect(),
        (None, Some(inner)) => {
            let others = inner.children().filter(|child| kind(*child) == K::InitializedIdentifier);
            std::iter::once(inner).chain(others).collect()
        }
        _ => return cx.opaque(node),
    };
    let before = declared.first().map_or("", |first| node.source(node.start(), first.field(f().name).map_or(first.start(), Syntax::start)));
    for (at, one) in declared.iter().enumerate() {
        let span = if at == 0 { (node.start(), node.end()) } else { one.span() };
        let is_shared = again::is_shared(at, before);
        let is_constant = before.split_ascii_whitespace().any(|word| matches!(word, "final" | "const"));
        let is_var = before.split_ascii_whitespace().any(|word| word == "var");
        let name = one.field(f().name).or_else(|| of(*one, K::Identifier));
        let op = if is_constant {
            Op::Const
        } else if is_var {
            Op::Var
        } else {
            Op::None
        };
        // `...` of a pattern, where the grammar wants a type.
        let is_hole = cx.is_pattern() && name.is_some_and(|name| name.text() == reserved::DOTS);
        cx.node_op(Kind::VarDef, op, span, |cx| {
            if is_shared {
                attrs(cx, member, None);
            } else {
                cx.empty(Kind::Attrs, span.0);
            }
            cx.slot(name, span.0, expression);
            cx.slot(of_type.filter(|_| is_shared && !is_hole), span.0, expression);
            cx.slot(one.field(f().value), span.1, expression);
        });
    }
}
