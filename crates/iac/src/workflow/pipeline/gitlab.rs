//! GitLab CI: a file by itself; what all files of a pipeline together say is in [`across`].

pub(in crate::workflow) mod across;
mod job;
#[cfg(test)]
mod tests;

use bartizan_core::{Confidence, Severity};
use bartizan_source::document::{Member, Node, Value};

use super::{Script, image_problem, script, written_secret};
use crate::workflow::{
    definition::{member, place},
    fence,
    remark::Remark,
    uses,
};

const INJECTION: &str = "gitlab-variable-taken-for-code";
const INCLUDE: &str = "gitlab-include-unpinned";
const IMAGE: &str = "gitlab-image-unpinned";
const SECRET: &str = "gitlab-secret-in-variables";
const DOCKER: &str = "gitlab-docker-without-tls";
const DOUBLE: &str = "gitlab-duplicate-pipelines";
const TRACE: &str = "gitlab-debug-trace";
const ARTIFACT: &str = "gitlab-artifact-holds-secrets";
const PRIVILEGED: &str = "gitlab-docker-in-docker";
const AUDIENCE: &str = "gitlab-id-token-shared";

/// Files in which programs keep credentials, as the ends of paths.
const SECRET_FILES: &[&str] = &[
    ".env",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    ".git/config",
    ".docker/config.json",
    ".kube/config",
    ".aws/credentials",
    "kubeconfig",
    "id_rsa",
    "id_ed25519",
    "terraform.tfstate",
];

/// Folders of the same kind.
const SECRET_FOLDERS: &[&str] = &[".ssh", ".aws", ".docker", ".kube", ".gnupg", ".git"];

/// Variables that whoever writes a commit, a branch or a merge request chooses.
const CHOSEN: &[&str] = &[
    "CI_COMMIT_AUTHOR",
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_DESCRIPTION",
    "CI_COMMIT_MESSAGE",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_TAG",
    "CI_COMMIT_TAG_MESSAGE",
    "CI_COMMIT_TITLE",
    "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
    "CI_MERGE_REQUEST_DESCRIPTION",
    "CI_MERGE_REQUEST_LABELS",
    "CI_MERGE_REQUEST_MILESTONE",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_MERGE_REQUEST_TITLE",
    "GITLAB_USER_NAME",
];

const SCRIPTS: &[&str] = &["before_script", "script", "after_script"];

pub(super) fn look(root: &Node<'_>, text: &str, remarks: &mut Vec<Remark>) {
    let chosen = renamed(root);
    for script in scripts(root) {
        remarks.extend(script::look(script.node, text, script.shell));
        let source = script.node.text().unwrap_or_default();
        for mention in script::mentions(source, script.shell, &|name| chosen.iter().any(|known| known == name)) {
            let at = fence::place_in(script.node, text, mention.range);
            let message = if mention.is_code {
                format!("the text of `${}` is taken for code, and others choose it", mention.name)
            } else {
                format!("`${}` without quotes becomes several words, and others choose it", mention.name)
            };
            let severity = if mention.is_code { Severity::High } else { Severity::Low };
            remarks.push(
                Remark::new(INJECTION, at, message)
                    .known_by(&script.owner)
                    .known_by(mention.name)
                    .severity(severity)
                    .strict_if(!mention.is_code),
            );
        }
    }
    if let Some(includes) = member(root, "include") {
        look_at_includes(&includes.node, remarks);
    }
    let jobs = root.members().iter().filter(|job| job.node.is_map());
    for job in jobs {
        look_at_images(&job.node, &job.name, remarks);
        look_at_rules(job, remarks);
        look_at_artifacts(job, remarks);
        look_at_tokens(job, remarks);
        if let Some(variables) = job.node.get("variables").filter(|_| job.name != "variables") {
            look_at_variables(variables, &job.name, remarks);
        }
    }
    look_at_images(root, "", remarks);
    if let Some(variables) = root.get("variables") {
        look_at_variables(variables, "", remarks);
    }
}

/// Whether it is a variable of GitLab that others choose.
fn is_chosen(name: &str) -> bool {
    CHOSEN.contains(&name)
}

