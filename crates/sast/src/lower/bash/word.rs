//! Words, strings, expansions and the expressions of tests and arithmetic.

use super::{DEEP, K, command, f, kind};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        context::{is_metavariable, reserved},
        number::{self, NumberSyntax},
        operator,
    },
};

/// Builds a word, or a command where one stands in the place of a word.
pub(super) fn word(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if !is_built(cx, node) {
        command::statement(cx, node);
    }
}

/// Builds a word: a string, or what it expands to; nothing if it is none.
pub(super) fn is_built(cx: &mut Cx<'_>, node: Syntax<'_>) -> bool {
    let span = trimmed(node);
    match kind(node) {
        K::CommandName => cx.slot(node.first(), span.1, word),
        K::Word | K::Number | K::ExtglobPattern | K::Regex | K::BraceExpression | K::FileDescriptor | K::SpecialVariableName => {
            plain(cx, node);
        }
        K::VariableName | K::Subscript => expression_name(cx, node),
        K::RawString => cx.string(node.text().trim_matches('\''), span),
        K::AnsiCString => {
            let text = node.text();
            cx.string(text.get(2..text.len().saturating_sub(1).max(2)).unwrap_or_default(), span);
        }
        K::TranslatedString => cx.slot(node.first(), span.1, word),
        K::String => {
            let from = node.all_children().next().map_or(span.0, Syntax::end);
            let to = span.1.saturating_sub(1).max(from);
            let is_plain = node.children().all(|child| kind(child) == K::StringContent);
            if is_plain {
                cx.string(node.source(from, to), span);
            } else {
                cx.node(Kind::Interp, span, |cx| pieces(cx, node, (from, to)));
            }
        }
        // Words side by side: `a$b"c"`.
        K::Concatenation => {
            cx.node_op(Kind::Interp, Op::Template, span, |cx| node.children().for_each(|part| word(cx, part)));
        }
        K::SimpleExpansion => match node.first() {
            Some(name) if cx.is_pattern() && is_metavariable(node.text()) => {
                cx.name(&node.text().replacen('$', reserved::METAVAR, 1), name.span());
            }
            name => {
                cx.node_op(Kind::Unary, Op::Deref, span, |cx| cx.slot(name, span.1, expression_name));
            }
        },
        K::Expansion => expansion(cx, node),
        K::CommandSubstitution if cx.is_pattern() && node.text().trim_start().starts_with(DEEP) => deep(cx, node),
        K::CommandSubstitution => substitution(cx, node, "$("),
        K::ProcessSubstitution => {
            let open = node.all_children().next().map_or("<(", Syntax::text).trim();
            substitution(cx, node, open);
        }
        K::ArithmeticExpansion => node.children().for_each(|child| expression(cx, child)),
        K::Array => {
            cx.node(Kind::List, span, |cx| node.children().for_each(|child| word(cx, child)));
        }
        K::HeredocBody | K::StringContent | K::HeredocContent => cx.string(node.text(), span),
        K::BinaryExpression
        | K::UnaryExpression
        | K::PostfixExpression
        | K::TernaryExpression
        | K::ParenthesizedExpression
        | K::TestOperator => expression(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if !node.is_named() => cx.word(Kind::Str, Op::None, node.text(), span),
        K::Unknown => cx.other(node.kind_name(), node, word),
        _ => return false,
    }
    true
}

/// The span without the white space that the grammar takes along within strings.
fn trimmed(node: Syntax<'_>) -> (u32, u32) {
    let text = node.text();
    let n_blank = text.len() - text.trim_start().len();
    let is_expansion = matches!(kind(node), K::SimpleExpansion | K::Expansion | K::CommandSubstitution | K::ArithmeticExpansion);
    let start = if is_expansion { node.start() + u32::try_from(n_blank).unwrap_or(0) } else { node.start() };
    (start, node.end())
}

/// A word without expansions. In patterns it may be a metavariable or `...`.
fn plain(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    let is_reserved = [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix));
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if cx.is_pattern() && text == "..." {
        cx.name(reserved::DOTS, node.span());
    } else if cx.is_pattern() && is_reserved && is_name {
        cx.name_of(node);
    } else {
        cx.string(text, node.span());
    }
}

/// A variable where its name stands: `a=1`, `${a[0]}`.
pub(super) fn expression_name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match kind(node) {
        K::Subscript => {
            cx.node(Kind::Index, node.span(), |cx| {
                cx.slot(node.field(f().name), node.start(), expression_name);
                cx.slot(node.field(f().index), node.end(), word);
            });
        }
        K::VariableName | K::SpecialVariableName | K::Word => cx.name_of(node),
        _ => word(cx, node),
    }
}

/// `${a}` is `$a`; `${a:-b}` is that, made into something else by `:-`.
fn expansion(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = trimmed(node);
    let operator = node.field(f().operator);
    let variable = node.children().find(|child| child.in_field() != f().operator);
    let variable_itself = |cx: &mut Cx<'_>| {
        cx.node_op(Kind::Unary, Op::Deref, span, |cx| cx.slot(variable, span.1, expression_name));
    };
    let Some(operator) = operator else { return variable_itself(cx) };
    cx.node(Kind::Cast, span, |cx| {
        cx.node(Kind::Call, (operator.start(), span.1), |cx| {
            cx.name_of(operator);
            cx.node(Kind::Args, (operator.end(), span.1), |cx| {
                let after = variable.map_or(span.0, Syntax::end);
                node.children()
                    .filter(|child| after <= child.start() && child.in_field() != f().operator)
                    .for_each(|child| word(cx, child));
            });
        });
        variable_itself(cx);
    });
}

