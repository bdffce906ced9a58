//! Playbooks and task files of Ansible.
//!
//! Every task is a resource, `ansible_task`; a task of a module that makes something in a cloud is that thing, too, in the type
//! and with the attributes that Terraform has for it. Expressions are not evaluated: they are unknown, unless all that they say
//! is the name of a variable that is set beside them.

mod check;
mod cloud;
mod modules;
mod task;

use crate::{
    Format, Graph, Resource, ResourceId, ResourceKind, ScopeId, Value,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
};

pub(crate) use check::CHECKS;

/// Documents are recognized by the reader of data; this one makes resources of them.
pub(crate) const READER: FormatReader = FormatReader { name: "ansible", example: "playbook.yml", files: None, assemble: Some(assemble) };

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    for (number, file) in project.numbered() {
        let path = file.path.as_str().unwrap_or_default();
        let scope = ScopeId(graph.next_id().0);
        for document in &file.documents {
            let Document::Data(DataKind::Ansible, value) = document else { continue };
            for task in task::all(&value.in_file(number)) {
                add(&task, path, scope, graph);
            }
        }
    }
}

fn add(task: &task::Task, path: &str, scope: ScopeId, graph: &mut Graph) {
    let name = task.name.as_deref().unwrap_or(task.module.as_str());
    let resource = |canonical_type: &str, body: Value| Resource {
        id: ResourceId(0),
        format: Format::Ansible,
        kind: ResourceKind::Managed,
        native_type: task.module.as_str().into(),
        canonical_type: canonical_type.into(),
        name: name.into(),
        address: format!("{path}: {name}").into(),
        block_address: name.into(),
        scope,
        header: task.header,
        block: task.block,
        body,
        calls: Vec::new(),
    };
    graph.add(resource(task.kind, task.body()));
    for (canonical_type, body) in cloud::resources(task) {
        graph.add(resource(canonical_type, body));
    }
}

#[cfg(test)]
mod tests;
