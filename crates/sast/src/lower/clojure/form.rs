//! What a form means: by its brackets, and for a list by its first word.

use super::{
    Item, bind, data, is_dots,
    reader::{Form, Shape},
};
use crate::{
    ir::{Kind, Op},
    lower::{
        Cx,
        number::{self, NumberSyntax},
    },
};

/// A form as a statement.
pub(super) fn statement(cx: &mut Cx<'_>, item: Item<'_>) {
    let span = item.span();
    let list = item.form().filter(|form| form.shape == Shape::List);
    let is_built = match (list, item) {
        (Some(list), _) => {
            let items: Vec<Item<'_>> = list.children.iter().map(Item::Form).collect();
            special(cx, &items, span, Place::Statement)
        }
        _ => false,
    };
    if is_built {
        return;
    }
    if item.form().is_some_and(|form| form.shape == Shape::Skipped) {
        return cx.unread(span);
    }
    if item.form().is_some_and(|form| is_dots(cx, form)) {
        return expression(cx, item);
    }
    cx.node(Kind::ExprStmt, span, |cx| expression(cx, item));
    if let Some(list) = list.filter(|list| !cx.is_pattern() && list.children.len() < MAX_CLAUSES) {
        imports(cx, list);
    }
}

pub(super) fn expression_of(cx: &mut Cx<'_>, form: Option<&Form<'_>>, at: u32) {
    match form {
        Some(form) => expression(cx, Item::Form(form)),
        None => cx.none(at),
    }
}

pub(super) fn expression(cx: &mut Cx<'_>, item: Item<'_>) {
    cx.deeper(item.span(), |cx| match item {
        Item::Form(form) => of_form(cx, form),
        Item::Threaded { forms, is_last, span } => threaded(cx, forms, is_last, span),
    });
}

fn of_form(cx: &mut Cx<'_>, form: &Form<'_>) {
    let span = form.span;
    let only = form.children.first();
    match form.shape {
        Shape::List => {
            let items: Vec<Item<'_>> = form.children.iter().map(Item::Form).collect();
            list(cx, &items, span);
        }
        Shape::Vector => {
            cx.node(Kind::List, span, |cx| form.children.iter().for_each(|child| expression(cx, Item::Form(child))));
        }
        Shape::Set => {
            cx.node(Kind::Set, span, |cx| form.children.iter().for_each(|child| expression(cx, Item::Form(child))));
        }
        Shape::Map => data::map(cx, form, |cx, form| expression(cx, Item::Form(form))),
        Shape::Function => function(cx, form),
        Shape::Quote | Shape::Template => {
            cx.node_with(Kind::Other, Op::None, "quote", span, |cx| {
                if let Some(only) = only {
                    data::data(cx, only);
                }
            });
        }
        Shape::Deref => {
            cx.node_op(Kind::Unary, Op::Deref, span, |cx| expression_of(cx, only, span.1));
        }
        Shape::Var => {
            cx.node_op(Kind::Unary, Op::AddressOf, span, |cx| expression_of(cx, only, span.1));
        }
        Shape::Meta | Shape::Tagged => expression_of(cx, form.children.last(), span.1),
        Shape::Unquote => expression_of(cx, only, span.1),
        Shape::Discard => cx.none(span.0),
        Shape::Conditional => {
            // All that may be read.
            cx.node_with(Kind::Other, Op::None, "conditional", span, |cx| {
                let branches = only.into_iter().flat_map(|list| list.children.chunks(2)).filter_map(|pair| pair.get(1));
                branches.for_each(|branch| expression(cx, Item::Form(branch)));
            });
        }
        Shape::Deep => {
            cx.node(Kind::Call, span, |cx| {
                cx.name(crate::lower::reserved::DEEP, (span.0, span.0));
                cx.node(Kind::Args, span, |cx| form.children.iter().for_each(|child| expression(cx, Item::Form(child))));
            });
        }
        Shape::Regex => cx.word(Kind::Regex, Op::None, form.text, span),
        Shape::Text => cx.string(form.text, span),
        Shape::Char => cx.word(Kind::Char, Op::None, form.text, span),
        Shape::Number => {
            let op = if form.text.contains(['.', 'e', 'E']) && !form.text.starts_with("0x") { Op::Float } else { Op::Int };
            number::lower_text(cx, form.text, span, op, NumberSyntax::C);
        }
        Shape::Keyword => cx.word(Kind::Atom, Op::None, form.text.trim_start_matches(':'), span),
        Shape::Symbol => word(cx, form),
        Shape::Skipped => cx.unread(span),
    }
}

