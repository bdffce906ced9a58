//! Statements, and calls that are branches, loops or handlers.

use super::{
    K,
    call::{Body, Called},
    definition,
    expression::expression,
    f, is_dots, is_operator, kind, of, operator,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// Statements in a row. Functions know which clause of theirs comes first.
pub(super) fn statements<'a>(cx: &mut Cx<'_>, all: impl Iterator<Item = Syntax<'a>>) {
    let mut before: Option<(&str, usize)> = None;
    for node in all {
        let clause = definition::clause_of(node);
        let is_further = clause.is_some() && clause == before;
        // Attributes may stand between the clauses of a function.
        if clause.is_some() || !is_attribute(node) {
            before = clause;
        }
        statement(cx, node, is_further);
    }
}

fn is_attribute(node: Syntax<'_>) -> bool {
    kind(node) == K::UnaryOperator && operator(node) == "@"
}

fn statement(cx: &mut Cx<'_>, node: Syntax<'_>, is_further_clause: bool) {
    if let Some(called) = Called::of(node)
        && called.name != "for"
        && form(cx, &called, is_further_clause)
    {
        return;
    }
    if kind(node) == K::Block {
        cx.node(Kind::Block, node.span(), |cx| cx.deeper(node.span(), |cx| statements(cx, node.children())));
    } else if is_dots(cx, node) {
        expression(cx, node);
    } else if kind(node) == K::StabClause {
        case(cx, node);
    } else if node.is_error() {
        cx.opaque(node);
    } else {
        cx.node(Kind::ExprStmt, node.span(), |cx| expression(cx, node));
    }
}

/// The body of a definition or a branch.
pub(super) fn body(cx: &mut Cx<'_>, body: Option<Body<'_>>, at: u32) {
    match body {
        Some(Body::Block(block)) => {
            cx.node(Kind::Block, inside(block), |cx| statements(cx, own(block)));
        }
        Some(Body::Value(value)) => {
            cx.node(Kind::Block, value.span(), |cx| statements(cx, std::iter::once(value)));
        }
        None => cx.none(at),
    }
}

/// What a block has, without `else` and other blocks that end it.
fn own(block: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> + Clone {
    block.children().filter(|child| !matches!(kind(*child), K::ElseBlock | K::RescueBlock | K::CatchBlock | K::AfterBlock))
}

/// From the first to the last statement of a block.
fn inside(block: Syntax<'_>) -> (u32, u32) {
    let first = own(block).next().map_or(block.start(), Syntax::start);
    (first, own(block).last().map_or(first, Syntax::end))
}

/// Builds what a call is, if it is more than a call.
pub(super) fn form(cx: &mut Cx<'_>, called: &Called<'_>, is_further_clause: bool) -> bool {
    let mut is_built = true;
    cx.deeper(called.node.span(), |cx| is_built = form_of(cx, called, is_further_clause));
    is_built
}

fn form_of(cx: &mut Cx<'_>, called: &Called<'_>, is_further_clause: bool) -> bool {
    let span = called.node.span();
    let first = called.arguments.first().copied();
    match called.name {
        "if" | "unless" if called.body("do").is_some() => {
            cx.node(Kind::If, span, |cx| {
                if called.name == "if" {
                    cx.slot(first, span.0, expression);
                } else {
                    cx.node_op(Kind::Unary, Op::Not, first.map_or(span, Syntax::span), |cx| cx.slot(first, span.0, expression));
                }
                body(cx, called.body("do"), span.1);
                body(cx, called.body("else"), span.1);
            });
        }
        "case" | "cond" | "receive" if called.body("do").is_some() => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(first, span.0, expression);
                clauses(cx, called.body("do"), case);
                clauses(cx, called.body("after"), case);
            });
        }
        "try" if called.body("do").is_some() => attempt(cx, called, span),
        "with" if called.body("do").is_some() => {
            cx.node(Kind::With, span, |cx| {
                called.arguments.iter().for_each(|item| generator(cx, *item, Kind::Assign));
                body(cx, called.body("do"), span.1);
                if let Some(otherwise) = called.body("else") {
                    cx.node(Kind::Switch, otherwise.node().span(), |cx| {
                        cx.none(otherwise.node().start());
                        clauses(cx, Some(otherwise), case);
                    });
                }
            });
        }
        "for" if called.body("do").is_some() => comprehension(cx, called, span),
        _ => return definition::definition(cx, called, is_further_clause),
    }
    true
}

