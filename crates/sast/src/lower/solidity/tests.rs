use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

/// Checks statements of a function.
fn check_statements(text: &str, expected: &str) {
    check(&format!("function f() {{ {text} }}"), &format!("(func-def (attrs) (name f) (params) _ (block {expected}))"));
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, text)
}

#[test]
fn directives_and_imports() {
    check(
        "pragma solidity ^0.8.0; import 'a'; import * as B from 'b'; import {C, D as E} from 'c';",
        r#"
        (call:directive (name pragma) (args (str "solidity ^0.8.0")))
        (import:star (str a) _)
        (import (str b) (name B))
        (import-from (str c) (import-item (name C) _) (import-item (name D) (name E)))"#,
    );
}

#[test]
fn contracts() {
    check(
        "abstract contract A is B, C(1) { uint public constant X = 1 ether; mapping(address => uint[]) m; struct S { uint a; } enum E { P } }",
        "(class-def:module (attrs (modifier abstract)) (name A) _ (bases (name B) (call (name C) (args (number:int 1)))) (block (var-def (attrs (modifier public) (modifier constant)) (name X) (name uint) (binary:* (number:int 1) (name ether))) (var-def (attrs) (name m) (type-args (name mapping) (name address) (type-of:array (name uint))) _) (class-def:struct (attrs) (name S) _ (bases) (block (var-def (attrs) (name a) (name uint) _))) (class-def:enum (attrs) (name E) _ (bases) (block (var-def:const (attrs) (name P) _ _)))))",
    );
    check(
        "interface I {} library L {}",
        "(class-def:interface (attrs) (name I) _ (bases) (block))\n(class-def:object (attrs) (name L) _ (bases) (block))",
    );
}

#[test]
fn functions() {
    check(
        "function f(uint a, string memory b) external payable only(a) onlyOwner returns (bool) { }",
        "(func-def (attrs (modifier external) (modifier payable) (annotation (call (name only) (args (name a)))) (annotation (name onlyOwner))) (name f) (params (param (attrs) (name a) (name uint) _) (param (attrs (modifier memory)) (name b) (name string) _)) (name bool) (block))",
    );
    check(
        "contract A { constructor(uint x) B(x) public {} receive() external payable {} modifier m() { _; } event E(uint indexed a); error F(); }",
        "(class-def:module (attrs) (name A) _ (bases) (block (func-def:constructor (attrs (annotation (call (name B) (args (name x)))) (modifier public)) (name constructor) (params (param (attrs) (name x) (name uint) _)) _ (block)) (func-def (attrs (modifier external) (modifier payable)) (name receive) (params) _ (block)) (func-def:word (attrs (modifier modifier)) (name m) (params) _ (block (expr-stmt (name _)))) (func-def:word (attrs (modifier event)) (name E) (params (param (attrs (modifier indexed)) (name a) (name uint) _)) _ _) (func-def:word (attrs (modifier error)) (name F) (params) _ _)))",
    );
}

#[test]
fn variables() {
    check_statements(
        "uint[] memory a = new uint[](3); (bool b, bytes memory c) = d(); delete a;",
        "(var-def (attrs (modifier memory)) (name a) (type-of:array (name uint)) (new (type-of:array (name uint)) (args (number:int 3)) _)) (var-def (attrs) (tuple (var-def (attrs) (name b) (name bool) _) (var-def (attrs (modifier memory)) (name c) (name bytes) _)) _ (call (name d) (args))) (delete (name a))",
    );
}

#[test]
fn calls() {
    check_statements("(, uint a, ) = b;", "(var-def (attrs) (tuple _ (var-def (attrs) (name a) (name uint) _) _) _ (name b))");
    // A call is of the name before it, not of the sum that ends in it.
    check_statements(
        "a + b / c.d(1).e;",
        "(expr-stmt (binary:+ (name a) (binary:/ (name b) (dot:dot (call (dot:dot (name c) (name d)) (args (number:int 1))) (name e)))))",
    );
    check_statements(
        "a.call{value: 1, gas: g}(b); S({x: 1}); address(this).c; payable(a)[1:2]; type(uint).max;",
        "(expr-stmt (call (call:directive (dot:dot (name a) (name call)) (args (kw-arg (name value) (number:int 1)) (kw-arg (name gas) (name g)))) (args (name b)))) (expr-stmt (call (name S) (args (kw-arg (name x) (number:int 1))))) (expr-stmt (dot:dot (call (name address) (args (name this))) (name c))) (expr-stmt (index (call (name payable) (args (name a))) (slice (number:int 1) (number:int 2) _))) (expr-stmt (dot:dot (call (name type) (args (name uint))) (name max)))",
    );
    check_statements(
        "emit A(1); revert(\"a\"); revert B(2);",
        "(expr-stmt (unary:word (call (name A) (args (number:int 1))))) (expr-stmt (call (name revert) (args (str a)))) (throw (call (name revert) (args (call (name B) (args (number:int 2))))) _)",
    );
}

