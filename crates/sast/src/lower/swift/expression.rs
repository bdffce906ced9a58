//! Expressions, types and literals.

use super::{
    K,
    definition::{attribute, parameter, plain_parameter},
    f, is_type, kind,
    matching::pattern,
    of,
    statement::{statement, statements},
    type_in,
};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
        operator,
    },
};

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = without_parentheses(node);
    let span = node.span();
    match kind(node) {
        K::SimpleIdentifier | K::TypeIdentifier => cx.name(node.text().trim_matches('`'), span),
        K::SelfExpression | K::SuperExpression | K::SpecialLiteral | K::CustomOperator | K::WildcardPattern | K::Bang => cx.name_of(node),
        K::IntegerLiteral | K::HexLiteral | K::OctLiteral | K::BinLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::RealLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NilLiteral => cx.word(Kind::Null, Op::None, "nil", span),
        K::LineStringLiteral | K::MultiLineStringLiteral | K::RawStringLiteral => string(cx, node),
        K::RegexLiteral => {
            let content = node.text().trim_matches('#');
            let content = content.strip_prefix('/').unwrap_or(content);
            cx.word(Kind::Regex, Op::None, content.strip_suffix('/').unwrap_or(content), span);
        }
        K::Identifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::NavigationExpression => {
            let op = if node.all_children().any(|child| child.text() == "?") { Op::Optional } else { Op::Dot };
            let suffix = node.field(f().suffix);
            let target = node.all_children().find(|child| child.in_field() == f().target || child.in_field() == f().element);
            cx.node_op(Kind::Dot, op, span, |cx| {
                cx.slot(target, span.0, expression);
                cx.slot(suffix.and_then(|suffix| suffix.field(f().suffix)), span.1, expression);
            });
        }
        K::CallExpression | K::ConstructorExpression | K::MacroInvocation => call(cx, node),
        K::ValueArguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::ValueArgument => argument(cx, node),
        K::SelectorExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.name("#selector", (span.0, node.first().map_or(span.1, Syntax::start)));
                cx.node(Kind::Args, (node.first().map_or(span.1, Syntax::start), span.1), |cx| expressions(cx, node));
            });
        }
        K::LambdaLiteral => lambda(cx, node),
        K::ArrayLiteral => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::DictionaryLiteral => dictionary(cx, node),
        K::TupleExpression => tuple(cx, node),
        K::DirectlyAssignableExpression | K::InterpolatedExpression => {
            cx.slot(node.field(f().value).or_else(|| node.first()), span.1, expression);
        }
        K::TryExpression | K::ConsumeExpression | K::UnsafeExpression => {
            cx.slot(node.field(f().expr).or_else(|| node.children().last()), span.1, expression);
        }
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| cx.slot(node.field(f().expr).or_else(|| node.first()), span.1, expression));
        }
        K::Assignment => assignment(cx, node),
        K::AdditiveExpression
        | K::MultiplicativeExpression
        | K::ComparisonExpression
        | K::EqualityExpression
        | K::ConjunctionExpression
        | K::DisjunctionExpression
        | K::BitwiseOperation => {
            let op = node.field(f().op).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().lhs), span.0, expression);
                cx.slot(node.field(f().rhs), span.1, expression);
            });
        }
        K::NilCoalescingExpression => {
            cx.node_op(Kind::Binary, Op::Coalesce, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().if_nil), span.1, expression);
            });
        }
        K::RangeExpression | K::OpenEndRangeExpression | K::OpenStartRangeExpression => {
            let op = if node.has_token("..<") { Op::RangeExclusive } else { Op::Range };
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().start), span.0, expression);
                cx.slot(node.field(f().end), span.1, expression);
            });
        }
        K::InfixExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().op), span.0, expression);
                cx.node(Kind::Args, span, |cx| {
                    cx.slot(node.field(f().lhs), span.0, expression);
                    cx.slot(node.field(f().rhs), span.1, expression);
                });
            });
        }
        K::PrefixExpression => prefix(cx, node),
        K::PostfixExpression => {
            let op = match node.field(f().operation).map_or("", Syntax::text) {
                "++" => Op::Increment,
                "--" => Op::Decrement,
                _ => Op::NonNull,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().target), span.0, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f().condition, f().if_true, f().if_false] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::AsExpression => {
            let op = if of(node, K::AsOperator).is_some_and(|operator| operator.text() == "as?") { Op::Optional } else { Op::None };
            cx.node_op(Kind::Cast, op, span, |cx| {
                cx.slot(type_in(node), span.1, expression);
                cx.slot(node.field(f().expr), span.0, expression);
            });
        }
        K::CheckExpression => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().target), span.0, expression);
                cx.slot(type_in(node), span.1, expression);
            });
        }
        K::Pattern => pattern(cx, node),
        K::SwitchPattern => cx.slot(node.first(), span.1, pattern),
        K::Parameter => parameter(cx, node, None),
        K::Attribute => attribute(cx, node),
        K::TypeAnnotation => cx.slot(type_in(node), span.1, expression),
        K::UserType => user_type(cx, node),
        K::OptionalType => {
            cx.node_op(Kind::TypeOf, Op::Optional, span, |cx| cx.slot(node.field(f().wrapped), span.1, expression));
        }
        K::ArrayType => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::DictionaryType => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.name("Dictionary", (span.0, span.0));
                expressions(cx, node);
            });
        }
        K::TupleType | K::EnumTypeParameters => {
            cx.node(Kind::Tuple, span, |cx| {
                node.children().filter(|child| kind(*child) != K::SimpleIdentifier).for_each(|child| expression(cx, child));
            });
        }
        K::TupleTypeItem => match type_in(node) {
            Some(inner) => expression(cx, inner),
            None => cx.slot(node.children().last(), span.1, expression),
        },
        K::ProtocolCompositionType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| expressions(cx, node));
        }
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::FunctionDeclaration
        | K::ClassDeclaration
        | K::PropertyDeclaration
        | K::IfStatement
        | K::SwitchStatement
        | K::DoStatement
        | K::ForStatement
        | K::WhileStatement
        | K::CatchBlock
        | K::Statements
        | K::ControlTransferStatement => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    loop {
        let is_one = match kind(node) {
            K::TupleExpression | K::TupleType => node.first().is_some() && node.children().nth(1).is_none(),
            _ => false,
        };
        match node.first() {
            Some(inner) if is_one => node = inner,
            _ => return node,
        }
    }
}

