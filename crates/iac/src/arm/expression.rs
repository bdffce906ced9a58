//! Expressions of templates: `[concat(parameters('a'), '-b')]`. "ARM template functions".

use std::{cell::Cell, sync::Arc};

use crate::{
    Cause, Kind, Map, Member, Place, Value,
    terraform::{
        Operator, index_of,
        operation::{Text, binary, equal, invalid, map_of, of_json, one_of, over, text_of, unary, unknown_of},
    },
};

/// How deeply expressions are nested, variables followed.
const MAX_DEPTH: usize = 100;

/// A template whose values are evaluated.
pub(super) struct Template<'t> {
    document: &'t Value,
    depth: Cell<usize>,
}

/// What an expression consists of.
enum Node {
    Text(String),
    Number(f64),
    Call(String, Vec<Node>),
    Attribute(Box<Node>, String),
    Index(Box<Node>, Box<Node>),
}

impl<'t> Template<'t> {
    pub(super) fn new(document: &'t Value) -> Self {
        Self { document, depth: Cell::new(0) }
    }

    /// A value with all expressions in it evaluated.
    pub(super) fn evaluate(&self, value: &Value) -> Value {
        let depth = self.depth.get();
        if MAX_DEPTH <= depth {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), value.place);
        }
        self.depth.set(depth + 1);
        let evaluated = match &value.kind {
            Kind::List(items) => Value { kind: Kind::List(items.iter().map(|item| self.evaluate(item)).collect()), ..value.clone() },
            Kind::Map(map) => {
                let member = |(name, member): (&Arc<str>, &Member)| {
                    (Arc::clone(name), Member { name: member.name, value: self.evaluate(&member.value) })
                };
                Value { kind: Kind::Map(Arc::new(Map(map.0.iter().map(member).collect()))), ..value.clone() }
            }
            Kind::Text(text) => self.text(text, value),
            _ => value.clone(),
        };
        self.depth.set(depth);
        evaluated
    }

    fn text(&self, text: &str, value: &Value) -> Value {
        if let Some(escaped) = text.strip_prefix("[[") {
            return Value::of_text(format!("[{escaped}"), value.place);
        }
        let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return value.clone() };
        let mut reader = Reader { bytes: inner.as_bytes(), text: inner, at: 0 };
        match reader.node(0).filter(|_| reader.is_at_end()) {
            Some(node) => self.node(&node, value.place),
            None => invalid("this expression can't be read", value.place),
        }
    }

    fn node(&self, node: &Node, at: Place) -> Value {
        match node {
            Node::Text(text) => Value::of_text(text.as_str(), at),
            Node::Number(number) => Value::new(Kind::Number(*number), at),
            Node::Attribute(of, name) => over(&[self.node(of, at)], at, &|values| member_of(values.first(), name, at)),
            Node::Index(of, index) => over(&[self.node(of, at), self.node(index, at)], at, &|values| match values {
                [of, index] => element(of, index, at),
                _ => Value::null(),
            }),
            Node::Call(name, arguments) => self.call(&name.to_ascii_lowercase(), arguments, at),
        }
    }

    fn call(&self, name: &str, arguments: &[Node], at: Place) -> Value {
        match (name, arguments) {
            ("if", [condition, then, otherwise]) => {
                return match self.node(condition, at).boolean() {
                    Some(true) => self.node(then, at),
                    Some(false) => self.node(otherwise, at),
                    None => one_of(vec![self.node(then, at), self.node(otherwise, at)], at),
                };
            }
            ("parameters", [Node::Text(name)]) => return self.parameter(name, at),
            ("variables", [Node::Text(name)]) => {
                return self.document.at(&["variables", name]).map_or_else(|| missing(name, at), |value| self.evaluate(value));
            }
            _ => {}
        }
        let arguments: Vec<Value> = arguments.iter().map(|argument| self.node(argument, at)).collect();
        over(&arguments, at, &|arguments| function(name, arguments, at))
    }

    fn parameter(&self, name: &str, at: Place) -> Value {
        let Some(declared) = self.document.at(&["parameters", name]) else { return missing(name, at) };
        let default = declared.member("defaultValue").map(|member| &member.value);
        match (default, declared.get("allowedValues").map(Value::items)) {
            (Some(default), _) => self.evaluate(default),
            (None, Some(allowed)) if !allowed.is_empty() => one_of(allowed.to_vec(), at),
            (None, _) => Value::unknown(Cause::Variable(name.into()), declared.place),
        }
    }
}

fn missing(name: &str, at: Place) -> Value {
    Value::unknown(Cause::Missing(name.into()), at)
}

