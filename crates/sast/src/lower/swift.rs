//! Swift.
//!
//! `try` says nothing about a value and is left out; `guard` is an `if` of the contrary. What `if let` and `guard let` declare
//! is declared in the condition.

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "swift",
    aliases: &[],
    grammar: Grammar::Swift,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "class DOTS__ {\n", after: "\n}\n", what: FrameKind::Members },
            Frame { before: "do { DOTS__ } ", after: "\n", what: FrameKind::Part },
            // Only in a function `return` and `throw` are words.
            Frame { before: "func DOTS__() {\n", after: "\n}\n", what: FrameKind::Statements },
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "", after: "\nclass DOTS__ {}\n", what: FrameKind::Part },
            Frame { before: "switch DOTS__ {\n", after: "\n}\n", what: FrameKind::Part },
            Frame { before: "", after: " { DOTS__ }\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")\n", what: FrameKind::Part },
            Frame { before: "let DOTS__: ", after: "\n", what: FrameKind::Part },
            Frame { before: "func DOTS__(", after: ") {}\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__: DOTS__", "var DOTS__\n", "case DOTS__: DOTS__\n", "case DOTS__\n"],
        usual: &[(Place::Parameter, "DOTS__: DOTS__")],
        typed: "{var} as {type}",
        dollar_is_name: true,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CLike, Feature::ConstructsByName, Feature::StrictStrings],
};

