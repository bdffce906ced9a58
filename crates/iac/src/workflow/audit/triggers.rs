//! Events that start runs for strangers, and what such runs do with a stranger's code.

use bartizan_core::{ByteRange, Confidence, Severity};

use super::Audited;
use crate::workflow::{
    definition::{Definition, DefinitionKind, Job, Site, member, place},
    fence,
    matrix::Matrix,
    remark::Remark,
};

const TRIGGER: &str = "privileged-workflow-trigger";
const RUNNER: &str = "self-hosted-runner";
pub(crate) const CHECKOUT: &str = "untrusted-code-in-privileged-workflow";

/// Events whose runs have the repository's secrets and a token that may write, and are caused by strangers.
const CHECKOUT_TRIGGERS: &[&str] = &["pull_request_target", "workflow_run", "issue_comment"];

/// Events that give strangers' runs the rights of the repository, and how.
const DANGERS: &[(&str, &str)] = &[
    ("pull_request_target", "runs for pull requests of strangers with the secrets of this repository"),
    ("workflow_run", "runs with the secrets of this repository after a run that a stranger may have caused"),
    ("issue_comment", "runs for comments of strangers with the secrets of this repository"),
];

/// Words of conditions that keep strangers out, or try to.
const GUARDS: &[&str] = &["author_association", "head.repo", "user.login", "github.actor", "triggering_actor", "labels", "label.name"];

/// Contexts that name the code of a pull request.
const STRANGERS_CODE: &[&str] = &[
    "github.head_ref",
    "github.event.pull_request.head",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.head_repository",
    "github.event.pull_request.merge_commit_sha",
];

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    if !definition.is_workflow() {
        return;
    }
    look_at_triggers(definition, remarks);
    definition.jobs().iter().for_each(|job| look_at_runner(definition, job, remarks));
    if let Some(trigger) = privileged_trigger(definition) {
        for (site, at) in checkouts(definition) {
            let message = format!("`{trigger}` gives this run secrets and a token that may write, and this is a stranger's code");
            let remark = Remark::new(CHECKOUT, at, message).in_step(site).known_by(trigger);
            remarks.push(if is_guarded(site) { remark.severity(Severity::High).confidence(Confidence::Low) } else { remark });
        }
    }
}

/// The event of a workflow that makes it run for strangers with the repository's rights.
pub(crate) fn privileged_trigger<'d>(definition: &Definition<'d>) -> Option<&'d str> {
    definition.triggers().iter().map(|trigger| trigger.name).find(|name| CHECKOUT_TRIGGERS.contains(name))
}

/// Whether a condition or an environment asks first who it is.
fn is_guarded(site: Site<'_, '_>) -> bool {
    let job = site.job.map(|job| &job.member.node);
    let asks = |condition: &str| GUARDS.iter().any(|word| condition.contains(word));
    let has_condition = [Some(site.step.node), job].into_iter().flatten().filter_map(|node| node.text_of("if")).any(asks);
    has_condition || job.is_some_and(|job| job.get("environment").is_some())
}

/// Steps that fetch the code of a pull request, by the action or by hand.
pub(crate) fn checkouts<'a, 'd>(definition: &'a Definition<'d>) -> Vec<(Site<'a, 'd>, ByteRange)> {
    let mut found = Vec::new();
    for site in definition.sites() {
        if site.uses_of("actions/checkout").is_some() {
            let inputs = ["ref", "repository"].iter().filter_map(|name| site.step.input(name));
            let strange = inputs.into_iter().find(|input| names_strangers_code(&input.node, definition.text));
            found.extend(strange.map(|input| (site, place(input))));
        } else if let Some((run, script)) = site.script() {
            let fetches = script.contains("gh pr checkout") || script.contains("git fetch") && script.contains("refs/pull/");
            let at = ["gh pr checkout", "git fetch"].iter().find_map(|words| script.find(words).map(|start| start..start + words.len()));
            found.extend(at.filter(|_| fetches).map(|at| (site, fence::place_in(&run.node, definition.text, at))));
        }
    }
    found
}

fn names_strangers_code(node: &bartizan_source::document::Node<'_>, text: &str) -> bool {
    let in_value = node.text().is_some_and(|value| value.contains("refs/pull/"));
    let in_expression = fence::of_node(node, text)
        .iter()
        .filter_map(|fenced| fenced.expression().ok())
        .any(|expression| expression.flowing_contexts().iter().filter_map(|context| context.path()).any(|path| is_strangers_code(&path)));
    in_value || in_expression
}

/// Whether a context names the code of a pull request.
pub(crate) fn is_strangers_code(path: &str) -> bool {
    STRANGERS_CODE.iter().any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

fn look_at_triggers(definition: &Definition<'_>, remarks: &mut Vec<Remark>) {
    let Some(on) = member(definition.root, "on") else { return };
    for (name, why) in DANGERS {
        if definition.has_trigger(name) && !(*name == "pull_request_target" && only_labels(definition)) {
            let at = member(&on.node, name).map_or_else(|| place(on), |trigger| trigger.name_range);
            remarks
                .push(Remark::new(TRIGGER, at, format!("`{name}` {why}")).within(place(on)).known_by(name).confidence(Confidence::Medium));
        }
    }
}

/// A workflow that sets labels and does nothing else needs the event, and is safe.
fn only_labels(definition: &Definition<'_>) -> bool {
    match &definition.kind {
        DefinitionKind::Workflow { jobs, .. } => match jobs.as_slice() {
            [job] => matches!(job.steps.as_slice(), [step] if step.call.as_ref().is_some_and(|call| call.uses.is("actions/labeler"))),
            _ => false,
        },
        DefinitionKind::Action(_) => false,
    }
}

fn look_at_runner(definition: &Definition<'_>, job: &Job<'_>, remarks: &mut Vec<Remark>) {
    let Some(runner) = member(&job.member.node, "runs-on") else { return };
    // A pull request of a stranger runs the stranger's code.
    let is_public = definition.has_trigger("pull_request") || definition.has_trigger("pull_request_target");
    let mut found = |confidence: Confidence, message: &str| {
        let is_sure = confidence == Confidence::High && is_public;
        let severity = if is_sure { Severity::High } else { Severity::Medium };
        remarks.push(Remark::new(RUNNER, place(runner), message).in_job(job).severity(severity).confidence(confidence).strict_if(!is_sure));
    };
    if runner.node.get("group").is_some() {
        found(Confidence::Low, "a group of runners is most often self-hosted");
        return;
    }
    let Some(first) = job.labels().first().copied() else { return };
    if first == "self-hosted" {
        found(Confidence::High, "this runs on a machine of your own, which keeps what a run leaves behind");
        return;
    }
    let Some(inner) = fence::whole(first.trim()) else { return };
    if !runner.node.items().is_empty() {
        found(Confidence::Low, "the expression may name a machine of your own");
        return;
    }
    let values = Matrix::of(job)
        .map(|matrix| matrix.values_of(&inner.trim().to_ascii_lowercase()).iter().any(|value| value.text.contains("self-hosted")));
    if values == Some(true) {
        found(Confidence::High, "the matrix names a machine of your own, which keeps what a run leaves behind");
    }
}
