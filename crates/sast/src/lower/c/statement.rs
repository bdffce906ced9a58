//! Statements.

use super::{
    Cx, K, Kind, Op, Syntax,
    class::class,
    declaration::{self, alias, declaration, function_definition, import, namespace},
    expression::expression,
    f, kind, preprocessor, reserved,
};

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
        cx.node(Kind::Block, node.span(), |cx| if kind(node) == K::CompoundStatement { statements(cx, node) } else { statement(cx, node) });
    });
}

/// Everything may stand for a statement, members of classes too: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => expression_statement(cx, node),
        K::AttributedStatement | K::InitStatement => {
            node.children().filter(|child| kind(*child) != K::AttributeDeclaration).for_each(|child| statement(cx, child));
        }
        K::CompoundStatement | K::DeclarationList => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::IfStatement => initialized(cx, node, |cx, node| {
            cx.node(Kind::If, span, |cx| {
                cx.slot(node.field(f(node).condition), span.0, expression);
                body(cx, node.field(f(node).consequence), span.1);
                let next = node.field(f(node).alternative).map(|next| if kind(next) == K::ElseClause { next.first() } else { Some(next) });
                match next.flatten() {
                    Some(next) if kind(next) == K::IfStatement => statement(cx, next),
                    other => body(cx, other, span.1),
                }
            });
        }),
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f(node).condition), span.0, expression);
                body(cx, node.field(f(node).body), span.1);
            });
        }
        K::DoStatement => {
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f(node).body), span.0);
                cx.slot(node.field(f(node).condition), span.1, expression);
            });
        }
        K::ForStatement => {
            cx.node(Kind::For, span, |cx| {
                cx.slot(node.field(f(node).initializer), span.0, |cx, start| {
                    if start.fields(f(start).declarator).nth(1).is_some() {
                        cx.node(Kind::Tuple, start.span(), |cx| declaration(cx, start, start.span(), None));
                    } else {
                        expression(cx, start);
                    }
                });
                cx.slot(node.field(f(node).condition), span.0, expression);
                cx.slot(node.field(f(node).update), span.0, expression);
                body(cx, node.field(f(node).body), span.1);
            });
        }
        K::ForRangeLoop => {
            let range = |cx: &mut Cx<'_>| {
                cx.node(Kind::ForEach, span, |cx| {
                    declaration::range_variable(cx, node);
                    cx.slot(node.field(f(node).right), span.1, expression);
                    body(cx, node.field(f(node).body), span.1);
                });
            };
            match node.field(f(node).initializer) {
                Some(initializer) => {
                    cx.node(Kind::Block, span, |cx| {
                        statement(cx, initializer);
                        range(cx);
                    });
                }
                None => range(cx),
            }
        }
        K::SwitchStatement => initialized(cx, node, switch),
        // A part of a pattern, or of broken code.
        K::CaseStatement => case(cx, &[node]),
        K::TryStatement | K::SehTryStatement => try_statement(cx, node),
        K::CatchClause => catch_clause(cx, node),
        K::ReturnStatement | K::CoReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::CoYieldStatement => {
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
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        K::GotoStatement => {
            cx.node(Kind::Goto, span, |cx| cx.slot(node.field(f(node).label), span.1, expression));
        }
        K::LabeledStatement => {
            cx.node(Kind::Label, span, |cx| {
                cx.slot(node.field(f(node).label), span.0, expression);
                match node.children().nth(1) {
                    Some(labeled) => statement(cx, labeled),
                    None => cx.none(span.1),
                }
            });
        }
        K::StaticAssertDeclaration => {
            cx.node(Kind::Assert, span, |cx| {
                cx.slot(node.field(f(node).condition), span.1, expression);
                cx.slot(node.field(f(node).message), span.1, expression);
            });
        }
        K::FunctionDefinition => function_definition(cx, node, span, None),
        K::Declaration | K::FieldDeclaration => declaration(cx, node, span, None),
        K::TypeDefinition | K::AliasDeclaration => alias(cx, node, span, None),
        K::StructSpecifier | K::UnionSpecifier | K::ClassSpecifier | K::EnumSpecifier => class(cx, node, span, None),
        K::Enumerator => declaration::enumerator(cx, node),
        K::TemplateDeclaration => declaration::template(cx, node),
        K::FriendDeclaration => cx.other("friend", node, statement),
        K::NamespaceDefinition | K::LinkageSpecification => namespace(cx, node),
        K::UsingDeclaration | K::NamespaceAliasDefinition => import(cx, node),
        K::AccessSpecifier => cx.word(Kind::Modifier, Op::None, node.text().trim_end_matches(':').trim_end(), span),
        K::PreprocInclude
        | K::PreprocDef
        | K::PreprocFunctionDef
        | K::PreprocCall
        | K::PreprocIf
        | K::PreprocIfdef
        | K::PreprocElif
        | K::PreprocElifdef
        | K::PreprocElse => preprocessor::directive(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

fn expression_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let Some(inner) = node.first() else { return };
    if kind(inner) == K::DeleteExpression {
        cx.node(Kind::Delete, node.span(), |cx| inner.children().for_each(|value| expression(cx, value)));
        return;
    }
    cx.node(Kind::ExprStmt, node.span(), |cx| expression(cx, inner));
}

/// What is declared before a condition is known in a block around the statement.
fn initialized(cx: &mut Cx<'_>, node: Syntax<'_>, lower: impl FnOnce(&mut Cx<'_>, Syntax<'_>)) {
    let condition = node.field(f(node).condition);
    match condition.and_then(|condition| condition.field(f(condition).initializer)) {
        Some(initializer) => {
            cx.node(Kind::Block, node.span(), |cx| {
                statement(cx, initializer);
                lower(cx, node);
            });
        }
        None => lower(cx, node),
    }
}

fn try_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Try, span, |cx| {
        body(cx, node.field(f(node).body), span.0);
        for clause in node.children() {
            match kind(clause) {
                K::CatchClause => catch_clause(cx, clause),
                K::SehExceptClause => {
                    cx.node(Kind::Catch, clause.span(), |cx| {
                        cx.slot(clause.field(f(clause).filter), clause.start(), expression);
                        cx.none(clause.start());
                        body(cx, clause.field(f(clause).body), clause.end());
                    });
                }
                _ => {}
            }
        }
        cx.none(span.1);
        cx.slot(node.children().find(|child| kind(*child) == K::SehFinallyClause), span.1, |cx, clause| {
            cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.field(f(clause).body), clause.end()));
        });
    });
}

