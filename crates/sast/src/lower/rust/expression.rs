//! Expressions; blocks, branches and loops are among them.

use super::{K, f, item, kind, shape, token};
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
        if kind(child) != K::AttributeItem {
            expression(cx, child);
        }
    }
}

/// The named children and the `_` among them.
pub(super) fn with_wildcards(parent: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> + Clone {
    parent.all_children().filter(|child| child.is_named() || child.text() == "_")
}

/// Whether an expression is a statement of its own in the tree.
pub(super) fn is_statement(node: Syntax<'_>) -> bool {
    matches!(
        kind(node),
        K::Block
            | K::BreakExpression
            | K::ContinueExpression
            | K::ForExpression
            | K::IfExpression
            | K::LoopExpression
            | K::MatchExpression
            | K::ReturnExpression
            | K::WhileExpression
    )
}

/// Goes through nodes that only wrap another one.
fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    while kind(node) == K::ParenthesizedExpression {
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
        K::Identifier
        | K::FieldIdentifier
        | K::ShorthandFieldIdentifier
        | K::TypeIdentifier
        | K::PrimitiveType
        | K::Self_
        | K::Super
        | K::Crate
        | K::Metavariable
        | K::Lifetime
        | K::NeverType => cx.name_of(node),
        K::MutableSpecifier => cx.word(Kind::Modifier, Op::None, "mut", span),
        K::Label => cx.name(node.text().trim_end_matches(':'), span),
        K::IntegerLiteral => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::FloatLiteral => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::CharLiteral => {
            let text = node.text().trim_start_matches('b');
            cx.word(Kind::Char, Op::None, text.get(1..text.len().saturating_sub(1).max(1)).unwrap_or_default(), span);
        }
        K::StringLiteral => {
            let mut tokens = node.all_children();
            let from = tokens.next().map_or(span.0, Syntax::end);
            let to = tokens.last().map_or(span.1, Syntax::start).max(from);
            cx.string(node.source(from, to), span);
        }
        K::RawStringLiteral => cx.string(node.first().map_or("", Syntax::text), span),
        K::NegativeLiteral => {
            cx.node_op(Kind::Unary, Op::Sub, span, |cx| expressions(cx, node));
        }
        K::ScopedIdentifier | K::ScopedTypeIdentifier => match node.field(f().path) {
            Some(path) => {
                cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                    shape::type_(cx, path);
                    cx.slot(node.field(f().name), span.1, expression);
                });
            }
            None => cx.slot(node.field(f().name), span.1, expression),
        },
        K::FieldExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().field), span.1, Cx::name_of);
            });
        }
        K::IndexExpression => {
            cx.node(Kind::Index, span, |cx| expressions(cx, node));
        }
        K::CallExpression => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().function), span.0, expression);
                cx.slot(node.field(f().arguments), span.1, expression);
            });
        }
        K::GenericFunction => shape::type_arguments(cx, node),
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::MacroInvocation => token::macro_call(cx, node),
        K::TokenTree => token::group(cx, node),
        K::StructExpression => {
            cx.node(Kind::New, span, |cx| {
                cx.slot(node.field(f().name), span.0, shape::type_);
                cx.slot(node.field(f().body), span.1, |cx, body| {
                    cx.node(Kind::Args, body.span(), |cx| expressions(cx, body));
                });
                cx.none(span.1);
            });
        }
        K::FieldInitializer => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().field), span.0, Cx::name_of);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::ShorthandFieldInitializer => shape::shorthand(cx, node.children().find(|child| kind(*child) == K::Identifier), span),
        K::BaseFieldInitializer => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::ClosureExpression => {
            let op = if node.has_token("async") { Op::Async } else { Op::None };
            cx.node_op(Kind::Lambda, op, span, |cx| {
                cx.slot(node.field(f().parameters), span.0, item::parameters);
                cx.slot(node.field(f().return_type), span.0, shape::type_);
                cx.slot(node.field(f().body), span.1, expression);
            });
        }
        K::ClosureParameters | K::Parameters => item::parameters(cx, node),
        K::AssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| sides(cx, node));
        }
        K::CompoundAssignmentExpr => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text().trim_end_matches('=')));
            cx.node_op(Kind::AugAssign, op, span, |cx| sides(cx, node));
        }
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| sides(cx, node));
        }
        K::LetChain => cx.row(Kind::Binary, Op::And, &node.children().collect::<Vec<_>>(), span.0, expression),
        K::LetCondition => {
            cx.node_op(Kind::VarDef, Op::Let, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                cx.slot(node.field(f().pattern), span.0, shape::pattern);
                cx.none(span.0);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::UnaryExpression => {
            let op = match node.text().bytes().next() {
                Some(b'!') => Op::Not,
                Some(b'-') => Op::Sub,
                Some(b'*') => Op::Deref,
                _ => Op::None,
            };
            cx.node_op(Kind::Unary, op, span, |cx| expressions(cx, node));
        }
        K::ReferenceExpression => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| cx.slot(node.field(f().value), span.1, expression));
        }
        K::TryExpression => {
            cx.node_op(Kind::Unary, Op::Optional, span, |cx| expressions(cx, node));
        }
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| expressions(cx, node));
        }
        K::YieldExpression => {
            cx.node(Kind::Yield, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::TypeCastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f().type_), span.1, shape::type_);
                cx.slot(node.field(f().value), span.0, expression);
            });
        }
        K::RangeExpression => range(cx, node),
        K::TupleExpression | K::UnitExpression => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::ArrayExpression => match node.field(f().length) {
            // `[a; n]` is a list `n` times.
            Some(length) => {
                cx.node_op(Kind::Binary, Op::Mul, span, |cx| {
                    let element = node.children().find(|child| child.in_field() != f().length && kind(*child) != K::AttributeItem);
                    cx.node(Kind::List, element.map_or(span, Syntax::span), |cx| cx.slot(element, span.0, expression));
                    expression(cx, length);
                });
            }
            None => {
                cx.node(Kind::List, span, |cx| expressions(cx, node));
            }
        },
        K::Block => match node.children().find(|child| kind(*child) == K::Label) {
            Some(label) => {
                cx.node(Kind::Label, span, |cx| {
                    expression(cx, label);
                    cx.node(Kind::Block, span, |cx| {
                        node.children().filter(|child| kind(*child) != K::Label).for_each(|child| item::statement(cx, child, &[]));
                    });
                });
            }
            None => item::block(cx, node),
        },
        K::IfExpression => if_expression(cx, node),
        K::ElseClause => cx.slot(node.first(), span.1, expression),
        K::MatchExpression => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                if let Some(block) = node.field(f().body) {
                    block.children().for_each(|arm| expression(cx, arm));
                }
            });
        }
        K::MatchArm => match_arm(cx, node),
        K::MatchPattern => with_wildcards(node).for_each(|child| shape::pattern(cx, child)),
        K::LoopExpression | K::WhileExpression | K::ForExpression => labeled_loop(cx, node),
        K::ReturnExpression => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::BreakExpression | K::ContinueExpression => {
            let is_break = kind(node) == K::BreakExpression;
            cx.node(if is_break { Kind::Break } else { Kind::Continue }, span, |cx| {
                cx.slot(node.children().find(|child| kind(*child) == K::Label), span.1, expression);
                // The value of a loop follows the label.
                node.children().filter(|child| kind(*child) != K::Label).for_each(|value| expression(cx, value));
            });
        }
        K::UnsafeBlock | K::AsyncBlock | K::ConstBlock => cx.other(node.kind_name(), node, expression),
        K::Attribute => item::attribute(cx, node),
        K::AttributeItem | K::InnerAttributeItem => {
            cx.node(Kind::Annotation, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::FunctionItem
        | K::FunctionSignatureItem
        | K::StructItem
        | K::EnumItem
        | K::ImplItem
        | K::TraitItem
        | K::ModItem
        | K::LetDeclaration
        | K::ConstItem
        | K::StaticItem
        | K::TypeItem
        | K::UseDeclaration
        | K::ExpressionStatement
        | K::EmptyStatement
        | K::DeclarationList
        | K::FieldDeclaration
        | K::EnumVariant => item::statement(cx, node, &[]),
        K::GenericType
        | K::GenericTypeWithTurbofish
        | K::ReferenceType
        | K::PointerType
        | K::ArrayType
        | K::TupleType
        | K::UnitType
        | K::BoundedType
        | K::BracketedType
        | K::QualifiedType
        | K::AbstractType
        | K::TypeBinding
        | K::TraitBounds => shape::type_(cx, node),
        K::TuplePattern
        | K::SlicePattern
        | K::TupleStructPattern
        | K::StructPattern
        | K::FieldPattern
        | K::RemainingFieldPattern
        | K::MutPattern
        | K::RefPattern
        | K::ReferencePattern
        | K::CapturedPattern
        | K::OrPattern
        | K::RangePattern => shape::pattern(cx, node),
        _ if node.is_error() => cx.opaque(node),
        // `_` is a token.
        _ if !node.is_named() => cx.name_of(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn sides(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.slot(node.field(f().left), node.start(), expression);
    cx.slot(node.field(f().right), node.end(), expression);
}

fn range(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let op = if node.has_token("..=") { Op::Range } else { Op::RangeExclusive };
    let dots = node.all_children().find(|token| !token.is_named()).map_or(span.0, Syntax::start);
    cx.node_op(Kind::Binary, op, span, |cx| {
        cx.slot(node.children().find(|child| child.end() <= dots), span.0, expression);
        cx.slot(node.children().find(|child| dots < child.start()), span.1, expression);
    });
}

/// `if`, with what follows `else` in the last slot.
fn if_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::If, node.span(), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        cx.slot(node.field(f().consequence), node.end(), expression);
        cx.slot(node.field(f().alternative), node.end(), expression);
    });
}

