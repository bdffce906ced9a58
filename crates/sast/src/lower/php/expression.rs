//! Expressions and types.

use super::{K, definition, f, kind, literal, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
        operator,
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

/// Goes through nodes that only wrap another one.
fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    while matches!(kind(node), K::ParenthesizedExpression | K::NamedType) {
        match node.first() {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    let span = node.span();
    match kind(node) {
        // `A::{e}` has an expression with the name of a name.
        K::Name if node.first().is_some() => expressions(cx, node),
        K::Name | K::VariableName | K::RelativeScope | K::PrimitiveType | K::BottomType | K::CastType => literal::name(cx, node),
        K::QualifiedName | K::NamespaceName | K::RelativeName => {
            cx.row(Kind::Dot, Op::Dot, &literal::names(node), span.0, literal::name);
        }
        // `${a}` is `$a`.
        K::DynamicVariableName if node.has_token("{") && node.first().is_some_and(|name| kind(name) == K::Name) => {
            let name = node.first().map_or("", Syntax::text);
            cx.name(&format!("${name}"), span);
        }
        K::DynamicVariableName => {
            cx.node_op(Kind::Unary, Op::Deref, span, |cx| expressions(cx, node));
        }
        K::Integer => number::lower(cx, node, Op::Int, NumberSyntax::OctalByZero),
        K::Float => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::Boolean => cx.word(Kind::Bool, Op::None, if node.text().eq_ignore_ascii_case("true") { "true" } else { "false" }, span),
        K::Null => cx.word(Kind::Null, Op::None, "null", span),
        K::String | K::EncapsedString | K::Heredoc | K::Nowdoc => literal::string(cx, node),
        K::ShellCommandExpression => literal::shell_command(cx, node),
        K::ArrayCreationExpression | K::ListLiteral => list(cx, node),
        K::ArrayElementInitializer => element(cx, node),
        K::Pair => {
            cx.node(Kind::KeyValue, span, |cx| expressions(cx, node));
        }
        K::FunctionCallExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().function), span.0, literal::function_name);
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::MemberCallExpression | K::NullsafeMemberCallExpression | K::ScopedCallExpression => {
            cx.node(Kind::Call, span, |cx| {
                member(cx, node);
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::MemberAccessExpression | K::NullsafeMemberAccessExpression | K::ScopedPropertyAccessExpression => member(cx, node),
        K::ClassConstantAccessExpression => {
            cx.node_op(Kind::Dot, Op::Scope, span, |cx| expressions(cx, node));
        }
        K::SubscriptExpression => {
            cx.node(Kind::Index, span, |cx| expressions(cx, node));
        }
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::Argument => argument(cx, node),
        K::VariadicUnpacking => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        // `f(...)` makes a closure of a function; in a pattern it is what it looks like.
        K::VariadicPlaceholder if cx.is_pattern() => cx.leaf(Kind::Ellipsis, Op::None, span),
        K::VariadicPlaceholder => cx.leaf(Kind::Spread, Op::Splat, span),
        K::ByRef => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| expressions(cx, node));
        }
        K::ObjectCreationExpression => definition::new(cx, node),
        K::AnonymousFunction | K::ArrowFunction => definition::lambda(cx, node),
        K::AssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| sides(cx, node));
        }
        K::ReferenceAssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                let start = node.all_children().find(|token| token.text() == "&").map_or(span.1, Syntax::start);
                cx.node_op(Kind::Unary, Op::AddressOf, (start, span.1), |cx| cx.slot(node.field(f().right), span.1, expression));
            });
        }
        K::AugmentedAssignmentExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text().trim_end_matches('=')));
            cx.node_op(Kind::AugAssign, op, span, |cx| sides(cx, node));
        }
        K::BinaryExpression => {
            let operator = node.field(f().operator).map_or("", Syntax::text);
            if operator.eq_ignore_ascii_case("instanceof") {
                cx.node(Kind::TypeTest, span, |cx| sides(cx, node));
            } else {
                cx.node_op(Kind::Binary, binary(operator), span, |cx| sides(cx, node));
            }
        }
        K::UnaryOpExpression => {
            let op = match node.text().bytes().next() {
                Some(b'!') => Op::Not,
                Some(b'-') => Op::Sub,
                Some(b'+') => Op::Add,
                Some(b'~') => Op::BitNot,
                _ => Op::None,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument).or_else(|| node.first()), span.1, expression));
        }
        K::UpdateExpression => {
            let op = if node.has_token("--") { Op::Decrement } else { Op::Increment };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument), span.1, expression));
        }
        K::ErrorSuppressionExpression => {
            cx.node_op(Kind::Unary, Op::Word, span, |cx| expressions(cx, node));
        }
        K::ConditionalExpression => match node.field(f().body) {
            Some(then) => {
                cx.node(Kind::Ternary, span, |cx| {
                    cx.slot(node.field(f().condition), span.0, expression);
                    expression(cx, then);
                    cx.slot(node.field(f().alternative), span.1, expression);
                });
            }
            // `a ?: b`.
            None => {
                cx.node_op(Kind::Binary, Op::Coalesce, span, |cx| {
                    cx.slot(node.field(f().condition), span.0, expression);
                    cx.slot(node.field(f().alternative), span.1, expression);
                });
            }
        },
        K::MatchExpression => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                if let Some(block) = node.field(f().body) {
                    block.children().for_each(|arm| match_arm(cx, arm));
                }
            });
        }
        K::MatchConditionalExpression | K::MatchDefaultExpression => match_arm(cx, node),
        K::CastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::CloneExpression => word(cx, "clone", node),
        K::PrintIntrinsic => word(cx, "print", node),
        K::IncludeExpression => word(cx, "include", node),
        K::IncludeOnceExpression => word(cx, "include_once", node),
        K::RequireExpression => word(cx, "require", node),
        K::RequireOnceExpression => word(cx, "require_once", node),
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::YieldExpression => {
            let op = if node.all_children().next().is_some_and(|word| word.text().ends_with("from")) { Op::Delegate } else { Op::None };
            cx.node_op(Kind::Yield, op, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::SequenceExpression => {
            cx.node(Kind::Tuple, span, |cx| sequence(node).into_iter().for_each(|child| expression(cx, child)));
        }
        K::OptionalType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| expressions(cx, node));
        }
        K::UnionType | K::TypeList | K::DisjunctiveNormalFormType | K::IntersectionType => {
            let op = if kind(node) == K::IntersectionType { Op::BitAnd } else { Op::BitOr };
            cx.row(Kind::Binary, op, &node.children().collect::<Vec<_>>(), span.0, expression);
        }
        K::FormalParameters => definition::parameter_list(cx, node),
        K::SimpleParameter | K::VariadicParameter | K::PropertyPromotionParameter => definition::parameter(cx, node),
        K::DeclarationList | K::EnumDeclarationList => definition::members(cx, node),
        K::Attribute => definition::attribute(cx, node),
        K::AttributeList => {
            cx.node(Kind::Attrs, span, |cx| definition::attributes(cx, node));
        }
        K::Text | K::TextInterpolation | K::PhpTag | K::PhpEndTag => statement::statement(cx, node),
        // Statements that stand where an expression is looked for, in broken code and in patterns.
        K::CompoundStatement | K::ExpressionStatement | K::ReturnStatement => statement::statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn sides(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.slot(node.field(f().left), node.start(), expression);
    cx.slot(node.field(f().right), node.end(), expression);
}

