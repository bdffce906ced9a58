use std::sync::Arc;

use super::*;
use crate::{
    ir::Interner,
    lower::{LANGUAGES, lower},
};

/// Checks what a pattern finds: the texts of the matches, in order.
pub(super) fn check(language: &str, pattern: &str, text: &str, expected: &[&str]) {
    check_with(&Options::default(), language, pattern, text, expected);
}

fn check_with(options: &Options, language: &str, pattern: &str, text: &str, expected: &[&str]) {
    let language = LANGUAGES.iter().find(|known| known.name == language).unwrap();
    let mut symbols = Interner::default();
    let compiled = Pattern::compile(pattern, language, &mut symbols).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    let mut own = Interner::new(Arc::new(symbols.freeze()));
    let tree = lower(language, text, &mut own, false).unwrap();
    let unit = Unit::new(text, Some(language), tree, own);
    let found = find(&unit, &compiled, options, Within { root: NodeId::ROOT, is_inside: false });
    let texts: Vec<&str> = found.matches.iter().map(|found| text.get(found.range.0 as usize..found.range.1 as usize).unwrap()).collect();
    assert_eq!(texts, expected, "{pattern}\n{text}");
}

#[test]
fn calls() {
    check("python", "f(...)", "f()\ng(f(1, x=2))", &["f()", "f(1, x=2)"]);
    check("python", "f($X, ...)", "f()\nf(1)\nf(1, 2)", &["f(1)", "f(1, 2)"]);
    check("python", "f(..., a=1, ...)", "f(a=1)\nf(2, b=3, a=1)\nf(a=2)", &["f(a=1)", "f(2, b=3, a=1)"]);
    check("python", "f($X, $X)", "f(a, a)\nf(a, b)\nf(g(1), g( 1 ))", &["f(a, a)", "f(g(1), g( 1 ))"]);
    check("python", "$X.f(...)", "a.f()\na.b.f(1)", &["a.f()", "a.b.f(1)"]);
    check("python", "f(...).g(...)", "f(1).g()", &["f(1).g()"]);
}

#[test]
fn strings() {
    check("python", "f(\"...\")", "f('a')\nf(a)\nx = 'b'\nf(x)", &["f('a')", "f(x)"]);
    check("python", "f('a')", "f(\"a\")\nx = 'a'\nf(x)\nf('b')", &["f(\"a\")", "f(x)"]);
    check("python", "f('ab')", "f('a' + 'b')\nf('a' 'b')", &["f('a' + 'b')", "f('a' 'b')"]);
    check("python", "f\"...{$X}...\"", "f'a{b}c'\nf'{b}'\n'x'", &["f'a{b}c'", "f'{b}'"]);
    check("python", "f(\"=~/^a/\")", "f('ab')\nf('ba')", &["f('ab')"]);
}

#[test]
fn imported_names_are_what_they_stand_for() {
    check("python", "flask.request.args", "from flask import request as r\nr.args\nrequest.args", &["r.args"]);
    check("python", "subprocess.run(...)", "import subprocess as s\nfrom subprocess import run\ns.run(1)\nrun(2)", &["s.run(1)", "run(2)"]);
    check("python", "os.path.join(...)", "from os.path import *\njoin(a)", &["join(a)"]);
    check("python", "import os", "import os.path\nfrom os import x\nimport sys", &["import os.path", "from os import x"]);
}

#[test]
fn statements() {
    check("python", "$X = 1\n...\nf($X)", "a = 1\nb = 2\nif b:\n    f(a)\n", &["a = 1\nb = 2\nif b:\n    f(a)"]);
    check("python", "$X = 1", "a = b = 1\nx: int = 1\n", &["b = 1", "x: int = 1"]);
    check("python", "if $C:\n    ...", "if a:\n    b\nelse:\n    c\n", &["if a:\n    b\nelse:\n    c"]);
    check(
        "python",
        "def $F(..., $P, ...):\n    ...\n    return $P",
        "def f(a, b):\n    c()\n    return b\n",
        &["def f(a, b):\n    c()\n    return b"],
    );
    check("python", "class $C(A):\n    ...", "class B(X, A):\n    def f(): pass\n", &["class B(X, A):\n    def f(): pass"]);
    check("python", "@d\ndef $F(...):\n    ...", "@e\n@d\ndef f():\n    pass\ndef g():\n    pass\n", &["@e\n@d\ndef f():\n    pass"]);
    check("python", "try:\n    ...\nexcept $E:\n    pass", "try:\n    a\nexcept B:\n    pass\n", &["try:\n    a\nexcept B:\n    pass"]);
}

#[test]
fn deep_expressions() {
    check("python", "f(<... a ...>)", "f(g(1 + a))\nf(b)", &["f(g(1 + a))"]);
    check("python", "x. ... .y(...)", "x.a().b.y()\nx.y()\nz.y()", &["x.a().b.y()", "x.y()"]);
}

