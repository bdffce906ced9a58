//! Statements.

use super::{
    Cx, K, Kind, Op, Syntax,
    definition::{self, variables},
    expression::expression,
    f, kind, matching, parts, reserved,
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
        cx.node(Kind::Block, node.span(), |cx| if kind(node) == K::Block { statements(cx, node) } else { statement(cx, node) });
    });
}

/// Everything may stand for a statement, members of classes too: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::EmptyStatement | K::ShebangDirective => {}
        K::GlobalStatement => statements(cx, node),
        K::PreprocIf | K::PreprocElif | K::PreprocElse => conditional(cx, node, statement),
        K::ExpressionStatement => {
            cx.node(Kind::ExprStmt, span, |cx| cx.slot(parts(node).next(), span.0, expression));
        }
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::LocalDeclarationStatement => variables(cx, node, span),
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
                several(cx, node, f().initializer);
                cx.slot(node.field(f().condition), span.0, expression);
                several(cx, node, f().update);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::ForeachStatement => {
            cx.node(Kind::ForEach, span, |cx| {
                let (type_, left) = (node.field(f().type_), node.field(f().left));
                match (type_, left) {
                    (Some(type_), Some(left)) => definition::binding(cx, left, Some(type_), (type_.start(), left.end())),
                    _ => cx.slot(left, span.0, expression),
                }
                cx.slot(node.field(f().right), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::UsingStatement | K::FixedStatement => {
            let block = node.children().last();
            cx.node(Kind::With, span, |cx| {
                for item in parts(node).filter(|item| Some(item.span()) != block.map(Syntax::span)) {
                    if kind(item) == K::VariableDeclaration { variables(cx, item, item.span()) } else { expression(cx, item) }
                }
                body(cx, block, span.1);
            });
        }
        K::LockStatement | K::UnsafeStatement | K::CheckedStatement => {
            let last = node.children().last().map(Syntax::span);
            cx.node_with(Kind::Other, Op::None, node.kind_name(), span, |cx| {
                for part in parts(node) {
                    if Some(part.span()) == last { body(cx, Some(part), span.1) } else { expression(cx, part) }
                }
            });
        }
        K::TryStatement => {
            let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
            cx.node(Kind::Try, span, |cx| {
                body(cx, node.field(f().body), span.0);
                of(K::CatchClause).for_each(|clause| catch_clause(cx, clause));
                cx.none(span.1);
                cx.slot(of(K::FinallyClause).next(), span.1, |cx, clause| {
                    cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.first(), clause.end()));
                });
            });
        }
        // A part of a pattern.
        K::CatchClause => catch_clause(cx, node),
        K::SwitchStatement => switch(cx, node),
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(parts(node).next(), span.1, expression));
        }
        K::YieldStatement if node.has_token("break") => {
            cx.node(Kind::Return, span, |cx| cx.none(span.1));
        }
        K::YieldStatement => {
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node(Kind::Yield, span, |cx| cx.slot(parts(node).next(), span.1, expression));
            });
        }
        K::ThrowStatement => {
            cx.node(Kind::Throw, span, |cx| {
                cx.slot(parts(node).next(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        // What stands for a statement in a pattern.
        K::GotoStatement if cx.is_pattern() && node.has_token("case") => {
            cx.node(Kind::ExprStmt, span, |cx| cx.slot(node.first(), span.0, expression));
        }
        K::GotoStatement => {
            cx.node(Kind::Goto, span, |cx| match parts(node).next() {
                Some(target) => expression(cx, target),
                None => cx.name("default", span),
            });
        }
        K::LabeledStatement => {
            let mut children = node.children();
            cx.node(Kind::Label, span, |cx| {
                cx.slot(children.next(), span.0, expression);
                cx.slot(children.next(), span.1, statement);
            });
        }
        K::UsingDirective
        | K::NamespaceDeclaration
        | K::FileScopedNamespaceDeclaration
        | K::ClassDeclaration
        | K::StructDeclaration
        | K::InterfaceDeclaration
        | K::RecordDeclaration
        | K::EnumDeclaration
        | K::EnumMemberDeclaration
        | K::DelegateDeclaration
        | K::FieldDeclaration
        | K::EventFieldDeclaration
        | K::MethodDeclaration
        | K::LocalFunctionStatement
        | K::ConstructorDeclaration
        | K::DestructorDeclaration
        | K::OperatorDeclaration
        | K::ConversionOperatorDeclaration
        | K::PropertyDeclaration
        | K::EventDeclaration
        | K::IndexerDeclaration => definition::definition(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// What stands in any branch of `#if`, as if there were no `#if`; however deep they nest.
pub(super) fn conditional(cx: &mut Cx<'_>, node: Syntax<'_>, mut lower: impl FnMut(&mut Cx<'_>, Syntax<'_>)) {
    let mut todo: Vec<Syntax<'_>> = vec![node];
    while let Some(next) = todo.pop() {
        match kind(next) {
            K::PreprocIf | K::PreprocElif | K::PreprocElse => {
                let n = todo.len();
                todo.extend(next.children().filter(|child| child.in_field() != f().condition));
                todo.get_mut(n..).unwrap_or_default().reverse();
            }
            _ => lower(cx, next),
        }
    }
}

/// A slot for what may be several: they are a tuple.
fn several(cx: &mut Cx<'_>, node: Syntax<'_>, field: u16) {
    let mut all = node.fields(field);
    match (all.next(), all.clone().last()) {
        (Some(only), None) if kind(only) == K::VariableDeclaration => {
            if only.children().filter(|child| kind(*child) == K::VariableDeclarator).nth(1).is_some() {
                cx.node(Kind::Tuple, only.span(), |cx| variables(cx, only, only.span()));
            } else {
                variables(cx, only, only.span());
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

/// A filter follows the body.
fn catch_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    let of = |wanted: K| clause.children().find(move |child| kind(*child) == wanted);
    cx.node(Kind::Catch, span, |cx| {
        let declaration = of(K::CatchDeclaration);
        cx.slot(declaration.and_then(|declaration| declaration.field(f().type_)), span.0, expression);
        cx.slot(declaration.and_then(|declaration| declaration.field(f().name)), span.0, expression);
        body(cx, clause.field(f().body), span.1);
        if let Some(filter) = of(K::CatchFilterClause) {
            cx.node(Kind::CompIf, filter.span(), |cx| cx.slot(parts(filter).next(), filter.end(), expression));
        }
    });
}

fn switch(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Switch, span, |cx| {
        cx.slot(node.field(f().value), span.0, expression);
        let mut sections = Vec::new();
        for section in node.field(f().body).iter().flat_map(|body| body.children()) {
            sections.push(section);
            // Statements end a case; one without them goes on in the next.
            if first_statement(section).is_some() || kind(section) != K::SwitchSection || is_ellipsis(cx, section) {
                case(cx, &sections);
                sections.clear();
            }
        }
        case(cx, &sections);
    });
}

/// The statements of a section stand behind its colon.
fn first_statement(section: Syntax<'_>) -> Option<Syntax<'_>> {
    section.all_children().skip_while(|child| child.text() != ":").find(|child| child.is_named())
}

/// `...` among the cases of a pattern.
fn is_ellipsis(cx: &Cx<'_>, section: Syntax<'_>) -> bool {
    cx.is_pattern() && first_statement(section).is_none() && section.first().is_some_and(|only| only.text() == reserved::DOTS)
}

/// Several labels before the same statements are one case.
fn case(cx: &mut Cx<'_>, sections: &[Syntax<'_>]) {
    let (Some(first), Some(last)) = (sections.first(), sections.last()) else { return };
    if kind(*last) != K::SwitchSection {
        return sections.iter().for_each(|section| statement(cx, *section));
    }
    if is_ellipsis(cx, *last) {
        return cx.leaf(Kind::Ellipsis, Op::None, last.span());
    }
    cx.node(Kind::Case, (first.start(), last.end()), |cx| {
        for section in sections {
            if section.has_token("default") && sections.len() != 1 {
                cx.name("default", section.span());
            }
            let label = section.all_children().take_while(|child| child.text() != ":");
            label.filter(|child| child.is_named()).for_each(|pattern| matching::pattern(cx, pattern));
        }
        let start = first_statement(*last).map_or(last.end(), Syntax::start);
        cx.node(Kind::Block, (start, last.end()), |cx| {
            let statements = last.children().filter(|child| start <= child.start() && child.start() < last.end());
            statements.for_each(|child| statement(cx, child));
        });
    });
}
