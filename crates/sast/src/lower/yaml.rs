//! YAML.
//!
//! Mappings are dictionaries, sequences are lists, and keys are strings however they are written. An alias stands for what its
//! anchor names: it is lowered again in that place, with the places of the original. Documents follow each other as statements.

mod dots;

use std::{borrow::Cow, collections::HashMap};

use bartizan_syntax::Grammar;

use super::{
    Cst, Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    context::reserved,
    number::{self, NumberSyntax},
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "yaml",
    aliases: &[],
    grammar: Grammar::Yaml,
    lower: Lowering::Text(read),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "{", after: "}\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &[dots::ENTRY],
        usual: &[],
        typed: "!{type} {var}",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: true },
    features: &[Feature::MeantStrings],
};

/// How much text aliases of one file may repeat, in bytes; an alias beyond that is a name.
const MAX_REPEATED_BYTES: usize = 1 << 20;

vocabulary! {
    grammar Yaml;
    kinds {
        Alias = "alias",
        AliasName = "alias_name",
        Anchor = "anchor",
        AnchorName = "anchor_name",
        BlockMapping = "block_mapping",
        BlockMappingPair = "block_mapping_pair",
        BlockNode = "block_node",
        BlockScalar = "block_scalar",
        BlockSequence = "block_sequence",
        BlockSequenceItem = "block_sequence_item",
        BooleanScalar = "boolean_scalar",
        Document = "document",
        DoubleQuoteScalar = "double_quote_scalar",
        FloatScalar = "float_scalar",
        FlowMapping = "flow_mapping",
        FlowNode = "flow_node",
        FlowPair = "flow_pair",
        FlowSequence = "flow_sequence",
        IntegerScalar = "integer_scalar",
        NullScalar = "null_scalar",
        PlainScalar = "plain_scalar",
        SingleQuoteScalar = "single_quote_scalar",
        StringScalar = "string_scalar",
        Tag = "tag",
        TimestampScalar = "timestamp_scalar",
    }
    fields {
        key = "key",
        value = "value",
    }
}

/// What anchors name, while a file is lowered.
#[derive(Debug, Default)]
struct Anchors<'a> {
    values: HashMap<&'a str, Syntax<'a>>,
    n_repeated_bytes: usize,
}

fn read(cx: &mut Cx<'_>, text: &str) {
    parsed(cx, text, |of| matches!(of, K::BlockMapping | K::FlowMapping | K::BlockSequence | K::FlowSequence));
}

/// Reads a pattern of JSON, which is YAML too; only there an object of one entry is that object.
pub(super) fn json_pattern(cx: &mut Cx<'_>, text: &str) {
    parsed(cx, text, |of| of == K::BlockMapping);
}

/// How `...` is written in patterns, of JSON too.
pub(super) const ELLIPSIS: &str = dots::ENTRY;

fn parsed(cx: &mut Cx<'_>, text: &str, unwraps: fn(K) -> bool) {
    let text = if cx.is_pattern() { Cow::Owned(dots::spelled(text)) } else { Cow::Borrowed(text) };
    match bartizan_syntax::parse(Grammar::Yaml, &text) {
        Ok(tree) => documents(cx, Cst::new(&text, &tree, Grammar::Yaml).root(), unwraps),
        Err(_) => {
            let span = (0, u32::try_from(text.len()).unwrap_or(u32::MAX));
            cx.node(Kind::Root, span, |cx| cx.unread(span));
        }
    }
}

fn documents(cx: &mut Cx<'_>, root: Syntax<'_>, unwraps: fn(K) -> bool) {
    cx.node(Kind::Root, root.span(), |cx| {
        for document in root.children() {
            let mut anchors = Anchors::default();
            // A file that could not be parsed as a whole has entries where documents should be.
            if kind(document) != K::Document {
                value(cx, document, &mut anchors);
                continue;
            }
            for child in document.children() {
                let child = if cx.is_pattern() { only_entry(child, unwraps) } else { child };
                value(cx, child, &mut anchors);
            }
        }
    });
}