vocabulary! {
    grammar Swift;
    kinds {
        AdditiveExpression = "additive_expression",
        ArrayLiteral = "array_literal",
        ArrayType = "array_type",
        AsExpression = "as_expression",
        AsOperator = "as_operator",
        Assignment = "assignment",
        AssociatedtypeDeclaration = "associatedtype_declaration",
        Attribute = "attribute",
        AvailabilityCondition = "availability_condition",
        AwaitExpression = "await_expression",
        Bang = "bang",
        BinLiteral = "bin_literal",
        BitwiseOperation = "bitwise_operation",
        BooleanLiteral = "boolean_literal",
        BracketQualifiedType = "bracket_qualified_type",
        CallExpression = "call_expression",
        CallSuffix = "call_suffix",
        CaptureList = "capture_list",
        CaptureListItem = "capture_list_item",
        CatchBlock = "catch_block",
        CheckExpression = "check_expression",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ComparisonExpression = "comparison_expression",
        ComputedGetter = "computed_getter",
        ComputedModify = "computed_modify",
        ComputedProperty = "computed_property",
        ComputedSetter = "computed_setter",
        ConjunctionExpression = "conjunction_expression",
        ConstructorExpression = "constructor_expression",
        ConsumeExpression = "consume_expression",
        ControlTransferStatement = "control_transfer_statement",
        CustomOperator = "custom_operator",
        DefaultKeyword = "default_keyword",
        DeinitDeclaration = "deinit_declaration",
        DictionaryLiteral = "dictionary_literal",
        DictionaryType = "dictionary_type",
        DidsetClause = "didset_clause",
        DirectlyAssignableExpression = "directly_assignable_expression",
        DisjunctionExpression = "disjunction_expression",
        DoStatement = "do_statement",
        EnumClassBody = "enum_class_body",
        EnumEntry = "enum_entry",
        EnumTypeParameters = "enum_type_parameters",
        EqualityExpression = "equality_expression",
        ExistentialType = "existential_type",
        ForStatement = "for_statement",
        FunctionBody = "function_body",
        FunctionDeclaration = "function_declaration",
        FunctionType = "function_type",
        GuardStatement = "guard_statement",
        HexLiteral = "hex_literal",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImportDeclaration = "import_declaration",
        InfixExpression = "infix_expression",
        InheritanceSpecifier = "inheritance_specifier",
        InitDeclaration = "init_declaration",
        IntegerLiteral = "integer_literal",
        InterpolatedExpression = "interpolated_expression",
        KeyPathExpression = "key_path_expression",
        LambdaFunctionType = "lambda_function_type",
        LambdaFunctionTypeParameters = "lambda_function_type_parameters",
        LambdaLiteral = "lambda_literal",
        LambdaParameter = "lambda_parameter",
        LineStringLiteral = "line_string_literal",
        MacroInvocation = "macro_invocation",
        Metatype = "metatype",
        Modifiers = "modifiers",
        MultiLineStringLiteral = "multi_line_string_literal",
        MultiplicativeExpression = "multiplicative_expression",
        NavigationExpression = "navigation_expression",
        NavigationSuffix = "navigation_suffix",
        NilCoalescingExpression = "nil_coalescing_expression",
        NilLiteral = "nil_literal",
        OctLiteral = "oct_literal",
        OpaqueType = "opaque_type",
        OpenEndRangeExpression = "open_end_range_expression",
        OpenStartRangeExpression = "open_start_range_expression",
        OptionalType = "optional_type",
        Parameter = "parameter",
        ParameterModifiers = "parameter_modifiers",
        Pattern = "pattern",
        PostfixExpression = "postfix_expression",
        PrefixExpression = "prefix_expression",
        PropertyDeclaration = "property_declaration",
        ProtocolBody = "protocol_body",
        ProtocolCompositionType = "protocol_composition_type",
        ProtocolDeclaration = "protocol_declaration",
        ProtocolFunctionDeclaration = "protocol_function_declaration",
        ProtocolPropertyDeclaration = "protocol_property_declaration",
        RangeExpression = "range_expression",
        RawStrInterpolation = "raw_str_interpolation",
        RawStringLiteral = "raw_string_literal",
        RealLiteral = "real_literal",
        RegexLiteral = "regex_literal",
        RepeatWhileStatement = "repeat_while_statement",
        SelectorExpression = "selector_expression",
        SelfExpression = "self_expression",
        ShebangLine = "shebang_line",
        SimpleIdentifier = "simple_identifier",
        SpecialLiteral = "special_literal",
        StatementLabel = "statement_label",
        Statements = "statements",
        SubscriptDeclaration = "subscript_declaration",
        SuperExpression = "super_expression",
        SuppressedConstraint = "suppressed_constraint",
        SwitchEntry = "switch_entry",
        SwitchPattern = "switch_pattern",
        SwitchStatement = "switch_statement",
        TernaryExpression = "ternary_expression",
        ThrowKeyword = "throw_keyword",
        Throws = "throws",
        TryExpression = "try_expression",
        TryOperator = "try_operator",
        TupleExpression = "tuple_expression",
        TupleType = "tuple_type",
        TupleTypeItem = "tuple_type_item",
        TypeAnnotation = "type_annotation",
        TypeArguments = "type_arguments",
        TypeConstraints = "type_constraints",
        TypeIdentifier = "type_identifier",
        TypeModifiers = "type_modifiers",
        TypePackExpansion = "type_pack_expansion",
        TypeParameterPack = "type_parameter_pack",
        TypeParameters = "type_parameters",
        TypealiasDeclaration = "typealias_declaration",
        UnsafeExpression = "unsafe_expression",
        UserType = "user_type",
        ValueArgument = "value_argument",
        ValueArguments = "value_arguments",
        ValueBindingPattern = "value_binding_pattern",
        WhereClause = "where_clause",
        WhileStatement = "while_statement",
        WildcardPattern = "wildcard_pattern",
        WillsetClause = "willset_clause",
        WillsetDidsetBlock = "willset_didset_block",
    }
    fields {
        body = "body",
        bound_identifier = "bound_identifier",
        captures = "captures",
        collection = "collection",
        condition = "condition",
        declaration_kind = "declaration_kind",
        default_value = "default_value",
        element = "element",
        end = "end",
        error = "error",
        expr = "expr",
        external_name = "external_name",
        if_false = "if_false",
        if_nil = "if_nil",
        if_true = "if_true",
        inherits_from = "inherits_from",
        item = "item",
        lhs = "lhs",
        mutability = "mutability",
        name = "name",
        op = "op",
        operation = "operation",
        operator = "operator",
        raw_value = "raw_value",
        result = "result",
        rhs = "rhs",
        start = "start",
        suffix = "suffix",
        target = "target",
        type_ = "type",
        value = "value",
        wrapped = "wrapped",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

/// Types are in a field that names are in too.
fn is_type(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::UserType
            | K::OptionalType
            | K::ArrayType
            | K::DictionaryType
            | K::TupleType
            | K::FunctionType
            | K::Metatype
            | K::OpaqueType
            | K::ExistentialType
            | K::ProtocolCompositionType
            | K::BracketQualifiedType
            | K::SuppressedConstraint
            | K::TypePackExpansion
            | K::TypeParameterPack
    )
}

fn type_in(node: Syntax<'_>) -> Option<Syntax<'_>> {
    node.children().find(|child| is_type(*child))
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

/// A label stands before the statement that it belongs to, and outside of functions `throw` before what is thrown.
fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    let mut children = parent.children();
    while let Some(child) = children.next() {
        if kind(child) == K::ThrowKeyword {
            let value = children.next();
            let span = (child.start(), value.unwrap_or(child).end());
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(value, span.1, expression);
                cx.none(span.1);
            });
            continue;
        }
        if kind(child) != K::StatementLabel {
            statement(cx, child);
            continue;
        }
        let inner = children.next();
        cx.node(Kind::Label, (child.start(), inner.unwrap_or(child).end()), |cx| {
            let name = child.text().trim_end_matches(':').trim_end();
            cx.name(name, child.span());
            cx.slot(inner, child.end(), statement);
        });
    }
}

