//! What scalars without quotes mean.

use super::{Content, Style, Yaml};
use crate::rule::Value;

/// Whether a scalar without quotes is nothing.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// A boolean as YAML 1.1 knows them, in quotes or not, as Semgrep reads its own keys.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

impl Yaml<'_> {
    /// A boolean; nothing if it is something else.
    pub(in crate::rule) fn boolean(self) -> Option<bool> {
        boolean(self.text()?)
    }

    /// A whole number; nothing if it is something else.
    pub(in crate::rule) fn integer(self) -> Option<i64> {
        let text = self.text()?;
        integer(text).or_else(|| {
            let whole = text.strip_suffix('0').and_then(|text| text.strip_suffix('.'))?;
            integer(whole)
        })
    }

    /// The value without a fixed shape: texts, numbers and booleans as YAML 1.2 tells them apart.
    pub(in crate::rule) fn to_value(self) -> Value {
        match &self.node().content {
            Content::Scalar { text, style: Style::Text, .. } => Value::Text(text.clone().into_owned()),
            Content::Scalar { text, style: Style::Plain, .. } => plain(text),
            Content::Sequence(_) => Value::List(self.items().into_iter().flatten().map(Yaml::to_value).collect()),
            Content::Mapping(_) => Value::Map(self.to_entries()),
        }
    }

    /// The entries of a map; none for anything else.
    pub(in crate::rule) fn to_entries(self) -> Vec<(String, Value)> {
        let entries = self.entries().into_iter().flatten();
        entries.map(|(key, value)| (key.text().unwrap_or("null").to_owned(), value.to_value())).collect()
    }
}

fn plain(text: &str) -> Value {
    if is_null(text) {
        return Value::Null;
    }
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    // Most texts start with a letter.
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return Value::Text(text.to_owned());
    }
    if let Some(number) = integer(text) {
        return Value::Integer(number);
    }
    float(text).map_or_else(|| Value::Text(text.to_owned()), Value::Float)
}

fn integer(text: &str) -> Option<i64> {
    let digits = |prefix: &str, radix| text.strip_prefix(prefix).and_then(|digits| i64::from_str_radix(digits, radix).ok());
    let is_signed_twice = text.get(1..).is_some_and(|rest| rest.starts_with(['+', '-']));
    digits("0x", 16).or_else(|| digits("0o", 8)).or_else(|| text.parse().ok().filter(|_| !is_signed_twice))
}

fn float(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let is_number =
        text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) && text.bytes().any(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::yaml::parse;

    #[track_caller]
    fn check(text: &str, expected: &[Value]) {
        let file = parse(text);
        let values: Vec<Value> = file.value(file.roots[0]).items().unwrap().map(Yaml::to_value).collect();
        assert_eq!(values, expected, "{text}");
    }

    #[test]
    fn scalars_without_quotes_have_types() {
        let text = |text: &str| Value::Text(text.to_owned());
        check("[1, -2, 0x1f, 0o17, +3]", &[1, -2, 31, 15, 3].map(Value::Integer));
        check("[1.5, 1e3, -.inf, .5]", &[1.5, 1000.0, f64::NEG_INFINITY, 0.5].map(Value::Float));
        check("[true, False, ~, null]", &[Value::Bool(true), Value::Bool(false), Value::Null, Value::Null]);
        check("[yes, '1', \"true\", !!str 2, 1.2.3, 2022-07-06, '']", &["yes", "1", "true", "2", "1.2.3", "2022-07-06", ""].map(text));
        check("[99999999999999999999, '~', -x]", &[Value::Float(1e20), text("~"), text("-x")]);
    }

    #[test]
    fn keys_of_ours_take_booleans_of_yaml_1_1() {
        let file = parse("[yes, 'true', Off, n, maybe, 1, [yes]]");
        let values: Vec<_> = file.value(file.roots[0]).items().unwrap().map(Yaml::boolean).collect();
        assert_eq!(values, [Some(true), Some(true), Some(false), Some(false), None, None, None]);
    }

    #[test]
    fn whole_numbers_may_be_written_with_a_point() {
        let file = parse("[10, 10.0, '10', 10.5, ten]");
        let values: Vec<_> = file.value(file.roots[0]).items().unwrap().map(Yaml::integer).collect();
        assert_eq!(values, [Some(10), Some(10), Some(10), None, None]);
    }
}
