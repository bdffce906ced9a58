use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, text)
}

#[test]
fn commands_are_calls_of_words() {
    check(
        "A=1 curl -s 'a b' \"$x/y\" z$x > out 2>&1",
        r#"(expr-stmt (call _ (args (attrs (kw-arg (name A) (str 1)) (kw-arg (name ">") (str out)) (kw-arg (name ">&") (str 1) (str 2))) (str curl) (str -s) (str "a b") (interp (unary:deref (name x)) (str "/y")) (interp:template (str z) (unary:deref (name x))))))"#,
    );
}

#[test]
fn pipelines_and_lists() {
    check(
        "a | b -c | d",
        r#"(expr-stmt (call (name "|") (args (call (name "|") (args (call _ (args (attrs) (str a))) (call _ (args (attrs) (str b) (str -c))))) (call _ (args (attrs) (str d))))))"#,
    );
    check(
        "a && ! b || c",
        r#"(expr-stmt (call (name "||") (args (call (name "&&") (args (call _ (args (attrs) (str a))) (unary:! (call _ (args (attrs) (str b)))))) (call _ (args (attrs) (str c))))))"#,
    );
}

#[test]
fn expansions() {
    check(
        "f $x ${x} ${x:-d} ${#x} ${a[1]} $(b c) `b c` <(d) $((x + 1))",
        r##"(expr-stmt (call _ (args (attrs) (str f) (unary:deref (name x)) (unary:deref (name x)) (cast (call (name ":-") (args (str d))) (unary:deref (name x))) (cast (call (name "#") (args)) (unary:deref (name x))) (unary:deref (index (name a) (str 1))) (call (name "$(") (args (call _ (args (attrs) (str b) (str c))))) (call (name "$(") (args (call _ (args (attrs) (str b) (str c))))) (call (name "<(") (args (call _ (args (attrs) (str d))))) (binary:+ (name x) (number:int 1)))))"##,
    );
}

#[test]
fn assignments_and_declarations() {
    check(
        "a=1; b+=$c; d=(1 x); e[0]=; unset f",
        r#"
        (expr-stmt (assign (name a) (str 1)))
        (expr-stmt (aug-assign:+ (name b) (unary:deref (name c))))
        (expr-stmt (assign (name d) (list (str 1) (str x))))
        (expr-stmt (assign (index (name e) (str 0)) (str)))
        (delete (name f))"#,
    );
    check(
        "export A=1; local -r b",
        "(var-def (attrs (modifier export)) (name A) _ (str 1))\n(var-def (attrs (modifier local) (modifier -r)) (name b) _ _)",
    );
}

#[test]
fn control_flow() {
    check(
        "if [ -n \"$a\" ]; then b; elif [[ $c == d ]]; then e; else f; fi",
        r#"(if (call (name "[") (args (call (name -n) (args (interp (unary:deref (name a))))))) (block (expr-stmt (call _ (args (attrs) (str b))))) (if (call (name "[[") (args (binary:== (unary:deref (name c)) (str d)))) (block (expr-stmt (call _ (args (attrs) (str e))))) (block (expr-stmt (call _ (args (attrs) (str f)))))))"#,
    );
    check(
        "for i in 1 $x; do a; done; until b; do c; done",
        r"
        (for-each (name i) (list (str 1) (unary:deref (name x))) (block (expr-stmt (call _ (args (attrs) (str a))))))
        (while (unary:! (call _ (args (attrs) (str b)))) (block (expr-stmt (call _ (args (attrs) (str c))))))",
    );
    check(
        "case $a in b|c) d;; *) e;; esac",
        "(switch (unary:deref (name a)) (case (str b) (str c) (block (expr-stmt (call _ (args (attrs) (str d)))))) (case (block (expr-stmt (call _ (args (attrs) (str e)))))))",
    );
    check("f() { a; }", "(func-def (attrs) (name f) (params) _ (block (expr-stmt (call _ (args (attrs) (str a))))))");
    check(
        "while a; do b; done < c",
        r#"(with (kw-arg (name "<") (str c)) (block (while (call _ (args (attrs) (str a))) (block (expr-stmt (call _ (args (attrs) (str b))))))))"#,
    );
}

#[test]
fn heredocs() {
    check(
        "cat <<E\n a $x\nE\n",
        r#"(expr-stmt (call _ (args (attrs (kw-arg (name "<<") (interp (str " a ") (unary:deref (name x)) (str "\n")))) (str cat))))"#,
    );
    check(
        "cat <<'E' | sh\n a\nE\n",
        r#"(expr-stmt (call (name "|") (args (call _ (args (attrs (kw-arg (name "<<") (str " a\n"))) (str cat))) (call _ (args (attrs) (str sh))))))"#,
    );
}

#[test]
fn a_redirection_where_nothing_is_redirected_ends() {
    let tree = crate::lower::lower(&LANGUAGE, "({w(r(){r(){`/>v>", &mut crate::ir::Interner::default(), false);
    assert!(tree.is_ok());
}

#[test]
fn a_comment_between_commands_is_between_them() {
    check(
        "a | b | c\n# d\ne | f > g\n\n# h\ni",
        r#"
        (expr-stmt (call (name "|") (args (call (name "|") (args (call _ (args (attrs) (str a))) (call _ (args (attrs) (str b))))) (call _ (args (attrs) (str c))))))
        (expr-stmt (call (name "|") (args (call _ (args (attrs) (str e))) (call _ (args (attrs (kw-arg (name ">") (str g))) (str f))))))
        (expr-stmt (call _ (args (attrs) (str i))))"#,
    );
}

#[test]
fn patterns() {
    assert_eq!(
        pattern("curl DOTS__ | DOTS__ bash DOTS__\n"),
        r#"(expr-stmt (call (name "|") (args (call _ (args (attrs) (str curl) (ellipsis))) (call _ (args (attrs) (ellipsis) (str bash) (ellipsis))))))"#
    );
    assert_eq!(pattern("DOTS__ | a\n"), r#"(expr-stmt (call (name "|") (args (ellipsis) (call _ (args (attrs) (str a))))))"#);
    assert_eq!(pattern("$(a MV__X)\n"), r#"(expr-stmt (call (name "$(") (args (call _ (args (attrs) (str a) (metavar $X))))))"#);
    assert_eq!(
        pattern("f ${MV__X} $X $x DOTS__${MV__X}\n"),
        "(expr-stmt (call _ (args (attrs) (str f) (unary:deref (metavar $X)) (metavar $X) (unary:deref (name x)) (interp:template (ellipsis) (unary:deref (metavar $X))))))"
    );
}

#[test]
fn deep_patterns() {
    assert_eq!(
        pattern("MV__X=DEEP__( curl )\nDOTS__\neval DEEP__(MV__X)\n"),
        "(expr-stmt (assign (metavar $X) (call (name DEEP__) (args (str curl)))))\n(expr-stmt (ellipsis))\n(expr-stmt (call _ (args (attrs) (str eval) (call (name DEEP__) (args (metavar $X))))))"
    );
}

#[test]
fn frames_take_patterns() {
    crate::lower::check_frames(
        &LANGUAGE,
        &[
            "DOTS__ bash -c \"$(curl DOTS__)\"",
            "for MV__X in MV__Y; do\n  DOTS__\ndone",
            "MV__X=DOTS__",
            "if DOTS__; then\n  DOTS__\nfi",
            "MV__X) DOTS__ ;;",
        ],
    );
}
