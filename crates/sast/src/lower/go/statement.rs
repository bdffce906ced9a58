//! Statements.

use super::{
    Cx, K, Kind, Op, Syntax,
    definition::{self, attrs},
    expression::{binary, expression, list},
    f, kind, operator,
};
use crate::lower::context::reserved;

pub(super) fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        if kind(child) == K::StatementList {
            child.children().for_each(|child| statement(cx, child));
        } else {
            statement(cx, child);
        }
    }
}

pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
    });
}

pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::EmptyStatement => {}
        K::ExpressionStatement => {
            cx.node(Kind::ExprStmt, span, |cx| cx.slot(node.first(), span.0, expression));
        }
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::SendStatement | K::IncStatement | K::DecStatement | K::AssignmentStatement => {
            cx.node(Kind::ExprStmt, span, |cx| simple(cx, node));
        }
        K::ShortVarDeclaration => simple(cx, node),
        K::GoStatement | K::DeferStatement => {
            let word = if kind(node) == K::GoStatement { "go" } else { "defer" };
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node_with(Kind::Unary, Op::Word, word, span, |cx| cx.slot(node.first(), span.1, expression));
            });
        }
        K::IfStatement => initialized(cx, node, branch),
        K::ForStatement => for_statement(cx, node),
        K::ExpressionSwitchStatement => initialized(cx, node, |cx, node| {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cases(cx, node);
            });
        }),
        K::TypeSwitchStatement => initialized(cx, node, type_switch),
        K::SelectStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.none(span.0);
                cases(cx, node);
            });
        }
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, list));
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::GotoStatement => {
            cx.node(Kind::Goto, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::FallthroughStatement => {
            cx.node_with(Kind::Other, Op::None, "fallthrough", span, |_| {});
        }
        K::LabeledStatement => {
            cx.node(Kind::Label, span, |cx| {
                cx.slot(node.field(f().label), span.0, expression);
                match node.children().nth(1) {
                    Some(labeled) => statement(cx, labeled),
                    None => cx.none(span.1),
                }
            });
        }
        K::PackageClause
        | K::ImportDeclaration
        | K::ConstDeclaration
        | K::VarDeclaration
        | K::TypeDeclaration
        | K::FunctionDeclaration
        | K::MethodDeclaration => definition::definition(cx, node),
        // Parts of patterns.
        K::ExpressionCase | K::DefaultCase | K::TypeCase | K::CommunicationCase => case(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What may stand before a condition, and in the header of a loop; without being a statement by itself.
fn simple(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => cx.slot(node.first(), span.0, expression),
        K::SendStatement => {
            cx.node_op(Kind::Binary, Op::Arrow, span, |cx| {
                cx.slot(node.field(f().channel), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::IncStatement | K::DecStatement => {
            let op = if kind(node) == K::IncStatement { Op::Increment } else { Op::Decrement };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.first(), span.0, expression));
        }
        K::AssignmentStatement => assignment(cx, node),
        K::ShortVarDeclaration => short_definition(cx, node, node.field(f().right), span),
        K::ReceiveStatement => match node.field(f().left) {
            Some(_) if node.has_token(":=") => short_definition(cx, node, node.field(f().right), span),
            Some(left) => {
                cx.node(Kind::Assign, span, |cx| {
                    list(cx, left);
                    cx.slot(node.field(f().right), span.1, expression);
                });
            }
            None => cx.slot(node.field(f().right), span.0, expression),
        },
        _ => expression(cx, node),
    }
}

/// `x := e`; several names are a tuple.
fn short_definition(cx: &mut Cx<'_>, node: Syntax<'_>, value: Option<Syntax<'_>>, span: (u32, u32)) {
    cx.node_op(Kind::VarDef, Op::Let, span, |cx| {
        attrs(cx, None, span.0);
        cx.slot(node.field(f().left), span.0, list);
        cx.none(span.0);
        cx.slot(value, span.1, list);
    });
}

fn assignment(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let operator = node.field(f().operator).map_or("=", Syntax::text);
    let (kind, op) = operator::assignment(operator, binary);
    cx.node_op(kind, op, span, |cx| {
        cx.slot(node.field(f().left), span.0, list);
        cx.slot(node.field(f().right), span.1, |cx, right| {
            // `x &^= y` clears bits.
            if operator == "&^=" {
                cx.node_op(Kind::Unary, Op::BitNot, right.span(), |cx| list(cx, right));
            } else {
                list(cx, right);
            }
        });
    });
}

/// What an initializer declares is known in a block around the statement.
fn initialized(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>, Syntax<'_>)) {
    match node.field(f().initializer) {
        Some(initializer) => {
            cx.node(Kind::Block, node.span(), |cx| {
                statement(cx, initializer);
                lower(cx, node);
            });
        }
        None => lower(cx, node),
    }
}

fn branch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.field(f().condition), span.0, expression);
        body(cx, node.field(f().consequence), span.1);
        cx.slot(node.field(f().alternative), span.1, statement);
    });
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let block = node.field(f().body);
    let header = node.children().find(|child| child.in_field() != f().body);
    match header {
        Some(clause) if kind(clause) == K::ForClause => {
            cx.node(Kind::For, span, |cx| {
                cx.slot(clause.field(f().initializer), clause.start(), simple);
                cx.slot(clause.field(f().condition), clause.start(), expression);
                cx.slot(clause.field(f().update), clause.end(), simple);
                body(cx, block, span.1);
            });
        }
        Some(clause) if kind(clause) == K::RangeClause => {
            cx.node(Kind::ForEach, span, |cx| {
                match clause.field(f().left) {
                    Some(left) if clause.has_token(":=") => short_definition(cx, clause, None, left.span()),
                    left => cx.slot(left, clause.start(), list),
                }
                cx.slot(clause.field(f().right), clause.end(), expression);
                body(cx, block, span.1);
            });
        }
        // `for ... { }` of a pattern is any loop.
        Some(dots) if cx.is_pattern() && dots.text() == reserved::DOTS => {
            cx.node(Kind::For, span, |cx| {
                for _ in 0..3 {
                    expression(cx, dots);
                }
                body(cx, block, span.1);
            });
        }
        Some(condition) => {
            cx.node(Kind::While, span, |cx| {
                expression(cx, condition);
                body(cx, block, span.1);
            });
        }
        None => {
            cx.node(Kind::For, span, |cx| {
                for _ in 0..3 {
                    cx.none(span.0);
                }
                body(cx, block, span.1);
            });
        }
    }
}

