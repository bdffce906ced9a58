//! What is changed in a module before it is compiled, so that it means what it means to OPA. Lines stay where they are.
//!
//! - `not f(a.b)` has no answer where `a.b` is undefined; the interpreter would say yes.
//! - `some x` in a line of its own declares what is local anyway; the interpreter takes it for a second declaration at times.
//! - Imports may follow rules.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

static NEGATED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\s*)not\s+([A-Za-z_][A-Za-z0-9_.]*)\((.*)\)\s*$").ok());
static SOME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*some\s+([A-Za-z0-9_]+(?:\s*,\s*[A-Za-z0-9_]+)*)\s*(?:#.*)?$").ok());
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[^\[\]]*\])+$").ok());
static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[A-Za-z_][A-Za-z0-9_.]*\(.*\)$").ok());

/// The text of a module with the meaning that it has to OPA.
pub(super) fn as_in_opa(text: &str) -> String {
    let names = names_at_margin(text);
    let mut out: Vec<String> = Vec::new();
    let (mut package, mut is_in_rules, mut n_named) = (None, false, 0_usize);
    let mut late: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with("package ") && package.is_none() {
            package = Some(out.len());
        } else if trimmed.starts_with("import ") && is_in_rules {
            late.push(trimmed);
            out.push(String::new());
            continue;
        } else if !(trimmed.is_empty() || trimmed.starts_with('#') || trimmed.starts_with("import ")) {
            is_in_rules = true;
        }
        if is_needless(line, &names) {
            out.push(String::new());
        } else {
            out.push(negated(line, &mut n_named).unwrap_or_else(|| line.to_owned()));
        }
    }
    if let Some(line) = package.and_then(|index| out.get_mut(index)).filter(|_| !late.is_empty()) {
        let plain = line.trim_end().to_owned();
        *line = format!("{plain} {}", late.join(" "));
    }
    out.join("\n")
}

/// The words that lines at the left margin start with: names of rules are among them.
fn names_at_margin(text: &str) -> BTreeSet<&str> {
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.lines().filter_map(|line| line.split(|c| !is_in_name(c)).next()).filter(|name| !name.is_empty()).collect()
}

/// Whether a line only declares names that are local without it.
fn is_needless(line: &str, names: &BTreeSet<&str>) -> bool {
    let declared = SOME.as_ref().and_then(|pattern| pattern.captures(line)).and_then(|found| found.get(1));
    declared.is_some_and(|declared| declared.as_str().split(',').all(|name| !names.contains(name.trim())))
}

/// `not f(a.b)` as `x := a.b; not f(x)`.
fn negated(line: &str, n_named: &mut usize) -> Option<String> {
    let found = NEGATED.as_ref()?.captures(line)?;
    let (indent, function, inner) = (found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str());
    let mut before = String::new();
    let mut arguments: Vec<String> = Vec::new();
    for argument in arguments_of(inner)? {
        let is = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(argument));
        if is(&REFERENCE) || is(&CALL) {
            *n_named += 1;
            before.push_str(&format!("kics_{n_named} := {argument}; "));
            arguments.push(format!("kics_{n_named}"));
        } else {
            arguments.push(argument.to_owned());
        }
    }
    (!before.is_empty()).then(|| format!("{indent}{before}not {function}({})", arguments.join(", ")))
}

/// What commas divide, outside of brackets and quotes; nothing if brackets don't fit: then the line is another than it seems.
fn arguments_of(text: &str) -> Option<Vec<&str>> {
    let (mut arguments, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                arguments.push(text.get(start..at)?.trim());
                start = at + 1;
            }
            (None, '#') => return None,
            (None, _) => {}
        }
    }
    arguments.push(text.get(start..)?.trim());
    (depth == 0 && quote.is_none()).then_some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(as_in_opa(text), expected);
    }

    #[test]
    fn what_is_negated_is_asked_for_first() {
        check("\tnot lib.has(a.b, \"c,)\")", "\tkics_1 := a.b; not lib.has(kics_1, \"c,)\")");
        check("  not f(lower(x), y)", "  kics_1 := lower(x); not f(kics_1, y)");
        for same in ["not f(x)", "not a.b", "not f(a.b) == 1", "not f(\"(\") and g(a.b)", "x { not f(a.b) }"] {
            check(same, same);
        }
    }

    #[test]
    fn imports_come_first() {
        check("package a\n\nx = 1\n\nimport data.b as b\n", "package a import data.b as b\n\nx = 1\n\n\n");
    }

    #[test]
    fn declarations_of_locals_are_left_out() {
        check("a {\n\tsome i, j\n\tx[i]\n}\n", "a {\n\n\tx[i]\n}\n");
        check("i = 1\na {\n\tsome i\n\tsome k in y\n}\n", "i = 1\na {\n\tsome i\n\tsome k in y\n}\n");
    }
}
