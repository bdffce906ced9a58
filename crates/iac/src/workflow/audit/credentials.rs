//! Secrets: what keeps them, shows them, or gives more of them than is needed.

use bartizan_core::{Confidence, FixSafety, Severity};
use bartizan_source::document::{Node, Value};

use super::Audited;
use crate::workflow::{
    definition::{Site, member, place, spelled},
    edit,
    expression::{Expression, Kind},
    fence,
    remark::{Change, Remark},
    uses,
};

const PERSISTED: &str = "checkout-credentials-persisted";
const CONTAINER: &str = "container-password-in-workflow";
const ALL: &str = "all-secrets-exposed";
const PARSED: &str = "secret-parsed-unmasked";
const NO_ENVIRONMENT: &str = "secret-without-environment";
const COMMANDS: &str = "insecure-workflow-commands-allowed";

/// The variable that lets a script set variables of later steps by printing.
const ALLOW_COMMANDS: &str = "ACTIONS_ALLOW_UNSECURE_COMMANDS";

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    audited.definition.sequences().iter().for_each(|sites| look_at_checkouts(sites, remarks));
    look_at_containers(audited, remarks);
    look_at_expressions(audited, remarks);
    look_for_environments(audited, remarks);
    look_at_commands(audited, remarks);
}

/// A checkout whose credentials stay, and an upload of the folder in which they stay.
fn look_at_checkouts(sites: &[Site<'_, '_>], remarks: &mut Vec<Remark>) {
    let uploads: Vec<usize> = (0..sites.len()).filter(|index| sites.get(*index).is_some_and(|site| uploads_everything(*site))).collect();
    for (index, site) in sites.iter().enumerate() {
        let Some(call) = site.step.call.as_ref().filter(|call| call.uses.slug().is_some()) else { continue };
        if site.step.has_opaque_inputs() {
            let Some(with) = member(site.step.node, "with") else { continue };
            let message = "nothing here says whether the credentials are kept";
            remarks.push(
                Remark::new(PERSISTED, place(with), message)
                    .in_step(*site)
                    .severity(Severity::Info)
                    .confidence(Confidence::High)
                    .strict_if(true),
            );
            continue;
        }
        if !call.uses.is("actions/checkout") {
            continue;
        }
        let kept = site.step.input("persist-credentials").map(|input| spelled(&input.node).unwrap_or_default());
        // Whoever writes `true` knows.
        let is_strict = match kept {
            Some("false") => continue,
            Some("true") => true,
            Some(value) => fence::whole(value).is_some(),
            None => false,
        };
        let is_apart = call
            .uses
            .reference()
            .filter(|reference| !uses::is_commit(reference))
            .and_then(uses::version)
            .is_some_and(|version| [6, 0, 0] <= version);
        let after: Vec<usize> = uploads.iter().copied().filter(|upload| index < *upload).collect();
        if !uploads.is_empty() && after.is_empty() {
            continue;
        }
        let severity = match (is_apart, after.is_empty()) {
            (true, true) => Severity::Low,
            (true, false) | (false, true) => Severity::Medium,
            (false, false) => Severity::High,
        };
        let message = if after.is_empty() {
            "the token stays on disk for all later steps"
        } else {
            "the token stays on disk, and a later step uploads it"
        };
        let mut remark = Remark::new(PERSISTED, site.step.node.range, message).in_step(*site).severity(severity).strict_if(is_strict);
        remark = remark.confidence(if after.is_empty() { Confidence::Low } else { Confidence::High });
        for upload in after.iter().filter_map(|upload| sites.get(*upload)) {
            remark = remark.related(upload.step.node.range, "this uploads the folder with the token");
        }
        remarks.push(remark.fix(no_credentials(*site)));
    }
}

fn uploads_everything(site: Site<'_, '_>) -> bool {
    let Some(path) = site.uses_of("actions/upload-artifact").and_then(|_| site.step.input("path")?.node.text()) else { return false };
    let patterns = path.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    patterns.into_iter().any(|pattern| {
        matches!(pattern, "." | "./" | ".." | "../") || fence::whole(pattern).is_some_and(|inner| inner.contains("github.workspace"))
    })
}

fn no_credentials(site: Site<'_, '_>) -> Option<Change> {
    let text = site.definition.text;
    let edit = match site.step.input("persist-credentials") {
        Some(input) => edit::replace(input.node.range, "false"),
        None => edit::add_behind(text, site.step.node, "with", "persist-credentials", "false", site.step.call.as_ref()?.member)?,
    };
    Some(Change {
        description: "Don't keep the token; a later `git push` needs one of its own.".to_owned(),
        safety: FixSafety::NeedsReview,
        edits: vec![edit],
    })
}

