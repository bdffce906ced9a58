//! Commands, and what is made of them.

use super::{K, f, kind, word};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// The statements among some nodes, as a block.
fn block<'a>(cx: &mut Cx<'_>, nodes: impl Iterator<Item = Syntax<'a>> + Clone, at: u32) {
    let start = nodes.clone().next().map_or(at, Syntax::start);
    let end = nodes.clone().last().map_or(at, Syntax::end);
    cx.node(Kind::Block, (start, end.max(start)), |cx| nodes.for_each(|node| statement(cx, node)));
}

/// A body in `do … done`, in braces or alone.
fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| match kind(node) {
        K::DoGroup | K::CompoundStatement | K::Subshell => {
            cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
        }
        _ => {
            cx.node(Kind::Block, node.span(), |cx| statement(cx, node));
        }
    });
}

pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_expression = matches!(
        kind(node),
        K::Command
            | K::Pipeline
            | K::List
            | K::NegatedCommand
            | K::TestCommand
            | K::VariableAssignment
            | K::VariableAssignments
            | K::RedirectedStatement
    );
    if is_expression && !is_redirected_block(node) {
        cx.node(Kind::ExprStmt, node.span(), |cx| command(cx, node));
    } else {
        command(cx, node);
    }
}

fn is_redirected_block(node: Syntax<'_>) -> bool {
    kind(node) == K::RedirectedStatement
        && node.field(f().body).is_some_and(|body| !matches!(kind(body), K::Command | K::Pipeline | K::List))
}

/// Builds what may stand where a command does.
pub(super) fn command(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Command => simple(cx, node, &[]),
        K::RedirectedStatement => redirected(cx, node),
        K::Pipeline => connected(cx, "|", None, &node.children().collect::<Vec<_>>(), &[]),
        K::List => {
            let operator = if node.has_token("||") { "||" } else { "&&" };
            connected(cx, operator, None, &node.children().collect::<Vec<_>>(), &[]);
        }
        K::NegatedCommand => {
            cx.node_op(Kind::Unary, Op::Not, span, |cx| node.children().for_each(|child| command(cx, child)));
        }
        K::TestCommand => {
            let open = node.all_children().next();
            cx.node(Kind::Call, span, |cx| {
                cx.slot(open, span.0, Cx::name_of);
                cx.node(Kind::Args, (open.map_or(span.0, Syntax::end), span.1), |cx| {
                    node.children().for_each(|child| word::expression(cx, child));
                });
            });
        }
        K::VariableAssignment => {
            let (kind, op) = if node.has_token("+=") { (Kind::AugAssign, Op::Add) } else { (Kind::Assign, Op::None) };
            cx.node_op(kind, op, span, |cx| assigned(cx, node));
        }
        K::VariableAssignments => node.children().for_each(|child| command(cx, child)),
        K::DeclarationCommand => declaration(cx, node),
        K::UnsetCommand => {
            cx.node(Kind::Delete, span, |cx| node.children().for_each(|child| word::word(cx, child)));
        }
        K::IfStatement | K::ElifClause => {
            let clauses: Vec<Syntax<'_>> = node.children().filter(|child| matches!(kind(*child), K::ElifClause | K::ElseClause)).collect();
            branch(cx, node, &clauses, span.1);
        }
        K::WhileStatement => {
            let is_negated = node.has_token("until");
            cx.node(Kind::While, span, |cx| {
                let conditions: Vec<Syntax<'_>> = node.fields(f().condition).collect();
                if is_negated {
                    let of = conditions.first().map_or(span, |first| first.span());
                    cx.node_op(Kind::Unary, Op::Not, of, |cx| condition(cx, &conditions, span.0));
                } else {
                    condition(cx, &conditions, span.0);
                }
                body(cx, node.field(f().body), span.1);
            });
        }
        K::ForStatement => {
            let values: Vec<Syntax<'_>> = node.fields(f().value).collect();
            cx.node(Kind::ForEach, span, |cx| {
                cx.slot(node.field(f().variable), span.0, word::word);
                match values.as_slice() {
                    [] => cx.none(span.0),
                    [only] => word::word(cx, *only),
                    [first, .., last] => {
                        cx.node(Kind::List, (first.start(), last.end()), |cx| values.iter().for_each(|value| word::word(cx, *value)));
                    }
                }
                body(cx, node.field(f().body), span.1);
            });
        }
        K::CStyleForStatement => {
            cx.node(Kind::For, span, |cx| {
                for field in [f().initializer, f().condition, f().update] {
                    let parts: Vec<Syntax<'_>> = node.fields(field).collect();
                    match parts.as_slice() {
                        [] => cx.none(span.0),
                        [only] => word::expression(cx, *only),
                        [first, .., last] => {
                            cx.node(Kind::Tuple, (first.start(), last.end()), |cx| {
                                parts.iter().for_each(|part| word::expression(cx, *part));
                            });
                        }
                    }
                }
                body(cx, node.field(f().body), span.1);
            });
        }
        K::CaseStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().value), span.0, word::word);
                node.children().filter(|child| child.in_field() != f().value).for_each(|item| command(cx, item));
            });
        }
        K::CaseItem => {
            cx.node(Kind::Case, span, |cx| {
                let is_default = node.fields(f().value).all(|value| value.text() == "*");
                if !is_default {
                    node.fields(f().value).for_each(|value| word::word(cx, value));
                }
                block(cx, node.children().filter(|child| child.in_field() != f().value), span.1);
            });
        }
        K::FunctionDefinition => {
            let name = node.field(f().name);
            cx.node(Kind::FuncDef, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                cx.slot(name, span.0, Cx::name_of);
                let at = name.map_or(span.0, Syntax::end);
                cx.node(Kind::Params, (at, at), |_| {});
                cx.none(at);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::CompoundStatement if node.has_token("((") => {
            cx.node(Kind::ExprStmt, span, |cx| node.children().for_each(|child| word::expression(cx, child)));
        }
        K::CompoundStatement | K::Subshell | K::DoGroup | K::ElseClause => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        _ if node.is_error() => cx.opaque(node),
        _ if word::is_built(cx, node) => {}
        // What stands alone only where something could not be parsed, such as a redirection.
        _ => cx.other(node.kind_name(), node, word::word),
    }
}

