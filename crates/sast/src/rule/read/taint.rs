//! What rules with `mode: taint` follow, in both spellings.

use super::{Cx, formula, formula_v2, is_positive};
use crate::rule::{
    BySideEffect, Entry, Formula, Label, ModelName, ModelReference, Propagator, Requires, RuleText, Sanitizer, Sink, SinkRequires, Source,
    Span, TaintSpec,
    problem::shortened,
    yaml::{Field, Keys, Shape, Yaml},
};

/// How the lists are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Old,
    New,
}

/// Reads `taint`, or `pattern-sources` and the others.
pub(super) fn read(keys: &mut Keys<'_>, cx: &mut Cx<'_>) -> Option<TaintSpec> {
    let Some(field) = keys.take("taint") else {
        let sources = keys.need("pattern-sources", "a taint rule", cx.notes);
        let sinks = keys.need("pattern-sinks", "a taint rule", cx.notes);
        let others = (keys.take("pattern-sanitizers"), keys.take("pattern-propagators"));
        return lists(sources, sinks, others, Spelling::Old, keys.span, cx);
    };
    let mut keys = Keys::of(field.value, "`taint`", cx.notes)?;
    let sources = keys.need("sources", "`taint`", cx.notes);
    let sinks = keys.need("sinks", "`taint`", cx.notes);
    let others = (keys.take("sanitizers"), keys.take("propagators"));
    let spec = lists(sources, sinks, others, Spelling::New, field.key, cx);
    keys.finish("`taint`", cx.notes);
    spec
}

fn lists(
    sources: Option<Field<'_>>,
    sinks: Option<Field<'_>>,
    (sanitizers, propagators): (Option<Field<'_>>, Option<Field<'_>>),
    spelling: Spelling,
    span: Span,
    cx: &mut Cx<'_>,
) -> Option<TaintSpec> {
    let span = sources.map_or(span, |field| field.key);
    let sources = sources.and_then(|field| list(field, "a source", spelling, source, cx));
    let sinks = sinks.and_then(|field| list(field, "a sink", spelling, sink, cx));
    let sanitizers = sanitizers.map_or(Some(Vec::new()), |field| list(field, "a sanitizer", spelling, sanitizer, cx));
    let propagators = propagators.map_or(Some(Vec::new()), |field| list(field, "a propagator", spelling, propagator, cx));
    Some(TaintSpec { sources: sources?, sinks: sinks?, sanitizers: sanitizers?, propagators: propagators?, span })
}

/// Reads an entry of one of the lists.
pub(super) type ReadEntry<T> = fn(&mut EntryKeys<'_>, &mut Cx<'_>) -> Option<T>;

pub(super) fn list<T>(
    field: Field<'_>,
    what: &'static str,
    spelling: Spelling,
    read: ReadEntry<T>,
    cx: &mut Cx<'_>,
) -> Option<Vec<Entry<T>>> {
    let items = field.items(cx.notes)?;
    if items.len() == 0 {
        cx.notes.error(field.key, format!("`{}` is empty", field.name), "");
        return None;
    }
    let read: Vec<Option<Entry<T>>> = items.map(|item| entry(item, what, spelling, read, cx)).collect();
    read.into_iter().collect()
}

/// An entry that is being read.
pub(super) struct EntryKeys<'f> {
    keys: Keys<'f>,
    /// The pattern, where the entry is a bare text.
    bare: Option<RuleText>,
    what: &'static str,
    spelling: Spelling,
}

