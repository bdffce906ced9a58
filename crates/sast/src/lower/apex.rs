//! Apex.
//!
//! A trigger is a function whose modifiers are its events and its object. A property is a field, and a function for each of its
//! accessors that has a body. What changes the database (`insert a`) is a call, a query in brackets is one node with all of the
//! grammar's parts below it.

mod definition;
mod expression;
mod statement;

use bartizan_syntax::Grammar;

use super::{Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "apex",
    aliases: &[],
    grammar: Grammar::Apex,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "(", after: ");", what: FrameKind::Expression },
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "try {} ", after: "", what: FrameKind::Part },
            Frame { before: "", after: " finally {}", what: FrameKind::Part },
            Frame { before: "if (DOTS__) {} ", after: "", what: FrameKind::Part },
            Frame { before: "", after: " class DOTS__ {}", what: FrameKind::Part },
            Frame { before: "class DOTS__ {", after: "\n}", what: FrameKind::Members },
            // A header without its body: of a function, a class, a loop.
            Frame { before: "", after: "{ DOTS__ DOTS__; }", what: FrameKind::Statements },
            Frame { before: "class DOTS__ {", after: "{ DOTS__ DOTS__; } }", what: FrameKind::Members },
            Frame { before: "", after: ";", what: FrameKind::Statements },
            // A query that is nothing but a hole.
            Frame { before: "QUERY__", after: ";", what: FrameKind::Part },
            Frame { before: "switch on DOTS__ {", after: "}", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ");", what: FrameKind::Part },
            Frame { before: "void DOTS__(", after: ") {}", what: FrameKind::Part },
            Frame { before: "", after: " DOTS__;", what: FrameKind::Part },
            Frame { before: "enum DOTS__ {", after: "}", what: FrameKind::Part },
        ],
        // `$X sharing` is how a class shares, whichever word says so.
        metavariable: &["{}", "@{} with", "DOTS__ {}", "{};"],
        ellipsis: &["DOTS__", "DOTS__;", "DOTS__ DOTS__;", "DOTS__ DOTS__", "DOTS__ = DOTS__", "DOTS__; DOTS__; DOTS__"],
        usual: &[(Place::Header, "DOTS__; DOTS__; DOTS__")],
        // Something that may also be assigned to; see `expression::element`.
        typed: "(({type}) {var})[TYPED__]",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[],
};

vocabulary! {
    grammar Apex;
    kinds {
        AccessorDeclaration = "accessor_declaration",
        AccessorList = "accessor_list",
        Annotation = "annotation",
        AnnotationArgumentList = "annotation_argument_list",
        AnnotationKeyValue = "annotation_key_value",
        ArgumentList = "argument_list",
        ArrayAccess = "array_access",
        ArrayCreationExpression = "array_creation_expression",
        ArrayInitializer = "array_initializer",
        ArrayType = "array_type",
        AssignmentExpression = "assignment_expression",
        BinaryExpression = "binary_expression",
        Block = "block",
        Boolean = "boolean",
        BooleanType = "boolean_type",
        BoundApexExpression = "bound_apex_expression",
        BreakStatement = "break_statement",
        CastExpression = "cast_expression",
        CatchClause = "catch_clause",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassLiteral = "class_literal",
        ConstantDeclaration = "constant_declaration",
        ConstructorBody = "constructor_body",
        ConstructorDeclaration = "constructor_declaration",
        ContinueStatement = "continue_statement",
        DecimalFloatingPointLiteral = "decimal_floating_point_literal",
        Decimal = "decimal",
        Dimensions = "dimensions",
        DimensionsExpr = "dimensions_expr",
        DmlExpression = "dml_expression",
        DmlSecurityMode = "dml_security_mode",
        DmlType = "dml_type",
        DoStatement = "do_statement",
        DottedIdentifier = "dotted_identifier",
        ElementValueArrayInitializer = "element_value_array_initializer",
        EnhancedForStatement = "enhanced_for_statement",
        EnumBody = "enum_body",
        EnumConstant = "enum_constant",
        EnumDeclaration = "enum_declaration",
        ExplicitConstructorInvocation = "explicit_constructor_invocation",
        ExpressionStatement = "expression_statement",
        ExtendsInterfaces = "extends_interfaces",
        FieldAccess = "field_access",
        FieldDeclaration = "field_declaration",
        FieldIdentifier = "field_identifier",
        FinallyClause = "finally_clause",
        ForStatement = "for_statement",
        FormalParameter = "formal_parameter",
        FormalParameters = "formal_parameters",
        GenericType = "generic_type",
        Identifier = "identifier",
        IfStatement = "if_statement",
        InstanceofExpression = "instanceof_expression",
        Int = "int",
        InterfaceBody = "interface_body",
        InterfaceDeclaration = "interface_declaration",
        Interfaces = "interfaces",
        JavaFieldAccess = "java_field_access",
        JavaType = "java_type",
        LocalVariableDeclaration = "local_variable_declaration",
        MapCreationExpression = "map_creation_expression",
        MapInitializer = "map_initializer",
        MapKeyInitializer = "map_key_initializer",
        MethodDeclaration = "method_declaration",
        MethodInvocation = "method_invocation",
        Modifier = "modifier",
        Modifiers = "modifiers",
        MultiLineStringLiteral = "multi_line_string_literal",
        NullLiteral = "null_literal",
        ObjectCreationExpression = "object_creation_expression",
        ParenthesizedExpression = "parenthesized_expression",
        ReturnStatement = "return_statement",
        RunAsStatement = "run_as_statement",
        SafeNavigationOperator = "safe_navigation_operator",
        ScopedTypeIdentifier = "scoped_type_identifier",
        StaticInitializer = "static_initializer",
        StorageIdentifier = "storage_identifier",
        StringLiteral = "string_literal",
        Super = "super",
        Superclass = "superclass",
        SwitchExpression = "switch_expression",
        SwitchLabel = "switch_label",
        SwitchRule = "switch_rule",
        TernaryExpression = "ternary_expression",
        This = "this",
        ThrowStatement = "throw_statement",
        TriggerBody = "trigger_body",
        TriggerDeclaration = "trigger_declaration",
        TriggerEvent = "trigger_event",
        TryStatement = "try_statement",
        TypeArguments = "type_arguments",
        TypeIdentifier = "type_identifier",
        TypeList = "type_list",
        UnaryExpression = "unary_expression",
        UpdateExpression = "update_expression",
        VariableDeclarator = "variable_declarator",
        VoidType = "void_type",
        WhenSobjectType = "when_sobject_type",
        WhileStatement = "while_statement",
    }
    fields {
        accessor = "accessor",
        alternative = "alternative",
        arguments = "arguments",
        array = "array",
        body = "body",
        condition = "condition",
        consequence = "consequence",
        constructor = "constructor",
        declarator = "declarator",
        dimensions = "dimensions",
        element = "element",
        field = "field",
        index = "index",
        init = "init",
        key = "key",
        left = "left",
        merge_with = "merge_with",
        name = "name",
        object = "object",
        operand = "operand",
        operator = "operator",
        parameters = "parameters",
        right = "right",
        target = "target",
        type_ = "type",
        update = "update",
        upsert_key = "upsert_key",
        user = "user",
        value = "value",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statement::statements(cx, root));
}

#[cfg(test)]
mod tests;
