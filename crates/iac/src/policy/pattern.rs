//! Regular expressions of conditions: Python's, matched at the start of a text.

/// A match is given up after so many steps.
const MAX_STEPS: usize = 100_000;
/// Longer expressions are refused.
const MAX_BYTES: usize = 16 << 10;

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Engine);

#[derive(Debug, Clone)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Reads an expression, which is matched at the start of a text (`is_anchored`) or anywhere in it.
    pub(super) fn parse(source: &str, is_anchored: bool) -> Result<Self, String> {
        if MAX_BYTES < source.len() {
            return Err("the regular expression is too long".to_owned());
        }
        let written = source.replace(r"\Z", r"\z");
        let source = if is_anchored { format!(r"\A(?:{written})") } else { written.clone() };
        if let Ok(linear) = regex::Regex::new(&source) {
            return Ok(Self(Engine::Linear(linear)));
        }
        let regex = fancy_regex::RegexBuilder::new(&source).backtrack_limit(MAX_STEPS).build();
        match regex {
            Ok(regex) => Ok(Self(Engine::Backtracking(Box::new(regex)))),
            // Positions are those of what was written.
            Err(error) => Err(format!("not a regular expression: {}", fancy_regex::Regex::new(&written).err().unwrap_or(error))),
        }
    }

    /// Whether it matches; nothing if that takes too long.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        match &self.0 {
            Engine::Linear(regex) => Some(regex.is_match(text)),
            Engine::Backtracking(regex) => regex.is_match(text).ok(),
        }
    }
}
