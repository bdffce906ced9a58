//! Expressions, and the patterns that take values apart, which are lowered to the literals that they look like.

use super::{K, definition, definition::Outer, f, is_ellipsis, kind, statement, types, xml};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx, Syntax,
        context::reserved,
        number::{self, NumberSyntax},
        operator,
    },
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let inner = without_parentheses(node);
    let id = cx.next_id();
    bare(cx, inner);
    // What is reported are the parentheses, too, but not those of a branch or loop; a pattern may be framed by others.
    if inner.start() != node.start() && !cx.is_pattern() && node.in_field() != f(node).condition {
        cx.cover(id, node.span());
    }
}

/// An expression without parentheses.
fn bare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Identifier => name(cx, node),
        K::This
        | K::ThisType
        | K::Super
        | K::Import
        | K::PropertyIdentifier
        | K::PrivatePropertyIdentifier
        | K::StatementIdentifier
        | K::TypeIdentifier
        | K::PredefinedType
        | K::JsxNamespaceName => cx.name_of(node),
        K::ShorthandPropertyIdentifier | K::ShorthandPropertyIdentifierPattern => shorthand(cx, node),
        K::Number => {
            let text = node.text();
            let is_float = !text.starts_with("0x") && !text.starts_with("0X") && text.contains(['.', 'e', 'E']);
            number::lower(cx, node, if is_float { Op::Float } else { Op::Int }, NumberSyntax::OctalByZero);
        }
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Null | K::Undefined => cx.word(Kind::Null, Op::None, node.text(), span),
        K::String => string(cx, node),
        K::TemplateString => template(cx, node, Op::None),
        K::Regex => regex(cx, node),
        K::MemberExpression => member(cx, node),
        K::SubscriptExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f(node).object), span.0, expression);
                cx.slot(node.field(f(node).index), span.1, expression);
            });
        }
        K::MetaProperty => {
            let (object, property) = node.text().split_once('.').unwrap_or_default();
            let length = |text: &str| u32::try_from(text.len()).unwrap_or_default();
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.name(object.trim_end(), (span.0, span.0 + length(object.trim_end())));
                cx.name(property.trim_start(), (span.1 - length(property.trim_start()), span.1));
            });
        }
        K::CallExpression => call(cx, node),
        K::NewExpression => new(cx, node),
        K::Arguments => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        K::SpreadElement | K::RestPattern | K::RestType => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::AssignmentExpression | K::AssignmentPattern => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        K::AugmentedAssignmentExpression => {
            let op = node.field(f(node).operator).map_or(Op::None, |token| binary(token.text().trim_end_matches('=')));
            cx.node_op(Kind::AugAssign, op, span, |cx| {
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        // `useState<boolean>(false)` is a call with a type where there are types, and two comparisons where there are none.
        K::BinaryExpression if typed_call(node).is_some() => {
            if let Some((callee, arguments)) = typed_call(node) {
                cx.node(Kind::Call, span, |cx| {
                    expression(cx, callee);
                    cx.node(Kind::Args, arguments.span(), |cx| expressions(cx, arguments));
                });
            }
        }
        K::BinaryExpression => {
            let token = node.field(f(node).operator).map_or("", Syntax::text);
            let (node_kind, op) = if token == "instanceof" { (Kind::TypeTest, Op::None) } else { (Kind::Binary, binary(token)) };
            cx.node_op(node_kind, op, span, |cx| {
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        K::UnaryExpression => unary(cx, node),
        K::UpdateExpression => {
            let is_increment = node.field(f(node).operator).is_some_and(|token| token.text() == "++");
            let op = if is_increment { Op::Increment } else { Op::Decrement };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f(node).argument), span.1, expression));
        }
        K::NonNullExpression => {
            cx.node_op(Kind::Unary, Op::NonNull, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::TernaryExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f(node).condition, f(node).consequence, f(node).alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::AwaitExpression => {
            cx.node(Kind::Await, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::YieldExpression => {
            let op = if node.has_token("*") { Op::Delegate } else { Op::None };
            cx.node_op(Kind::Yield, op, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ArrowFunction | K::FunctionExpression | K::GeneratorFunction => definition::lambda(cx, node),
        K::Class => definition::class(cx, node, &Outer::default()),
        K::Array | K::ArrayPattern => array(cx, node),
        K::Object | K::ObjectPattern => {
            cx.node(Kind::Dict, span, |cx| expressions(cx, node));
        }
        K::Pair | K::PairPattern => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f(node).key), span.0, expression);
                cx.slot(node.field(f(node).value), span.1, expression);
            });
        }
        K::ObjectAssignmentPattern => {
            cx.node(Kind::KeyValue, span, |cx| {
                let left = node.field(f(node).left);
                cx.slot(left, span.0, name_or_pattern);
                cx.node(Kind::Assign, span, |cx| {
                    cx.slot(left, span.0, name_or_pattern);
                    cx.slot(node.field(f(node).right), span.1, expression);
                });
            });
        }
        K::MethodDefinition => definition::method(cx, node, &Outer::default()),
        K::ParenthesizedExpression => {
            // Only one with a type is left here.
            cast(cx, node, node.field(f(node).type_), node.first());
        }
        K::AsExpression | K::SatisfiesExpression => {
            let mut parts = node.children();
            let value = parts.next();
            let target = parts.next().or_else(|| node.all_children().find(|token| !token.is_named() && token.text() == "const"));
            cast(cx, node, target, value);
        }
        K::TypeAssertion => {
            let mut parts = node.children();
            let target = parts.next().and_then(Syntax::first);
            cast(cx, node, target, parts.next());
        }
        K::InstantiationExpression => {
            let function = node.field(f(node).function).or_else(|| node.first());
            cx.slot(function, span.0, |cx, function| types::with_arguments(cx, function, node.field(f(node).type_arguments)));
        }
        K::JsxElement | K::JsxSelfClosingElement => xml::element(cx, node),
        K::JsxOpeningElement | K::JsxClosingElement => xml::tag(cx, node),
        K::JsxAttribute => xml::attribute(cx, node),
        K::JsxExpression => expressions(cx, node),
        // Parts and statements that stand where an expression is looked for, in broken code and in patterns.
        K::RequiredParameter | K::OptionalParameter => definition::parameter(cx, node),
        K::FormalParameters => definition::parameters(cx, node),
        K::StatementBlock
        | K::ExpressionStatement
        | K::CatchClause
        | K::FinallyClause
        | K::InternalModule
        | K::FunctionDeclaration
        | K::ClassDeclaration
        | K::LexicalDeclaration
        | K::VariableDeclaration
        | K::ReturnStatement => statement::statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => types::type_(cx, node),
    }
}

/// A name; in a pattern `...$X`, where both have become one name, is what it was.
pub(super) fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (text, span) = (node.text(), node.span());
    match text.strip_prefix(reserved::DOTS) {
        Some(rest) if cx.is_pattern() && !rest.is_empty() => {
            let start = span.1 - u32::try_from(rest.len()).unwrap_or_default();
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.name(rest, (start, span.1)));
        }
        _ => cx.name(text, span),
    }
}

