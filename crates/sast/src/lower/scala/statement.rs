//! Statements, and expressions that look like them.

use super::{
    K,
    definition::{attrs, class, enum_case, function, imports, package, parameters, variables},
    expression::{expression, is_function},
    f, kind, of,
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
            K::Block | K::IndentedBlock | K::TemplateBody | K::WithTemplateBody | K::EnumBody => statements(cx, node),
            _ => statement(cx, node),
        });
    });
}

/// The body of a function: an expression is what it returns.
pub(super) fn function_body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    match node {
        Some(value) if !matches!(kind(value), K::Block | K::IndentedBlock) => {
            cx.node(Kind::Block, value.span(), |cx| {
                cx.node(Kind::Return, value.span(), |cx| expression(cx, value));
            });
        }
        block => body(cx, block, at),
    }
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::PackageClause => package(cx, node),
        K::ImportDeclaration => imports(cx, node),
        K::ExportDeclaration => cx.other("export_declaration", node, expression),
        K::ClassDefinition | K::TraitDefinition | K::ObjectDefinition | K::EnumDefinition | K::PackageObject | K::FullEnumCase => {
            class(cx, node);
        }
        K::ExtensionDefinition => {
            cx.node_op(Kind::ClassDef, Op::Impl, span, |cx| {
                attrs(cx, node, &[]);
                cx.none(span.0);
                parameters(cx, node, f().parameters);
                cx.empty(Kind::Bases, span.0);
                let members: Vec<Syntax<'_>> = node.fields(f().body).collect();
                let start = members.first().map_or(span.1, |first| first.start());
                cx.node(Kind::Block, (start, span.1), |cx| members.iter().for_each(|member| statement(cx, *member)));
            });
        }
        K::FunctionDefinition | K::FunctionDeclaration => function(cx, node),
        K::ValDefinition | K::VarDefinition | K::ValDeclaration | K::VarDeclaration => variables(cx, node),
        K::TypeDefinition => {
            cx.node_with(Kind::Other, Op::None, "type_alias_declaration", span, |cx| {
                attrs(cx, node, &[]);
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().type_), span.1, expression);
            });
        }
        K::EnumCaseDefinitions => node.children().for_each(|case| match kind(case) {
            K::SimpleEnumCase => enum_case(cx, case),
            K::FullEnumCase => class(cx, case),
            _ => {}
        }),
        K::IfExpression => if_statement(cx, node),
        K::ForExpression if !node.has_token("yield") => for_loop(cx, node),
        K::WhileExpression => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.fields(f().condition).next(), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::DoWhileExpression => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.slot(node.field(f().condition), span.1, expression);
            });
        }
        K::Block | K::IndentedBlock if !is_function(node) => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::TryExpression
        | K::MatchExpression
        | K::ReturnExpression
        | K::ThrowExpression
        | K::CaseClause
        | K::CatchClause
        | K::FinallyClause => {
            expression(cx, node);
        }
        K::SelfType => cx.other("self_type", node, expression),
        K::EndMarker => {}
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
            K::FunctionDefinition
                | K::ClassDefinition
                | K::TraitDefinition
                | K::ObjectDefinition
                | K::ValDefinition
                | K::VarDefinition
                | K::ImportDeclaration
                | K::TemplateBody
        );
        if is_whole {
            statement(cx, child);
        }
    }
}

fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::If, span, |cx| {
        cx.slot(node.fields(f().condition).next(), span.0, expression);
        body(cx, node.field(f().consequence), span.1);
        match node.field(f().alternative) {
            Some(next) if kind(next) == K::IfExpression => if_statement(cx, next),
            other => body(cx, other, span.1),
        }
    });
}

/// An `if` whose branches are values is one.
pub(super) fn if_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_value = |branch: &Syntax<'_>| !matches!(kind(*branch), K::Block | K::IndentedBlock);
    match (node.field(f().consequence).filter(is_value), node.field(f().alternative).filter(is_value)) {
        (Some(then), Some(otherwise)) => {
            cx.node(Kind::Ternary, node.span(), |cx| {
                cx.slot(node.fields(f().condition).next(), node.start(), expression);
                expression(cx, then);
                expression(cx, otherwise);
            });
        }
        _ => if_statement(cx, node),
    }
}

