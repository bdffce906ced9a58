//! HTML. What stands in scripts and styles is text.

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax, context::reserved, vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "html",
    aliases: &[],
    grammar: Grammar::Html,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "<DOTS__ ", after: "></DOTS__>", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__"],
        usual: &[],
        typed: "{var}",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[Feature::Tags],
};

vocabulary! {
    kinds {
        Attribute = "attribute",
        AttributeName = "attribute_name",
        AttributeValue = "attribute_value",
        Doctype = "doctype",
        Document = "document",
        Element = "element",
        EndTag = "end_tag",
        Entity = "entity",
        ErroneousEndTag = "erroneous_end_tag",
        QuotedAttributeValue = "quoted_attribute_value",
        RawText = "raw_text",
        ScriptElement = "script_element",
        SelfClosingTag = "self_closing_tag",
        StartTag = "start_tag",
        StyleElement = "style_element",
        TagName = "tag_name",
        Text = "text",
    }
    fields {}
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Grammar::Html));

fn kind(node: Syntax<'_>) -> K {
    WORDS.kind(node)
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    // The grammar has no fields.
    let F {} = WORDS.fields;
    cx.node(Kind::Root, root.span(), |cx| contents(cx, root));
}

/// The elements and texts of an element. Texts and entities side by side are one text.
fn contents(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    let mut texts: Option<(u32, u32)> = None;
    for child in parent.children() {
        if matches!(kind(child), K::Text | K::Entity) {
            texts = Some((texts.map_or(child.start(), |(start, _)| start), child.end()));
            continue;
        }
        if let Some(span) = texts.take() {
            text(cx, parent.source(span.0, span.1), span);
        }
        if !matches!(kind(child), K::StartTag | K::SelfClosingTag | K::EndTag) {
            content(cx, child);
        }
    }
    if let Some(span) = texts {
        text(cx, parent.source(span.0, span.1), span);
    }
}

fn content(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::Element | K::ScriptElement | K::StyleElement => element(cx, node),
        K::RawText => text(cx, node.text(), node.span()),
        K::Attribute => attribute(cx, node),
        _ if node.is_error() || kind(node) == K::ErroneousEndTag => cx.opaque(node),
        _ => {
            cx.node_with(Kind::Other, Op::None, node.kind_name(), node.span(), |_| {});
        }
    }
}

fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let tag = node.children().find(|child| matches!(kind(*child), K::StartTag | K::SelfClosingTag));
    cx.node(Kind::Xml, node.span(), |cx| {
        let at = node.start();
        cx.slot(tag.and_then(|tag| tag.children().find(|child| kind(*child) == K::TagName)), at, name);
        let attributes = tag.into_iter().flat_map(Syntax::children).filter(|child| kind(*child) != K::TagName);
        let start = attributes.clone().next().map_or(at, Syntax::start);
        let end = attributes.clone().last().map_or(start, Syntax::end);
        cx.node(Kind::XmlAttrs, (start, end), |cx| attributes.for_each(|attribute| content(cx, attribute)));
        contents(cx, node);
    });
}

/// Names of elements and attributes are equal whatever their case.
fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    if let Some(metavariable) = text.strip_prefix(reserved::TAG).filter(|_| cx.is_pattern()) {
        return cx.name(&format!("{}{}", reserved::METAVAR, metavariable.replace(':', "_")), node.span());
    }
    if is_reserved(cx, text) || text.bytes().all(|byte| !byte.is_ascii_uppercase()) {
        cx.name_of(node);
    } else {
        cx.name(&text.to_ascii_lowercase(), node.span());
    }
}

fn is_reserved(cx: &Cx<'_>, text: &str) -> bool {
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    cx.is_pattern() && is_name && [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix))
}

fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut children = node.children();
    let (key, value) = (children.next(), children.next());
    if let (Some(key), None) = (key, value)
        && is_reserved(cx, key.text())
    {
        return cx.name_of(key);
    }
    cx.node(Kind::XmlAttr, node.span(), |cx| {
        cx.slot(key, node.start(), name);
        cx.slot(value, node.end(), |cx, value| {
            let span = value.span();
            if kind(value) == K::QuotedAttributeValue {
                cx.string(value.first().map_or("", Syntax::text), span);
            } else if is_reserved(cx, value.text()) {
                cx.name_of(value);
            } else {
                cx.string(value.text(), span);
            }
        });
    });
}

fn text(cx: &mut Cx<'_>, text: &str, span: (u32, u32)) {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return;
    }
    let skipped = text.len() - text.trim_start().len();
    let start = span.0 + u32::try_from(skipped).unwrap_or(0);
    let end = start + u32::try_from(trimmed.len()).unwrap_or(0);
    if is_reserved(cx, trimmed) { cx.name(trimmed, (start, end)) } else { cx.word(Kind::XmlText, Op::None, trimmed, (start, end)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        crate::lower::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn the_grammar_has_every_word() {
        assert_eq!(Vocabulary::unknown(Grammar::Html), Vec::<&str>::new());
    }

    #[test]
    fn elements_and_attributes() {
        check(
            "<!DOCTYPE html><A Href='x y' b=c d>e &amp; f<b>g</b></a><br/>",
            r#"
            (other doctype)
            (xml (name a) (xml-attrs (xml-attr (name href) (str "x y")) (xml-attr (name b) (str c)) (xml-attr (name d) _)) (xml-text "e &amp; f") (xml (name b) (xml-attrs) (xml-text g)))
            (xml (name br) (xml-attrs))"#,
        );
    }

    #[test]
    fn scripts_are_text() {
        check(
            "<script src=a></script><script>\n a < b\n</script>",
            "(xml (name script) (xml-attrs (xml-attr (name src) (str a))))\n(xml (name script) (xml-attrs) (xml-text \"a < b\"))",
        );
    }

    #[test]
    fn patterns() {
        let pattern = |text: &str| crate::lower::pattern(&LANGUAGE, text);
        assert_eq!(pattern("<script DOTS__>MANY__A</script>"), "(xml (name script) (xml-attrs (ellipsis)) (metavar-many $...A))");
        assert_eq!(
            pattern("<a href=\"MV__X\" b=DOTS__>DOTS__</a>"),
            "(xml (name a) (xml-attrs (xml-attr (name href) (str-metavar $X)) (xml-attr (name b) (ellipsis))) (ellipsis))"
        );
    }

    #[test]
    fn frames_take_patterns() {
        crate::lower::check_frames(
            &LANGUAGE,
            &["<meta DOTS__ https-equiv=DOTS__>", "<a MV__A=MV__V DOTS__>DOTS__<b>MV__X</b></a>", "a=\"b\""],
        );
    }
}
