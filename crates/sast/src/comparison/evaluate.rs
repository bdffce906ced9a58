//! Evaluates a comparison.

use super::{Arithmetic, Comparison, Expression, Operand, Relation};
use crate::regex::Outcome;

type Lookup<'a> = &'a dyn Fn(&str) -> Option<Operand>;

impl Comparison {
    /// Whether it holds for what is bound.
    pub(crate) fn holds(&self, bound: Lookup<'_>) -> bool {
        self.evaluate(&self.expression, bound).is_some_and(|value| is_true(&value))
    }

    fn evaluate(&self, expression: &Expression, bound: Lookup<'_>) -> Option<Operand> {
        match expression {
            Expression::Value(value) => Some(value.clone()),
            Expression::Metavariable(name) => self.metavariable(name, bound),
            Expression::List(items) => items.iter().map(|item| self.evaluate(item, bound)).collect::<Option<_>>().map(Operand::List),
            Expression::Not(inner) => Some(Operand::Bool(!is_true(&self.evaluate(inner, bound)?))),
            Expression::Negative(inner) => match self.evaluate(inner, bound)? {
                Operand::Int(number) => number.checked_neg().map(Operand::Int),
                Operand::Float(number) => Some(Operand::Float(-number)),
                _ => None,
            },
            Expression::And(parts) => {
                for part in parts {
                    if !is_true(&self.evaluate(part, bound)?) {
                        return Some(Operand::Bool(false));
                    }
                }
                Some(Operand::Bool(true))
            }
            Expression::Or(parts) => {
                let holds = parts.iter().any(|part| self.evaluate(part, bound).is_some_and(|value| is_true(&value)));
                Some(Operand::Bool(holds))
            }
            Expression::Chain(first, rest) => {
                let mut left = self.evaluate(first, bound)?;
                for (relation, right) in rest {
                    let right = self.evaluate(right, bound)?;
                    if !relate(*relation, &left, &right)? {
                        return Some(Operand::Bool(false));
                    }
                    left = right;
                }
                Some(Operand::Bool(true))
            }
            Expression::Arithmetic(operator, left, right) => {
                arithmetic(*operator, &self.evaluate(left, bound)?, &self.evaluate(right, bound)?)
            }
            Expression::Int(of) => match self.evaluate(of, bound)? {
                Operand::Float(number) => format!("{:.0}", number.trunc()).parse().ok().map(Operand::Int),
                Operand::Bool(truth) => Some(Operand::Int(i64::from(truth))),
                Operand::Str(text) | Operand::Code(text) => {
                    number(text.trim(), self.base).filter(|number| matches!(number, Operand::Int(_)))
                }
                number @ Operand::Int(_) => Some(number),
                Operand::List(_) => None,
            },
            Expression::Float(of) => as_float(&self.evaluate(of, bound)?).map(Operand::Float),
            Expression::Text(of) => Some(Operand::Str(match self.evaluate(of, bound)? {
                Operand::Int(number) => number.to_string(),
                Operand::Float(number) => number.to_string(),
                Operand::Bool(truth) => if truth { "True" } else { "False" }.to_owned(),
                Operand::Str(text) | Operand::Code(text) => text,
                Operand::List(_) => return None,
            })),
            Expression::Length(of) => match self.evaluate(of, bound)? {
                Operand::Str(text) => i64::try_from(text.chars().count()).ok().map(Operand::Int),
                Operand::List(items) => i64::try_from(items.len()).ok().map(Operand::Int),
                _ => None,
            },
            Expression::Match(regex, of) => match self.evaluate(of, bound)? {
                Operand::Str(text) | Operand::Code(text) => Some(Operand::Bool(regex.is_match(&text) == Outcome::Done(true))),
                _ => None,
            },
        }
    }

    fn metavariable(&self, name: &str, bound: Lookup<'_>) -> Option<Operand> {
        let value = bound(name)?;
        let is_meant = self.name.as_deref().is_none_or(|meant| meant == name);
        match &value {
            Operand::Str(text) if self.is_stripped && is_meant => number(text.trim(), self.base).or(Some(value)),
            // What looks like a number is one: `0o644`.
            Operand::Code(text) => {
                number(text.trim(), self.base).or_else(|| self.stripped(text).filter(|_| self.is_stripped && is_meant)).or(Some(value))
            }
            _ => Some(value),
        }
    }

    fn stripped(&self, text: &str) -> Option<Operand> {
        number(text.trim_matches(['"', '\'', '`', ' ']), self.base)
    }
}

