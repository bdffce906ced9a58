//! Python.

use bartizan_syntax::Grammar;

use super::{
    Cx, Feature, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, Syntax,
    number::{self, NumberSyntax},
    operator,
    vocabulary::vocabulary,
};
use crate::ir::{Kind, Op};

pub(super) static LANGUAGE: Language = Language {
    name: "python",
    aliases: &["py", "python2", "python3"],
    grammar: Grammar::Python,
    lower: Lowering::Tree(file),
    patterns: PatternSyntax {
        frames: &[
            Frame { before: "", after: "", what: FrameKind::Statements },
            Frame { before: "", after: "\n    pass\n", what: FrameKind::Statements },
            Frame { before: "", after: "\n  def DOTS__(): pass\n", what: FrameKind::Part },
            Frame { before: "DOTS__(", after: ")", what: FrameKind::Part },
            Frame { before: "try:\n    pass\n", after: "", what: FrameKind::Part },
        ],
        metavariable: &["{}"],
        ellipsis: &["DOTS__", "DOTS__: DOTS__", "pass", "**DOTS__"],
        usual: &[],
        typed: "{var}({type})",
        dollar_is_name: false,
    },
    names: NameRules { scope: Scope::Function, assignment_declares: true },
    features: &[
        Feature::CasesBind,
        Feature::ClosedNames,
        Feature::ConstructsByName,
        Feature::ExplicitSelf,
        Feature::FormattedStrings,
        Feature::LogicRows,
        Feature::RepeatedStrings,
        Feature::SharedGlobals,
        Feature::StrictStrings,
    ],
};

vocabulary! {
    grammar Python;
    kinds {
        AliasedImport = "aliased_import",
        ArgumentList = "argument_list",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        AssertStatement = "assert_statement",
        Assignment = "assignment",
        Attribute = "attribute",
        AugmentedAssignment = "augmented_assignment",
        Await = "await",
        BinaryOperator = "binary_operator",
        Block = "block",
        BooleanOperator = "boolean_operator",
        BreakStatement = "break_statement",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        ClassDefinition = "class_definition",
        ComparisonOperator = "comparison_operator",
        ConcatenatedString = "concatenated_string",
        ConditionalExpression = "conditional_expression",
        ContinueStatement = "continue_statement",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        DeleteStatement = "delete_statement",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        Ellipsis = "ellipsis",
        ElseClause = "else_clause",
        ExceptClause = "except_clause",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        FinallyClause = "finally_clause",
        Float = "float",
        ForInClause = "for_in_clause",
        ForStatement = "for_statement",
        FunctionDefinition = "function_definition",
        FutureImportStatement = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        Identifier = "identifier",
        IfClause = "if_clause",
        IfStatement = "if_statement",
        ImportFromStatement = "import_from_statement",
        ImportStatement = "import_statement",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordArgument = "keyword_argument",
        KeywordSeparator = "keyword_separator",
        Lambda = "lambda",
        LambdaParameters = "lambda_parameters",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        MatchStatement = "match_statement",
        MemberType = "member_type",
        Module = "module",
        NamedExpression = "named_expression",
        None = "none",
        NotOperator = "not_operator",
        Pair = "pair",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedListSplat = "parenthesized_list_splat",
        PatternList = "pattern_list",
        PositionalSeparator = "positional_separator",
        PrintStatement = "print_statement",
        RaiseStatement = "raise_statement",
        RelativeImport = "relative_import",
        ReturnStatement = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        Slice = "slice",
        String = "string",
        StringContent = "string_content",
        Subscript = "subscript",
        True = "true",
        TryStatement = "try_statement",
        Tuple = "tuple",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        UnaryOperator = "unary_operator",
        WhileStatement = "while_statement",
        WildcardImport = "wildcard_import",
        WithClause = "with_clause",
        WithItem = "with_item",
        WithStatement = "with_statement",
        Yield = "yield",
    }
    fields {
        alias = "alias",
        alternative = "alternative",
        argument = "argument",
        arguments = "arguments",
        attribute = "attribute",
        body = "body",
        cause = "cause",
        condition = "condition",
        consequence = "consequence",
        definition = "definition",
        expression = "expression",
        function = "function",
        guard = "guard",
        key = "key",
        left = "left",
        module_name = "module_name",
        name = "name",
        object = "object",
        operator = "operator",
        operators = "operators",
        parameters = "parameters",
        return_type = "return_type",
        right = "right",
        subject = "subject",
        subscript = "subscript",
        superclasses = "superclasses",
        type_ = "type",
        value = "value",
    }
}

