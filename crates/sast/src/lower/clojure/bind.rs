//! Names that are bound: parameters, and pairs in brackets.

use super::{
    Item,
    form::{expression, expression_of, word},
    is_dots,
    reader::{Form, Shape},
};
use crate::{
    ir::{Kind, Op},
    lower::Cx,
};

/// `[a & b]` as parameters.
pub(super) fn parameters(cx: &mut Cx<'_>, vector: Option<&Form<'_>>, at: u32) {
    let Some(vector) = vector else { return cx.empty(Kind::Params, at) };
    if is_dots(cx, vector) {
        cx.node(Kind::Params, vector.span, |cx| word(cx, vector));
        return;
    }
    cx.node(Kind::Params, vector.span, |cx| {
        let mut is_rest = false;
        for form in &vector.children {
            if form.is(Shape::Symbol, "&") {
                is_rest = true;
                continue;
            }
            if is_dots(cx, form) || form.text.starts_with("MANY__") {
                word(cx, form);
                continue;
            }
            let (hint, pattern) = hinted(form);
            cx.node_op(Kind::Param, if std::mem::take(&mut is_rest) { Op::Splat } else { Op::None }, form.span, |cx| {
                cx.empty(Kind::Attrs, form.span.0);
                self::pattern(cx, pattern);
                match hint {
                    Some(hint) => word(cx, hint),
                    None => cx.none(form.span.0),
                }
                cx.none(form.span.1);
            });
        }
    });
}

/// `^String a`: the type and the name.
fn hinted<'f>(form: &'f Form<'f>) -> (Option<&'f Form<'f>>, &'f Form<'f>) {
    match form.children.as_slice() {
        [hint, inner] if form.shape == Shape::Meta => (Some(hint).filter(|hint| hint.shape == Shape::Symbol), inner),
        _ => (None, form),
    }
}

/// What takes a value apart: `a`, `[a & b :as c]`, `{:keys [a] b :b :as c}`.
pub(super) fn pattern(cx: &mut Cx<'_>, form: &Form<'_>) {
    let whole = || form.children.iter().skip_while(|child| !child.is(Shape::Keyword, ":as")).nth(1);
    let build = |cx: &mut Cx<'_>| match form.shape {
        Shape::Vector => {
            cx.node(Kind::List, form.span, |cx| {
                let mut is_rest = false;
                for child in form.children.iter().take_while(|child| !child.is(Shape::Keyword, ":as")) {
                    if child.is(Shape::Symbol, "&") {
                        is_rest = true;
                    } else if std::mem::take(&mut is_rest) {
                        cx.node_op(Kind::Spread, Op::Splat, child.span, |cx| pattern(cx, child));
                    } else {
                        pattern(cx, child);
                    }
                }
            });
        }
        Shape::Map => {
            cx.node(Kind::Dict, form.span, |cx| {
                let mut rest = form.children.as_slice();
                while let Some((key, others)) = rest.split_first() {
                    rest = others.get(1..).unwrap_or_default();
                    match (key.shape, others.first()) {
                        // `:keys [a b]`: names that are keys, too.
                        (Shape::Keyword, Some(names)) if key.text.ends_with("keys") || matches!(key.text, ":strs" | ":syms") => {
                            names.children.iter().for_each(|name| entry(cx, Some(name), name));
                        }
                        (Shape::Keyword, _) => {}
                        (_, of) => entry(cx, of, key),
                    }
                }
            });
        }
        _ => expression(cx, Item::Form(hinted(form).1)),
    };
    match whole() {
        Some(whole) if matches!(form.shape, Shape::Vector | Shape::Map) => {
            cx.node_with(Kind::Other, Op::None, "as", form.span, |cx| {
                build(cx);
                word(cx, whole);
            });
        }
        _ => build(cx),
    }
}

/// What a map has at a key, and the pattern that gets it.
fn entry(cx: &mut Cx<'_>, key: Option<&Form<'_>>, bound: &Form<'_>) {
    cx.node(Kind::KeyValue, bound.span, |cx| {
        match key {
            Some(key) => cx.word(Kind::Atom, Op::None, key.text.trim_start_matches(':'), key.span),
            None => cx.none(bound.span.0),
        }
        pattern(cx, bound);
    });
}

/// `[a 1 b 2]`: each pair with `build`; dots of a pattern as they are.
pub(super) fn pairs<'f>(cx: &mut Cx<'_>, forms: &'f [Form<'f>], mut build: impl FnMut(&mut Cx<'_>, &'f Form<'f>, Option<&'f Form<'f>>)) {
    let mut rest = forms;
    while let Some((first, others)) = rest.split_first() {
        if is_dots(cx, first) {
            cx.node(Kind::ExprStmt, first.span, |cx| word(cx, first));
            rest = others;
            continue;
        }
        build(cx, first, others.first());
        rest = others.get(1..).unwrap_or_default();
    }
}

/// A variable that is bound to a value.
pub(super) fn variable(cx: &mut Cx<'_>, bound: &Form<'_>, value: Option<&Form<'_>>) {
    let (hint, inner) = hinted(bound);
    cx.node_op(Kind::VarDef, Op::Const, (bound.span.0, value.map_or(bound.span.1, |value| value.span.1)), |cx| {
        cx.empty(Kind::Attrs, bound.span.0);
        pattern(cx, inner);
        match hint {
            Some(hint) => word(cx, hint),
            None => cx.none(bound.span.0),
        }
        expression_of(cx, value, bound.span.1);
    });
}
