use super::*;
use crate::ir::Interner;

fn check(text: &str, expected: &str) {
    crate::lower::check(&LANGUAGE, text, expected);
}

fn pattern(text: &str) -> String {
    crate::lower::pattern(&LANGUAGE, text)
}

#[test]
fn images_have_optional_parts() {
    check(
        "from --platform=linux/amd64 localhost:5000/a:${V}-x@sha256:ab as base",
        r#"(expr-stmt (call:directive (name FROM) (args (attrs (kw-arg (name --platform) (str "linux/amd64")) (kw-arg (name ":") (interp:template (unary:deref (name V)) (str -x))) (kw-arg (name "@") (str "sha256:ab")) (kw-arg (name AS) (str base))) (str "localhost:5000/a"))))"#,
    );
    check("FROM localhost:5000/a", r#"(expr-stmt (call:directive (name FROM) (args (attrs) (str "localhost:5000/a"))))"#);
    check("USER a:b", r#"(expr-stmt (call:directive (name USER) (args (attrs (kw-arg (name ":") (str b))) (str a))))"#);
}

#[test]
fn commands_are_scripts_or_lists() {
    check(
        "RUN a \\\n  # no\n\n  && b c \\\n  | d",
        r#"(expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call (name "&&") (args (call _ (args (attrs) (str a))) (call (name "|") (args (call _ (args (attrs) (str b) (str c))) (call _ (args (attrs) (str d)))))))))))"#,
    );
    check(r#"CMD ["a", "$b"]"#, "(expr-stmt (call:directive (name CMD) (args (attrs) (list (str a) (str $b)))))");
    check(
        "RUN a; b",
        r#"(expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call (name ";") (args (call _ (args (attrs) (str a))) (call _ (args (attrs) (str b)))))))))"#,
    );
    check(
        "RUN --mount=type=secret,id=a a",
        "(expr-stmt (call:directive (name RUN) (args (attrs (kw-arg (name --mount) (attrs (kw-arg (name type) (str secret)) (kw-arg (name id) (str a))))) (expr-stmt (call _ (args (attrs) (str a)))))))",
    );
}

#[test]
fn commands_stand_where_they_are_written() {
    let text = "FROM a\n\nRUN b && \\\n  # c\n  dd e\n";
    let mut symbols = Interner::default();
    let tree = crate::lower::lower(&LANGUAGE, text, &mut symbols, false).unwrap();
    let ranges: Vec<&str> = tree
        .ids()
        .filter(|id| tree.kind(*id) == Kind::Call)
        .map(|id| tree.range(id))
        .map(|(start, end)| text.get(start as usize..end as usize).unwrap())
        .collect();
    assert_eq!(ranges, ["FROM a", "RUN b && \\\n  # c\n  dd e", "b && \\\n  # c\n  dd e", "b", "dd e"]);
}

#[test]
fn heredocs() {
    check(
        "RUN <<EOF\n# c\na\nb\nEOF\nRUN cat <<X > /y && z\nt $A\nX\nUSER u",
        r#"
        (expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call (name ";") (args (call _ (args (attrs) (str a))) (call _ (args (attrs) (str b)))))))))
        (expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call (name "&&") (args (call _ (args (attrs (kw-arg (name "<<") (interp (str "t ") (unary:deref (name A)) (str "\n"))) (kw-arg (name ">") (str "/y"))) (str cat))) (call _ (args (attrs) (str z)))))))))
        (expr-stmt (call:directive (name USER) (args (attrs) (str u))))"#,
    );
    // What is never closed is no heredoc.
    check(
        "COPY <<X /y\nUSER u",
        "(expr-stmt (call:directive (name COPY) (args (attrs) (str \"<<X\") (str \"/y\"))))\n(expr-stmt (call:directive (name USER) (args (attrs) (str u))))",
    );
}

