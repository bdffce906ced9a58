//! Expressions and types.

use super::{
    K,
    definition::{annotation, parameter},
    f, kind,
    literal::{inside_quotes, interpolated, number, xml},
    of,
    statement::{
        body, case_clause, catch_clause, comprehension, finally_clause, if_expression, match_expression, statement, try_expression,
    },
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, operator},
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = without_parentheses(node);
    let span = node.span();
    match kind(node) {
        K::Identifier | K::TypeIdentifier | K::OperatorIdentifier | K::XmlName => cx.name(node.text().trim_matches('`'), span),
        K::Wildcard | K::NamespaceWildcard => cx.name_of(node),
        K::IntegerLiteral => number(cx, node, Op::Int),
        K::FloatingPointLiteral => number(cx, node, Op::Float),
        K::BooleanLiteral => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NullLiteral => cx.word(Kind::Null, Op::None, "null", span),
        K::CharacterLiteral => {
            let content = node.text().trim_start_matches('\'');
            cx.word(Kind::Char, Op::None, content.strip_suffix('\'').unwrap_or(content), span);
        }
        K::String => {
            let (start, end) = inside_quotes(node);
            cx.string(node.source(start, end), span);
        }
        K::InterpolatedStringExpression => interpolated(cx, node),
        K::Unit | K::TupleExpression | K::TupleType | K::TuplePattern => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::PackageIdentifier | K::StableIdentifier | K::StableTypeIdentifier => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::FieldExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                cx.slot(node.field(f().field), span.1, expression);
            });
        }
        K::PostfixExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| expressions(cx, node));
        }
        K::GenericFunction => type_args(cx, node, node.field(f().function)),
        K::GenericType => type_args(cx, node, node.field(f().type_)),
        K::CallExpression => call(cx, node),
        K::AppliedConstructorType => {
            cx.node(Kind::Call, span, |cx| expressions(cx, node));
        }
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| node.children().for_each(|argument| self::argument(cx, argument)));
        }
        K::Vararg => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::RepeatPattern => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.field(f().pattern), span.1, expression));
        }
        K::NamedPattern => {
            cx.node(Kind::KwArg, span, |cx| expressions(cx, node));
        }
        K::NamedTypeArgument => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::InstanceExpression => instance(cx, node),
        K::LambdaExpression => lambda(cx, node, span),
        K::Block | K::IndentedBlock if is_function(node) => block_function(cx, node),
        K::CaseBlock | K::IndentedCases => block_function(cx, node),
        K::AssignmentExpression => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::InfixExpression | K::InfixPattern | K::InfixType => infix(cx, node),
        K::PrefixExpression => {
            let op = match node.text().chars().next() {
                Some('!') => Op::Not,
                Some('-') => Op::Sub,
                Some('+') => Op::Add,
                Some('~') => Op::BitNot,
                _ => Op::None,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.children().last(), span.1, expression));
        }
        K::AscriptionExpression if cx.is_ellipsis(node.first()) => cx.slot(node.first(), span.1, expression),
        K::AscriptionExpression => {
            let declared = node.field(f().type_).or_else(|| node.children().nth(1));
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(declared, span.1, |cx, declared| {
                    if kind(declared) == K::Annotation { annotation(cx, declared) } else { expression(cx, declared) }
                });
                cx.slot(node.first(), span.0, expression);
            });
        }
        K::TypedPattern => {
            cx.node(Kind::TypeTest, span, |cx| {
                cx.slot(node.field(f().pattern), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::CapturePattern => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().pattern), span.1, expression);
            });
        }
        K::CaseClassPattern => {
            cx.node(Kind::Call, span, |cx| {
                let (base, types) = (node.field(f().type_), node.field(f().type_arguments));
                match (base, types) {
                    (Some(base), Some(types)) => {
                        cx.node(Kind::TypeArgs, (base.start(), types.end()), |cx| {
                            expression(cx, base);
                            expressions(cx, types);
                        });
                    }
                    (base, _) => cx.slot(base, span.0, expression),
                }
                let start = types.or(base).map_or(span.0, Syntax::end);
                cx.node(Kind::Args, (start, span.1), |cx| node.fields(f().pattern).for_each(|inner| expression(cx, inner)));
            });
        }
        K::IfExpression => if_expression(cx, node),
        K::MatchExpression => match_expression(cx, node),
        K::TryExpression => try_expression(cx, node),
        K::CatchClause => catch_clause(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::CaseClause => case_clause(cx, node),
        K::ForExpression if node.has_token("yield") => comprehension(cx, node),
        K::ReturnExpression => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ThrowExpression => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::Annotation => annotation(cx, node),
        K::Parameter | K::ClassParameter | K::Binding => parameter(cx, node, None),
        K::LazyParameterType | K::RepeatedParameterType => cx.slot(node.field(f().type_), span.1, expression),
        K::AnnotatedType | K::LiteralType => cx.slot(node.first(), span.1, expression),
        K::CompoundType => {
            cx.node_op(Kind::Binary, Op::BitAnd, span, |cx| expressions(cx, node));
        }
        K::ProjectedType => {
            cx.node_op(Kind::Dot, Op::Scope, span, |cx| {
                cx.slot(node.field(f().type_), span.0, expression);
                cx.slot(node.field(f().selector), span.1, expression);
            });
        }
        K::SingletonType => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.first(), span.0, expression);
                cx.name("type", (span.1.saturating_sub(4), span.1));
            });
        }
        K::XmlExpression => match (node.first(), node.children().nth(1)) {
            (Some(only), None) => expression(cx, only),
            _ => cx.other("xml_expression", node, expression),
        },
        K::XmlElement => xml(cx, node),
        K::XmlString => {
            let content = node.text().trim_start_matches(['"', '\'']);
            cx.string(content.strip_suffix(['"', '\'']).unwrap_or(content), span);
        }
        K::XmlText | K::XmlCdata | K::XmlComment | K::XmlProcessingInstruction => {
            if !node.text().trim().is_empty() {
                cx.word(Kind::XmlText, Op::None, node.text().trim(), span);
            }
        }
        // Definitions and statements that stand where an expression is looked for, in broken code and in patterns.
        K::ClassDefinition
        | K::ObjectDefinition
        | K::FunctionDefinition
        | K::ValDefinition
        | K::VarDefinition
        | K::TemplateBody
        | K::WhileExpression
        | K::DoWhileExpression
        | K::ForExpression
        | K::Block
        | K::IndentedBlock => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    loop {
        let inner = match kind(node) {
            K::ParenthesizedExpression => node.first(),
            // A type in parentheses is a tuple of one in the grammar.
            K::TupleType | K::TuplePattern if node.children().nth(1).is_none() && !node.has_token(",") => node.first(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

fn type_args(cx: &mut Cx<'_>, node: Syntax<'_>, base: Option<Syntax<'_>>) {
    cx.node(Kind::TypeArgs, node.span(), |cx| {
        cx.slot(base, node.start(), expression);
        if let Some(types) = node.field(f().type_arguments) {
            expressions(cx, types);
        }
    });
}

/// What stands between braces behind a call is a function.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        cx.slot(node.field(f().function), span.0, expression);
        cx.slot(node.field(f().arguments), span.1, |cx, arguments| match kind(arguments) {
            K::Arguments => expression(cx, arguments),
            _ => {
                cx.node(Kind::Args, arguments.span(), |cx| block_function(cx, arguments));
            }
        });
    });
}

