//! JavaScript and TypeScript, with JSX.
//!
//! Three grammars share their names, and this lowering: a pattern that was written in one of them is found in all of them.
//!
//! Parameters of types are among the `Attrs` of a definition. Left out are those of a function without a name, its name where
//! it is an expression, types that a call is given, and the attributes of an import (`with { type: "json" }`).

mod definition;
mod expression;
mod module;
mod statement;
mod types;
mod xml;

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax, context::reserved,
    vocabulary::vocabulary,
};
use crate::ir::Kind;

pub(super) static JAVASCRIPT: Language = Language {
    name: "javascript",
    aliases: &["js"],
    grammar: Grammar::JavaScript,
    lower: Lowering::Tree(file),
    patterns: PATTERNS,
    names: NAMES,
    features: &[
        Feature::ClosedNames,
        Feature::DeclaresOnce,
        Feature::ExplicitSelf,
        Feature::FallsThrough,
        Feature::InjectedFields,
        Feature::Numbers,
        Feature::Records,
        Feature::SharedGlobals,
        Feature::WholeTypeNames,
    ],
};

pub(super) static TYPESCRIPT: Language = Language {
    name: "typescript",
    aliases: &["ts"],
    grammar: Grammar::TypeScript,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax { typed: "({var}: {type})", ..PATTERNS },
    names: NAMES,
    features: &[
        Feature::ClosedNames,
        Feature::DeclaresOnce,
        Feature::ExplicitSelf,
        Feature::FallsThrough,
        Feature::InjectedFields,
        Feature::Numbers,
        Feature::Records,
        Feature::SharedGlobals,
        Feature::WholeTypeNames,
    ],
};

/// What patterns are parsed with. The first grammar tells words from names, the others know types.
pub(super) const JAVASCRIPT_PATTERNS: &[Grammar] = &[Grammar::JavaScript, Grammar::TypeScript, Grammar::Tsx];

/// What patterns are parsed with. In JavaScript `a<b>(c)` would be a comparison.
pub(super) const TYPESCRIPT_PATTERNS: &[Grammar] = &[Grammar::TypeScript, Grammar::Tsx, Grammar::JavaScript];

const PATTERNS: PatternSyntax = PatternSyntax {
    frames: &[
        Frame { before: "", after: "", what: FrameKind::Statements },
        Frame { before: "", after: " { DOTS__ }", what: FrameKind::Statements },
        Frame { before: "DOTS__[", after: "\n]", what: FrameKind::Expression },
        Frame { before: "try { DOTS__ } ", after: "", what: FrameKind::Part },
        Frame { before: "try { DOTS__ } ", after: " { DOTS__ }", what: FrameKind::Part },
        Frame { before: "({", after: "\n})", what: FrameKind::Part },
        Frame { before: "class DOTS__ {\n", after: "\n}", what: FrameKind::Members },
        Frame { before: "class DOTS__ {\n", after: " { DOTS__ }\n}", what: FrameKind::Members },
        Frame { before: "if (DOTS__) { DOTS__ } ", after: "", what: FrameKind::Part },
        Frame { before: "switch (DOTS__) {\n", after: "\n}", what: FrameKind::Part },
        Frame { before: "", after: "\nclass DOTS__ {}", what: FrameKind::Part },
        Frame { before: "<DOTS__ ", after: " />", what: FrameKind::Part },
        Frame { before: "DOTS__(", after: "\n)", what: FrameKind::Part },
        Frame { before: "let DOTS__: ", after: "", what: FrameKind::Part },
        Frame { before: "let DOTS__", after: "", what: FrameKind::Part },
        Frame { before: "(", after: ") => DOTS__", what: FrameKind::Part },
    ],
    metavariable: &["{}", "{{}}", "\"{}\""],
    ellipsis: &["DOTS__", "DOTS__;", "DOTS__;;", "case DOTS__:", "{DOTS__}"],
    usual: &[(Place::Header, "DOTS__;;")],
    typed: "{var}({type})",
    dollar_is_name: true,
};

const NAMES: NameRules = NameRules { scope: Scope::Block, assignment_declares: true };

