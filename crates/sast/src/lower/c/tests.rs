use super::*;

fn check(text: &str, expected: &str) {
    super::super::check(&C, text, expected);
}

fn check_cpp(text: &str, expected: &str) {
    super::super::check(&CPP, text, expected);
}

#[test]
fn one_of_the_grammars_has_every_word() {
    let unknown = Vocabulary::unknown(Grammar::C);
    assert_eq!(Vocabulary::unknown(Grammar::Cpp).into_iter().filter(|word| unknown.contains(word)).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn directives() {
    check(
        "#include <a.h>\n#include \"b/c.h\"\n#define D 0x10\n#define E \"f\"\n#define G(x, ...) ((x) + 1)\n",
        r##"
            (import (str a.h) _)
            (import (str "b/c.h") _)
            (var-def:const (attrs (modifier "#define")) (name D) _ (number:int 16))
            (var-def:const (attrs (modifier "#define")) (name E) _ (str f))
            (func-def (attrs (modifier "#define")) (name G) (params (param (attrs) (name x) _ _) (param:splat (attrs) _ _ _)) _ (block (other "((x) + 1)")))"##,
    );
    check(
        "#ifdef A\nint a;\n#elif B\nint b;\n#else\nint c;\n#endif\n",
        "
            (var-def (attrs) (name a) (name int) _)
            (var-def (attrs) (name b) (name int) _)
            (var-def (attrs) (name c) (name int) _)",
    );
}

#[test]
fn declarators() {
    check(
        "int *a[3] = {1}, b, **c = &b;",
        "
            (var-def (attrs) (name a) (type-of:array (type-of:pointer (name int)) (number:int 3)) (list (number:int 1)))
            (var-def (attrs) (name b) (name int) _)
            (var-def (attrs) (name c) (type-of:pointer (type-of:pointer (name int))) (unary:address-of (name b)))",
    );
    check(
        r#"static const unsigned  long d = 1; const char *e = "";"#,
        r#"
            (var-def:const (attrs (modifier static) (modifier const)) (name d) (name "unsigned long") (number:int 1))
            (var-def (attrs (modifier const)) (name e) (type-of:pointer (name char)) (str))"#,
    );
    check("int (*f)(void), (*g[2])(char *, int);", "
            (var-def (attrs) (name f) (type-of:pointer (lambda (params) (name int) _)) _)
            (var-def (attrs) (name g) (type-of:array (type-of:pointer (lambda (params (param (attrs) _ (type-of:pointer (name char)) _) (param (attrs) _ (name int) _)) (name int) _)) (number:int 2)) _)");
    check(
        "void (*signal(int s, void (*h)(int)))(int);",
        "(func-def (attrs) (name signal) (params (param (attrs) (name s) (name int) _) (param (attrs) (name h) (type-of:pointer (lambda (params (param (attrs) _ (name int) _)) (name void) _)) _)) (type-of:pointer (lambda (params (param (attrs) _ (name int) _)) (name void) _)) _)",
    );
}

#[test]
fn functions() {
    check(
        "static int f(struct s *a, char *b[], ...) __attribute__((noreturn)) { return 1; }",
        "(func-def (attrs (modifier static) (annotation (name noreturn))) (name f) (params (param (attrs) (name a) (type-of:pointer (name s)) _) (param (attrs) (name b) (type-of:array (type-of:pointer (name char))) _) (param:splat (attrs) _ _ _)) (name int) (block (return (number:int 1))))",
    );
    check("int f(void); int g(a, b) int a; char *b; { }", "
            (func-def (attrs) (name f) (params) (name int) _)
            (func-def (attrs) (name g) (params (param (attrs) (name a) _ _) (param (attrs) (name b) _ _)) (name int) (block (var-def (attrs) (name a) (name int) _) (var-def (attrs) (name b) (type-of:pointer (name char)) _)))");
}

#[test]
fn types() {
    check("struct s { int a : 3; char b[4]; }; union u; enum e { A = 1, B };", "
            (class-def:struct (attrs) (name s) _ (bases) (block (var-def (attrs (other bitfield_clause (number:int 3))) (name a) (name int) _) (var-def (attrs) (name b) (type-of:array (name char) (number:int 4)) _)))
            (class-def:struct (attrs (modifier union)) (name u) _ (bases) _)
            (class-def:enum (attrs) (name e) _ (bases) (block (var-def:const (attrs) (name A) _ (number:int 1)) (var-def:const (attrs) (name B) _ _)))");
    check("typedef struct { int a; } t; typedef int (*u)(void *);", "
            (other type_definition (attrs) (name t) (class-def:struct (attrs) _ _ (bases) (block (var-def (attrs) (name a) (name int) _))))
            (other type_definition (attrs) (name u) (type-of:pointer (lambda (params (param (attrs) _ (type-of:pointer (name void)) _)) (name int) _)))");
}

#[test]
fn calls_and_members() {
    check(
        "void f() { p->a[0].b(&c, *d); (*p).q = 1; }",
        "(func-def (attrs) (name f) (params) (name void) (block (expr-stmt (call (dot:dot (index (dot:arrow (name p) (name a)) (number:int 0)) (name b)) (args (unary:address-of (name c)) (unary:deref (name d))))) (expr-stmt (assign (dot:dot (unary:deref (name p)) (name q)) (number:int 1)))))",
    );
    check(
        r#"void f() { sprintf(s, "a" "b\n", L"c"); free(p), x++; }"#,
        r#"(func-def (attrs) (name f) (params) (name void) (block (expr-stmt (call (name sprintf) (args (name s) (str "ab\\n") (str c)))) (expr-stmt (tuple (call (name free) (args (name p))) (unary:++ (name x))))))"#,
    );
}

#[test]
fn expressions() {
    check(
        "int x = a && !b ? ~c << 010 : -1;",
        "(var-def (attrs) (name x) (name int) (ternary (binary:&& (name a) (unary:! (name b))) (binary:<< (unary:~ (name c)) (number:int 8)) (unary:- (number:int 1))))",
    );
    check(
        "int x = sizeof(int) + sizeof y + (char)z + 1.5f + 0x1F + 'a' + NULL;",
        "(var-def (attrs) (name x) (name int) (binary:+ (binary:+ (binary:+ (binary:+ (binary:+ (binary:+ (call (name sizeof) (args (name int))) (call (name sizeof) (args (name y)))) (cast (name char) (name z))) (number:float 1.5)) (number:int 31)) (char a)) (null NULL)))",
    );
    check(
        "void f() { a += 1; a ^= b; *c = d; }",
        "(func-def (attrs) (name f) (params) (name void) (block (expr-stmt (aug-assign:+ (name a) (number:int 1))) (expr-stmt (aug-assign:^ (name a) (name b))) (expr-stmt (assign (unary:deref (name c)) (name d)))))",
    );
}

#[test]
fn literals() {
    check(
        "struct s a = { .b = 1, .c[0].d = 2, [3] = {4} };",
        "(var-def (attrs) (name a) (name s) (dict (key-value (name b) (number:int 1)) (key-value (dot:dot (index (name c) (number:int 0)) (name d)) (number:int 2)) (key-value (number:int 3) (list (number:int 4)))))",
    );
    check(
        r#"void f() { g((struct s){ 1 }); p("%" PRIu64, x); }"#,
        r#"(func-def (attrs) (name f) (params) (name void) (block (expr-stmt (call (name g) (args (new (name s) (args (number:int 1)) _)))) (expr-stmt (call (name p) (args (interp (str "%") (name PRIu64)) (name x))))))"#,
    );
}

#[test]
fn loops_and_branches() {
    check(
        "void f() { if (a) b(); else if (c) { } else d(); }",
        "(func-def (attrs) (name f) (params) (name void) (block (if (name a) (block (expr-stmt (call (name b) (args)))) (if (name c) (block) (block (expr-stmt (call (name d) (args))))))))",
    );
    check(
        "void f() { for (int i = 0, j; i < n; i++, j--) continue; while (a) ; do { break; } while (b); }",
        "(func-def (attrs) (name f) (params) (name void) (block (for (tuple (var-def (attrs) (name i) (name int) (number:int 0)) (var-def (attrs) (name j) (name int) _)) (binary:< (name i) (name n)) (tuple (unary:++ (name i)) (unary:-- (name j))) (block (continue _))) (while (name a) (block)) (do-while (block (break _)) (name b))))",
    );
    check(
        "void f() { switch (a) { case 1: case 2: b(); break; default: c(); } x: goto x; }",
        "(func-def (attrs) (name f) (params) (name void) (block (switch (name a) (case (number:int 1) (number:int 2) (block (expr-stmt (call (name b) (args))) (break _))) (case (block (expr-stmt (call (name c) (args)))))) (label (name x) (goto (name x)))))",
    );
}

#[test]
fn names() {
    check_cpp(
        r#"void f() { std::cout << a::b<int>::c; ::system("x"); d.e<int>(1); this->g = nullptr; }"#,
        "(func-def (attrs) (name f) (params) (name void) (block (expr-stmt (binary:<< (dot:scope (name std) (name cout)) (dot:scope (type-args (dot:scope (name a) (name b)) (name int)) (name c)))) (expr-stmt (call (name system) (args (str x)))) (expr-stmt (call (type-args (dot:dot (name d) (name e)) (name int)) (args (number:int 1)))) (expr-stmt (assign (dot:arrow (name this) (name g)) (null NULL)))))",
    );
    check_cpp(
        "void f() { auto a = static_cast<B*>(c); std::vector<int> d{1, 2}; E e(3), g; }",
        "(func-def (attrs) (name f) (params) (name void) (block (var-def:var (attrs) (name a) (name auto) (cast (type-of:pointer (name B)) (name c))) (var-def (attrs) (name d) (type-args (dot:scope (name std) (name vector)) (name int)) (list (number:int 1) (number:int 2))) (var-def (attrs) (name e) (name E) (new (name E) (args (number:int 3)) _)) (var-def (attrs) (name g) (name E) _)))",
    );
}

#[test]
fn imports() {
    check_cpp(
        "using namespace std; using a::b::c; namespace d = e::f; using g = h<int>;",
        "
            (import:star (name std) _)
            (import-from (dot:scope (name a) (name b)) (import-item (name c) _))
            (import (dot:scope (name e) (name f)) (name d))
            (other type_definition (attrs) (name g) (type-args (name h) (name int)))",
    );
    check_cpp(
        r#"namespace a::b { int c; } extern "C" { void d(); } extern "C" void e();"#,
        "
            (namespace (dot:scope (name a) (name b)) (block (var-def (attrs) (name c) (name int) _)))
            (namespace (str C) (block (func-def (attrs) (name d) (params) (name void) _)))
            (namespace (str C) (block (func-def (attrs) (name e) (params) (name void) _)))",
    );
}

#[test]
fn classes() {
    check_cpp(
        "class A final : public B<C>, private d::E { public: explicit A(int x) : B(x), y{1} { } virtual ~A() = default; A(const A &) = delete; int y = 2; };",
        r#"(class-def:class (attrs (modifier final)) (name A) _ (bases (type-args (name B) (name C)) (dot:scope (name d) (name E))) (block (modifier public) (func-def:constructor (attrs (modifier explicit)) (name A) (params (param (attrs) (name x) (name int) _)) _ (block (expr-stmt (call (name B) (args (name x)))) (expr-stmt (call (name y) (args (number:int 1)))))) (func-def (attrs (modifier virtual) (modifier default)) (name "~A") (params) _ _) (func-def:constructor (attrs (modifier delete)) (name A) (params (param (attrs (modifier const)) _ (type-of:reference (name A)) _)) _ _) (var-def (attrs) (name y) (name int) (number:int 2))))"#,
    );
    check_cpp(
        "struct A { bool operator==(const A &o) const; operator bool() const { return true; } virtual void f() const = 0; auto g() -> int override; };",
        r#"(class-def:struct (attrs) (name A) _ (bases) (block (func-def (attrs (modifier const)) (name "operator==") (params (param (attrs (modifier const)) (name o) (type-of:reference (name A)) _)) (name bool) _) (func-def (attrs (modifier const)) (name "operator bool") (params) _ (block (return (bool true)))) (func-def (attrs (modifier virtual) (modifier const)) (name f) (params) (name void) _) (func-def (attrs (modifier override)) (name g) (params) (name int) _)))"#,
    );
    check_cpp(
        "enum class A : int { B = 1 };",
        "(class-def:enum (attrs) (name A) _ (bases (name int)) (block (var-def:const (attrs) (name B) _ (number:int 1))))",
    );
}

#[test]
fn templates() {
    check_cpp(
        "template <typename T, int N = 1> class A { template <class U> void f(U &&u) { } };",
        "(class-def:class (attrs (other type_parameter (modifier typename) (name T)) (other type_parameter (name int) (name N) (number:int 1))) (name A) _ (bases) (block (func-def (attrs (other type_parameter (modifier class) (name U))) (name f) (params (param (attrs) (name u) (type-of:reference (name U)) _)) (name void) (block))))",
    );
    check_cpp("template <class T> template <class U> void A<T>::f(U u) { } template <> int A<int>::b = 0;", "
            (func-def (attrs (other type_parameter (modifier class) (name T)) (other type_parameter (modifier class) (name U))) (dot:scope (type-args (name A) (name T)) (name f)) (params (param (attrs) (name u) (name U) _)) (name void) (block))
            (var-def (attrs) (dot:scope (type-args (name A) (name int)) (name b)) (name int) (number:int 0))");
}

#[test]
fn new_and_delete() {
    check_cpp(
        "void f() { auto *a = new int[3]; b = new (c) D<int>(1); delete[] a; delete b; }",
        "(func-def (attrs) (name f) (params) (name void) (block (var-def:var (attrs) (name a) (type-of:pointer (name auto)) (new (type-of:array (name int)) (args (number:int 3)) _)) (expr-stmt (assign (name b) (new (type-args (name D) (name int)) (args (number:int 1) (kw-arg (name placement) (name c))) _))) (delete (name a)) (delete (name b))))",
    );
}

#[test]
fn lambdas() {
    check_cpp(
        "auto a = [&, b, c = 1](int d) mutable -> int { return d; };",
        "(var-def:var (attrs) (name a) (name auto) (lambda (params (param (attrs) (name d) (name int) _)) (name int) (block (return (name d))) (other captures (other lambda_default_capture) (name b) (var-def:var (attrs) (name c) _ (number:int 1)))))",
    );
    check_cpp("auto a = [] { };", "(var-def:var (attrs) (name a) (name auto) (lambda (params) _ (block)))");
}

#[test]
fn control() {
    check_cpp(
        "void f() { if (auto a = b(); a) { } else if constexpr (c) { } while (auto d = e()) { } }",
        "(func-def (attrs) (name f) (params) (name void) (block (block (var-def:var (attrs) (name a) (name auto) (call (name b) (args))) (if (name a) (block) (if (name c) (block) _))) (while (var-def:var (attrs) (name d) (name auto) (call (name e) (args))) (block))))",
    );
    check_cpp(
        "void f() { for (const auto &[k, v] : m) { } for (auto a : {1, 2}) ; }",
        "(func-def (attrs) (name f) (params) (name void) (block (for-each (var-def:var (attrs (modifier const)) (tuple (name k) (name v)) (type-of:reference (name auto)) _) (name m) (block)) (for-each (var-def:var (attrs) (name a) (name auto) _) (list (number:int 1) (number:int 2)) (block))))",
    );
    check_cpp(
        r#"void f() { try { throw A("b"); } catch (const B &e) { throw; } catch (...) { } }"#,
        "(func-def (attrs) (name f) (params) (name void) (block (try (block (throw (call (name A) (args (str b))) _)) (catch (type-of:reference (name B)) (name e) (block (throw _ _))) (catch _ _ (block)) _ _)))",
    );
}

#[test]
fn coroutines_and_packs() {
    check_cpp(
        "task f() { co_await a(); co_yield b; co_return g(std::forward<T>(c)...); }",
        "(func-def (attrs) (name f) (params) (name task) (block (expr-stmt (await (call (name a) (args)))) (expr-stmt (yield (name b))) (return (call (name g) (args (spread:splat (call (type-args (dot:scope (name std) (name forward)) (name T)) (args (name c)))))))))",
    );
}

#[test]
fn strings() {
    check_cpp(
        r#"auto a = R"(b "c")"; auto d = u8"e" "f";"#,
        r#"
            (var-def:var (attrs) (name a) (name auto) (str "b \"c\""))
            (var-def:var (attrs) (name d) (name auto) (str ef))"#,
    );
}

#[test]
fn alternative_words() {
    check_cpp(
        "bool a = b and not c or d not_eq e;",
        "(var-def (attrs) (name a) (name bool) (binary:|| (binary:&& (name b) (unary:! (name c))) (binary:!= (name d) (name e))))",
    );
}

#[test]
fn the_shapes_of_patterns_parse() {
    let shared = [
        "$F(..., $X, $...Y)",
        "strcpy($A, $B);\n...\nfree($A);",
        "$T $F(..., $U $X, ...) { ... }",
        "$T $F(...)",
        "$F(...) { ... }",
        "char $B[$N];\n...\ngets($B);",
        "$T $X = ...;",
        "$X = malloc(...)",
        "$X->$F",
        "(*$X).$F",
        "$X[$N]",
        "(char *$X) == (char *$Y)",
        "($T *$X)->f = 1;",
        "(char *) $X",
        "sizeof($X)",
        "if ($C)\n  goto $L;\n  goto $L;",
        "if (...) { $S } else { ... }",
        "else { ... }",
        "for (...) { ... }",
        "for (int $I = 0; ...; ...) { ... }",
        "while ($X) ...",
        "do { ... } while (...);",
        "switch ($X) {\n  ...\n  case $Y: ...\n}",
        "struct $S {\n  ...\n  int $F;\n  ...\n};",
        "struct $S",
        "#include <$X>",
        "#include \"a.h\"",
        "#define $X $Y",
        "typedef $T $N;",
        "return $X",
        "f(<... $X ...>)",
        "char *",
    ];
    crate::pattern::testing::check_all(&C, &shared);
    crate::pattern::testing::check_all(&CPP, &shared);
    crate::pattern::testing::check_all(
        &CPP,
        &[
            "std::$F<$T>(...)",
            "class $C : public $D {\n  ...\n  $T $F(...) { ... }\n  ...\n};",
            "class $C",
            "namespace $N { ... }",
            "using namespace $N;",
            "template <typename $T> class $C { ... };",
            "try { ... } catch ($E &$X) { ... }",
            "catch (...) { ... }",
            "for (auto $X : $Y) { ... }",
            "[...](...) { ... }",
            "new $T[$N]",
            "delete $X;",
            "$C::$M(...) { ... }",
            "static_cast<$T>($X)",
            "$X. ... .f(...)",
        ],
    );
}

#[test]
fn dots_are_statements_not_types() {
    let sexp = |pattern: &str| crate::pattern::testing::sexp(&C, pattern);
    let expected = "(expr-stmt (call (name f) (args))) (ellipsis) (expr-stmt (call (name gets) (args (metavar $B))))";
    assert_eq!(sexp("f();\n...\ngets($B);"), expected);
}

#[test]
fn what_vanishes_may_nest() {
    let n = 50_000;
    check(&format!("int x = {}1{};", "(".repeat(n), ")".repeat(n)), "(var-def (attrs) (name x) (name int) (number:int 1))");
    check(&format!("{}int x;\n{}", "#if A\n".repeat(n), "#endif\n".repeat(n)), "(var-def (attrs) (name x) (name int) _)");
}

#[test]
fn declarations_within_each_other_do_not_explode() {
    let n = 60;
    let text = format!("{}int x;{}", "struct { ".repeat(n), " } a, b;".repeat(n));
    let mut symbols = crate::ir::Interner::default();
    let tree = super::super::lower(&C, &text, &mut symbols, false).unwrap();
    assert!(tree.len() < 20 * n, "{}", tree.len());
}