/// What stands between two braces that are children of a node.
#[derive(Debug, Clone, Copy)]
struct Braces<'a> {
    span: (u32, u32),
    inner: Option<Syntax<'a>>,
}

/// All that stands between braces in a node, in order.
fn braces(node: Syntax<'_>) -> impl Iterator<Item = Braces<'_>> {
    let mut children = node.all_children();
    std::iter::from_fn(move || {
        let open = children.find(|child| !child.is_named() && child.text() == "{")?;
        let mut found = Braces { span: open.span(), inner: None };
        for child in children.by_ref() {
            found.span.1 = child.end();
            if kind(child) == K::Statements {
                found.inner = Some(child);
            } else if !child.is_named() && child.text() == "}" {
                break;
            }
        }
        Some(found)
    })
}

fn block(cx: &mut Cx<'_>, braces: Option<Braces<'_>>, at: u32) {
    match braces {
        Some(Braces { span, inner }) => {
            cx.node(Kind::Block, span, |cx| {
                if let Some(inner) = inner {
                    statements(cx, inner);
                }
            });
        }
        None => cx.none(at),
    }
}

/// A body that is a node of its own.
fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::FunctionBody => of(node, K::Statements).into_iter().for_each(|inner| statements(cx, inner)),
            K::ClassBody | K::EnumClassBody | K::ProtocolBody | K::Statements => statements(cx, node),
            _ => statement(cx, node),
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ImportDeclaration => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(of(node, K::Identifier), span.1, expression);
                cx.none(span.1);
            });
        }
        K::ClassDeclaration | K::ProtocolDeclaration => class(cx, node),
        K::FunctionDeclaration | K::ProtocolFunctionDeclaration => {
            let name = node.field(f().name);
            function(cx, node, name, Op::None);
        }
        K::InitDeclaration => function(cx, node, node.field(f().name), Op::Constructor),
        K::DeinitDeclaration => function(cx, node, node.all_children().find(|token| token.text() == "deinit"), Op::None),
        K::SubscriptDeclaration => function(cx, node, node.all_children().find(|token| token.text() == "subscript"), Op::None),
        K::PropertyDeclaration | K::ProtocolPropertyDeclaration => properties(cx, node),
        K::EnumEntry => enum_entry(cx, node),
        K::TypealiasDeclaration | K::AssociatedtypeDeclaration => {
            let name = if kind(node) == K::TypealiasDeclaration { "type_alias_declaration" } else { "associatedtype_declaration" };
            cx.node_with(Kind::Other, Op::None, name, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(type_in(node), span.1, expression);
            });
        }
        K::Statements => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::IfStatement => if_statement(cx, node),
        K::GuardStatement => {
            cx.node(Kind::If, span, |cx| {
                let all = conditions(node);
                let whole = (all.first().map_or(span.0, Condition::start), all.last().map_or(span.0, Condition::end));
                cx.node_op(Kind::Unary, Op::Not, whole, |cx| condition(cx, &all, span.0));
                block(cx, braces(node).next(), span.1);
                cx.none(span.1);
            });
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                condition(cx, &conditions(node), span.0);
                block(cx, braces(node).last(), span.1);
            });
        }
        K::RepeatWhileStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                block(cx, braces(node).next(), span.0);
                condition(cx, &conditions(node), span.1);
            });
        }
        K::ForStatement => for_statement(cx, node),
        K::DoStatement => do_statement(cx, node),
        K::CatchBlock => catch(cx, node),
        K::SwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().expr), span.0, expression);
                node.children().filter(|child| kind(*child) == K::SwitchEntry).for_each(|entry| switch_entry(cx, entry));
            });
        }
        K::SwitchEntry => switch_entry(cx, node),
        K::ControlTransferStatement => control_transfer(cx, node),
        K::ShebangLine => {}
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
            K::FunctionDeclaration
                | K::ClassDeclaration
                | K::ProtocolDeclaration
                | K::PropertyDeclaration
                | K::ImportDeclaration
                | K::InitDeclaration
                | K::Statements
        );
        if is_whole {
            statement(cx, child);
        }
    }
}

