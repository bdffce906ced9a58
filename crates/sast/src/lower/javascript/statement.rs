//! Statements.

use super::{
    K,
    definition::{self, Outer},
    expression::{self, expression},
    f, is_ellipsis, kind, module,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// A block; what is none becomes one.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::StatementBlock => statements(cx, node),
            _ => statement(cx, node),
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => match node.first() {
            Some(only) if kind(only) == K::InternalModule => module::namespace(cx, only),
            Some(only) => {
                cx.node(Kind::ExprStmt, span, |cx| expression(cx, only));
            }
            None => {}
        },
        K::StatementBlock if cx.is_pattern() && expression::is_object(node) => {
            cx.node(Kind::ExprStmt, span, |cx| expression::object_in_disguise(cx, node));
        }
        K::StatementBlock => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::IfStatement => if_statement(cx, node),
        K::ForStatement => for_statement(cx, node),
        K::ForInStatement => for_in_statement(cx, node),
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f(node).condition), span.0, expression);
                body(cx, node.field(f(node).body), span.1);
            });
        }
        K::DoStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f(node).body), span.0);
                cx.slot(node.field(f(node).condition), span.1, expression);
            });
        }
        K::SwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f(node).value), span.0, expression);
                if let Some(cases) = node.field(f(node).body) {
                    cases.children().for_each(|case| statement(cx, case));
                }
            });
        }
        K::SwitchCase | K::SwitchDefault => switch_case(cx, node),
        K::TryStatement => {
            cx.node(Kind::Try, span, |cx| {
                body(cx, node.field(f(node).body), span.0);
                if let Some(clause) = node.field(f(node).handler) {
                    catch_clause(cx, clause);
                }
                cx.none(span.1);
                cx.slot(node.field(f(node).finalizer), span.1, finally_clause);
            });
        }
        K::CatchClause => catch_clause(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::WithStatement => {
            cx.node(Kind::With, span, |cx| {
                cx.slot(node.field(f(node).object), span.0, expression);
                body(cx, node.field(f(node).body), span.1);
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.field(f(node).label), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.field(f(node).label), span.1, expression));
        }
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ThrowStatement => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::LabeledStatement => labeled_statement(cx, node),
        K::DebuggerStatement => {
            cx.node_with(Kind::Other, Op::None, "debugger", span, |_| {});
        }
        K::EmptyStatement | K::HashBangLine => {}
        K::ElseClause => body(cx, node.first(), span.1),
        K::LexicalDeclaration | K::VariableDeclaration | K::UsingDeclaration => definition::variables(cx, node, &Outer::default()),
        K::FunctionDeclaration
        | K::GeneratorFunctionDeclaration
        | K::FunctionSignature
        | K::ClassDeclaration
        | K::AbstractClassDeclaration
        | K::InterfaceDeclaration
        | K::EnumDeclaration
        | K::TypeAliasDeclaration
        | K::Module
        | K::InternalModule
        | K::ImportAlias
        | K::AmbientDeclaration => definition::declaration(cx, node, &Outer::default()),
        K::ImportStatement => module::import(cx, node),
        K::ExportStatement => module::export(cx, node),
        _ if node.is_error() => broken(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What could not be parsed; statements that the parser made out in it are kept.
fn broken(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.opaque(node);
    let is_whole = |child: &Syntax<'_>| {
        matches!(
            kind(*child),
            K::ExpressionStatement
                | K::IfStatement
                | K::ForStatement
                | K::ForInStatement
                | K::WhileStatement
                | K::DoStatement
                | K::SwitchStatement
                | K::TryStatement
                | K::ReturnStatement
                | K::ThrowStatement
                | K::LexicalDeclaration
                | K::VariableDeclaration
                | K::FunctionDeclaration
                | K::GeneratorFunctionDeclaration
                | K::ClassDeclaration
                | K::AbstractClassDeclaration
                | K::ImportStatement
                | K::ExportStatement
                | K::StatementBlock
        )
    };
    node.children().filter(is_whole).for_each(|child| statement(cx, child));
}

/// `else if` is an `If` in the last slot.
fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.field(f(node).condition), span.0, expression);
        body(cx, node.field(f(node).consequence), span.1);
        match node.field(f(node).alternative).and_then(Syntax::first) {
            Some(next) if kind(next) == K::IfStatement => if_statement(cx, next),
            other => body(cx, other, span.1),
        }
    });
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let given = |field: u16| node.field(field).filter(|part| part.is_named() && kind(*part) != K::EmptyStatement);
    let start = given(f(node).initializer);
    let condition = given(f(node).condition);
    let step = given(f(node).increment);
    cx.node(Kind::For, span, |cx| {
        if let (Some(start), None, None) = (start, condition, step)
            && is_ellipsis(cx, start)
        {
            // `for (...)` of a pattern is any header.
            (0..3).for_each(|_| cx.name_of(start));
        } else {
            cx.slot(start, span.0, |cx, start| match kind(start) {
                K::LexicalDeclaration | K::VariableDeclaration => {
                    let is_one = start.children().nth(1).is_none();
                    if is_one {
                        definition::variables(cx, start, &Outer::default());
                    } else {
                        cx.node(Kind::Block, start.span(), |cx| definition::variables(cx, start, &Outer::default()));
                    }
                }
                _ => expression(cx, start),
            });
            cx.slot(condition, span.0, expression);
            cx.slot(step, span.0, expression);
        }
        body(cx, node.field(f(node).body), span.1);
    });
}

