//! Scala 2 and 3.
//!
//! Several lists of parameters are one; a call with several lists of arguments is a call of a call, as the language has it.
//! What is written between braces behind a call is a function, with parameters or without.

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "scala",
    aliases: &[],
    grammar: Grammar::Scala,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "", after: "\nclass DOTS__\n", what: FrameKind::Part },
            Frame { before: "class DOTS__ {\n", after: "\n}\n", what: FrameKind::Members },
            Frame { before: "try { DOTS__ } ", after: "\n", what: FrameKind::Part },
            Frame { before: "DOTS__ match {\n", after: "\n}\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")\n", what: FrameKind::Part },
            Frame { before: "def DOTS__(", after: ") : DOTS__\n", what: FrameKind::Part },
            Frame { before: "val DOTS__ : ", after: "\n", what: FrameKind::Part },
            Frame { before: "", after: " { DOTS__ }\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__ : DOTS__", "DOTS__;", "case DOTS__ => DOTS__", "DOTS__ <- DOTS__"],
        usual: &[(Place::Parameter, "DOTS__ : DOTS__")],
        typed: "{var} : {type}",
        dollar_is_name: true,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CLike, Feature::ConstructsByName, Feature::ReturnsLast],
};

vocabulary! {
    grammar Scala;
    kinds {
        AccessModifier = "access_modifier",
        AlternativePattern = "alternative_pattern",
        AnnotatedType = "annotated_type",
        Annotation = "annotation",
        AppliedConstructorType = "applied_constructor_type",
        Arguments = "arguments",
        ArrowRenamedIdentifier = "arrow_renamed_identifier",
        AsRenamedIdentifier = "as_renamed_identifier",
        AscriptionExpression = "ascription_expression",
        AssignmentExpression = "assignment_expression",
        Binding = "binding",
        Bindings = "bindings",
        Block = "block",
        BooleanLiteral = "boolean_literal",
        CallExpression = "call_expression",
        CapturePattern = "capture_pattern",
        CaseBlock = "case_block",
        CaseClassPattern = "case_class_pattern",
        CaseClause = "case_clause",
        CatchClause = "catch_clause",
        CharacterLiteral = "character_literal",
        ClassDefinition = "class_definition",
        ClassParameter = "class_parameter",
        ClassParameters = "class_parameters",
        ColonArgument = "colon_argument",
        CompoundType = "compound_type",
        DerivesClause = "derives_clause",
        DoWhileExpression = "do_while_expression",
        EndMarker = "end_marker",
        EnumBody = "enum_body",
        EnumCaseDefinitions = "enum_case_definitions",
        EnumDefinition = "enum_definition",
        Enumerator = "enumerator",
        ExportDeclaration = "export_declaration",
        ExtendsClause = "extends_clause",
        ExtensionDefinition = "extension_definition",
        FieldExpression = "field_expression",
        FinallyClause = "finally_clause",
        FloatingPointLiteral = "floating_point_literal",
        ForExpression = "for_expression",
        FullEnumCase = "full_enum_case",
        FunctionDeclaration = "function_declaration",
        FunctionDefinition = "function_definition",
        GenericFunction = "generic_function",
        GenericType = "generic_type",
        GivenDefinition = "given_definition",
        Guard = "guard",
        Identifier = "identifier",
        Identifiers = "identifiers",
        IfExpression = "if_expression",
        ImportDeclaration = "import_declaration",
        IndentedBlock = "indented_block",
        IndentedCases = "indented_cases",
        InfixExpression = "infix_expression",
        InfixPattern = "infix_pattern",
        InfixType = "infix_type",
        InstanceExpression = "instance_expression",
        IntegerLiteral = "integer_literal",
        InterpolatedString = "interpolated_string",
        InterpolatedStringExpression = "interpolated_string_expression",
        Interpolation = "interpolation",
        LambdaExpression = "lambda_expression",
        LazyParameterType = "lazy_parameter_type",
        LiteralType = "literal_type",
        MatchExpression = "match_expression",
        Modifiers = "modifiers",
        NameAndType = "name_and_type",
        NamedPattern = "named_pattern",
        NamedTypeArgument = "named_type_argument",
        NamespaceSelectors = "namespace_selectors",
        NamespaceWildcard = "namespace_wildcard",
        NullLiteral = "null_literal",
        ObjectDefinition = "object_definition",
        OperatorIdentifier = "operator_identifier",
        PackageClause = "package_clause",
        PackageIdentifier = "package_identifier",
        PackageObject = "package_object",
        Parameter = "parameter",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        PostfixExpression = "postfix_expression",
        PrefixExpression = "prefix_expression",
        ProjectedType = "projected_type",
        RepeatPattern = "repeat_pattern",
        RepeatedParameterType = "repeated_parameter_type",
        ReturnExpression = "return_expression",
        SelfType = "self_type",
        SimpleEnumCase = "simple_enum_case",
        SingletonType = "singleton_type",
        StableIdentifier = "stable_identifier",
        StableTypeIdentifier = "stable_type_identifier",
        String = "string",
        TemplateBody = "template_body",
        ThrowExpression = "throw_expression",
        TraitDefinition = "trait_definition",
        TryExpression = "try_expression",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        TupleType = "tuple_type",
        TypeArguments = "type_arguments",
        TypeDefinition = "type_definition",
        TypeIdentifier = "type_identifier",
        TypeParameters = "type_parameters",
        TypedPattern = "typed_pattern",
        Unit = "unit",
        UsesClause = "uses_clause",
        ValDeclaration = "val_declaration",
        ValDefinition = "val_definition",
        VarDeclaration = "var_declaration",
        VarDefinition = "var_definition",
        Vararg = "vararg",
        WhileExpression = "while_expression",
        Wildcard = "wildcard",
        WithTemplateBody = "with_template_body",
        XmlAttribute = "xml_attribute",
        XmlCdata = "xml_cdata",
        XmlComment = "xml_comment",
        XmlElement = "xml_element",
        XmlExpression = "xml_expression",
        XmlName = "xml_name",
        XmlProcessingInstruction = "xml_processing_instruction",
        XmlString = "xml_string",
        XmlText = "xml_text",
    }
    fields {
        alias = "alias",
        alternative = "alternative",
        arguments = "arguments",
        body = "body",
        class_parameters = "class_parameters",
        condition = "condition",
        consequence = "consequence",
        default_value = "default_value",
        enumerators = "enumerators",
        extend = "extend",
        field = "field",
        function = "function",
        interpolator = "interpolator",
        key = "key",
        lambda_start = "lambda_start",
        left = "left",
        name = "name",
        operator = "operator",
        parameters = "parameters",
        path = "path",
        pattern = "pattern",
        return_type = "return_type",
        right = "right",
        selector = "selector",
        type_ = "type",
        type_arguments = "type_arguments",
        value = "value",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// A block; what is none becomes one.
fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::Block | K::IndentedBlock | K::TemplateBody | K::WithTemplateBody | K::EnumBody => statements(cx, node),
            _ => statement(cx, node),
        });
    });
}