/// `try`, or the body of a function with handlers.
pub(super) fn attempt(cx: &mut Cx<'_>, called: &Called<'_>, span: (u32, u32)) {
    cx.node(Kind::Try, span, |cx| {
        body(cx, called.body("do"), span.0);
        clauses(cx, called.body("rescue"), handler);
        clauses(cx, called.body("catch"), handler);
        match called.body("else") {
            Some(otherwise) => {
                cx.node(Kind::Block, otherwise.node().span(), |cx| {
                    cx.node(Kind::Switch, otherwise.node().span(), |cx| {
                        cx.none(otherwise.node().start());
                        clauses(cx, Some(otherwise), case);
                    });
                });
            }
            None => cx.none(span.1),
        }
        match called.body("after") {
            Some(after) => {
                cx.node(Kind::Finally, after.node().span(), |cx| body(cx, Some(after), span.1));
            }
            None => cx.none(span.1),
        }
    });
}

/// The clauses of a block; what is none is a statement.
fn clauses(cx: &mut Cx<'_>, block: Option<Body<'_>>, clause: fn(&mut Cx<'_>, Syntax<'_>)) {
    let Some(Body::Block(block)) = block else { return };
    for child in own(block) {
        if kind(child) == K::StabClause { clause(cx, child) } else { statement(cx, child, false) }
    }
}

/// What stands before an arrow: the patterns, and the guard.
pub(super) fn head(clause: Syntax<'_>) -> (Option<Syntax<'_>>, Option<Syntax<'_>>) {
    match clause.named_field(f().left) {
        Some(left) if is_operator(left, "when") => (left.named_field(f().left), left.named_field(f().right)),
        left => (left, None),
    }
}

fn is_all_dots(cx: &Cx<'_>, clause: Syntax<'_>) -> bool {
    let is_dots = |node: Option<Syntax<'_>>| node.is_some_and(|node| is_dots(cx, node));
    is_dots(clause.named_field(f().left)) && is_dots(clause.named_field(f().right))
}

fn case(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    if is_all_dots(cx, clause) {
        return cx.leaf(Kind::Ellipsis, Op::None, clause.span());
    }
    let (patterns, guard) = head(clause);
    cx.node(Kind::Case, clause.span(), |cx| {
        guarded(cx, patterns, guard, clause);
        branch(cx, clause);
    });
}

fn handler(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    if is_all_dots(cx, clause) {
        return cx.leaf(Kind::Ellipsis, Op::None, clause.span());
    }
    let (patterns, guard) = head(clause);
    // `e in [A, B]`: what is caught, and its name.
    let named = patterns.and_then(Syntax::first).filter(|only| is_operator(*only, "in"));
    cx.node(Kind::Catch, clause.span(), |cx| {
        match named {
            Some(named) => {
                cx.slot(named.named_field(f().right), clause.start(), expression);
                cx.slot(named.named_field(f().left), clause.start(), expression);
            }
            None => {
                guarded(cx, patterns, guard, clause);
                cx.none(clause.start());
            }
        }
        branch(cx, clause);
    });
}

/// The patterns of a clause as one node: several are a tuple, and a guard goes with them.
fn guarded(cx: &mut Cx<'_>, patterns: Option<Syntax<'_>>, guard: Option<Syntax<'_>>, clause: Syntax<'_>) {
    let build = |cx: &mut Cx<'_>| match patterns {
        Some(patterns) if patterns.children().nth(1).is_some() => {
            cx.node(Kind::Tuple, patterns.span(), |cx| patterns.children().for_each(|one| expression(cx, one)));
        }
        Some(patterns) => cx.slot(patterns.first(), patterns.start(), expression),
        None => cx.none(clause.start()),
    };
    match guard {
        Some(guard) => {
            cx.node_with(Kind::Other, Op::None, "guard", (clause.start(), guard.end()), |cx| {
                build(cx);
                expression(cx, guard);
            });
        }
        None => build(cx),
    }
}

/// What follows an arrow.
pub(super) fn branch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let inner = clause.named_field(f().right).or_else(|| of(clause, K::Body));
    match inner {
        Some(inner) => {
            cx.node(Kind::Block, inner.span(), |cx| statements(cx, inner.children()));
        }
        None => cx.empty(Kind::Block, clause.end()),
    }
}

/// `a <- b`, as an assignment or what iterates; and what is none.
fn generator(cx: &mut Cx<'_>, node: Syntax<'_>, kind: Kind) {
    if !is_operator(node, "<-") {
        return expression(cx, node);
    }
    cx.node(kind, node.span(), |cx| {
        cx.slot(node.named_field(f().left), node.start(), expression);
        cx.slot(node.named_field(f().right), node.end(), expression);
    });
}

fn comprehension(cx: &mut Cx<'_>, called: &Called<'_>, span: (u32, u32)) {
    cx.node_op(Kind::Comprehension, Op::List, span, |cx| {
        match called.body("do") {
            Some(Body::Value(value)) => expression(cx, value),
            block => body(cx, block, span.1),
        }
        for argument in &called.arguments {
            if is_operator(*argument, "<-") {
                generator(cx, *argument, Kind::CompFor);
            } else if kind(*argument) != K::Keywords {
                cx.node(Kind::CompIf, argument.span(), |cx| expression(cx, *argument));
            }
        }
    });
}