/// Modifiers, attributes, words such as `async`, and what is said of parameters that are types.
fn attrs(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn class(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, name: Option<Syntax<'_>>, op: Op) {
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
fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>, default: Option<Syntax<'_>>) {
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
fn properties(cx: &mut Cx<'_>, node: Syntax<'_>) {
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

fn plain_parameter(cx: &mut Cx<'_>, name: Syntax<'_>, declared: Option<Syntax<'_>>) {
    let end = declared.unwrap_or(name).end();
    cx.node(Kind::Param, (name.start(), end), |cx| {
        cx.empty(Kind::Attrs, name.start());
        expression(cx, name);
        cx.slot(declared, end, expression);
        cx.none(end);
    });
}

/// `case a = 1, b(T)`: one node for each; the first spans them all.
fn enum_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
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
fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    let text = node.text().trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    (node.start(), node.start() + u32::try_from(text.len()).unwrap_or_default())
}

/// One of the conditions of `if`, `guard` and `while`.
#[derive(Debug)]
enum Condition<'a> {
    /// `let a: T = b`, `let a`.
    Binding {
        start: u32,
        name: Syntax<'a>,
        declared: Option<Syntax<'a>>,
        value: Option<Syntax<'a>>,
    },
    /// `case p = b`; the parts of the pattern.
    Case {
        start: u32,
        parts: Vec<Syntax<'a>>,
        value: Option<Syntax<'a>>,
    },
    Plain(Syntax<'a>),
}

impl Condition<'_> {
    fn start(&self) -> u32 {
        match self {
            Self::Binding { start, .. } | Self::Case { start, .. } => *start,
            Self::Plain(node) => node.start(),
        }
    }

    fn end(&self) -> u32 {
        match self {
            Self::Binding { name, declared, value, .. } => value.or(*declared).unwrap_or(*name).end(),
            Self::Case { start, parts, value } => value.or(parts.last().copied()).map_or(*start, Syntax::end),
            Self::Plain(node) => node.end(),
        }
    }
}

/// Conditions lie side by side in the grammar, separated by commas.
fn conditions(node: Syntax<'_>) -> Vec<Condition<'_>> {
    let is_part = |child: &Syntax<'_>| {
        child.in_field() == f().condition
            || child.in_field() == f().bound_identifier
            || kind(*child) == K::TypeAnnotation
            || is_comma(*child)
    };
    let parts: Vec<Syntax<'_>> = node.all_children().filter(is_part).collect();
    parts.split(|part| is_comma(*part) && part.in_field() != f().condition).filter_map(one_condition).collect()
}

fn is_comma(node: Syntax<'_>) -> bool {
    !node.is_named() && node.text() == ","
}

fn one_condition<'a>(parts: &[Syntax<'a>]) -> Option<Condition<'a>> {
    let first = parts.first()?;
    let start = first.start();
    let equals = parts.iter().position(|part| !part.is_named() && part.text() == "=");
    let value = equals.and_then(|at| parts.get(at + 1)).copied();
    if parts.iter().any(|part| kind(*part) == K::ValueBindingPattern) && first.text() != "case" {
        let name = parts.iter().find(|part| part.in_field() == f().bound_identifier || kind(**part) == K::Pattern)?;
        let declared = parts.iter().find(|part| kind(**part) == K::TypeAnnotation).copied();
        return Some(Condition::Binding { start, name: *name, declared, value });
    }
    if !first.is_named() && first.text() == "case" {
        let parts = parts.get(1..equals.unwrap_or(parts.len())).unwrap_or_default().to_vec();
        return Some(Condition::Case { start, parts, value });
    }
    parts.iter().find(|part| part.is_named()).map(|node| Condition::Plain(*node))
}

/// Several conditions hold together.
fn condition(cx: &mut Cx<'_>, all: &[Condition<'_>], at: u32) {
    match all {
        [] => cx.none(at),
        [only] => match only {
            Condition::Plain(node) => expression(cx, *node),
            Condition::Binding { start, name, declared, value } => {
                cx.node_op(Kind::VarDef, Op::Const, (*start, only.end()), |cx| {
                    cx.empty(Kind::Attrs, *start);
                    expression(cx, *name);
                    cx.slot(*declared, only.end(), expression);
                    // `let a` alone unwraps what has that name.
                    expression(cx, value.unwrap_or(*name));
                });
            }
            Condition::Case { start, parts, value } => {
                cx.node_op(Kind::VarDef, Op::Const, (*start, only.end()), |cx| {
                    cx.empty(Kind::Attrs, *start);
                    pattern_of(cx, parts, *start);
                    cx.none(only.end());
                    cx.slot(*value, only.end(), expression);
                });
            }
        },
        [first, .., last] => {
            cx.node_op(Kind::Binary, Op::And, (first.start(), last.end()), |cx| {
                condition(cx, all.split_last().map_or(&[], |(_, rest)| rest), at);
                condition(cx, std::slice::from_ref(last), at);
            });
        }
    }
}

