//! GitLab CI.

use bartizan_core::{Confidence, Severity};
use bartizan_source::document::{Member, Node};

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
        if let Some(variables) = job.node.get("variables").filter(|_| job.name != "variables") {
            look_at_variables(variables, &job.name, remarks);
        }
    }
    look_at_images(root, "", remarks);
    if let Some(variables) = root.get("variables") {
        look_at_variables(variables, "", remarks);
    }
}

/// Names of variables that hold what others choose: those of GitLab, and those that are set to them.
fn renamed(root: &Node<'_>) -> Vec<String> {
    let mut names: Vec<String> = CHOSEN.iter().map(|name| (*name).to_owned()).collect();
    let of_jobs = root.members().iter().filter_map(|job| job.node.get("variables"));
    for variables in root.get("variables").into_iter().chain(of_jobs) {
        for variable in variables.members() {
            let value = variable.node.text().unwrap_or_default();
            if script::variables(value).iter().any(|name| CHOSEN.contains(name)) {
                names.push(variable.name.to_string());
            }
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
}

fn look_at_variables(variables: &Node<'_>, owner: &str, remarks: &mut Vec<Remark>) {
    written_secret(SECRET, variables, owner, remarks);
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