/// A word before an expression that acts as a function.
fn word(cx: &mut Cx<'_>, word: &str, node: Syntax<'_>) {
    match node.field(f().arguments) {
        Some(arguments) => statement::word_call(cx, word, node, arguments.children()),
        None => statement::word_call(cx, word, node, node.first()),
    }
}

/// `a->b`, `a?->b`, `A::$b`.
fn member(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let object = node.field(f().object).or_else(|| node.field(f().scope));
    let name = node.field(f().name);
    let op = match kind(node) {
        K::MemberAccessExpression | K::MemberCallExpression => Op::ArrowMember,
        K::NullsafeMemberAccessExpression | K::NullsafeMemberCallExpression => Op::Optional,
        _ => Op::Scope,
    };
    let end = if node.field(f().arguments).is_some() { name.map_or(node.end(), Syntax::end) } else { node.end() };
    cx.node_op(Kind::Dot, op, (node.start(), end), |cx| {
        cx.slot(object, node.start(), expression);
        cx.slot(name, end, expression);
    });
}

fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().name);
    let value = node.children().find(|child| child.in_field() != f().name && kind(*child) != K::ReferenceModifier);
    match (name, value) {
        (Some(name), value) => {
            cx.node(Kind::KwArg, node.span(), |cx| {
                literal::name(cx, name);
                cx.slot(value, node.end(), expression);
            });
        }
        (None, Some(value)) => expression(cx, value),
        (None, None) => cx.name_of(node),
    }
}

/// `[1, 'a' => 2]`, `array(1)`, and `list($a, 'b' => $c)` on the left of an assignment, where keys and values stand side by side.
fn list(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::List, node.span(), |cx| {
        let mut key: Option<Syntax<'_>> = None;
        let mut pending: Option<Syntax<'_>> = None;
        for child in node.all_children() {
            if !child.is_named() {
                if child.text() == "=>" {
                    key = pending.take();
                }
                continue;
            }
            match key.take() {
                Some(key) => {
                    cx.node(Kind::KeyValue, (key.start(), child.end()), |cx| {
                        expression(cx, key);
                        expression(cx, child);
                    });
                }
                None => {
                    if let Some(previous) = pending.replace(child) {
                        expression(cx, previous);
                    }
                }
            }
        }
        if let Some(last) = pending {
            expression(cx, last);
        }
    });
}

fn element(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if node.has_token("=>") {
        cx.node(Kind::KeyValue, node.span(), |cx| expressions(cx, node));
    } else {
        expressions(cx, node);
    }
}

fn match_arm(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Case, node.span(), |cx| {
        if let Some(conditions) = node.field(f().conditional_expressions) {
            expressions(cx, conditions);
        }
        cx.slot(node.field(f().return_expression), node.end(), expression);
    });
}

/// The expressions of `a, b, c`, which nest in the grammar.
pub(super) fn sequence(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut all = Vec::new();
    let mut rest = Some(node);
    while let Some(node) = rest.take() {
        for child in node.children() {
            if kind(child) == K::SequenceExpression { rest = Some(child) } else { all.push(child) }
        }
    }
    all
}

fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        "." => Op::Concat,
        "??" => Op::Coalesce,
        "<>" => Op::NotEq,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "<=>" => Op::Compare,
        "|>" => Op::Pipe,
        _ if token.eq_ignore_ascii_case("and") => Op::And,
        _ if token.eq_ignore_ascii_case("or") => Op::Or,
        _ if token.eq_ignore_ascii_case("xor") => Op::BitXor,
        _ => operator::binary(token),
    }
}