fn entry<T>(
    value: Yaml<'_>,
    what: &'static str,
    spelling: Spelling,
    read: fn(&mut EntryKeys<'_>, &mut Cx<'_>) -> Option<T>,
    cx: &mut Cx<'_>,
) -> Option<Entry<T>> {
    let bare = if spelling == Spelling::New { value.rule_text() } else { None };
    let keys = if bare.is_some() { Keys::none(value.span()) } else { Keys::of(value, what, cx.notes)? };
    let mut entry = EntryKeys { keys, bare, what, spelling };
    let read = match entry.keys.take("model") {
        Some(field) => model(&mut entry, field, cx).map(Entry::Model),
        None => read(&mut entry, cx).map(Entry::Own),
    };
    // Semgrep ignores them, and rules that run with it should run.
    entry.keys.without_effect(&OF_OTHER_ENTRIES, what, "it belongs to another list", cx.notes);
    entry.keys.without_effect(&formula::CONDITIONS, what, "put it below `patterns`, beside the pattern", cx.notes);
    entry.keys.finish(what, cx.notes);
    read
}

/// Keys that mean something in some of the four lists.
const OF_OTHER_ENTRIES: [&str; 9] =
    ["label", "requires", "exact", "control", "at-exit", "by-side-effect", "not_conflicting", "not-conflicting", "replace-labels"];

/// Reads `model: NAME`.
fn model(entry: &mut EntryKeys<'_>, field: Field<'_>, cx: &mut Cx<'_>) -> Option<ModelReference> {
    let label = entry.label("label", cx);
    let requires = entry.requires(cx);
    let text = field.text(cx.notes)?;
    let Some(name) = ModelName::new(text) else {
        let message = format!("`{}` can't be the name of a model", shortened(text));
        cx.notes.error(field.value.span(), message, "names are lower-case words joined by hyphens");
        return None;
    };
    Some(ModelReference { name, label: label?, requires: requires?, span: field.value.span() })
}

pub(super) fn source(entry: &mut EntryKeys<'_>, cx: &mut Cx<'_>) -> Option<Source> {
    let is_exact = entry.switch("exact", false, cx);
    let by_side_effect = entry.by_side_effect(cx);
    let is_control = entry.switch("control", false, cx);
    let label = entry.label("label", cx);
    let requires = entry.requires(cx);
    let formula = entry.formula(cx);
    Some(Source {
        formula: formula?,
        is_exact: is_exact?,
        by_side_effect: by_side_effect?,
        is_control: is_control?,
        label: label?.unwrap_or_default(),
        requires: requires?,
        span: entry.keys.span,
    })
}

pub(super) fn sink(entry: &mut EntryKeys<'_>, cx: &mut Cx<'_>) -> Option<Sink> {
    let is_exact = entry.switch("exact", true, cx);
    let at_exit = entry.switch("at-exit", false, cx);
    let requires = entry.keys.take("requires").map_or(Some(SinkRequires::Default), |field| sink_requires(field, cx));
    let formula = entry.formula(cx);
    Some(Sink { formula: formula?, is_exact: is_exact?, at_exit: at_exit?, requires: requires?, span: entry.keys.span })
}

pub(super) fn sanitizer(entry: &mut EntryKeys<'_>, cx: &mut Cx<'_>) -> Option<Sanitizer> {
    let is_exact = entry.switch("exact", false, cx);
    let by_side_effect = entry.by_side_effect(cx);
    // The two spellings differ in this sign; either is taken.
    let name = if entry.keys.has("not-conflicting") { "not-conflicting" } else { "not_conflicting" };
    let not_conflicting = entry.switch(name, false, cx);
    let formula = entry.formula(cx);
    Some(Sanitizer {
        formula: formula?,
        is_exact: is_exact?,
        by_side_effect: by_side_effect?,
        not_conflicting: not_conflicting?,
        span: entry.keys.span,
    })
}