fn assigned(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.slot(node.field(f().name), node.start(), word::expression_name);
    match node.field(f().value) {
        Some(value) => word::word(cx, value),
        None => cx.string("", (node.end(), node.end())),
    }
}

/// A command of words. Redirections, and variables for it alone, are attributes: a pattern need not name them.
fn simple(cx: &mut Cx<'_>, node: Syntax<'_>, redirects: &[Syntax<'_>]) {
    let words: Vec<Syntax<'_>> = node.all_children().filter(|child| is_word(*child)).collect();
    let names: Vec<Syntax<'_>> = node.children().filter(|child| !is_word(*child)).collect();
    if cx.is_pattern()
        && let [only] = words.as_slice()
        && names.is_empty()
        && redirects.is_empty()
        && !is_plain_word(*only)
    {
        // `...` stands for any command, and a string or an expansion for itself.
        return word::word(cx, *only);
    }
    let end = redirects.last().map_or(node.end(), |last| last.end());
    cx.node(Kind::Call, (node.start(), end), |cx| {
        cx.none(node.start());
        cx.node(Kind::Args, (node.start(), end), |cx| {
            let first = names.iter().chain(redirects).map(|child| child.start()).min().unwrap_or(node.start());
            cx.node(Kind::Attrs, (first, end.max(first)), |cx| {
                names.iter().chain(redirects).for_each(|child| named_argument(cx, *child));
            });
            words.iter().for_each(|child| word::word(cx, *child));
            names.iter().chain(redirects).for_each(|child| words_behind(cx, *child));
        });
    });
}

fn is_word(node: Syntax<'_>) -> bool {
    !matches!(kind(node), K::VariableAssignment | K::FileRedirect | K::HerestringRedirect | K::HeredocRedirect | K::Subshell)
        && !node.is_error()
        && (node.is_named() || node.in_field() == f().argument)
}

/// Whether a word is only itself: `ls`.
fn is_plain_word(node: Syntax<'_>) -> bool {
    let inner = if kind(node) == K::CommandName { node.first().unwrap_or(node) } else { node };
    kind(inner) == K::Word && inner.text() != reserved::DOTS
}

/// A redirection, or a variable for one command.
fn named_argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::VariableAssignment => {
            cx.node(Kind::KwArg, span, |cx| assigned(cx, node));
        }
        K::FileRedirect | K::HerestringRedirect | K::HeredocRedirect => {
            let operator = node.all_children().find(|token| !token.is_named());
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(operator, span.0, Cx::name_of);
                match kind(node) {
                    K::HeredocRedirect => word::heredoc(cx, node),
                    K::HerestringRedirect => cx.slot(node.children().last(), span.1, word::word),
                    _ => {
                        cx.slot(node.field(f().destination), span.1, word::word);
                        if let Some(descriptor) = node.field(f().descriptor) {
                            cx.word(Kind::Str, Op::None, descriptor.text(), descriptor.span());
                        }
                    }
                }
            });
            // What follows `<<EOF` on its line.
            if kind(node) == K::HeredocRedirect {
                node.fields(f().redirect).for_each(|redirect| named_argument(cx, redirect));
            }
        }
        _ if node.is_error() => cx.opaque(node),
        _ => command(cx, node),
    }
}

