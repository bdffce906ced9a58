//! HCL: Terraform and its relatives.
//!
//! A block `resource "a" "b" { … }` is a call of `resource` whose arguments are the labels and, as the last one, a dictionary of
//! what stands in the block: attributes are entries, blocks within are calls again. These are statements at the top of a file and
//! within a block alike, so that a pattern finds them deep within others.

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Place, Scope, Syntax,
    context::reserved,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "hcl",
    aliases: &["terraform", "tf"],
    grammar: Grammar::Hcl,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "DOTS__ = ", after: "", what: FrameKind::Expression },
            Frame { before: "DOTS__ = {", after: "}", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        // A name alone would be the name of the block behind it.
        ellipsis: &[ENTRY_DOTS, "DOTS__"],
        usual: &[(Place::Element, "DOTS__")],
        typed: "{var}({type})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Block, assignment_declares: true },
    features: &[Feature::CoercedLiterals, Feature::ConfiguredNames, Feature::Records],
};

/// How `...` is written as an entry of a block.
const ENTRY_DOTS: &str = "DOTS__ = DOTS__";

vocabulary! {
    grammar Hcl;
    kinds {
        Attribute = "attribute",
        AttrSplat = "attr_splat",
        BinaryOperation = "binary_operation",
        Block = "block",
        BlockStart = "block_start",
        BlockEnd = "block_end",
        Body = "body",
        BoolLit = "bool_lit",
        CollectionValue = "collection_value",
        Conditional = "conditional",
        ConfigFile = "config_file",
        Ellipsis = "ellipsis",
        Expression = "expression",
        ForCond = "for_cond",
        ForExpr = "for_expr",
        ForIntro = "for_intro",
        ForObjectExpr = "for_object_expr",
        ForTupleExpr = "for_tuple_expr",
        FullSplat = "full_splat",
        FunctionArguments = "function_arguments",
        FunctionCall = "function_call",
        GetAttr = "get_attr",
        HeredocIdentifier = "heredoc_identifier",
        HeredocTemplate = "heredoc_template",
        Identifier = "identifier",
        Index = "index",
        LegacyIndex = "legacy_index",
        LiteralValue = "literal_value",
        NewIndex = "new_index",
        NullLit = "null_lit",
        NumericLit = "numeric_lit",
        Object = "object",
        ObjectElem = "object_elem",
        ObjectEnd = "object_end",
        ObjectStart = "object_start",
        Operation = "operation",
        QuotedTemplate = "quoted_template",
        Splat = "splat",
        StringLit = "string_lit",
        TemplateDirective = "template_directive",
        TemplateElseIntro = "template_else_intro",
        TemplateExpr = "template_expr",
        TemplateFor = "template_for",
        TemplateForEnd = "template_for_end",
        TemplateForStart = "template_for_start",
        TemplateIf = "template_if",
        TemplateIfEnd = "template_if_end",
        TemplateIfIntro = "template_if_intro",
        TemplateInterpolation = "template_interpolation",
        Tuple = "tuple",
        TupleEnd = "tuple_end",
        TupleStart = "tuple_start",
        UnaryOperation = "unary_operation",
        VariableExpr = "variable_expr",
    }
    fields {
        key = "key",
        val = "val",
    }
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| {
        for child in root.children() {
            if kind(child) == K::Body { entries(cx, child) } else { entry(cx, child) }
        }
    });
}

fn entries(cx: &mut Cx<'_>, body: Syntax<'_>) {
    for child in body.children() {
        entry(cx, child);
    }
}

/// What stands in a file or a block.
fn entry(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Attribute => {
            cx.node(Kind::KeyValue, span, |cx| {
                let mut children = node.children().filter(|child| !child.is_error());
                cx.slot(children.next(), span.0, expression);
                cx.slot(children.next(), span.1, expression);
                node.children().filter(|child| child.is_error()).for_each(|error| cx.opaque(error));
            });
        }
        K::Block => block(cx, node),
        _ => expression(cx, node),
    }
}

fn block(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::ExprStmt, node.span(), |cx| block_call(cx, node));
}

