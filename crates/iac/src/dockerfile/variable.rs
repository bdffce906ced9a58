//! Variables of `ARG` and `ENV` and how they are replaced: `$X`, `${X}`, `${X:-default}`, `${X:+other}`.
//!
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>. What depends on an argument of the build without a
//! default is not known.

use std::collections::BTreeMap;

/// Defaults of defaults are followed so deep.
const MAX_DEPTH: usize = 8;
/// So many variables are known at a place.
const MAX_VARIABLES: usize = 1_000;
/// Longer values are not followed.
const MAX_BYTES: usize = 4 << 10;

/// What is known of the variables at a place; nothing for those that are given at the build.
#[derive(Debug, Clone, Default)]
pub(super) struct Variables(BTreeMap<String, Option<String>>);

/// A text whose variables were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expanded {
    Known(String),
    /// It depends on this variable; the text before it is known.
    Open {
        variable: String,
        prefix: String,
    },
}

impl Expanded {
    /// The text, if all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            Self::Open { .. } => None,
        }
    }

    /// What is known of its start.
    pub(super) fn prefix(&self) -> &str {
        match self {
            Self::Known(text) => text,
            Self::Open { prefix, .. } => prefix,
        }
    }
}

impl Variables {
    /// Sets a variable; nothing if only the build knows its value.
    pub(super) fn set(&mut self, name: &str, value: Option<String>) {
        if self.0.len() < MAX_VARIABLES || self.0.contains_key(name) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// What is known of a variable; nothing if it was not set.
    pub(super) fn get(&self, name: &str) -> Option<&Option<String>> {
        self.0.get(name)
    }

    /// Replaces the variables of a text.
    pub(super) fn expand(&self, text: &str) -> Expanded {
        self.expanded(text, 0)
    }

    fn expanded(&self, text: &str, depth: usize) -> Expanded {
        let (mut done, mut rest) = (String::new(), text);
        while let Some(at) = rest.find(['$', '\\']) {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            done.push_str(before);
            if let Some(after) = behind.strip_prefix("\\$") {
                done.push('$');
                rest = after;
                continue;
            }
            let Some(after) = behind.strip_prefix('$') else {
                done.push('\\');
                rest = behind.strip_prefix('\\').unwrap_or_default();
                continue;
            };
            let (name, operation, next) = reference(after);
            if name.is_empty() {
                done.push('$');
                rest = after;
                continue;
            }
            match self.value(name, operation, depth) {
                Some(value) if done.len() + value.len() <= MAX_BYTES => done.push_str(&value),
                Some(_) | None => return Expanded::Open { variable: name.to_owned(), prefix: done },
            }
            rest = next;
        }
        done.push_str(rest);
        Expanded::Known(done)
    }

    /// The value of a reference; nothing if it is not known.
    fn value(&self, name: &str, operation: &str, depth: usize) -> Option<String> {
        let given = self.get(name);
        let other = |word: &str| {
            if MAX_DEPTH <= depth {
                return None;
            }
            self.expanded(word, depth + 1).known().map(str::to_owned)
        };
        let (kind, word) = match operation.strip_prefix(':') {
            Some(after) => (after.get(..1), after.get(1..)),
            None => (operation.get(..1), operation.get(1..)),
        };
        let word = word.unwrap_or_default();
        match kind {
            None => given.cloned().flatten(),
            // The default holds where nothing is given to the build.
            Some("-") => match given {
                Some(Some(value)) if !value.is_empty() || !operation.starts_with(':') => Some(value.clone()),
                Some(_) | None => other(word),
            },
            Some("+") => match given {
                Some(Some(value)) if !value.is_empty() || !operation.starts_with(':') => other(word),
                Some(Some(_)) => Some(String::new()),
                // The base image may have set it.
                Some(None) | None => None,
            },
            Some("?") => given.cloned().flatten(),
            // Parts of values: `${X#v}`, `${X/a/b}`.
            Some(_) => None,
        }
    }
}

/// The name and the operation of a reference, and what follows it.
fn reference(after: &str) -> (&str, &str, &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = after.strip_prefix('{') {
        let mut depth = 0_usize;
        let end = inner.char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => return Some(at),
                '}' => depth -= 1,
                _ => {}
            }
            None
        });
        let end = end.unwrap_or(inner.len());
        let within = inner.get(..end).unwrap_or_default();
        let n_name = within.find(|c| !is_name(c)).unwrap_or(within.len());
        let (name, operation) = within.split_at_checked(n_name).unwrap_or((within, ""));
        return (name, operation, inner.get(end + 1..).unwrap_or_default());
    }
    let n_name = after.find(|c| !is_name(c)).unwrap_or(after.len());
    let (name, next) = after.split_at_checked(n_name).unwrap_or((after, ""));
    (name, "", next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_values_and_defaults() {
        let mut variables = Variables::default();
        variables.set("A", Some("1".to_owned()));
        variables.set("E", Some(String::new()));
        variables.set("B", None);
        for (text, expected) in [
            ("x:$A-${A}", "x:1-1"),
            ("${C:-2}.${C-3}.${A:-4}.${B:-${A}}", "2.3.1.1"),
            ("${E:-5}${E-6}", "5"),
            ("${A:+7}${E:+9}", "7"),
            ("\\$A $ a\\b", "$A $ a\\b"),
        ] {
            assert_eq!(variables.expand(text), Expanded::Known(expected.to_owned()), "{text}");
        }
        for (text, variable, prefix) in
            [("x$B", "B", "x"), ("${C}", "C", ""), ("a${A#1}", "A", "a"), ("1${B:?x}", "B", "1"), ("${C:+8}", "C", "")]
        {
            assert_eq!(variables.expand(text), Expanded::Open { variable: variable.to_owned(), prefix: prefix.to_owned() }, "{text}");
        }
    }
}
