//! The newer spelling of formulas: `match`, `all`, `any`, `not`, `inside`, `where` …

use super::{Cx, condition, formula::pattern, is_positive, regex_text};
use crate::rule::{
    Condition, ConditionKind, Focus, Formula, FormulaKind, Metavariable, Span,
    problem::shortened,
    yaml::{Field, Keys, Shape, Yaml},
};

/// Of these a formula has one.
const ROOTS: [&str; 7] = ["pattern", "all", "any", "regex", "not", "inside", "anywhere"];

/// Reads a formula: a pattern as a bare text, or a map.
pub(super) fn read(value: Yaml<'_>, key: Span, cx: &mut Cx<'_>) -> Option<Formula> {
    match value.shape() {
        Shape::Scalar => pattern(value.rule_text()?, cx),
        Shape::Map => {
            let mut keys = Keys::of(value, "a formula", cx.notes)?;
            let formula = one_of(&mut keys, cx);
            keys.finish("a formula", cx.notes);
            formula
        }
        Shape::List | Shape::Nothing => {
            let span = if value.shape() == Shape::Nothing { key } else { value.span() };
            let message = format!("expected a pattern or keys such as `all`, found {}", value.shape().as_str());
            cx.notes.error(span, message, "put a list below `all` or `any`");
            None
        }
    }
}

/// Takes the one key of a map that says what is looked for, and what goes with it.
pub(super) fn one_of(keys: &mut Keys<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let conditions = keys.take("where");
    let binds = keys.take("as").map(|field| field.metavariable(cx.notes));
    let fix = keys.take("fix").map(|field| field.rule_text(cx.notes));
    let found: Vec<Field<'_>> = ROOTS.into_iter().filter_map(|name| keys.take(name)).collect();
    let mut formula = match found.as_slice() {
        [field] => part(*field, cx),
        [] => {
            let message = "this doesn't say what is looked for".to_owned();
            cx.notes.error(keys.span.first(), message, format!("add one of `{}`", ROOTS.join("`, `")));
            None
        }
        [first, second, ..] => {
            let message = format!("`{}` and `{}` can't be used together", first.name, second.name);
            cx.notes.error(second.key, message, "put both below `all`, or below `any`");
            None
        }
    };
    if let Some(field) = conditions {
        let mut nowhere = Formula::new(FormulaKind::All(Vec::new()), field.key);
        restrict(field, formula.as_mut().unwrap_or(&mut nowhere), cx)?;
    }
    let mut formula = formula?;
    formula.binds = binds.flatten();
    formula.fix = fix.flatten();
    Some(formula)
}

fn part(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let positive = |cx: &mut Cx<'_>| read(field.value, field.key, cx).filter(|formula| is_positive(formula, cx.notes)).map(Box::new);
    let kind = match field.name {
        "pattern" => return pattern(field.rule_text(cx.notes)?, cx),
        "regex" => FormulaKind::Regex(regex_text(field, cx.notes)?),
        "not" => FormulaKind::Not(positive(cx)?),
        "inside" => FormulaKind::Inside(positive(cx)?),
        "anywhere" => FormulaKind::Anywhere(positive(cx)?),
        "any" => {
            let any = children(field, cx)?;
            FormulaKind::Any(any.into_iter().map(|formula| is_positive(&formula, cx.notes).then_some(formula)).collect::<Option<_>>()?)
        }
        _ => {
            let all = children(field, cx)?;
            if !cx.in_metavariable_pattern && all.iter().all(Formula::is_negative) {
                let message = "nothing in `all` says what is looked for: all of it takes away";
                cx.notes.error(field.key, message, "add a pattern, `any`, `regex` or `inside`");
                return None;
            }
            FormulaKind::All(all)
        }
    };
    Some(Formula::new(kind, field.key))
}

fn children(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Vec<Formula>> {
    let items = field.items(cx.notes)?;
    if items.len() == 0 {
        cx.notes.error(field.key, format!("`{}` is empty", field.name), "");
        return None;
    }
    let read: Vec<Option<Formula>> = items.map(|item| read(item, field.key, cx)).collect();
    read.into_iter().collect()
}

/// Reads `where`.
fn restrict(field: Field<'_>, formula: &mut Formula, cx: &mut Cx<'_>) -> Option<()> {
    for item in field.items(cx.notes)? {
        let what = "a condition";
        let Some(mut keys) = Keys::of(item, what, cx.notes) else { continue };
        if keys.has("focus") {
            let focus = keys.take("focus").and_then(|field| Some((field.metavariables(cx.notes)?, field.key)));
            formula.focus.extend(focus.map(|(metavariables, span)| Focus { metavariables, span }));
        } else {
            formula.conditions.extend(one_condition(&mut keys, what, cx));
        }
        keys.finish(what, cx.notes);
    }
    Some(())
}

fn one_condition(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<Condition> {
    let span = keys.rest().next().map_or(keys.span, |field| field.key);
    let kind = if keys.has("comparison") {
        condition::comparison(keys, what, cx)
    } else if keys.has("analyzer") {
        let metavariable = condition::metavariable(keys, what, cx);
        let analyzer = keys.take("analyzer").and_then(|field| condition::analyzer(field, cx));
        metavariable.zip(analyzer).map(|(metavariable, analyzer)| ConditionKind::Analysis { metavariable, analyzer })
    } else if keys.has("type") || keys.has("types") {
        condition::types(keys, what, cx)
    } else if ["module", "modules", "kind"].iter().any(|name| keys.has(name)) {
        condition::name(keys, what, cx)
    } else if keys.has("metavariable") {
        let metavariable = condition::metavariable(keys, what, cx);
        nested(keys, metavariable, cx)
    } else {
        let first = keys.rest().next().map_or_else(|| "nothing".to_owned(), |field| format!("`{}`", shortened(field.name)));
        let message = format!("a condition has `metavariable`, `comparison` or `focus`, but this has {first}");
        cx.notes.error(span, message, "");
        // What else stands there needs no message.
        keys.ignore_rest();
        None
    };
    Some(Condition { kind: kind?, span })
}

/// What is bound matches a regular expression, or a formula.
fn nested(keys: &mut Keys<'_>, metavariable: Option<Metavariable>, cx: &mut Cx<'_>) -> Option<ConditionKind> {
    let language = condition::own_language(keys, cx);
    let constant_propagation = condition::constant_propagation(keys, cx);
    let formula = condition::nested(cx, language, |cx| one_of(keys, cx))?;
    let is_bare = formula.conditions.is_empty() && formula.focus.is_empty() && formula.binds.is_none() && formula.fix.is_none();
    match formula.kind {
        FormulaKind::Regex(regex) if is_bare => {
            Some(ConditionKind::Regex { metavariable: metavariable?, regex, constant_propagation: constant_propagation.unwrap_or(true) })
        }
        kind => Some(condition::pattern(metavariable?, language, Formula { kind, ..formula })),
    }
}
