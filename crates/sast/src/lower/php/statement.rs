//! Statements, and the text around `<?php … ?>`.

use super::{K, definition, expression, expression::expression, f, kind, literal};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax},
};

/// The statements below a node. `<?= a ?>` is `echo a`.
pub(super) fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    let mut echoes = false;
    for child in parent.children() {
        match kind(child) {
            K::PhpTag => echoes = child.text() == "<?=",
            K::TextInterpolation => {
                text(cx, child);
                echoes = child.children().any(|tag| kind(tag) == K::PhpTag && tag.text() == "<?=");
            }
            K::ExpressionStatement if echoes => {
                cx.node(Kind::ExprStmt, child.span(), |cx| {
                    word_call(cx, "echo", child, child.first());
                });
                echoes = false;
            }
            _ => {
                statement(cx, child);
                echoes = false;
            }
        }
    }
}

/// Text between `?>` and `<?php`.
fn text(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for child in node.children().filter(|child| kind(*child) == K::Text) {
        cx.word(Kind::XmlText, Op::None, child.text().trim(), child.span());
    }
}

/// A body that need not be a block in the source.
pub(super) fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| {
            if matches!(kind(node), K::CompoundStatement | K::ColonBlock) { statements(cx, node) } else { statement(cx, node) }
        });
    });
}

/// A word of the language that acts as a function: `echo a, b`.
pub(super) fn word_call<'a>(cx: &mut Cx<'_>, word: &str, node: Syntax<'_>, arguments: impl IntoIterator<Item = Syntax<'a>>) {
    let span = node.span();
    let end = span.1 - u32::from(node.text().ends_with(';'));
    let word_end = node.all_children().next().map_or(span.0, |token| if token.is_named() { span.0 } else { token.end() });
    cx.node(Kind::Call, (span.0, end), |cx| {
        cx.name(word, (span.0, word_end));
        cx.node(Kind::Args, (word_end, end), |cx| {
            for argument in arguments {
                if kind(argument) == K::SequenceExpression {
                    expression::sequence(argument).into_iter().for_each(|argument| expression(cx, argument));
                } else {
                    expression(cx, argument);
                }
            }
        });
    });
}

