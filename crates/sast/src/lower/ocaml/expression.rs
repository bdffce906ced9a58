//! Expressions, patterns and types.

use super::{K, definition, f, kind, name, of, statement};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        number::{self, NumberSyntax},
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    parent.children().for_each(|child| expression(cx, child));
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    cx.deeper(node.span(), |cx| unwrapped_expression(cx, node));
}

/// What parentheses hold, however many there are.
fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    loop {
        let inner = match kind(node) {
            K::ParenthesizedExpression => node.field(f().expression),
            K::ParenthesizedPattern | K::ParenthesizedType | K::ParenthesizedModuleExpression => node.first(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

fn unwrapped_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ValueName
        | K::ValuePattern
        | K::ConstructorName
        | K::ModuleName
        | K::FieldName
        | K::MethodName
        | K::ClassName
        | K::InstanceVariableName
        | K::LabelName
        | K::ModuleTypeName
        | K::TypeConstructor
        | K::TypeVariable
        | K::AnyPattern => name(cx, node),
        K::ParenthesizedOperator => cx.name(node.first().map_or(node.text(), Syntax::text), span),
        K::ValuePath
        | K::ConstructorPath
        | K::ModulePath
        | K::ExtendedModulePath
        | K::FieldPath
        | K::ClassPath
        | K::ModuleTypePath
        | K::TypeConstructorPath => {
            let mut children = node.children();
            match (children.next(), children.next()) {
                (Some(first), Some(second)) => {
                    cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                        expression(cx, first);
                        expression(cx, second);
                    });
                }
                (Some(only), None) => expression(cx, only),
                _ => name(cx, node),
            }
        }
        K::Number => number::lower(cx, node, number_op(node.text()), NumberSyntax::C),
        K::SignedNumber => {
            let digits = node.text().trim_start_matches(['-', '+']);
            let start = span.1.saturating_sub(u32::try_from(digits.len()).unwrap_or(0));
            cx.node_op(Kind::Unary, if node.text().starts_with('-') { Op::Sub } else { Op::Add }, span, |cx| {
                number::lower_text(cx, digits, (start, span.1), number_op(digits), NumberSyntax::C);
            });
        }
        K::Boolean => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::Unit => cx.word(Kind::Null, Op::None, "()", span),
        K::EmptyList => {
            cx.node(Kind::List, span, |_| {});
        }
        K::Character => cx.word(Kind::Char, Op::None, of(node, K::CharacterContent).map_or("", Syntax::text), span),
        K::String => cx.string_in_lower_case(node.source(span.0 + 1, span.1.saturating_sub(1)), span),
        K::QuotedString => cx.string_in_lower_case(of(node, K::QuotedStringContent).map_or("", Syntax::text), span),
        K::Tag => cx.word(Kind::Atom, Op::None, node.text().trim_start_matches('`'), span),
        K::ApplicationExpression | K::ConstructorPattern | K::ModuleApplication => application(cx, node),
        K::LabeledArgument => labeled(cx, node),
        K::InfixExpression => infix(cx, node),
        K::ConsExpression | K::ConsPattern => call_of(cx, "::", node),
        K::PrefixExpression | K::SignExpression => prefix(cx, node),
        K::HashExpression => call_of(cx, node.field(f().operator).map_or("#", Syntax::text), node),
        K::SetExpression => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.slot(node.field(f().body), span.1, expression);
            });
        }
        K::FieldGetExpression => member(cx, node, node.field(f().record), node.field(f().field)),
        K::MethodInvocation => member(cx, node, node.field(f().object), node.field(f().method)),
        K::ArrayGetExpression | K::StringGetExpression | K::BigarrayGetExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().sequence), span.0, expression);
                node.fields(f().index).for_each(|index| expression(cx, index));
            });
        }
        K::TupleExpression | K::TuplePattern => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::ListExpression | K::ListPattern => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::ArrayExpression | K::ArrayPattern => {
            cx.node_op(Kind::List, Op::Array, span, |cx| expressions(cx, node));
        }
        K::RecordExpression | K::RecordPattern => {
            cx.node(Kind::Dict, span, |cx| {
                for child in node.children() {
                    if child.in_field() == f().record {
                        cx.node_op(Kind::Spread, Op::DoubleSplat, child.span(), |cx| expression(cx, child));
                    } else {
                        expression(cx, child);
                    }
                }
            });
        }
        K::FieldExpression | K::FieldPattern => {
            let field = node.first();
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(field, span.0, expression);
                let value = node.field(f().body).or_else(|| node.field(f().pattern)).or(field);
                cx.slot(value, span.1, expression);
            });
        }
        K::FunExpression => {
            cx.node(Kind::Lambda, span, |cx| {
                definition::parameters(cx, node);
                cx.none(span.0);
                statement::body(cx, node.field(f().body), span.1);
            });
        }
        K::FunctionExpression => {
            cx.node(Kind::Lambda, span, |cx| {
                cx.none(span.0);
                cx.none(span.0);
                cx.node(Kind::Block, span, |cx| {
                    cx.node(Kind::Switch, span, |cx| {
                        cx.none(span.0);
                        statement::cases(cx, node);
                    });
                });
            });
        }
        K::TypedExpression | K::TypedPattern => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.1, expression);
                cx.slot(node.field(f().expression).or_else(|| node.field(f().pattern)), span.0, expression);
            });
        }
        K::ConstructedType => {
            // `int list`: the last is what the others are given to.
            let all: Vec<Syntax<'_>> = node.children().collect();
            cx.node(Kind::TypeArgs, span, |cx| {
                if let Some((last, others)) = all.split_last() {
                    expression(cx, *last);
                    others.iter().for_each(|other| expression(cx, *other));
                }
            });
        }
        K::NewExpression => {
            cx.node(Kind::New, span, |cx| {
                cx.slot(of(node, K::ClassPath), span.1, expression);
                cx.empty(Kind::Args, span.1);
                cx.none(span.1);
            });
        }
        K::ObjectExpression => {
            cx.node(Kind::New, span, |cx| {
                cx.none(span.0);
                cx.empty(Kind::Args, span.0);
                cx.node(Kind::Block, span, |cx| definition::members(cx, node));
            });
        }
        K::LazyExpression => {
            cx.node_with(Kind::Unary, Op::Word, "lazy", span, |cx| cx.slot(node.field(f().expression), span.1, expression));
        }
        K::InheritanceDefinition => cx.other("inherit", node, expression),
        K::IfExpression
        | K::MatchExpression
        | K::TryExpression
        | K::WhileExpression
        | K::ForExpression
        | K::AssertExpression
        | K::SequenceExpression
        | K::LetExpression => statement::nested(cx, node),
        K::ExpressionItem => expressions(cx, node),
        K::ValueDefinition | K::ModuleDefinition | K::OpenModule | K::ClassDefinition => definition::definition(cx, node),
        K::MethodDefinition => cx.other(node.kind_name(), node, expression),
        K::Attribute | K::AttributeId | K::ItemAttribute => {}
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn number_op(text: &str) -> Op {
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let is_float = if is_hexadecimal { text.contains(['.', 'p', 'P']) } else { text.contains(['.', 'e', 'E']) };
    if is_float { Op::Float } else { Op::Int }
}

