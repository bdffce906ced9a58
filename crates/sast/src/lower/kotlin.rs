//! Kotlin.
//!
//! The grammar has no words for `true`, `null`, `break` and `continue`; they are names there. Labels of `return`, `this` and
//! `super` are left out, and annotations of expressions.

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "kotlin",
    aliases: &["kt"],
    grammar: Grammar::Kotlin,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "", after: "\nclass DOTS__\n", what: FrameKind::Part },
            Frame { before: "", after: " { val DOTS__ }\n", what: FrameKind::Part },
            Frame { before: "class DOTS__ {\n", after: "\n}\n", what: FrameKind::Members },
            Frame { before: "try { DOTS__ } ", after: "\n", what: FrameKind::Part },
            Frame { before: "when (DOTS__) {\n", after: "\n}\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")\n", what: FrameKind::Part },
            Frame { before: "val DOTS__: ", after: "\n", what: FrameKind::Part },
            Frame { before: "fun DOTS__(", after: ") {}\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__: DOTS__", "val DOTS__\n", "DOTS__ -> DOTS__"],
        usual: &[(Place::Parameter, "DOTS__: DOTS__")],
        typed: "{var} as {type}",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CLike, Feature::ConstructsByName],
};

vocabulary! {
    grammar Kotlin;
    kinds {
        AnnotatedExpression = "annotated_expression",
        AnnotatedLambda = "annotated_lambda",
        Annotation = "annotation",
        AnonymousFunction = "anonymous_function",
        AnonymousInitializer = "anonymous_initializer",
        AsExpression = "as_expression",
        Assignment = "assignment",
        BinaryExpression = "binary_expression",
        Block = "block",
        CallExpression = "call_expression",
        CallableReference = "callable_reference",
        CatchBlock = "catch_block",
        CharacterLiteral = "character_literal",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassModifier = "class_modifier",
        ClassParameter = "class_parameter",
        ClassParameters = "class_parameters",
        CollectionLiteral = "collection_literal",
        CompanionObject = "companion_object",
        ConstructorDelegationCall = "constructor_delegation_call",
        ConstructorInvocation = "constructor_invocation",
        DelegationSpecifier = "delegation_specifier",
        DelegationSpecifiers = "delegation_specifiers",
        DoWhileStatement = "do_while_statement",
        EnumClassBody = "enum_class_body",
        EnumEntry = "enum_entry",
        ExplicitDelegation = "explicit_delegation",
        FileAnnotation = "file_annotation",
        FinallyBlock = "finally_block",
        FloatLiteral = "float_literal",
        ForStatement = "for_statement",
        FunctionBody = "function_body",
        FunctionDeclaration = "function_declaration",
        FunctionModifier = "function_modifier",
        FunctionType = "function_type",
        FunctionTypeParameters = "function_type_parameters",
        FunctionValueParameters = "function_value_parameters",
        Getter = "getter",
        Identifier = "identifier",
        IfExpression = "if_expression",
        Import = "import",
        InExpression = "in_expression",
        IndexExpression = "index_expression",
        InfixExpression = "infix_expression",
        InheritanceModifier = "inheritance_modifier",
        Interpolation = "interpolation",
        IsExpression = "is_expression",
        Label = "label",
        LabeledExpression = "labeled_expression",
        LambdaLiteral = "lambda_literal",
        LambdaParameters = "lambda_parameters",
        MemberModifier = "member_modifier",
        Modifiers = "modifiers",
        MultiVariableDeclaration = "multi_variable_declaration",
        MultilineStringLiteral = "multiline_string_literal",
        NavigationExpression = "navigation_expression",
        NonNullableType = "non_nullable_type",
        NullableType = "nullable_type",
        NumberLiteral = "number_literal",
        ObjectDeclaration = "object_declaration",
        ObjectLiteral = "object_literal",
        PackageHeader = "package_header",
        Parameter = "parameter",
        ParameterModifier = "parameter_modifier",
        ParameterModifiers = "parameter_modifiers",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PlatformModifier = "platform_modifier",
        PrimaryConstructor = "primary_constructor",
        PropertyDeclaration = "property_declaration",
        PropertyDelegate = "property_delegate",
        PropertyModifier = "property_modifier",
        QualifiedIdentifier = "qualified_identifier",
        RangeExpression = "range_expression",
        RangeTest = "range_test",
        ReificationModifier = "reification_modifier",
        ReturnExpression = "return_expression",
        SecondaryConstructor = "secondary_constructor",
        Setter = "setter",
        Shebang = "shebang",
        SpreadExpression = "spread_expression",
        StringContent = "string_content",
        StringLiteral = "string_literal",
        SuperExpression = "super_expression",
        ThisExpression = "this_expression",
        ThrowExpression = "throw_expression",
        TryExpression = "try_expression",
        TypeAlias = "type_alias",
        TypeArguments = "type_arguments",
        TypeConstraints = "type_constraints",
        TypeModifiers = "type_modifiers",
        TypeParameters = "type_parameters",
        TypeProjection = "type_projection",
        TypeTest = "type_test",
        UnaryExpression = "unary_expression",
        UseSiteTarget = "use_site_target",
        UserType = "user_type",
        ValueArgument = "value_argument",
        ValueArguments = "value_arguments",
        VariableDeclaration = "variable_declaration",
        VarianceModifier = "variance_modifier",
        VisibilityModifier = "visibility_modifier",
        WhenEntry = "when_entry",
        WhenExpression = "when_expression",
        WhenSubject = "when_subject",
        WhileStatement = "while_statement",
    }
    fields {
        argument = "argument",
        condition = "condition",
        label = "label",
        left = "left",
        name = "name",
        operator = "operator",
        right = "right",
        type_ = "type",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

fn is_type(node: Syntax<'_>) -> bool {
    matches!(kind(node), K::UserType | K::NullableType | K::FunctionType | K::NonNullableType | K::ParenthesizedType)
        || (!node.is_named() && node.text() == "dynamic")
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root.children()));
}

