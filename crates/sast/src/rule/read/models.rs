//! Reads framework models: named sources, sinks, sanitizers and propagators.

use super::{
    Cx, Notes,
    taint::{self, Spelling},
};
use crate::{
    plan::{Model, Models},
    rule::{
        Entry, LanguageName, Problem,
        yaml::{self, Field, Keys, Yaml},
    },
};

/// Reads a file of models: `id`, `languages`, and the lists, each entry of which has a `model` and its `patterns`.
#[must_use]
pub fn read_models(text: &str) -> (Models, Vec<Problem>) {
    let file = yaml::parse(text);
    let mut notes = Notes::default();
    for problem in &file.problems {
        notes.error(problem.span, problem.message.clone(), problem.help.clone());
    }
    let mut models = Models::default();
    for &root in &file.roots {
        document(file.value(root), &mut models, &mut notes);
    }
    (models, notes.problems)
}

fn document(root: Yaml<'_>, models: &mut Models, notes: &mut Notes) -> Option<()> {
    let mut keys = Keys::of(root, "a file of models", notes)?;
    if let Some(id) = keys.need("id", "the file", notes).and_then(|field| field.text(notes)) {
        notes.rule = Some(id.to_owned());
    }
    let languages = super::languages(&mut keys, true, None, notes)?;
    let lists = (keys.take("sources"), keys.take("sinks"), keys.take("sanitizers"), keys.take("propagators"));
    keys.finish("a file of models", notes);
    let mut cx = Cx { language: languages.first().copied().unwrap_or(LanguageName::Generic), in_metavariable_pattern: false, notes };
    entries(lists.0, "a source", taint::source, &mut cx, |name, source| {
        for_each(&languages, name, models, |model| model.sources.push(source.clone()));
    });
    entries(lists.1, "a sink", taint::sink, &mut cx, |name, sink| {
        for_each(&languages, name, models, |model| model.sinks.push(sink.clone()));
    });
    entries(lists.2, "a sanitizer", taint::sanitizer, &mut cx, |name, sanitizer| {
        for_each(&languages, name, models, |model| model.sanitizers.push(sanitizer.clone()));
    });
    entries(lists.3, "a propagator", taint::propagator, &mut cx, |name, propagator| {
        for_each(&languages, name, models, |model| model.propagators.push(propagator.clone()));
    });
    Some(())
}

fn for_each(languages: &[LanguageName], name: &str, models: &mut Models, mut add: impl FnMut(&mut Model)) {
    for language in languages {
        add(models.entry(*language, name));
    }
}

fn entries<T>(list: Option<Field<'_>>, what: &'static str, read: taint::ReadEntry<T>, cx: &mut Cx<'_>, mut add: impl FnMut(&str, T)) {
    for item in list.and_then(|field| field.items(cx.notes)).into_iter().flatten() {
        let Some(mut keys) = Keys::of(item, "an entry", cx.notes) else { continue };
        let name = keys.need("model", "the entry", cx.notes).and_then(|field| field.text(cx.notes));
        let patterns = keys.need("patterns", "the entry", cx.notes);
        keys.finish("an entry", cx.notes);
        let (Some(name), Some(patterns)) = (name, patterns) else { continue };
        for entry in taint::list(patterns, what, Spelling::Old, read, cx).into_iter().flatten() {
            match entry {
                Entry::Own(entry) => add(name, entry),
                Entry::Model(reference) => cx.notes.error(reference.span, "a model can't refer to another one", "write the patterns out"),
            }
        }
    }
}