/// The body of a function: an expression is what it returns.
fn function_body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    match node {
        Some(value) if !matches!(kind(value), K::Block | K::IndentedBlock) => {
            cx.node(Kind::Block, value.span(), |cx| {
                cx.node(Kind::Return, value.span(), |cx| expression(cx, value));
            });
        }
        block => body(cx, block, at),
    }
}

/// Everything may stand for a statement: what is none is an expression.
fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PackageClause => package(cx, node),
        K::ImportDeclaration => imports(cx, node),
        K::ExportDeclaration => cx.other("export_declaration", node, expression),
        K::ClassDefinition | K::TraitDefinition | K::ObjectDefinition | K::EnumDefinition | K::PackageObject | K::FullEnumCase => {
            class(cx, node);
        }
        K::ExtensionDefinition => {
            cx.node_op(Kind::ClassDef, Op::Impl, span, |cx| {
                attrs(cx, node, &[]);
                cx.none(span.0);
                parameters(cx, node, f().parameters);
                cx.empty(Kind::Bases, span.0);
                let members: Vec<Syntax<'_>> = node.fields(f().body).collect();
                let start = members.first().map_or(span.1, |first| first.start());
                cx.node(Kind::Block, (start, span.1), |cx| members.iter().for_each(|member| statement(cx, *member)));
            });
        }
        K::FunctionDefinition | K::FunctionDeclaration => function(cx, node),
        K::ValDefinition | K::VarDefinition | K::ValDeclaration | K::VarDeclaration => variables(cx, node),
        K::TypeDefinition => {
            cx.node_with(Kind::Other, Op::None, "type_alias_declaration", span, |cx| {
                attrs(cx, node, &[]);
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::EnumCaseDefinitions => node.children().for_each(|case| match kind(case) {
            K::SimpleEnumCase => enum_case(cx, case),
            K::FullEnumCase => class(cx, case),
            _ => {}
        }),
        K::IfExpression => if_statement(cx, node),
        K::ForExpression if !node.has_token("yield") => for_loop(cx, node),
        K::WhileExpression => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.fields(f().condition).next(), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::DoWhileExpression => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.slot(node.field(f().condition), span.1, expression);
            });
        }
        K::Block | K::IndentedBlock if !is_function(node) => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::TryExpression
        | K::MatchExpression
        | K::ReturnExpression
        | K::ThrowExpression
        | K::CaseClause
        | K::CatchClause
        | K::FinallyClause => {
            expression(cx, node);
        }
        K::SelfType => cx.other("self_type", node, expression),
        K::EndMarker => {}
        _ if node.is_error() => broken(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What could not be parsed; definitions that the parser made out in it are kept.
fn broken(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.opaque(node);
    for child in node.children() {
        let is_whole = matches!(
            kind(child),
            K::FunctionDefinition
                | K::ClassDefinition
                | K::TraitDefinition
                | K::ObjectDefinition
                | K::ValDefinition
                | K::VarDefinition
                | K::ImportDeclaration
                | K::TemplateBody
        );
        if is_whole {
            statement(cx, child);
        }
    }
}

fn package(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn imports(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>, words: &[&str]) {
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

fn annotation(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn enum_case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::VarDef, node.span(), |cx| {
        cx.empty(Kind::Attrs, node.start());
        cx.slot(node.field(f().name), node.start(), expression);
        cx.slot(node.field(f().extend).and_then(Syntax::first), node.end(), expression);
        cx.none(node.end());
    });
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>, field: u16) {
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

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, word: Option<Syntax<'_>>) {
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
fn variables(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.fields(f().condition).next(), span.0, expression);
        body(cx, node.field(f().consequence), span.1);
        match node.field(f().alternative) {
            Some(next) if kind(next) == K::IfExpression => if_statement(cx, next),
            other => body(cx, other, span.1),
        }
    });
}