/// `else if` is an `If` in the last slot.
fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        condition(cx, &conditions(node), span.0);
        let mut blocks = braces(node);
        block(cx, blocks.next(), span.1);
        match of(node, K::IfStatement) {
            Some(next) => if_statement(cx, next),
            None => block(cx, blocks.next(), span.1),
        }
    });
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let item = node.field(f().item);
    cx.node(Kind::ForEach, span, |cx| {
        cx.slot(item, span.0, |cx, item| {
            cx.node(Kind::VarDef, item.span(), |cx| {
                cx.empty(Kind::Attrs, item.start());
                pattern(cx, item);
                cx.slot(of(node, K::TypeAnnotation), item.end(), expression);
                cx.none(item.end());
            });
        });
        cx.slot(node.field(f().collection), span.0, expression);
        guarded_block(cx, node);
    });
}

/// A block that is entered only `where` something holds.
fn guarded_block(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let inner = braces(node).last();
    let Some(guard) = of(node, K::WhereClause) else { return block(cx, inner, node.end()) };
    cx.node(Kind::Block, (guard.start(), node.end()), |cx| {
        cx.node(Kind::If, (guard.start(), node.end()), |cx| {
            cx.slot(guard.children().last(), guard.end(), expression);
            block(cx, inner, node.end());
            cx.none(node.end());
        });
    });
}

fn do_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut clauses = node.children().filter(|child| kind(*child) == K::CatchBlock).peekable();
    let inner = braces(node).next();
    if clauses.peek().is_none() {
        return block(cx, inner, span.1);
    }
    cx.node(Kind::Try, span, |cx| {
        block(cx, inner, span.0);
        clauses.for_each(|clause| catch(cx, clause));
        cx.none(span.1);
        cx.none(span.1);
    });
}

fn catch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        let error = clause.field(f().error);
        let declared = error.filter(|error| error.has_token("as")).and_then(type_in);
        let name = error.and_then(|error| if declared.is_some() { of(error, K::Pattern) } else { Some(error) });
        let is_name = name.is_some_and(|name| name.field(f().bound_identifier).is_some());
        match (declared, name) {
            (declared, Some(name)) if is_name => {
                cx.slot(declared, span.0, expression);
                pattern(cx, name);
            }
            (Some(declared), _) => {
                expression(cx, declared);
                cx.none(span.0);
            }
            (None, Some(name)) => {
                pattern(cx, name);
                cx.none(span.0);
            }
            (None, None) => (0..2).for_each(|_| cx.none(span.0)),
        }
        guarded_block(cx, clause);
    });
}

fn switch_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let patterns = || node.children().filter(|child| kind(*child) == K::SwitchPattern);
    let body = of(node, K::Statements);
    if let (Some(only), None) = (patterns().next(), patterns().nth(1))
        && cx.is_ellipsis(Some(only))
        && body.is_none_or(|body| cx.is_ellipsis(Some(body)))
    {
        return cx.slot(only.first(), node.end(), pattern);
    }
    cx.node(Kind::Case, trimmed(node), |cx| {
        for child in node.children() {
            match kind(child) {
                K::SwitchPattern => cx.slot(child.first(), child.end(), pattern),
                K::Statements | K::DefaultKeyword | K::Modifiers => {}
                // What follows `where`.
                _ if child.text() == "where" => {}
                _ => {
                    cx.node(Kind::CompIf, child.span(), |cx| expression(cx, child));
                }
            }
        }
        let span = body.map_or((node.end(), node.end()), trimmed);
        cx.node(Kind::Block, span, |cx| {
            if let Some(body) = body {
                statements(cx, body);
            }
        });
    });
}

fn control_transfer(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let word = node.all_children().next();
    let value = node.children().find(|child| kind(*child) != K::ThrowKeyword);
    let kind = match word.map_or("", Syntax::text) {
        "return" => Kind::Return,
        "break" => Kind::Break,
        "continue" => Kind::Continue,
        "yield" => Kind::Yield,
        _ => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(value, span.1, expression);
                cx.none(span.1);
            });
            return;
        }
    };
    cx.node(kind, span, |cx| cx.slot(value, span.1, expression));
}

/// A pattern; the words that declare names in it are no part of it.
fn pattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::Pattern {
        return expression(cx, node);
    }
    let parts: Vec<Syntax<'_>> = node.all_children().collect();
    pattern_of(cx, &parts, node.start());
}

