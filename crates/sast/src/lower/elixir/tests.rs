use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn calls_and_pipes() {
    check(
        "f(1, a: 2)\nM.g x.y\nx.z()\nh.(3)\na |> f(b) |> M.g()\nq x do 1 end",
        "
        (expr-stmt (call (name f) (args (number:int 1) (kw-arg (name a) (number:int 2)))))
        (expr-stmt (call (dot:dot (name M) (name g)) (args (dot:dot (name x) (name y)))))
        (expr-stmt (call (dot:dot (name x) (name z)) (args)))
        (expr-stmt (call (name h) (args (number:int 3))))
        (expr-stmt (call (dot:dot (name M) (name g)) (args (call (name f) (args (name a) (name b))))))
        (expr-stmt (call (name q) (args (name x) (lambda (params) _ (block (expr-stmt (number:int 1)))))))",
    );
}

#[test]
fn modules_and_functions() {
    check(
        "defmodule A.B do\n alias C.D, as: E\n alias F.{G, H}\n import I\n def f(x, y \\\\ 1) when x > 1, do: x\n defp f(%{a: b}, k: v) do\n b\n end\n defp f(_, _), do: 1\nend",
        "(class-def:module (attrs) (dot:dot (name A) (name B)) _ (bases) (block (import-from (name C) (import-item (name D) (name E))) (import-from (name F) (import-item (name G) _) (import-item (name H) _)) (import:star (name I) _) (func-def (attrs (other guard (binary:> (name x) (number:int 1)))) (name f) (params (param (attrs) (name x) _ _) (param (attrs) (name y) _ (number:int 1))) _ (block (expr-stmt (name x)))) (func-def:clause (attrs (modifier private)) (name f) (params (param (attrs) (dict (key-value (atom a) (name b))) _ _) (param (attrs) (dict (key-value (atom k) (name v))) _ _)) _ (block (expr-stmt (name b)))) (func-def:clause (attrs (modifier private)) (name f) (params (param (attrs) (name _) _ _) (param (attrs) (name _) _ _)) _ (block (expr-stmt (number:int 1))))))",
    );
    check(
        "fn a, b when a -> b; _, _ -> 1 end\n&M.f/1\n&(&1 + 1)\n@a 1\n@a",
        "
        (expr-stmt (lambda (params (param (attrs) (name a) _ _) (param (attrs) (name b) _ _)) _ (block (expr-stmt (name a)) (expr-stmt (name b)) (expr-stmt (lambda (params (param (attrs) (name _) _ _) (param (attrs) (name _) _ _)) _ (block (expr-stmt (number:int 1))))))))
        (expr-stmt (unary:address-of (dot:dot (name M) (name f))))
        (expr-stmt (lambda (params (param (attrs) (name \"&1\") _ _)) _ (block (expr-stmt (binary:+ (name \"&1\") (number:int 1))))))
        (expr-stmt (assign (unary:@ (name a)) (number:int 1)))
        (expr-stmt (unary:@ (name a)))",
    );
}

#[test]
fn branches_and_handlers() {
    check(
        "if a do b else c end\nunless a, do: b\ncase a do\n {:ok, x} when x -> x\n ^y -> 1\nend\ncond do\n a -> b\nend",
        "
        (if (name a) (block (expr-stmt (name b))) (block (expr-stmt (name c))))
        (if (unary:! (name a)) (block (expr-stmt (name b))) _)
        (switch (name a) (case (other guard (tuple (atom ok) (name x)) (name x)) (block (expr-stmt (name x)))) (case (other pin (name y)) (block (expr-stmt (number:int 1)))))
        (switch _ (case (name a) (block (expr-stmt (name b)))))",
    );
    check(
        "def f do\n a\nrescue\n e in [X] -> e\nafter\n b\nend\nwith {:ok, a} <- b, do: a\nfor x <- y, x > 1, do: x",
        "
        (func-def (attrs) (name f) (params) _ (block (try (block (expr-stmt (name a))) (catch (list (name X)) (name e) (block (expr-stmt (name e)))) _ (finally (block (expr-stmt (name b)))))))
        (with (assign (tuple (atom ok) (name a)) (name b)) (block (expr-stmt (name a))))
        (expr-stmt (comprehension:list (name x) (comp-for (name x) (name y)) (comp-if (binary:> (name x) (number:int 1)))))",
    );
}

#[test]
fn literals() {
    check(
        "%{\"b\" => c}\n%S{m | a: 1}\n[a, b | c]\n{1, :b}\n\"x#{y}\"\n~r/a/i\n'c'\nx[:a]\n1_0 <> nil",
        "
        (expr-stmt (dict (key-value (str b) (name c))))
        (expr-stmt (cast (name S) (dict (spread:double-splat (name m)) (key-value (atom a) (number:int 1)))))
        (expr-stmt (list (name a) (binary:| (name b) (name c))))
        (expr-stmt (tuple (number:int 1) (atom b)))
        (expr-stmt (interp (str x) (name y)))
        (expr-stmt (regex a (str i)))
        (expr-stmt (other charlist (str c)))
        (expr-stmt (index (name x) (atom a)))
        (expr-stmt (binary:. (number:int 10) (null nil)))",
    );
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        (
            "$M.f(..., k: $V, ...)",
            "(expr-stmt (call (dot:dot (metavar $M) (name f)) (args (ellipsis) (kw-arg (name k) (metavar $V)) (ellipsis))))",
        ),
        ("|> f($X)", "(call (name f) (args (ellipsis) (metavar $X)))"),
        (
            "def $F(..., $X, ...) do\n ...\nend",
            "(func-def (attrs) (metavar $F) (params (ellipsis) (param (attrs) (metavar $X) _ _) (ellipsis)) _ (block (ellipsis)))",
        ),
        ("%{..., $K: $V, ...}", "(expr-stmt (dict (ellipsis) (key-value (metavar $K) (metavar $V)) (ellipsis)))"),
        ("\"...#{$X}...\"", "(expr-stmt (interp (any-str) (metavar $X) (any-str)))"),
        ("f(<... $X ...>, \"...\")", "(expr-stmt (call (name f) (args (deep (metavar $X)) (any-str))))"),
        ("case $X do\n ... -> ...\nend", "(switch (metavar $X) (ellipsis))"),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
}