fn block_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node_op(Kind::Call, Op::Directive, span, |cx| {
        let mut children = node.children();
        cx.slot(children.next(), span.0, expression);
        let start = children.clone().next().map_or(span.1, Syntax::start);
        cx.node(Kind::Args, (start, span.1), |cx| {
            let mut open = None;
            for child in children.by_ref() {
                match kind(child) {
                    K::BlockStart => {
                        open = Some(child.start());
                        break;
                    }
                    K::Identifier => label(cx, child),
                    _ => expression(cx, child),
                }
            }
            let Some(start) = open else { return };
            cx.node(Kind::Dict, (start, span.1), |cx| {
                for child in children {
                    match kind(child) {
                        K::Body => entries(cx, child),
                        K::BlockEnd => {}
                        _ => entry(cx, child),
                    }
                }
            });
        });
    });
}

/// A label without quotes means the same as one with quotes.
fn label(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_reserved = [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| node.text().starts_with(prefix));
    if cx.is_pattern() && is_reserved { cx.name_of(node) } else { cx.string(node.text(), node.span()) }
}

/// Goes through nodes that only wrap another one, parentheses too.
fn unwrapped(mut node: Syntax<'_>) -> Syntax<'_> {
    loop {
        let wraps = matches!(
            kind(node),
            K::Expression
                | K::CollectionValue
                | K::ForExpr
                | K::Index
                | K::LiteralValue
                | K::Operation
                | K::Splat
                | K::TemplateDirective
                | K::TemplateExpr
                | K::VariableExpr
        );
        let mut children = node.children();
        match (wraps, children.next(), children.next()) {
            (true, Some(only), None) => node = only,
            _ => return node,
        }
    }
}

fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let node = unwrapped(node);
    let span = node.span();
    match kind(node) {
        K::Identifier => cx.name_of(node),
        K::NumericLit => {
            let is_float = node.text().contains(['.', 'e', 'E']) && !node.text().starts_with("0x");
            number::lower(cx, node, if is_float { Op::Float } else { Op::Int }, NumberSyntax::C);
        }
        K::BoolLit => cx.word(Kind::Bool, Op::None, node.text(), span),
        K::NullLit => cx.word(Kind::Null, Op::None, node.text(), span),
        K::StringLit | K::QuotedTemplate | K::HeredocTemplate => template(cx, node),
        K::Expression => terms(cx, &parts(node)),
        K::BinaryOperation | K::UnaryOperation => operation(cx, &parts(node)),
        K::Conditional => {
            let mut children = node.children();
            cx.node(Kind::Ternary, span, |cx| {
                cx.slot(children.next(), span.0, expression);
                cx.slot(children.next(), span.1, expression);
                cx.slot(children.next(), span.1, expression);
                children.for_each(|child| expression(cx, child));
            });
        }
        K::FunctionCall => {
            let mut children = node.children();
            cx.node(Kind::Call, span, |cx| {
                let callee = children.next();
                let at = callee.map_or(span.0, Syntax::end);
                cx.slot(callee, span.0, expression);
                cx.node(Kind::Args, (at, span.1), |cx| children.for_each(|child| arguments(cx, child)));
            });
        }
        K::FunctionArguments => {
            cx.node(Kind::Args, span, |cx| arguments(cx, node));
        }
        K::Tuple => {
            cx.node(Kind::List, span, |cx| inner(cx, node));
        }
        K::Object => {
            cx.node(Kind::Dict, span, |cx| inner(cx, node));
        }
        K::ObjectElem => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().val), span.1, expression);
            });
        }
        K::ForTupleExpr => for_expression(cx, node, Op::List),
        K::ForObjectExpr => for_expression(cx, node, Op::Dict),
        K::ForCond => {
            cx.node(Kind::CompIf, span, |cx| inner(cx, node));
        }
        K::TemplateIf => template_if(cx, node),
        K::TemplateFor => template_for(cx, node),
        // Blocks and attributes that stand where an expression is looked for, in patterns.
        K::Attribute | K::Block => entry(cx, node),
        K::Body => {
            cx.node(Kind::Block, span, |cx| entries(cx, node));
        }
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

/// The named children that are no brackets.
fn inner(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for child in node.children() {
        if !matches!(kind(child), K::TupleStart | K::TupleEnd | K::ObjectStart | K::ObjectEnd) {
            expression(cx, child);
        }
    }
}

