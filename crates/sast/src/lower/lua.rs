//! Lua.
//!
//! Names and values that are assigned together are assigned one by one. `a:b()` is a call of `a.b`. A table with names is a map,
//! one without a list.

use bartizan_syntax::Grammar;

use super::{
    Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    context::reserved,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "lua",
    aliases: &[],
    grammar: Grammar::Lua,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "return (", after: ")\n", what: FrameKind::Expression },
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            // A header without its body.
            Frame { before: "", after: " goto DOTS__ end\n", what: FrameKind::Part },
            Frame { before: "", after: " do goto DOTS__ end\n", what: FrameKind::Part },
            Frame { before: "", after: " then goto DOTS__ end\n", what: FrameKind::Part },
            Frame { before: "dots = {", after: "}\n", what: FrameKind::Part },
            Frame { before: "dots(", after: ")\n", what: FrameKind::Part },
            Frame { before: "if dots then goto DOTS__ ", after: " end\n", what: FrameKind::Part },
        ],
        // A statement is no name, but the mark that one goes to is.
        metavariable: &["{}", "goto {};"],
        ellipsis: &["DOTS__", "goto DOTS__;", "DOTS__ = DOTS__"],
        usual: &[],
        typed: "",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: false },
    features: &[],
};

vocabulary! {
    grammar Lua;
    kinds {
        Arguments = "arguments",
        AssignmentStatement = "assignment_statement",
        Attribute = "attribute",
        BinaryExpression = "binary_expression",
        Block = "block",
        BracketIndexExpression = "bracket_index_expression",
        BreakStatement = "break_statement",
        DoStatement = "do_statement",
        DotIndexExpression = "dot_index_expression",
        ElseStatement = "else_statement",
        ElseifStatement = "elseif_statement",
        EmptyStatement = "empty_statement",
        ExpressionList = "expression_list",
        False = "false",
        Field = "field",
        ForGenericClause = "for_generic_clause",
        ForNumericClause = "for_numeric_clause",
        ForStatement = "for_statement",
        FunctionCall = "function_call",
        FunctionDeclaration = "function_declaration",
        FunctionDefinition = "function_definition",
        GotoStatement = "goto_statement",
        HashBangLine = "hash_bang_line",
        Identifier = "identifier",
        IfStatement = "if_statement",
        LabelStatement = "label_statement",
        MethodIndexExpression = "method_index_expression",
        Nil = "nil",
        Number = "number",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        RepeatStatement = "repeat_statement",
        ReturnStatement = "return_statement",
        String = "string",
        TableConstructor = "table_constructor",
        True = "true",
        UnaryExpression = "unary_expression",
        VarargExpression = "vararg_expression",
        VariableDeclaration = "variable_declaration",
        VariableList = "variable_list",
        WhileStatement = "while_statement",
    }
    fields {
        alternative = "alternative",
        arguments = "arguments",
        body = "body",
        clause = "clause",
        condition = "condition",
        consequence = "consequence",
        content = "content",
        end = "end",
        field = "field",
        left = "left",
        method = "method",
        name = "name",
        operand = "operand",
        operator = "operator",
        parameters = "parameters",
        right = "right",
        start = "start",
        step = "step",
        table = "table",
        value = "value",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    parent.children().for_each(|child| statement(cx, child));
}

/// A body; one that has nothing in it is not there in the grammar.
fn body(cx: &mut Cx<'_>, block: Option<Syntax<'_>>, at: u32) {
    match block {
        Some(block) => {
            cx.node(Kind::Block, block.span(), |cx| statements(cx, block));
        }
        None => cx.empty(Kind::Block, at),
    }
}

fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::VariableDeclaration => declare(cx, node),
        K::AssignmentStatement => assign(cx, node),
        K::FunctionDeclaration => function(cx, node),
        K::FunctionCall => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
        K::IfStatement => {
            let alternatives: Vec<Syntax<'_>> = node.fields(f().alternative).collect();
            branch(cx, node, &alternatives);
        }
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::RepeatStatement => {
            let condition = node.field(f().condition);
            cx.node(Kind::DoWhile, span, |cx| {
                body(cx, node.field(f().body), span.0);
                cx.node_op(Kind::Unary, Op::Not, condition.map_or((span.1, span.1), Syntax::span), |cx| {
                    cx.slot(condition, span.1, expression);
                });
            });
        }
        K::ForStatement => for_loop(cx, node),
        K::DoStatement => {
            cx.node(Kind::Block, span, |cx| node.field(f().body).into_iter().for_each(|block| statements(cx, block)));
        }
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, several));
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::GotoStatement => goto(cx, node),
        K::LabelStatement => {
            cx.node(Kind::Label, span, |cx| {
                cx.slot(node.first(), span.1, expression);
                cx.none(span.1);
            });
        }
        K::EmptyStatement | K::HashBangLine => {}
        _ if node.is_error() => cx.opaque(node),
        _ => {
            cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
        }
    }
}