/// What parentheses hold, however many there are.
fn without_parentheses(node: Syntax<'_>) -> Syntax<'_> {
    let mut node = node;
    while matches!(kind(node), K::ParenthesizedExpression | K::ParenthesizedType) {
        let mut children = node.children();
        let (Some(only), None) = (children.next(), children.next()) else { break };
        node = only;
    }
    node
}

fn member(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let is_optional = node.field(f(node).optional_chain).is_some();
    cx.node_op(Kind::Dot, if is_optional { Op::Optional } else { Op::Dot }, span, |cx| {
        cx.slot(node.field(f(node).object), span.0, expression);
        cx.slot(node.field(f(node).property), span.1, expression);
    });
}

/// Arguments that are types say nothing about what is called: `f<T>(a)` is `f(a)`.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        cx.slot(node.field(f(node).function), span.0, expression);
        cx.slot(node.field(f(node).arguments), span.1, |cx, arguments| {
            cx.node(Kind::Args, arguments.span(), |cx| match kind(arguments) {
                K::TemplateString => template(cx, arguments, Op::Template),
                _ => expressions(cx, arguments),
            });
        });
    });
}

fn new(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::New, span, |cx| {
        cx.slot(node.field(f(node).constructor), span.0, |cx, constructor| {
            types::with_arguments(cx, constructor, node.field(f(node).type_arguments));
        });
        match node.field(f(node).arguments) {
            Some(arguments) => expression(cx, arguments),
            None => cx.empty(Kind::Args, span.1),
        }
        cx.none(span.1);
    });
}

