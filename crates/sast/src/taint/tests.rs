//! Sinks that data arrives at stand in a line that says `FLOW`, and no others.

use std::sync::Arc;

use crate::{Models, suite::Suite};

fn check(file: &str, text: &str) {
    check_rule(
        "pattern-sources: [{pattern: source(...)}]
    pattern-sanitizers: [{pattern: clean(...)}]
    pattern-sinks: [{patterns: [{pattern: sink($X)}, {focus-metavariable: $X}]}]",
        file,
        text,
    );
}

/// The same for a rule of its own.
fn check_rule(lists: &str, file: &str, text: &str) {
    let rule = format!(
        "rules:
  - id: flow
    languages: [python, javascript, typescript, java, go, ruby, php, csharp, kotlin, rust, scala, swift, elixir]
    severity: ERROR
    message: m
    mode: taint
    {lists}
"
    );
    let suite = Suite::read(&rule, Arc::new(Models::default()));
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
        let outcome = crate::run::run(&plan, &[0, 1], &text, &bartizan_syntax::Trees::default(), crate::lower::language("python"), None);
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

#[test]
fn labels_count_together_where_they_arrive() {
    let rule = "pattern-sources: [{pattern: source(...), label: IN}, {pattern: '\"https:\" + $X', label: FIXED, requires: IN}]
    pattern-sinks: [{pattern: sink($X), requires: IN and not FIXED}]";
    check_rule(rule, "a.py", "u = source()\nsink(u) # FLOW\nv = 'https:' + u\nsink(v)");
    // A parameter may carry anything, but what is known to arrive with it counts.
    check_rule(rule, "a.py", "def f(p):\n  sink('https:' + source(p))\n  sink(source(p)) # FLOW");
    check_rule(rule, "a.py", "def f(p):\n  sink(p) # FLOW\ndef g(p):\n  sink(p)\nf(source())\ng('https:' + source())");
}

#[test]
fn labels_are_given_within_functions() {
    let rule = "pattern-sources: [{pattern: source(...), label: IN}, {pattern: $X + $Y, label: TEXT, requires: IN}]
    pattern-sinks: [{pattern: sink($X), requires: TEXT}]";
    check_rule(rule, "a.py", "def f(p):\n  return 'a' + p\ndef g(p):\n  return p\nsink(f(source())) # FLOW\nsink(f(1))\nsink(g(source()))");
    check_rule(rule, "a.py", "def f(p):\n  sink('a' + p) # FLOW\ndef g(p):\n  sink(p)\nf(source())\ng(source())\nf(1)");
}

#[test]
fn running_something_may_be_followed() {
    let rule = "pattern-sources: [{pattern: open_door(), control: true}]
    pattern-sinks: [{pattern: leave()}]";
    check_rule(rule, "a.py", "def f(x):\n  leave()\n  if x:\n    open_door()\n  leave() # FLOW");
    check_rule(rule, "a.py", "def f(x):\n  if x:\n    open_door()\n  else:\n    leave()");
}

#[test]
fn a_sink_may_count_only_where_a_function_ends() {
    let rule = "pattern-sources: [{pattern: source()}]
    pattern-sinks: [{pattern: sink(...), at-exit: true}]";
    check_rule(rule, "a.py", "def f(x):\n  y = source()\n  sink(y)\n  if x:\n    return sink(y) # FLOW\n  sink(y) # FLOW");
}

#[test]
fn propagators_ask_for_labels_and_replace_them() {
    let rule = "pattern-sources: [{pattern: a(), label: A}, {pattern: b(), label: B}]
    pattern-propagators:
      - {pattern: $TO.take($FROM), from: $FROM, to: $TO, requires: A, label: C}
      - {pattern: $TO.swap($FROM), from: $FROM, to: $TO, replace-labels: [B], label: C}
    pattern-sinks: [{pattern: sink($X), requires: C}]";
    check_rule(rule, "a.py", "x.take(a())\nsink(x) # FLOW\ny.take(b())\nsink(y)");
    check_rule(rule, "a.py", "x.swap(a())\nsink(x)\ny.swap(b())\nsink(y) # FLOW");
}

#[test]
fn a_propagator_may_change_only_a_value() {
    let rule = "options: {taint_assume_safe_functions: true}
    pattern-sources: [{pattern: source()}]
    pattern-propagators:
      - {patterns: [{pattern-inside: $F($X)}, {focus-metavariable: $F}, {pattern: same}], from: $X, to: $F, by-side-effect: false}
    pattern-sinks: [{pattern: sink(...)}]";
    check_rule(rule, "a.py", "sink(same(source())) # FLOW\nsink(other(source()))\nsink(same('x'))");
}

#[test]
fn assignments_alone_may_be_followed() {
    let rule = "options: {taint_only_propagate_through_assignments: true}
    pattern-sources: [{pattern: source()}]
    pattern-sinks: [{pattern: sink(...)}]";
    check_rule(rule, "a.py", "x = source()\ny = x\nsink(y) # FLOW\nsink(y + 'a')\nsink(f(y))\nsink(y.a)\nsink(d[y])");
}

#[test]
fn constructors_set_fields_of_every_object() {
    check("A.java", "class A { String k; A(String s) { this.k = source(); }\n void f() {\n sink(this.k); // FLOW\n } }");
    check(
        "a.py",
        "class A:\n  def __init__(self, a):\n    self.a = a\n    self.b = source()\n  def f(self):\n    sink(self.a)\n    sink(self.b) # FLOW",
    );
}

#[test]
fn what_is_added_to_is_given_back() {
    check(
        "A.java",
        "class A { void f() { StringBuilder b = new StringBuilder();\n sink(b.append(\"x\"));\n sink(b.append(source())); // FLOW\n } }",
    );
}

#[test]
fn functions_of_other_functions_are_run() {
    check("a.js", "function each(list, f) { for (const x of list) f(x) }\neach([source()], x => {\n sink(x) // FLOW\n})");
    check("a.js", "function with_it(f, x) { return f(x) }\nsink(with_it(x => x, source())) // FLOW\nsink(with_it(x => 1, source()))");
    check("a.py", "def show(x):\n  sink(x) # FLOW\nlist(map(show, [source()]))");
    check("a.js", "[source()].forEach(x => {\n sink(x) // FLOW\n})\nfunction show(x) {\n sink(x) // FLOW\n}\n[source()].map(show)");
    check("A.java", "class A { void f() { Function g = a -> {\n sink(a); // FLOW\n };\n g.apply(source()); } }");
    check(
        "a.py",
        "def run(options):\n  options['then'](options['data'])\ndef show(x):\n  sink(x) # FLOW\ndef other(x):\n  sink(x)\nrun({'then': show, 'else': other, 'data': source()})",
    );
}

#[test]
fn constants_that_a_function_is_given_decide_its_branches() {
    check("a.py", "def f(flag, x):\n  if flag:\n    sink(x)\nf(False, source())");
    check("a.py", "def f(flag, x):\n  if flag:\n    sink(x) # FLOW\nf(False, source())\nf(True, source())");
    check(
        "a.py",
        "def g(n, x):\n  return f(n, x)\ndef f(n, x):\n  if len(n['list']) == 2:\n    return x\n  return ''\nsink(g({'list': [1]}, source()))\nsink(g({'list': [1, 2]}, source())) # FLOW",
    );
    // What is changed on the way is not known.
    check("a.py", "def f(flag, x):\n  flag = other()\n  if flag:\n    sink(x) # FLOW\nf(False, source())");
}

#[test]
fn properties_are_what_they_were_set_to() {
    check("A.java", "class A { void f(B b) { b.setName(source());\n sink(b.getName()); // FLOW\n sink(b.getOther()); } }");
}

#[test]
fn handlers_run_where_something_may_go_wrong() {
    let with = |body: &str| format!("a = b = ''\ntry:\n  {body}\nexcept E:\n  a = source()\nelse:\n  b = source()\n");
    check("a.py", &(with("pass") + "sink(a)\nsink(b) # FLOW"));
    check("a.py", &(with("work()") + "sink(a) # FLOW\nsink(b) # FLOW"));
    check("a.py", &(with("raise E()") + "sink(a) # FLOW\nsink(b)"));
}

#[test]
fn a_key_that_says_where_to_write_arrives_there() {
    let rule = "pattern-sources: [{pattern: source()}]
    pattern-sinks: [{pattern: '$X[...]'}]";
    check_rule(rule, "a.js", "a[source()] = 1 // FLOW\na[b] = 1");
}

#[test]
fn numbers_and_truth_values_may_be_harmless() {
    let rule = |what: &str| {
        format!(
            "options: {{taint_assume_safe_{what}: true}}\n    pattern-sources: [{{pattern: source()}}]\n    pattern-sinks: [{{pattern: sink($X)}}]"
        )
    };
    let numbers = rule("numbers");
    check_rule(&numbers, "a.py", "x = source()\nsink(x + 1)\nsink(x + 'a') # FLOW\nsink(x * 3) # FLOW");
    check_rule(&numbers, "a.php", "<?php\nsink(source() * 3);\nsink(source() . 3); // FLOW");
    check_rule(
        &numbers,
        "A.java",
        "class A { void f() { String x = source();\n sink(Integer.parseInt(x));\n sink(x.length());\n sink(x.trim()); // FLOW\n } }",
    );
    let booleans = rule("booleans");
    check_rule(&booleans, "a.py", "x = source()\nsink(x == 'a')\nsink(x or 'a') # FLOW");
    check_rule(&booleans, "A.java", "class A { void f() { String x = source();\n sink(x.equals(y));\n sink(x); // FLOW\n } }");
}

#[test]
fn texts_that_can_be_changed_are() {
    check("a.rb", "q = 'a'\nq.concat(source())\nsink(q) # FLOW");
    check("a.js", "let q = 'a'\nq.concat(source())\nsink(q)\nsink(q.concat(source())) // FLOW");
}

#[test]
fn closures_write_what_is_declared_around_them() {
    check("a.js", "let text\nload(() => { text = source() })\nshow(() => {\n sink(text) // FLOW\n})");
}

#[test]
fn numbers_are_the_keys_that_their_digits_are() {
    check("a.js", "o['0'] = source()\nsink(o[0]) // FLOW\nsink(o[1])\nsink(o['00'])");
    check("a.py", "o['0'] = source()\nsink(o[0])");
}

#[test]
fn callbacks_may_change_the_object_of_their_call() {
    let rule = "pattern-sources: [{pattern: source()}]
    pattern-sinks: [{pattern: $O.on(...)}]";
    check_rule(
        rule,
        "a.js",
        "o.on('end', () => { o.x = source() }) // FLOW\no.on('end', () => { b.x = 1 })"
            .replace("o.on('end', () => { b", "p.on('end', () => { b")
            .as_str(),
    );
}

#[test]
fn a_constant_is_no_source_where_it_is_defined() {
    let rule = "pattern-sources: [{patterns: [{pattern: (string $X)}, {pattern-not: '\"...\"'}]}]
    pattern-sinks: [{pattern: new Command($X)}]";
    check_rule(rule, "a.cs", "class A { void F(string a) {\n string q = \"x\";\n new Command(q);\n new Command(a); // FLOW\n } }");
}

#[test]
fn the_rest_of_an_object_has_none_of_the_parts_that_were_taken() {
    check("a.js", "o.a = source()\no.b = source()\nconst { a, ...r } = o\nsink(r.b) // FLOW\nsink(r.a)\nsink(a) // FLOW");
}

#[test]
fn inner_functions_see_what_is_around_them() {
    check("a.js", "function f() {\n let x = source()\n function g() {\n sink(x) // FLOW\n }\n}");
    check("a.py", "def f():\n  x = source()\n  y = 'a'\n  def g():\n    sink(x) # FLOW\n    sink(y)");
}

#[test]
fn a_receiver_may_be_a_source() {
    let rule = "pattern-sources: [{patterns: [{pattern: 'func ($R *T) $M(...) { ... }'}, {focus-metavariable: $R}]}]
    pattern-sinks: [{pattern: sink(...)}]";
    check_rule(rule, "a.go", "package a\nfunc (t *T) M() {\n sink(t.x) // FLOW\n}\nfunc F(t *T) { sink(t.x) }");
}

#[test]
fn what_may_leave_a_function_may_also_stay() {
    check("a.rb", "def f\n  x = source()\n  x or return\n  sink(x) # FLOW\nend");
}

#[test]
fn cases_bind_names() {
    check("a.py", "match source():\n  case x:\n    sink(x) # FLOW");
    check("a.py", "match [source(), 'a']:\n  case [x, y]:\n    sink(x) # FLOW\n    sink(y)");
    check("a.rb", "case source()\nin [x, y]\n  sink(y) # FLOW\nend");
    check("a.py", "match source():\n  case _ as x:\n    sink(x) # FLOW");
    check(
        "a.rs",
        "fn f() {\n match source() {\n  Some(y) => sink(y), // FLOW\n  P { a: b } if c => sink(b), // FLOW\n  Q => sink(Q),\n }\n}",
    );
    check("a.rs", "fn f() {\n match source() { y => g(y) }\n}\nfn h() {\n sink(y)\n}");
    check("a.scala", "object A { def f() = {\n source() match {\n  case w: String => sink(w) // FLOW\n  case All => sink(All)\n }\n} }");
    check("a.ex", "case source() do\n  {:ok, x} when y -> sink(x) # FLOW\n  ^z -> sink(z)\nend");
    check(
        "a.ex",
        "def f(a) do\n  case a do\n    x -> x\n  end\nend\nsink(f(source())) # FLOW\nx = source()\ncond do\n  x -> sink(x) # FLOW\nend",
    );
    check("a.swift", "switch source() {\ncase .a(let y):\n sink(y) // FLOW\n}");
    check("a.cs", "class A { void F() { switch (source()) {\n case (int y, 1): sink(y); break; // FLOW\n case X: sink(X); break;\n } } }");
    check(
        "A.java",
        "class A { void f() { switch (source()) {\n case P(int a, String b) -> sink(b); // FLOW\n case X -> sink(X);\n default -> {}\n } } }",
    );
}

#[test]
fn what_is_set_right_after_an_object_was_made_is_a_part_of_it() {
    check(
        "a.cs",
        "class A { void F() {\n var o = new T { A = source(), B = 1 };\n sink(o.A); // FLOW\n sink(o.B);\n sink(o); // FLOW\n } }",
    );
    check(
        "a.cs",
        "class A { string N; void F() {\n var o = new T(1) { N = source(), M = { K = source() } };\n sink(N);\n sink(o.M.K); // FLOW\n } }",
    );
    check(
        "a.cs",
        "class A { void F() {\n var o = new T { N = sink(source()) }; // FLOW\n var l = new List<string> { source() };\n sink(l); // FLOW\n } }",
    );
}

#[test]
fn patterns_in_targets_take_values_apart() {
    check("a.ex", "\"a\" <> rest = source()\nsink(rest) # FLOW\n");
    check("a.rs", "fn f() {\n let P { a, b } = source();\n sink(a); // FLOW\n}");
    check("a.rs", "fn f() {\n let c @ d = source();\n sink(c); // FLOW\n sink(d); // FLOW\n}\nfn g() {\n sink(d);\n}");
    check("a.ex", "def f(%{k: a} = b) do\n  sink(a) # FLOW\n  sink(b) # FLOW\nend\nf(source())\n");
    check("a.ex", "[a | b] = [\"x\", source()]\nsink(a)\nsink(b) # FLOW\n[c | d] = [source(), \"x\"]\nsink(d)\n");
}

#[test]
fn branches_have_values_where_statements_have() {
    check("a.rb", "x = if a then source() else 'b' end\nsink(x) # FLOW\ny = case a\nwhen 1 then 'a'\nelse 'b'\nend\nsink(y)");
}

#[test]
fn an_element_without_an_index_is_the_next_one() {
    check("a.php", "<?php\n$a[] = source();\nsink($a); // FLOW\n$b[] = 'x';\nsink($b);");
}

#[test]
fn what_is_written_to_may_be_a_source() {
    let rule = "pattern-sources: [{by-side-effect: true, patterns: [{pattern: '$O.secret = \"...\"'}, {pattern: $O}]}, {by-side-effect: true, patterns: [{pattern-inside: '$O.secret = \"...\"'}, {pattern: $O}]}]
    pattern-sinks: [{pattern: use($X)}]";
    check_rule(rule, "a.js", "a.secret = 'x'\nuse(a) // FLOW\nb.other = 'x'\nuse(b)");
}
