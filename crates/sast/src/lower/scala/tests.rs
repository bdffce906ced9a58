use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn calls_and_members() {
    check(
        "a.b(1, c = d, e: _*)",
        "(expr-stmt (call (dot:dot (name a) (name b)) (args (number:int 1) (kw-arg (name c) (name d)) (spread:splat (name e)))))",
    );
    check("a[B](c)(d)", "(expr-stmt (call (call (type-args (name a) (name B)) (args (name c))) (args (name d))))");
    check(
        "a until 10; b -> c; d :: e",
        "(expr-stmt (call (dot:dot (name a) (name until)) (args (number:int 10))))\n(expr-stmt (binary:=> (name b) (name c)))\n(expr-stmt (call (dot:dot (name d) (name \"::\")) (args (name e))))",
    );
    check("\"a\".!!\nb.!", "(expr-stmt (dot:dot (str a) (name \"!!\")))\n(expr-stmt (dot:dot (name b) (name \"!\")))");
    check("new A[B](1)\nnew C(2) with D { def e = 1 }", "
        (expr-stmt (new (type-args (name A) (name B)) (args (number:int 1)) _))
        (expr-stmt (new (binary:& (name C) (name D)) (args (number:int 2)) (block (func-def (attrs) (name e) (params) _ (block (return (number:int 1)))))))");
}

#[test]
fn functions_behind_a_call() {
    check(
        "a { b => c(b) }",
        "(expr-stmt (call (name a) (args (lambda (params (param (attrs) (name b) _ _)) _ (block (expr-stmt (call (name c) (args (name b)))))))))",
    );
    check(
        "a.b(c) { implicit d: E[F] =>\n  g\n}",
        "(expr-stmt (call (call (dot:dot (name a) (name b)) (args (name c))) (args (lambda (params (param (attrs) (name d) (type-args (name E) (name F)) _)) _ (block (expr-stmt (name g)))))))",
    );
    check("a { b() }", "(expr-stmt (call (name a) (args (lambda (params) _ (block (expr-stmt (call (name b) (args))))))))");
    check(
        "a { case (b, c) => d }",
        "(expr-stmt (call (name a) (args (lambda (params) _ (block (switch _ (case (tuple (name b) (name c)) (block (expr-stmt (name d))))))))))",
    );
    check(
        "a((b: C, d) => b + d)",
        "(expr-stmt (call (name a) (args (lambda (params (param (attrs) (name b) (name C) _) (param (attrs) (name d) _ _)) _ (binary:+ (name b) (name d))))))",
    );
}

#[test]
fn imports() {
    check(
        "package a.b\nimport c.d.E\nimport f._, g.{H, I => J, _}\nimport k",
        r#"
        (package (dot:dot (name a) (name b)))
        (import-from (dot:dot (name c) (name d)) (import-item (name E) _))
        (import-from (name f) (import-item (name "*") _))
        (import-from (name g) (import-item (name H) _) (import-item (name I) (name J)) (import-item (name "*") _))
        (import (name k) _)"#,
    );
}

#[test]
fn classes() {
    check(
        "@E(1) sealed case class A[T](private val x: Int = 1, y: String*)(implicit z: Z) extends C(x) with D { self =>\n  def this(x: Int) = this(x, 1)\n}",
        "(class-def:class (attrs (annotation (call (name E) (args (number:int 1)))) (modifier sealed) (modifier case) (other type_parameters (name T))) (name A) (params (param (attrs (modifier private) (modifier val)) (name x) (name Int) (number:int 1)) (param:splat (attrs) (name y) (name String) _) (param (attrs (modifier implicit)) (name z) (name Z) _)) (bases (call (name C) (args (name x))) (name D)) (block (other self_type (name self)) (func-def:constructor (attrs) (name this) (params (param (attrs) (name x) (name Int) _)) _ (block (return (call (name this) (args (name x) (number:int 1))))))))",
    );
    check(
        "object A extends B\ntrait C { def d: Int }",
        "(class-def:object (attrs) (name A) _ (bases (name B)) _)\n(class-def:trait (attrs) (name C) _ (bases) (block (func-def (attrs) (name d) (params) (name Int) _)))",
    );
    check(
        "enum A { case B, C; case D(e: Int) extends F }",
        "(class-def:enum (attrs) (name A) _ (bases) (block (var-def (attrs) (name B) _ _) (var-def (attrs) (name C) _ _) (class-def:class (attrs) (name D) (params (param (attrs) (name e) (name Int) _)) (bases (name F)) _)))",
    );
}

#[test]
fn functions_and_values() {
    check(
        "override def f[R](a: List[Int], b: => String)(c: C = d): Map[String, R] = { g(a); h }",
        "(func-def (attrs (modifier override) (other type_parameters (name R))) (name f) (params (param (attrs) (name a) (type-args (name List) (name Int)) _) (param (attrs) (name b) (name String) _) (param (attrs) (name c) (name C) (name d))) (type-args (name Map) (name String) (name R)) (block (expr-stmt (call (name g) (args (name a)))) (expr-stmt (name h))))",
    );
    check(
        "private[this] lazy val a: Int = 1\nvar b, c = 2\nval (d, e) = f",
        "
        (var-def:const (attrs (modifier private) (modifier lazy)) (name a) (name Int) (number:int 1))
        (var-def:var (attrs) (name b) _ (number:int 2))
        (var-def:var (attrs) (name c) _ (number:int 2))
        (var-def:const (attrs) (tuple (name d) (name e)) _ (name f))",
    );
    check("type A = B[C]", "(other type_alias_declaration (attrs) (name A) (type-args (name B) (name C)))");
}

#[test]
fn control_flow() {
    check(
        "if (a) b else if (c) { d } else e",
        "(if (name a) (block (expr-stmt (name b))) (if (name c) (block (expr-stmt (name d))) (block (expr-stmt (name e)))))",
    );
    check("val a = if (b) 1 else 2", "(var-def:const (attrs) (name a) _ (ternary (name b) (number:int 1) (number:int 2)))");
    check(
        "a match {\n  case 1 | 2 => b\n  case c: D if c.e => f\n  case G(h, _*) => i\n  case j @ K => l\n  case _ => m\n}",
        "(switch (name a) (case (number:int 1) (number:int 2) (block (expr-stmt (name b)))) (case (type-test (name c) (name D)) (comp-if (dot:dot (name c) (name e))) (block (expr-stmt (name f)))) (case (call (name G) (args (name h) (spread:splat (name _)))) (block (expr-stmt (name i)))) (case (assign (name j) (name K)) (block (expr-stmt (name l)))) (case (block (expr-stmt (name m)))))",
    );
    check(
        "for (a <- b; c = a if c; (d, e) <- f) g",
        "(for-each (var-def (attrs) (name a) _ _) (name b) (block (var-def:const (attrs) (name c) _ (name a)) (if (name c) (block (for-each (var-def (attrs) (tuple (name d) (name e)) _ _) (name f) (block (expr-stmt (name g))))) _)))",
    );
    check(
        "val a = for { b <- c; d <- e } yield b",
        "(var-def:const (attrs) (name a) _ (comprehension:list (name b) (comp-for (name b) (name c)) (comp-for (name d) (name e))))",
    );
    check(
        "while (a) b += 1\ndo { c } while (d)",
        "(while (name a) (block (expr-stmt (aug-assign:+ (name b) (number:int 1)))))\n(do-while (block (expr-stmt (name c))) (name d))",
    );
}

#[test]
fn exceptions() {
    check(
        "try { a } catch { case e: B => c; case NonFatal(d) if f => g; case _ => throw new H(1) } finally { i }",
        "(try (block (expr-stmt (name a))) (catch (name B) (name e) (block (expr-stmt (name c)))) (catch (call (name NonFatal) (args (name d))) _ (block (if (name f) (block (expr-stmt (name g))) _))) (catch _ _ (block (throw (new (name H) (args (number:int 1)) _) _))) _ (finally (block (expr-stmt (name i)))))",
    );
}

#[test]
fn literals() {
    check(
        r#"s"a $b ${c.d}" + f"$e%d" + "plain" + """f"g""""#,
        r#"(expr-stmt (binary:+ (binary:+ (binary:+ (interp:template s (str "a ") (name b) (str " ") (dot:dot (name c) (name d))) (interp:template f (name e) (str "%d"))) (str plain)) (str "f\"g")))"#,
    );
    check("sql\"a $b\"", "(expr-stmt (call (name sql) (args (interp:template (str \"a \") (name b)))))");
    check(
        "f('c', 0xFFL, -1, 1.5f, true, null, ())",
        "(expr-stmt (call (name f) (args (char c) (number:int 255) (unary:- (number:int 1)) (number:float 1.5) (bool true) (null null) (tuple))))",
    );
}

#[test]
fn operators() {
    check(
        "!a && b == c || d <= -e",
        "(expr-stmt (binary:|| (binary:&& (unary:! (name a)) (binary:== (name b) (name c))) (binary:<= (name d) (unary:- (name e)))))",
    );
    check(
        "a = b; c -= 1; (d: E)",
        "(expr-stmt (assign (name a) (name b)))\n(expr-stmt (aug-assign:- (name c) (number:int 1)))\n(expr-stmt (cast (name E) (name d)))",
    );
}

#[test]
fn markup() {
    check(
        "val a = <b c=\"d\">{e} f</b>",
        "(var-def:const (attrs) (name a) _ (xml (name b) (xml-attrs (xml-attr (name c) (str d))) (name e) (xml-text f)))",
    );
}

#[test]
fn frames_hold_what_rules_write() {
    for (n, pattern) in [
        (0, "MV__X.MV__F(DOTS__, MV__A, \"DOTS__\")"),
        (0, "def MV__F(DOTS__ : DOTS__, MV__X: MV__T): MV__R = { DOTS__ }"),
        (0, "class MV__C(DOTS__ : DOTS__) extends MV__D { DOTS__ }"),
        (0, "val MV__X = MV__Y\nDOTS__\nMV__X.f()"),
        (0, "MV__X match { case DOTS__ => DOTS__ }"),
        (0, "for (DOTS__ <- DOTS__) { DOTS__ }"),
        (0, "import MV__A.b"),
        (0, "(MV__X : MV__T).f()"),
        (1, "@MV__A(DOTS__)"),
        (4, "case MV__X => DOTS__"),
    ] {
        let understood = |frame: &Frame| {
            let text = format!("{}{pattern}{}", frame.before, frame.after);
            bartizan_syntax::parse(Grammar::Scala, &text).is_ok_and(|tree| !tree.root_node().has_error())
        };
        assert_eq!(LANGUAGE.patterns.frames.iter().position(understood), Some(n), "{pattern}");
    }
}
