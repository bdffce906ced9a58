//! CircleCI.

use std::{collections::BTreeSet, ops::Range};

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
    let given = chosen_parameters(root);
    for script in scripts(root) {
        remarks.extend(script::look(script.node, text, script.shell));
        look_at_values(root, &script, &given, text, remarks);
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

/// `run: …` and `run: {command: …}`, wherever steps are; their owner is the command or the job that they are part of.
fn scripts<'d>(root: &'d Node<'d>) -> Vec<Script<'d>> {
    let mut found = Vec::new();
    let mut collect = |node: &'d Node<'d>, owner: &str| {
        each_map(node, &mut |map| {
            let Some(run) = map.get("run") else { return };
            let command = if run.is_map() { run.get("command") } else { Some(run) };
            let shell = if run.text_of("shell").is_some_and(|shell| shell.contains("powershell")) { "powershell" } else { "bash" };
            let script = |node| Script { node, shell, owner: owner.to_owned() };
            found.extend(command.filter(|command| command.text().is_some()).map(script));
        });
    };
    for section in root.members() {
        match section.name.as_ref() {
            "commands" | "jobs" => section.node.members().iter().for_each(|member| collect(&member.node, &member.name)),
            _ => collect(&section.node, ""),
        }
    }
    found
}

/// Parameters of commands and jobs that a caller in this file sets to what others choose: the command or job, and the parameter.
fn chosen_parameters(root: &Node<'_>) -> BTreeSet<(String, String)> {
    /// How far what is given is handed on.
    const MAX_ROUNDS: usize = 4;
    let sections = ["commands", "jobs"].iter().filter_map(|section| root.get(section));
    let callees: BTreeSet<&str> = sections.clone().flat_map(Node::members).map(|member| member.name.as_ref()).collect();
    let mut chosen: BTreeSet<(String, String)> = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let n_before = chosen.len();
        let callers = sections.clone().flat_map(Node::members).map(|member| (member.name.as_ref(), &member.node));
        let workflows = root.get("workflows").map(|workflows| ("", workflows));
        for (caller, node) in callers.chain(workflows) {
            each_map(node, &mut |map| {
                for call in map.members().iter().filter(|call| callees.contains(call.name.as_ref())) {
                    for given in call.node.members() {
                        let is_chosen = values(given.node.text().unwrap_or_default()).any(|(_, name)| is_chosen(name, caller, &chosen));
                        if is_chosen {
                            chosen.insert((call.name.to_string(), given.name.to_string()));
                        }
                    }
                }
            });
        }
        if chosen.len() == n_before {
            break;
        }
    }
    chosen
}

/// Whether others choose a value in a command or job.
fn is_chosen(name: &str, owner: &str, given: &BTreeSet<(String, String)>) -> bool {
    let is_given = |parameter: &str| given.contains(&(owner.to_owned(), parameter.to_owned()));
    CHOSEN_VALUES.iter().any(|known| name.starts_with(known)) || name.strip_prefix("parameters.").is_some_and(is_given)
}

/// The values `<< … >>` in a text, and where they are.
fn values(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find("<<")?;
            at = start + 2;
            let (inner, _) = text.get(at..)?.split_once(">>")?;
            let name = inner.trim();
            // `<<EOF` begins a text of a shell.
            if !name.is_empty() && !name.contains(char::is_whitespace) && name.contains('.') {
                return Some((start..at + inner.len() + 2, name));
            }
        }
    })
}

/// `<< … >>` is replaced by its text before the shell sees the script.
fn look_at_values(root: &Node<'_>, script: &Script<'_>, given: &BTreeSet<(String, String)>, text: &str, remarks: &mut Vec<Remark>) {
    for (range, name) in values(script.node.text().unwrap_or_default()) {
        let place: ByteRange = fence::place_in(script.node, text, range);
        let mut found = |severity, confidence, is_strict, why: &str| {
            let message = format!("`<< {name} >>` becomes part of the script: {why}");
            remarks
                .push(Remark::new(INJECTION, place, message).known_by(name).severity(severity).confidence(confidence).strict_if(is_strict));
        };
        if is_chosen(name, &script.owner, given) {
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