/// `.a(let b)`, `(a, b)`, `is T`, `p as T`, or an expression.
fn pattern_of(cx: &mut Cx<'_>, parts: &[Syntax<'_>], at: u32) {
    let is_token = |node: &Syntax<'_>, text: &str| !node.is_named() && node.text() == text;
    let has = |text: &str| parts.iter().any(|part| is_token(part, text));
    let values: Vec<Syntax<'_>> = parts.iter().copied().filter(|part| part.is_named() && kind(*part) != K::ValueBindingPattern).collect();
    let (start, end) = (values.first().map_or(at, |first| first.start()), parts.last().map_or(at, |last| last.end()));
    let declared = values.iter().copied().find(|value| is_type(*value));
    let open = parts.iter().find(|part| is_token(part, "("));
    if has("is") {
        cx.node(Kind::TypeTest, (at, end), |cx| {
            cx.none(at);
            cx.slot(declared, end, expression);
        });
    } else if has("as") {
        cx.node(Kind::TypeTest, (start, end), |cx| {
            cx.slot(values.first().copied(), start, pattern);
            cx.slot(declared, end, expression);
        });
    } else if let Some(dot) = parts.iter().find(|part| is_token(part, ".")) {
        let name = values.iter().copied().find(|value| dot.end() <= value.start());
        let owner = values.first().copied().filter(|value| value.start() < dot.start());
        let from = owner.map_or(dot.start(), Syntax::start);
        let case = |cx: &mut Cx<'_>| {
            cx.node_op(Kind::Dot, Op::Dot, (from, name.map_or(dot.end(), Syntax::end)), |cx| {
                cx.slot(owner, from, expression);
                cx.slot(name, dot.end(), expression);
            });
        };
        match open {
            Some(open) => {
                cx.node(Kind::Call, (from, end), |cx| {
                    case(cx);
                    cx.node(Kind::Args, (open.start(), end), |cx| {
                        values.iter().filter(|value| open.end() <= value.start()).for_each(|value| pattern(cx, *value));
                    });
                });
            }
            None => case(cx),
        }
    } else if let Some(open) = open {
        cx.node(Kind::Tuple, (open.start(), end), |cx| values.iter().for_each(|value| pattern(cx, *value)));
    } else {
        cx.slot(values.first().copied(), at, pattern);
    }
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
        K::SimpleIdentifier | K::TypeIdentifier => cx.name(node.text().trim_matches('`'), span),
        K::SelfExpression | K::SuperExpression | K::SpecialLiteral | K::CustomOperator | K::WildcardPattern | K::Bang => cx.name_of(node),
        K::IntegerLiteral | K::HexLiteral | K::OctLiteral | K::BinLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::RealLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NilLiteral => cx.word(Kind::Null, Op::None, "nil", span),
        K::LineStringLiteral | K::MultiLineStringLiteral | K::RawStringLiteral => string(cx, node),
        K::RegexLiteral => {
            let content = node.text().trim_matches('#');
            let content = content.strip_prefix('/').unwrap_or(content);
            cx.word(Kind::Regex, Op::None, content.strip_suffix('/').unwrap_or(content), span);
        }
        K::Identifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::NavigationExpression => {
            let op = if node.all_children().any(|child| child.text() == "?") { Op::Optional } else { Op::Dot };
            let suffix = node.field(f().suffix);
            let target = node.all_children().find(|child| child.in_field() == f().target || child.in_field() == f().element);
            cx.node_op(Kind::Dot, op, span, |cx| {
                cx.slot(target, span.0, expression);
                cx.slot(suffix.and_then(|suffix| suffix.field(f().suffix)), span.1, expression);
            });
        }
        K::CallExpression | K::ConstructorExpression | K::MacroInvocation => call(cx, node),
        K::ValueArguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::ValueArgument => argument(cx, node),
        K::SelectorExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.name("#selector", (span.0, node.first().map_or(span.1, Syntax::start)));
                cx.node(Kind::Args, (node.first().map_or(span.1, Syntax::start), span.1), |cx| expressions(cx, node));
            });
        }
        K::LambdaLiteral => lambda(cx, node),
        K::ArrayLiteral => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::DictionaryLiteral => dictionary(cx, node),
        K::TupleExpression => tuple(cx, node),
        K::DirectlyAssignableExpression | K::InterpolatedExpression => {
            cx.slot(node.field(f().value).or_else(|| node.first()), span.1, expression);
        }
        K::TryExpression | K::ConsumeExpression | K::UnsafeExpression => {
            cx.slot(node.field(f().expr).or_else(|| node.children().last()), span.1, expression);
        }
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| cx.slot(node.field(f().expr).or_else(|| node.first()), span.1, expression));
        }
        K::Assignment => assignment(cx, node),
        K::AdditiveExpression
        | K::MultiplicativeExpression
        | K::ComparisonExpression
        | K::EqualityExpression
        | K::ConjunctionExpression
        | K::DisjunctionExpression
        | K::BitwiseOperation => {
            let op = node.field(f().op).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().lhs), span.0, expression);
                cx.slot(node.field(f().rhs), span.1, expression);
            });
        }
        K::NilCoalescingExpression => {
            cx.node_op(Kind::Binary, Op::Coalesce, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().if_nil), span.1, expression);
            });
        }
        K::RangeExpression | K::OpenEndRangeExpression | K::OpenStartRangeExpression => {
            let op = if node.has_token("..<") { Op::RangeExclusive } else { Op::Range };
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().start), span.0, expression);
                cx.slot(node.field(f().end), span.1, expression);
            });
        }
        K::InfixExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().op), span.0, expression);
                cx.node(Kind::Args, span, |cx| {
                    cx.slot(node.field(f().lhs), span.0, expression);
                    cx.slot(node.field(f().rhs), span.1, expression);
                });
            });
        }
        K::PrefixExpression => prefix(cx, node),
        K::PostfixExpression => {
            let op = match node.field(f().operation).map_or("", Syntax::text) {
                "++" => Op::Increment,
                "--" => Op::Decrement,
                _ => Op::NonNull,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().target), span.0, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().if_true, f().if_false] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::AsExpression => {
            let op = if of(node, K::AsOperator).is_some_and(|operator| operator.text() == "as?") { Op::Optional } else { Op::None };
            cx.node_op(Kind::Cast, op, span, |cx| {
                cx.slot(type_in(node), span.1, expression);
                cx.slot(node.field(f().expr), span.0, expression);
            });
        }
        K::CheckExpression => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().target), span.0, expression);
                cx.slot(type_in(node), span.1, expression);
            });
        }
        K::Pattern => pattern(cx, node),
        K::SwitchPattern => cx.slot(node.first(), span.1, pattern),
        K::Parameter => parameter(cx, node, None),
        K::Attribute => attribute(cx, node),
        K::TypeAnnotation => cx.slot(type_in(node), span.1, expression),
        K::UserType => user_type(cx, node),
        K::OptionalType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| cx.slot(node.field(f().wrapped), span.1, expression));
        }
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::DictionaryType => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.name("Dictionary", (span.0, span.0));
                expressions(cx, node);
            });
        }
        K::TupleType | K::EnumTypeParameters => {
            cx.node(Kind::Tuple, span, |cx| {
                node.children().filter(|child| kind(*child) != K::SimpleIdentifier).for_each(|child| expression(cx, child));
            });
        }
        K::TupleTypeItem => match type_in(node) {
            Some(inner) => expression(cx, inner),
            None => cx.slot(node.children().last(), span.1, expression),
        },
        K::ProtocolCompositionType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| expressions(cx, node));
        }
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::FunctionDeclaration
        | K::ClassDeclaration
        | K::PropertyDeclaration
        | K::IfStatement
        | K::SwitchStatement
        | K::DoStatement
        | K::ForStatement
        | K::WhileStatement
        | K::CatchBlock
        | K::Statements
        | K::ControlTransferStatement => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    loop {
        let is_one = match kind(node) {
            K::TupleExpression | K::TupleType => node.first().is_some() && node.children().nth(1).is_none(),
            _ => false,
        };
        match node.first() {
            Some(inner) if is_one => node = inner,
            _ => return node,
        }
    }
}