#[test]
fn pairs_are_instructions() {
    check(
        "ENV A=b C=\"d $e\"\nENV F g h\nARG I J=1\nLABEL k='l'",
        r#"
        (expr-stmt (call:directive (name ENV) (args (attrs) (kw-arg (name A) (str b)))))
        (expr-stmt (call:directive (name ENV) (args (attrs) (kw-arg (name C) (interp (str "d ") (unary:deref (name e)))))))
        (expr-stmt (call:directive (name ENV) (args (attrs) (kw-arg (name F) (str "g h")))))
        (expr-stmt (call:directive (name ARG) (args (attrs) (name I))))
        (expr-stmt (call:directive (name ARG) (args (attrs) (kw-arg (name J) (str 1)))))
        (expr-stmt (call:directive (name LABEL) (args (attrs) (kw-arg (name k) (str l)))))"#,
    );
}

#[test]
fn other_instructions() {
    check(
        "COPY --chown=a:b c d /e\nEXPOSE 80 53/udp\nWORKDIR /a/$b c\nHEALTHCHECK --retries=2 CMD a\nHEALTHCHECK NONE\nONBUILD RUN b",
        r#"
        (expr-stmt (call:directive (name COPY) (args (attrs (kw-arg (name --chown) (str "a:b"))) (str c) (str d) (str "/e"))))
        (expr-stmt (call:directive (name EXPOSE) (args (attrs) (number:int 80) (str "53/udp"))))
        (expr-stmt (call:directive (name WORKDIR) (args (attrs) (interp:template (str "/a/") (unary:deref (name b)) (str " c")))))
        (expr-stmt (call:directive (name HEALTHCHECK) (args (attrs (kw-arg (name --retries) (str 2))) (call:directive (name CMD) (args (attrs) (expr-stmt (call _ (args (attrs) (str a)))))))))
        (expr-stmt (call:directive (name HEALTHCHECK) (args (attrs) (str NONE))))
        (expr-stmt (call:directive (name ONBUILD) (args (attrs) (call:directive (name RUN) (args (attrs) (expr-stmt (call _ (args (attrs) (str b)))))))))"#,
    );
}

#[test]
fn what_is_no_instruction_is_opaque() {
    check("what is this\nUSER a", "(opaque)\n(expr-stmt (call:directive (name USER) (args (attrs) (str a))))");
}

#[test]
fn another_character_may_continue_lines() {
    check(
        "# escape=`\nRUN a `\n  b",
        "(expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call _ (args (attrs) (str a) (str b)))))))",
    );
}

#[test]
fn patterns() {
    assert_eq!(pattern("RUN DOTS__\n"), "(expr-stmt (call:directive (name RUN) (args (attrs) (ellipsis))))");
    assert_eq!(pattern("CMD MANY__A\n"), "(expr-stmt (call:directive (name CMD) (args (attrs) (metavar-many $...A))))");
    assert_eq!(
        pattern("RUN DOTS__ MV__P install DOTS__\nDOTS__\nUSER MV__X\n"),
        "(expr-stmt (call:directive (name RUN) (args (attrs) (expr-stmt (call _ (args (attrs) (ellipsis) (metavar $P) (str install) (ellipsis)))))))\n(expr-stmt (ellipsis))\n(expr-stmt (call:directive (name USER) (args (attrs) (metavar $X))))"
    );
    assert_eq!(
        pattern("FROM MV__I:MV__V AS MV__A\n"),
        r#"(expr-stmt (call:directive (name FROM) (args (attrs (kw-arg (name ":") (metavar $V)) (kw-arg (name AS) (metavar $A))) (metavar $I))))"#
    );
    assert_eq!(
        pattern("SHELL [DOTS__, \"a\", DOTS__]\n"),
        "(expr-stmt (call:directive (name SHELL) (args (attrs) (list (ellipsis) (str a) (ellipsis)))))"
    );
    assert_eq!(
        pattern("ENV DOTS__ A=MV__X DOTS__\n"),
        "(expr-stmt (call:directive (name ENV) (args (attrs) (kw-arg (name A) (metavar $X)))))"
    );
    assert_eq!(
        pattern("WORKDIR /home/MV__D\n"),
        r#"(expr-stmt (call:directive (name WORKDIR) (args (attrs) (interp:template (str "/home/") (metavar $D)))))"#
    );
    // Without an instruction it is a command, or a word of one.
    assert_eq!(pattern("apt-get update\n"), "(expr-stmt (call _ (args (attrs) (str apt-get) (str update))))");
    assert_eq!(pattern("root\n"), "(str root)");
}
