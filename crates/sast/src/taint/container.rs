//! What the methods of containers do: which part they write, and which they read.
//!
//! This knows the words that collections share over languages and libraries, not any library. It is used only for methods that
//! are not defined in the file.

use smallvec::SmallVec;

use super::{
    flow::Flow,
    shape::{Key, Shape},
};
use crate::{ir::NodeId, lower::Feature};

/// What a method does to its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Adds elements at the end.
    Append,
    /// Adds what is in another container.
    Extend,
    /// `(key, value)`, or `(section, key, value)`.
    Put,
    /// `(key)`, or `(section, key)`, or nothing; the rest are defaults.
    Get,
    /// `(index)`.
    Remove,
    /// Takes the last element.
    TakeLast,
    /// Takes the first element.
    TakeFirst,
    /// Takes everything out.
    Clear,
    /// Adds at some place: `(index, value)`.
    Insert,
}

fn role(method: &str, n_arguments: usize) -> Option<Role> {
    Some(match (method, n_arguments) {
        (
            "add" | "append" | "push" | "Add" | "addLast" | "offer" | "addElement" | "push_back" | "enqueue" | "Push" | "Enqueue"
            | "AppendLine" | "Append" | "add!" | "write" | "Write" | "WriteString" | "push_str",
            1,
        ) => Role::Append,
        ("update", 2) => Role::Put,
        ("addAll" | "extend" | "AddRange" | "update" | "putAll" | "concat!" | "append" | "merge!", 1..) => Role::Extend,
        ("add" | "insert" | "Insert", 2) => Role::Insert,
        ("put" | "set" | "setProperty" | "setAttribute" | "Add" | "setdefault" | "store" | "putIfAbsent" | "putString" | "TryAdd", 2) => {
            Role::Put
        }
        ("set" | "put", 3) => Role::Put,
        (
            "get" | "getProperty" | "getAttribute" | "getOrDefault" | "fetch" | "elementAt" | "getString" | "dig" | "at" | "Get"
            | "getOrElse" | "getOrNull" | "getValue" | "GetValueOrDefault",
            1..=3,
        ) => Role::Get,
        ("remove" | "removeAt" | "RemoveAt" | "delete_at" | "pop", 1) => Role::Remove,
        ("pop" | "removeLast" | "pollLast", 0) => Role::TakeLast,
        ("shift" | "removeFirst" | "pollFirst" | "poll" | "popleft" | "Dequeue", 0) => Role::TakeFirst,
        ("clear" | "Clear" | "removeAll", 0) => Role::Clear,
        _ => return None,
    })
}

/// Whether containers have a method of this name.
pub(super) fn is_word(method: &str, n_arguments: usize) -> bool {
    role(method, n_arguments).is_some()
}

/// What a method that every container has makes of its object, and what it gives back; nothing if it is none.
pub(crate) fn run(method: &str, shape: &Shape, keys: &[Key], values: &[Shape]) -> Option<(Shape, Shape)> {
    role(method, values.len()).and_then(|role| play(role, shape, keys, values))
}

fn play(role: Role, shape: &Shape, keys: &[Key], values: &[Shape]) -> Option<(Shape, Shape)> {
    let mut changed = shape.clone();
    match role {
        Role::Append => changed.push(values.first()?.clone()),
        Role::Extend => {
            for value in values {
                let all = Shape::of(value.all());
                if !all.is_clean() {
                    changed.length = None;
                    changed.write(&[Key::Any], all);
                }
            }
        }
        Role::Insert => {
            let value = values.get(1)?.clone();
            match keys.first()? {
                Key::Index(index) => changed.insert(*index, value),
                Key::Field(_) | Key::Any => changed.write(&[Key::Any], Shape::of(value.all())),
            }
        }
        Role::Put => {
            let path = keys.get(..keys.len().checked_sub(1)?)?;
            changed.write(path, values.last()?.clone());
        }
        Role::Get => {
            let first = *keys.first()?;
            let mut part = shape.part(first);
            // `(section, key)` reads a part of a part, where there is one.
            let second = keys.get(1).filter(|second| keys.len() == 2 && shape.has_part(first) && part.has_part(**second));
            match (second, values.get(1)) {
                (Some(second), _) => part = part.part(*second),
                (None, Some(default)) => part.join(default),
                (None, None) => {}
            }
            return Some((changed, part));
        }
        Role::Remove => {
            let key = *keys.first()?;
            let taken = shape.part(key);
            if let Key::Index(index) = key {
                changed.remove(index);
            }
            return Some((changed, taken));
        }
        Role::TakeLast | Role::TakeFirst => {
            let last = shape.length.and_then(|length| i32::try_from(length).ok()?.checked_sub(1));
            let index = if role == Role::TakeFirst { last.map(|_| 0) } else { last };
            let taken = shape.part(index.map_or(Key::Any, Key::Index));
            if let Some(index) = index {
                changed.remove(index);
            }
            return Some((changed, taken));
        }
        Role::Clear => changed = Shape::empty(),
    }
    // What is added to is often given back, so that more can be added.
    let given_back = match role {
        Role::Append | Role::Extend | Role::Insert => changed.clone(),
        _ => Shape::of(changed.own.clone()),
    };
    Some((changed, given_back))
}

impl Flow<'_> {
    /// Whether a method changes the text that it is called on, in languages where that is possible.
    pub(super) fn changes_text(&self, method: &str, n_arguments: usize) -> bool {
        n_arguments == 1 && matches!(method, "concat" | "prepend" | "replace") && self.unit.has_feature(Feature::MutableStrings)
    }

    /// Runs a method that every container has; nothing if it is none.
    pub(super) fn container_method(
        &mut self,
        object: NodeId,
        of_object: Option<&Shape>,
        method: &str,
        arguments: &[NodeId],
        values: &[Shape],
    ) -> Option<Shape> {
        let role = match role(method, arguments.len()) {
            Some(role) => role,
            None if self.changes_text(method, arguments.len()) => Role::Extend,
            None => return None,
        };
        let keys: SmallVec<[Key; 3]> = arguments.iter().map(|argument| self.key(*argument)).collect();
        if role == Role::Get
            && let Some(of_object) = of_object
        {
            // What was matched at the object counts for its parts.
            return play(role, of_object, &keys, values).map(|(_, part)| part);
        }
        let place = self.place(object)?;
        let stepped: SmallVec<[Shape; 3]> = values.iter().map(|value| self.stepped(value.clone(), object)).collect();
        let (changed, given_back) = play(role, &self.read(&place), &keys, &stepped)?;
        self.write(&place, changed);
        Some(given_back)
    }
}