/// A symbol: a constant, a name, or a path of names.
pub(super) fn word(cx: &mut Cx<'_>, form: &Form<'_>) {
    match form.text {
        "nil" => cx.word(Kind::Null, Op::None, "nil", form.span),
        "true" | "false" => cx.word(Kind::Bool, Op::None, form.text, form.span),
        text if form.shape == Shape::Symbol => path(cx, text, form.span.0),
        _ => of_form(cx, form),
    }
}

/// `a.b/c` as a member of members. A name of operators is one word.
fn path(cx: &mut Cx<'_>, text: &str, start: u32) {
    let end = start + u32::try_from(text.len()).unwrap_or(0);
    let split = text.rsplit_once('/').filter(|(before, after)| !before.is_empty() && !after.is_empty());
    let split =
        split.or_else(|| text.rsplit_once('.').filter(|(before, after)| !before.is_empty() && !after.is_empty() && !before.ends_with('.')));
    match split {
        Some((before, last)) => {
            let at = end.saturating_sub(u32::try_from(last.len()).unwrap_or(0));
            cx.node_op(Kind::Dot, Op::Dot, (start, end), |cx| {
                path(cx, before, start);
                cx.name(last, (at, end));
            });
        }
        None => cx.name(text, (start, end)),
    }
}

/// Where a form stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Statement,
    Expression,
}

/// How many forms `ns` may have.
const MAX_CLAUSES: usize = 1_000;

fn list(cx: &mut Cx<'_>, items: &[Item<'_>], span: (u32, u32)) {
    if !special(cx, items, span, Place::Expression) {
        call(cx, items, span);
    }
}

fn call(cx: &mut Cx<'_>, items: &[Item<'_>], span: (u32, u32)) {
    let Some((head, arguments)) = items.split_first() else {
        cx.node(Kind::Tuple, span, |_| {});
        return;
    };
    let form = head.form();
    let args = |cx: &mut Cx<'_>, arguments: &[Item<'_>]| {
        let start = arguments.first().map_or(span.1, |first| first.span().0);
        cx.node(Kind::Args, (start.min(span.1), span.1), |cx| arguments.iter().for_each(|one| expression(cx, *one)));
    };
    let symbol = form.filter(|form| form.shape == Shape::Symbol).map_or("", |form| form.text);
    // `( ... )` of a pattern is any form.
    if arguments.is_empty() && form.is_some_and(|form| is_dots(cx, form)) {
        return expression(cx, *head);
    }
    // `(.method object a)`
    if let (Some(method), Some((object, rest))) =
        (symbol.strip_prefix('.').filter(|name| !name.is_empty() && !name.starts_with('.')), arguments.split_first())
    {
        cx.node(Kind::Call, span, |cx| {
            cx.node_op(Kind::Dot, Op::Dot, (head.span().0, object.span().1.max(head.span().1)), |cx| {
                expression(cx, *object);
                cx.name(method.trim_start_matches('-'), (head.span().0 + 1, head.span().1));
            });
            args(cx, rest);
        });
        return;
    }
    // `(Class. a)`, `(new Class a)`
    let class = symbol.strip_suffix('.').filter(|name| !name.is_empty() && !name.ends_with('.'));
    if let Some(class) = class {
        cx.node(Kind::New, span, |cx| {
            path(cx, class, head.span().0);
            args(cx, arguments);
            cx.none(span.1);
        });
        return;
    }
    if let ("new", Some((class, rest))) = (symbol, arguments.split_first()) {
        cx.node(Kind::New, span, |cx| {
            expression(cx, *class);
            args(cx, rest);
            cx.none(span.1);
        });
        return;
    }
    // `(:key map)`
    if let (Some(key), [object]) = (form.filter(|form| form.shape == Shape::Keyword), arguments) {
        cx.node(Kind::Index, span, |cx| {
            expression(cx, *object);
            expression(cx, Item::Form(key));
        });
        return;
    }
    cx.node(Kind::Call, span, |cx| {
        expression(cx, *head);
        args(cx, arguments);
    });
}