/// `f(list...)` spreads its last argument.
fn arguments(cx: &mut Cx<'_>, node: Syntax<'_>) {
    if kind(node) != K::FunctionArguments {
        return expression(cx, node);
    }
    let spread = node.children().last().filter(|last| kind(*last) == K::Ellipsis);
    let n_plain = node.children().count().saturating_sub(if spread.is_some() { 2 } else { 0 });
    for (i, child) in node.children().enumerate() {
        match spread {
            Some(dots) if n_plain == i => {
                cx.node_op(Kind::Spread, Op::Splat, (child.start(), dots.end()), |cx| expression(cx, child));
            }
            Some(_) if n_plain < i => {}
            _ => expression(cx, child),
        }
    }
}

/// The parts of a term: parentheses, and what is taken of it by `.name`, `[index]` or `[*]`. The grammar has them side by side.
fn parts(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut parts = Vec::new();
    for child in node.all_children() {
        if kind(child) == K::Splat {
            let splat = unwrapped_splat(child);
            parts.push(splat);
            parts.extend(splat.children());
        } else {
            parts.push(child);
        }
    }
    parts
}

fn unwrapped_splat(splat: Syntax<'_>) -> Syntax<'_> {
    splat.first().unwrap_or(splat)
}

fn terms(cx: &mut Cx<'_>, parts: &[Syntax<'_>]) {
    let Some((last, rest)) = parts.split_last() else { return };
    let start = parts.first().map_or(last.start(), |first| first.start());
    // The grammar takes `a + b.c` for `(a + b).c`.
    if let [first, taken @ ..] = parts
        && kind(*first) == K::Operation
        && !taken.is_empty()
    {
        let mut parts = self::parts(unwrapped(*first));
        parts.extend(taken);
        return operation(cx, &parts);
    }
    let is_operator = |token: &Syntax<'_>| !token.is_named() && !matches!(token.text(), "(" | ")");
    match kind(*last) {
        K::GetAttr if !rest.is_empty() => {
            cx.node_op(Kind::Dot, Op::Dot, (start, last.end()), |cx| {
                terms(cx, rest);
                cx.slot(last.first(), last.end(), expression);
            });
        }
        K::Index if !rest.is_empty() => {
            cx.node(Kind::Index, (start, last.end()), |cx| {
                terms(cx, rest);
                cx.slot(last.first(), last.end(), |cx, index| match kind(index) {
                    K::LegacyIndex => {
                        let digits = index.text().trim_start_matches('.').trim_start();
                        cx.word(Kind::Number, Op::Int, digits, index.span());
                    }
                    _ => cx.slot(index.first(), index.end(), expression),
                });
            });
        }
        K::AttrSplat | K::FullSplat if !rest.is_empty() => {
            let end = last.all_children().next().map_or(last.end(), Syntax::end);
            cx.node(Kind::Index, (start, end), |cx| {
                terms(cx, rest);
                cx.name("*", (last.start(), end));
            });
        }
        _ => {
            // An operator would mean that something could not be parsed.
            for part in parts.iter().filter(|part| part.is_named() || is_operator(part)) {
                if part.is_named() { expression(cx, *part) } else { cx.opaque(*part) }
            }
        }
    }
}

/// An operator with what stands around it.
fn operation(cx: &mut Cx<'_>, parts: &[Syntax<'_>]) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
    let span = (first.start(), last.end());
    let at = parts.iter().position(|part| !part.is_named() && !matches!(part.text(), "(" | ")"));
    let (left, right) = parts.split_at(at.unwrap_or(parts.len()));
    let token = right.first().map_or("", |token| token.text());
    let right = right.split_first().map_or(right, |(_, right)| right);
    if left.is_empty() {
        let op = if token == "!" { Op::Not } else { Op::Sub };
        cx.node_op(Kind::Unary, op, span, |cx| terms(cx, right));
        return;
    }
    cx.node_op(Kind::Binary, operator::binary(token), span, |cx| {
        terms(cx, left);
        terms(cx, right);
    });
}

fn for_expression(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
    cx.node_op(Kind::Comprehension, op, node.span(), |cx| {
        let mut results = of(K::Expression);
        if let (Op::Dict, Some(key), Some(value)) = (op, results.next(), results.next()) {
            cx.node(Kind::KeyValue, (key.start(), value.end()), |cx| {
                expression(cx, key);
                expression(cx, value);
            });
        } else {
            of(K::Expression).for_each(|result| expression(cx, result));
        }
        of(K::ForIntro).for_each(|intro| for_intro(cx, intro));
        of(K::ForCond).for_each(|condition| expression(cx, condition));
    });
}