#[test]
fn operators() {
    check("python", "$X + $Y", "a + b + c", &["a + b + c", "a + b"]);
    check("python", "a | b", "b | c | a", &["b | c | a"]);
    check("python", "a and b", "b and a\na and b", &["a and b"]);
    check("python", "$X == $X", "a == a\na == b", &["a == a"]);
}

#[test]
fn collections() {
    check("python", "{..., 'a': $X, ...}", "{'b': 1, 'a': 2}\n{'b': 1}", &["{'b': 1, 'a': 2}"]);
    check("python", "[..., 1, ...]", "[0, 1, 2]\n[2]", &["[0, 1, 2]"]);
}

#[test]
fn values_depend_on_the_place() {
    check("python", "f('a')", "x = 'a'\nf(x)\nx = g()\nf(x)\n", &["f(x)"]);
    check("python", "f('a')", "x = 'a'\nif c:\n    x = 'b'\nf(x)\n", &[]);
    check("python", "f('a')", "X = 'a'\ndef g():\n    f(X)\n", &["f(X)"]);
    check("python", "f('a')", "def g(x='a'):\n    f(x)\n", &[]);
    check("python", "f(3)", "x = 1 + 2\nf(x)\n", &["f(x)"]);
}

#[test]
fn a_pattern_with_a_hundred_dots_ends() {
    let pattern = format!("f({})", "..., $X, ".repeat(50));
    let text = format!("f({})", "a, ".repeat(49));
    let language = LANGUAGES.iter().find(|known| known.name == "python").unwrap();
    let mut symbols = Interner::default();
    let compiled = Pattern::compile(&pattern, language, &mut symbols).unwrap();
    let mut own = Interner::new(Arc::new(symbols.freeze()));
    let tree = lower(language, &text, &mut own, false).unwrap();
    let unit = Unit::new(&text, Some(language), tree, own);
    find(&unit, &compiled, &Options::default(), Within { root: NodeId::ROOT, is_inside: false });
}

#[test]
fn values_are_followed_through_branches() {
    check("python", "f('...')", "if c:\n    a = 'x'\nelse:\n    a = 'y'\nf(a)\n", &["f(a)"]);
    check("python", "f('...')", "def g():\n    if c:\n        a = 'x'\n    f(a)\n", &[]);
    check("python", "f('x')", "def g():\n    a = 'x'\n    if c:\n        a = 'y'\n        return\n    f(a)\n", &["f(a)"]);
    check("python", "f(0)", "def g():\n    try:\n        h()\n        a = 0\n    except E:\n        a = 0\n    f(a)\n", &["f(a)"]);
    check("python", "f('...')", "def g():\n    a = 'x'\n    while c:\n        f(a)\n        a = h()\n", &[]);
    check("python", "f('xy')", "a = 'x'\na += 'y'\nf(a)\n", &["f(a)"]);
    check("python", "f('...')", "f('x' * n)\nf('x' + 1)\n", &["f('x' * n)"]);
    check("python", "\"x\"", "a = 'x'\na = 'y'\n", &["'x'"]);
    check(
        "javascript",
        "return \"...\"",
        "function f(a) {\n  var x = 'a';\n  if (a) { g() } else { throw 1; x = a }\n  return x;\n}",
        &["return x;"],
    );
}

#[test]
fn names_stand_for_what_they_were_given() {
    let options = Options { symbolic_propagation: true, ..Options::default() };
    let check = |pattern: &str, text: &str, expected: &[&str]| check_with(&options, "python", pattern, text, expected);
    check("f(g(...))", "def h():\n    a = g(1)\n    f(a)\n", &["f(a)"]);
    check("f(g(...))", "def h():\n    a = g(1)\n    a.change()\n    f(a)\n", &[]);
    check("f($X + $Y)", "def h():\n    a = 'x' + 'y'\n    f(a)\n    b = x + y\n    f(b)\n", &["f(b)"]);
    check("def $F($D={}):\n  ...\n  $D[...] = ...", "def f(d={}):\n    x = d\n    x[1] = 2\n", &["def f(d={}):\n    x = d\n    x[1] = 2"]);
}

#[test]
fn conjunctions_of_python_have_many_operands() {
    check("python", "a and $X and d", "a and b and c and d", &["a and b and c and d"]);
    check("python", "a and b", "a and b and c\n(a and b) and c", &["(a and b)"]);
    check("javascript", "a && b", "a && b && c", &["a && b"]);
    check("python", "$X + $Y", "a + b + c", &["a + b + c", "a + b"]);
}

