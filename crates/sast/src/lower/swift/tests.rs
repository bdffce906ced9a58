use super::*;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

#[test]
fn calls_and_members() {
    check(
        "a.b(1, c: d)[2]",
        "(expr-stmt (index (call (dot:dot (name a) (name b)) (args (number:int 1) (kw-arg (name c) (name d)))) (number:int 2)))",
    );
    check("a?.b!.c", "(expr-stmt (dot:dot (unary:non-null (dot:optional (name a) (name b))) (name c)))");
    check(
        "A<B>(1)\na = [C]()\nb = .d(e)",
        "(expr-stmt (call (type-args (name A) (name B)) (args (number:int 1))))\n(expr-stmt (assign (name a) (call (list (name C)) (args))))\n(expr-stmt (assign (name b) (call (dot:dot _ (name d)) (args (name e)))))",
    );
    check(
        "a { $0 + 1 }.b(c) { (d: Int) -> Bool in e } f: { g }",
        "(expr-stmt (call (dot:dot (call (name a) (args (lambda (params) _ (block (expr-stmt (binary:+ (name $0) (number:int 1))))))) (name b)) (args (name c) (lambda (params (param (attrs) (name d) (name Int) _)) (name Bool) (block (expr-stmt (name e)))) (kw-arg (name f) (lambda (params) _ (block (expr-stmt (name g))))))))",
    );
    check(
        "a = { [weak self, b = c] d in self?.e() }",
        "(expr-stmt (assign (name a) (lambda (params (param (attrs) (name d) _ _)) _ (block (var-def:const (attrs) (name b) _ (name c)) (expr-stmt (call (dot:optional (name self) (name e)) (args)))))))",
    );
}

#[test]
fn imports() {
    check("import A\nimport class B.C", "(import (name A) _)\n(import (dot:dot (name B) (name C)) _)");
}

