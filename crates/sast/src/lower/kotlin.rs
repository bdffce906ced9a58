//! Kotlin.
//!
//! The grammar has no words for `true`, `null`, `break` and `continue`; they are names there. Labels of `return`, `this` and
//! `super` are left out, and annotations of expressions.

mod definition;
mod expression;
mod statement;

use bartizan_syntax::Grammar;

use super::{Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

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
    cx.node(Kind::Root, root.span(), |cx| statement::statements(cx, root.children()));
}

#[cfg(test)]
mod tests;
