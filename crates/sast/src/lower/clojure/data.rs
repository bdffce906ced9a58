//! Forms that are no code: what is quoted, the clauses of `ns`, the steps of a thread.

use super::{
    Item,
    form::{expression, word},
    reader::{Form, Shape},
};
use crate::{ir::Kind, lower::Cx};

/// A form as it is written: brackets and words.
pub(super) fn data(cx: &mut Cx<'_>, form: &Form<'_>) {
    let kind = match form.shape {
        Shape::List => Kind::Tuple,
        Shape::Vector => Kind::List,
        Shape::Set => Kind::Set,
        Shape::Map => return map(cx, form, data),
        Shape::Quote | Shape::Meta => {
            return match form.children.last() {
                Some(inner) => data(cx, inner),
                None => cx.none(form.span.0),
            };
        }
        Shape::Unquote | Shape::Deep => return expression(cx, Item::Form(form)),
        Shape::Symbol => return word(cx, form),
        _ if form.children.is_empty() => return expression(cx, Item::Form(form)),
        _ => Kind::Tuple,
    };
    cx.node(kind, form.span, |cx| form.children.iter().for_each(|child| data(cx, child)));
}

/// `{:a 1}`; dots of a pattern stand for entries.
pub(super) fn map(cx: &mut Cx<'_>, form: &Form<'_>, value: fn(&mut Cx<'_>, &Form<'_>)) {
    cx.node(Kind::Dict, form.span, |cx| {
        let mut rest = form.children.as_slice();
        while let Some((key, others)) = rest.split_first() {
            if super::is_dots(cx, key) || key.text.starts_with("MANY__") {
                word(cx, key);
                rest = others;
                continue;
            }
            let given = others.first();
            cx.node(Kind::KeyValue, (key.span.0, given.map_or(key.span.1, |given| given.span.1)), |cx| {
                value(cx, key);
                match given {
                    Some(given) => value(cx, given),
                    None => cx.none(key.span.1),
                }
            });
            rest = others.get(1..).unwrap_or_default();
        }
    });
}
