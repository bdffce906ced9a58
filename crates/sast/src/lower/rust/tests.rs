use super::*;
use crate::ir::Interner;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, text)
}

#[test]
fn calls_and_members() {
    check(
        "a::b(1).c.0[2]?; x.f::<A>().await; S { a: 1, b, ..c };",
        r"
        (expr-stmt (unary:optional (index (dot:dot (dot:dot (call (dot:scope (name a) (name b)) (args (number:int 1))) (name c)) (name 0)) (number:int 2))))
        (expr-stmt (await (call (type-args (dot:dot (name x) (name f)) (name A)) (args))))
        (expr-stmt (new (name S) (args (kw-arg (name a) (number:int 1)) (kw-arg (name b) (name b)) (spread:splat (name c))) _))",
    );
}

#[test]
fn tokens_of_macros_are_expressions() {
    check(
        "a::f!(\"{}\", &x.y(1)?[2], z = !b::c + 3 * d, g!(1)); vec![1; n];",
        r#"
        (expr-stmt (call (dot:scope (name a) (name "f!")) (args (str "{}") (unary:address-of (index (unary:optional (call (dot:dot (name x) (name y)) (args (number:int 1)))) (number:int 2))) (kw-arg (name z) (binary:+ (unary:! (dot:scope (name b) (name c))) (binary:* (number:int 3) (name d)))) (call (name "g!") (args (number:int 1))))))
        (expr-stmt (call (name "vec!") (args (number:int 1) (name n))))"#,
    );
    check("f!(a => b);", "(expr-stmt (call (name \"f!\") (args (name a) (name b))))");
}

#[test]
fn tokens_of_macros_nest_within_limits() {
    for text in [
        format!("f!({}1);", "&".repeat(10_000)),
        format!("f!(a{});", ".b()".repeat(10_000)),
        format!("f!{}{};", "(".repeat(5_000), ")".repeat(5_000)),
    ] {
        let mut symbols = Interner::default();
        assert!(crate::lower::lower(&LANGUAGE, &text, &mut symbols, false).is_ok());
    }
}

#[test]
fn imports() {
    check(
        "use a; use a as b; use a::b; use a::{self, c as d, e::{f, g::*}}; extern crate x as y; mod m;",
        r#"
        (import (name a) _)
        (import (name a) (name b))
        (import-from (name a) (import-item (name b) _))
        (import-from (name a) (import-item (name c) (name d)))
        (import (name a) _)
        (import-from (dot:scope (name a) (name e)) (import-item (name f) _))
        (import-from (dot:scope (dot:scope (name a) (name e)) (name g)) (import-item (name "*") _))
        (import (name x) (name y))
        (import (name m) _)"#,
    );
}

#[test]
fn definitions() {
    check(
        "#[a(b = 1)]\npub async fn f(&mut self, (a, mut b): (u8, C<D>)) -> Vec<&'a str> { a }",
        r#"(func-def (attrs (annotation (call (name a) (args (kw-arg (name b) (number:int 1))))) (modifier pub) (modifier async)) (name f) (params (param:receiver (attrs (modifier "&") (modifier mut)) (name self) _ _) (param (attrs) (tuple (name a) (name b)) (tuple (name u8) (type-args (name C) (name D))) _)) (type-args (name Vec) (type-of:reference (name str))) (block (expr-stmt (name a))))"#,
    );
    check(
        "struct S { #[x] pub a: [u8; 2] } struct T(pub A); enum E { A = 1, B(C) } trait Q: R { type X; fn f(); } impl Q for S {}",
        r"
        (class-def:struct (attrs) (name S) _ (bases) (block (var-def (attrs (annotation (name x)) (modifier pub)) (name a) (type-of:array (name u8) (number:int 2)) _)))
        (class-def:struct (attrs) (name T) (params (param (attrs (modifier pub)) _ (name A) _)) (bases) _)
        (class-def:enum (attrs) (name E) _ (bases) (block (var-def:const (attrs) (name A) _ (number:int 1)) (var-def:const (attrs) (name B) (tuple (name C)) _)))
        (class-def:trait (attrs) (name Q) _ (bases (name R)) (block (var-def:const (attrs (modifier type)) (name X) _ _) (func-def (attrs) (name f) (params) _ _)))
        (class-def:impl (attrs) (name S) _ (bases (name Q)) (block))",
    );
    check(
        "static mut A: u8 = 1; #[cfg(x)] mod m { const B: C = d; }",
        r"
        (var-def:const (attrs (modifier mut) (modifier static)) (name A) (name u8) (number:int 1))
        (annotation (call (name cfg) (args (name x))))
        (namespace (name m) (block (var-def:const (attrs) (name B) (name C) (name d))))",
    );
}