/// The parts of a `for`: generators, definitions and guards.
fn enumerators(node: Syntax<'_>) -> Vec<Enumerator<'_>> {
    let mut all = Vec::new();
    for list in node.fields(f().enumerators).filter(|list| list.is_named()) {
        for part in list.children() {
            let is_definition = part.has_token("=");
            let mut inner = part.children().filter(|child| kind(*child) != K::Guard);
            if let (Some(target), Some(value)) = (inner.next(), inner.next()) {
                let span = (part.start(), value.end());
                all.push(if is_definition {
                    Enumerator::Definition(span, target, value)
                } else {
                    Enumerator::Generator(span, target, value)
                });
            }
            all.extend(part.children().filter(|child| kind(*child) == K::Guard).map(Enumerator::Guard));
        }
    }
    all
}

#[derive(Debug, Clone, Copy)]
enum Enumerator<'a> {
    Generator((u32, u32), Syntax<'a>, Syntax<'a>),
    Definition((u32, u32), Syntax<'a>, Syntax<'a>),
    Guard(Syntax<'a>),
}

impl Enumerator<'_> {
    fn start(&self) -> u32 {
        match self {
            Self::Generator(span, ..) | Self::Definition(span, ..) => span.0,
            Self::Guard(guard) => guard.start(),
        }
    }
}

/// Several generators are loops in loops.
fn for_loop(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for_rest(cx, &enumerators(node), node, true);
}

fn for_rest(cx: &mut Cx<'_>, parts: &[Enumerator<'_>], node: Syntax<'_>, is_outer: bool) {
    let Some((first, rest)) = parts.split_first() else {
        return match node.field(f().body) {
            Some(block) if matches!(kind(block), K::Block | K::IndentedBlock) => statements(cx, block),
            Some(value) => statement(cx, value),
            None => {}
        };
    };
    let span = |start: u32| if is_outer { node.span() } else { (start, node.end()) };
    let inner = |cx: &mut Cx<'_>| {
        let start = rest.first().map_or_else(|| node.field(f().body).map_or(node.end(), Syntax::start), Enumerator::start);
        cx.node(Kind::Block, (start, node.end()), |cx| for_rest(cx, rest, node, false));
    };
    match *first {
        Enumerator::Generator((start, _), target, iterated) => {
            cx.node(Kind::ForEach, span(start), |cx| {
                cx.node(Kind::VarDef, target.span(), |cx| {
                    cx.empty(Kind::Attrs, target.start());
                    expression(cx, target);
                    cx.none(target.end());
                    cx.none(target.end());
                });
                expression(cx, iterated);
                inner(cx);
            });
        }
        Enumerator::Definition(whole, target, value) => {
            definition(cx, whole, target, value);
            for_rest(cx, rest, node, false);
        }
        Enumerator::Guard(guard) => {
            cx.node(Kind::If, span(guard.start()), |cx| {
                cx.slot(guard.field(f().condition), guard.start(), expression);
                inner(cx);
                cx.none(node.end());
            });
        }
    }
}

fn definition(cx: &mut Cx<'_>, span: (u32, u32), target: Syntax<'_>, value: Syntax<'_>) {
    cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
        cx.empty(Kind::Attrs, span.0);
        expression(cx, target);
        cx.none(target.end());
        expression(cx, value);
    });
}

/// `for (…) yield e` makes a sequence.
pub(super) fn comprehension(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node_op(Kind::Comprehension, Op::List, node.span(), |cx| {
        cx.slot(node.field(f().body), node.end(), expression);
        for part in enumerators(node) {
            match part {
                Enumerator::Generator(span, target, iterated) => {
                    cx.node(Kind::CompFor, span, |cx| {
                        expression(cx, target);
                        expression(cx, iterated);
                    });
                }
                Enumerator::Definition(span, target, value) => definition(cx, span, target, value),
                Enumerator::Guard(guard) => comp_if(cx, guard),
            }
        }
    });
}

