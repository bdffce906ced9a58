//! `bartizan debug version-compare`: versions in the order of their ecosystem.
//!
//! A line is `ECOSYSTEM<TAB>VERSION<TAB>VERSION`; the ecosystem is one of OSV, the type of a package URL or the name of a scheme.
//! The answer is `<`, `=`, `>`, or `error`, whose reason goes to standard error.

use std::cmp::Ordering;

use bartizan_deps::version::{Scheme, UnknownScheme, Version};

use super::lines;
use crate::{exit::Exit, failure::Outcome, output::print_error, text::harmless};

/// Answers until there are no questions. One that has no answer makes the command fail in the end.
pub(super) fn run() -> Outcome<Exit> {
    let mut n_lines = 0_u64;
    let mut exit = Exit::Success;
    lines::answer(|line| {
        n_lines += 1;
        let sign = compare(line).unwrap_or_else(|reason| {
            print_error(&format!("line {n_lines}: {}\n", harmless(&reason)));
            exit = Exit::BadInput;
            "error"
        });
        sign.to_owned()
    })?;
    Ok(exit)
}

fn compare(line: &str) -> Result<&'static str, String> {
    let mut fields = line.split('\t');
    let (Some(ecosystem), Some(one), Some(other), None) = (fields.next(), fields.next(), fields.next(), fields.next()) else {
        return Err("a line is an ecosystem and two versions, with tabs between them".to_owned());
    };
    let scheme: Scheme = ecosystem.parse().map_err(|error: UnknownScheme| error.to_string())?;
    Ok(match Version::new(scheme, one).compare(&Version::new(scheme, other)) {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    })
}
