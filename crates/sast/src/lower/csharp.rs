//! C#.

mod definition;
mod expression;
mod literal;
mod matching;
mod statement;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    context::reserved,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "csharp",
    aliases: &["c#", "C#"],
    grammar: Grammar::CSharp,
    lower: Lowering::Tree(statement::file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "DOTS__ = (", after: ");", what: FrameKind::Expression },
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "try {} ", after: "", what: FrameKind::Part },
            Frame { before: "if (DOTS__) {} ", after: "", what: FrameKind::Part },
            Frame { before: "", after: " class DOTS__ {}", what: FrameKind::Part },
            Frame { before: "class DOTS__ {", after: "\n}", what: FrameKind::Members },
            // A header without its body: of a function, a class, a loop.
            Frame { before: "", after: "{ DOTS__ DOTS__; }", what: FrameKind::Statements },
            Frame { before: "class DOTS__ {", after: "{ DOTS__ DOTS__; } }", what: FrameKind::Members },
            // A statement without its end.
            Frame { before: "", after: ";", what: FrameKind::Statements },
            Frame { before: "switch (DOTS__) {", after: "}", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ");", what: FrameKind::Part },
            Frame { before: "void DOTS__(", after: ") {}", what: FrameKind::Part },
            Frame { before: "", after: " DOTS__;", what: FrameKind::Part },
            Frame { before: "", after: " finally {}", what: FrameKind::Statements },
        ],
        // A name alone is no statement; `goto case` is one that nothing else looks like.
        metavariable: &["{}", "goto case {}", "goto case {};"],
        ellipsis: &["DOTS__", "goto case DOTS__;", "DOTS__ DOTS__;", "DOTS__; DOTS__; DOTS__", "DOTS__ DOTS__ in DOTS__", "case DOTS__:"],
        // Something that may also be assigned to.
        usual: &[(Place::Statement, "DOTS__ DOTS__;"), (Place::Header, "DOTS__; DOTS__; DOTS__")],
        typed: "(({type}) {var})[TYPED__]",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::CasesDeclare, Feature::CLike, Feature::Pointers],
};

