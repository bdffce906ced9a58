//! Markup.

use super::{
    K,
    expression::{self, expression, expressions},
    f, is_ellipsis, kind, types,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// `<a b={c}>d</a>`, or `<a />`.
pub(super) fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let open = node.field(f(node).open_tag);
    cx.node(Kind::Xml, node.span(), |cx| {
        head(cx, open.unwrap_or(node));
        if open.is_some() {
            children(cx, node);
        }
    });
}

/// A tag alone, in broken code and in patterns.
pub(super) fn tag(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Xml, node.span(), |cx| head(cx, node));
}

/// The name, which a fragment has not, and the attributes.
fn head(cx: &mut Cx<'_>, tag: Syntax<'_>) {
    let (name, arguments) = (tag.field(f(tag).name), tag.field(f(tag).type_arguments));
    cx.slot(name, tag.start() + 1, |cx, name| types::with_arguments(cx, name, arguments));
    let start = name.map_or(tag.start() + 1, Syntax::end);
    let mut attributes = tag.fields(f(tag).attribute).peekable();
    let first = attributes.peek().map_or(start, |first| first.start());
    let id = cx.node(Kind::XmlAttrs, (first, first), |cx| {
        for attribute in tag.fields(f(tag).attribute) {
            expression(cx, attribute);
        }
    });
    if let Some(last) = attributes.last() {
        cx.cover(id, last.span());
    }
}

/// `a="b"`, `a={b}`; alone it is true.
pub(super) fn attribute(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut parts = node.children();
    let (Some(name), value) = (parts.next(), parts.next()) else { return cx.opaque(node) };
    if value.is_none() && is_ellipsis(cx, name) {
        return expression::name(cx, name);
    }
    cx.node(Kind::XmlAttr, span, |cx| {
        cx.name_of(name);
        match value {
            Some(value) if kind(value) == K::JsxExpression => cx.slot(value.first(), value.start(), expression),
            Some(value) => expression(cx, value),
            None => cx.word(Kind::Bool, Op::None, "true", (span.1, span.1)),
        }
    });
}

/// Texts, elements and values; texts and references to characters that follow each other are one text.
fn children(cx: &mut Cx<'_>, element: Syntax<'_>) {
    let mut text: Option<(u32, u32)> = None;
    for child in element.children() {
        match kind(child) {
            K::JsxText | K::HtmlCharacterReference => {
                let start = text.map_or(child.start(), |(start, _)| start);
                text = Some((start, child.end()));
                continue;
            }
            _ => {}
        }
        if let Some(span) = text.take() {
            self::text(cx, element, span);
        }
        match kind(child) {
            K::JsxOpeningElement | K::JsxClosingElement => {}
            K::JsxExpression => expressions(cx, child),
            _ => expression(cx, child),
        }
    }
}

fn text(cx: &mut Cx<'_>, element: Syntax<'_>, (start, end): (u32, u32)) {
    let whole = element.source(start, end);
    let from_start = whole.trim_start();
    let trimmed = from_start.trim_end();
    if trimmed.is_empty() {
        return;
    }
    let length = |text: &str| u32::try_from(text.len()).unwrap_or_default();
    let start = start + (length(whole) - length(from_start));
    let span = (start, start + length(trimmed));
    let is_hole = cx.is_pattern() && !trimmed.contains(char::is_whitespace) && is_reserved(trimmed);
    if is_hole { cx.name(trimmed, span) } else { cx.word(Kind::XmlText, Op::None, trimmed, span) }
}

/// Whether a text of a pattern is a metavariable or an ellipsis and nothing else.
fn is_reserved(text: &str) -> bool {
    use crate::lower::context::reserved;
    text == reserved::DOTS || text.starts_with(reserved::METAVAR) || text.starts_with(reserved::MANY)
}