/// A number as Python writes it; without a prefix in a base.
pub(super) fn number(text: &str, base: Option<u32>) -> Option<Operand> {
    let plain: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let (sign, digits) = plain.strip_prefix('-').map_or((1, plain.as_str()), |digits| (-1, digits));
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(|number| Operand::Int(sign * number));
        }
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(base) = base.filter(|base| (2..=36).contains(base)) {
        return i64::from_str_radix(digits, base).ok().map(|number| Operand::Int(sign * number));
    }
    // A suffix such as `L` says nothing of the value.
    let digits = digits.trim_end_matches(['l', 'u']);
    match digits.parse::<i64>() {
        Ok(number) => Some(Operand::Int(sign * number)),
        Err(_) => plain.trim_end_matches(['f', 'd']).parse::<f64>().ok().map(Operand::Float),
    }
}

fn is_true(value: &Operand) -> bool {
    match value {
        Operand::Bool(truth) => *truth,
        Operand::Int(number) => *number != 0,
        Operand::Float(number) => *number != 0.0,
        Operand::Str(text) => !text.is_empty(),
        Operand::List(items) => !items.is_empty(),
        Operand::Code(_) => false,
    }
}

#[expect(clippy::cast_precision_loss, reason = "comparing large whole numbers with fractions is not exact in Python either")]
fn as_float(value: &Operand) -> Option<f64> {
    match value {
        Operand::Int(number) => Some(*number as f64),
        Operand::Float(number) => Some(*number),
        Operand::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Operand::Str(text) | Operand::Code(text) => text.trim().parse().ok(),
        Operand::List(_) => None,
    }
}

fn is_equal(left: &Operand, right: &Operand) -> bool {
    match (left, right) {
        (Operand::Int(_) | Operand::Float(_), Operand::Int(_) | Operand::Float(_)) => as_float(left) == as_float(right),
        (Operand::Str(left) | Operand::Code(left), Operand::Str(right) | Operand::Code(right)) => left == right,
        _ => left == right,
    }
}

fn relate(relation: Relation, left: &Operand, right: &Operand) -> Option<bool> {
    let ordered = || match (left, right) {
        (Operand::Int(left), Operand::Int(right)) => Some(left.cmp(right)),
        (Operand::Int(_) | Operand::Float(_), Operand::Int(_) | Operand::Float(_)) => as_float(left)?.partial_cmp(&as_float(right)?),
        (Operand::Str(left), Operand::Str(right)) => Some(left.cmp(right)),
        _ => None,
    };
    Some(match relation {
        Relation::Eq => is_equal(left, right),
        Relation::NotEq => !is_equal(left, right),
        Relation::Lt => ordered()?.is_lt(),
        Relation::LtEq => ordered()?.is_le(),
        Relation::Gt => ordered()?.is_gt(),
        Relation::GtEq => ordered()?.is_ge(),
        Relation::In | Relation::NotIn => {
            let is_in = match (left, right) {
                (_, Operand::List(items)) => items.iter().any(|item| is_equal(left, item)),
                (Operand::Str(part) | Operand::Code(part), Operand::Str(whole) | Operand::Code(whole)) => whole.contains(part.as_str()),
                _ => return None,
            };
            is_in == (relation == Relation::In)
        }
    })
}

fn arithmetic(operator: Arithmetic, left: &Operand, right: &Operand) -> Option<Operand> {
    if let (Operand::Int(left), Operand::Int(right)) = (left, right) {
        let whole = match operator {
            Arithmetic::Add => left.checked_add(*right),
            Arithmetic::Sub => left.checked_sub(*right),
            Arithmetic::Mul => left.checked_mul(*right),
            Arithmetic::FloorDiv => left.checked_div_euclid(*right),
            Arithmetic::Mod => left.checked_rem_euclid(*right),
            Arithmetic::Pow => u32::try_from(*right).ok().and_then(|right| left.checked_pow(right)),
            Arithmetic::And => Some(left & right),
            Arithmetic::Or => Some(left | right),
            Arithmetic::Xor => Some(left ^ right),
            Arithmetic::Div => None,
        };
        if operator != Arithmetic::Div {
            return whole.map(Operand::Int);
        }
    }
    if let (Arithmetic::Add, Operand::Str(left), Operand::Str(right)) = (operator, left, right) {
        return Some(Operand::Str(format!("{left}{right}")));
    }
    let (left, right) = (as_float(left)?, as_float(right)?);
    Some(Operand::Float(match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Sub => left - right,
        Arithmetic::Mul => left * right,
        Arithmetic::Div if right != 0.0 => left / right,
        Arithmetic::FloorDiv if right != 0.0 => (left / right).floor(),
        Arithmetic::Mod if right != 0.0 => left.rem_euclid(right),
        Arithmetic::Pow => left.powf(right),
        _ => return None,
    }))
}