fn member(cx: &mut Cx<'_>, node: Syntax<'_>, object: Option<Syntax<'_>>, member: Option<Syntax<'_>>) {
    cx.node_op(Kind::Dot, Op::Dot, node.span(), |cx| {
        cx.slot(object, node.start(), expression);
        cx.slot(member, node.end(), expression);
    });
}

/// `f x y`, `F (x, y)`.
fn application(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let Some(callee) = node.first() else { return cx.opaque(node) };
    let arguments = || node.children().skip(1);
    cx.node(Kind::Call, span, |cx| {
        expression(cx, callee);
        let start = arguments().next().map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            for argument in arguments() {
                let inner = unwrapped(argument);
                let is_tuple = matches!(kind(inner), K::TupleExpression | K::TuplePattern);
                if is_tuple && kind(callee) == K::ConstructorPath {
                    expressions(cx, inner);
                } else {
                    expression(cx, argument);
                }
            }
        });
    });
}

/// `~a:b`, `~a`.
fn labeled(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let label = of(node, K::LabelName);
    cx.node(Kind::KwArg, node.span(), |cx| {
        cx.slot(label, node.start(), name);
        cx.slot(node.field(f().expression).or(label), node.end(), expression);
    });
}

/// Both sides as arguments of a function that the language has no other name for.
fn call_of(cx: &mut Cx<'_>, function: &str, node: Syntax<'_>) {
    let (left, right) = (node.field(f().left), node.field(f().right));
    let between = (left.map_or(node.start(), Syntax::end), right.map_or(node.end(), Syntax::start));
    cx.node(Kind::Call, node.span(), |cx| {
        cx.name(function, between);
        cx.node(Kind::Args, node.span(), |cx| {
            cx.slot(left, node.start(), expression);
            cx.slot(right, node.end(), expression);
        });
    });
}

fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (left, right) = (node.field(f().left), node.field(f().right));
    let token = node.field(f().operator).map_or("", Syntax::text);
    let build = |cx: &mut Cx<'_>| {
        cx.slot(left, span.0, expression);
        cx.slot(right, span.1, expression);
    };
    match binary(token) {
        Op::None if token == ":=" => {
            cx.node(Kind::Assign, span, build);
        }
        Op::None => call_of(cx, token, node),
        op => {
            cx.node_op(Kind::Binary, op, span, build);
        }
    }
}

fn prefix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let operator = node.field(f().operator);
    let token = operator.map_or("", Syntax::text);
    let op = match token {
        "!" => Op::Deref,
        "-" | "-." | "~-" | "~-." => Op::Sub,
        "+" | "+." | "~+" | "~+." => Op::Add,
        _ => Op::None,
    };
    let value = node.field(f().expression);
    if op == Op::None {
        cx.node(Kind::Call, span, |cx| {
            cx.slot(operator, span.0, |cx, operator| cx.name(operator.text(), operator.span()));
            cx.node(Kind::Args, span, |cx| cx.slot(value, span.1, expression));
        });
        return;
    }
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(value, span.1, expression));
}

fn binary(token: &str) -> Op {
    match token {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "mod" => Op::Mod,
        "**" => Op::Pow,
        "land" => Op::BitAnd,
        "lor" => Op::BitOr,
        "lxor" => Op::BitXor,
        "lsl" => Op::Shl,
        "asr" => Op::Shr,
        "lsr" => Op::UShr,
        "^" => Op::Concat,
        "&&" | "&" => Op::And,
        "||" | "or" => Op::Or,
        "=" => Op::Eq,
        "<>" => Op::NotEq,
        "==" => Op::Same,
        "!=" => Op::NotSame,
        "<" => Op::Lt,
        "<=" => Op::LtEq,
        ">" => Op::Gt,
        ">=" => Op::GtEq,
        "|>" => Op::Pipe,
        _ => Op::None,
    }
}