/// `A.B<C>`: names, each with its arguments.
fn user_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let parts: Vec<Syntax<'_>> = node.children().collect();
    let is_arguments = |part: Syntax<'_>| kind(part) == K::TypeArguments;
    let pair = |_, part: Syntax<'_>| if is_arguments(part) { (Kind::TypeArgs, Op::None) } else { (Kind::Dot, Op::Dot) };
    cx.row_of(pair, &parts, node.start(), |cx, part| if is_arguments(part) { expressions(cx, part) } else { expression(cx, part) });
}

/// A call, or an element, which looks like one. Functions behind it are its last arguments.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut parts = node.all_children().filter(|child| child.is_named() || is_type(*child));
    let (function, suffix) = (parts.next(), parts.last());
    let is_macro = kind(node) == K::MacroInvocation;
    let list = suffix.and_then(|suffix| of(suffix, K::ValueArguments));
    if list.is_some_and(|list| list.has_token("[")) {
        cx.node(Kind::Index, span, |cx| {
            cx.slot(function, span.0, expression);
            list.into_iter().for_each(|list| expressions(cx, list));
        });
        return;
    }
    cx.node(Kind::Call, span, |cx| {
        match function {
            Some(name) if is_macro => cx.name(node.source(span.0, name.end()), (span.0, name.end())),
            function => cx.slot(function, span.0, expression),
        }
        let start = suffix.map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            let mut label = None;
            for part in suffix.into_iter().flat_map(Syntax::children) {
                match (kind(part), label.take()) {
                    (K::ValueArguments, _) => expressions(cx, part),
                    (K::SimpleIdentifier, _) => label = Some(part),
                    (_, Some(name)) => {
                        cx.node(Kind::KwArg, (name.start(), part.end()), |cx| {
                            expression(cx, name);
                            expression(cx, part);
                        });
                    }
                    (_, None) => expression(cx, part),
                }
            }
        });
    });
}

