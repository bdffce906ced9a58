//! A map whose keys are known: each is asked for by name, and what is left over is an error.

use smallvec::SmallVec;

use super::{Shape, Yaml};
use crate::rule::{
    Metavariable, RuleText, Span,
    problem::{Notes, did_you_mean, shortened},
};

/// The keys of a map, of which those that were asked for are known.
pub(in crate::rule) struct Keys<'f> {
    entries: SmallVec<[Entry<'f>; 8]>,
    asked: SmallVec<[&'static str; 16]>,
    /// The whole map.
    pub(in crate::rule) span: Span,
}

struct Entry<'f> {
    name: &'f str,
    key: Span,
    value: Yaml<'f>,
    is_taken: bool,
}

/// A key with its value.
#[derive(Debug, Clone, Copy)]
pub(in crate::rule) struct Field<'f> {
    pub(in crate::rule) name: &'f str,
    pub(in crate::rule) key: Span,
    pub(in crate::rule) value: Yaml<'f>,
}

impl<'f> Keys<'f> {
    /// The keys of a value that must be a map; `what` it is stands in the message if it isn't.
    pub(in crate::rule) fn of(value: Yaml<'f>, what: &str, notes: &mut Notes) -> Option<Self> {
        let Some(entries) = value.entries() else {
            notes.error(value.span(), format!("{what} must have keys, but is {}", value.shape().as_str()), "");
            return None;
        };
        let mut keys = Self::none(value.span());
        for (key, value) in entries {
            // The second of two has a message of its own.
            if let Some(name) = key.text().filter(|name| !keys.has(name)) {
                keys.entries.push(Entry { name, key: key.span(), value, is_taken: false });
            }
        }
        Some(keys)
    }

    /// No keys at all.
    pub(in crate::rule) fn none(span: Span) -> Self {
        Self { entries: SmallVec::new(), asked: SmallVec::new(), span }
    }

    /// Whether there is a key.
    pub(in crate::rule) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Takes a key.
    pub(in crate::rule) fn take(&mut self, name: &'static str) -> Option<Field<'f>> {
        self.asked.push(name);
        let entry = self.entries.iter_mut().find(|entry| entry.name == name)?;
        entry.is_taken = true;
        Some(entry.field())
    }

    /// Takes a key that must be there; `what` needs it.
    pub(in crate::rule) fn need(&mut self, name: &'static str, what: &str, notes: &mut Notes) -> Option<Field<'f>> {
        let field = self.take(name);
        if field.is_none() {
            let known = [name];
            let misspelt = self.entries.iter().filter(|entry| !entry.is_taken).any(|entry| did_you_mean(entry.name, &known).is_some());
            // The misspelt key has a message of its own.
            if misspelt {
                notes.n_errors += 1;
            } else {
                notes.error(self.span.first(), format!("{what} has no `{name}`"), format!("add `{name}: …`"));
            }
        }
        field
    }

    /// The keys that were not taken.
    pub(in crate::rule) fn rest(&self) -> impl Iterator<Item = Field<'f>> + '_ {
        self.entries.iter().filter(|entry| !entry.is_taken).map(Entry::field)
    }

    /// Takes the keys that are left of these, and says that they have no effect.
    pub(in crate::rule) fn without_effect(&mut self, names: &[&str], of: &str, help: &str, notes: &mut Notes) {
        for entry in self.entries.iter_mut().filter(|entry| !entry.is_taken && names.contains(&entry.name)) {
            entry.is_taken = true;
            notes.warning(entry.key, format!("`{}` has no effect in {of}", entry.name), help);
        }
    }

    /// Takes all keys that are left, whatever they are.
    pub(in crate::rule) fn ignore_rest(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.is_taken = true);
    }

    /// Says that every key that was not asked for is unknown.
    pub(in crate::rule) fn finish(self, of: &str, notes: &mut Notes) {
        for field in self.rest() {
            let known: Vec<&str> = self.asked.iter().copied().filter(|name| !self.has(name)).collect();
            let help = did_you_mean(field.name, &known).or_else(|| did_you_mean(field.name, &self.asked)).unwrap_or_default();
            notes.error(field.key, format!("unknown key `{}` in {of}", shortened(field.name)), help);
        }
    }
}

impl<'f> Entry<'f> {
    const fn field(&self) -> Field<'f> {
        Field { name: self.name, key: self.key, value: self.value }
    }
}