pub(super) fn propagator(entry: &mut EntryKeys<'_>, cx: &mut Cx<'_>) -> Option<Propagator> {
    let from = entry.keys.need("from", entry.what, cx.notes).and_then(|field| field.metavariable(cx.notes));
    let to = entry.keys.need("to", entry.what, cx.notes).and_then(|field| field.metavariable(cx.notes));
    let by_side_effect = entry.switch("by-side-effect", true, cx);
    let label = entry.label("label", cx);
    let requires = entry.requires(cx);
    let replace_labels = match entry.keys.take("replace-labels") {
        None => Some(None),
        Some(field) => field.texts(cx.notes).map(|texts| Some(texts.iter().map(|text| Label::new(text.as_str())).collect())),
    };
    let formula = entry.formula(cx);
    Some(Propagator {
        formula: formula?,
        from: from?,
        to: to?,
        by_side_effect: by_side_effect?,
        label: label?,
        requires: requires?,
        replace_labels: replace_labels?,
        span: entry.keys.span,
    })
}

impl EntryKeys<'_> {
    /// What the entry looks for.
    fn formula(&mut self, cx: &mut Cx<'_>) -> Option<Formula> {
        let formula = match (self.bare.take(), self.spelling) {
            (Some(text), _) => formula::pattern(text, cx),
            (None, Spelling::Old) => formula::one_of(&mut self.keys, self.what, cx),
            (None, Spelling::New) => formula_v2::one_of(&mut self.keys, cx),
        };
        formula.filter(|formula| is_positive(formula, cx.notes))
    }

    fn switch(&mut self, name: &'static str, default: bool, cx: &mut Cx<'_>) -> Option<bool> {
        self.keys.take(name).map_or(Some(default), |field| field.boolean(cx.notes))
    }

    fn by_side_effect(&mut self, cx: &mut Cx<'_>) -> Option<BySideEffect> {
        let Some(field) = self.keys.take("by-side-effect") else { return Some(BySideEffect::No) };
        match (field.value.boolean(), field.value.text()) {
            (Some(true), _) => Some(BySideEffect::Yes),
            (Some(false), _) => Some(BySideEffect::No),
            (None, Some("only")) => Some(BySideEffect::Only),
            (None, _) => {
                cx.notes.error(field.value.span(), "`by-side-effect` must be true, false or `only`", "");
                None
            }
        }
    }

    /// A label that may be missing.
    fn label(&mut self, name: &'static str, cx: &mut Cx<'_>) -> Option<Option<Label>> {
        self.keys.take(name).map_or(Some(None), |field| field.text(cx.notes).map(|text| Some(Label::new(text))))
    }

    /// An expression over labels that may be missing.
    fn requires(&mut self, cx: &mut Cx<'_>) -> Option<Option<Requires>> {
        self.keys.take("requires").map_or(Some(None), |field| requires(field, cx).map(Some))
    }
}

fn requires(field: Field<'_>, cx: &mut Cx<'_>) -> Option<Requires> {
    let text = field.rule_text(cx.notes)?;
    match text.as_str().parse::<Requires>() {
        Ok(requires) => Some(requires),
        Err(error) => {
            let (line, column) = text.place(error.offset);
            let message = format!("`{}` is no expression over labels: {error}", shortened(text.as_str()));
            cx.notes.error(Span { line, column, ..text.span }, message, "join labels with `and`, `or`, `not` and parentheses");
            None
        }
    }
}

/// An expression over labels, or one for each of some metavariables.
fn sink_requires(field: Field<'_>, cx: &mut Cx<'_>) -> Option<SinkRequires> {
    if field.value.shape() != Shape::List {
        return requires(field, cx).map(SinkRequires::Whole);
    }
    let mut each = Vec::new();
    for item in field.items(cx.notes)? {
        let keys = Keys::of(item, "every item of `requires`", cx.notes)?;
        let mut fields = keys.rest();
        match (fields.next(), fields.next()) {
            (Some(one), None) => each.push((one.key_as_metavariable(cx.notes), requires(one, cx)?)),
            (Some(_), Some(second)) => {
                cx.notes.error(second.key, "an item of `requires` has one metavariable", "did you forget a hyphen before it?");
                return None;
            }
            (None, _) => {
                cx.notes.error(item.span(), "this item of `requires` is empty", "write `$X: LABEL`");
                return None;
            }
        }
    }
    Some(SinkRequires::Each(each))
}