fn unary(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let operand = node.field(f(node).argument);
    let op = match node.field(f(node).operator).map_or("", Syntax::text) {
        "delete" => {
            cx.node(Kind::Delete, span, |cx| cx.slot(operand, span.1, expression));
            return;
        }
        "typeof" => Op::TypeOf,
        "void" => Op::Void,
        token => operator::unary(token),
    };
    cx.node_op(Kind::Unary, op, span, |cx| cx.slot(operand, span.1, expression));
}

fn cast(cx: &mut Cx<'_>, node: Syntax<'_>, target: Option<Syntax<'_>>, value: Option<Syntax<'_>>) {
    cx.node(Kind::Cast, node.span(), |cx| {
        cx.slot(target, node.start(), |cx, target| if target.is_named() { expression(cx, target) } else { cx.name_of(target) });
        cx.slot(value, node.end(), expression);
    });
}

/// Elements; a hole (`[, a]`) keeps its place.
fn array(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::List, node.span(), |cx| {
        let mut is_filled = false;
        for child in node.all_children() {
            if child.is_named() {
                expression(cx, child);
                is_filled = true;
            } else if child.text() == "," {
                if !is_filled {
                    cx.none(child.start());
                }
                is_filled = false;
            }
        }
    });
}

/// `{ a }` is `{ a: a }`.
fn shorthand(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if is_ellipsis(cx, node) {
        return name(cx, node);
    }
    let is_metavariable = cx.is_pattern() && node.text().starts_with(reserved::METAVAR);
    cx.node(Kind::KeyValue, node.span(), |cx| {
        // What a metavariable stands for is the value; the key is a word, not a variable.
        if is_metavariable {
            anything(cx, node.span());
        } else {
            cx.name_of(node);
        }
        cx.name_of(node);
    });
}

/// The metavariable of a pattern that stands for one thing and is not bound: `$_`.
fn anything(cx: &mut Cx<'_>, span: (u32, u32)) {
    cx.name(&format!("{}_", reserved::METAVAR), span);
}

/// The left side of a default in a pattern: the name itself, not an entry.
fn name_or_pattern(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::ShorthandPropertyIdentifierPattern { cx.name_of(node) } else { expression(cx, node) }
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let text = node.text();
    let content = text.strip_prefix(['"', '\'']).unwrap_or(text);
    cx.string(content.strip_suffix(['"', '\'']).unwrap_or(content), node.span());
}

/// A template, also where nothing is put into it: patterns tell it from a string. `op` says whether a tag reads it.
fn template(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let span = node.span();
    let (start, end) = (span.0 + 1, span.1.saturating_sub(1).max(span.0 + 1));
    let holes = node.children().filter(|child| kind(*child) == K::TemplateSubstitution);
    cx.node_op(Kind::Interp, op, span, |cx| {
        let mut at = start;
        for hole in holes {
            if at < hole.start() {
                cx.string_part(node.source(at, hole.start()), (at, hole.start()));
            }
            match hole.first() {
                // `${...}` is one value, whatever it is.
                Some(value) if is_ellipsis(cx, value) => anything(cx, value.span()),
                _ => expressions(cx, hole),
            }
            at = hole.end();
        }
        if at < end {
            cx.string_part(node.source(at, end), (at, end));
        }
    });
}

