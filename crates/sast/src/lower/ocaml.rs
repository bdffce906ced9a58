//! `OCaml`.
//!
//! What the language calls expressions are statements where others have them: `if`, `match`, `try`, loops, and what `;` and
//! `let … in` join, which are rows of statements. Paths of modules and fields of records are members alike. A constructor
//! with a tuple is a call with several arguments.

mod definition;
mod expression;
mod statement;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax, context::reserved, vocabulary::vocabulary,
};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "ocaml",
    aliases: &[],
    grammar: Grammar::OCaml,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            // What is not finished stands for all that goes on like that.
            Frame { before: "", after: " _DOTS__", what: FrameKind::Statements },
            Frame { before: "", after: " then _DOTS__", what: FrameKind::Statements },
            Frame { before: "", after: " with _DOTS__ -> _DOTS__", what: FrameKind::Statements },
            Frame { before: "", after: " do _DOTS__ done", what: FrameKind::Statements },
            Frame { before: "match _DOTS__ with ", after: "\n", what: FrameKind::Part },
            Frame { before: "try _DOTS__ ", after: "\n", what: FrameKind::Part },
            Frame { before: "class dots = object\n", after: "\nend", what: FrameKind::Members },
            Frame { before: "let _DOTS__ : ", after: " = _DOTS__", what: FrameKind::Part },
        ],
        // Names of values are in lower case, those of modules and constructors are not.
        metavariable: &["_{}", "{}"],
        ellipsis: &["_DOTS__", "_DOTS__;", "DOTS__", "_DOTS__ -> _DOTS__", "_DOTS__ = _DOTS__"],
        usual: &[],
        typed: "({var} : {type})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CasesBind, Feature::Records],
};

vocabulary! {
    grammar OCaml;
    kinds {
        AliasPattern = "alias_pattern",
        AnyPattern = "any_pattern",
        ApplicationExpression = "application_expression",
        ArrayExpression = "array_expression",
        ArrayGetExpression = "array_get_expression",
        ArrayPattern = "array_pattern",
        AssertExpression = "assert_expression",
        AttributeId = "attribute_id",
        Attribute = "attribute",
        BigarrayGetExpression = "bigarray_get_expression",
        Boolean = "boolean",
        Character = "character",
        CharacterContent = "character_content",
        ClassBinding = "class_binding",
        ClassDefinition = "class_definition",
        ClassFunction = "class_function",
        ClassName = "class_name",
        ClassPath = "class_path",
        ConsExpression = "cons_expression",
        ConsPattern = "cons_pattern",
        ConstructedType = "constructed_type",
        ConstructorName = "constructor_name",
        ConstructorPath = "constructor_path",
        ConstructorPattern = "constructor_pattern",
        DoClause = "do_clause",
        ElseClause = "else_clause",
        EmptyList = "empty_list",
        ExpressionItem = "expression_item",
        ExtendedModulePath = "extended_module_path",
        External = "external",
        FieldExpression = "field_expression",
        FieldGetExpression = "field_get_expression",
        FieldName = "field_name",
        FieldPath = "field_path",
        FieldPattern = "field_pattern",
        FloatingAttribute = "floating_attribute",
        ForExpression = "for_expression",
        FunExpression = "fun_expression",
        FunctionExpression = "function_expression",
        Guard = "guard",
        HashExpression = "hash_expression",
        IfExpression = "if_expression",
        IncludeModule = "include_module",
        InfixExpression = "infix_expression",
        InheritanceDefinition = "inheritance_definition",
        InstanceVariableDefinition = "instance_variable_definition",
        InstanceVariableName = "instance_variable_name",
        ItemAttribute = "item_attribute",
        LabelName = "label_name",
        LabeledArgument = "labeled_argument",
        LazyExpression = "lazy_expression",
        LetBinding = "let_binding",
        LetExpression = "let_expression",
        ListExpression = "list_expression",
        ListPattern = "list_pattern",
        MatchCase = "match_case",
        MatchExpression = "match_expression",
        MethodDefinition = "method_definition",
        MethodInvocation = "method_invocation",
        MethodName = "method_name",
        ModuleApplication = "module_application",
        ModuleBinding = "module_binding",
        ModuleDefinition = "module_definition",
        ModuleName = "module_name",
        ModuleParameter = "module_parameter",
        ModulePath = "module_path",
        ModuleTypeName = "module_type_name",
        ModuleTypePath = "module_type_path",
        NewExpression = "new_expression",
        Number = "number",
        ObjectExpression = "object_expression",
        OpenModule = "open_module",
        Parameter = "parameter",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedModuleExpression = "parenthesized_module_expression",
        ParenthesizedOperator = "parenthesized_operator",
        ParenthesizedPattern = "parenthesized_pattern",
        ParenthesizedType = "parenthesized_type",
        PrefixExpression = "prefix_expression",
        QuotedString = "quoted_string",
        QuotedStringContent = "quoted_string_content",
        RecordExpression = "record_expression",
        RecordPattern = "record_pattern",
        SequenceExpression = "sequence_expression",
        SetExpression = "set_expression",
        SignExpression = "sign_expression",
        SignedNumber = "signed_number",
        String = "string",
        StringGetExpression = "string_get_expression",
        Structure = "structure",
        Tag = "tag",
        ThenClause = "then_clause",
        TryExpression = "try_expression",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        TypeConstructor = "type_constructor",
        TypeConstructorPath = "type_constructor_path",
        TypeVariable = "type_variable",
        TypedExpression = "typed_expression",
        TypedPattern = "typed_pattern",
        Unit = "unit",
        ValueDefinition = "value_definition",
        ValueName = "value_name",
        ValuePath = "value_path",
        ValuePattern = "value_pattern",
        WhileExpression = "while_expression",
    }
    fields {
        body = "body",
        condition = "condition",
        default = "default",
        expression = "expression",
        field = "field",
        from = "from",
        index = "index",
        left = "left",
        method = "method",
        module = "module",
        module_type = "module_type",
        name = "name",
        object = "object",
        operator = "operator",
        pattern = "pattern",
        record = "record",
        right = "right",
        sequence = "sequence",
        to = "to",
        type_ = "type",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.name_in_lower_case(node.text(), node.span());
}

/// Whether a node is the `...` of a pattern.
fn is_dots(cx: &Cx<'_>, node: Syntax<'_>) -> bool {
    cx.is_pattern() && node.text().trim_start_matches('_') == reserved::DOTS
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statement::items(cx, root));
}

#[cfg(test)]
mod tests;