/// Words of the command that the grammar counts to a redirection before them.
fn words_behind(cx: &mut Cx<'_>, redirect: Syntax<'_>) {
    match kind(redirect) {
        K::FileRedirect => redirect.fields(f().destination).skip(1).for_each(|word| word::word(cx, word)),
        K::HeredocRedirect => {
            redirect.fields(f().argument).for_each(|word| word::word(cx, word));
            redirect.fields(f().redirect).for_each(|other| words_behind(cx, other));
        }
        _ => {}
    }
}

/// `a > b`, and loops or blocks with redirections.
fn redirected(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let body = node.field(f().body);
    let redirects: Vec<Syntax<'_>> = node.children().filter(|child| child.in_field() != f().body).collect();
    let heredoc = redirects.iter().find(|redirect| kind(**redirect) == K::HeredocRedirect);
    // `a <<EOF | b` has its pipeline within the redirection, `a <<EOF && b` what follows.
    let piped = heredoc.and_then(|heredoc| heredoc.children().find(|child| kind(*child) == K::Pipeline));
    let next = heredoc.and_then(|heredoc| heredoc.field(f().right));
    let connects = |body: &Syntax<'_>| matches!(kind(*body), K::Pipeline | K::List);
    let first = |cx: &mut Cx<'_>, _: u32| match body {
        // What stands behind a row of commands is about the last of them.
        Some(body) if connects(&body) => {
            let operator = if kind(body) == K::Pipeline {
                "|"
            } else if body.has_token("||") {
                "||"
            } else {
                "&&"
            };
            connected(cx, operator, None, &body.children().collect::<Vec<_>>(), &redirects);
        }
        Some(body) => with_redirects(cx, body, &redirects),
        None => {
            cx.node(Kind::With, node.span(), |cx| {
                redirects.iter().for_each(|redirect| named_argument(cx, *redirect));
                cx.none(node.end());
            });
        }
    };
    if let Some(piped) = piped {
        connected(cx, "|", Some((node.start(), &first)), &piped.children().collect::<Vec<_>>(), &[]);
    } else if let Some(next) = next {
        let operator = heredoc.and_then(|heredoc| heredoc.field(f().operator)).map_or("&&", Syntax::text);
        connected(cx, operator, Some((node.start(), &first)), &[next], &[]);
    } else {
        first(cx, node.start());
    }
}

