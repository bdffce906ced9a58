//! The older spelling of formulas: `pattern`, `patterns`, `pattern-either` …

use super::{Cx, check_regex, condition, is_positive, regex_text};
use crate::rule::{
    Condition, Focus, Formula, FormulaKind, LanguageName, RuleText,
    problem::{did_you_mean, shortened},
    yaml::{Field, Keys, Shape, Yaml},
};

/// Of these a rule, a source, a sink … has one.
const ROOTS: [&str; 4] = ["pattern", "patterns", "pattern-either", "pattern-regex"];

/// Keys of conditions: they stand directly below `patterns`.
pub(super) const CONDITIONS: [&str; 8] = [
    "focus-metavariable",
    "metavariable-regex",
    "metavariable-pattern",
    "metavariable-comparison",
    "metavariable-analysis",
    "metavariable-type",
    "metavariable-name",
    "semgrep-internal-metavariable-name",
];

/// All other keys of an item of `patterns`.
const PARTS: [&str; 9] = [
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-not",
    "pattern-inside",
    "pattern-not-inside",
    "pattern-regex",
    "pattern-not-regex",
    "semgrep-internal-pattern-anywhere",
];

/// Takes the one key of a map that says what is looked for.
pub(super) fn one_of(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<Formula> {
    let found: Vec<Field<'_>> = ROOTS.into_iter().filter_map(|name| keys.take(name)).collect();
    match found.as_slice() {
        [field] => part(*field, cx),
        [] => {
            let misplaced = keys.rest().find(|field| PARTS.contains(&field.name) || CONDITIONS.contains(&field.name));
            let misspelt = keys.rest().any(|field| did_you_mean(field.name, &ROOTS).is_some());
            match misplaced {
                Some(field) => {
                    let message = format!("`{}` can't stand alone in {what}", field.name);
                    cx.notes.error(field.key, message, "put it below `patterns`, beside a `pattern`");
                }
                // It has a message of its own.
                None if misspelt => cx.notes.n_errors += 1,
                None => {
                    let message = format!("{what} doesn't say what it looks for");
                    cx.notes.error(keys.span.first(), message, format!("add one of `{}`", ROOTS.join("`, `")));
                }
            }
            None
        }
        [first, second, ..] => {
            let message = format!("`{}` and `{}` can't be used together", first.name, second.name);
            cx.notes.error(second.key, message, "put both below `patterns`, or below `pattern-either`");
            None
        }
    }
}

/// Reads a key with its value.
fn part(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let at_key = |kind| Some(Formula::new(kind, field.key));
    match field.name {
        "pattern" => pattern(field.rule_text(cx.notes)?, cx),
        "pattern-regex" => regex(regex_text(field, cx.notes)?),
        "pattern-not-regex" => at_key(FormulaKind::Not(Box::new(regex(regex_text(field, cx.notes)?)?))),
        "pattern-not" => at_key(FormulaKind::Not(Box::new(pattern_or_part(field, cx)?))),
        "pattern-inside" => at_key(FormulaKind::Inside(Box::new(pattern_or_part(field, cx)?))),
        "pattern-not-inside" => {
            let inside = Formula::new(FormulaKind::Inside(Box::new(pattern_or_part(field, cx)?)), field.key);
            at_key(FormulaKind::Not(Box::new(inside)))
        }
        "semgrep-internal-pattern-anywhere" => at_key(FormulaKind::Anywhere(Box::new(pattern_or_part(field, cx)?))),
        "pattern-either" => at_key(FormulaKind::Any(alternatives(field, cx)?)),
        "patterns" => conjunction(field, cx),
        name => {
            refuse(name, field, cx);
            None
        }
    }
}

/// Says why a key isn't one of a formula.
fn refuse(name: &str, field: Field<'_>, cx: &mut Cx<'_>) {
    let (message, help) = match name {
        "pattern-where-python" => (
            "`pattern-where-python` ran code of the rule on the machine of the scan, and is not supported".to_owned(),
            "use `metavariable-comparison`".to_owned(),
        ),
        name if CONDITIONS.contains(&name) => {
            (format!("`{name}` must stand directly below `patterns`"), "add a `patterns` around it and the pattern".to_owned())
        }
        name => {
            let known: Vec<&str> = PARTS.into_iter().chain(CONDITIONS).collect();
            (format!("unknown key `{}` among patterns", shortened(name)), did_you_mean(name, &known).unwrap_or_default())
        }
    };
    cx.notes.error(field.key, message, help);
}

/// A pattern; a regular expression in rules for text.
pub(super) fn pattern(text: RuleText, cx: &mut Cx<'_>) -> Option<Formula> {
    if cx.language == LanguageName::Regex {
        return check_regex(&text, cx.notes).then(|| regex(text)).flatten();
    }
    if text.as_str().trim().is_empty() {
        cx.notes.error(text.span, "the pattern is empty", "");
        return None;
    }
    let span = text.span;
    Some(Formula::new(FormulaKind::Pattern(text), span))
}

fn regex(text: RuleText) -> Option<Formula> {
    let span = text.span;
    Some(Formula::new(FormulaKind::Regex(text), span))
}

/// A pattern as a bare text, or a map with one key.
fn pattern_or_part(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let formula = match field.value.shape() {
        Shape::Map => single(field.value, cx).and_then(|field| part(field, cx))?,
        Shape::Scalar | Shape::List | Shape::Nothing => pattern(field.rule_text(cx.notes)?, cx)?,
    };
    is_positive(&formula, cx.notes).then_some(formula)
}

/// The one key of an item.
fn single<'f>(value: Yaml<'f>, cx: &mut Cx<'_>) -> Option<Field<'f>> {
    let keys = Keys::of(value, "every item here", cx.notes)?;
    let mut fields = keys.rest();
    let (first, second) = (fields.next(), fields.next());
    match (first, second) {
        (Some(field), None) => Some(field),
        (Some(first), Some(second)) => {
            let message = format!("`{}` and `{}` stand in one item", shortened(first.name), shortened(second.name));
            cx.notes.error(second.key, message, "did you forget a hyphen before it?");
            None
        }
        (None, _) => {
            cx.notes.error(value.span(), "this item is empty", "");
            None
        }
    }
}

/// The items of `patterns` or `pattern-either`, each with its one key.
fn items<'f>(field: Field<'f>, cx: &mut Cx<'_>) -> Option<Vec<Option<Field<'f>>>> {
    let items = field.items(cx.notes)?;
    if items.len() == 0 {
        cx.notes.error(field.key, format!("`{}` is empty", field.name), "");
        return None;
    }
    let one = |value: Yaml<'f>| {
        if let Some(text) = value.text() {
            let message = format!("`{}` lists bare text", field.name);
            cx.notes.error(value.span(), message, format!("write `- pattern: {}`", shortened(text)));
            return None;
        }
        single(value, cx)
    };
    Some(items.map(one).collect())
}