/// Statements in a row.
fn block(cx: &mut Cx<'_>, items: &[Item<'_>], at: u32) {
    let start = items.first().map_or(at, |first| first.span().0);
    let end = items.last().map_or(start, |last| last.span().1).max(start);
    cx.node(Kind::Block, (start, end), |cx| items.iter().for_each(|item| statement(cx, *item)));
}

/// Builds a list that is no call; false if it is one.
fn special(cx: &mut Cx<'_>, items: &[Item<'_>], span: (u32, u32), place: Place) -> bool {
    let Some((head, rest)) = items.split_first() else { return false };
    let Some(symbol) = head.form().filter(|form| form.shape == Shape::Symbol) else { return false };
    let mut is_built = true;
    let name = symbol.text.strip_prefix("clojure.core/").unwrap_or(symbol.text);
    cx.deeper(span, |cx| is_built = special_form(cx, name, rest, span, place));
    is_built
}

fn special_form(cx: &mut Cx<'_>, name: &str, rest: &[Item<'_>], span: (u32, u32), place: Place) -> bool {
    match (name, rest) {
        ("def" | "defonce", [title, values @ ..]) => {
            cx.node_op(Kind::VarDef, Op::Const, span, |cx| {
                cx.empty(Kind::Attrs, span.0);
                named(cx, *title);
                cx.none(span.0);
                match values.last() {
                    Some(value) => expression(cx, *value),
                    None => cx.none(span.1),
                }
            });
        }
        ("defn" | "defn-" | "defmacro" | "defmethod", [title, rest @ ..]) => define(cx, name, *title, rest, span),
        ("fn" | "fn*", rest) => lambda(cx, rest, span),
        ("do", rest) => {
            cx.node(Kind::Block, span, |cx| rest.iter().for_each(|item| statement(cx, *item)));
        }
        (
            "let" | "let*" | "loop" | "binding" | "with-open" | "with-redefs" | "when-let" | "when-some" | "if-let" | "if-some",
            [bindings, rest @ ..],
        ) => {
            let Some(bindings) = bindings.form().filter(|form| form.shape == Shape::Vector) else { return false };
            cx.node(Kind::Block, span, |cx| {
                bind::pairs(cx, &bindings.children, bind::variable);
                if name.starts_with("if-") || name.starts_with("when-") {
                    let condition = bindings.children.first().filter(|bound| bound.shape == Shape::Symbol);
                    cx.node(Kind::If, span, |cx| {
                        match condition {
                            Some(bound) => word(cx, bound),
                            None => cx.word(Kind::Bool, Op::None, "true", bindings.span),
                        }
                        branches(cx, rest, span, name.starts_with("when-"));
                    });
                } else {
                    rest.iter().for_each(|item| statement(cx, *item));
                }
            });
        }
        ("if" | "if-not" | "when" | "when-not", [condition, rest @ ..]) => {
            cx.node(Kind::If, span, |cx| {
                if name.ends_with("-not") {
                    cx.node_op(Kind::Unary, Op::Not, condition.span(), |cx| expression(cx, *condition));
                } else {
                    expression(cx, *condition);
                }
                branches(cx, rest, span, name.starts_with("when"));
            });
        }
        ("cond", rest) if !rest.is_empty() && rest.len() % 2 == 0 => cond(cx, rest, span),
        ("case", [value, rest @ ..]) => {
            cx.node(Kind::Switch, span, |cx| {
                expression(cx, *value);
                for pair in rest.chunks(2) {
                    let (pattern, given) = match pair {
                        [pattern, given] => (Some(*pattern), *given),
                        [given, ..] => (None, *given),
                        [] => continue,
                    };
                    cx.node(Kind::Case, (pattern.map_or(given.span().0, |pattern| pattern.span().0), given.span().1), |cx| {
                        if let Some(pattern) = pattern {
                            expression(cx, pattern);
                        }
                        block(cx, &[given], span.1);
                    });
                }
            });
        }
        ("doseq" | "for" | "dotimes", [bindings, rest @ ..]) => {
            let Some(bindings) = bindings.form().filter(|form| form.shape == Shape::Vector) else { return false };
            each(cx, name, bindings, rest, span);
        }
        ("while", [condition, rest @ ..]) => {
            cx.node(Kind::While, span, |cx| {
                expression(cx, *condition);
                block(cx, rest, span.1);
            });
        }
        ("try", rest) => attempt(cx, rest, span),
        ("throw", [value]) => {
            cx.node(Kind::Throw, span, |cx| {
                expression(cx, *value);
                cx.none(span.1);
            });
        }
        ("set!", [target, value]) => {
            let build = |cx: &mut Cx<'_>| {
                cx.node(Kind::Assign, span, |cx| {
                    expression(cx, *target);
                    expression(cx, *value);
                });
            };
            if place == Place::Statement {
                cx.node(Kind::ExprStmt, span, build);
            } else {
                build(cx);
            }
        }
        ("->" | "->>" | "some->" | "some->>" | "as->" | "cond->" | "cond->>", rest) if place == Place::Expression => {
            let forms: Option<Vec<&Form<'_>>> = rest.iter().map(|item| item.form()).collect();
            match forms {
                Some(forms) => thread(cx, name, &forms, span),
                None => return false,
            }
        }
        ("ns" | "require" | "use" | "import", rest) if place == Place::Expression => {
            cx.node(Kind::Call, span, |cx| {
                cx.name(name, (span.0, span.0));
                cx.node(Kind::Args, span, |cx| {
                    for item in rest {
                        match item.form() {
                            Some(form) => data::data(cx, form),
                            None => expression(cx, *item),
                        }
                    }
                });
            });
        }
        _ => return false,
    }
    true
}