/// `a`, `name = a`.
fn argument(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let name = node.field(f().left).filter(|name| kind(node) == K::AssignmentExpression && kind(*name) == K::Identifier);
    let Some(name) = name else { return expression(cx, node) };
    cx.node(Kind::KwArg, node.span(), |cx| {
        expression(cx, name);
        cx.slot(node.field(f().right), node.end(), expression);
    });
}

/// Whether a block is a function: `{ x => … }`.
pub(super) fn is_function(block: Syntax<'_>) -> bool {
    let mut children = block.children();
    children.next().is_some_and(|child| kind(child) == K::LambdaExpression) && children.next().is_none()
}

/// A block that is a function; one without parameters has none, and that of a pattern any.
fn block_function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Block | K::IndentedBlock if is_function(node) => cx.slot(node.first(), span.1, |cx, inner| lambda(cx, inner, span)),
        K::ColonArgument => {
            let start = node.fields(f().lambda_start).next();
            cx.node(Kind::Lambda, span, |cx| {
                lambda_parameters(cx, start, span.0);
                cx.none(span.0);
                let inner = node.children().last();
                match inner {
                    Some(cases) if kind(cases) == K::IndentedCases => switch(cx, cases),
                    block => body(cx, block, span.1),
                }
            });
        }
        K::CaseBlock | K::IndentedCases => {
            cx.node(Kind::Lambda, span, |cx| {
                cx.empty(Kind::Params, span.0);
                cx.none(span.0);
                switch(cx, node);
            });
        }
        _ => {
            let first = node.first();
            cx.node(Kind::Lambda, span, |cx| {
                cx.node(Kind::Params, (span.0, span.0), |cx| {
                    let dots =
                        first.map(|first| if kind(first) == K::AscriptionExpression { first.first().unwrap_or(first) } else { first });
                    if cx.is_ellipsis(dots) {
                        cx.slot(dots, span.0, expression);
                    }
                });
                cx.none(span.0);
                body(cx, Some(node), span.1);
            });
        }
    }
}

/// A function that is nothing but cases.
fn switch(cx: &mut Cx<'_>, cases: Syntax<'_>) {
    cx.node(Kind::Block, cases.span(), |cx| {
        cx.node(Kind::Switch, cases.span(), |cx| {
            cx.none(cases.start());
            cases.children().for_each(|case| case_clause(cx, case));
        });
    });
}