fn statements<'a>(cx: &mut Cx<'_>, nodes: impl Iterator<Item = Syntax<'a>>) {
    for node in nodes {
        statement(cx, node);
    }
}

/// A block; what is none becomes one.
fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::Block | K::ClassBody => statements(cx, node.children()),
            K::EnumClassBody => node.children().for_each(|child| statement(cx, child)),
            _ => statement(cx, node),
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PackageHeader => {
            cx.node(Kind::Package, trimmed(node), |cx| cx.slot(node.first(), span.1, expression));
        }
        K::Import => import(cx, node),
        K::FileAnnotation => annotations(cx, node),
        K::ClassDeclaration | K::ObjectDeclaration | K::CompanionObject => class(cx, node),
        K::FunctionDeclaration => function(cx, node),
        K::SecondaryConstructor => constructor(cx, node),
        K::PropertyDeclaration => property(cx, node),
        K::EnumEntry => enum_entry(cx, node),
        K::TypeAlias => {
            cx.node_with(Kind::Other, Op::None, "type_alias_declaration", span, |cx| {
                attrs(cx, node, &[K::TypeParameters]);
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.all_children().filter(|child| is_type(*child)).last(), span.1, expression);
            });
        }
        K::AnonymousInitializer => cx.other("anonymous_initializer", node, statement),
        K::ForStatement => for_statement(cx, node),
        K::WhileStatement => {
            labeled(cx, node, |cx| {
                cx.node(Kind::While, span, |cx| {
                    cx.slot(node.field(f().condition), span.0, expression);
                    loop_body(cx, node, node.children().filter(|child| child.in_field() != f().condition).last());
                });
            });
        }
        K::DoWhileStatement => {
            labeled(cx, node, |cx| {
                cx.node(Kind::DoWhile, span, |cx| {
                    let is_body = |child: &Syntax<'_>| child.in_field() != f().condition && kind(*child) != K::Label;
                    loop_body(cx, node, node.children().find(is_body));
                    cx.slot(node.field(f().condition), span.1, expression);
                });
            });
        }
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node.children()));
        }
        K::IfExpression => if_statement(cx, node),
        K::WhenExpression
        | K::TryExpression
        | K::ReturnExpression
        | K::ThrowExpression
        | K::WhenEntry
        | K::CatchBlock
        | K::FinallyBlock => {
            expression(cx, node);
        }
        K::AnnotatedExpression if is_lonely_annotation(node) => lonely_annotation(cx, node),
        K::AnnotatedExpression => {
            annotations(cx, node);
            if let Some(inner) = node.children().find(|child| kind(*child) != K::Annotation) {
                statement(cx, inner);
            }
        }
        K::LabeledExpression => labeled_statement(cx, node),
        K::Identifier if node.text() == "break" => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::Identifier if node.text() == "continue" => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        K::Shebang => {}
        _ if node.is_error() => broken(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What could not be parsed; definitions that the parser made out in it are kept.
fn broken(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.opaque(node);
    let is_whole = |child: &Syntax<'_>| {
        matches!(
            kind(*child),
            K::FunctionDeclaration | K::ClassDeclaration | K::ObjectDeclaration | K::PropertyDeclaration | K::CompanionObject
        )
    };
    statements(cx, node.children().filter(is_whole));
}