/// An `if` whose branches are values is one.
fn if_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_value = |branch: &Syntax<'_>| !matches!(kind(*branch), K::Block | K::IndentedBlock);
    match (node.field(f().consequence).filter(is_value), node.field(f().alternative).filter(is_value)) {
        (Some(then), Some(otherwise)) => {
            cx.node(Kind::Ternary, node.span(), |cx| {
                cx.slot(node.fields(f().condition).next(), node.start(), expression);
                expression(cx, then);
                expression(cx, otherwise);
            });
        }
        _ => if_statement(cx, node),
    }
}

/// The parts of a `for`: generators, definitions and guards.
fn enumerators(node: Syntax<'_>) -> Vec<Enumerator<'_>> {
    let mut all = Vec::new();
    for list in node.fields(f().enumerators).filter(|list| list.is_named()) {
        for part in list.children() {
            let is_definition = part.has_token("=");
            let mut inner = part.children().filter(|child| kind(*child) != K::Guard);
            if let (Some(target), Some(value)) = (inner.next(), inner.next()) {
                let span = (part.start(), value.end());
                all.push(if is_definition {
                    Enumerator::Definition(span, target, value)
                } else {
                    Enumerator::Generator(span, target, value)
                });
            }
            all.extend(part.children().filter(|child| kind(*child) == K::Guard).map(Enumerator::Guard));
        }
    }
    all
}

#[derive(Debug, Clone, Copy)]
enum Enumerator<'a> {
    Generator((u32, u32), Syntax<'a>, Syntax<'a>),
    Definition((u32, u32), Syntax<'a>, Syntax<'a>),
    Guard(Syntax<'a>),
}

impl Enumerator<'_> {
    fn start(&self) -> u32 {
        match self {
            Self::Generator(span, ..) | Self::Definition(span, ..) => span.0,
            Self::Guard(guard) => guard.start(),
        }
    }
}

/// Several generators are loops in loops.
fn for_loop(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for_rest(cx, &enumerators(node), node, true);
}

