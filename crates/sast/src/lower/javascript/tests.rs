use bartizan_syntax::Trees;

use super::*;
use crate::{
    ir::{Interner, NodeId, Tree},
    lower::lower_as,
};

fn lines(grammar: Grammar, text: &str, is_pattern: bool) -> Vec<String> {
    let mut symbols = Interner::default();
    let tree = lower_as(&JAVASCRIPT, grammar, text, &Trees::default(), &mut symbols, is_pattern).unwrap();
    tree.children(NodeId::ROOT).map(|id| tree.sexp(id, &symbols)).collect()
}

fn check_in(grammars: &[Grammar], text: &str, expected: &str, is_pattern: bool) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    for &grammar in grammars {
        assert_eq!(lines(grammar, text, is_pattern), expected, "{text} in {}", grammar.as_str());
    }
}

/// All three grammars lower to the same.
fn check(text: &str, expected: &str) {
    check_in(&[Grammar::JavaScript, Grammar::TypeScript, Grammar::Tsx], text, expected, false);
}

fn check_types(text: &str, expected: &str) {
    check_in(&[Grammar::TypeScript, Grammar::Tsx], text, expected, false);
}

fn check_xml(text: &str, expected: &str) {
    check_in(&[Grammar::JavaScript, Grammar::Tsx], text, expected, false);
}

fn check_pattern(text: &str, expected: &str) {
    check_in(&[Grammar::JavaScript, Grammar::TypeScript, Grammar::Tsx], text, expected, true);
}

#[test]
fn the_grammars_have_every_word() {
    let unknown = |grammar| Vocabulary::unknown(grammar);
    let typescript_alone = unknown(Grammar::TypeScript);
    let tsx = unknown(Grammar::Tsx);
    let nowhere: Vec<_> =
        unknown(Grammar::JavaScript).into_iter().filter(|word| typescript_alone.contains(word) && tsx.contains(word)).collect();
    assert_eq!(nowhere, Vec::<&str>::new());
}

