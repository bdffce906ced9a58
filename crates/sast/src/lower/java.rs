//! Java.

mod definition;
mod expression;
mod statement;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "java",
    aliases: &[],
    grammar: Grammar::Java,
    lower: Lowering::Tree(statement::file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "(", after: ");", what: FrameKind::Expression },
            Frame { before: "", after: "", what: FrameKind::Statements },
            // Words such as `catch` would be names of methods in a class.
            Frame { before: "try {} ", after: "", what: FrameKind::Part },
            Frame { before: "", after: " finally {}", what: FrameKind::Statements },
            Frame { before: "if (DOTS__) {} ", after: "", what: FrameKind::Part },
            Frame { before: "", after: " class DOTS__ {}", what: FrameKind::Part },
            Frame { before: "class DOTS__ {", after: "\n}", what: FrameKind::Members },
            // A header without its body: of a function, a class, a loop.
            Frame { before: "", after: "{ DOTS__ DOTS__; }", what: FrameKind::Statements },
            Frame { before: "class DOTS__ {", after: "{ DOTS__ DOTS__; } }", what: FrameKind::Members },
            // A statement without its end.
            Frame { before: "", after: ";", what: FrameKind::Statements },
            Frame { before: "switch (DOTS__) {", after: "}", what: FrameKind::Part },
            // `super(…)` is called by constructors alone.
            Frame { before: "class DOTS__ { DOTS__() {", after: "; } }", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ");", what: FrameKind::Part },
            Frame { before: "@DOTS__(", after: ") class DOTS__ {}", what: FrameKind::Part },
            Frame { before: "void DOTS__(", after: ") {}", what: FrameKind::Part },
            Frame { before: "", after: " DOTS__;", what: FrameKind::Part },
        ],
        metavariable: &["{}", "DOTS__ {}", "{};"],
        ellipsis: &["DOTS__", "DOTS__;", "DOTS__ DOTS__;", "DOTS__ DOTS__", "DOTS__ = DOTS__", "DOTS__; DOTS__; DOTS__", "case DOTS__:"],
        // Something that may also be assigned to; see `expression::element`.
        usual: &[
            (Place::Statement, "DOTS__ DOTS__;"),
            (Place::Parameter, "DOTS__ DOTS__"),
            (Place::Parameter, "DOTS__ {}"),
            (Place::Header, "DOTS__; DOTS__; DOTS__"),
        ],
        typed: "(({type}) {var})[TYPED__]",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::BoxedTypes, Feature::CasesDeclare, Feature::CLike, Feature::FallsThrough],
};

