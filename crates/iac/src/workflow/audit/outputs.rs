//! What comes out of a step or a job: a value that somebody chooses stays that when a script hands it on.

use bartizan_source::document::Node;

use super::injection::value_power;
use crate::workflow::{
    definition::{Definition, Site, member},
    expression, fence,
    taint::Power,
};

/// How many outputs of outputs are followed.
const MAX_STEPS: usize = 8;

/// What an output may hold: `steps.<id>.outputs.<name>` of the same job, `needs.<job>.outputs.<name>`. Nothing where that is not
/// known. The path is in lower case.
pub(super) fn power(path: &str, site: Site<'_, '_>) -> Option<Power> {
    of_path(path, site.definition, site.job.map(super::super::definition::Job::id), MAX_STEPS)
}

fn of_path(path: &str, definition: &Definition<'_>, job: Option<&str>, n_left: usize) -> Option<Power> {
    let n_left = n_left.checked_sub(1)?;
    let mut names = path.split('.');
    match (names.next()?, names.next()?, names.next()?, names.next()?, names.next()) {
        ("steps", step, "outputs", name, None) => {
            let of_job = |site: &Site<'_, '_>| site.job.map(super::super::definition::Job::id) == job;
            let is_step = |site: &Site<'_, '_>| site.step.node.text_of("id").is_some_and(|id| id.eq_ignore_ascii_case(step));
            let site = definition.sites().into_iter().find(|site| of_job(site) && is_step(site))?;
            of_script(site, name)
        }
        ("needs", needed, "outputs", name, None) => {
            let needed = definition.jobs().iter().find(|job| job.id().eq_ignore_ascii_case(needed))?;
            let outputs = needed.member.node.get("outputs")?;
            let output = outputs.members().iter().find(|output| output.name.eq_ignore_ascii_case(name))?;
            of_value(&output.node, definition, needed.id(), n_left)
        }
        _ => None,
    }
}

/// What the value of a job's output may hold.
fn of_value(value: &Node<'_>, definition: &Definition<'_>, job: &str, n_left: usize) -> Option<Power> {
    let text = value.text()?;
    if let Some(power) = value_power(text) {
        return Some(power);
    }
    let mut power = None;
    for (inner, _) in fence::in_text(text) {
        let expression = expression::parse(inner).ok()?;
        for path in expression.flowing_contexts().iter().filter_map(|context| context.path()) {
            power = power.max(of_path(&path, definition, Some(job), n_left));
        }
    }
    power
}

/// What a script writes to an output: on a line with the output's name, an expression or a variable that somebody chooses.
fn of_script(site: Site<'_, '_>, name: &str) -> Option<Power> {
    let (_, script) = site.script()?;
    if !script.contains("GITHUB_OUTPUT") {
        return None;
    }
    let is_written = |line: &&str| {
        let line = line.to_ascii_lowercase();
        line.match_indices(name).any(|(at, _)| line.get(at + name.len()..).is_some_and(|rest| rest.starts_with(['=', '<'])))
    };
    let of_variable = |variable: &str| {
        let value = site.environments().into_iter().find_map(|variables| member(variables, variable))?;
        value_power(value.node.text()?)
    };
    let powers = script.lines().filter(is_written).flat_map(|line| {
        let of_expressions = Some(line).filter(|line| fence::has_expression(line)).and_then(value_power);
        let of_variables = variables(line).into_iter().filter_map(of_variable);
        of_expressions.into_iter().chain(of_variables).collect::<Vec<_>>()
    });
    powers.max()
}

/// The variables that a line reads.
fn variables(line: &str) -> Vec<&str> {
    let names = line.split('$').skip(1).map(|rest| rest.strip_prefix('{').unwrap_or(rest));
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    names.filter_map(|rest| rest.get(..name(rest))).filter(|name| !name.is_empty()).collect()
}