vocabulary! {
    grammar CSharp;
    kinds {
        AccessorDeclaration = "accessor_declaration",
        AccessorList = "accessor_list",
        AliasQualifiedName = "alias_qualified_name",
        AndPattern = "and_pattern",
        AnonymousMethodExpression = "anonymous_method_expression",
        AnonymousObjectCreationExpression = "anonymous_object_creation_expression",
        Argument = "argument",
        ArgumentList = "argument_list",
        ArrayCreationExpression = "array_creation_expression",
        ArrayRankSpecifier = "array_rank_specifier",
        ArrayType = "array_type",
        ArrowExpressionClause = "arrow_expression_clause",
        AsExpression = "as_expression",
        AssignmentExpression = "assignment_expression",
        Attribute = "attribute",
        AttributeArgument = "attribute_argument",
        AttributeArgumentList = "attribute_argument_list",
        AttributeList = "attribute_list",
        AwaitExpression = "await_expression",
        BaseList = "base_list",
        BinaryExpression = "binary_expression",
        Block = "block",
        BooleanLiteral = "boolean_literal",
        BracketedArgumentList = "bracketed_argument_list",
        BracketedParameterList = "bracketed_parameter_list",
        BreakStatement = "break_statement",
        CastExpression = "cast_expression",
        CatchClause = "catch_clause",
        CatchDeclaration = "catch_declaration",
        CatchFilterClause = "catch_filter_clause",
        CharacterLiteral = "character_literal",
        CheckedExpression = "checked_expression",
        CheckedStatement = "checked_statement",
        ClassDeclaration = "class_declaration",
        CollectionElement = "collection_element",
        CollectionExpression = "collection_expression",
        ConditionalAccessExpression = "conditional_access_expression",
        ConditionalExpression = "conditional_expression",
        ConstantPattern = "constant_pattern",
        ConstructorDeclaration = "constructor_declaration",
        ConstructorInitializer = "constructor_initializer",
        ContinueStatement = "continue_statement",
        ConversionOperatorDeclaration = "conversion_operator_declaration",
        DeclarationExpression = "declaration_expression",
        DeclarationList = "declaration_list",
        DeclarationPattern = "declaration_pattern",
        DefaultExpression = "default_expression",
        DelegateDeclaration = "delegate_declaration",
        DestructorDeclaration = "destructor_declaration",
        Discard = "discard",
        DoStatement = "do_statement",
        ElementAccessExpression = "element_access_expression",
        ElementBindingExpression = "element_binding_expression",
        EmptyStatement = "empty_statement",
        EnumDeclaration = "enum_declaration",
        EnumMemberDeclaration = "enum_member_declaration",
        EnumMemberDeclarationList = "enum_member_declaration_list",
        EventDeclaration = "event_declaration",
        EventFieldDeclaration = "event_field_declaration",
        ExplicitInterfaceSpecifier = "explicit_interface_specifier",
        ExpressionElement = "expression_element",
        ExpressionStatement = "expression_statement",
        FieldDeclaration = "field_declaration",
        FileScopedNamespaceDeclaration = "file_scoped_namespace_declaration",
        FinallyClause = "finally_clause",
        FixedStatement = "fixed_statement",
        ForStatement = "for_statement",
        ForeachStatement = "foreach_statement",
        FromClause = "from_clause",
        GenericName = "generic_name",
        GlobalStatement = "global_statement",
        GotoStatement = "goto_statement",
        GroupClause = "group_clause",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImplicitArrayCreationExpression = "implicit_array_creation_expression",
        ImplicitObjectCreationExpression = "implicit_object_creation_expression",
        ImplicitParameter = "implicit_parameter",
        ImplicitStackallocExpression = "implicit_stackalloc_expression",
        ImplicitType = "implicit_type",
        IndexerDeclaration = "indexer_declaration",
        InitializerExpression = "initializer_expression",
        IntegerLiteral = "integer_literal",
        InterfaceDeclaration = "interface_declaration",
        InterpolatedStringExpression = "interpolated_string_expression",
        Interpolation = "interpolation",
        InvocationExpression = "invocation_expression",
        IsExpression = "is_expression",
        IsPatternExpression = "is_pattern_expression",
        JoinClause = "join_clause",
        LabeledStatement = "labeled_statement",
        LambdaExpression = "lambda_expression",
        LetClause = "let_clause",
        ListPattern = "list_pattern",
        LocalDeclarationStatement = "local_declaration_statement",
        LocalFunctionStatement = "local_function_statement",
        LockStatement = "lock_statement",
        MemberAccessExpression = "member_access_expression",
        MemberBindingExpression = "member_binding_expression",
        MethodDeclaration = "method_declaration",
        Modifier = "modifier",
        NamespaceDeclaration = "namespace_declaration",
        NegatedPattern = "negated_pattern",
        NullLiteral = "null_literal",
        NullableType = "nullable_type",
        ObjectCreationExpression = "object_creation_expression",
        OperatorDeclaration = "operator_declaration",
        OrPattern = "or_pattern",
        Parameter = "parameter",
        ParameterList = "parameter_list",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedPattern = "parenthesized_pattern",
        ParenthesizedVariableDesignation = "parenthesized_variable_designation",
        PointerType = "pointer_type",
        PositionalPatternClause = "positional_pattern_clause",
        PostfixUnaryExpression = "postfix_unary_expression",
        PredefinedType = "predefined_type",
        PrefixUnaryExpression = "prefix_unary_expression",
        PreprocElif = "preproc_elif",
        PreprocElse = "preproc_else",
        PreprocIf = "preproc_if",
        PrimaryConstructorBaseType = "primary_constructor_base_type",
        PropertyDeclaration = "property_declaration",
        PropertyPatternClause = "property_pattern_clause",
        QualifiedName = "qualified_name",
        QueryExpression = "query_expression",
        RangeExpression = "range_expression",
        RawStringContent = "raw_string_content",
        RawStringLiteral = "raw_string_literal",
        RealLiteral = "real_literal",
        RecordDeclaration = "record_declaration",
        RecursivePattern = "recursive_pattern",
        RefExpression = "ref_expression",
        RefType = "ref_type",
        RelationalPattern = "relational_pattern",
        ReturnStatement = "return_statement",
        ScopedType = "scoped_type",
        SelectClause = "select_clause",
        ShebangDirective = "shebang_directive",
        SizeofExpression = "sizeof_expression",
        SpreadElement = "spread_element",
        StackallocExpression = "stackalloc_expression",
        StringLiteral = "string_literal",
        StringLiteralEncoding = "string_literal_encoding",
        StructDeclaration = "struct_declaration",
        Subpattern = "subpattern",
        SwitchExpression = "switch_expression",
        SwitchExpressionArm = "switch_expression_arm",
        SwitchSection = "switch_section",
        SwitchStatement = "switch_statement",
        ThrowExpression = "throw_expression",
        ThrowStatement = "throw_statement",
        TryStatement = "try_statement",
        TupleElement = "tuple_element",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        TupleType = "tuple_type",
        TypeArgumentList = "type_argument_list",
        TypeParameter = "type_parameter",
        TypeParameterConstraintsClause = "type_parameter_constraints_clause",
        TypeParameterList = "type_parameter_list",
        TypePattern = "type_pattern",
        TypeofExpression = "typeof_expression",
        UnsafeStatement = "unsafe_statement",
        UsingDirective = "using_directive",
        UsingStatement = "using_statement",
        VarPattern = "var_pattern",
        VariableDeclaration = "variable_declaration",
        VariableDeclarator = "variable_declarator",
        VerbatimStringLiteral = "verbatim_string_literal",
        WhenClause = "when_clause",
        WhereClause = "where_clause",
        WhileStatement = "while_statement",
        WithInitializer = "with_initializer",
        YieldStatement = "yield_statement",
    }
    fields {
        accessors = "accessors",
        alias = "alias",
        alternative = "alternative",
        arguments = "arguments",
        body = "body",
        condition = "condition",
        consequence = "consequence",
        expression = "expression",
        function = "function",
        initializer = "initializer",
        left = "left",
        name = "name",
        operator = "operator",
        parameters = "parameters",
        pattern = "pattern",
        qualifier = "qualifier",
        rank = "rank",
        returns = "returns",
        right = "right",
        subscript = "subscript",
        type_ = "type",
        update = "update",
        value = "value",
    }
}