fn for_rest(cx: &mut Cx<'_>, parts: &[Enumerator<'_>], node: Syntax<'_>, is_outer: bool) {
    let Some((first, rest)) = parts.split_first() else {
        return match node.field(f().body) {
            Some(block) if matches!(kind(block), K::Block | K::IndentedBlock) => statements(cx, block),
            Some(value) => statement(cx, value),
            None => {}
        };
    };
    let span = |start: u32| if is_outer { node.span() } else { (start, node.end()) };
    let inner = |cx: &mut Cx<'_>| {
        let start = rest.first().map_or_else(|| node.field(f().body).map_or(node.end(), Syntax::start), Enumerator::start);
        cx.node(Kind::Block, (start, node.end()), |cx| for_rest(cx, rest, node, false));
    };
    match *first {
        Enumerator::Generator((start, _), target, iterated) => {
            cx.node(Kind::ForEach, span(start), |cx| {
                cx.node(Kind::VarDef, target.span(), |cx| {
                    cx.empty(Kind::Attrs, target.start());
                    expression(cx, target);
                    cx.none(target.end());
                    cx.none(target.end());
                });
                expression(cx, iterated);
                inner(cx);
            });
        }
        Enumerator::Definition(whole, target, value) => {
            definition(cx, whole, target, value);
            for_rest(cx, rest, node, false);
        }
        Enumerator::Guard(guard) => {
            cx.node(Kind::If, span(guard.start()), |cx| {
                cx.slot(guard.field(f().condition), guard.start(), expression);
                inner(cx);
                cx.none(node.end());
            });
        }
    }
}

fn definition(cx: &mut Cx<'_>, span: (u32, u32), target: Syntax<'_>, value: Syntax<'_>) {
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        cx.empty(Kind::Attrs, span.0);
        expression(cx, target);
        cx.none(target.end());
        expression(cx, value);
    });
}

/// `for (…) yield e` makes a sequence.
fn comprehension(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node_op(Kind::Comprehension, Op::List, node.span(), |cx| {
        cx.slot(node.field(f().body), node.end(), expression);
        for part in enumerators(node) {
            match part {
                Enumerator::Generator(span, target, iterated) => {
                    cx.node(Kind::CompFor, span, |cx| {
                        expression(cx, target);
                        expression(cx, iterated);
                    });
                }
                Enumerator::Definition(span, target, value) => definition(cx, span, target, value),
                Enumerator::Guard(guard) => comp_if(cx, guard),
            }
        }
    });
}

fn comp_if(cx: &mut Cx<'_>, guard: Syntax<'_>) {
    cx.node(Kind::CompIf, guard.span(), |cx| cx.slot(guard.field(f().condition), guard.end(), expression));
}

fn match_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(node.field(f().value), node.start(), expression);
        if let Some(cases) = node.field(f().body) {
            cases.children().for_each(|case| case_clause(cx, case));
        }
    });
}

fn case_clause(cx: &mut Cx<'_>, case: Syntax<'_>) {
    let pattern = case.field(f().pattern);
    if cx.is_ellipsis(pattern) {
        return cx.slot(pattern, case.end(), expression);
    }
    cx.node(Kind::Case, case.span(), |cx| {
        if let Some(pattern) = pattern.filter(|pattern| kind(*pattern) != K::Wildcard) {
            alternatives(cx, pattern);
        }
        if let Some(guard) = of(case, K::Guard) {
            comp_if(cx, guard);
        }
        case_body(cx, case, None);
    });
}

/// The statements behind the arrow; `guard` is what has to hold for them.
fn case_body(cx: &mut Cx<'_>, case: Syntax<'_>, guard: Option<Syntax<'_>>) {
    let inner = || case.fields(f().body);
    let start = inner().next().map_or(case.end(), Syntax::start);
    cx.node(Kind::Block, (start, case.end().max(start)), |cx| match guard {
        Some(guard) => {
            cx.node(Kind::If, (guard.start(), case.end()), |cx| {
                cx.slot(guard.field(f().condition), guard.end(), expression);
                cx.node(Kind::Block, (start, case.end()), |cx| inner().for_each(|child| statement(cx, child)));
                cx.none(case.end());
            });
        }
        None => inner().for_each(|child| statement(cx, child)),
    });
}

/// `A | B` are two patterns.
fn alternatives(cx: &mut Cx<'_>, pattern: Syntax<'_>) {
    if kind(pattern) == K::AlternativePattern {
        pattern.children().for_each(|inner| alternatives(cx, inner));
    } else {
        expression(cx, pattern);
    }
}

fn try_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        body(cx, node.field(f().body), span.0);
        if let Some(clause) = of(node, K::CatchClause) {
            catch_clause(cx, clause);
        }
        cx.none(span.1);
        cx.slot(of(node, K::FinallyClause), span.1, finally_clause);
    });
}

