//! Rules of ast-grep.

use super::*;

/// Checks what a rule of ast-grep with these keys looks for.
#[track_caller]
fn check(keys: &str, expected: &str) {
    let rule = sound(&format!("id: r\nlanguage: Tsx\nseverity: warning\n{}", keys.trim_start()));
    assert_eq!((rule.id.as_str(), rule.languages.as_slice(), rule.severity), ("r", &[LanguageName::Typescript][..], Level::Warning));
    let Mode::Search(formula) = rule.mode else { panic!() };
    assert_eq!(show(&formula), expected, "{keys}");
}

/// Checks everything that is wrong with a rule of ast-grep with these keys, which start on line 4.
#[track_caller]
fn check_problems(keys: &str, expected: &[&str]) {
    check_file(&format!("id: r\nlanguage: Tsx\nseverity: warning\n{}", keys.trim_start()), &[], expected);
}

#[test]
fn what_can_be_said_in_ours_is_read() {
    check("rule: {pattern: 'f($A, $$$ARGS, $$$, $_B, $$$_C, $x, 1$)'}", "`f($A, $...ARGS, ..., $_, ..., $x, 1$)`");
    check("rule: {pattern: {context: f()}}", "`f()`");
    check(
        "
rule:
  pattern: f($A)
  inside: {pattern: 'class $C { $$$ }', stopBy: end}
  not: {any: [{pattern: f(1)}, {pattern: f(2)}]}
",
        "(all `f($A)` (inside `class $C { ... }`) (not (any `f(1)` `f(2)`)))",
    );
    check(
        "
rule: {all: [{pattern: f($A)}, {not: {matches: test}}]}
utils: {test: {inside: {pattern: it($$$), stopBy: end}}}
constraints:
  A: {regex: ^x}
  B: {pattern: g()}
  C: {not: {pattern: h()}}
",
        "(all `f($A)` (not (inside `it(...)`))) where [$A~(?s:.)*?(?:^x); $B=`g()`; $C=(all (not `h()`))]",
    );
    check("rule: {pattern: $A, regex: b+}", "(all `$A` as $AST_GREP_MATCH_1) where [$AST_GREP_MATCH_1~(?s:.)*?(?:b+)]");
}

#[test]
fn everything_else_of_a_rule_is_read() {
    let rule = sound(
        "
id: no-eval
language: js
message: eval of $A
note: Parse it.
url: https://example.com
fix: parse($$$ARGS)
files: ['src/**', {glob: '*.js', caseInsensitive: true}]
ignores: [test]
labels: {A: {style: primary}}
metadata: {a: 1}
rule: {pattern: eval($$$ARGS)}
---
id: second
language: python
rule: {pattern: exec($A)}
"
        .split("---")
        .next()
        .unwrap(),
    );
    assert_eq!((rule.message.as_str(), rule.severity), ("eval of $A", Level::Info));
    assert_eq!(rule.fix.unwrap().as_str(), "parse($...ARGS)");
    assert_eq!(joined(&rule.paths.include, " ", |glob| glob.as_str().to_owned()), "src/** *.js");
    assert_eq!(joined(&rule.paths.exclude, " ", |glob| glob.as_str().to_owned()), "test");
    assert_eq!((rule.metadata.remediation.as_deref(), rule.metadata.references.len()), (Some("Parse it."), 1));
    let two = "id: a\nlanguage: js\nrule: {pattern: x}\n---\nid: b\nlanguage: py\nrule: {pattern: y}\n";
    check_file(two, &["a", "b"], &[]);
    check_file("id: a\nlanguage: js\nseverity: off\nrule: {pattern: x}", &[], &["3:11 note the rule is left out: it is turned off"]);
}

#[test]
fn what_depends_on_a_grammar_is_refused_by_name() {
    for (keys, expected) in [
        ("rule: {kind: call_expression}", &["4:8 `kind` of ast-grep is not supported; kinds of nodes are those of a grammar"][..]),
        ("rule: {pattern: a, has: {pattern: b}}", &["4:20 `has` of ast-grep is not supported; write `<... PATTERN ...>` in the pattern"]),
        (
            "rule: {pattern: a, follows: {pattern: b}}",
            &["4:20 `follows` of ast-grep is not supported; patterns of several statements are joined by `...`"],
        ),
        ("rule: {pattern: a, nthChild: 1}", &["4:20 `nthChild` of ast-grep is not supported"]),
        (
            "rule: {pattern: a, inside: {pattern: b}}",
            &[
                "4:20 `inside` that means the parent alone is not supported: parents are those of a grammar; add `stopBy: end`, if any distance will do",
            ],
        ),
        (
            "rule: {pattern: a, inside: {pattern: b, stopBy: end, field: c}}",
            &["4:54 `field` of ast-grep is not supported: fields are those of a grammar"],
        ),
        (
            "rule: {pattern: {context: a, selector: b}}",
            &[
                "4:30 `selector` of ast-grep is not supported: kinds of nodes are those of a grammar; write the pattern alone, without its context",
            ],
        ),
        ("rule: {pattern: 'a $$B'}", &["4:20 `$$B` of ast-grep is not supported: only grammars have nodes without a name"]),
        ("rule: {regex: a}", &["4:1 `regex` alone would be tried on every node; add a `pattern`: `$X`"]),
        ("rule: {}", &["4:1 the rule object is empty; add a `pattern`"]),
        (
            "rule: {not: {pattern: a}}",
            &["4:8 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"],
        ),
        (
            "rule: {patern: a}",
            &["4:1 the rule object is empty; add a `pattern`", "4:8 unknown key `patern` in a rule object; did you mean `pattern`?"],
        ),
        ("rule: {matches: a}", &["4:17 `utils` has no `a`; rules of other files can't be used"]),
        ("rule: {matches: a}\nutils: {a: {matches: a}}", &["5:22 `a` refers to itself"]),
        ("rule: {pattern: a}\ntransform: {}", &["5:1 `transform` is not supported; write the replacement in `fix`"]),
        (
            "rule: {pattern: a}\nfix: {template: b, expandEnd: {regex: c}}",
            &["5:20 `expandEnd` is not supported; let the pattern match what is replaced"],
        ),
        (
            "rule: {pattern: a}\nconstraints: {A: {kind: b}}",
            &["5:19 `kind` of ast-grep is not supported; kinds of nodes are those of a grammar"],
        ),
    ] {
        check_problems(keys, expected);
    }
}

#[test]
fn references_are_counted() {
    let mut text = "id: r\nlanguage: js\nrule: {matches: u0}\nutils:\n".to_owned();
    for level in 0..12 {
        let next = format!("{{matches: u{}}}", level + 1);
        text.push_str(&format!("  u{level}: {{all: [{}]}}\n", [next.as_str(); 10].join(", ")));
    }
    text.push_str("  u12: {pattern: x}\n");
    let parsed = read(&text);
    assert!(parsed.rules.is_empty());
    assert!(parsed.problems.iter().any(|problem| problem.message.contains("max-rule-references")), "{}", parsed.problems[0]);
    assert!(parsed.problems.len() < 200, "{}", parsed.problems.len());
}