/// `catch (...)` catches everything.
fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        let parameter = clause.field(f(clause).parameters).and_then(Syntax::first);
        match parameter {
            Some(parameter) if !parameter.is_error() => declaration::caught(cx, parameter),
            _ => {
                cx.none(span.0);
                cx.none(span.0);
            }
        }
        body(cx, clause.field(f(clause).body), span.1);
    });
}

fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Switch, span, |cx| {
        cx.slot(node.field(f(node).condition), span.0, expression);
        let mut cases = Vec::new();
        for child in node.field(f(node).body).iter().flat_map(|body| body.children()) {
            cases.push(child);
            // Statements end a case; one without them goes on in the next.
            if kind(child) != K::CaseStatement || case_statements(child).next().is_some() || is_ellipsis(cx, child) {
                case(cx, &cases);
                cases.clear();
            }
        }
        case(cx, &cases);
    });
}

fn case_statements(case: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> {
    case.children().filter(move |child| child.in_field() != f(case).value)
}

/// `...` among the cases of a pattern.
fn is_ellipsis(cx: &Cx<'_>, case: Syntax<'_>) -> bool {
    let value = case.field(f(case).value);
    cx.is_pattern() && case_statements(case).next().is_none() && value.is_some_and(|value| value.text() == reserved::DOTS)
}

/// Several labels before the same statements are one case.
fn case(cx: &mut Cx<'_>, labels: &[Syntax<'_>]) {
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return };
    if kind(*last) != K::CaseStatement {
        for label in labels {
            if kind(*label) == K::CaseStatement { case(cx, &[*label]) } else { statement(cx, *label) }
        }
        return;
    }
    if is_ellipsis(cx, *last) {
        return cx.leaf(Kind::Ellipsis, Op::None, last.span());
    }
    cx.node(Kind::Case, (first.start(), last.end()), |cx| {
        for label in labels {
            match label.field(f(*label).value) {
                Some(value) => expression(cx, value),
                None if labels.len() != 1 => cx.name("default", label.span()),
                None => {}
            }
        }
        let start = case_statements(*last).next().map_or(last.end(), Syntax::start);
        cx.node(Kind::Block, (start, last.end()), |cx| case_statements(*last).for_each(|child| statement(cx, child)));
    });
}