/// A clause for each case; a handler that is a value catches everything.
fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    if clause.field(f().pattern).is_some() {
        return catch(cx, clause);
    }
    match clause.first() {
        Some(cases) if matches!(kind(cases), K::CaseBlock | K::IndentedCases) => {
            cases.children().for_each(|case| catch(cx, case));
        }
        handler => {
            cx.node(Kind::Catch, clause.span(), |cx| {
                cx.none(clause.start());
                cx.none(clause.start());
                body(cx, handler, clause.end());
            });
        }
    }
}

fn catch(cx: &mut Cx<'_>, case: Syntax<'_>) {
    let Some(pattern) = case.field(f().pattern) else { return statement(cx, case) };
    cx.node(Kind::Catch, case.span(), |cx| {
        match kind(pattern) {
            K::TypedPattern => {
                cx.slot(pattern.field(f().type_), pattern.end(), expression);
                let name = pattern.field(f().pattern).filter(|name| kind(*name) != K::Wildcard);
                cx.slot(name, pattern.start(), expression);
            }
            K::Identifier => {
                cx.none(pattern.start());
                expression(cx, pattern);
            }
            K::Wildcard => (0..2).for_each(|_| cx.none(pattern.start())),
            _ => {
                expression(cx, pattern);
                cx.none(pattern.end());
            }
        }
        case_body(cx, case, of(case, K::Guard));
    });
}