/// `A.B<C>`: names, each with its arguments.
fn user_type(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let parts: Vec<Syntax<'_>> = node.children().collect();
    let is_arguments = |part: Syntax<'_>| kind(part) == K::TypeArguments;
    let pair = |_, part: Syntax<'_>| if is_arguments(part) { (Kind::TypeArgs, Op::None) } else { (Kind::Dot, Op::Dot) };
    cx.row_of(pair, &parts, node.start(), |cx, part| if is_arguments(part) { expressions(cx, part) } else { expression(cx, part) });
}

/// A call, or an element, which looks like one. Functions behind it are its last arguments.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let mut parts = node.all_children().filter(|child| child.is_named() || is_type(*child));
    let (function, suffix) = (parts.next(), parts.last());
    let is_macro = kind(node) == K::MacroInvocation;
    let list = suffix.and_then(|suffix| of(suffix, K::ValueArguments));
    if list.is_some_and(|list| list.has_token("[")) {
        cx.node(Kind::Index, span, |cx| {
            cx.slot(function, span.0, expression);
            list.into_iter().for_each(|list| expressions(cx, list));
        });
        return;
    }
    cx.node(Kind::Call, span, |cx| {
        match function {
            Some(name) if is_macro => cx.name(node.source(span.0, name.end()), (span.0, name.end())),
            function => cx.slot(function, span.0, expression),
        }
        let start = suffix.map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            let mut label = None;
            for part in suffix.into_iter().flat_map(Syntax::children) {
                match (kind(part), label.take()) {
                    (K::ValueArguments, _) => expressions(cx, part),
                    (K::SimpleIdentifier, _) => label = Some(part),
                    (_, Some(name)) => {
                        cx.node(Kind::KwArg, (name.start(), part.end()), |cx| {
                            expression(cx, name);
                            expression(cx, part);
                        });
                    }
                    (_, None) => expression(cx, part),
                }
            }
        });
    });
}

/// `a`, `name: a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (name, value) = (node.field(f().name), node.field(f().value));
    match (name, value) {
        (Some(name), Some(value)) => {
            // `...` of a pattern may be written like this.
            if cx.is_ellipsis(Some(name)) {
                return cx.slot(name.first(), name.end(), expression);
            }
            cx.node(Kind::KwArg, node.span(), |cx| {
                cx.slot(name.first(), name.start(), expression);
                expression(cx, value);
            });
        }
        (None, Some(value)) => expression(cx, value),
        _ => expressions(cx, node),
    }
}

fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let signature = node.field(f().type_);
    let list = signature.and_then(|signature| of(signature, K::LambdaFunctionTypeParameters));
    let captures = node.field(f().captures).into_iter().flat_map(Syntax::children).filter(|item| item.field(f().value).is_some());
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, list.map_or((span.0, span.0), Syntax::span), |cx| {
            for item in list.into_iter().flat_map(Syntax::children) {
                match item.children().find(|child| kind(*child) == K::SimpleIdentifier && child.in_field() == f().name) {
                    Some(name) if cx.is_ellipsis(Some(name)) => expression(cx, name),
                    Some(name) => plain_parameter(cx, name, type_in(item)),
                    None => expression(cx, item),
                }
            }
        });
        cx.slot(signature.and_then(type_in), span.0, expression);
        cx.node(Kind::Block, span, |cx| {
            for item in captures {
                cx.node_op(Kind::VarDef, Op::Const, item.span(), |cx| {
                    cx.empty(Kind::Attrs, item.start());
                    cx.slot(item.field(f().name), item.start(), expression);
                    cx.none(item.end());
                    cx.slot(item.field(f().value), item.end(), expression);
                });
            }
            if let Some(inner) = of(node, K::Statements) {
                statements(cx, inner);
            }
        });
    });
}

fn dictionary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Dict, node.span(), |cx| {
        let mut parts = node.children();
        while let Some(key) = parts.next() {
            let value = parts.next();
            if cx.is_ellipsis(Some(key)) {
                expression(cx, key);
                continue;
            }
            cx.node(Kind::KeyValue, (key.start(), value.unwrap_or(key).end()), |cx| {
                expression(cx, key);
                cx.slot(value, key.end(), expression);
            });
        }
    });
}

/// `(a, name: b)`.
fn tuple(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Tuple, node.span(), |cx| {
        let mut label = None;
        for part in node.children() {
            match label.take() {
                None if part.in_field() == f().name => label = Some(part),
                Some(name) => {
                    cx.node(Kind::KwArg, (name.start(), part.end()), |cx| {
                        expression(cx, name);
                        expression(cx, part);
                    });
                }
                None => expression(cx, part),
            }
        }
    });
}

fn assignment(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (kind, op) = operator::assignment(node.field(f().operator).map_or("=", Syntax::text), binary);
    cx.node_op(kind, op, node.span(), |cx| {
        cx.slot(node.field(f().target), node.start(), expression);
        cx.slot(node.field(f().result), node.end(), expression);
    });
}

fn prefix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let target = node.field(f().target);
    let token = node.field(f().operation).map_or("", Syntax::text);
    let op = match token {
        "." => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.none(span.0);
                cx.slot(target, span.1, expression);
            });
            return;
        }
        "&" => Op::AddressOf,
        token => operator::unary(token),
    };
    if op == Op::None {
        cx.node_with(Kind::Unary, Op::Word, token, span, |cx| cx.slot(target, span.1, expression));
        return;
    }
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(target, span.1, expression));
}

/// The quotes, with the hashes around them, and what stands between `\(` and `)`.
fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let n_hashes = node.text().bytes().take_while(|byte| *byte == b'#').count();
    let n_quotes = if node.text().trim_start_matches('#').starts_with("\"\"\"") { 3 } else { 1 };
    let length = u32::try_from(n_hashes + n_quotes).unwrap_or_default();
    let (start, end) = (span.0 + length, span.1.saturating_sub(length).max(span.0 + length));
    let holes = holes(node);
    if holes.is_empty() {
        return cx.string(node.source(start, end), span);
    }
    cx.node(Kind::Interp, span, |cx| {
        let mut at = start;
        for (hole, value) in holes {
            if at < hole.0 {
                cx.string(node.source(at, hole.0), (at, hole.0));
            }
            expression(cx, value);
            at = hole.1;
        }
        if at < end {
            cx.string(node.source(at, end), (at, end));
        }
    });
}

fn holes(node: Syntax<'_>) -> Vec<((u32, u32), Syntax<'_>)> {
    let mut holes: Vec<((u32, u32), Syntax<'_>)> = Vec::new();
    let mut open = node.start();
    for child in node.all_children() {
        match kind(child) {
            K::RawStrInterpolation => holes.extend(of(child, K::InterpolatedExpression).map(|value| (child.span(), value))),
            K::InterpolatedExpression => holes.push(((open, child.end()), child)),
            _ if child.text() == "\\(" => open = child.start(),
            _ if !child.is_named() && child.text() == ")" => {
                if let Some((span, _)) = holes.last_mut() {
                    span.1 = child.end();
                }
            }
            _ => {}
        }
    }
    holes
}

fn binary(token: &str) -> Op {
    match token {
        "===" => Op::Same,
        "!==" => Op::NotSame,
        _ => operator::binary(token),
    }
}