#[test]
fn variables() {
    check(
        "let mut a: u8 = 1; let Some((b, _)) = c else { return };",
        r"
        (var-def:let (attrs (modifier mut)) (name a) (name u8) (number:int 1))
        (var-def:let (attrs) (call (name Some) (args (tuple (name b) (name _)))) _ (name c))
        (if (other let_else) (block (return _)) _)",
    );
    check(
        "let f = move |a, b: u8| a + b;",
        "(var-def:let (attrs) (name f) _ (lambda (params (param (attrs) (name a) _ _) (param (attrs) (name b) (name u8) _)) _ (binary:+ (name a) (name b))))",
    );
}

#[test]
fn control_flow() {
    check(
        "if let A(b) = c && d { e } else if f { g }",
        "(if (binary:&& (var-def:let (attrs) (call (name A) (args (name b))) _ (name c)) (name d)) (block (expr-stmt (name e))) (if (name f) (block (expr-stmt (name g))) _))",
    );
    check(
        "match a { 1 | 2 if b => c(), S { x, .. } => {} n @ 1..=3 => return n, _ => d }",
        "(switch (name a) (case (binary:| (number:int 1) (number:int 2)) (comp-if (name b)) (block (expr-stmt (call (name c) (args))))) (case (new (name S) (args (kw-arg (name x) (name x)) (spread:splat)) _) (block)) (case (assign (name n) (binary:.. (number:int 1) (number:int 3))) (block (return (name n)))) (case (block (expr-stmt (name d)))))",
    );
    check(
        "'a: loop { break 'a 1; } while b { continue } for (c, d) in e {} unsafe { f() }",
        r#"
        (label (name "'a") (while _ (block (break (name "'a") (number:int 1)))))
        (while (name b) (block (continue _)))
        (for-each (tuple (name c) (name d)) (name e) (block))
        (expr-stmt (other unsafe_block (modifier unsafe) (block (expr-stmt (call (name f) (args))))))"#,
    );
}

#[test]
fn statements_end_with_their_semicolon() {
    let text = "fn f() { return 1; }";
    let mut symbols = Interner::default();
    let tree = crate::lower::lower(&LANGUAGE, text, &mut symbols, false).unwrap();
    let statement = tree.ids().find(|id| tree.kind(*id) == Kind::Return).unwrap();
    assert_eq!(tree.range(statement), (9, 18));
}

#[test]
fn literals_and_operators() {
    check(
        r##"["a\n", b"b", r#"c"#, 'd', 1_0u8, 0x10, 1.50f64];"##,
        r#"(expr-stmt (list (str "a\\n") (str b) (str c) (char d) (number:int 10) (number:int 16) (number:float 1.5)))"#,
    );
    check(
        "*a += -1; &mut b as *const C; d..=e; [0; 4]; (f,);",
        r"
        (expr-stmt (aug-assign:+ (unary:deref (name a)) (unary:- (number:int 1))))
        (expr-stmt (cast (type-of:pointer (name C)) (unary:address-of (name b))))
        (expr-stmt (binary:.. (name d) (name e)))
        (expr-stmt (binary:* (list (number:int 0)) (number:int 4)))
        (expr-stmt (tuple (name f)))",
    );
}

#[test]
fn patterns() {
    assert_eq!(pattern("impl MV__A { DOTS__!(); }"), "(class-def:impl (attrs) (metavar $A) _ (bases) (block (ellipsis)))");
    assert_eq!(pattern("MV__M!(DOTS__, MV__X);"), "(expr-stmt (call (metavar $M) (args (ellipsis) (metavar $X))))");
}

#[test]
fn frames_take_patterns() {
    crate::lower::check_frames(
        &LANGUAGE,
        &[
            "MV__X.MV__F(DOTS__)",
            "MV__A::new(DOTS__, MV__X)",
            "let mut MV__X: MV__T = MV__F(DOTS__);\nDOTS__!();\nMV__X.f(DOTS__);",
            "unsafe { DOTS__!(); }",
            "fn MV__F(DOTS__: DOTS__, MV__X: MV__T) -> MV__R { DOTS__!(); }",
            "fn MV__F(DOTS__: DOTS__)",
            "#[MV__A(DOTS__)]",
            "#[a]\nfn MV__F(DOTS__: DOTS__) { DOTS__!(); }",
            "impl MV__T for MV__S { DOTS__!(); fn f(&self) { DOTS__!(); } }",
            "struct MV__S { DOTS__: DOTS__, x: MV__T }",
            "MV__S { DOTS__, x: MV__V }",
            "println!(DOTS__)",
            "match MV__X { DOTS__ => DOTS__, 1 => DOTS__, }",
            "Some(MV__X) => MV__Y",
            "if DOTS__ { DOTS__!(); } else { DOTS__!(); }",
            "use MV__A::MV__B;",
            "MV__X as MV__T",
        ],
    );
}
