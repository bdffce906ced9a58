//! `sprintf` as Go's `fmt` does it for OPA: a whole number under `%s` is `%!s(int=3)`, and so on. Search keys of KICS depend on it.

use std::fmt::Write as _;

use regorus::Value;

/// A text is cut beyond so many bytes.
const MAX_BYTES: usize = 1 << 20;
/// Widths and precisions beyond this are taken for it.
const MAX_WIDTH: usize = 200;

/// What a verb is given.
enum Argument {
    Whole(i64),
    Fraction(f64),
    Text(String),
}

/// What stands between `%` and a verb.
#[derive(Default)]
struct Shape {
    is_left: bool,
    has_zeros: bool,
    width: usize,
    precision: Option<usize>,
}

/// `sprintf(format, [values])`; a value that is in no list is taken for a list of it.
pub(super) fn sprintf(arguments: &[Value]) -> Option<Value> {
    let format = super::text(arguments, 0)?;
    let values: Vec<Argument> = match arguments.get(1)? {
        Value::Array(values) => values.iter().map(argument).collect(),
        other => vec![argument(other)],
    };
    let mut values = values.into_iter();
    let mut text = String::with_capacity(format.len());
    let mut characters = format.chars().peekable();
    while let Some(c) = characters.next() {
        if MAX_BYTES < text.len() {
            return None;
        }
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut shape = Shape::default();
        let mut is_precision = false;
        while let Some(&c) = characters.peek() {
            let digit = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
            match (c, digit) {
                ('-', _) => shape.is_left = true,
                ('+' | '#' | ' ', _) => {}
                ('0', _) if shape.width == 0 && !is_precision => shape.has_zeros = true,
                ('.', _) => (is_precision, shape.precision) = (true, Some(0)),
                (_, Some(digit)) if is_precision => shape.precision = shape.precision.map(|so_far| (so_far * 10 + digit).min(MAX_WIDTH)),
                (_, Some(digit)) => shape.width = (shape.width * 10 + digit).min(MAX_WIDTH),
                _ => break,
            }
            characters.next();
        }
        match characters.next() {
            None => text.push_str("%!(NOVERB)"),
            Some('%') => text.push('%'),
            Some(verb) => match values.next() {
                None => drop(write!(text, "%!{verb}(MISSING)")),
                Some(value) => text.push_str(&shape.padded(shown(&value, verb, &shape))),
            },
        }
    }
    let more: Vec<String> = values.map(|value| value.with_type()).collect();
    if !more.is_empty() {
        let _ = write!(text, "%!(EXTRA {})", more.join(", "));
    }
    Some(Value::from(text))
}

impl Shape {
    fn padded(&self, text: String) -> String {
        let n_missing = self.width.saturating_sub(text.chars().count());
        if n_missing == 0 {
            return text;
        }
        let filling = if self.has_zeros && !self.is_left { "0" } else { " " }.repeat(n_missing);
        if self.is_left { text + &filling } else { filling + &text }
    }
}

impl Argument {
    /// As Go names a value that does not fit.
    fn with_type(&self) -> String {
        match self {
            Self::Whole(number) => format!("int={number}"),
            Self::Fraction(number) => format!("float64={number}"),
            Self::Text(text) => format!("string={text}"),
        }
    }
}

fn argument(value: &Value) -> Argument {
    match value {
        Value::Number(_) => match (value.as_i64(), value.as_f64()) {
            (Ok(whole), _) => Argument::Whole(whole),
            (Err(_), Ok(fraction)) => Argument::Fraction(fraction),
            (Err(_), Err(_)) => Argument::Text(value.to_string()),
        },
        Value::String(text) => Argument::Text(text.to_string()),
        other => Argument::Text(in_rego(other)),
    }
}

fn shown(value: &Argument, verb: char, shape: &Shape) -> String {
    match (value, verb) {
        (Argument::Whole(number), 'd' | 'v') => number.to_string(),
        (Argument::Whole(number), 'x') => format!("{number:x}"),
        (Argument::Fraction(number), 'f' | 'F') => format!("{number:.*}", shape.precision.unwrap_or(6)),
        (Argument::Fraction(number), 'v' | 'g') => number.to_string(),
        (Argument::Text(text), 's' | 'v') => match shape.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.clone(),
        },
        (Argument::Text(text), 'q') => quoted(text),
        (other, verb) => format!("%!{verb}({})", other.with_type()),
    }
}

/// A value as it is written in Rego.
fn in_rego(value: &Value) -> String {
    let joined = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join(", ");
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", joined(&mut items.iter().map(in_rego))),
        Value::Set(items) if items.is_empty() => "set()".to_owned(),
        Value::Set(items) => format!("{{{}}}", joined(&mut items.iter().map(in_rego))),
        Value::Object(members) => {
            format!("{{{}}}", joined(&mut members.iter().map(|(name, value)| format!("{}: {}", in_rego(name), in_rego(value)))))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: &str, values: serde_json::Value, expected: &str) {
        let values = Value::from(values);
        assert_eq!(sprintf(&[Value::from(format), values]), Some(Value::from(expected)));
    }

    #[test]
    fn verbs_are_those_of_go() {
        check("%s-%d-%v", serde_json::json!(["a", 3, true]), "a-3-true");
        check("%s %d", serde_json::json!([3, "a"]), "%!s(int=3) %!d(string=a)");
        check("%v %s", serde_json::json!([["a", 1], {"b": null}]), "[\"a\", 1] {\"b\": null}");
        check("%05d|%-3s|%.1f|%q|100%%", serde_json::json!([42, "a", 1.25, "b"]), "00042|a  |1.2|\"b\"|100%");
        check("%s %s", serde_json::json!(["a"]), "a %!s(MISSING)");
        check("a", serde_json::json!([1, "b"]), "a%!(EXTRA int=1, string=b)");
        check("%s", serde_json::json!("alone"), "alone");
    }
}