/// The children that mean something: `this` and `base` are mere tokens in the grammar.
fn parts<'a>(node: Syntax<'a>) -> impl Iterator<Item = Syntax<'a>> + Clone {
    node.all_children().filter(|child| child.is_named() || matches!(child.text(), "this" | "base"))
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
            "y = a.B(1, x: 2, ref c)[0];",
            "(expr-stmt (assign (name y) (index (call (dot:dot (name a) (name B)) (args (number:int 1) (kw-arg (name x) (number:int 2)) (unary:address-of (name c)))) (number:int 0))))",
        );
        check("a?.B?[0]?.C(); d!.E<int>(out var f); p->q();", "
            (expr-stmt (call (dot:optional (index:optional (dot:optional (name a) (name B)) (number:int 0)) (name C)) (args)))
            (expr-stmt (call (type-args (dot:dot (unary:non-null (name d)) (name E)) (name int)) (args (unary:address-of (var-def:var (attrs) (name f) (name var) _)))))
            (expr-stmt (call (dot:arrow (name p) (name q)) (args)))");
        check(
            "global::A.b = this.c + base.d;",
            "(expr-stmt (assign (dot:dot (dot:scope (name global) (name A)) (name b)) (binary:+ (dot:dot (name this) (name c)) (dot:dot (name base) (name d)))))",
        );
    }

    #[test]
    fn new_objects() {
        check(
            r#"x = new A(1) { B = 2, ["c"] = 3 };"#,
            "(expr-stmt (assign (name x) (new (name A) (args (number:int 1)) (list (assign (name B) (number:int 2)) (key-value (str c) (number:int 3))))))",
        );
        check(
            r#"x = new List<int> { 1, 2 }; y = new int[3]; z = new string[] { "a" }; w = new[] { 1 };"#,
            "
            (expr-stmt (assign (name x) (new (type-args (name List) (name int)) (args) (list (number:int 1) (number:int 2)))))
            (expr-stmt (assign (name y) (new (type-of:array (name int)) (args (number:int 3)) _)))
            (expr-stmt (assign (name z) (new (type-of:array (name string)) (args (list (str a))) _)))
            (expr-stmt (assign (name w) (list (number:int 1))))",
        );
        check(
            "x = new { A = 1, b.C }; D e = new(1);",
            "
            (expr-stmt (assign (name x) (dict (key-value (name A) (number:int 1)) (dot:dot (name b) (name C)))))
            (var-def (attrs) (name e) (name D) (new _ (args (number:int 1)) _))",
        );
    }

    #[test]
    fn imports() {
        check(
            "using A.B;\nusing static A.C;\nusing D = A.E;\nnamespace F;",
            "
            (import:star (dot:dot (name A) (name B)) _)
            (import:star (dot:dot (name A) (name C)) _)
            (import (dot:dot (name A) (name E)) (name D))
            (package (name F))",
        );
        check("namespace A.B { using C; }", "(namespace (dot:dot (name A) (name B)) (block (import:star (name C) _)))");
    }

    #[test]
    fn classes() {
        check(
            "[A, B(1, C = 2)] public class X<T> : Y, Z<T> where T : U, new() { }",
            "(class-def:class (attrs (annotation (name A)) (annotation (call (name B) (args (number:int 1) (kw-arg (name C) (number:int 2))))) (modifier public) (other type_parameter (name T)) (other where (modifier where) (name T) (name U) (other constructor_constraint (modifier new)))) (name X) _ (bases (name Y) (type-args (name Z) (name T))) (block))",
        );
        check("record P(int X, string Y) : Q(X); struct S { } interface I { void M(); } enum E : byte { A = 1, B }", "
            (class-def:class (attrs (modifier record)) (name P) (params (param (attrs) (name X) (name int) _) (param (attrs) (name Y) (name string) _)) (bases (call (name Q) (args (name X)))) _)
            (class-def:struct (attrs) (name S) _ (bases) (block))
            (class-def:interface (attrs) (name I) _ (bases) (block (func-def (attrs) (name M) (params) (name void) _)))
            (class-def:enum (attrs) (name E) _ (bases (name byte)) (block (var-def:const (attrs) (name A) _ (number:int 1)) (var-def:const (attrs) (name B) _ _)))");
        check(
            "delegate int D(params string[] x);",
            "(func-def (attrs (modifier delegate)) (name D) (params (param:splat (attrs) (name x) (type-of:array (name string)) _)) (name int) _)",
        );
    }

    #[test]
    fn members() {
        check(
            "class A { A(int x) : base(x) { } ~A() { } const int b = 1, c = 2; event D e; }",
            r#"(class-def:class (attrs) (name A) _ (bases) (block (func-def:constructor (attrs) (name A) (params (param (attrs) (name x) (name int) _)) _ (block (expr-stmt (call (name base) (args (name x)))))) (func-def (attrs) (name "~A") (params) _ (block)) (var-def:const (attrs (modifier const)) (name b) (name int) (number:int 1)) (var-def:const (attrs (modifier const)) (name c) (name int) (number:int 2)) (var-def (attrs (modifier event)) (name e) (name D) _)))"#,
        );
        check(
            "class A { public int B { get; set; } = 1; int C => 2; int D { get { return d; } set => d = value; } }",
            "(class-def:class (attrs) (name A) _ (bases) (block (var-def (attrs (modifier public)) (name B) (name int) (number:int 1)) (var-def (attrs) (name C) (name int) _) (func-def:getter (attrs) (name C) (params) (name int) (block (return (number:int 2)))) (var-def (attrs) (name D) (name int) _) (func-def:getter (attrs) (name D) (params) (name int) (block (return (name d)))) (func-def:setter (attrs) (name D) (params (param (attrs) (name value) _ _)) _ (block (expr-stmt (assign (name d) (name value)))))))",
        );
        check(
            "class A { int this[int i] { get => a[i]; } static A operator +(A a, A b) => a; void I.M() { } }",
            r#"(class-def:class (attrs) (name A) _ (bases) (block (func-def:getter (attrs) (name this) (params (param (attrs) (name i) (name int) _)) (name int) (block (return (index (name a) (name i))))) (func-def (attrs (modifier static)) (name "+") (params (param (attrs) (name a) (name A) _) (param (attrs) (name b) (name A) _)) (name A) (block (return (name a)))) (func-def (attrs (other interface (name I))) (name M) (params) (name void) (block))))"#,
        );
    }

    #[test]
    fn functions() {
        check(
            "[A] async Task<int> f<T>([B] string a, int b = 1) where T : C { return b; }",
            "(func-def (attrs (annotation (name A)) (modifier async) (other type_parameter (name T)) (other where (modifier where) (name T) (name C))) (name f) (params (param (attrs (annotation (name B))) (name a) (name string) _) (param (attrs) (name b) (name int) (number:int 1))) (type-args (name Task) (name int)) (block (return (name b))))",
        );
        check("void f(int x) => g(x); int h() => 1;", "
            (func-def (attrs) (name f) (params (param (attrs) (name x) (name int) _)) (name void) (block (expr-stmt (call (name g) (args (name x))))))
            (func-def (attrs) (name h) (params) (name int) (block (return (number:int 1))))");
    }

    #[test]
    fn loops_and_branches() {
        check(
            "if (a) b(); else if (c) { } else d();",
            "(if (name a) (block (expr-stmt (call (name b) (args)))) (if (name c) (block) (block (expr-stmt (call (name d) (args))))))",
        );
        check("for (int i = 0, j = 1; i < n; i++, j--) ; foreach (var (k, v) in m) { continue; }", "
            (for (tuple (var-def (attrs) (name i) (name int) (number:int 0)) (var-def (attrs) (name j) (name int) (number:int 1))) (binary:< (name i) (name n)) (tuple (unary:++ (name i)) (unary:-- (name j))) (block))
            (for-each (var-def:var (attrs) (tuple (name k) (name v)) (name var) _) (name m) (block (continue _)))");
        check(
            "do { break; } while (a); while (b) { goto c; }",
            "
            (do-while (block (break _)) (name a))
            (while (name b) (block (goto (name c))))",
        );
        check(
            "switch (a) { case 1: case 2: b(); break; case int n when n > 1: return; default: c(); break; }",
            "(switch (name a) (case (number:int 1) (number:int 2) (block (expr-stmt (call (name b) (args))) (break _))) (case (var-def (attrs) (name n) (name int) _) (comp-if (binary:> (name n) (number:int 1))) (block (return _))) (case (block (expr-stmt (call (name c) (args))) (break _))))",
        );
        check(
            r#"x = a switch { "b" => 1, C { D: > 2 } => 3, _ => throw e };"#,
            "(expr-stmt (assign (name x) (switch (name a) (case (str b) (block (expr-stmt (number:int 1)))) (case (call (name C) (args (kw-arg (name D) (unary:> (number:int 2))))) (block (expr-stmt (number:int 3)))) (case (block (expr-stmt (throw (name e) _)))))))",
        );
    }

    #[test]
    fn exceptions() {
        check(
            "try { a(); } catch (E e) when (e.F) { throw; } catch { } finally { b(); }",
            "(try (block (expr-stmt (call (name a) (args)))) (catch (name E) (name e) (block (throw _ _)) (comp-if (dot:dot (name e) (name F)))) (catch _ _ (block)) _ (finally (block (expr-stmt (call (name b) (args))))))",
        );
        check(
            "using (var a = b()) { c(); } using var d = e(); lock (f) { g(); }",
            "
            (with (var-def:var (attrs) (name a) (name var) (call (name b) (args))) (block (expr-stmt (call (name c) (args)))))
            (var-def:var (attrs (modifier using)) (name d) (name var) (call (name e) (args)))
            (other lock_statement (name f) (block (expr-stmt (call (name g) (args)))))",
        );
    }

    #[test]
    fn strings() {
        check(
            r#"x = "a\n" + @"b""c" + 'd' + """e "f" """;"#,
            r#"(expr-stmt (assign (name x) (binary:+ (binary:+ (binary:+ (str "a\\n") (str "b\"\"c")) (char d)) (str "e \"f\" "))))"#,
        );
        check(
            r#"x = $"a{b}c{d:x2}"; y = $"e";"#,
            "
            (expr-stmt (assign (name x) (interp (str a) (name b) (str c) (name d))))
            (expr-stmt (assign (name y) (str e)))",
        );
    }

    #[test]
    fn operators() {
        check(
            "a = (b && !c) ? d >>> 0x1F : e ?? 1.5m;",
            "(expr-stmt (assign (name a) (ternary (binary:&& (name b) (unary:! (name c))) (binary:>>> (name d) (number:int 31)) (binary:?? (name e) (number:float 1.5)))))",
        );
        check(
            "a ??= b; a <<= ~c; a = b..^1;",
            "
            (expr-stmt (aug-assign:?? (name a) (name b)))
            (expr-stmt (aug-assign:<< (name a) (unary:~ (name c))))
            (expr-stmt (assign (name a) (binary:.. (name b) (unary:^ (number:int 1)))))",
        );
        check(
            "a = (int)b as C; d = typeof(E); f = default(G);",
            "
            (expr-stmt (assign (name a) (cast (name C) (cast (name int) (name b)))))
            (expr-stmt (assign (name d) (unary:typeof (name E))))
            (expr-stmt (assign (name f) (call (name default) (args (name G)))))",
        );
    }

    #[test]
    fn tests_of_types() {
        check("x = a is B; x = a is B b; x = a is not null && c is not D d;", "
            (expr-stmt (assign (name x) (type-test (name a) (name B))))
            (expr-stmt (assign (name x) (type-test (name a) (name B) (var-def (attrs) (name b) (name B) _))))
            (expr-stmt (assign (name x) (binary:&& (binary:!= (name a) (null null)) (unary:! (type-test (name c) (name D) (var-def (attrs) (name d) (name D) _))))))");
        check(
            "x = a is E { F: 1, G.H: var h };",
            "(expr-stmt (assign (name x) (type-test (name a) (call (name E) (args (kw-arg (name F) (number:int 1)) (kw-arg (dot:dot (name G) (name H)) (var-def:var (attrs) (name h) (name var) _)))))))",
        );
    }

    #[test]
    fn lambdas() {
        check("a = b => c; a = async (int d, e) => { return; }; a = delegate (int f) { };", "
            (expr-stmt (assign (name a) (lambda (params (param (attrs) (name b) _ _)) _ (name c))))
            (expr-stmt (assign (name a) (lambda:async (params (param (attrs) (name d) (name int) _) (param (attrs) (name e) _ _)) _ (block (return _)))))
            (expr-stmt (assign (name a) (lambda (params (param (attrs) (name f) (name int) _)) _ (block))))");
    }

    #[test]
    fn queries() {
        check(
            "x = from a in b where a.C join d in e on a.F equals d.F select new { a };",
            "(expr-stmt (assign (name x) (comprehension:generator (dict (name a)) (comp-for (name a) (name b)) (comp-if (dot:dot (name a) (name C))) (comp-for (name d) (name e)) (comp-if (binary:== (dot:dot (name a) (name F)) (dot:dot (name d) (name F)))))))",
        );
    }

    #[test]
    fn both_branches_of_a_directive() {
        check(
            "#if A\na();\n#else\nb();\n#endif\n#region C\nc();\n#endregion\n",
            "
            (expr-stmt (call (name a) (args)))
            (expr-stmt (call (name b) (args)))
            (expr-stmt (call (name c) (args)))",
        );
    }

    #[test]
    fn the_shapes_of_patterns_parse() {
        crate::pattern::testing::check_all(
            &LANGUAGE,
            &[
                "$X.$F(..., $Y, $...Z)",
                "$X.$F<$T>(...);",
                "new $C(...)",
                "new $C { ..., $F = $V }",
                "new $C {...}",
                "(StringBuilder $B).Append((string $X))",
                "($T $X).Key = $V;",
                "$T $X = ...;\n...",
                "var $X = $Y",
                "$S;\n...",
                "[$A(...)]\npublic class $C : $D {\n  ...\n}",
                "public async $T<$U> $M(..., [$A(...)] $V $P, ...) { ... }",
                "public $T $M(...)",
                "$T $M($P) {\n...\n... $F($P);\n}",
                "class $C : $D, $I {\n  ...\n  $T $F = ...;\n  ...\n  $R $M(...) {\n    ...\n  }\n}",
                "class $C : $D",
                "public $T $P { get; set; }",
                "using $N;\n...",
                "namespace $N {\n  ...\n}",
                "if (...) { $S } else { ... }",
                "for (...) { ... }",
                "foreach ($T $X in $Y) { ... }",
                "foreach (...) { ... }",
                "while ($X) ...",
                "using ($T $X = ...) { ... }",
                "switch ($X) {\n  ...\n  case $Y:\n    ...\n}",
                "try { ... } catch ($E $X) { ... } finally { ... }",
                "catch (...) { ... }",
                "finally { ... }",
                "else { ... }",
                "async (...) => { ... }",
                "$X => $Y",
                "$X.a(). ... .b(...)",
                "f(<... $X ...>, x: $Y)",
                "return $X",
                "throw ...;",
                "enum $E { ..., $C, ... }",
                "$X as $T",
                "$X is $T",
                "string[]",
            ],
        );
    }

    #[test]
    fn dots_in_strings_with_expressions_and_in_initializers() {
        let sexp = |pattern: &str| crate::pattern::testing::sexp(&LANGUAGE, pattern);
        assert_eq!(sexp("f($\"...\");"), "(expr-stmt (call (name f) (args (interp (any-str)))))");
        assert_eq!(sexp("x = new A {...};"), "(expr-stmt (assign (name x) (new (name A) (args) (ellipsis))))");
    }

    #[test]
    fn what_vanishes_may_nest() {
        let n = 50_000;
        check(&format!("x = {}1{};", "(".repeat(n), ")".repeat(n)), "(expr-stmt (assign (name x) (number:int 1)))");
        check(&format!("{}f();\n{}", "#if A\n".repeat(n), "#endif\n".repeat(n)), "(expr-stmt (call (name f) (args)))");
    }
}
