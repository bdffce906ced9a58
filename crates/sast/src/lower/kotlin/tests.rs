use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn calls_and_members() {
    check(
        "a.b(1, *c, k = d)[2]",
        "(expr-stmt (index (call (dot:dot (name a) (name b)) (args (number:int 1) (spread:splat (name c)) (kw-arg (name k) (name d)))) (number:int 2)))",
    );
    check(
        "a?.b!!.c<D>(1)",
        "(expr-stmt (call (type-args (dot:dot (unary:non-null (dot:optional (name a) (name b))) (name c)) (name D)) (args (number:int 1))))",
    );
    check(
        "a.fold(0) { b, (c, d) -> b + c }",
        "(expr-stmt (call (dot:dot (name a) (name fold)) (args (number:int 0) (lambda (params (param (attrs) (name b) _ _) (param (attrs) (tuple (name c) (name d)) _ _)) _ (block (expr-stmt (binary:+ (name b) (name c))))))))",
    );
    check("a.map { it }", "(expr-stmt (call (dot:dot (name a) (name map)) (args (lambda (params) _ (block (expr-stmt (name it)))))))");
    check(
        "A::class.java; b(::c)",
        "(expr-stmt (dot:dot (dot:scope (name A) (name class)) (name java)))\n(expr-stmt (call (name b) (args (dot:scope _ (name c)))))",
    );
    check(
        "a shl 2; this@B.c; super.d()",
        "(expr-stmt (call (dot:dot (name a) (name shl)) (args (number:int 2))))\n(expr-stmt (dot:dot (name this) (name c)))\n(expr-stmt (call (dot:dot (name super) (name d)) (args)))",
    );
}

#[test]
fn imports() {
    check(
        "package a.b\nimport c.d.E\nimport f.*\nimport g.H as I\n",
        "
        (package (dot:dot (name a) (name b)))
        (import (dot:dot (dot:dot (name c) (name d)) (name E)) _)
        (import:star (name f) _)
        (import (dot:dot (name g) (name H)) (name I))",
    );
    check("@file:A(1)\n", "(annotation (call (name A) (args (number:int 1))))");
}