/// `goto a`; in a pattern also what stands for statements.
fn goto(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let label = node.first();
    let is_hole = |text: &str| [reserved::DOTS, reserved::METAVAR, reserved::MANY].iter().any(|hole| text.starts_with(hole));
    if let Some(hole) = label.filter(|label| cx.is_pattern() && is_hole(label.text())) {
        cx.node(Kind::ExprStmt, node.span(), |cx| expression(cx, hole));
        return;
    }
    cx.node(Kind::Goto, node.span(), |cx| cx.slot(label, node.end(), expression));
}

/// `if`, with each `elseif` in the last slot of what is before it.
fn branch(cx: &mut Cx<'_>, node: Syntax<'_>, alternatives: &[Syntax<'_>]) {
    let end = alternatives.last().map_or(node.end(), |last| last.end()).max(node.end());
    cx.node(Kind::If, (node.start(), end), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        body(cx, node.field(f().consequence), node.end());
        match alternatives.split_first() {
            Some((next, rest)) if kind(*next) == K::ElseifStatement => branch(cx, *next, rest),
            Some((next, _)) => body(cx, next.field(f().body), next.end()),
            None => cx.none(node.end()),
        }
    });
}

fn for_loop(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let Some(clause) = node.field(f().clause) else { return cx.opaque(node) };
    cx.node(Kind::ForEach, span, |cx| {
        if kind(clause) == K::ForNumericClause {
            cx.slot(clause.field(f().name), span.0, expression);
            let bounds = (clause.field(f().start), clause.field(f().end));
            let range = (bounds.0.map_or(clause.start(), Syntax::start), clause.end());
            cx.node_op(Kind::Binary, Op::Range, range, |cx| {
                cx.slot(bounds.0, clause.start(), expression);
                cx.slot(bounds.1, clause.end(), expression);
                clause.field(f().step).into_iter().for_each(|step| expression(cx, step));
            });
        } else {
            cx.slot(of(clause, K::VariableList), span.0, several);
            cx.slot(of(clause, K::ExpressionList), span.0, several);
        }
        body(cx, node.field(f().body), span.1);
    });
}

/// What is one or more: more are a tuple.
fn several(cx: &mut Cx<'_>, list: Syntax<'_>) {
    let mut all = list.children().filter(|child| kind(*child) != K::Attribute);
    match (all.next(), all.next()) {
        (Some(only), None) => expression(cx, only),
        _ => {
            cx.node(Kind::Tuple, list.span(), |cx| {
                list.children().filter(|child| kind(*child) != K::Attribute).for_each(|one| expression(cx, one));
            });
        }
    }
}

/// Names with what each of them gets, if they can be told apart.
fn pairs<'a>(names: &[Syntax<'a>], values: &[Syntax<'a>]) -> Option<Vec<(Syntax<'a>, Option<Syntax<'a>>)>> {
    // A call may have several values.
    let is_open = values.last().is_some_and(|last| matches!(kind(*last), K::FunctionCall | K::VarargExpression));
    if is_open && values.len() < names.len() {
        return None;
    }
    Some(names.iter().enumerate().map(|(at, name)| (*name, values.get(at).copied())).collect())
}

fn names_and_values(node: Syntax<'_>) -> (Vec<Syntax<'_>>, Vec<Syntax<'_>>) {
    let all = |wanted: K| of(node, wanted).into_iter().flat_map(Syntax::children).filter(|child| kind(*child) != K::Attribute);
    (all(K::VariableList).collect(), all(K::ExpressionList).collect())
}

/// `local a, b = 1, 2`
fn declare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (names, values) = names_and_values(of(node, K::AssignmentStatement).unwrap_or(node));
    let list = of(of(node, K::AssignmentStatement).unwrap_or(node), K::VariableList);
    let attribute = list.and_then(|list| of(list, K::Attribute));
    let definition = |cx: &mut Cx<'_>, span: (u32, u32), build: &mut dyn FnMut(&mut Cx<'_>)| {
        cx.node_op(Kind::VarDef, Op::Let, span, |cx| {
            cx.node(Kind::Attrs, (span.0, span.0), |cx| {
                if let Some(word) = attribute.and_then(Syntax::first) {
                    cx.word(Kind::Modifier, Op::None, word.text(), word.span());
                }
            });
            build(cx);
        });
    };
    let Some(pairs) = pairs(&names, &values) else {
        return definition(cx, node.span(), &mut |cx| {
            cx.slot(list, node.start(), several);
            cx.none(node.start());
            cx.slot(values.first().copied(), node.end(), expression);
        });
    };
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        let span = if at == 0 { node.span() } else { (name.start(), value.map_or(name.end(), Syntax::end)) };
        definition(cx, span, &mut |cx| {
            expression(cx, name);
            cx.none(span.0);
            cx.slot(value, span.1, expression);
        });
    }
}

