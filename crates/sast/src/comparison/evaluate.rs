//! Evaluates expressions.

use super::{
    ComparisonOptions, Lookup, Value, date,
    parser::{Binary, Expression, Function, Kind, Relation, Unary},
};

use crate::regex::Outcome;

/// Why a comparison has no value. Offsets are bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum EvaluationError {
    /// A metavariable stands for nothing.
    #[error("`{name}` isn't bound: byte {at}")]
    Unbound {
        /// Where it is mentioned.
        at: usize,
        /// With its dollar.
        name: String,
    },
    /// The operation isn't defined for these values: another type, a division by zero, not a number.
    #[error("not defined for these values: byte {at}")]
    Undefined {
        /// Where the operation stands.
        at: usize,
    },
    /// A regular expression took too many steps.
    #[error("the regular expression takes too long: byte {at}")]
    RegexLimit {
        /// Where it stands.
        at: usize,
    },
}

pub(super) struct Evaluator<'a> {
    pub(super) lookup: Lookup<'a>,
    pub(super) options: ComparisonOptions,
    pub(super) now_s: i64,
}

impl Evaluator<'_> {
    pub(super) fn evaluate(&self, expression: &Expression) -> Result<Value, EvaluationError> {
        let undefined = EvaluationError::Undefined { at: expression.at };
        match &expression.kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Metavariable(name) => self.metavariable(name, expression.at),
            Kind::List(items) => items.iter().map(|item| self.evaluate(item)).collect::<Result<_, _>>().map(Value::List),
            Kind::Joined(parts) => self.joined(parts),
            Kind::Unary(operator, operand) => unary(*operator, &self.evaluate(operand)?).ok_or(undefined),
            Kind::Binary(operator, operands) => {
                let [left, right] = &**operands;
                binary(*operator, &self.evaluate(left)?, &self.evaluate(right)?).ok_or(undefined)
            }
            Kind::Compare(relations, operands) => {
                let values = operands.iter().map(|operand| self.evaluate(operand)).collect::<Result<Vec<_>, _>>()?;
                let pairs = values.iter().zip(values.iter().skip(1)).zip(relations);
                let answers: Option<Vec<bool>> = pairs.map(|((left, right), relation)| related(*relation, left, right)).collect();
                answers.map(|answers| Value::Bool(answers.iter().all(|&answer| answer))).ok_or(undefined)
            }
            Kind::And(operands) => self.booleans(operands).map(|answers| Value::Bool(answers.iter().all(|&answer| answer))),
            Kind::Or(operands) => self.booleans(operands).map(|answers| Value::Bool(answers.iter().any(|&answer| answer))),
            Kind::Call(function, arguments) => self.call(function, arguments, expression.at),
        }
    }

    fn metavariable(&self, name: &str, at: usize) -> Result<Value, EvaluationError> {
        let value = (self.lookup)(name).ok_or_else(|| EvaluationError::Unbound { at, name: name.to_owned() })?;
        if self.options.is_stripped && !name.starts_with("$...") {
            return self.integer(&value).map(Value::Int).ok_or(EvaluationError::Undefined { at });
        }
        Ok(value)
    }

    fn integer(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Int(value) => Some(*value),
            Value::Text(text) => Value::integer(text, self.options.base),
            Value::Bool(_) | Value::Float(_) | Value::List(_) | Value::Code(_) => None,
        }
    }

    fn joined(&self, parts: &[Expression]) -> Result<Value, EvaluationError> {
        let mut text = String::new();
        for part in parts {
            text += &self.evaluate(part)?.print().ok_or(EvaluationError::Undefined { at: part.at })?;
        }
        Ok(Value::Text(text))
    }

    /// The values of all operands: one that isn't known is not made up for by the others.
    fn booleans(&self, operands: &[Expression]) -> Result<Vec<bool>, EvaluationError> {
        let boolean = |operand| match self.evaluate(operand)? {
            Value::Bool(value) => Ok(value),
            Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) | Value::Code(_) => {
                Err(EvaluationError::Undefined { at: operand.at })
            }
        };
        operands.iter().map(boolean).collect()
    }

    fn call(&self, function: &Function, arguments: &[Expression], at: usize) -> Result<Value, EvaluationError> {
        let undefined = EvaluationError::Undefined { at };
        let Some(argument) = arguments.first() else {
            return match function {
                Function::Today => Ok(Value::Float(float(self.now_s))),
                Function::Int
                | Function::Float
                | Function::Str
                | Function::Len
                | Function::Strptime
                | Function::Duration
                | Function::Match(_) => Err(undefined),
            };
        };
        let value = self.evaluate(argument)?;
        let result = match (function, &value) {
            (Function::Int, value) => self.integer(value).map(Value::Int),
            (Function::Float, Value::Int(value)) => Some(Value::Float(float(*value))),
            (Function::Float, Value::Float(value)) => Some(Value::Float(*value)),
            (Function::Float, Value::Text(text)) => text.trim().parse().ok().map(Value::Float),
            (Function::Str, value) => value.print().map(Value::Text),
            (Function::Len, Value::Text(text)) => i64::try_from(text.chars().count()).ok().map(Value::Int),
            (Function::Len, Value::List(items)) => i64::try_from(items.len()).ok().map(Value::Int),
            (Function::Strptime, Value::Text(text)) => date::seconds(text).map(|seconds| Value::Float(float(seconds))),
            (Function::Duration, Value::Text(text)) => date::duration_ms(text).map(Value::Int),
            (Function::Match(regex), Value::Text(text)) => {
                let Outcome::Done(is_match) = regex.is_match(text) else { return Err(EvaluationError::RegexLimit { at }) };
                Some(Value::Bool(is_match))
            }
            (Function::Float | Function::Len | Function::Strptime | Function::Duration | Function::Match(_) | Function::Today, _) => None,
        };
        result.ok_or(undefined)
    }
}