#[test]
fn classes() {
    check(
        "@E data class A<T : B>(private val x: Int = 1, y: C?) : D(x), F {\n  init { g() }\n  constructor(z: Int) : this(z, 1) { h() }\n  companion object { const val K = \"k\" }\n}\n",
        "(class-def:class (attrs (annotation (name E)) (modifier data) (other type_parameters (other type_parameter (name T) (name B)))) (name A) (params (param (attrs (modifier private) (modifier val)) (name x) (name Int) (number:int 1)) (param (attrs) (name y) (type-of:optional (name C)) _)) (bases (call (name D) (args (name x))) (name F)) (block (other anonymous_initializer (modifier init) (block (expr-stmt (call (name g) (args))))) (func-def:constructor (attrs) (name constructor) (params (param (attrs) (name z) (name Int) _)) _ (block (expr-stmt (call (name this) (args (name z) (number:int 1)))) (expr-stmt (call (name h) (args))))) (class-def:object (attrs (modifier companion)) _ _ (bases) (block (var-def:const (attrs (modifier const)) (name K) _ (str k))))))",
    );
    check(
        "enum class A(val b: Int) {\n  C(1), D(2) {\n  };\n  fun e() {}\n}",
        "(class-def:enum (attrs (modifier enum)) (name A) (params (param (attrs (modifier val)) (name b) (name Int) _)) (bases) (block (var-def (attrs) (name C) _ (new _ (args (number:int 1)) _)) (var-def (attrs) (name D) _ (new _ (args (number:int 2)) (block))) (func-def (attrs) (name e) (params) _ (block))))",
    );
    check("object A : B\ninterface C {\n fun d()\n}\ntypealias E<F> = G<F>", "
        (class-def:object (attrs) (name A) _ (bases (name B)) _)
        (class-def:interface (attrs) (name C) _ (bases) (block (func-def (attrs) (name d) (params) _ _)))
        (other type_alias_declaration (attrs (other type_parameters (other type_parameter (name F)))) (name E) (type-args (name G) (name F)))");
    check(
        "val a = object : B(1) { }\nval c = object : D, E { }",
        "
        (var-def:const (attrs) (name a) _ (new (name B) (args (number:int 1)) (block)))
        (var-def:const (attrs) (name c) _ (class-def:object (attrs) _ _ (bases (name D) (name E)) (block)))",
    );
}

#[test]
fn annotations_of_expressions() {
    check(
        "@A(1) b()\n@C(d)\n",
        "(annotation (call (name A) (args (number:int 1))))\n(expr-stmt (call (name b) (args)))\n(annotation (call (name C) (args (name d))))",
    );
}

#[test]
fn functions_and_properties() {
    check(
        "private suspend fun <R> String?.f(@A a: List<Int>, vararg b: (Int) -> Unit = {}): B.C<R>? = null",
        "(func-def (attrs (modifier private) (modifier suspend) (other type_parameters (other type_parameter (name R)))) (name f) (params (param:receiver (attrs) (name this) (type-of:optional (name String)) _) (param (attrs (annotation (name A))) (name a) (type-args (name List) (name Int)) _) (param:splat (attrs (modifier vararg)) (name b) (other function_type (other function_type_parameters (name Int)) (name Unit)) (lambda (params) _ (block)))) (type-of:optional (type-args (dot:dot (name B) (name C)) (name R))) (block (return (null null))))",
    );
    check(
        "class A {\n  val a: Int\n    get() = 1\n  var b = 2\n    private set\n  @Inject lateinit var c: C\n  val d by lazy { 1 }\n}",
        "(class-def:class (attrs) (name A) _ (bases) (block (var-def:const (attrs) (name a) (name Int) _) (func-def:getter (attrs) (name a) (params) _ (block (return (number:int 1)))) (var-def:var (attrs) (name b) _ (number:int 2)) (func-def:setter (attrs (modifier private)) (name b) (params) _ _) (var-def:var (attrs (annotation (name Inject)) (modifier lateinit)) (name c) (name C) _) (var-def:const (attrs) (name d) _ (other property_delegate (modifier by) (call (name lazy) (args (lambda (params) _ (block (expr-stmt (number:int 1))))))))))",
    );
    check("val (a, b: Int) = c", "(var-def:const (attrs) (tuple (name a) (cast (name Int) (name b))) _ (name c))");
    check(
        "val a = fun(b: Int): C { return b }",
        "(var-def:const (attrs) (name a) _ (lambda (params (param (attrs) (name b) (name Int) _)) (name C) (block (return (name b)))))",
    );
}

#[test]
fn control_flow() {
    check(
        "if (a) b else if (c) { d } else e",
        "(if (name a) (block (expr-stmt (name b))) (if (name c) (block (expr-stmt (name d))) (block (expr-stmt (name e)))))",
    );
    check("a = if (b) 1 else 2", "(expr-stmt (assign (name a) (ternary (name b) (number:int 1) (number:int 2))))");
    check(
        "when (val a = b) {\n  1, 2 -> c\n  in d..e -> f\n  !is G -> { h }\n  else -> i\n}",
        "(switch (var-def:const (attrs) (name a) _ (name b)) (case (number:int 1) (number:int 2) (block (expr-stmt (name c)))) (case (binary:in _ (binary:.. (name d) (name e))) (block (expr-stmt (name f)))) (case (unary:! (type-test _ (name G))) (block (expr-stmt (name h)))) (case (block (expr-stmt (name i)))))",
    );
    check(
        "o@ for ((a, b) in c) { break@o\n continue }",
        "(label (name o) (for-each (var-def (attrs) (tuple (name a) (name b)) _ _) (name c) (block (break (name o)) (continue _))))",
    );
    check(
        "while (true) break\ndo { a++ } while (a < 1)",
        "(while (bool true) (block (break _)))\n(do-while (block (expr-stmt (unary:++ (name a)))) (binary:< (name a) (number:int 1)))",
    );
    check("fun f() { return@g a }", "(func-def (attrs) (name f) (params) _ (block (return (name a))))");
}

#[test]
fn exceptions() {
    check(
        "try { a } catch (e: B.C) { throw D(e) } finally { f }",
        "(try (block (expr-stmt (name a))) (catch (dot:dot (name B) (name C)) (name e) (block (throw (call (name D) (args (name e))) _))) _ (finally (block (expr-stmt (name f)))))",
    );
}

#[test]
fn literals() {
    check(
        r#""a$b c${d.e}\n" + "plain" + """f"g$h""""#,
        r#"(expr-stmt (binary:+ (binary:+ (interp (str a) (name b) (str " c") (dot:dot (name d) (name e)) (str "\\n")) (str plain)) (interp (str "f\"g") (name h))))"#,
    );
    check(
        "f('c', 0xFFL, 1_000, 1.5f, true, null)",
        "(expr-stmt (call (name f) (args (char c) (number:int 255) (number:int 1000) (number:float 1.5) (bool true) (null null))))",
    );
}

#[test]
fn operators() {
    check(
        "a ?: b || !c && d !in e",
        "(expr-stmt (binary:|| (binary:?? (name a) (name b)) (binary:&& (unary:! (name c)) (binary:not-in (name d) (name e)))))",
    );
    check(
        "a as B; c as? D; e is F; g !is H; i += 1",
        "
        (expr-stmt (cast (name B) (name a)))
        (expr-stmt (cast:optional (name D) (name c)))
        (expr-stmt (type-test (name e) (name F)))
        (expr-stmt (unary:! (type-test (name g) (name H))))
        (expr-stmt (aug-assign:+ (name i) (number:int 1)))",
    );
}

#[test]
fn frames_hold_what_rules_write() {
    for (n, pattern) in [
        (0, "MV__X.MV__F(DOTS__, MV__A, \"DOTS__\")"),
        (0, "fun MV__F(DOTS__: DOTS__, MV__X: MV__T): MV__R { DOTS__ }"),
        (0, "class MV__C : MV__D {\n val DOTS__\n fun f() {}\n}"),
        (0, "val MV__X: MV__T = MV__Y\nDOTS__\nMV__X.f()"),
        (0, "if (DOTS__) { DOTS__ }"),
        (0, "try { DOTS__ } catch (MV__E: MV__T) { DOTS__ }"),
        (0, "import MV__A.b"),
        (0, "(MV__X as MV__T).f()"),
        (2, "if (MV__X)"),
        (3, "constructor(MV__X: MV__T) { DOTS__ }"),
        (4, "catch (MV__E: MV__T) { DOTS__ }"),
        (5, "is MV__T -> DOTS__"),
        (6, "MV__K = MV__V, DOTS__"),
        (0, "@MV__A(DOTS__)"),
        (1, "@MV__A(a, DOTS__)"),
    ] {
        let understood = |frame: &Frame| {
            let text = format!("{}{pattern}{}", frame.before, frame.after);
            bartizan_syntax::parse(Grammar::Kotlin, &text).is_ok_and(|tree| !tree.root_node().has_error())
        };
        assert_eq!(LANGUAGE.patterns.frames.iter().position(understood), Some(n), "{pattern}");
    }
}