fn member_of(of: Option<&Value>, name: &str, at: Place) -> Value {
    let Some(of) = of else { return Value::null() };
    // Names are compared without case.
    let found =
        of.map().and_then(|map| map.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, member)| member.value.clone()));
    found.or_else(|| unknown_of([of], at)).unwrap_or_else(|| missing(name, at))
}

fn element(of: &Value, index: &Value, at: Place) -> Value {
    if let Some(unknown) = unknown_of([of, index], at) {
        return unknown;
    }
    match index.text() {
        Some(name) => member_of(Some(of), name, at),
        None => {
            index.number().and_then(index_of).and_then(|index| of.items().get(index)).cloned().unwrap_or_else(|| missing("an element", at))
        }
    }
}

fn function(name: &str, arguments: &[Value], at: Place) -> Value {
    let boolean = |is| Value::new(Kind::Boolean(is), at);
    match (name, arguments) {
        ("concat", [first, ..]) if matches!(first.kind, Kind::List(_)) => {
            Value::new(Kind::List(arguments.iter().flat_map(Value::items).cloned().collect()), at)
        }
        ("concat", _) => text_from(arguments, at),
        ("format", [pattern, rest @ ..]) => formatted(pattern, rest, at),
        ("true", []) => boolean(true),
        ("false", []) => boolean(false),
        ("null", []) => Value::new(Kind::Null, at),
        ("createobject", pairs) => {
            let pair = |pair: &[Value]| Some((text_of(pair.first()?)?, pair.get(1)?.clone()));
            Value::new(map_of(pairs.chunks(2).filter_map(pair)), at)
        }
        ("createarray" | "array", items) => Value::new(Kind::List(items.into()), at),
        ("equals", [left, right]) => match (left.text(), right.text()) {
            (Some(left), Some(right)) => boolean(left.eq_ignore_ascii_case(right)),
            _ => equal(left, right).map_or_else(|| unknown_of(arguments, at).unwrap_or_else(|| invalid("not comparable", at)), boolean),
        },
        ("and", [first, rest @ ..]) => rest.iter().fold(first.clone(), |left, right| binary(Operator::And, &left, right, at)),
        ("or", [first, rest @ ..]) => rest.iter().fold(first.clone(), |left, right| binary(Operator::Or, &left, right, at)),
        ("not", [value]) => unary(Operator::Not, value, at),
        ("coalesce", values) => values.iter().find(|value| !value.is_null()).cloned().unwrap_or_else(Value::null),
        ("subscription" | "resourcegroup" | "deployment" | "environment" | "tenant" | "managementgroup", []) => {
            Value::unknown(Cause::Runtime(format!("`{name}()`").into()), at)
        }
        _ => match unknown_of(arguments, at) {
            Some(unknown) => unknown,
            None => of_known(name, arguments, at),
        },
    }
}

/// Functions whose arguments must be known.
fn of_known(name: &str, arguments: &[Value], at: Place) -> Value {
    let boolean = |is| Value::new(Kind::Boolean(is), at);
    let text = |text: String| Value::of_text(text, at);
    let texts: Vec<Option<Arc<str>>> = arguments.iter().map(text_of).collect();
    let unknown = || Value::unknown(Cause::Function(name.into()), at);
    match (name, arguments, texts.as_slice()) {
        ("bool", [value], _) => value.boolean().map_or_else(unknown, boolean),
        ("int" | "float", [value], _) => value.number().map_or_else(unknown, |number| Value::new(Kind::Number(number), at)),
        ("string", _, [Some(value)]) => text(value.to_string()),
        ("tolower", _, [Some(value)]) => text(value.to_lowercase()),
        ("toupper", _, [Some(value)]) => text(value.to_uppercase()),
        ("trim", _, [Some(value)]) => text(value.trim().to_owned()),
        ("replace", _, [Some(value), Some(old), Some(new)]) if !old.is_empty() => text(value.replace(&**old, new)),
        ("startswith", _, [Some(value), Some(part)]) => boolean(value.to_lowercase().starts_with(&part.to_lowercase())),
        ("endswith", _, [Some(value), Some(part)]) => boolean(value.to_lowercase().ends_with(&part.to_lowercase())),
        ("json", _, [Some(value)]) => serde_json::from_str(value).map_or_else(|_| unknown(), |json| of_json(&json, at)),
        ("split", _, [Some(value), Some(separator)]) if !separator.is_empty() => {
            Value::new(Kind::List(value.split(&**separator).map(|part| Value::of_text(part, at)).collect()), at)
        }
        ("contains", [container, wanted], _) => match &container.kind {
            Kind::Map(map) => boolean(wanted.text().is_some_and(|name| map.0.keys().any(|known| known.eq_ignore_ascii_case(name)))),
            Kind::List(items) => boolean(items.iter().any(|item| equal(item, wanted) == Some(true))),
            Kind::Text(value) => boolean(wanted.text().is_some_and(|part| value.contains(part))),
            _ => unknown(),
        },
        ("empty", [value], _) => boolean(match &value.kind {
            Kind::Map(map) => map.0.is_empty(),
            Kind::List(items) => items.is_empty(),
            Kind::Text(text) => text.is_empty(),
            _ => value.is_null(),
        }),
        ("length", [value], _) => match &value.kind {
            Kind::Map(map) => count(map.0.len(), at),
            Kind::List(items) => count(items.len(), at),
            Kind::Text(text) => count(text.chars().count(), at),
            _ => unknown(),
        },
        ("first", [value], _) => value.items().first().cloned().unwrap_or_else(unknown),
        ("last", [value], _) => value.items().last().cloned().unwrap_or_else(unknown),
        ("union", [first, ..], _) if first.map().is_some() => {
            let members = arguments
                .iter()
                .filter_map(Value::map)
                .flat_map(|map| map.0.iter().map(|(name, member)| (Arc::clone(name), member.clone())));
            Value::new(Kind::Map(Arc::new(Map(members.collect()))), at)
        }
        ("union", ..) => Value::new(Kind::List(arguments.iter().flat_map(Value::items).cloned().collect()), at),
        ("add", [left, right], _) => binary(Operator::Add, left, right, at),
        ("sub", [left, right], _) => binary(Operator::Subtract, left, right, at),
        ("mul", [left, right], _) => binary(Operator::Multiply, left, right, at),
        ("div", [left, right], _) => binary(Operator::Divide, left, right, at),
        ("less", [left, right], _) => binary(Operator::Less, left, right, at),
        ("greater", [left, right], _) => binary(Operator::Greater, left, right, at),
        _ => unknown(),
    }
}