fn file(cx: &mut Cx<'_>, root: Syntax<'_>) {
    cx.node(Kind::Root, root.span(), |cx| statements(cx, root));
}

fn statements(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        statement(cx, child);
    }
}

fn body(cx: &mut Cx<'_>, node: Option<Syntax<'_>>, at: u32) {
    // A pattern may be the head of something.
    let node = node.filter(|node| !cx.is_pattern() || node.first().is_some());
    cx.slot(node, at, |cx, node| {
        cx.node(Kind::Block, node.span(), |cx| statements(cx, node));
    });
}

/// Everything may stand for a statement: what is none is an expression.
fn statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::ExpressionStatement => {
            let mut children = node.children();
            match (children.next(), children.next()) {
                (Some(only), None) if !node.has_token(",") => expression_statement(cx, only, span),
                _ => {
                    cx.node(Kind::ExprStmt, span, |cx| {
                        cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
                    });
                }
            }
        }
        K::FunctionDefinition => function(cx, node, &[]),
        K::ClassDefinition => class(cx, node, &[]),
        K::DecoratedDefinition => {
            let decorators: Vec<Syntax<'_>> = node.children().filter(|child| kind(*child) == K::Decorator).collect();
            match node.field(f().definition) {
                Some(definition) if kind(definition) == K::ClassDefinition => class(cx, definition, &decorators),
                Some(definition) => function(cx, definition, &decorators),
                None => cx.opaque(node),
            }
        }
        K::IfStatement => if_statement(cx, node),
        K::WhileStatement => {
            cx.node(Kind::While, span, |cx| {
                cx.slot(node.field(f().condition), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::ForStatement => {
            cx.node(Kind::ForEach, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.0, expression);
                body(cx, node.field(f().body), span.1);
            });
        }
        K::TryStatement => try_statement(cx, node),
        K::WithStatement => {
            cx.node(Kind::With, span, |cx| {
                for clause in node.children().filter(|child| kind(*child) == K::WithClause) {
                    clause.children().for_each(|item| with_item(cx, item));
                }
                body(cx, node.field(f().body), span.1);
            });
        }
        K::MatchStatement => {
            cx.node(Kind::Switch, span, |cx| {
                let mut subjects = node.fields(f().subject);
                cx.slot(subjects.next(), span.0, expression);
                if let Some(block) = node.field(f().body) {
                    block.children().for_each(|case| case_clause(cx, case));
                }
            });
        }
        K::ReturnStatement => {
            cx.node(Kind::Return, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::RaiseStatement => {
            cx.node(Kind::Throw, span, |cx| {
                let cause = node.field(f().cause);
                let value = node.children().find(|child| child.in_field() != f().cause);
                cx.slot(value, span.1, expression);
                cx.slot(cause, span.1, expression);
            });
        }
        K::AssertStatement => {
            cx.node(Kind::Assert, span, |cx| {
                let mut children = node.children();
                cx.slot(children.next(), span.1, expression);
                cx.slot(children.next(), span.1, expression);
            });
        }
        K::DeleteStatement => {
            cx.node(Kind::Delete, span, |cx| {
                for child in node.children() {
                    if kind(child) == K::ExpressionList { expressions(cx, child) } else { expression(cx, child) }
                }
            });
        }
        K::BreakStatement => {
            cx.node(Kind::Break, span, |cx| cx.none(span.1));
        }
        K::ContinueStatement => {
            cx.node(Kind::Continue, span, |cx| cx.none(span.1));
        }
        K::PrintStatement => {
            cx.node(Kind::ExprStmt, span, |cx| {
                cx.node(Kind::Call, span, |cx| {
                    cx.name("print", (span.0, (span.0 + 5).min(span.1)));
                    cx.node(Kind::Args, span, |cx| expressions(cx, node));
                });
            });
        }
        K::ImportStatement => node.fields(f().name).for_each(|name| import(cx, name, span)),
        K::ImportFromStatement | K::FutureImportStatement => import_from(cx, node),
        K::Block => {
            cx.node(Kind::Block, span, |cx| statements(cx, node));
        }
        _ if node.is_error() => cx.opaque(node),
        _ => expression_statement(cx, node, span),
    }
}

fn expression_statement(cx: &mut Cx<'_>, node: Syntax<'_>, span: (u32, u32)) {
    // An annotation without a value declares a name.
    let is_declaration = kind(node) == K::Assignment && node.field(f().type_).is_some();
    if is_declaration {
        cx.node(Kind::VarDef, span, |cx| {
            cx.node(Kind::Attrs, (span.0, span.0), |_| {});
            cx.slot(node.field(f().left), span.0, expression);
            cx.slot(node.field(f().type_), span.1, expression);
            cx.slot(node.field(f().right), span.1, expression);
        });
        return;
    }
    // Words such as `pass` are statements of their own.
    if kind(node) == K::Unknown && node.first().is_none() {
        cx.node_with(Kind::Other, Op::None, node.text(), span, |_| {});
        return;
    }
    cx.node(Kind::ExprStmt, span, |cx| expression(cx, node));
}

fn if_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let alternatives: Vec<Syntax<'_>> = node.fields(f().alternative).collect();
    branch(cx, node, &alternatives, node.end());
}

/// `if` or `elif`, with what follows it in the last slot.
fn branch(cx: &mut Cx<'_>, node: Syntax<'_>, rest: &[Syntax<'_>], end: u32) {
    cx.node(Kind::If, (node.start(), end), |cx| {
        cx.slot(node.field(f().condition), node.start(), expression);
        body(cx, node.field(f().consequence), node.end());
        match rest.split_first() {
            Some((next, rest)) if kind(*next) == K::ElifClause => branch(cx, *next, rest, end),
            Some((next, _)) => body(cx, next.field(f().body), next.end()),
            None => cx.none(end),
        }
    });
}

fn try_statement(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let of = |wanted: K| node.children().filter(move |child| kind(*child) == wanted);
    cx.node(Kind::Try, span, |cx| {
        body(cx, node.field(f().body), span.0);
        of(K::ExceptClause).for_each(|clause| except_clause(cx, clause));
        let else_body = of(K::ElseClause).next().and_then(|clause| clause.field(f().body));
        body(cx, else_body, span.1);
        cx.slot(of(K::FinallyClause).next(), span.1, |cx, clause| {
            cx.node(Kind::Finally, clause.span(), |cx| body(cx, clause.children().find(|child| kind(*child) == K::Block), clause.end()));
        });
    });
}

fn except_clause(cx: &mut Cx<'_>, clause: Syntax<'_>) {
    let span = clause.span();
    cx.node(Kind::Catch, span, |cx| {
        // `except E as name` is one pattern in the grammar.
        let value = clause.field(f().value).or_else(|| clause.children().find(|child| kind(*child) != K::Block));
        match value {
            Some(pattern) if kind(pattern) == K::AsPattern => {
                cx.slot(pattern.first(), span.0, expression);
                cx.slot(pattern.field(f().alias), span.0, expression);
            }
            other => {
                cx.slot(other, span.0, expression);
                cx.slot(clause.field(f().alias), span.0, expression);
            }
        }
        body(cx, clause.children().find(|child| kind(*child) == K::Block), span.1);
    });
}

fn with_item(cx: &mut Cx<'_>, item: Syntax<'_>) {
    let value = item.field(f().value).unwrap_or(item);
    match kind(value) {
        K::AsPattern => {
            cx.node(Kind::Assign, value.span(), |cx| {
                cx.slot(value.field(f().alias), value.start(), expression);
                cx.slot(value.first(), value.start(), expression);
            });
        }
        _ => expression(cx, value),
    }
}

fn case_clause(cx: &mut Cx<'_>, case: Syntax<'_>) {
    if kind(case) != K::CaseClause {
        return statement(cx, case);
    }
    cx.node(Kind::Case, case.span(), |cx| {
        for pattern in case.children().filter(|child| kind(*child) == K::CasePattern && child.text() != "_") {
            expression(cx, pattern);
        }
        if let Some(guard) = case.field(f().guard).and_then(Syntax::first) {
            cx.node(Kind::CompIf, guard.span(), |cx| expression(cx, guard));
        }
        body(cx, case.field(f().consequence), case.end());
    });
}

fn import(cx: &mut Cx<'_>, name: Syntax<'_>, span: (u32, u32)) {
    cx.node(Kind::Import, span, |cx| {
        if kind(name) == K::AliasedImport {
            cx.slot(name.field(f().name), span.0, expression);
            cx.slot(name.field(f().alias), span.1, expression);
        } else {
            expression(cx, name);
            cx.none(span.1);
        }
    });
}

fn import_from(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::ImportFrom, span, |cx| {
        match node.field(f().module_name) {
            Some(module) => expression(cx, module),
            None => cx.name("__future__", span),
        }
        for name in node.fields(f().name) {
            cx.node(Kind::ImportItem, name.span(), |cx| {
                if kind(name) == K::AliasedImport {
                    cx.slot(name.field(f().name), name.start(), expression);
                    cx.slot(name.field(f().alias), name.end(), expression);
                } else {
                    expression(cx, name);
                    cx.none(name.end());
                }
            });
        }
        for star in node.children().filter(|child| kind(*child) == K::WildcardImport) {
            cx.node(Kind::ImportItem, star.span(), |cx| {
                cx.name("*", star.span());
                cx.none(star.end());
            });
        }
    });
}

fn attrs(cx: &mut Cx<'_>, decorators: &[Syntax<'_>], node: Syntax<'_>) {
    let start = decorators.first().map_or(node.start(), |first| first.start());
    cx.node(Kind::Attrs, (start, node.start()), |cx| {
        for decorator in decorators {
            cx.node(Kind::Annotation, decorator.span(), |cx| cx.slot(decorator.first(), decorator.end(), expression));
        }
        if let Some(word) = node.all_children().next().filter(|child| child.text() == "async") {
            cx.word(Kind::Modifier, Op::None, "async", word.span());
        }
    });
}

