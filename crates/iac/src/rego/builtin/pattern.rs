//! Regular expressions, as Go writes them. Each is compiled once.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use regex::{Regex, RegexBuilder};
use regorus::Value;

use super::{text, texts};

/// The largest expression that is compiled, in bytes.
const MAX_COMPILED_BYTES: usize = 4 << 20;
/// So many expressions are kept; then they are forgotten.
const MAX_KEPT: usize = 2_000;

/// Whether an expression matches somewhere in a text.
pub(super) fn is_match(arguments: &[Value]) -> Option<Value> {
    Some(Value::from(compiled(text(arguments, 0)?)?.is_match(text(arguments, 1)?)))
}

/// Whether a text is an expression.
pub(super) fn is_valid(arguments: &[Value]) -> Option<Value> {
    Some(Value::from(text(arguments, 0).is_some_and(|pattern| compiled(pattern).is_some())))
}

/// The first matches; all of them if their number is negative.
pub(super) fn find(arguments: &[Value]) -> Option<Value> {
    let (pattern, n_wanted) = (compiled(text(arguments, 0)?)?, wanted(arguments)?);
    Some(texts(pattern.find_iter(text(arguments, 1)?).take(n_wanted).map(|found| found.as_str())))
}

/// The first matches with what their groups match.
pub(super) fn find_groups(arguments: &[Value]) -> Option<Value> {
    let (pattern, n_wanted) = (compiled(text(arguments, 0)?)?, wanted(arguments)?);
    let found = pattern.captures_iter(text(arguments, 1)?).take(n_wanted);
    let groups = found.map(|found| texts(found.iter().map(|group| group.map_or("", |group| group.as_str()))));
    Some(Value::from(groups.collect::<Vec<_>>()))
}

fn wanted(arguments: &[Value]) -> Option<usize> {
    let number = arguments.get(2)?.as_i64().ok()?;
    Some(usize::try_from(number).unwrap_or(usize::MAX))
}

/// A text with all matches replaced: text, expression, replacement.
pub(super) fn replace(arguments: &[Value]) -> Option<Value> {
    let replaced = compiled(text(arguments, 1)?)?.replace_all(text(arguments, 0)?, text(arguments, 2)?).into_owned();
    Some(Value::from(replaced))
}

/// The parts of a text between matches.
pub(super) fn split(arguments: &[Value]) -> Option<Value> {
    Some(texts(compiled(text(arguments, 0)?)?.split(text(arguments, 1)?)))
}

/// The expression, from those that were compiled before if it is there.
fn compiled(pattern: &str) -> Option<Regex> {
    static KEPT: OnceLock<Mutex<HashMap<String, Option<Regex>>>> = OnceLock::new();
    let kept = KEPT.get_or_init(Mutex::default);
    if let Some(known) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.clone();
    }
    let build = |pattern: &str| RegexBuilder::new(pattern).size_limit(MAX_COMPILED_BYTES).build().ok();
    let regex = build(pattern).or_else(|| build(&with_literal_braces(pattern)));
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if MAX_KEPT <= kept.len() {
        kept.clear();
    }
    kept.insert(pattern.to_owned(), regex.clone());
    regex
}

/// The same expression, with a backslash before each brace that Go takes literally: one that opens no repetition.
fn with_literal_braces(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8) + class_name(rest),
            '{' => match repetition(rest) {
                Some(length) => length,
                None => {
                    out.push('\\');
                    1
                }
            },
            '}' => {
                out.push('\\');
                1
            }
            other => other.len_utf8(),
        };
        out.push_str(rest.get(..length).unwrap_or(rest));
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// How long the braces behind `\p`, `\P` or `\x` are.
fn class_name(rest: &str) -> usize {
    let braces = rest.get(2..).filter(|_| rest.starts_with("\\p{") || rest.starts_with("\\P{") || rest.starts_with("\\x{"));
    braces.and_then(|braces| braces.find('}')).map_or(0, |end| end + 1)
}

/// How long a repetition is that a text starts with: `{2}`, `{2,}`, `{2,3}`.
fn repetition(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let within = rest.get(1..end)?;
    let mut numbers = within.split(',');
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_repetition = numbers.next().is_some_and(is_number)
        && numbers.next().is_none_or(|last| last.is_empty() || is_number(last))
        && numbers.next().is_none();
    is_repetition.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, is_expected: bool) {
        assert_eq!(is_match(&[Value::from(pattern), Value::from(text)]), Some(Value::from(is_expected)), "{pattern}");
    }

    #[test]
    fn braces_that_open_no_repetition_are_literal() {
        check(r"^\${.*}$", "${a}", true);
        check(r"{{ ?x", "{{ x", true);
        check(r"a{2}{", "aa{", true);
        check(r"\p{L}{", "x{", true);
        check(r"[a-z]{2,3}$", "ab", true);
    }

    #[test]
    fn what_is_no_expression_is_undefined() {
        assert_eq!(is_match(&[Value::from("("), Value::from("x")]), None);
        assert_eq!(is_valid(&[Value::from("(")]), Some(Value::from(false)));
    }
}
