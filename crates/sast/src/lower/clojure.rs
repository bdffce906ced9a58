//! Clojure.
//!
//! There is no kept grammar: forms are read here. What a list is depends on its first word: a definition, a branch, names that are
//! bound, or a call. What is threaded (`(-> a b)`) is there as it is written, and as the calls that it stands for.

mod bind;
mod data;
mod form;
mod reader;

use bartizan_syntax::Grammar;

use self::reader::{Form, Shape};
use super::{Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, context::reserved};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "clojure",
    aliases: &[],
    // Never used: the text is read without one.
    grammar: Grammar::Json,
    lower: Lowering::Text(file),
    patterns: PatternSyntax {
        frames: &[Frame { before: "", after: "\n", what: FrameKind::Statements }],
        metavariable: &["{}"],
        ellipsis: &["DOTS__"],
        usual: &[],
        typed: "",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[],
};

/// Words that hold a form to be lowered in the place of another one.
#[derive(Debug, Clone, Copy)]
enum Item<'f> {
    Form(&'f Form<'f>),
    /// A form and the steps that it goes through, into the first or the last place of each.
    Threaded {
        forms: &'f [&'f Form<'f>],
        is_last: bool,
        span: (u32, u32),
    },
}

impl<'f> Item<'f> {
    fn span(self) -> (u32, u32) {
        match self {
            Self::Form(form) => form.span,
            Self::Threaded { span, .. } => span,
        }
    }

    fn form(self) -> Option<&'f Form<'f>> {
        match self {
            Self::Form(form) => Some(form),
            Self::Threaded { .. } => None,
        }
    }
}

/// Whether a form is the `...` of a pattern.
fn is_dots(cx: &Cx<'_>, form: &Form<'_>) -> bool {
    cx.is_pattern() && form.shape == Shape::Symbol && form.text == reserved::DOTS
}

fn file(cx: &mut Cx<'_>, text: &str) {
    let read = reader::read(text, cx.is_pattern());
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    cx.node(Kind::Root, (0, end), |cx| {
        read.forms.iter().for_each(|form| form::statement(cx, Item::Form(form)));
        read.broken.iter().for_each(|span| cx.unread(*span));
    });
}

#[cfg(test)]
mod tests;