fn comp_if(cx: &mut Cx<'_>, guard: Syntax<'_>) {
    cx.node(Kind::CompIf, guard.span(), |cx| cx.slot(guard.field(f().condition), guard.end(), expression));
}

pub(super) fn match_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Switch, node.span(), |cx| {
        cx.slot(node.field(f().value), node.start(), expression);
        if let Some(cases) = node.field(f().body) {
            cases.children().for_each(|case| case_clause(cx, case));
        }
    });
}

pub(super) fn case_clause(cx: &mut Cx<'_>, case: Syntax<'_>) {
    let pattern = case.field(f().pattern);
    if cx.is_ellipsis(pattern) {
        return cx.slot(pattern, case.end(), expression);
    }
    cx.node(Kind::Case, case.span(), |cx| {
        if let Some(pattern) = pattern.filter(|pattern| kind(*pattern) != K::Wildcard) {
            alternatives(cx, pattern);
        }
        if let Some(guard) = of(case, K::Guard) {
            comp_if(cx, guard);
        }
        case_body(cx, case, None);
    });
}

/// The statements behind the arrow; `guard` is what has to hold for them.
fn case_body(cx: &mut Cx<'_>, case: Syntax<'_>, guard: Option<Syntax<'_>>) {
    let inner = || case.fields(f().body);
    let start = inner().next().map_or(case.end(), Syntax::start);
    cx.node(Kind::Block, (start, case.end().max(start)), |cx| match guard {
        Some(guard) => {
            cx.node(Kind::If, (guard.start(), case.end()), |cx| {
                cx.slot(guard.field(f().condition), guard.end(), expression);
                cx.node(Kind::Block, (start, case.end()), |cx| inner().for_each(|child| statement(cx, child)));
                cx.none(case.end());
            });
        }
        None => inner().for_each(|child| statement(cx, child)),
    });
}

/// `A | B` are two patterns.
fn alternatives(cx: &mut Cx<'_>, pattern: Syntax<'_>) {
    if kind(pattern) == K::AlternativePattern {
        pattern.children().for_each(|inner| alternatives(cx, inner));
    } else {
        expression(cx, pattern);
    }
}

pub(super) fn try_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        body(cx, node.field(f().body), span.0);
        if let Some(clause) = of(node, K::CatchClause) {
            catch_clause(cx, clause);
        }
        cx.none(span.1);
        cx.slot(of(node, K::FinallyClause), span.1, finally_clause);
    });
}

/// A clause for each case; a handler that is a value catches everything.
pub(super) fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    if clause.field(f().pattern).is_some() {
        return catch(cx, clause);
    }
    match clause.first() {
        Some(cases) if matches!(kind(cases), K::CaseBlock | K::IndentedCases) => {
            cases.children().for_each(|case| catch(cx, case));
        }
        handler => {
            cx.node(Kind::Catch, clause.span(), |cx| {
                cx.none(clause.start());
                cx.none(clause.start());
                body(cx, handler, clause.end());
            });
        }
    }
}

fn catch(cx: &mut Cx<'_>, case: Syntax<'_>) {
    let Some(pattern) = case.field(f().pattern) else { return statement(cx, case) };
    cx.node(Kind::Catch, case.span(), |cx| {
        match kind(pattern) {
            K::TypedPattern => {
                cx.slot(pattern.field(f().type_), pattern.end(), expression);
                let name = pattern.field(f().pattern).filter(|name| kind(*name) != K::Wildcard);
                cx.slot(name, pattern.start(), expression);
            }
            K::Identifier => {
                cx.none(pattern.start());
                expression(cx, pattern);
            }
            K::Wildcard => (0..2).for_each(|_| cx.none(pattern.start())),
            _ => {
                expression(cx, pattern);
                cx.none(pattern.end());
            }
        }
        case_body(cx, case, of(case, K::Guard));
    });
}

pub(super) fn finally_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
}