#[test]
fn calls_and_members() {
    check(
        "a.b(1, ...c)[2]",
        "(expr-stmt (index (call (dot:dot (name a) (name b)) (args (number:int 1) (spread:splat (name c)))) (number:int 2)))",
    );
    check("a?.b?.[c]?.(d)", "(expr-stmt (call (index (dot:optional (name a) (name b)) (name c)) (args (name d))))");
    check(
        "new A; new a.B(1)",
        "(expr-stmt (new (name A) (args) _))\n(expr-stmt (new (dot:dot (name a) (name B)) (args (number:int 1)) _))",
    );
    check("this.#a = super.b", r##"(expr-stmt (assign (dot:dot (name this) (name "#a")) (dot:dot (name super) (name b))))"##);
    check(
        "import('a'); import.meta; new.target",
        r#"
        (expr-stmt (call (name import) (args (str a))))
        (expr-stmt (dot:dot (name import) (name meta)))
        (expr-stmt (dot:dot (name new) (name target)))"#,
    );
    check("(function f() { a })()", "(expr-stmt (call (lambda (params) _ (block (expr-stmt (name a)))) (args)))");
}

#[test]
fn imports() {
    check(
        r"import a, { b as c, d } from 'm'; import * as e from 'n'; import f, * as g from 'o'; import 'p'; import { default as h } from 'q'",
        r"
        (import-from (str m) (import-item (name default) (name a)) (import-item (name b) (name c)) (import-item (name d) _))
        (import (str n) (name e))
        (import-from (str o) (import-item (name default) (name f)))
        (import (str o) (name g))
        (import (str p) _)
        (import-from (str q) (import-item (name default) (name h)))",
    );
    check("const a = require('b')", "(var-def:const (attrs) (name a) _ (call (name require) (args (str b))))");
    check_types("import a = require('b'); import c = d.e", "(import (str b) (name a))\n(import (dot:dot (name d) (name e)) (name c))");
}

#[test]
fn exports() {
    check(
        "export const a = 1, b = 2",
        "(var-def:const (attrs (modifier export)) (name a) _ (number:int 1))\n(var-def:const (attrs (modifier export)) (name b) _ (number:int 2))",
    );
    check("export default function f() {}", "(func-def (attrs (modifier export) (modifier default)) (name f) (params) _ (block))");
    check("export default a.b;", "(other export-default (dot:dot (name a) (name b)))");
    check(
        "export { a, b as c }; export { d } from 'e'; export * from 'f'; export * as g from 'h'",
        r#"
        (other export (import-item (name a) _) (import-item (name b) (name c)))
        (other export-from (str e) (import-item (name d) _))
        (other export-from (str f) (import-item (name "*") _))
        (other export-from (str h) (import-item (name "*") (name g)))"#,
    );
    check_types("export = a", "(other export-assign (name a))");
}

#[test]
fn variables_and_destructuring() {
    check(
        "var a, b = 1; let { c, d: e = 2, ...f } = g; const [h, , i] = j",
        r"
        (var-def:var (attrs) (name a) _ _)
        (var-def:var (attrs) (name b) _ (number:int 1))
        (var-def:let (attrs) (dict (key-value (name c) (name c)) (key-value (name d) (assign (name e) (number:int 2))) (spread:splat (name f))) _ (name g))
        (var-def:const (attrs) (list (name h) _ (name i)) _ (name j))",
    );
    check("({ a = 1 } = b)", "(expr-stmt (assign (dict (key-value (name a) (assign (name a) (number:int 1)))) (name b)))");
}

#[test]
fn functions() {
    check(
        "async function* f(a, b = 1, ...c) { yield* a; await b }",
        r#"(func-def (attrs (modifier async) (modifier "*")) (name f) (params (param (attrs) (name a) _ _) (param (attrs) (name b) _ (number:int 1)) (param:splat (attrs) (name c) _ _)) _ (block (expr-stmt (yield:delegate (name a))) (expr-stmt (await (name b)))))"#,
    );
    check(
        "a => b; async (a, { b }) => { c }",
        r"
        (expr-stmt (lambda (params (param (attrs) (name a) _ _)) _ (name b)))
        (expr-stmt (lambda:async (params (param (attrs) (name a) _ _) (param (attrs) (dict (key-value (name b) (name b))) _ _)) _ (block (expr-stmt (name c)))))",
    );
    check_types(
        "function f<T>(a?: string, ...b: T[]): void; ",
        "(func-def (attrs (other type_parameters (other type_parameter (name T)))) (name f) (params (param (attrs) (name a) (name string) _) (param:splat (attrs) (name b) (type-of:array (name T)) _)) (name void) _)",
    );
}

#[test]
fn classes() {
    check(
        "class A extends B { a = 1; static #b; constructor(c) { super(c) } get d() {} static async e() {} static { f() } [g]() {} }",
        r##"(class-def:class (attrs) (name A) _ (bases (name B)) (block (var-def (attrs) (name a) _ (number:int 1)) (var-def (attrs (modifier static)) (name "#b") _ _) (func-def:constructor (attrs) (name constructor) (params (param (attrs) (name c) _ _)) _ (block (expr-stmt (call (name super) (args (name c)))))) (func-def:getter (attrs) (name d) (params) _ (block)) (func-def (attrs (modifier static) (modifier async)) (name e) (params) _ (block)) (other class_static_block (modifier static) (block (expr-stmt (call (name f) (args))))) (func-def (attrs) (other computed_property_name (name g)) (params) _ (block))))"##,
    );
    check(
        "@a.b(1) export class A { @c d; @e() f() {} }",
        "(class-def:class (attrs (annotation (call (dot:dot (name a) (name b)) (args (number:int 1)))) (modifier export)) (name A) _ (bases) (block (var-def (attrs (annotation (name c))) (name d) _ _) (func-def (attrs (annotation (call (name e) (args)))) (name f) (params) _ (block))))",
    );
    check_types(
        "abstract class A<T> extends B<T> implements C, d.E { constructor(private readonly a: F, @g() b?: H) {} abstract c(): void; declare public d: string; e?: number; [f: string]: any }",
        "(class-def:class (attrs (modifier abstract) (other type_parameters (other type_parameter (name T)))) (name A) _ (bases (type-args (name B) (name T)) (name C) (dot:dot (name d) (name E))) (block (func-def:constructor (attrs) (name constructor) (params (param (attrs (modifier private) (modifier readonly)) (name a) (name F) _) (param (attrs (annotation (call (name g) (args)))) (name b) (name H) _)) _ (block)) (func-def (attrs (modifier abstract)) (name c) (params) (name void) _) (var-def (attrs (modifier declare) (modifier public)) (name d) (name string) _) (var-def (attrs) (name e) (name number) _) (other index_signature (name f) (name string) (name any))))",
    );
}

#[test]
fn definitions_span_what_belongs_to_them() {
    let text = "@a\nexport class A {\n  @b\n  c() {}\n}\n\nx;\n";
    let mut symbols = Interner::default();
    for grammar in [Grammar::JavaScript, Grammar::TypeScript] {
        let tree = lower_as(&JAVASCRIPT, grammar, text, &Trees::default(), &mut symbols, false).unwrap();
        let spans = |kind| tree.ids().filter(|id| tree.kind(*id) == kind).map(|id| text_of(&tree, id, text)).collect::<Vec<_>>();
        assert_eq!(spans(Kind::ClassDef), ["@a\nexport class A {\n  @b\n  c() {}\n}"]);
        assert_eq!(spans(Kind::FuncDef), ["@b\n  c() {}"]);
        assert_eq!(spans(Kind::ExprStmt), ["x;"]);
    }
}

fn text_of<'a>(tree: &Tree, id: NodeId, text: &'a str) -> &'a str {
    let (start, end) = tree.range(id);
    text.get(start as usize..end as usize).unwrap()
}

