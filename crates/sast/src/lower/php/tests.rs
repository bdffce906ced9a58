use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, &format!("<?php {text}"), expected);
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, &format!("<?php {text}"))
}

#[test]
fn calls_and_members() {
    check(
        "$a->b(1, n: 2, ...$c)[0]; A\\B::f(); $a?->b; A::$b; A::C; $f();",
        r#"
        (expr-stmt (index (call (dot:arrow (name $a) (name b)) (args (number:int 1) (kw-arg (name n) (number:int 2)) (spread:splat (name $c)))) (number:int 0)))
        (expr-stmt (call (dot:scope (dot:dot (name A) (name B)) (name f)) (args)))
        (expr-stmt (dot:optional (name $a) (name b)))
        (expr-stmt (dot:scope (name A) (name $b)))
        (expr-stmt (dot:scope (name A) (name C)))
        (expr-stmt (call (name $f) (args)))"#,
    );
    check("new A(1); new $a;", "(expr-stmt (new (name A) (args (number:int 1)) _))\n(expr-stmt (new (name $a) (args) _))");
}

#[test]
fn words_that_act_as_functions() {
    check(
        "echo $a, 'b'; print('c'); include 'd'; exit(1); `ls $a`;",
        r#"
        (expr-stmt (call (name echo) (args (name $a) (str b))))
        (expr-stmt (call (name print) (args (str c))))
        (expr-stmt (call (name include) (args (str d))))
        (expr-stmt (call (name exit) (args (number:int 1))))
        (expr-stmt (call (name "`") (args (interp (str "ls ") (name $a)))))"#,
    );
}

#[test]
fn text_around_code() {
    crate::lower::check(
        &LANGUAGE,
        "<b><?= $a ?></b>\n<?php if ($a): ?> c <?= $b ?><?php endif;",
        r#"
        (xml-text "<b>")
        (expr-stmt (call (name echo) (args (name $a))))
        (xml-text "</b>")
        (if (name $a) (block (xml-text c) (expr-stmt (call (name echo) (args (name $b))))) _)"#,
    );
}

#[test]
fn imports() {
    check(
        "namespace A\\B; use C\\D as E, F; use G\\{H, I as J};",
        r"
        (package (dot:dot (name A) (name B)))
        (import-from (name C) (import-item (name D) (name E)))
        (import (name F) _)
        (import-from (name G) (import-item (name H) _) (import-item (name I) (name J)))",
    );
}

#[test]
fn definitions() {
    check(
        "#[R('/')] function f(?int $a = 1, &...$b): A|B { static $c; }",
        "(func-def (attrs (annotation (call (name R) (args (str \"/\"))))) (name f) (params (param (attrs) (name $a) (type-of:optional (name int)) (number:int 1)) (param:splat (attrs (modifier \"&\")) (name $b) _ _)) (binary:| (name A) (name B)) (block (var-def (attrs (modifier static)) (name $c) _ _)))",
    );
    check(
        "abstract class A extends B implements C { const D = 1; public static $e = 2, $f; function __construct(private int $g) {} }",
        "(class-def:class (attrs (modifier abstract)) (name A) _ (bases (name B) (name C)) (block (var-def:const (attrs) (name D) _ (number:int 1)) (var-def (attrs (modifier public) (modifier static)) (name $e) _ (number:int 2)) (var-def (attrs (modifier public) (modifier static)) (name $f) _ _) (func-def:constructor (attrs (modifier public)) (name __construct) (params (param (attrs (modifier private)) (name $g) (name int) _)) _ (block))))",
    );
    check(
        "enum A: string { case B = 'b'; }",
        "(class-def:enum (attrs) (name A) _ (bases (name string)) (block (var-def:const (attrs) (name B) _ (str b))))",
    );
}

#[test]
fn closures() {
    check(
        "$a = function ($b) use ($c) { return $b; }; $a = fn($b) => $b;",
        r"
        (expr-stmt (assign (name $a) (lambda (params (param (attrs) (name $b) _ _)) _ (block (return (name $b))))))
        (expr-stmt (assign (name $a) (lambda (params (param (attrs) (name $b) _ _)) _ (name $b))))",
    );
}

