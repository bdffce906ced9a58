//! CircleCI.

use bartizan_core::{ByteRange, Confidence, Severity};
use bartizan_source::document::Node;

use super::{Script, each_map, image_problem, script, written_secret};
use crate::workflow::{
    definition::{member, place},
    fence,
    remark::Remark,
};

const INJECTION: &str = "circleci-expression-in-script";
const VARIABLE: &str = "circleci-variable-taken-for-code";
const ORB: &str = "circleci-orb-unpinned";
const IMAGE: &str = "circleci-image-unpinned";
const SECRET: &str = "circleci-secret-in-environment";

/// Values that whoever pushes or opens a pull request chooses.
const CHOSEN_VALUES: &[&str] =
    &["pipeline.git.branch", "pipeline.git.tag", "pipeline.git.commit.subject", "pipeline.git.commit.body", "pipeline.trigger_parameters"];

/// Variables of the same kind.
const CHOSEN_VARIABLES: &[&str] = &["CIRCLE_BRANCH", "CIRCLE_TAG", "CIRCLE_PR_USERNAME", "CIRCLE_PR_REPONAME", "CIRCLE_USERNAME"];

pub(super) fn look(root: &Node<'_>, text: &str, remarks: &mut Vec<Remark>) {
    for script in scripts(root) {
        remarks.extend(script::look(script.node, text, script.shell));
        look_at_values(root, &script, text, remarks);
        let source = script.node.text().unwrap_or_default();
        for mention in script::mentions(source, script.shell, &|name| CHOSEN_VARIABLES.contains(&name)) {
            let at = fence::place_in(script.node, text, mention.range);
            let message = if mention.is_code {
                format!("the text of `${}` is taken for code, and others choose it", mention.name)
            } else {
                format!("`${}` without quotes becomes several words, and others choose it", mention.name)
            };
            let severity = if mention.is_code { Severity::High } else { Severity::Low };
            remarks.push(Remark::new(VARIABLE, at, message).known_by(mention.name).severity(severity).strict_if(!mention.is_code));
        }
    }
    for orb in root.get("orbs").map(Node::members).unwrap_or_default() {
        let Some((_, version)) = orb.node.text().and_then(|orb| orb.rsplit_once('@')) else { continue };
        if version.matches('.').count() != 2 {
            let message = format!("`{version}` may be other code tomorrow: name a full version");
            let is_open = version.starts_with("dev:") || version == "volatile";
            let severity = if is_open { Severity::High } else { Severity::Medium };
            remarks.push(Remark::new(ORB, place(orb), message).known_by(&orb.name).severity(severity));
        }
    }
    each_map(root, &mut |map| {
        for container in map.get("docker").map(Node::items).unwrap_or_default() {
            let Some(image) = member(container, "image") else { continue };
            remarks.extend(image.node.text().and_then(|name| image_problem(IMAGE, name, place(image), "")));
        }
        if let Some(environment) = map.get("environment") {
            written_secret(SECRET, environment, "", remarks);
        }
    });
}

/// `run: …` and `run: {command: …}`, wherever steps are.
fn scripts<'d>(root: &'d Node<'d>) -> Vec<Script<'d>> {
    let mut found = Vec::new();
    each_map(root, &mut |map| {
        let Some(run) = map.get("run") else { return };
        let command = if run.is_map() { run.get("command") } else { Some(run) };
        let shell = if run.text_of("shell").is_some_and(|shell| shell.contains("powershell")) { "powershell" } else { "bash" };
        found.extend(command.filter(|command| command.text().is_some()).map(|node| Script { node, shell, owner: String::new() }));
    });
    found
}

/// `<< … >>` is replaced by its text before the shell sees the script.
fn look_at_values(root: &Node<'_>, script: &Script<'_>, text: &str, remarks: &mut Vec<Remark>) {
    let source = script.node.text().unwrap_or_default();
    let mut at = 0;
    while let Some(start) = source.get(at..).and_then(|rest| rest.find("<<")).map(|offset| at + offset) {
        at = start + 2;
        let Some((inner, _)) = source.get(at..).and_then(|rest| rest.split_once(">>")) else { return };
        let name = inner.trim();
        // `<<EOF` begins a text of a shell.
        if name.is_empty() || name.contains(char::is_whitespace) || !name.contains('.') {
            continue;
        }
        let place: ByteRange = fence::place_in(script.node, text, start..at + inner.len() + 2);
        let mut found = |severity, confidence, is_strict, why: &str| {
            let message = format!("`<< {name} >>` becomes part of the script: {why}");
            remarks
                .push(Remark::new(INJECTION, place, message).known_by(name).severity(severity).confidence(confidence).strict_if(is_strict));
        };
        if CHOSEN_VALUES.iter().any(|known| name.starts_with(known)) {
            found(Severity::High, Confidence::High, false, "whoever pushes chooses it, and can run commands with it");
        } else if let Some(parameter) = name.strip_prefix("pipeline.parameters.") {
            if root.at(&["parameters", parameter]).and_then(|parameter| parameter.text_of("type")) == Some("string") {
                found(Severity::Medium, Confidence::Medium, false, "whoever starts the pipeline chooses it");
            }
        } else if name.starts_with("parameters.") {
            found(Severity::Low, Confidence::Low, true, "what the caller gives is taken for code");
        }
    }
}
