//! Strings and characters.

use super::{Cx, K, Kind, Op, Syntax, expression::expression, kind, parts};
use crate::lower::context::reserved;

/// What stands between the quotes.
pub(super) fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (start, end) = match kind(node) {
        K::VerbatimStringLiteral => {
            let text = node.text();
            let end = text.rfind('"').and_then(|at| u32::try_from(at).ok()).map_or(node.end(), |at| node.start() + at);
            (node.start().saturating_add(2), end)
        }
        K::RawStringLiteral => {
            node.children().find(|child| kind(*child) == K::RawStringContent).map_or((node.end(), node.end()), Syntax::span)
        }
        _ => {
            let encoding = node.children().find(|child| kind(*child) == K::StringLiteralEncoding);
            (node.start().saturating_add(1), encoding.map_or(node.end(), Syntax::start).saturating_sub(1))
        }
    };
    cx.string(node.source(start, end.max(start)), node.span());
}

pub(super) fn character(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let content = node.source(node.start().saturating_add(1), node.end().saturating_sub(1));
    cx.word(Kind::Char, Op::None, content, node.span());
}

/// `$"…"`; the text between two expressions is one string. How an expression is formatted is left out.
pub(super) fn interpolated(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let holes = || node.children().filter(|child| kind(*child) == K::Interpolation);
    let start = node.all_children().find(|child| child.text().ends_with('"')).map_or(node.start(), Syntax::end);
    let end = node.all_children().last().filter(|last| last.text().starts_with('"')).map_or(node.end(), Syntax::start).max(start);
    let text = node.source(start, end);
    // In a pattern `$"..."` is any string with expressions, not any string.
    if cx.is_pattern() && (text == "..." || text == reserved::DOTS) {
        cx.node(Kind::Interp, node.span(), |cx| cx.leaf(Kind::AnyStr, Op::None, (start, end)));
        return;
    }
    if holes().next().is_none() {
        return cx.string(text, node.span());
    }
    cx.node(Kind::Interp, node.span(), |cx| {
        let mut at = start;
        for hole in holes() {
            if at < hole.start() {
                cx.string(node.source(at, hole.start()), (at, hole.start()));
            }
            let brace = hole.all_children().next().map_or(hole.start(), Syntax::end);
            cx.slot(parts(hole).find(|part| brace <= part.start()), hole.end(), expression);
            at = hole.end();
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}