#[test]
fn control_flow() {
    let expected = "(if (name $a) (block (expr-stmt (call (name b) (args)))) (if (name $c) (block (expr-stmt (call (name d) (args)))) (block (expr-stmt (call (name e) (args))))))";
    check("if ($a) b(); elseif ($c) d(); else e();", expected);
    check("if ($a) { b(); } else if ($c) { d(); } else { e(); }", expected);
    check("if ($a): b(); elseif ($c): d(); else: e(); endif;", expected);
    check(
        "foreach ($a as $k => $v): b(); endforeach;",
        "(for-each (key-value (name $k) (name $v)) (name $a) (block (expr-stmt (call (name b) (args)))))",
    );
    check(
        "for ($i = 0; $i < 1; $i++): a(); b(); endfor;",
        "(for (assign (name $i) (number:int 0)) (binary:< (name $i) (number:int 1)) (unary:++ (name $i)) (block (expr-stmt (call (name a) (args))) (expr-stmt (call (name b) (args)))))",
    );
    check(
        "switch ($a) { case 1: b(); break; default: c(); }",
        "(switch (name $a) (case (number:int 1) (block (expr-stmt (call (name b) (args))) (break _))) (case (block (expr-stmt (call (name c) (args))))))",
    );
    check(
        "$a = match ($b) { 1, 2 => 3, default => 4 };",
        "(expr-stmt (assign (name $a) (switch (name $b) (case (number:int 1) (number:int 2) (number:int 3)) (case (number:int 4)))))",
    );
}

#[test]
fn exceptions() {
    check(
        "try { a(); } catch (A | B $e) {} finally {} throw new C();",
        r"
        (try (block (expr-stmt (call (name a) (args)))) (catch (binary:| (name A) (name B)) (name $e) (block)) _ (finally (block)))
        (throw (new (name C) (args) _) _)",
    );
}

#[test]
fn strings() {
    check(
        r#"'a\'$b'; "a\n"; "a $b[0] {$c->d} ${e}f";"#,
        r#"
        (expr-stmt (str "a\\'$b"))
        (expr-stmt (str "a\\n"))
        (expr-stmt (interp (str "a ") (index (name $b) (number:int 0)) (str " ") (dot:arrow (name $c) (name d)) (str " ") (name $e) (str f)))"#,
    );
    check(
        "$a = <<<X\n b $c\n d\nX;\n$a = <<<'X'\n$b\nX;",
        r#"
        (expr-stmt (assign (name $a) (interp (str " b ") (name $c) (str "\n d"))))
        (expr-stmt (assign (name $a) (str $b)))"#,
    );
}

#[test]
fn operators() {
    check(
        "$a . 'b' ?: !$c and $d <> 010;",
        "(expr-stmt (binary:&& (binary:?? (binary:. (name $a) (str b)) (unary:! (name $c))) (binary:!= (name $d) (number:int 8))))",
    );
    check(
        "$a .= (string) @$b ?? $c instanceof D;",
        "(expr-stmt (aug-assign:. (name $a) (binary:?? (cast (name string) (unary:word (name $b))) (type-test (name $c) (name D)))))",
    );
    check(
        "[$a, 'b' => $c] = array(1, 'x' => &$d);",
        "(expr-stmt (assign (list (name $a) (key-value (str b) (name $c))) (list (number:int 1) (key-value (str x) (unary:address-of (name $d))))))",
    );
}

#[test]
fn variables_of_patterns() {
    assert_eq!(pattern("$MV__X = $_GET[$MV__Y];"), "(expr-stmt (assign (metavar $X) (index (name $_GET) (metavar $Y))))");
    assert_eq!(pattern("$MV___POST;"), "(expr-stmt (name $_POST))");
    assert_eq!(
        pattern("f(\"$X\", \"a $X\", '$X', ...);"),
        "(expr-stmt (call (name f) (args (str-metavar $X) (interp (str \"a \") (metavar $X)) (str-metavar $X) (ellipsis))))"
    );
    assert_eq!(pattern("class MV__X { use DOTS__; }"), "(class-def:class (attrs) (metavar $X) _ (bases) (block (ellipsis)))");
    assert_eq!(pattern("function f($DOTS__) {}"), "(func-def (attrs) (name f) (params (param (attrs) (ellipsis) _ _)) _ (block))");
}

#[test]
fn frames_take_patterns() {
    crate::lower::check_frames(
        &LANGUAGE,
        &[
            "$MV__F(DOTS__, $MV__X)",
            "MV__A::$MV__F(DOTS__)",
            "$MV__A->$MV__F->DOTS__(1)",
            "$MV__X = MV__F(DOTS__);\nuse DOTS__;\nif (DOTS__) { use DOTS__; }",
            "class MV__C extends A { use DOTS__; }",
            "public function MV__F($DOTS__, A $MV__X) { use DOTS__; }",
            "function MV__F($DOTS__)",
            "public function MV__F($DOTS__)",
            "return [DOTS__, 'a' => MV__X, DOTS__];",
            "'a' => MV__X",
            "catch (MV__E $MV__X) { use DOTS__; }",
            "try { use DOTS__; } catch (DOTS__ $DOTS__) { use DOTS__; }",
            "#[MV__A(DOTS__)]",
            "case MV__X: use DOTS__;",
            "new MV__C(DOTS__)",
        ],
    );
}
