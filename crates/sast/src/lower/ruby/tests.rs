use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, text)
}

#[test]
fn calls_and_members() {
    check(
        "a.b\na.b 1, *c\na&.b()\nA::B.c(k: 1, :l => 2, 'm' => 3, &d)\na[1]\na.(1)\nsuper",
        r#"
        (expr-stmt (dot:dot (name a) (name b)))
        (expr-stmt (call (dot:dot (name a) (name b)) (args (number:int 1) (spread:splat (name c)))))
        (expr-stmt (call (dot:optional (name a) (name b)) (args)))
        (expr-stmt (call (dot:dot (dot:scope (name A) (name B)) (name c)) (args (kw-arg (name k) (number:int 1)) (kw-arg (name l) (number:int 2)) (key-value (str m) (number:int 3)) (unary:address-of (name d)))))
        (expr-stmt (index (name a) (number:int 1)))
        (expr-stmt (call (name a) (args (number:int 1))))
        (expr-stmt (name super))"#,
    );
}

#[test]
fn blocks_are_the_last_argument() {
    let expected = "(expr-stmt (call (dot:dot (name a) (name b)) (args (number:int 1) (lambda (params (param (attrs) (name x) _ _) (param (attrs) (tuple (name y) (name z)) _ _)) _ (block (expr-stmt (name c)))))))";
    check("a.b(1) { |x, (y, z)| c }", expected);
    check("a.b 1 do |x, (y, z)|\n  c\nend", expected);
    check("->(x = 1) { x }", "(expr-stmt (lambda (params (param (attrs) (name x) _ (number:int 1))) _ (block (expr-stmt (name x)))))");
}

#[test]
fn definitions() {
    check(
        "def self.a(b, c = 1, *d, e:, f: 2, **g, &h)\n  i\nend",
        r#"(func-def (attrs (modifier static)) (name a) (params (param (attrs) (name b) _ _) (param (attrs) (name c) _ (number:int 1)) (param:splat (attrs) (name d) _ _) (param (attrs (modifier ":")) (name e) _ _) (param (attrs (modifier ":")) (name f) _ (number:int 2)) (param:double-splat (attrs) (name g) _ _) (param (attrs (modifier "&")) (name h) _ _)) _ (block (expr-stmt (name i))))"#,
    );
    check(
        "class A < B::C\n  def initialize; end\n  def x=(y) = 1\nend",
        r#"(class-def:class (attrs) (name A) _ (bases (dot:scope (name B) (name C))) (block (func-def:constructor (attrs) (name initialize) (params) _ (block)) (func-def:setter (attrs) (name "x=") (params (param (attrs) (name y) _ _)) _ (block (expr-stmt (number:int 1))))))"#,
    );
    check(
        "module A\nend\nclass << self\nend",
        "(class-def:module (attrs) (name A) _ (bases) (block))\n(class-def:object (attrs) (name self) _ (bases) (block))",
    );
}

#[test]
fn conditions_and_loops_have_one_form() {
    check(
        "if a\n  b\nelsif c\n  d\nelse\n  e\nend",
        "(if (name a) (block (expr-stmt (name b))) (if (name c) (block (expr-stmt (name d))) (block (expr-stmt (name e)))))",
    );
    for text in ["b unless a", "unless a\n  b\nend", "b if !a", "if not a then b end"] {
        check(text, "(if (unary:! (name a)) (block (expr-stmt (name b))) _)");
    }
    for text in ["b until a", "until a do b end", "while !a\n  b\nend"] {
        check(text, "(while (unary:! (name a)) (block (expr-stmt (name b))))");
    }
    check("begin\n  b\nend while a", "(do-while (block (expr-stmt (name b))) (name a))");
    check("for a in b do next end", "(for-each (name a) (name b) (block (continue _)))");
}

#[test]
fn cases() {
    check(
        "case a\nwhen 1, B then c\nelse d\nend",
        "(switch (name a) (case (number:int 1) (name B) (block (expr-stmt (name c)))) (case (block (expr-stmt (name d)))))",
    );
    check(
        "case a\nin [x, {y:}] unless z\n  1\nend",
        "(switch (name a) (case (list (name x) (dict (key-value (name y) (name y)))) (comp-if (unary:! (name z))) (block (expr-stmt (number:int 1)))))",
    );
}