fn for_intro(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
    let names: Vec<Syntax<'_>> = of(K::Identifier).collect();
    cx.node(Kind::CompFor, span, |cx| {
        match names.as_slice() {
            [first, .., last] => {
                cx.node(Kind::Tuple, (first.start(), last.end()), |cx| names.iter().for_each(|name| cx.name_of(*name)));
            }
            [only] => cx.name_of(*only),
            [] => cx.none(span.0),
        }
        cx.slot(of(K::Expression).next(), span.1, expression);
    });
}

/// A string in quotes or a heredoc.
fn template(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (from, to) = content_span(node);
    let is_plain = node.children().all(|child| !matches!(kind(child), K::TemplateInterpolation | K::TemplateDirective));
    if is_plain {
        return text(cx, node.source(from, to), node.span());
    }
    cx.node(Kind::Interp, node.span(), |cx| pieces(cx, node, (from, to)));
}

/// A text without expressions. In patterns `...` in it is written as anywhere else.
fn text(cx: &mut Cx<'_>, content: &str, span: (u32, u32)) {
    if cx.is_pattern() && content.contains(ENTRY_DOTS) {
        cx.string(&content.replace(ENTRY_DOTS, reserved::DOTS), span);
    } else {
        cx.string(content, span);
    }
}

/// What lies between the quotes, or between the lines of the heredoc's word.
fn content_span(node: Syntax<'_>) -> (u32, u32) {
    let mut children = node.children();
    if kind(node) == K::HeredocTemplate {
        let mut words = node.children().filter(|child| kind(*child) == K::HeredocIdentifier);
        let from = words.next().map_or(node.start(), Syntax::end);
        let to = words.next().map_or(node.end(), Syntax::start).max(from);
        let text = node.source(from, to);
        let line_end = text.find('\n').map_or(0, |at| at + 1);
        let indent = text.rfind('\n').map_or(text.len(), |at| at + 1);
        let from = from + u32::try_from(line_end).unwrap_or(0);
        let to = to - u32::try_from(text.len() - indent).unwrap_or(0);
        return (from, to.max(from));
    }
    let from = children.next().map_or(node.start(), Syntax::end);
    let to = children.last().map_or(node.end(), Syntax::start);
    (from, to.max(from))
}

/// The text of a template, cut where expressions stand in it. The grammar loses white space at both ends of a text.
fn pieces(cx: &mut Cx<'_>, node: Syntax<'_>, (from, to): (u32, u32)) {
    let mut at = from;
    let text = |cx: &mut Cx<'_>, from: u32, to: u32| {
        if from < to {
            text(cx, node.source(from, to), (from, to));
        }
    };
    for child in node.children().filter(|child| from <= child.start() && child.end() <= to) {
        match kind(child) {
            K::TemplateInterpolation => {
                text(cx, at, child.start());
                child.children().filter(|inner| inner.is_error() || kind(*inner) == K::Expression).for_each(|inner| expression(cx, inner));
            }
            K::TemplateDirective => {
                text(cx, at, child.start());
                expression(cx, child);
            }
            _ if child.is_error() => {
                text(cx, at, child.start());
                cx.opaque(child);
            }
            _ => continue,
        }
        at = child.end();
    }
    text(cx, at, to);
}

/// `%{ if a }…%{ else }…%{ endif }`.
fn template_if(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let of = |wanted: K| node.children().find(move |child| kind(*child) == wanted);
    let (intro, otherwise) = (of(K::TemplateIfIntro), of(K::TemplateElseIntro));
    let from = intro.map_or(node.start(), Syntax::end);
    let end = of(K::TemplateIfEnd).map_or(node.end(), Syntax::start).max(from);
    let then_end = otherwise.map_or(end, Syntax::start);
    cx.node(Kind::Ternary, node.span(), |cx| {
        let condition = intro.and_then(|intro| intro.children().find(|child| kind(*child) == K::Expression));
        cx.slot(condition, from, expression);
        cx.node(Kind::Interp, (from, then_end), |cx| pieces(cx, node, (from, then_end)));
        cx.slot(otherwise, end, |cx, otherwise| {
            cx.node(Kind::Interp, (otherwise.end(), end), |cx| pieces(cx, node, (otherwise.end(), end)));
        });
    });
}