vocabulary! {
    kinds {
        AbstractClassDeclaration = "abstract_class_declaration",
        AbstractMethodSignature = "abstract_method_signature",
        AccessibilityModifier = "accessibility_modifier",
        AddingTypeAnnotation = "adding_type_annotation",
        AmbientDeclaration = "ambient_declaration",
        Arguments = "arguments",
        Array = "array",
        ArrayPattern = "array_pattern",
        ArrayType = "array_type",
        ArrowFunction = "arrow_function",
        AsExpression = "as_expression",
        AssertsAnnotation = "asserts_annotation",
        AssignmentExpression = "assignment_expression",
        AssignmentPattern = "assignment_pattern",
        AugmentedAssignmentExpression = "augmented_assignment_expression",
        AwaitExpression = "await_expression",
        BinaryExpression = "binary_expression",
        BreakStatement = "break_statement",
        CallExpression = "call_expression",
        CallSignature = "call_signature",
        CatchClause = "catch_clause",
        Class = "class",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassHeritage = "class_heritage",
        ClassStaticBlock = "class_static_block",
        Constraint = "constraint",
        ConstructSignature = "construct_signature",
        ContinueStatement = "continue_statement",
        DebuggerStatement = "debugger_statement",
        Decorator = "decorator",
        DefaultType = "default_type",
        DoStatement = "do_statement",
        ElseClause = "else_clause",
        EmptyStatement = "empty_statement",
        EnumAssignment = "enum_assignment",
        EnumDeclaration = "enum_declaration",
        ExportClause = "export_clause",
        ExportSpecifier = "export_specifier",
        ExportStatement = "export_statement",
        ExpressionStatement = "expression_statement",
        ExtendsClause = "extends_clause",
        ExtendsTypeClause = "extends_type_clause",
        False = "false",
        FieldDefinition = "field_definition",
        FinallyClause = "finally_clause",
        FlowMaybeType = "flow_maybe_type",
        ForInStatement = "for_in_statement",
        ForStatement = "for_statement",
        FormalParameters = "formal_parameters",
        FunctionDeclaration = "function_declaration",
        FunctionExpression = "function_expression",
        FunctionSignature = "function_signature",
        GeneratorFunction = "generator_function",
        GeneratorFunctionDeclaration = "generator_function_declaration",
        GenericType = "generic_type",
        HashBangLine = "hash_bang_line",
        HtmlCharacterReference = "html_character_reference",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImplementsClause = "implements_clause",
        Import = "import",
        ImportAlias = "import_alias",
        ImportClause = "import_clause",
        ImportRequireClause = "import_require_clause",
        ImportSpecifier = "import_specifier",
        ImportStatement = "import_statement",
        IndexSignature = "index_signature",
        IndexTypeQuery = "index_type_query",
        InstantiationExpression = "instantiation_expression",
        InterfaceDeclaration = "interface_declaration",
        InternalModule = "internal_module",
        IntersectionType = "intersection_type",
        JsxAttribute = "jsx_attribute",
        JsxClosingElement = "jsx_closing_element",
        JsxElement = "jsx_element",
        JsxExpression = "jsx_expression",
        JsxNamespaceName = "jsx_namespace_name",
        JsxOpeningElement = "jsx_opening_element",
        JsxSelfClosingElement = "jsx_self_closing_element",
        JsxText = "jsx_text",
        LabeledStatement = "labeled_statement",
        LexicalDeclaration = "lexical_declaration",
        LiteralType = "literal_type",
        LookupType = "lookup_type",
        MemberExpression = "member_expression",
        MetaProperty = "meta_property",
        MethodDefinition = "method_definition",
        MethodSignature = "method_signature",
        Module = "module",
        NamedImports = "named_imports",
        NamespaceExport = "namespace_export",
        NamespaceImport = "namespace_import",
        NestedIdentifier = "nested_identifier",
        NestedTypeIdentifier = "nested_type_identifier",
        NewExpression = "new_expression",
        NonNullExpression = "non_null_expression",
        Null = "null",
        Number = "number",
        Object = "object",
        ObjectAssignmentPattern = "object_assignment_pattern",
        ObjectPattern = "object_pattern",
        ObjectType = "object_type",
        OmittingTypeAnnotation = "omitting_type_annotation",
        OptingTypeAnnotation = "opting_type_annotation",
        OptionalChain = "optional_chain",
        OptionalParameter = "optional_parameter",
        OptionalType = "optional_type",
        OverrideModifier = "override_modifier",
        Pair = "pair",
        PairPattern = "pair_pattern",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PredefinedType = "predefined_type",
        PrivatePropertyIdentifier = "private_property_identifier",
        PropertyIdentifier = "property_identifier",
        PropertySignature = "property_signature",
        PublicFieldDefinition = "public_field_definition",
        Regex = "regex",
        RequiredParameter = "required_parameter",
        RestPattern = "rest_pattern",
        RestType = "rest_type",
        ReturnStatement = "return_statement",
        SatisfiesExpression = "satisfies_expression",
        SequenceExpression = "sequence_expression",
        ShorthandPropertyIdentifier = "shorthand_property_identifier",
        ShorthandPropertyIdentifierPattern = "shorthand_property_identifier_pattern",
        SpreadElement = "spread_element",
        StatementBlock = "statement_block",
        StatementIdentifier = "statement_identifier",
        String = "string",
        SubscriptExpression = "subscript_expression",
        Super = "super",
        SwitchCase = "switch_case",
        SwitchDefault = "switch_default",
        SwitchStatement = "switch_statement",
        TemplateLiteralType = "template_literal_type",
        TemplateString = "template_string",
        TemplateSubstitution = "template_substitution",
        TemplateType = "template_type",
        TernaryExpression = "ternary_expression",
        This = "this",
        ThisType = "this_type",
        ThrowStatement = "throw_statement",
        True = "true",
        TryStatement = "try_statement",
        TupleType = "tuple_type",
        TypeAliasDeclaration = "type_alias_declaration",
        TypeAnnotation = "type_annotation",
        TypeArguments = "type_arguments",
        TypeAssertion = "type_assertion",
        TypeIdentifier = "type_identifier",
        TypeParameters = "type_parameters",
        TypePredicate = "type_predicate",
        TypePredicateAnnotation = "type_predicate_annotation",
        TypeQuery = "type_query",
        UnaryExpression = "unary_expression",
        Undefined = "undefined",
        UnionType = "union_type",
        UpdateExpression = "update_expression",
        UsingDeclaration = "using_declaration",
        VariableDeclaration = "variable_declaration",
        VariableDeclarator = "variable_declarator",
        WhileStatement = "while_statement",
        WithStatement = "with_statement",
        YieldExpression = "yield_expression",
    }
    fields {
        alias = "alias",
        alternative = "alternative",
        argument = "argument",
        arguments = "arguments",
        attribute = "attribute",
        body = "body",
        condition = "condition",
        consequence = "consequence",
        constructor = "constructor",
        declaration = "declaration",
        finalizer = "finalizer",
        flags = "flags",
        function = "function",
        handler = "handler",
        increment = "increment",
        index = "index",
        initializer = "initializer",
        key = "key",
        kind = "kind",
        label = "label",
        left = "left",
        module = "module",
        name = "name",
        object = "object",
        open_tag = "open_tag",
        operator = "operator",
        optional_chain = "optional_chain",
        parameter = "parameter",
        parameters = "parameters",
        pattern = "pattern",
        property = "property",
        return_type = "return_type",
        right = "right",
        source = "source",
        type_ = "type",
        type_arguments = "type_arguments",
        type_parameters = "type_parameters",
        value = "value",
    }
}

static JAVASCRIPT_WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::JavaScript));
static TYPESCRIPT_WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::TypeScript));
static TSX_WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Tsx));

fn words(grammar: Grammar) -> &'static Vocabulary {
    match grammar {
        Grammar::TypeScript => &TYPESCRIPT_WORDS,
        Grammar::Tsx => &TSX_WORDS,
        _ => &JAVASCRIPT_WORDS,
    }
}

fn kind(node: Syntax<'_>) -> K {
    words(node.grammar()).kind(node)
}

/// The fields of the grammar that a node is of.
fn f(node: Syntax<'_>) -> F {
    words(node.grammar()).fields
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statement::statements(cx, root));
}

/// Whether a node is the `...` of a pattern where the grammar wants more than a name.
fn is_ellipsis(cx: &Cx<'_>, node: Syntax<'_>) -> bool {
    cx.is_pattern() && [reserved::DOTS, reserved::MANY].iter().any(|word| node.text().starts_with(word))
}

#[cfg(test)]
mod tests;
