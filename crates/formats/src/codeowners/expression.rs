//! Patterns of Gitea and Forgejo: regular expressions for whole paths.

use regex::bytes::{Regex, RegexBuilder};

/// The most memory that one expression may take once it is compiled, in bytes.
const MAX_COMPILED_BYTES: usize = 1 << 18;

/// An expression, or what it does not match.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    regex: Regex,
    is_negated: bool,
}

impl Expression {
    /// Compiles an expression, whose escapes of the line are gone.
    ///
    /// Gitea writes `^` before and `$` behind without a group round it, so `a|b` means `^a` or `b$`; so it does here.
    pub(super) fn parse(text: &[u8], is_negated: bool) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "the expression is no UTF-8".to_owned())?;
        let regex = RegexBuilder::new(&format!("^{text}$")).size_limit(MAX_COMPILED_BYTES).build();
        let regex = regex.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
            _ => format!("`{text}` is no regular expression that is understood"),
        })?;
        Ok(Self { regex, is_negated })
    }

    pub(super) fn is_match(&self, path: &[u8]) -> bool {
        self.regex.is_match(path) != self.is_negated
    }
}
