//! Rust.
//!
//! A macro is a call of a name with an exclamation mark; its tokens are read as expressions as far as that goes. Type parameters
//! and `where` stand among the attributes of a definition. The rules of `macro_rules!` are not in the tree.

mod expression;
mod item;
mod shape;
mod token;

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "rust",
    aliases: &["rs"],
    grammar: Grammar::Rust,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "fn DOTS__() { ", after: "\n}", what: FrameKind::Statements },
            Frame { before: "let DOTS__ = ", after: ";", what: FrameKind::Expression },
            Frame { before: "impl DOTS__ { ", after: "\n}", what: FrameKind::Members },
            Frame { before: "struct DOTS__ { ", after: "\n}", what: FrameKind::Members },
            Frame { before: "match DOTS__ { ", after: "\n}", what: FrameKind::Part },
            Frame { before: "", after: " {}", what: FrameKind::Part },
            Frame { before: "", after: "\nfn DOTS__() {}", what: FrameKind::Part },
            Frame { before: "fn DOTS__(", after: ") {}", what: FrameKind::Part },
            Frame { before: "let DOTS__: ", after: ";", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        // A macro may stand among statements and among members.
        ellipsis: &["DOTS__", "DOTS__!();", "DOTS__: DOTS__", "DOTS__ => DOTS__,"],
        usual: &[(Place::Statement, "DOTS__!();"), (Place::Parameter, "DOTS__: DOTS__")],
        typed: "{var} as {type}",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CLike, Feature::ReturnsLast, Feature::StrictStrings],
};

