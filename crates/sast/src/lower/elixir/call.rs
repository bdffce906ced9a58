//! Calls, apart into what they are made of.

use super::{K, expression::expression, f, is_dots, is_operator, kind, name, of};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// A call of a name, with its blocks.
pub(super) struct Called<'a> {
    pub(super) node: Syntax<'a>,
    pub(super) name: &'a str,
    /// Without keywords that are blocks: `do: 1`.
    pub(super) arguments: Vec<Syntax<'a>>,
    block: Option<Syntax<'a>>,
    keywords: Option<Syntax<'a>>,
}

/// What is run: a block, or the value of a keyword.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Block(Syntax<'a>),
    Value(Syntax<'a>),
}

impl<'a> Body<'a> {
    pub(super) fn node(self) -> Syntax<'a> {
        match self {
            Self::Block(node) | Self::Value(node) => node,
        }
    }
}

impl<'a> Called<'a> {
    /// The call of a name that a node is.
    pub(super) fn of(node: Syntax<'a>) -> Option<Self> {
        let target = node.named_field(f().target).filter(|target| kind(node) == K::Call && kind(*target) == K::Identifier)?;
        let mut arguments: Vec<Syntax<'a>> = of(node, K::Arguments).into_iter().flat_map(Syntax::children).collect();
        let keywords = arguments.last().copied().filter(|last| kind(*last) == K::Keywords && pair_of(*last, "do").is_some());
        if keywords.is_some_and(|keywords| keywords.children().all(is_block_pair)) {
            arguments.pop();
        }
        Some(Self { node, name: target.text(), arguments, block: of(node, K::DoBlock), keywords })
    }

    /// One of its blocks: `do`, `else`, `rescue`, `catch`, `after`.
    pub(super) fn body(&self, which: &str) -> Option<Body<'a>> {
        let Some(block) = self.block else { return self.keywords.and_then(|keywords| pair_of(keywords, which)).map(Body::Value) };
        let wanted = match which {
            "do" => return Some(Body::Block(block)),
            "else" => K::ElseBlock,
            "rescue" => K::RescueBlock,
            "catch" => K::CatchBlock,
            _ => K::AfterBlock,
        };
        of(block, wanted).map(Body::Block)
    }

    /// Whether exceptions are handled.
    pub(super) fn has_handlers(&self) -> bool {
        ["rescue", "catch", "after", "else"].iter().any(|which| self.body(which).is_some())
    }
}

/// The name of a keyword: `a` of `a: 1`.
pub(super) fn key_text(pair: Syntax<'_>) -> &str {
    pair.named_field(f().key).map_or("", |key| key.text().trim_end().trim_end_matches(':').trim_matches('"'))
}

fn is_block_pair(pair: Syntax<'_>) -> bool {
    matches!(key_text(pair), "do" | "else" | "rescue" | "catch" | "after")
}

fn pair_of<'a>(keywords: Syntax<'a>, key: &str) -> Option<Syntax<'a>> {
    keywords.children().find(|pair| key_text(*pair) == key)?.named_field(f().value)
}

/// A call that is nothing else; what is piped into it is its first argument.
pub(super) fn call(cx: &mut Cx<'_>, node: Syntax<'_>, piped: Option<Syntax<'_>>) {
    // `|> f()` of a pattern is what was written, without what its frame added.
    let piped_start = piped.map(|piped| if is_dots(cx, piped) { piped.end() + 1 } else { piped.start() });
    let span = (piped_start.unwrap_or(node.start()), node.end());
    let (target, list, block) = (node.named_field(f().target), of(node, K::Arguments), of(node, K::DoBlock));
    if let (Some(target), None, None, None) = (target, list, block, piped)
        && kind(target) == K::Dot
    {
        // Without parentheses it may be a member, too.
        return member(cx, target);
    }
    cx.node(Kind::Call, span, |cx| {
        cx.slot(target, span.0, |cx, target| match kind(target) {
            K::Dot if target.named_field(f().right).is_none() => cx.slot(target.named_field(f().left), target.start(), expression),
            K::Dot => member(cx, target),
            _ => expression(cx, target),
        });
        let start = list.or(block).map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            piped.into_iter().for_each(|piped| expression(cx, piped));
            list.into_iter().flat_map(Syntax::children).for_each(|one| argument(cx, one));
            if let Some(block) = block {
                block_function(cx, block);
            }
        });
    });
}

/// A block behind a call is a function without parameters.
fn block_function(cx: &mut Cx<'_>, block: Syntax<'_>) {
    cx.node(Kind::Lambda, block.span(), |cx| {
        cx.empty(Kind::Params, block.start());
        cx.none(block.start());
        super::form::body(cx, Some(Body::Block(block)), block.end());
    });
}

/// An argument; keywords are arguments with names.
pub(super) fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::Keywords {
        return expression(cx, node);
    }
    for pair in node.children() {
        cx.node(Kind::KwArg, pair.span(), |cx| {
            cx.slot(pair.named_field(f().key), pair.start(), |cx, key| cx.name_in_lower_case(key_text(pair), key.span()));
            cx.slot(pair.named_field(f().value), pair.end(), expression);
        });
    }
}

/// `a.b`, `A.b`, `a.(…)`
pub(super) fn member(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
        cx.slot(node.named_field(f().left), span.0, expression);
        cx.slot(
            node.named_field(f().right),
            span.1,
            |cx, right| if kind(right) == K::Identifier { name(cx, right) } else { expression(cx, right) },
        );
    });
}

/// `a |> f(b)` is `f(a, b)`.
pub(super) fn pipe(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (left, right) = (node.named_field(f().left), node.named_field(f().right));
    match right {
        Some(right) if kind(right) == K::Call => call(cx, right, left),
        // `a |> f` in the code of a macro, or of a pattern.
        _ => {
            cx.node(Kind::Call, node.span(), |cx| {
                cx.slot(right, node.end(), expression);
                cx.node(Kind::Args, left.map_or(node.span(), Syntax::span), |cx| cx.slot(left, node.start(), expression));
            });
        }
    }
}

/// Whether a node is a pipe.
pub(super) fn is_pipe(node: Syntax<'_>) -> bool {
    is_operator(node, "|>")
}