/// A definition without its decorators spans what it spans with them.
fn outer_span(decorators: &[Syntax<'_>], node: Syntax<'_>) -> (u32, u32) {
    (decorators.first().map_or(node.start(), |first| first.start()), node.end())
}

fn function(cx: &mut Cx<'_>, node: Syntax<'_>, decorators: &[Syntax<'_>]) {
    cx.node(Kind::FuncDef, outer_span(decorators, node), |cx| {
        attrs(cx, decorators, node);
        cx.slot(node.field(f().name), node.start(), expression);
        cx.slot(node.field(f().parameters), node.start(), parameters);
        cx.slot(node.field(f().return_type), node.start(), expression);
        body(cx, node.field(f().body), node.end());
    });
}

fn class(cx: &mut Cx<'_>, node: Syntax<'_>, decorators: &[Syntax<'_>]) {
    cx.node_op(Kind::ClassDef, Op::Class, outer_span(decorators, node), |cx| {
        attrs(cx, decorators, node);
        cx.slot(node.field(f().name), node.start(), expression);
        cx.none(node.start());
        match node.field(f().superclasses) {
            Some(bases) => {
                cx.node(Kind::Bases, bases.span(), |cx| expressions(cx, bases));
            }
            None => {
                cx.node(Kind::Bases, (node.start(), node.start()), |_| {});
            }
        }
        body(cx, node.field(f().body), node.end());
    });
}

fn parameters(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Params, node.span(), |cx| {
        for parameter in node.children() {
            if !matches!(kind(parameter), K::KeywordSeparator | K::PositionalSeparator) {
                self::parameter(cx, parameter);
            }
        }
    });
}

fn parameter(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (name, op) = match kind(node) {
        K::DefaultParameter | K::TypedDefaultParameter => (node.field(f().name), Op::None),
        K::TypedParameter => match node.first() {
            Some(splat) if kind(splat) == K::ListSplatPattern => (splat.first(), Op::Splat),
            Some(splat) if kind(splat) == K::DictionarySplatPattern => (splat.first(), Op::DoubleSplat),
            name => (name, Op::None),
        },
        K::ListSplatPattern => (node.first(), Op::Splat),
        K::DictionarySplatPattern => (node.first(), Op::DoubleSplat),
        _ => (Some(node), Op::None),
    };
    cx.node_op(Kind::Param, op, span, |cx| {
        cx.node(Kind::Attrs, (span.0, span.0), |_| {});
        cx.slot(name, span.0, expression);
        cx.slot(node.field(f().type_), span.1, expression);
        cx.slot(node.field(f().value), span.1, expression);
    });
}

fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    // Parentheses build no node, but what is reported are they, too; a pattern may be framed by others.
    let (mut inner, whole) = (node, node.span());
    while kind(inner) == K::ParenthesizedExpression {
        match inner.first() {
            Some(next) => inner = next,
            None => break,
        }
    }
    let id = cx.next_id();
    cx.deeper(whole, |cx| bare(cx, inner));
    if inner.span() != whole && !cx.is_pattern() {
        cx.cover(id, whole);
    }
}

fn bare(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    match kind(node) {
        K::Identifier | K::WildcardImport => cx.name_of(node),
        K::Integer => number::lower(cx, node, Op::Int, NumberSyntax::C),
        K::Float => number::lower(cx, node, Op::Float, NumberSyntax::C),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::None => cx.word(Kind::Null, Op::None, "None", span),
        K::Ellipsis if cx.is_pattern() => cx.leaf(Kind::Ellipsis, Op::None, span),
        K::String => string(cx, node),
        K::ConcatenatedString => concatenated(cx, node),
        K::Call => call(cx, node),
        K::Attribute => {
            cx.node_op(Kind::Dot, Op::Dot, span, |cx| {
                cx.slot(node.field(f().object), span.0, expression);
                cx.slot(node.field(f().attribute), span.1, expression);
            });
        }
        K::DottedName | K::MemberType => {
            let names: Vec<Syntax<'_>> = node.children().collect();
            cx.row(Kind::Dot, Op::Dot, &names, span.0, expression);
        }
        K::RelativeImport => cx.name(node.text(), span),
        K::Subscript => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f().value), span.0, expression);
                let indices: Vec<Syntax<'_>> = node.fields(f().subscript).collect();
                match indices.as_slice() {
                    // `a[1, 2]` has one index, a tuple.
                    [first, .., last] => {
                        cx.node(Kind::Tuple, (first.start(), last.end()), |cx| indices.iter().for_each(|index| expression(cx, *index)));
                    }
                    _ => indices.iter().for_each(|index| expression(cx, *index)),
                }
            });
        }
        K::Slice => slice(cx, node),
        // Nothing stands in them.
        K::ParenthesizedExpression => cx.name_of(node),
        K::Type | K::AsPatternTarget | K::CasePattern | K::ParenthesizedListSplat => {
            // A pattern of a case may be a token: `_`.
            match node.first() {
                Some(inner) => expression(cx, inner),
                None => cx.name_of(node),
            }
        }
        K::BinaryOperator | K::BooleanOperator => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::ComparisonOperator => comparison(cx, node),
        K::NotOperator => {
            cx.node_op(Kind::Unary, Op::Not, span, |cx| cx.slot(node.field(f().argument), span.1, expression));
        }
        K::UnaryOperator => {
            let op = node.field(f().operator).map_or(Op::None, |token| operator::unary(token.text()));
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f().argument), span.1, expression));
        }
        K::Assignment => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::NamedExpression => {
            cx.node(Kind::Assign, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::AugmentedAssignment => {
            let op = node.field(f().operator).map_or(Op::None, |token| binary(token.text().trim_end_matches('=')));
            cx.node_op(Kind::AugAssign, op, span, |cx| {
                cx.slot(node.field(f().left), span.0, expression);
                cx.slot(node.field(f().right), span.1, expression);
            });
        }
        K::ConditionalExpression => {
            let mut parts = node.children();
            let (then, condition, otherwise) = (parts.next(), parts.next(), parts.next());
            cx.node(Kind::Ternary, span, |cx| {
                for part in [condition, then, otherwise] {
                    cx.slot(part, span.1, expression);
                }
            });
        }
        K::Lambda => {
            cx.node(Kind::Lambda, span, |cx| {
                match node.field(f().parameters) {
                    Some(list) => parameters(cx, list),
                    None => {
                        cx.node(Kind::Params, (span.0, span.0), |_| {});
                    }
                }
                cx.none(span.0);
                cx.slot(node.field(f().body), span.1, expression);
            });
        }
        K::List | K::ListPattern => {
            cx.node(Kind::List, span, |cx| expressions(cx, node));
        }
        K::Tuple | K::TuplePattern | K::ExpressionList | K::PatternList => {
            cx.node(Kind::Tuple, span, |cx| expressions(cx, node));
        }
        K::Set => {
            cx.node(Kind::Set, span, |cx| expressions(cx, node));
        }
        K::Dictionary => {
            cx.node(Kind::Dict, span, |cx| expressions(cx, node));
        }
        K::Pair => {
            cx.node(Kind::KeyValue, span, |cx| {
                cx.slot(node.field(f().key), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::ListComprehension => comprehension(cx, node, Op::List),
        K::SetComprehension => comprehension(cx, node, Op::Set),
        K::DictionaryComprehension => comprehension(cx, node, Op::Dict),
        K::GeneratorExpression => comprehension(cx, node, Op::Generator),
        K::KeywordArgument => {
            cx.node(Kind::KwArg, span, |cx| {
                cx.slot(node.field(f().name), span.0, expression);
                cx.slot(node.field(f().value), span.1, expression);
            });
        }
        K::ListSplat | K::ListSplatPattern => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| expressions(cx, node));
        }
        K::DictionarySplat | K::DictionarySplatPattern => {
            cx.node_op(Kind::Spread, Op::DoubleSplat, span, |cx| expressions(cx, node));
        }
        K::Await => {
            cx.node(Kind::Await, span, |cx| expressions(cx, node));
        }
        K::Yield => {
            let op = if node.has_token("from") { Op::Delegate } else { Op::None };
            cx.node_op(Kind::Yield, op, span, |cx| cx.slot(node.first(), span.1, expression));
        }
        K::GenericType => {
            cx.node(Kind::Index, span, |cx| {
                for child in node.children() {
                    if kind(child) == K::Unknown { expressions(cx, child) } else { expression(cx, child) }
                }
            });
        }
        K::AsPattern => {
            cx.node(Kind::Assign, span, |cx| {
                // In a pattern of a case the name is no field.
                cx.slot(node.field(f().alias).or_else(|| node.children().last()), span.0, expression);
                cx.slot(node.first(), span.0, expression);
            });
        }
        K::ArgumentList => {
            cx.node(Kind::Args, span, |cx| expressions(cx, node));
        }
        // Statements that stand where an expression is looked for, in broken code and in patterns.
        K::FunctionDefinition | K::ClassDefinition | K::DecoratedDefinition | K::Block | K::ReturnStatement | K::ExpressionStatement => {
            statement(cx, node);
        }
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        cx.slot(node.field(f().function), span.0, expression);
        cx.slot(node.field(f().arguments), span.1, |cx, arguments| {
            cx.node(Kind::Args, arguments.span(), |cx| {
                // A generator that is the only argument brings its own parentheses.
                if kind(arguments) == K::GeneratorExpression { expression(cx, arguments) } else { expressions(cx, arguments) }
            });
        });
    });
}

fn slice(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Slice, span, |cx| {
        let mut parts = [None; 3];
        let mut at = 0;
        for child in node.all_children() {
            if !child.is_named() {
                at += 1;
            } else if let Some(part) = parts.get_mut(at) {
                *part = Some(child);
            }
        }
        for part in parts {
            cx.slot(part, span.1, expression);
        }
    });
}

