//! Go's regular expressions, and the patterns for paths of Helm.

use std::{collections::HashMap, rc::Rc};

use regex::Regex;

use super::failure::{Eval, fail};

/// How large a compiled expression may be, in bytes.
const MAX_COMPILED: usize = 2 * 1024 * 1024;
/// How many expressions are kept.
const MAX_KEPT: usize = 1000;

/// Expressions that were compiled before.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    known: HashMap<Box<str>, Option<Rc<Regex>>>,
}

impl Patterns {
    /// Compiles an expression of Go's syntax (RE2), whose classes know ASCII only.
    pub(super) fn get(&mut self, pattern: &str) -> Eval<Rc<Regex>> {
        if MAX_KEPT < self.known.len() {
            self.known.clear();
        }
        let known = self.known.entry(pattern.into()).or_insert_with(|| {
            let compiled = regex::RegexBuilder::new(&translated(pattern)).size_limit(MAX_COMPILED).build();
            compiled.ok().map(Rc::new)
        });
        match known {
            Some(regex) => Ok(Rc::clone(regex)),
            None => fail(format!("this is no regular expression of Go, or too large a one: {pattern:.80}")),
        }
    }
}

/// Go's `\d`, `\w`, `\s` and `\b` mean ASCII; `\z` and `\Q…\E` are its own; `[[]` is a class of one bracket.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.char_indices();
    let mut in_class = false;
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' => {
                let Some((_, letter)) = chars.next() else {
                    out.push('\\');
                    break;
                };
                match (letter, in_class) {
                    ('d', false) => out.push_str("[0-9]"),
                    ('D', false) => out.push_str("[^0-9]"),
                    ('w', false) => out.push_str("[0-9A-Za-z_]"),
                    ('W', false) => out.push_str("[^0-9A-Za-z_]"),
                    ('s', false) => out.push_str("[\\t\\n\\x0c\\r ]"),
                    ('S', false) => out.push_str("[^\\t\\n\\x0c\\r ]"),
                    ('d', true) => out.push_str("0-9"),
                    ('w', true) => out.push_str("0-9A-Za-z_"),
                    ('s', true) => out.push_str("\\t\\n\\x0c\\r "),
                    ('b', _) => out.push_str("(?-u:\\b)"),
                    ('B', _) => out.push_str("\\B"),
                    ('Q', _) => {
                        let rest = chars.as_str();
                        let end = rest.find("\\E").unwrap_or(rest.len());
                        out.push_str(&regex::escape(rest.get(..end).unwrap_or_default()));
                        chars = rest.get((end + 2).min(rest.len())..).unwrap_or_default().char_indices();
                    }
                    (letter, _) => {
                        out.push('\\');
                        out.push(letter);
                    }
                }
            }
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                // A bracket that closes at once stands for itself.
                for first in ['^', ']'] {
                    if chars.as_str().starts_with(first) {
                        chars.next();
                        out.push_str(if first == ']' { "\\]" } else { "^" });
                    }
                }
            }
            '[' if chars.as_str().starts_with(':') => {
                // A class by name, as in `[[:alpha:]]`.
                let rest = chars.as_str();
                let end = rest.find(":]").map_or(0, |end| end + 2);
                out.push('[');
                out.push_str(rest.get(..end).unwrap_or_default());
                chars = rest.get(end..).unwrap_or_default().char_indices();
            }
            '[' => out.push_str("\\["),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if in_class && chars.as_str().starts_with('-') => out.push_str("\\-"),
            c => out.push(c),
        }
    }
    out
}

/// A pattern for paths, compiled; of one that is none nothing matches.
#[derive(Debug)]
pub(super) struct Glob(Option<Regex>);

impl Glob {
    /// A pattern of `github.com/gobwas/glob` with `/` as separator: `*`, `**`, `?`, `[a-z]`, `{a,b}`.
    pub(super) fn new(pattern: &str) -> Self {
        let expression = glob_expression(pattern);
        Self(expression.and_then(|expression| regex::RegexBuilder::new(&expression).size_limit(MAX_COMPILED).build().ok()))
    }

    /// A pattern of Go's `path.Match`: `*` and `?` don't cross `/`.
    pub(super) fn of_path(pattern: &str) -> Self {
        let plain: String = pattern.chars().flat_map(|c| if "{},".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
        Self::new(&plain.replace("**", "*"))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(path))
    }
}

fn glob_expression(pattern: &str) -> Option<String> {
    let mut out = String::from("(?s)^");
    let mut chars = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                while chars.peek() == Some(&'*') {
                    chars.next();
                }
                out.push_str(".*");
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth != 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth != 0 => out.push('|'),
            '[' => {
                out.push('[');
                if chars.peek() == Some(&'!') {
                    chars.next();
                    out.push('^');
                }
                for c in chars.by_ref() {
                    match c {
                        ']' => break,
                        '-' => out.push('-'),
                        c => out.push_str(&regex::escape(&c.to_string())),
                    }
                }
                out.push(']');
            }
            '\\' => out.push_str(&regex::escape(&chars.next()?.to_string())),
            c => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    out.push('$');
    (depth == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_patterns() {
        let check = |pattern: &str, path: &str, expected: bool| assert_eq!(Glob::new(pattern).matches(path), expected, "{pattern} {path}");
        check("config/*", "config/a.yaml", true);
        check("config/*", "config/b/a.yaml", false);
        check("config/**", "config/b/a.yaml", true);
        check("**.yaml", "config/b/a.yaml", true);
        check("{a,b}/[a-c]?", "b/cx", true);
        check("[!a]x", "ax", false);
    }

    #[test]
    fn expressions_are_those_of_go() {
        let mut patterns = Patterns::default();
        let mut check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(patterns.get(pattern).unwrap().is_match(text), expected, "{pattern} {text}");
        };
        check(r"^\d+$", "٣", false);
        check(r"^[\w.-]+$", "a.b-c", true);
        check(r"^[^][]+$", "a[", false);
        check(r"^\Qa.b\E$", "a.b", true);
        check("[[:alpha:]]", "1", false);
        check("[a&&b]", "&", true);
        assert!(patterns.get("(").is_err());
    }
}
