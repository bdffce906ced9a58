//! What patterns find in the languages that have words and braces.

use std::sync::Arc;

use super::tests::check;

#[test]
fn headers_stand_for_statements_with_any_body() {
    check("java", "if ($X)", "void f() { if (a) { b(); } }", &["if (a) { b(); }"]);
    check("java", "public void $F(...)", "class A { public void f(int a) { g(); } void h() {} }", &["public void f(int a)"]);
    check("csharp", "while ($X)", "class A { void F() { while (a) { b(); } } }", &["while (a) { b(); }"]);
    check("php", "if ($X)", "<?php if ($a) { b(); }", &["if ($a) { b(); }"]);
    check("java", "String $X = $Y", "void f() { String a = b; int c = d; }", &["String a = b;"]);
}

#[test]
fn keywords_are_no_names() {
    check(
        "java",
        "catch (E $X) { ... }",
        "void f() { try { a(); } catch (E e) { } catch (F e) { } } void catchUp(E e) { }",
        &["catch (E e) { }"],
    );
    check("java", "f(T $X) { ... }", "class A { int f(T a) { return 1; } int f(U a) { return 1; } }", &["int f(T a) { return 1; }"]);
    check("java", "import a;\n...", "import a;\nimport b;\n", &["import a;", "import a;\nimport b;"]);
}

#[test]
fn any_loop_is_one_of_its_word() {
    let text = "void f() { for (int i = 0; i < 1; i++) { } for (A a : b) { } while (c) { } }";
    check("java", "for (...) { ... }", text, &["for (int i = 0; i < 1; i++) { }", "for (A a : b) { }"]);
    let text = "package p\nfunc f() {\n\tfor a { b() }\n\tfor i := range c { }\n}\n";
    check("go", "for ... { ... }", text, &["for a { b() }", "for i := range c { }"]);
}

#[test]
fn dots_at_the_end_reach_to_nothing_or_everything() {
    check("java", "a();\n...", "void f() { a(); b(); c(); }", &["a();", "a(); b(); c();"]);
    check("c", "free($X); ... $X = NULL;", "void f() { free(a); b(); a = NULL; }", &["free(a); b(); a = NULL;"]);
    check("ruby", "a\n...\nb", "a\nc do |x|\n  b\nend\n", &["a\nc do |x|\n  b"]);
}

#[test]
fn an_annotation_is_itself() {
    check("java", "@A(...)", "@B class C { @A(1) @B void f() { } }", &["@A(1)"]);
}

#[test]
fn chains_end_where_they_end() {
    let text = "class A { void F(B b) { b.c().d(); b.e(); g(); } }";
    check("csharp", "(B $X). ...;", text, &["b.c().d();", "b.e();"]);
}

#[test]
fn interpolated_strings_have_parts() {
    check("ruby", "\"...#{...}...\"", "a = \"b#{c}\"\nd = \"e\"\n", &["\"b#{c}\""]);
    check("ruby", "\"#{...}...\"", "a = \"b#{c}\"\nd = \"#{e}f\"\n", &["\"#{e}f\""]);
    check("ruby", "`...#{\"...\"}...`", "a = `b #{c}`\nd = `e #{'f'}`\n", &["`e #{'f'}`"]);
    check("ruby", "`...`", "a = `b #{c}`\n", &["`b #{c}`"]);
    check("php", "\"...$X...\"", "<?php $a = \"b $c\"; $d = 'e';", &["\"b $c\"", "\"b $c\""]);
}

#[test]
fn entries_of_hashes_have_symbols() {
    check("ruby", ":$KEY => false", "a = { :b => false, :c => true }\n", &[":b => false"]);
    check("ruby", "f :$X", "f :a\nf 'b'\n", &["f :a"]);
    check("ruby", "....f(..., :a, ...)", "x.f(:a)\nx.f(:b)\n", &["x.f(:a)"]);
}

#[test]
fn strings_that_are_put_together_are_strings() {
    check(
        "java",
        "\"...\" + \"...\"",
        "void f() { a = \"b\" + \"c\" + \"d\"; e = \"g\" + h; }",
        &["\"b\" + \"c\" + \"d\"", "\"b\" + \"c\""],
    );
}

#[test]
fn modules_are_found_below_their_path() {
    check("go", "import \"a/b\"", "package p\nimport (\n\t\"a/b/c\"\n\t\"a/bc\"\n)\n", &["import (\n\t\"a/b/c\""]);
}

#[test]
fn steps_before_and_behind_a_name_differ() {
    check("java", "$X--", "void f() { --a; b--; }", &["b--"]);
}