#[test]
fn classes() {
    check(
        "@objc(X) public final class A<T: B>: C, D.E {\n  init?(a b: Int, _ c: String = \"x\", d: inout Int...) throws { super.init(a: b) }\n  deinit { f() }\n}",
        "(class-def:class (attrs (annotation (call (name objc) (args (name X)))) (modifier public) (modifier final) (other type_parameters (other type_parameter (name T) (name B)))) (name A) _ (bases (name C) (dot:dot (name D) (name E))) (block (func-def:constructor (attrs (modifier throws)) (name init) (params (param (attrs (modifier a)) (name b) (name Int) _) (param (attrs (modifier _)) (name c) (name String) (str x)) (param:splat (attrs (modifier inout)) (name d) (name Int) _)) _ (block (expr-stmt (call (dot:dot (name super) (name init)) (args (kw-arg (name a) (name b))))))) (func-def (attrs) (name deinit) (params) _ (block (expr-stmt (call (name f) (args)))))))",
    );
    check("struct A { let b: C }\nextension D: E { }\nprotocol F { var a: G { get }; func h() -> I }", "
        (class-def:struct (attrs) (name A) _ (bases) (block (var-def:const (attrs) (name b) (name C) _)))
        (class-def:impl (attrs) (name D) _ (bases (name E)) (block))
        (class-def:interface (attrs) (name F) _ (bases) (block (var-def:var (attrs) (name a) (name G) _) (func-def (attrs) (name h) (params) (name I) _)))");
    check(
        "enum A: B { case c = 1, d; indirect case e(F, g: H) }",
        "(class-def:enum (attrs) (name A) _ (bases (name B)) (block (var-def (attrs) (name c) _ (number:int 1)) (var-def (attrs) (name d) _ _) (var-def (attrs (modifier indirect)) (name e) (tuple (name F) (name H)) _)))",
    );
}

#[test]
fn functions_and_properties() {
    check(
        "override func f<R>(_ a: [Int], with b: @escaping (Int) -> Void) async throws -> R? { return nil }",
        "(func-def (attrs (modifier override) (other type_parameters (other type_parameter (name R))) (modifier async) (modifier throws)) (name f) (params (param (attrs (modifier _)) (name a) (type-of:array (name Int)) _) (param (attrs (modifier with) (modifier \"@escaping\")) (name b) (other function_type (name Int) (name Void)) _)) (type-of:optional (name R)) (block (return (null nil))))",
    );
    check(
        "@A private static let a: B = 1, c = 2",
        "(var-def:const (attrs (annotation (name A)) (modifier private) (modifier static)) (name a) (name B) (number:int 1))\n(var-def:const (attrs) (name c) _ (number:int 2))",
    );
    check(
        "var a: B { get { c } set(d) { e = d } }\nvar f: G { return h }\nvar i = 0 { didSet { j() } }",
        "
        (var-def:var (attrs) (name a) (name B) _)
        (func-def:getter (attrs) (name a) (params) _ (block (expr-stmt (name c))))
        (func-def:setter (attrs) (name a) (params (param (attrs) (name d) _ _)) _ (block (expr-stmt (assign (name e) (name d)))))
        (var-def:var (attrs) (name f) (name G) _)
        (func-def:getter (attrs) (name f) (params) _ (block (return (name h))))
        (var-def:var (attrs) (name i) _ (number:int 0))
        (func-def (attrs) (name didSet) (params) _ (block (expr-stmt (call (name j) (args)))))",
    );
    check("let (a, b) = c", "(var-def:const (attrs) (tuple (name a) (name b)) _ (name c))");
}

#[test]
fn conditions_that_declare() {
    check(
        "if let a = b as? C, a > 1 { d } else if e { f } else { g }",
        "(if (binary:&& (var-def:const (attrs) (name a) _ (cast:optional (name C) (name b))) (binary:> (name a) (number:int 1))) (block (expr-stmt (name d))) (if (name e) (block (expr-stmt (name f))) (block (expr-stmt (name g)))))",
    );
    check(
        "guard let a, case .b(let c) = d else { return }",
        "(if (unary:! (binary:&& (var-def:const (attrs) (name a) _ (name a)) (var-def:const (attrs) (call (dot:dot _ (name b)) (args (name c))) _ (name d)))) (block (return _)) _)",
    );
    check(
        "while let a: B = c() { d }",
        "(while (var-def:const (attrs) (name a) (name B) (call (name c) (args))) (block (expr-stmt (name d))))",
    );
}

#[test]
fn control_flow() {
    check(
        "switch a {\ncase .b(let c) where c > 1, .d: e\ncase 1...5: break\ncase let (f, g): h\ncase is I: j\ndefault: k\n}",
        "(switch (name a) (case (call (dot:dot _ (name b)) (args (name c))) (comp-if (binary:> (name c) (number:int 1))) (dot:dot _ (name d)) (block (expr-stmt (name e)))) (case (binary:.. (number:int 1) (number:int 5)) (block (break _))) (case (tuple (name f) (name g)) (block (expr-stmt (name h)))) (case (type-test _ (name I)) (block (expr-stmt (name j)))) (case (block (expr-stmt (name k)))))",
    );
    check(
        "func x() {\n  o: for (a, b) in c where d { continue o }\n}",
        "(func-def (attrs) (name x) (params) _ (block (label (name o) (for-each (var-def (attrs) (tuple (name a) (name b)) _ _) (name c) (block (if (name d) (block (continue (name o))) _))))))",
    );
    check(
        "repeat { a += 1 } while a < 2",
        "(do-while (block (expr-stmt (aug-assign:+ (name a) (number:int 1)))) (binary:< (name a) (number:int 2)))",
    );
}

#[test]
fn exceptions() {
    check(
        "do { try a() } catch let e as B { c } catch D.e { f } catch { throw g }",
        "(try (block (expr-stmt (call (name a) (args)))) (catch (name B) (name e) (block (expr-stmt (name c)))) (catch (dot:dot (name D) (name e)) _ (block (expr-stmt (name f)))) (catch _ _ (block (throw (name g) _))) _ _)",
    );
    check("let a = try? b()", "(var-def:const (attrs) (name a) _ (call (name b) (args)))");
}

#[test]
fn literals() {
    check(
        r##""a \(b) c\n" + #"d \#(e) "f""# + "plain""##,
        r#"(expr-stmt (binary:+ (binary:+ (interp (str "a ") (name b) (str " c\\n")) (interp (str "d ") (name e) (str " \"f\""))) (str plain)))"#,
    );
    check(
        "f([0xFF, 1_000, 1.5], [\"a\": true], (nil, b: 1), /c+/)",
        "(expr-stmt (call (name f) (args (list (number:int 255) (number:int 1000) (number:float 1.5)) (dict (key-value (str a) (bool true))) (tuple (null nil) (kw-arg (name b) (number:int 1))) (regex \"c+\"))))",
    );
}

#[test]
fn operators() {
    check("a ?? (b == !c)", "(expr-stmt (binary:?? (name a) (binary:== (name b) (unary:! (name c)))))");
    check("a ? b : c..<d", "(expr-stmt (ternary (name a) (name b) (binary:..< (name c) (name d))))");
    check(
        "a as! B; c is D; e(&f); await g()",
        "
        (expr-stmt (cast (name B) (name a)))
        (expr-stmt (type-test (name c) (name D)))
        (expr-stmt (call (name e) (args (unary:address-of (name f)))))
        (expr-stmt (await (call (name g) (args))))",
    );
}

#[test]
fn frames_hold_what_rules_write() {
    for (n, pattern) in [
        (0, "func MV__F(DOTS__: DOTS__, MV__X: MV__T) -> MV__R { DOTS__ }"),
        (0, "class MV__C: MV__D {\n var DOTS__\n func MV__F() { }\n}"),
        (0, "let MV__X: MV__T = MV__Y"),
        (0, "init(DOTS__: DOTS__) { DOTS__ }"),
        (0, "import MV__A"),
        (1, "catch { DOTS__ }"),
        (2, "MV__X.MV__F(DOTS__, MV__A, b: \"DOTS__\")"),
        (2, "let MV__X = MV__Y\nDOTS__\nMV__X.f()"),
        (2, "guard let MV__X = MV__Y else { DOTS__ }"),
        (2, "return DOTS__"),
        (2, "throw MV__X"),
        (2, "switch MV__X { case DOTS__: DOTS__\n }"),
        (4, "@MV__A(DOTS__)"),
        (5, "case .a(let MV__X): DOTS__"),
    ] {
        let understood = |frame: &Frame| {
            let text = format!("{}{pattern}{}", frame.before, frame.after);
            bartizan_syntax::parse(Grammar::Swift, &text).is_ok_and(|tree| !tree.root_node().has_error())
        };
        assert_eq!(LANGUAGE.patterns.frames.iter().position(understood), Some(n), "{pattern}");
    }
}
