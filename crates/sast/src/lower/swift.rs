//! Swift.
//!
//! `try` says nothing about a value and is left out; `guard` is an `if` of the contrary. What `if let` and `guard let` declare
//! is declared in the condition.

mod condition;
mod definition;
mod expression;
mod matching;
mod statement;

use bartizan_syntax::Grammar;

use super::{Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

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
    features: &[Feature::CasesBind, Feature::CLike, Feature::ConstructsByName, Feature::StrictStrings],
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
    cx.node(Kind::Root, root.span(), |cx| statement::statements(cx, root));
}

#[cfg(test)]
mod tests;
