//! JSON.

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{
    Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    context::reserved,
    number::{self, NumberSyntax},
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "json",
    aliases: &[],
    grammar: Grammar::Json,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "{", after: "}", what: FrameKind::Part },
            Frame { before: "{", after: "\"@DOTS__\": 0}", what: FrameKind::Members },
        ],
        // JSON has no names, so that they are written as strings, told apart from others by their first character.
        metavariable: &["\"@{}\""],
        // The comment takes a comma along that is the last thing in brackets.
        ellipsis: &["\"@DOTS__\"", "\"@DOTS__\": \"@DOTS__\"", "\"@DOTS__\" //", "\"@DOTS__\": \"@DOTS__\" //"],
        typed: "{var}",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    records: false,
};

vocabulary! {
    kinds {
        Array = "array",
        Document = "document",
        EscapeSequence = "escape_sequence",
        False = "false",
        Null = "null",
        Number = "number",
        Object = "object",
        Pair = "pair",
        String = "string",
        StringContent = "string_content",
        True = "true",
    }
    fields {
        key = "key",
        value = "value",
    }
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Json));

fn kind(node: Syntax<'_>) -> K {
    WORDS.kind(node)
}

fn f() -> F {
    WORDS.fields
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| values(cx, root));
}

fn values(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        value(cx, child);
    }
}

fn value(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        _ if node.is_missing() => cx.opaque(node),
        K::Object => {
            cx.node(Kind::Dict, span, |cx| values(cx, node));
        }
        K::Array => {
            cx.node(Kind::List, span, |cx| values(cx, node));
        }
        K::Pair => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().key), span.0, value);
                cx.slot(node.field(f().value), span.1, value);
                node.children().filter(|child| child.is_error()).for_each(|error| cx.opaque(error));
            });
        }
        K::String => string(cx, node),
        K::Number => {
            let op = if node.text().contains(['.', 'e', 'E']) { Op::Float } else { Op::Int };
            number::lower(cx, node, op, NumberSyntax::C);
        }
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Null => cx.word(Kind::Null, Op::None, "null", span),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, value),
    }
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    let content = text.get(1..text.len().saturating_sub(1).max(1)).unwrap_or_default();
    let is_name = |name: &str| [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| name.starts_with(prefix));
    match content.strip_prefix('@') {
        Some(name) if cx.is_pattern() && is_name(name) => cx.name(name, node.span()),
        _ => cx.string(content, node.span()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn the_grammar_has_every_word() {
        assert_eq!(Vocabulary::unknown(Grammar::Json), Vec::<&str>::new());
    }

    #[test]
    fn values() {
        check(
            r#"{"a": [1, -2.5, true, null], "b\"": {"c": ""}}"#,
            r#"(dict (key-value (str a) (list (number:int 1) (number:float -2.5) (bool true) (null null))) (key-value (str "b\\\"") (dict (key-value (str c) (str)))))"#,
        );
    }

    #[test]
    fn broken_entries_keep_their_neighbors() {
        check(
            r#"{"a": 1, "b": , "c": 3}"#,
            r#"(dict (key-value (str a) (number:int 1)) (key-value (str b) (opaque)) (key-value (str c) (number:int 3)))"#,
        );
    }

    #[test]
    fn patterns_have_names_in_quotes() {
        let mut symbols = crate::ir::Interner::default();
        let tree = crate::lower::lower(&LANGUAGE, r#"{"@MV__K": "@MV__V", "@DOTS__": "@DOTS__", "a": "$X"}"#, &mut symbols, true).unwrap();
        assert_eq!(
            tree.sexp(tree.children(crate::ir::NodeId::ROOT).next().unwrap(), &symbols),
            r#"(dict (key-value (metavar $K) (metavar $V)) (key-value (ellipsis) (ellipsis)) (key-value (str a) (str-metavar $X)))"#
        );
    }

    #[test]
    fn frames_take_patterns() {
        super::super::check_frames(
            &LANGUAGE,
            &[
                r#""a": {"@DOTS__": "@DOTS__"}"#,
                "\"a\": {\"@DOTS__\": \"@DOTS__\" //,\n},",
                r#"["@DOTS__", "a", "@DOTS__"]"#,
                r#"{"a": "@MV__X"}"#,
                "1",
            ],
        );
    }
}
