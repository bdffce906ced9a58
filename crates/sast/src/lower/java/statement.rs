//! Statements.

use crate::lower::context::reserved;

use super::{Cx, K, Kind, Op, Syntax, definition, expression::expression, f, kind};

pub(super) fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

/// A block; a statement without braces is one too.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| match kind(node) {
            K::Block | K::ConstructorBody => statements(cx, node),
            _ if node.is_named() => statement(cx, node),
            _ => {}
        });
    });
}

/// Everything may stand for a statement, members of classes too: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => {
            cx.node(Kind::ExprStmt, span, |cx| cx.slot(node.first(), span.0, expression));
        }
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::LocalVariableDeclaration | K::FieldDeclaration | K::ConstantDeclaration => definition::variables(cx, node),
        K::IfStatement => {
            cx.node(Kind::If, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().consequence), span.1);
                match node.field(f().alternative) {
                    Some(next) if kind(next) == K::IfStatement => statement(cx, next),
                    other => body(cx, other, span.1),
                }
            });
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::DoStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.slot(node.field(f().condition), span.1, expression);
            });
        }
        K::ForStatement => {
            cx.node(Kind::For, span, |cx| {
                several(cx, node, f().init);
                cx.slot(node.field(f().condition), span.0, expression);
                several(cx, node, f().update);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::EnhancedForStatement => {
            cx.node(Kind::ForEach, span, |cx| {
                definition::variable(cx, node, node, variable_span(node));
                cx.slot(node.field(f().value), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::TryStatement | K::TryWithResourcesStatement => try_statement(cx, node),
        // A part of a pattern.
        K::CatchClause => catch_clause(cx, node),
        K::FinallyClause => finally_clause(cx, node),
        K::SwitchExpression => switch(cx, node),
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::YieldStatement => {
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node(Kind::Yield, span, |cx| cx.slot(node.first(), span.1, expression));
            });
        }
        K::ThrowStatement => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::AssertStatement => {
            cx.node(Kind::Assert, span, |cx| {
                let mut children = node.children();
                cx.slot(children.next(), span.1, expression);
                cx.slot(children.next(), span.1, expression);
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::LabeledStatement => {
            let mut children = node.children();
            cx.node(Kind::Label, span, |cx| {
                cx.slot(children.next(), span.0, expression);
                match children.next() {
                    Some(labeled) => statement(cx, labeled),
                    None => cx.none(span.1),
                }
            });
        }
        K::ExplicitConstructorInvocation => {
            cx.node(Kind::ExprStmt, span, |cx| definition::constructor_call(cx, node));
        }
        K::SynchronizedStatement | K::StaticInitializer => cx.other(node.kind_name(), node, statement_or_expression),
        K::PackageDeclaration
        | K::ImportDeclaration
        | K::ModuleDeclaration
        | K::ClassDeclaration
        | K::RecordDeclaration
        | K::InterfaceDeclaration
        | K::AnnotationTypeDeclaration
        | K::AnnotationTypeElementDeclaration
        | K::EnumDeclaration
        | K::EnumConstant
        | K::MethodDeclaration
        | K::ConstructorDeclaration
        | K::CompactConstructorDeclaration => definition::definition(cx, node),
        K::EnumBodyDeclarations => statements(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

fn statement_or_expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) == K::Block { statement(cx, node) } else { expression(cx, node) }
}

/// A slot for what may be several: they are a tuple.
fn several(cx: &mut Cx<'_>, node: Syntax<'_>, field: u16) {
    let mut all = node.fields(field);
    match (all.next(), all.clone().last()) {
        (Some(only), None) if kind(only) == K::LocalVariableDeclaration => {
            if only.fields(f().declarator).nth(1).is_some() {
                cx.node(Kind::Tuple, only.span(), |cx| statement(cx, only));
            } else {
                statement(cx, only);
            }
        }
        (Some(only), None) => expression(cx, only),
        (Some(first), Some(last)) => {
            cx.node(Kind::Tuple, (first.start(), last.end()), |cx| {
                expression(cx, first);
                all.for_each(|other| expression(cx, other));
            });
        }
        (None, _) => cx.none(node.start()),
    }
}

/// What a variable that is declared in brackets spans.
fn variable_span(node: Syntax<'_>) -> (u32, u32) {
    let first = node.children().next().map_or(node.start(), Syntax::start);
    let last = node.field(f().dimensions).or_else(|| node.field(f().name)).map_or(node.end(), Syntax::end);
    (first, last.max(first))
}

fn try_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        let block = node.field(f().body);
        match (node.field(f().resources), block) {
            (Some(resources), Some(block)) => {
                let inner = (resources.start(), block.end());
                cx.node(Kind::Block, inner, |cx| {
                    cx.node(Kind::With, inner, |cx| {
                        for resource in resources.children() {
                            self::resource(cx, resource);
                        }
                        body(cx, Some(block), span.1);
                    });
                });
            }
            _ => body(cx, block, span.0),
        }
        node.children().filter(|child| kind(*child) == K::CatchClause).for_each(|clause| catch_clause(cx, clause));
        cx.none(span.1);
        cx.slot(node.children().find(|child| kind(*child) == K::FinallyClause), span.1, finally_clause);
    });
}

fn resource(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if node.field(f().name).is_some() {
        return definition::variable(cx, node, node, node.span());
    }
    // A variable that was declared before.
    expression(cx, node.first().unwrap_or(node));
}

fn finally_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
}

/// The modifiers of the variable have no slot: `final` says nothing there.
fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        let parameter = clause.children().find(|child| kind(*child) == K::CatchFormalParameter);
        let types = parameter.and_then(|parameter| parameter.children().find(|child| kind(*child) == K::CatchType));
        cx.slot(types, span.0, |cx, types| {
            if types.children().nth(1).is_some() {
                cx.node(Kind::Tuple, types.span(), |cx| types.children().for_each(|one| expression(cx, one)));
            } else {
                cx.slot(types.first(), types.start(), expression);
            }
        });
        cx.slot(parameter.and_then(|parameter| parameter.field(f().name)), span.0, expression);
        body(cx, clause.field(f().body), span.1);
    });
}