/// The span without the space that some nodes end with.
fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    let length = u32::try_from(node.text().trim_end().len()).unwrap_or_default();
    (node.start(), node.start() + length)
}

fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = trimmed(node);
    let op = if node.has_token("*") { Op::Star } else { Op::None };
    cx.node_op(Kind::Import, op, span, |cx| {
        let mut parts = node.children();
        cx.slot(parts.next(), span.0, expression);
        cx.slot(parts.next(), span.1, expression);
    });
}

/// What stands before a `loop@` belongs to the loop in the grammar.
fn labeled(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>)) {
    let Some(label) = of(node, K::Label) else { return lower(cx) };
    cx.node(Kind::Label, node.span(), |cx| {
        cx.name(label.text().trim_end_matches('@'), (label.start(), label.end() - 1));
        lower(cx);
    });
}

/// `a@ b`, and `break@a`, which the grammar takes for the same.
fn labeled_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (label, inner) = (of(node, K::Label), node.children().find(|child| kind(*child) != K::Label));
    let jump = match label.map(Syntax::text) {
        Some("break@") => Some(Kind::Break),
        Some("continue@") => Some(Kind::Continue),
        _ => None,
    };
    if let Some(jump) = jump {
        cx.node(jump, span, |cx| cx.slot(inner, span.1, expression));
        return;
    }
    labeled(cx, node, |cx| cx.slot(inner, span.1, statement));
}

/// The body of a loop may be missing, or be no more than a semicolon.
fn loop_body(cx: &mut Cx<'_>, node: Syntax<'_>, inner: Option<Syntax<'_>>) {
    match inner.filter(|inner| kind(*inner) != K::Label) {
        Some(inner) => body(cx, Some(inner), node.end()),
        None => cx.empty(Kind::Block, node.end()),
    }
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    labeled(cx, node, |cx| {
        cx.node(Kind::ForEach, span, |cx| {
            let mut parts = node.children().filter(|child| !matches!(kind(*child), K::Label | K::Annotation));
            cx.slot(parts.next(), span.0, |cx, target| {
                cx.node(Kind::VarDef, target.span(), |cx| {
                    cx.empty(Kind::Attrs, target.start());
                    variable(cx, target);
                    cx.none(target.end());
                });
            });
            cx.slot(parts.next(), span.0, expression);
            loop_body(cx, node, parts.next());
        });
    });
}

