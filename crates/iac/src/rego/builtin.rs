//! Functions that policies call and that the interpreter does not have, or has otherwise than OPA.
//!
//! They stand before the interpreter's own of the same name. What OPA would call an error of a built-in function is undefined.
//! A function that is not in [`FUNCTIONS`] and that the interpreter does not know is an error of the rule that calls it:
//! `http.send` and all else that would leave the process.

mod collection;
mod format;
mod network;
mod pattern;
mod scanner;

use regorus::{Engine, Value};

/// A function by its name.
struct Function {
    name: &'static str,
    n_arguments: u8,
    run: fn(&[Value]) -> Option<Value>,
}

const fn function(name: &'static str, n_arguments: u8, run: fn(&[Value]) -> Option<Value>) -> Function {
    Function { name, n_arguments, run }
}

static FUNCTIONS: &[Function] = &[
    function("all", 1, collection::all),
    function("any", 1, collection::any),
    function("array.flatten", 1, collection::flatten),
    function("minus", 2, collection::minus),
    function("object.subset", 2, collection::subset),
    function("set_diff", 2, collection::difference),
    function("crypto.sha256", 1, collection::sha256),
    function("opa.runtime", 0, |_| Some(Value::new_object())),
    function("rand.intn", 2, collection::chosen),
    function("cidr.count_addresses", 1, network::count_addresses),
    function("cidr.is_public", 1, network::is_public),
    function("net.cidr_contains_matches", 2, network::contains_matches),
    function("net.cidr_intersects", 2, network::intersects),
    function("net.cidr_overlap", 2, network::contains),
    function("re_match", 2, pattern::is_match),
    function("regex.find_all_string_submatch_n", 3, pattern::find_groups),
    function("regex.find_n", 3, pattern::find),
    function("regex.is_valid", 1, pattern::is_valid),
    function("regex.match", 2, pattern::is_match),
    function("regex.replace", 3, pattern::replace),
    function("regex.split", 2, pattern::split),
    function("isManaged", 1, scanner::is_managed),
    function("plus", 2, collection::plus),
    function("result.new", 2, scanner::result),
    function("sh.parse_commands", 1, scanner::shell_commands),
    function("sprintf", 2, format::sprintf),
    function("squealer.scan_string", 1, scanner::secrets),
];

/// Makes the functions known. `now_s` is what policies are told of the time, in seconds since 1970; without it, rules that ask
/// fail.
pub(super) fn add_to(engine: &mut Engine, now_s: Option<i64>) {
    for function in FUNCTIONS {
        let run = function.run;
        let extension = move |arguments: Vec<Value>| Ok(run(&arguments).unwrap_or(Value::Undefined));
        // A name is taken only if the table has it twice.
        let _ = engine.add_extension(function.name.to_owned(), function.n_arguments, Box::new(extension));
    }
    let now = now_s.map(|now_s| Value::from(i128::from(now_s).saturating_mul(1_000_000_000)));
    let now = move |_| now.clone().ok_or_else(|| NoTime.into());
    let _ = engine.add_extension("time.now_ns".to_owned(), 0, Box::new(now));
}

/// A rule asks for the time, and nobody has told it.
#[derive(Debug, thiserror::Error)]
#[error("policies are not told the time")]
struct NoTime;

/// The text that an argument is.
fn text(arguments: &[Value], number: usize) -> Option<&str> {
    match arguments.get(number)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A list of texts.
fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Value {
    Value::from(texts.map(Value::from).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FUNCTIONS;

    #[test]
    fn no_function_is_there_twice() {
        let names: BTreeSet<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        assert_eq!(names.len(), FUNCTIONS.len());
    }
}
