//! A file of Terraform's language as the map that `hcl2json` makes of it, with places. Nothing is evaluated.

use std::{collections::BTreeMap, sync::Arc};

use bartizan_core::ByteRange;

use super::{
    Source,
    syntax::{Block, Body, Expression, ExpressionKind, Part, Span},
};
use crate::{Kind, Member, Place, Value, value::Map};

/// Values are nested at most so deep; what is deeper is its source.
const MAX_DEPTH: usize = 200;

/// What a file says: attributes by name; blocks, in lists, below their kind and labels.
pub(crate) fn as_written(source: &Source, text: &str, file: u32) -> Value {
    let whole = Place::new(file, ByteRange::new(0, text.len()));
    Writer { text, file }.body(&source.body, whole, 0)
}

struct Writer<'t> {
    text: &'t str,
    file: u32,
}

/// A map that is being made.
#[derive(Default)]
struct Level {
    members: BTreeMap<Arc<str>, (Place, Entry)>,
}

enum Entry {
    Value(Value),
    /// Blocks of one kind whose next label tells them apart.
    Labels(Level),
    /// Blocks of one name.
    Blocks(Vec<Value>),
}

impl Writer<'_> {
    fn place(&self, span: Span) -> Place {
        Place { file: self.file, start: span.start, end: span.end }
    }

    fn body(&self, body: &Body, place: Place, depth: usize) -> Value {
        let mut level = Level::default();
        for attribute in &body.attributes {
            let value = self.expression(&attribute.value, depth + 1);
            level.members.insert(attribute.name.clone(), (self.place(attribute.name_span), Entry::Value(value)));
        }
        for block in body.blocks.iter().filter(|_| depth < MAX_DEPTH) {
            let value = self.body(&block.body, self.place(block.span), depth + 1);
            level.add(block, self.place(block.header), value);
        }
        level.value(place)
    }

    fn expression(&self, expression: &Expression, depth: usize) -> Value {
        let place = self.place(expression.span);
        let value = |kind: Kind| Value::new(kind, place);
        if MAX_DEPTH < depth {
            return Value::of_text(self.wrapped(expression), place);
        }
        match &expression.kind {
            ExpressionKind::Null => value(Kind::Null),
            ExpressionKind::Boolean(is_true) => value(Kind::Boolean(*is_true)),
            ExpressionKind::Number(number) => value(Kind::Number(*number)),
            ExpressionKind::Text(text) => value(Kind::Text(text.clone())),
            ExpressionKind::Template(parts) => match parts.as_slice() {
                [Part::Expression(only)] => self.expression(only, depth + 1),
                parts => Value::of_text(self.template(parts, depth + 1), place),
            },
            ExpressionKind::List(items) => value(Kind::List(items.iter().map(|item| self.expression(item, depth + 1)).collect())),
            ExpressionKind::Object(members) => {
                let member = |(key, value): &(Expression, Expression)| {
                    let name: Arc<str> = self.key(key, depth).into();
                    (name, Member { name: self.place(key.span), value: self.expression(value, depth + 1) })
                };
                value(Kind::Map(Arc::new(Map(members.iter().map(member).collect()))))
            }
            _ => Value::of_text(self.wrapped(expression), place),
        }
    }

    fn key(&self, key: &Expression, depth: usize) -> String {
        match &key.kind {
            ExpressionKind::Name(_) | ExpressionKind::Attribute(..) => self.source(key).to_owned(),
            _ => self.part(key, depth + 1),
        }
    }

    fn template(&self, parts: &[Part], depth: usize) -> String {
        let mut text = String::new();
        for part in parts.iter().filter(|_| depth < MAX_DEPTH) {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Expression(inner) => text.push_str(&self.part(inner, depth + 1)),
                Part::If(condition, then, otherwise) => {
                    let otherwise = self.template(otherwise, depth + 1);
                    let otherwise = if otherwise.is_empty() { otherwise } else { format!("%{{else}}{otherwise}") };
                    text.push_str(&format!("%{{if {}}}{}{otherwise}%{{endif}}", self.source(condition), self.template(then, depth + 1)));
                }
                Part::For(key, value, collection, repeated) => {
                    let key = key.as_ref().map(|key| format!("{key}, ")).unwrap_or_default();
                    let repeated = self.template(repeated, depth + 1);
                    text.push_str(&format!("%{{for {key}{value} in {}}}{repeated}%{{endfor}}", self.source(collection)));
                }
            }
        }
        text
    }

    /// An expression within a text.
    fn part(&self, expression: &Expression, depth: usize) -> String {
        match &expression.kind {
            ExpressionKind::Text(text) => text.to_string(),
            ExpressionKind::Template(parts) if depth < MAX_DEPTH => self.template(parts, depth + 1),
            ExpressionKind::Boolean(is_true) => is_true.to_string(),
            ExpressionKind::Number(number) => crate::value::number_text(*number),
            _ => self.wrapped(expression),
        }
    }

    fn wrapped(&self, expression: &Expression) -> String {
        format!("${{{}}}", self.source(expression))
    }

    fn source(&self, expression: &Expression) -> &str {
        self.text.get(expression.span.start as usize..expression.span.end as usize).unwrap_or_default()
    }
}

impl Level {
    /// Adds a block. One whose name an attribute has is left out, as `hcl2json` refuses it.
    fn add(&mut self, block: &Block, header: Place, value: Value) {
        let mut names = std::iter::once(&block.kind).chain(&block.labels).peekable();
        let mut level = self;
        while let Some(name) = names.next() {
            let is_last = names.peek().is_none();
            let empty = || (header, if is_last { Entry::Blocks(Vec::new()) } else { Entry::Labels(Level::default()) });
            let entry = &mut level.members.entry(name.clone()).or_insert_with(empty).1;
            match entry {
                Entry::Blocks(blocks) => return blocks.push(value),
                Entry::Labels(inner) if !is_last => level = inner,
                Entry::Labels(_) | Entry::Value(_) => return,
            }
        }
    }

    fn value(self, place: Place) -> Value {
        let member = |(name, (at, entry)): (Arc<str>, (Place, Entry))| {
            let value = match entry {
                Entry::Value(value) => value,
                Entry::Labels(level) => level.value(at),
                // What is about all blocks of a name is about the first.
                Entry::Blocks(blocks) => {
                    let place = blocks.first().map_or(at, |block| block.place);
                    Value::new(Kind::List(blocks.into()), place)
                }
            };
            (name, Member { name: at, value })
        };
        Value::new(Kind::Map(Arc::new(Map(self.members.into_iter().map(member).collect()))), place)
    }
}