fn count(n: usize, at: Place) -> Value {
    Value::new(Kind::Number(u32::try_from(n).map_or(f64::MAX, f64::from)), at)
}

fn text_from(parts: &[Value], at: Place) -> Value {
    let mut text = Text::default();
    parts.iter().for_each(|part| text.push(part));
    text.finish(at)
}

/// `{0}` stands for the first argument.
fn formatted(pattern: &Value, arguments: &[Value], at: Place) -> Value {
    let Some(pattern) = pattern.text() else { return unknown_of([pattern], at).unwrap_or_else(|| invalid("a text is needed", at)) };
    let mut text = Text::default();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((index, behind)) = after.split_once('}') else { break };
        let number = index.split(':').next().and_then(|index| index.parse::<usize>().ok());
        if let Some(argument) = number.and_then(|number| arguments.get(number)) {
            text.push(argument);
        }
        rest = behind;
    }
    text.push_str(rest);
    text.finish(at)
}

/// Reads an expression.
struct Reader<'e> {
    bytes: &'e [u8],
    text: &'e str,
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip();
        let is_there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn is_at_end(&mut self) -> bool {
        self.skip();
        self.bytes.len() <= self.at
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        if MAX_DEPTH < depth {
            return None;
        }
        self.skip();
        let mut node = match self.bytes.get(self.at)? {
            b'\'' => Node::Text(self.quoted()?),
            b'-' | b'0'..=b'9' => Node::Number(self.number()?),
            _ => {
                let name = self.name()?;
                if !self.take(b'(') {
                    return None;
                }
                Node::Call(name, self.arguments(depth)?)
            }
        };
        let mut n_steps = 0;
        while n_steps < MAX_DEPTH {
            n_steps += 1;
            node = if self.take(b'.') {
                Node::Attribute(Box::new(node), self.name()?)
            } else if self.take(b'[') {
                let index = self.node(depth + 1)?;
                if !self.take(b']') {
                    return None;
                }
                Node::Index(Box::new(node), Box::new(index))
            } else {
                return Some(node);
            };
        }
        None
    }

    fn arguments(&mut self, depth: usize) -> Option<Vec<Node>> {
        let mut arguments = Vec::new();
        if self.take(b')') {
            return Some(arguments);
        }
        loop {
            arguments.push(self.node(depth + 1)?);
            if self.take(b')') {
                return Some(arguments);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// A text in single quotes; two of them are one.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..)?;
            let end = rest.find('\'')?;
            text.push_str(rest.get(..end)?);
            self.at += end + 1;
            if self.bytes.get(self.at) != Some(&b'\'') {
                return Some(text);
            }
            text.push('\'');
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.')) {
            self.at += 1;
        }
        self.text.get(start..self.at)?.parse().ok()
    }

    fn name(&mut self) -> Option<String> {
        self.skip();
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            self.at += 1;
        }
        let name = self.text.get(start..self.at)?;
        (!name.is_empty()).then(|| name.to_owned())
    }
}