/// `span` is that of the braces around it, if there are any: then its body is a block.
fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    let is_in_block = span != node.span();
    let arrow = node.all_children().find(|token| matches!(token.kind_name(), "=>" | "?=>")).map_or(node.start(), Syntax::end);
    let inner = || node.children().filter(|child| arrow <= child.start());
    cx.node(Kind::Lambda, span, |cx| {
        // `x: T =>` is three parts of one field.
        let mut fields = node.fields(f().parameters);
        let (first, second) = (fields.next(), fields.next());
        match (first, second) {
            (Some(name), Some(declared)) => {
                let whole = (name.start(), declared.end());
                cx.node(Kind::Params, whole, |cx| {
                    cx.node(Kind::Param, whole, |cx| {
                        cx.empty(Kind::Attrs, whole.0);
                        expression(cx, name);
                        expression(cx, declared);
                        cx.none(whole.1);
                    });
                });
            }
            (only, _) => lambda_parameters(cx, only, span.0),
        }
        cx.none(span.0);
        let only = inner().next().filter(|_| inner().nth(1).is_none());
        match only {
            Some(value) if !is_in_block && !matches!(kind(value), K::Block | K::IndentedBlock) => expression(cx, value),
            Some(block) if !is_in_block => body(cx, Some(block), span.1),
            _ => {
                let start = inner().next().map_or(span.1, Syntax::start);
                let end = inner().last().map_or(start, Syntax::end);
                cx.node(Kind::Block, (start, end), |cx| inner().for_each(|child| statement(cx, child)));
            }
        }
    });
}

fn lambda_parameters(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    let Some(node) = node else { return cx.empty(Kind::Params, at) };
    cx.node(Kind::Params, node.span(), |cx| {
        if kind(node) == K::Bindings {
            node.children().for_each(|binding| parameter(cx, binding, None));
            return;
        }
        if cx.is_ellipsis(Some(node)) {
            return cx.name_of(node);
        }
        cx.node(Kind::Param, node.span(), |cx| {
            cx.empty(Kind::Attrs, node.start());
            expression(cx, node);
            (0..2).for_each(|_| cx.none(node.end()));
        });
    });
}

/// `new A(1) with B { … }`.
fn instance(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_type = |child: &Syntax<'_>| !matches!(kind(*child), K::Arguments | K::TemplateBody | K::EndMarker);
    let target = node.children().find(is_type);
    let mixed = target.filter(|target| kind(*target) == K::CompoundType);
    let first = mixed.map_or(target, Syntax::first);
    let applied = first.filter(|first| kind(*first) == K::AppliedConstructorType);
    let base = applied.map_or(first, Syntax::first);
    let arguments = applied.and_then(|applied| of(applied, K::Arguments)).or_else(|| of(node, K::Arguments));
    cx.node(Kind::New, span, |cx| {
        match mixed {
            Some(mixed) => {
                cx.node_op(Kind::Binary, Op::BitAnd, mixed.span(), |cx| {
                    cx.slot(base, mixed.start(), expression);
                    mixed.children().skip(1).for_each(|other| expression(cx, other));
                });
            }
            None => cx.slot(base, span.0, expression),
        }
        match arguments {
            Some(arguments) => expression(cx, arguments),
            None => cx.empty(Kind::Args, target.map_or(span.0, Syntax::end)),
        }
        body(cx, of(node, K::TemplateBody), span.1);
    });
}

/// Operators that every language has; all others are methods.
fn infix(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (left, operator, right) = (node.field(f().left), node.field(f().operator), node.field(f().right));
    let token = operator.map_or("", Syntax::text);
    let assigned = token.strip_suffix('=').map(binary).filter(|op| *op != Op::None && binary(token) == Op::None);
    if let Some(op) = assigned {
        cx.node_op(Kind::AugAssign, op, span, |cx| {
            cx.slot(left, span.0, expression);
            cx.slot(right, span.1, expression);
        });
        return;
    }
    match binary(token) {
        Op::None => {
            cx.node(Kind::Call, span, |cx| {
                cx.node_op(Kind::Dot, Op::Dot, (span.0, operator.map_or(span.1, Syntax::end)), |cx| {
                    cx.slot(left, span.0, expression);
                    cx.slot(operator, span.1, expression);
                });
                cx.slot(right, span.1, |cx, right| {
                    cx.node(Kind::Args, right.span(), |cx| match kind(right) {
                        K::TupleExpression => right.children().for_each(|argument| self::argument(cx, argument)),
                        K::Unit => {}
                        K::Block | K::CaseBlock => block_function(cx, right),
                        _ => expression(cx, right),
                    });
                });
            });
        }
        op => {
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(left, span.0, expression);
                cx.slot(right, span.1, expression);
            });
        }
    }
}

fn binary(token: &str) -> Op {
    match token {
        "->" => Op::Arrow,
        _ => operator::binary(token),
    }
}