fn finally_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
}

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = without_parentheses(node);
    let span = node.span();
    match kind(node) {
        K::Identifier | K::TypeIdentifier | K::OperatorIdentifier | K::XmlName => cx.name(node.text().trim_matches('`'), span),
        K::Wildcard | K::NamespaceWildcard => cx.name_of(node),
        K::IntegerLiteral => number(cx, node, Op::Int),
        K::FloatingPointLiteral => number(cx, node, Op::Float),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::CharacterLiteral => {
            let content = node.text().trim_start_matches('\'');
            cx.word(Kind::Char, Op::None, content.strip_suffix('\'').unwrap_or(content), span);
        }
        K::String => {
            let (start, end) = inside_quotes(node);
            cx.string(node.source(start, end), span);
        }
        K::InterpolatedStringExpression => interpolated(cx, node),
        K::Unit | K::TupleExpression | K::TupleType | K::TuplePattern => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::PackageIdentifier | K::StableIdentifier | K::StableTypeIdentifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::FieldExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().field), span.1, expression);
            });
        }
        K::PostfixExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| expressions(cx, node));
        }
        K::GenericFunction => type_args(cx, node, node.field(f().function)),
        K::GenericType => type_args(cx, node, node.field(f().type_)),
        K::CallExpression => call(cx, node),
        K::AppliedConstructorType => {
            cx.node(Kind::Call, span, |cx| expressions(cx, node));
        }
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| node.children().for_each(|argument| self::argument(cx, argument)));
        }
        K::Vararg => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::RepeatPattern => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.field(f().pattern), span.1, expression));
        }
        K::NamedPattern => {
            cx.node(Kind::KwArg, span, |cx| expressions(cx, node));
        }
        K::NamedTypeArgument => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::InstanceExpression => instance(cx, node),
        K::LambdaExpression => lambda(cx, node, span),
        K::Block | K::IndentedBlock if is_function(node) => block_function(cx, node),
        K::CaseBlock | K::IndentedCases => block_function(cx, node),
        K::AssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::InfixExpression | K::InfixPattern | K::InfixType => infix(cx, node),
        K::PrefixExpression => {
            let op = match node.text().chars().next() {
                Some('!') => Op::Not,
                Some('-') => Op::Sub,
                Some('+') => Op::Add,
                Some('~') => Op::BitNot,
                _ => Op::None,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.children().last(), span.1, expression));
        }
        K::AscriptionExpression if cx.is_ellipsis(node.first()) => cx.slot(node.first(), span.1, expression),
        K::AscriptionExpression => {
            let declared = node.field(f().type_).or_else(|| node.children().nth(1));
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(declared, span.1, |cx, declared| {
                    if kind(declared) == K::Annotation { annotation(cx, declared) } else { expression(cx, declared) }
                });
                cx.slot(node.first(), span.0, expression);
            });
        }
        K::TypedPattern => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().pattern), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::CapturePattern => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().pattern), span.1, expression);
            });
        }
        K::CaseClassPattern => {
            cx.node(Kind::Call, span, |cx| {
                let (base, types) = (node.field(f().type_), node.field(f().type_arguments));
                match (base, types) {
                    (Some(base), Some(types)) => {
                        cx.node(Kind::TypeArgs, (base.start(), types.end()), |cx| {
                            expression(cx, base);
                            expressions(cx, types);
                        });
                    }
                    (base, _) => cx.slot(base, span.0, expression),
                }
                let start = types.or(base).map_or(span.0, Syntax::end);
                cx.node(Kind::Args, (start, span.1), |cx| node.fields(f().pattern).for_each(|inner| expression(cx, inner)));
            });
        }
        K::IfExpression => if_expression(cx, node),
        K::MatchExpression => match_expression(cx, node),
        K::TryExpression => try_expression(cx, node),
        K::CatchClause => catch_clause(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::CaseClause => case_clause(cx, node),
        K::ForExpression if node.has_token("yield") => comprehension(cx, node),
        K::ReturnExpression => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::Annotation => annotation(cx, node),
        K::Parameter | K::ClassParameter | K::Binding => parameter(cx, node, None),
        K::LazyParameterType | K::RepeatedParameterType => cx.slot(node.field(f().type_), span.1, expression),
        K::AnnotatedType | K::LiteralType => cx.slot(node.first(), span.1, expression),
        K::CompoundType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| expressions(cx, node));
        }
        K::ProjectedType => {
            cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().selector), span.1, expression);
            });
        }
        K::SingletonType => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.name("type", (span.1.saturating_sub(4), span.1));
            });
        }
        K::XmlExpression => match (node.first(), node.children().nth(1)) {
            (Some(only), None) => expression(cx, only),
            _ => cx.other("xml_expression", node, expression),
        },
        K::XmlElement => xml(cx, node),
        K::XmlString => {
            let content = node.text().trim_start_matches(['"', '\'']);
            cx.string(content.strip_suffix(['"', '\'']).unwrap_or(content), span);
        }
        K::XmlText | K::XmlCdata | K::XmlComment | K::XmlProcessingInstruction => {
            if !node.text().trim().is_empty() {
                cx.word(Kind::XmlText, Op::None, node.text().trim(), span);
            }
        }
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::ClassDefinition
        | K::ObjectDefinition
        | K::FunctionDefinition
        | K::ValDefinition
        | K::VarDefinition
        | K::TemplateBody
        | K::WhileExpression
        | K::DoWhileExpression
        | K::ForExpression
        | K::Block
        | K::IndentedBlock => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    loop {
        let inner = match kind(node) {
            K::ParenthesizedExpression => node.first(),
            // A type in parentheses is a tuple of one in the grammar.
            K::TupleType | K::TuplePattern if node.children().nth(1).is_none() && !node.has_token(",") => node.first(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// A sign belongs to the number in the grammar.
fn number(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    match node.text().strip_prefix('-') {
        Some(digits) => {
            cx.node_op(Kind::Unary, Op::Sub, span, |cx| {
                number::lower_text(cx, digits, (span.0 + 1, span.1), op, NumberSyntax::C);
            });
        }
        None => number::lower(cx, node, op, NumberSyntax::C),
    }
}

fn type_args(cx: &mut Cx<'_>, node: Syntax<'_>, base: Option<Syntax<'_>>) {
    cx.node(Kind::TypeArgs, node.span(), |cx| {
        cx.slot(base, node.start(), expression);
        if let Some(types) = node.field(f().type_arguments) {
            expressions(cx, types);
        }
    });
}

/// What stands between braces behind a call is a function.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        cx.slot(node.field(f().function), span.0, expression);
        cx.slot(node.field(f().arguments), span.1, |cx, arguments| match kind(arguments) {
            K::Arguments => expression(cx, arguments),
            _ => {
                cx.node(Kind::Args, arguments.span(), |cx| block_function(cx, arguments));
            }
        });
    });
}

/// `a`, `name = a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().left).filter(|name| kind(node) == K::AssignmentExpression && kind(*name) == K::Identifier);
    let Some(name) = name else { return expression(cx, node) };
    cx.node(Kind::KwArg, node.span(), |cx| {
        expression(cx, name);
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// Whether a block is a function: `{ x => … }`.
fn is_function(block: Syntax<'_>) -> bool {
    let mut children = block.children();
    children.next().is_some_and(|child| kind(child) == K::LambdaExpression) && children.next().is_none()
}

/// A block that is a function; one without parameters has none, and that of a pattern any.
fn block_function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Block | K::IndentedBlock if is_function(node) => cx.slot(node.first(), span.1, |cx, inner| lambda(cx, inner, span)),
        K::ColonArgument => {
            let start = node.fields(f().lambda_start).next();
            cx.node(Kind::Lambda, span, |cx| {
                lambda_parameters(cx, start, span.0);
                cx.none(span.0);
                let inner = node.children().last();
                match inner {
                    Some(cases) if kind(cases) == K::IndentedCases => switch(cx, cases),
                    block => body(cx, block, span.1),
                }
            });
        }
        K::CaseBlock | K::IndentedCases => {
            cx.node(Kind::Lambda, span, |cx| {
                cx.empty(Kind::Params, span.0);
                cx.none(span.0);
                switch(cx, node);
            });
        }
        _ => {
            let first = node.first();
            cx.node(Kind::Lambda, span, |cx| {
                cx.node(Kind::Params, (span.0, span.0), |cx| {
                    let dots =
                        first.map(|first| if kind(first) == K::AscriptionExpression { first.first().unwrap_or(first) } else { first });
                    if cx.is_ellipsis(dots) {
                        cx.slot(dots, span.0, expression);
                    }
                });
                cx.none(span.0);
                body(cx, Some(node), span.1);
            });
        }
    }
}