fn alternatives(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Vec<Formula>> {
    let read: Vec<Option<Formula>> =
        items(field, cx)?.into_iter().map(|item| part(item?, cx).filter(|formula| is_positive(formula, cx.notes))).collect();
    read.into_iter().collect()
}

fn conjunction(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let mut children: Vec<Option<Formula>> = Vec::new();
    let mut conditions: Vec<Option<Condition>> = Vec::new();
    let mut focus: Vec<Option<Focus>> = Vec::new();
    for item in items(field, cx)? {
        match item {
            Some(item) if item.name == "focus-metavariable" => {
                focus.push(item.metavariables(cx.notes).map(|metavariables| Focus { metavariables, span: item.key }));
            }
            Some(item) if CONDITIONS.contains(&item.name) => conditions.push(condition::read(item, cx)),
            Some(item) => children.push(part(item, cx)),
            None => children.push(None),
        }
    }
    // A part that can't be read may be the positive one.
    let is_complete = children.iter().all(Option::is_some);
    let children: Vec<Formula> = children.into_iter().flatten().collect();
    if is_complete && !cx.in_metavariable_pattern && children.iter().all(Formula::is_negative) {
        let message = format!("nothing in `{}` says what is looked for: all of it takes away or restricts", field.name);
        cx.notes.error(field.key, message, "add a `pattern`, `pattern-either`, `pattern-regex` or `pattern-inside`");
        return None;
    }
    let conditions = conditions.into_iter().collect::<Option<_>>()?;
    let focus = focus.into_iter().collect::<Option<_>>()?;
    is_complete.then(|| Formula { conditions, focus, ..Formula::new(FormulaKind::All(children), field.key) })
}
