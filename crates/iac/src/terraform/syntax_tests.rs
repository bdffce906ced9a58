use super::{
    parse::{self, expression},
    syntax::{Body, Expression, ExpressionKind as Kind, Part, Step},
};

/// An expression in a form that shows how it was understood.
fn show(expression: &Expression) -> String {
    let all = |items: &[Expression]| items.iter().map(show).collect::<Vec<_>>().join(" ");
    match &expression.kind {
        Kind::Null => "null".into(),
        Kind::Boolean(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Text(t) => format!("{t:?}"),
        Kind::Template(parts) => format!("(template {})", show_parts(parts)),
        Kind::List(items) => format!("[{}]", all(items)),
        Kind::Object(members) => {
            format!("{{{}}}", members.iter().map(|(k, v)| format!("{}={}", show(k), show(v))).collect::<Vec<_>>().join(" "))
        }
        Kind::Name(name) => name.to_string(),
        Kind::Attribute(of, name) => format!("{}.{name}", show(of)),
        Kind::Index(of, index) => format!("{}[{}]", show(of), show(index)),
        Kind::Splat(of, steps) => {
            let step = |step: &Step| match step {
                Step::Attribute(name) => format!(".{name}"),
                Step::Index(index) => format!("[{}]", show(index)),
            };
            format!("(each {} {})", show(of), steps.iter().map(step).collect::<String>())
        }
        Kind::Call(name, arguments, spread) => format!("({name} {}{})", all(arguments), if *spread { "..." } else { "" }),
        Kind::For(f) => format!(
            "(for {}{} in {}: {}{}{}{})",
            f.key.as_ref().map(|k| format!("{k},")).unwrap_or_default(),
            f.value,
            show(&f.collection),
            f.result_key.as_ref().map(|k| format!("{} => ", show(k))).unwrap_or_default(),
            show(&f.result),
            if f.is_grouped { "..." } else { "" },
            f.condition.as_ref().map(|c| format!(" if {}", show(c))).unwrap_or_default()
        ),
        Kind::Conditional(parts) => format!("({} ? {} : {})", show(&parts[0]), show(&parts[1]), show(&parts[2])),
        Kind::Unary(op, inner) => format!("({op:?} {})", show(inner)),
        Kind::Binary(op, parts) => format!("({op:?} {} {})", show(&parts[0]), show(&parts[1])),
        Kind::Invalid => "invalid".into(),
    }
}

fn show_parts(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => format!("{text:?}"),
        Part::Expression(inner) => format!("${}", show(inner)),
        Part::If(condition, then, otherwise) => format!("(if {} {} else {})", show(condition), show_parts(then), show_parts(otherwise)),
        Part::For(key, value, of, inner) => format!("(for {key:?} {value} {} {})", show(of), show_parts(inner)),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    match expression(text) {
        Ok(parsed) => assert_eq!(show(&parsed), expected),
        Err(problem) => panic!("{problem:?}"),
    }
}

#[test]
fn operators_bind_as_the_specification_says() {
    check("1 + 2 * 3", "(Add 1 (Multiply 2 3))");
    check("a || b && !c == d", "(Or a (And b (Equal (Not c) d)))");
    check("a ? b : c ? d : e", "(a ? b : (c ? d : e))");
    check("-1 - -2", "(Subtract -1 -2)");
    check("a <= b", "(LessOrEqual a b)");
}

#[test]
fn traversals_and_splats() {
    check("a.b[0].c", "a.b[0].c");
    check("a.b.0.c", "a.b[0].c");
    check("a[*].b[0]", "(each a .b[0])");
    check("a.*.b[0]", "(each a .b)[0]");
    check("module.x[\"k\"].out", "module.x[\"k\"].out");
    check("f(a, b...)", "(f a b...)");
    check("provider::aws::arn(a)", "(provider::aws::arn a)");
}

#[test]
fn collections_and_comprehensions() {
    check("[1, 2,\n 3,]", "[1 2 3]");
    check("{a = 1, \"b\" : 2\n (c) = 3\n}", "{\"a\"=1 \"b\"=2 c=3}");
    check("[for x in y : x.z if x != null]", "(for x in y: x.z if (NotEqual x null))");
    check("{for k, v in y : k => v...}", "(for k,v in y: k => v...)");
    check("{for k, v in y : k => v\n ? 1 : 2}", "(for k,v in y: k => (v ? 1 : 2))");
}

#[test]
fn texts() {
    check(r#""a${b}c""#, r#"(template "a" $b "c")"#);
    check(r#""${b}""#, "b");
    check(r#""$${b} %%{c} \"\n\u00e9""#, "\"${b} %{c} \\\"\\né\"");
    check(r#""${f("x}${y}")}""#, r#"(f (template "x}" $y))"#);
    check("\"%{ if a }x%{ else }y%{ endif }\"", r#"(template (if a "x" else "y"))"#);
    check("<<-E\n    a\n      b ${c}\n    E\n", "(template \"a\\n  b \" $c \"\\n\")");
    check("<<E\n%{ for x in y ~}\n${x}\n%{ endfor ~}\nE\n", "(template (for None x y $x \"\\n\"))");
}

#[test]
fn blocks_and_recovery() {
    let text = "resource \"a\" \"b\" {\n  x = 1\n  bad bad = 3\n  inner {\n    y = [\n      1,\n    ]\n  }\n}\nz = = 3\nlocals {\n  w = 2 # c\n}\n";
    let parsed = parse::parse(text);
    let names = |body: &Body| body.attributes.iter().map(|a| a.name.to_string()).collect::<Vec<_>>();
    assert_eq!(parsed.problems.len(), 2, "{:?}", parsed.problems);
    assert_eq!(parsed.body.blocks.len(), 2);
    assert_eq!(names(&parsed.body.blocks[0].body), ["x"]);
    assert_eq!(names(&parsed.body.blocks[0].body.blocks[0].body), ["y"]);
    assert_eq!(names(&parsed.body.blocks[1].body), ["w"]);
    for (end, _) in text.char_indices() {
        let _ = parse::parse(text.get(..end).unwrap());
    }
}

#[test]
fn nesting_has_a_limit() {
    crate::fixture::on_the_stack_of_a_scan(check_nesting);
}

fn check_nesting() {
    for text in ["[".repeat(100_000), "a {".repeat(100_000), "\"${".repeat(50_000), "!".repeat(100_000), "f(".repeat(9_999)] {
        let _ = parse::parse(&format!("x = {text}"));
        let _ = parse::parse(&text);
    }
}
