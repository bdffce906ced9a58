//! Values, as leniently typed as gitleaks' reader has them.
//!
//! gitleaks reads its file through viper and mapstructure with weak typing: numbers in quotes, a string for a list (split at
//! commas), a single table for an array of tables.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Notes;
use crate::go_regex::Pattern;

/// A value and where it stands.
pub(super) type Value<'d> = Spanned<DeValue<'d>>;

pub(super) fn string(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(_) => integer(value, notes).map(|number| number.to_string()),
        DeValue::Float(_) => float(value, notes).map(|number| number.to_string()),
        DeValue::Boolean(answer) => Some(if *answer { "1" } else { "0" }.to_owned()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => mismatch(value, "a string", notes),
    }
}

pub(super) fn integer(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<i64> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok(),
        DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok().and_then(truncated),
        DeValue::Boolean(answer) => Some(i64::from(*answer)),
        DeValue::String(text) if text.is_empty() => Some(0),
        DeValue::String(text) => text.parse().ok(),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    };
    number.or_else(|| mismatch(value, "a whole number", notes))
}

pub(super) fn float(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<f64> {
    let number = match value.get_ref() {
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
        DeValue::Integer(number) => i32::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok().map(f64::from),
        DeValue::Boolean(answer) => Some(f64::from(u8::from(*answer))),
        DeValue::String(text) if text.is_empty() => Some(0.0),
        DeValue::String(text) => text.parse().ok(),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    };
    number.or_else(|| mismatch(value, "a number", notes))
}

pub(super) fn boolean(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<bool> {
    let answer = match value.get_ref() {
        DeValue::Boolean(answer) => Some(*answer),
        DeValue::Integer(number) => Some(number.as_str() != "0"),
        DeValue::Float(number) => number.as_str().parse::<f64>().ok().map(|number| number != 0.0),
        DeValue::String(text) => match &**text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
            "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
            _ => None,
        },
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    };
    answer.or_else(|| mismatch(value, "`true` or `false`", notes))
}

/// A list of strings, each with its place and its value if it stands on its own.
pub(super) fn strings<'v, 'd>(value: &'v Value<'d>, notes: &mut Notes<'_>) -> Vec<(String, Option<&'v Value<'d>>, Range<usize>)> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| Some((string(item, notes)?, Some(item), item.span()))).collect(),
        DeValue::String(text) if text.is_empty() => Vec::new(),
        DeValue::String(text) => text.split(',').map(|part| (part.to_owned(), None, value.span())).collect(),
        _ => string(value, notes).map(|text| (text, Some(value), value.span())).into_iter().collect(),
    }
}

/// The tables of an array of tables.
pub(super) fn tables<'v, 'd>(value: &'v Value<'d>, notes: &mut Notes<'_>) -> Vec<(&'v DeTable<'d>, Range<usize>)> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| Some((table(item, notes)?, item.span()))).collect(),
        DeValue::Table(single) if single.is_empty() => Vec::new(),
        DeValue::Table(single) => vec![(single, value.span())],
        _ => mismatch(value, "an array of tables", notes).unwrap_or_default(),
    }
}

pub(super) fn table<'v, 'd>(value: &'v Value<'d>, notes: &mut Notes<'_>) -> Option<&'v DeTable<'d>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => mismatch(value, "a table", notes),
    }
}

/// An expression; nothing if it is empty or wrong.
pub(super) fn pattern(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Pattern> {
    let text = string(value, notes)?;
    if text.is_empty() {
        return None;
    }
    checked_pattern(&text, Some(value), value.span(), notes)
}

/// Reads an expression. An error points into it where the file holds it without escapes.
pub(super) fn checked_pattern(text: &str, value: Option<&Value<'_>>, span: Range<usize>, notes: &mut Notes<'_>) -> Option<Pattern> {
    match Pattern::parse(text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let start = value.and_then(|value| start_of_content(value.span(), text, notes.text()));
            let range = start.map_or(span, |start| start + error.range.start()..start + error.range.end());
            let excerpt = text.get(error.range.start()..error.range.end()).unwrap_or_default();
            notes.error(range, format!("the expression can't be used, at `{}`: {error}", shortened(excerpt)), "");
            None
        }
    }
}

/// Where the content of a string starts in the file, if it stands there as it is.
fn start_of_content(span: Range<usize>, content: &str, text: &str) -> Option<usize> {
    let raw = text.get(span.clone())?;
    let opening =
        ["'''\r\n", "'''\n", "'''", "\"\"\"\r\n", "\"\"\"\n", "\"\"\"", "'", "\""].into_iter().find(|opening| raw.starts_with(opening))?;
    raw.get(opening.len()..)?.starts_with(content).then_some(span.start + opening.len())
}

/// The text, cut where it is too long for a message.
pub(super) fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 40;
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let cut = if text.chars().nth(MAX_CHARACTERS).is_some() { "…" } else { "" };
    text.chars().take(MAX_CHARACTERS).map(plain).chain(cut.chars()).collect()
}

fn mismatch<T>(value: &Value<'_>, expected: &str, notes: &mut Notes<'_>) -> Option<T> {
    let found = match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    notes.error(value.span(), format!("expected {expected}, found {found}"), "");
    None
}

#[expect(clippy::cast_possible_truncation, reason = "gitleaks' reader cuts fractions off; the range is checked")]
fn truncated(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    (number.abs() <= LIMIT).then_some(number as i64)
}
