//! Names and strings.

use super::{K, expression::expression, f, kind};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        context::{is_metavariable, reserved},
    },
};

/// Variables of PHP that look like metavariables.
const SUPERGLOBALS: &[&str] = &["$_COOKIE", "$_ENV", "$_FILES", "$_GET", "$_POST", "$_REQUEST", "$_SERVER", "$_SESSION", "$GLOBALS"];

/// Builds a name, with the dollar of a variable.
pub(super) fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    if !cx.is_pattern() || !text.starts_with('$') || is_dots(node) || text.get(1..).is_some_and(|name| name.starts_with(reserved::MANY)) {
        return cx.name_of(node);
    }
    let metavariable = text.get(1..).and_then(|name| name.strip_prefix(reserved::METAVAR));
    let written = metavariable.map_or_else(|| text.to_owned(), |name| format!("${name}"));
    if SUPERGLOBALS.contains(&written.as_str()) {
        cx.word(Kind::Name, Op::None, &written, node.span());
    } else if let Some(name) = written.strip_prefix('$').filter(|_| is_metavariable(&written)) {
        cx.name(&format!("{}{name}", reserved::METAVAR), node.span());
    } else {
        cx.name_of(node);
    }
}

/// The name of a function that is called or defined: large and small letters are the same.
pub(super) fn function_name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    let is_reserved = cx.is_pattern() && text.contains("__");
    if kind(node) != K::Name || is_reserved || !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return expression(cx, node);
    }
    cx.name(&text.to_ascii_lowercase(), node.span());
}

/// Whether a name is how `...` is written in patterns.
pub(super) fn is_dots(node: Syntax<'_>) -> bool {
    node.text().trim_start_matches('$') == reserved::DOTS
}

/// The names that a name is made of.
pub(super) fn names(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    match kind(node) {
        K::QualifiedName | K::NamespaceName => node.children().flat_map(names).collect(),
        K::RelativeName => {
            let word = node.all_children().next().filter(|token| !token.is_named() && token.text() != "\\");
            word.into_iter().chain(node.children().flat_map(names)).collect()
        }
        _ => vec![node],
    }
}

/// A string in quotes, a heredoc or a nowdoc.
pub(super) fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::Heredoc | K::Nowdoc => match node.field(f().value) {
            Some(body) => text(cx, body, content_of_heredoc(body), node.span()),
            None => cx.string("", node.span()),
        },
        _ => {
            let mut tokens = node.all_children();
            let from = tokens.next().map_or(node.start(), Syntax::end);
            let to = tokens.last().map_or(node.end(), Syntax::start).max(from);
            text(cx, node, (from, to), node.span());
        }
    }
}

/// The lines of a heredoc without the first end of line.
fn content_of_heredoc(body: Syntax<'_>) -> (u32, u32) {
    let text = body.text();
    let n_blank = text.len() - text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text).len();
    (body.start() + u32::try_from(n_blank).unwrap_or(0), body.end())
}

/// The content of a string, with what is interpolated in it.
fn text(cx: &mut Cx<'_>, node: Syntax<'_>, (from, to): (u32, u32), span: (u32, u32)) {
    let content = node.source(from, to);
    let is_literal = |child: Syntax<'_>| matches!(kind(child), K::StringContent | K::EscapeSequence | K::Unknown);
    // `"$X"` is a string whose content is bound.
    let is_plain = node.children().all(is_literal) || (cx.is_pattern() && is_only_metavariable(content));
    if is_plain {
        return cx.string(content, span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = from;
        let piece = |cx: &mut Cx<'_>, from: u32, to: u32| {
            if from < to {
                cx.string(node.source(from, to), (from, to));
            }
        };
        for child in node.all_children().filter(|child| from <= child.start() && child.end() <= to) {
            if child.is_named() && !is_literal(child) {
                piece(cx, at, child.start());
                expression(cx, child);
                at = child.end();
            } else if !child.is_named() && child.text() == "{" {
                piece(cx, at, child.start());
                at = child.end();
            } else if !child.is_named() && child.text() == "}" {
                at = child.end();
            }
        }
        piece(cx, at, to);
    });
}

fn is_only_metavariable(content: &str) -> bool {
    let written = content.strip_prefix('$').and_then(|name| name.strip_prefix(reserved::METAVAR)).map(|name| format!("${name}"));
    let written = written.as_deref().unwrap_or(content);
    is_metavariable(written) && !SUPERGLOBALS.contains(&written)
}

/// A command in back-quotes is a call of a function with that name.
pub(super) fn shell_command(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        cx.name("`", (span.0, span.0 + 1));
        cx.node(Kind::Args, span, |cx| {
            let (from, to) = (span.0 + 1, (span.1 - 1).max(span.0 + 1));
            if cx.is_pattern() && node.source(from, to) == reserved::DOTS {
                return cx.leaf(Kind::Ellipsis, Op::None, (from, to));
            }
            text(cx, node, (from, to), (from, to));
        });
    });
}
