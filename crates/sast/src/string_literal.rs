//! What a string literal says.

use std::borrow::Cow;

/// Takes away backslashes before quotes and backslashes; other escapes stay as they are.
///
/// Semgrep does this to the content of a string literal before an analyzer of `metavariable-analysis` sees it.
pub(crate) fn unescape(literal: &str) -> Cow<'_, str> {
    if !literal.contains('\\') {
        return Cow::Borrowed(literal);
    }
    let mut text = String::with_capacity(literal.len());
    let mut rest = literal.chars().peekable();
    while let Some(character) = rest.next() {
        let escaped = (character == '\\').then(|| rest.next_if(|next| matches!(next, '\\' | '\'' | '"'))).flatten();
        text.push(escaped.unwrap_or(character));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(literal: &str, expected: &str) {
        assert_eq!(unescape(literal), expected);
    }

    #[test]
    fn quotes_and_backslashes_are_unescaped() {
        check("", "");
        check("plain", "plain");
        check(r#"\"a\" \'b\'"#, r#""a" 'b'"#);
        check(r"\\d+", r"\d+");
        check(r"\\\\", r"\\");
    }

    #[test]
    fn other_escapes_stay() {
        check(r"\n \d \", r"\n \d \");
        check(r"\\\n", r"\\n");
    }
}
