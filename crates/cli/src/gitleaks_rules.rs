//! Configuration of gitleaks as the command line names it: read with everything that it extends.

use std::path::Path;

use bartizan_secrets::gitleaks::config::{self, Config, Level, Options, Problem};

use crate::{
    failure::{Failure, Failures, Outcome, Place},
    rule_files::{self, RuleText},
    text,
};

/// A configuration that gitleaks would run, and what it would silently ignore.
#[derive(Debug)]
pub(crate) struct Understood {
    /// The configuration.
    pub(crate) config: Config,
    /// What has no effect.
    pub(crate) warnings: Vec<Failure>,
}

/// Reads a configuration; everything that gitleaks would refuse is an error. `defaults` is what `[extend] useDefault` means.
pub(crate) fn understand(text: &RuleText, defaults: Option<&str>) -> Outcome<Understood> {
    let name = text::path(&text.path);
    // gitleaks resolves `[extend] path` against the folder that it runs in.
    let read_file = |path: &str| rule_files::read_file(Path::new(path)).map(|found| found.text).map_err(|failure| failure.message);
    let parsed = config::read(&name, &text.text, &Options { read_file: &read_file, default_config: defaults });
    let (errors, warnings): (Vec<_>, Vec<_>) = parsed.problems.iter().partition(|problem| problem.level == Level::Error);
    let failures = |problems: Vec<&Problem>| problems.into_iter().map(|problem| failure(problem, &name, &text.text)).collect();
    if !errors.is_empty() {
        return Err(Failures(failures(errors)));
    }
    Ok(Understood { config: parsed.value, warnings: failures(warnings) })
}

fn failure(problem: &Problem, name: &str, content: &str) -> Failure {
    let place = &problem.place;
    // Only the text of the named file is at hand, not that of files which it extends.
    let content = if *place.file == *name { content } else { "" };
    let rule = problem.rule.as_ref().map_or(String::new(), |rule| format!("rule `{rule}`: "));
    Failure::bad_input("rule", text::harmless(&format!("{rule}{}", problem.message)))
        .at(Place::in_text(&place.file, content, place.line, place.column, 1))
        .with_help(text::harmless(&problem.help))
}