/// `%{ for a in b }…%{ endfor }`.
fn template_for(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let of = |wanted: K| node.children().find(move |child| kind(*child) == wanted);
    let from = of(K::TemplateForStart).map_or(node.start(), Syntax::end);
    let to = of(K::TemplateForEnd).map_or(node.end(), Syntax::start).max(from);
    cx.node_op(Kind::Comprehension, Op::Generator, node.span(), |cx| {
        cx.node(Kind::Interp, (from, to), |cx| pieces(cx, node, (from, to)));
        cx.slot(of(K::TemplateForStart), from, for_intro);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn blocks_are_calls_with_a_dictionary() {
        check(
            "resource \"a\" b {\n  acl = \"x\"\n  rule {\n    n = 1\n  }\n}\nlocals {}",
            r#"
            (expr-stmt (call:directive (name resource) (args (str a) (str b) (dict (key-value (name acl) (str x)) (expr-stmt (call:directive (name rule) (args (dict (key-value (name n) (number:int 1))))))))))
            (expr-stmt (call:directive (name locals) (args (dict))))"#,
        );
    }

    #[test]
    fn members_and_indexes() {
        check(
            "a = b.c[0].d.*.e",
            r#"(key-value (name a) (dot:dot (index (dot:dot (index (dot:dot (name b) (name c)) (number:int 0)) (name d)) (name "*")) (name e)))"#,
        );
        check("a = (b[*].c).1", r#"(key-value (name a) (index (dot:dot (index (name b) (name "*")) (name c)) (number:int 1)))"#);
    }

    #[test]
    fn collections_and_calls() {
        check(
            "a = { \"b\" : [1, true], c = null }",
            "(key-value (name a) (dict (key-value (str b) (list (number:int 1) (bool true))) (key-value (name c) (null null))))",
        );
        check("a = f(b, c...)", "(key-value (name a) (call (name f) (args (name b) (spread:splat (name c)))))");
    }

    #[test]
    fn for_expressions_are_comprehensions() {
        check(
            "a = [for k, v in m : k if v]",
            "(key-value (name a) (comprehension:list (name k) (comp-for (tuple (name k) (name v)) (name m)) (comp-if (name v))))",
        );
        check(
            "a = { for v in m : v => 1 }",
            "(key-value (name a) (comprehension:dict (key-value (name v) (number:int 1)) (comp-for (name v) (name m))))",
        );
    }

    #[test]
    fn operators() {
        check(
            "a = !b.c && (1 + d[0]) * 2 > -1 ? \"x\" : e",
            "(key-value (name a) (ternary (binary:&& (unary:! (dot:dot (name b) (name c))) (binary:> (binary:* (binary:+ (number:int 1) (index (name d) (number:int 0))) (number:int 2)) (unary:- (number:int 1)))) (str x) (name e)))",
        );
    }

    #[test]
    fn strings() {
        check("a = \" b ${c.d} e\"", r#"(key-value (name a) (interp (str " b ") (dot:dot (name c) (name d)) (str " e")))"#);
        check("a = <<-E\n  b\n  ${c}\nE\n", r#"(key-value (name a) (interp (str "  b\n  ") (name c) (str "\n")))"#);
        check("a = <<E\n{ \"b\": 1 }\nE\n", r#"(key-value (name a) (str "{ \"b\": 1 }\n"))"#);
        check(
            "a = \"%{ if b }c%{ else }${d}%{ endif }\"",
            "(key-value (name a) (interp (ternary (name b) (interp (str c)) (interp (name d)))))",
        );
        check(
            "a = \"%{ for b in c }${b},%{ endfor }\"",
            r#"(key-value (name a) (interp (comprehension:generator (interp (name b) (str ",")) (comp-for (name b) (name c)))))"#,
        );
    }

    #[test]
    fn broken_values_keep_their_neighbors() {
        check(
            "b {\n  a = 1\n  = 3\n  c = 2\n}",
            "(expr-stmt (call:directive (name b) (args (dict (key-value (name a) (number:int 3) (opaque)) (key-value (name c) (number:int 2))))))",
        );
    }

    #[test]
    fn frames_take_patterns() {
        super::super::check_frames(
            &LANGUAGE,
            &[
                "resource MV__A MV__B {\n  DOTS__ = DOTS__\n  acl = MV__X\n  MV__B {\n    DOTS__ = DOTS__\n  }\n}",
                "MV__K = DOTS__",
                "\"a\" : \"b\"",
                "{DOTS__ = DOTS__, a = \"b\"}",
                "[DOTS__, \"*\", DOTS__]",
                "\"a\"",
                "f(DOTS__, MV__X)",
            ],
        );
    }
}