/// `a`, `name: a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (name, value) = (node.field(f().name), node.field(f().value));
    match (name, value) {
        (Some(name), Some(value)) => {
            // `...` of a pattern may be written like this.
            if cx.is_ellipsis(Some(name)) {
                return cx.slot(name.first(), name.end(), expression);
            }
            cx.node(Kind::KwArg, node.span(), |cx| {
                cx.slot(name.first(), name.start(), expression);
                expression(cx, value);
            });
        }
        (None, Some(value)) => expression(cx, value),
        _ => expressions(cx, node),
    }
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let signature = node.field(f().type_);
    let list = signature.and_then(|signature| of(signature, K::LambdaFunctionTypeParameters));
    let captures = node.field(f().captures).into_iter().flat_map(Syntax::children).filter(|item| item.field(f().value).is_some());
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, list.map_or((span.0, span.0), Syntax::span), |cx| {
            for item in list.into_iter().flat_map(Syntax::children) {
                match item.children().find(|child| kind(*child) == K::SimpleIdentifier && child.in_field() == f().name) {
                    Some(name) if cx.is_ellipsis(Some(name)) => expression(cx, name),
                    Some(name) => plain_parameter(cx, name, type_in(item)),
                    None => expression(cx, item),
                }
            }
        });
        cx.slot(signature.and_then(type_in), span.0, expression);
        cx.node(Kind::Block, span, |cx| {
            for item in captures {
                cx.node_op(Kind::VarDef, Op::Const, item.span(), |cx| {
                    cx.empty(Kind::Attrs, item.start());
                    cx.slot(item.field(f().name), item.start(), expression);
                    cx.none(item.end());
                    cx.slot(item.field(f().value), item.end(), expression);
                });
            }
            if let Some(inner) = of(node, K::Statements) {
                statements(cx, inner);
            }
        });
    });
}

fn dictionary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Dict, node.span(), |cx| {
        let mut parts = node.children();
        while let Some(key) = parts.next() {
            let value = parts.next();
            if cx.is_ellipsis(Some(key)) {
                expression(cx, key);
                continue;
            }
            cx.node(Kind::KeyValue, (key.start(), value.unwrap_or(key).end()), |cx| {
                expression(cx, key);
                cx.slot(value, key.end(), expression);
            });
        }
    });
}

/// `(a, name: b)`.
fn tuple(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Tuple, node.span(), |cx| {
        let mut label = None;
        for part in node.children() {
            match label.take() {
                None if part.in_field() == f().name => label = Some(part),
                Some(name) => {
                    cx.node(Kind::KwArg, (name.start(), part.end()), |cx| {
                        expression(cx, name);
                        expression(cx, part);
                    });
                }
                None => expression(cx, part),
            }
        }
    });
}

fn assignment(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
    cx.node_op(kind, op, node.span(), |cx| {
        cx.slot(node.field(f().target), node.start(), expression);
        cx.slot(node.field(f().result), node.end(), expression);
    });
}

fn prefix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let target = node.field(f().target);
    let token = node.field(f().operation).map_or("", Syntax::text);
    let op = match token {
        "." => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.none(span.0);
                cx.slot(target, span.1, expression);
            });
            return;
        }
        "&" => Op::AddressOf,
        token => operator::unary(token),
    };
    if op == Op::None {
        cx.node_with(Kind::Unary, Op::Word, token, span, |cx| cx.slot(target, span.1, expression));
        return;
    }
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(target, span.1, expression));
}

/// The quotes, with the hashes around them, and what stands between `\(` and `)`.
fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let n_hashes = node.text().bytes().take_while(|byte| *byte == b'#').count();
    let n_quotes = if node.text().trim_start_matches('#').starts_with("\"\"\"") { 3 } else { 1 };
    let length = u32::try_from(n_hashes + n_quotes).unwrap_or_default();
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
            expression(cx, value);
            at = hole.1;
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}

fn holes(node: Syntax<'_>) -> Vec<((u32, u32), Syntax<'_>)> {
    let mut holes: Vec<((u32, u32), Syntax<'_>)> = Vec::new();
    let mut open = node.start();
    for child in node.all_children() {
        match kind(child) {
            K::RawStrInterpolation => holes.extend(of(child, K::InterpolatedExpression).map(|value| (child.span(), value))),
            K::InterpolatedExpression => holes.push(((open, child.end()), child)),
            _ if child.text() == "\\(" => open = child.start(),
            _ if !child.is_named() && child.text() == ")" => {
                if let Some((span, _)) = holes.last_mut() {
                    span.1 = child.end();
                }
            }
            _ => {}
        }
    }
    holes
}

fn binary(token: &str) -> Op {
    match token {
        "===" => Op::Same,
        "!==" => Op::NotSame,
        _ => operator::binary(token),
    }
}

#[cfg(test)]
mod tests;
