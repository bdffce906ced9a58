//! Functions that call themselves, through others or not. Rego forbids it; the interpreter notices it of rules only, and of functions
//! would not return.
//!
//! Told from the text: a function is what stands at the left margin with a bracket behind it, and it calls what has a bracket behind
//! it in its lines.

use std::collections::{BTreeMap, BTreeSet};

use super::{module::Module, rewrite::without_texts};

/// A function of a module.
#[derive(Debug, Default)]
struct Function {
    module: usize,
    line: u32,
    calls: BTreeSet<String>,
}

/// The modules that have functions which call themselves: the number, and the line, from 1, of the first such function.
pub(super) fn modules_with_recursion(texts: &[&str]) -> BTreeMap<usize, (u32, String)> {
    let mut functions: BTreeMap<String, Function> = BTreeMap::new();
    for (number, text) in texts.iter().enumerate() {
        add_functions(number, text, &mut functions);
    }
    let mut found: BTreeMap<usize, (u32, String)> = BTreeMap::new();
    for (name, function) in &functions {
        if reaches_itself(name, &functions) {
            let first = found.entry(function.module).or_insert_with(|| (function.line, name.clone()));
            if function.line < first.0 {
                *first = (function.line, name.clone());
            }
        }
    }
    found
}

fn reaches_itself(name: &str, functions: &BTreeMap<String, Function>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = vec![name];
    while let Some(next) = open.pop() {
        let calls = functions.get(next).map(|function| &function.calls);
        for call in calls.into_iter().flatten().filter(|call| functions.contains_key(*call)) {
            if call == name {
                return true;
            }
            if seen.insert(call) {
                open.push(call);
            }
        }
    }
    false
}

fn add_functions(number: usize, text: &str, functions: &mut BTreeMap<String, Function>) {
    let module = Module::read(text);
    let bare = without_texts(text);
    let mut current: Option<String> = None;
    for (line, code) in (1u32..).zip(bare.lines()) {
        let is_head = code.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let mut calls = calls_in(code).peekable();
        if is_head && !code.starts_with("else") {
            // The head of a rule that is no function ends the one before.
            current = None;
            let name_end = code.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(code.len());
            if code.get(name_end..).is_some_and(|rest| rest.starts_with('(')) && calls.next().is_some() {
                let name = format!("{}.{}", module.package, code.get(..name_end).unwrap_or_default());
                functions.entry(name.clone()).or_insert_with(|| Function { module: number, line, calls: BTreeSet::new() });
                current = Some(name);
            }
        }
        let Some(function) = current.as_ref().and_then(|name| functions.get_mut(name)) else { continue };
        function.calls.extend(calls.map(|call| resolved(call, &module)));
    }
}

/// The full path of what a call names.
fn resolved(call: &str, module: &Module) -> String {
    if let Some(path) = call.strip_prefix("data.") {
        return path.to_owned();
    }
    match call.split_once('.') {
        None => format!("{}.{call}", module.package),
        Some((alias, rest)) => match module.aliases.get(alias) {
            Some(path) => format!("{path}.{rest}"),
            // A built-in function.
            None => call.to_owned(),
        },
    }
}

/// The paths in a line that have a bracket behind them.
fn calls_in(code: &str) -> impl Iterator<Item = &str> {
    let mut rest = code;
    std::iter::from_fn(move || {
        loop {
            let bracket = rest.find('(')?;
            let before = rest.get(..bracket)?;
            rest = rest.get(bracket + 1..)?;
            let is_of_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let start = before
                .rfind(|c: char| !is_of_path(c))
                .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
            let path = before.get(start..).unwrap_or_default();
            if !path.is_empty() {
                return Some(path);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], expected: &[(usize, u32)]) {
        let found: Vec<(usize, u32)> = modules_with_recursion(texts).into_iter().map(|(module, (line, _))| (module, line)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn functions_that_call_themselves_are_found() {
        check(&["package p\nf(x) = y {\n  y := f(x)\n}\n"], &[(0, 2)]);
        check(&["package p\nf(x) := g(x)\ng(x) := f(x)\n"], &[(0, 2)]);
        let other = "package q\nimport data.p.r as other\ng(x) := other.f(x)\n";
        check(&["package p.r\nimport data.q\n\nf(x) := q.g(x) if x\n", other], &[(0, 4), (1, 3)]);
    }

    #[test]
    fn functions_that_call_others_are_not() {
        check(&["package p\nf(x) := g(x)\ng(x) := count(x)\n# f(1)\nh(x) := \"g(1) \\\" h(2)\"\nr { f(1) }\n"], &[]);
        check(&["package p\nimport data.q\nf(x) := q.f(x)\n", "package q\nf(x) := x\n"], &[]);
    }
}
