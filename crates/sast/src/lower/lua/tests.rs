use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn assignments_are_told_apart() {
    check(
        "local a <const>, b = 1, 'x'\na.b, c[d] = 1, 2\nx, y = f()\nlocal z",
        "
        (var-def:let (attrs (modifier const)) (name a) _ (number:int 1))
        (var-def:let (attrs (modifier const)) (name b) _ (str x))
        (expr-stmt (assign (dot:dot (name a) (name b)) (number:int 1)))
        (expr-stmt (assign (index (name c) (name d)) (number:int 2)))
        (expr-stmt (assign (tuple (name x) (name y)) (call (name f) (args))))
        (var-def:let (attrs) (name z) _ _)",
    );
}

#[test]
fn functions_and_calls() {
    check(
        "function M:f(a, ...) return a, 1 end\nlocal function g() end\nx = function(y) end\na:b 'c' :d{1}",
        "
        (func-def (attrs) (dot:dot (name M) (name f)) (params (param (attrs) (name a) _ _) (param:splat (attrs) (name ...) _ _)) _ (block (return (tuple (name a) (number:int 1)))))
        (func-def (attrs (modifier local)) (name g) (params) _ (block))
        (expr-stmt (assign (name x) (lambda (params (param (attrs) (name y) _ _)) _ (block))))
        (expr-stmt (call (dot:dot (call (dot:dot (name a) (name b)) (args (str c))) (name d)) (args (list (number:int 1)))))",
    );
}

#[test]
fn branches_and_loops() {
    check(
        "if a then f() elseif b then g() else h() end\nfor i = 1, 2 do end\nfor k, v in p(t) do break end\nrepeat f() until x",
        "
        (if (name a) (block (expr-stmt (call (name f) (args)))) (if (name b) (block (expr-stmt (call (name g) (args)))) (block (expr-stmt (call (name h) (args))))))
        (for-each (name i) (binary:.. (number:int 1) (number:int 2)) (block))
        (for-each (tuple (name k) (name v)) (call (name p) (args (name t))) (block (break _)))
        (do-while (block (expr-stmt (call (name f) (args)))) (unary:! (name x)))",
    );
}

#[test]
fn values() {
    check(
        "x = {a = 1, ['b'] = 2, 3} y = a .. [[b]] ~= #c and not 0x10 == 1.5",
        "
        (expr-stmt (assign (name x) (dict (key-value (str a) (number:int 1)) (key-value (str b) (number:int 2)) (number:int 3))))
        (expr-stmt (assign (name y) (binary:&& (binary:!= (binary:. (name a) (str b)) (unary:word (name c))) (binary:== (unary:! (number:int 16)) (number:float 1.5)))))",
    );
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        ("$X == $X", "(binary:== (metavar $X) (metavar $X))"),
        (
            "$X = f(...)\n...\ng(\"...\")",
            "(expr-stmt (assign (metavar $X) (call (name f) (args (ellipsis))))) (ellipsis) (expr-stmt (call (name g) (args (any-str))))",
        ),
        ("if $X then ... end", "(if (metavar $X) (block (ellipsis)) _)"),
        ("if $X then $S end", "(if (metavar $X) (block (expr-stmt (metavar $S))) _)"),
        (
            "function $F(..., $X) ... end",
            "(func-def (attrs) (metavar $F) (params (ellipsis) (param (attrs) (metavar $X) _ _)) _ (block (ellipsis)))",
        ),
        ("{..., x = $Y}", "(dict (ellipsis) (key-value (str x) (metavar $Y)))"),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
}

#[test]
fn brackets_that_vanish_may_nest() {
    let n = 50_000;
    check(&format!("x = {}1{}", "(".repeat(n), ")".repeat(n)), "(expr-stmt (assign (name x) (number:int 1)))");
}