/// The name of a definition; dots are any.
fn named(cx: &mut Cx<'_>, title: Item<'_>) {
    let mut form = title.form();
    while let Some(meta) = form.filter(|form| form.shape == Shape::Meta) {
        form = meta.children.last();
    }
    match form {
        Some(form) if is_dots(cx, form) => cx.name("MV___", form.span),
        Some(form) => word(cx, form),
        None => expression(cx, title),
    }
}

/// What runs if a condition holds, and what else.
fn branches(cx: &mut Cx<'_>, rest: &[Item<'_>], span: (u32, u32), is_when: bool) {
    match rest {
        _ if is_when => {
            block(cx, rest, span.1);
            cx.none(span.1);
        }
        [then, otherwise, ..] => {
            block(cx, &[*then], span.1);
            block(cx, &[*otherwise], span.1);
        }
        then => {
            block(cx, then, span.1);
            cx.none(span.1);
        }
    }
}

fn cond(cx: &mut Cx<'_>, pairs: &[Item<'_>], span: (u32, u32)) {
    let [condition, then, rest @ ..] = pairs else { return cx.none(span.1) };
    cx.node(Kind::If, (condition.span().0.min(span.1), span.1), |cx| {
        expression(cx, *condition);
        block(cx, &[*then], span.1);
        match rest {
            [word, otherwise] if word.form().is_some_and(|form| form.shape == Shape::Keyword) => block(cx, &[*otherwise], span.1),
            rest => cond(cx, rest, span),
        }
    });
}

/// The clauses of a function: parameters and a body, each in its own list or the only one without.
fn clauses<'f>(rest: &'f [Item<'f>]) -> Vec<(Option<&'f Form<'f>>, Vec<Item<'f>>)> {
    let is_vector = |item: &Item<'_>| item.form().is_some_and(|form| form.shape == Shape::Vector);
    if let Some(at) = rest.iter().position(is_vector) {
        let parameters = rest.get(at).and_then(|item| item.form());
        return vec![(parameters, rest.get(at + 1..).unwrap_or_default().to_vec())];
    }
    let lists = rest.iter().filter_map(|item| item.form()).filter(|form| form.shape == Shape::List);
    let clause = |list: &'f Form<'f>| {
        let (first, others) = list.children.split_first()?;
        (first.shape == Shape::Vector).then(|| (Some(first), others.iter().map(Item::Form).collect()))
    };
    let found: Vec<_> = lists.filter_map(clause).collect();
    if found.is_empty() {
        // `(defn ... ... (...))` of a pattern.
        return match rest.split_first() {
            Some((first, others)) => vec![(first.form().filter(|form| form.shape == Shape::Symbol), others.to_vec())],
            None => Vec::new(),
        };
    }
    found
}

