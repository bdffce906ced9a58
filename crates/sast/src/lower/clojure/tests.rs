use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn calls_by_their_first_word() {
    check(
        "(f 1 :a) (.m o 2) (A. 3) (new B) (:k m) (a.b/c \"x\") ((g) 4)",
        "
        (expr-stmt (call (name f) (args (number:int 1) (atom a))))
        (expr-stmt (call (dot:dot (name o) (name m)) (args (number:int 2))))
        (expr-stmt (new (name A) (args (number:int 3)) _))
        (expr-stmt (new (name B) (args) _))
        (expr-stmt (index (name m) (atom k)))
        (expr-stmt (call (dot:dot (dot:dot (name a) (name b)) (name c)) (args (str x))))
        (expr-stmt (call (call (name g) (args)) (args (number:int 4))))",
    );
}

#[test]
fn definitions() {
    check(
        "(def ^:private x 1) (defn f \"doc\" [a & [b :as c]] (g a)) (defn- h ([] 1) ([{:keys [d] e :k}] d))",
        "
        (var-def:const (attrs) (name x) _ (number:int 1))
        (func-def (attrs) (name f) (params (param (attrs) (name a) _ _) (param:splat (attrs) (other as (list (name b)) (name c)) _ _)) _ (block (expr-stmt (call (name g) (args (name a))))))
        (func-def (attrs (modifier defn-)) (name h) (params) _ (block (expr-stmt (number:int 1))))
        (func-def:clause (attrs (modifier defn-)) (name h) (params (param (attrs) (dict (key-value (atom d) (name d)) (key-value (atom k) (name e))) _ _)) _ (block (expr-stmt (name d))))",
    );
    check(
        "(fn [^String s] s) #(f % %2)",
        "
        (lambda (params (param (attrs) (name s) (name String) _)) _ (block (expr-stmt (name s))))
        (expr-stmt (lambda (params (param (attrs) (name \"%\") _ _) (param (attrs) (name \"%2\") _ _)) _ (block (expr-stmt (call (name f) (args (name \"%\") (name \"%2\")))))))",
    );
}

#[test]
fn branches_and_bindings() {
    check(
        "(if a b c) (when-not a b) (let [x 1 [y] z] (f x)) (cond a 1 :else 2) (case a 1 b c)",
        "
        (if (name a) (block (expr-stmt (name b))) (block (expr-stmt (name c))))
        (if (unary:! (name a)) (block (expr-stmt (name b))) _)
        (block (var-def:const (attrs) (name x) _ (number:int 1)) (var-def:const (attrs) (list (name y)) _ (name z)) (expr-stmt (call (name f) (args (name x)))))
        (if (name a) (block (expr-stmt (number:int 1))) (block (expr-stmt (number:int 2))))
        (switch (name a) (case (number:int 1) (block (expr-stmt (name b)))) (case (block (expr-stmt (name c)))))",
    );
    check(
        "(doseq [x xs] (f x)) (try a (catch E e b) (finally c)) (throw x) (set! a 1)",
        "
        (for-each (name x) (name xs) (block (expr-stmt (call (name f) (args (name x))))))
        (try (block (expr-stmt (name a))) (catch (name E) (name e) (block (expr-stmt (name b)))) _ (finally (block (expr-stmt (name c)))))
        (throw (name x) _)
        (expr-stmt (assign (name a) (number:int 1)))",
    );
}

#[test]
fn threads_are_written_and_called() {
    check(
        "(-> x f (g 1)) (->> x (g 1))",
        "
        (expr-stmt (other thread (other \"->\" (name x) (name f) (tuple (name g) (number:int 1))) (call (name g) (args (call (name f) (args (name x))) (number:int 1)))))
        (expr-stmt (other thread (other \"->>\" (name x) (tuple (name g) (number:int 1))) (call (name g) (args (number:int 1) (name x)))))",
    );
}

#[test]
fn names_are_imported() {
    check(
        "(ns a (:require [b.c :as d :refer [e]]) (:import (java.util List) x.Y))",
        "
        (expr-stmt (call (name ns) (args (name a) (tuple (atom require) (list (dot:dot (name b) (name c)) (atom as) (name d) (atom refer) (list (name e)))) (tuple (atom import) (tuple (dot:dot (name java) (name util)) (name List)) (dot:dot (name x) (name Y))))))
        (import (dot:dot (name b) (name c)) (name d))
        (import-from (dot:dot (name b) (name c)) (import-item (name e) _))
        (import-from (dot:dot (name java) (name util)) (import-item (name List) _))
        (import-from (name x) (import-item (name Y) _))",
    );
}

#[test]
fn readers_macros() {
    check(
        "'(a 1) @x #'f #_(no) #\"r\" \\newline {:a 1, :b #{2}} ^:m [3] ; no\n#?(:clj a :cljs b) #inst \"t\"",
        "
        (expr-stmt (other quote (tuple (name a) (number:int 1))))
        (expr-stmt (unary:deref (name x)))
        (expr-stmt (unary:address-of (name f)))
        (expr-stmt (regex r))
        (expr-stmt (char newline))
        (expr-stmt (dict (key-value (atom a) (number:int 1)) (key-value (atom b) (set (number:int 2)))))
        (expr-stmt (list (number:int 3)))
        (expr-stmt (other conditional (name a) (name b)))
        (expr-stmt (str t))",
    );
    // What does not end, or was never opened, is not read; what is complete in it is.
    check(
        "(f 1) (g (h 2)",
        "(expr-stmt (call (name f) (args (number:int 1))))\n(expr-stmt (name g))\n(expr-stmt (call (name h) (args (number:int 2))))\n(opaque)",
    );
    check("a ) b", "(expr-stmt (name a))\n(expr-stmt (name b))\n(opaque)");
    check("a \"b", "(expr-stmt (name a))\n(opaque)");
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        ("($F ... $X)", "(expr-stmt (call (metavar $F) (args (ellipsis) (metavar $X))))"),
        (
            "(defn $F [... $X ...] ...)",
            "(func-def (attrs) (metavar $F) (params (ellipsis) (param (attrs) (metavar $X) _ _) (ellipsis)) _ (block (ellipsis)))",
        ),
        ("(defn ... ... ( ... ))", "(func-def (attrs) (metavar $_) (params (ellipsis)) _ (block (ellipsis)))"),
        ("(f <... $X ...> \"...\")", "(expr-stmt (call (name f) (args (deep (metavar $X)) (any-str))))"),
        ("(-> $X ... f)", "(expr-stmt (other \"->\" (metavar $X) (ellipsis) (name f)))"),
        ("{... :a $X}", "(expr-stmt (dict (ellipsis) (key-value (atom a) (metavar $X))))"),
        ("$X/f", "(expr-stmt (dot:dot (metavar $X) (name f)))"),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
    assert!(crate::pattern::Pattern::compile("(f", &LANGUAGE, &mut crate::ir::Interner::default()).is_err());
}