#[test]
fn other_definitions_of_typescript() {
    check_types(
        "interface A extends B { a: string; b?(c: D): void; readonly e: F }",
        "(class-def:interface (attrs) (name A) _ (bases (name B)) (block (var-def (attrs) (name a) (name string) _) (func-def (attrs) (name b) (params (param (attrs) (name c) (name D) _)) (name void) _) (var-def (attrs (modifier readonly)) (name e) (name F) _)))",
    );
    check_types(
        "export const enum A { B, C = 1 }",
        "(class-def:enum (attrs (modifier export)) (name A) _ (bases) (block (var-def (attrs) (name B) _ _) (var-def (attrs) (name C) _ (number:int 1))))",
    );
    check_types(
        "namespace A.B { let c }\ndeclare module 'd' { }\ndeclare global { }",
        "(namespace (dot:dot (name A) (name B)) (block (var-def:let (attrs) (name c) _ _)))\n(namespace (str d) (block))\n(namespace (name global) (block))",
    );
    check_types(
        "type A<T> = B | { c: D } | (() => void) | E[]",
        "(other type_alias_declaration (attrs (other type_parameters (other type_parameter (name T)))) (name A) (binary:| (binary:| (binary:| (name B) (other object_type (var-def (attrs) (name c) (name D) _))) (other function_type (params) (name void))) (type-of:array (name E))))",
    );
    check_types(
        "a as B; c!; d satisfies E; f<g>(h); i as const",
        r"
        (expr-stmt (cast (name B) (name a)))
        (expr-stmt (unary:non-null (name c)))
        (expr-stmt (cast (name E) (name d)))
        (expr-stmt (call (name f) (args (name h))))
        (expr-stmt (cast (name const) (name i)))",
    );
    check_in(&[Grammar::TypeScript], "<A>b", "(expr-stmt (cast (name A) (name b)))", false);
}