pub(super) fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Switch, span, |cx| {
        cx.slot(node.field(f().condition), span.0, expression);
        let mut cases = Vec::new();
        for group in node.field(f().body).iter().flat_map(|block| block.children()) {
            cases.push(group);
            // Statements end a case; one without them goes on in the next.
            if has_statements(group) || is_ellipsis(cx, group) {
                case(cx, &cases);
                cases.clear();
            }
        }
        case(cx, &cases);
    });
}

fn has_statements(case: Syntax<'_>) -> bool {
    kind(case) != K::SwitchBlockStatementGroup || case.children().any(|child| kind(child) != K::SwitchLabel)
}

/// `...` among the cases of a pattern.
fn is_ellipsis(cx: &Cx<'_>, case: Syntax<'_>) -> bool {
    cx.is_pattern() && !has_statements(case) && case.first().and_then(Syntax::first).is_some_and(|only| only.text() == reserved::DOTS)
}

/// Several labels before the same statements are one case.
fn case(cx: &mut Cx<'_>, groups: &[Syntax<'_>]) {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return };
    if !matches!(kind(*last), K::SwitchBlockStatementGroup | K::SwitchRule) {
        return groups.iter().for_each(|group| statement(cx, *group));
    }
    if is_ellipsis(cx, *last) {
        return cx.leaf(Kind::Ellipsis, Op::None, last.span());
    }
    let labels = groups.iter().flat_map(|group| group.children()).filter(|child| kind(*child) == K::SwitchLabel);
    let end = labels.clone().last().map_or(last.start(), Syntax::end);
    let mut statements = last.children().filter(|child| kind(*child) != K::SwitchLabel);
    cx.node(Kind::Case, (first.start(), last.end()), |cx| {
        let is_alone = labels.clone().nth(1).is_none();
        for label in labels {
            if label.first().is_none() && !is_alone {
                cx.name("default", label.span());
            }
            for pattern in label.children() {
                if kind(pattern) == K::Guard {
                    cx.node(Kind::CompIf, pattern.span(), |cx| cx.slot(pattern.first(), pattern.end(), expression));
                } else {
                    expression(cx, pattern);
                }
            }
        }
        if kind(*last) == K::SwitchRule {
            return body(cx, statements.next(), end);
        }
        let first = statements.clone().next().map_or(last.end(), Syntax::start);
        cx.node(Kind::Block, (first, last.end()), |cx| statements.for_each(|each| statement(cx, each)));
    });
}
