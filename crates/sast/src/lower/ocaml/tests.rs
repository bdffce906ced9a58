use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn applications_and_paths() {
    check(
        "let () = f ~a:1 ~b 2.5; M.g x.y; F (1, 2); o#m 'c'",
        "(var-def:const (attrs) (null \"()\") _ (block (expr-stmt (call (name f) (args (kw-arg (name a) (number:int 1)) (kw-arg (name b) (name b)) (number:float 2.5)))) (expr-stmt (call (dot:dot (name M) (name g)) (args (dot:dot (name x) (name y))))) (expr-stmt (call (name F) (args (number:int 1) (number:int 2)))) (expr-stmt (call (dot:dot (name o) (name m)) (args (char c))))))",
    );
    check(
        "a := !b + 0x10 mod 1_0; x.(i) <- -1",
        "
        (expr-stmt (assign (name a) (binary:+ (unary:deref (name b)) (binary:% (number:int 16) (number:int 10)))))
        (expr-stmt (assign (index (name x) (name i)) (unary:- (number:int 1))))",
    );
    check(
        "{ r with a = 1; b }; [1; 2]; [|\"a\"|]; (x, {|y|}); a :: b @ c",
        "
        (expr-stmt (dict (spread:double-splat (name r)) (key-value (name a) (number:int 1)) (key-value (name b) (name b))))
        (expr-stmt (list (number:int 1) (number:int 2)))
        (expr-stmt (list:array (str a)))
        (expr-stmt (tuple (name x) (str y)))
        (expr-stmt (call (name \"@\") (args (call (name \"::\") (args (name a) (name b))) (name c))))",
    );
}

#[test]
fn definitions() {
    check(
        "let f ?(a = 1) (b : int) : t = a [@@inline]\nlet x = fun y -> y and z = 1",
        "
        (func-def (attrs (annotation (name inline))) (name f) (params (param (attrs) (name a) _ (number:int 1)) (param (attrs) (name b) (name int) _)) (name t) (block (expr-stmt (name a))))
        (var-def:const (attrs) (name x) _ (lambda (params (param (attrs) (name y) _ _)) _ (block (expr-stmt (name y)))))
        (var-def:const (attrs) (name z) _ (number:int 1))",
    );
    check(
        "module A = B.C\nopen D\nmodule E (F : G) = struct let x = 1 end\nclass c = object method m x = x end",
        "
        (import (dot:dot (name B) (name C)) (name A))
        (import:star (name D) _)
        (class-def:module (attrs) (name E) (params (param (attrs) (name F) (name G) _)) (bases) (block (var-def:const (attrs) (name x) _ (number:int 1))))
        (class-def:class (attrs) (name c) _ (bases) (block (func-def (attrs) (name m) (params (param (attrs) (name x) _ _)) _ (block (expr-stmt (name x))))))",
    );
}

#[test]
fn rows_of_expressions_are_statements() {
    check(
        "let a = 1 in let b = a in (f b; g ())",
        "
        (var-def:const (attrs) (name a) _ (number:int 1))
        (var-def:const (attrs) (name b) _ (name a))
        (expr-stmt (call (name f) (args (name b))))
        (expr-stmt (call (name g) (args (null \"()\"))))",
    );
    check(
        "if a then b else begin c; d end",
        "(if (name a) (block (expr-stmt (name b))) (block (block (expr-stmt (name c)) (expr-stmt (name d)))))",
    );
    check(
        "match x with A y when y -> 1 | _ -> 2",
        "(switch (name x) (case (other guard (call (name A) (args (name y))) (name y)) (block (expr-stmt (number:int 1)))) (case (name _) (block (expr-stmt (number:int 2)))))",
    );
    check(
        "try f x with Not_found -> 1",
        "(try (block (expr-stmt (call (name f) (args (name x))))) (catch (name Not_found) _ (block (expr-stmt (number:int 1)))) _ _)",
    );
    check(
        "for i = 0 to n do f i done; while a do b done; assert c",
        "
        (for-each (name i) (binary:.. (number:int 0) (name n)) (block (expr-stmt (call (name f) (args (name i))))))
        (while (name a) (block (expr-stmt (name b))))
        (assert (name c) _)",
    );
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        ("$M.f ... $X", "(expr-stmt (call (dot:dot (metavar $M) (name f)) (args (ellipsis) (metavar $X))))"),
        ("let $F ... = ...", "(func-def (attrs) (metavar $F) (params (ellipsis)) _ (block (ellipsis)))"),
        ("let $X = $E in", "(var-def:const (attrs) (metavar $X) _ (metavar $E))"),
        ("if $X", "(if (metavar $X) _ _)"),
        ("match $X", "(switch (metavar $X) _)"),
        ("try $X", "(try (block (expr-stmt (metavar $X))) _ _ _)"),
        ("| _ -> $X", "(case (name _) (block (expr-stmt (metavar $X))))"),
        ("module $M_ = A", "(import (name A) (metavar $M_))"),
        ("f ($X : int)", "(expr-stmt (call (name f) (args (metavar-typed $X (name int)))))"),
        ("f \"...\"", "(expr-stmt (call (name f) (args (any-str))))"),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
}

#[test]
fn brackets_that_vanish_may_nest() {
    let n = 50_000;
    check(&format!("let x = {}1{}", "(".repeat(n), ")".repeat(n)), "(var-def:const (attrs) (name x) _ (number:int 1))");
}