impl<'f> Field<'f> {
    fn wrong(self, expected: &str, notes: &mut Notes) {
        let found = match (self.value.shape(), self.value.text()) {
            (Shape::Scalar, Some(text)) => format!("`{}`", shortened(text)),
            (shape, _) => shape.as_str().to_owned(),
        };
        let span = if self.value.shape() == Shape::Nothing { self.key } else { self.value.span() };
        notes.error(span, format!("`{}` must be {expected}, but is {found}", shortened(self.name)), "");
    }

    /// A text.
    pub(in crate::rule) fn text(self, notes: &mut Notes) -> Option<&'f str> {
        let text = self.value.text();
        if text.is_none() {
            self.wrong("a text", notes);
        }
        text
    }

    /// A text with its place.
    pub(in crate::rule) fn rule_text(self, notes: &mut Notes) -> Option<RuleText> {
        self.text(notes)?;
        self.value.rule_text()
    }

    /// A boolean.
    pub(in crate::rule) fn boolean(self, notes: &mut Notes) -> Option<bool> {
        let value = self.value.boolean();
        if value.is_none() {
            self.wrong("true or false", notes);
        }
        value
    }

    /// A whole number that isn't negative.
    pub(in crate::rule) fn count(self, notes: &mut Notes) -> Option<u32> {
        let value = self.value.integer().and_then(|number| u32::try_from(number).ok());
        if value.is_none() {
            self.wrong("a whole number", notes);
        }
        value
    }

    /// A list.
    pub(in crate::rule) fn items(self, notes: &mut Notes) -> Option<impl ExactSizeIterator<Item = Yaml<'f>> + use<'f>> {
        let items = self.value.items();
        if items.is_none() {
            self.wrong("a list", notes);
        }
        items
    }

    /// A list of texts with their places; what is no text has a message.
    pub(in crate::rule) fn texts(self, notes: &mut Notes) -> Option<Vec<RuleText>> {
        let items = self.items(notes)?;
        let mut texts = Vec::with_capacity(items.len());
        for value in items {
            Self { value, ..self }.in_list(notes, &mut texts);
        }
        Some(texts)
    }

    /// A text, or a list of texts, with their places.
    pub(in crate::rule) fn text_or_texts(self, notes: &mut Notes) -> Option<Vec<RuleText>> {
        match self.value.shape() {
            Shape::Scalar => Some(self.value.rule_text().into_iter().collect()),
            Shape::List => self.texts(notes),
            Shape::Nothing | Shape::Map => {
                self.wrong("a text or a list of texts", notes);
                None
            }
        }
    }

    fn in_list(self, notes: &mut Notes, to: &mut Vec<RuleText>) {
        match self.value.rule_text() {
            Some(text) => to.push(text),
            None => notes.error(
                self.value.span(),
                format!("every item of `{}` must be a text, but this is {}", shortened(self.name), self.value.shape().as_str()),
                "",
            ),
        }
    }

    /// The name of a metavariable.
    pub(in crate::rule) fn metavariable(self, notes: &mut Notes) -> Option<Metavariable> {
        let text = self.text(notes)?;
        Some(named(text, self.value.span(), notes))
    }

    /// The key itself as a metavariable.
    pub(in crate::rule) fn key_as_metavariable(self, notes: &mut Notes) -> Metavariable {
        named(self.name, self.key, notes)
    }

    /// A name of a metavariable, or a list of such.
    pub(in crate::rule) fn metavariables(self, notes: &mut Notes) -> Option<Vec<Metavariable>> {
        let texts = self.text_or_texts(notes)?;
        if texts.is_empty() {
            notes.error(self.key, format!("`{}` names nothing", self.name), "name a metavariable: `$X`");
            return None;
        }
        Some(texts.iter().map(|text| named(text.as_str(), text.span, notes)).collect())
    }
}

/// A metavariable; a warning if no pattern can bind it.
fn named(text: &str, span: Span, notes: &mut Notes) -> Metavariable {
    let metavariable = Metavariable::new(text);
    if metavariable.kind().is_none() {
        let message = format!("`{}` is no metavariable, so that nothing is ever bound to it", shortened(text));
        notes.warning(span, message, "metavariables look like `$X`, `$...ARGS` or `$1`");
    }
    metavariable
}