vocabulary! {
    grammar Java;
    kinds {
        AnnotatedType = "annotated_type",
        Annotation = "annotation",
        AnnotationArgumentList = "annotation_argument_list",
        AnnotationTypeBody = "annotation_type_body",
        AnnotationTypeDeclaration = "annotation_type_declaration",
        AnnotationTypeElementDeclaration = "annotation_type_element_declaration",
        ArgumentList = "argument_list",
        ArrayAccess = "array_access",
        ArrayCreationExpression = "array_creation_expression",
        ArrayInitializer = "array_initializer",
        ArrayType = "array_type",
        AssertStatement = "assert_statement",
        AssignmentExpression = "assignment_expression",
        Asterisk = "asterisk",
        BinaryExpression = "binary_expression",
        BinaryIntegerLiteral = "binary_integer_literal",
        Block = "block",
        BooleanType = "boolean_type",
        BreakStatement = "break_statement",
        CastExpression = "cast_expression",
        CatchClause = "catch_clause",
        CatchFormalParameter = "catch_formal_parameter",
        CatchType = "catch_type",
        CharacterLiteral = "character_literal",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassLiteral = "class_literal",
        CompactConstructorDeclaration = "compact_constructor_declaration",
        ConstantDeclaration = "constant_declaration",
        ConstructorBody = "constructor_body",
        ConstructorDeclaration = "constructor_declaration",
        ContinueStatement = "continue_statement",
        DecimalFloatingPointLiteral = "decimal_floating_point_literal",
        DecimalIntegerLiteral = "decimal_integer_literal",
        Dimensions = "dimensions",
        DimensionsExpr = "dimensions_expr",
        DoStatement = "do_statement",
        ElementValueArrayInitializer = "element_value_array_initializer",
        ElementValuePair = "element_value_pair",
        EnhancedForStatement = "enhanced_for_statement",
        EnumBody = "enum_body",
        EnumBodyDeclarations = "enum_body_declarations",
        EnumConstant = "enum_constant",
        EnumDeclaration = "enum_declaration",
        ExplicitConstructorInvocation = "explicit_constructor_invocation",
        ExpressionStatement = "expression_statement",
        ExtendsInterfaces = "extends_interfaces",
        False = "false",
        FieldAccess = "field_access",
        FieldDeclaration = "field_declaration",
        FinallyClause = "finally_clause",
        FloatingPointType = "floating_point_type",
        ForStatement = "for_statement",
        FormalParameter = "formal_parameter",
        FormalParameters = "formal_parameters",
        GenericType = "generic_type",
        Guard = "guard",
        HexFloatingPointLiteral = "hex_floating_point_literal",
        HexIntegerLiteral = "hex_integer_literal",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImportDeclaration = "import_declaration",
        InferredParameters = "inferred_parameters",
        InstanceofExpression = "instanceof_expression",
        IntegralType = "integral_type",
        InterfaceBody = "interface_body",
        InterfaceDeclaration = "interface_declaration",
        LabeledStatement = "labeled_statement",
        LambdaExpression = "lambda_expression",
        LocalVariableDeclaration = "local_variable_declaration",
        MarkerAnnotation = "marker_annotation",
        MethodDeclaration = "method_declaration",
        MethodInvocation = "method_invocation",
        MethodReference = "method_reference",
        Modifiers = "modifiers",
        ModuleDeclaration = "module_declaration",
        NullLiteral = "null_literal",
        ObjectCreationExpression = "object_creation_expression",
        OctalIntegerLiteral = "octal_integer_literal",
        PackageDeclaration = "package_declaration",
        ParenthesizedExpression = "parenthesized_expression",
        Pattern = "pattern",
        Permits = "permits",
        ReceiverParameter = "receiver_parameter",
        RecordDeclaration = "record_declaration",
        RecordPattern = "record_pattern",
        RecordPatternBody = "record_pattern_body",
        RecordPatternComponent = "record_pattern_component",
        Resource = "resource",
        ReturnStatement = "return_statement",
        ScopedIdentifier = "scoped_identifier",
        ScopedTypeIdentifier = "scoped_type_identifier",
        SpreadParameter = "spread_parameter",
        StaticInitializer = "static_initializer",
        StringInterpolation = "string_interpolation",
        StringLiteral = "string_literal",
        Super = "super",
        SuperInterfaces = "super_interfaces",
        Superclass = "superclass",
        SwitchBlock = "switch_block",
        SwitchBlockStatementGroup = "switch_block_statement_group",
        SwitchExpression = "switch_expression",
        SwitchLabel = "switch_label",
        SwitchRule = "switch_rule",
        SynchronizedStatement = "synchronized_statement",
        TemplateExpression = "template_expression",
        TernaryExpression = "ternary_expression",
        This = "this",
        ThrowStatement = "throw_statement",
        Throws = "throws",
        True = "true",
        TryStatement = "try_statement",
        TryWithResourcesStatement = "try_with_resources_statement",
        TypeArguments = "type_arguments",
        TypeBound = "type_bound",
        TypeIdentifier = "type_identifier",
        TypeList = "type_list",
        TypeParameters = "type_parameters",
        TypePattern = "type_pattern",
        UnaryExpression = "unary_expression",
        UnderscorePattern = "underscore_pattern",
        UpdateExpression = "update_expression",
        VariableDeclarator = "variable_declarator",
        VoidType = "void_type",
        WhileStatement = "while_statement",
        YieldStatement = "yield_statement",
    }
    fields {
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
        name = "name",
        object = "object",
        operand = "operand",
        operator = "operator",
        parameters = "parameters",
        pattern = "pattern",
        resources = "resources",
        right = "right",
        scope = "scope",
        template_argument = "template_argument",
        template_processor = "template_processor",
        type_ = "type",
        type_arguments = "type_arguments",
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
            "a.b(1, this.c)[0];",
            "(expr-stmt (index (call (dot:dot (name a) (name b)) (args (number:int 1) (dot:dot (name this) (name c)))) (number:int 0)))",
        );
        check(
            "A.<T>b(); Outer.super.c();",
            "
            (expr-stmt (call (type-args (dot:dot (name A) (name b)) (name T)) (args)))
            (expr-stmt (call (dot:dot (dot:dot (name Outer) (name super)) (name c)) (args)))",
        );
        check(
            "f(A.class, B::c, int[]::new);",
            "(expr-stmt (call (name f) (args (dot:dot (name A) (name class)) (dot:scope (name B) (name c)) (dot:scope (type-of:array (name int)) (name new)))))",
        );
    }

    #[test]
    fn new_objects_and_arrays() {
        check(
            "new A<>(1) { int x; };",
            "(expr-stmt (new (type-args (name A)) (args (number:int 1)) (block (var-def (attrs) (name x) (name int) _))))",
        );
        check("o.new a.B();", "(expr-stmt (new (dot:dot (name o) (dot:dot (name a) (name B))) (args) _))");
        check(
            "f(new int[2][], new String[]{a});",
            "(expr-stmt (call (name f) (args (new (type-of:array (type-of:array (name int))) (args (number:int 2)) _) (new (type-of:array (name String)) (args (list (name a))) _))))",
        );
    }

    #[test]
    fn imports() {
        check(
            "package a.b; import c.D; import e.*; import static f.G.h; import i;",
            r#"
            (package (dot:dot (name a) (name b)))
            (import-from (name c) (import-item (name D) _))
            (import-from (name e) (import-item (name "*") _))
            (import-from (dot:dot (name f) (name G)) (import-item (name h) _))
            (import (name i) _)"#,
        );
    }

    #[test]
    fn classes() {
        check("@A @B(1) @C(d = {2}) public class X<T extends U> extends V implements W, Y<T> { }", "
            (class-def:class (attrs (annotation (name A)) (annotation (call (name B) (args (number:int 1)))) (annotation (call (name C) (args (kw-arg (name d) (list (number:int 2)))))) (modifier public) (other type_parameter (name T) (name U))) (name X) _ (bases (name V) (name W) (type-args (name Y) (name T))) (block))");
        check(
            "record P(int x, String... y) {} interface I extends J {} @interface K { int a() default 1; }",
            r#"
            (class-def:class (attrs (modifier record)) (name P) (params (param (attrs) (name x) (name int) _) (param:splat (attrs) (name y) (name String) _)) (bases) (block))
            (class-def:interface (attrs) (name I) _ (bases (name J)) (block))
            (class-def:interface (attrs (modifier "@interface")) (name K) _ (bases) (block (func-def (attrs (other default (number:int 1))) (name a) (params) (name int) _)))"#,
        );
        check(
            "enum E { A, B(1) { }; int c; }",
            "(class-def:enum (attrs) (name E) _ (bases) (block (var-def:const (attrs) (name A) _ _) (var-def:const (attrs) (name B) _ (new _ (args (number:int 1)) (block))) (var-def (attrs) (name c) (name int) _)))",
        );
    }

    #[test]
    fn members() {
        check("class A { A() { super(1); } static { b(); } @C int f(final D d)[] throws E, F { return x; } }", "
            (class-def:class (attrs) (name A) _ (bases) (block (func-def:constructor (attrs) (name A) (params) _ (block (expr-stmt (call (name super) (args (number:int 1)))))) (other static_initializer (modifier static) (block (expr-stmt (call (name b) (args))))) (func-def (attrs (annotation (name C)) (other throws (name E)) (other throws (name F))) (name f) (params (param (attrs (modifier final)) (name d) (name D) _)) (type-of:array (name int)) (block (return (name x))))))");
        check("private static final int a = 1, b[] = {2}; var c = d; List<? extends E> e;", "
            (var-def:const (attrs (modifier private) (modifier static) (modifier final)) (name a) (name int) (number:int 1))
            (var-def:const (attrs (modifier private) (modifier static) (modifier final)) (name b) (type-of:array (name int)) (list (number:int 2)))
            (var-def:var (attrs) (name c) (name var) (name d))
            (var-def (attrs) (name e) (type-args (name List) (other wildcard (modifier extends) (name E))) _)");
    }

    #[test]
    fn loops_and_branches() {
        check(
            "if (a) b(); else if (c) { } else d();",
            "(if (name a) (block (expr-stmt (call (name b) (args)))) (if (name c) (block) (block (expr-stmt (call (name d) (args))))))",
        );
        check("for (int i = 0; i < n; i++, j--) ; for (final A a : b) { continue; }", "
            (for (var-def (attrs) (name i) (name int) (number:int 0)) (binary:< (name i) (name n)) (tuple (unary:++ (name i)) (unary:-- (name j))) (block))
            (for-each (var-def:const (attrs (modifier final)) (name a) (name A) _) (name b) (block (continue _)))");
        check(
            "x: do { break x; } while (a); while (b) c();",
            "
            (label (name x) (do-while (block (break (name x))) (name a)))
            (while (name b) (block (expr-stmt (call (name c) (args)))))",
        );
        check(
            "switch (a) { case 1: case 2: b(); break; default: c(); }",
            "(switch (name a) (case (number:int 1) (number:int 2) (block (expr-stmt (call (name b) (args))) (break _))) (case (block (expr-stmt (call (name c) (args))))))",
        );
        check(
            "int x = switch (a) { case A b when c -> 1; default -> { yield 2; } };",
            "(var-def (attrs) (name x) (name int) (switch (name a) (case (var-def (attrs) (name b) (name A) _) (comp-if (name c)) (block (expr-stmt (number:int 1)))) (case (block (expr-stmt (yield (number:int 2)))))))",
        );
    }

    #[test]
    fn exceptions() {
        check("try (A a = b(); c) { d(); } catch (E | F e) { throw e; } finally { g(); }", "
            (try (block (with (var-def (attrs) (name a) (name A) (call (name b) (args))) (name c) (block (expr-stmt (call (name d) (args)))))) (catch (tuple (name E) (name F)) (name e) (block (throw (name e) _))) _ (finally (block (expr-stmt (call (name g) (args))))))");
    }

    #[test]
    fn strings() {
        check(
            r#"f("a
" + "", 'c', "${x}");"#,
            r#"(expr-stmt (call (name f) (args (binary:+ (str "a\n") (str)) (char c) (str "${x}"))))"#,
        );
        check("s = \"\"\"\n  a \"b\"\n  \"\"\";", r#"(expr-stmt (assign (name s) (str "\n  a \"b\"\n  ")))"#);
    }

    #[test]
    fn operators() {
        check(
            "a = (b && !c) ? d >>> 0x10 : 010L;",
            "(expr-stmt (assign (name a) (ternary (binary:&& (name b) (unary:! (name c))) (binary:>>> (name d) (number:int 16)) (number:int 8))))",
        );
        check(
            "a += (String) b; c ^= -1.5f;",
            "
            (expr-stmt (aug-assign:+ (name a) (cast (name String) (name b))))
            (expr-stmt (aug-assign:^ (name c) (unary:- (number:float 1.5))))",
        );
        check(
            "f(a instanceof B b, c instanceof D);",
            "(expr-stmt (call (name f) (args (type-test (name a) (name B) (var-def (attrs) (name b) (name B) _)) (type-test (name c) (name D)))))",
        );
    }

    #[test]
    fn lambdas() {
        check(
            "f(a -> b, (A c, D d) -> { }, (e, g) -> h);",
            "(expr-stmt (call (name f) (args (lambda (params (param (attrs) (name a) _ _)) _ (name b)) (lambda (params (param (attrs) (name c) (name A) _) (param (attrs) (name d) (name D) _)) _ (block)) (lambda (params (param (attrs) (name e) _ _) (param (attrs) (name g) _ _)) _ (name h)))))",
        );
    }

    #[test]
    fn the_shapes_of_patterns_parse() {
        crate::pattern::testing::check_all(
            &LANGUAGE,
            &[
                "$X.$F(..., $Y, ...)",
                "new $C(...) { ... }",
                "(HttpServletRequest $R).getParameter(...)",
                "(Cipher $C) = $X.getInstance(...);",
                "$T $X = ...; ...",
                "String $X = $Y",
                "$X = new String[]{..., $Y};",
                "@$A(...)",
                "@$A($K = $V, ...) class $C { ... }",
                "public $T $M(..., @$A(...) $U $P, ...) { ... }",
                "public $T $M(...)",
                "$M(..., $P, ...) { ... }",
                "class $C extends $D implements ..., $I {
  ...
  $T $F = ...;
  ...
  $R $M(...) {
    ...
  }
}",
                "class $C",
                "import foo.bar",
                "import foo.$X;",
                "if (...) { $S } else { ... }",
                "for (...) { ... }",
                "for ($T $X : $Y) { ... }",
                "while ($X) ...",
                "switch ($X) { ... case $Y: ... }",
                "try (...) { ... } catch ($E $X) { ... } finally { ... }",
                "catch (...) { ... }",
                "catch (Exception $E) { ... }",
                "finally { ... }",
                "else { ... }",
                "(...) -> $X",
                "$X -> { ... }",
                "$X.a(). ... .b(...)",
                "f(<... $X ...>)",
                "f($...ARGS)",
                "return $X",
                "throw ...;",
                "enum $E { ..., $C, ... }",
                "List<$T> $X;",
            ],
        );
    }

    #[test]
    fn brackets_that_vanish_may_nest() {
        let n = 50_000;
        let text = format!("x = {}1{};", "(".repeat(n), ")".repeat(n));
        check(&text, "(expr-stmt (assign (name x) (number:int 1)))");
    }
}