/// The parts of an `if`: what stands behind the condition and behind `else`.
fn branches(node: Syntax<'_>) -> (Option<Syntax<'_>>, Option<Syntax<'_>>) {
    let (mut then, mut otherwise) = (None, None);
    let (mut is_behind, mut is_else) = (false, false);
    for child in node.all_children() {
        match child.text() {
            ")" if !child.is_named() => is_behind = true,
            "else" if !child.is_named() => is_else = true,
            _ if !child.is_named() || !is_behind => {}
            _ if is_else => otherwise = Some(child),
            _ => then = Some(child),
        }
    }
    (then, otherwise)
}

fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (then, otherwise) = branches(node);
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.field(f().condition), span.0, expression);
        match then {
            Some(then) => body(cx, Some(then), span.1),
            None => cx.empty(Kind::Block, span.1),
        }
        match otherwise {
            Some(next) if kind(next) == K::IfExpression => if_statement(cx, next),
            other => body(cx, other, span.1),
        }
    });
}

/// An `if` whose branches are values is one.
fn if_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_value = |branch: Syntax<'_>| !matches!(kind(branch), K::Block | K::Assignment);
    match branches(node) {
        (Some(then), Some(otherwise)) if is_value(then) && is_value(otherwise) => {
            cx.node(Kind::Ternary, node.span(), |cx| {
                cx.slot(node.field(f().condition), node.start(), expression);
                expression(cx, then);
                expression(cx, otherwise);
            });
        }
        _ => if_statement(cx, node),
    }
}

fn when(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(of(node, K::WhenSubject), node.start(), |cx, subject| {
            let value = subject.children().last();
            match of(subject, K::VariableDeclaration) {
                Some(declaration) => {
                    let word = subject.all_children().find(|token| token.text() == "val").unwrap_or(declaration);
                    let end = value.map_or(subject.end(), Syntax::end);
                    cx.node_op(Kind::VarDef, Op::Const, (word.start(), end), |cx| {
                        cx.empty(Kind::Attrs, word.start());
                        variable(cx, declaration);
                        cx.slot(value, end, expression);
                    });
                }
                None => cx.slot(value, subject.end(), expression),
            }
        });
        for child in node.children().filter(|child| kind(*child) != K::WhenSubject) {
            expression(cx, child);
        }
    });
}

fn when_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let first = node.field(f().condition);
    if cx.is_ellipsis(first) {
        return cx.slot(first, node.end(), expression);
    }
    cx.node(Kind::Case, trimmed(node), |cx| {
        node.fields(f().condition).for_each(|condition| expression(cx, condition));
        body(cx, node.children().filter(|child| child.in_field() != f().condition).last(), node.end());
    });
}

fn try_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        body(cx, of(node, K::Block), span.0);
        node.children().filter(|child| kind(*child) == K::CatchBlock).for_each(|clause| catch(cx, clause));
        cx.none(span.1);
        cx.slot(of(node, K::FinallyBlock), span.1, finally);
    });
}

fn catch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(clause.all_children().find(|child| is_type(*child)), span.0, expression);
        cx.slot(of(clause, K::Identifier), span.0, expression);
        body(cx, of(clause, K::Block), span.1);
    });
}

fn finally(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, of(clause, K::Block), clause.end()));
}

/// The modifiers and annotations of a definition, and parts of it that have no slot.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>, more: &[K]) {
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
fn annotations(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn is_lonely_annotation(node: Syntax<'_>) -> bool {
    let mut parts = node.children();
    let (Some(annotation), Some(value)) = (parts.next(), parts.next()) else { return false };
    kind(annotation) == K::Annotation && kind(value) == K::ParenthesizedExpression && annotation.end() == value.start()
}

fn lonely_annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn bases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match of(node, K::DelegationSpecifiers) {
        Some(list) => {
            cx.node(Kind::Bases, list.span(), |cx| expressions(cx, list));
        }
        None => cx.empty(Kind::Bases, node.start()),
    }
}