/// A function that is nothing but cases.
fn switch(cx: &mut Cx<'_>, cases: Syntax<'_>) {
    cx.node(Kind::Block, cases.span(), |cx| {
        cx.node(Kind::Switch, cases.span(), |cx| {
            cx.none(cases.start());
            cases.children().for_each(|case| case_clause(cx, case));
        });
    });
}

/// `span` is that of the braces around it, if there are any: then its body is a block.
fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let is_in_block = span != node.span();
    let arrow = node.all_children().find(|token| matches!(token.kind_name(), "=>" | "?=>")).map_or(node.start(), Syntax::end);
    let inner = || node.children().filter(|child| arrow <= child.start());
    cx.node(Kind::Lambda, span, |cx| {
        // `x: T =>` is three parts of one field.
        let mut fields = node.fields(f().parameters);
        let (first, second) = (fields.next(), fields.next());
        match (first, second) {
            (Some(name), Some(declared)) => {
                let whole = (name.start(), declared.end());
                cx.node(Kind::Params, whole, |cx| {
                    cx.node(Kind::Param, whole, |cx| {
                        cx.empty(Kind::Attrs, whole.0);
                        expression(cx, name);
                        expression(cx, declared);
                        cx.none(whole.1);
                    });
                });
            }
            (only, _) => lambda_parameters(cx, only, span.0),
        }
        cx.none(span.0);
        let only = inner().next().filter(|_| inner().nth(1).is_none());
        match only {
            Some(value) if !is_in_block && !matches!(kind(value), K::Block | K::IndentedBlock) => expression(cx, value),
            Some(block) if !is_in_block => body(cx, Some(block), span.1),
            _ => {
                let start = inner().next().map_or(span.1, Syntax::start);
                let end = inner().last().map_or(start, Syntax::end);
                cx.node(Kind::Block, (start, end), |cx| inner().for_each(|child| statement(cx, child)));
            }
        }
    });
}

fn lambda_parameters(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    let Some(node) = node else { return cx.empty(Kind::Params, at) };
    cx.node(Kind::Params, node.span(), |cx| {
        if kind(node) == K::Bindings {
            node.children().for_each(|binding| parameter(cx, binding, None));
            return;
        }
        if cx.is_ellipsis(Some(node)) {
            return cx.name_of(node);
        }
        cx.node(Kind::Param, node.span(), |cx| {
            cx.empty(Kind::Attrs, node.start());
            expression(cx, node);
            (0..2).for_each(|_| cx.none(node.end()));
        });
    });
}

/// `new A(1) with B { … }`.
fn instance(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_type = |child: &Syntax<'_>| !matches!(kind(*child), K::Arguments | K::TemplateBody | K::EndMarker);
    let target = node.children().find(is_type);
    let mixed = target.filter(|target| kind(*target) == K::CompoundType);
    let first = mixed.map_or(target, Syntax::first);
    let applied = first.filter(|first| kind(*first) == K::AppliedConstructorType);
    let base = applied.map_or(first, Syntax::first);
    let arguments = applied.and_then(|applied| of(applied, K::Arguments)).or_else(|| of(node, K::Arguments));
    cx.node(Kind::New, span, |cx| {
        match mixed {
            Some(mixed) => {
                cx.node_op(Kind::Binary, Op::BitAnd, mixed.span(), |cx| {
                    cx.slot(base, mixed.start(), expression);
                    mixed.children().skip(1).for_each(|other| expression(cx, other));
                });
            }
            None => cx.slot(base, span.0, expression),
        }
        match arguments {
            Some(arguments) => expression(cx, arguments),
            None => cx.empty(Kind::Args, target.map_or(span.0, Syntax::end)),
        }
        body(cx, of(node, K::TemplateBody), span.1);
    });
}