type First<'s> = &'s dyn Fn(&mut Cx<'_>, u32);

/// Commands that an operator connects: calls of it with two arguments, that nest to the left. Redirections are the last command's.
pub(super) fn connected(cx: &mut Cx<'_>, operator: &str, first: Option<(u32, First<'_>)>, rest: &[Syntax<'_>], redirects: &[Syntax<'_>]) {
    let Some((last, before)) = rest.split_last() else {
        if let Some((end, first)) = first {
            first(cx, end);
        }
        return;
    };
    if before.is_empty() && first.is_none() {
        return with_redirects(cx, *last, redirects);
    }
    let start = before.first().or(Some(last)).map_or(0, |first| first.start());
    let start = first.map_or(start, |(start, _)| start);
    let end = redirects.last().map_or(last.end(), |redirect| redirect.end()).max(last.end());
    cx.node(Kind::Call, (start, end), |cx| {
        cx.name(operator, (start, start));
        cx.node(Kind::Args, (start, end), |cx| {
            connected(cx, operator, first, before, &[]);
            with_redirects(cx, *last, redirects);
        });
    });
}

fn with_redirects(cx: &mut Cx<'_>, node: Syntax<'_>, redirects: &[Syntax<'_>]) {
    match kind(node) {
        K::Command if !redirects.is_empty() => simple(cx, node, redirects),
        _ if redirects.is_empty() => command(cx, node),
        _ => {
            let end = redirects.last().map_or(node.end(), |last| last.end());
            cx.node(Kind::With, (node.start(), end), |cx| {
                redirects.iter().for_each(|redirect| named_argument(cx, *redirect));
                cx.node(Kind::Block, node.span(), |cx| statement(cx, node));
            });
        }
    }
}

/// `export a=1`, `local -r a`: the words before are modifiers.
fn declaration(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_variable = |child: &Syntax<'_>| matches!(kind(*child), K::VariableAssignment | K::VariableName);
    let word = node.all_children().next();
    if !node.children().any(|child| is_variable(&child)) {
        cx.node(Kind::ExprStmt, node.span(), |cx| {
            cx.node(Kind::Call, node.span(), |cx| {
                cx.none(node.start());
                cx.node(Kind::Args, node.span(), |cx| {
                    cx.node(Kind::Attrs, (node.start(), node.start()), |_| {});
                    cx.slot(word, node.start(), word::word);
                    node.children().for_each(|child| word::word(cx, child));
                });
            });
        });
        return;
    }
    for (i, variable) in node.children().filter(is_variable).enumerate() {
        let span = if i == 0 { node.span() } else { variable.span() };
        cx.node(Kind::VarDef, span, |cx| {
            cx.node(Kind::Attrs, (span.0, variable.start().max(span.0)), |cx| {
                let words = word.into_iter().chain(node.children().filter(|child| !is_variable(child)));
                words.for_each(|word| cx.word(Kind::Modifier, Op::None, word.text(), word.span()));
            });
            let name = if kind(variable) == K::VariableName { Some(variable) } else { variable.field(f().name) };
            cx.slot(name, span.0, word::expression_name);
            cx.none(span.0);
            cx.slot(variable.field(f().value), span.1, word::word);
        });
    }
}

fn condition(cx: &mut Cx<'_>, statements: &[Syntax<'_>], at: u32) {
    match statements {
        [] => cx.none(at),
        [only] => command(cx, *only),
        all => block(cx, all.iter().copied(), at),
    }
}

/// `if` or `elif`, with what follows it in the last slot.
fn branch(cx: &mut Cx<'_>, node: Syntax<'_>, rest: &[Syntax<'_>], end: u32) {
    let then = node.all_children().find(|token| token.text() == "then" && !token.is_named()).map_or(node.end(), Syntax::end);
    let is_clause = |child: &Syntax<'_>| matches!(kind(*child), K::ElifClause | K::ElseClause);
    let conditions: Vec<Syntax<'_>> = node.children().filter(|child| child.end() <= then).collect();
    cx.node(Kind::If, (node.start(), end), |cx| {
        condition(cx, &conditions, node.start());
        block(cx, node.children().filter(|child| then <= child.start() && !is_clause(child)), then);
        match rest.split_first() {
            Some((next, rest)) if kind(*next) == K::ElifClause => branch(cx, *next, rest, end),
            Some((next, _)) => {
                cx.node(Kind::Block, next.span(), |cx| statements(cx, *next));
            }
            None => cx.none(end),
        }
    });
}
