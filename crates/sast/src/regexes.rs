//! x
pub(crate) fn is_match(expression: &str, text: &str) -> bool {
    regex::Regex::new(expression).is_ok_and(|regex| regex.is_match(text))
}
