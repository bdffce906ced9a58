//! Statements.

use super::{
    K,
    definition::{
        annotations, attrs, class, constructor, enum_entry, function, is_lonely_annotation, lonely_annotation, property, variable,
    },
    expression::expression,
    f, is_type, kind, of,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn statements<'a>(cx: &mut Cx<'_>, nodes: impl Iterator<Item = Syntax<'a>>) {
    for node in nodes {
        statement(cx, node);
    }
}

/// A block; what is none becomes one.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::Block | K::ClassBody => statements(cx, node.children()),
            K::EnumClassBody => node.children().for_each(|child| statement(cx, child)),
            _ => statement(cx, node),
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PackageHeader => {
            cx.node(Kind::Package, trimmed(node), |cx| cx.slot(node.first(), span.1, expression));
        }
        K::Import => import(cx, node),
        K::FileAnnotation => annotations(cx, node),
        K::ClassDeclaration | K::ObjectDeclaration | K::CompanionObject => class(cx, node),
        K::FunctionDeclaration => function(cx, node),
        K::SecondaryConstructor => constructor(cx, node),
        K::PropertyDeclaration => property(cx, node),
        K::EnumEntry => enum_entry(cx, node),
        K::TypeAlias => {
            cx.node_with(Kind::Other, Op::None, "type_alias_declaration", span, |cx| {
                attrs(cx, node, &[K::TypeParameters]);
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.all_children().filter(|child| is_type(*child)).last(), span.1, expression);
            });
        }
        K::AnonymousInitializer => cx.other("anonymous_initializer", node, statement),
        K::ForStatement => for_statement(cx, node),
        K::WhileStatement => {
            labeled(cx, node, |cx| {
                cx.node(Kind::While, span, |cx| {
                    cx.slot(node.field(f().condition), span.0, expression);
                    loop_body(cx, node, node.children().filter(|child| child.in_field() != f().condition).last());
                });
            });
        }
        K::DoWhileStatement => {
            labeled(cx, node, |cx| {
                cx.node(Kind::DoWhile, span, |cx| {
                    let is_body = |child: &Syntax<'_>| child.in_field() != f().condition && kind(*child) != K::Label;
                    loop_body(cx, node, node.children().find(is_body));
                    cx.slot(node.field(f().condition), span.1, expression);
                });
            });
        }
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node.children()));
        }
        K::IfExpression => if_statement(cx, node),
        K::WhenExpression
        | K::TryExpression
        | K::ReturnExpression
        | K::ThrowExpression
        | K::WhenEntry
        | K::CatchBlock
        | K::FinallyBlock => {
            expression(cx, node);
        }
        K::AnnotatedExpression if is_lonely_annotation(node) => lonely_annotation(cx, node),
        K::AnnotatedExpression => {
            annotations(cx, node);
            if let Some(inner) = node.children().find(|child| kind(*child) != K::Annotation) {
                statement(cx, inner);
            }
        }
        K::LabeledExpression => labeled_statement(cx, node),
        K::Identifier if node.text() == "break" => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::Identifier if node.text() == "continue" => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        K::Shebang => {}
        _ if node.is_error() => broken(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What could not be parsed; definitions that the parser made out in it are kept.
fn broken(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.opaque(node);
    let is_whole = |child: &Syntax<'_>| {
        matches!(
            kind(*child),
            K::FunctionDeclaration | K::ClassDeclaration | K::ObjectDeclaration | K::PropertyDeclaration | K::CompanionObject
        )
    };
    statements(cx, node.children().filter(is_whole));
}

/// The span without the space that some nodes end with.
pub(super) fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    let length = u32::try_from(node.text().trim_end().len()).unwrap_or_default();
    (node.start(), node.start() + length)
}

fn import(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = trimmed(node);
    let op = if node.has_token("*") { Op::Star } else { Op::None };
    cx.node_op(Kind::Import, op, span, |cx| {
        let mut parts = node.children();
        cx.slot(parts.next(), span.0, expression);
        cx.slot(parts.next(), span.1, expression);
    });
}

/// What stands before a `loop@` belongs to the loop in the grammar.
fn labeled(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>)) {
    let Some(label) = of(node, K::Label) else { return lower(cx) };
    cx.node(Kind::Label, node.span(), |cx| {
        cx.name(label.text().trim_end_matches('@'), (label.start(), label.end() - 1));
        lower(cx);
    });
}

