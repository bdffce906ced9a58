//! Understands what the interpreter says of errors: it knows places, and gives them as text only.

use super::Problem;

/// Whether an error says that a rule is not there.
pub(super) fn is_no_rule(text: &str) -> bool {
    text.contains("not a valid rule path")
}

/// Whether an error says that a rule took too long.
pub(super) fn is_timeout(text: &str) -> bool {
    text.contains("execution exceeded time limit")
}

/// Whether an error says that a word of another syntax of the language is missing.
pub(super) fn is_of_syntax(message: &str) -> bool {
    message.contains("keyword is required")
}

/// Takes an error apart.
///
/// ```text
/// --> policy.rego:3:7
///   |
/// 3 |   x := y
///   |        ^
/// error: use of undefined variable `y` is unsafe
/// ```
pub(super) fn problem(text: &str) -> Problem {
    let place = text.lines().find_map(|line| line.strip_prefix("--> "));
    let mut parts = place.unwrap_or_default().rsplitn(3, ':');
    let mut number = || parts.next().and_then(|number| number.parse().ok()).unwrap_or(1);
    let (column, line) = (number(), number());
    let file = parts.next().unwrap_or_default();
    let said = text.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or_else(|| text.lines().next().unwrap_or_default());
    Problem { file: file.into(), line, column, message: said.trim().trim_end_matches('.').to_owned() }
}