/// `$(a)`, `` `a` `` and `<(a)`: calls of what opens them, with statements as arguments.
fn substitution(cx: &mut Cx<'_>, node: Syntax<'_>, open: &str) {
    let span = trimmed(node);
    cx.node(Kind::Call, span, |cx| {
        cx.name(open, (span.0, node.all_children().next().map_or(span.0, Syntax::end).max(span.0)));
        cx.node(Kind::Args, span, |cx| {
            for child in node.children() {
                if kind(child) == K::FileRedirect {
                    cx.slot(child.field(f().destination), child.end(), word);
                } else {
                    command::command(cx, child);
                }
            }
        });
    });
}

/// `<... e ...>` in a pattern: a command of a name of its own, whose words are what is looked for.
fn deep(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = trimmed(node);
    let wanted = node.first().into_iter().flat_map(Syntax::all_children).filter(|child| child.in_field() == f().argument);
    cx.node(Kind::Call, span, |cx| {
        cx.name(reserved::DEEP, (span.0, span.0));
        cx.node(Kind::Args, span, |cx| wanted.for_each(|child| word(cx, child)));
    });
}

/// The text of a string, cut where something expands in it.
fn pieces(cx: &mut Cx<'_>, node: Syntax<'_>, (from, to): (u32, u32)) {
    let mut at = from;
    let text = |cx: &mut Cx<'_>, from: u32, to: u32| {
        if from < to {
            cx.string(node.source(from, to), (from, to));
        }
    };
    for child in node.children().filter(|child| !matches!(kind(*child), K::StringContent | K::HeredocContent)) {
        let (start, end) = trimmed(child);
        text(cx, at, start);
        word(cx, child);
        at = end;
    }
    text(cx, at, to);
}

pub(super) fn heredoc(cx: &mut Cx<'_>, redirect: Syntax<'_>) {
    let Some(body) = redirect.children().find(|child| kind(*child) == K::HeredocBody) else {
        return cx.string("", (redirect.end(), redirect.end()));
    };
    // The grammar leaves out white space at the beginning of a heredoc.
    let before = redirect.children().filter(|child| child.end() <= body.start()).last().map_or(body.start(), Syntax::end);
    let line_end = redirect.source(before, body.start()).find('\n').map_or(0, |at| at + 1);
    let from = if line_end == 0 { body.start() } else { before + u32::try_from(line_end).unwrap_or(0) };
    let span = (from, body.end());
    if body.children().all(|child| kind(child) == K::HeredocContent) {
        cx.string(body.source(from, body.end()), span);
    } else {
        cx.node(Kind::Interp, span, |cx| pieces(cx, body, span));
    }
}

/// Builds an expression of a test or of arithmetic.
pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while kind(node) == K::ParenthesizedExpression {
        match node.first() {
            Some(inner) => node = inner,
            None => break,
        }
    }
    let span = node.span();
    match kind(node) {
        K::Number => number::lower(cx, node, Op::Int, NumberSyntax::OctalByZero),
        K::VariableName => cx.name_of(node),
        K::BinaryExpression => {
            let operator = node.field(f().operator).map_or("", Syntax::text);
            let (left, right) = (node.field(f().left), node.field(f().right));
            let (kind, op) = match operator {
                "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "<<=" | ">>=" | "&=" | "|=" | "^=" if left.is_some_and(is_variable) => {
                    let op = binary(operator.trim_end_matches('='));
                    (if operator == "=" { Kind::Assign } else { Kind::AugAssign }, op)
                }
                _ => (Kind::Binary, binary(operator)),
            };
            let mut others = node.children().filter(|child| child.in_field() != f().operator);
            cx.node_op(kind, op, span, |cx| {
                cx.slot(left.or_else(|| others.next()), span.0, expression);
                cx.slot(right.or_else(|| others.next()), span.1, expression);
            });
        }
        K::UnaryExpression | K::PostfixExpression => {
            let operator = node.field(f().operator);
            let operand = node.children().find(|child| child.in_field() != f().operator);
            let op = match operator::unary(operator.map_or("", Syntax::text)) {
                // `-n a` asks something of a word.
                Op::None => {
                    cx.node(Kind::Call, span, |cx| {
                        cx.slot(operator, span.0, Cx::name_of);
                        cx.node(Kind::Args, span, |cx| cx.slot(operand, span.1, expression));
                    });
                    return;
                }
                op => op,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(operand, span.1, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().consequence, f().alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::TestOperator => cx.word(Kind::Str, Op::None, node.text(), span),
        K::VariableAssignment | K::RedirectedStatement => command::command(cx, node),
        // Empty: what is in it was taken out above.
        K::ParenthesizedExpression => cx.opaque(node),
        _ => word(cx, node),
    }
}

fn is_variable(node: Syntax<'_>) -> bool {
    kind(node) == K::VariableName
}

fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        "-a" => Op::And,
        "-o" => Op::Or,
        "=" | "-eq" => Op::Eq,
        "-ne" => Op::NotEq,
        "-lt" => Op::Lt,
        "-le" => Op::LtEq,
        "-gt" => Op::Gt,
        "-ge" => Op::GtEq,
        "=~" => Op::Match,
        _ => operator::binary(token),
    }
}
