//! Expressions, types and literals.

use smallvec::SmallVec;

use super::{
    Cx, K, Kind, NumberSyntax, Op, Syntax,
    class::class,
    declaration::{parameter, parameters},
    declarator::{declared, result, typed},
    f, kind, number, operator,
    statement::{body, statement},
};

pub(super) fn expressions(cx: &mut Cx<'_>, parent: Syntax<'_>) {
    for child in parent.children() {
        expression(cx, child);
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let mut node = node;
    while matches!(
        kind(node),
        K::ParenthesizedExpression
            | K::ExtensionExpression
            | K::DependentType
            | K::DependentName
            | K::SubscriptDesignator
            | K::FieldDesignator
    ) {
        let Some(inner) = node.first() else { return cx.opaque(node) };
        node = inner;
    }
    let span = node.span();
    match kind(node) {
        K::Identifier
        | K::TypeIdentifier
        | K::FieldIdentifier
        | K::StatementIdentifier
        | K::NamespaceIdentifier
        | K::PrimitiveType
        | K::Auto
        | K::This => cx.name_of(node),
        K::PlaceholderTypeSpecifier => cx.slot(node.children().last(), span.0, expression),
        K::SizedTypeSpecifier | K::DestructorName | K::OperatorName => {
            let words: Vec<&str> = node.text().split_ascii_whitespace().collect();
            cx.name(&words.join(" "), span);
        }
        K::OperatorCast => {
            let end = node.field(f(node).type_).map_or(span.1, Syntax::end);
            cx.name(node.source(span.0, end), (span.0, end));
        }
        K::NumberLiteral => number_literal(cx, node),
        K::True => cx.word(Kind::Bool, Op::None, "true", span),
        K::False => cx.word(Kind::Bool, Op::None, "false", span),
        K::Null => cx.word(Kind::Null, Op::None, "NULL", span),
        K::CharLiteral => cx.word(Kind::Char, Op::None, quoted(node, '\''), span),
        K::StringLiteral | K::RawStringLiteral => cx.string(content(node), span),
        K::SystemLibString => cx.string(node.text().trim_start_matches('<').trim_end_matches('>'), span),
        K::ConcatenatedString => concatenated(cx, node),
        K::CallExpression => call(cx, node),
        K::ArgumentList => arguments(cx, node),
        K::FieldExpression => {
            let op = if node.has_token("->") { Op::ArrowMember } else { Op::Dot };
            let object = node.field(f(node).argument);
            member(cx, |cx| cx.slot(object, span.0, expression), node.field(f(node).field), op, span);
        }
        K::QualifiedIdentifier => {
            let path = path(node);
            scopes(cx, &path, span.0);
        }
        K::NestedNamespaceSpecifier => {
            let mut names: SmallVec<[Syntax<'_>; 4]> = SmallVec::new();
            let mut next = Some(node);
            while let Some(nested) = next {
                next = nested.children().find(|child| kind(*child) == K::NestedNamespaceSpecifier);
                names.extend(nested.children().filter(|child| kind(*child) != K::NestedNamespaceSpecifier));
            }
            scopes(cx, &names, span.0);
        }
        K::TemplateType | K::TemplateFunction | K::TemplateMethod => {
            cx.node(Kind::TypeArgs, span, |cx| {
                cx.slot(node.field(f(node).name), span.0, expression);
                cx.slot(node.field(f(node).arguments), span.1, expressions);
            });
        }
        K::SubscriptExpression => {
            cx.node(Kind::Index, span, |cx| {
                cx.slot(node.field(f(node).argument), span.0, expression);
                match node.field(f(node).indices) {
                    Some(list) => expressions(cx, list),
                    None => cx.slot(node.field(f(node).index), span.1, expression),
                }
            });
        }
        K::AssignmentExpression => {
            let (kind, op) = operator::assignment(node.field(f(node).operator).map_or("=", Syntax::text), binary);
            cx.node_op(kind, op, span, |cx| {
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        K::BinaryExpression => {
            let op = node.field(f(node).operator).map_or(Op::None, |token| binary(token.text()));
            cx.node_op(Kind::Binary, op, span, |cx| {
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        K::UnaryExpression | K::PointerExpression | K::UpdateExpression => {
            let op = node.field(f(node).operator).map_or(Op::None, |token| match token.text() {
                "not" => Op::Not,
                "compl" => Op::BitNot,
                "*" => Op::Deref,
                "&" => Op::AddressOf,
                other => operator::unary(other),
            });
            cx.node_op(Kind::Unary, op, span, |cx| cx.slot(node.field(f(node).argument), span.1, expression));
        }
        K::ConditionalExpression => {
            cx.node(Kind::Ternary, span, |cx| {
                for field in [f(node).condition, f(node).consequence, f(node).alternative] {
                    cx.slot(node.field(field), span.1, expression);
                }
            });
        }
        K::CommaExpression => {
            cx.node(Kind::Tuple, span, |cx| {
                let mut next = Some(node);
                while let Some(comma) = next.filter(|next| kind(*next) == K::CommaExpression) {
                    cx.slot(comma.field(f(comma).left), span.0, expression);
                    next = comma.field(f(comma).right);
                }
                cx.slot(next, span.1, expression);
            });
        }
        K::CastExpression => {
            cx.node(Kind::Cast, span, |cx| {
                cx.slot(node.field(f(node).type_), span.0, expression);
                cx.slot(node.field(f(node).value), span.1, expression);
            });
        }
        // Qualifiers of a type that is no definition's are left out.
        K::TypeDescriptor => {
            let found = declared(node.field(f(node).declarator));
            typed(cx, node.field(f(node).type_), &found.layers, span.0);
        }
        K::SizeofExpression | K::AlignofExpression | K::OffsetofExpression | K::AlignasQualifier | K::Decltype => of_something(cx, node),
        K::MacroTypeSpecifier => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(node.field(f(node).name), span.0, expression);
                cx.node(Kind::Args, span, |cx| cx.slot(node.field(f(node).type_), span.1, expression));
            });
        }
        K::CompoundLiteralExpression => {
            cx.node(Kind::New, span, |cx| {
                cx.slot(node.field(f(node).type_), span.0, expression);
                cx.slot(node.field(f(node).value), span.1, arguments);
                cx.none(span.1);
            });
        }
        K::InitializerList => {
            let is_keyed = node.children().any(|child| kind(child) == K::InitializerPair);
            cx.node(if is_keyed { Kind::Dict } else { Kind::List }, span, |cx| expressions(cx, node));
        }
        K::InitializerPair => {
            cx.node(Kind::KeyValue, span, |cx| {
                let designators: SmallVec<[Syntax<'_>; 4]> = node.fields(f(node).designator).collect();
                let is_field = |last: Syntax<'_>| kind(last) == K::FieldDesignator;
                let pair = |_, last: Syntax<'_>| if is_field(last) { (Kind::Dot, Op::Dot) } else { (Kind::Index, Op::None) };
                cx.row_of(pair, &designators, span.0, expression);
                cx.slot(node.field(f(node).value), span.1, expression);
            });
        }
        K::NewExpression => new(cx, node),
        K::DeleteExpression => {
            cx.node(Kind::Delete, span, |cx| expressions(cx, node));
        }
        K::LambdaExpression => lambda(cx, node),
        K::LambdaCaptureInitializer => {
            cx.node_op(Kind::VarDef, Op::Var, span, |cx| {
                cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                cx.slot(node.field(f(node).left), span.0, expression);
                cx.none(span.0);
                cx.slot(node.field(f(node).right), span.1, expression);
            });
        }
        K::ParameterPackExpansion => {
            cx.node_op(Kind::Spread, Op::Splat, span, |cx| cx.slot(node.field(f(node).pattern), span.0, expression));
        }
        K::CoAwaitExpression => {
            cx.node(Kind::Await, span, |cx| cx.slot(node.field(f(node).argument), span.1, expression));
        }
        K::ConditionClause => cx.slot(node.field(f(node).value), span.0, expression),
        // A type by name, or one that is defined right here.
        K::StructSpecifier | K::UnionSpecifier | K::ClassSpecifier | K::EnumSpecifier => {
            let name = node.field(f(node).name);
            match name.filter(|_| node.field(f(node).body).is_none()) {
                Some(name) => expression(cx, name),
                None => class(cx, node, span, None),
            }
        }
        K::ParameterList => parameters(cx, node),
        K::ParameterDeclaration | K::OptionalParameterDeclaration | K::VariadicParameterDeclaration => parameter(cx, node),
        K::CompoundStatement
        | K::Declaration
        | K::ExpressionStatement
        | K::FieldDeclaration
        | K::FunctionDefinition
        | K::ReturnStatement
        | K::ThrowStatement => statement(cx, node),
        _ if node.is_error() => cx.opaque(node),
        _ => cx.other(node.kind_name(), node, expression),
    }
}

pub(super) fn arguments(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Args, node.span(), |cx| expressions(cx, node));
}

/// Casts of C++ look like calls with a type.
fn call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let (callee, list) = (node.field(f(node).function), node.field(f(node).arguments));
    let cast = callee.filter(|callee| kind(*callee) == K::TemplateFunction).and_then(|callee| {
        let name = callee.field(f(callee).name).map_or("", Syntax::text);
        let is_cast = matches!(name, "static_cast" | "dynamic_cast" | "reinterpret_cast" | "const_cast");
        callee.field(f(callee).arguments).filter(|_| is_cast).and_then(Syntax::first)
    });
    match (cast, list.and_then(Syntax::first)) {
        (Some(type_), Some(value)) => {
            cx.node(Kind::Cast, span, |cx| {
                expression(cx, type_);
                expression(cx, value);
            });
        }
        _ => {
            cx.node(Kind::Call, span, |cx| {
                cx.slot(callee, span.0, expression);
                cx.slot(list, span.1, arguments);
            });
        }
    }
}

/// The names of `A::B::c`.
pub(super) fn path(node: Syntax<'_>) -> SmallVec<[Syntax<'_>; 4]> {
    let mut names = SmallVec::new();
    let mut next = Some(node);
    while let Some(name) = next {
        if kind(name) == K::QualifiedIdentifier {
            names.extend(name.field(f(name).scope));
            next = name.fields(f(name).name).last();
        } else {
            names.push(name);
            next = None;
        }
    }
    names
}

/// `A::B` as members of members.
pub(super) fn scopes(cx: &mut Cx<'_>, names: &[Syntax<'_>], at: u32) {
    match names {
        [] => cx.none(at),
        [only] => expression(cx, *only),
        [first, .., last] => {
            let rest = names.split_last().map_or(&[][..], |(_, rest)| rest);
            member(cx, |cx| scopes(cx, rest, at), Some(*last), Op::Scope, (first.start(), last.end()));
        }
    }
}

/// A member; the arguments of a template are those of the whole.
fn member(cx: &mut Cx<'_>, object: impl FnOnce(&mut Cx<'_>), name: Option<Syntax<'_>>, op: Op, span: (u32, u32)) {
    let mut name = name;
    while let Some(inner) = name.filter(|name| kind(*name) == K::DependentName).and_then(Syntax::first) {
        name = Some(inner);
    }
    let template = name.filter(|name| matches!(kind(*name), K::TemplateType | K::TemplateFunction | K::TemplateMethod));
    let Some(template) = template else {
        cx.node_op(Kind::Dot, op, span, |cx| {
            object(cx);
            cx.slot(name, span.1, expression);
        });
        return;
    };
    cx.node(Kind::TypeArgs, span, |cx| {
        let name = template.field(f(template).name);
        cx.node_op(Kind::Dot, op, (span.0, name.map_or(span.1, Syntax::end)), |cx| {
            object(cx);
            cx.slot(name, span.1, expression);
        });
        cx.slot(template.field(f(template).arguments), span.1, expressions);
    });
}

/// The sign may be a part of the number.
fn number_literal(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let (text, span) = (node.text(), node.span());
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (Some(if text.starts_with('-') { Op::Sub } else { Op::Add }), digits),
        None => (None, text),
    };
    let is_hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    let is_float = digits.contains('.') || digits.contains(if is_hexadecimal { ['p', 'P'] } else { ['e', 'E'] });
    let op = if is_float { Op::Float } else { Op::Int };
    let inner = (span.1.saturating_sub(u32::try_from(digits.len()).unwrap_or_default()), span.1);
    match sign {
        Some(sign) => {
            cx.node_op(Kind::Unary, sign, span, |cx| number::lower_text(cx, digits, inner, op, NumberSyntax::OctalByZero));
        }
        None => number::lower_text(cx, digits, span, op, NumberSyntax::OctalByZero),
    }
}

/// What stands between the quotes; a prefix says how it is encoded.
fn quoted(node: Syntax<'_>, quote: char) -> &str {
    let text = node.text();
    let content = text.split_once(quote).map_or("", |(_, content)| content);
    content.strip_suffix(quote).unwrap_or(content)
}

fn content(node: Syntax<'_>) -> &str {
    match kind(node) {
        K::RawStringLiteral => node.children().find(|child| kind(*child) == K::RawStringContent).map_or("", Syntax::text),
        _ => quoted(node, '"'),
    }
}

/// Strings side by side are one; names between them are macros.
fn concatenated(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let is_string = |part: Syntax<'_>| matches!(kind(part), K::StringLiteral | K::RawStringLiteral);
    if node.children().all(is_string) {
        let text: String = node.children().map(content).collect();
        return cx.string(&text, node.span());
    }
    cx.node(Kind::Interp, node.span(), |cx| expressions(cx, node));
}

/// `sizeof`, `alignof`, `offsetof`, `alignas` and `decltype` look like calls.
fn of_something(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    cx.node(Kind::Call, span, |cx| {
        let word = node.all_children().next();
        cx.slot(word, span.0, Cx::name_of);
        let start = word.map_or(span.0, Syntax::end);
        cx.node(Kind::Args, (start, span.1), |cx| expressions(cx, node));
    });
}

/// The size of an array is its argument; where something is placed is one with a name.
fn new(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let type_ = node.field(f(node).type_);
    let mut sizes: SmallVec<[Syntax<'_>; 4]> = SmallVec::new();
    let mut next = node.field(f(node).declarator);
    while let Some(declarator) = next {
        sizes.extend(declarator.field(f(declarator).length));
        next = declarator.children().find(|child| kind(*child) == K::NewDeclarator);
    }
    let list = node.field(f(node).arguments);
    let placement = node.field(f(node).placement);
    cx.node(Kind::New, span, |cx| {
        cx.slot(type_, span.0, |cx, type_| array_of(cx, type_, sizes.len()));
        let at = type_.map_or(span.1, Syntax::end);
        cx.node(Kind::Args, list.map_or((at, span.1), Syntax::span), |cx| {
            sizes.iter().for_each(|size| expression(cx, *size));
            if let Some(list) = list {
                expressions(cx, list);
            }
            for place in placement.iter().flat_map(|list| list.children()) {
                cx.node(Kind::KwArg, place.span(), |cx| {
                    cx.name("placement", place.span());
                    expression(cx, place);
                });
            }
        });
        cx.none(span.1);
    });
}

fn array_of(cx: &mut Cx<'_>, type_: Syntax<'_>, n_dimensions: usize) {
    if n_dimensions == 0 {
        return expression(cx, type_);
    }
    cx.node_op(Kind::TypeOf, Op::Array, type_.span(), |cx| array_of(cx, type_, n_dimensions - 1));
}

/// What a lambda captures follows its body.
fn lambda(cx: &mut Cx<'_>, node: Syntax<'_>) {
    let span = node.span();
    let captures = node.field(f(node).captures);
    let at = captures.map_or(span.0, Syntax::end);
    let found = declared(node.field(f(node).declarator));
    cx.node(Kind::Lambda, span, |cx| {
        match found.function() {
            Some(function) => {
                cx.slot(function.field(f(function).parameters), at, parameters);
                result(cx, function, None, &[], at);
            }
            None => {
                cx.node(Kind::Params, (at, at), |_| {});
                cx.none(at);
            }
        }
        body(cx, node.field(f(node).body), span.1);
        if let Some(captures) = captures.filter(|captures| captures.first().is_some()) {
            cx.other("captures", captures, expression);
        }
    });
}

pub(super) fn binary(token: &str) -> Op {
    match token {
        "bitand" | "and_eq" => Op::BitAnd,
        "bitor" | "or_eq" => Op::BitOr,
        "xor" | "xor_eq" => Op::BitXor,
        "and" => Op::And,
        "or" => Op::Or,
        "not_eq" => Op::NotEq,
        "<=>" => Op::Compare,
        _ => operator::binary(token),
    }
}