/// Operators that every language has; all others are methods.
fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (left, operator, right) = (node.field(f().left), node.field(f().operator), node.field(f().right));
    let token = operator.map_or("", Syntax::text);
    let assigned = token.strip_suffix('=').map(binary).filter(|op| *op != Op::None && binary(token) == Op::None);
    if let Some(op) = assigned {
        cx.node_op(Kind::AugAssign, op, span, |cx| {
            cx.slot(left, span.0, expression);
            cx.slot(right, span.1, expression);
        });
        return;
    }
    match binary(token) {
        Op::None => {
            cx.node(Kind::Call, span, |cx| {
                cx.node_op(Kind::Dot, Op::Dot, (span.0, operator.map_or(span.1, Syntax::end)), |cx| {
                    cx.slot(left, span.0, expression);
                    cx.slot(operator, span.1, expression);
                });
                cx.slot(right, span.1, |cx, right| {
                    cx.node(Kind::Args, right.span(), |cx| match kind(right) {
                        K::TupleExpression => right.children().for_each(|argument| self::argument(cx, argument)),
                        K::Unit => {}
                        K::Block | K::CaseBlock => block_function(cx, right),
                        _ => expression(cx, right),
                    });
                });
            });
        }
        op => {
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(left, span.0, expression);
                cx.slot(right, span.1, expression);
            });
        }
    }
}

/// What stands between the quotes, one or three.
fn inside_quotes(node: Syntax<'_>) -> (u32, u32) {
    let (start, end) = node.span();
    let length = if node.text().starts_with("\"\"\"") { 3 } else { 1 };
    (start + length, end.saturating_sub(length).max(start + length))
}

/// `s"a$b"`. The symbol of the node is the prefix; one that is not from the standard library is a call.
fn interpolated(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (prefix, string) = (node.field(f().interpolator), of(node, K::InterpolatedString));
    let Some(string) = string else { return cx.opaque(node) };
    match prefix {
        Some(prefix) if !matches!(prefix.text(), "s" | "f" | "raw") => {
            cx.node(Kind::Call, span, |cx| {
                expression(cx, prefix);
                cx.node(Kind::Args, string.span(), |cx| parts(cx, string, "", string.span()));
            });
        }
        prefix => parts(cx, string, prefix.map_or("", Syntax::text), span),
    }
}

fn parts(cx: &mut Cx<'_>, string: Syntax<'_>, prefix: &str, span: (u32, u32)) {
    let (start, end) = inside_quotes(string);
    cx.node_with(Kind::Interp, Op::Template, prefix, span, |cx| {
        let mut at = start;
        for hole in string.children().filter(|child| kind(*child) == K::Interpolation) {
            if at < hole.start() {
                cx.string(string.source(at, hole.start()), (at, hole.start()));
            }
            match hole.first() {
                Some(block) if kind(block) == K::Block && block.children().nth(1).is_none() => {
                    cx.slot(block.first(), block.end(), expression);
                }
                inner => cx.slot(inner, hole.end(), expression),
            }
            at = hole.end();
        }
        if at < end {
            cx.string(string.source(at, end), (at, end));
        }
    });
}

fn xml(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let attributes = || node.children().filter(|child| kind(*child) == K::XmlAttribute);
    cx.node(Kind::Xml, span, |cx| {
        let name = node.field(f().name);
        cx.slot(name, span.0, expression);
        let start = attributes().next().or(name).map_or(span.0, Syntax::start);
        let end = attributes().last().or(name).map_or(span.0, Syntax::end);
        cx.node(Kind::XmlAttrs, (start, end), |cx| {
            for attribute in attributes() {
                cx.node(Kind::XmlAttr, attribute.span(), |cx| {
                    cx.slot(attribute.field(f().key), attribute.start(), expression);
                    cx.slot(attribute.field(f().value), attribute.end(), |cx, value| {
                        if kind(value) == K::Block { expressions(cx, value) } else { expression(cx, value) }
                    });
                });
            }
        });
        for child in node.children() {
            match kind(child) {
                K::XmlName | K::XmlAttribute => {}
                K::Block => expressions(cx, child),
                _ => expression(cx, child),
            }
        }
    });
}

fn binary(token: &str) -> Op {
    match token {
        "->" => Op::Arrow,
        _ => operator::binary(token),
    }
}

#[cfg(test)]
mod tests;
