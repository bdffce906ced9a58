//! Ruby.
//!
//! `a.b` without arguments is a member, `a.b(…)`, `a.b …` and `a.b {…}` are calls. A symbol that is a key is a name, so that
//! `:a => 1` and `a: 1` are the same: an argument by name in a call, an entry in a hash. `unless` and `until` are negations.

mod definition;
mod expression;
mod literal;
mod statement;

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "ruby",
    aliases: &["rb"],
    grammar: Grammar::Ruby,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "{", after: "}\n", what: FrameKind::Part },
            Frame { before: "x = {", after: "}\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")\n", what: FrameKind::Part },
            Frame { before: "", after: "\nend\n", what: FrameKind::Part },
            Frame { before: "begin\n", after: "\nend\n", what: FrameKind::Part },
            Frame { before: "case 0\n", after: "\nend\n", what: FrameKind::Part },
            Frame { before: "DOTS__ do ", after: " end\n", what: FrameKind::Part },
        ],
        // Parameters and other variables start with a small letter or a line below.
        metavariable: &["{}", "_{}"],
        ellipsis: &["DOTS__", "_DOTS__", "**DOTS__"],
        usual: &[],
        typed: "{type}({var})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Function, assignment_declares: true },
    features: &[
        Feature::BareCalls,
        Feature::CasesBind,
        Feature::MutableStrings,
        Feature::ReturnsLast,
        Feature::SharedGlobals,
        Feature::StrictStrings,
        Feature::TrailingBlocks,
    ],
};

vocabulary! {
    kinds {
        Alias = "alias",
        AlternativePattern = "alternative_pattern",
        ArgumentList = "argument_list",
        Array = "array",
        ArrayPattern = "array_pattern",
        AsPattern = "as_pattern",
        Assignment = "assignment",
        BareString = "bare_string",
        BareSymbol = "bare_symbol",
        Begin = "begin",
        BeginBlock = "begin_block",
        Binary = "binary",
        Block = "block",
        BlockArgument = "block_argument",
        BlockBody = "block_body",
        BlockParameter = "block_parameter",
        BlockParameters = "block_parameters",
        BodyStatement = "body_statement",
        Break = "break",
        Call = "call",
        Case = "case",
        CaseMatch = "case_match",
        ChainedString = "chained_string",
        Character = "character",
        Class = "class",
        ClassVariable = "class_variable",
        Complex = "complex",
        Conditional = "conditional",
        Constant = "constant",
        DelimitedSymbol = "delimited_symbol",
        DestructuredLeftAssignment = "destructured_left_assignment",
        DestructuredParameter = "destructured_parameter",
        Do = "do",
        DoBlock = "do_block",
        ElementReference = "element_reference",
        Else = "else",
        Elsif = "elsif",
        EmptyStatement = "empty_statement",
        EndBlock = "end_block",
        Ensure = "ensure",
        EscapeSequence = "escape_sequence",
        ExceptionVariable = "exception_variable",
        Exceptions = "exceptions",
        ExpressionReferencePattern = "expression_reference_pattern",
        False = "false",
        FindPattern = "find_pattern",
        Float = "float",
        For = "for",
        ForwardArgument = "forward_argument",
        ForwardParameter = "forward_parameter",
        GlobalVariable = "global_variable",
        Hash = "hash",
        HashKeySymbol = "hash_key_symbol",
        HashPattern = "hash_pattern",
        HashSplatArgument = "hash_splat_argument",
        HashSplatNil = "hash_splat_nil",
        HashSplatParameter = "hash_splat_parameter",
        HeredocBeginning = "heredoc_beginning",
        HeredocBody = "heredoc_body",
        HeredocContent = "heredoc_content",
        HeredocEnd = "heredoc_end",
        Identifier = "identifier",
        If = "if",
        IfGuard = "if_guard",
        IfModifier = "if_modifier",
        In = "in",
        InClause = "in_clause",
        InstanceVariable = "instance_variable",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordParameter = "keyword_parameter",
        KeywordPattern = "keyword_pattern",
        Lambda = "lambda",
        LambdaParameters = "lambda_parameters",
        LeftAssignmentList = "left_assignment_list",
        MatchPattern = "match_pattern",
        Method = "method",
        MethodParameters = "method_parameters",
        Module = "module",
        Next = "next",
        Nil = "nil",
        Operator = "operator",
        OperatorAssignment = "operator_assignment",
        OptionalParameter = "optional_parameter",
        Pair = "pair",
        ParenthesizedPattern = "parenthesized_pattern",
        ParenthesizedStatements = "parenthesized_statements",
        Pattern = "pattern",
        Range = "range",
        Rational = "rational",
        Redo = "redo",
        Regex = "regex",
        Rescue = "rescue",
        RescueModifier = "rescue_modifier",
        RestAssignment = "rest_assignment",
        Retry = "retry",
        Return = "return",
        RightAssignmentList = "right_assignment_list",
        ScopeResolution = "scope_resolution",
        Self_ = "self",
        Setter = "setter",
        SimpleSymbol = "simple_symbol",
        SingletonClass = "singleton_class",
        SingletonMethod = "singleton_method",
        SplatArgument = "splat_argument",
        SplatParameter = "splat_parameter",
        String = "string",
        StringArray = "string_array",
        StringContent = "string_content",
        Subshell = "subshell",
        Super = "super",
        Superclass = "superclass",
        SymbolArray = "symbol_array",
        TestPattern = "test_pattern",
        Then = "then",
        True = "true",
        Unary = "unary",
        Undef = "undef",
        Uninterpreted = "uninterpreted",
        Unless = "unless",
        UnlessGuard = "unless_guard",
        UnlessModifier = "unless_modifier",
        Until = "until",
        UntilModifier = "until_modifier",
        VariableReferencePattern = "variable_reference_pattern",
        When = "when",
        While = "while",
        WhileModifier = "while_modifier",
        Yield = "yield",
    }
    fields {
        alternative = "alternative",
        alternatives = "alternatives",
        arguments = "arguments",
        begin = "begin",
        block = "block",
        body = "body",
        class = "class",
        condition = "condition",
        consequence = "consequence",
        end = "end",
        exceptions = "exceptions",
        guard = "guard",
        handler = "handler",
        key = "key",
        left = "left",
        method = "method",
        name = "name",
        object = "object",
        operand = "operand",
        operator = "operator",
        parameters = "parameters",
        pattern = "pattern",
        receiver = "receiver",
        right = "right",
        scope = "scope",
        superclass = "superclass",
        value = "value",
        variable = "variable",
    }
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Ruby));

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