/// `a@ b`, and `break@a`, which the grammar takes for the same.
fn labeled_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (label, inner) = (of(node, K::Label), node.children().find(|child| kind(*child) != K::Label));
    let jump = match label.map(Syntax::text) {
        Some("break@") => Some(Kind::Break),
        Some("continue@") => Some(Kind::Continue),
        _ => None,
    };
    if let Some(jump) = jump {
        cx.node(jump, span, |cx| cx.slot(inner, span.1, expression));
        return;
    }
    labeled(cx, node, |cx| cx.slot(inner, span.1, statement));
}

/// The body of a loop may be missing, or be no more than a semicolon.
fn loop_body(cx: &mut Cx<'_>, node: Syntax<'_>, inner: Option<Syntax<'_>>) {
    match inner.filter(|inner| kind(*inner) != K::Label) {
        Some(inner) => body(cx, Some(inner), node.end()),
        None => cx.empty(Kind::Block, node.end()),
    }
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    labeled(cx, node, |cx| {
        cx.node(Kind::ForEach, span, |cx| {
            let mut parts = node.children().filter(|child| !matches!(kind(*child), K::Label | K::Annotation));
            cx.slot(parts.next(), span.0, |cx, target| {
                cx.node(Kind::VarDef, target.span(), |cx| {
                    cx.empty(Kind::Attrs, target.start());
                    variable(cx, target);
                    cx.none(target.end());
                });
            });
            cx.slot(parts.next(), span.0, expression);
            loop_body(cx, node, parts.next());
        });
    });
}

/// The parts of an `if`: what stands behind the condition and behind `else`.
fn branches(node: Syntax<'_>) -> (Option<Syntax<'_>>, Option<Syntax<'_>>) {
    let (mut then, mut otherwise) = (None, None);
    let (mut is_behind, mut is_else) = (false, false);
    for child in node.all_children() {
        match child.text() {
            ")" if !child.is_named() => is_behind = true,
            "else" if !child.is_named() => is_else = true,
            _ if !child.is_named() || !is_behind => {}
            _ if is_else => otherwise = Some(child),
            _ => then = Some(child),
        }
    }
    (then, otherwise)
}

fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (then, otherwise) = branches(node);
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.field(f().condition), span.0, expression);
        match then {
            Some(then) => body(cx, Some(then), span.1),
            None => cx.empty(Kind::Block, span.1),
        }
        match otherwise {
            Some(next) if kind(next) == K::IfExpression => if_statement(cx, next),
            other => body(cx, other, span.1),
        }
    });
}

/// An `if` whose branches are values is one.
pub(super) fn if_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_value = |branch: Syntax<'_>| !matches!(kind(branch), K::Block | K::Assignment);
    match branches(node) {
        (Some(then), Some(otherwise)) if is_value(then) && is_value(otherwise) => {
            cx.node(Kind::Ternary, node.span(), |cx| {
                cx.slot(node.field(f().condition), node.start(), expression);
                expression(cx, then);
                expression(cx, otherwise);
            });
        }
        _ => if_statement(cx, node),
    }
}

pub(super) fn when(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(of(node, K::WhenSubject), node.start(), |cx, subject| {
            let value = subject.children().last();
            match of(subject, K::VariableDeclaration) {
                Some(declaration) => {
                    let word = subject.all_children().find(|token| token.text() == "val").unwrap_or(declaration);
                    let end = value.map_or(subject.end(), Syntax::end);
                    cx.node_op(Kind::VarDef, Op::Const, (word.start(), end), |cx| {
                        cx.empty(Kind::Attrs, word.start());
                        variable(cx, declaration);
                        cx.slot(value, end, expression);
                    });
                }
                None => cx.slot(value, subject.end(), expression),
            }
        });
        for child in node.children().filter(|child| kind(*child) != K::WhenSubject) {
            expression(cx, child);
        }
    });
}

pub(super) fn when_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let first = node.field(f().condition);
    if cx.is_ellipsis(first) {
        return cx.slot(first, node.end(), expression);
    }
    cx.node(Kind::Case, trimmed(node), |cx| {
        node.fields(f().condition).for_each(|condition| expression(cx, condition));
        body(cx, node.children().filter(|child| child.in_field() != f().condition).last(), node.end());
    });
}

pub(super) fn try_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        body(cx, of(node, K::Block), span.0);
        node.children().filter(|child| kind(*child) == K::CatchBlock).for_each(|clause| catch(cx, clause));
        cx.none(span.1);
        cx.slot(of(node, K::FinallyBlock), span.1, finally);
    });
}

pub(super) fn catch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(clause.all_children().find(|child| is_type(*child)), span.0, expression);
        cx.slot(of(clause, K::Identifier), span.0, expression);
        body(cx, of(clause, K::Block), span.1);
    });
}

pub(super) fn finally(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, of(clause, K::Block), clause.end()));
}