#[test]
fn decorators_are_calls() {
    check("python", "@$X\ndef $F(): ...", "@a\ndef f(): pass\n@b(1)\ndef g(): pass\n", &["@a\ndef f(): pass"]);
    check("python", "@$X.b(...)\ndef $F(): ...", "@a.b\ndef f(): pass\n", &["@a.b\ndef f(): pass"]);
    check("python", "@a\ndef $F(): ...", "@a()\ndef f(): pass\n", &["@a()\ndef f(): pass"]);
    check("python", "a(...)", "@a\ndef f(): pass\n@a(1)\ndef g(): pass\n", &["a", "a(1)"]);
}

#[test]
fn strings_of_python_have_prefixes() {
    check("python", "f\"...\"", "f'a{b}'\n'a'\nf'a'\n", &["f'a{b}'", "f'a'"]);
    check("python", "$X == $X", "b'a' == 'a'\n'a' == 'a'", &["'a' == 'a'"]);
    check("python", "'...' '...'", "'a' 'b'\nf'{c}'\n", &["'a' 'b'", "f'{c}'"]);
    check("javascript", "`$...A${...}$...B`", "`a${b}c`; `a`", &["`a${b}c`"]);
}

#[test]
fn names_of_members_and_definitions_are_no_expressions() {
    check("typescript", "$X", "function f(a: T) { return b.c }", &["b.c", "b"]);
    check("python", "<... c ...>", "a.c\nc\n", &["c"]);
    check("javascript", "f(<... x ...>)", "f(() => { x })\nf(() => x)\nf([x])", &["f(() => x)", "f([x])"]);
}

#[test]
fn later_imports_take_the_place_of_earlier_ones() {
    check("python", "a.f()", "from a import f\nf()\nfrom b import f\nf()\n", &["f()"]);
    check("python", "a.f()", "f()\nfrom a import f\nf()\n", &["f()"]);
    check("python", "a.f", "def g():\n    from a import *\n    f\n", &[]);
}

#[test]
fn bodies_without_braces_are_statements() {
    check("python", "if $C:\n  $S\nelse:\n  $S", "if a:\n  b\n  c\nelse:\n  b\n  c\n", &["if a:\n  b\n  c\nelse:\n  b\n  c"]);
    check("python", "a == b", "x = (a ==\n b)", &["(a ==\n b)"]);
    check("python", "assert ...", "assert a, b", &["assert a, b"]);
    check("python", "f($X: int)", "f(1)\nf('a')", &["f(1)"]);
    check("python", "self.$A = $A", "def f(self, a): self.a = a", &["self.a = a"]);
    check("python", "{...}", "{1}\n{1: 2}\n{}", &["{1}", "{1: 2}", "{}"]);
    check("python", "x[1, 2]", "x[1, 2]\nx[(1, 2)]\nx[1]", &["x[1, 2]", "x[(1, 2)]"]);
    check("python", "try: ...\nexcept (..., B, ...): ...", "try: a\nexcept B: b\n", &["try: a\nexcept B: b"]);
}

#[test]
fn statements_of_closures_are_deep() {
    check("javascript", "var $X = 1;\n...\nf($X);", "var x = 1;\ng(() => { f(x); });", &["var x = 1;\ng(() => { f(x);"]);
}

#[test]
fn clauses_of_a_function_are_found_as_one() {
    check(
        "elixir",
        "def $F(...) do\n ...\nend",
        "def f(0) do 1 end\ndef f(x) do x end\ndef f(x, y) do y end",
        &["def f(0) do 1 end\ndef f(x) do x end", "def f(x, y) do y end"],
    );
    check("clojure", "(defn $F [$X $Y] ...)", "(defn f ([x] 1) ([x y] 2))", &["[x y] 2"]);
}

#[test]
fn folders_of_modules_are_found() {
    check("dart", "import 'package:a';", "import 'package:a/b.dart';\nimport 'package:ab/c.dart';", &["import 'package:a/b.dart';"]);
}

#[test]
fn closures_and_what_is_around_them_name_the_same() {
    check("javascript", "$X = $X[$K]", "let a\nlist.forEach(k => { a = a[k] })\nfunction f(b, c) { b = c[1] }", &["a = a[k]"]);
}

#[test]
fn a_constant_that_is_declared_again_is_another_one() {
    let pattern = "$X = {a: 1}\n...\nf($X)";
    check("javascript", pattern, "const x = {a: 1}\nconst x = {a: 1}\nf(x)", &["const x = {a: 1}\nf(x)"]);
    check("javascript", pattern, "let x = {a: 1}\nf(x)", &["let x = {a: 1}\nf(x)"]);
}

#[test]
fn calls_with_types_are_calls() {
    check("javascript", "use($X)", "use<boolean>(false)\nuse < b > (c)\nuse<b>\n(d)", &["use<boolean>(false)"]);
}