#[test]
fn control_flow() {
    check_statements(
        "if (a && !b) c(); else if (d) { } else { return (e, 1); }",
        "(if (binary:&& (name a) (unary:! (name b))) (block (expr-stmt (call (name c) (args)))) (if (name d) (block) (block (return (tuple (name e) (number:int 1))))))",
    );
    check_statements(
        "for (uint i = 0; i < 1; i++) { continue; } for (;;) break; do { } while (a);",
        "(for (var-def (attrs) (name i) (name uint) (number:int 0)) (binary:< (name i) (number:int 1)) (unary:++ (name i)) (block (continue _))) (for _ _ _ (block (break _))) (do-while (block) (name a))",
    );
    check_statements(
        "try a.b() returns (uint c) { d; } catch Error(string memory e) { } catch { }",
        "(try (block (var-def (attrs) (name c) (name uint) (call (dot:dot (name a) (name b)) (args))) (expr-stmt (name d))) (catch (name Error) (name e) (block)) (catch _ _ (block)) _ _)",
    );
    check_statements("unchecked { a -= 1; }", "(other unchecked (block (expr-stmt (aug-assign:- (name a) (number:int 1)))))");
}

#[test]
fn assembly() {
    check_statements(
        "assembly { let k := mload(0x40) k := add(k, 1) if lt(k, 2) { sstore(0, k) } switch k case 0 { } default { } }",
        "(other assembly (block (var-def:let (attrs) (name k) _ (call (name mload) (args (number:int 64)))) (expr-stmt (assign (name k) (call (name add) (args (name k) (number:int 1))))) (if (call (name lt) (args (name k) (number:int 2))) (block (expr-stmt (call (name sstore) (args (number:int 0) (name k))))) _) (switch (name k) (case (number:int 0) (block)) (case (block)))))",
    );
}

#[test]
fn literals_and_operators() {
    check_statements(
        "x = a ? 1e3 : 0xFF; y = 'a' \"b\"; z = hex\"00\"; w = [1, 2 ** 3 >> 4];",
        "(expr-stmt (assign (name x) (ternary (name a) (number:float 1000) (number:int 255)))) (expr-stmt (assign (name y) (str ab))) (expr-stmt (assign (name z) (str 00))) (expr-stmt (assign (name w) (list (number:int 1) (binary:>> (binary:** (number:int 2) (number:int 3)) (number:int 4)))))",
    );
}

#[test]
fn patterns() {
    assert_eq!(
        pattern("function MV__F(DOTS__, MV__X, address MV__A) MV__M { DOTS__ DOTS__; }"),
        "(func-def (attrs (annotation (metavar $M))) (metavar $F) (params (param (attrs) (ellipsis) _ _) (param (attrs) (metavar $X) _ _) (param (attrs) (metavar $A) (name address) _)) _ (block (var-def (attrs) (ellipsis) (ellipsis) _)))"
    );
}

#[test]
fn frames_take_patterns() {
    crate::lower::check_frames(
        &LANGUAGE,
        &[
            "MV__X.call{value: DOTS__}(MV__D)",
            "contract MV__C is DOTS__, MV__B { DOTS__ DOTS__; MV__T constant MV__X = DOTS__; function MV__F(DOTS__) { DOTS__ DOTS__; } }",
            "constructor(DOTS__) { DOTS__ DOTS__; }",
            "MV__T constant MV__X = DOTS__;",
            "MV__T immutable MV__X;",
            "MV__T[DOTS__] storage MV__X = DOTS__;",
            "for (DOTS__; DOTS__; DOTS__) { DOTS__ DOTS__; }",
            "for (MV__T MV__X = DOTS__; DOTS__; DOTS__) { DOTS__ DOTS__; }",
            "unchecked { DOTS__ DOTS__; DEEP__(MV__X); }",
            "if (DEEP__(MV__X && MV__Y)) { DOTS__ DOTS__; }",
            "require(MV__X, \"a\");\nDOTS__ DOTS__;",
            "MV__X / MV__Y",
            "function MV__F(DOTS__, address MV__X) external MV__M(DOTS__) { DOTS__ DOTS__; }",
        ],
    );
}
