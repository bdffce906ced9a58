//! Bash and other POSIX shells.
//!
//! A command is a call without a callee: all of its words are arguments, the first of them its name. So `...` may stand for
//! words before a name. Before them stand, as attributes, redirections and variables set for one command. Words are strings,
//! `$x` is a dereferenced name, and what `|`, `&&` or `||` connects are the two arguments of a call of that.

mod command;
mod word;

use bartizan_syntax::{Grammar, ParseError, Tree};

use super::{Cst, Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax, vocabulary::vocabulary};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "bash",
    aliases: &["sh"],
    grammar: Grammar::Bash,
    lower: Lowering::Text(read),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            Frame { before: "case x in ", after: "\nesac\n", what: FrameKind::Part },
            Frame { before: "[[ ", after: " ]]\n", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__) DOTS__ ;;"],
        usual: &[],
        typed: "{var}",
        dollar_is_name: true,
    },
    names: NameRules { scope: Scope::Function, assignment_declares: true },
    features: &[Feature::WordsOfParts],
};

vocabulary! {
    grammar Bash;
    kinds {
        AnsiCString = "ansi_c_string",
        ArithmeticExpansion = "arithmetic_expansion",
        Array = "array",
        BinaryExpression = "binary_expression",
        BraceExpression = "brace_expression",
        CStyleForStatement = "c_style_for_statement",
        CaseItem = "case_item",
        CaseStatement = "case_statement",
        Command = "command",
        CommandName = "command_name",
        CommandSubstitution = "command_substitution",
        CompoundStatement = "compound_statement",
        Concatenation = "concatenation",
        DeclarationCommand = "declaration_command",
        DoGroup = "do_group",
        ElifClause = "elif_clause",
        ElseClause = "else_clause",
        Expansion = "expansion",
        ExtglobPattern = "extglob_pattern",
        FileDescriptor = "file_descriptor",
        FileRedirect = "file_redirect",
        ForStatement = "for_statement",
        FunctionDefinition = "function_definition",
        HeredocBody = "heredoc_body",
        HeredocContent = "heredoc_content",
        HeredocEnd = "heredoc_end",
        HeredocRedirect = "heredoc_redirect",
        HeredocStart = "heredoc_start",
        HerestringRedirect = "herestring_redirect",
        IfStatement = "if_statement",
        List = "list",
        NegatedCommand = "negated_command",
        Number = "number",
        ParenthesizedExpression = "parenthesized_expression",
        Pipeline = "pipeline",
        PostfixExpression = "postfix_expression",
        ProcessSubstitution = "process_substitution",
        Program = "program",
        RawString = "raw_string",
        RedirectedStatement = "redirected_statement",
        Regex = "regex",
        SimpleExpansion = "simple_expansion",
        SpecialVariableName = "special_variable_name",
        String = "string",
        StringContent = "string_content",
        Subscript = "subscript",
        Subshell = "subshell",
        TernaryExpression = "ternary_expression",
        TestCommand = "test_command",
        TestOperator = "test_operator",
        TranslatedString = "translated_string",
        UnaryExpression = "unary_expression",
        UnsetCommand = "unset_command",
        VariableAssignment = "variable_assignment",
        VariableAssignments = "variable_assignments",
        VariableName = "variable_name",
        WhileStatement = "while_statement",
        Word = "word",
    }
    fields {
        alternative = "alternative",
        argument = "argument",
        body = "body",
        condition = "condition",
        consequence = "consequence",
        descriptor = "descriptor",
        destination = "destination",
        index = "index",
        initializer = "initializer",
        left = "left",
        name = "name",
        operator = "operator",
        redirect = "redirect",
        right = "right",
        update = "update",
        value = "value",
        variable = "variable",
    }
}

/// How `<... e ...>` begins in a pattern, and what the grammar reads instead, of the same length: a command within a word.
const DEEP: &str = "DEEP__(";
const DEEP_COMMAND: &str = "$(DE__ ";

fn read(cx: &mut Cx<'_>, text: &str) {
    let spelled = if cx.is_pattern() { text.replace(DEEP, DEEP_COMMAND) } else { String::new() };
    match parse(if cx.is_pattern() { &spelled } else { text }) {
        Ok(tree) => file(cx, Cst::new(text, &tree, Grammar::Bash).root()),
        Err(_) => {
            let span = (0, u32::try_from(text.len()).unwrap_or(u32::MAX));
            cx.node(Kind::Root, span, |cx| cx.unread(span));
        }
    }
}

/// Parses a script. Comments on lines of their own are blank for the grammar, which otherwise takes two commands for one where a
/// comment is between them.
pub(super) fn parse(text: &str) -> Result<Tree, ParseError> {
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    if !text.lines().any(is_comment) {
        return bartizan_syntax::parse(Grammar::Bash, text);
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if is_comment(line) {
            let content = line.trim_end_matches(['\n', '\r']);
            plain.extend(std::iter::repeat_n(' ', content.len()));
            plain.push_str(line.get(content.len()..).unwrap_or_default());
        } else {
            plain.push_str(line);
        }
    }
    let tree = bartizan_syntax::parse(Grammar::Bash, &plain)?;
    // It may have been no comment: a line of a string, or of a heredoc that ends with it.
    if tree.root_node().has_error() { bartizan_syntax::parse(Grammar::Bash, text) } else { Ok(tree) }
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| command::statements(cx, root));
}

/// Lowers a script within another language to one expression: its command, or a call of `;` with all of them.
pub(super) fn embedded(cx: &mut Cx<'_>, root: Syntax<'_>) {
    let mut commands = root.children();
    match (commands.next(), commands.next()) {
        (None, _) => cx.none(root.start()),
        (Some(only), None) => command::command(cx, only),
        _ => command::connected(cx, ";", None, &root.children().collect::<Vec<_>>(), &[]),
    }
}

/// Lowers the statements of a script within another language.
pub(super) fn statements(cx: &mut Cx<'_>, root: Syntax<'_>) {
    command::statements(cx, root);
}

#[cfg(test)]
mod tests;