fn unary(operator: Unary, operand: &Value) -> Option<Value> {
    match (operator, operand) {
        (Unary::Not, Value::Bool(value)) => Some(Value::Bool(!value)),
        (Unary::Plus, Value::Int(_) | Value::Float(_)) => Some(operand.clone()),
        (Unary::Minus, Value::Int(value)) => Some(Value::Int(value.wrapping_neg())),
        (Unary::Minus, Value::Float(value)) => Some(Value::Float(-value)),
        (Unary::Invert, Value::Int(value)) => Some(Value::Int(!value)),
        (Unary::Not | Unary::Plus | Unary::Minus | Unary::Invert, _) => None,
    }
}

fn binary(operator: Binary, left: &Value, right: &Value) -> Option<Value> {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        return integers(operator, *left, *right).map(Value::Int);
    }
    let (left, right) = (number(left)?, number(right)?);
    let result = match operator {
        Binary::Add => left + right,
        Binary::Subtract => left - right,
        Binary::Multiply => left * right,
        Binary::Divide => left / right,
        Binary::Remainder => left % right,
        Binary::Power => left.powf(right),
        Binary::And | Binary::Or | Binary::Xor | Binary::ShiftLeft | Binary::ShiftRight => return None,
    };
    Some(Value::Float(result))
}

fn integers(operator: Binary, left: i64, right: i64) -> Option<i64> {
    let n_bits = || u32::try_from(right).ok();
    match operator {
        Binary::Add => Some(left.wrapping_add(right)),
        Binary::Subtract => Some(left.wrapping_sub(right)),
        Binary::Multiply => Some(left.wrapping_mul(right)),
        Binary::Divide => left.checked_div(right),
        Binary::Remainder => left.checked_rem(right),
        Binary::Power => left.checked_pow(n_bits()?),
        Binary::And => Some(left & right),
        Binary::Or => Some(left | right),
        Binary::Xor => Some(left ^ right),
        Binary::ShiftLeft => left.checked_shl(n_bits()?),
        Binary::ShiftRight => left.checked_shr(n_bits()?),
    }
}

/// Whether two values stand in a relation; nothing where that has no meaning.
fn related(relation: Relation, left: &Value, right: &Value) -> Option<bool> {
    // Code is compared as text only, and only on demand.
    if matches!(left, Value::Code(_)) || matches!(right, Value::Code(_)) {
        return None;
    }
    match relation {
        Relation::Equal => Some(is_equal(left, right)),
        Relation::NotEqual => Some(!is_equal(left, right)),
        Relation::In => Some(contains(right, left).unwrap_or(false)),
        Relation::NotIn => Some(contains(right, left).is_some_and(|contains| !contains)),
        Relation::Less | Relation::LessOrEqual | Relation::Greater | Relation::GreaterOrEqual => {
            let ordering = match (left, right) {
                (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
                _ => number(left)?.partial_cmp(&number(right)?),
            };
            Some(ordering.is_some_and(|ordering| match relation {
                Relation::Less => ordering.is_lt(),
                Relation::LessOrEqual => ordering.is_le(),
                Relation::Greater => ordering.is_gt(),
                Relation::GreaterOrEqual => ordering.is_ge(),
                Relation::Equal | Relation::NotEqual | Relation::In | Relation::NotIn => false,
            }))
        }
    }
}

fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Float(right)) | (Value::Float(right), Value::Int(left)) => {
            float(*left).partial_cmp(right).is_some_and(std::cmp::Ordering::is_eq)
        }
        _ => left == right,
    }
}

/// Whether a list or a text contains something; nothing for what contains nothing.
fn contains(container: &Value, item: &Value) -> Option<bool> {
    match (container, item) {
        (Value::List(items), _) => Some(items.contains(item)),
        (Value::Text(text), Value::Text(part)) => Some(text.contains(part.as_str())),
        (Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Code(_), _) => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(float(*value)),
        Value::Float(value) => Some(*value),
        Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Code(_) => None,
    }
}

/// The nearest float.
fn float(value: i64) -> f64 {
    value as f64
}