/// `a < b < c` compares twice.
fn comparison(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let operands: Vec<Syntax<'_>> = node.children().filter(|child| child.in_field() != f().operators).collect();
    let mut operators = Vec::new();
    // `not in` and `is not` may be one token, or two.
    for token in node.all_children().filter(|child| child.in_field() == f().operators) {
        let words: Vec<&str> = token.text().split_ascii_whitespace().collect();
        operators.push(binary(&words.join(" ")));
    }
    let pair = |at: usize, _: Syntax<'_>| (Kind::Binary, operators.get(at - 1).copied().unwrap_or(Op::None));
    cx.row_of(pair, &operands, node.start(), expression);
}

fn comprehension(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op) {
    cx.node_op(Kind::Comprehension, op, node.span(), |cx| {
        for child in node.children() {
            match kind(child) {
                K::ForInClause => {
                    cx.node(Kind::CompFor, child.span(), |cx| {
                        cx.slot(child.field(f().left), child.start(), expression);
                        cx.slot(child.fields(f().right).next(), child.end(), expression);
                    });
                }
                K::IfClause => {
                    cx.node(Kind::CompIf, child.span(), |cx| expressions(cx, child));
                }
                _ => expression(cx, child),
            }
        }
    });
}

fn string(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (content, prefix) = content(node);
    let is_formatted = prefix.contains(['f', 'F', 't', 'T']) || node.children().any(|child| kind(child) == K::Interpolation);
    if is_formatted {
        cx.node(Kind::Interp, node.span(), |cx| string_parts(cx, node));
    } else if prefix.contains(['b', 'B']) && !cx.is_pattern() {
        // Bytes are not equal to a string of the same letters.
        cx.word(Kind::Str, Op::Template, content, node.span());
    } else {
        cx.string(content, node.span());
    }
}

