//! Patterns of `is` and `switch`, and queries.

use super::{
    super::again,
    Cx, K, Kind, Op, Syntax,
    definition::binding,
    expression::{binary, expression},
    f, kind, parts,
};

pub(super) fn pattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while let K::ConstantPattern | K::TypePattern | K::ParenthesizedPattern = kind(node) {
        let Some(inner) = parts(node).next() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::WhenClause => {
            cx.node(Kind::CompIf, span, |cx| cx.slot(parts(node).next(), span.1, expression));
        }
        // Everything: there is nothing to compare with.
        K::Discard => {}
        K::DeclarationPattern | K::VarPattern => {
            let type_ = node.field(f().type_);
            let name = node.children().find(|child| child.in_field() != f().type_);
            match name {
                Some(name) if kind(name) != K::Discard => binding(cx, name, type_, span),
                _ => cx.slot(type_, span.0, expression),
            }
        }
        K::NegatedPattern => {
            cx.node_op(Kind::Unary, Op::Not, span, |cx| cx.slot(parts(node).next(), span.1, pattern));
        }
        K::AndPattern | K::OrPattern => {
            let op = if kind(node) == K::AndPattern { Op::And } else { Op::Or };
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, pattern);
                cx.slot(node.field(f().right), span.1, pattern);
            });
        }
        K::RelationalPattern => {
            let op = node.all_children().next().map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(parts(node).next(), span.1, expression));
        }
        K::ListPattern => {
            cx.node(Kind::List, span, |cx| node.children().for_each(|child| pattern(cx, child)));
        }
        K::RecursivePattern => recursive(cx, node),
        K::Subpattern => subpattern(cx, node),
        _ => expression(cx, node),
    }
}

/// `T(a, b) { C: d } name` looks like the call that makes it.
fn recursive(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let clauses = || node.children().filter(|child| matches!(kind(*child), K::PositionalPatternClause | K::PropertyPatternClause));
    let call = |cx: &mut Cx<'_>| {
        cx.node(Kind::Call, span, |cx| {
            cx.slot(node.field(f().type_), span.0, expression);
            let start = clauses().next().map_or(span.1, Syntax::start);
            cx.node(Kind::Args, (start, span.1), |cx| {
                clauses().flat_map(Syntax::children).for_each(|part| subpattern(cx, part));
            });
        });
    };
    match node.field(f().name) {
        Some(name) => {
            cx.node(Kind::Assign, span, |cx| {
                expression(cx, name);
                call(cx);
            });
        }
        None => call(cx),
    }
}

fn subpattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut children = parts(node);
    match (children.next(), children.next()) {
        (Some(name), Some(part)) => {
            cx.node(Kind::KwArg, node.span(), |cx| {
                expression(cx, name);
                slot(cx, part);
            });
        }
        (Some(only), None) => slot(cx, only),
        _ => cx.none(node.start()),
    }
}

/// A pattern that has a place: `_` too.
fn slot(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::Discard { cx.name_of(node) } else { pattern(cx, node) }
}

/// `x is …`
pub(super) fn test(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let value = node.field(f().expression);
    let Some(mut tested) = node.field(f().pattern) else { return cx.opaque(node) };
    let mut is_negated = false;
    while let K::ParenthesizedPattern | K::NegatedPattern = kind(tested) {
        is_negated ^= kind(tested) == K::NegatedPattern;
        let Some(inner) = parts(tested).next() else { break };
        tested = inner;
    }
    let constant = parts(tested).next().filter(|_| kind(tested) == K::ConstantPattern);
    if let (Some(value), Some(constant)) = (value, constant) {
        return constant_test(cx, value, constant, is_negated);
    }
    let test = |cx: &mut Cx<'_>| {
        cx.node(Kind::TypeTest, span, |cx| {
            cx.slot(value, span.0, expression);
            let type_ = tested.field(f().type_);
            match tested.children().find(|child| child.in_field() != f().type_) {
                Some(name) if kind(tested) == K::DeclarationPattern => {
                    cx.slot(type_, span.1, expression);
                    binding(cx, name, type_.filter(|type_| again::is_plain(type_.text())), tested.span());
                }
                _ => slot(cx, tested),
            }
        });
    };
    if is_negated {
        cx.node_op(Kind::Unary, Op::Not, span, test);
    } else {
        test(cx);
    }
}

