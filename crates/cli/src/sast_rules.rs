//! Rules for code, in Semgrep's format, as the command line names them: read and compiled once, to say what is wrong.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use bartizan_core::{ArtifactPath, ByteRange, Diagnostic, DiagnosticKind, Level, LineIndex, Location, RuleOrigin};
use bartizan_sast::{
    KeptPatterns, Plan,
    rule::{self, Problem, ProblemLevel, SastRule, Span},
};
use serde::{Deserialize, Serialize};

use crate::{
    failure::{Failure, Failures, Outcome, Place},
    rule_files::{self, Dialect, RuleText},
    suggestion::suggestion,
    text,
};

/// What was understood of a file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Understood {
    /// The rules that can be run.
    pub(crate) rules: Vec<SastRule>,
    /// What is wrong, in order of place.
    pub(crate) problems: Vec<Problem>,
}

/// Reads a file, and compiles its rules: a pattern that is no code of its language is found by that alone.
pub(crate) fn understand(text: &RuleText) -> Understood {
    understand_with(text, &Arc::default())
}

/// The same, with patterns that were compiled before.
pub(crate) fn understand_with(text: &RuleText, patterns: &Arc<KeptPatterns>) -> Understood {
    let parsed = rule::read(&text.text);
    let mut problems = parsed.problems;
    let mut rules: Vec<Arc<SastRule>> = parsed.rules.into_iter().map(Arc::new).collect();
    let plan = Plan::compile_with(rules.iter().cloned(), bartizan_sast::models(), patterns.clone());
    let unusable: BTreeSet<_> =
        plan.problems().iter().filter(|problem| problem.is_error()).filter_map(|problem| problem.rule.clone()).collect();
    problems.extend(plan.problems().iter().cloned());
    drop(plan);
    rules.retain(|rule| !unusable.contains(rule.id.as_str()));
    problems.sort();
    problems.dedup();
    Understood { rules: rules.into_iter().map(Arc::unwrap_or_clone).collect(), problems }
}

/// The rules for code of some files, or the built-in ones. What is wrong with a file that is named itself is an error; in a folder
/// of hundreds of rules, those that can't be run are left out.
pub(crate) fn load(paths: &[PathBuf]) -> Outcome<Vec<SastRule>> {
    if paths.is_empty() {
        return Ok(bartizan_sast::built_in().cloned().collect());
    }
    let (mut rules, mut failures) = (Vec::new(), Vec::new());
    for text in rule_files::read(paths)?.texts.iter().filter(|text| text.dialect == Dialect::Semgrep) {
        let understood = understand(text);
        rules.extend(understood.rules);
        let errors = understood.problems.iter().filter(|problem| text.is_named && problem.is_error());
        failures.extend(errors.map(|problem| failure(problem, text)));
    }
    if failures.is_empty() { Ok(rules) } else { Err(Failures(failures)) }
}

/// The rule of an id.
pub(crate) fn find<'r>(rules: &'r [SastRule], id: &str) -> Outcome<&'r SastRule> {
    rules.iter().find(|rule| rule.id.as_str() == id).ok_or_else(|| {
        let known = rules.iter().map(|rule| rule.id.as_str());
        let help =
            suggestion(id, known).unwrap_or_else(|| "`bartizan rules list --engine sast` lists the built-in rules for code".to_owned());
        Failure::bad_input("unknown-rule", format!("no rule for code is named `{}`", text::harmless(id))).with_help(help).into()
    })
}

/// Where the rules of a file come from.
pub(crate) fn origin(text: &RuleText) -> RuleOrigin {
    RuleOrigin::File(artifact(text))
}

/// How many characters of the first line of a place are meant.
pub(crate) fn n_characters(text: &RuleText, span: Span) -> usize {
    text.text.get(span.start as usize..span.end as usize).map_or(1, |meant| meant.lines().next().unwrap_or_default().chars().count())
}

/// A problem as an error of the caller's input.
pub(crate) fn failure(problem: &Problem, text: &RuleText) -> Failure {
    let span = problem.span;
    let place = Place::in_text(&text::path(&text.path), &text.text, span.line, span.column, n_characters(text, span));
    Failure::bad_input("rule", text::harmless(&message(problem))).at(place).with_help(text::harmless(&problem.help))
}

/// A problem as something that a report tells.
pub(crate) fn diagnostic(problem: &Problem, text: &RuleText) -> Diagnostic {
    let lines = LineIndex::new(&text.text);
    // The place may be within a text that YAML has joined: then line and column know better than the bytes.
    let start = lines.line_range(&text.text, problem.span.line).start();
    let rest = text.text.get(start..).unwrap_or_default();
    let column = usize::try_from(problem.span.column).unwrap_or(usize::MAX).saturating_sub(1);
    let start = start + rest.char_indices().nth(column).map_or(0, |(offset, _)| offset);
    let location = Location::within(artifact(text), ByteRange::new(start, start), &text.text, &lines);
    let level = match problem.level {
        ProblemLevel::Error => Level::Error,
        ProblemLevel::Warning | ProblemLevel::Note => Level::Note,
    };
    let diagnostic = Diagnostic { level, ..Diagnostic::new(DiagnosticKind::Rule, text::harmless(&message(problem))) };
    diagnostic.at(location).with_help(text::harmless(&problem.help))
}

fn message(problem: &Problem) -> String {
    let rule = problem.rule.as_ref().map_or(String::new(), |rule| format!("rule `{rule}`: "));
    format!("{rule}{}", problem.message)
}

fn artifact(text: &RuleText) -> ArtifactPath {
    ArtifactPath::from_bytes(text.path.as_os_str().as_encoded_bytes())
}
