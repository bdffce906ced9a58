//! What is known of an expression without running it.
//!
//! Literals are what they say; names are what they were last given, if there is one such place; sums of known strings and
//! numbers are known. Evaluation is bounded by depth, and every node is evaluated once.

mod configured;
mod method;
mod reaching;

pub(crate) use self::{configured::Configured, reaching::Reached};

use crate::{
    ir::{Kind, NodeId, Op, Symbol},
    lower::Feature,
    names::{Binding, BindingKind},
    unit::Unit,
};

/// What an expression is known to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    /// This string, escapes as written.
    Str(Symbol),
    /// A string that does not depend on input; which one is not known.
    SomeStr,
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A character.
    Char(Symbol),
    /// Nothing.
    Null,
}

/// How deeply an expression is evaluated.
const MAX_DEPTH: usize = 48;

/// The longest string that is put together, in bytes.
const MAX_STRING_BYTES: usize = 16 << 10;

impl Unit<'_> {
    /// What an expression is known to be.
    pub(crate) fn value(&self, id: NodeId) -> Option<Value> {
        self.value_at(id, MAX_DEPTH)
    }

    fn value_at(&self, id: NodeId, depth: usize) -> Option<Value> {
        let node = self.tree.node(id);
        match node.kind {
            Kind::Str => return Some(Value::Str(node.symbol)),
            Kind::Char => return Some(Value::Char(node.symbol)),
            Kind::Null => return Some(Value::Null),
            Kind::Bool => return Some(Value::Bool(self.with_text(node.symbol, |text| text == "true"))),
            Kind::Number => return self.with_text(node.symbol, number),
            Kind::Name
            | Kind::Dot
            | Kind::Binary
            | Kind::AugAssign
            | Kind::Unary
            | Kind::Ternary
            | Kind::Interp
            | Kind::Cast
            | Kind::Call
            | Kind::Index => {}
            _ => return None,
        }
        let depth = depth.checked_sub(1)?;
        if let Some(known) = self.values.borrow().get(&id) {
            return *known;
        }
        // Something that is defined by itself is not known.
        self.values.borrow_mut().insert(id, None);
        let value = self.compute(id, depth);
        self.values.borrow_mut().insert(id, value);
        value
    }

    fn compute(&self, id: NodeId, depth: usize) -> Option<Value> {
        let node = self.tree.node(id);
        let child = |slot| self.tree.child(id, slot);
        match node.kind {
            Kind::Name => {
                // On some ways it may be one, on others another.
                let mut values = self.reaching_values(id).into_iter().map(|value| self.value_at(value, depth));
                let first = values.next()??;
                values.try_fold(first, |known, value| join(known, value?))
            }
            Kind::Dot => self.value_at(self.field_value(id).or_else(|| self.configured_value(id))?, depth),
            Kind::Cast => self.value_at(child(1), depth),
            Kind::Unary => unary(node.op, self.value_at(child(0), depth)?),
            Kind::Binary | Kind::AugAssign => {
                let (left, right) = (self.value_at(child(0), depth), self.value_at(child(1), depth));
                match (node.op, left) {
                    // The right side does not count where the left one decides.
                    (Op::And, Some(Value::Bool(false))) => Some(Value::Bool(false)),
                    (Op::Or, Some(Value::Bool(true))) => Some(Value::Bool(true)),
                    // `c and 'a' or 'b'` is one of two.
                    (Op::Or, None) if self.has_feature(Feature::LogicRows) => self.either(child(0), right?, depth),
                    // However often it is repeated, it is a string that nobody else wrote.
                    (Op::Mul, Some(Value::Str(_) | Value::SomeStr)) if self.has_feature(Feature::RepeatedStrings) => Some(Value::SomeStr),
                    _ => self.binary(node.op, left?, right?),
                }
            }
            Kind::Ternary => match self.value_at(child(0), depth) {
                Some(Value::Bool(true)) => self.value_at(child(1), depth),
                Some(Value::Bool(false)) => self.value_at(child(2), depth),
                _ => {
                    let (one, other) = (self.value_at(child(1), depth)?, self.value_at(child(2), depth)?);
                    join(one, other)
                }
            },
            Kind::Interp => {
                let mut parts = self.tree.children(id).map(|part| self.value_at(part, depth));
                let Some(first) = parts.next() else { return Some(Value::Str(Symbol::EMPTY)) };
                let first = match first? {
                    // A number alone in a string is its digits.
                    Value::Int(number) if self.tree.children(id).count() == 1 => {
                        Value::Str(self.symbols.borrow_mut().intern(&number.to_string()))
                    }
                    first @ (Value::Str(_) | Value::SomeStr) => first,
                    _ => return None,
                };
                parts.try_fold(first, |whole, part| self.concatenated(whole, part?))
            }
            Kind::Call => self.call_value(id, depth),
            Kind::Index => self.element_value(id, depth),
            _ => None,
        }
    }

    /// What an operator makes of two known values.
    pub(crate) fn combined(&self, op: Op, left: Value, right: Value) -> Option<Value> {
        self.binary(op, left, right)
    }

    fn binary(&self, op: Op, left: Value, right: Value) -> Option<Value> {
        match (op, left, right) {
            (Op::Add | Op::Concat, Value::Str(_) | Value::SomeStr, _) => self.concatenated(left, right),
            // A character is a string of one, where both are compared.
            (Op::Eq | Op::Same, Value::Char(left) | Value::Str(left), Value::Char(right) | Value::Str(right)) => {
                Some(Value::Bool(left == right))
            }
            (Op::NotEq | Op::NotSame, Value::Char(left) | Value::Str(left), Value::Char(right) | Value::Str(right)) => {
                Some(Value::Bool(left != right))
            }
            (_, Value::Int(left), Value::Int(right)) => integers(op, left, right),
            (Op::In | Op::NotIn, Value::Char(part) | Value::Str(part), Value::Str(whole)) => {
                let symbols = self.symbols.borrow();
                Some(Value::Bool(symbols.text(whole).contains(symbols.text(part)) == (op == Op::In)))
            }
            (Op::And, Value::Bool(left), Value::Bool(right)) => Some(Value::Bool(left && right)),
            (Op::Or, Value::Bool(left), Value::Bool(right)) => Some(Value::Bool(left || right)),
            (Op::Eq | Op::Same, left, right) if left != Value::SomeStr && right != Value::SomeStr => Some(Value::Bool(left == right)),
            (Op::NotEq | Op::NotSame, left, right) if left != Value::SomeStr && right != Value::SomeStr => Some(Value::Bool(left != right)),
            _ => None,
        }
    }

    /// What `c and x` is if it is true, or something else if it is not.
    fn either(&self, conjunction: NodeId, other: Value, depth: usize) -> Option<Value> {
        let node = self.tree.node(conjunction);
        let is_string = |value| matches!(value, Value::Str(_) | Value::SomeStr);
        if node.kind != Kind::Binary || node.op != Op::And || !is_string(other) {
            return None;
        }
        let one = self.value_at(self.tree.child(conjunction, 1), depth)?;
        join(one, other).filter(|_| is_string(one))
    }

    /// Two strings as one; where the language says so, numbers become strings.
    fn concatenated(&self, left: Value, right: Value) -> Option<Value> {
        let is_string = |value| matches!(value, Value::Str(_) | Value::SomeStr | Value::Char(_));
        let converts =
            matches!((left, right), (Value::Str(_), Value::Int(_) | Value::Bool(_))) && !self.has_feature(Feature::StrictStrings);
        if !is_string(left) || !(is_string(right) || converts) {
            return None;
        }
        let mut whole = String::new();
        let is_known = self.append(left, &mut whole) && self.append(right, &mut whole);
        Some(if is_known { Value::Str(self.symbols.borrow_mut().intern(&whole)) } else { Value::SomeStr })
    }

    /// Adds a value's text; false if it is not known, or too long.
    fn append(&self, value: Value, out: &mut String) -> bool {
        use std::fmt::Write as _;
        match value {
            Value::Str(symbol) | Value::Char(symbol) => self.with_text(symbol, |text| out.push_str(text)),
            Value::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Value::Bool(truth) => {
                let _ = write!(out, "{truth}");
            }
            Value::Float(_) | Value::SomeStr | Value::Null => return false,
        }
        out.len() <= MAX_STRING_BYTES
    }

    /// The value of `Class.FIELD` or `this.field`, where the class is in this file and the field is given one value.
    fn field_value(&self, id: NodeId) -> Option<NodeId> {
        let (object, member) = (self.tree.child(id, 0), self.tree.node(self.tree.child(id, 1)));
        let binding = self.names.of(object).filter(|binding| binding.kind == BindingKind::Class);
        let class = match binding {
            Some(binding) => binding.declaration,
            None if self.tree.kind(object) == Kind::Name && self.with_text(self.tree.node(object).symbol, is_self) => {
                self.enclosing_class(id)?
            }
            None => return None,
        };
        let field = self.names.field(class, member.symbol)?;
        match field.definitions.as_slice() {
            [only] if self.is_settled(field) => only.value,
            _ => None,
        }
    }

    /// Whether a field keeps the value that it is declared with: nothing in its class writes it, nor can others.
    pub(crate) fn is_settled(&self, field: &Binding) -> bool {
        let is_open = self.has_feature(Feature::BoxedTypes)
            && !field.is_constant
            && self.tree.kind(field.declaration) == Kind::VarDef
            && !self
                .tree
                .children(self.tree.child(field.declaration, 0))
                .any(|word| self.with_text(self.tree.node(word).symbol, |text| text == "private"));
        field.touches.is_empty() && !is_open
    }

    fn enclosing_class(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
            if self.tree.kind(parent) == Kind::ClassDef {
                return Some(parent);
            }
            at = parent;
        }
        None
    }
}