#[test]
fn types_of_expressions_follow_from_what_they_are_made_of() {
    let bools = "class A { void m(String s, List<Boolean> l) { f(s.equals(x)); f(s.trim()); f(x ^ true); f(1 ^ 2); f(l.get(0)); } }";
    check("java", "f((boolean $X))", bools, &["f(s.equals(x))", "f(x ^ true)", "f(l.get(0))"]);
    check(
        "java",
        "f((int $X))",
        "class A { void m(String s) { f(s.length()); f(Integer.parseInt(s)); f(s); } }",
        &["f(s.length())", "f(Integer.parseInt(s))"],
    );
}

#[test]
fn a_statement_alone_is_a_row_of_one() {
    let rule = "rules: [{id: t, languages: [javascript], severity: ERROR, message: m, patterns: [
  {pattern: 'function $F($X) { $BODY }'},
  {metavariable-pattern: {metavariable: $BODY, patterns: [{pattern-not: \"...\\nif ($C) { ... }\\n...\"}]}}]}]";
    let suite = crate::suite::Suite::read(rule, Arc::default());
    assert!(suite.problems().is_empty(), "{:?}", suite.problems());
    let found = suite.run("a.js", "function f(a) { if (a) { g() } }\nfunction f(a) { g(a) }");
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn configuration_names_values() {
    let text = "locals {\n  a = \"x\"\n  b = 5\n}\nvariable \"v\" {\n  default = \"x\"\n}\nr \"t\" {\n  k = local.a\n  l = var.v\n  m = local.none\n  n = \"${local.b}\"\n}";
    check("hcl", "$K = \"x\"", text, &["a = \"x\"", "default = \"x\"", "k = local.a", "l = var.v"]);
    check("hcl", "$K = \"5\"", text, &["n = \"${local.b}\""]);
    // What is named twice is not known.
    check("hcl", "k = \"x\"", "locals {\n  a = \"x\"\n}\nlocals {\n  a = \"y\"\n}\nr {\n  k = local.a\n}", &[]);
    // A number may stand in quotes.
    check("hcl", "a = 5", "r {\n  a = \"5\"\n  a = \"6\"\n}", &["a = \"5\""]);
}

#[test]
fn texts_of_constants_are_constants() {
    let java = "class A { void m(String s) { String a = String.format(\"x %s\", \"y\"); f(a); f(String.format(\"x %s\", s)); f(java.lang.String.format(\"x\")); } }";
    check("java", "f(\"...\")", java, &["f(a)", "f(java.lang.String.format(\"x\"))"]);
    check("php", "f(\"...\")", "<?php f(\"a \" . escapeshellarg(\"b\")); f(escapeshellarg($c));", &["f(\"a \" . escapeshellarg(\"b\"))"]);
    check("ruby", "f(\"...\")", "def m(x)\n  a = 'b'\n  f(a)\n  a << x\n  f(a)\nend", &["f(a)"]);
}

#[test]
fn fields_are_constant_where_nothing_writes_them() {
    let java =
        "class A { private int x = 5; public int y = 5; private int z = 5; void m() { f(x); f(y); f(z); } void n() { this.z = 3; } }";
    check("java", "f(5)", java, &["f(x)"]);
}

#[test]
fn a_class_is_known_by_its_name_where_it_is_called() {
    check("java", "(Digest $D).of(\"a\")", "class A { void m() { Digest.of(\"a\"); Other.of(\"a\"); } }", &["Digest.of(\"a\")"]);
}

#[test]
fn imports_of_all_that_a_path_holds_are_imports_of_it() {
    check("go", "import \"a/b\"", "package p\nimport . \"a/b\"\nimport . \"a/c\"", &["import . \"a/b\""]);
    // The name of a package does not say that it is one of Go.
    check("go", "jwt.X", "package p\nimport j \"e.com/jwt-go\"\nvar a = j.X", &["j.X"]);
}

#[test]
fn of_several_ways_to_match_the_one_as_written_comes_first() {
    let rule = "rules: [{id: t, languages: [python], severity: ERROR, message: m, pattern: $A ^ $B, fix: 'xor($A, $B)'}]";
    let suite = crate::suite::Suite::read(rule, Arc::default());
    let found = suite.run("a.py", "2 ^ 1");
    assert_eq!(found.first().and_then(|found| found.fix.as_deref()), Some("xor(2, 1)"));
}

#[test]
fn what_throws_without_a_word_is_a_call() {
    check(
        "solidity",
        "if (<... msg.sender ...>) revert(...);",
        "contract A { function f() { if (msg.sender != o) revert B(); if (x) revert(); } }",
        &["if (msg.sender != o) revert B();"],
    );
}

#[test]
fn expressions_in_strings_of_yaml_are_what_their_escapes_mean() {
    let text = "- a: \"b\\nc\"\n- a: |\n    b\n    c\n- a: bnc\n";
    check("yaml", "a: \"=~/b[\\\\n]c/\"", text, &["a: \"b\\nc\"", "a: |\n    b\n    c"]);
}
