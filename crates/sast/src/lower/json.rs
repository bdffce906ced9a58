//! JSON.

use bartizan_syntax::Grammar;

use super::{
    Cst, Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    number::{self, NumberSyntax},
    vocabulary::vocabulary,
    yaml,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "json",
    aliases: &[],
    grammar: Grammar::Json,
    lower: Lowering::Text(read),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "{", after: "}\n", what: FrameKind::Members },
        ],
        metavariable: &["{}"],
        ellipsis: &[yaml::ELLIPSIS],
        usual: &[],
        typed: "",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[],
};

vocabulary! {
    grammar Json;
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

/// JSON has no names and no place for `...`, but YAML has, and all JSON is YAML: so patterns are read as that.
fn read(cx: &mut Cx<'_>, text: &str) {
    if cx.is_pattern() {
        return yaml::json_pattern(cx, text);
    }
    match bartizan_syntax::parse(Grammar::Json, text) {
        Ok(tree) => file(cx, Cst::new(text, &tree, Grammar::Json).root()),
        Err(_) => {
            let span = (0, u32::try_from(text.len()).unwrap_or(u32::MAX));
            cx.node(Kind::Root, span, |cx| cx.unread(span));
        }
    }
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| {
        values(cx, root);
        if root.is_error() && root.children().next().is_none() {
            cx.opaque(root);
        }
    });
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
    cx.string(text.get(1..text.len().saturating_sub(1).max(1)).unwrap_or_default(), node.span());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
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
    fn patterns() {
        let pattern = |text: &str| crate::lower::pattern(&LANGUAGE, text);
        assert_eq!(
            pattern("{*DOTS__ : *DOTS__, MV__K: MV__V, \"a\": [*DOTS__ : *DOTS__, \"$X\"], *DOTS__ : *DOTS__,\n}\n"),
            "(dict (ellipsis) (key-value (metavar $K) (metavar $V)) (key-value (str a) (list (ellipsis) (str-metavar $X))) (ellipsis))"
        );
        assert_eq!(pattern("{\"a\": 1}\n"), "(dict (key-value (str a) (number:int 1)))");
        assert_eq!(pattern("\"a\": {*DOTS__ : *DOTS__}\n"), "(key-value (str a) (dict (ellipsis)))");
        assert_eq!(pattern("{\"a\": {*DOTS__ : *DOTS__},}\n"), "(dict (key-value (str a) (dict (ellipsis))))");
    }
}