/// `(defn f [a] b)`, `(defn f ([a] b) ([a b] c))`
fn define(cx: &mut Cx<'_>, word: &str, title: Item<'_>, rest: &[Item<'_>], span: (u32, u32)) {
    for (at, (parameters, body)) in clauses(rest).into_iter().enumerate() {
        let start = parameters.map_or(span.0, |parameters| parameters.span.0);
        let end = body.last().map_or(start, |last| last.span().1).max(start);
        let (op, whole) = if at == 0 { (Op::None, span) } else { (Op::Clause, (start, end)) };
        cx.node_op(Kind::FuncDef, op, whole, |cx| {
            cx.node(Kind::Attrs, (span.0, span.0), |cx| {
                if word != "defn" {
                    cx.word(Kind::Modifier, Op::None, word, (span.0, span.0));
                }
            });
            named(cx, title);
            bind::parameters(cx, parameters, start);
            cx.none(start);
            block(cx, &body, end);
        });
    }
}

/// `(fn f [a] b)`; clauses behind the first are functions in the body of that.
fn lambda(cx: &mut Cx<'_>, rest: &[Item<'_>], span: (u32, u32)) {
    let all = clauses(rest);
    let Some(((parameters, body), others)) = all.split_first() else { return cx.unread(span) };
    lambda_clause(cx, *parameters, body, others, span);
}

type Clause<'f> = (Option<&'f Form<'f>>, Vec<Item<'f>>);

fn lambda_clause(cx: &mut Cx<'_>, parameters: Option<&Form<'_>>, body: &[Item<'_>], others: &[Clause<'_>], span: (u32, u32)) {
    cx.node(Kind::Lambda, span, |cx| {
        bind::parameters(cx, parameters, span.0);
        cx.none(span.0);
        let start = body.first().map_or(span.1, |first| first.span().0);
        cx.node(Kind::Block, (start, span.1.max(start)), |cx| {
            body.iter().for_each(|item| statement(cx, *item));
            for (parameters, body) in others {
                let from = parameters.map_or(span.0, |parameters| parameters.span.0);
                let inner = (from, body.last().map_or(from, |last| last.span().1).max(from));
                cx.node(Kind::ExprStmt, inner, |cx| lambda_clause(cx, *parameters, body, &[], inner));
            }
        });
    });
}

/// `#(f %1 %)`
fn function(cx: &mut Cx<'_>, form: &Form<'_>) {
    const NAMES: [&str; 6] = ["%", "%1", "%2", "%3", "%4", "%&"];
    let span = form.span;
    let mut used = [false; NAMES.len()];
    let mut pending: Vec<&Form<'_>> = form.children.iter().collect();
    while let Some(form) = pending.pop() {
        if let Some(slot) = NAMES.iter().position(|name| form.is(Shape::Symbol, name)).and_then(|at| used.get_mut(at)) {
            *slot = true;
        }
        pending.extend(&form.children);
    }
    cx.node(Kind::Lambda, span, |cx| {
        cx.node(Kind::Params, (span.0, span.0), |cx| {
            for (name, _) in NAMES.iter().zip(used).filter(|(_, used)| *used) {
                cx.node_op(Kind::Param, if *name == "%&" { Op::Splat } else { Op::None }, (span.0, span.0), |cx| {
                    cx.empty(Kind::Attrs, span.0);
                    cx.name(name, (span.0, span.0));
                    cx.none(span.0);
                    cx.none(span.0);
                });
            }
        });
        cx.none(span.0);
        let items: Vec<Item<'_>> = form.children.iter().map(Item::Form).collect();
        cx.node(Kind::Block, span, |cx| {
            if !special(cx, &items, span, Place::Statement) {
                cx.node(Kind::ExprStmt, span, |cx| list(cx, &items, span));
            }
        });
    });
}

