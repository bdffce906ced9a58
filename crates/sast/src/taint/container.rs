//! What the methods of containers do: which part they write, and which they read.
//!
//! This knows the words that collections share over languages and libraries, not any library. It is used only for methods that
//! are not defined in the file.

use smallvec::SmallVec;

use super::{
    flow::Flow,
    shape::{Key, Shape},
};
use crate::ir::NodeId;

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
    /// Takes everything out.
    Clear,
    /// Adds at some place: `(index, value)`.
    Insert,
}

fn role(method: &str, n_arguments: usize) -> Option<Role> {
    Some(match (method, n_arguments) {
        (
            "add" | "append" | "push" | "Add" | "addLast" | "offer" | "addElement" | "push_back" | "enqueue" | "Push" | "Enqueue"
            | "AppendLine" | "Append" | "add!",
            1,
        ) => Role::Append,
        ("addAll" | "extend" | "AddRange" | "update" | "putAll" | "concat!" | "append" | "merge!", 1..) => Role::Extend,
        ("add" | "insert" | "Insert", 2) => Role::Insert,
        ("put" | "set" | "setProperty" | "setAttribute" | "Add" | "setdefault" | "store" | "putIfAbsent" | "putString", 2) => Role::Put,
        ("set" | "put", 3) => Role::Put,
        ("get" | "getProperty" | "getAttribute" | "getOrDefault" | "fetch" | "elementAt" | "getString" | "dig" | "at" | "Get", 1..=3) => {
            Role::Get
        }
        ("remove" | "removeAt" | "RemoveAt" | "delete_at" | "pop", 1) => Role::Remove,
        ("clear" | "Clear" | "removeAll", 0) => Role::Clear,
        _ => return None,
    })
}

/// Whether containers have a method of this name.
pub(super) fn is_word(method: &str, n_arguments: usize) -> bool {
    role(method, n_arguments).is_some()
}

/// Whether a method of this name puts what it is given into its object.
pub(crate) fn is_filled_by(method: &str, n_arguments: usize) -> bool {
    matches!(role(method, n_arguments), Some(Role::Append | Role::Extend | Role::Put | Role::Insert))
}

impl Flow<'_> {
    /// Runs a method that every container has; nothing if it is none.
    pub(super) fn container_method(
        &mut self,
        object: NodeId,
        of_object: Option<&Shape>,
        method: &str,
        arguments: &[NodeId],
        values: &[Shape],
    ) -> Option<Shape> {
        let role = role(method, arguments.len())?;
        let place = self.place(object)?;
        let mut shape = self.read(&place);
        // Of something that is tainted as a whole nothing is known apart.
        let keys: SmallVec<[Key; 3]> = arguments.iter().map(|argument| self.key(*argument)).collect();
        match role {
            Role::Append => {
                let value = values.first()?.clone();
                let value = self.stepped(value, object);
                shape.push(value);
            }
            Role::Extend => {
                for value in values {
                    let all = self.stepped(Shape::of(value.all()), object);
                    if !all.is_clean() {
                        shape.length = None;
                        shape.write(&[Key::Any], all);
                    }
                }
            }
            Role::Insert => {
                shape.length = None;
                let value = self.stepped(Shape::of(values.get(1)?.all()), object);
                shape.write(&[Key::Any], value);
            }
            Role::Put => {
                let (value, path) = (values.last()?.clone(), keys.get(..keys.len().checked_sub(1)?)?);
                let value = self.stepped(value, object);
                shape.write(path, value);
            }
            Role::Get => {
                // What was matched at the object counts for its parts.
                let shape = of_object.cloned().unwrap_or(shape);
                let mut part = shape.clone();
                let first = *keys.first()?;
                // `(section, key)` reads a part of a part, where there is one.
                let is_nested =
                    keys.len() == 2 && shape.has_part(first) && keys.get(1).is_some_and(|second| shape.part(first).has_part(*second));
                part = part.part(first);
                if is_nested {
                    part = part.part(*keys.get(1)?);
                } else if let Some(default) = values.get(1) {
                    part.join(default);
                }
                return Some(part);
            }
            Role::Remove => {
                let taken = match keys.first()? {
                    Key::Index(index) => {
                        let taken = shape.part(Key::Index(*index));
                        shape.remove(*index);
                        taken
                    }
                    key => shape.part(*key),
                };
                self.write(&place, shape);
                return Some(taken);
            }
            Role::Clear => shape = Shape::empty(),
        }
        self.write(&place, shape.clone());
        Some(Shape::of(shape.own.clone()))
    }
}
