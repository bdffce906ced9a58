//! Conditions on bindings, as both spellings share them.

use super::{Cx, formula, language, regex_text};
use crate::rule::{
    Analyzer, Condition, ConditionKind, EntropyMode, Formula, FormulaKind, LanguageName, Metavariable, NameKind, RuleText, Span,
    problem::{did_you_mean, shortened},
    yaml::{Field, Keys, Shape},
};

/// Reads a condition of the older spelling: `metavariable-regex` …
pub(super) fn read(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Condition> {
    let what = format!("`{}`", field.name);
    let mut keys = Keys::of(field.value, &what, cx.notes)?;
    let kind = match field.name {
        "metavariable-regex" => {
            let metavariable = metavariable(&mut keys, &what, cx);
            let regex = keys.need("regex", &what, cx.notes).and_then(|field| regex_text(field, cx.notes));
            let constant_propagation = constant_propagation(&mut keys, cx);
            metavariable.zip(regex).map(|(metavariable, regex)| ConditionKind::Regex {
                metavariable,
                regex,
                constant_propagation: constant_propagation.unwrap_or(false),
            })
        }
        "metavariable-pattern" => {
            let metavariable = metavariable(&mut keys, &what, cx);
            let language = own_language(&mut keys, cx);
            let formula = nested(cx, language, |cx| formula::one_of(&mut keys, &what, cx));
            metavariable.zip(formula).map(|(metavariable, formula)| pattern(metavariable, language, formula))
        }
        "metavariable-comparison" => comparison(&mut keys, &what, cx),
        "metavariable-analysis" => {
            let metavariable = metavariable(&mut keys, &what, cx);
            let analyzer = keys.need("analyzer", &what, cx.notes).and_then(|field| analyzer(field, cx));
            metavariable.zip(analyzer).map(|(metavariable, analyzer)| ConditionKind::Analysis { metavariable, analyzer })
        }
        "metavariable-type" => types(&mut keys, &what, cx),
        _ => name(&mut keys, &what, cx),
    };
    keys.finish(&what, cx.notes);
    Some(Condition { kind: kind?, span: field.key })
}

pub(super) fn metavariable(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<Metavariable> {
    keys.need("metavariable", what, cx.notes)?.metavariable(cx.notes)
}

pub(super) fn constant_propagation(keys: &mut Keys<'_>, cx: &mut Cx<'_>) -> Option<bool> {
    keys.take("constant-propagation")?.boolean(cx.notes)
}

/// The language of a condition.
pub(super) fn own_language(keys: &mut Keys<'_>, cx: &mut Cx<'_>) -> Option<LanguageName> {
    let text = keys.take("language")?.rule_text(cx.notes)?;
    language(&text, cx.notes)
}

/// Reads a formula that is about what is bound, in a language of its own.
pub(super) fn nested(
    cx: &mut Cx<'_>,
    language: Option<LanguageName>,
    read: impl FnOnce(&mut Cx<'_>) -> Option<Formula>,
) -> Option<Formula> {
    let mut inner = Cx { language: language.unwrap_or(cx.language), in_metavariable_pattern: true, notes: cx.notes };
    read(&mut inner)
}

/// The condition that a formula matches within what is bound. A negation alone takes away from all that is bound.
pub(super) fn pattern(metavariable: Metavariable, language: Option<LanguageName>, formula: Formula) -> ConditionKind {
    let span = formula.span;
    let formula = if formula.is_negative() { Formula::new(FormulaKind::All(vec![formula]), span) } else { formula };
    ConditionKind::Pattern { metavariable, language, formula: Box::new(formula) }
}

pub(super) fn comparison(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<ConditionKind> {
    let metavariable = keys.take("metavariable").map(|field| field.metavariable(cx.notes));
    let comparison = keys.need("comparison", what, cx.notes).and_then(|field| field.rule_text(cx.notes));
    let strip = keys.take("strip").map(|field| (field.boolean(cx.notes), field.key));
    let base = keys.take("base").map(|field| field.count(cx.notes));
    if let (None, Some((Some(true), key))) = (&metavariable, strip) {
        cx.notes.error(key, "`strip` needs to know which metavariable it is about", "add `metavariable: $X`");
        return None;
    }
    Some(ConditionKind::Comparison {
        metavariable: metavariable.flatten(),
        comparison: comparison?,
        base: base.flatten(),
        strip: strip.and_then(|(strip, _)| strip).unwrap_or(false),
    })
}

pub(super) fn analyzer(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Analyzer> {
    let what = "`analyzer`";
    let (name, mode) = match field.value.shape() {
        Shape::Map => {
            let mut keys = Keys::of(field.value, what, cx.notes)?;
            let name = keys.need("kind", what, cx.notes);
            let mode = name.filter(|name| name.value.text() == Some("entropy_v2")).and_then(|_| keys.take("mode"));
            keys.finish(what, cx.notes);
            (name?, mode)
        }
        Shape::Scalar | Shape::List | Shape::Nothing => (field, None),
    };
    match name.text(cx.notes)? {
        "entropy" => Some(Analyzer::Entropy),
        "redos" => Some(Analyzer::Redos),
        "entropy_v2" => {
            let mode = mode.map_or(Some(EntropyMode::Default), |mode| entropy_mode(mode, cx))?;
            Some(Analyzer::EntropyV2(mode))
        }
        other => {
            unknown(other, "analyzer", &["entropy", "entropy_v2", "redos"], name.value.span(), cx);
            None
        }
    }
}

fn entropy_mode(field: Field<'_>, cx: &mut Cx<'_>) -> Option<EntropyMode> {
    match field.text(cx.notes)? {
        "lax" => Some(EntropyMode::Lax),
        "default" => Some(EntropyMode::Default),
        "strict" => Some(EntropyMode::Strict),
        other => {
            unknown(other, "mode of `entropy_v2`", &["lax", "default", "strict"], field.value.span(), cx);
            None
        }
    }
}

fn unknown(name: &str, what: &str, known: &[&str], span: Span, cx: &mut Cx<'_>) {
    let help = did_you_mean(name, known).unwrap_or_else(|| format!("expected one of {}", known.join(", ")));
    cx.notes.error(span, format!("unknown {what} `{}`", shortened(name)), help);
}

pub(super) fn types(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<ConditionKind> {
    let metavariable = metavariable(keys, what, cx);
    let language = own_language(keys, cx);
    let types = both(keys, "type", "types", cx)?;
    if types.is_empty() {
        cx.notes.error(keys.span.first(), format!("{what} names no type"), "add `type: …` or `types: […]`");
        return None;
    }
    if let Some(language) = Some(language.unwrap_or(cx.language)).filter(|language| language.is_text()) {
        let message = format!("there are no types in `{language}`");
        cx.notes.error(keys.span.first(), message, "add `language: …`");
        return None;
    }
    Some(ConditionKind::Type { metavariable: metavariable?, language, types })
}

/// The text of one key, and the texts of its plural.
fn both(keys: &mut Keys<'_>, one: &'static str, many: &'static str, cx: &mut Cx<'_>) -> Option<Vec<RuleText>> {
    let mut texts = Vec::new();
    if let Some(field) = keys.take(one) {
        texts.push(field.rule_text(cx.notes)?);
    }
    if let Some(field) = keys.take(many) {
        texts.extend(field.texts(cx.notes)?);
    }
    Some(texts)
}

pub(super) fn name(keys: &mut Keys<'_>, what: &str, cx: &mut Cx<'_>) -> Option<ConditionKind> {
    let metavariable = metavariable(keys, what, cx);
    let kind = match keys.take("kind") {
        None => None,
        Some(field) => match field.text(cx.notes)? {
            "django-view" => Some(NameKind::DjangoView),
            other => {
                unknown(other, "kind of name", &["django-view"], field.value.span(), cx);
                return None;
            }
        },
    };
    let modules = both(keys, "module", "modules", cx)?;
    if kind.is_none() && modules.is_empty() {
        cx.notes.error(keys.span.first(), format!("{what} names no module"), "add `module: …` or `modules: […]`");
        return None;
    }
    Some(ConditionKind::Name { metavariable: metavariable?, kind, modules })
}