/// `val`s among the parameters of a class are fields too.
fn class_parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn enum_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn types_around<'a>(node: Syntax<'a>) -> (Option<Syntax<'a>>, Option<Syntax<'a>>) {
    let list = of(node, K::FunctionValueParameters).map_or(node.end(), Syntax::start);
    let at = |is_before: bool| node.all_children().find(|child| is_type(*child) && (child.start() < list) == is_before);
    (at(true), at(false))
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn function_body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    let Some(inner) = node.and_then(Syntax::first) else { return cx.none(at) };
    if kind(inner) == K::Block {
        return body(cx, Some(inner), at);
    }
    cx.node(Kind::Block, inner.span(), |cx| {
        cx.node(Kind::Return, inner.span(), |cx| expression(cx, inner));
    });
}

/// A constructor calls another one first.
fn constructor(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>, receiver: Option<Syntax<'_>>) {
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

fn parameter(cx: &mut Cx<'_>, words: Option<Syntax<'_>>, node: Syntax<'_>, default: Option<Syntax<'_>>) {
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
fn variable(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::MultiVariableDeclaration {
        cx.node(Kind::Tuple, node.span(), |cx| expressions(cx, node));
        return cx.none(node.end());
    }
    cx.slot(of(node, K::Identifier), node.start(), expression);
    cx.slot(node.all_children().find(|child| is_type(*child)), node.end(), expression);
}

/// A property; what reads and writes it follows as functions of its name.
fn property(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

/// The operator between two operands, which has no field in the grammar, and not always its text.
fn token_of(node: Syntax<'_>) -> &'static str {
    node.all_children().find(|child| !child.is_named()).map_or("", Syntax::kind_name)
}

fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = without_parentheses(node);
    let span = node.span();
    match kind(node) {
        K::Identifier => match node.text() {
            text @ ("true" | "false") => cx.word(Kind::Bool, Op::None, text, span),
            "null" => cx.word(Kind::Null, Op::None, "null", span),
            text => cx.name(text.trim_matches('`'), span),
        },
        K::NumberLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::FloatLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::StringLiteral | K::MultilineStringLiteral => string(cx, node),
        K::CharacterLiteral => {
            let content = node.text().trim_start_matches('\'');
            cx.word(Kind::Char, Op::None, content.strip_suffix('\'').unwrap_or(content), span);
        }
        K::ThisExpression => cx.name("this", span),
        K::SuperExpression => cx.name("super", span),
        K::QualifiedIdentifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::NavigationExpression => {
            let op = match token_of(node) {
                "?." => Op::Optional,
                "::" => Op::Scope,
                _ => Op::Dot,
            };
            cx.node_op(Kind::Dot, op, span, |cx| {
                let mut parts = node.all_children().filter(|child| child.is_named() || child.text() == "class");
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::CallableReference => {
            cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                let receiver = node.all_children().find(|child| is_type(*child));
                cx.slot(receiver, span.0, expression);
                let name = node.all_children().filter(|child| kind(*child) == K::Identifier || child.text() == "class").last();
                cx.slot(name, span.1, Cx::name_of);
            });
        }
        K::IndexExpression => {
            cx.node(Kind::Index, span, |cx| expressions(cx, node));
        }
        K::CallExpression => call(cx, node),
        K::ConstructorInvocation => {
            cx.node(Kind::Call, span, |cx| {
                let mut parts = node.all_children().filter(|child| child.is_named() || is_type(*child));
                cx.slot(parts.next(), span.0, expression);
                cx.slot(parts.next(), span.1, expression);
            });
        }
        K::ValueArguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::ValueArgument => argument(cx, node),
        K::AnnotatedLambda => cx.slot(of(node, K::LambdaLiteral), span.1, expression),
        K::LambdaLiteral => lambda(cx, node),
        K::AnonymousFunction => {
            let (receiver, result) = types_around(node);
            cx.node(Kind::Lambda, span, |cx| {
                parameters(cx, node, receiver);
                cx.slot(result, span.1, expression);
                function_body(cx, of(node, K::FunctionBody), span.1);
            });
        }
        K::ObjectLiteral => object(cx, node),
        K::CollectionLiteral => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::SpreadExpression => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::Assignment => assignment(cx, node),
        K::BinaryExpression if is_generic_call(node) => generic_call(cx, node),
        K::BinaryExpression | K::InExpression | K::RangeExpression => {
            cx.node_op(Kind::Binary, binary(token_of(node)), span, |cx| expressions(cx, node));
        }
        K::InfixExpression => infix(cx, node),
        K::UnaryExpression => unary(cx, node),
        K::IsExpression => {
            negated(cx, node, |cx| {
                cx.node(Kind::TypeTest, span, |cx| {
                    cx.slot(node.field(f().left), span.0, expression);
                    cx.slot(node.field(f().right), span.1, expression);
                });
            });
        }
        K::TypeTest => {
            negated(cx, node, |cx| {
                cx.node(Kind::TypeTest, span, |cx| {
                    cx.none(span.0);
                    cx.slot(node.all_children().find(|child| is_type(*child)), span.1, expression);
                });
            });
        }
        K::RangeTest => {
            cx.node_op(Kind::Binary, binary(token_of(node)), span, |cx| {
                cx.none(span.0);
                cx.slot(node.first(), span.1, expression);
            });
        }
        K::AsExpression => {
            let op = if node.has_token("as?") { Op::Optional } else { Op::None };
            cx.node_op(Kind::Cast, op, span, |cx| {
                cx.slot(node.field(f().right), span.1, expression);
                cx.slot(node.field(f().left), span.0, expression);
            });
        }
        K::IfExpression => if_expression(cx, node),
        K::WhenExpression => when(cx, node),
        K::WhenEntry => when_entry(cx, node),
        K::TryExpression => try_expression(cx, node),
        K::CatchBlock => catch(cx, node),
        K::FinallyBlock => finally(cx, node),
        K::ReturnExpression => {
            let value = node.children().find(|child| child.in_field() != f().label);
            cx.node(Kind::Return, span, |cx| cx.slot(value, span.1, expression));
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::LabeledExpression if node.text().starts_with("break@") || node.text().starts_with("continue@") => statement(cx, node),
        K::AnnotatedExpression | K::LabeledExpression => {
            let inner = node.children().find(|child| !matches!(kind(*child), K::Annotation | K::Label));
            cx.slot(inner, span.1, expression);
        }
        K::DelegationSpecifier => {
            let inner = node.all_children().find(|child| (child.is_named() && kind(*child) != K::Annotation) || is_type(*child));
            cx.slot(inner, span.1, expression);
        }
        K::VariableDeclaration => match node.all_children().find(|child| is_type(*child)) {
            Some(target) => {
                cx.node(Kind::Cast, span, |cx| {
                    expression(cx, target);
                    cx.slot(of(node, K::Identifier), span.0, expression);
                });
            }
            None => cx.slot(of(node, K::Identifier), span.0, expression),
        },
        K::Parameter => parameter(cx, None, node, None),
        K::ClassParameter => class_parameter(cx, node),
        K::Annotation => annotations(cx, node),
        K::UserType => user_type(cx, node),
        K::NullableType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| {
                cx.slot(node.all_children().find(|child| is_type(*child)), span.1, expression);
            });
        }
        K::NonNullableType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| {
                node.children().filter(|child| kind(*child) != K::TypeModifiers).for_each(|child| expression(cx, child));
            });
        }
        K::TypeProjection => match node.children().find(|child| kind(*child) != K::VarianceModifier) {
            Some(inner) => expression(cx, inner),
            None => cx.name_of(node),
        },
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::FunctionDeclaration
        | K::ClassDeclaration
        | K::ObjectDeclaration
        | K::PropertyDeclaration
        | K::ForStatement
        | K::WhileStatement
        | K::DoWhileStatement
        | K::Block => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    while matches!(kind(node), K::ParenthesizedExpression | K::ParenthesizedType) {
        let Some(inner) = node.first() else { break };
        node = inner;
    }
    node
}

/// `a.B<C>`: names, each with its arguments.
fn user_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let parts: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) != K::TypeModifiers).collect();
    let is_arguments = |part: Syntax<'_>| kind(part) == K::TypeArguments;
    let pair = |_, part: Syntax<'_>| if is_arguments(part) { (Kind::TypeArgs, Op::None) } else { (Kind::Dot, Op::Dot) };
    cx.row_of(pair, &parts, node.start(), |cx, part| if is_arguments(part) { expressions(cx, part) } else { expression(cx, part) });
}