/// A pattern of one entry or one element means that, and not the mapping or the sequence that it is in.
fn only_entry(node: Syntax<'_>, unwraps: fn(K) -> bool) -> Syntax<'_> {
    let inner = content(node);
    let mut children = inner.children();
    match (kind(inner), children.next(), children.next()) {
        (of, Some(only), None) if unwraps(of) && tag(node).is_none() => only,
        _ => node,
    }
}

/// A node without its anchor and its tag.
fn content(node: Syntax<'_>) -> Syntax<'_> {
    if !matches!(kind(node), K::BlockNode | K::FlowNode | K::PlainScalar) {
        return node;
    }
    match node.children().find(|child| !matches!(kind(*child), K::Anchor | K::Tag)) {
        Some(inner) => content(inner),
        None => node,
    }
}

fn tag(node: Syntax<'_>) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == K::Tag)
}

/// The span of a node without the ends of lines that the grammar counts to block scalars.
fn span(node: Syntax<'_>) -> (u32, u32) {
    let text = node.text();
    let n_blank = text.len() - text.trim_end().len();
    (node.start(), node.end() - u32::try_from(n_blank).unwrap_or(0))
}

fn value<'a>(cx: &mut Cx<'_>, node: Syntax<'a>, anchors: &mut Anchors<'a>) {
    let span = span(node);
    match kind(node) {
        K::BlockNode | K::FlowNode => properties(cx, node, anchors),
        K::BlockMapping | K::FlowMapping => {
            cx.node(Kind::Dict, span, |cx| {
                for child in node.children() {
                    // `{a}` is `{a: null}`.
                    let is_key_only = kind(child) == K::FlowNode && !is_ellipsis(cx, child);
                    if is_key_only {
                        cx.node(Kind::KeyValue, child.span(), |cx| {
                            key(cx, child, anchors);
                            cx.string("", (child.end(), child.end()));
                        });
                    } else {
                        value(cx, child, anchors);
                    }
                }
            });
        }
        K::BlockMappingPair | K::FlowPair => {
            // Dots among elements are written as an entry.
            if is_ellipsis(cx, node) {
                return cx.name(reserved::DOTS, span);
            }
            cx.node(Kind::KeyValue, span, |cx| {
                match node.field(f().key) {
                    Some(name) => key(cx, name, anchors),
                    None => cx.string("", (span.0, span.0)),
                }
                match node.field(f().value) {
                    Some(node) => value(cx, node, anchors),
                    // What is not there is like `""`.
                    None => cx.string("", (span.1, span.1)),
                }
                node.children().filter(|child| child.is_error()).for_each(|error| cx.opaque(error));
            });
        }
        K::BlockSequence | K::FlowSequence => {
            cx.node(Kind::List, span, |cx| {
                for child in node.children() {
                    // `[a: b]` is `[{a: b}]`.
                    if kind(child) == K::FlowPair && !is_ellipsis(cx, child) {
                        cx.node(Kind::Dict, child.span(), |cx| value(cx, child, anchors));
                    } else {
                        value(cx, child, anchors);
                    }
                }
            });
        }
        K::BlockSequenceItem => match node.first() {
            Some(inner) => value(cx, inner, anchors),
            None => cx.string("", (span.1, span.1)),
        },
        K::PlainScalar => match node.first() {
            Some(inner) => value(cx, inner, anchors),
            None => cx.opaque(node),
        },
        K::NullScalar => cx.word(Kind::Null, Op::None, "null", span),
        K::BooleanScalar => cx.word(Kind::Bool, Op::None, if is_true(node.text()) { "true" } else { "false" }, span),
        K::IntegerScalar => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::FloatScalar => number::lower(cx, node, Op::Float, NumberSyntax::C),
        // YAML 1.1 has more words for these than the grammar knows.
        K::StringScalar if is_true(node.text()) => cx.word(Kind::Bool, Op::None, "true", span),
        K::StringScalar if is_false(node.text()) => cx.word(Kind::Bool, Op::None, "false", span),
        K::StringScalar | K::TimestampScalar | K::DoubleQuoteScalar | K::SingleQuoteScalar | K::BlockScalar => string(cx, node),
        K::Alias => alias(cx, node, anchors),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node_with(Kind::Other, Op::None, node.kind_name(), span, |cx| node.children().for_each(|child| value(cx, child, anchors)));
        }
    }
}