/// Everything may stand for a statement: what is none is an expression.
pub(super) fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => match node.first() {
            Some(only) if kind(only) == K::ThrowExpression => throw(cx, only, span),
            only => {
                cx.node(Kind::ExprStmt, span, |cx| cx.slot(only, span.0, expression));
            }
        },
        K::CompoundStatement | K::ColonBlock => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        K::EmptyStatement | K::PhpTag | K::PhpEndTag => {}
        K::TextInterpolation => text(cx, node),
        K::Text => cx.word(Kind::XmlText, Op::None, node.text().trim(), span),
        K::EchoStatement => {
            cx.node(Kind::ExprStmt, span, |cx| word_call(cx, "echo", node, node.children()));
        }
        K::ExitStatement => {
            cx.node(Kind::ExprStmt, span, |cx| word_call(cx, "exit", node, node.first()));
        }
        K::UnsetStatement => {
            cx.node(Kind::Delete, span, |cx| expression::expressions(cx, node));
        }
        K::DeclareStatement => declare(cx, node),
        K::GlobalDeclaration => cx.other(node.kind_name(), node, expression),
        K::FunctionStaticDeclaration => definition::variables(cx, node, K::StaticVariableDeclaration, Op::None),
        K::ConstDeclaration => definition::variables(cx, node, K::ConstElement, Op::Const),
        K::FunctionDefinition | K::MethodDeclaration => definition::function(cx, node),
        K::ClassDeclaration | K::InterfaceDeclaration | K::TraitDeclaration | K::EnumDeclaration => definition::class(cx, node),
        K::PropertyDeclaration | K::UseDeclaration | K::EnumCase | K::PropertyHook => definition::member(cx, node),
        K::NamespaceDefinition => match node.field(f().body) {
            Some(block) => {
                cx.node(Kind::Namespace, span, |cx| {
                    cx.slot(node.field(f().name), span.0, expression);
                    body(cx, Some(block), span.1);
                });
            }
            None => {
                cx.node(Kind::Package, span, |cx| cx.slot(node.field(f().name), span.1, expression));
            }
        },
        K::NamespaceUseDeclaration => imports(cx, node),
        K::IfStatement => {
            let alternatives: Vec<Syntax<'_>> = node.fields(f().alternative).collect();
            branch(cx, node, &alternatives, span.1);
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
                for field in [f().initialize, f().condition, f().update] {
                    cx.slot(node.field(field), span.0, expression);
                }
                bodies(cx, node);
            });
        }
        K::ForeachStatement => {
            let mut parts = node.children().filter(|child| child.in_field() != f().body && kind(*child) != K::TextInterpolation);
            let (iterated, target) = (parts.next(), parts.next());
            cx.node(Kind::ForEach, span, |cx| {
                cx.slot(target, span.0, expression);
                cx.slot(iterated, span.0, expression);
                bodies(cx, node);
            });
        }
        K::SwitchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                if let Some(block) = node.field(f().body) {
                    block.children().for_each(|case| statement(cx, case));
                }
            });
        }
        K::CaseStatement | K::DefaultStatement => case(cx, node),
        K::TryStatement => try_statement(cx, node),
        K::CatchClause | K::FinallyClause => handler(cx, node),
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::GotoStatement => {
            cx.node(Kind::Goto, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::NamedLabelStatement => {
            cx.node(Kind::Label, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::ElseClause | K::ElseIfClause => branch(cx, node, &[], span.1),
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

fn throw(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    cx.node(Kind::Throw, span, |cx| {
        cx.slot(node.first(), span.1, expression);
        cx.none(span.1);
    });
}

/// `declare(strict_types=1);`, which may have statements of its own.
fn declare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_directive = |child: &Syntax<'_>| kind(*child) == K::DeclareDirective;
    let directives = node.children().filter(is_directive);
    if node.children().any(|child| !is_directive(&child)) {
        cx.node(Kind::With, node.span(), |cx| {
            directives.for_each(|directive| directive_of_declare(cx, directive));
            cx.node(Kind::Block, node.span(), |cx| {
                node.children().filter(|child| !is_directive(child)).for_each(|child| statement(cx, child));
            });
        });
        return;
    }
    cx.node(Kind::ExprStmt, node.span(), |cx| {
        cx.node(Kind::Call, node.span(), |cx| {
            cx.name("declare", (node.start(), node.start() + 7));
            cx.node(Kind::Args, node.span(), |cx| directives.for_each(|directive| directive_of_declare(cx, directive)));
        });
    });
}

fn directive_of_declare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::KwArg, node.span(), |cx| {
        cx.slot(node.all_children().next(), node.start(), Cx::name_of);
        cx.slot(node.first(), node.end(), expression);
    });
}

/// The body of a loop, whose statements stand side by side where it is written with a colon.
fn bodies(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut statements = node.fields(f().body);
    match (statements.next(), statements.next()) {
        (Some(first), Some(_)) => {
            let end = node.fields(f().body).last().map_or(first.end(), Syntax::end);
            cx.node(Kind::Block, (first.start(), end), |cx| node.fields(f().body).for_each(|child| statement(cx, child)));
        }
        (first, _) => body(cx, first, node.end()),
    }
}

/// `if` or `elseif`, with what follows it in the last slot.
fn branch(cx: &mut Cx<'_>, node: Syntax<'_>, rest: &[Syntax<'_>], end: u32) {
    cx.node(Kind::If, (node.start(), end), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        body(cx, node.field(f().body), node.end());
        match rest.split_first() {
            Some((next, rest)) if kind(*next) == K::ElseIfClause => branch(cx, *next, rest, end),
            Some((next, _)) => match next.field(f().body) {
                // `else if` is an `if` in the last slot.
                Some(inner) if kind(inner) == K::IfStatement => statement(cx, inner),
                inner => body(cx, inner, next.end()),
            },
            None => cx.none(end),
        }
    });
}

fn case(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let value = node.field(f().value);
    let from = node.all_children().find(|child| matches!(child.text(), ":" | ";")).map_or(node.end(), Syntax::end);
    cx.node(Kind::Case, node.span(), |cx| {
        if let Some(value) = value {
            expression(cx, value);
        }
        cx.node(Kind::Block, (from, node.end().max(from)), |cx| {
            node.children().filter(|child| child.in_field() != f().value).for_each(|child| statement(cx, child));
        });
    });
}

fn try_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
    cx.node(Kind::Try, span, |cx| {
        body(cx, node.field(f().body), span.0);
        of(K::CatchClause).for_each(|clause| handler(cx, clause));
        cx.none(span.1);
        cx.slot(of(K::FinallyClause).next(), span.1, handler);
    });
}

fn handler(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    if kind(clause) == K::FinallyClause {
        cx.node(Kind::Finally, span, |cx| body(cx, clause.field(f().body), span.1));
        return;
    }
    cx.node(Kind::Catch, span, |cx| {
        cx.slot(clause.field(f().type_), span.0, expression);
        cx.slot(clause.field(f().name), span.0, expression);
        body(cx, clause.field(f().body), span.1);
    });
}

/// `use A\B as C;`, `use A\{B, C};`.
fn imports(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    if let Some(group) = node.field(f().body) {
        cx.node(Kind::ImportFrom, span, |cx| {
            cx.slot(node.children().find(|child| kind(*child) == K::NamespaceName), span.0, expression);
            for clause in group.children() {
                cx.node(Kind::ImportItem, clause.span(), |cx| import_item(cx, clause));
            }
        });
        return;
    }
    for clause in node.children().filter(|child| kind(*child) == K::NamespaceUseClause) {
        let name = clause.children().find(|child| child.in_field() != f().alias);
        let names = name.map(literal::names).unwrap_or_default();
        // How `...` is written in patterns.
        if let [only] = names.as_slice()
            && cx.is_pattern()
            && literal::is_dots(*only)
        {
            cx.name(only.text(), span);
            continue;
        }
        match names.as_slice() {
            [module @ .., last] if !module.is_empty() => {
                cx.node(Kind::ImportFrom, span, |cx| {
                    cx.row(Kind::Dot, Op::Dot, module, span.0, literal::name);
                    cx.node(Kind::ImportItem, clause.span(), |cx| {
                        literal::name(cx, *last);
                        cx.slot(clause.field(f().alias), clause.end(), expression);
                    });
                });
            }
            _ => {
                cx.node(Kind::Import, span, |cx| import_item(cx, clause));
            }
        }
    }
}

fn import_item(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    cx.slot(clause.children().find(|child| child.in_field() != f().alias), clause.start(), expression);
    cx.slot(clause.field(f().alias), clause.end(), expression);
}