fn match_arm(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let pattern = node.field(f().pattern);
    let guard = pattern.and_then(|pattern| pattern.field(f().condition));
    cx.node(Kind::Case, node.span(), |cx| {
        if let Some(pattern) = pattern {
            // A line alone is the default.
            let is_default = pattern.text() == "_";
            let of_pattern = with_wildcards(pattern).filter(|child| !is_default && child.in_field() != f().condition);
            of_pattern.for_each(|child| shape::pattern(cx, child));
        }
        if let Some(guard) = guard {
            cx.node(Kind::CompIf, guard.span(), |cx| expression(cx, guard));
        }
        match node.field(f().value) {
            Some(value) if kind(value) != K::Block => {
                cx.node(Kind::Block, value.span(), |cx| item::statement(cx, value, &[]));
            }
            block => cx.slot(block, node.end(), expression),
        }
    });
}

fn labeled_loop(cx: &mut Cx<'_>, node: Syntax<'_>) {
    match node.children().find(|child| kind(*child) == K::Label) {
        Some(label) => {
            cx.node(Kind::Label, node.span(), |cx| {
                expression(cx, label);
                loop_itself(cx, node, node.children().find(|child| child.start() > label.end()).map_or(node.start(), Syntax::start));
            });
        }
        None => loop_itself(cx, node, node.start()),
    }
}

fn loop_itself(cx: &mut Cx<'_>, node: Syntax<'_>, start: u32) {
    let word = node.all_children().find(|token| matches!(token.text(), "loop" | "while" | "for"));
    let start = word.map_or(start, Syntax::start);
    let span = (start, node.end());
    if kind(node) == K::ForExpression {
        cx.node(Kind::ForEach, span, |cx| {
            cx.slot(node.field(f().pattern), start, shape::pattern);
            cx.slot(node.field(f().value), start, expression);
            cx.slot(node.field(f().body), span.1, expression);
        });
    } else {
        // `loop` has no condition.
        cx.node(Kind::While, span, |cx| {
            cx.slot(node.field(f().condition), start, expression);
            cx.slot(node.field(f().body), span.1, expression);
        });
    }
}

pub(super) fn binary(token: &str) -> Op {
    match token {
        ".." => Op::RangeExclusive,
        "..=" => Op::Range,
        _ => operator::binary(token),
    }
}