fn key<'a>(cx: &mut Cx<'_>, node: Syntax<'a>, anchors: &mut Anchors<'a>) {
    let scalar = content(node);
    match kind(scalar) {
        K::BooleanScalar | K::NullScalar | K::IntegerScalar | K::FloatScalar | K::StringScalar if tag(node).is_none() => {
            string(cx, scalar);
        }
        _ => value(cx, node, anchors),
    }
}

fn is_true(text: &str) -> bool {
    ["true", "yes", "on", "y"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_false(text: &str) -> bool {
    ["false", "no", "off", "n"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_ellipsis(cx: &Cx<'_>, node: Syntax<'_>) -> bool {
    cx.is_pattern() && (node.text() == dots::ENTRY || node.text().trim_start_matches('*') == reserved::DOTS)
}

/// A value with its anchor and its tag. A tag of one's own is a cast.
fn properties<'a>(cx: &mut Cx<'_>, node: Syntax<'a>, anchors: &mut Anchors<'a>) {
    let inner = node.children().find(|child| !matches!(kind(*child), K::Anchor | K::Tag));
    let anchor = node.children().find(|child| kind(*child) == K::Anchor);
    if let (Some(name), Some(inner)) = (anchor.and_then(Syntax::first), inner) {
        anchors.values.insert(name.text(), inner);
    }
    let span = span(node);
    let Some(tag) = tag(node) else {
        return match inner {
            Some(inner) => value(cx, inner, anchors),
            None => cx.string("", span),
        };
    };
    match (tag.text(), inner) {
        ("!!str" | "!", Some(inner)) if kind(inner) == K::PlainScalar => string(cx, content(inner)),
        (text, Some(inner)) if text.starts_with("!!") => value(cx, inner, anchors),
        (text, inner) => {
            cx.node(Kind::Cast, span, |cx| {
                cx.name(text.trim_start_matches('!'), tag.span());
                match inner {
                    Some(inner) => value(cx, inner, anchors),
                    None => cx.string("", (span.1, span.1)),
                }
            });
        }
    }
}

fn alias<'a>(cx: &mut Cx<'_>, node: Syntax<'a>, anchors: &mut Anchors<'a>) {
    let name = node.text().trim_start_matches('*');
    match anchors.values.get(name).copied() {
        Some(original) if !cx.is_pattern() => {
            // What contains itself ends here too: each time around counts.
            anchors.n_repeated_bytes = anchors.n_repeated_bytes.saturating_add(original.text().len().max(1));
            if anchors.n_repeated_bytes <= MAX_REPEATED_BYTES && !contains(original, node) {
                value(cx, original, anchors);
            } else {
                cx.name(name, node.span());
            }
        }
        _ => cx.name(name, node.span()),
    }
}

fn contains(outer: Syntax<'_>, inner: Syntax<'_>) -> bool {
    outer.start() <= inner.start() && inner.end() <= outer.end()
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = span(node);
    let text = node.text();
    match kind(node) {
        K::DoubleQuoteScalar | K::SingleQuoteScalar => {
            let inner = text.get(1..text.len().saturating_sub(1).max(1)).unwrap_or_default();
            // In patterns `...` in a string is written as anywhere else.
            if cx.is_pattern() && inner.contains(reserved::DOTS) {
                cx.string(&dots::in_string(inner), span);
            } else if kind(node) == K::DoubleQuoteScalar && inner.contains('\\') {
                cx.string(&without_escapes(inner), span);
            } else {
                cx.string(inner, span);
            }
        }
        K::BlockScalar => {
            let content = block_content(text);
            cx.string(if cx.is_pattern() { content.trim_end() } else { &content }, span);
        }
        _ if cx.is_pattern() => plain_pattern(cx, text, span),
        _ => cx.string(&folded(text), span),
    }
}

/// The text of a string in double quotes, with what its escapes mean. Those for characters by number stay.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(same @ ('\\' | '"' | '/')) => out.push(same),
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    out
}

/// A plain scalar of a pattern is a name if it is a metavariable, so that it stands for any value.
fn plain_pattern(cx: &mut Cx<'_>, text: &str, span: (u32, u32)) {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_reserved = [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix));
    if is_word && is_reserved { cx.name(text, span) } else { cx.string(&folded(text), span) }
}

/// A plain scalar over several lines is one line.
fn folded(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Cow::Owned(lines.join(" "))
}

/// The text of a block scalar without its indentation, its lines joined if it is a folded one.
fn block_content(text: &str) -> String {
    let (header, body) = text.split_once('\n').unwrap_or((text, ""));
    let header = header.split('#').next().unwrap_or_default();
    let lines: Vec<&str> = body.lines().collect();
    let indent = lines.iter().find(|line| !line.trim().is_empty()).map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    let is_folded = header.starts_with('>');
    let mut content = String::with_capacity(body.len());
    let mut joins = false;
    for line in &lines {
        let line = line.get(indent..).unwrap_or_default();
        let is_text = !line.is_empty() && !line.starts_with([' ', '\t']);
        if joins && is_folded && is_text {
            content.pop();
            content.push(' ');
        }
        content.push_str(line);
        content.push('\n');
        joins = is_text;
    }
    if !header.contains('+') {
        let kept = content.trim_end_matches('\n').len();
        content.truncate(kept);
        if !header.contains('-') && !content.is_empty() {
            content.push('\n');
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn mappings_and_sequences() {
        check(
            "a: 1\n\"b\":\n  - c\n  - d: {e: [f, 1.5], g}\n  -\n'h':\n",
            r#"(dict (key-value (str a) (number:int 1)) (key-value (str b) (list (str c) (dict (key-value (str d) (dict (key-value (str e) (list (str f) (number:float 1.5))) (key-value (str g) (str))))) (str))) (key-value (str h) (str)))"#,
        );
        check("- a\n- - b\n  - c", "(list (str a) (list (str b) (str c)))");
    }

    #[test]
    fn documents_follow_each_other() {
        check(
            "%YAML 1.2\n---\na: 1\n---\n- b\n...\n",
            "(other yaml_directive (other yaml_version))\n(dict (key-value (str a) (number:int 1)))\n(list (str b))",
        );
    }

    #[test]
    fn scalars_have_types_and_keys_are_strings() {
        check(
            "[1, 0x10, ~, null, true, Yes, off, 'true', 2001-01-01, 1: true]",
            r#"(list (number:int 1) (number:int 16) (null null) (null null) (bool true) (bool true) (bool false) (str true) (str 2001-01-01) (dict (key-value (str 1) (bool true))))"#,
        );
        check("on: y", "(dict (key-value (str on) (bool true)))");
    }

    #[test]
    fn strings() {
        check(r#"[a b, 'it''s', "x\n"]"#, r#"(list (str "a b") (str "it''s") (str "x\n"))"#);
        check("a: b\n  c\n", r#"(dict (key-value (str a) (str "b c")))"#);
        check(
            "a: |\n    b\n      c\n\n    d\n\ne: 1\n",
            r#"(dict (key-value (str a) (str "b\n  c\n\nd\n")) (key-value (str e) (number:int 1)))"#,
        );
        check("a: >-\n  b\n  c\n   d\n  e\n", r#"(dict (key-value (str a) (str "b c\n d\ne")))"#);
    }

    #[test]
    fn block_scalars_end_with_their_text() {
        let text = "a: |\n  b\n\nc: 1\n";
        let mut symbols = crate::ir::Interner::default();
        let tree = crate::lower::lower(&LANGUAGE, text, &mut symbols, false).unwrap();
        let entry = tree.ids().find(|id| tree.kind(*id) == Kind::KeyValue).unwrap();
        assert_eq!(tree.range(entry), (0, 8));
    }

    #[test]
    fn escapes_are_what_they_mean() {
        check(r#"a: "b\nc\\\"d\u0041""#, r#"(dict (key-value (str a) (str "b\nc\\\"d\\u0041")))"#);
    }

    #[test]
    fn tags_are_casts() {
        check("a: !Ref b", "(dict (key-value (str a) (cast (name Ref) (str b))))");
        check("a: !!str 5", "(dict (key-value (str a) (str 5)))");
        check("a: !Sub\n  - b\n", "(dict (key-value (str a) (cast (name Sub) (list (str b)))))");
    }

    #[test]
    fn aliases_stand_for_what_was_anchored() {
        check(
            "a: &x\n  b: 1\nc: *x\nd: *y\n",
            "(dict (key-value (str a) (dict (key-value (str b) (number:int 1)))) (key-value (str c) (dict (key-value (str b) (number:int 1)))) (key-value (str d) (name y)))",
        );
        check("a: &x [*x]", "(dict (key-value (str a) (list (name x))))");
    }

    #[test]
    fn aliases_of_aliases_end() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..30 {
            let line: Vec<String> = (0..10).map(|_| format!("*a{}", i - 1)).collect();
            text.push_str(&format!("a{i}: &a{i} [{}]\n", line.join(", ")));
        }
        let mut symbols = crate::ir::Interner::default();
        let tree = crate::lower::lower(&LANGUAGE, &text, &mut symbols, false).unwrap();
        assert!(tree.len() < 1_000_000);
    }

    #[test]
    fn a_pattern_of_one_entry_is_that_entry() {
        let lowered = |text: &str| crate::lower::pattern(&LANGUAGE, text);
        assert_eq!(lowered("MV__K: *DOTS__\n"), "(key-value (metavar $K) (ellipsis))");
        assert_eq!(lowered("- a: \"MV__X\"\n  *DOTS__ : *DOTS__\n"), "(dict (key-value (str a) (str-metavar $X)) (ellipsis))");
        assert_eq!(lowered("a: |\n  MV__X\n"), "(key-value (str a) (str-metavar $X))");
        assert_eq!(lowered("!MV__T MV__X"), "(cast (metavar $T) (metavar $X))");
    }

    #[test]
    fn dots_of_patterns_stand_anywhere() {
        let patterns = [
            ("a:\n  ...\n", "(key-value (str a) (ellipsis))"),
            ("a:\n  ...\n  b: MV__X\n", "(key-value (str a) (dict (ellipsis) (key-value (str b) (metavar $X))))"),
            ("a:\n  ...\n  - b\n  - ...\n", "(key-value (str a) (list (ellipsis) (str b) (ellipsis)))"),
            ("a: ...\n...\nMV__K: \"...\"\n", "(dict (key-value (str a) (ellipsis)) (ellipsis) (key-value (metavar $K) (any-str)))"),
            ("a: [..., b, ...]\n", "(key-value (str a) (list (ellipsis) (str b) (ellipsis)))"),
            ("{..., a: ..., ...}\n", "(dict (ellipsis) (key-value (str a) (ellipsis)) (ellipsis))"),
            ("- ...\n  a: b\n", "(dict (ellipsis) (key-value (str a) (str b)))"),
            ("- a: b\n...\n- c\n", "(list (dict (key-value (str a) (str b))) (ellipsis) (str c))"),
        ];
        for (pattern, expected) in patterns {
            let text = pattern.replace("\"...\"", "\"*DOTS__ : *DOTS__\"").replace("...", dots::ENTRY);
            assert_eq!(crate::lower::pattern(&LANGUAGE, &text), expected, "{pattern}");
        }
    }
}
