use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn classes_and_functions() {
    check(
        "import 'a/b.dart' as c;\nimport 'd.dart' show E;\n@o class A<T> extends B with C implements D { final int x = 1, y; A(this.x, {required int k = 2}) : y = 1 { f(); } A.n(); static String m(a) => a; int get g => 1; }",
        r#"
        (import (str "a/b.dart") (name c))
        (import-from (str d.dart) (import-item (name E) _))
        (class-def:class (attrs (annotation (name o))) (name A) _ (bases (name B) (name C) (name D)) (block (var-def:const (attrs (modifier final)) (name x) (name int) (number:int 1)) (var-def:const (attrs (modifier final)) (name y) (name int) _) (func-def:constructor (attrs) (name A) (params (param (attrs) (name x) _ _) (param (attrs (modifier required)) (name k) (name int) (number:int 2))) _ (block (expr-stmt (assign (dot:dot (name this) (name y)) (number:int 1))) (expr-stmt (call (name f) (args))))) (func-def:constructor (attrs) (dot:dot (name A) (name n)) (params) _ _) (func-def (attrs (modifier static)) (name m) (params (param (attrs) (name a) _ _)) (name String) (block (return (name a)))) (func-def:getter (attrs) (name g) (params) (name int) (block (return (number:int 1))))))"#,
    );
}

#[test]
fn expressions() {
    check(
        "var x = a..b()..c = 1; var y = (d as E)?.f![0] ?? g; var z = h(i, j: 2) is! String;",
        "
        (var-def:var (attrs (modifier var)) (name x) _ (other cascade (call (dot:dot (name a) (name b)) (args)) (assign (dot:dot (name a) (name c)) (number:int 1))))
        (var-def:var (attrs (modifier var)) (name y) _ (binary:?? (index (unary:non-null (dot:optional (cast (name E) (name d)) (name f))) (number:int 0)) (name g)))
        (var-def:var (attrs (modifier var)) (name z) _ (type-test (call (name h) (args (name i) (kw-arg (name j) (number:int 2)))) (name String)))",
    );
    check(
        "var s = 'a$b${c.d}'; var l = [1, ...m]; var n = {'k': 1}; var o = {2}; var p = new Q<int>(1); var f = (r) async => r;",
        "
        (var-def:var (attrs (modifier var)) (name s) _ (interp (str a) (name b) (dot:dot (name c) (name d))))
        (var-def:var (attrs (modifier var)) (name l) _ (list (number:int 1) (spread:splat (name m))))
        (var-def:var (attrs (modifier var)) (name n) _ (dict (key-value (str k) (number:int 1))))
        (var-def:var (attrs (modifier var)) (name o) _ (set (number:int 2)))
        (var-def:var (attrs (modifier var)) (name p) _ (new (type-args (name Q) (name int)) (args (number:int 1)) _))
        (var-def:var (attrs (modifier var)) (name f) _ (lambda:async (params (param (attrs) (name r) _ _)) _ (name r)))",
    );
}

#[test]
fn statements() {
    check(
        "void f() { if (a) b(); else { c(); } for (var i = 0; i < n; i++) {} for (final e in l) { break; } switch (x) { case 1: case 2: g(); default: h(); } try { i(); } on E catch (e) { rethrow; } finally { j(); } throw k; }",
        "(func-def (attrs) (name f) (params) (name void) (block (if (name a) (block (expr-stmt (call (name b) (args)))) (block (expr-stmt (call (name c) (args))))) (for (var-def:var (attrs (modifier var)) (name i) _ (number:int 0)) (binary:< (name i) (name n)) (unary:++ (name i)) (block)) (for-each (var-def (attrs) (name e) _ _) (name l) (block (break _))) (switch (name x) (case (number:int 1) (number:int 2) (block (expr-stmt (call (name g) (args))))) (case (block (expr-stmt (call (name h) (args)))))) (try (block (expr-stmt (call (name i) (args)))) (catch (name E) (name e) (block (throw _ _))) _ (finally (block (expr-stmt (call (name j) (args)))))) (throw (name k) _)))",
    );
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        ("$X.f(..., k: $V, ...)", "(call (dot:dot (metavar $X) (name f)) (args (ellipsis) (kw-arg (name k) (metavar $V)) (ellipsis)))"),
        ("$X..f()", "(call (dot:dot (metavar $X) (name f)) (args))"),
        ("$T $F(...) { ... }", "(func-def (attrs) (metavar $F) (params (ellipsis)) (metavar $T) (block (ellipsis)))"),
        ("(C $X).f()", "(call (dot:dot (metavar-typed $X (name C)) (name f)) (args))"),
        ("final $X = f(\"...\");", "(var-def:const (attrs (modifier final)) (metavar $X) _ (call (name f) (args (any-str))))"),
        (
            "class $C { ... int f(...) { ... } ... }",
            "(class-def:class (attrs) (metavar $C) _ (bases) (block (ellipsis) (func-def (attrs) (name f) (params (ellipsis)) (name int) (block (ellipsis))) (ellipsis)))",
        ),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
}
