//! Solidity.
//!
//! A contract is a module, a library an object. What a function is modified by (`onlyOwner`) are annotations, words such as
//! `external` and places such as `memory` are modifiers. Options of a call (`a.call{value: 1}(b)`) are a call around the callee.

mod definition;
mod expression;
mod statement;
mod yul;

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "solidity",
    aliases: &["sol"],
    grammar: Grammar::Solidity,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            // A constructor would be a call with a struct elsewhere.
            Frame { before: "contract DOTS__ { ", after: "\n}", what: FrameKind::Members },
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "function DOTS__() { ", after: "\n}", what: FrameKind::Statements },
            Frame { before: "function DOTS__() { ", after: ";}", what: FrameKind::Expression },
            Frame { before: "contract DOTS__ { ", after: " {} }", what: FrameKind::Part },
            Frame { before: "", after: " {}", what: FrameKind::Part },
            Frame { before: "function DOTS__(", after: ") {}", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        // A declaration may stand among statements and among members.
        ellipsis: &["DOTS__", "DOTS__ DOTS__;", "DOTS__; DOTS__", "DOTS__; DOTS__; DOTS__", "DOTS__: DOTS__"],
        usual: &[(Place::Statement, "DOTS__ DOTS__;"), (Place::Header, "DOTS__; DOTS__; DOTS__")],
        typed: "{type}({var})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CLike],
};

vocabulary! {
    kinds {
        AnySourceType = "any_source_type",
        ArrayAccess = "array_access",
        AssemblyStatement = "assembly_statement",
        AssignmentExpression = "assignment_expression",
        AugmentedAssignmentExpression = "augmented_assignment_expression",
        BinaryExpression = "binary_expression",
        BlockStatement = "block_statement",
        BooleanLiteral = "boolean_literal",
        BreakStatement = "break_statement",
        CallArgument = "call_argument",
        CallExpression = "call_expression",
        CallStructArgument = "call_struct_argument",
        CatchClause = "catch_clause",
        ConstantVariableDeclaration = "constant_variable_declaration",
        ConstructorDefinition = "constructor_definition",
        ContinueStatement = "continue_statement",
        ContractBody = "contract_body",
        ContractDeclaration = "contract_declaration",
        DoWhileStatement = "do_while_statement",
        EmitStatement = "emit_statement",
        EnumBody = "enum_body",
        EnumDeclaration = "enum_declaration",
        EnumValue = "enum_value",
        ErrorDeclaration = "error_declaration",
        ErrorParameter = "error_parameter",
        EventDefinition = "event_definition",
        EventParameter = "event_parameter",
        Expression = "expression",
        ExpressionStatement = "expression_statement",
        FallbackReceiveDefinition = "fallback_receive_definition",
        ForStatement = "for_statement",
        FunctionBody = "function_body",
        FunctionDefinition = "function_definition",
        HexStringLiteral = "hex_string_literal",
        Identifier = "identifier",
        IfStatement = "if_statement",
        Immutable = "immutable",
        ImportDirective = "import_directive",
        InheritanceSpecifier = "inheritance_specifier",
        InlineArrayExpression = "inline_array_expression",
        InterfaceDeclaration = "interface_declaration",
        LibraryDeclaration = "library_declaration",
        MemberExpression = "member_expression",
        MetaTypeExpression = "meta_type_expression",
        ModifierDefinition = "modifier_definition",
        ModifierInvocation = "modifier_invocation",
        NewExpression = "new_expression",
        NumberLiteral = "number_literal",
        NumberUnit = "number_unit",
        OverrideSpecifier = "override_specifier",
        Parameter = "parameter",
        ParenthesizedExpression = "parenthesized_expression",
        PayableConversionExpression = "payable_conversion_expression",
        PragmaDirective = "pragma_directive",
        PrimitiveType = "primitive_type",
        ReturnParameter = "return_parameter",
        ReturnStatement = "return_statement",
        ReturnTypeDefinition = "return_type_definition",
        RevertArguments = "revert_arguments",
        RevertStatement = "revert_statement",
        SliceAccess = "slice_access",
        SourceFile = "source_file",
        StateLocation = "state_location",
        StateMutability = "state_mutability",
        StateVariableDeclaration = "state_variable_declaration",
        Statement = "statement",
        String = "string",
        StringLiteral = "string_literal",
        StructBody = "struct_body",
        StructDeclaration = "struct_declaration",
        StructExpression = "struct_expression",
        StructFieldAssignment = "struct_field_assignment",
        StructMember = "struct_member",
        TernaryExpression = "ternary_expression",
        TryStatement = "try_statement",
        TupleExpression = "tuple_expression",
        TypeAlias = "type_alias",
        TypeCastExpression = "type_cast_expression",
        TypeName = "type_name",
        UnaryExpression = "unary_expression",
        Unchecked = "unchecked",
        UnicodeStringLiteral = "unicode_string_literal",
        UpdateExpression = "update_expression",
        UserDefinedType = "user_defined_type",
        UserDefinedTypeDefinition = "user_defined_type_definition",
        UsingDirective = "using_directive",
        VariableDeclaration = "variable_declaration",
        VariableDeclarationStatement = "variable_declaration_statement",
        VariableDeclarationTuple = "variable_declaration_tuple",
        Virtual = "virtual",
        Visibility = "visibility",
        WhileStatement = "while_statement",
        YulAssignment = "yul_assignment",
        YulBlock = "yul_block",
        YulBoolean = "yul_boolean",
        YulBreak = "yul_break",
        YulContinue = "yul_continue",
        YulDecimalNumber = "yul_decimal_number",
        YulEvmBuiltin = "yul_evm_builtin",
        YulForStatement = "yul_for_statement",
        YulFunctionCall = "yul_function_call",
        YulFunctionDefinition = "yul_function_definition",
        YulHexNumber = "yul_hex_number",
        YulIdentifier = "yul_identifier",
        YulIfStatement = "yul_if_statement",
        YulPath = "yul_path",
        YulStringLiteral = "yul_string_literal",
        YulSwitchStatement = "yul_switch_statement",
        YulVariableDeclaration = "yul_variable_declaration",
    }
    fields {
        alias = "alias",
        ancestor = "ancestor",
        argument = "argument",
        attempt = "attempt",
        base = "base",
        body = "body",
        condition = "condition",
        error = "error",
        from = "from",
        function = "function",
        import_name = "import_name",
        index = "index",
        initial = "initial",
        key_type = "key_type",
        left = "left",
        name = "name",
        object = "object",
        operator = "operator",
        property = "property",
        return_type = "return_type",
        right = "right",
        source = "source",
        to = "to",
        type_ = "type",
        update = "update",
        value = "value",
        value_type = "value_type",
    }
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Solidity));

fn kind(node: Syntax<'_>) -> K {
    WORDS.kind(node)
}

fn f() -> F {
    WORDS.fields
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statement::statements(cx, root));
}

#[cfg(test)]
mod tests;
