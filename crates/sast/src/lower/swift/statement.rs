//! Statements.

use super::{
    K,
    condition::{Condition, condition, conditions},
    definition::{attrs, class, enum_entry, function, properties, trimmed},
    expression::expression,
    f, kind,
    matching::pattern,
    of, type_in,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// A label stands before the statement that it belongs to, and outside of functions `throw` before what is thrown.
pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    let mut children = parent.children();
    while let Some(child) = children.next() {
        if kind(child) == K::ThrowKeyword {
            let value = children.next();
            let span = (child.start(), value.unwrap_or(child).end());
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(value, span.1, expression);
                cx.none(span.1);
            });
            continue;
        }
        if kind(child) != K::StatementLabel {
            statement(cx, child);
            continue;
        }
        let inner = children.next();
        cx.node(Kind::Label, (child.start(), inner.unwrap_or(child).end()), |cx| {
            let name = child.text().trim_end_matches(':').trim_end();
            cx.name(name, child.span());
            cx.slot(inner, child.end(), statement);
        });
    }
}

/// What stands between two braces that are children of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Braces<'a> {
    span: (u32, u32),
    inner: Option<Syntax<'a>>,
}

/// All that stands between braces in a node, in order.
pub(super) fn braces(node: Syntax<'_>) -> impl Iterator<Item = Braces<'_>> {
    let mut children = node.all_children();
    std::iter::from_fn(move || {
        let open = children.find(|child| !child.is_named() && child.text() == "{")?;
        let mut found = Braces { span: open.span(), inner: None };
        for child in children.by_ref() {
            found.span.1 = child.end();
            if kind(child) == K::Statements {
                found.inner = Some(child);
            } else if !child.is_named() && child.text() == "}" {
                break;
            }
        }
        Some(found)
    })
}

pub(super) fn block(cx: &mut Cx<'_>, braces: Option<Braces<'_>>, at: u32) {
    match braces {
        Some(Braces { span, inner }) => {
            cx.node(Kind::Block, span, |cx| {
                if let Some(inner) = inner {
                    statements(cx, inner);
                }
            });
        }
        None => cx.none(at),
    }
}

/// A body that is a node of its own.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::FunctionBody => of(node, K::Statements).into_iter().for_each(|inner| statements(cx, inner)),
            K::ClassBody | K::EnumClassBody | K::ProtocolBody | K::Statements => statements(cx, node),
            _ => statement(cx, node),
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ImportDeclaration => {
            cx.node(Kind::Import, span, |cx| {
                cx.slot(of(node, K::Identifier), span.1, expression);
                cx.none(span.1);
            });
        }
        K::ClassDeclaration | K::ProtocolDeclaration => class(cx, node),
        K::FunctionDeclaration | K::ProtocolFunctionDeclaration => {
            let name = node.field(f().name);
            function(cx, node, name, Op::None);
        }
        K::InitDeclaration => function(cx, node, node.field(f().name), Op::Constructor),
        K::DeinitDeclaration => function(cx, node, node.all_children().find(|token| token.text() == "deinit"), Op::None),
        K::SubscriptDeclaration => function(cx, node, node.all_children().find(|token| token.text() == "subscript"), Op::None),
        K::PropertyDeclaration | K::ProtocolPropertyDeclaration => properties(cx, node),
        K::EnumEntry => enum_entry(cx, node),
        K::TypealiasDeclaration | K::AssociatedtypeDeclaration => {
            let name = if kind(node) == K::TypealiasDeclaration { "type_alias_declaration" } else { "associatedtype_declaration" };
            cx.node_with(Kind::Other, Op::None, name, span, |cx| {
                attrs(cx, node);
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(type_in(node), span.1, expression);
            });
        }
        K::Statements => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::IfStatement => if_statement(cx, node),
        K::GuardStatement => {
            cx.node(Kind::If, span, |cx| {
                let all = conditions(node);
                let whole = (all.first().map_or(span.0, Condition::start), all.last().map_or(span.0, Condition::end));
                cx.node_op(Kind::Unary, Op::Not, whole, |cx| condition(cx, &all, span.0));
                block(cx, braces(node).next(), span.1);
                cx.none(span.1);
            });
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                condition(cx, &conditions(node), span.0);
                block(cx, braces(node).last(), span.1);
            });
        }
        K::RepeatWhileStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                block(cx, braces(node).next(), span.0);
                condition(cx, &conditions(node), span.1);
            });
        }
        K::ForStatement => for_statement(cx, node),
        K::DoStatement => do_statement(cx, node),
        K::CatchBlock => catch(cx, node),
        K::SwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().expr), span.0, expression);
                node.children().filter(|child| kind(*child) == K::SwitchEntry).for_each(|entry| switch_entry(cx, entry));
            });
        }
        K::SwitchEntry => switch_entry(cx, node),
        K::ControlTransferStatement => control_transfer(cx, node),
        K::ShebangLine => {}
        _ if node.is_error() => broken(cx, node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What could not be parsed; definitions that the parser made out in it are kept.
fn broken(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.opaque(node);
    for child in node.children() {
        let is_whole = matches!(
            kind(child),
            K::FunctionDeclaration
                | K::ClassDeclaration
                | K::ProtocolDeclaration
                | K::PropertyDeclaration
                | K::ImportDeclaration
                | K::InitDeclaration
                | K::Statements
        );
        if is_whole {
            statement(cx, child);
        }
    }
}

/// `else if` is an `If` in the last slot.
fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        condition(cx, &conditions(node), span.0);
        let mut blocks = braces(node);
        block(cx, blocks.next(), span.1);
        match of(node, K::IfStatement) {
            Some(next) => if_statement(cx, next),
            None => block(cx, blocks.next(), span.1),
        }
    });
}