/// Names of variables that hold what others choose: those of GitLab, and those that are set to them.
fn renamed(root: &Node<'_>) -> Vec<String> {
    let of_jobs = root.members().iter().filter_map(|job| job.node.get("variables"));
    let mut variables = Vec::new();
    for variable in root.get("variables").into_iter().chain(of_jobs).flat_map(Node::members) {
        let value = variable.node.get("value").unwrap_or(&variable.node);
        variables.push((variable.name.as_ref(), value.text().unwrap_or_default()));
    }
    chosen_in(&variables)
}

/// The same of these variables. One that is set to another one of them is one, too.
fn chosen_in(variables: &[(&str, &str)]) -> Vec<String> {
    const MAX_ROUNDS: usize = 4;
    let mut names: Vec<String> = CHOSEN.iter().map(|name| (*name).to_owned()).collect();
    for _ in 0..MAX_ROUNDS {
        let n_before = names.len();
        for &(name, value) in variables {
            let is_set = script::variables(value).iter().any(|used| names.iter().any(|known| known == used));
            if is_set && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        if names.len() == n_before {
            break;
        }
    }
    names
}

/// All scripts of jobs and of the defaults.
fn scripts<'d>(root: &'d Node<'d>) -> Vec<Script<'d>> {
    fn collect<'d>(node: &'d Node<'d>, owner: &str, into: &mut Vec<Script<'d>>) {
        if node.text().is_some() {
            into.push(Script { node, shell: "bash", owner: owner.to_owned() });
        }
        node.items().iter().for_each(|item| collect(item, owner, into));
    }
    let mut found = Vec::new();
    let jobs = root.members().iter().filter(|job| job.node.is_map()).map(|job| (job.name.as_ref(), &job.node));
    for (owner, node) in jobs.chain([("", root)]) {
        SCRIPTS.iter().filter_map(|key| node.get(key)).for_each(|script| collect(script, owner, &mut found));
    }
    found
}

/// What is taken from other projects and servers, and may change there.
fn look_at_includes(includes: &Node<'_>, remarks: &mut Vec<Remark>) {
    let one = includes.is_map() || includes.text().is_some();
    let list: Vec<&Node<'_>> = if one { vec![includes] } else { includes.items().iter().collect() };
    for include in list {
        let found = |member: &Member<'_>, message: String, severity| {
            let name = member.node.text().unwrap_or_default();
            Remark::new(INCLUDE, place(member), message).known_by(name).severity(severity)
        };
        if let Some(remote) = member(include, "remote").filter(|_| include.get("integrity").is_none()) {
            remarks.push(found(remote, "whoever controls the address decides what this pipeline runs".to_owned(), Severity::High));
        }
        if let Some(address) = include.text().filter(|address| address.starts_with("http")) {
            let message = "whoever controls the address decides what this pipeline runs";
            remarks.push(Remark::new(INCLUDE, include.range, message).known_by(address).severity(Severity::High));
        }
        if let Some(project) = member(include, "project") {
            let reference = include.text_of("ref").unwrap_or_default();
            if !uses::is_commit(reference) && uses::version(reference).is_none_or(|_| !reference.contains('.')) {
                let what = if reference.is_empty() { "the default branch".to_owned() } else { format!("`{reference}`") };
                remarks.push(found(project, format!("{what} of the project may say something else tomorrow"), Severity::Medium));
            }
        }
        if let Some(component) = member(include, "component") {
            let version = component.node.text().and_then(|text| text.rsplit_once('@')).map_or("", |(_, version)| version);
            let is_fixed =
                uses::is_commit(version) || version.matches('.').count() == 2 && uses::version(version).is_some() || version.contains('$');
            if !is_fixed {
                remarks.push(found(
                    component,
                    format!("the version `{version}` of the component may be another one tomorrow"),
                    Severity::Medium,
                ));
            }
        }
    }
}

fn look_at_images(node: &Node<'_>, owner: &str, remarks: &mut Vec<Remark>) {
    let images = node.get("image").into_iter().chain(node.get("services").map(Node::items).unwrap_or_default());
    for image in images {
        let named = if image.is_map() { image.get("name") } else { Some(image) };
        let Some((name, at)) = named.and_then(|named| Some((named.text()?, named.range))) else { continue };
        remarks.extend(image_problem(IMAGE, name, at, owner));
    }
    for service in node.get("services").map(Node::items).unwrap_or_default() {
        let name = service.text().or(service.text_of("name")).unwrap_or_default();
        let tag = name.rsplit_once(':').map_or("", |(_, tag)| tag);
        if name.contains("docker") && (tag == "dind" || tag.ends_with("-dind")) {
            let message = "a daemon of Docker in a container needs a privileged runner: what the job runs can leave it";
            remarks.push(Remark::new(PRIVILEGED, service.range, message).known_by(owner));
        }
    }
}