#[test]
fn control_flow() {
    check(
        "if (a) b; else if (c) { d } else e",
        "(if (name a) (block (expr-stmt (name b))) (if (name c) (block (expr-stmt (name d))) (block (expr-stmt (name e)))))",
    );
    check(
        "for (let i = 0, n = 1; i < n; i++) a; for (;;) break b; for (c = 0; ;) continue",
        r"
        (for (block (var-def:let (attrs) (name i) _ (number:int 0)) (var-def:let (attrs) (name n) _ (number:int 1))) (binary:< (name i) (name n)) (unary:++ (name i)) (block (expr-stmt (name a))))
        (for _ _ _ (block (break (name b))))
        (for (assign (name c) (number:int 0)) _ _ (block (continue _)))",
    );
    check(
        "for (const [a, b] of c) d; for (e in f) g; ",
        "(for-each (var-def (attrs) (list (name a) (name b)) _ _) (name c) (block (expr-stmt (name d))))\n(for-each:in (name e) (name f) (block (expr-stmt (name g))))",
    );
    check("a: while (b) ; do c; while (d)", "(label (name a) (while (name b) (block)))\n(do-while (block (expr-stmt (name c))) (name d))");
    check(
        "switch (a) { case 1: case 2: b; break; default: c }",
        "(switch (name a) (case (number:int 1) (block)) (case (number:int 2) (block (expr-stmt (name b)) (break _))) (case (block (expr-stmt (name c)))))",
    );
    check("with (a) b; debugger; return", "(with (name a) (block (expr-stmt (name b))))\n(other debugger)\n(return _)");
}

#[test]
fn exceptions() {
    check(
        "try { a } catch (e) { b } finally { c }",
        "(try (block (expr-stmt (name a))) (catch _ (name e) (block (expr-stmt (name b)))) _ (finally (block (expr-stmt (name c)))))",
    );
    check(
        "try { a } catch { throw new B(1) }",
        "(try (block (expr-stmt (name a))) (catch _ _ (block (throw (new (name B) (args (number:int 1)) _) _))) _ _)",
    );
    check_types("try { } catch (e: any) { }", "(try (block) (catch (name any) (name e) (block)) _ _)");
}

