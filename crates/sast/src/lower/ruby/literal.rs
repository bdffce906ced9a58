//! Names, symbols, strings and what is written like strings.

use super::{K, expression::expression, f, kind, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        context::{is_metavariable, reserved},
    },
};

/// Builds a name. In patterns a line below may stand before a reserved name.
pub(super) fn name(cx: &mut Cx<'_>, text: &str, span: (u32, u32)) {
    if !cx.is_pattern() {
        return cx.name(text, span);
    }
    match text.strip_prefix('_') {
        Some(bare) if is_reserved(bare) => cx.name(bare, span),
        // A metavariable in a string is a global variable for the grammar.
        None if is_metavariable(text) => cx.name(&text.replacen('$', reserved::METAVAR, 1), span),
        _ => cx.name(text, span),
    }
}

pub(super) fn is_reserved(text: &str) -> bool {
    [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix))
}

/// `:a`.
pub(super) fn symbol(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    cx.word(Kind::Atom, Op::None, text.strip_prefix(':').unwrap_or(text), node.span());
}

/// A key of a hash or an argument by name: a symbol is a name.
pub(super) fn key(cx: &mut Cx<'_>, pair: Syntax<'_>, node: Syntax<'_>) {
    let (start, end) = node.span();
    match kind(node) {
        K::SimpleSymbol => name(cx, node.text().trim_start_matches(':'), ((start + 1).min(end), end)),
        K::HashKeySymbol => name(cx, node.text(), (start, end)),
        K::String if pair.has_token(":") && is_plain(node) => {
            let (from, to) = content_span(node);
            name(cx, node.source(from, to), (from, to));
        }
        _ => expression(cx, node),
    }
}

/// Whether a pair is one of an argument by name.
pub(super) fn has_symbol_key(pair: Syntax<'_>) -> bool {
    pair.field(f().key).is_some_and(|key| match kind(key) {
        K::SimpleSymbol | K::HashKeySymbol => true,
        K::String => pair.has_token(":") && is_plain(key),
        _ => false,
    })
}

/// Whether nothing is interpolated.
fn is_plain(node: Syntax<'_>) -> bool {
    node.children().all(|child| kind(child) != K::Interpolation)
}

/// What lies between the quotes.
fn content_span(node: Syntax<'_>) -> (u32, u32) {
    if matches!(kind(node), K::BareString | K::BareSymbol) {
        return node.span();
    }
    let mut tokens = node.all_children();
    let from = tokens.next().map_or(node.start(), Syntax::end);
    (from, tokens.last().map_or(node.end(), Syntax::start).max(from))
}

pub(super) fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (from, to) = content_span(node);
    if is_plain(node) {
        cx.string(node.source(from, to), node.span());
    } else {
        cx.node(Kind::Interp, node.span(), |cx| pieces(cx, node, (from, to)));
    }
}

/// `:"a"` and the elements of `%i[a]`.
pub(super) fn delimited_symbol(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (from, to) = content_span(node);
    if is_plain(node) {
        cx.word(Kind::Atom, Op::None, node.source(from, to), node.span());
    } else {
        cx.node_op(Kind::Interp, Op::Template, node.span(), |cx| pieces(cx, node, (from, to)));
    }
}

/// The text of a string, cut where expressions stand in it.
fn pieces(cx: &mut Cx<'_>, node: Syntax<'_>, (from, to): (u32, u32)) {
    let mut at = from;
    let text = |cx: &mut Cx<'_>, from: u32, to: u32| {
        if from < to {
            cx.string(node.source(from, to), (from, to));
        }
    };
    for child in node.children().filter(|child| kind(*child) == K::Interpolation) {
        text(cx, at, child.start());
        let mut inner = child.children().filter(|inner| kind(*inner) != K::EmptyStatement);
        match (inner.next(), inner.next()) {
            (Some(only), None) => expression(cx, only),
            (Some(_), Some(_)) => {
                cx.node(Kind::Block, child.span(), |cx| statement::statements(cx, child));
            }
            _ => {}
        }
        at = child.end();
    }
    text(cx, at, to);
}

/// Strings side by side are one.
pub(super) fn chained(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if node.children().all(is_plain) {
        let text: String = node
            .children()
            .map(|part| {
                let (from, to) = content_span(part);
                part.source(from, to)
            })
            .collect();
        cx.string(&text, span);
        return;
    }
    cx.node(Kind::Interp, span, |cx| node.children().for_each(|part| pieces(cx, part, content_span(part))));
}

pub(super) fn regex(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (from, to) = content_span(node);
    let span = node.span();
    if !is_plain(node) {
        cx.node_op(Kind::Interp, Op::Template, span, |cx| pieces(cx, node, (from, to)));
        return;
    }
    let flags_start = (to + 1).min(span.1);
    cx.node_with(Kind::Regex, Op::None, node.source(from, to), span, |cx| {
        if flags_start < span.1 {
            cx.string(node.source(flags_start, span.1), (flags_start, span.1));
        }
    });
}

/// A command in back-quotes is a call of a function with that name.
pub(super) fn subshell(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (from, to) = content_span(node);
    cx.node(Kind::Call, node.span(), |cx| {
        cx.name("`", (node.start(), from));
        cx.node(Kind::Args, node.span(), |cx| {
            if cx.is_pattern() && node.source(from, to) == reserved::DOTS {
                cx.leaf(Kind::Ellipsis, Op::None, (from, to));
            } else if is_plain(node) {
                cx.string(node.source(from, to), (from, to));
            } else {
                cx.node(Kind::Interp, (from, to), |cx| pieces(cx, node, (from, to)));
            }
        });
    });
}

fn end_of_heredoc(body: Syntax<'_>) -> Option<Syntax<'_>> {
    body.children().find(|child| kind(*child) == K::HeredocEnd)
}

/// A heredoc spans the word that announces it; its text stands below, where it is skipped.
pub(super) fn heredoc(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let word = node.text().trim_start_matches(['<', '-', '~']).trim_matches(['"', '\'', '`']);
    let is_body = |body: Syntax<'_>| kind(body) == K::HeredocBody && end_of_heredoc(body).is_some_and(|end| end.text().trim() == word);
    let Some(body) = node.following(is_body) else { return cx.string("", node.span()) };
    let skipped = body.text().len() - body.text().trim_start_matches('\r').trim_start_matches('\n').len();
    let from = body.start() + u32::try_from(skipped.min(2)).unwrap_or(0);
    let to = end_of_heredoc(body).map_or(body.end(), Syntax::start).max(from);
    let text = body.source(from, to);
    let to = to - u32::try_from(text.len() - text.trim_end_matches([' ', '\t']).len()).unwrap_or(0);
    let is_command = node.text().contains('`');
    let build = |cx: &mut Cx<'_>| {
        if is_plain(body) {
            cx.string(body.source(from, to), node.span());
        } else {
            cx.node(Kind::Interp, node.span(), |cx| pieces(cx, body, (from, to)));
        }
    };
    if is_command {
        cx.node(Kind::Call, node.span(), |cx| {
            cx.name("`", node.span());
            cx.node(Kind::Args, node.span(), build);
        });
    } else {
        build(cx);
    }
}