/// What stands between the quotes, and the letters before them.
fn content<'a>(node: Syntax<'a>) -> (&'a str, &'a str) {
    let mut children = node.children();
    let start = children.clone().next().map_or(node.start(), Syntax::end);
    let end = children.by_ref().last().map_or(node.end(), Syntax::start);
    let prefix = node.text().split(['"', '\'']).next().unwrap_or_default();
    (node.source(start, end.max(start)), prefix)
}

fn string_parts(cx: &mut Cx<'_>, node: Syntax<'_>) {
    for part in node.children() {
        match kind(part) {
            K::StringContent => cx.string_part(part.text(), part.span()),
            K::Interpolation => cx.slot(part.field(f().expression), part.end(), expression),
            _ => {}
        }
    }
}

/// Strings side by side are one.
fn concatenated(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node_op(Kind::Interp, Op::Concat, node.span(), |cx| node.children().for_each(|part| string(cx, part)));
}

fn binary(token: &str) -> Op {
    match token {
        "//" => Op::FloorDiv,
        "**" => Op::Pow,
        "@" => Op::MatMul,
        "and" => Op::And,
        "or" => Op::Or,
        "<>" => Op::NotEq,
        "in" => Op::In,
        "not in" => Op::NotIn,
        "is" => Op::Same,
        "is not" => Op::NotSame,
        _ => operator::binary(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        super::super::check(&LANGUAGE, text, expected);
    }

    #[test]
    fn calls_and_members() {
        check(
            "a.b(1, *c, k='v', **d)[2]",
            r#"(expr-stmt (index (call (dot:dot (name a) (name b)) (args (number:int 1) (spread:splat (name c)) (kw-arg (name k) (str v)) (spread:double-splat (name d)))) (number:int 2)))"#,
        );
        check(
            "sum(x for x in y if x)",
            "(expr-stmt (call (name sum) (args (comprehension:generator (name x) (comp-for (name x) (name y)) (comp-if (name x))))))",
        );
    }

    #[test]
    fn imports() {
        check(
            "import a.b as c, d\nfrom . import e as f, g\nfrom h import *",
            r#"
            (import (dot:dot (name a) (name b)) (name c))
            (import (name d) _)
            (import-from (name .) (import-item (name e) (name f)) (import-item (name g) _))
            (import-from (name h) (import-item (name "*") _))"#,
        );
    }

    #[test]
    fn definitions() {
        check(
            "@app.route('/')\nasync def f(a, b: int = 1, *c, **d) -> str:\n    return a",
            r#"
            (func-def (attrs (annotation (call (dot:dot (name app) (name route)) (args (str "/")))) (modifier async)) (name f) (params (param (attrs) (name a) _ _) (param (attrs) (name b) (name int) (number:int 1)) (param:splat (attrs) (name c) _ _) (param:double-splat (attrs) (name d) _ _)) (name str) (block (return (name a))))"#,
        );
        check(
            "class A(B, metaclass=C):\n    x: int = 1",
            "(class-def:class (attrs) (name A) _ (bases (name B) (kw-arg (name metaclass) (name C))) (block (var-def (attrs) (name x) (name int) (number:int 1))))",
        );
    }

    #[test]
    fn branches_nest_in_the_last_slot() {
        check(
            "if a:\n  b\nelif c:\n  d\nelse:\n  e",
            "(if (name a) (block (expr-stmt (name b))) (if (name c) (block (expr-stmt (name d))) (block (expr-stmt (name e)))))",
        );
    }

    #[test]
    fn exceptions() {
        check(
            "try:\n  a\nexcept E as e:\n  b\nexcept:\n  c\nfinally:\n  d",
            "(try (block (expr-stmt (name a))) (catch (name E) (name e) (block (expr-stmt (name b)))) (catch _ _ (block (expr-stmt (name c)))) _ (finally (block (expr-stmt (name d)))))",
        );
        check("raise E(1) from x", "(throw (call (name E) (args (number:int 1))) (name x))");
    }

    #[test]
    fn strings() {
        check("f'a{b}c' 'd'", "(expr-stmt (interp:. (interp (str a) (name b) (str c)) (str d)))");
        check("'a' \"b\"", "(expr-stmt (interp:. (str a) (str b)))");
        check("\"\"\"x\\n\"\"\"", r#"(expr-stmt (str "x\\n"))"#);
    }

    #[test]
    fn operators() {
        check("a < b <= c", "(expr-stmt (binary:<= (binary:< (name a) (name b)) (name c)))");
        check(
            "a not in b and not c is not d",
            "(expr-stmt (binary:&& (binary:not-in (name a) (name b)) (unary:! (binary:!== (name c) (name d)))))",
        );
        check("x = y = -0x10", "(expr-stmt (assign (name x) (assign (name y) (unary:- (number:int 16)))))");
        check("x += 1.50", "(expr-stmt (aug-assign:+ (name x) (number:float 1.5)))");
    }

    #[test]
    fn statements() {
        check("with open(p) as f, g:\n  pass", "(with (assign (name f) (call (name open) (args (name p)))) (name g) (block (other pass)))");
        check("for a, b in c:\n  pass", "(for-each (tuple (name a) (name b)) (name c) (block (other pass)))");
        check("a[1:2, ::3]", "(expr-stmt (index (name a) (tuple (slice (number:int 1) (number:int 2) _) (slice _ _ (number:int 3)))))");
        check(
            "match a:\n  case 1:\n    b\n  case _:\n    c",
            "(switch (name a) (case (number:int 1) (block (expr-stmt (name b)))) (case (block (expr-stmt (name c)))))",
        );
    }
}
