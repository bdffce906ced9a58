//! Elixir.
//!
//! The grammar knows calls only; what is a definition, a branch or a loop is told by the name that is called. A module is a class,
//! each clause of a function a function; those behind the first say so. `a |> f(b)` is `f(a, b)`, and `[a | b]` the operator `|`.

mod call;
mod definition;
mod expression;
mod form;

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax, context::reserved, vocabulary::vocabulary,
};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "elixir",
    aliases: &[],
    grammar: Grammar::Elixir,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "\n", what: FrameKind::Statements },
            // `|> f()` goes on with whatever stands before it.
            Frame { before: "_DOTS__ ", after: "\n", what: FrameKind::Expression },
            Frame { before: "", after: " do\n_DOTS__\nend\n", what: FrameKind::Part },
            Frame { before: "case _DOTS__ do\n", after: "\nend\n", what: FrameKind::Part },
            Frame { before: "try do\n_DOTS__\n", after: "\nend\n", what: FrameKind::Part },
            Frame { before: "_dots(", after: ")\n", what: FrameKind::Part },
            Frame { before: "%{", after: "}\n", what: FrameKind::Part },
        ],
        metavariable: &["_{}", "{}"],
        ellipsis: &["_DOTS__", "_DOTS__: _DOTS__", "_DOTS__ -> _DOTS__"],
        usual: &[],
        typed: "",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Function, assignment_declares: true },
    features: &[Feature::CasesBind, Feature::ReturnsLast],
};

vocabulary! {
    grammar Elixir;
    kinds {
        AccessCall = "access_call",
        AfterBlock = "after_block",
        Alias = "alias",
        AnonymousFunction = "anonymous_function",
        Arguments = "arguments",
        Atom = "atom",
        BinaryOperator = "binary_operator",
        Bitstring = "bitstring",
        Block = "block",
        Body = "body",
        Boolean = "boolean",
        Call = "call",
        CatchBlock = "catch_block",
        Char = "char",
        Charlist = "charlist",
        DoBlock = "do_block",
        Dot = "dot",
        ElseBlock = "else_block",
        Float = "float",
        Identifier = "identifier",
        Integer = "integer",
        Interpolation = "interpolation",
        Keyword = "keyword",
        Keywords = "keywords",
        List = "list",
        Map = "map",
        MapContent = "map_content",
        Nil = "nil",
        OperatorIdentifier = "operator_identifier",
        Pair = "pair",
        QuotedAtom = "quoted_atom",
        QuotedContent = "quoted_content",
        QuotedKeyword = "quoted_keyword",
        RescueBlock = "rescue_block",
        Sigil = "sigil",
        SigilModifiers = "sigil_modifiers",
        SigilName = "sigil_name",
        StabClause = "stab_clause",
        String = "string",
        Struct = "struct",
        Tuple = "tuple",
        UnaryOperator = "unary_operator",
    }
    fields {
        key = "key",
        left = "left",
        operand = "operand",
        operator = "operator",
        quoted_end = "quoted_end",
        quoted_start = "quoted_start",
        right = "right",
        target = "target",
        value = "value",
    }
}

fn of(node: Syntax<'_>, wanted: K) -> Option<Syntax<'_>> {
    node.children().find(|child| kind(*child) == wanted)
}

/// The operator between or before operands.
fn operator(node: Syntax<'_>) -> &str {
    node.field(f().operator).map_or("", Syntax::text)
}

fn is_operator(node: Syntax<'_>, wanted: &str) -> bool {
    kind(node) == K::BinaryOperator && operator(node) == wanted
}

fn name(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.name_in_lower_case(node.text(), node.span());
}

/// Whether a node is the `...` of a pattern.
fn is_dots(cx: &Cx<'_>, node: Syntax<'_>) -> bool {
    cx.is_pattern() && node.text().trim_start_matches('_') == reserved::DOTS
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| form::statements(cx, root.children()));
}

#[cfg(test)]
mod tests;