/// `x is c`. In the grammar `x is c && d` is `x is (c && d)`. A name is a type more often than a constant.
fn constant_test(cx: &mut Cx<'_>, value: Syntax<'_>, constant: Syntax<'_>, is_negated: bool) {
    let span = (value.start(), constant.end());
    let operator = constant.field(f().operator).filter(|_| kind(constant) == K::BinaryExpression).map_or("", Syntax::text);
    if matches!(operator, "&&" | "||" | "??" | "&" | "|" | "^" | "==" | "!=") {
        cx.node_op(Kind::Binary, binary(operator), span, |cx| {
            match constant.field(f().left) {
                Some(left) => constant_test(cx, value, left, is_negated),
                None => cx.none(span.0),
            }
            cx.slot(constant.field(f().right), span.1, expression);
        });
        return;
    }
    let is_type = matches!(kind(constant), K::Identifier | K::GenericName | K::MemberAccessExpression | K::QualifiedName);
    let (kind, op) = match (is_type, is_negated) {
        (true, _) => (Kind::TypeTest, Op::None),
        (false, false) => (Kind::Binary, Op::Eq),
        (false, true) => (Kind::Binary, Op::NotEq),
    };
    let test = |cx: &mut Cx<'_>| {
        cx.node_op(kind, op, span, |cx| {
            expression(cx, value);
            expression(cx, constant);
        });
    };
    if is_type && is_negated {
        cx.node_op(Kind::Unary, Op::Not, span, test);
    } else {
        test(cx);
    }
}

/// `from x in y where z select w` is a comprehension.
pub(super) fn query(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_end = |child: &Syntax<'_>| matches!(kind(*child), K::SelectClause | K::GroupClause);
    let ends = || node.children().filter(is_end);
    let (Some(end), None) = (ends().next(), ends().nth(1)) else {
        return cx.other(node.kind_name(), node, clause);
    };
    cx.node_op(Kind::Comprehension, Op::Generator, node.span(), |cx| {
        cx.slot(parts(end).next(), end.end(), expression);
        node.children().filter(|child| !is_end(child)).for_each(|child| clause(cx, child));
        parts(end).skip(1).for_each(|key| expression(cx, key));
    });
}

fn clause(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut values = parts(node).filter(|child| child.in_field() != f().type_);
    match kind(node) {
        K::FromClause => {
            cx.node(Kind::CompFor, span, |cx| {
                match (node.field(f().name), node.field(f().type_)) {
                    (Some(name), Some(type_)) => binding(cx, name, Some(type_), (type_.start(), name.end())),
                    (name, _) => cx.slot(name, span.0, expression),
                }
                cx.slot(values.nth(1), span.1, expression);
            });
        }
        K::JoinClause => {
            cx.node(Kind::CompFor, span, |cx| {
                cx.slot(values.next(), span.0, expression);
                cx.slot(values.next(), span.1, expression);
            });
            cx.node(Kind::CompIf, span, |cx| {
                cx.node_op(Kind::Binary, Op::Eq, span, |cx| {
                    cx.slot(values.next(), span.1, expression);
                    cx.slot(values.next(), span.1, expression);
                });
            });
        }
        K::WhereClause => {
            cx.node(Kind::CompIf, span, |cx| cx.slot(values.next(), span.1, expression));
        }
        K::LetClause => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(values.next(), span.0, expression);
                cx.slot(values.next(), span.1, expression);
            });
        }
        _ => expression(cx, node),
    }
}