fn regex(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let content = node.field(f(node).pattern).map_or("", Syntax::text);
    cx.node_with(Kind::Regex, Op::None, content, node.span(), |cx| {
        if let Some(flags) = node.field(f(node).flags) {
            cx.string(flags.text(), flags.span());
        }
    });
}

/// Whether a statement behind a label of a pattern is the value of an entry: `secure: false`, `headers: { a: b }`.
pub(super) fn is_entry(node: Syntax<'_>) -> bool {
    match kind(node) {
        K::ExpressionStatement => !node.has_token(";"),
        K::StatementBlock => is_object(node),
        _ => false,
    }
}

/// Whether a block of a pattern is an object: `{ a: b, ... }`.
pub(super) fn is_object(block: Syntax<'_>) -> bool {
    let is_names = |node: Syntax<'_>| match kind(node) {
        K::Identifier => true,
        K::SequenceExpression => node.children().all(|name| kind(name) == K::Identifier),
        _ => false,
    };
    block.children().all(|child| match kind(child) {
        K::LabeledStatement => child.field(f(child).body).is_some_and(is_entry),
        K::ExpressionStatement => !child.has_token(";") && child.first().is_some_and(is_names),
        _ => false,
    })
}

/// An entry of an object that the grammar took for a statement with a label.
pub(super) fn entry_in_disguise(cx: &mut Cx<'_>, key: Syntax<'_>, value: Syntax<'_>) {
    // In `{ a: b, c }` everything behind the label is one expression.
    let (value, rest) = match value.first() {
        Some(sequence) if kind(value) == K::ExpressionStatement && kind(sequence) == K::SequenceExpression => {
            (sequence.first().unwrap_or(sequence), Some(sequence.children().skip(1)))
        }
        Some(only) if kind(value) == K::ExpressionStatement => (only, None),
        _ => (value, None),
    };
    cx.node(Kind::KeyValue, (key.start(), value.end()), |cx| {
        cx.name_of(key);
        if kind(value) == K::StatementBlock { object_in_disguise(cx, value) } else { expression(cx, value) }
    });
    for name in rest.into_iter().flatten() {
        shorthand(cx, name);
    }
}

/// An object that the grammar took for a block.
pub(super) fn object_in_disguise(cx: &mut Cx<'_>, block: Syntax<'_>) {
    cx.node(Kind::Dict, block.span(), |cx| {
        for child in block.children() {
            match (child.field(f(child).label), child.field(f(child).body), child.first()) {
                (Some(key), Some(value), _) => entry_in_disguise(cx, key, value),
                (_, _, Some(names)) if kind(names) == K::SequenceExpression => names.children().for_each(|name| shorthand(cx, name)),
                (_, _, Some(name)) => shorthand(cx, name),
                (_, _, None) => {}
            }
        }
    });
}

/// What is called in `f<T>(x)`, written without blanks, and the arguments in their brackets.
fn typed_call(node: Syntax<'_>) -> Option<(Syntax<'_>, Syntax<'_>)> {
    let is = |node: Syntax<'_>, operator: &str| node.field(f(node).operator).is_some_and(|token| token.text() == operator);
    let (inner, arguments) = (node.field(f(node).left)?, node.field(f(node).right)?);
    if !is(node, ">") || kind(inner) != K::BinaryExpression || !is(inner, "<") || kind(arguments) != K::ParenthesizedExpression {
        return None;
    }
    let (callee, of) = (inner.field(f(inner).left)?, inner.field(f(inner).right)?);
    let is_close = callee.span().1 + 1 == of.span().0 && of.span().1 + 1 == arguments.span().0;
    (is_close && kind(callee) == K::Identifier && kind(of) == K::Identifier).then_some((callee, arguments))
}

fn binary(token: &str) -> Op {
    match token {
        "**" => Op::Pow,
        "??" => Op::Coalesce,
        "===" => Op::Same,
        "!==" => Op::NotSame,
        "in" => Op::In,
        _ => operator::binary(token),
    }
}
