//! The documents of a project as queries see them: JSON, and the way back to lines.

use bartizan_source::document::{JsonDialect, Node, parse_json, parse_yaml_stream};
use serde_json::{Map, Value as Json};

use super::{data, filter_pattern, ini, platform::Platform, search_key::Lines};
use crate::{
    dockerfile,
    format::Document as Noted,
    project::{Project, ProjectFile},
    terraform,
};

/// The largest file of data that is read for queries, in bytes.
const MAX_FILE_BYTES: usize = 4 << 20;

/// A document of a file.
pub(super) struct Document<'p> {
    /// The number of its file in the project.
    pub(super) file: u32,
    /// What it says, without `id` and `file`.
    pub(super) json: Map<String, Json>,
    /// What it is written in.
    pub(super) form: Form<'p>,
}

/// What a document is written in.
pub(super) enum Form<'p> {
    Terraform(&'p terraform::Source),
    Yaml(Node<'p>),
    Json(Node<'p>),
    Dockerfile,
    /// An inventory of Ansible.
    Inventory,
    /// Settings of Ansible.
    Settings,
}

/// Which platforms have documents in files of this name, of those that are recognized by the name alone.
pub(super) fn sources_of(path: &str) -> Option<fn(Platform) -> bool> {
    match path.rsplit_once('.')?.1 {
        "yaml" | "yml" | "json" => Some(Platform::reads_data),
        "ini" | "cfg" => Some(Platform::reads_settings),
        _ => None,
    }
}

/// All documents that queries of these platforms may be about.
pub(super) fn all<'p>(project: &'p Project<'p>, platforms: &[Platform]) -> Vec<Document<'p>> {
    let mut documents = Vec::new();
    if platforms.iter().any(|platform| platform.reads_terraform()) {
        terraform::each_written(project, &mut |file, source, mut json| {
            json.values_mut().for_each(take_patterns_apart);
            documents.push(Document { file, json, form: Form::Terraform(source) });
        });
    }
    let reads_data = platforms.iter().any(|platform| platform.reads_data());
    let reads_dockerfiles = platforms.iter().any(|platform| platform.reads_dockerfiles());
    for (number, file) in project.numbered() {
        if reads_dockerfiles && file.documents.iter().any(|noted| matches!(noted, Noted::Dockerfile(_))) {
            documents.push(Document { file: number, json: dockerfile::written_as_json(file.text), form: Form::Dockerfile });
        }
        if reads_data && file.text.len() <= MAX_FILE_BYTES {
            documents_of_data(number, file, &mut documents);
        }
    }
    documents.retain(|document| !document.json.is_empty());
    documents.sort_by_key(|document| document.file);
    documents
}

/// Takes filter patterns of CloudWatch apart, wherever they stand.
fn take_patterns_apart(json: &mut Json) {
    match json {
        Json::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Json::String(text) if name == "pattern" => *value = filter_pattern::read(text),
                    other => take_patterns_apart(other),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(take_patterns_apart),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn documents_of_data<'p>(number: u32, file: &'p ProjectFile<'p>, into: &mut Vec<Document<'p>>) {
    let ending = file.path.as_str().and_then(|path| path.rsplit_once('.')).map_or("", |(_, ending)| ending);
    match ending {
        "yaml" | "yml" => {
            let stream = parse_yaml_stream(file.text);
            let n_whole =
                stream.roots.len() - usize::from(stream.problems.iter().any(|problem| problem.is_cut) && !stream.roots.is_empty());
            for root in stream.roots.into_iter().take(n_whole) {
                let Some(json) = data::of_yaml(&root) else { continue };
                into.push(Document { file: number, json, form: Form::Yaml(root) });
            }
        }
        "ini" => into.push(Document { file: number, json: ini::inventory(file.text), form: Form::Inventory }),
        "cfg" => into.push(Document { file: number, json: ini::settings(file.text), form: Form::Settings }),
        "json" if !file.path.as_str().is_some_and(|path| path.ends_with(".tf.json")) => {
            let Some(root) = parse_json(file.text, JsonDialect::Strict).root else { return };
            for json in data::of_json(&root) {
                into.push(Document { file: number, json, form: Form::Json(root.clone()) });
            }
        }
        _ => {}
    }
}

impl<'p> Document<'p> {
    /// The lines of its file, as search keys go through them.
    pub(super) fn lines(&self, text: &'p str) -> Lines<'p> {
        match self.form {
            Form::Yaml(_) => Lines::of_yaml(text),
            Form::Dockerfile => Lines::of_dockerfile(text),
            Form::Terraform(_) | Form::Json(_) | Form::Inventory | Form::Settings => Lines::of(text),
        }
    }

    /// The offset of what a path of names and numbers leads to; nothing if there is no such thing.
    pub(super) fn offset_of(&self, path: &[&str]) -> Option<usize> {
        match &self.form {
            Form::Terraform(source) => terraform::offset_of(source, path).map(|offset| offset as usize),
            Form::Yaml(root) | Form::Json(root) => {
                // A list at the top has a name that nobody wrote.
                let path = if root.is_map() { path } else { path.strip_prefix(&["playbooks"])? };
                offset_in(root, path)
            }
            Form::Dockerfile | Form::Inventory | Form::Settings => None,
        }
    }
}

fn offset_in(node: &Node<'_>, path: &[&str]) -> Option<usize> {
    let node = data::untagged(node);
    let (name, rest) = path.split_first()?;
    if let Some(member) = node.members().iter().rev().find(|member| member.name == *name) {
        return if rest.is_empty() { Some(member.name_range.start()) } else { offset_in(&member.node, rest) };
    }
    let item = node.items().get(name.parse::<usize>().ok()?)?;
    if rest.is_empty() { Some(item.range.start()) } else { offset_in(item, rest) }
}