/// A lambda behind a call is its last argument; the grammar may take it for a call of the result.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let lambda = of(node, K::AnnotatedLambda);
    let is_whole = |inner: &Syntax<'_>| kind(*inner) == K::CallExpression && of(*inner, K::AnnotatedLambda).is_none();
    let callee = match node.first().filter(is_whole) {
        Some(inner) if lambda.is_some() && of(node, K::ValueArguments).is_none() && of(node, K::TypeArguments).is_none() => inner,
        _ => node,
    };
    let (types, list) = (of(callee, K::TypeArguments), of(callee, K::ValueArguments));
    cx.node(Kind::Call, span, |cx| {
        match (callee.first(), types) {
            (Some(function), Some(types)) => {
                cx.node(Kind::TypeArgs, (function.start(), types.end()), |cx| {
                    expression(cx, function);
                    expressions(cx, types);
                });
            }
            (function, _) => cx.slot(function, span.0, expression),
        }
        let start = list.or(lambda).map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            if let Some(list) = list {
                expressions(cx, list);
            }
            if let Some(lambda) = lambda {
                expression(cx, lambda);
            }
        });
    });
}

/// `a<B>(c)`, which the grammar takes for two comparisons.
fn is_generic_call(node: Syntax<'_>) -> bool {
    token_of(node) == ">"
        && node.field(f().right).is_some_and(|right| kind(right) == K::ParenthesizedExpression)
        && node.field(f().left).is_some_and(|left| kind(left) == K::BinaryExpression && token_of(left) == "<")
}

