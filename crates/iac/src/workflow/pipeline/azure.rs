//! Azure Pipelines: a file by itself; what templates are given is in [`across`].

pub(in crate::workflow) mod across;

use bartizan_core::{Confidence, Severity};
use bartizan_source::document::Node;

use super::{Script, each_map, image_problem, script, written_secret};
use crate::workflow::{
    definition::{member, place},
    fence,
    remark::Remark,
};

const MACRO: &str = "azure-macro-in-script";
const IMAGE: &str = "azure-pipeline-image-unpinned";
const SECRET: &str = "azure-secret-in-variables";
const TEMPLATE: &str = "azure-template-unpinned";

/// Variables that whoever pushes or opens a pull request chooses, in lower case.
const CHOSEN: &[&str] = &[
    "build.sourcebranch",
    "build.sourcebranchname",
    "build.sourceversionauthor",
    "build.sourceversionmessage",
    "build.requestedfor",
    "system.pullrequest.sourcebranch",
    "system.pullrequest.sourcebranchname",
    "system.pullrequest.title",
];

pub(super) fn look(root: &Node<'_>, text: &str, remarks: &mut Vec<Remark>) {
    for script in scripts(root) {
        remarks.extend(script::look(script.node, text, script.shell));
        look_at_macros(&script, text, remarks);
        look_at_parameters(root, &script, text, remarks);
    }
    each_map(root, &mut |map| {
        let is_job = map.get("job").or(map.get("deployment")).or(map.get("steps")).is_some();
        if let Some(container) = member(map, "container").filter(|_| is_job) {
            let image = if container.node.is_map() { member(&container.node, "image") } else { Some(container) };
            remarks.extend(
                image.and_then(|image| image_problem(IMAGE, image.node.text()?, place(image), map.text_of("job").unwrap_or_default())),
            );
        }
        if let Some(variables) = map.get("variables") {
            written_secret(SECRET, variables, "", remarks);
        }
    });
    for container in root.at(&["resources", "containers"]).map(Node::items).unwrap_or_default() {
        let Some(image) = member(container, "image") else { continue };
        remarks.extend(image.node.text().and_then(|name| image_problem(IMAGE, name, place(image), "")));
    }
    for repository in root.at(&["resources", "repositories"]).map(Node::items).unwrap_or_default() {
        look_at_repository(repository, remarks);
    }
}

/// Templates of another repository are code of this pipeline.
fn look_at_repository(repository: &Node<'_>, remarks: &mut Vec<Remark>) {
    let Some(name) = member(repository, "name") else { return };
    let reference = repository.text_of("ref").unwrap_or_default();
    if repository.text_of("type") == Some("github") && !reference.starts_with("refs/tags/") {
        let message = "whoever may push to that branch decides what templates of it run here";
        remarks.push(Remark::new(TEMPLATE, place(name), message).known_by(name.node.text().unwrap_or_default()));
    }
}

fn scripts<'d>(root: &'d Node<'d>) -> Vec<Script<'d>> {
    const STEPS: &[(&str, &str)] = &[("script", "bash"), ("bash", "bash"), ("pwsh", "pwsh"), ("powershell", "powershell")];
    let mut found = Vec::new();
    each_map(root, &mut |map| {
        let mut add = |node: Option<&'d Node<'d>>, shell| {
            found.extend(node.filter(|node| node.text().is_some()).map(|node| Script { node, shell, owner: String::new() }));
        };
        STEPS.iter().for_each(|(key, shell)| add(map.get(key), shell));
        if let (Some(task), Some(inputs)) = (map.text_of("task"), map.get("inputs")) {
            let shell = if task.starts_with("PowerShell") || task.starts_with("AzurePowerShell") { "powershell" } else { "bash" };
            ["inlineScript", "Inline"].iter().for_each(|key| add(inputs.get(key), shell));
        }
    });
    // An input `script` is one of a task, and was met by its own map.
    found
}

/// `$(…)` is replaced by its text before the shell sees the script.
fn look_at_macros(script: &Script<'_>, text: &str, remarks: &mut Vec<Remark>) {
    let source = script.node.text().unwrap_or_default();
    for (start, _) in source.match_indices("$(") {
        let Some((name, _)) = source.get(start + 2..).and_then(|rest| rest.split_once(')')) else { continue };
        if CHOSEN.iter().any(|known| name.trim().eq_ignore_ascii_case(known)) {
            let at = fence::place_in(script.node, text, start..start + name.len() + 3);
            let message = format!("`$({name})` becomes part of the script: whoever pushes chooses it, and can run commands with it");
            remarks.push(Remark::new(MACRO, at, message).known_by(name));
        }
    }
}

/// `${{ parameters.… }}` of a text that is not chosen from a list.
fn look_at_parameters(root: &Node<'_>, script: &Script<'_>, text: &str, remarks: &mut Vec<Remark>) {
    for fenced in fence::of_node(script.node, text) {
        let Ok(expression) = fenced.expression() else { continue };
        for context in expression.flowing_contexts() {
            let Some(path) = context.path() else { continue };
            if path.strip_prefix("variables.").is_some_and(|name| CHOSEN.contains(&name)) {
                let message = format!("`{}` becomes part of the script: whoever pushes chooses it", fenced.text_of(context));
                remarks.push(Remark::new(MACRO, fenced.place_of(context), message).known_by(&path));
                continue;
            }
            let Some(name) = path.strip_prefix("parameters.") else { continue };
            let declared = root.get("parameters").map(Node::items).unwrap_or_default().iter();
            let is_free = declared.filter(|parameter| parameter.text_of("name").is_some_and(|known| known.eq_ignore_ascii_case(name)));
            let mut is_free =
                is_free.filter(|parameter| parameter.get("values").is_none() && parameter.text_of("type").unwrap_or("string") == "string");
            if is_free.next().is_some() {
                let message = format!("`{}` becomes part of the script: whoever starts the pipeline chooses it", fenced.text_of(context));
                remarks.push(
                    Remark::new(MACRO, fenced.place_of(context), message)
                        .known_by(&path)
                        .severity(Severity::Medium)
                        .confidence(Confidence::Medium),
                );
            }
        }
    }
}