/// Passwords of registries that are written out.
fn look_at_containers(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for job in audited.definition.jobs() {
        let services = job.member.node.get("services").map(Node::members).unwrap_or_default().iter().map(|service| &service.node);
        for container in job.member.node.get("container").into_iter().chain(services) {
            let Some(credentials) = member(container, "credentials") else { continue };
            let Some(password) = credentials.node.get("password").and_then(spelled) else { continue };
            if !password.is_empty() && fence::whole(password.trim()).is_none() {
                let message = "the password of the registry is written out";
                remarks.push(Remark::new(CONTAINER, place(credentials), message).in_job(job));
            }
        }
    }
}

/// Expressions that take all secrets, or make something of one that the runner does not know to hide.
fn look_at_expressions(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for node in fence::texts(audited.definition.root) {
        for fenced in fence::of_node(node, audited.definition.text) {
            let Ok(expression) = fenced.expression() else { continue };
            let (mut n_all, mut n_parsed) = (0, 0);
            expression.walk(&mut |part| {
                n_all += usize::from(takes_all_secrets(part));
                n_parsed += usize::from(parses_secret(part));
            });
            for _ in 0..n_all {
                let message = "this gives the run every secret there is, so that each of them can leak";
                remarks.push(Remark::new(ALL, fenced.place, message).known_by(fenced.inner.trim()));
            }
            for _ in 0..n_parsed {
                let message = "the runner hides the secret as a whole, not what is taken out of it";
                remarks.push(Remark::new(PARSED, fenced.place, message).known_by(fenced.inner.trim()));
            }
        }
    }
}

fn takes_all_secrets(part: &Expression<'_>) -> bool {
    match &part.kind {
        Kind::Call(name, arguments) => {
            name.eq_ignore_ascii_case("tojson") && arguments.iter().any(|argument| argument.path().as_deref() == Some("secrets"))
        }
        Kind::Context(parts) => match parts.as_slice() {
            [first, second] => {
                matches!(first.kind, Kind::Name(name) if name.eq_ignore_ascii_case("secrets"))
                    && matches!(&second.kind, Kind::Index(index) if !index.is_literal())
            }
            _ => false,
        },
        _ => false,
    }
}

fn parses_secret(part: &Expression<'_>) -> bool {
    matches!(&part.kind, Kind::Call(name, arguments)
        if name.eq_ignore_ascii_case("fromjson") && arguments.iter().any(|argument| argument.is_in("secrets")))
}

/// Secrets of jobs that have no environment, which could restrict them.
fn look_for_environments(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    if definition.has_trigger("workflow_call") {
        return;
    }
    for job in definition.jobs().iter().filter(|job| job.call.is_none() && job.member.node.get("environment").is_none()) {
        for node in fence::texts(&job.member.node) {
            for fenced in fence::of_node(node, definition.text) {
                let Ok(expression) = fenced.expression() else { continue };
                for context in expression.contexts().into_iter().filter(|context| context.is_in("secrets")) {
                    if context.member().is_some_and(|name| name.eq_ignore_ascii_case("GITHUB_TOKEN")) {
                        continue;
                    }
                    let text = fenced.text_of(context);
                    let message = format!("`{text}` is there for every run: an environment would restrict it");
                    remarks.push(Remark::new(NO_ENVIRONMENT, fenced.place_of(context), message).in_job(job).known_by(text));
                }
            }
        }
    }
}

/// Environments in which scripts may set variables of later steps by printing.
fn look_at_commands(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    let of_jobs = definition.jobs().iter().filter(|job| job.call.is_none()).map(|job| (&job.member.node, job.id().to_owned()));
    let of_steps = definition.sites().into_iter().map(|site| (site.step.node, site.step.label()));
    let of_root = definition.is_workflow().then(|| (definition.root, String::new()));
    for (node, owner) in of_root.into_iter().chain(of_jobs).chain(of_steps) {
        let Some(variables) = member(node, "env") else { continue };
        match &variables.node.value {
            Value::Text(text) if fence::whole(text.trim()).is_some() => {
                let message = format!("nothing here says whether `{ALLOW_COMMANDS}` is set");
                remarks.push(Remark::new(COMMANDS, place(variables), message).known_by(&owner).confidence(Confidence::Low).strict_if(true));
            }
            Value::Map(_) => {
                let Some(allowed) = member(&variables.node, ALLOW_COMMANDS) else { continue };
                if spelled(&allowed.node).is_some_and(|value| value.trim().eq_ignore_ascii_case("true")) {
                    let message = "whatever a step prints can set variables and paths of later steps";
                    let edit = edit::without(definition.text, &variables.node, allowed);
                    let description = format!("Take `{ALLOW_COMMANDS}` away.");
                    let change = edit.map(|edit| Change { description, safety: FixSafety::NeedsReview, edits: vec![edit] });
                    remarks.push(Remark::new(COMMANDS, place(variables), message).known_by(&owner).fix(change));
                }
            }
            _ => {}
        }
    }
}
