//! What an expression is worth where that can be known without a run.

use serde_json::Value as Json;

use super::expression::{Expression, Kind, Operator, number_of};

/// A value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    /// A list or a map, which only `fromJSON` gives.
    Json(Json),
}

/// Functions that give the same for the same.
const PURE: &[&str] = &["contains", "startswith", "endswith", "format", "tojson", "join"];

/// Whether an expression is the same in every run, so that its value could be written instead.
pub(super) fn is_constant(expression: &Expression<'_>) -> bool {
    match &expression.kind {
        Kind::Text(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null => true,
        Kind::Not(inner) => is_constant(inner),
        Kind::Binary(left, _, right) => is_constant(left) && is_constant(right),
        Kind::Call(name, arguments) => PURE.iter().any(|pure| name.eq_ignore_ascii_case(pure)) && arguments.iter().all(is_constant),
        Kind::Star | Kind::Name(_) | Kind::Index(_) | Kind::Context(_) => false,
    }
}

/// The value of an expression; nothing where it depends on the run or on functions that are not evaluated.
pub(super) fn value_of(expression: &Expression<'_>) -> Option<Constant> {
    match &expression.kind {
        Kind::Text(text) => Some(Constant::Text(text.to_string())),
        Kind::Number(number) => Some(Constant::Number(*number)),
        Kind::Boolean(is_true) => Some(Constant::Boolean(*is_true)),
        Kind::Null => Some(Constant::Null),
        Kind::Not(inner) => Some(Constant::Boolean(!value_of(inner)?.is_true())),
        Kind::Binary(left, operator, right) => {
            let left = value_of(left)?;
            // What decides alone needs no other side.
            match (operator, left.is_true()) {
                (Operator::And, false) | (Operator::Or, true) => return Some(left),
                _ => {}
            }
            let right = value_of(right)?;
            Some(match operator {
                Operator::And | Operator::Or => right,
                _ => Constant::Boolean(compare(&left, *operator, &right)),
            })
        }
        Kind::Call(name, arguments) => call(&name.to_ascii_lowercase(), &arguments.iter().map(value_of).collect::<Option<Vec<_>>>()?),
        Kind::Star | Kind::Name(_) | Kind::Index(_) | Kind::Context(_) => None,
    }
}

impl Constant {
    /// Whether a condition of it holds.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Boolean(is_true) => *is_true,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Json(_) => true,
        }
    }

    /// What it expands to.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Boolean(is_true) => is_true.to_string(),
            Self::Number(number) => crate::value::number_text(*number),
            Self::Text(text) => text.clone(),
            Self::Json(Json::Array(_)) => "Array".to_owned(),
            Self::Json(_) => "Object".to_owned(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Boolean(is_true) => f64::from(u8::from(*is_true)),
            Self::Number(number) => *number,
            Self::Text(text) if text.trim().is_empty() => 0.0,
            Self::Text(text) => number_of(text.trim()).unwrap_or(f64::NAN),
            Self::Json(_) => f64::NAN,
        }
    }

    fn of_json(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(is_true) => Self::Boolean(is_true),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::Text(text),
            json @ (Json::Array(_) | Json::Object(_)) => Self::Json(json),
        }
    }
}

/// Texts are compared without regard to case; values of different kinds as numbers.
fn compare(left: &Constant, operator: Operator, right: &Constant) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match (left, right) {
        (Constant::Text(left), Constant::Text(right)) => Some(left.to_uppercase().cmp(&right.to_uppercase())),
        _ => left.number().partial_cmp(&right.number()),
    };
    match operator {
        Operator::Equal => order == Some(Equal),
        Operator::NotEqual => order != Some(Equal),
        Operator::Less => order == Some(Less),
        Operator::LessOrEqual => matches!(order, Some(Less | Equal)),
        Operator::Greater => order == Some(Greater),
        Operator::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
        Operator::And | Operator::Or => false,
    }
}

fn call(name: &str, arguments: &[Constant]) -> Option<Constant> {
    let upper = |value: &Constant| value.text().to_uppercase();
    match (name, arguments) {
        ("contains", [Constant::Json(Json::Array(items)), item]) => {
            let is_item = |candidate: &Json| compare(&Constant::of_json(candidate.clone()), Operator::Equal, item);
            Some(Constant::Boolean(items.iter().any(is_item)))
        }
        ("contains", [text, part]) => Some(Constant::Boolean(upper(text).contains(&upper(part)))),
        ("startswith", [text, part]) => Some(Constant::Boolean(upper(text).starts_with(&upper(part)))),
        ("endswith", [text, part]) => Some(Constant::Boolean(upper(text).ends_with(&upper(part)))),
        ("format", [Constant::Text(template), values @ ..]) => Some(Constant::Text(formatted(template, values)?)),
        ("join", [Constant::Json(Json::Array(items)), rest @ ..]) => {
            let separator = rest.first().map_or_else(|| ",".to_owned(), Constant::text);
            let items: Vec<String> = items.iter().map(|item| Constant::of_json(item.clone()).text()).collect();
            Some(Constant::Text(items.join(&separator)))
        }
        ("join", [single, ..]) => Some(Constant::Text(single.text())),
        ("tojson", [value]) => {
            let json = match value {
                Constant::Null => Json::Null,
                Constant::Boolean(is_true) => Json::Bool(*is_true),
                Constant::Number(_) => return Some(Constant::Text(value.text())),
                Constant::Text(text) => Json::String(text.clone()),
                Constant::Json(json) => json.clone(),
            };
            serde_json::to_string_pretty(&json).ok().map(Constant::Text)
        }
        ("fromjson", [text]) => serde_json::from_str(&text.text()).ok().map(Constant::of_json),
        _ => None,
    }
}

/// `{0}` stands for the first value, `{{` for a brace.
fn formatted(template: &str, values: &[Constant]) -> Option<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(rest.get(..at)?);
        rest = rest.get(at..)?;
        if let Some(after) = rest.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else {
            let (number, after) = rest.strip_prefix('{')?.split_once('}')?;
            text.push_str(&values.get(number.trim().parse::<usize>().ok()?)?.text());
            rest = after;
        }
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::super::expression::parse;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let value = super::value_of(&parse(text).unwrap()).map(|value| value.text());
        assert_eq!(value.as_deref(), expected, "{text}");
    }

    #[test]
    fn constants_are_evaluated_as_the_runner_does() {
        check("true && 'a' || 'b'", Some("a"));
        check("'A' == 'a'", Some("true"));
        check("'1' == 1", Some("true"));
        check("'' == null", Some("true"));
        check("format('{0}-{1} {{x}}', 'a', 2)", Some("a-2 {x}"));
        check("fromJSON('false')", Some("false"));
        check("contains(fromJSON('[\"push\"]'), 'PUSH')", Some("true"));
        check("join(fromJSON('[1, 2]'), '-')", Some("1-2"));
        check("false && github.actor", Some("false"));
        check("github.actor", None);
        check("format('{9}', 'a')", None);
    }
}