#[test]
fn names_of_functions_have_no_case_in_php() {
    check("php", "header($X)", "<?php Header('a'); other('b');", &["Header('a')"]);
    check("php", "header('$X' . $Y)", "<?php header('a' . $b);", &["header('a' . $b)"]);
}

#[test]
fn conditions_give_values() {
    check("java", "if (true) { ... }", "void f() { boolean a; if (a = true) { } if (a) { } }", &["if (a) { }"]);
}

#[test]
fn types_have_boxes_and_sizes() {
    check("java", "f((boolean $X))", "void g() { Boolean a = b(); f(a); Integer c = d(); f(c); }", &["f(a)"]);
    check("c", "(char *$X) == (char *$Y)", "void f() { char *s; int i; if (s == \"a\") { } if (i == 1) { } }", &["s == \"a\""]);
    check(
        "solidity",
        "$T[...] storage $X = $Y;",
        "contract C { function f() public { uint[2] storage a = b; uint[] storage c = d; } }",
        &["uint[2] storage a = b;"],
    );
}

#[test]
fn classes_of_php_have_no_case_and_methods_are_public() {
    check("php", "new A(...)", "<?php new a(1); new B(1);", &["new a(1)"]);
    check("php", "public function $F() { ... }", "<?php class A { function f() { } private function g() { } }", &["function f() { }"]);
}

#[test]
fn interpolated_strings_of_csharp_are_not_plain() {
    check("csharp", "f($\"...\")", "class A { void F() { f($\"a {b}\"); f(\"c\"); } }", &["f($\"a {b}\")"]);
}

#[test]
fn the_last_expression_is_returned() {
    check("ruby", "return $X", "def f(x)\n  g\n  if x\n    1\n  else\n    2\n  end\nend\n", &["1", "2"]);
    check("scala", "return $X", "object A { def f(x: Int): Int = { g(); x } }", &["x"]);
    check("rust", "return $X", "fn f(x: i32) -> i32 { g(); x }", &["x"]);
    check("ruby", "return $X", "def f\n  begin\n    1\n  ensure\n    2\n  end\nend\n", &["2"]);
}

#[test]
fn names_and_blocks_of_ruby() {
    check("ruby", "foo(...)", "foo\nfoo(1)\nbar = 1\nbar\n", &["foo", "foo(1)"]);
    check("ruby", "params[...]", "params()[:a]\n", &["params()[:a]"]);
    check("ruby", "f($X)", "f(x) do |n|\n  g n\nend\n", &["f(x) do |n|\n  g n\nend"]);
    check("ruby", "f($X, $Y)", "f(x) do |n|\n  g n\nend\n", &[]);
}

#[test]
fn addresses_have_types_of_pointers() {
    let code = "package p\nfunc f() { a := &T{}\n b := new(T)\n c := make(T)\n d := T{}\n a.g(1)\n b.g(2)\n c.g(3)\n d.g(4) }";
    check("go", "($X : *T).g(...)", code, &["a.g(1)", "b.g(2)"]);
    check("go", "($X : T).g(...)", code, &["c.g(3)", "d.g(4)"]);
}

#[test]
fn a_type_may_be_written_as_an_expression() {
    let rule = "rules: [{id: r, languages: [go], severity: ERROR, message: m, patterns: [{pattern: $X.g()}, {metavariable-type: {metavariable: $X, type: '*p.T'}}]}]";
    let suite = crate::suite::Suite::read(rule, Arc::new(crate::Models::default()));
    let found = suite.run("a.go", "package q\nfunc f(a *p.T, b p.T, c *p.U) {\n a.g()\n b.g()\n c.g()\n}");
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<u32>>(), [3]);
}

#[test]
fn names_of_macros_end_in_their_mark() {
    let rule = "rules: [{id: r, languages: [rust], severity: ERROR, message: m, patterns: [{pattern: $F(...)}, {metavariable-regex: {metavariable: $F, regex: '^say!$'}}]}]";
    let suite = crate::suite::Suite::read(rule, Arc::new(crate::Models::default()));
    let found = suite.run("a.rs", "fn f() {\n say!(1);\n say(2);\n}");
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<u32>>(), [2]);
}

#[test]
fn holes_behind_dots_are_spread() {
    check("javascript", "f({..., ...$X, ...})", "f({...a, b: 1});\nf({b: 1});\n", &["f({...a, b: 1})"]);
}

#[test]
fn statements_have_a_name_where_they_end_in_semicolons() {
    check("java", "f();\n$...REST\ng();", "class A { void h() { f(); int x; g(); } }", &["f(); int x; g();"]);
    check("java", "super(...)", "class A { A() { super(1); } }", &["super(1)"]);
}