/// `switch x := y.(type)`; what is declared is known in a block around the statement.
fn type_switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (alias, value) = (node.field(f().alias), node.field(f().value));
    let switch = |cx: &mut Cx<'_>, of: Option<Syntax<'_>>| {
        cx.node(Kind::Switch, span, |cx| {
            let at = of.map_or((span.0, span.0), Syntax::span);
            cx.node_op(Kind::Unary, Op::TypeOf, at, |cx| cx.slot(of, span.0, list));
            cases(cx, node);
        });
    };
    let Some(alias) = alias else { return switch(cx, value) };
    cx.node(Kind::Block, span, |cx| {
        let end = value.map_or(alias.end(), Syntax::end);
        cx.node_op(Kind::VarDef, Op::Let, (alias.start(), end), |cx| {
            attrs(cx, None, alias.start());
            list(cx, alias);
            cx.none(alias.end());
            cx.slot(value, end, expression);
        });
        switch(cx, Some(alias));
    });
}

fn cases(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_case = |child: &Syntax<'_>| {
        matches!(kind(*child), K::ExpressionCase | K::DefaultCase | K::TypeCase | K::CommunicationCase) || child.is_error()
    };
    node.children().filter(is_case).for_each(|child| if child.is_error() { cx.opaque(child) } else { case(cx, child) });
}

fn case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let statements = node.children().find(|child| kind(*child) == K::StatementList);
    // `...` among the cases of a pattern.
    if cx.is_pattern() && statements.is_none() && node.first().is_some_and(|only| only.text() == reserved::DOTS) {
        return cx.leaf(Kind::Ellipsis, Op::None, span);
    }
    cx.node(Kind::Case, span, |cx| {
        match kind(node) {
            K::ExpressionCase => {
                node.fields(f().value).flat_map(Syntax::children).for_each(|value| expression(cx, value));
            }
            K::TypeCase => node.fields(f().type_).for_each(|type_| expression(cx, type_)),
            K::CommunicationCase => cx.slot(node.field(f().communication), span.0, simple),
            _ => {}
        }
        match statements {
            Some(_) => body(cx, statements, span.1),
            None => {
                cx.node(Kind::Block, (span.1, span.1), |_| {});
            }
        }
    });
}