#[test]
fn exceptions() {
    let tried = "(try (block (expr-stmt (name a))) (catch (tuple (name B) (name C)) (name e) (block (expr-stmt (name d)))) (catch _ _ (block)) (block (expr-stmt (name f))) (finally (block (expr-stmt (name g)))))";
    let clauses = "  a\nrescue B, C => e\n  d\nrescue\nelse\n  f\nensure\n  g\nend";
    check(&format!("begin\n{clauses}"), &format!("(block {tried})"));
    check(&format!("def m\n{clauses}"), &format!("(func-def (attrs) (name m) (params) _ (block {tried}))"));
    check("a rescue b", "(try (block (expr-stmt (name a))) (catch _ _ (block (expr-stmt (name b)))) _ _)");
}

#[test]
fn strings() {
    check(
        r#"["a\n", 'b', "c#{d}e", "f" "g", ?h, %w[i j], `k #{l}`, :m, :"n", %i[o]]"#,
        r#"
        (expr-stmt (list (str "a\\n") (str b) (interp (str c) (name d) (str e)) (str fg) (str h) (list (str i) (str j)) (call (name "`") (args (interp (str "k ") (name l)))) (atom m) (atom n) (list (atom o))))"#,
    );
    check("[/a\\d/i, /b#{c}/]", r#"(expr-stmt (list (regex "a\\d" (str i)) (interp:template (str b) (name c))))"#);
}

#[test]
fn heredocs_stand_where_they_are_announced() {
    check(
        "a(<<~X, <<-'Y', 1)\n  b #{c}\nX\n  #d\nY\ne",
        r##"
        (expr-stmt (call (name a) (args (interp (str "  b ") (name c) (str "\n")) (str "  #d\n") (number:int 1))))
        (expr-stmt (name e))"##,
    );
}

#[test]
fn hashes() {
    check(
        "a = {b: 1, :c => 2, 'd' => 3, \"e\": 4, f:, **g}",
        "(expr-stmt (assign (name a) (dict (key-value (name b) (number:int 1)) (key-value (name c) (number:int 2)) (key-value (str d) (number:int 3)) (key-value (name e) (number:int 4)) (key-value (name f) (name f)) (spread:double-splat (name g)))))",
    );
}

#[test]
fn operators() {
    check("a, *b = c, d", "(expr-stmt (assign (tuple (name a) (spread:splat (name b))) (tuple (name c) (name d))))");
    check(
        "@a ||= !b && (c <=> 0x10) or d",
        "(expr-stmt (binary:|| (aug-assign:|| (name \"@a\") (binary:&& (unary:! (name b)) (binary:<=> (name c) (number:int 16)))) (name d)))",
    );
    check(
        "a[1..2] = b ? c : d...3",
        "(expr-stmt (assign (index (name a) (binary:.. (number:int 1) (number:int 2))) (ternary (name b) (name c) (binary:..< (name d) (number:int 3)))))",
    );
}

#[test]
fn names_of_patterns() {
    assert_eq!(
        pattern("def MV__F(_DOTS__, _MV__X)\n DOTS__\nend\n"),
        "(func-def (attrs) (metavar $F) (params (param (attrs) (ellipsis) _ _) (param (attrs) (metavar $X) _ _)) _ (block (expr-stmt (ellipsis))))"
    );
    assert_eq!(
        pattern("MV__F \"a#{$X}\", :MV__K => 1, b: DOTS__\n"),
        "(expr-stmt (call (metavar $F) (args (interp (str a) (metavar $X)) (kw-arg (metavar $K) (number:int 1)) (kw-arg (name b) (ellipsis)))))"
    );
    assert_eq!(pattern("x = {**DOTS__, a: 1}\n"), "(expr-stmt (assign (name x) (dict (ellipsis) (key-value (name a) (number:int 1)))))");
    assert_eq!(pattern("f :MV__X\n"), "(expr-stmt (call (name f) (args (atom $X))))");
}

#[test]
fn frames_take_patterns() {
    crate::lower::check_frames(
        &LANGUAGE,
        &[
            "MV__X.MV__F(DOTS__)",
            "MV__X.DOTS__.MV__F(DOTS__)",
            "MV__F \"a\", DOTS__",
            ":MV__K => \"a\"",
            "a: MV__X",
            "if DOTS__\n  DOTS__\nelse\n  DOTS__\nend",
            "class MV__C < A::B\n  DOTS__\n  f DOTS__\nend",
            "def MV__F(_DOTS__, _MV__X)\n  DOTS__\nend",
            "def MV__F(_DOTS__)",
            "MV__X.each do |_MV__Y|\n  DOTS__\nend",
            "rescue MV__E => MV__X",
            "when MV__X",
            "|_MV__X|",
            "{**DOTS__, a: 1}",
        ],
    );
}