fn is_self(text: &str) -> bool {
    matches!(text, "this" | "self" | "$this")
}

/// A number as lowering writes it.
fn number(text: &str) -> Option<Value> {
    text.parse().map(Value::Int).ok().or_else(|| text.parse().map(Value::Float).ok())
}

fn unary(op: Op, value: Value) -> Option<Value> {
    match (op, value) {
        (Op::Not, Value::Bool(truth)) => Some(Value::Bool(!truth)),
        (Op::Sub, Value::Int(number)) => number.checked_neg().map(Value::Int),
        (Op::Sub, Value::Float(number)) => Some(Value::Float(-number)),
        (Op::Add, value @ (Value::Int(_) | Value::Float(_))) => Some(value),
        _ => None,
    }
}

fn integers(op: Op, left: i64, right: i64) -> Option<Value> {
    let number = match op {
        Op::Add => left.checked_add(right),
        Op::Sub => left.checked_sub(right),
        Op::Mul => left.checked_mul(right),
        Op::Div | Op::FloorDiv => left.checked_div(right),
        Op::Mod => left.checked_rem(right),
        Op::BitAnd => Some(left & right),
        Op::BitOr => Some(left | right),
        Op::BitXor => Some(left ^ right),
        Op::Shl => u32::try_from(right).ok().and_then(|right| left.checked_shl(right)),
        Op::Shr => u32::try_from(right).ok().and_then(|right| left.checked_shr(right)),
        Op::Pow => u32::try_from(right).ok().and_then(|right| left.checked_pow(right)),
        _ => None,
    };
    if let Some(number) = number {
        return Some(Value::Int(number));
    }
    let truth = match op {
        Op::Eq | Op::Same => left == right,
        Op::NotEq | Op::NotSame => left != right,
        Op::Lt => left < right,
        Op::LtEq => left <= right,
        Op::Gt => right < left,
        Op::GtEq => right <= left,
        _ => return None,
    };
    Some(Value::Bool(truth))
}

/// Whether two known values are the same; a character is a string of one.
pub(crate) fn is_same(one: Value, other: Value) -> bool {
    match (one, other) {
        (Value::Char(one) | Value::Str(one), Value::Char(other) | Value::Str(other)) => one == other,
        _ => one == other,
    }
}

/// What is known where it is one or the other.
fn join(one: Value, other: Value) -> Option<Value> {
    if one == other {
        return Some(one);
    }
    let is_string = |value| matches!(value, Value::Str(_) | Value::SomeStr);
    (is_string(one) && is_string(other)).then_some(Value::SomeStr)
}
