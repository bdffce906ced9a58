use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn classes_and_triggers() {
    check(
        "@isTest(x=1) public with sharing class A extends B implements C { A(Integer a) { this(); } static { f(); } }",
        "(class-def:class (attrs (annotation (call (name isTest) (args (kw-arg (name x) (number:int 1))))) (modifier public) (other sharing (name with))) (name A) _ (bases (name B) (name C)) (block (func-def:constructor (attrs) (name A) (params (param (attrs) (name a) (name Integer) _)) _ (block (expr-stmt (call (name this) (args))))) (other static_initializer (modifier static) (block (expr-stmt (call (name f) (args)))))))",
    );
    check(
        "trigger T on A (before insert, after update) { f(); }",
        "(func-def:word (attrs (other on (name A)) (modifier \"before insert\") (modifier \"after update\")) (name T) (params) _ (block (expr-stmt (call (name f) (args)))))",
    );
    check(
        "class A { public Integer p { get { return 1; } private set; } }",
        "(class-def:class (attrs) (name A) _ (bases) (block (var-def (attrs (modifier public)) (name p) (name Integer) _) (func-def:getter (attrs) (name p) (params) (name Integer) (block (return (number:int 1))))))",
    );
}

#[test]
fn changes_and_queries() {
    check(
        "insert a; Upsert as user b K__c; merge c d;",
        "
        (expr-stmt (call (name insert) (args (name a))))
        (expr-stmt (call (name upsert) (args (name b) (name K__c) (kw-arg (name as) (modifier user)))))
        (expr-stmt (call (name merge) (args (name c) (name d))))",
    );
    check(
        "x = [SELECT Id FROM A WHERE B = :c];",
        "(expr-stmt (assign (name x) (other query_expression (other soql_query_body (other select_clause (name Id)) (other from_clause (name A)) (other where_clause (other comparison_expression (name B) (modifier \"=\") (name c)))))))",
    );
}

#[test]
fn expressions() {
    check(
        "List<String> l = new List<String>{'a'}; m = new Map<Id, A>{b => 1}; s = new Id[2]; c = (D) a?.b('x').e;",
        "
        (var-def (attrs) (name l) (type-args (name List) (name String)) (new (type-args (name List) (name String)) (args (list (str a))) _))
        (expr-stmt (assign (name m) (new (type-args (name Map) (name Id) (name A)) (args (dict (key-value (name b) (number:int 1)))) _)))
        (expr-stmt (assign (name s) (new (type-of:array (name Id)) (args (number:int 2)) _)))
        (expr-stmt (assign (name c) (cast (name D) (dot:dot (call (dot:optional (name a) (name b)) (args (str x))) (name e)))))",
    );
    check(
        "switch on x { when 1, 2 { f(); } when A a { } when else { g(); } }",
        "(switch (name x) (case (number:int 1) (number:int 2) (block (expr-stmt (call (name f) (args))))) (case (var-def (attrs) (name a) (name A) _) (block)) (case (block (expr-stmt (call (name g) (args))))))",
    );
}

#[test]
fn patterns() {
    use crate::pattern::testing::sexp;
    for (text, expected) in [
        ("insert $X;", "(expr-stmt (call (name insert) (args (metavar $X))))"),
        ("[ <... $X ...> ]", "(other query_expression (deep (metavar $X)))"),
        (
            "public $S sharing class $C { ... }",
            "(class-def:class (attrs (modifier public) (other sharing (metavar $S))) (metavar $C) _ (bases) (block (ellipsis)))",
        ),
        (
            "$M(..., String $P, ...) { ... }",
            "(func-def (attrs) (metavar $M) (params (ellipsis) (param (attrs) (metavar $P) (name String) _) (ellipsis)) _ (block (ellipsis)))",
        ),
        ("...String $X = 'a';", "(ellipsis) (var-def (attrs) (metavar $X) (name String) (str a))"),
        ("f('...', (Blob $X))", "(call (name f) (args (any-str) (metavar-typed $X (name Blob))))"),
        ("static { ... }", "(other static_initializer (modifier static) (block (ellipsis)))"),
    ] {
        assert_eq!(sexp(&LANGUAGE, text), expected, "{text}");
    }
}