fn generic_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (Some(left), Some(right)) = (node.field(f().left), node.field(f().right)) else { return };
    cx.node(Kind::Call, node.span(), |cx| {
        cx.node(Kind::TypeArgs, (left.start(), left.end() + 1), |cx| expressions(cx, left));
        cx.node(Kind::Args, right.span(), |cx| expressions(cx, right));
    });
}

/// `a`, `name = a`, `*a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children();
    let (first, second) = (parts.next(), parts.next());
    let is_spread = node.has_token("*");
    let value = |cx: &mut Cx<'_>, value: Syntax<'_>| {
        if is_spread {
            cx.node_op(Kind::Spread, Op::Splat, value.span(), |cx| expression(cx, value));
        } else {
            expression(cx, value);
        }
    };
    match (first, second) {
        (Some(name), Some(given)) if node.has_token("=") => {
            cx.node(Kind::KwArg, node.span(), |cx| {
                expression(cx, name);
                value(cx, given);
            });
        }
        (given, _) => cx.slot(given, node.end(), value),
    }
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let list = of(node, K::LambdaParameters);
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, list.map_or((span.0, span.0), Syntax::span), |cx| {
            for declaration in list.into_iter().flat_map(Syntax::children) {
                cx.node(Kind::Param, declaration.span(), |cx| {
                    cx.empty(Kind::Attrs, declaration.start());
                    variable(cx, declaration);
                    cx.none(declaration.end());
                });
            }
        });
        cx.none(span.0);
        cx.node(Kind::Block, span, |cx| statements(cx, node.children().filter(|child| kind(*child) != K::LambdaParameters)));
    });
}