/// `a, b = 1, 2`
fn assign(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (names, values) = names_and_values(node);
    let Some(pairs) = pairs(&names, &values) else {
        cx.node(Kind::ExprStmt, node.span(), |cx| {
            cx.node(Kind::Assign, node.span(), |cx| {
                cx.slot(of(node, K::VariableList), node.start(), several);
                cx.slot(of(node, K::ExpressionList), node.end(), several);
            });
        });
        return;
    };
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        let Some(value) = value else { continue };
        let span = if at == 0 { node.span() } else { (name.start(), value.end()) };
        cx.node(Kind::ExprStmt, span, |cx| {
            cx.node(Kind::Assign, span, |cx| {
                expression(cx, name);
                expression(cx, value);
            });
        });
    }
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::FuncDef, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |cx| {
            if node.has_token("local") {
                cx.word(Kind::Modifier, Op::None, "local", (span.0, span.0 + 5));
            }
        });
        cx.slot(node.field(f().name), span.0, expression);
        parameters(cx, node);
        cx.none(span.0);
        body(cx, node.field(f().body), span.1);
    });
}

fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let list = node.field(f().parameters);
    cx.node(Kind::Params, list.map_or((node.start(), node.start()), Syntax::span), |cx| {
        for one in list.into_iter().flat_map(Syntax::children) {
            let is_rest = kind(one) == K::VarargExpression;
            cx.node_op(Kind::Param, if is_rest { Op::Splat } else { Op::None }, one.span(), |cx| {
                cx.empty(Kind::Attrs, one.start());
                expression(cx, one);
                cx.none(one.end());
                cx.none(one.end());
            });
        }
    });
}

fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while kind(node) == K::ParenthesizedExpression {
        let Some(inner) = node.first() else { return cx.opaque(node) };
        node = inner;
    }
    cx.deeper(node.span(), |cx| bare(cx, node));
}

fn bare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Identifier | K::VarargExpression => cx.name_of(node),
        K::Number => {
            let text = node.text();
            let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
            let is_float = text.contains(['.', if is_hexadecimal { 'p' } else { 'e' }, if is_hexadecimal { 'P' } else { 'E' }]);
            number::lower(cx, node, if is_float { Op::Float } else { Op::Int }, NumberSyntax::C);
        }
        K::String => cx.string(node.field(f().content).map_or("", Syntax::text), span),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Nil => cx.word(Kind::Null, Op::None, "nil", span),
        K::FunctionCall => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().arguments), span.1, |cx, arguments| {
                    cx.node(Kind::Args, arguments.span(), |cx| arguments.children().for_each(|one| expression(cx, one)));
                });
            });
        }
        K::DotIndexExpression | K::MethodIndexExpression => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().table), span.0, expression);
                cx.slot(node.field(f().field).or_else(|| node.field(f().method)), span.1, expression);
            });
        }
        K::BracketIndexExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().table), span.0, expression);
                cx.slot(node.field(f().field), span.1, expression);
            });
        }
        K::FunctionDefinition => {
            cx.node(Kind::Lambda, span, |cx| {
                parameters(cx, node);
                cx.none(span.0);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::TableConstructor => {
            let has_names = node.children().any(|field| field.field(f().name).is_some());
            let is_list = !has_names && node.first().is_some();
            cx.node(if is_list { Kind::List } else { Kind::Dict }, span, |cx| node.children().for_each(|field| entry(cx, field)));
        }
        K::BinaryExpression => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::UnaryExpression => {
            let op = match node.field(f().operator).map_or("", Syntax::text) {
                "not" => Op::Not,
                "-" => Op::Sub,
                "~" => Op::BitNot,
                // How long it is.
                _ => Op::Word,
            };
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().operand), span.1, expression));
        }
        K::Field => entry(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// `a`, `a = b`, `[a] = b`
fn entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (key, value) = (node.field(f().name), node.field(f().value));
    let Some(key) = key else { return cx.slot(value, node.start(), expression) };
    cx.node(Kind::KeyValue, node.span(), |cx| {
        // A name without brackets is a string.
        if kind(key) == K::Identifier && !node.has_token("[") && !key.text().contains("__") {
            cx.string(key.text(), key.span());
        } else {
            expression(cx, key);
        }
        cx.slot(value, node.end(), expression);
    });
}

fn binary(token: &str) -> Op {
    match token {
        "//" => Op::FloorDiv,
        "^" => Op::Pow,
        ".." => Op::Concat,
        "~" => Op::BitXor,
        "and" => Op::And,
        "or" => Op::Or,
        "~=" => Op::NotEq,
        _ => operator::binary(token),
    }
}

#[cfg(test)]
mod tests;