#[test]
fn literals() {
    check(r#"'a\n' + "b" + `c`"#, r#"(expr-stmt (binary:+ (binary:+ (str "a\\n") (str b)) (interp (str c))))"#);
    check("`a${b}${c.d}\\n`", r#"(expr-stmt (interp (str a) (name b) (dot:dot (name c) (name d)) (str "\\n")))"#);
    check(
        "sql`a ${b}`; css`c`",
        "(expr-stmt (call (name sql) (args (interp:template (str \"a \") (name b)))))\n(expr-stmt (call (name css) (args (interp:template (str c)))))",
    );
    check("/a[/]b/gi.test(c)", r#"(expr-stmt (call (dot:dot (regex "a[/]b" (str gi)) (name test)) (args (name c))))"#);
    check(
        "[0x10, 1_000n, 017, 1.50, true, null, undefined]",
        "(expr-stmt (list (number:int 16) (number:int 1000) (number:int 15) (number:float 1.5) (bool true) (null null) (null undefined)))",
    );
    check(
        "({ a, 'b': 1, [c]: 2, ...d, e() {}, get f() {}, async *g() {} })",
        r#"(expr-stmt (dict (key-value (name a) (name a)) (key-value (str b) (number:int 1)) (key-value (other computed_property_name (name c)) (number:int 2)) (spread:splat (name d)) (func-def (attrs) (name e) (params) _ (block)) (func-def:getter (attrs) (name f) (params) _ (block)) (func-def (attrs (modifier async) (modifier "*")) (name g) (params) _ (block))))"#,
    );
}

#[test]
fn operators() {
    check(
        "a ?? (b || !c && d === e)",
        "(expr-stmt (binary:?? (name a) (binary:|| (name b) (binary:&& (unary:! (name c)) (binary:=== (name d) (name e))))))",
    );
    check(
        "a = b = c ? d : e; f ??= 1; g >>>= 2",
        "(expr-stmt (assign (name a) (assign (name b) (ternary (name c) (name d) (name e)))))\n(expr-stmt (aug-assign:?? (name f) (number:int 1)))\n(expr-stmt (aug-assign:>>> (name g) (number:int 2)))",
    );
    check(
        "delete a.b; typeof a; void 0; -1; i++; a instanceof B; 'c' in d; (e, f)",
        r"
        (expr-stmt (delete (dot:dot (name a) (name b))))
        (expr-stmt (unary:typeof (name a)))
        (expr-stmt (unary:void (number:int 0)))
        (expr-stmt (unary:- (number:int 1)))
        (expr-stmt (unary:++ (name i)))
        (expr-stmt (type-test (name a) (name B)))
        (expr-stmt (binary:in (str c) (name d)))
        (expr-stmt (other sequence_expression (name e) (name f)))",
    );
}

#[test]
fn markup() {
    check_xml(
        "<a.b c='d' e={f} g {...h}> i &amp; j <k/> {l} {/* m */}</a.b>",
        r#"(expr-stmt (xml (dot:dot (name a) (name b)) (xml-attrs (xml-attr (name c) (str d)) (xml-attr (name e) (name f)) (xml-attr (name g) (bool true)) (spread:splat (name h))) (xml-text "i &amp; j") (xml (name k) (xml-attrs)) (name l)))"#,
    );
    check_xml("<><a:b/></>", r#"(expr-stmt (xml _ (xml-attrs) (xml (name "a:b") (xml-attrs))))"#);
}

#[test]
fn types_in_a_file_of_javascript_are_understood() {
    assert_eq!(
        lines(Grammar::JavaScript, "function f(a: string) {}", false),
        ["(func-def (attrs) (name f) (params (param (attrs) (name a) (name string) _)) _ (block))"]
    );
}

#[test]
fn statements_around_an_error_are_kept() {
    let found = lines(Grammar::JavaScript, "a();\nb( = ;\nc();\n", false);
    assert_eq!(found.first().map(String::as_str), Some("(expr-stmt (call (name a) (args)))"));
    assert_eq!(found.last().map(String::as_str), Some("(expr-stmt (call (name c) (args)))"));
}

#[test]
fn deep_parentheses_end() {
    let n = 50_000;
    let text = format!("x = {}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(lines(Grammar::JavaScript, &text, false).len(), 1);
}

#[test]
fn patterns() {
    check_pattern("{ a: MV__V, DOTS__ }", "(expr-stmt (dict (key-value (name a) (metavar $V)) (ellipsis)))");
    check_pattern("if (DOTS__) { DOTS__ }", "(if (ellipsis) (block (expr-stmt (ellipsis))) _)");
    check_pattern(
        "function DOTS__(MV__X) { DOTS__ }",
        "(lambda:star (params (param (attrs) (metavar $X) _ _)) _ (block (expr-stmt (ellipsis))))",
    );
    check_pattern("secure: false", "(key-value (name secure) (bool false))");
    check_pattern("MV__K: { a: MV__V, DOTS__ }", "(key-value (metavar $K) (dict (key-value (name a) (metavar $V)) (ellipsis)))");
    check_pattern("for (DOTS__;;) { DOTS__ }", "(for (ellipsis) (ellipsis) (ellipsis) (block (expr-stmt (ellipsis))))");
    check_pattern("switch (MV__X) { case DOTS__: }", "(switch (metavar $X) (ellipsis))");
    check_pattern("import { DOTS__, MV__X, DOTS__ } from 'a'", "(import-from (str a) (ellipsis) (import-item (metavar $X) _) (ellipsis))");
    check_pattern(
        "f({ DOTS__, a: MV__X, DOTS__MV__Y })",
        "(expr-stmt (call (name f) (args (dict (ellipsis) (key-value (name a) (metavar $X)) (spread:splat (metavar $Y))))))",
    );
    check_pattern(
        "a.DOTS__.b(MANY__A, 'DOTS__', \"MV__X\")",
        "(expr-stmt (call (dot:dot (dot:dot (name a) (ellipsis)) (name b)) (args (metavar-many $...A) (any-str) (str-metavar $X))))",
    );
    check_pattern(
        "`${DOTS__}`; ({ MV__X })",
        "(expr-stmt (interp (metavar $_)))\n(expr-stmt (dict (key-value (metavar $_) (metavar $X))))",
    );
    check_pattern("({ for (DOTS__) { DOTS__ } })", "(expr-stmt (dict))");
    check_pattern(
        "`DOTS__${MV__X}DOTS__`; sql`DOTS__`; /MV__R/",
        "(expr-stmt (interp (any-str) (metavar $X) (any-str)))\n(expr-stmt (call (name sql) (args (interp:template (any-str)))))\n(expr-stmt (regex $R))",
    );
    check_in(
        &[Grammar::JavaScript, Grammar::Tsx],
        "<MV__E DOTS__ a={DOTS__} DOTS__>DOTS__</MV__E>",
        "(expr-stmt (xml (metavar $E) (xml-attrs (ellipsis) (xml-attr (name a) (ellipsis)) (ellipsis)) (ellipsis)))",
        true,
    );
    check_in(&[Grammar::TypeScript, Grammar::Tsx], "(MV__X: A)", "(expr-stmt (cast (name A) (metavar $X)))", true);
}

/// What stands in rules, and the frame that it is understood in.
#[test]
fn frames_hold_what_rules_write() {
    let mut wrong = Vec::new();
    for (n, pattern) in [
        (0, "MV__X.MV__F(DOTS__, MV__A, DOTS__)"),
        (0, "function MV__F(DOTS__, MV__X, DOTS__) { DOTS__ }"),
        (0, "class MV__C extends MV__D { DOTS__ }"),
        (0, "async (DOTS__) => { DOTS__ }"),
        (0, "[DOTS__, MV__X, DOTS__]"),
        (0, "new MV__C(DOTS__)"),
        (0, "const MV__X = MV__Y;\nDOTS__\nMV__X.f()"),
        (0, "if (DOTS__) { DOTS__ } else { DOTS__ }"),
        (0, "try { DOTS__ } catch (MV__E) { DOTS__ }"),
        (0, "export default function MV__F(DOTS__) { DOTS__ }"),
        (0, "return MV__X"),
        (0, "return (MV__X)"),
        (0, "@MV__D(DOTS__)\nclass MV__C { DOTS__ }"),
        (0, "interface MV__I { DOTS__ }"),
        (0, "secure: false"),
        (0, "class extends MV__C { DOTS__ }"),
        (1, "if (MV__X)"),
        (1, "class MV__C extends D"),
        (0, "{ \"a\": MV__X, DOTS__ }"),
        (0, "function (DOTS__, MV__X) { DOTS__ }"),
        (5, "\"a\": MV__X"),
        (0, "MV__K: function(DOTS__) { DOTS__ }"),
        (5, "MV__F(DOTS__) { DOTS__ }"),
        (6, "@Input() MV__X: string;"),
        (6, "@Get(DOTS__) MV__F(DOTS__, @Query(DOTS__) MV__X: MV__T, DOTS__) { DOTS__ }"),
        (3, "catch (MV__E) { DOTS__ }"),
        (3, "finally { DOTS__ }"),
        (9, "case MV__X: DOTS__"),
        (10, "@MV__D(DOTS__)"),
        (11, "a={b} {...c}"),
    ] {
        let understood = |grammar, frame: &Frame| {
            let text = format!("{}{pattern}{}", frame.before, frame.after);
            bartizan_syntax::parse(grammar, &text).is_ok_and(|tree| !tree.root_node().has_error())
        };
        let grammars = JAVASCRIPT.pattern_grammars();
        let found = PATTERNS.frames.iter().position(|frame| grammars.iter().any(|&grammar| understood(grammar, frame)));
        if found != Some(n) {
            wrong.push((found, pattern));
        }
    }
    assert_eq!(wrong, []);
}