/// `(doseq [a b] c)`, `(for [a b :when c] d)`, `(dotimes [a n] b)`
fn each(cx: &mut Cx<'_>, name: &str, bindings: &Form<'_>, rest: &[Item<'_>], span: (u32, u32)) {
    if name == "for" {
        cx.node_op(Kind::Comprehension, Op::List, span, |cx| {
            match rest {
                [only] => expression(cx, *only),
                rest => block(cx, rest, span.1),
            }
            bind::pairs(cx, &bindings.children, |cx, bound, value| {
                if bound.shape == Shape::Keyword {
                    cx.node(Kind::CompIf, bound.span, |cx| expression_of(cx, value, bound.span.1));
                } else {
                    cx.node(Kind::CompFor, bound.span, |cx| {
                        bind::pattern(cx, bound);
                        expression_of(cx, value, bound.span.1);
                    });
                }
            });
        });
        return;
    }
    let (bound, value) = (bindings.children.first(), bindings.children.get(1));
    cx.node(Kind::ForEach, span, |cx| {
        match bound {
            Some(bound) => bind::pattern(cx, bound),
            None => cx.none(span.0),
        }
        expression_of(cx, value, span.0);
        cx.node(Kind::Block, span, |cx| {
            // What else is bound.
            bind::pairs(cx, bindings.children.get(2..).unwrap_or_default(), |cx, bound, value| {
                if bound.shape != Shape::Keyword {
                    bind::variable(cx, bound, value);
                }
            });
            rest.iter().for_each(|item| statement(cx, *item));
        });
    });
}

fn attempt(cx: &mut Cx<'_>, rest: &[Item<'_>], span: (u32, u32)) {
    let is_clause = |item: &&Item<'_>, word: &str| {
        item.form()
            .filter(|form| form.shape == Shape::List)
            .and_then(|form| form.children.first())
            .is_some_and(|head| head.is(Shape::Symbol, word))
    };
    let body: Vec<Item<'_>> = rest.iter().filter(|item| !is_clause(item, "catch") && !is_clause(item, "finally")).copied().collect();
    cx.node(Kind::Try, span, |cx| {
        block(cx, &body, span.0);
        for clause in rest.iter().filter(|item| is_clause(item, "catch")).filter_map(|item| item.form()) {
            cx.node(Kind::Catch, clause.span, |cx| {
                expression_of(cx, clause.children.get(1), clause.span.0);
                expression_of(cx, clause.children.get(2), clause.span.0);
                let inner: Vec<Item<'_>> = clause.children.iter().skip(3).map(Item::Form).collect();
                block(cx, &inner, clause.span.1);
            });
        }
        cx.none(span.1);
        match rest.iter().find(|item| is_clause(item, "finally")).and_then(|item| item.form()) {
            Some(clause) => {
                cx.node(Kind::Finally, clause.span, |cx| {
                    let inner: Vec<Item<'_>> = clause.children.iter().skip(1).map(Item::Form).collect();
                    block(cx, &inner, clause.span.1);
                });
            }
            None => cx.none(span.1),
        }
    });
}

/// What is threaded: as it is written, and in code also what it stands for.
fn thread(cx: &mut Cx<'_>, name: &str, forms: &[&Form<'_>], span: (u32, u32)) {
    let written = |cx: &mut Cx<'_>| {
        cx.node_with(Kind::Other, Op::None, name, span, |cx| forms.iter().for_each(|form| data::data(cx, form)));
    };
    if cx.is_pattern() {
        return written(cx);
    }
    cx.node_with(Kind::Other, Op::None, "thread", span, |cx| {
        // Threads may stand in threads.
        if cx.may_repeat(span) {
            written(cx);
        }
        match (name, forms) {
            ("as->", [first, bound, steps @ ..]) => {
                cx.node(Kind::Block, span, |cx| {
                    let (last, between) = steps.split_last().map_or((None, steps), |(last, between)| (Some(*last), between));
                    bind::variable(cx, bound, Some(*first));
                    between.iter().for_each(|step| bind::variable(cx, bound, Some(*step)));
                    last.into_iter().for_each(|last| statement(cx, Item::Form(last)));
                });
            }
            // Each step behind what it depends on.
            ("cond->" | "cond->>", [first, rest @ ..]) => {
                let steps: Vec<&Form<'_>> = std::iter::once(*first).chain(rest.iter().copied().skip(1).step_by(2)).collect();
                expression(cx, Item::Threaded { forms: &steps, is_last: name.ends_with(">>"), span });
                rest.iter().step_by(2).for_each(|condition| expression(cx, Item::Form(condition)));
            }
            _ => expression(cx, Item::Threaded { forms, is_last: name.ends_with(">>"), span }),
        }
    });
}