/// Files with credentials that everybody who sees the pipeline can download.
fn look_at_artifacts(job: &Member<'_>, remarks: &mut Vec<Remark>) {
    let Some(artifacts) = job.node.get("artifacts") else { return };
    let is_private = artifacts.get("public").is_some_and(|public| matches!(public.value, Value::Boolean(false)))
        || artifacts.text_of("access").is_some_and(|access| matches!(access, "none" | "maintainer"));
    for path in artifacts.get("paths").map(Node::items).unwrap_or_default().iter().filter(|_| !is_private) {
        let Some(text) = path.text() else { continue };
        let plain = text.trim_end_matches(['*', '/']).trim_start_matches("./");
        let is_file = SECRET_FILES.iter().any(|known| plain == *known || plain.ends_with(&format!("/{known}")));
        let is_folder = SECRET_FOLDERS.iter().any(|known| plain == *known || plain.ends_with(&format!("/{known}")));
        let is_all = matches!(text, "." | "./" | "*" | "**" | "**/*" | "$CI_PROJECT_DIR");
        if is_file || is_folder || is_all {
            let message = match is_all {
                true => "all of the folder becomes an artifact, `.git/config` and what tools left there included".to_owned(),
                false => format!("`{text}` holds credentials, and everybody who sees the pipeline can download it"),
            };
            let confidence = if is_all { Confidence::Low } else { Confidence::Medium };
            remarks.push(
                Remark::new(ARTIFACT, path.range, message).known_by(&job.name).known_by(text).confidence(confidence).strict_if(is_all),
            );
        }
    }
}

/// Tokens of a run that several services accept: one of them can use it at the others.
fn look_at_tokens(job: &Member<'_>, remarks: &mut Vec<Remark>) {
    for token in job.node.get("id_tokens").map(Node::members).unwrap_or_default() {
        let Some(audience) = member(&token.node, "aud") else { continue };
        let n_services = audience.node.items().len();
        if 1 < n_services {
            let message = format!("{n_services} services accept the token `{}`: each of them can use it at the others", token.name);
            remarks.push(Remark::new(AUDIENCE, place(audience), message).known_by(&job.name).known_by(&token.name));
        }
    }
}

fn look_at_variables(variables: &Node<'_>, owner: &str, remarks: &mut Vec<Remark>) {
    written_secret(SECRET, variables, owner, remarks);
    for name in ["CI_DEBUG_TRACE", "CI_DEBUG_SERVICES"] {
        let Some(switch) = member(variables, name) else { continue };
        let value = switch.node.get("value").unwrap_or(&switch.node);
        if value.scalar() == Some("true") || matches!(value.value, Value::Boolean(true)) {
            let message = format!("`{name}` prints all variables into the log, secrets included");
            remarks.push(Remark::new(TRACE, place(switch), message).known_by(owner).known_by(name));
        }
    }
    let without_tls = member(variables, "DOCKER_TLS_CERTDIR").filter(|folder| folder.node.text().is_none_or(str::is_empty));
    if let Some(folder) = without_tls {
        let message = "the Docker service takes commands from whoever reaches its port, and it is privileged";
        remarks.push(Remark::new(DOCKER, place(folder), message).known_by(owner).confidence(Confidence::Medium));
    }
}

/// Rules that start one pipeline for the branch and another for its merge request.
fn look_at_rules(job: &Member<'_>, remarks: &mut Vec<Remark>) {
    let Some(rules) = member(&job.node, "rules") else { return };
    let conditions: Vec<&str> =
        rules.node.items().iter().filter(|rule| rule.text_of("when") != Some("never")).filter_map(|rule| rule.text_of("if")).collect();
    let has = |source: &str| conditions.iter().any(|condition| condition.starts_with(&format!("$CI_PIPELINE_SOURCE == \"{source}\"")));
    if has("push") && has("merge_request_event") {
        let message = "a push to the branch of a merge request starts this job twice";
        remarks.push(Remark::new(DOUBLE, place(rules), message).known_by(&job.name));
    }
}