/// A target that is declared in the header is a [`Kind::VarDef`], with none of `const`, `let` and `var`, which make no
/// difference here. `op` is `in` where keys are iterated, and `async` where promises are.
fn for_in_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_keys = node.field(f(node).operator).is_some_and(|token| token.text() == "in");
    let op = match (is_keys, node.has_token("await")) {
        (true, _) => Op::In,
        (false, true) => Op::Async,
        (false, false) => Op::None,
    };
    cx.node_op(Kind::ForEach, op, span, |cx| {
        cx.slot(node.field(f(node).left), span.0, |cx, target| {
            let Some(word) = node.field(f(node).kind) else { return expression(cx, target) };
            let value = node.field(f(node).value);
            let end = value.unwrap_or(target).end();
            cx.node(Kind::VarDef, (word.start(), end), |cx| {
                cx.empty(Kind::Attrs, word.start());
                expression(cx, target);
                cx.none(end);
                cx.slot(value, end, expression);
            });
        });
        cx.slot(node.field(f(node).right), span.0, expression);
        body(cx, node.field(f(node).body), span.1);
    });
}

fn switch_case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let value = node.field(f(node).value);
    let mut statements = node.children().filter(|child| child.in_field() != f(node).value).peekable();
    if let Some(value) = value
        && statements.peek().is_none()
        && is_ellipsis(cx, value)
    {
        // `switch (x) { ... }` of a pattern.
        return cx.name_of(value);
    }
    cx.node(Kind::Case, node.span(), |cx| {
        if let Some(value) = value {
            expression(cx, value);
        }
        let start = statements.peek().map_or(node.end(), |first| first.start());
        cx.node(Kind::Block, (start, node.end()), |cx| statements.for_each(|child| statement(cx, child)));
    });
}

fn catch_clause(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(node.field(f(node).type_), span.0, expression);
        cx.slot(node.field(f(node).parameter), span.0, expression);
        body(cx, node.field(f(node).body), span.1);
    });
}

fn finally_clause(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Finally, node.span(), |cx| body(cx, node.field(f(node).body), node.end()));
}

/// A label; in a pattern `key: value` is an entry of an object.
fn labeled_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (label, inner) = (node.field(f(node).label), node.field(f(node).body));
    if let (true, Some(label), Some(inner)) = (cx.is_pattern(), label, inner)
        && expression::is_entry(inner)
    {
        return expression::entry_in_disguise(cx, label, inner);
    }
    cx.node(Kind::Label, span, |cx| {
        cx.slot(label, span.0, expression);
        cx.slot(inner, span.1, statement);
    });
}
