//! Go.

mod definition;
mod expression;
mod statement;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "go",
    aliases: &["golang"],
    grammar: Grammar::Go,
    lower: Lowering::Tree(statement::file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "(", after: ")\n", what: FrameKind::Expression },
            // An element with a key would be a statement with a label.
            Frame { before: "DOTS__{", after: "}\n", what: FrameKind::Part },
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "", after: " { DOTS__ }\n", what: FrameKind::Statements },
            Frame { before: "", after: " struct { DOTS__ }\n", what: FrameKind::Statements },
            Frame { before: "type DOTS__ struct {\n", after: "\n}\n", what: FrameKind::Members },
            Frame { before: "type DOTS__ interface {\n", after: "\n}\n", what: FrameKind::Members },
            Frame { before: "if DOTS__ {} ", after: "\n", what: FrameKind::Part },
            Frame { before: "switch DOTS__ {\n", after: "\n}\n", what: FrameKind::Part },
            Frame { before: "select {\n", after: "\n}\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")\n", what: FrameKind::Part },
            Frame { before: "func DOTS__(", after: ") {}\n", what: FrameKind::Part },
            Frame { before: "var DOTS__ ", after: "\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__ DOTS__", "case DOTS__:", "DOTS__ \"DOTS__\""],
        usual: &[],
        typed: "{var}.({type})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[
        Feature::AddressTypes,
        Feature::CLike,
        Feature::ExplicitSelf,
        Feature::GroupedDeclarations,
        Feature::OneLoop,
        Feature::StrictStrings,
    ],
};

