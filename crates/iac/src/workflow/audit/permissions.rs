//! What the token of a run may do.

use bartizan_core::{ByteRange, Confidence, FixSafety, Severity};
use bartizan_source::document::{Node, Value};

use super::Audited;
use crate::workflow::{
    comment,
    definition::{Definition, member, place},
    edit,
    remark::{Change, Remark},
};

const RULE: &str = "workflow-permissions-too-broad";
const UNDOCUMENTED: &str = "permission-without-comment";
const OIDC: &str = "oidc-on-untrusted-trigger";

/// How bad it is if all jobs may write this.
const WEIGHTS: &[(&str, Severity)] = &[
    ("actions", Severity::High),
    ("artifact-metadata", Severity::Medium),
    ("attestations", Severity::High),
    ("checks", Severity::Medium),
    ("contents", Severity::High),
    ("deployments", Severity::High),
    ("discussions", Severity::Medium),
    ("id-token", Severity::High),
    ("issues", Severity::High),
    ("models", Severity::Low),
    ("packages", Severity::High),
    ("pages", Severity::High),
    ("pull-requests", Severity::High),
    ("repository-projects", Severity::Medium),
    ("security-events", Severity::Medium),
    ("statuses", Severity::Low),
];

/// Events by which people from outside start runs with the rights of the repository.
pub(crate) const PRIVILEGED_TRIGGERS: &[&str] =
    &["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment"];

/// What `permissions` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Granted {
    /// Nothing: it depends on a setting of the repository.
    Default,
    ReadAll,
    WriteAll,
    /// What is listed.
    Listed,
}

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    if !definition.is_workflow() {
        return;
    }
    let jobs = definition.jobs();
    let all_say = jobs.iter().all(|job| granted(&job.member.node) != Granted::Default);
    let is_quiet = jobs.len() == 1 || all_say || definition.is_only_called();
    look_at_workflow(definition, is_quiet, remarks);
    let says = granted(definition.root) != Granted::Default;
    for job in jobs {
        let Some((severity, confidence, at, message)) = job_problem(&job.member.node, place(job.member), says) else { continue };
        // Who calls a workflow decides what it may do.
        let is_quiet = definition.is_only_called() && job.call.is_none();
        remarks.push(Remark::new(RULE, at, message).in_job(job).severity(severity).confidence(confidence).strict_if(is_quiet));
    }
    look_for_comments(definition, remarks);
    look_at_identity(definition, remarks);
}

fn look_at_workflow(definition: &Definition<'_>, is_quiet: bool, remarks: &mut Vec<Remark>) {
    let root = definition.root;
    let mut found = |at: ByteRange, severity, confidence, message: String| {
        remarks.push(Remark::new(RULE, at, message).severity(severity).confidence(confidence).strict_if(is_quiet));
    };
    let written = member(root, "permissions");
    match granted(root) {
        Granted::Default => {
            let message = "there is no `permissions`: the token may do what the repository's settings say, often everything".to_owned();
            remarks.push(
                Remark::new(RULE, root.range, message)
                    .severity(Severity::Medium)
                    .confidence(Confidence::Medium)
                    .strict_if(is_quiet)
                    .fix(least_permissions(definition)),
            );
        }
        Granted::ReadAll => {
            found(written.map_or(root.range, place), Severity::Medium, Confidence::High, "the token may read everything".to_owned());
        }
        Granted::WriteAll => {
            found(written.map_or(root.range, place), Severity::High, Confidence::High, "the token may write everything".to_owned());
        }
        Granted::Listed => {
            for permission in written.map(|written| written.node.members()).unwrap_or_default() {
                if permission.node.text() != Some("write") {
                    continue;
                }
                let severity =
                    WEIGHTS.iter().find(|(name, _)| *name == permission.name).map_or(Severity::Medium, |(_, severity)| *severity);
                found(
                    place(permission),
                    severity,
                    Confidence::High,
                    format!("every job may write `{}`: give it to the job that needs it", permission.name),
                );
            }
        }
    }
}

fn job_problem(job: &Node<'_>, whole: ByteRange, workflow_says: bool) -> Option<(Severity, Confidence, ByteRange, &'static str)> {
    let written = member(job, "permissions").map_or(whole, place);
    match granted(job) {
        Granted::Default if !workflow_says => {
            Some((Severity::Medium, Confidence::Medium, whole, "neither the job nor the workflow says what the token may do"))
        }
        Granted::ReadAll => Some((Severity::Medium, Confidence::High, written, "the job's token may read everything")),
        Granted::WriteAll => Some((Severity::High, Confidence::High, written, "the job's token may write everything")),
        Granted::Default | Granted::Listed => None,
    }
}

/// Permissions that nobody says the reason of.
fn look_for_comments(definition: &Definition<'_>, remarks: &mut Vec<Remark>) {
    let of_jobs = definition.jobs().iter().map(|job| (job.id(), &job.member.node));
    for (owner, node) in [("", definition.root)].into_iter().chain(of_jobs) {
        let permissions = node.get("permissions").map(Node::members).unwrap_or_default();
        let lacks_comment = |permission: &&bartizan_source::document::Member<'_>| {
            let is_usual = permission.name == "contents" && permission.node.text() == Some("read");
            !is_usual && comment::behind(definition.text, permission.node.range.end()).is_none()
        };
        let lacking: Vec<_> = permissions.iter().filter(lacks_comment).collect();
        let Some(first) = lacking.first() else { continue };
        let names: Vec<String> = lacking.iter().map(|permission| format!("`{}`", permission.name)).collect();
        let mut remark = Remark::new(UNDOCUMENTED, place(first), format!("nothing says what {} is for", names.join(", "))).known_by(owner);
        for other in lacking.iter().skip(1) {
            remark = remark.related(place(other), "nor this");
        }
        remarks.push(remark);
    }
}

/// A job that may ask for an identity at a cloud, in a workflow that strangers start.
fn look_at_identity(definition: &Definition<'_>, remarks: &mut Vec<Remark>) {
    let Some(trigger) = definition.triggers().iter().find(|trigger| PRIVILEGED_TRIGGERS.contains(&trigger.name)) else { return };
    let of_jobs = definition.jobs().iter().map(|job| &job.member.node);
    for node in [definition.root].into_iter().chain(of_jobs) {
        let Some(permission) = node.get("permissions").and_then(|permissions| member(permissions, "id-token")) else { continue };
        if permission.node.text() == Some("write") {
            let message = format!("`{}` starts this for strangers, and it can take on an identity at a cloud", trigger.name);
            remarks.push(Remark::new(OIDC, place(permission), message));
        }
    }
}

fn granted(node: &Node<'_>) -> Granted {
    match node.get("permissions").map(|permissions| &permissions.value) {
        Some(Value::Text(text)) if text == "read-all" => Granted::ReadAll,
        Some(Value::Text(text)) if text == "write-all" => Granted::WriteAll,
        Some(Value::Map(_) | Value::Text(_)) => Granted::Listed,
        _ => Granted::Default,
    }
}

/// Only reading the code: what a checkout needs.
fn least_permissions(definition: &Definition<'_>) -> Option<Change> {
    let jobs = member(definition.root, "jobs")?;
    let edit = edit::line_before(definition.text, jobs, "permissions:\n  contents: read\n")?;
    let description = "Let the token read the code and nothing else; jobs that need more say so.".to_owned();
    Some(Change { description, safety: FixSafety::NeedsReview, edits: vec![edit] })
}
