//! Sinks that data arrives at stand in a line that says `FLOW`, and no others.

use std::sync::Arc;

use crate::{Models, suite::Suite};

fn check(file: &str, text: &str) {
    let rule = "rules:
  - id: flow
    languages: [python, javascript, typescript, java, go, ruby, php, csharp, kotlin]
    severity: ERROR
    message: m
    mode: taint
    pattern-sources: [{pattern: source(...)}]
    pattern-sanitizers: [{pattern: clean(...)}]
    pattern-sinks: [{patterns: [{pattern: sink($X)}, {focus-metavariable: $X}]}]
";
    let suite = Suite::read(rule, Arc::new(Models::default()));
    assert!(suite.problems().is_empty(), "{:?}", suite.problems());
    let found: Vec<u32> = suite.run(file, text).iter().map(|found| found.line).collect();
    let expected: Vec<u32> = (1..).zip(text.lines()).filter(|(_, line)| line.contains("FLOW")).map(|(number, _)| number).collect();
    assert_eq!(found, expected, "{file}: {text}");
}

#[test]
fn what_is_left_out_of_a_value_is_said() {
    let rule = |id: &str| {
        format!(
            "  - {{id: {id}, languages: [python], severity: ERROR, message: m, mode: taint, pattern-sources: [{{pattern: {id}(...)}}], pattern-sinks: [{{pattern: sink($X)}}]}}\n"
        )
    };
    let parsed = crate::rule::read(&format!("rules:\n{}{}", rule("many"), rule("rare")));
    let plan = crate::plan::Plan::compile(parsed.rules.into_iter().map(Arc::new), Arc::new(Models::default()));
    let cut = |n: usize| {
        let text = format!("sink({} + rare())", vec!["many()"; n].join(" + "));
        let outcome = crate::run::run(&plan, &[0, 1], &text, crate::lower::language("python"), None);
        (outcome.matches.iter().map(|found| found.rule).collect::<Vec<usize>>(), outcome.cut)
    };
    assert_eq!(cut(10), (vec![0, 1], vec![]));
    assert_eq!(cut(60), (vec![0], vec![1]));
}

#[test]
fn parts_of_parameters_are_told_apart() {
    check("a.py", "def f(o):\n  sink(o['a']) # FLOW\n  sink(o['b'])\nf({'a': source(), 'b': 'x'})");
    check("a.js", "function f({ a, b }) {\n sink(a) // FLOW\n sink(b)\n}\nf({ a: source(), b: 1 })");
    check("a.py", "def second(pair):\n  return pair[1]\nsink(second(['x', source()])) # FLOW\nsink(second([source(), 'x']))");
}

#[test]
fn fields_are_the_same_wherever_they_are_named() {
    let java = "class A { String a; String b;\n void set() { this.a = source(); b = \"x\"; use(); }\n void use() {\n sink(a); // FLOW\n sink(b); } }";
    check("A.java", java);
    check("a.rb", "class A\n def initialize(x)\n  @x = x\n end\n def go\n  sink(@x) # FLOW\n end\nend\nA.new(source()).go");
    check("a.go", "package a\nfunc (s *S) set() { s.x = source(); sink(s.x) // FLOW\n sink(s.y) }");
    check("a.ts", "class A { constructor(private a: string, b: string) {}\n go() {\n sink(this.a) // FLOW\n } }\nnew A(source(), 1).go()");
}

#[test]
fn lists_are_known_by_position() {
    check("a.py", "l = []\nl.append('a')\nl.append(source())\nl.insert(0, 'b')\nsink(l[0])\nsink(l[2]) # FLOW\nsink(l[1])");
    check(
        "A.java",
        "class A { void f() { List<String> l = new ArrayList<>();\n l.add(\"a\"); l.add(source()); l.remove(0);\n sink(l.get(0)); // FLOW\n } }",
    );
    check("a.js", "const l = ['a', source()]\nconst last = l.pop()\nsink(last) // FLOW\nsink(l.pop())");
}

#[test]
fn decided_branches_do_not_run() {
    let java = |index: u32, case: char| {
        format!(
            "class A {{ void f() {{ String s = source(); String r; String g = \"ABC\"; char c = g.charAt({index});\n switch (c) {{\n case 'A': r = s; break;\n case '{case}': r = \"x\"; break;\n default: r = \"y\"; }}\n sink(r); {}\n }} }}",
            if index == 0 { "// FLOW" } else { "" }
        )
    };
    check("A.java", &java(1, 'B'));
    check("A.java", &java(0, 'B'));
    check("a.py", "g = 'ABC'[1]\nmatch g:\n  case 'A' | 'C':\n    r = source()\n  case _:\n    r = 'x'\nsink(r)");
    check("a.py", "s = 'some text'\nif 'text' not in s:\n  s = source()\nsink(s)");
    check("a.go", "package a\nfunc f() { n := 1\n r := \"x\"\n switch n {\n case 1: r = \"y\"\n case 2: r = source()\n }\n sink(r) }");
}

#[test]
fn functions_without_names_are_functions() {
    check("a.js", "const f = (x, y) => {\n sink(x) // FLOW\n sink(y)\n}\nf(source(), 1)");
    check("a.js", "const id = x => x, no = x => 1\nsink(id(source())) // FLOW\nsink(no(source()))");
}

#[test]
fn an_argument_is_what_its_call_gives_back() {
    check("a.py", "def known(x):\n  return 'x'\nsink(clean(source()))\nsink(known(source()))\nsink(other(source())) # FLOW");
}