vocabulary! {
    grammar Go;
    kinds {
        ArgumentList = "argument_list",
        ArrayType = "array_type",
        AssignmentStatement = "assignment_statement",
        BinaryExpression = "binary_expression",
        BlankIdentifier = "blank_identifier",
        Block = "block",
        BreakStatement = "break_statement",
        CallExpression = "call_expression",
        ChannelType = "channel_type",
        CommunicationCase = "communication_case",
        CompositeLiteral = "composite_literal",
        ConstDeclaration = "const_declaration",
        ContinueStatement = "continue_statement",
        DecStatement = "dec_statement",
        DefaultCase = "default_case",
        DeferStatement = "defer_statement",
        Dot = "dot",
        EmptyStatement = "empty_statement",
        ExpressionCase = "expression_case",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        ExpressionSwitchStatement = "expression_switch_statement",
        FallthroughStatement = "fallthrough_statement",
        False = "false",
        FieldDeclaration = "field_declaration",
        FieldDeclarationList = "field_declaration_list",
        FieldIdentifier = "field_identifier",
        FloatLiteral = "float_literal",
        ForClause = "for_clause",
        ForStatement = "for_statement",
        FuncLiteral = "func_literal",
        FunctionDeclaration = "function_declaration",
        FunctionType = "function_type",
        GenericType = "generic_type",
        GoStatement = "go_statement",
        GotoStatement = "goto_statement",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImaginaryLiteral = "imaginary_literal",
        ImplicitLengthArrayType = "implicit_length_array_type",
        ImportDeclaration = "import_declaration",
        ImportSpec = "import_spec",
        ImportSpecList = "import_spec_list",
        IncStatement = "inc_statement",
        IndexExpression = "index_expression",
        IntLiteral = "int_literal",
        InterfaceType = "interface_type",
        InterpretedStringLiteral = "interpreted_string_literal",
        Iota = "iota",
        KeyedElement = "keyed_element",
        LabelName = "label_name",
        LabeledStatement = "labeled_statement",
        LiteralElement = "literal_element",
        LiteralValue = "literal_value",
        MapType = "map_type",
        MethodDeclaration = "method_declaration",
        MethodElem = "method_elem",
        NegatedType = "negated_type",
        Nil = "nil",
        PackageClause = "package_clause",
        PackageIdentifier = "package_identifier",
        ParameterDeclaration = "parameter_declaration",
        ParameterList = "parameter_list",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PointerType = "pointer_type",
        QualifiedType = "qualified_type",
        RangeClause = "range_clause",
        RawStringLiteral = "raw_string_literal",
        ReceiveStatement = "receive_statement",
        ReturnStatement = "return_statement",
        RuneLiteral = "rune_literal",
        SelectStatement = "select_statement",
        SelectorExpression = "selector_expression",
        SendStatement = "send_statement",
        ShortVarDeclaration = "short_var_declaration",
        SliceExpression = "slice_expression",
        SliceType = "slice_type",
        StatementList = "statement_list",
        StructType = "struct_type",
        True = "true",
        TypeAlias = "type_alias",
        TypeArguments = "type_arguments",
        TypeAssertionExpression = "type_assertion_expression",
        TypeCase = "type_case",
        TypeConstraint = "type_constraint",
        TypeConversionExpression = "type_conversion_expression",
        TypeDeclaration = "type_declaration",
        TypeElem = "type_elem",
        TypeIdentifier = "type_identifier",
        TypeInstantiationExpression = "type_instantiation_expression",
        TypeSpec = "type_spec",
        TypeSwitchStatement = "type_switch_statement",
        UnaryExpression = "unary_expression",
        VarDeclaration = "var_declaration",
        VarSpecList = "var_spec_list",
        VariadicArgument = "variadic_argument",
        VariadicParameterDeclaration = "variadic_parameter_declaration",
    }
    fields {
        alias = "alias",
        alternative = "alternative",
        arguments = "arguments",
        body = "body",
        capacity = "capacity",
        channel = "channel",
        communication = "communication",
        condition = "condition",
        consequence = "consequence",
        element = "element",
        end = "end",
        field = "field",
        function = "function",
        index = "index",
        initializer = "initializer",
        key = "key",
        label = "label",
        left = "left",
        length = "length",
        name = "name",
        operand = "operand",
        operator = "operator",
        package = "package",
        parameters = "parameters",
        path = "path",
        receiver = "receiver",
        result = "result",
        right = "right",
        start = "start",
        tag = "tag",
        type_ = "type",
        type_arguments = "type_arguments",
        type_parameters = "type_parameters",
        update = "update",
        value = "value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn calls_and_members() {
        check(
            "a.b(1, c...)[0][1:]",
            "(expr-stmt (index (index (call (dot:dot (name a) (name b)) (args (number:int 1) (spread:splat (name c)))) (number:int 0)) (slice (number:int 1) _ _)))",
        );
        check(
            "f[int, T](x)\nmake([]byte, 3)\nx.(*T).y()\n[]byte(x)",
            "
            (expr-stmt (call (type-args (name f) (name int) (name T)) (args (name x))))
            (expr-stmt (call (name make) (args (type-of:array (name byte)) (number:int 3))))
            (expr-stmt (call (dot:dot (cast (type-of:pointer (name T)) (name x)) (name y)) (args)))
            (expr-stmt (cast (type-of:array (name byte)) (name x)))",
        );
    }

    #[test]
    fn imports() {
        check(
            "package a\nimport \"b/c\"\nimport (\n\td \"e\"\n\t. \"f\"\n\t_ `g`\n)",
            r#"
            (package (name a))
            (import (str "b/c") _)
            (import (str e) (name d))
            (import:star (str f) _)
            (import (str g) (name _))"#,
        );
    }

    #[test]
    fn variables() {
        check(
            "a := 1\nb, c := f()\nd, e = e, d",
            "
            (var-def:let (attrs) (name a) _ (number:int 1))
            (var-def:let (attrs) (tuple (name b) (name c)) _ (call (name f) (args)))
            (expr-stmt (assign (tuple (name d) (name e)) (tuple (name e) (name d))))",
        );
        check(
            "var a, b int = 1, 2\nvar c, d = f()\nconst (\n\te = iota\n\tg\n)",
            "
            (var-def:var (attrs) (name a) (name int) (number:int 1))
            (var-def:var (attrs) (name b) (name int) (number:int 2))
            (var-def:var (attrs) (tuple (name c) (name d)) _ (call (name f) (args)))
            (var-def:const (attrs) (name e) _ (name iota))
            (var-def:const (attrs) (name g) _ _)",
        );
    }

    #[test]
    fn functions() {
        check(
            "func (t *T) f(a, b int, c ...string) (string, error) { return a, nil }",
            "(func-def (attrs) (name f) (params (param:receiver (attrs) (name t) (type-of:pointer (name T)) _) (param (attrs) (name a) (name int) _) (param (attrs) (name b) (name int) _) (param:splat (attrs) (name c) (name string) _)) (tuple (name string) (name error)) (block (return (tuple (name a) (null nil)))))",
        );
        check(
            "func f[K any](m map[K]p.V) (n int) { }",
            "(func-def (attrs (other type_parameter (name K) (name any))) (name f) (params (param (attrs) (name m) (type-args (name map) (name K) (dot:dot (name p) (name V))) _)) (tuple (param (attrs) (name n) (name int) _)) (block))",
        );
        check(
            "f := func(x <-chan int) bool { return true }",
            r#"(var-def:let (attrs) (name f) _ (lambda (params (param (attrs) (name x) (type-args (name "<-chan") (name int)) _)) (name bool) (block (return (bool true)))))"#,
        );
    }

    #[test]
    fn types() {
        check("type T struct {\n\t*B\n\ta, b int `c`\n}\ntype I interface {\n\tio.R\n\tf(int) error\n}\ntype A = interface{}", "
            (class-def:struct (attrs) (name T) _ (bases (type-of:pointer (name B))) (block (var-def (attrs (annotation (str c))) (name a) (name int) _) (var-def (attrs (annotation (str c))) (name b) (name int) _)))
            (class-def:interface (attrs) (name I) _ (bases (dot:dot (name io) (name R))) (block (func-def (attrs) (name f) (params (param (attrs) _ (name int) _)) (name error) _)))
            (other type_alias (attrs) (name A) (name any))");
    }

    #[test]
    fn composite_literals() {
        check(
            "p := &h.S{A: 1, B: []T{{2}, {c: 3}}}",
            "(var-def:let (attrs) (name p) _ (unary:address-of (new (dot:dot (name h) (name S)) (args (key-value (name A) (number:int 1)) (key-value (name B) (new (type-of:array (name T)) (args (list (number:int 2)) (dict (key-value (name c) (number:int 3)))) _))) _)))",
        );
    }

    #[test]
    fn initializers_stand_in_a_block_around_the_statement() {
        check(
            "if a := f(); a { } else if b { } else { }",
            "(block (var-def:let (attrs) (name a) _ (call (name f) (args))) (if (name a) (block) (if (name b) (block) (block))))",
        );
        check(
            "switch a := b.(type) { case int, T: c(); default: }",
            "(block (var-def:let (attrs) (name a) _ (name b)) (switch (unary:typeof (name a)) (case (name int) (name T) (block (expr-stmt (call (name c) (args))))) (case (block))))",
        );
    }

    #[test]
    fn loops_and_cases() {
        check("for i := 0; i < n; i++ { continue L }\nfor k, v := range m { }\nfor a { break }\nfor { }", "
            (for (var-def:let (attrs) (name i) _ (number:int 0)) (binary:< (name i) (name n)) (unary:++ (name i)) (block (continue (name L))))
            (for-each (var-def:let (attrs) (tuple (name k) (name v)) _ _) (name m) (block))
            (while (name a) (block (break _)))
            (for _ _ _ (block))");
        check(
            "switch { case a, b: fallthrough; default: c() }",
            "(switch _ (case (name a) (name b) (block (other fallthrough))) (case (block (expr-stmt (call (name c) (args))))))",
        );
        check(
            "select { case v := <-c: d(v); case e <- 1: }",
            "(switch _ (case (var-def:let (attrs) (name v) _ (unary:=> (name c))) (block (expr-stmt (call (name d) (args (name v)))))) (case (binary:=> (name e) (number:int 1)) (block)))",
        );
        check(
            "defer a.b()\ngo func() { }()",
            "
            (expr-stmt (unary:word defer (call (dot:dot (name a) (name b)) (args))))
            (expr-stmt (unary:word go (call (lambda (params) _ (block)) (args))))",
        );
    }

    #[test]
    fn literals_and_operators() {
        check(r#"x = "a\n" + `b"` + 'c'"#, r#"(expr-stmt (assign (name x) (binary:+ (binary:+ (str "a\\n") (str "b\"")) (char c))))"#);
        check(
            "x &^= 0o17 &^ ^y\nx <<= -0x1p2",
            "
            (expr-stmt (aug-assign:& (name x) (unary:~ (binary:& (number:int 15) (unary:~ (unary:~ (name y)))))))
            (expr-stmt (aug-assign:<< (name x) (unary:- (number:float 0x1p2))))",
        );
    }

    #[test]
    fn the_shapes_of_patterns_parse() {
        crate::pattern::testing::check_all(
            &LANGUAGE,
            &[
                "$X.$F(..., $Y, $...Z)",
                "func $F(..., $R *http.Request, ...) { ... }",
                "func $F(...)",
                "func ($R $T) $M(...) (..., error) { ... }",
                "func(...) { ... }",
                "$X, err := $F(...)\n...\n$X.$M()",
                "... = $F(...)",
                "var $X $T = ...",
                "const $X = \"...\"",
                "&http.Server{..., Addr: $A, ...}",
                "$T{\n  ...,\n  $K: true,\n}",
                "Addr: $A",
                "[]string{\"...\", ...}",
                "import \"crypto/md5\"",
                "import $X \"crypto/md5\"",
                "import (\n  ...\n  \"$X\"\n)\n...",
                "package $P\n...\nfunc $F(...) { ... }",
                "($R : *http.Request).FormValue(...)",
                "($X: bool)",
                "if $E != nil { ... }",
                "if ..., $E := $F(); $E != nil { ... } else { ... }",
                "else { ... }",
                "for _, $V := range $S { ... }",
                "for ... { ... }",
                "switch $X {\n  ...\ncase $Y:\n  ...\n}",
                "select { case ...: ... }",
                "case $X: ...",
                "type $T struct {\n  ...\n  $F $U\n  ...\n}",
                "type $T interface { ... }",
                "go $F(...)",
                "defer $X.Close()",
                "$X. ... .F(...)",
                "f(<... $X ...>)",
                "return ..., $E",
                "*$X.Y",
            ],
        );
    }

    #[test]
    fn dots_are_no_names() {
        let sexp = |pattern: &str| crate::pattern::testing::sexp(&LANGUAGE, pattern);
        assert_eq!(
            sexp("func f(..., $X T, ...) { }"),
            "(func-def (attrs) (name f) (params (ellipsis) (param (attrs) (metavar $X) (name T) _) (ellipsis)) _ (block))"
        );
        assert_eq!(sexp("import (\n...\n\"a\"\n)"), "(ellipsis) (import (str a) _)");
        assert_eq!(sexp("switch x {\n...\ncase 1:\n}"), "(switch (name x) (ellipsis) (case (number:int 1) (block)))");
    }

    #[test]
    fn brackets_that_vanish_may_nest() {
        let n = 50_000;
        check(&format!("x = {}1{}", "(".repeat(n), ")".repeat(n)), "(expr-stmt (assign (name x) (number:int 1)))");
    }
}