/// The last step, with all that is before it in the first or the last place.
fn threaded(cx: &mut Cx<'_>, forms: &[&Form<'_>], is_last: bool, span: (u32, u32)) {
    let Some((step, before)) = forms.split_last() else { return cx.none(span.1) };
    let inner_span = (span.0, before.last().map_or(span.0, |last| last.span.1));
    let piped = match before {
        [] => return of_form(cx, step),
        [only] => Item::Form(only),
        before => Item::Threaded { forms: before, is_last, span: inner_span },
    };
    let whole = (span.0, step.span.1);
    match (step.shape, step.children.split_first()) {
        (Shape::List, Some((head, arguments))) => {
            let mut items = vec![Item::Form(head)];
            let arguments = arguments.iter().map(Item::Form);
            if is_last {
                items.extend(arguments);
                items.push(piped);
            } else {
                items.push(piped);
                items.extend(arguments);
            }
            list(cx, &items, whole);
        }
        _ => list(cx, &[Item::Form(step), piped], whole),
    }
}

/// What `(ns … (:require …))`, `(require '…)` and `(import '…)` make known.
fn imports(cx: &mut Cx<'_>, list: &Form<'_>) {
    let Some((head, rest)) = list.children.split_first().filter(|(head, _)| head.shape == Shape::Symbol) else { return };
    match head.text {
        "ns" => {
            for clause in rest.iter().filter(|form| form.shape == Shape::List) {
                let Some((word, libraries)) = clause.children.split_first() else { continue };
                let is_class = word.is(Shape::Keyword, ":import");
                libraries.iter().for_each(|library| self::library(cx, library, is_class));
            }
        }
        "require" | "use" => rest.iter().for_each(|library| self::library(cx, library, false)),
        "import" => rest.iter().for_each(|library| self::library(cx, library, true)),
        _ => {}
    }
}

/// `[a.b :as c :refer [d]]`, `(java.util A B)`, `java.util.A`
fn library(cx: &mut Cx<'_>, form: &Form<'_>, is_class: bool) {
    let form = if form.shape == Shape::Quote { form.children.first().unwrap_or(form) } else { form };
    let span = form.span;
    if form.shape == Shape::Symbol {
        if let Some((module, last)) = form.text.rsplit_once('.').filter(|_| is_class) {
            import_from(cx, span, |cx| path(cx, module, span.0), &[(last, span)]);
        }
        return;
    }
    let Some((module, rest)) = form.children.split_first().filter(|(module, _)| module.shape == Shape::Symbol) else { return };
    if is_class {
        let names: Vec<(&str, (u32, u32))> = rest.iter().map(|name| (name.text, name.span)).collect();
        return import_from(cx, span, |cx| word(cx, module), &names);
    }
    for pair in rest.chunks(2) {
        let [option, value] = pair else { continue };
        match option.text {
            ":as" => {
                cx.node(Kind::Import, span, |cx| {
                    word(cx, module);
                    word(cx, value);
                });
            }
            ":refer" | ":only" if !value.children.is_empty() => {
                let names: Vec<(&str, (u32, u32))> = value.children.iter().map(|name| (name.text, name.span)).collect();
                import_from(cx, span, |cx| word(cx, module), &names);
            }
            _ => {}
        }
    }
}

fn import_from(cx: &mut Cx<'_>, span: (u32, u32), module: impl FnOnce(&mut Cx<'_>), names: &[(&str, (u32, u32))]) {
    cx.node(Kind::ImportFrom, span, |cx| {
        module(cx);
        for (name, span) in names {
            cx.node(Kind::ImportItem, *span, |cx| {
                cx.name(name, *span);
                cx.none(span.1);
            });
        }
    });
}