/// `object : A(1) { … }` creates an object of a class without a name; what is made from several types is a definition.
fn object(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let members = of(node, K::ClassBody);
    let mut specifiers = of(node, K::DelegationSpecifiers).into_iter().flat_map(Syntax::children);
    let (first, second) = (specifiers.next(), specifiers.next());
    if second.is_some() {
        cx.node_op(Kind::ClassDef, Op::Object, span, |cx| {
            cx.empty(Kind::Attrs, span.0);
            cx.none(span.0);
            cx.none(span.0);
            bases(cx, node);
            body(cx, members, span.1);
        });
        return;
    }
    let invocation = first.and_then(|specifier| of(specifier, K::ConstructorInvocation));
    cx.node(Kind::New, span, |cx| {
        cx.slot(invocation.and_then(Syntax::first).or(first), span.0, expression);
        match invocation.and_then(|invocation| of(invocation, K::ValueArguments)) {
            Some(arguments) => expression(cx, arguments),
            None => cx.empty(Kind::Args, span.0),
        }
        body(cx, members, span.1);
    });
}

fn assignment(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
    cx.node_op(kind, op, node.span(), |cx| {
        cx.slot(node.field(f().left), node.start(), expression);
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// `a to b` is `a.to(b)`.
fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut parts = node.children();
    let (Some(left), Some(name), Some(right)) = (parts.next(), parts.next(), parts.next()) else { return cx.opaque(node) };
    cx.node(Kind::Call, node.span(), |cx| {
        cx.node_op(Kind::Dot, Op::Dot, (left.start(), name.end()), |cx| {
            expression(cx, left);
            expression(cx, name);
        });
        cx.node(Kind::Args, right.span(), |cx| expression(cx, right));
    });
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let op = match node.field(f().operator).map_or("", Syntax::text) {
        "!!" => Op::NonNull,
        token => operator::unary(token),
    };
    cx.node_op(Kind::Unary, op, node.span(), |cx| cx.slot(node.field(f().argument), node.end(), expression));
}

/// `!is`; the text of its token is no more than `is`.
fn negated(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>)) {
    if token_of(node) == "!is" {
        cx.node_op(Kind::Unary, Op::Not, node.span(), lower);
    } else {
        lower(cx);
    }
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let length = if kind(node) == K::MultilineStringLiteral { 3 } else { 1 };
    let (start, end) = (span.0 + length, span.1.saturating_sub(length).max(span.0 + length));
    let holes = holes(node);
    if holes.is_empty() {
        return cx.string(node.source(start, end), span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = start;
        for (hole, value) in holes {
            if at < hole.0 {
                cx.string(node.source(at, hole.0), (at, hole.0));
            }
            match value {
                Some(value) => expressions(cx, value),
                None => cx.name(node.source(hole.0 + 1, hole.1), (hole.0 + 1, hole.1)),
            }
            at = hole.1;
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}

/// What a string is interpolated with. The grammar finds `$a` only in strings of several lines; in others it is text.
fn holes(node: Syntax<'_>) -> Vec<((u32, u32), Option<Syntax<'_>>)> {
    let mut holes = Vec::new();
    let mut dollar = None;
    for part in node.children() {
        let before = dollar.take();
        match kind(part) {
            K::Interpolation => holes.push((part.span(), Some(part))),
            K::StringContent if part.text() == "$" => dollar = Some(part),
            K::StringContent => {
                let text = part.text();
                let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
                let is_name = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
                if let (Some(before), true, Ok(length)) = (before, is_name, u32::try_from(end)) {
                    holes.push(((before.start(), part.start() + length), None));
                }
            }
            _ => {}
        }
    }
    holes
}

fn binary(token: &str) -> Op {
    match token {
        "?:" => Op::Coalesce,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "in" => Op::In,
        "!in" => Op::NotIn,
        ".." => Op::Range,
        "..<" => Op::RangeExclusive,
        _ => operator::binary(token),
    }
}

#[cfg(test)]
mod tests;