vocabulary! {
    kinds {
        AbstractType = "abstract_type",
        Arguments = "arguments",
        ArrayExpression = "array_expression",
        ArrayType = "array_type",
        AssignmentExpression = "assignment_expression",
        AssociatedType = "associated_type",
        AsyncBlock = "async_block",
        Attribute = "attribute",
        AttributeItem = "attribute_item",
        AwaitExpression = "await_expression",
        BaseFieldInitializer = "base_field_initializer",
        BinaryExpression = "binary_expression",
        Block = "block",
        BooleanLiteral = "boolean_literal",
        BoundedType = "bounded_type",
        BracketedType = "bracketed_type",
        BreakExpression = "break_expression",
        CallExpression = "call_expression",
        CapturedPattern = "captured_pattern",
        CharLiteral = "char_literal",
        ClosureExpression = "closure_expression",
        ClosureParameters = "closure_parameters",
        CompoundAssignmentExpr = "compound_assignment_expr",
        ConstBlock = "const_block",
        ConstItem = "const_item",
        ContinueExpression = "continue_expression",
        Crate = "crate",
        DeclarationList = "declaration_list",
        ElseClause = "else_clause",
        EmptyStatement = "empty_statement",
        EnumItem = "enum_item",
        EnumVariant = "enum_variant",
        EnumVariantList = "enum_variant_list",
        ExpressionStatement = "expression_statement",
        ExternCrateDeclaration = "extern_crate_declaration",
        ExternModifier = "extern_modifier",
        FieldDeclaration = "field_declaration",
        FieldDeclarationList = "field_declaration_list",
        FieldExpression = "field_expression",
        FieldIdentifier = "field_identifier",
        FieldInitializer = "field_initializer",
        FieldInitializerList = "field_initializer_list",
        FieldPattern = "field_pattern",
        FloatLiteral = "float_literal",
        ForExpression = "for_expression",
        FunctionItem = "function_item",
        FunctionModifiers = "function_modifiers",
        FunctionSignatureItem = "function_signature_item",
        GenericFunction = "generic_function",
        GenericPattern = "generic_pattern",
        GenericType = "generic_type",
        GenericTypeWithTurbofish = "generic_type_with_turbofish",
        Identifier = "identifier",
        IfExpression = "if_expression",
        ImplItem = "impl_item",
        IndexExpression = "index_expression",
        InnerAttributeItem = "inner_attribute_item",
        IntegerLiteral = "integer_literal",
        Label = "label",
        LetChain = "let_chain",
        LetCondition = "let_condition",
        LetDeclaration = "let_declaration",
        Lifetime = "lifetime",
        LoopExpression = "loop_expression",
        MacroDefinition = "macro_definition",
        MacroInvocation = "macro_invocation",
        MatchArm = "match_arm",
        MatchBlock = "match_block",
        MatchExpression = "match_expression",
        MatchPattern = "match_pattern",
        Metavariable = "metavariable",
        ModItem = "mod_item",
        MutPattern = "mut_pattern",
        MutableSpecifier = "mutable_specifier",
        NegativeLiteral = "negative_literal",
        NeverType = "never_type",
        OrPattern = "or_pattern",
        OrderedFieldDeclarationList = "ordered_field_declaration_list",
        Parameter = "parameter",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        PointerType = "pointer_type",
        PrimitiveType = "primitive_type",
        QualifiedType = "qualified_type",
        RangeExpression = "range_expression",
        RangePattern = "range_pattern",
        RawStringLiteral = "raw_string_literal",
        RefPattern = "ref_pattern",
        ReferenceExpression = "reference_expression",
        ReferencePattern = "reference_pattern",
        ReferenceType = "reference_type",
        RemainingFieldPattern = "remaining_field_pattern",
        ReturnExpression = "return_expression",
        ScopedIdentifier = "scoped_identifier",
        ScopedTypeIdentifier = "scoped_type_identifier",
        ScopedUseList = "scoped_use_list",
        SelfParameter = "self_parameter",
        Self_ = "self",
        Shebang = "shebang",
        ShorthandFieldIdentifier = "shorthand_field_identifier",
        ShorthandFieldInitializer = "shorthand_field_initializer",
        SlicePattern = "slice_pattern",
        StaticItem = "static_item",
        StringContent = "string_content",
        StringLiteral = "string_literal",
        StructExpression = "struct_expression",
        StructItem = "struct_item",
        StructPattern = "struct_pattern",
        Super = "super",
        TokenTree = "token_tree",
        TraitBounds = "trait_bounds",
        TraitItem = "trait_item",
        TryExpression = "try_expression",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        TupleStructPattern = "tuple_struct_pattern",
        TupleType = "tuple_type",
        TypeArguments = "type_arguments",
        TypeBinding = "type_binding",
        TypeCastExpression = "type_cast_expression",
        TypeIdentifier = "type_identifier",
        TypeItem = "type_item",
        TypeParameters = "type_parameters",
        UnaryExpression = "unary_expression",
        UnionItem = "union_item",
        UnitExpression = "unit_expression",
        UnitType = "unit_type",
        UnsafeBlock = "unsafe_block",
        UseAsClause = "use_as_clause",
        UseDeclaration = "use_declaration",
        UseList = "use_list",
        UseWildcard = "use_wildcard",
        VariadicParameter = "variadic_parameter",
        VisibilityModifier = "visibility_modifier",
        WhereClause = "where_clause",
        WhileExpression = "while_expression",
        YieldExpression = "yield_expression",
    }
    fields {
        alias = "alias",
        alternative = "alternative",
        argument = "argument",
        arguments = "arguments",
        body = "body",
        bounds = "bounds",
        condition = "condition",
        consequence = "consequence",
        element = "element",
        field = "field",
        function = "function",
        left = "left",
        length = "length",
        list = "list",
        macro_ = "macro",
        name = "name",
        operator = "operator",
        parameters = "parameters",
        path = "path",
        pattern = "pattern",
        return_type = "return_type",
        right = "right",
        trait_ = "trait",
        type_ = "type",
        type_arguments = "type_arguments",
        value = "value",
    }
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Rust));

fn kind(node: Syntax<'_>) -> K {
    WORDS.kind(node)
}

fn f() -> F {
    WORDS.fields
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| item::statements(cx, root));
}

#[cfg(test)]
mod tests;