fn for_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let item = node.field(f().item);
    cx.node(Kind::ForEach, span, |cx| {
        cx.slot(item, span.0, |cx, item| {
            cx.node(Kind::VarDef, item.span(), |cx| {
                cx.empty(Kind::Attrs, item.start());
                pattern(cx, item);
                cx.slot(of(node, K::TypeAnnotation), item.end(), expression);
                cx.none(item.end());
            });
        });
        cx.slot(node.field(f().collection), span.0, expression);
        guarded_block(cx, node);
    });
}

/// A block that is entered only `where` something holds.
fn guarded_block(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let inner = braces(node).last();
    let Some(guard) = of(node, K::WhereClause) else { return block(cx, inner, node.end()) };
    cx.node(Kind::Block, (guard.start(), node.end()), |cx| {
        cx.node(Kind::If, (guard.start(), node.end()), |cx| {
            cx.slot(guard.children().last(), guard.end(), expression);
            block(cx, inner, node.end());
            cx.none(node.end());
        });
    });
}

fn do_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut clauses = node.children().filter(|child| kind(*child) == K::CatchBlock).peekable();
    let inner = braces(node).next();
    if clauses.peek().is_none() {
        return block(cx, inner, span.1);
    }
    cx.node(Kind::Try, span, |cx| {
        block(cx, inner, span.0);
        clauses.for_each(|clause| catch(cx, clause));
        cx.none(span.1);
        cx.none(span.1);
    });
}

fn catch(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        let error = clause.field(f().error);
        let declared = error.filter(|error| error.has_token("as")).and_then(type_in);
        let name = error.and_then(|error| if declared.is_some() { of(error, K::Pattern) } else { Some(error) });
        let is_name = name.is_some_and(|name| name.field(f().bound_identifier).is_some());
        match (declared, name) {
            (declared, Some(name)) if is_name => {
                cx.slot(declared, span.0, expression);
                pattern(cx, name);
            }
            (Some(declared), _) => {
                expression(cx, declared);
                cx.none(span.0);
            }
            (None, Some(name)) => {
                pattern(cx, name);
                cx.none(span.0);
            }
            (None, None) => (0..2).for_each(|_| cx.none(span.0)),
        }
        guarded_block(cx, clause);
    });
}

fn switch_entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let patterns = || node.children().filter(|child| kind(*child) == K::SwitchPattern);
    let body = of(node, K::Statements);
    if let (Some(only), None) = (patterns().next(), patterns().nth(1))
        && cx.is_ellipsis(Some(only))
        && body.is_none_or(|body| cx.is_ellipsis(Some(body)))
    {
        return cx.slot(only.first(), node.end(), pattern);
    }
    cx.node(Kind::Case, trimmed(node), |cx| {
        for child in node.children() {
            match kind(child) {
                K::SwitchPattern => cx.slot(child.first(), child.end(), pattern),
                K::Statements | K::DefaultKeyword | K::Modifiers => {}
                // What follows `where`.
                _ if child.text() == "where" => {}
                _ => {
                    cx.node(Kind::CompIf, child.span(), |cx| expression(cx, child));
                }
            }
        }
        let span = body.map_or((node.end(), node.end()), trimmed);
        cx.node(Kind::Block, span, |cx| {
            if let Some(body) = body {
                statements(cx, body);
            }
        });
    });
}

fn control_transfer(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let word = node.all_children().next();
    let value = node.children().find(|child| kind(*child) != K::ThrowKeyword);
    let kind = match word.map_or("", Syntax::text) {
        "return" => Kind::Return,
        "break" => Kind::Break,
        "continue" => Kind::Continue,
        "yield" => Kind::Yield,
        _ => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(value, span.1, expression);
                cx.none(span.1);
            });
            return;
        }
    };
    cx.node(kind, span, |cx| cx.slot(value, span.1, expression));
}
