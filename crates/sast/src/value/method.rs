//! What functions and methods of strings and numbers make of what is known.

use smallvec::SmallVec;

use super::Value;
use crate::{
    ir::{Kind, NodeId, Op, Symbol},
    unit::Unit,
};

type Values = SmallVec<[Value; 3]>;

impl Unit<'_> {
    /// The value of a call of what every language has for strings and numbers.
    pub(super) fn call_value(&self, id: NodeId, depth: usize) -> Option<Value> {
        let callee = self.tree.child(id, 0);
        let arguments =
            || -> Option<Values> { self.tree.children(self.tree.child(id, 1)).map(|argument| self.value_at(argument, depth)).collect() };
        match self.tree.kind(callee) {
            Kind::Name => {
                let name = self.tree.node(callee).symbol;
                if self.is_text_of_constants(id) {
                    return arguments().map(|_| Value::SomeStr);
                }
                let is_conversion =
                    self.with_text(name, |text| matches!(text, "len" | "strlen" | "str" | "String" | "int" | "Number" | "parseInt"));
                if !is_conversion {
                    return None;
                }
                let &[only] = arguments()?.as_slice() else { return None };
                self.with_name(name, |name| self.converted(name, only))
            }
            Kind::Dot => {
                let (object, member) = (self.tree.child(callee, 0), self.tree.node(self.tree.child(callee, 1)));
                if member.kind != Kind::Name {
                    return None;
                }
                if self.is_text_of_constants(id) {
                    return arguments().map(|_| Value::SomeStr);
                }
                let is_class = self.tree.kind(object) == Kind::Name
                    && self.with_text(self.tree.node(object).symbol, |text| {
                        matches!(text, "String" | "Integer" | "Long" | "Character" | "Number")
                    });
                if is_class {
                    let &[only] = arguments()?.as_slice() else { return None };
                    return self.with_name(member.symbol, |name| self.converted(name, only));
                }
                let text = self.known_text(self.value_at(object, depth)?)?;
                let arguments = arguments()?;
                self.with_name(member.symbol, |name| self.method_of_string(name, &text, &arguments))
            }
            _ => None,
        }
    }

    /// Whether a call only puts its arguments into a text: `String.format` of Java, and what makes text safe in PHP.
    pub(crate) fn is_text_of_constants(&self, id: NodeId) -> bool {
        if self.tree.kind(id) != Kind::Call {
            return false;
        }
        let callee = self.tree.child(id, 0);
        let is = |node: NodeId, words: &[&str]| {
            self.tree.kind(node) == Kind::Name && self.with_text(self.tree.node(node).symbol, |text| words.contains(&text))
        };
        match self.tree.kind(callee) {
            Kind::Name => is(callee, &["escapeshellarg", "escapeshellcmd", "htmlspecialchars", "htmlentities"]),
            Kind::Dot => {
                let object = self.tree.child(callee, 0);
                let class = if self.tree.kind(object) == Kind::Dot { self.tree.child(object, 1) } else { object };
                is(class, &["String"]) && is(self.tree.child(callee, 1), &["format"])
            }
            _ => false,
        }
    }

    /// A character of a known string.
    pub(super) fn element_value(&self, id: NodeId, depth: usize) -> Option<Value> {
        let mut children = self.tree.children(id);
        let (object, index) = (children.next()?, children.next()?);
        if children.next().is_some() || self.tree.kind(index) == Kind::Slice {
            return None;
        }
        let Value::Str(_) = self.value_at(object, depth)? else { return None };
        let text = self.known_text(self.value_at(object, depth)?)?;
        let Value::Int(index) = self.value_at(index, depth)? else { return None };
        self.character(&text, index)
    }

    fn with_name<T>(&self, name: Symbol, read: impl FnOnce(&str) -> T) -> T {
        let name = self.with_text(name, str::to_owned);
        read(&name)
    }

    /// The text of a string or character, if it is written without escapes.
    fn known_text(&self, value: Value) -> Option<String> {
        match value {
            Value::Str(symbol) | Value::Char(symbol) => self.with_text(symbol, |text| (!text.contains('\\')).then(|| text.to_owned())),
            _ => None,
        }
    }

    fn string(&self, text: &str) -> Value {
        Value::Str(self.symbols.borrow_mut().intern(text))
    }

    fn character(&self, text: &str, index: i64) -> Option<Value> {
        let character = text.chars().nth(usize::try_from(index).ok()?)?;
        Some(Value::Char(self.symbols.borrow_mut().intern(character.encode_utf8(&mut [0; 4]))))
    }

    fn converted(&self, name: &str, value: Value) -> Option<Value> {
        match (name, value) {
            ("len" | "strlen", value) => length(&self.known_text(value)?),
            ("str" | "String" | "valueOf" | "toString", Value::Str(_) | Value::Char(_)) => Some(self.string(&self.known_text(value)?)),
            ("str" | "String" | "toString", Value::Int(number)) => Some(self.string(&number.to_string())),
            ("int" | "Number" | "parseInt" | "parseLong", Value::Str(_)) => self.known_text(value)?.trim().parse().ok().map(Value::Int),
            _ => None,
        }
    }

    fn method_of_string(&self, name: &str, text: &str, arguments: &[Value]) -> Option<Value> {
        let argument = |index: usize| self.known_text(*arguments.get(index)?);
        let number = |index: usize| match arguments.get(index) {
            Some(Value::Int(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let part = |from: usize, to: usize| -> Option<Value> {
            (from <= to && to <= text.chars().count()).then(|| self.string(&text.chars().skip(from).take(to - from).collect::<String>()))
        };
        Some(match (name, arguments.len()) {
            ("charAt" | "at" | "get" | "ElementAt", 1) => return self.character(text, i64::try_from(number(0)?).ok()?),
            ("length" | "size" | "Length" | "count", 0) => return length(text),
            ("isEmpty" | "is_empty" | "empty?", 0) => Value::Bool(text.is_empty()),
            ("equals" | "Equals" | "contentEquals" | "eql?", 1) => Value::Bool(text == argument(0)?),
            ("equalsIgnoreCase", 1) => Value::Bool(text.to_lowercase() == argument(0)?.to_lowercase()),
            ("startsWith" | "startswith" | "StartsWith" | "start_with?", 1) => Value::Bool(text.starts_with(&argument(0)?)),
            ("endsWith" | "endswith" | "EndsWith" | "end_with?", 1) => Value::Bool(text.ends_with(&argument(0)?)),
            ("contains" | "includes" | "Contains" | "include?", 1) => Value::Bool(text.contains(&argument(0)?)),
            ("indexOf" | "IndexOf" | "find" | "index", 1) => {
                let at = text.find(&argument(0)?).and_then(|at| text.get(..at)).map(|before| before.chars().count());
                Value::Int(at.map_or(-1, |at| i64::try_from(at).unwrap_or(-1)))
            }
            ("toUpperCase" | "upper" | "ToUpper" | "upcase" | "uppercase", 0) => self.string(&text.to_uppercase()),
            ("toLowerCase" | "lower" | "ToLower" | "downcase" | "lowercase", 0) => self.string(&text.to_lowercase()),
            ("trim" | "strip" | "Trim", 0) => self.string(text.trim()),
            ("toString" | "ToString" | "intern" | "to_s", 0) => self.string(text),
            ("concat", 1) => self.string(&format!("{text}{}", argument(0)?)),
            ("substring", 1) => return part(number(0)?, text.chars().count()),
            ("substring", 2) => return part(number(0)?, number(1)?),
            ("replace", 2) => self.string(&text.replace(&argument(0)?, &argument(1)?)),
            _ => return None,
        })
    }

    /// The alternatives of a pattern in a case: `A | B`.
    pub(crate) fn alternatives(&self, pattern: NodeId) -> SmallVec<[NodeId; 2]> {
        let node = self.tree.node(pattern);
        if node.kind == Kind::Binary && node.op == Op::BitOr {
            let mut all = self.alternatives(self.tree.child(pattern, 0));
            all.extend(self.alternatives(self.tree.child(pattern, 1)));
            return all;
        }
        SmallVec::from_iter([pattern])
    }
}

fn length(text: &str) -> Option<Value> {
    i64::try_from(text.chars().count()).ok().map(Value::Int)
}
